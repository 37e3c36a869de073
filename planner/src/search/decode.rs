//! From cuts to orders: Johnson's rule and the minimising-waiting rule.

use crate::base::{Nanos, sort_few};
use crate::schedule::{Clock, Instance};

/// Which two sums Johnson's two-machine rule sorts by (theory: with cuts given, the better of the
/// orders is nearly always the best there is).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Johnson {
    /// Device + uplink before uplink + server.
    Both,
    /// Device before uplink.
    Front,
    /// Uplink before server.
    Back,
}

impl Johnson {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Both, Self::Front, Self::Back];
}

/// Orders paths of an instance; keeps its memory between calls.
#[derive(Debug)]
pub struct Decoder {
    clock: Clock,
    keys: Vec<(usize, u8, u64, usize)>,
    waiting: Vec<usize>,
    ready: Vec<usize>,
}

impl Decoder {
    /// For instances like this one.
    pub fn new(instance: &Instance) -> Self {
        Self { clock: Clock::new(instance), keys: Vec::new(), waiting: Vec::new(), ready: Vec::new() }
    }

    /// Block after block, each by Johnson's rule.
    pub fn johnson(&mut self, instance: &Instance, cuts: &[usize], rule: Johnson, order: &mut Vec<usize>) {
        self.keys.clear();
        for (path, known) in instance.paths().iter().enumerate() {
            let row = instance.rows(path)[cuts[path]];
            let upload = instance.upload_time(path, cuts).0;
            let (before, after) = match rule {
                Johnson::Both => (row.device.0 + upload, upload + row.server.0),
                Johnson::Front => (row.device.0, upload),
                Johnson::Back => (upload, row.server.0),
            };
            let key = if before < after { (0, before) } else { (1, u64::MAX - after) };
            self.keys.push((known.block, key.0, key.1, path));
        }
        sort_few(&mut self.keys);
        order.clear();
        order.extend(self.keys.iter().map(|key| key.3));
    }

    /// By priorities, lowest first, as soon as what a path depends on has been placed.
    pub fn by_priority(&mut self, instance: &Instance, priority: impl Fn(usize) -> f64, order: &mut Vec<usize>) {
        self.keys.clear();
        for (path, known) in instance.paths().iter().enumerate() {
            // Positive doubles order like their bits.
            self.keys.push((known.block, 0, priority(path).max(0.0).to_bits(), path));
        }
        sort_few(&mut self.keys);
        order.clear();
        order.extend(self.keys.iter().map(|key| key.3));
    }

    /// Minimising waiting: each time the ready path that adds the least idle time under these cuts.
    pub fn least_waiting(&mut self, instance: &Instance, cuts: &[usize], order: &mut Vec<usize>) {
        let count = instance.paths().len();
        self.clock.reset(instance);
        order.clear();
        self.waiting.clear();
        self.waiting.extend((0..count).map(|path| instance.needs(path).len()));
        self.ready.clear();
        self.ready.extend((0..count).filter(|&path| instance.needs(path).is_empty()));
        while !self.ready.is_empty() {
            let mut best: Option<((Nanos, Nanos), usize)> = None;
            for (at, &path) in self.ready.iter().enumerate() {
                let key = self.clock.wait(instance, path, cuts[path], instance.upload_time(path, cuts));
                if best.as_ref().is_none_or(|known| key < known.0) {
                    best = Some((key, at));
                }
            }
            let Some((_, at)) = best else { break };
            let path = self.ready.remove(at);
            let step = self.clock.step(instance, path, cuts[path], instance.upload_time(path, cuts));
            self.clock.apply(path, &step);
            order.push(path);
            for dependent in instance.dependents(path) {
                self.waiting[dependent.path] -= 1;
                if self.waiting[dependent.path] == 0 {
                    self.ready.push(dependent.path);
                }
            }
        }
    }
}

/// Cuts of a path that no other cut of it beats on every resource, by rising device time.
pub fn useful_cuts(instance: &Instance, path: usize, lowest: usize, useful: &mut Vec<usize>) {
    let rows = instance.rows(path);
    useful.clear();
    for cut in lowest..rows.len() {
        let row = rows[cut];
        let beaten = (lowest..rows.len()).any(|other| {
            let r = rows[other];
            let no_worse = r.device <= row.device && r.upload <= row.upload && r.server <= row.server;
            no_worse && (r != row || other < cut)
        });
        if !beaten {
            useful.push(cut);
        }
    }
}
