//! Reads a model document from its tree.

use super::model::{self, InputFile, MeasuredFile, OutFile};
use super::problem::{Problem, clipped};
use super::reader::{Fields, Reader};
use super::tree::{Node, Value, decimal};
use super::{LayerFile, ModelFile, OneOrTwo, Padding};

/// A model document as far as it could be read.
pub(super) struct Draft {
    pub file: ModelFile,
    /// By layer: whether a field of it could not be read, so that the layer cannot be built.
    pub broken: Vec<bool>,
    /// Whether it has an input that can be used, and a list of layers.
    pub has_all: bool,
}

impl Reader<'_> {
    /// The model at a pointer; its layers are not put together yet.
    pub(super) fn model(&mut self, node: &Node, pointer: &str) -> Draft {
        const FIELDS: Fields = Fields { known: &["format", "name", "input", "layers"], needed: &["input", "layers"] };
        let input = InputFile { channels: 0, height: 0, width: 0 };
        let mut file = ModelFile { format: model::FORMAT.to_owned(), name: String::new(), input, layers: Vec::new() };
        let (mut broken, mut has_input, mut has_layers) = (Vec::new(), false, false);
        self.object(
            node,
            pointer,
            "a model document, an object,",
            FIELDS,
            &mut |reader, field, value, at| match field {
                "name" => file.name = reader.text(value, at).unwrap_or_default(),
                "input" => {
                    let told = reader.told();
                    file.input = reader.input(value, at);
                    has_input = reader.told() == told;
                }
                "layers" => {
                    has_layers = matches!(value.value, Value::List(_));
                    (file.layers, broken) = reader.layers(value, at);
                }
                _ => {}
            },
        );
        if matches!(node.value, Value::Object(_)) {
            self.format(node, pointer, model::FORMAT);
        }
        Draft { file, broken, has_all: has_input && has_layers }
    }

    fn input(&mut self, node: &Node, pointer: &str) -> InputFile {
        const SIZES: &[&str] = &["channels", "height", "width"];
        let mut input = InputFile { channels: 1, height: 1, width: 1 };
        let fields = Fields { known: SIZES, needed: SIZES };
        let expected = "an object with channels, height and width";
        self.object(node, pointer, expected, fields, &mut |reader, field, value, at| {
            let size = reader.whole(value, at, "a whole number").unwrap_or(1);
            match field {
                "channels" => input.channels = size,
                "height" => input.height = size,
                _ => input.width = size,
            }
        });
        input
    }

    fn layers(&mut self, node: &Node, pointer: &str) -> (Vec<LayerFile>, Vec<bool>) {
        if !matches!(node.value, Value::List(_)) {
            self.wrong_type(node, pointer, "a list of layers");
        }
        let items = node.items().iter().enumerate().take(crate::network::MAX_LAYERS + 1);
        items.map(|(index, item)| self.layer(item, &format!("{pointer}/{index}"))).unzip()
    }

    fn layer(&mut self, node: &Node, pointer: &str) -> (LayerFile, bool) {
        let before = self.told();
        let known: Vec<&str> = LayerFile::fields().collect();
        let fields = Fields { known: &known, needed: &["name", "op"] };
        let mut layer = LayerFile::default();
        self.object(node, pointer, "a layer, an object,", fields, &mut |reader, field, value, at| {
            reader.layer_field(field, value, at, &mut layer);
        });
        (layer, self.told() > before)
    }

    /// Where a field cannot be read, something stands in for it: the layer is broken, but the field is there.
    fn layer_field(&mut self, field: &str, value: &Node, at: &str, layer: &mut LayerFile) {
        match field {
            "name" => layer.name = self.text(value, at).unwrap_or_default(),
            "op" => layer.op = self.text(value, at).unwrap_or_default(),
            "inputs" => layer.inputs = Some(self.names(value, at)),
            "out_channels" => layer.out_channels = self.count(value, at),
            "out_features" => layer.out_features = self.count(value, at),
            "kernel" => layer.kernel = self.pair(value, at),
            "stride" => layer.stride = self.pair(value, at),
            "dilation" => layer.dilation = self.pair(value, at),
            "output_padding" => layer.output_padding = self.pair(value, at),
            "factor" => layer.factor = self.pair(value, at),
            "padding" => layer.padding = Some(self.padding(value, at)),
            "groups" => layer.groups = self.count(value, at),
            "from" => layer.from = self.count(value, at),
            "to" => layer.to = self.count(value, at),
            "block" => layer.block = self.count(value, at),
            "bias" => layer.bias = Some(self.truth(value, at)),
            "ceil_mode" => layer.ceil_mode = Some(self.truth(value, at)),
            "out" => layer.out = Some(OutFile(self.sizes(value, at))),
            "fn" => layer.r#fn = Some(self.text(value, at).unwrap_or_default()),
            "flops" => layer.flops = Some(self.long(value, at)),
            "weight_bytes" => layer.weight_bytes = Some(self.long(value, at)),
            "measured_ms" => layer.measured_ms = Some(self.measured(value, at)),
            _ => {}
        }
    }

    fn names(&mut self, node: &Node, pointer: &str) -> Vec<String> {
        if let Value::Text(name) = &node.value {
            let what = "`inputs` is a text, but is a list of names";
            let mut problem = Problem::new("E010", pointer, what, "put it into brackets");
            let list = ["[", self.written(node), "]"].concat();
            problem.mend = Some(self.replaced(node, "Make it a list", &list));
            self.say(node, problem);
            return vec![name.clone()];
        }
        self.list(node, pointer, "a list of names", |reader, item, at| reader.text(item, at).unwrap_or_default())
    }

    fn count(&mut self, node: &Node, pointer: &str) -> Option<u32> {
        self.whole(node, pointer, "a whole number").or(Some(1))
    }

    fn numbers(&mut self, node: &Node, pointer: &str, expected: &str) -> Vec<u32> {
        match &node.value {
            Value::List(items) => {
                let mut all = Vec::new();
                for (index, item) in items.iter().enumerate().take(5) {
                    all.extend(self.whole(item, &format!("{pointer}/{index}"), "a whole number"));
                }
                all
            }
            _ => self.whole(node, pointer, expected).into_iter().collect(),
        }
    }

    fn pair(&mut self, node: &Node, pointer: &str) -> Option<OneOrTwo> {
        const EXPECTED: &str = "a whole number or [height, width]";
        let before = self.told();
        Some(OneOrTwo(match self.numbers(node, pointer, EXPECTED)[..] {
            [both] => [both, both],
            [height, width] => [height, width],
            _ => {
                if before == self.told() {
                    self.wrong_type(node, pointer, EXPECTED);
                }
                [1, 1]
            }
        }))
    }

    fn padding(&mut self, node: &Node, pointer: &str) -> Padding {
        const EXPECTED: &str = "a whole number, [vertical, horizontal] or [top, left, bottom, right]";
        let before = self.told();
        Padding(match self.numbers(node, pointer, EXPECTED)[..] {
            [all] => [all; 4],
            [vertical, horizontal] => [vertical, horizontal, vertical, horizontal],
            [top, left, bottom, right] => [top, left, bottom, right],
            _ => {
                if before == self.told() {
                    self.wrong_type(node, pointer, EXPECTED);
                }
                [0; 4]
            }
        })
    }

    fn sizes(&mut self, node: &Node, pointer: &str) -> Vec<u32> {
        if !matches!(node.value, Value::List(_)) {
            self.wrong_type(node, pointer, "a list of sizes");
        }
        let mut all = Vec::new();
        for (index, item) in node.items().iter().enumerate().take(5) {
            all.push(self.whole(item, &format!("{pointer}/{index}"), "a whole number").unwrap_or(1));
        }
        all
    }

    fn measured(&mut self, node: &Node, pointer: &str) -> MeasuredFile {
        const FIELDS: Fields = Fields { known: &["device", "server"], needed: &[] };
        let mut file = MeasuredFile::default();
        let expected = "an object with the times of device and server";
        self.object(node, pointer, expected, FIELDS, &mut |reader, field, value, at| {
            let time = reader.milliseconds(value, at);
            *(if field == "device" { &mut file.device } else { &mut file.server }) = time;
        });
        file
    }

    /// A time in milliseconds, to the nanosecond; `null` is none.
    fn milliseconds(&mut self, node: &Node, pointer: &str) -> Option<f64> {
        match &node.value {
            Value::Null => None,
            Value::Number => {
                let text = self.written(node);
                match decimal(text, 6) {
                    Some(ns) if ns <= 10_000_000_000_000 => Some(ns as f64 / 1e6),
                    _ => {
                        let what = format!("{} is outside 0 to 10000000 ms", clipped(text));
                        self.say(node, Problem::new("E019", pointer, what, "choose a value in that range"));
                        None
                    }
                }
            }
            _ => {
                self.wrong_type(node, pointer, "a number of milliseconds");
                None
            }
        }
    }
}
