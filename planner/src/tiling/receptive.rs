//! The receptive field of a region, one layer backwards (planning model §2).

use crate::base::{Region, Span};
use crate::network::{Axis, Op, Shape, Window};

/// What a layer needs of one input to produce `out` of its output.
///
/// `input` is that input's shape and `output` the layer's. Ops that are not tileable need the
/// whole input for any region that is not empty, as does an input that is broadcast over the map.
pub fn input_region(op: &Op, out: Region, input: Shape, output: Shape) -> Region {
    if out.is_empty() {
        return Region::EMPTY;
    }
    let axes = |rows: Span, columns: Span| Region::new(rows, columns);
    match op {
        Op::Conv(conv) => slid(conv.window, out, input),
        Op::MaxPool(pool) | Op::AvgPool(pool) => slid(pool.window, out, input),
        Op::ConvTranspose(conv, _) => axes(
            spread(conv.window.rows, out.rows, input.height),
            spread(conv.window.columns, out.columns, input.width),
        ),
        Op::Add | Op::Mul if (input.height, input.width) != (output.height, output.width) => {
            Region::whole(input.height, input.width)
        }
        Op::Add
        | Op::Mul
        | Op::Concat
        | Op::Activation(_)
        | Op::BatchNorm
        | Op::Lrn
        | Op::Dropout
        | Op::ChannelShuffle { .. }
        | Op::Slice { .. } => out,
        Op::Upsample { factor } => axes(shrunk(out.rows, factor[0]), shrunk(out.columns, factor[1])),
        Op::Pad { padding: [top, left, ..] } => {
            axes(shifted(out.rows, *top, input.height), shifted(out.columns, *left, input.width))
        }
        Op::SpaceToDepth { block } => axes(grown(out.rows, *block), grown(out.columns, *block)),
        Op::Linear { .. }
        | Op::GlobalAvgPool
        | Op::AdaptiveAvgPool { .. }
        | Op::Flatten
        | Op::Softmax
        | Op::Custom { .. } => Region::whole(input.height, input.width),
    }
}

#[inline]
fn slid(window: Window, out: Region, input: Shape) -> Region {
    let along = |axis: Axis, span: Span, length: u32| {
        let (stride, before) = (i64::from(axis.stride), i64::from(axis.before));
        let first = i64::from(span.start()) * stride - before;
        let last = (i64::from(span.end()) - 1) * stride - before;
        Span::clipped(first, last + axis.extent() as i64, length)
    };
    Region::new(along(window.rows, out.rows, input.height), along(window.columns, out.columns, input.width))
}

/// Inputs `i` with an output `o = i·s − p + t·d` in the span, for some tap `t`.
fn spread(axis: Axis, span: Span, length: u32) -> Span {
    let (stride, before) = (i64::from(axis.stride), i64::from(axis.before));
    let first = i64::from(span.start()) + before - (axis.extent() as i64 - 1);
    let last = i64::from(span.end()) - 1 + before;
    Span::clipped(-(-first).div_euclid(stride), last.div_euclid(stride) + 1, length)
}

fn shrunk(span: Span, factor: u32) -> Span {
    Span::new(span.start() / factor, span.end().div_ceil(factor))
}

fn grown(span: Span, factor: u32) -> Span {
    Span::new(span.start() * factor, span.end() * factor)
}

fn shifted(span: Span, before: u32, length: u32) -> Span {
    let before = i64::from(before);
    Span::clipped(i64::from(span.start()) - before, i64::from(span.end()) - before, length)
}
