//! What may end a run early.

use crate::search::{Found, Iteration, Observer};

/// Budgets count evaluations; a clock belongs to the caller, who is asked between steps.
pub struct Budget<'b> {
    /// Plans, or parts of plans, that may be evaluated; the method's own budget where there is none.
    pub max_evaluations: Option<u64>,
    /// Whether there is time left.
    pub has_time: &'b mut dyn FnMut() -> bool,
}

/// Stops a search whose time is over.
pub(super) struct Timed<'t, 'b> {
    /// Who watches besides.
    pub observer: &'t mut dyn Observer,
    /// The clock.
    pub budget: &'t mut Budget<'b>,
    /// Whether it was the clock that stopped the search.
    pub ran_out: bool,
}

impl Observer for Timed<'_, '_> {
    fn step(&mut self, iteration: &Iteration) -> bool {
        self.ran_out |= !(self.budget.has_time)();
        self.observer.step(iteration) && !self.ran_out
    }

    fn improved(&mut self, iteration: u32, evaluations: u64, found: &Found) {
        self.observer.improved(iteration, evaluations, found);
    }
}
