//! Jobs: a scenario solved by a method, as a plan document. Used by worker, command line and tests.
//!
//! Entry points: [`solve`], [`compare`]. Must not know the browser.

mod document;
mod solve;

pub use document::document;
pub use solve::{Compared, SolveError, compare, solve};
