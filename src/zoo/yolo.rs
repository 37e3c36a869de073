//! YOLOv2 and its tiny variant (Redmon and Farhadi 2017), layers as in Darknet's configurations.

use super::make::{Net, conv, conv_bn_act, max_pool, same};
use crate::network::{Axis, Conv, Op, Shape, Source, Window};

const HALVING: Window = Window::square(2, 2, 0);
/// Convolutions in each of Darknet-19's groups, between which pools halve the map.
const DARKNET: [u32; 6] = [1, 1, 3, 3, 5, 5];

/// Five anchors, each with a box, a confidence and the classes.
const fn outputs(classes: u32) -> u32 {
    5 * (4 + 1 + classes)
}

/// Tiny-YOLOv2 for the 20 classes of Pascal VOC and 416×416 pictures.
pub(super) fn tiny_yolov2() -> Net {
    let mut net = Net::new("Tiny-YOLOv2", Shape::new(3, 416, 416));
    let mut x = Source::Input;
    for number in 1..=6 {
        x = unit(&mut net, number, same(8 << number, 3, 1), x);
        let window = if number < 6 { HALVING } else { keeping() };
        x = max_pool(&mut net, &format!("pool{number}"), window, x);
    }
    x = unit(&mut net, 7, same(1024, 3, 1), x);
    x = unit(&mut net, 8, same(1024, 3, 1), x);
    conv(&mut net, "conv9", same(outputs(20), 1, 1), x);
    net
}

/// YOLOv2 for the 80 classes of COCO and square pictures whose side is a multiple of 32.
pub(super) fn yolov2(name: &str, side: u32) -> Net {
    let mut builder = Net::new(name, Shape::new(3, side, side));
    let net = &mut builder;
    let fine = (0..5).fold(Source::Input, |x, group| darknet_group(net, group, x));
    let coarse = darknet_group(net, 5, fine);
    let coarse = unit(net, 19, same(1024, 3, 1), coarse);
    let coarse = unit(net, 20, same(1024, 3, 1), coarse);
    let fine = unit(net, 21, same(64, 1, 1), fine);
    let fine = net.layer("reorg", Op::SpaceToDepth { block: 2 }, &[fine]);
    let x = net.layer("route", Op::Concat, &[fine, coarse]);
    let x = unit(net, 22, same(1024, 3, 1), x);
    conv(net, "conv23", same(outputs(80), 1, 1), x);
    builder
}

/// A pool (but before the first group), then 3×3 convolutions with 1×1 of half the width between them.
fn darknet_group(net: &mut Net, group: usize, from: Source) -> Source {
    let mut x = from;
    if group > 0 {
        x = max_pool(net, &format!("pool{group}"), HALVING, x);
    }
    let width = 32 << group;
    let before: u32 = DARKNET[..group].iter().sum();
    for index in 1..=DARKNET[group] {
        let spec = if index % 2 == 1 { same(width, 3, 1) } else { same(width / 2, 1, 1) };
        x = unit(net, before + index, spec, x);
    }
    x
}

/// Darknet's convolution: batch norm and a leaky rectifier.
fn unit(net: &mut Net, number: u32, spec: Conv, from: Source) -> Source {
    conv_bn_act(net, &format!("conv{number}"), spec, "leaky_relu", from)
}

/// The pool that keeps the size: a row and a column more at the bottom and right only.
const fn keeping() -> Window {
    let axis = Axis { kernel: 2, stride: 1, dilation: 1, before: 0, after: 1 };
    Window { rows: axis, columns: axis }
}
