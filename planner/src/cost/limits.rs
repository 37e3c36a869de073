//! Situations whose times could not be added up exactly.

use crate::network::{Layer, Network};
use crate::platform::{Platform, Processor};

/// The longest time of one part, 2⁴⁴ ns: sums of thousands of them stay exact.
const MOST: f64 = (1u64 << 44) as f64;

/// What is too slow to be planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooSlow {
    /// The device.
    #[error("the network would take more than 4 hours on the device; give a faster one or a smaller network")]
    Device,
    /// The server.
    #[error("the network would take more than 4 hours on the server; give a faster one or a smaller network")]
    Server,
    /// The link.
    #[error("sending one layer's output would take more than 4 hours; give a faster link or a smaller network")]
    Link,
}

impl TooSlow {
    /// The part of a scenario document that says so.
    pub fn pointer(self) -> &'static str {
        match self {
            Self::Device => "/device",
            Self::Server => "/server",
            Self::Link => "/network",
        }
    }
}

/// What of a platform is too slow for a network, if anything is.
pub fn too_slow(network: &Network, platform: &Platform) -> Option<TooSlow> {
    let device = on_processor(network, platform, &platform.device, |layer| layer.measured.device.map(|t| t.0));
    let server = on_processor(network, platform, &platform.server, |layer| layer.measured.server.map(|t| t.0));
    let largest = network.layers().iter().map(|layer| layer.output.elements()).max().unwrap_or(0);
    let largest = largest.max(network.input().elements()) as f64 * 16.0;
    let slowest = platform.link.uplink_kbps.min(platform.link.downlink_kbps) as f64;
    let times = [(device, TooSlow::Device), (server, TooSlow::Server), (largest * 8e6 / slowest, TooSlow::Link)];
    times.into_iter().find(|(time, _)| *time > MOST).map(|(_, slow)| slow)
}

fn on_processor(
    network: &Network,
    platform: &Platform,
    processor: &Processor,
    measured: impl Fn(&Layer) -> Option<u64>,
) -> f64 {
    let element = platform.data.element;
    let time = |layer: &Layer| {
        let input = layer.inputs.first().map_or(0, |&source| network.shape(source).area());
        let flops = layer.work.flops(layer.output.area(), input).0 as f64;
        let bytes = (layer.output.elements() * element + layer.weights(element)) as f64;
        1e3 * (flops / processor.milli_gflops as f64 + bytes / processor.milli_gb_per_s as f64)
            + processor.overhead.0 as f64
            + measured(layer).unwrap_or(0) as f64
    };
    network.layers().iter().map(time).sum()
}
