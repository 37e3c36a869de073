//! Choices of all jobs first, then their orders.
//!
//! A shop whose sums (`sums`) reach the limit is proven without any order. Otherwise the choices with
//! the least sums are put in order, which often gives a better sequence, and with it a lower limit.
//! Where that gives no more, choices of all jobs whose sums are below the limit are few: each of them is
//! a shop without choices, and the best sequence of this shop is one of theirs. Where they are too
//! many, there are too many labels as well, so the shop waits for its next turn, when more of both may be
//! made and the limit may be lower; only at the last are jobs appended with all their choices.

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
        for which in [Which::Least, Which::All] {
            loop {
                let before = limit;
                match self.order_each(which, &mut limit, &mut best, most) {
                    Some(true) => return Ended::Proven(best),
                    // Labels would be too few as well.
                    None if *most < MOST_SUMS => {
                        return Ended::Stopped(self.lower_bound().min(limit), best);
                    }
                    _ => {}
                }
                if limit == before {
                    break;
                }
            }
        }
        match self.append_all(limit, usize::MAX, most) {
            Ended::Proven(found) => Ended::Proven(found.or(best)),
            Ended::Stopped(bound, _) => Ended::Stopped(bound, best),
        }
    }

    /// Puts choices of all jobs in order; whether no sequence but the best one ends before `limit`. None
    /// where there are too many choices to look at.
    fn order_each(&self, which: Which, limit: &mut u64, best: &mut Option<Sequence>, most: &mut u64) -> Option<bool> {
        let (trail, sums) = self.chosen(*limit, which, (*most).min(MOST_SUMS))?;
        let (few, beam, is_whole) = match which {
            Which::Least => (FEW, ORDERS, sums.is_empty()),
            Which::All => ((*most / LABELS_AN_ORDER) as usize, usize::MAX, true),
        };
        if is_whole && sums.len() > few {
            return None;
        }
        for sum in sums.iter().take(few) {
            match self.ordered(&trail.jobs(sum.trail), *limit, beam, most) {
                Ended::Stopped(..) => return Some(false),
                Ended::Proven(None) => {}
                Ended::Proven(Some(better)) => {
                    *limit = better.end;
                    *best = Some(better);
                }
            }
        }
        Some(is_whole)
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

#[cfg(test)]
mod tests {
    use super::super::Choice;
    use super::*;

    /// Numbers below a bound, always the same.
    struct Draw(u64);

    impl Draw {
        fn below(&mut self, bound: u64) -> u64 {
            for shift in [13, -7, 17] {
                self.0 ^= if shift > 0 { self.0 << shift } else { self.0 >> -shift };
            }
            self.0 % bound
        }

        fn choice(&mut self, tail: Option<u64>) -> Choice {
            let stays = self.below(4) == 0;
            let device = (stays || self.below(4) > 0).then(|| self.below(30));
            // What was on the device is sent, or ends there; what was not may have been sent before.
            let upload = match device {
                Some(_) if stays && tail.is_none() => 0,
                Some(_) => 1 + self.below(30),
                None => self.below(2) * self.below(30),
            };
            Choice { device, upload, server: (!stays).then(|| self.below(30)), download: 0 }
        }

        fn shop(&mut self) -> Shop {
            // What is before the jobs is sent when the device has ended it.
            let device_ready = self.below(20);
            let head = device_ready + self.below(40);
            let mut shop = Shop {
                slots: [1 + self.below(5) as usize / 4, 1 + self.below(5) as usize / 4],
                device_ready,
                sent: head,
                tail: (self.below(2) == 0).then(|| self.below(20)),
                classes: Vec::new(),
            };
            for _ in 0..1 + self.below(3) {
                let choices = (0..1 + self.below(4)).map(|_| self.choice(shop.tail)).collect();
                shop.classes.push(Class { count: 1 + self.below(2) as usize, choices });
            }
            shop
        }
    }

    /// Choosing first finds what appending finds, which knows nothing of sums.
    #[test]
    fn choosing_first_is_as_good_as_appending() {
        let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
        let (mut without_an_order, mut put_in_order) = (0, 0);
        for number in 0..8_000 {
            let shop = draw.shop();
            let mut solver = Solver::new(&shop, [1.0 / 3.0; 3], u64::MAX);
            solver.spread_prices();
            let Ended::Proven(Some(best)) = solver.append_all(u64::MAX, usize::MAX, &mut u64::MAX.clone()) else {
                panic!("{number}: {shop:?} has a sequence");
            };
            for limit in [best.end, best.end + 1, best.end + 5] {
                let end = (limit > best.end).then_some(best.end);
                let (mut found, mut below, mut most) = (None, limit, 1 << 20);
                if solver.order_each(Which::All, &mut below, &mut found, &mut most) == Some(true) {
                    put_in_order += usize::from(found.is_some());
                    assert_eq!(found.map(|found: Sequence| found.end), end, "{number}: {limit} in {shop:?}");
                }
                let Ended::Proven(chosen) = solver.choose_first(limit, &mut (1 << 20)) else {
                    panic!("{number}: labels enough for {shop:?}");
                };
                assert_eq!(chosen.map(|chosen| chosen.end), end, "{number}: {limit} in {shop:?}");
                match solver.choose_first(limit, &mut 20) {
                    Ended::Proven(few) => assert_eq!(few.map(|few| few.end), end, "{number}: {limit} in {shop:?}"),
                    Ended::Stopped(bound, few) => {
                        assert!(bound <= best.end, "{number}: {bound} in {shop:?}");
                        assert!(few.is_none_or(|few| few.end >= best.end), "{number}: {limit} in {shop:?}");
                    }
                }
                let sums = solver.chosen(limit, Which::Least, 1 << 20);
                without_an_order += usize::from(sums.is_some_and(|(_, sums)| sums.is_empty()));
            }
        }
        assert!(without_an_order > 1000 && put_in_order > 1000, "{without_an_order} and {put_in_order}");
    }
}
