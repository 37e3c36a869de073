//! EfficientNet-B0 (Tan and Le 2019): inverted residuals with squeeze-and-excitation gates.

use super::make::{
    CLASSES, Net, PICTURE, activation, channel_means, conv, conv_act, conv_bn, conv_bn_act, depthwise, linear,
    residual, same,
};
use crate::network::{Op, Source};

const SILU: &str = "silu";

/// One row of the paper's table 1.
struct Row {
    expansion: u32,
    kernel: u32,
    first_stride: u32,
    channels: u32,
    repeats: u32,
}

const fn row(expansion: u32, kernel: u32, first_stride: u32, channels: u32, repeats: u32) -> Row {
    Row { expansion, kernel, first_stride, channels, repeats }
}

const ROWS: [Row; 7] = [
    row(1, 3, 1, 16, 1),
    row(6, 3, 2, 24, 2),
    row(6, 5, 2, 40, 2),
    row(6, 3, 2, 80, 3),
    row(6, 5, 1, 112, 3),
    row(6, 5, 2, 192, 4),
    row(6, 3, 1, 320, 1),
];

/// EfficientNet-B0 for 224×224 pictures.
pub(super) fn efficientnet_b0() -> Net {
    let mut builder = Net::new("EfficientNet-B0", PICTURE);
    let net = &mut builder;
    let mut x = conv_bn_act(net, "features.0", same(32, 3, 2), SILU, Source::Input);
    for (number, row) in (1..).zip(&ROWS) {
        for repeat in 0..row.repeats {
            let stride = if repeat == 0 { row.first_stride } else { 1 };
            x = mbconv(net, &format!("features.{number}.{repeat}"), row, stride, x);
        }
    }
    let x = conv_bn_act(net, "features.8", same(1280, 1, 1), SILU, x);
    let x = channel_means(net, x);
    let x = net.layer("dropout", Op::Dropout, &[x]);
    linear(net, "fc", CLASSES, x);
    builder
}

/// Expand, filter each channel, gate, project; an expansion of 1 is left out.
fn mbconv(net: &mut Net, name: &str, row: &Row, stride: u32, from: Source) -> Source {
    let channels = net.shape(from).channels;
    let hidden = row.expansion * channels;
    let mut x = from;
    if row.expansion > 1 {
        x = conv_bn_act(net, &format!("{name}.expand"), same(hidden, 1, 1), SILU, x);
    }
    let x = conv_bn_act(net, &format!("{name}.depthwise"), depthwise(hidden, row.kernel, stride), SILU, x);
    let x = gate(net, &format!("{name}.se"), channels / 4, x);
    let x = conv_bn(net, &format!("{name}.project"), same(row.channels, 1, 1), x);
    residual(net, name, from, x)
}

/// Weighs each channel by a function of all channels' means.
fn gate(net: &mut Net, name: &str, squeezed: u32, from: Source) -> Source {
    let channels = net.shape(from).channels;
    let x = net.layer(&format!("{name}.pool"), Op::GlobalAvgPool, &[from]);
    let x = conv_act(net, &format!("{name}.reduce"), same(squeezed, 1, 1), SILU, x);
    let x = conv(net, &format!("{name}.expand"), same(channels, 1, 1), x);
    let weights = activation(net, name, "sigmoid", x);
    net.layer(&format!("{name}.mul"), Op::Mul, &[from, weights])
}
