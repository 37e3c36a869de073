//! A strategy with one fused block, as the shops that together hold all its plans.
//!
//! The block before the fused one (the *head*) either ends on the device or leaves it earlier; the
//! one behind (the *tail*) either begins on the server or goes on on the device. So a plan is one of:
//! - *mixed*: head on the device, tail on the server, each tile cut anywhere. The head sends the
//!   bounding box of what the tiles that start on the server need; one shop for each such box;
//! - *server*: the head leaves at its best cut, so every tile runs on the server;
//! - *device*: every tile runs on the device, and the tail leaves it at its best cut.

use super::shop::{Choice, Class, Sequence, Shop};
use crate::base::{Region, sort_few};
use crate::bounds::{Column, Single, Singles};
use crate::cost::CostModel;
use crate::platform::Link;

/// Which plans of the strategy a shop holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Head on the device, tail on the server.
    Mixed,
    /// The head is cut there.
    Server(usize),
    /// The tail is cut there.
    Device(usize),
}

/// A shop, and which tiles and cuts its classes and choices stand for.
#[derive(Clone, Debug)]
pub struct TileShop {
    /// Which plans it holds.
    pub kind: Kind,
    /// The shop.
    pub shop: Shop,
    /// By class: its tiles.
    tiles: Vec<Vec<usize>>,
    /// By class and choice: the cut.
    cuts: Vec<Vec<usize>>,
}

impl TileShop {
    fn new(kind: Kind, shop: Shop, jobs: Vec<Vec<(Choice, usize)>>) -> Self {
        let mut made = Self { kind, shop, tiles: Vec::new(), cuts: Vec::new() };
        let mut jobs: Vec<(Vec<(Choice, usize)>, usize)> =
            jobs.into_iter().map(useful).enumerate().map(|(tile, choices)| (choices, tile)).collect();
        sort_few(&mut jobs);
        for (choices, tile) in jobs {
            let (costs, cuts): (Vec<Choice>, Vec<usize>) = choices.into_iter().unzip();
            match (made.shop.classes.last_mut(), made.tiles.last_mut()) {
                (Some(class), Some(tiles)) if class.choices == costs => {
                    class.count += 1;
                    tiles.push(tile);
                }
                _ => {
                    made.shop.classes.push(Class { count: 1, choices: costs });
                    made.tiles.push(vec![tile]);
                    made.cuts.push(cuts);
                }
            }
        }
        made
    }

    /// Order and cuts of the whole strategy's paths that a sequence stands for.
    pub fn plan(&self, sequence: &Sequence, first: usize, last: usize, stages: usize) -> (Vec<usize>, Vec<usize>) {
        let head = usize::from(first > 0);
        let count: usize = self.tiles.iter().map(Vec::len).sum();
        let mut left = self.tiles.clone();
        let mut cuts = vec![0; head + count + usize::from(last + 1 < stages)];
        let mut order: Vec<usize> = (0..head).collect();
        if head > 0 {
            cuts[0] = if let Kind::Server(cut) = self.kind { cut } else { first };
        }
        for &(class, choice) in &sequence.jobs {
            let Some(tile) = left[class].pop() else { continue };
            cuts[head + tile] = self.cuts[class][choice];
            order.push(head + tile);
        }
        if last + 1 < stages {
            order.push(head + count);
            cuts[head + count] = if let Kind::Device(cut) = self.kind { cut } else { 0 };
        }
        (order, cuts)
    }
}

/// Choices that no other covers, the earliest cut where several cost the same.
fn useful(mut choices: Vec<(Choice, usize)>) -> Vec<(Choice, usize)> {
    sort_few(&mut choices);
    choices.dedup_by_key(|(choice, _)| *choice);
    let all = choices.clone();
    choices.retain(|(choice, _)| !all.iter().any(|(other, _)| other != choice && other.covers(choice)));
    choices
}

/// What all shops of one strategy share.
pub struct Shops<'a> {
    singles: &'a Singles,
    single: &'a Single,
    first: usize,
    slots: [usize; 2],
    model: &'a CostModel<'a>,
}

impl<'a> Shops<'a> {
    /// The strategy of an end that begins at `first`.
    pub fn new(model: &'a CostModel<'a>, singles: &'a Singles, end: usize, first: usize) -> Self {
        let platform = model.platform();
        let slots = [platform.device.slots, platform.server.slots];
        Self { singles, single: &singles.ends[end], first, slots, model }
    }

    /// Whether every tile needs the head and feeds the tail, so that shops hold all plans.
    pub fn hold_all_plans(&self) -> bool {
        (!self.follows() || self.single.all_feed) && self.single.all_need(self.first)
    }

    fn follows(&self) -> bool {
        self.single.device_tail.is_some()
    }

    fn link(&self) -> &Link {
        &self.model.platform().link
    }

    fn stages(&self) -> usize {
        self.model.network().stages().len()
    }

    /// All shops; `mixed` ones first.
    pub fn all(&self) -> Vec<TileShop> {
        let mut shops = self.mixed();
        shops.extend(self.server());
        shops.extend(self.device());
        shops
    }

    /// Server time of the tail and its result's way back.
    fn tail(&self) -> Option<u64> {
        self.follows().then(|| self.single.tail + self.result_back())
    }

    fn result_back(&self) -> u64 {
        let shape = self.model.network().boundary(self.stages());
        self.way_back(Region::whole(shape.height, shape.width))
    }

    /// Time of sending a part of the network's output down.
    fn way_back(&self, cell: Region) -> u64 {
        self.link().way_back(self.model.wire_bytes(self.stages(), cell)).0
    }

    fn mixed(&self) -> Vec<TileShop> {
        if self.first == 0 {
            let shop = Shop {
                slots: self.slots,
                device_ready: 0,
                uplink_ready: 0,
                server_ready: 0,
                tail: self.tail(),
                classes: Vec::new(),
            };
            return vec![TileShop::new(Kind::Mixed, shop, self.jobs(|_| true))];
        }
        let head = self.singles.head[self.first];
        let regions: Vec<Region> = self.single.columns.iter().map(|c| c.region(self.single.from, self.first)).collect();
        boxes(&regions)
            .into_iter()
            .map(|sent| {
                let up = self.link().upload(self.model.wire_bytes(self.first, sent)).0;
                let sends = if up > 0 { head + up } else { 0 };
                let shop = Shop {
                    slots: self.slots,
                    device_ready: head,
                    uplink_ready: sends,
                    server_ready: sends,
                    tail: self.tail(),
                    classes: Vec::new(),
                };
                TileShop::new(Kind::Mixed, shop, self.jobs(|tile| sent.contains(regions[tile])))
            })
            .collect()
    }

    /// Choices of every tile; `may_start` says which ones may start on the server.
    fn jobs(&self, may_start: impl Fn(usize) -> bool) -> Vec<Vec<(Choice, usize)>> {
        let Single { last, from, .. } = *self.single;
        let (start, end) = (self.first - from, last + 1 - from);
        let job = |(tile, column): (usize, &Column)| {
            let back = if self.follows() { 0 } else { self.way_back(column.region(from, last + 1)) };
            let lowest = usize::from(!may_start(tile));
            (lowest..=end - start)
                .map(|cut| {
                    let at = start + cut;
                    let server = (at < end).then(|| column.server[end] - column.server[at]);
                    let choice = Choice {
                        device: (cut > 0).then(|| column.device[at] - column.device[start]),
                        upload: if cut == 0 && self.first > 0 { 0 } else { column.upload[at] },
                        server,
                        download: if server.is_some() { back } else { 0 },
                    };
                    (choice, cut)
                })
                .collect()
        };
        self.single.columns.iter().enumerate().map(job).collect()
    }

    fn server(&self) -> Option<TileShop> {
        let (there, cut) = self.singles.server_head[self.first]?;
        let shop = Shop {
            slots: self.slots,
            device_ready: 0,
            uplink_ready: 0,
            server_ready: there,
            tail: self.tail(),
            classes: Vec::new(),
        };
        let mut jobs = self.jobs(|_| true);
        jobs.iter_mut().for_each(|choices| choices.truncate(1));
        Some(TileShop::new(Kind::Server(cut), shop, jobs))
    }

    /// The device's slots take the place of the server's: only the last to end counts.
    fn device(&self) -> Option<TileShop> {
        let (tail, cut) = self.single.device_tail?;
        let head = self.singles.head[self.first];
        let whole = self.single.last + 1 - self.first;
        let shop = Shop {
            slots: [1, self.slots[0]],
            device_ready: 0,
            uplink_ready: 0,
            server_ready: head,
            tail: Some(tail),
            classes: Vec::new(),
        };
        let on_device = |choices: Vec<(Choice, usize)>| {
            let last = choices.into_iter().filter(|(_, cut)| *cut == whole);
            last.map(|(choice, cut)| (Choice { device: None, upload: 0, server: choice.device, download: 0 }, cut))
                .collect()
        };
        let jobs = self.jobs(|_| true).into_iter().map(on_device).collect();
        Some(TileShop::new(Kind::Device(cut), shop, jobs))
    }
}

/// The bounding boxes of all sets of these regions, the empty one first.
fn boxes(regions: &[Region]) -> Vec<Region> {
    let mut found = vec![Region::EMPTY];
    for &region in regions {
        for at in 0..found.len() {
            let joined = found[at].bounding(region);
            if !found.contains(&joined) {
                found.push(joined);
            }
        }
    }
    found
}
