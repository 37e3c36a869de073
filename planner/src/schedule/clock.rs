//! The state of all resources while paths are appended one after another.

use super::Instance;
use crate::base::Nanos;

/// One operation's place on a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy {
    /// Slot of the resource.
    pub slot: usize,
    /// When the slot was free.
    pub free: Nanos,
    /// When the operation starts.
    pub start: Nanos,
    /// When it ends.
    pub end: Nanos,
}

/// What appending one path does to the resources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Its device operation.
    pub device: Option<Busy>,
    /// Its transfer up.
    pub uplink: Option<Busy>,
    /// Its server operation.
    pub server: Option<Busy>,
    /// Its transfer down.
    pub downlink: Option<Busy>,
}

/// Until when every slot is taken, and when every path's result is where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    device: Vec<Nanos>,
    server: Vec<Nanos>,
    uplink: Nanos,
    downlink: Nanos,
    on_device: Vec<Nanos>,
    at_server: Vec<Nanos>,
    end: Nanos,
}

/// The slot whose last operation ends first; the lowest on ties.
#[inline]
fn first_free(slots: &[Nanos]) -> (usize, Nanos) {
    let mut best = (0, slots[0]);
    for (slot, &free) in slots.iter().enumerate().skip(1) {
        if free < best.1 {
            best = (slot, free);
        }
    }
    best
}

#[inline]
fn place(slot: usize, free: Nanos, ready: Nanos, time: Nanos) -> Busy {
    let start = free.max(ready);
    Busy { slot, free, start, end: start + time }
}

impl Clock {
    /// All resources free at time 0.
    pub fn new(instance: &Instance) -> Self {
        let count = instance.paths().len();
        Self {
            device: vec![Nanos::ZERO; instance.slots.device],
            server: vec![Nanos::ZERO; instance.slots.server],
            uplink: Nanos::ZERO,
            downlink: Nanos::ZERO,
            on_device: vec![Nanos::ZERO; count],
            at_server: vec![Nanos::ZERO; count],
            end: Nanos::ZERO,
        }
    }

    /// Back to time 0, for the same instance or another one; keeps its memory.
    pub fn reset(&mut self, instance: &Instance) {
        let count = instance.paths().len();
        for (slots, wanted) in [
            (&mut self.device, instance.slots.device),
            (&mut self.server, instance.slots.server),
            (&mut self.on_device, count),
            (&mut self.at_server, count),
        ] {
            slots.clear();
            slots.resize(wanted, Nanos::ZERO);
        }
        self.uplink = Nanos::ZERO;
        self.downlink = Nanos::ZERO;
        self.end = Nanos::ZERO;
    }

    /// When the last operation so far ends.
    #[inline]
    pub fn end(&self) -> Nanos {
        self.end
    }

    /// Until when device, uplink and server are taken, summed over slots.
    #[inline]
    pub fn busy_until(&self) -> [u64; 3] {
        let sum = |slots: &[Nanos]| slots.iter().map(|free| free.0).sum();
        [sum(&self.device), self.uplink.0, sum(&self.server)]
    }

    /// What appending `path` with `cut` would do, its transfer taking `upload`.
    ///
    /// Everything that the path depends on has been appended before.
    #[inline]
    pub fn step(&self, instance: &Instance, path: usize, cut: usize, upload: Nanos) -> Step {
        let mut parts = [None; 4];
        self.visit(instance, path, cut, upload, |resource, busy| parts[resource] = Some(busy));
        let [device, uplink, server, downlink] = parts;
        Step { device, uplink, server, downlink }
    }

    /// Idle time that appending `path` would add over all resources, and when its last operation would
    /// end: what [`Clock::step`] holds, without the moving of it.
    pub fn wait(&self, instance: &Instance, path: usize, cut: usize, upload: Nanos) -> (Nanos, Nanos) {
        let (mut idle, mut end) = (Nanos::ZERO, Nanos::ZERO);
        self.visit(instance, path, cut, upload, |_, busy| {
            idle += busy.start - busy.free;
            end = end.max(busy.end);
        });
        (idle, end)
    }

    /// The operations of a path: device 0, uplink 1, server 2, downlink 3.
    #[inline(always)]
    fn visit(&self, instance: &Instance, path: usize, cut: usize, upload: Nanos, mut each: impl FnMut(usize, Busy)) {
        let row = instance.rows(path)[cut];
        let known = &instance.paths()[path];
        let needs = instance.needs(path);
        let latest = |times: &[Nanos]| needs.iter().map(|&p| times[p]).max().unwrap_or(Nanos::ZERO);
        let mut ready = Nanos::ZERO;
        if cut > 0 {
            let (slot, free) = first_free(&self.device);
            let busy = place(slot, free, latest(&self.on_device), row.device);
            ready = busy.end;
            each(0, busy);
        }
        let mut arrived = Nanos::ZERO;
        if upload > Nanos::ZERO {
            let busy = place(0, self.uplink, ready, upload);
            arrived = busy.end;
            each(1, busy);
        }
        if cut < known.len {
            let ready = if cut == 0 { arrived.max(latest(&self.at_server)) } else { arrived };
            let (slot, free) = first_free(&self.server);
            let busy = place(slot, free, ready, row.server);
            each(2, busy);
            if known.download > Nanos::ZERO {
                each(3, place(0, self.downlink, busy.end, known.download));
            }
        }
    }

    /// Appends what [`Clock::step`] gave for `path`.
    #[inline]
    pub fn apply(&mut self, path: usize, step: &Step) {
        if let Some(busy) = step.device {
            self.device[busy.slot] = busy.end;
            self.on_device[path] = busy.end;
            self.end = self.end.max(busy.end);
        }
        if let Some(busy) = step.uplink {
            self.uplink = busy.end;
            self.at_server[path] = busy.end;
            self.end = self.end.max(busy.end);
        }
        if let Some(busy) = step.server {
            self.server[busy.slot] = busy.end;
            self.at_server[path] = busy.end;
            self.end = self.end.max(busy.end);
        }
        if let Some(busy) = step.downlink {
            self.downlink = busy.end;
            self.end = self.end.max(busy.end);
        }
    }

    /// Makespan of a valid plan of the instance; the clock is reset first.
    #[inline]
    pub fn makespan(&mut self, instance: &Instance, order: &[usize], cuts: &[usize]) -> Nanos {
        self.reset(instance);
        for &path in order {
            let step = self.step(instance, path, cuts[path], instance.upload_time(path, cuts));
            self.apply(path, &step);
        }
        self.end
    }
}
