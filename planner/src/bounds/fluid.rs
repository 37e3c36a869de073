//! The fluid bound: a mix of at most three cuts of the unsplit network (planning model §6).

use crate::base::{Nanos, Region};
use crate::cost::CostModel;
use crate::tiling::Tracer;

/// Exact times of the unsplit network cut at `c`, in 2⁻¹⁶ ns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cut([u128; 3]);

/// The fluid bound of a network on a platform; holds for every plan of a gapless network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fluid {
    /// The bound.
    pub value: Nanos,
    /// Shares of device, uplink and server that prove it.
    pub shares: [f64; 3],
}

impl Fluid {
    /// Computes it for one block that is not split.
    pub fn new(model: &CostModel) -> Self {
        let platform = model.platform();
        let slots = [platform.device.slots as u128, 1, platform.server.slots as u128];
        let cuts: Vec<Cut> =
            unsplit(model).into_iter().map(|Cut(t)| Cut([t[0] / slots[0], t[1], t[2] / slots[2]])).collect();
        let points: Vec<[f64; 3]> = cuts.iter().map(|Cut(t)| t.map(|part| part as f64)).collect();
        let shares = best_shares(&points);
        // Whatever floats found, integer weights prove the bound.
        let unit = f64::from(1u32 << 30);
        let weights = shares.map(|share| (share * unit).floor().clamp(0.0, unit) as u128);
        let total = weights.iter().sum::<u128>().max(1);
        let least = cuts.iter().map(|Cut(t)| t.iter().zip(weights).map(|(part, w)| part * w).sum::<u128>()).min();
        let value = (least.unwrap_or(0) / total).div_ceil(1 << 16);
        Self { value: Nanos(u64::try_from(value).unwrap_or(0)), shares }
    }
}

/// Exact device, uplink and server times for every cut of the unsplit network.
fn unsplit(model: &CostModel) -> Vec<Cut> {
    let network = model.network();
    let link = &model.platform().link;
    let stages = network.stages().len();
    let mut tracer = Tracer::new(network);
    let end = network.boundary(stages);
    let mut region = Region::whole(end.height, end.width);
    let mut times = vec![Default::default(); stages];
    let mut uploads = vec![0u128; stages + 1];
    for stage in (0..stages).rev() {
        region = tracer.back(&network.stages()[stage], region);
        times[stage] = model.exact_stage_time(&tracer, stage);
        let bytes = model.wire_bytes(stage, region);
        if bytes.0 > 0 {
            let wire = ((u128::from(bytes.0) * 8_000_000) << 16) / u128::from(link.uplink_kbps);
            uploads[stage] = wire + (u128::from(link.latency.0) << 16);
        }
    }
    (0..=stages)
        .map(|cut| {
            let device = times[..cut].iter().map(|t: &crate::cost::ExactTime| t.device).sum();
            let server = times[cut..].iter().map(|t| t.server).sum();
            Cut([device, uploads[cut], server])
        })
        .collect()
}

/// Shares at which the cheapest point is dearest: one search of a concave function within another.
pub fn best_shares(points: &[[f64; 3]]) -> [f64; 3] {
    let value = |shares: [f64; 3]| {
        let mut least = f64::INFINITY;
        for point in points {
            let value = shares[0] * point[0] + shares[1] * point[1] + shares[2] * point[2];
            // Not `f64::min`, which asks for numbers that are none.
            if value < least {
                least = value;
            }
        }
        least
    };
    let best_rest = |first: f64| {
        peak(|second| {
            let rest = 1.0 - first;
            value([first, rest * second, rest * (1.0 - second)])
        })
    };
    let (first, _) = peak(|first| best_rest(first).1);
    let (second, _) = best_rest(first);
    [first, (1.0 - first) * second, (1.0 - first) * (1.0 - second)]
}

/// Argument and value of the largest value of a concave function on `[0, 1]`: golden sections, so that of
/// both places looked at one is looked at again.
fn peak(mut function: impl FnMut(f64) -> f64) -> (f64, f64) {
    const GOLDEN: f64 = 0.618_033_988_749_895;
    let (mut low, mut high) = (0.0, 1.0);
    let mut at = |x: f64| (x, function(x));
    let (mut left, mut right) = (at(1.0 - GOLDEN), at(GOLDEN));
    for _ in 0..34 {
        if left.1 < right.1 {
            (low, left) = (left.0, right);
            right = at(low + GOLDEN * (high - low));
        } else {
            (high, right) = (right.0, left);
            left = at(high - GOLDEN * (high - low));
        }
    }
    [at(0.0), at(1.0), left, right]
        .into_iter()
        .fold((0.0, f64::NEG_INFINITY), |best, found| if found.1 > best.1 { found } else { best })
}
