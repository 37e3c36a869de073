//! Plans of many strategies at once: see *Any rest* and *Any head* in the module above.

use super::{Plans, Several, Task, Waiting, least};
use crate::bounds::Singles;
use crate::search::exact::general::{Beyond, Settled};
use crate::search::exact::stretches::{Ahead, Entry, Heading, Led, Rested};

/// Heads and rests are taken apart at once whose times differ by more than this part of the best plan's.
const FAR: u64 = 12;

impl Waiting {
    /// How they are led.
    pub(super) fn led(&self) -> Led<'_> {
        Led { blocks: &self.blocks, by: self.by }
    }
}

impl Several {
    /// Begins with each block that may be the first of a core, whatever is held before it.
    pub(super) fn open_headed(&mut self, singles: &Singles, nothing: &Waiting, limit: u64) {
        let Some(stretches) = &self.stretches else { return };
        let halves = self.is_symmetric(singles, &[]);
        let entries = stretches.entries.iter().copied().enumerate();
        let headed = entries.map(|(at, entry)| (entry, stretches.count_heads(at)));
        let headed: Vec<(Entry, usize)> = headed
            .filter(|&(entry, heads)| heads > 0 && !(halves && singles.ends[entry.end].mirror_of.is_some()))
            .collect();
        for (entry, heads) in headed {
            let by = Heading::new(0, Some([0, heads]));
            let prefix = Waiting { by, ..nothing.clone() };
            let Some(stretches) = &mut self.stretches else { return };
            let blocks = [[entry.end as u32, entry.first as u32]];
            let more = prefix.count() + 1 < self.most;
            if let Some(ahead) = stretches.ahead_of(singles, Led { blocks: &blocks, by }, more, limit) {
                self.add(&prefix, entry, ahead, limit);
            }
        }
    }

    /// By how much the times differ that the heads have which are meant, and the rests.
    fn spreads(&self, now: &Waiting) -> [u64; 2] {
        let Some(stretches) = &self.stretches else { return [0; 2] };
        let between = |least: Option<Beyond>, most: Option<Beyond>| {
            least.zip(most).map_or(0, |(a, b)| a.next.saturating_sub(b.next).max(b.total() - a.total()))
        };
        let head = |at: usize| {
            let by = Heading::new(now.by.held(), Some([at, at + 1]));
            stretches.head(Led { blocks: &now.blocks, by })
        };
        let heads = now.by.heads().map_or(0, |[from, to]| between(head(from), head(to - 1)));
        let rests = match (now.plans, now.blocks.last()) {
            (Plans::AnyRest(_, rests), Some(&[end, _])) => {
                let rest = |at: u16| stretches.rest(end as usize, Rested::new([at, at + 1]));
                let [from, to] = rests.range();
                between(rest(from), rest(to.saturating_sub(1)))
            }
            _ => 0,
        };
        [heads, rests]
    }

    /// Whether the heads or rests that are meant differ so much that bounds of all of them say little.
    pub(super) fn are_far_apart(&self, now: &Waiting, limit: u64) -> bool {
        now.has_any() && self.spreads(now).into_iter().any(|spread| spread > limit / FAR)
    }

    /// Looks at fewer heads or rests, whichever differ more.
    pub(super) fn halve(&mut self, singles: &Singles, now: &Waiting, limit: u64) {
        let [heads, rests] = self.spreads(now);
        match now.plans {
            Plans::AnyRest(core, all) if rests > heads => {
                for half in all.halves().into_iter().flatten() {
                    let plans = Plans::AnyRest(core, half);
                    self.queue.push(Waiting { task: Task::Compile, plans, ..now.clone() });
                }
            }
            _ => self.take_heads_apart(singles, now, limit),
        }
    }

    /// Looks at parts of plans that are bounded together.
    pub(super) fn take_apart(&mut self, singles: &Singles, now: Waiting, limit: u64) {
        if now.by.heads().is_some() {
            return self.take_heads_apart(singles, &now, limit);
        }
        self.take_rest_apart(singles, now, limit);
    }

    /// Looks at fewer heads, or at each block by itself that may come right before the first.
    fn take_heads_apart(&mut self, singles: &Singles, now: &Waiting, limit: u64) {
        let Some([from, to]) = now.by.heads() else { return };
        if to - from > 1 {
            let middle = from.midpoint(to);
            for heads in [[from, middle], [middle, to]] {
                let part = Waiting { by: Heading::new(now.by.held(), Some(heads)), ..now.clone() };
                self.add_headed(singles, part, limit);
            }
            return;
        }
        let halves = self.is_symmetric(singles, &now.blocks);
        let Some(stretches) = &self.stretches else { return };
        for (block, by) in stretches.blocks_before(singles, now.led()) {
            let end = &singles.ends[block[0] as usize];
            if halves && end.mirror_of.is_some() {
                continue;
            }
            let blocks = [block].into_iter().chain(now.blocks.iter().copied()).collect();
            let plans = match now.plans {
                Plans::All => Plans::All,
                Plans::Ceded(core) => Plans::Ceded(core + 1),
                Plans::AnyRest(core, rests) => Plans::AnyRest(core + 1, rests),
            };
            // What comes before all fused blocks is one path.
            let shift = end.columns.len() - usize::from(block[1] == 0);
            let shifted = |path: u8| u8::try_from(usize::from(path) + shift).unwrap_or(u8::MAX);
            let settled = now.settled.iter().filter(|settled| settled.path > 0);
            let settled = settled.map(|&Settled { path, side }| Settled { path: shifted(path), side }).collect();
            let part = Waiting { blocks, by, plans, settled, ..*now };
            if part.count() <= self.most {
                self.add_headed(singles, part, limit);
            }
        }
    }

    /// Bounds plans anew of which less is left open.
    fn add_headed(&mut self, singles: &Singles, part: Waiting, limit: u64) {
        let Some(stretches) = &mut self.stretches else { return };
        let more = part.count() < self.most && part.plans.have_any_rest();
        let Some(Ahead { ends, closes, .. }) = stretches.ahead_of(singles, part.led(), more, limit) else { return };
        self.labels += 1;
        let (Plans::AnyRest(core, _) | Plans::Ceded(core)) = part.plans else { return };
        let ahead = [ends, closes].map(|bounds| if core < part.blocks.len() { bounds[2] } else { least(&bounds[..2]) });
        let bound = part.bound.max(least(&ahead));
        self.queue.push_below(limit, Waiting { bound, task: Task::Compile, ..part });
    }

    /// Looks at each block by itself that may come next.
    fn take_rest_apart(&mut self, singles: &Singles, now: Waiting, limit: u64) {
        let (Plans::AnyRest(core, rests), Some(&[end, _])) = (now.plans, now.blocks.last()) else { return };
        let known = (end as usize, rests);
        let count = now.count() + 1;
        for (entry, Ahead { ends, closes, .. }) in self.behind(singles, &now, limit) {
            let Some(stretches) = &self.stretches else { return };
            let has_more = count < self.most && entry.behind < stretches.stages();
            let plans = match stretches.rests_with(singles, known, Some(&entry)) {
                (Some(rests), _) if has_more => Plans::AnyRest(core, rests),
                (_, true) if !has_more => Plans::Ceded(core),
                _ => continue,
            };
            self.queue.push_below(limit, now.with(entry, ends[2].min(closes[2]), Task::Compile, plans));
        }
        let is_whole = self.stretches.as_ref().is_some_and(|stretches| stretches.rests_with(singles, known, None).1);
        if now.blocks.len() > 1 && is_whole {
            self.queue.push_below(limit, Waiting { task: Task::Compile, plans: Plans::Ceded(core), ..now });
        }
    }
}
