//! ResNet (He et al. 2016) in its version 1.5: a bottleneck's stride is in its 3×3 convolution.

use super::make::{
    CLASSES, Net, PICTURE, RELU, activation, channel_means, conv_bn, conv_bn_act, linear, max_pool, same,
};
use crate::network::{Op, Source, Window};

/// Builds one residual block from its name, width, stride and input.
type Block = fn(&mut Net, &str, u32, u32, Source) -> Source;

/// A ResNet from its kind of block and the number of blocks in each of the four layers.
pub(super) fn resnet(name: &str, block: Block, counts: [u32; 4]) -> Net {
    let mut net = Net::new(name, PICTURE);
    let x = conv_bn_act(&mut net, "conv1", same(64, 7, 2), RELU, Source::Input);
    let mut x = max_pool(&mut net, "maxpool", Window::square(3, 2, 1), x);
    for (layer, count) in (1..).zip(counts) {
        for index in 0..count {
            let stride = if layer > 1 && index == 0 { 2 } else { 1 };
            x = block(&mut net, &format!("layer{layer}.{index}"), 32 << layer, stride, x);
        }
    }
    let x = channel_means(&mut net, x);
    linear(&mut net, "fc", CLASSES, x);
    net
}

/// Two 3×3 convolutions (ResNet-18 and 34).
pub(super) fn basic(net: &mut Net, name: &str, width: u32, stride: u32, from: Source) -> Source {
    let x = conv_bn_act(net, &format!("{name}.conv1"), same(width, 3, stride), RELU, from);
    let x = conv_bn(net, &format!("{name}.conv2"), same(width, 3, 1), x);
    with_shortcut(net, name, stride, from, x)
}

/// A 3×3 convolution between two 1×1, the last of which is four times as wide (ResNet-50).
pub(super) fn bottleneck(net: &mut Net, name: &str, width: u32, stride: u32, from: Source) -> Source {
    let x = conv_bn_act(net, &format!("{name}.conv1"), same(width, 1, 1), RELU, from);
    let x = conv_bn_act(net, &format!("{name}.conv2"), same(width, 3, stride), RELU, x);
    let x = conv_bn(net, &format!("{name}.conv3"), same(4 * width, 1, 1), x);
    with_shortcut(net, name, stride, from, x)
}

/// Adds the block's input, projected where the shapes differ.
fn with_shortcut(net: &mut Net, name: &str, stride: u32, input: Source, output: Source) -> Source {
    let shape = net.shape(output);
    let shortcut = if net.shape(input) == shape {
        input
    } else {
        conv_bn(net, &format!("{name}.downsample"), same(shape.channels, 1, stride), input)
    };
    let x = net.layer(&format!("{name}.add"), Op::Add, &[output, shortcut]);
    activation(net, name, RELU, x)
}
