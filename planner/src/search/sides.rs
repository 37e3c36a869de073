//! Device only, server only, and NFL: one block, one cut.

use super::{Context, Found};
use crate::plan::Strategy;

/// Everything on the device.
pub fn device_only(context: &mut Context) -> Found {
    let all = context.network().stages().len();
    single_cut(context, all)
}

/// Everything on the server.
pub fn server_only(context: &mut Context) -> Found {
    single_cut(context, 0)
}

/// The best single cut of the unsplit network; the earliest on ties.
pub fn nfl(context: &mut Context) -> Found {
    let mut best = single_cut(context, 0);
    for cut in 1..=context.network().stages().len() {
        let found = single_cut(context, cut);
        if found.makespan < best.makespan {
            best = found;
        }
    }
    best
}

fn single_cut(context: &mut Context, cut: usize) -> Found {
    let instance = context.unsplit();
    let makespan = context.evaluate(&instance, &[0], &[cut]);
    Found { strategy: Strategy::unsplit(context.network()), order: vec![0], cuts: vec![cut], makespan }
}
