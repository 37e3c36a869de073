//! What no plan can beat, and what fusing can gain at most (planning model §6).
//!
//! Entry points: [`Fluid`], [`gapless`], [`ceiling`], [`Singles`]. Must not know searches or the browser.

#[cfg(all(feature = "several", feature = "uneven"))]
mod flow;
mod fluid;
mod gapless;
mod group;
mod reads;
mod singles;
#[cfg(feature = "uneven")]
mod spans;
mod weights;

#[cfg(all(feature = "several", feature = "uneven"))]
pub use flow::{Chain, Flow, Grids, Link, Prices, Shape, Tiles};
pub use fluid::{Fluid, best_shares};
pub use gapless::gapless;
pub use group::{ByCount, NEVER, Quickest, least_sums};
pub use reads::{Axis, least_areas, met};
pub use singles::{Column, Single, Singles, Times};
#[cfg(feature = "uneven")]
pub use spans::{Spans, Strip};
pub use weights::{Load, SCALE, Weights, climb, steer};

use crate::platform::Platform;

/// At most how many times faster than NFL any plan of a gapless network can be.
pub fn ceiling(platform: &Platform) -> usize {
    let links = if platform.link.return_result { 2 } else { 1 };
    platform.device.slots + links + platform.server.slots
}
