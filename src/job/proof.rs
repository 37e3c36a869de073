//! Exact, going on where a search has ended without a proof.

use super::Task;
use super::search::{Known, Searched};
use super::solve::ranking;
use crate::base::Nanos;
use crate::cost::CostModel;
use crate::formats::Method;
use crate::search::{Context, Exact, Ranking};

/// Where a proof stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// It goes on.
    Running,
    /// Nothing is left to look at but what would take too much memory.
    Done,
    /// It has reached the memory that it may take.
    Full,
    /// The user has stopped it.
    Stopped,
    /// There are too many grids for one.
    Unable,
}

impl Stand {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Running, Self::Done, Self::Full, Self::Stopped, Self::Unable];

    /// Where a proof begins: none where nothing is left to prove.
    pub fn at_first(task: &Task, searched: &Searched) -> Option<Self> {
        let is_able = task.space.is_small(&task.network);
        searched.is_open().then_some(if is_able { Self::Running } else { Self::Unable })
    }

    /// Its name in messages and in the page.
    pub fn id(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Full => "full",
            Self::Stopped => "stopped",
            Self::Unable => "unable",
        }
    }
}

/// A proof between two steps.
pub struct Proof<'a> {
    context: Context<'a>,
    ranking: Ranking,
    exact: Exact,
    known: Nanos,
}

impl<'a> Proof<'a> {
    /// Begins with the best plan that the search found, and with what it proved.
    pub fn new(model: &'a CostModel<'a>, task: &'a Task, searched: &Searched) -> Self {
        let mut context = Context::new(model, &task.space);
        let ranking = ranking(&mut context);
        let mut exact = Exact::new(&mut context);
        if let Some(best) = searched.best() {
            exact.know(&best.found);
        }
        Self { context, ranking, exact, known: searched.lower_bound }
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        self.exact.is_done(&self.ranking)
    }

    /// Does a little.
    pub fn step(&mut self) {
        self.exact.step(&mut self.context, &self.ranking);
    }

    /// What is known by now, as [`Searched::to_texts`] writes it: the bound and Exact's best plan.
    pub fn texts(&self) -> Vec<String> {
        // What is known holds the fluid bound already.
        let lower_bound = self.exact.lower_bound(&self.ranking).max(self.known);
        let found = self.exact.best().clone();
        let evaluations = self.exact.evaluations();
        let methods = vec![Known { method: Method::Exact, evaluations, found }];
        Searched { methods, lower_bound, ..Searched::default() }.to_texts()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::search;
    use crate::search::Unwatched;
    use crate::sheet::task::task;
    use crate::situation::Situation;

    /// A situation with two fused blocks that the page does not prove.
    fn open() -> (Task, Searched) {
        let link = "#/plan?v=1&model=resnet18&blocks=2";
        let situation = Situation::from_fragment(link).expect("a link of ours");
        let task = task(&situation, "").expect("it can be planned");
        let searched = search(&task, &mut Unwatched);
        (task, searched)
    }

    #[test]
    fn stopped_at_any_step_it_leaves_a_valid_plan_and_a_bound_that_rises_to_it() {
        let (task, mut searched) = open();
        assert_eq!(Stand::at_first(&task, &searched), Some(Stand::Running));
        let model = CostModel::new(&task.network, &task.platform);
        let mut proof = Proof::new(&model, &task, &searched);
        let mut before = (searched.lower_bound, Nanos(u64::MAX));
        let mut step = 0;
        while !proof.is_done() || step % 97 > 0 {
            proof.step();
            step += 1;
            if step % 97 > 0 {
                continue;
            }
            let texts = proof.texts();
            searched.update(&task.network, &texts).expect("what was written");
            let exact = &searched.of(Method::Exact).expect("just told").found;
            let answer = crate::job::Answer::of(&task, &searched, Method::Exact, &exact.into());
            assert_eq!((answer.faults.len(), answer.makespan_ns), (0, exact.makespan.0));
            assert!(before.0 <= searched.lower_bound && searched.lower_bound <= exact.makespan);
            assert!(exact.makespan <= before.1);
            before = (searched.lower_bound, exact.makespan);
        }
        assert_eq!(before.0, before.1, "proven");
        assert_eq!(Stand::at_first(&task, &searched), None);
        assert_eq!(searched.methods.iter().filter(|known| known.method == Method::Exact).count(), 1);
    }
}
