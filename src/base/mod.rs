//! Units, half-open intervals and the seeded generator: words that no domain owns.
//!
//! Must not know networks, plans or the browser.

mod interval;
mod units;

pub use interval::{Region, Span};
pub use units::{Bytes, Flops, Nanos};
