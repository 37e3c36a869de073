//! DenseNet-121 (Huang et al. 2017): within a block every layer reads all outputs before it.
//!
//! Batch norm and activation come before the convolutions. As the block's input and every output in it
//! are read until its end, a block is one stage.

use super::make::{CLASSES, Net, PICTURE, RELU, activation, channel_means, conv_bn_act, linear, max_pool, same};
use crate::network::{Op, Pool, Source, Window};

/// Channels that each layer adds.
const GROWTH: u32 = 32;
/// Layers of the four blocks.
const LAYERS: [u32; 4] = [6, 12, 24, 16];

/// DenseNet-121 for 224×224 pictures.
pub(super) fn densenet121() -> Net {
    let mut builder = Net::new("DenseNet-121", PICTURE);
    let net = &mut builder;
    let x = conv_bn_act(net, "conv1", same(64, 7, 2), RELU, Source::Input);
    let mut x = max_pool(net, "pool1", Window::square(3, 2, 1), x);
    for (block, layers) in (1..).zip(LAYERS) {
        if block > 1 {
            x = transition(net, &format!("transition{}", block - 1), x);
        }
        x = dense_block(net, &format!("block{block}"), layers, x);
    }
    let x = bn_act(net, "head", x);
    let x = channel_means(net, x);
    linear(net, "fc", CLASSES, x);
    builder
}

fn dense_block(net: &mut Net, name: &str, layers: u32, from: Source) -> Source {
    let mut outputs = vec![from];
    for number in 1..=layers {
        let layer = dense_layer(net, &format!("{name}.layer{number}"), &outputs);
        outputs.push(layer);
    }
    net.layer(&format!("{name}.concat"), Op::Concat, &outputs)
}

/// A 1×1 bottleneck of four times the growth, then a 3×3 convolution.
fn dense_layer(net: &mut Net, name: &str, inputs: &[Source]) -> Source {
    let x = match *inputs {
        [only] => only,
        _ => net.layer(&format!("{name}.concat"), Op::Concat, inputs),
    };
    let x = bn_act(net, name, x);
    let x = conv_bn_act(net, &format!("{name}.conv1"), same(4 * GROWTH, 1, 1), RELU, x);
    net.layer(&format!("{name}.conv2"), Op::Conv(same(GROWTH, 3, 1)), &[x])
}

/// Halves the channels, then height and width.
fn transition(net: &mut Net, name: &str, from: Source) -> Source {
    let half = net.shape(from).channels / 2;
    let x = bn_act(net, name, from);
    let x = net.layer(&format!("{name}.conv"), Op::Conv(same(half, 1, 1)), &[x]);
    let pool = Pool { window: Window::square(2, 2, 0), ceil_mode: false };
    net.layer(&format!("{name}.pool"), Op::AvgPool(pool), &[x])
}

fn bn_act(net: &mut Net, of: &str, from: Source) -> Source {
    let x = net.layer(&format!("{of}.bn"), Op::BatchNorm, &[from]);
    activation(net, of, RELU, x)
}
