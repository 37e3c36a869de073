//! Reads a model document from its tree: every field that is wrong is told of, and the rest is kept.

use super::model::{InputFile, MeasuredFile, OutFile};
use super::problem::{Mend, Problem, clipped, nearest};
use super::tree::{Member, Node, Tree, Value, decimal, escaped};
use super::{LayerFile, ModelFile, OneOrTwo, Padding};

/// A model document as far as it could be read.
pub(super) struct Draft {
    pub file: ModelFile,
    /// By layer: whether a field of it could not be read, so that the layer cannot be built.
    pub broken: Vec<bool>,
    pub problems: Vec<Problem>,
}

/// Fields of the whole document.
const FIELDS: &[&str] = &["format", "name", "input", "layers"];

/// Reads the model at a pointer of a tree.
pub(super) fn read(tree: &Tree, node: &Node, pointer: &str) -> Draft {
    let mut reader = Reader { tree, problems: Vec::new() };
    let (file, broken) = reader.model(node, pointer);
    Draft { file, broken, problems: reader.problems }
}

struct Reader<'a> {
    tree: &'a Tree<'a>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn say(&mut self, node: &Node, problem: Problem) {
        self.problems.push(Problem { place: Some(self.tree.place(node.start, node.end)), ..problem });
    }

    fn wrong_type(&mut self, node: &Node, pointer: &str, expected: &str) {
        let what = match &node.value {
            // What is wrong with it is said already.
            Value::Bad => return,
            Value::Text(text) => format!("the text `{}` stands where {expected} is expected", clipped(text)),
            Value::Number => format!("{} stands where {expected} is expected", clipped(self.tree.written(node))),
            _ => format!("{} stands where {expected} is expected", node.kind()),
        };
        let mut problem = Problem::new("E010", pointer, what, format!("give {expected}"));
        problem.mend = self.unquoted(node, expected);
        self.say(node, problem);
    }

    /// Numbers and `true` in quotes are meant without.
    fn unquoted(&self, node: &Node, expected: &str) -> Option<Mend> {
        let text = node.as_text()?.trim();
        let number = expected.contains("number") && !text.is_empty() && text.len() < 10;
        let number =
            number && text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
        let truth = expected.contains("true") && (text == "true" || text == "false");
        (number || truth).then(|| self.replaced(node, "Remove the quotes", text))
    }

    fn replaced(&self, node: &Node, label: &str, by: &str) -> Mend {
        let (start, end) = (node.start as usize, node.end as usize);
        Mend { label: label.to_owned(), start, end, replacement: by.to_owned() }
    }

    fn missing(&mut self, node: &Node, pointer: &str, field: &str) {
        if !self.tree.cut {
            let what = format!("missing field `{field}`");
            self.say(node, Problem::new("E012", pointer, what, "add it"));
        }
    }

    fn unknown(&mut self, member: &Member, pointer: &str, known: &mut dyn Iterator<Item = &str>) {
        let meant = nearest(&member.key, known);
        let what = format!("unknown field `{}`", clipped(&member.key));
        let at = format!("{pointer}/{}", escaped(&member.key));
        let mut problem = Problem::new("E011", at, what, "remove it or mend its name").or_rather(meant);
        let (start, end) = member.key_range;
        problem.place = Some(self.tree.place(start, end));
        problem.mend = problem.did_you_mean.as_ref().map(|name| Mend {
            label: format!("Use {name}"),
            start: start as usize,
            end: end as usize,
            replacement: format!("\"{name}\""),
        });
        self.problems.push(problem);
    }

    /// Tells of keys that stand twice in an object, and of an object that is none.
    fn is_object(&mut self, node: &Node, pointer: &str, expected: &str) -> bool {
        let Value::Object(members) = &node.value else {
            self.wrong_type(node, pointer, expected);
            return false;
        };
        for (index, member) in members.iter().enumerate().take(100) {
            if members[..index].iter().any(|earlier| earlier.key == member.key) {
                let at = format!("{pointer}/{}", escaped(&member.key));
                let what = format!("the field `{}` is given twice", clipped(&member.key));
                let mut problem = Problem::new("E007", at, what, "remove one of them");
                problem.place = Some(self.tree.place(member.key_range.0, member.key_range.1));
                self.problems.push(problem);
            }
        }
        true
    }

    fn model(&mut self, node: &Node, pointer: &str) -> (ModelFile, Vec<bool>) {
        let input = InputFile { channels: 0, height: 0, width: 0 };
        let mut file = ModelFile { format: String::new(), name: String::new(), input, layers: Vec::new() };
        let mut broken = Vec::new();
        if !self.is_object(node, pointer, "a model document, an object,") {
            return (file, broken);
        }
        for member in node.members() {
            let at = format!("{pointer}/{}", escaped(&member.key));
            let value = &member.value;
            match member.key.as_str() {
                "format" => file.format = self.text(value, &at).unwrap_or_default(),
                "name" => file.name = self.text(value, &at).unwrap_or_default(),
                "input" => file.input = self.input(value, &at),
                "layers" => (file.layers, broken) = self.layers(value, &at),
                _ => self.unknown(member, pointer, &mut FIELDS.iter().copied()),
            }
        }
        self.format(node, pointer, &file.format);
        for field in ["input", "layers"].into_iter().filter(|field| node.get(field).is_none()) {
            self.missing(node, pointer, field);
        }
        (file, broken)
    }

    fn format(&mut self, node: &Node, pointer: &str, found: &str) {
        let expected = super::model::FORMAT;
        let Some(value) = node.get("format") else {
            self.missing(node, pointer, "format");
            if let (Some(problem), false) = (self.problems.last_mut(), self.tree.cut) {
                let at = node.start as usize + 1;
                let comma = if node.members().is_empty() { "" } else { ", " };
                let replacement = format!("\"format\": \"{expected}\"{comma}");
                problem.mend = Some(Mend { label: "Add it".to_owned(), start: at, end: at, replacement });
            }
            return;
        };
        if value.as_text().is_none() || found == expected {
            return;
        }
        let error = super::error::expect_format(found, expected).err();
        let mut problem =
            Problem::said("E013", format!("{pointer}/format"), &error.map_or_else(String::new, |e| e.what));
        if nearest(found, std::iter::once(expected)).is_some() && !found.starts_with("offcut-model/") {
            problem.did_you_mean = Some(expected.to_owned());
            problem.mend = Some(self.replaced(value, &format!("Use {expected}"), &format!("\"{expected}\"")));
        }
        self.say(value, problem);
    }

    fn input(&mut self, node: &Node, pointer: &str) -> InputFile {
        let mut input = InputFile { channels: 1, height: 1, width: 1 };
        if !self.is_object(node, pointer, "an object with channels, height and width") {
            return input;
        }
        for member in node.members() {
            let at = format!("{pointer}/{}", escaped(&member.key));
            let slot = match member.key.as_str() {
                "channels" => &mut input.channels,
                "height" => &mut input.height,
                "width" => &mut input.width,
                _ => {
                    self.unknown(member, pointer, &mut ["channels", "height", "width"].into_iter());
                    continue;
                }
            };
            *slot = self.whole(&member.value, &at, "a whole number").unwrap_or(1);
        }
        for field in ["channels", "height", "width"].into_iter().filter(|field| node.get(field).is_none()) {
            self.missing(node, pointer, field);
        }
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
        let before = self.problems.len();
        let mut layer = LayerFile::default();
        if self.is_object(node, pointer, "a layer, an object,") {
            for member in node.members() {
                self.layer_field(member, pointer, &mut layer);
            }
            for field in ["name", "op"].into_iter().filter(|field| node.get(field).is_none()) {
                self.missing(node, pointer, field);
            }
        }
        (layer, self.problems.len() > before || self.has_bad(node))
    }

    /// Whether a value in it is one whose problem was told of when the text was read.
    fn has_bad(&self, node: &Node) -> bool {
        match &node.value {
            Value::Bad => true,
            Value::List(items) => items.iter().any(|item| self.has_bad(item)),
            Value::Object(members) => members.iter().any(|member| self.has_bad(&member.value)),
            _ => false,
        }
    }

    /// Where a field cannot be read, something stands in for it: the layer is broken, but the field is there.
    fn layer_field(&mut self, member: &Member, pointer: &str, layer: &mut LayerFile) {
        let at = format!("{pointer}/{}", escaped(&member.key));
        let value = &member.value;
        match member.key.as_str() {
            "name" => layer.name = self.text(value, &at).unwrap_or_default(),
            "op" => layer.op = self.text(value, &at).unwrap_or_default(),
            "inputs" => layer.inputs = Some(self.names(value, &at)),
            "out_channels" => layer.out_channels = self.count(value, &at),
            "out_features" => layer.out_features = self.count(value, &at),
            "kernel" => layer.kernel = self.pair(value, &at),
            "stride" => layer.stride = self.pair(value, &at),
            "dilation" => layer.dilation = self.pair(value, &at),
            "output_padding" => layer.output_padding = self.pair(value, &at),
            "factor" => layer.factor = self.pair(value, &at),
            "padding" => layer.padding = Some(self.padding(value, &at)),
            "groups" => layer.groups = self.count(value, &at),
            "from" => layer.from = self.count(value, &at),
            "to" => layer.to = self.count(value, &at),
            "block" => layer.block = self.count(value, &at),
            "bias" => layer.bias = Some(self.truth(value, &at)),
            "ceil_mode" => layer.ceil_mode = Some(self.truth(value, &at)),
            "out" => layer.out = Some(OutFile(self.sizes(value, &at))),
            "fn" => layer.r#fn = Some(self.text(value, &at).unwrap_or_default()),
            "flops" => layer.flops = Some(self.long(value, &at)),
            "weight_bytes" => layer.weight_bytes = Some(self.long(value, &at)),
            "measured_ms" => layer.measured_ms = Some(self.measured(value, &at)),
            _ => self.unknown(member, pointer, &mut LayerFile::fields()),
        }
    }

    fn text(&mut self, node: &Node, pointer: &str) -> Option<String> {
        let text = node.as_text();
        if text.is_none() {
            self.wrong_type(node, pointer, "a text");
        }
        text.map(str::to_owned)
    }

    fn truth(&mut self, node: &Node, pointer: &str) -> bool {
        let Value::Bool(value) = node.value else {
            self.wrong_type(node, pointer, "true or false");
            return false;
        };
        value
    }

    fn names(&mut self, node: &Node, pointer: &str) -> Vec<String> {
        if let Value::Text(name) = &node.value {
            let what = "`inputs` is a text, but is a list of names";
            let mut problem = Problem::new("E010", pointer, what, "put it into brackets");
            let list = ["[", self.tree.written(node), "]"].concat();
            problem.mend = Some(self.replaced(node, "Make it a list", &list));
            self.say(node, problem);
            return vec![name.clone()];
        }
        if !matches!(node.value, Value::List(_)) {
            self.wrong_type(node, pointer, "a list of names");
        }
        let mut names = Vec::with_capacity(node.items().len());
        for (index, item) in node.items().iter().enumerate() {
            names.push(self.text(item, &format!("{pointer}/{index}")).unwrap_or_default());
        }
        names
    }

    fn long(&mut self, node: &Node, pointer: &str) -> u64 {
        match &node.value {
            Value::Number => self.number(node, pointer, u64::MAX, "a whole number").unwrap_or(0),
            _ => {
                self.wrong_type(node, pointer, "a whole number");
                0
            }
        }
    }

    fn count(&mut self, node: &Node, pointer: &str) -> Option<u32> {
        self.whole(node, pointer, "a whole number").or(Some(1))
    }

    fn whole(&mut self, node: &Node, pointer: &str, expected: &str) -> Option<u32> {
        if !matches!(node.value, Value::Number) {
            self.wrong_type(node, pointer, expected);
            return None;
        }
        self.number(node, pointer, u64::from(u32::MAX), expected).and_then(|value| u32::try_from(value).ok())
    }

    fn number(&mut self, node: &Node, pointer: &str, most: u64, expected: &str) -> Option<u64> {
        let text = self.tree.written(node);
        match text.parse::<u64>() {
            Ok(value) if value <= most => return Some(value),
            _ => {}
        }
        let integer = text
            .split_once(".0")
            .filter(|(whole, zeros)| whole.parse::<u32>().is_ok() && zeros.bytes().all(|zero| zero == b'0'));
        let is = if text.starts_with('-') {
            "negative"
        } else if text.contains(['.', 'e', 'E']) {
            "no whole number"
        } else {
            "too large"
        };
        let what = format!("{} is {is}", clipped(text));
        let mut problem = Problem::new("E010", pointer, what, format!("expected {expected}"));
        problem.mend = integer.map(|(whole, _)| self.replaced(node, &format!("Write {whole}"), whole));
        self.say(node, problem);
        None
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
        let before = self.problems.len();
        Some(OneOrTwo(match self.numbers(node, pointer, EXPECTED)[..] {
            [both] => [both, both],
            [height, width] => [height, width],
            _ => {
                if before == self.problems.len() {
                    self.wrong_type(node, pointer, EXPECTED);
                }
                [1, 1]
            }
        }))
    }

    fn padding(&mut self, node: &Node, pointer: &str) -> Padding {
        const EXPECTED: &str = "a whole number, [vertical, horizontal] or [top, left, bottom, right]";
        let before = self.problems.len();
        Padding(match self.numbers(node, pointer, EXPECTED)[..] {
            [all] => [all; 4],
            [vertical, horizontal] => [vertical, horizontal, vertical, horizontal],
            [top, left, bottom, right] => [top, left, bottom, right],
            _ => {
                if before == self.problems.len() {
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
        let mut file = MeasuredFile::default();
        if !self.is_object(node, pointer, "an object with the times of device and server") {
            return file;
        }
        for member in node.members() {
            let at = format!("{pointer}/{}", escaped(&member.key));
            match member.key.as_str() {
                "device" => file.device = self.milliseconds(&member.value, &at),
                "server" => file.server = self.milliseconds(&member.value, &at),
                _ => self.unknown(member, pointer, &mut ["device", "server"].into_iter()),
            }
        }
        file
    }

    /// A time in milliseconds, to the nanosecond; `null` is none.
    fn milliseconds(&mut self, node: &Node, pointer: &str) -> Option<f64> {
        match &node.value {
            Value::Null => None,
            Value::Number => {
                let text = self.tree.written(node);
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
