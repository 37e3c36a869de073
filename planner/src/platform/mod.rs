//! What a network runs on: device, server, link and data types, as exact integers; and the presets.
//!
//! Entry points: [`Platform`], [`presets`]. Must not know networks, tiles, files or the browser.

pub mod origin;
pub mod presets;

use crate::base::{Bytes, Nanos};

/// A device or a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Processor {
    /// Its compute rate in thousandths of a GFLOP/s; at least 1.
    pub milli_gflops: u64,
    /// Its memory rate in thousandths of a GB/s; at least 1.
    pub milli_gb_per_s: u64,
    /// Time lost at each layer that is not folded.
    pub overhead: Nanos,
    /// Operations it runs side by side; at least 1.
    pub slots: usize,
    /// Its memory, where it is known.
    pub memory: Option<Bytes>,
}

/// The link between device and server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Uplink rate in kbit/s; at least 1.
    pub uplink_kbps: u64,
    /// Time that each transfer takes besides its bytes.
    pub latency: Nanos,
    /// Whether the result goes back to the device.
    pub return_result: bool,
    /// Downlink rate in kbit/s; at least 1.
    pub downlink_kbps: u64,
}

/// Bytes of one element, by where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataTypes {
    /// In memory: outputs and weights.
    pub element: u64,
    /// Of the network's input tensor, in memory and on the wire.
    pub input_element: u64,
    /// On the wire.
    pub wire_element: u64,
}

/// All that costs depend on besides the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// The small side.
    pub device: Processor,
    /// The large side.
    pub server: Processor,
    /// What lies between them.
    pub link: Link,
    /// Bytes per element.
    pub data: DataTypes,
}

impl Link {
    /// Time of sending `bytes` up; nothing takes no time.
    #[inline]
    pub fn upload(&self, bytes: Bytes) -> Nanos {
        transfer(bytes, self.uplink_kbps, self.latency)
    }

    /// What `bytes` add at least to a transfer that they are part of, latency left out: no more than a
    /// nanosecond short of it.
    pub fn upload_of_part(&self, bytes: Bytes) -> u64 {
        self.upload(bytes).0.saturating_sub(self.latency.0 + 1)
    }

    /// Time of sending a result back: none where it stays at the server.
    pub fn way_back(&self, bytes: Bytes) -> Nanos {
        if self.return_result { self.download(bytes) } else { Nanos::ZERO }
    }

    /// Time of sending `bytes` down; nothing takes no time.
    #[inline]
    pub fn download(&self, bytes: Bytes) -> Nanos {
        transfer(bytes, self.downlink_kbps, self.latency)
    }
}

/// `⌈8·10⁶·b/R⌉ + latency` (planning model §3).
#[inline]
fn transfer(bytes: Bytes, kbps: u64, latency: Nanos) -> Nanos {
    if bytes == Bytes::ZERO {
        return Nanos::ZERO;
    }
    // Not `checked_mul`: WebAssembly has no wide product, and it is slow without.
    let time = match bytes.0 <= u64::MAX / 8_000_000 {
        true => (bytes.0 * 8_000_000).div_ceil(kbps),
        false => u64::try_from((u128::from(bytes.0) * 8_000_000).div_ceil(u128::from(kbps))).unwrap_or(u64::MAX / 4),
    };
    Nanos(time) + latency
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transfers_are_exact() {
        let link = Link { uplink_kbps: 18_880, latency: Nanos(5_000_000), return_result: false, downlink_kbps: 1 };
        assert_eq!(link.upload(Bytes(149_187)), Nanos(68_214_831));
        assert_eq!(link.upload(Bytes::ZERO), Nanos::ZERO);
    }
}
