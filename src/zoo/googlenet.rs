//! GoogLeNet (Szegedy et al. 2015) as torchvision has it: batch norm, no auxiliary heads, pools that
//! round up, and 3×3 convolutions where the paper has 5×5.

use super::make::{CLASSES, Net, PICTURE, RELU, channel_means, conv_bn_act, linear, max_pool_ceil, same};
use crate::network::{Op, Source, Window};

/// Channels of a module: 1×1; reduction and 3×3; reduction and "5×5"; projection of the pool.
type Widths = [u32; 6];

/// The modules by the names of the paper's table 1, between its pools.
const THIRD: [(&str, Widths); 2] = [("3a", [64, 96, 128, 16, 32, 32]), ("3b", [128, 128, 192, 32, 96, 64])];
const FOURTH: [(&str, Widths); 5] = [
    ("4a", [192, 96, 208, 16, 48, 64]),
    ("4b", [160, 112, 224, 24, 64, 64]),
    ("4c", [128, 128, 256, 24, 64, 64]),
    ("4d", [112, 144, 288, 32, 64, 64]),
    ("4e", [256, 160, 320, 32, 128, 128]),
];
const FIFTH: [(&str, Widths); 2] = [("5a", [256, 160, 320, 32, 128, 128]), ("5b", [384, 192, 384, 48, 128, 128])];

/// GoogLeNet for 224×224 pictures.
pub(super) fn googlenet() -> Net {
    let mut builder = Net::new("GoogLeNet", PICTURE);
    let net = &mut builder;
    let x = conv_bn_act(net, "conv1", same(64, 7, 2), RELU, Source::Input);
    let x = max_pool_ceil(net, "pool1", Window::square(3, 2, 0), x);
    let x = conv_bn_act(net, "conv2", same(64, 1, 1), RELU, x);
    let x = conv_bn_act(net, "conv3", same(192, 3, 1), RELU, x);
    let x = max_pool_ceil(net, "pool2", Window::square(3, 2, 0), x);
    let x = modules(net, &THIRD, x);
    let x = max_pool_ceil(net, "pool3", Window::square(3, 2, 0), x);
    let x = modules(net, &FOURTH, x);
    let x = max_pool_ceil(net, "pool4", Window::square(2, 2, 0), x);
    let x = modules(net, &FIFTH, x);
    let x = channel_means(net, x);
    let x = net.layer("dropout", Op::Dropout, &[x]);
    linear(net, "fc", CLASSES, x);
    builder
}

fn modules(net: &mut Net, modules: &[(&str, Widths)], from: Source) -> Source {
    modules.iter().fold(from, |x, &(name, widths)| inception(net, &format!("inception{name}"), widths, x))
}

/// Four branches side by side, joined by their channels.
fn inception(
    net: &mut Net,
    name: &str,
    [direct, reduce2, wide2, reduce3, wide3, projection]: Widths,
    from: Source,
) -> Source {
    let mut unit = |branch: &str, width, kernel, from| {
        conv_bn_act(net, &format!("{name}.{branch}"), same(width, kernel, 1), RELU, from)
    };
    let branch1 = unit("branch1", direct, 1, from);
    let reduced = unit("branch2.reduce", reduce2, 1, from);
    let branch2 = unit("branch2", wide2, 3, reduced);
    let reduced = unit("branch3.reduce", reduce3, 1, from);
    let branch3 = unit("branch3", wide3, 3, reduced);
    let pooled = max_pool_ceil(net, &format!("{name}.branch4.pool"), Window::square(3, 1, 1), from);
    let branch4 = conv_bn_act(net, &format!("{name}.branch4"), same(projection, 1, 1), RELU, pooled);
    net.layer(&format!("{name}.concat"), Op::Concat, &[branch1, branch2, branch3, branch4])
}
