//! What may be fused before a core: see *Any head* in `several`.
//!
//! Of all before a block that runs on the device whole and sends nothing two times matter: how long the device works,
//! and when it can begin the block's first tile at the earliest. Both are sums over the blocks, where of each so many
//! tiles have to end as so many of the next one read at least. Kept are the pairs of which no other has both less.

use super::fronts::{Joint, Place};
use super::reads::{Between, ends_at};
use super::{Ahead, Behind, Entry, Front, Stretches};
use crate::base::order;
use crate::bounds::Singles;
use crate::search::exact::general::Beyond;
use std::ops::Range;

/// More heads of a block than this are not told apart.
const MOST_HEADS: usize = 32;

/// Heads of all blocks of a space.
#[derive(Debug)]
pub struct Heads {
    /// By entry: of which some fused block comes right before it; by the device's time, ascending.
    of_entry: Vec<Vec<Beyond>>,
}

impl Heads {
    /// Of a connected space.
    pub fn new(stretches: &Stretches, singles: &Singles) -> Self {
        // By end and by number of its tiles that have ended.
        let mut ended: Vec<Vec<Vec<Beyond>>> =
            singles.ends.iter().map(|end| vec![Vec::new(); end.columns.len() + 1]).collect();
        let mut of_entry = Vec::with_capacity(stretches.entries.len());
        for (entry, &Entry { end, first, .. }) in stretches.entries.iter().enumerate() {
            let before: Vec<(usize, Between)> = ends_at(&singles.ends, first)
                .filter_map(|before| Some((before, stretches.between(before, entry)?)))
                .filter(|(_, between)| !between.waits_for_all())
                .collect();
            let read = |ended: &[Vec<Vec<Beyond>>], count: usize| -> Vec<Beyond> {
                before.iter().flat_map(|&(end, between)| ended[end][between.read(count)].iter().copied()).collect()
            };
            of_entry.push(told_apart(read(&ended, 1)));
            let whole = stretches.whole_head(first);
            for count in 1..ended[end].len() {
                let held = stretches.held(singles, entry, count);
                let all = read(&ended, count).into_iter().chain([whole]);
                let mut all: Vec<Beyond> = all.map(|head| head.and(held)).collect();
                all.append(&mut ended[end][count]);
                ended[end][count] = told_apart(all);
            }
        }
        Self { of_entry }
    }

    /// Of all before a block if a fused block comes right before it, by the device's time; each stands for those with no
    /// less of it than it has, and less than the next.
    pub fn of(&self, entry: usize) -> &[Beyond] {
        &self.of_entry[entry]
    }
}

impl Stretches {
    /// All before a boundary is one block, or nothing.
    fn whole_head(&self, boundary: usize) -> Beyond {
        Beyond { next: self.device_time(boundary), besides: 0 }
    }

    /// What a held block adds, of which so many tiles have to end before the next one's first.
    fn held(&self, singles: &Singles, entry: usize, count: usize) -> Beyond {
        let Entry { end, first, .. } = self.entries[entry];
        let [device, _] = singles.ends[end].loads(first);
        let ended = self.quickest[entry].on_device[count].min(device);
        Beyond { next: ended, besides: device - ended }
    }
}

/// Those of which no other has both times less; neighbours together where they are too many.
pub fn told_apart(all: Vec<Beyond>) -> Vec<Beyond> {
    let by_time = |a: usize, b: usize| (all[a].total(), all[a].next).cmp(&(all[b].total(), all[b].next));
    let mut kept: Vec<Beyond> = Vec::new();
    for at in order(all.len(), &by_time) {
        if kept.last().is_none_or(|last| all[at].next < last.next) {
            kept.push(all[at]);
        }
    }
    let many = kept.len().div_ceil(MOST_HEADS).max(1);
    kept.chunks(many).filter_map(together).collect()
}

/// The totals that some of all stand for, which follow each other: each for those no less than its own, and less than the
/// next one's.
pub fn totals(all: &[Beyond], [from, to]: [usize; 2]) -> Range<u64> {
    let least = all.get(from).filter(|_| from > 0).map_or(0, |first| first.total());
    least..all.get(to).map_or(u64::MAX, |behind| behind.total())
}

/// Which of all, with so much more, stand for some of these totals.
pub fn standing_for(all: &[Beyond], more: u64, totals: &Range<u64>) -> Option<[usize; 2]> {
    // The last that may have as little as the least.
    let from = all.partition_point(|one| one.total() + more <= totals.start).saturating_sub(1);
    let to = all.partition_point(|one| one.total() + more < totals.end);
    (from < to).then_some([from, to])
}

/// What some heads have at least that follow each other.
pub fn together(all: &[Beyond]) -> Option<Beyond> {
    let (total, next) = (all.first()?.total(), all.last()?.next);
    Some(Beyond { next, besides: total - next })
}

/// Which of some fused blocks, from the first on, are held: they and all before run on the device and send nothing, and
/// all tiles of the next one begin there. Nothing is without the feature `many`, and nothing has to be kept of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    #[cfg(feature = "many")]
    held: u16,
    #[cfg(feature = "many")]
    heads: Option<[u16; 2]>,
}

impl Heading {
    /// So many are held; and where any fused blocks may come before all of them, these of the first one's heads are meant,
    /// from one to the one behind. Else all before the first is one block, or nothing.
    #[cfg_attr(not(feature = "many"), expect(unused_variables))]
    pub fn new(held: usize, heads: Option<[usize; 2]>) -> Self {
        Self {
            #[cfg(feature = "many")]
            held: held as u16,
            #[cfg(feature = "many")]
            heads: heads.map(|heads| heads.map(|head| head as u16)),
        }
    }

    /// How many are held.
    pub fn held(self) -> usize {
        #[cfg(feature = "many")]
        return self.held.into();
        #[cfg(not(feature = "many"))]
        0
    }

    /// Which of the first one's heads are meant.
    pub fn heads(self) -> Option<[usize; 2]> {
        #[cfg(feature = "many")]
        return self.heads.map(|heads| heads.map(usize::from));
        #[cfg(not(feature = "many"))]
        None
    }

    /// Whether nothing is held.
    pub fn is_plain(self) -> bool {
        self == Self::default()
    }
}

/// Some fused blocks, each by its end and its first stage, the first of which are held: they and all before run on the
/// device and send nothing.
#[derive(Clone, Copy, Debug)]
pub struct Led<'b> {
    /// All of them.
    pub blocks: &'b [[u32; 2]],
    /// How many are held, and which heads the first of all has.
    pub by: Heading,
}

impl Led<'_> {
    fn entry(&self, stretches: &Stretches, at: usize) -> Option<usize> {
        self.blocks.get(at).and_then(|&[end, first]| stretches.find(end as usize, first as usize))
    }
}

impl Stretches {
    /// What the device does before the first of all: of its heads that are meant what each has at least.
    pub fn head(&self, led: Led) -> Option<Beyond> {
        let (_, all, [from, to]) = self.heads_meant(led)?;
        together(all.get(from..to)?)
    }

    /// How many heads a block has if a fused block comes right before it.
    pub fn count_heads(&self, entry: usize) -> usize {
        self.beyond().map_or(0, |(heads, _)| heads.of(entry).len())
    }

    /// All before a core, of the heads that are meant.
    fn before_core(&self, singles: &Singles, led: Led) -> Option<Vec<Beyond>> {
        let mut heads = match self.heads_meant(led) {
            Some((_, all, [from, to])) => all.get(from..to)?.to_vec(),
            None => vec![self.whole_head(self.entries[led.entry(self, 0)?].first)],
        };
        let mut count = 1;
        for at in (0..led.by.held()).rev() {
            let (block, next) = (led.entry(self, at)?, led.entry(self, at + 1)?);
            count = self.between(self.entries[block].end, next)?.read(count);
            let held = self.held(singles, block, count);
            heads.iter_mut().for_each(|head| *head = head.and(held));
        }
        Some(heads)
    }

    /// All before and in some blocks, and what is behind them.
    pub fn fronts(&self, singles: &Singles, led: Led) -> Option<(Vec<Front>, Behind)> {
        let (mut fronts, mut behind) = (self.start(), (None, 0));
        for at in led.by.held()..led.blocks.len() {
            let (place, heads) = self.joined(singles, led, (at, behind))?;
            let joint = self.joint_to(place, heads.as_deref());
            self.append(singles, &mut fronts, place, &joint);
            let Entry { end, behind: boundary, .. } = self.entries[place.entry];
            behind = (Some(end), boundary);
        }
        Some((fronts, behind))
    }

    /// Bounds of the last of some blocks: see [`Stretches::bounds_behind`].
    pub fn ahead_of(&mut self, singles: &Singles, led: Led, more: bool, limit: u64) -> Option<Ahead> {
        let last = led.blocks.len().checked_sub(1)?;
        let (fronts, behind) = self.fronts(singles, Led { blocks: &led.blocks[..last], ..led })?;
        let (place, heads) = self.joined(singles, led, (last, behind))?;
        let mut tried = self.tried;
        let ahead = self.ahead(&fronts, (place, &self.joint_to(place, heads.as_deref())), (more, limit), &mut tried);
        self.tried = tried;
        Some(ahead)
    }

    fn joined(
        &self,
        singles: &Singles,
        led: Led,
        (at, (before, boundary)): (usize, Behind),
    ) -> Option<(Place, Option<Vec<Beyond>>)> {
        let entry = led.entry(self, at)?;
        if at == led.by.held() && !led.by.is_plain() {
            let place = Place { before: None, at: self.entries[entry].first, entry };
            return Some((place, Some(self.before_core(singles, led)?)));
        }
        Some((Place { before, at: boundary, entry }, None))
    }

    fn joint_to<'r>(&'r self, place: Place, heads: Option<&'r [Beyond]>) -> Joint<'r> {
        match heads {
            Some(heads) => Joint::Headed(heads, self.quickest[place.entry].on_device.len() - 1),
            None => self.joint(place),
        }
    }

    /// The blocks that may come right before some, with those of their heads that together are those that are meant.
    pub fn blocks_before(&self, singles: &Singles, led: Led) -> Vec<([u32; 2], Heading)> {
        let Some((first, all, meant)) = self.heads_meant(led) else { return Vec::new() };
        let totals = totals(all, meant);
        let mut found = Vec::new();
        let is_meant = |&entry: &usize| {
            let Entry { end, behind, .. } = self.entries[entry];
            let between = || self.between(end, first).is_some_and(|between| !between.waits_for_all());
            behind == self.entries[first].first && between()
        };
        for entry in (0..self.entries.len()).filter(is_meant) {
            let Entry { end, first, .. } = self.entries[entry];
            let [device, _] = singles.ends[end].loads(first);
            let held = led.by.held() + 1;
            let mut add = |heads| found.push(([end as u32, first as u32], Heading::new(held, heads)));
            if totals.contains(&(device + self.device_time(first))) {
                add(None);
            }
            let heads = self.beyond().map_or(&[][..], |(heads, _)| heads.of(entry));
            if let Some(heads) = standing_for(heads, device, &totals) {
                add(Some(heads));
            }
        }
        found
    }

    /// The first of some blocks, all its heads, and which of them are meant.
    fn heads_meant(&self, led: Led) -> Option<(usize, &[Beyond], [usize; 2])> {
        let first = led.entry(self, 0)?;
        let [from, to] = led.by.heads()?;
        Some((first, self.beyond()?.0.of(first), [from, to]))
    }
}
