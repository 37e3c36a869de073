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
/// Prices tried first, of this many equal shares.
const PARTS: u8 = 5;

/// All groups of several blocks.
#[derive(Debug)]
pub struct Groups {
    flow: Flow,
    groups: Vec<Group>,
    /// Prices that are tried first, besides the best ones of the unsplit stages.
    starts: Vec<[f64; 3]>,
    /// By first stage: how many of those were tried.
    tried: Vec<usize>,
}

/// The groups over the same stages.
#[derive(Clone, Copy, Debug)]
struct Group {
    bound: u64,
    first: usize,
    last: usize,
    /// Whether the best prices of its unsplit stages were tried.
    has_begun: bool,
    /// The best shares of device, uplink and server that are known.
    shares: [f64; 3],
    /// By how much to move them next.
    step: f64,
}

impl Groups {
    /// Of a space with several fused blocks, none of them bounded yet. None where they cannot be.
    pub fn new(traces: &mut Traces, singles: &Singles, space: &Space, spans: &[Option<Spans>]) -> Option<Self> {
        if !has_lone_groups(traces, singles) {
            return None;
        }
        let flow = Flow::new(traces, space, Tiles { singles, spans })?;
        let stages = flow.stages();
        let group = |first: usize, last: usize| {
            let bound = flow.around(first, last)?;
            Some(Group { bound, first, last, has_begun: false, shares: [1.0 / 3.0; 3], step: COARSEST })
        };
        let groups = (0..stages).flat_map(|first| (first + 1..stages).map(move |last| (first, last)));
        let groups = groups.filter_map(|(first, last)| group(first, last)).collect();
        let pairs = (0..=PARTS).flat_map(|device| (0..=PARTS - device).map(move |uplink| [device, uplink]));
        let shares = |[device, uplink]: [u8; 2]| [device, uplink, PARTS - device - uplink].map(f64::from);
        Some(Self { flow, groups, starts: pairs.map(shares).collect(), tried: vec![0; stages] })
    }

    /// No plan of any of them is faster.
    pub fn lower_bound(&self) -> u64 {
        self.groups.iter().map(|group| group.bound).min().unwrap_or(u64::MAX)
    }

    /// Whether a plan below `limit` is not excluded yet, and may be.
    pub fn is_open(&self, limit: u64) -> bool {
        self.least().is_some_and(|at| self.groups[at].bound < limit && self.groups[at].step >= FINEST)
    }

    /// Seeks better prices for the group of the least bound.
    pub fn step(&mut self, singles: &Singles, spans: &[Option<Spans>]) {
        let Some(at) = self.least() else { return };
        let tiles = Tiles { singles, spans };
        let Group { first, last, has_begun, shares, step, .. } = self.groups[at];
        if !has_begun {
            let cuts = self.flow.cuts(first, last);
            let points: Vec<[f64; 3]> = cuts.iter().map(|times| times.map(|time| time as f64)).collect();
            self.groups[at].has_begun = true;
            return self.try_out(tiles, first, best_shares(&points));
        }
        if let Some(&start) = self.starts.get(self.tried[first]) {
            self.tried[first] += 1;
            return self.try_out(tiles, first, start);
        }
        let bound = self.groups[at].bound;
        for (from, to) in [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)] {
            let mut moved = shares;
            let more = step.min(shares[from]);
            moved[from] -= more;
            moved[to] += more;
            self.try_out(tiles, first, moved);
            if self.groups[at].bound > bound {
                return;
            }
        }
        self.groups[at].step /= 2.0;
    }

    /// Bounds all groups at these prices that begin with a stage.
    fn try_out(&mut self, tiles: Tiles, first: usize, shares: [f64; 3]) {
        let bounds = self.flow.bounds_from(first, Weights::from_shares(shares, [1; 3]), tiles);
        for group in self.groups.iter_mut().filter(|group| group.first == first) {
            if bounds[group.last] > group.bound {
                group.bound = bounds[group.last];
                let total: f64 = shares.iter().sum();
                group.shares = shares.map(|share| share / total);
            }
        }
    }

    fn least(&self) -> Option<usize> {
        (0..self.groups.len()).min_by_key(|&at| self.groups[at].bound)
    }
}
