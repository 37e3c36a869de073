//! AlexNet in one tower (Krizhevsky 2014), as torchvision has it: no normalisation, 64 channels first.

use super::make::{CLASSES, Net, PICTURE, RELU, activation, conv_act, linear, max_pool, same};
use crate::network::{Conv, Op, Source, Window};

const POOL: Window = Window::square(3, 2, 0);

/// AlexNet for 224×224 pictures.
pub(super) fn alexnet() -> Net {
    let mut net = Net::new("AlexNet", PICTURE);
    let features = features(&mut net);
    classifier(&mut net, features);
    net
}

fn features(net: &mut Net) -> Source {
    let first = Conv { window: Window::square(11, 4, 2), ..same(64, 11, 4) };
    let x = conv_act(net, "conv1", first, RELU, Source::Input);
    let x = max_pool(net, "pool1", POOL, x);
    let x = conv_act(net, "conv2", same(192, 5, 1), RELU, x);
    let x = max_pool(net, "pool2", POOL, x);
    let x = conv_act(net, "conv3", same(384, 3, 1), RELU, x);
    let x = conv_act(net, "conv4", same(256, 3, 1), RELU, x);
    let x = conv_act(net, "conv5", same(256, 3, 1), RELU, x);
    max_pool(net, "pool5", POOL, x)
}

/// Dropout comes before each hidden layer.
fn classifier(net: &mut Net, features: Source) -> Source {
    let x = net.layer("avgpool", Op::AdaptiveAvgPool { out: [6, 6] }, &[features]);
    let mut x = net.layer("flatten", Op::Flatten, &[x]);
    for name in ["fc6", "fc7"] {
        x = net.layer(&format!("{name}.dropout"), Op::Dropout, &[x]);
        x = linear(net, name, 4096, x);
        x = activation(net, name, RELU, x);
    }
    linear(net, "fc8", CLASSES, x)
}
