//! Choices of all jobs first, then their orders.
//!
//! A shop whose sums (`sums`) reach the limit is proven without any order. Otherwise the choices with
//! the least sums are put in order, which often gives a better sequence, and with it a lower limit.
//! Where that gives no more, choices of all jobs whose sums are below the limit are few: each of them is
//! a shop without choices, and the best sequence of this shop is one of theirs. Where they are too
//! many, jobs are appended with all their choices.

use super::sums::Which;
use super::{Class, Ended, Sequence, Shop, Solver};

/// Choices for all jobs that are put in order before any other, and labels of each count of jobs that
/// are kept then.
const FEW: usize = 8;
const ORDERS: usize = 16;
/// Labels that could be made in the time that looking for an order takes.
const LABELS_AN_ORDER: u64 = 16;
/// More sums than this are not made, even where more labels may be.
const MOST_SUMS: u64 = 1 << 18;

impl Solver<'_> {
    /// The best sequence that ends before `limit`; takes labels from `most`.
    pub(super) fn choose_first(&mut self, mut limit: u64, most: &mut u64) -> Ended {
        let mut best = None;
        let mut before = u64::MAX;
        let mut which = Which::Least;
        loop {
            if self.order_each(which, &mut limit, &mut best, most) {
                return Ended::Proven(best);
            }
            if limit == before || best.is_none() {
                match which {
                    Which::Least => which = Which::All,
                    Which::All => break,
                }
            }
            before = limit;
        }
        match self.append_all(limit, usize::MAX, most) {
            Ended::Proven(found) => Ended::Proven(found.or(best)),
            Ended::Stopped(bound, _) => Ended::Stopped(bound, best),
        }
    }

    /// Puts choices of all jobs in order; whether no sequence but the best one ends before `limit`.
    fn order_each(&self, which: Which, limit: &mut u64, best: &mut Option<Sequence>, most: &mut u64) -> bool {
        let Some((trail, sums)) = self.chosen(*limit, which, (*most).min(MOST_SUMS)) else { return false };
        let (few, beam) = match which {
            Which::Least => (FEW, ORDERS),
            Which::All => ((*most / LABELS_AN_ORDER) as usize, usize::MAX),
        };
        let is_whole = sums.is_empty() || beam == usize::MAX && sums.len() <= few;
        if beam == usize::MAX && !is_whole {
            return false;
        }
        for sum in sums.iter().take(few) {
            match self.ordered(&trail.jobs(sum.trail), *limit, beam, most) {
                Ended::Stopped(..) => return false,
                Ended::Proven(None) => {}
                Ended::Proven(better) => {
                    *limit = better.as_ref().map_or(*limit, |better| better.end);
                    *best = better;
                }
            }
        }
        is_whole
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
        let mut ended = solver.append_all(limit, beam, most);
        if let Ended::Proven(Some(found)) = &mut ended {
            for job in &mut found.jobs {
                *job = kinds[job.0];
            }
        }
        ended
    }
}
