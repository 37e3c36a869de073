//! The state behind some placed paths: until when slots are taken, what paths left may still do.
//!
//! Times are raised to what makes no difference any more, so that labels with the same future look
//! the same. Each raised time is one that the end of the whole plan cannot come before: the end of an
//! operation, or the first moment at which the next one of a resource can start.

use super::heads::Begun;
use super::prices::Rest;
use super::ways::{Jobs, Way, bit, members};
use crate::base::ascending;
use crate::search::exact::MANY;

/// A label, its times by path.
#[derive(Clone, Debug)]
pub struct Label {
    /// Placed paths.
    pub placed: u128,
    /// Unplaced paths that cannot start on the device.
    pub no_device: u128,
    /// Unplaced paths that cannot start on the server.
    pub no_server: u128,
    /// Device slots, sorted.
    pub device: Vec<u64>,
    /// The uplink.
    pub uplink: u64,
    /// Server slots, sorted.
    pub server: Vec<u64>,
    /// The downlink.
    pub downlink: u64,
    /// By path: when all that it needs and that is placed has ended on the device.
    pub on_device: Vec<u64>,
    /// By path: when all that it needs and that is placed is at the server.
    pub at_server: Vec<u64>,
    /// By path: see [`Rest::given`].
    pub given: Vec<u64>,
}

/// What tells labels apart before their times do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Placed paths.
    pub placed: u128,
    /// Unplaced paths that cannot start on the device.
    pub no_device: u128,
    /// Unplaced paths that cannot start on the server.
    pub no_server: u128,
}

impl Label {
    /// Nothing placed.
    pub fn new(jobs: &Jobs) -> Self {
        let count = jobs.all.len();
        Self {
            placed: 0,
            no_device: jobs.no_device,
            no_server: jobs.no_server,
            device: vec![0; jobs.slots[0]],
            uplink: 0,
            server: vec![0; jobs.slots[1]],
            downlink: 0,
            on_device: vec![0; count],
            at_server: vec![0; count],
            given: vec![0; count],
        }
    }

    /// Makes this label equal to another one of the same instance.
    pub fn copy(&mut self, other: &Self) {
        (self.placed, self.no_device, self.no_server) = (other.placed, other.no_device, other.no_server);
        (self.uplink, self.downlink) = (other.uplink, other.downlink);
        self.device.copy_from_slice(&other.device);
        self.server.copy_from_slice(&other.server);
        self.on_device.copy_from_slice(&other.on_device);
        self.at_server.copy_from_slice(&other.at_server);
        self.given.copy_from_slice(&other.given);
    }

    /// Its key.
    pub fn key(&self) -> Key {
        Key { placed: self.placed, no_device: self.no_device, no_server: self.no_server }
    }

    /// When the last operation so far ends.
    pub fn end(&self) -> u64 {
        let processors = self.device.iter().chain(&self.server).copied().max().unwrap_or(0);
        processors.max(self.uplink).max(self.downlink)
    }

    /// What is left to place.
    pub fn rest(&self, everything: u128) -> Rest<'_> {
        let Self { placed, no_device, no_server, .. } = *self;
        Rest { unplaced: everything & !placed, no_device, no_server, given: &self.given }
    }

    /// Whether a path may be placed in a way.
    pub fn allows(&self, path: usize, way: &Way) -> bool {
        (if way.cut == 0 { self.no_server } else { self.no_device }) & bit(path) == 0
    }

    /// Whether a path may come next, after those that it needs; of ready ones that look the same only the
    /// first.
    pub fn may_place(&self, jobs: &Jobs, path: usize) -> bool {
        let job = &jobs.all[path];
        let flags = |p: usize| (self.no_device >> p & 1, self.no_server >> p & 1);
        // Twins need the same paths: if one is ready, all are.
        let has_twin = || {
            (job.twin_of..path)
                .any(|p| jobs.all[p].twin_of == job.twin_of && self.placed & bit(p) == 0 && flags(p) == flags(path))
        };
        let is_ready = jobs.is_serial() || job.needs & !self.placed == 0;
        self.placed & bit(path) == 0 && is_ready && !has_twin()
    }

    /// Paths of which all that they need is at the server, or may be, the first that may start first: see *Eagerness* in
    /// the module above.
    pub fn eager(&self, jobs: &Jobs) -> Vec<usize> {
        let unplaced = if jobs.is_eager { jobs.everything & !self.placed & !self.no_server } else { 0 };
        let is_ready = |path: &usize| {
            let job = &jobs.all[*path];
            job.needs & !self.placed == 0 && job.ways.first().is_some_and(|way| way.cut == 0 && way.upload == 0)
        };
        let all: Vec<usize> = members(unplaced).filter(is_ready).collect();
        let times: Vec<u64> = all.iter().map(|&path| self.at_server[path]).collect();
        ascending(&times).into_iter().map(|at| all[at]).collect()
    }

    /// Appends those of some paths that are left, each staying on the device and sending nothing. False
    /// where one cannot.
    pub fn place_silently(&mut self, jobs: &Jobs, paths: u128) -> bool {
        members(paths & !self.placed).all(|path| {
            let job = &jobs.all[path];
            let way = job.silent.map(|way| &job.ways[way]).filter(|way| self.allows(path, way));
            way.is_some_and(|way| self.append(jobs, path, way))
        })
    }

    /// Appends a path (planning model §4). False where some path could start nowhere then.
    pub fn append(&mut self, jobs: &Jobs, path: usize, way: &Way) -> bool {
        let job = &jobs.all[path];
        let mut ended = 0;
        if let Some(time) = way.device {
            ended = self.device[0].max(self.on_device[path]) + time;
            take_first(&mut self.device, ended);
        }
        let mut arrived = 0;
        if way.upload > 0 {
            self.uplink = self.uplink.max(ended) + way.upload;
            arrived = self.uplink;
        }
        if let Some(time) = way.server {
            let ready = if way.cut == 0 { arrived.max(self.at_server[path]) } else { arrived };
            arrived = self.server[0].max(ready) + time;
            take_first(&mut self.server, arrived);
            if way.download > 0 {
                self.downlink = self.downlink.max(arrived) + way.download;
            }
        }
        self.placed |= bit(path);
        let unplaced = jobs.everything & !self.placed;
        self.no_server = (self.no_server | way.no_server) & unplaced;
        // What starts on the server keeps all behind it from starting on the device.
        let keeps = way.no_device & !self.no_device;
        self.no_device = (members(keeps).fold(self.no_device | keeps, |set, p| set | jobs.all[p].behind)) & unplaced;
        for later in members(job.feeds) {
            self.on_device[later] = self.on_device[later].max(ended);
            self.at_server[later] = self.at_server[later].max(arrived);
            self.given[later] += jobs.all[later].given_by[path];
        }
        self.no_device & self.no_server == 0
    }

    /// Raises times as far as that makes no difference.
    pub fn raise(&mut self, jobs: &Jobs) {
        let unplaced = jobs.everything & !self.placed;
        let frontier = members(unplaced).filter(|&p| jobs.all[p].needs & self.placed != 0).fold(0, |s, p| s | bit(p));
        let free = unplaced & jobs.free;
        let on_device = members(unplaced & !self.no_device & (frontier | free)).map(|p| self.on_device[p]).min();
        if let Some(first) = on_device {
            self.device.iter_mut().for_each(|slot| *slot = first.max(*slot));
        }
        let sent = self.device[0].max(self.uplink);
        let pictures = unplaced & jobs.of_block[0] != 0;
        if on_device.is_some() && !pictures {
            self.uplink = sent;
        }
        let mut at_server = self.next_on_server(jobs, unplaced, frontier, sent);
        if MANY && !jobs.skips_uplink && unplaced != 0 {
            let (left, free) = ([unplaced, self.no_device, self.no_server], [self.device[0], self.uplink]);
            let [uplink, server] = jobs.heads(Begun { left, free, ready: [&self.on_device, &self.at_server] });
            self.uplink = uplink.max(self.uplink);
            at_server = at_server.map(|first| first.max(server));
        }
        if let Some(first) = at_server {
            self.server.iter_mut().for_each(|slot| *slot = first.max(*slot));
        }
        let end = self.end();
        if on_device.is_none() {
            // What the device does besides takes it beyond.
            let taken = if MANY { end.saturating_sub(jobs.besides[0]).max(self.device[0]) } else { end };
            self.device.fill(taken);
            if !pictures {
                self.uplink = end;
            }
        }
        if at_server.is_none() {
            self.server.fill(end);
        }
        for path in members(frontier) {
            let raised =
                |ruled_out: u128, time: u64, slot: u64| if ruled_out & bit(path) == 0 { time.max(slot) } else { 0 };
            self.on_device[path] = raised(self.no_device, self.on_device[path], self.device[0]);
            self.at_server[path] = raised(self.no_server, self.at_server[path], self.server[0]);
        }
    }

    /// The first moment at which anything left can start on the server; none where nothing can.
    fn next_on_server(&self, jobs: &Jobs, unplaced: u128, frontier: u128, sent: u64) -> Option<u64> {
        if jobs.skips_uplink {
            return (unplaced != 0).then_some(0);
        }
        let start = |path: usize| {
            let job = &jobs.all[path];
            let direct = if frontier & bit(path) != 0 {
                self.at_server[path]
            } else if job.needs == 0 && job.block > 0 {
                0
            } else if job.block == 0 {
                self.uplink
            } else {
                sent
            };
            let direct = (self.no_server & bit(path) == 0).then_some(direct);
            let later = (self.no_device & bit(path) == 0 && job.leaves).then_some(sent);
            [direct, later].into_iter().flatten().min()
        };
        members(unplaced).filter_map(start).min()
    }

    /// The times that tell labels of one key apart, one after another.
    pub fn write(&self, jobs: &Jobs, times: &mut Vec<u64>) {
        times.extend_from_slice(&self.device);
        times.push(self.uplink);
        times.extend_from_slice(&self.server);
        times.push(self.downlink);
        for path in self.told_apart(jobs) {
            times.extend([self.on_device[path], self.at_server[path]]);
        }
    }

    /// Reads what [`Label::write`] wrote, of a label of this key.
    pub fn read(&mut self, jobs: &Jobs, key: Key, times: &[u64]) {
        (self.placed, self.no_device, self.no_server) = (key.placed, key.no_device, key.no_server);
        let mut times = times.iter().copied();
        let mut next = || times.next().unwrap_or(0);
        self.device.fill_with(&mut next);
        self.uplink = next();
        self.server.fill_with(&mut next);
        self.downlink = next();
        self.on_device.fill(0);
        self.at_server.fill(0);
        self.given.fill(0);
        let paths: Vec<usize> = self.told_apart(jobs).collect();
        for path in paths {
            (self.on_device[path], self.at_server[path]) = (next(), next());
            let job = &jobs.all[path];
            self.given[path] = members(job.needs & key.placed).map(|other| job.given_by[other]).sum();
        }
    }

    fn told_apart<'j>(&self, jobs: &'j Jobs) -> impl Iterator<Item = usize> + use<'j> {
        let placed = self.placed;
        members(jobs.everything & !placed).filter(move |&path| jobs.all[path].needs & placed != 0)
    }
}

/// Puts a new end in place of the first free slot, slots sorted by their times.
fn take_first(slots: &mut [u64], end: u64) {
    slots[0] = end;
    for at in 1..slots.len() {
        if slots[at - 1] > slots[at] {
            slots.swap(at - 1, at);
        }
    }
}
