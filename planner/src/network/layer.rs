//! One layer of a network, with everything that shape inference knows of it.

use super::{Op, Shape};
use crate::base::{Flops, Nanos};

/// Index of a layer in its network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LayerId(pub(super) u32);

impl LayerId {
    /// Position in [`super::Network::layers`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Where a layer's input comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The network's input tensor.
    Input,
    /// Another layer's output.
    Layer(LayerId),
}

/// How a layer's work follows from the region it produces (planning model §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// FLOPs for each output position.
    PerOutput(u64),
    /// FLOPs for each position of the input region it needs.
    PerInput(u64),
    /// The same FLOPs whatever the region.
    Fixed(u64),
}

impl Work {
    /// FLOPs for an output region of `output` positions that needs `input` positions.
    #[inline]
    pub fn flops(self, output: u64, input: u64) -> Flops {
        Flops(match self {
            Work::PerOutput(each) => each * output,
            Work::PerInput(each) => each * input,
            Work::Fixed(all) => all,
        })
    }
}

/// Measured times of the whole layer; a side without one keeps the cost formula.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// On the device.
    pub device: Option<Nanos>,
    /// On the server.
    pub server: Option<Nanos>,
}

/// A layer whose inputs exist and whose shapes fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Unique in its network.
    pub name: String,
    /// What it does.
    pub op: Op,
    /// Where its inputs come from; never empty.
    pub inputs: Vec<Source>,
    /// Shape of its output.
    pub output: Shape,
    /// FLOPs by region.
    pub work: Work,
    /// Weights, biases and batch norm's two a channel.
    pub parameters: u64,
    /// Bytes of the weights where they are given and not counted (custom layers).
    pub weight_bytes: u64,
    /// Whether a tile of its output needs only a tile of its inputs (planning model §1).
    pub tileable: bool,
    /// Measured times, if the user gave any.
    pub measured: Measured,
    /// The stage it belongs to.
    pub stage: usize,
}

impl Layer {
    /// Multiply-accumulates of the whole layer: conv and linear layers have them, others none.
    pub fn macs(&self, inputs: &[Shape]) -> u64 {
        let input = inputs.first().map_or(0, |shape| shape.area());
        self.region_macs(self.output.area(), input)
    }

    /// Multiply-accumulates for `output` positions that need `input` positions.
    pub fn region_macs(&self, output: u64, input: u64) -> u64 {
        match self.op {
            Op::Conv(_) | Op::ConvTranspose(..) | Op::Linear { .. } if output > 0 => {
                self.work.flops(output, input).0 / 2
            }
            _ => 0,
        }
    }

    /// Bytes of the weights at `bytes_per_element` each.
    #[inline]
    pub fn weights(&self, bytes_per_element: u64) -> u64 {
        self.parameters * bytes_per_element + self.weight_bytes
    }
}
