//! Units, half-open intervals, and one sort: words that no domain owns.
//!
//! Must not know networks, plans or the browser.

mod big;
mod decimal;
mod interval;
mod order;
mod units;

pub use big::Big;
pub use decimal::Decimal;
pub use interval::{Region, Span};
pub use order::{ascending, order, sort_few, sorted};
pub use units::{Bytes, Flops, Nanos};
