//! Writes small ONNX files, without weights: just what a test says.

/// A protobuf message under construction.
#[derive(Default)]
pub struct Message(pub Vec<u8>);

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value > 127 {
            self.0.push(value as u8 | 128);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn int(mut self, field: u64, value: i64) -> Self {
        self.varint(field << 3);
        self.varint(value as u64);
        self
    }

    fn bytes(mut self, field: u64, bytes: &[u8]) -> Self {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    fn text(self, field: u64, text: &str) -> Self {
        self.bytes(field, text.as_bytes())
    }

    fn float(mut self, field: u64, value: f32) -> Self {
        self.varint(field << 3 | 5);
        self.0.extend(value.to_le_bytes());
        self
    }
}

/// An attribute's value.
pub enum Value<'a> {
    Int(i64),
    Ints(&'a [i64]),
    Float(f32),
    Floats(&'a [f32]),
    Text(&'a str),
    /// A tensor of whole numbers.
    Tensor(&'a [i64]),
}

/// A file under construction.
#[derive(Default)]
pub struct File(Message);

fn tensor(name: &str, dims: &[i64], kind: i64) -> Message {
    let message = dims.iter().fold(Message::default(), |message, &dim| message.int(1, dim));
    message.int(2, kind).text(8, name)
}

fn longs(values: &[i64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn value_info(name: &str, dims: &[i64]) -> Message {
    let shape = dims.iter().fold(Message::default(), |shape, &dim| shape.bytes(1, &Message::default().int(1, dim).0));
    let kind = Message::default().int(1, 1).bytes(2, &shape.0);
    Message::default().text(1, name).bytes(2, &Message::default().bytes(1, &kind.0).0)
}

impl File {
    /// A file with one input.
    pub fn of(input: &[i64]) -> Self {
        Self::default().input("x", input)
    }

    pub fn input(self, name: &str, dims: &[i64]) -> Self {
        Self(self.0.bytes(11, &value_info(name, dims).0))
    }

    pub fn output(self, name: &str, dims: &[i64]) -> Self {
        Self(self.0.bytes(12, &value_info(name, dims).0))
    }

    pub fn value(self, name: &str, dims: &[i64]) -> Self {
        Self(self.0.bytes(13, &value_info(name, dims).0))
    }

    /// Weights: their size alone.
    pub fn weights(self, name: &str, dims: &[i64]) -> Self {
        Self(self.0.bytes(5, &tensor(name, dims, 1).0))
    }

    /// A list of whole numbers.
    pub fn ints(self, name: &str, values: &[i64]) -> Self {
        Self(self.0.bytes(5, &tensor(name, &[values.len() as i64], 7).bytes(9, &longs(values)).0))
    }

    /// A single float.
    pub fn float(self, name: &str, value: f32) -> Self {
        Self(self.0.bytes(5, &tensor(name, &[], 1).bytes(9, &value.to_le_bytes()).0))
    }

    /// A node; inputs and outputs are names with blanks between them, `_` one that is left out.
    pub fn node(self, op: &str, inputs: &str, outputs: &str, attributes: &[(&str, Value)]) -> Self {
        let name = |name: &str| if name == "_" { String::new() } else { name.to_owned() };
        let mut node = inputs.split_whitespace().fold(Message::default(), |node, input| node.text(1, &name(input)));
        node = outputs.split_whitespace().fold(node, |node, output| node.text(2, output)).text(4, op);
        for (name, value) in attributes {
            let attribute = Message::default().text(1, name);
            let attribute = match value {
                Value::Int(value) => attribute.int(3, *value).int(20, 2),
                Value::Float(value) => attribute.float(2, *value).int(20, 1),
                Value::Text(value) => attribute.text(4, value).int(20, 3),
                Value::Ints(all) => all.iter().fold(attribute, |attribute, &one| attribute.int(8, one)).int(20, 7),
                Value::Floats(all) => all.iter().fold(attribute, |attribute, &one| attribute.float(7, one)).int(20, 6),
                Value::Tensor(all) => {
                    attribute.bytes(5, &tensor("", &[all.len() as i64], 7).bytes(9, &longs(all)).0).int(20, 4)
                }
            };
            node = node.bytes(5, &attribute.0);
        }
        Self(self.0.bytes(1, &node.0))
    }

    /// The file's bytes.
    pub fn bytes(self) -> Vec<u8> {
        let opset = Message::default().text(1, "").int(2, 17);
        let name = self.0.text(2, "test");
        Message::default().int(1, 8).bytes(7, &name.0).bytes(8, &opset.0).0
    }
}
