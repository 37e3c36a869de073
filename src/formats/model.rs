//! `offcut-model/1`: a network as a list of layers.

use super::assemble::assemble;
use super::error::expect_format;
use super::model_ops::op_to_file;
use super::model_read::Draft;
use super::problem::{Problem, Problems};
use super::reader::{Reader, quoted};
use super::tree::Node;
use super::{FormatError, OneOrTwo, Padding, tree_parser};
use crate::base::{Decimal, Nanos};
use crate::network::{Network, Shape, Source};
use serde::Serialize;

/// The format's name and version.
pub(super) const FORMAT: &str = "offcut-model/1";

/// A model document.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// `offcut-model/1`.
    pub format: String,
    /// Its name, for people.
    #[serde(default)]
    pub name: String,
    /// The input tensor.
    pub input: InputFile,
    /// The layers, each after its inputs.
    pub layers: Vec<LayerFile>,
}

/// The input tensor of a model document.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InputFile {
    /// Channels.
    pub channels: u32,
    /// Rows.
    pub height: u32,
    /// Columns.
    pub width: u32,
}

/// Measured times of a whole layer, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MeasuredFile {
    /// On the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<f64>,
    /// On the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<f64>,
}

macro_rules! layer_file {
    ($($(#[$doc:meta])* $field:ident: $type:ty,)*) => {
        /// A layer: which of the optional fields apply depends on its op.
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        pub struct LayerFile {
            /// Unique name.
            #[cfg_attr(test, schemars(length(min = 1, max = 64)))]
            pub name: String,
            /// What it does.
            #[cfg_attr(test, schemars(schema_with = "super::schema::op"))]
            pub op: String,
            /// Names of its inputs; by default the layer listed before it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub inputs: Option<Vec<String>>,
            $($(#[$doc])* #[serde(default, skip_serializing_if = "Option::is_none")] pub $field: Option<$type>,)*
            /// Measured times of the whole layer.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub measured_ms: Option<MeasuredFile>,
        }

        impl LayerFile {
            /// Names of the op's own fields that are given.
            pub(super) fn given(&self) -> impl Iterator<Item = &'static str> {
                [$((plain(stringify!($field)), self.$field.is_some()),)*]
                    .into_iter()
                    .filter_map(|(name, given)| given.then_some(name))
            }

            /// Names of all fields.
            pub(super) fn fields() -> impl Iterator<Item = &'static str> {
                ["name", "op", "inputs", $(plain(stringify!($field)),)* "measured_ms"].into_iter()
            }
        }
    };
}

layer_file! {
    /// conv, conv_transpose: channels of the output.
    out_channels: u32,
    /// linear: outputs.
    out_features: u32,
    /// Window of convs and pools.
    kernel: OneOrTwo,
    /// Step of convs (1) and pools (the kernel).
    stride: OneOrTwo,
    /// Zeros around the input of convs, pools and pad (0).
    padding: Padding,
    /// conv_transpose: more rows and columns at the end of the output (0).
    output_padding: OneOrTwo,
    /// Step between taps (1).
    dilation: OneOrTwo,
    /// Channel groups (1).
    groups: u32,
    /// Whether conv and linear have a bias (true).
    bias: bool,
    /// Whether a pool's last window may hang over (false).
    ceil_mode: bool,
    /// adaptive_avg_pool: `[height, width]`; custom: `[channels, height, width]`.
    out: OutFile,
    /// activation: its function.
    r#fn: String,
    /// upsample: how many times larger.
    factor: OneOrTwo,
    /// slice: first channel.
    from: u32,
    /// slice: channel behind the last.
    to: u32,
    /// space_to_depth: side of a neighbourhood.
    block: u32,
    /// custom: floating-point operations.
    flops: u64,
    /// custom: bytes of its weights.
    weight_bytes: u64,
}

/// One, two or three sizes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutFile(pub Vec<u32>);

impl Serialize for OutFile {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

/// A field's name as documents write it, from its name in Rust.
fn plain(field: &'static str) -> &'static str {
    field.strip_prefix("r#").unwrap_or(field)
}

/// The largest model document that is read, in bytes.
pub const MAX_MODEL_BYTES: usize = 2 << 20;

/// What was read of a model document.
#[derive(Clone, Debug)]
pub struct ModelReading {
    /// The network; with problems, the longest part of it before the first bad layer that is a network.
    pub network: Option<Network>,
    /// All that is wrong, in the order of the text; empty where the network is whole.
    pub problems: Vec<Problem>,
}

/// Reads a model document.
///
/// # Errors
/// All that is wrong, each with its place.
pub fn read_model(text: &str) -> Result<Network, Problems> {
    let reading = read_model_partly(text);
    match reading.network {
        Some(network) if reading.problems.is_empty() => Ok(network),
        _ => Err(Problems(reading.problems)),
    }
}

/// Reads a model document, or as much of it as is sound.
pub fn read_model_partly(text: &str) -> ModelReading {
    if text.len() > MAX_MODEL_BYTES {
        let what = "the model document is larger than 2 MB";
        let problem = Problem::new("E004", "", what, "a model holds no weights; remove what is not needed");
        return ModelReading { network: None, problems: vec![problem] };
    }
    let tree = tree_parser::parse(text);
    let mut reader = Reader::new(&tree);
    let network = reader.root().and_then(|root| reader.network(root, "").1);
    let problems = reader.finish();
    let is_foreign = problems.iter().any(|problem| problem.code == "E013" && problem.mend.is_none());
    ModelReading { network: network.filter(|_| !is_foreign), problems }
}

impl Reader<'_> {
    /// The model at a pointer, and its network as far as it is sound.
    pub(super) fn network(&mut self, node: &Node, pointer: &str) -> (ModelFile, Option<Network>) {
        let Draft { file, broken, has_all } = self.model(node, pointer);
        if !has_all {
            return (file, None);
        }
        let assembled = assemble(&file, &broken);
        for problem in assembled.problems {
            // What is missing at the end of a text that could not be read on is no fault of its own.
            if !self.is_cut() || !matches!(problem.code, "E020" | "E032") {
                self.tell(Problem { pointer: [pointer, &problem.pointer].concat(), ..problem });
            }
        }
        (file, assembled.network)
    }
}

impl ModelFile {
    /// Builds the network.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn network(&self) -> Result<Network, FormatError> {
        expect_format(&self.format, FORMAT)?;
        self.assembled().map_err(FormatError::first)
    }

    /// The network, or all that is wrong.
    pub(super) fn assembled(&self) -> Result<Network, Problems> {
        let assembled = assemble(self, &[]);
        match assembled.network {
            Some(network) if assembled.problems.is_empty() => Ok(network),
            _ if assembled.problems.is_empty() => {
                Err(Problem::new("E020", "/layers", "no network comes of it", "give at least one layer").into())
            }
            _ => Err(Problems(assembled.problems)),
        }
    }

    /// The document of a network: saving what was loaded gives the same network.
    pub fn of(network: &Network) -> Self {
        let mut previous = Source::Input;
        let name = |source: &Source| network.tensor_name(*source).to_owned();
        let mut layers = Vec::with_capacity(network.layers().len());
        for (id, layer) in network.numbered() {
            let mut file = op_to_file(&layer.op);
            file.name.clone_from(&layer.name);
            if layer.inputs != [previous] {
                file.inputs = Some(layer.inputs.iter().map(name).collect());
            }
            let ms = |time: Option<Nanos>| time.map(Nanos::as_millis);
            let (device, server) = (ms(layer.measured.device), ms(layer.measured.server));
            if device.is_some() || server.is_some() {
                file.measured_ms = Some(MeasuredFile { device, server });
            }
            layers.push(file);
            previous = Source::Layer(id);
        }
        let Shape { channels, height, width } = network.input();
        Self {
            format: FORMAT.to_owned(),
            name: network.name().to_owned(),
            input: InputFile { channels, height, width },
            layers,
        }
    }

    /// The document as text, a line a layer; always the same bytes for the same network.
    pub fn to_text(&self) -> String {
        let InputFile { channels, height, width } = self.input;
        let mut text = format!(
            "{{\n  \"format\": {},\n  \"name\": {},\n  \"input\": {{ \"channels\": {channels}, \"height\": {height}, \"width\": {width} }},\n  \"layers\": [",
            quoted(&self.format),
            quoted(&self.name)
        );
        for (index, layer) in self.layers.iter().enumerate() {
            text.push_str(if index == 0 { "\n    " } else { ",\n    " });
            layer.write(&mut text);
        }
        text.push_str(if self.layers.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
        text
    }
}

impl LayerFile {
    fn write(&self, text: &mut String) {
        text.push_str(&["{ \"name\": ", &quoted(&self.name), ", \"op\": ", &quoted(&self.op)].concat());
        let mut field = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                text.push_str(&[", \"", name, "\": ", &value].concat());
            }
        };
        let number = |value: Option<u32>| value.map(|value| value.to_string());
        let long = |value: Option<u64>| value.map(|value| value.to_string());
        let pair = |value: Option<OneOrTwo>| {
            value.map(|OneOrTwo(both)| list(if both[0] == both[1] { &both[..1] } else { &both }))
        };
        let truth = |value: Option<bool>| value.map(|value| if value { "true" } else { "false" }.to_owned());
        let inputs = self.inputs.as_ref().map(|names| {
            let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
            ["[", &names.join(", "), "]"].concat()
        });
        field("inputs", inputs);
        field("out_channels", number(self.out_channels));
        field("out_features", number(self.out_features));
        field("kernel", pair(self.kernel));
        field("stride", pair(self.stride));
        field("padding", self.padding.map(|padding| list(padding.short())));
        field("output_padding", pair(self.output_padding));
        field("dilation", pair(self.dilation));
        field("groups", number(self.groups));
        field("bias", truth(self.bias));
        field("ceil_mode", truth(self.ceil_mode));
        // A list even of one: sizes have no short form.
        field("out", self.out.as_ref().map(|OutFile(sizes)| bracketed(sizes)));
        field("fn", self.r#fn.as_ref().map(|function| quoted(function)));
        field("factor", pair(self.factor));
        field("from", number(self.from));
        field("to", number(self.to));
        field("block", number(self.block));
        field("flops", long(self.flops));
        field("weight_bytes", long(self.weight_bytes));
        field("measured_ms", self.measured_ms.map(MeasuredFile::written));
        text.push_str(" }");
    }
}

impl MeasuredFile {
    fn written(self) -> String {
        let sides = [("device", self.device), ("server", self.server)];
        let times: Vec<String> = sides
            .into_iter()
            .filter_map(|(side, ms)| Some(format!("\"{side}\": {}", Decimal::new(ms?, 6).trimmed())))
            .collect();
        ["{ ", &times.join(", "), " }"].concat()
    }
}

/// One number as itself, several in brackets.
fn list(numbers: &[u32]) -> String {
    match numbers {
        [one] => one.to_string(),
        _ => bracketed(numbers),
    }
}

fn bracketed(numbers: &[u32]) -> String {
    let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
    ["[", &numbers.join(", "), "]"].concat()
}
