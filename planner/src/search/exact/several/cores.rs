//! Plans of many strategies at once: see *Any rest* and *Any head* in the module above.

use super::{Plans, Several, Task, Waiting, least};
use crate::bounds::Singles;
use crate::search::exact::general::Settled;
use crate::search::exact::stretches::{Ahead, Entry, Heading, Led};

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
                Plans::AnyRest(core) => Plans::AnyRest(core + 1),
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
        let (Plans::AnyRest(core) | Plans::Ceded(core)) = part.plans else { return };
        let ahead = [ends, closes].map(|bounds| if core < part.blocks.len() { bounds[2] } else { least(&bounds[..2]) });
        let bound = part.bound.max(least(&ahead));
        self.queue.push_below(limit, Waiting { bound, task: Task::Compile, ..part });
    }

    /// Looks at each strategy by itself that adds blocks which run on the server.
    fn take_rest_apart(&mut self, singles: &Singles, now: Waiting, limit: u64) {
        let (Plans::AnyRest(core), Some(stretches)) = (now.plans, &self.stretches) else { return };
        let stages = stretches.stages();
        let count = now.count() + 1;
        for (entry, Ahead { ends, closes, .. }) in self.behind(singles, &now, limit) {
            let has_more = count < self.most && entry.behind < stages;
            let plans = if has_more { Plans::AnyRest(core) } else { Plans::Ceded(core) };
            self.queue.push_below(limit, now.with(entry, ends[2].min(closes[2]), Task::Compile, plans));
        }
        if now.blocks.len() > 1 {
            self.queue.push_below(limit, Waiting { task: Task::Compile, plans: Plans::Ceded(core), ..now });
        }
    }
}
