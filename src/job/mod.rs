//! Jobs: a scenario solved by a method, as a plan document or as all that the page draws. Used by
//! worker, command line and tests.
//!
//! Entry points: [`solve`], [`compare`], [`answer()`], or [`search()`] and
//! then [`Answer::of`] for the plan of any method, any step of the search, or one made by hand. Must not know the browser.

mod anatomy;
mod answer;
mod budget;
mod document;
mod graph;
mod plan_text;
mod planned;
mod proof;
mod proposal;
mod search;
mod solve;
mod task;
mod what_if;

pub use anatomy::Anatomy;
pub use answer::{Answer, MapPart, MethodPart, PathPart, stage_label};
pub use budget::Budget;
pub use document::{document, recorded};
pub use graph::{End, Graph, Inner, Node, Repeat, layer_regions};
pub use plan_text::{TextError, plan_text};
pub use proof::{Proof, Stand};
pub use proposal::Proposal;
pub use search::{Improvement, Known, SearchPoint, Searched, answer, answer_of, search, search_again};
pub use solve::{
    Compared, SolveError, compare, compare_by, compare_some, compared, prove, ranking, solve, solve_within, swarm,
};
pub use task::Task;
pub use what_if::{BreakEven, Rate, break_even, makespan_on, unsplit_on, with_twice};
