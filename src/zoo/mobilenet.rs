//! MobileNetV2 (Sandler et al. 2018), width 1: inverted residuals with linear bottlenecks.

use super::make::{CLASSES, Net, PICTURE, channel_means, conv_bn, conv_bn_act, depthwise, linear, residual, same};
use crate::network::{Op, Source};

const RELU6: &str = "relu6";

/// The paper's table 2: expansion, channels, repeats and the first one's stride.
const BOTTLENECKS: [(u32, u32, u32, u32); 7] =
    [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

/// MobileNetV2 for 224×224 pictures.
pub(super) fn mobilenet_v2() -> Net {
    let mut net = Net::new("MobileNetV2", PICTURE);
    let mut x = conv_bn_act(&mut net, "features.0", same(32, 3, 2), RELU6, Source::Input);
    let mut number = 1;
    for (expansion, channels, repeats, first_stride) in BOTTLENECKS {
        for repeat in 0..repeats {
            let stride = if repeat == 0 { first_stride } else { 1 };
            x = bottleneck(&mut net, &format!("features.{number}"), expansion, channels, stride, x);
            number += 1;
        }
    }
    let x = conv_bn_act(&mut net, &format!("features.{number}"), same(1280, 1, 1), RELU6, x);
    let x = channel_means(&mut net, x);
    let x = net.layer("dropout", Op::Dropout, &[x]);
    linear(&mut net, "fc", CLASSES, x);
    net
}

/// Expand, filter each channel, project; an expansion of 1 is left out.
fn bottleneck(net: &mut Net, name: &str, expansion: u32, channels: u32, stride: u32, from: Source) -> Source {
    let hidden = expansion * net.shape(from).channels;
    let mut x = from;
    if expansion > 1 {
        x = conv_bn_act(net, &format!("{name}.expand"), same(hidden, 1, 1), RELU6, x);
    }
    let x = conv_bn_act(net, &format!("{name}.depthwise"), depthwise(hidden, 3, stride), RELU6, x);
    let x = conv_bn(net, &format!("{name}.project"), same(channels, 1, 1), x);
    residual(net, name, from, x)
}
