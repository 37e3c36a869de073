//! Regions of tensors, and what a layer needs of its input (planning model §2).

use crate::base::{Region, Span};
use crate::network::{Axis, Op, Shape, Window};

/// Half-open positions along one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub from: i64,
    pub to: i64,
}

/// Rows × columns of a tensor, through all its channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Patch {
    pub rows: Range,
    pub columns: Range,
}

impl Patch {
    /// Nothing.
    pub(super) const EMPTY: Self = Self { rows: Range { from: 0, to: 0 }, columns: Range { from: 0, to: 0 } };

    /// `rows × columns`; nothing where either is empty.
    pub(super) fn new(rows: Range, columns: Range) -> Self {
        if rows.from < rows.to && columns.from < columns.to { Self { rows, columns } } else { Self::EMPTY }
    }

    /// All of a tensor.
    pub(super) fn all(shape: Shape) -> Self {
        let whole = |length: u32| Range { from: 0, to: i64::from(length) };
        Self::new(whole(shape.height), whole(shape.width))
    }

    /// Whether it holds nothing.
    pub(super) fn is_empty(self) -> bool {
        self == Self::EMPTY
    }

    /// Its positions.
    pub(super) fn area(self) -> u128 {
        let length = |range: Range| u128::from(range.to.abs_diff(range.from));
        length(self.rows) * length(self.columns)
    }

    /// What is in both.
    pub(super) fn and(self, other: Self) -> Self {
        let both = |a: Range, b: Range| Range { from: a.from.max(b.from), to: a.to.min(b.to) };
        Self::new(both(self.rows, other.rows), both(self.columns, other.columns))
    }

    /// The smallest patch around both.
    pub(super) fn around(self, other: Self) -> Self {
        let hull = |a: Range, b: Range| Range { from: a.from.min(b.from), to: a.to.max(b.to) };
        match (self.is_empty(), other.is_empty()) {
            (true, _) => other,
            (_, true) => self,
            _ => Self::new(hull(self.rows, other.rows), hull(self.columns, other.columns)),
        }
    }

    /// The same in the documents' type.
    pub(super) fn region(self) -> Region {
        let bound = |position: i64| u32::try_from(position).unwrap_or(u32::MAX);
        let span = |range: Range| Span::new(bound(range.from), bound(range.to));
        Region::new(span(self.rows), span(self.columns))
    }
}

/// What a layer with `output` needs of an input of shape `input` to produce `out`.
pub(super) fn needed(op: &Op, out: Patch, input: Shape, output: Shape) -> Patch {
    if out.is_empty() {
        return Patch::EMPTY;
    }
    let broadcast = matches!(op, Op::Add | Op::Mul) && (input.height, input.width) != (output.height, output.width);
    let global = matches!(
        op,
        Op::Linear { .. }
            | Op::Flatten
            | Op::GlobalAvgPool
            | Op::AdaptiveAvgPool { .. }
            | Op::Softmax
            | Op::Custom { .. }
    );
    if broadcast || global {
        return Patch::all(input);
    }
    let clip = |range: Range, length: u32| {
        let length = i64::from(length);
        Range { from: range.from.clamp(0, length), to: range.to.clamp(0, length) }
    };
    Patch::new(clip(along(op, 0, out.rows), input.height), clip(along(op, 1, out.columns), input.width))
}

/// Rows (axis 0) or columns (axis 1) behind those of the output, not clipped.
fn along(op: &Op, axis: usize, out: Range) -> Range {
    match op {
        Op::Conv(conv) => slid(side(conv.window, axis), out),
        Op::MaxPool(pool) | Op::AvgPool(pool) => slid(side(pool.window, axis), out),
        Op::ConvTranspose(conv, _) => written(side(conv.window, axis), out),
        Op::Upsample { factor } => {
            let factor = i64::from(factor[axis]);
            Range { from: out.from.div_euclid(factor), to: (out.to - 1).div_euclid(factor) + 1 }
        }
        Op::Pad { padding } => {
            let before = i64::from(padding[axis]);
            Range { from: out.from - before, to: out.to - before }
        }
        Op::SpaceToDepth { block } => Range { from: out.from * i64::from(*block), to: out.to * i64::from(*block) },
        _ => out,
    }
}

fn side(window: Window, axis: usize) -> Axis {
    if axis == 0 { window.rows } else { window.columns }
}

/// From the first tap of the first window to the last tap of the last one.
fn slid(axis: Axis, out: Range) -> Range {
    let window = |position: i64| position * i64::from(axis.stride) - i64::from(axis.before);
    let reach = i64::from(axis.dilation) * (i64::from(axis.kernel) - 1);
    Range { from: window(out.from), to: window(out.to - 1) + reach + 1 }
}

/// The inputs whose windows, from first to last tap, meet the output's positions.
fn written(axis: Axis, out: Range) -> Range {
    let (stride, before) = (i64::from(axis.stride), i64::from(axis.before));
    let reach = i64::from(axis.dilation) * (i64::from(axis.kernel) - 1);
    // Input i writes from i·s − p to i·s − p + reach.
    let first_that_reaches = (out.from + before - reach - 1).div_euclid(stride) + 1;
    let first_behind = (out.to + before - 1).div_euclid(stride) + 1;
    Range { from: first_that_reaches, to: first_behind }
}
