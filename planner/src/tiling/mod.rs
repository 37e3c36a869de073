//! Tiles: grids over a block's output, and the region that each tile needs of every layer before.
//!
//! Entry points: [`Grid`], [`Tracer`]. Must not know processors, times, plans or the browser.

mod grid;
mod receptive;
mod trace;

pub use grid::{Grid, GridError, MAX_TILES};
pub use receptive::input_region;
pub use trace::Tracer;
