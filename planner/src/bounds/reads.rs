//! How much of a fused block's input so many of its tiles read at least, whichever they are.
//!
//! A block's tiles are the products of some rows and some columns, and so are the regions that they read: boxes whose
//! rows are those of the tile's row and whose columns those of its column. Of tiles with so many in each row the union
//! is, in every line, at least as wide as the narrowest union of as many columns as the fullest row has that reads the
//! line.

use super::Single;
use crate::base::{Span, sort_few};

/// The regions of tiles on one axis, ascending.
pub type Axis = Vec<Span>;

/// More ways than this to put tiles into rows are not tried.
const MOST_PROFILES: u64 = 1 << 12;

impl Single {
    /// The rows and the columns that the tiles need at a boundary.
    pub fn axes(&self, boundary: usize) -> [Axis; 2] {
        let across = self.grid.dimensions()[1] as usize;
        let region = |tile: usize| self.columns[tile].region(self.from, boundary);
        let rows = (0..self.columns.len() / across).map(|row| region(row * across).rows);
        [rows.collect(), (0..across).map(|column| region(column).columns).collect()]
    }
}

/// By region: the cells that it meets, as a range of them. Cells ascend and do not overlap.
pub fn met(regions: &[Span], cells: &[Span]) -> Axis {
    let of = |region: &Span| {
        let meets = |cell: &&Span| !cell.intersect(*region).is_empty();
        let first = cells.iter().take_while(|cell| !meets(cell)).count();
        let count = cells[first..].iter().take_while(meets).count();
        Span::new(first as u32, (first + count) as u32)
    };
    regions.iter().map(of).collect()
}

/// By number of boxes: the least area of their union. The boxes are the products of the spans of two axes, none of
/// them empty; starts and ends ascend along an axis.
pub fn least_areas(rows: &[Span], columns: &[Span]) -> Vec<u64> {
    let profiles = |rows: &[Span], columns: &[Span]| (columns.len() as u64 + 1).saturating_pow(rows.len() as u32);
    let [few, many] = if profiles(rows, columns) > profiles(columns, rows) { [columns, rows] } else { [rows, columns] };
    let widths = least_unions(many);
    let boxes = few.len() * many.len();
    if profiles(few, many) > MOST_PROFILES {
        let one = widths[1] * few.iter().map(|span| u64::from(span.len())).min().unwrap_or(0);
        return (0..=boxes).map(|count| if count > 0 { one } else { 0 }).collect();
    }
    let bands = bands(few);
    let mut least = vec![u64::MAX; boxes + 1];
    // By row: how many of its boxes.
    let mut profile = vec![0; few.len()];
    loop {
        let width = |rows: &[usize]| rows.iter().map(|&row| widths[profile[row]]).max().unwrap_or(0);
        let area: u64 = bands.iter().map(|(height, rows)| height * width(rows)).sum();
        let known = &mut least[profile.iter().sum::<usize>()];
        *known = area.min(*known);
        let Some(row) = profile.iter().position(|&boxes| boxes < many.len()) else { return least };
        profile[..row].fill(0);
        profile[row] += 1;
    }
}

/// Where the same spans overlap: how long, and which.
fn bands(spans: &[Span]) -> Vec<(u64, Vec<usize>)> {
    let mut bounds: Vec<u64> = spans.iter().flat_map(|span| [span.start(), span.end()]).map(u64::from).collect();
    sort_few(&mut bounds);
    let band = |ends: &[u64]| {
        let holds = |&at: &usize| u64::from(spans[at].start()) <= ends[0] && ends[1] <= u64::from(spans[at].end());
        (ends[1] - ends[0], (0..spans.len()).filter(holds).collect())
    };
    bounds.windows(2).map(band).filter(|(length, _)| *length > 0).collect()
}

/// By number of spans: the least length of their union. Starts and ends ascend.
fn least_unions(spans: &[Span]) -> Vec<u64> {
    let mut least = vec![0];
    // By span: the least length of a union of so many of which it is the last.
    let mut ends_with: Vec<u64> = spans.iter().map(|span| u64::from(span.len())).collect();
    for _ in spans {
        least.push(ends_with.iter().copied().min().unwrap_or(0));
        let more = |(last, span): (usize, &Span)| {
            let behind = |(before, &length): (&Span, &u64)| {
                length.saturating_add(u64::from(span.end() - span.start().max(before.end()).min(span.end())))
            };
            let before = spans[..last].iter().zip(&ends_with);
            before.map(behind).min().unwrap_or(u64::MAX)
        };
        ends_with = spans.iter().enumerate().map(more).collect();
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Region;

    /// Spans that ascend, some of which overlap several others.
    fn spans(seed: u64, count: u32) -> Axis {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut draw = |most: u32| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % u64::from(most)) as u32
        };
        let (mut start, mut end) = (draw(2), 0);
        let mut all = Vec::new();
        for _ in 0..count {
            end = (start + 1 + draw(4)).max(end);
            all.push(Span::new(start, end));
            start += draw(3);
        }
        all
    }

    #[test]
    fn unions_are_the_least_of_all_subsets() {
        let (mut equal, mut all) = (0, 0);
        for seed in 0..300 {
            let (rows, columns) = (spans(seed, 1 + seed as u32 % 4), spans(seed + 1000, 1 + seed as u32 / 4 % 3));
            let boxes: Vec<Region> =
                rows.iter().flat_map(|&rows| columns.iter().map(move |&columns| Region::new(rows, columns))).collect();
            let mut least = vec![u64::MAX; boxes.len() + 1];
            for subset in 0..1_u32 << boxes.len() {
                let of = |y: u32, x: u32| {
                    let point = Region::new(Span::new(y, y + 1), Span::new(x, x + 1));
                    (0..boxes.len()).any(|at| subset >> at & 1 == 1 && boxes[at].contains(point))
                };
                let area: u64 = (0..20).map(|y| (0..20).filter(|&x| of(y, x)).count() as u64).sum();
                let known = &mut least[subset.count_ones() as usize];
                *known = area.min(*known);
            }
            let found = least_areas(&rows, &columns);
            assert!(found.iter().zip(&least).all(|(found, least)| found <= least), "{found:?} {least:?}");
            equal += found.iter().zip(&least).filter(|(found, least)| found == least).count();
            all += least.len();
        }
        assert!(equal * 10 >= all * 9, "{equal} of {all} are exact");
    }

    #[test]
    fn cells_are_met_where_a_region_holds_a_part_of_them() {
        let cells = [Span::new(0, 3), Span::new(3, 6), Span::new(6, 9)];
        assert_eq!(met(&[Span::new(0, 4), Span::new(3, 6)], &cells), [Span::new(0, 2), Span::new(1, 2)]);
    }
}
