//! An FL strategy with all its costs: what schedules and searches work on.

use crate::base::{Bytes, Nanos, Region};
use crate::cost::{TileTrace, Traces};
use crate::plan::Strategy;
use std::rc::Rc;

/// Costs of one path at one cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// Device time of its first stages.
    pub device: Nanos,
    /// Time of its transfer, as if all its dependents ran on the server; zero where there is none.
    pub upload: Nanos,
    /// Server time of its other stages.
    pub server: Nanos,
}

/// A path that depends on another, and what it reads of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependent {
    /// The later path.
    pub path: usize,
    /// The part of the earlier path's cell that it reads; never empty.
    pub reads: Region,
}

/// One path: a tile's chain of smaller layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Its block.
    pub block: usize,
    /// Row and column in the block's grid.
    pub tile: [u32; 2],
    /// Its first stage.
    pub first: usize,
    /// Its number of stages.
    pub len: usize,
    /// What it makes of the block's output.
    pub cell: Region,
    /// What it needs of the block's input.
    pub input: Region,
    /// Time of sending its result down, where the result goes back and it is of the last block.
    pub download: Nanos,
    rows: usize,
    needs: (usize, usize),
    feeds: (usize, usize),
}

/// Slots of device and server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slots {
    /// Operations that the device runs side by side.
    pub device: usize,
    /// Operations that the server runs side by side.
    pub server: usize,
}

/// A strategy's paths, their costs at every cut, and who depends on whom.
#[derive(Clone, Debug)]
pub struct Instance {
    paths: Vec<Path>,
    rows: Vec<Row>,
    needs: Vec<usize>,
    feeds: Vec<Dependent>,
    /// Slots of device and server.
    pub slots: Slots,
    /// By block: the traces of its tiles and its boundary of output.
    traces: Vec<Rc<Vec<TileTrace>>>,
    uplink: crate::platform::Link,
    element: Vec<u64>,
}

/// Why order and cuts are no valid plan of a strategy, with the path concerned (planning model §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Order or cuts have not one entry a path.
    #[error("the plan has {paths} paths, but order has {order} entries and cuts {cuts}")]
    Count {
        /// Paths of the strategy.
        paths: usize,
        /// Entries of the order.
        order: usize,
        /// Entries of the cuts.
        cuts: usize,
    },
    /// The order names a path that is not there, or names one twice.
    #[error("the order names path {path} twice, or there is no such path")]
    NotAnOrder {
        /// The path.
        path: usize,
    },
    /// A cut behind the path's last stage.
    #[error("path {path} is cut after stage {cut} of its {len}")]
    CutTooLate {
        /// The path.
        path: usize,
        /// Its cut.
        cut: usize,
        /// Its stages.
        len: usize,
    },
    /// A path comes before one that it depends on.
    #[error("path {path} comes before path {needs}, which it depends on")]
    BeforeItsNeeds {
        /// The path.
        path: usize,
        /// The path that has to come earlier.
        needs: usize,
    },
    /// A path with a device part depends on one that ends on the server.
    #[error("path {path} starts on the device, but path {needs}, which it depends on, ends on the server")]
    BackFromServer {
        /// The path.
        path: usize,
        /// The path that has to stay on the device.
        needs: usize,
    },
}

impl Instance {
    /// Compiles a strategy of the network that the traces are of.
    pub fn new(traces: &mut Traces, strategy: &Strategy) -> Self {
        let model = traces.model();
        let platform = model.platform();
        let tiles: Vec<Rc<Vec<TileTrace>>> =
            strategy.blocks().iter().map(|block| traces.of(block.last, &block.grid)).collect();
        let mut instance = Self {
            paths: Vec::with_capacity(strategy.paths()),
            rows: Vec::new(),
            needs: Vec::new(),
            feeds: Vec::new(),
            slots: Slots { device: platform.device.slots, server: platform.server.slots },
            traces: tiles,
            uplink: platform.link.clone(),
            element: (0..=model.network().stages().len())
                .map(|boundary| model.wire_bytes(boundary, Region::whole(1, 1)).0)
                .collect(),
        };
        let last_block = strategy.blocks().len() - 1;
        for (index, block) in strategy.blocks().iter().enumerate() {
            let tiles = Rc::clone(&instance.traces[index]);
            for trace in tiles.iter() {
                instance.push(
                    index,
                    block.first,
                    block.len(),
                    trace,
                    index == last_block && platform.link.return_result,
                );
            }
        }
        instance.connect();
        for path in 0..instance.paths.len() {
            let reads = instance.dependents(path).iter().fold(Region::EMPTY, |all, d| all.bounding(d.reads));
            let last = instance.paths[path].rows + instance.paths[path].len;
            instance.rows[last].upload = instance.upload(path, instance.paths[path].len, reads);
        }
        instance
    }

    fn push(&mut self, block: usize, first: usize, len: usize, trace: &TileTrace, returns: bool) {
        let (rows, end) = (self.rows.len(), first + len);
        let cell = trace.region(end);
        let download = if returns { Bytes(self.element[end] * cell.area()) } else { Bytes::ZERO };
        self.paths.push(Path {
            block,
            tile: trace.tile,
            first,
            len,
            cell,
            input: trace.region(first),
            download: self.uplink.download(download),
            rows,
            needs: (0, 0),
            feeds: (0, 0),
        });
        let path = self.paths.len() - 1;
        for cut in 0..=len {
            let sends = cut < len && (cut > 0 || block == 0);
            self.rows.push(Row {
                device: trace.device(first, first + cut),
                upload: if sends { self.upload(path, cut, trace.region(first + cut)) } else { Nanos::ZERO },
                server: trace.server(first + cut, end),
            });
        }
    }

    /// Finds who reads whose cell: neighbouring blocks only.
    fn connect(&mut self) {
        let count = self.paths.len();
        for later in 0..count {
            let start = self.needs.len();
            let (block, input) = (self.paths[later].block, self.paths[later].input);
            for earlier in (0..later).filter(|&p| self.paths[p].block + 1 == block) {
                if !self.paths[earlier].cell.intersect(input).is_empty() {
                    self.needs.push(earlier);
                }
            }
            self.paths[later].needs = (start, self.needs.len());
        }
        for earlier in 0..count {
            let start = self.feeds.len();
            let (block, cell) = (self.paths[earlier].block, self.paths[earlier].cell);
            for later in (earlier + 1..count).filter(|&p| self.paths[p].block == block + 1) {
                let reads = cell.intersect(self.paths[later].input);
                if !reads.is_empty() {
                    self.feeds.push(Dependent { path: later, reads });
                }
            }
            self.paths[earlier].feeds = (start, self.feeds.len());
        }
    }

    /// The paths, by block and then row by row.
    pub fn paths(&self) -> &[Path] {
        &self.paths
    }

    /// Costs of a path at cuts 0 to its length.
    #[inline]
    pub fn rows(&self, path: usize) -> &[Row] {
        let path = &self.paths[path];
        &self.rows[path.rows..=path.rows + path.len]
    }

    /// Paths of the block before whose cells this one reads.
    #[inline]
    pub fn needs(&self, path: usize) -> &[usize] {
        let (start, end) = self.paths[path].needs;
        &self.needs[start..end]
    }

    /// Paths of the next block that read this one's cell.
    #[inline]
    pub fn dependents(&self, path: usize) -> &[Dependent] {
        let (start, end) = self.paths[path].feeds;
        &self.feeds[start..end]
    }

    /// The region of a path at one of its stage boundaries, 0 to its length.
    pub fn region(&self, path: usize, boundary: usize) -> Region {
        let Path { block, tile, first, .. } = self.paths[path];
        let at = self.traces[block].iter().find(|trace| trace.tile == tile);
        at.map_or(Region::EMPTY, |trace| trace.region(first + boundary))
    }

    /// What a path cut at its end sends: the bounding box of what its server-side dependents read.
    pub fn sent_at_end(&self, path: usize, cuts: &[usize]) -> Region {
        let server_side = self.dependents(path).iter().filter(|dependent| cuts[dependent.path] == 0);
        server_side.fold(Region::EMPTY, |all, dependent| all.bounding(dependent.reads))
    }

    /// The region that a path sends up under these cuts; empty where it sends nothing.
    pub fn sent(&self, path: usize, cuts: &[usize]) -> Region {
        let Path { block, len, .. } = self.paths[path];
        match cuts[path] {
            cut if cut == len => self.sent_at_end(path, cuts),
            0 if block > 0 => Region::EMPTY,
            cut => self.region(path, cut),
        }
    }

    /// Bytes on the wire of a region at a path's boundary.
    pub fn wire_bytes(&self, path: usize, boundary: usize, region: Region) -> Bytes {
        Bytes(self.element[self.paths[path].first + boundary] * region.area())
    }

    /// Time of sending a region at one of a path's stage boundaries, 0 to its length.
    pub fn upload(&self, path: usize, boundary: usize, region: Region) -> Nanos {
        self.uplink.upload(self.wire_bytes(path, boundary, region))
    }

    /// Time of a path's transfer under these cuts.
    #[inline]
    pub fn upload_time(&self, path: usize, cuts: &[usize]) -> Nanos {
        let cut = cuts[path];
        let full = self.rows(path)[cut].upload;
        if cut < self.paths[path].len || full == Nanos::ZERO {
            return full;
        }
        let dependents = self.dependents(path);
        let on_server = dependents.iter().filter(|dependent| cuts[dependent.path] == 0).count();
        match on_server {
            0 => Nanos::ZERO,
            all if all == dependents.len() => full,
            _ => self.upload(path, cut, self.sent_at_end(path, cuts)),
        }
    }

    /// Whether order and cuts are a valid plan.
    ///
    /// # Errors
    /// The first reason why not.
    pub fn check(&self, order: &[usize], cuts: &[usize]) -> Result<(), Invalid> {
        let count = self.paths.len();
        if order.len() != count || cuts.len() != count {
            return Err(Invalid::Count { paths: count, order: order.len(), cuts: cuts.len() });
        }
        let mut done = vec![false; count];
        for &path in order {
            if path >= count || done[path] {
                return Err(Invalid::NotAnOrder { path });
            }
            done[path] = true;
        }
        for (path, &cut) in cuts.iter().enumerate() {
            let len = self.paths[path].len;
            if cut > len {
                return Err(Invalid::CutTooLate { path, cut, len });
            }
        }
        done.fill(false);
        for &path in order {
            for &needs in self.needs(path) {
                if !done[needs] {
                    return Err(Invalid::BeforeItsNeeds { path, needs });
                }
                if cuts[path] > 0 && cuts[needs] < self.paths[needs].len {
                    return Err(Invalid::BackFromServer { path, needs });
                }
            }
            done[path] = true;
        }
        Ok(())
    }

    /// Lowers every cut that depends on something on the server to 0, so that cuts become valid.
    pub fn repair(&self, cuts: &mut [usize]) {
        for path in 0..self.paths.len() {
            let stays = self.needs(path).iter().all(|&needs| cuts[needs] == self.paths[needs].len);
            if !stays {
                cuts[path] = 0;
            }
        }
    }
}
