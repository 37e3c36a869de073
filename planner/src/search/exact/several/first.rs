//! Plans to begin with: see *First plans* in the module above.

use crate::base::ascending;
use crate::search::chains::{Chains, ends_of};
use crate::search::exact::general::{General, Meant, Solved, Start};
use crate::search::{Context, Found, Ranking};

/// Plans of chains of blocks that may be evaluated.
const PLANS: u64 = 1 << 13;
/// So many of the best chains are looked at closely.
const BEST: usize = 4;
/// Labels of each number of paths that this keeps.
const BEAM: usize = 32;

/// Looks for plans of several blocks around the best one and the best-bounded strategies, and takes the best over. Gives
/// how many plans and parts of plans that took.
pub fn look_around(context: &mut Context, ranking: &Ranking, best: &mut Found) -> u64 {
    let (before, ends) = (context.evaluations(), ends_of(context));
    let mut chains = Chains::new(&ends, ranking.fluid.shares, context.space.max_fused_blocks, before + PLANS);
    let ranked = ranking.ranked.iter().map(|ranked| ranking.block(ranked));
    let known: Vec<_> = best.strategy.fused().cloned().chain(ranked).collect();
    chains.search(context, &known);
    let makespans: Vec<u64> = chains.found.iter().map(|found| found.makespan.0).collect();
    let mut labels = 0;
    for at in ascending(&makespans).into_iter().take(BEST) {
        let found = &chains.found[at];
        if found.makespan < best.makespan {
            *best = found.clone();
        }
        let fused: Vec<_> = found.strategy.fused().cloned().collect();
        let (strategy, instance) = context.compile(&fused);
        let mut start = Start::new(ranking.fluid.shares);
        let general = General::new(&instance, Meant::default(), &mut start, best.makespan.0);
        let mut left = u64::MAX;
        let solved = general.map(|mut general| general.search(BEAM, &mut left));
        labels += u64::MAX - left;
        if let Some(Solved::Proven(Some(solution))) = solved {
            let makespan = context.evaluate(&instance, &solution.order, &solution.cuts);
            if makespan < best.makespan {
                *best = Found { strategy, order: solution.order, cuts: solution.cuts, makespan };
            }
        }
    }
    context.evaluations() - before + labels
}
