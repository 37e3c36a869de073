//! What the search came to, in words; its curve is drawn by [`super::trajectory`] once the studio is there.

use super::units;
use crate::job::Answer;

/// How much was searched, in words.
pub fn caption(answer: &Answer) -> String {
    let last = answer.search.last().map_or(0, |point| point.evaluations);
    format!("{} plans evaluated", units::grouped(last))
}
