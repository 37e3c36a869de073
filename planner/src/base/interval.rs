//! Half-open integer intervals and the boxes they span.

use serde::{Deserialize, Serialize};

/// A half-open interval `[start, end)` of rows or columns. Every empty interval is `[0, 0)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "[u32; 2]", from = "[u32; 2]")]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The empty interval.
    pub const EMPTY: Self = Self { start: 0, end: 0 };

    /// `[start, end)`, or the empty interval where `end <= start`.
    #[inline]
    pub const fn new(start: u32, end: u32) -> Self {
        if end <= start { Self::EMPTY } else { Self { start, end } }
    }

    /// `[0, length)`.
    #[inline]
    pub const fn whole(length: u32) -> Self {
        Self { start: 0, end: length }
    }

    /// The part of `[start, end)` that lies in `[0, length)`.
    #[inline]
    pub fn clipped(start: i64, end: i64, length: u32) -> Self {
        let end = end.clamp(0, i64::from(length)) as u32;
        let start = start.clamp(0, i64::from(length)) as u32;
        Self::new(start, end)
    }

    /// First index inside.
    #[inline]
    pub const fn start(self) -> u32 {
        self.start
    }

    /// First index behind.
    #[inline]
    pub const fn end(self) -> u32 {
        self.end
    }

    /// Number of indices inside.
    #[inline]
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether nothing is inside.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.end == self.start
    }

    /// What both hold.
    #[inline]
    pub fn intersect(self, other: Self) -> Self {
        Self::new(self.start.max(other.start), self.end.min(other.end))
    }
}

impl From<Span> for [u32; 2] {
    fn from(span: Span) -> Self {
        [span.start, span.end]
    }
}

impl From<[u32; 2]> for Span {
    fn from([start, end]: [u32; 2]) -> Self {
        Self::new(start, end)
    }
}

/// A box of rows × columns, through all channels. The empty region is `[0, 0) × [0, 0)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Region {
    /// Rows inside.
    pub rows: Span,
    /// Columns inside.
    pub columns: Span,
}

impl Region {
    /// The region that costs, sends and depends on nothing.
    pub const EMPTY: Self = Self { rows: Span::EMPTY, columns: Span::EMPTY };

    /// `rows × columns`; empty where either is.
    #[inline]
    pub const fn new(rows: Span, columns: Span) -> Self {
        if rows.is_empty() || columns.is_empty() { Self::EMPTY } else { Self { rows, columns } }
    }

    /// The whole of a `height × width` map.
    #[inline]
    pub const fn whole(height: u32, width: u32) -> Self {
        Self::new(Span::whole(height), Span::whole(width))
    }

    /// Whether nothing is inside.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.rows.is_empty()
    }

    /// Number of positions inside.
    #[inline]
    pub const fn area(self) -> u64 {
        self.rows.len() as u64 * self.columns.len() as u64
    }

    /// What both hold.
    #[inline]
    pub fn intersect(self, other: Self) -> Self {
        Self::new(self.rows.intersect(other.rows), self.columns.intersect(other.columns))
    }

    /// The smallest box that holds both; an empty one widens nothing.
    #[inline]
    pub fn bounding(self, other: Self) -> Self {
        if self.is_empty() {
            return other;
        }
        if other.is_empty() {
            return self;
        }
        Self {
            rows: Span::new(self.rows.start.min(other.rows.start), self.rows.end.max(other.rows.end)),
            columns: Span::new(self.columns.start.min(other.columns.start), self.columns.end.max(other.columns.end)),
        }
    }

    /// Whether `other` lies inside.
    pub fn contains(self, other: Self) -> bool {
        other.is_empty() || self.intersect(other) == other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_regions_widen_nothing() {
        let a = Region::new(Span::new(3, 5), Span::new(7, 9));
        assert_eq!(a.bounding(Region::EMPTY), a);
        assert_eq!(Region::EMPTY.bounding(a), a);
        assert_eq!(Region::new(Span::new(3, 3), Span::new(7, 9)), Region::EMPTY);
    }

    #[test]
    fn clipping_keeps_only_the_inside() {
        assert_eq!(Span::clipped(-3, 4, 10), Span::new(0, 4));
        assert_eq!(Span::clipped(8, 14, 10), Span::new(8, 10));
        assert_eq!(Span::clipped(12, 14, 10), Span::EMPTY);
        assert_eq!(Span::clipped(-4, -1, 10), Span::EMPTY);
    }
}
