//! What the families share: chains of convolution, batch norm and activation, named after their head.
//!
//! A convolution beside a batch norm has no bias.

use crate::network::{Builder, Conv, Network, NetworkError, Op, Pool, Shape, Source, Window};

/// The picture that image classifiers take.
pub(super) const PICTURE: Shape = Shape::new(3, 224, 224);
/// Classes of ImageNet.
pub(super) const CLASSES: u32 = 1000;
/// Name of the rectifier.
pub(super) const RELU: &str = "relu";

/// A network in the making that remembers its first error, so that families read like their papers.
pub(super) struct Net(Result<Builder, NetworkError>);

impl Net {
    /// Starts a network from its picture.
    pub fn new(name: &str, input: Shape) -> Self {
        Self(Builder::new(name, input))
    }

    /// Adds a layer and gives its output; after an error, any source.
    pub fn layer(&mut self, name: &str, op: Op, inputs: &[Source]) -> Source {
        let Ok(builder) = &mut self.0 else { return Source::Input };
        builder.layer(name, op, inputs).unwrap_or_else(|error| {
            self.0 = Err(error);
            Source::Input
        })
    }

    /// Shape of a tensor.
    pub fn shape(&self, source: Source) -> Shape {
        self.0.as_ref().map_or(PICTURE, |builder| builder.shape(source))
    }

    /// The network, or the first error.
    pub fn finish(self) -> Result<Network, NetworkError> {
        self.0?.finish()
    }
}

/// A square convolution without bias, padded so that stride 1 keeps the size. Out of line: networks are
/// long lists of calls, and each would carry the whole of it.
#[inline(never)]
pub(super) fn same(out_channels: u32, kernel: u32, stride: u32) -> Conv {
    Conv { out_channels, window: Window::square(kernel, stride, kernel / 2), groups: 1, bias: false }
}

/// As [`same`], each channel by itself.
#[inline(never)]
pub(super) fn depthwise(channels: u32, kernel: u32, stride: u32) -> Conv {
    Conv { groups: channels, ..same(channels, kernel, stride) }
}

/// Convolution with a bias.
pub(super) fn conv(net: &mut Net, name: &str, conv: Conv, from: Source) -> Source {
    net.layer(name, Op::Conv(Conv { bias: true, ..conv }), &[from])
}

/// Convolution with a bias → activation.
pub(super) fn conv_act(net: &mut Net, name: &str, spec: Conv, function: &str, from: Source) -> Source {
    let x = conv(net, name, spec, from);
    activation(net, name, function, x)
}

/// Convolution → batch norm.
pub(super) fn conv_bn(net: &mut Net, name: &str, conv: Conv, from: Source) -> Source {
    let x = net.layer(name, Op::Conv(conv), &[from]);
    net.layer(&format!("{name}.bn"), Op::BatchNorm, &[x])
}

/// Convolution → batch norm → activation.
pub(super) fn conv_bn_act(net: &mut Net, name: &str, conv: Conv, function: &str, from: Source) -> Source {
    let x = conv_bn(net, name, conv, from);
    activation(net, name, function, x)
}

/// Activation of the layer or group `of`.
pub(super) fn activation(net: &mut Net, of: &str, function: &str, from: Source) -> Source {
    net.layer(&format!("{of}.{function}"), Op::Activation(function.to_owned()), &[from])
}

/// Max pool whose windows stay inside the padded map.
pub(super) fn max_pool(net: &mut Net, name: &str, window: Window, from: Source) -> Source {
    net.layer(name, Op::MaxPool(Pool { window, ceil_mode: false }), &[from])
}

/// Max pool whose last windows may hang over the edge.
pub(super) fn max_pool_ceil(net: &mut Net, name: &str, window: Window, from: Source) -> Source {
    net.layer(name, Op::MaxPool(Pool { window, ceil_mode: true }), &[from])
}

/// Adds the chain's input to its output where their shapes agree.
pub(super) fn residual(net: &mut Net, block: &str, input: Source, output: Source) -> Source {
    if net.shape(input) != net.shape(output) {
        return output;
    }
    net.layer(&format!("{block}.add"), Op::Add, &[output, input])
}

/// Each channel's mean, flat.
pub(super) fn channel_means(net: &mut Net, from: Source) -> Source {
    let x = net.layer("avgpool", Op::GlobalAvgPool, &[from]);
    net.layer("flatten", Op::Flatten, &[x])
}

/// Fully connected layer with a bias.
pub(super) fn linear(net: &mut Net, name: &str, out_features: u32, from: Source) -> Source {
    net.layer(name, Op::Linear { out_features, bias: true }, &[from])
}
