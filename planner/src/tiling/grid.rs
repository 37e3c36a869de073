//! Grids: row and column boundaries over a block's output.

use crate::base::{Region, Span};

/// The most tiles of one grid.
pub const MAX_TILES: usize = 256;

/// Boundaries `0 = y₀ < … < yᵣ = H` and `0 = x₀ < … < x_c = W`; a tile is one cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grid {
    rows: Vec<u32>,
    columns: Vec<u32>,
}

/// Why boundaries are no grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GridError {
    /// They do not rise from 0 to the length of the axis.
    #[error("boundaries must rise from 0 to the output's height and width")]
    Boundaries,
    /// More rows or columns of tiles than the map has, or none.
    #[error("the grid has more rows or columns than the map, or none")]
    TooFine,
    /// More than [`MAX_TILES`] tiles.
    #[error("the grid has more than {MAX_TILES} tiles")]
    TooMany,
}

impl Grid {
    /// The even grid of `rows × columns` cells: boundaries `⌊i·H/rows⌋`, `⌊j·W/columns⌋`.
    ///
    /// # Errors
    /// More rows or columns than the map has, or too many tiles.
    pub fn even(rows: u32, columns: u32, height: u32, width: u32) -> Result<Self, GridError> {
        if rows == 0 || columns == 0 || rows > height || columns > width {
            return Err(GridError::TooFine);
        }
        if rows as usize * columns as usize > MAX_TILES {
            return Err(GridError::TooMany);
        }
        let split = |parts: u32, length: u32| {
            (0..=parts).map(|i| (u64::from(i) * u64::from(length) / u64::from(parts)) as u32).collect()
        };
        Ok(Self { rows: split(rows, height), columns: split(columns, width) })
    }

    /// One cell: the map is not split.
    pub fn whole(height: u32, width: u32) -> Self {
        Self { rows: vec![0, height], columns: vec![0, width] }
    }

    /// A grid of any boundaries over a `height × width` map.
    ///
    /// # Errors
    /// They do not rise from 0 to the length, or make too many tiles.
    pub fn new(rows: Vec<u32>, columns: Vec<u32>, height: u32, width: u32) -> Result<Self, GridError> {
        let rises = |bounds: &[u32], length: u32| {
            bounds.first() == Some(&0) && bounds.last() == Some(&length) && bounds.windows(2).all(|w| w[0] < w[1])
        };
        if !rises(&rows, height) || !rises(&columns, width) {
            return Err(GridError::Boundaries);
        }
        if (rows.len() - 1) * (columns.len() - 1) > MAX_TILES {
            return Err(GridError::TooMany);
        }
        Ok(Self { rows, columns })
    }

    /// Row boundaries.
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// Column boundaries.
    pub fn columns(&self) -> &[u32] {
        &self.columns
    }

    /// Number of rows and columns of cells.
    pub fn dimensions(&self) -> [u32; 2] {
        [self.rows.len() as u32 - 1, self.columns.len() as u32 - 1]
    }

    /// Rows and columns exchanged.
    pub fn transposed(&self) -> Self {
        Self { rows: self.columns.clone(), columns: self.rows.clone() }
    }

    /// Number of tiles.
    pub fn tiles(&self) -> usize {
        (self.rows.len() - 1) * (self.columns.len() - 1)
    }

    /// Whether the block is split at all.
    pub fn is_split(&self) -> bool {
        self.tiles() > 1
    }

    /// The cells, row by row, each with its row and column in the grid.
    pub fn cells(&self) -> impl Iterator<Item = ([u32; 2], Region)> + '_ {
        (0u32..).zip(self.rows.windows(2)).flat_map(move |(r, y)| {
            (0u32..)
                .zip(self.columns.windows(2))
                .map(move |(c, x)| ([r, c], Region::new(Span::new(y[0], y[1]), Span::new(x[0], x[1]))))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_grids_floor_their_boundaries() -> Result<(), GridError> {
        let grid = Grid::even(3, 2, 13, 13)?;
        assert_eq!(grid.rows(), [0, 4, 8, 13]);
        assert_eq!(grid.columns(), [0, 6, 13]);
        assert_eq!(grid.cells().map(|(_, cell)| cell.area()).sum::<u64>(), 169);
        assert_eq!(Grid::even(14, 1, 13, 13), Err(GridError::TooFine));
        assert_eq!(Grid::new(vec![0, 5, 5, 13], vec![0, 13], 13, 13), Err(GridError::Boundaries));
        Ok(())
    }
}
