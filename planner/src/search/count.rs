//! About how many plans a space of at most one fused block holds: what brute force would go through.

use crate::bounds::Singles;

/// Number of valid plans where every tile needs the block before it and feeds the one behind it, to a
/// double's precision; [`super::Brute::count`] counts exactly, and slowly.
pub fn about_how_many_plans(singles: &Singles, stages: usize) -> f64 {
    let of = |end: &crate::bounds::Single| {
        let tiles = end.columns.len();
        let orders: f64 = (1..=tiles).map(|i| i as f64).product();
        let of_first = |first: usize| {
            let cuts: f64 = (0..tiles).map(|_| (end.last + 2 - first) as f64).product();
            // Or the block before leaves the device, or the one behind goes on there.
            orders * (cuts + first as f64 + (stages - end.last - 1) as f64)
        };
        (end.start..=end.last).map(of_first).sum::<f64>()
    };
    singles.ends.iter().map(of).sum::<f64>() + (stages + 1) as f64
}
