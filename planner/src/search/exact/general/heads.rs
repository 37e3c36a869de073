//! What passes at least until uplink and server can begin anything: *Heads* and *Late work* in the module above.

use super::ways::{Jobs, Side, Way, members};

/// Later than anything ends. Sums of all paths' times stay below the largest number.
const NEVER: u64 = 1 << 48;

/// What passes at least until something of a path is sent, or is at the server; [`NEVER`] where nothing ever is.
#[derive(Clone, Copy, Debug, Default)]
pub struct First {
    /// Time on the device if it stays there.
    stays: u64,
    /// Least time of a box if it does.
    sends: u64,
    /// Least time on the device until it sends anything.
    until: u64,
    /// Least time on device and uplink until it arrives, having left.
    through: u64,
    /// Least time on the uplink if it leaves.
    leaves: u64,
    /// Time on the uplink if it starts on the server.
    starts: u64,
}

impl First {
    /// Of a path with these ways.
    pub fn of(ways: &[Way]) -> Self {
        let [stays, sends, until, through, leaves, starts] = [NEVER; 6];
        let mut first = Self { stays, sends, until, through, leaves, starts };
        for way in ways {
            let Some(device) = way.device else {
                first.starts = way.upload;
                continue;
            };
            if way.stays() {
                first.stays = device;
            }
            if way.is(Side::Sends) {
                first.sends = first.sends.min(way.upload);
            }
            if !way.is(Side::Silent) {
                first.until = first.until.min(device);
            }
            if !way.stays() {
                first.through = first.through.min(device + way.upload);
                first.leaves = first.leaves.min(way.upload);
            }
        }
        first
    }
}

/// What is known where heads are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Begun<'b> {
    /// Unplaced paths, those of them that cannot start on the device, and those that cannot start on the server.
    pub left: [u128; 3],
    /// When device and uplink are free.
    pub free: [u64; 2],
    /// By path: when all that it needs and that is placed has ended on the device, and is at the server.
    pub ready: [&'b [u64]; 2],
}

impl Jobs {
    /// When uplink and server can begin anything of what is left, or what no end comes before.
    pub fn heads(
        &self,
        Begun { left: [left, no_device, no_server], free: [device, uplink], ready }: Begun,
    ) -> [u64; 2] {
        let left = left & !self.alone;
        // Nothing may be sent any more, where all that is left stays.
        let mut first = [device + self.staying(left); 2];
        for path in members(left) {
            let (job, [on_device, at_server]) = (&self.all[path], ready.map(|times| times[path]));
            // What comes before the first that is sent stays, and is silent unless that is on the server.
            let before = device + self.staying(job.before & left);
            if before >= NEVER {
                continue;
            }
            if no_device & job.itself == 0 {
                let begins = before.max(on_device);
                first[0] = first[0].min(begins + job.first.until);
                first[1] = first[1].min((begins + job.first.through).max(uplink + job.first.leaves));
            }
            if no_server & job.itself == 0 {
                let sends = || members(job.needs & left).map(|path| self.all[path].first.sends);
                let arrives = match sends().min() {
                    Some(last) => (before + last).max(uplink + sends().sum::<u64>()),
                    None if job.block == 0 => uplink + job.first.starts,
                    None => 0,
                };
                first[1] = first[1].min(arrives.max(at_server));
                if job.needs & left == 0 {
                    first[0] = first[0].min(if job.block == 0 { uplink } else { at_server });
                }
            }
        }
        first.map(|time| time.min(NEVER))
    }

    /// The same with nothing placed.
    pub fn first_heads(&self) -> [u64; 2] {
        let none = vec![0; self.all.len()];
        let left = [self.everything, self.no_device, self.no_server];
        if self.skips_uplink { [0; 2] } else { self.heads(Begun { left, free: [0; 2], ready: [&none; 2] }) }
    }

    /// Before that the server begins nothing of this block or a later one, alone paths left out, or no end comes
    /// before; `weights` of device and uplink prove most.
    pub fn late_head(&self, from: usize, weights: [u64; 2]) -> u64 {
        let (all, slots) = (self.everything & !self.alone, self.slots[0] as u64);
        let [device, uplink] = if weights == [0; 2] { [1; 2] } else { weights };
        // Of ways that let some paths start on the server: both at these weights, device, uplink.
        let least = |path: usize, readers: u128| {
            let ways = self.all[path].ways.iter().filter(|way| way.no_server & readers == 0);
            let times = ways.map(|way| [way.device.unwrap_or(0) / slots, way.upload]);
            let both = times.map(|[on_device, sent]| [device * on_device + uplink * sent, on_device, sent]);
            both.reduce(|a, b| [0, 1, 2].map(|i| a[i].min(b[i]))).unwrap_or([NEVER; 3])
        };
        let any: Vec<[u64; 3]> = (0..self.all.len()).map(|path| least(path, 0)).collect();
        let late = self.all.iter().filter(|job| job.block >= from && job.itself & all > 0);
        let before = late.clone().fold(0, |set, job| set | job.itself | job.before);
        let mut head = self.staying(before & all);
        for job in late {
            if self.no_device & job.itself == 0 {
                head = head.min(self.staying(job.before & all) + job.first.through);
            }
            if self.no_server & job.itself == 0 {
                let direct = members(job.needs & all).map(|other| least(other, job.itself));
                let others = members(job.before & all & !job.needs).map(|other| any[other]);
                let [both, on_device, sent] = direct.chain(others).fold([0; 3], |a, b| [0, 1, 2].map(|i| a[i] + b[i]));
                head = head.min((both / (device + uplink)).max(on_device).max(sent));
            }
        }
        head.min(NEVER)
    }

    /// How long the device takes at least for some paths if all stay.
    fn staying(&self, paths: u128) -> u64 {
        members(paths).map(|path| self.all[path].first.stays).sum::<u64>() / self.slots[0] as u64
    }
}
