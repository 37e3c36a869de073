//! SqueezeNet (Iandola et al. 2016) in its release 1.1: earlier pools, a smaller first convolution.

use super::make::{CLASSES, Net, PICTURE, RELU, conv_act, max_pool_ceil, same};
use crate::network::{Conv, Op, Source, Window};

/// SqueezeNet 1.1 for 224×224 pictures.
pub(super) fn squeezenet1_1() -> Net {
    let mut builder = Net::new("SqueezeNet 1.1", PICTURE);
    let net = &mut builder;
    let first = Conv { window: Window::square(3, 2, 0), ..same(64, 3, 2) };
    let x = conv_act(net, "conv1", first, RELU, Source::Input);
    let mut x = pool(net, 1, x);
    for number in 2..=9 {
        x = fire(net, number, x);
        if matches!(number, 3 | 5) {
            x = pool(net, number, x);
        }
    }
    let x = net.layer("dropout", Op::Dropout, &[x]);
    let x = conv_act(net, "conv10", same(CLASSES, 1, 1), RELU, x);
    let x = net.layer("avgpool", Op::GlobalAvgPool, &[x]);
    net.layer("flatten", Op::Flatten, &[x]);
    builder
}

fn pool(net: &mut Net, number: u32, from: Source) -> Source {
    max_pool_ceil(net, &format!("pool{number}"), Window::square(3, 2, 0), from)
}

/// Squeezes the channels, then expands them by 1×1 and 3×3 convolutions side by side.
///
/// The squeezed width grows by 16 with every second module; each expansion is four times as wide.
fn fire(net: &mut Net, number: u32, from: Source) -> Source {
    let width = 16 * (number / 2);
    let name = format!("fire{number}");
    let squeezed = conv_act(net, &format!("{name}.squeeze"), same(width, 1, 1), RELU, from);
    let narrow = conv_act(net, &format!("{name}.expand1x1"), same(4 * width, 1, 1), RELU, squeezed);
    let wide = conv_act(net, &format!("{name}.expand3x3"), same(4 * width, 3, 1), RELU, squeezed);
    net.layer(&format!("{name}.concat"), Op::Concat, &[narrow, wide])
}
