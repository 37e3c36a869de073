//! Choices of all jobs first, then their orders.
//!
//! A shop whose sums (`sums`) reach the limit is proven without any order. Otherwise the choices with
//! the least sums are put in order, which often gives a better sequence, and with it a lower limit.
//! Where that gives no more, choices of all jobs whose sums are below the limit are few: each of them is
//! a shop without choices, and the best sequence of this shop is one of theirs. Where they are too
//! many, jobs are appended with all their choices.

use super::sums::{Around, Which};
use super::{Class, Ended, Sequence, Shop, Solver};

/// Choices for all jobs that are put in order before any other, and labels of each count of jobs that
/// are kept then.
const FEW: usize = 8;
const ORDERS: usize = 16;
/// Sums that may be made for each label that may be, and in all.
const SUMS: u64 = 4;
/// Labels that could be made in the time that looking for an order takes.
const LABELS_AN_ORDER: u64 = 16;
const MOST_SUMS: u64 = 1 << 18;

impl Ended {
    fn sequence(self) -> Option<Sequence> {
        match self {
            Self::Proven(found) | Self::Stopped(_, found) => found,
        }
    }
}

impl Solver<'_> {
    /// The best sequence that ends before `limit`; takes labels from `most`.
    pub(super) fn choose_first(&mut self, limit: u64, most: &mut u64) -> Ended {
        let (best, is_proven) = self.choose(limit, most);
        if is_proven {
            return Ended::Proven(best);
        }
        let limit = best.as_ref().map_or(limit, |best| best.end);
        match self.append_all(limit, usize::MAX, most) {
            Ended::Proven(found) => Ended::Proven(found.or(best)),
            Ended::Stopped(bound, _) => Ended::Stopped(bound, best),
        }
    }

    /// The best sequence that is found when jobs choose first, and whether no other ends sooner.
    fn choose(&self, mut limit: u64, most: &mut u64) -> (Option<Sequence>, bool) {
        let mut best: Option<Sequence> = None;
        let sums = most.saturating_mul(SUMS).min(MOST_SUMS);
        loop {
            let Some(chosen) = self.around().chosen(limit, Which::Least, sums) else { return (best, false) };
            if chosen.is_empty() {
                return (best, true);
            }
            let mut orders = chosen.iter().take(FEW).map(|jobs| self.ordered(jobs, limit, ORDERS, most));
            let Some(better) = orders.find_map(Ended::sequence) else { break };
            limit = better.end;
            best = Some(better);
        }
        let Some(chosen) = self.around().chosen(limit, Which::All, sums) else { return (best, false) };
        if chosen.len() as u64 > *most / LABELS_AN_ORDER {
            return (best, false);
        }
        for jobs in chosen {
            match self.ordered(&jobs, limit, usize::MAX, most) {
                Ended::Stopped(..) => return (best, false),
                Ended::Proven(None) => {}
                Ended::Proven(Some(better)) => {
                    limit = better.end;
                    best = Some(better);
                }
            }
        }
        (best, true)
    }

    /// The best sequence before `limit` of jobs that have chosen, as far as a search so wide finds it.
    fn ordered(&self, jobs: &[(usize, usize)], limit: u64, beam: usize, most: &mut u64) -> Ended {
        let mut shop = Shop { classes: Vec::new(), ..*self.shop };
        let mut kinds: Vec<(usize, usize)> = Vec::new();
        for &(class, choice) in jobs {
            match shop.classes.last_mut().filter(|_| kinds.last() == Some(&(class, choice))) {
                Some(last) => last.count += 1,
                None => {
                    kinds.push((class, choice));
                    shop.classes.push(Class { count: 1, choices: vec![self.shop.classes[class].choices[choice]] });
                }
            }
        }
        let mut solver = Solver::new(&shop, self.shares, limit);
        if solver.lower_bound() >= limit {
            return Ended::Proven(None);
        }
        solver.spread_prices();
        let named = |Sequence { jobs, end }| Sequence {
            jobs: jobs.into_iter().map(|(kind, _): (usize, usize)| kinds[kind]).collect(),
            end,
        };
        match solver.append_all(limit, beam, most) {
            Ended::Proven(found) => Ended::Proven(found.map(named)),
            stopped => stopped,
        }
    }

    fn around(&self) -> Around<'_> {
        let Shop { slots: [k, m], device_ready, uplink_ready, .. } = *self.shop;
        let [k, m] = [k, m].map(|slots| slots as u64);
        let tail = self.shop.tail.unwrap_or(0);
        Around {
            shop: self.shop,
            edges: [k * (device_ready + self.behind_device), uplink_ready + tail, m * tail],
            arrival: self.earliest_arrival(self.all.arrival, device_ready, uplink_ready),
            prices: &self.prices,
        }
    }
}
