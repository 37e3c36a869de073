//! Several fused blocks whose boundaries may lie at many places: far too many strategies to look at each.
//!
//! They are bounded together by what they have in common ([`Flow`], [`Chain`]): the stages of their group, how its blocks
//! share their tiles among device and server, where blocks end, how many rows and columns their grids have, where the first
//! boundaries lie. The groups of the least bound are next: first, prices are tried for all that begin with a stage; then
//! groups are split by what is to be known next, at the same prices, and prices of their own are sought wherever a block
//! becomes known. What is known whole is a strategy, and searched as all others are.
//!
//! Nothing is lost: parts of a group are all that it holds, and each keeps the bound of the whole. A grid stands for the
//! transposed one where that has the same bounds; of two blocks both are searched.
//!
//! *Any held block.* If all blocks but the last run on the device whole and send nothing, two times of theirs matter: as in
//! `several` (*Any head*), all of them are excluded together by the last block's strategy, with a first path that works so
//! long before anything else and so long besides as each of them does at least. Only where that is not enough are they
//! told apart.

use crate::bounds::{Chain, Flow, Grids, Link, Prices, Shape, Single, Singles, Spans, Tiles, Weights, best_shares};
use crate::cost::Traces;
use crate::plan::{Block, Space};
use crate::search::exact::MANY;
use crate::search::exact::general::{Beyond, General, Meant, Solved, Start};
use crate::search::exact::stretches::has_lone_groups;
use crate::search::{Context, Ranking};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Prices are moved by this share first,
const COARSEST: f64 = 1.0 / 4.0;
/// and by no less than this one.
const FINEST: f64 = 1.0 / 64.0;
/// Prices tried first, of this many equal shares.
const PARTS: u8 = 3;
/// Labels that may be made to exclude a block however all before it is held.
const LABELS: u64 = 1 << 12;
/// A turn ends when so many bounds were computed.
const BOUNDS: u64 = 64;
/// Groups that fit into memory.
const MOST_GROUPS: usize = 1 << 20;

/// A strategy, by its blocks' grids and first stages.
pub type Blocks = Vec<(Single, usize)>;

/// All groups of several blocks.
#[derive(Debug)]
pub struct Groups {
    flow: Flow,
    /// Those of which only the stages and the shape are known, at prices of all that begin where they do.
    fresh: Vec<Group>,
    queue: BinaryHeap<Reverse<Group>>,
    /// The least bound of what is left alone for want of memory.
    given_up: u64,
    /// Prices that are tried first, besides the best ones of the unsplit stages.
    starts: Vec<Weights>,
    /// By first stage: how many of those were tried.
    tried: Vec<usize>,
    /// Bounds computed.
    bounds: u64,
}

/// Groups of which the same is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    bound: u64,
    /// Whether no prices of their own are to be sought.
    is_steered: bool,
    first: usize,
    last: usize,
    shape: Shape,
    links: Vec<Link>,
    prices: Prices,
}

impl Group {
    fn chain(&self) -> Chain<'_> {
        Chain { first: self.first, last: self.last, shape: self.shape, links: &self.links }
    }

    /// Where the blocks end that are known.
    fn known_to(&self) -> usize {
        self.links.last().map_or(self.first, |link| link.last + 1)
    }

    fn is_strategy(&self) -> bool {
        self.known_to() > self.last && self.settled() == self.links.len()
    }

    /// How many blocks have one grid.
    fn settled(&self) -> usize {
        self.links.iter().filter(|link| link.grids.is_one()).count()
    }

    /// With more of its blocks known. Of a grid whose boundaries are chosen one by one prices are sought when it is known.
    fn with(&self, links: Vec<Link>) -> Self {
        let part = Self { links, ..self.clone() };
        let is_open = part.known_to() <= part.last;
        let is_placed = part.links.iter().any(|link| matches!(link.grids, Grids::Placed(..)));
        Self { is_steered: is_open || is_placed && part.settled() == self.settled(), ..part }
    }
}

impl Groups {
    /// Of a space with several fused blocks, none of them bounded yet. None where they cannot be.
    pub fn new(traces: &mut Traces, singles: &Singles, space: &Space, spans: &[Option<Spans>]) -> Option<Self> {
        if !has_lone_groups(traces, singles) {
            return None;
        }
        let flow = Flow::new(traces, space, Tiles { singles, spans })?;
        let stages = flow.stages();
        let groups = (0..stages).flat_map(|first| (first + 1..stages).map(move |last| (first, last)));
        let groups = groups.flat_map(|(first, last)| Shape::all().map(move |shape| (first, last, shape)));
        let group = |(first, last, shape): (usize, usize, Shape)| {
            let bound = flow.around(first, last)?;
            let prices = Prices { weights: Weights([0; 3]), dear: Prices::DEAREST };
            Some(Group { bound, is_steered: true, first, last, shape, links: Vec::new(), prices })
        };
        let fresh = groups.filter_map(group).collect();
        let pairs = (0..=PARTS).flat_map(|device| (0..=PARTS - device).map(move |uplink| [device, uplink]));
        let shares = |[device, uplink]: [u8; 2]| [device, uplink, PARTS - device - uplink].map(f64::from);
        let starts = pairs.map(|pair| Weights::from_shares(shares(pair), [1; 3])).collect();
        let (queue, tried) = (BinaryHeap::new(), vec![0; stages]);
        Some(Self { flow, fresh, queue, given_up: u64::MAX, starts, tried, bounds: 0 })
    }

    /// No plan of any of them is faster.
    pub fn lower_bound(&self) -> u64 {
        let fresh = self.fresh.iter().map(|group| group.bound).min().unwrap_or(u64::MAX);
        fresh.min(self.least_waiting()).min(self.given_up)
    }

    /// Whether a plan below `limit` is not excluded yet, and may be.
    pub fn is_open(&self, limit: u64) -> bool {
        let bound = self.lower_bound();
        bound < limit && bound < self.given_up
    }

    /// Bounds computed so far.
    pub fn bounds(&self) -> u64 {
        self.bounds
    }

    /// Goes on with the groups of the least bound; gives strategies that are left, each with its bound.
    pub fn step(
        &mut self,
        context: &mut Context,
        ranking: &Ranking,
        spans: &[Option<Spans>],
        limit: u64,
    ) -> Vec<(u64, Blocks)> {
        let tiles = Tiles { singles: &ranking.singles, spans };
        let fresh = (0..self.fresh.len()).min_by_key(|&at| self.fresh[at].bound);
        let before = fresh.map_or(u64::MAX, |at| self.fresh[at].bound);
        if let Some(at) = fresh.filter(|_| before <= self.least_waiting()) {
            self.refresh(at, tiles);
            return Vec::new();
        }
        let (mut found, most) = (Vec::new(), self.bounds + BOUNDS);
        while self.bounds < most && self.least_waiting() < before.min(limit) {
            let Some(Reverse(group)) = self.queue.pop() else { break };
            self.bounds += 1;
            if group.is_strategy() {
                found.extend(strategies(&group, tiles).into_iter().map(|strategy| (group.bound, strategy)));
            } else if !group.is_steered {
                let steered = self.steered(group, tiles, limit);
                self.push_below(limit, steered);
            } else if !self.is_excluded(context, ranking, (&group, tiles), limit) {
                self.split(&group, tiles, limit);
            }
        }
        found
    }

    fn least_waiting(&self) -> u64 {
        self.queue.peek().map_or(u64::MAX, |Reverse(group)| group.bound)
    }

    fn push_below(&mut self, limit: u64, group: Group) {
        if group.bound >= limit {
            return;
        }
        if self.queue.len() < MOST_GROUPS {
            self.queue.push(Reverse(group));
        } else {
            self.given_up = self.given_up.min(group.bound);
        }
    }

    /// Tries the next prices for all groups that begin where this one does, or leaves it to the queue.
    fn refresh(&mut self, at: usize, tiles: Tiles) {
        let Group { first, last, .. } = self.fresh[at];
        let weights = match self.tried[first].checked_sub(1) {
            None => {
                let cuts = self.flow.cuts(first, last);
                let points: Vec<[f64; 3]> = cuts.iter().map(|times| times.map(|time| time as f64)).collect();
                Weights::from_shares(best_shares(&points), [1; 3])
            }
            Some(tried) => match self.starts.get(tried) {
                Some(&start) => start,
                None => {
                    let group = self.fresh.swap_remove(at);
                    return self.queue.push(Reverse(group));
                }
            },
        };
        self.tried[first] += 1;
        self.bounds += 1;
        let bounds = self.flow.bounds_from(first, weights, tiles);
        for group in self.fresh.iter_mut().filter(|group| group.first == first) {
            let bound = bounds[group.last][group.shape.place()];
            if bound > group.bound {
                group.bound = bound;
                group.prices.weights = weights;
            }
        }
    }

    fn bound(&mut self, group: &Group, prices: Prices, tiles: Tiles) -> u64 {
        self.bounds += 1;
        self.flow.bound(group.chain(), prices, tiles)
    }

    /// With prices of its own. Steps from one resource to another end where no single one of them proves more, so they
    /// begin with the best of some.
    fn steered(&mut self, mut group: Group, tiles: Tiles, limit: u64) -> Group {
        group.is_steered = true;
        for at in 0..=self.starts.len() {
            let weights = at.checked_sub(1).map_or(group.prices.weights, |at| self.starts[at]);
            let dear = group.prices.dear;
            self.try_out(&mut group, Prices { weights, dear }, (tiles, limit));
        }
        let mut step = COARSEST;
        while step >= FINEST && group.bound < limit {
            let before = group.bound;
            for way in [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)] {
                let mut shares = group.prices.weights.shares([1; 3]);
                let more = step.min(shares[way.0]);
                shares[way.0] -= more;
                shares[way.1] += more;
                let (weights, dear) = (Weights::from_shares(shares, [1; 3]), group.prices.dear);
                self.try_out(&mut group, Prices { weights, dear }, (tiles, limit));
            }
            let more = (step * f64::from(Prices::DEAREST)) as u8;
            let Prices { dear, weights } = group.prices;
            for dear in [dear.saturating_sub(more), dear.saturating_add(more).min(Prices::DEAREST)] {
                self.try_out(&mut group, Prices { weights, dear }, (tiles, limit));
            }
            if group.bound == before {
                step /= 2.0;
            }
        }
        group
    }

    /// Takes prices over that prove more, as long as the bound is below `limit`.
    fn try_out(&mut self, group: &mut Group, prices: Prices, (tiles, limit): (Tiles, u64)) {
        let bound = if group.bound < limit { self.bound(group, prices, tiles) } else { 0 };
        if bound > group.bound {
            (group.bound, group.prices) = (bound, prices);
        }
    }

    /// Puts a group back in parts of which more is known: of the block that proves most.
    fn split(&mut self, group: &Group, tiles: Tiles, limit: u64) {
        let mut best: Option<(u64, Vec<Group>)> = None;
        for ways in self.ways_to_split(group, tiles) {
            let mut parts = Vec::with_capacity(ways.len());
            for links in ways {
                let part = group.with(links);
                let bound = self.bound(&part, part.prices, tiles).max(group.bound);
                if bound < limit {
                    parts.push(Group { bound, ..part });
                }
            }
            let least = parts.iter().map(|part| part.bound).min().unwrap_or(u64::MAX);
            let is_better =
                |(known, others): &(u64, Vec<Group>)| (least, Reverse(parts.len())) > (*known, Reverse(others.len()));
            if best.as_ref().is_none_or(is_better) {
                best = Some((least, parts));
            }
            if least == u64::MAX {
                break;
            }
        }
        for part in best.map_or(Vec::new(), |(_, parts)| parts) {
            self.push_below(limit, part);
        }
    }

    /// By what is to be known next: all parts.
    fn ways_to_split(&self, group: &Group, tiles: Tiles) -> Vec<Vec<Vec<Link>>> {
        let (links, at) = (&group.links, group.known_to());
        if at <= group.last {
            let count = links.len() + 1;
            // Of two blocks at least, and no more than there may be.
            let may_end = |&last: &usize| if last == group.last { count > 1 } else { count < self.flow.most() };
            let ends = self.flow.ends(at).take_while(|&last| last <= group.last).filter(may_end);
            let with = |last: usize| [&links[..], &[Link { last, grids: Grids::Any }]].concat();
            return vec![ends.map(with).collect()];
        }
        let of = |at: usize| {
            let with = |grids: Grids| {
                let mut links = links.clone();
                links[at].grids = grids;
                links
            };
            links[at].grids.split(links[at].last, tiles).into_iter().map(with).collect()
        };
        let open: Vec<usize> = (0..links.len()).filter(|&at| !links[at].grids.is_one()).collect();
        // What is on one side whole matters less.
        let open = match (group.shape.holds(), group.shape.cedes()) {
            (true, _) => &open[open.len().saturating_sub(1)..],
            (_, true) => &open[..open.len().min(1)],
            _ => &open[..],
        };
        open.iter().map(|&at| of(at)).collect()
    }

    /// Whether *any held block* is excluded before the last one. Known to be false where the feature `many` is off.
    fn is_excluded(
        &self,
        context: &mut Context,
        ranking: &Ranking,
        (group, tiles): (&Group, Tiles),
        limit: u64,
    ) -> bool {
        let Some((link, held)) = group.links.split_last() else { return false };
        let is_known = group.known_to() > group.last && link.grids.is_one() && group.shape.only_holds();
        let Some(before) = held.last().filter(|_| MANY && is_known) else { return false };
        let first = before.last + 1;
        let Some(single) = link.grids.single([first, link.last], tiles) else { return false };
        let Some([next, total]) = self.flow.head(group.chain(), tiles) else { return false };
        let (_, instance) = context.compile(&[Block { first, last: link.last, grid: single.grid }]);
        let meant = Meant { held: Some(first), head: Some(Beyond { next, besides: total - next }), ..Meant::default() };
        let mut start = Start::new(ranking.fluid.shares);
        let Some(mut general) = General::new(&instance, meant, &mut start, limit) else { return false };
        general.lower_bound() >= limit || general.search(usize::MAX, &mut { LABELS }) == Solved::Proven(None)
    }
}

/// The strategies that a group stands for of which all is known.
fn strategies(group: &Group, tiles: Tiles) -> Vec<Blocks> {
    let (mut all, mut first) = (vec![Vec::new()], group.first);
    // Where all are symmetric, each strategy has the plans of the transposed one.
    let is_symmetric = tiles.singles.ends.iter().all(|single| single.has_mirror);
    for (at, Link { last, grids }) in group.links.iter().enumerate() {
        let mirror = if at > 0 || !is_symmetric { grids.mirrored(*last, tiles) } else { None };
        let grids = [Some(grids.clone()), mirror].into_iter().flatten();
        let singles: Vec<Single> = grids.filter_map(|grids| grids.single([first, *last], tiles)).collect();
        let with = |before: Blocks| {
            let one = |single: &Single| [&before[..], &[(single.clone(), first)]].concat();
            singles.iter().map(one).collect::<Vec<Blocks>>()
        };
        all = all.into_iter().flat_map(with).collect();
        first = last + 1;
    }
    all
}
