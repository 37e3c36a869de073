//! Ways that no plan below a limit has: at any prices, such a way costs so much more than its path's
//! cheapest that the whole plan would not stay below (fixing by reduced costs).
//!
//! A way settles what others do. All before a path with a device part stay on the device; all behind
//! one that ends on the server run there whole; a box that is sent tells which dependents start on
//! which side, or that one of them starts on the server. What those cost more than at their cheapest
//! is added.

use super::prices::{NEVER, Price, Prices};
use super::ways::{ANY, DEVICE, Job, Jobs, SERVER, Settled, Side, Way, members};
use crate::bounds::SCALE;

/// What came of looking for ways that no plan below the limit has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixed {
    /// There is no plan below the limit.
    Closed,
    /// Some ways are gone.
    Fewer,
    /// All ways may be of use.
    Same,
}

/// What paths cost more than at their cheapest, if they have to run in some way, at one set of prices.
#[derive(Default)]
struct Regrets {
    /// All paths at their cheapest.
    base: i64,
    /// By path: starting on the server.
    server: Vec<i64>,
    /// Starting on the device.
    device: Vec<i64>,
    /// Staying on the device.
    stays: Vec<i64>,
    /// Leaving the device or sending something.
    speaks: Vec<i64>,
    /// All behind it start on the server.
    behind: Vec<i64>,
}

impl Regrets {
    /// `tails` are those of all paths.
    fn read(&mut self, jobs: &Jobs, price: &Price, tails: [u64; 2]) {
        let more = |cost: i64, least: i64| (cost - least).min(NEVER >> 8);
        let of = |start: usize| price.least.iter().map(move |least| more(least[start], least[ANY]));
        self.base = price.least.iter().map(|least| least[ANY]).sum::<i64>() + price.of_tails(jobs, tails);
        self.base += price.of_besides(jobs, true) + price.of_heads(jobs);
        self.server.clear();
        self.server.extend(of(SERVER));
        self.device.clear();
        self.device.extend(of(DEVICE));
        self.stays.clear();
        self.speaks.clear();
        let mut costs = price.costs.iter();
        for (job, least) in jobs.all.iter().zip(&price.least) {
            let (mut stays, mut speaks) = (NEVER, NEVER);
            for (way, &cost) in job.ways.iter().zip(costs.by_ref()) {
                stays = if way.stays() { stays.min(cost) } else { stays };
                speaks = if way.is(Side::Silent) { speaks } else { speaks.min(cost) };
            }
            self.stays.push(more(stays, least[ANY]));
            self.speaks.push(more(speaks, least[ANY]));
        }
        self.behind.clear();
        self.behind.extend(jobs.all.iter().map(|job| sum(&self.server, job.behind)));
    }

    /// What all paths but this one cost at least, in a plan in which this one, before which all stay on the
    /// device at an extra cost of `before`, has this way.
    fn around(&self, jobs: &Jobs, job: &Job, way: &Way, before: i64) -> i64 {
        let total = self.base + if way.cut > 0 { before } else { 0 };
        if way.is_any_box {
            let readers = members(job.feeds).map(|path| self.server[path] + self.behind[path]);
            return total + readers.min().unwrap_or(NEVER);
        }
        let behind = if way.stays() { way.no_device } else { job.feeds };
        let there = members(behind).fold(behind, |set, path| set | jobs.all[path].behind);
        let staying = members(way.no_server).fold(0, |set, path| set | jobs.all[path].before);
        if there & (way.no_server | staying) != 0 {
            return NEVER;
        }
        // The path itself is settled, and so are those before it if it has a device part: they stay.
        let settled = job.itself | if way.cut > 0 { job.before } else { 0 };
        let staying = staying & !settled;
        // What starts on the server needs to be sent.
        let sent = members(there).fold(job.needs, |set, path| set | jobs.all[path].needs);
        let speaking = sent & !there & !staying & !settled;
        total
            + sum(&self.server, there)
            + sum(&self.device, way.no_server)
            + sum(&self.stays, staying)
            + sum(&self.speaks, speaking)
    }
}

/// What all paths but one cost at least, by the way of that one.
struct Others<'a> {
    jobs: &'a Jobs,
    regrets: &'a Regrets,
    job: &'a Job,
    before: i64,
    /// Where it ends on the server, having started there, or on the device: all such ways settle the same.
    leaving: [Option<i64>; 2],
}

impl<'a> Others<'a> {
    fn new(jobs: &'a Jobs, regrets: &'a Regrets, job: &'a Job) -> Self {
        let before = sum(&regrets.stays, job.before);
        Self { jobs, regrets, job, before, leaving: [None; 2] }
    }

    fn at(&mut self, way: &Way) -> i64 {
        let Self { jobs, regrets, job, before, .. } = *self;
        let around = || regrets.around(jobs, job, way, before);
        match way.stays() {
            true => around(),
            false => *self.leaving[usize::from(way.cut > 0)].get_or_insert_with(around),
        }
    }
}

fn sum(of: &[i64], set: u128) -> i64 {
    members(set).map(|path| of[path]).sum()
}

/// Takes ways away that no plan below `limit` ns has; `proven` becomes what all paths cost at their cheapest, if that is
/// more.
pub fn fix(jobs: &mut Jobs, prices: &mut Prices, limit: u64, proven: &mut i64) -> Fixed {
    let enough = i64::try_from(limit.saturating_mul(SCALE)).map_or(NEVER, |enough| enough.min(NEVER));
    let mut gone = vec![false; jobs.all.iter().map(|job| job.ways.len()).sum()];
    contradict(jobs, &mut gone);
    let (mut regrets, tails) = (Regrets::default(), jobs.all_tails());
    for price in &prices.all {
        regrets.read(jobs, price, tails);
        *proven = regrets.base.max(*proven);
        if regrets.base >= enough {
            return Fixed::Closed;
        }
        let mut ways = gone.iter_mut().zip(&price.costs);
        for (job, least) in jobs.all.iter().zip(&price.least) {
            let mut others = Others::new(jobs, &regrets, job);
            for (way, (gone, cost)) in job.ways.iter().zip(ways.by_ref()) {
                *gone = *gone || cost - least[ANY] + others.at(way) >= enough;
            }
        }
    }
    if gone.iter().all(|&gone| !gone) {
        return Fixed::Same;
    }
    jobs.keep(&gone);
    prices.keep(jobs, &gone);
    if jobs.all.iter().any(|job| job.ways.is_empty()) { Fixed::Closed } else { Fixed::Fewer }
}

/// Marks ways that no plan has because of what all ways of another path rule out.
fn contradict(jobs: &Jobs, gone: &mut [bool]) {
    let (mut no_device, mut no_server) = (jobs.no_device, jobs.no_server);
    for job in &jobs.all {
        let common = |of: fn(&Way) -> u128| job.ways.iter().map(of).fold(u128::MAX, |all, set| all & set) & job.feeds;
        no_server |= common(|way| way.no_server);
        let there = common(|way| way.no_device);
        no_device |= members(there).fold(there, |set, path| set | jobs.all[path].behind);
    }
    let ways = jobs.all.iter().flat_map(|job| job.ways.iter().map(move |way| (job, way)));
    for ((job, way), gone) in ways.zip(gone) {
        let start = if way.cut == 0 { no_server } else { no_device };
        *gone = start & job.itself != 0 || way.no_server & no_device != 0 || way.no_device & no_server != 0;
    }
}

/// Two parts of all plans, each of which costs as much more as possible than all paths at their
/// cheapest; none where every path has ways of one kind only.
pub fn split(jobs: &Jobs, prices: &Prices) -> Option<[Settled; 2]> {
    const SIDES: [[Side; 2]; 3] =
        [[Side::OnServer, Side::OnDevice], [Side::Leaves, Side::Stays], [Side::Silent, Side::Sends]];
    let price = prices.all.first()?;
    let mut regrets = Regrets::default();
    regrets.read(jobs, price, jobs.all_tails());
    let (mut costs, mut best) = (price.costs.iter(), None);
    for (path, (job, least)) in jobs.all.iter().zip(&price.least).enumerate() {
        let mut others = Others::new(jobs, &regrets, job);
        let mut all = |way: &Way, cost: i64| cost - least[ANY] + others.at(way) - regrets.base;
        let costs: Vec<i64> = job.ways.iter().zip(costs.by_ref()).map(|(way, &cost)| all(way, cost)).collect();
        for sides in SIDES.into_iter().filter(|sides| job.ways.iter().all(|way| sides.iter().any(|&side| way.is(side))))
        {
            let of =
                |side: Side| job.ways.iter().zip(&costs).filter(move |(way, _)| way.is(side)).map(|(_, &cost)| cost);
            let [Some(a), Some(b)] = sides.map(|side| of(side).min()) else { continue };
            let gain = (a.min(b), a.max(b));
            if best.is_none_or(|(known, _)| gain > known) {
                best = Some((gain, sides.map(|side| Settled { path: path as u8, side })));
            }
        }
    }
    best.map(|(_, parts)| parts)
}
