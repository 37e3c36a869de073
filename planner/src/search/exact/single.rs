//! A strategy with one fused block, as the shops that together hold all its plans.
//!
//! The block before the fused one (the *head*) either ends on the device or leaves it earlier; the
//! one behind (the *tail*) either begins on the server or goes on on the device. So a plan is one of:
//! - *mixed*: head on the device, tail on the server, each tile cut anywhere. The head sends the
//!   bounding box of what the tiles that start on the server need; one shop for each such box;
//! - *server*: the head leaves at its best cut, so every tile runs on the server;
//! - *device*: every tile runs on the device, and the tail leaves it at its best cut.

use super::shop::{Choice, Class, Sequence, Shop, Solver};
use crate::base::{Region, sort_few};
use crate::bounds::{Column, Single, Singles, Weights};
use crate::cost::CostModel;
use crate::platform::Link;
use std::rc::Rc;

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

/// A part of a strategy's plans, with a shop of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Head on the device, tail on the server; the head sends this box.
    Mixed(Region),
    /// Every tile on the server.
    Server,
    /// Every tile on the device.
    Device,
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

/// Tiles with the same choices, each with its cut.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    choices: Vec<(Choice, usize)>,
    tiles: Vec<usize>,
}

impl TileShop {
    /// Tiles come as groups with the same choices; groups that turn out alike are one class.
    fn new(kind: Kind, shop: Shop, mut groups: Vec<Group>) -> Self {
        let mut made = Self { kind, shop, tiles: Vec::new(), cuts: Vec::new() };
        sort_few(&mut groups);
        for Group { choices, tiles: members } in groups {
            let (costs, cuts): (Vec<Choice>, Vec<usize>) = choices.into_iter().unzip();
            match (made.shop.classes.last_mut(), made.tiles.last_mut()) {
                (Some(class), Some(tiles)) if class.choices == costs => {
                    class.count += members.len();
                    tiles.extend(members);
                    sort_few(tiles);
                }
                _ => {
                    made.shop.classes.push(Class { count: members.len(), choices: costs });
                    made.tiles.push(members);
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
    // What covers another one is sorted before it.
    let mut kept: Vec<(Choice, usize)> = Vec::with_capacity(choices.len());
    for choice in choices {
        if !kept.iter().any(|(other, _)| other.covers(&choice.0)) {
            kept.push(choice);
        }
    }
    kept
}

/// What all shops of one strategy share.
pub struct Shops<'a> {
    singles: &'a Singles,
    end: usize,
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
        Self { singles, end, single: &singles.ends[end], first, slots, model }
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

    /// The parts that may hold a plan below `limit`, each with what none of its plans can beat.
    /// `start` are shares to try first; afterwards they are what proves most here.
    pub fn parts(&self, start: &mut [f64; 3], limit: u64) -> Vec<(Part, u64)> {
        let mut parts = self.mixed_parts(start, limit);
        let [server, device] = self.singles.pure_cases(self.end, self.first);
        parts.extend([(Part::Server, server), (Part::Device, device)].into_iter().filter(|(_, bound)| *bound < limit));
        parts
    }

    fn mixed_parts(&self, start: &mut [f64; 3], limit: u64) -> Vec<(Part, u64)> {
        // Most heads cannot send anything in time.
        if self.first == 0 || self.singles.sends(self.end, self.first) >= limit {
            return vec![(Part::Mixed(Region::EMPTY), 0)];
        }
        // If every tile that starts on the server sent no more than what is its alone: one shop below
        // those of all boxes. Its prices then tell which boxes are worth a shop.
        let relaxed = self.relaxed();
        let solver = Solver::new(&relaxed, *start, limit);
        *start = solver.shares();
        if solver.lower_bound() >= limit {
            return Vec::new();
        }
        let regions = self.regions();
        let weights = solver.weights();
        let prices: Vec<(u64, u64)> = self.single.columns.iter().map(|column| self.prices(column, weights)).collect();
        let bound = |sent: Region| {
            let tiles = regions.iter().zip(&prices);
            let least =
                tiles.map(|(region, &(later, once))| if sent.contains(*region) { later.min(once) } else { later });
            solver.bound_from(self.sending(sent), weights, least.sum())
        };
        let parts = boxes(&regions).into_iter().map(|sent| (Part::Mixed(sent), bound(sent)));
        parts.filter(|(_, bound)| *bound < limit).collect()
    }

    fn regions(&self) -> Vec<Region> {
        self.single.columns.iter().map(|column| column.region(self.single.from, self.first)).collect()
    }

    /// The least price of a tile that starts on the device, and that of one that starts on the server.
    fn prices(&self, column: &Column, weights: Weights) -> (u64, u64) {
        let Single { last, from, .. } = *self.single;
        let (start, end) = (self.first - from, last + 1 - from);
        let price = |at: usize| {
            let server = column[end].server - column[at].server;
            weights.price(column[at].device - column[start].device, column[at].upload, server)
        };
        let later = (start + 1..=end).map(price).min().unwrap_or(0);
        (later, weights.price(0, 0, column[end].server - column[start].server))
    }

    /// The shop of a part.
    pub fn shop(&self, part: Part) -> Option<TileShop> {
        let head = self.singles.head[self.first];
        let whole = self.single.last + 1 - self.first;
        let regions = self.regions();
        let may_start = |tile: usize| match part {
            Part::Mixed(sent) => self.first == 0 || sent.contains(regions[tile]),
            _ => true,
        };
        let cuts = |tile: usize| match part {
            Part::Mixed(_) => usize::from(!may_start(tile))..=whole,
            Part::Server => 0..=0,
            Part::Device => whole..=whole,
        };
        let (kind, shop) = match part {
            Part::Mixed(sent) => (Kind::Mixed, self.shop_behind_head(self.sending(sent))),
            Part::Server => {
                let (sent, cut) = self.singles.server_head[self.first]?;
                (Kind::Server(cut), Shop { device_ready: 0, ..self.shop_behind_head(sent) })
            }
            // The device's slots take the place of the server's: only the last to end counts.
            Part::Device => {
                let (tail, cut) = self.single.device_tail?;
                let slots = [1, self.slots[0]];
                (Kind::Device(cut), Shop { slots, tail: Some(tail), ..self.shop_behind_head(head) })
            }
        };
        let choice = |tile: usize, cut: usize| {
            let choice = self.choice(tile, cut, false);
            match part {
                Part::Device => Choice { device: None, upload: 0, server: choice.device, download: 0 },
                _ => choice,
            }
        };
        let groups = self.groups(may_start, |tile| useful(cuts(tile).map(|cut| (choice(tile, cut), cut)).collect()));
        Some(TileShop::new(kind, shop, groups))
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

    /// When the head has sent a box; 0 where it sends nothing.
    fn sending(&self, sent: Region) -> u64 {
        let up = self.link().upload(self.model.wire_bytes(self.first, sent)).0;
        if up > 0 { self.singles.head[self.first] + up } else { 0 }
    }

    /// Tiles that take the same times and are `marked` alike, with the choices of the first of them.
    fn groups(&self, marked: impl Fn(usize) -> bool, choices: impl Fn(usize) -> Vec<(Choice, usize)>) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for (tile, column) in self.single.columns.iter().enumerate() {
            let is_like = |&other: &usize| {
                Rc::ptr_eq(&self.single.columns[other].times, &column.times) && marked(other) == marked(tile)
            };
            match groups.iter_mut().find(|group| group.tiles.first().is_some_and(is_like)) {
                Some(group) => group.tiles.push(tile),
                None => groups.push(Group { choices: choices(tile), tiles: vec![tile] }),
            }
        }
        groups
    }

    /// A shop that no plan with the head on the device beats: each tile that starts on the server sends
    /// no more than what is its alone.
    fn relaxed(&self) -> Shop {
        let head = self.singles.head[self.first];
        let mut shop = self.shop_behind_head(head);
        for &(tile, count) in &self.single.alike {
            let choices = (0..=self.single.last + 1 - self.first).map(|cut| self.choice(tile, cut, true)).collect();
            shop.classes.push(Class { count, choices });
        }
        shop
    }

    fn shop_behind_head(&self, sent: u64) -> Shop {
        let device_ready = self.singles.head[self.first];
        Shop { slots: self.slots, device_ready, sent, tail: self.tail(), classes: Vec::new() }
    }

    /// What a tile costs at a cut; `shares` says whether one that starts on the server pays for its own
    /// part of the transfer before.
    fn choice(&self, tile: usize, cut: usize, shares: bool) -> Choice {
        let Single { last, from, .. } = *self.single;
        let (start, end) = (self.first - from, last + 1 - from);
        let column = &self.single.columns[tile];
        let at = start + cut;
        let server = (at < end).then(|| column[end].server - column[at].server);
        let is_sent_before = cut == 0 && self.first > 0;
        let is_sent_back = server.is_some() && !self.follows();
        Choice {
            device: (cut > 0).then(|| column[at].device - column[start].device),
            upload: match (is_sent_before, shares) {
                (false, _) => column[at].upload,
                (true, true) => column[at].share,
                (true, false) => 0,
            },
            server,
            download: if is_sent_back { self.way_back(column.region(from, last + 1)) } else { 0 },
        }
    }
}

/// The bounding boxes of all sets of these regions, the empty one first.
fn boxes(regions: &[Region]) -> Vec<Region> {
    let mut found = vec![Region::EMPTY];
    for &region in regions {
        for at in 0..found.len() {
            let joined = found[at].bounding(region);
            if joined != found[at] && !found.contains(&joined) {
                found.push(joined);
            }
        }
    }
    found
}
