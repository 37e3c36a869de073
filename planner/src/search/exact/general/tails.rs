//! What is left to do behind the last operations on device and uplink: *Tails* in the module above.

use super::ways::{ANY, DEVICE, Job, Jobs, SERVER, Side, members};

/// What is left to do behind a path's last operation on a resource, where that is the last one there of all
/// paths that are not alone. By what starts are left to the path: [`ANY`], [`SERVER`], [`DEVICE`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Tail {
    /// Least time of other resources behind it, alone paths left out; the most where there is no such operation.
    least: [u64; 3],
    /// Whether the path has an operation there however it runs.
    is_sure: [bool; 3],
}

impl Job {
    /// Where what is behind it takes so long on the server, and the reader of a box and what is behind that; and
    /// whether others than alone paths read it.
    fn tails(&self, behind: u64, reader: u64, has_readers: bool) -> [Tail; 2] {
        let mut tails = [Tail { least: [u64::MAX; 3], is_sure: [!self.alone; 3] }; 2];
        for way in self.ways.iter().filter(|_| !self.alone) {
            let is_silent = way.is(Side::Silent);
            let sends = way.upload > 0 || way.is_any_box;
            let after = way.server.map_or(reader, |server| server + behind);
            let start = if way.cut == 0 { SERVER } else { DEVICE };
            // Some path that reads what stays and is not sent runs on the device later.
            let on_device = way.cut > 0 && !(is_silent && has_readers);
            let times = [
                (way.cut > 0, if on_device { way.upload + if is_silent { 0 } else { after } } else { u64::MAX }),
                (sends, if sends { after } else { u64::MAX }),
            ];
            for (tail, (is_sure, time)) in tails.iter_mut().zip(times) {
                for start in [ANY, start] {
                    tail.is_sure[start] &= is_sure;
                    tail.least[start] = tail.least[start].min(time);
                }
            }
        }
        tails
    }
}

impl Jobs {
    /// Finds what is left to do behind each path.
    pub fn read_tails(&mut self) {
        let on_server = |job: &Job| {
            let server = job.ways.iter().filter(|way| way.cut == 0 && !job.alone).filter_map(|way| way.server);
            server.min().unwrap_or(0)
        };
        let on_server: Vec<u64> = self.all.iter().map(on_server).collect();
        let behind = |job: &Job| members(job.behind).map(|path| on_server[path]).sum::<u64>() / self.slots[1] as u64;
        let behind: Vec<u64> = self.all.iter().map(behind).collect();
        let alone = self.alone;
        for (job, &behind_all) in self.all.iter_mut().zip(&behind) {
            let reader = members(job.feeds).map(|path| on_server[path] + behind[path]).min().unwrap_or(0);
            job.tails = job.tails(behind_all, reader, job.feeds & !alone != 0);
        }
    }

    /// Time in which the device has nothing to do any more, and the uplink, before the last path ends that is
    /// not alone.
    pub fn tails(&self, unplaced: u128, no_device: u128, no_server: u128) -> [u64; 2] {
        let (mut least, mut is_sure) = ([u64::MAX; 2], [false; 2]);
        for path in members(unplaced) {
            let start = match (no_device >> path & 1, no_server >> path & 1) {
                (1, _) => SERVER,
                (_, 1) => DEVICE,
                _ => ANY,
            };
            for (at, tail) in self.all[path].tails.iter().enumerate() {
                least[at] = least[at].min(tail.least[start]);
                is_sure[at] |= tail.is_sure[start];
            }
        }
        [0, 1].map(|at| if is_sure[at] && least[at] < u64::MAX { least[at] } else { 0 })
    }

    /// The same with nothing placed.
    pub fn all_tails(&self) -> [u64; 2] {
        self.tails(self.everything, self.no_device, self.no_server)
    }
}
