//! `offcut-model/1`: a network as a list of layers.

use super::error::{did_you_mean, expect_format, parse};
use super::model_ops::{op_from_file, op_to_file};
use super::numbers::whole;
use super::{FormatError, OneOrTwo, Padding};
use crate::base::Nanos;
use crate::network::{Builder, Measured, Network, NetworkError, Shape, Source};
use serde::{Deserialize, Serialize};

/// The format's name and version.
pub(super) const FORMAT: &str = "offcut-model/1";

/// A model document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
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
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct LayerFile {
            /// Unique name.
            pub name: String,
            /// What it does.
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
                [$((stringify!($field), self.$field.is_some()),)*]
                    .into_iter()
                    .filter_map(|(name, given)| given.then_some(name))
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

impl<'de> Deserialize<'de> for OutFile {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Vec::deserialize(from).map(Self)
    }
}

impl Serialize for OutFile {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

/// Reads a model document.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn read_model(text: &str) -> Result<Network, FormatError> {
    parse::<ModelFile>(text)?.network()
}

impl ModelFile {
    /// Builds the network.
    ///
    /// # Errors
    /// The first layer that cannot be, with its place.
    pub fn network(&self) -> Result<Network, FormatError> {
        expect_format(&self.format, FORMAT)?;
        let InputFile { channels, height, width } = self.input;
        let mut builder = Builder::new(&self.name, Shape::new(channels, height, width))
            .map_err(|error| FormatError::at("/input", error.problem))?;
        let mut previous = Source::Input;
        for (index, layer) in self.layers.iter().enumerate() {
            previous = self.add(&mut builder, index, layer, previous)?;
        }
        builder.finish().map_err(|error| located(&error, "/layers"))
    }

    fn add(
        &self,
        builder: &mut Builder,
        index: usize,
        layer: &LayerFile,
        previous: Source,
    ) -> Result<Source, FormatError> {
        let pointer = format!("/layers/{index}");
        let op = op_from_file(layer).map_err(|error| error.inside(&pointer))?;
        let inputs = match &layer.inputs {
            None => vec![previous],
            Some(names) => names
                .iter()
                .enumerate()
                .map(|(at, name)| {
                    self.find(builder, name, index).map_err(|e| e.inside(&format!("{pointer}/inputs/{at}")))
                })
                .collect::<Result<_, _>>()?,
        };
        let measured = measured(layer.measured_ms).map_err(|error| error.inside(&pointer))?;
        builder.measured_layer(&layer.name, op, &inputs, measured).map_err(|error| located(&error, &pointer))
    }

    fn find(&self, builder: &Builder, name: &str, index: usize) -> Result<Source, FormatError> {
        if let Some(source) = builder.find(name) {
            return Ok(source);
        }
        let later = self.layers[index..].iter().any(|layer| layer.name == name);
        let what = if later {
            format!(
                "`{name}` is listed at or behind this layer; inputs come earlier in the list (move it up, or break the cycle)"
            )
        } else {
            format!("no layer is called `{name}`.{}", did_you_mean(name, builder.names()))
        };
        Err(FormatError::at("", what))
    }

    /// The document of a network: saving what was loaded gives the same network.
    pub fn of(network: &Network) -> Self {
        let mut previous = Source::Input;
        let name = |source: &Source| match source {
            Source::Input => "input".to_owned(),
            Source::Layer(id) => network.layer(*id).name.clone(),
        };
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
}

fn measured(file: Option<MeasuredFile>) -> Result<Measured, FormatError> {
    let time = |field: &str, ms: Option<f64>| {
        ms.map(|ms| whole(&format!("/measured_ms/{field}"), ms, 1e6, 0.0, 1e7).map(Nanos)).transpose()
    };
    let file = file.unwrap_or_default();
    Ok(Measured { device: time("device", file.device)?, server: time("server", file.server)? })
}

fn located(error: &NetworkError, pointer: &str) -> FormatError {
    match &error.layer {
        Some((index, _)) => FormatError::at(format!("/layers/{index}"), error),
        None => FormatError::at(pointer, error),
    }
}
