//! Which grids a block of a group may have.

use super::Tiles;
use crate::bounds::Single;

/// A block of a group of which something is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// Its last stage.
    pub last: usize,
    /// Which grids it may have.
    pub grids: Grids,
}

/// Grids of a block, transposed ones left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grids {
    /// All of the space.
    Any,
    /// Those of so many rows and columns.
    Of([usize; 2]),
    /// An even one, by its place in [`crate::bounds::Singles::ends`].
    Even(usize),
    /// Those with boundaries at places, of so many rows and columns, of which the first boundaries are chosen.
    Placed([usize; 2], [Vec<u8>; 2]),
}

impl Grids {
    /// Whether it is one grid.
    pub fn is_one(&self) -> bool {
        match self {
            Self::Any | Self::Of(_) => false,
            Self::Even(_) => true,
            Self::Placed(parts, chosen) => (0..2).all(|axis| chosen[axis].len() == parts[axis] + 1),
        }
    }

    /// How many rows and columns they may have, of blocks that end with `last`.
    pub(super) fn parts(&self, last: usize, tiles: Tiles) -> Vec<[usize; 2]> {
        match *self {
            Self::Any => dimensions(last, tiles),
            Self::Of(parts) | Self::Placed(parts, _) => vec![parts],
            Self::Even(_) => Vec::new(),
        }
    }

    /// Whether an even grid is one of these.
    pub(super) fn has(&self, single: &Single, tiles: Tiles) -> bool {
        match *self {
            Self::Any => true,
            Self::Of(parts) => parts_of(single) == parts,
            Self::Even(end) => tiles.singles.ends.get(end).is_some_and(|even| std::ptr::eq(even, single)),
            Self::Placed(..) => false,
        }
    }

    /// Whether a part of an axis may lie between two of its places.
    pub(super) fn may_lie(&self, axis: usize, [from, to]: [usize; 2]) -> bool {
        let Self::Placed(_, chosen) = self else { return true };
        let chosen = &chosen[axis];
        match chosen.iter().position(|&at| usize::from(at) >= from) {
            Some(at) if usize::from(chosen[at]) == from => {
                chosen.get(at + 1).is_none_or(|&next| usize::from(next) == to)
            }
            found => found.is_none(),
        }
    }

    /// All of these, in parts of which more is known.
    pub fn split(&self, last: usize, tiles: Tiles) -> Vec<Self> {
        match self {
            Self::Any => dimensions(last, tiles).into_iter().map(Self::Of).collect(),
            &Self::Of(parts) => {
                let even = tiles.even(last).filter(|(_, single)| parts_of(single) == parts);
                let placed = tiles.spans(last).map(|_| Self::Placed(parts, [vec![0], vec![0]]));
                even.map(|(end, _)| Self::Even(end)).chain(placed).collect()
            }
            Self::Even(_) => Vec::new(),
            Self::Placed(parts, chosen) => {
                let Some(spans) = tiles.spans(last) else { return Vec::new() };
                let is_open = |&axis: &usize| chosen[axis].len() <= parts[axis];
                // The axis of fewer parts first.
                let Some(axis) = (0..2).filter(is_open).min_by_key(|&axis| parts[axis]) else { return Vec::new() };
                let end = spans.axes()[axis].len() - 1;
                let left = parts[axis] + 1 - chosen[axis].len();
                let from = chosen[axis].last().map_or(0, |&at| usize::from(at) + 1);
                let range = if left == 1 { end..=end } else { from..=end + 1 - left };
                let with = |at: usize| {
                    let mut chosen = chosen.clone();
                    chosen[axis].push(at as u8);
                    Self::Placed(*parts, chosen)
                };
                range.map(with).collect()
            }
        }
    }

    /// The transposed grid of one, where all but that one stand for both.
    pub fn mirrored(&self, last: usize, tiles: Tiles) -> Option<Self> {
        let ends = &tiles.singles.ends;
        match self {
            Self::Even(of) => ends.iter().position(|single| single.mirror_of == Some(*of)).map(Self::Even),
            Self::Placed([rows, columns], [ways, others]) => {
                let is_other = |single: &Single| {
                    single.last == last && single.mirror_of.is_some() && parts_of(single) == [*columns, *rows]
                };
                ends.iter().any(is_other).then(|| Self::Placed([*columns, *rows], [others.clone(), ways.clone()]))
            }
            _ => None,
        }
    }

    /// The grid, where it is one, of a block that begins at `first`.
    pub fn single(&self, [first, last]: [usize; 2], tiles: Tiles) -> Option<Single> {
        match self {
            Self::Even(end) => tiles.singles.ends.get(*end).cloned(),
            Self::Placed(_, chosen) if self.is_one() => {
                let [rows, columns] =
                    chosen.each_ref().map(|chosen| chosen.iter().map(|&at| usize::from(at)).collect::<Vec<_>>());
                tiles.spans(last)?.single(first, &rows, &columns)
            }
            _ => None,
        }
    }
}

/// How many rows and columns the grids of blocks that end with `last` have.
fn dimensions(last: usize, tiles: Tiles) -> Vec<[usize; 2]> {
    tiles.even(last).map(|(_, single)| parts_of(single)).collect()
}

/// How many rows and columns a grid has.
pub(super) fn parts_of(single: &Single) -> [usize; 2] {
    single.grid.dimensions().map(|count| count as usize)
}
