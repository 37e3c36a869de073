//! Local search: single cuts and neighbouring orders, until nothing helps.

use super::decode::{Decoder, Johnson, useful_cuts};
use super::{Context, Found};
use crate::base::Nanos;
use crate::schedule::Instance;

/// A plan of one instance being improved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The order.
    pub order: Vec<usize>,
    /// The cuts.
    pub cuts: Vec<usize>,
    /// The makespan.
    pub makespan: Nanos,
}

impl Draft {
    /// As a found plan of its strategy.
    pub fn found(self, strategy: crate::plan::Strategy) -> Found {
        Found { strategy, order: self.order, cuts: self.cuts, makespan: self.makespan }
    }
}

/// The best order for repaired cuts: Johnson's three and, where asked for, least waiting.
pub fn order_for(
    context: &mut Context,
    decoder: &mut Decoder,
    instance: &Instance,
    cuts: &[usize],
    rules: &[Johnson],
    waiting: bool,
) -> Draft {
    let mut best = Draft { order: Vec::new(), cuts: cuts.to_vec(), makespan: Nanos(u64::MAX) };
    let mut order = Vec::with_capacity(cuts.len());
    for at in 0..rules.len() + usize::from(waiting) {
        match rules.get(at) {
            Some(&rule) => decoder.johnson(instance, cuts, rule, &mut order),
            None => decoder.least_waiting(instance, cuts, &mut order),
        }
        if order == best.order {
            continue;
        }
        let makespan = context.evaluate(instance, &order, cuts);
        if makespan < best.makespan {
            best.makespan = makespan;
            best.order.clone_from(&order);
        }
    }
    best
}

/// Improves a plan until no single cut and no exchange of neighbours helps, or `limit` evaluations
/// of the context are reached.
pub fn improve(context: &mut Context, decoder: &mut Decoder, instance: &Instance, draft: &mut Draft, limit: u64) {
    let lowest: Vec<usize> = instance.paths().iter().map(|path| usize::from(path.block > 0)).collect();
    let mut useful = Vec::new();
    loop {
        let before = draft.makespan;
        for path in 0..draft.cuts.len() {
            useful_cuts(instance, path, lowest[path], &mut useful);
            if lowest[path] > 0 {
                useful.insert(0, 0);
            }
            for &cut in &useful {
                if cut == draft.cuts[path] {
                    continue;
                }
                if context.evaluations() >= limit {
                    return;
                }
                let mut cuts = draft.cuts.clone();
                cuts[path] = cut;
                instance.repair(&mut cuts);
                if cuts == draft.cuts {
                    continue;
                }
                let found = order_for(context, decoder, instance, &cuts, &Johnson::ALL, false);
                if found.makespan < draft.makespan {
                    *draft = found;
                }
            }
        }
        swap_cuts(context, decoder, instance, draft, limit);
        exchange(context, instance, draft, limit);
        if draft.makespan == before {
            return;
        }
    }
}

/// Lets two tiles of a block change roles where that helps.
fn swap_cuts(context: &mut Context, decoder: &mut Decoder, instance: &Instance, draft: &mut Draft, limit: u64) {
    for left in 0..draft.cuts.len() {
        for right in left + 1..draft.cuts.len() {
            let same_block = instance.paths()[left].block == instance.paths()[right].block;
            if !same_block || draft.cuts[left] == draft.cuts[right] {
                continue;
            }
            if context.evaluations() >= limit {
                return;
            }
            let mut cuts = draft.cuts.clone();
            cuts.swap(left, right);
            // What reads of them may have to start elsewhere now.
            instance.repair(&mut cuts);
            let found = order_for(context, decoder, instance, &cuts, &Johnson::ALL, false);
            if found.makespan < draft.makespan {
                *draft = found;
            }
        }
    }
}

/// Exchanges neighbours of the order where that helps and nothing depends on their order.
fn exchange(context: &mut Context, instance: &Instance, draft: &mut Draft, limit: u64) {
    for at in 1..draft.order.len() {
        if context.evaluations() >= limit {
            return;
        }
        let (left, right) = (draft.order[at - 1], draft.order[at]);
        if instance.needs(right).contains(&left) {
            continue;
        }
        draft.order.swap(at - 1, at);
        let makespan = context.evaluate(instance, &draft.order, &draft.cuts);
        if makespan < draft.makespan {
            draft.makespan = makespan;
        } else {
            draft.order.swap(at - 1, at);
        }
    }
}
