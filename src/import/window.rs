//! Windows as other frameworks give them.

use crate::network::{Axis, Window};

/// A window of an axis pair each: kernel, strides, dilations; pads are top, left, bottom, right.
pub(super) fn of(
    kernel: [u32; 2],
    strides: [u32; 2],
    dilations: [u32; 2],
    [top, left, bottom, right]: [u32; 4],
) -> Window {
    let axis = |i: usize, before: u32, after: u32| Axis {
        kernel: kernel[i],
        stride: strides[i],
        dilation: dilations[i],
        before,
        after,
    };
    Window { rows: axis(0, top, bottom), columns: axis(1, left, right) }
}

/// The extent of a kernel: `dilation·(kernel − 1) + 1`.
fn extent(kernel: u32, dilation: u32) -> u64 {
    u64::from(dilation) * u64::from(kernel.saturating_sub(1)) + 1
}

/// The pads with which an output has as many elements as the input has steps; an odd one goes behind where
/// `upper`, else before.
pub(super) fn same(
    length: [u32; 2],
    kernel: [u32; 2],
    strides: [u32; 2],
    dilations: [u32; 2],
    upper: bool,
) -> [u32; 4] {
    let pads = |i: usize| {
        let (length, stride) = (u64::from(length[i]), u64::from(strides[i].max(1)));
        let reached = (length.div_ceil(stride).saturating_sub(1)) * stride + extent(kernel[i], dilations[i]);
        halves(reached.saturating_sub(length), upper)
    };
    let ([top, bottom], [left, right]) = (pads(0), pads(1));
    [top, left, bottom, right]
}

fn halves(total: u64, upper: bool) -> [u32; 2] {
    let less = u32::try_from(total / 2).unwrap_or(u32::MAX);
    let more = u32::try_from(total.div_ceil(2)).unwrap_or(u32::MAX);
    if upper { [less, more] } else { [more, less] }
}

/// A transposed window, and the extra rows and columns, that make an output of a given size.
pub(super) fn transposed(
    length: [u32; 2],
    out: [u32; 2],
    kernel: [u32; 2],
    strides: [u32; 2],
    dilations: [u32; 2],
    extra: [u32; 2],
    upper: bool,
) -> (Window, [u32; 2]) {
    let sides = |i: usize| {
        let full = u64::from(length[i].saturating_sub(1)) * u64::from(strides[i]) + extent(kernel[i], dilations[i]);
        let full = full + u64::from(extra[i]);
        let out = u64::from(out[i]);
        let missing = u32::try_from(out.saturating_sub(full)).unwrap_or(u32::MAX);
        (halves(full.saturating_sub(out), upper), extra[i].saturating_add(missing))
    };
    let (([top, bottom], extra_rows), ([left, right], extra_columns)) = (sides(0), sides(1));
    (of(kernel, strides, dilations, [top, left, bottom, right]), [extra_rows, extra_columns])
}
