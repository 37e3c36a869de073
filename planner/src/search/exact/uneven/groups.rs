//! What several fused blocks with boundaries at any places cost at least.
//!
//! Such strategies are too many to look at each, so they are bounded by the stages of their group alone ([`Flow`]), at
//! prices that are sought for the group of the least bound, as long as they raise it.

use crate::bounds::{Flow, Singles, Spans, Tiles, Weights, best_shares};
use crate::cost::Traces;
use crate::plan::Space;
use crate::search::exact::stretches::has_lone_groups;

/// Prices are moved by this share first,
const COARSEST: f64 = 1.0 / 4.0;
/// and by no less than this one.
const FINEST: f64 = 1.0 / 64.0;

/// All groups of several blocks.
#[derive(Debug)]
pub struct Groups {
    flow: Flow,
    groups: Vec<Group>,
}

/// The groups over the same stages.
#[derive(Clone, Copy, Debug)]
struct Group {
    bound: u64,
    first: usize,
    last: usize,
    /// The best shares of device, uplink and server that are known, once any were tried, and by how much to move them next.
    tried: Option<([f64; 3], f64)>,
}

impl Groups {
    /// Of a space with several fused blocks, none of them bounded yet. None where they cannot be.
    pub fn new(traces: &mut Traces, singles: &Singles, space: &Space, spans: &[Option<Spans>]) -> Option<Self> {
        if !has_lone_groups(traces, singles) {
            return None;
        }
        let flow = Flow::new(traces, space, Tiles { singles, spans })?;
        let stages = flow.stages();
        let group =
            |first: usize, last: usize| flow.around(first, last).map(|bound| Group { bound, first, last, tried: None });
        let groups = (0..stages).flat_map(|first| (first + 1..stages).filter_map(move |last| Some((first, last))));
        let groups = groups.filter_map(|(first, last)| group(first, last)).collect();
        Some(Self { flow, groups })
    }

    /// No plan of any of them is faster.
    pub fn lower_bound(&self) -> u64 {
        self.groups.iter().map(|group| group.bound).min().unwrap_or(u64::MAX)
    }

    /// Whether a plan below `limit` is not excluded yet, and may be.
    pub fn is_open(&self, limit: u64) -> bool {
        self.least().is_some_and(|at| self.groups[at].bound < limit && self.groups[at].is_open())
    }

    /// Seeks better prices for the group of the least bound.
    pub fn step(&mut self, singles: &Singles, spans: &[Option<Spans>]) {
        let Some(at) = self.least() else { return };
        let tiles = Tiles { singles, spans };
        let Group { bound, first, last, tried } = self.groups[at];
        let Some((shares, step)) = tried else {
            let cuts = self.flow.cuts(first, last);
            let points: Vec<[f64; 3]> = cuts.iter().map(|times| times.map(|time| time as f64)).collect();
            let shares = best_shares(&points);
            self.try_out(tiles, at, shares);
            self.groups[at].tried = Some((shares, COARSEST));
            return;
        };
        for (from, to) in [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)] {
            let mut moved = shares;
            let more = step.min(shares[from]);
            moved[from] -= more;
            moved[to] += more;
            if self.try_out(tiles, at, moved) > bound {
                self.groups[at].tried = Some((moved, step));
                return;
            }
        }
        self.groups[at].tried = Some((shares, step / 2.0));
    }

    /// Bounds all groups at these prices that begin where one of them does. Gives what is known of that one then.
    fn try_out(&mut self, tiles: Tiles, at: usize, shares: [f64; 3]) -> u64 {
        let first = self.groups[at].first;
        let bounds = self.flow.bounds_from(first, Weights::from_shares(shares, [1; 3]), tiles);
        for group in self.groups.iter_mut().filter(|group| group.first == first) {
            group.bound = group.bound.max(bounds[group.last]);
        }
        self.groups[at].bound
    }

    fn least(&self) -> Option<usize> {
        (0..self.groups.len()).min_by_key(|&at| self.groups[at].bound)
    }
}

impl Group {
    /// Whether other prices may be tried.
    fn is_open(&self) -> bool {
        self.tried.is_none_or(|(_, step)| step >= FINEST)
    }
}
