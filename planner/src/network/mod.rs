//! The network: a DAG of layers with inferred shapes, cut into stages. Valid by construction.
//!
//! Entry point: [`Builder`]. Must not know tiles, processors, files or the browser.

mod builder;
mod error;
mod infer;
mod layer;
mod op;
mod shape;
mod stages;

pub use builder::{Builder, MAX_LAYERS, MAX_NAME};
pub use error::{NetworkError, Problem};
pub use layer::{Layer, LayerId, Measured, Source, Work};
pub use op::{Axis, Conv, Op, Pool, Window};
pub use shape::{MAX_DIMENSION, Shape};
pub use stages::Stage;

/// An immutable network with one input tensor and one output tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    name: String,
    input: Shape,
    layers: Vec<Layer>,
    stages: Vec<Stage>,
}

impl Network {
    /// Its name, for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Shape of the input tensor.
    pub fn input(&self) -> Shape {
        self.input
    }

    /// Layers in an order in which each comes after its inputs.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Layers with their ids, in the same order.
    pub fn numbered(&self) -> impl Iterator<Item = (LayerId, &Layer)> {
        (0u32..).map(LayerId).zip(&self.layers)
    }

    /// The layer of an id that this network gave out.
    pub fn layer(&self, id: LayerId) -> &Layer {
        &self.layers[id.index()]
    }

    /// Stages, in order; never empty.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// Shape of a tensor: the network's input or a layer's output.
    pub fn shape(&self, source: Source) -> Shape {
        match source {
            Source::Input => self.input,
            Source::Layer(id) => self.layer(id).output,
        }
    }

    /// Name of a tensor: `input`, or that of the layer that makes it.
    pub fn tensor_name(&self, source: Source) -> &str {
        match source {
            Source::Input => "input",
            Source::Layer(id) => &self.layer(id).name,
        }
    }

    /// Shape of the tensor at a stage boundary: 0 is the network's input, `n` its output.
    pub fn boundary(&self, boundary: usize) -> Shape {
        match boundary.checked_sub(1) {
            None => self.input,
            Some(stage) => self.shape(Source::Layer(self.stages[stage].output)),
        }
    }

    /// Multiply-accumulates of all conv and linear layers.
    pub fn macs(&self) -> u64 {
        self.layers.iter().map(|layer| layer.macs(&self.input_shapes(layer))).sum()
    }

    /// Weights, biases and batch norm's two parameters a channel.
    pub fn parameters(&self) -> u64 {
        self.layers.iter().map(|layer| layer.parameters).sum()
    }

    /// Shapes of a layer's inputs.
    pub fn input_shapes(&self, layer: &Layer) -> Vec<Shape> {
        layer.inputs.iter().map(|&source| self.shape(source)).collect()
    }
}
