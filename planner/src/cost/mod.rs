//! Costs: nanoseconds and bytes of a tile's stages, exact (planning model §3).
//!
//! Entry points: [`CostModel`], [`Traces`], [`too_slow`]. Must not know orders, cuts or the browser.

mod limits;
mod traces;

pub use limits::{TooSlow, too_slow};
pub use traces::{Traced, Traces, behind};

use crate::base::{Bytes, Flops, Nanos, Region, Span};
use crate::network::{LayerId, Measured, Network, Shape, Work};
use crate::platform::{Platform, Processor};
use crate::tiling::Tracer;
use std::rc::Rc;
use traces::Sizes;

/// A processor's cost formula `⌈1000·(FLOPs·B + bytes·F)/(F·B)⌉ + overhead`, its fraction reduced.
#[derive(Clone, Copy, Debug)]
struct Rate {
    per_flop: u64,
    per_byte: u64,
    divisor: u64,
    overhead: Nanos,
    /// Up to here, either product is at most half of what a `u64` holds.
    short_flops: u64,
    short_bytes: u64,
}

impl Rate {
    fn new(processor: &Processor) -> Self {
        let (f, b) = (processor.milli_gflops, processor.milli_gb_per_s);
        let (per_flop, per_byte, divisor) = (1000 * u128::from(b), 1000 * u128::from(f), u128::from(f) * u128::from(b));
        let common = gcd(gcd(per_flop, per_byte), divisor);
        // Rates are at most 10^9 (platform limits), so every term fits.
        let narrow = |value: u128| u64::try_from(value / common).unwrap_or(u64::MAX);
        let short = |rate: u64| u64::MAX / 2 / rate.max(1);
        Self {
            per_flop: narrow(per_flop),
            per_byte: narrow(per_byte),
            short_flops: short(narrow(per_flop)),
            short_bytes: short(narrow(per_byte)),
            divisor: narrow(divisor),
            overhead: processor.overhead,
        }
    }

    #[inline]
    fn time(&self, flops: Flops, bytes: Bytes) -> Nanos {
        // Not `checked_mul`: WebAssembly has no wide product, and it is slow without.
        let time = match flops.0 <= self.short_flops && bytes.0 <= self.short_bytes {
            true => (flops.0 * self.per_flop + bytes.0 * self.per_byte).div_ceil(self.divisor),
            false => self.long_time(flops, bytes),
        };
        Nanos(time) + self.overhead
    }

    #[cold]
    fn long_time(&self, flops: Flops, bytes: Bytes) -> u64 {
        let parts = u128::from(flops.0) * u128::from(self.per_flop) + u128::from(bytes.0) * u128::from(self.per_byte);
        u64::try_from(parts.div_ceil(u128::from(self.divisor))).unwrap_or(u64::MAX >> 8)
    }

    /// The same without rounding up, in 2⁻¹⁶ ns, rounded down.
    fn exact_time(&self, flops: Flops, bytes: Bytes) -> u128 {
        let parts = u128::from(flops.0) * u128::from(self.per_flop) + u128::from(bytes.0) * u128::from(self.per_byte);
        (parts << 16) / u128::from(self.divisor) + (u128::from(self.overhead.0) << 16)
    }
}

fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// What the cost of a layer that has any needs, gathered once.
#[derive(Clone, Copy, Debug)]
struct LayerCost {
    id: LayerId,
    folded: bool,
    work: Work,
    /// Bytes of one position of the output.
    position: u64,
    weights: u64,
    area: u64,
    device: Option<Nanos>,
    server: Option<Nanos>,
}

/// Time of one stage on one tile, on either side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StageTime {
    /// On the device.
    pub device: Nanos,
    /// On the server.
    pub server: Nanos,
}

/// A tile traced back from a block's last stage, as far as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileTrace {
    /// Row and column in the grid.
    pub tile: [u32; 2],
    /// The stage at which the trace begins; a block may start at it or later.
    pub from: usize,
    /// By boundary from `from` on: rows of the region needed there; the last are those of the cell.
    pub rows: Rc<[Span]>,
    /// Its columns.
    pub columns: Rc<[Span]>,
    /// By boundary: summed times of the stages from `from` up to there.
    pub sums: Rc<[StageTime]>,
    /// The first tile of its grid of which every region, and what of it no tile above or to the left
    /// needs, has the same size.
    pub like: usize,
}

impl TileTrace {
    /// The region at a stage boundary (0 is the network's input).
    #[inline]
    pub fn region(&self, boundary: usize) -> Region {
        Region::new(self.rows[boundary - self.from], self.columns[boundary - self.from])
    }

    /// Time of the stages between two boundaries, on the device.
    #[inline]
    pub fn device(&self, start: usize, end: usize) -> Nanos {
        self.sums[end - self.from].device - self.sums[start - self.from].device
    }

    /// Time of the stages between two boundaries, on the server.
    #[inline]
    pub fn server(&self, start: usize, end: usize) -> Nanos {
        self.sums[end - self.from].server - self.sums[start - self.from].server
    }
}

/// Costs of one network on one platform.
#[derive(Clone, Debug)]
pub struct CostModel<'a> {
    network: &'a Network,
    platform: &'a Platform,
    device: Rate,
    server: Rate,
    /// By stage: its layers that cost something.
    stages: Vec<Vec<LayerCost>>,
}

/// Exact times of one unsplit stage in 2⁻¹⁶ ns, rounded down once a layer.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExactTime {
    /// On the device.
    pub device: u128,
    /// On the server.
    pub server: u128,
}

impl<'a> CostModel<'a> {
    /// Gathers what costs need.
    pub fn new(network: &'a Network, platform: &'a Platform) -> Self {
        let costs = |&id: &LayerId| {
            let layer = network.layer(id);
            let folded = layer.op.is_folded();
            let is_free = folded && layer.measured == Measured::default();
            (!is_free).then(|| LayerCost {
                id,
                folded,
                work: layer.work,
                position: u64::from(layer.output.channels) * platform.data.element,
                weights: layer.weights(platform.data.element),
                area: layer.output.area(),
                device: layer.measured.device,
                server: layer.measured.server,
            })
        };
        let stages = network.stages().iter().map(|stage| stage.layers.iter().filter_map(costs).collect()).collect();
        Self { network, platform, device: Rate::new(&platform.device), server: Rate::new(&platform.server), stages }
    }

    /// The network.
    pub fn network(&self) -> &'a Network {
        self.network
    }

    /// The platform.
    pub fn platform(&self) -> &'a Platform {
        self.platform
    }

    /// Time of a stage on a tile whose rows are those of one line of its grid, and its columns those of
    /// another one; sizes are those of layers that cost something.
    fn stage_time(&self, stage: usize, rows: &[Sizes], columns: &[Sizes]) -> StageTime {
        let mut total = StageTime::default();
        for ((layer, rows), columns) in self.stages[stage].iter().zip(rows).zip(columns) {
            let area = u64::from(rows.produced[0]) * u64::from(columns.produced[1]);
            if area == 0 {
                continue;
            }
            let flops = layer.work.flops(area, u64::from(rows.needed[0]) * u64::from(columns.needed[1]));
            let bytes = Bytes(layer.position * area + layer.weights);
            let on = |rate: &Rate, measured: Option<Nanos>| match measured {
                Some(whole) => share(whole, area, layer.area),
                None if layer.folded => Nanos::ZERO,
                None => rate.time(flops, bytes),
            };
            total.device += on(&self.device, layer.device);
            total.server += on(&self.server, layer.server);
        }
        total
    }

    /// Exact times of a stage that the tracer went through last, not rounded up.
    pub fn exact_stage_time(&self, tracer: &Tracer, stage: usize) -> ExactTime {
        let mut total = ExactTime::default();
        for layer in &self.stages[stage] {
            let area = tracer.produced(layer.id).area();
            if area == 0 {
                continue;
            }
            let flops = layer.work.flops(area, tracer.needed(layer.id).area());
            let bytes = Bytes(layer.position * area + layer.weights);
            let on = |rate: &Rate, measured: Option<Nanos>| match measured {
                Some(whole) => ((u128::from(whole.0) * u128::from(area)) << 16) / u128::from(layer.area),
                None if layer.folded => 0,
                None => rate.exact_time(flops, bytes),
            };
            total.device += on(&self.device, layer.device);
            total.server += on(&self.server, layer.server);
        }
        total
    }

    /// Bytes on the wire (and, for the picture, in memory) of a region at a stage boundary.
    #[inline]
    pub fn wire_bytes(&self, boundary: usize, region: Region) -> Bytes {
        let data = self.platform.data;
        let element = if boundary == 0 { data.input_element } else { data.wire_element };
        region_bytes(self.network.boundary(boundary), region, element)
    }

    /// Bytes in memory of a region at a stage boundary.
    pub fn held_bytes(&self, boundary: usize, region: Region) -> Bytes {
        let data = self.platform.data;
        let element = if boundary == 0 { data.input_element } else { data.element };
        region_bytes(self.network.boundary(boundary), region, element)
    }
}

fn region_bytes(shape: Shape, region: Region, element: u64) -> Bytes {
    Bytes(u64::from(shape.channels) * region.area() * element)
}

/// `⌈T·area/whole⌉` of a measured time.
fn share(whole: Nanos, area: u64, all: u64) -> Nanos {
    let time = (u128::from(whole.0) * u128::from(area)).div_ceil(u128::from(all.max(1)));
    Nanos(u64::try_from(time).unwrap_or(whole.0))
}
