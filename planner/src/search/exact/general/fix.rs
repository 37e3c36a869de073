//! Ways that no plan below a limit has: at any prices, such a way costs so much more than its path's
//! cheapest that the whole plan would not stay below (fixing by reduced costs).
//!
//! A way settles what others do. All before a path with a device part stay on the device; all behind
//! one that ends on the server run there whole; a box that is sent tells which dependents start on
//! which side, or that one of them starts on the server. What those cost more than at their cheapest is added.

use super::prices::{Price, Prices};
use super::ways::{Job, Jobs, Way, members};
use crate::bounds::SCALE;

/// No path can do so. Sums over all paths stay far below the largest number.
const NEVER: i64 = i64::MAX >> 16;

/// What paths cost more than at their cheapest, if they have to run in some way, at one set of prices.
struct Regrets {
    /// All paths at their cheapest.
    base: i64,
    /// By path and way.
    ways: Vec<Vec<i64>>,
    /// By path: starting on the server.
    server: Vec<i64>,
    /// Starting on the device.
    device: Vec<i64>,
    /// Staying on the device.
    stays: Vec<i64>,
}

impl Regrets {
    fn new(jobs: &Jobs, price: &Price) -> Self {
        let none = || Vec::with_capacity(jobs.all.len());
        let mut made = Self { base: 0, ways: Vec::with_capacity(jobs.all.len()), server: none(), device: none(), stays: none() };
        for job in &jobs.all {
            let costs: Vec<i64> = job.ways.iter().map(|way| price.of(jobs, job, way)).collect();
            let least = costs.iter().copied().min().unwrap_or(0);
            let best_of = |is_meant: &dyn Fn(&Way) -> bool| {
                let meant = job.ways.iter().zip(&costs).filter(|(way, _)| is_meant(way));
                meant.map(|(_, cost)| cost - least).min().unwrap_or(NEVER)
            };
            made.base += least;
            made.server.push(best_of(&|way| way.cut == 0));
            made.device.push(best_of(&|way| way.cut > 0));
            made.stays.push(best_of(&Way::stays));
            made.ways.push(costs.iter().map(|cost| cost - least).collect());
        }
        made
    }

    /// What a plan costs at least that has this way.
    fn with(&self, jobs: &Jobs, job: &Job, way: &Way, own: i64) -> i64 {
        let sum = |of: &[i64], set: u128| members(set).map(|path| of[path]).sum::<i64>();
        let mut total = self.base + own;
        if way.cut > 0 {
            total += sum(&self.stays, job.before);
        }
        if !way.stays() {
            return total + sum(&self.server, job.behind);
        }
        if way.is_any_box {
            let readers = members(job.feeds).map(|path| self.server[path] + sum(&self.server, jobs.all[path].behind));
            return total + readers.min().unwrap_or(NEVER);
        }
        let there = members(way.no_device).fold(way.no_device, |set, path| set | jobs.all[path].behind);
        let staying = members(way.no_server).fold(0, |set, path| set | jobs.all[path].before);
        if there & (way.no_server | staying) != 0 {
            return NEVER;
        }
        // The path itself stays, and so do those before it.
        let staying = staying & !job.before & !job.itself;
        total + sum(&self.server, there) + sum(&self.device, way.no_server) + sum(&self.stays, staying)
    }
}

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

/// Takes ways away that no plan below `limit` ns has.
pub fn fix(jobs: &mut Jobs, prices: &Prices, limit: u64) -> Fixed {
    let enough = i64::try_from(limit.saturating_mul(SCALE)).map_or(NEVER, |enough| enough.min(NEVER));
    let mut gone: Vec<Vec<bool>> = jobs.all.iter().map(|job| vec![false; job.ways.len()]).collect();
    for price in &prices.all {
        let regrets = Regrets::new(jobs, price);
        if regrets.base >= enough {
            return Fixed::Closed;
        }
        for ((job, gone), own) in jobs.all.iter().zip(&mut gone).zip(&regrets.ways) {
            for ((way, gone), &own) in job.ways.iter().zip(gone).zip(own) {
                *gone = *gone || regrets.with(jobs, job, way, own) >= enough;
            }
        }
    }
    if gone.iter().any(|gone| gone.iter().all(|&gone| gone)) {
        return Fixed::Closed;
    }
    if gone.iter().flatten().all(|&gone| !gone) {
        return Fixed::Same;
    }
    jobs.keep(&gone);
    Fixed::Fewer
}
