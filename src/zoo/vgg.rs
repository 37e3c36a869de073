//! VGG (Simonyan and Zisserman 2015): five groups of 3×3 convolutions, each closed by a pool.

use super::make::{CLASSES, Net, PICTURE, RELU, activation, conv_act, linear, max_pool, same};
use crate::network::{Op, Source, Window};

/// Channels of the five groups.
const CHANNELS: [u32; 5] = [64, 128, 256, 512, 512];

/// A VGG without batch norm from the number of convolutions in each group.
pub(super) fn vgg(name: &str, convs: [u32; 5]) -> Net {
    let mut net = Net::new(name, PICTURE);
    let mut x = Source::Input;
    for (group, (count, channels)) in (1..).zip(convs.into_iter().zip(CHANNELS)) {
        for number in 1..=count {
            x = conv_act(&mut net, &format!("conv{group}_{number}"), same(channels, 3, 1), RELU, x);
        }
        x = max_pool(&mut net, &format!("pool{group}"), Window::square(2, 2, 0), x);
    }
    classifier(&mut net, x);
    net
}

/// Dropout comes after each hidden layer.
fn classifier(net: &mut Net, features: Source) -> Source {
    let x = net.layer("avgpool", Op::AdaptiveAvgPool { out: [7, 7] }, &[features]);
    let mut x = net.layer("flatten", Op::Flatten, &[x]);
    for name in ["fc6", "fc7"] {
        x = linear(net, name, 4096, x);
        x = activation(net, name, RELU, x);
        x = net.layer(&format!("{name}.dropout"), Op::Dropout, &[x]);
    }
    linear(net, "fc8", CLASSES, x)
}
