//! Jobs: a scenario solved by a method, as a plan document or as all that the page draws. Used by
//! worker, command line and tests.
//!
//! Entry points: [`solve`], [`compare`], [`answer()`]. Must not know the browser.

mod answer;
mod budget;
mod document;
mod planned;
mod solve;
mod task;

pub use answer::{Answer, MapPart, MethodPart, PathPart, SearchPoint, answer};
pub use budget::Budget;
pub use document::document;
pub use solve::{Compared, SolveError, compare, compare_some, prove, ranking, solve, solve_within, swarm};
pub use task::Task;
