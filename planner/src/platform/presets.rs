//! The presets of devices, servers and links, each with its source.

use super::origin::Origin;

/// A device or a server that somebody measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProcessorPreset {
    /// In scenarios and links.
    pub id: &'static str,
    /// For people.
    pub name: &'static str,
    /// Compute rate, two operations a multiply-accumulate.
    pub gflops: f64,
    /// Memory rate.
    pub memory_gb_per_s: f64,
    /// Time lost at each layer that is not folded.
    pub overhead_us: f64,
    /// Memory in units of 1024 bytes, as the maker states it, where one size is certain.
    pub memory_kb: Option<u64>,
    /// Bytes of an element in memory, where it is not the usual 4.
    pub bytes_per_element: Option<u32>,
    /// Mean relative error of the three numbers against the measured latencies. Where the fits of several
    /// processors were summed up together, their largest.
    pub mean_error: Option<f64>,
    /// Largest relative error, as [`ProcessorPreset::mean_error`].
    pub max_error: Option<f64>,
    /// Where the numbers come from.
    pub source: Origin,
}

/// A link between device and server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinkPreset {
    /// In scenarios and links.
    pub id: &'static str,
    /// For people.
    pub name: &'static str,
    /// Rate from the device to the server.
    pub uplink_mbps: f64,
    /// Time that each transfer takes besides its bytes.
    pub latency_ms: f64,
    /// Rate from the server to the device.
    pub downlink_mbps: f64,
    /// Where the numbers come from.
    pub source: Origin,
}

/// The device of an id.
pub fn device(id: &str) -> Option<&'static ProcessorPreset> {
    DEVICES.iter().find(|preset| preset.id == id)
}

/// The server of an id.
pub fn server(id: &str) -> Option<&'static ProcessorPreset> {
    SERVERS.iter().find(|preset| preset.id == id)
}

/// The link of an id.
pub fn link(id: &str) -> Option<&'static LinkPreset> {
    LINKS.iter().find(|preset| preset.id == id)
}

/// The id, wherever presets have one, of what somebody brings along.
pub const OWN: &str = "own";

/// A device or server of one's own, before its numbers are given.
pub const OWN_PROCESSOR: ProcessorPreset = ProcessorPreset {
    id: OWN,
    name: "",
    gflops: 100.0,
    memory_gb_per_s: 10.0,
    overhead_us: 0.0,
    memory_kb: None,
    bytes_per_element: None,
    mean_error: None,
    max_error: None,
    source: Origin::Own,
};

/// A link of one's own, before its numbers are given.
pub const OWN_LINK: LinkPreset =
    LinkPreset { id: OWN, name: "", uplink_mbps: 10.0, latency_ms: 0.0, downlink_mbps: 10.0, source: Origin::Own };

/// Devices: boards, phones and microcontrollers.
pub const DEVICES: &[ProcessorPreset] = &[
    fitted("raspberry-pi-zero-2-w", "Raspberry Pi Zero 2 W", [11.4, 1.46, 309.0], [0.12, 0.28], Origin::FourThreads)
        .with_memory(512 * 1024),
    fitted("raspberry-pi-3b+", "Raspberry Pi 3B+", [15.4, 3.1, 286.0], [0.13, 0.34], Origin::FourThreads)
        .with_memory(1024 * 1024),
    fitted("raspberry-pi-4b", "Raspberry Pi 4B", [43.6, 5.2, 206.0], [0.22, 0.52], Origin::FourThreads),
    fitted("raspberry-pi-5", "Raspberry Pi 5", [222.0, 14.9, 10.0], [0.22, 0.77], Origin::FourThreads),
    fitted("snapdragon-410", "Snapdragon 410", [28.0, 4.0, 341.0], SNAPDRAGON_ERRORS, Origin::Snapdragon),
    fitted("snapdragon-821", "Snapdragon 821", [104.0, 9.5, 87.0], SNAPDRAGON_ERRORS, Origin::Snapdragon),
    fitted("snapdragon-855+", "Snapdragon 855+", [470.0, 30.0, 16.0], SNAPDRAGON_ERRORS, Origin::Snapdragon),
    fitted("snapdragon-8-gen-2", "Snapdragon 8 Gen 2", [776.0, 40.0, 14.0], SNAPDRAGON_ERRORS, Origin::Snapdragon),
    fitted("jetson-nano-cpu", "Jetson Nano, CPU", [64.0, 3.6, 108.0], [0.17, 0.49], Origin::OnCpu),
    fitted("jetson-nano-gpu", "Jetson Nano, GPU", [108.0, 7.4, 34.0], [0.17, 0.49], Origin::OnGpu),
    fitted("jetson-tx2-nx-gpu", "Jetson TX2 NX, GPU", [592.0, 16.0, 37.0], [0.17, 0.45], Origin::OnGpu)
        .with_memory(4 * 1024 * 1024),
    fitted("jetson-orin-nano-cpu", "Jetson Orin Nano, CPU", [396.0, 25.0, 33.0], [0.22, 0.59], Origin::OnCpu),
    JETSON_ORIN_NANO_GPU,
    microcontroller("esp32", "ESP32, 240 MHz", 0.038, 520, Origin::EspNn),
    microcontroller("esp32-s3", "ESP32-S3", 0.266, 512, Origin::EspNn),
    microcontroller("esp32-p4", "ESP32-P4", 0.196, 768, Origin::EspNn),
    microcontroller("stm32l4r5", "STM32L4R5", 0.11, 640, Origin::MlperfTiny),
    microcontroller("stm32h7a3", "STM32H7A3", 0.46, 1376, Origin::MlperfTiny),
];

/// Edge servers.
pub const SERVERS: &[ProcessorPreset] = &[
    fitted("rtx-2080", "RTX 2080", [6754.0, 143.0, 22.0], [0.18, 0.33], Origin::OnGpu),
    fitted("rtx-3060-ti", "RTX 3060 Ti", [56_000.0, 299.0, 15.0], [0.21, 0.9], Origin::OverheadBound),
    JETSON_ORIN_NANO_GPU,
    fitted("aws-c5.4xlarge", "AWS c5.4xlarge, 8 threads", [702.0, 121.0, 29.0], [0.21, 0.54], Origin::OnCpu),
    fitted("core-i7-13700k", "Core i7-13700K, 16 threads", [948.0, 99.0, 10.0], [0.19, 0.46], Origin::OnCpu),
    fitted("epyc-7742", "EPYC 7742, 64 threads", [906.0, 161.0, 41.0], [0.25, 0.58], Origin::OnCpu),
    fitted("epyc-7742-1-thread", "EPYC 7742, 1 thread", [160.0, 11.0, 20.0], [0.25, 0.58], Origin::OnCpu),
];

/// Links, from slow to fast.
pub const LINKS: &[LinkPreset] = &[
    LinkPreset {
        id: "literature-3g",
        name: "3G (literature)",
        uplink_mbps: 1.1,
        latency_ms: 0.0,
        downlink_mbps: 2.0275,
        source: Origin::Literature,
    },
    LinkPreset {
        id: "literature-4g",
        name: "4G (literature)",
        uplink_mbps: 5.85,
        latency_ms: 0.0,
        downlink_mbps: 13.76,
        source: Origin::Literature,
    },
    LinkPreset {
        id: "lte-2012",
        name: "LTE, 2012",
        uplink_mbps: 6.0,
        latency_ms: 70.0,
        downlink_mbps: 6.0,
        source: Origin::Huang2012,
    },
    LinkPreset {
        id: "mobile-world-2020",
        name: "Mobile, world mean 2020",
        uplink_mbps: 11.22,
        latency_ms: 40.0,
        downlink_mbps: 11.22,
        source: Origin::OoklaMobile,
    },
    LinkPreset {
        id: "literature-wifi",
        name: "Wi-Fi (literature)",
        uplink_mbps: 18.88,
        latency_ms: 0.0,
        downlink_mbps: 54.97,
        source: Origin::Literature,
    },
    LinkPreset {
        id: "home-wifi",
        name: "Home Wi-Fi",
        uplink_mbps: 18.88,
        latency_ms: 5.0,
        downlink_mbps: 54.97,
        source: Origin::HomeWifi,
    },
    LinkPreset {
        id: "5g-2022",
        name: "5G, 2022",
        uplink_mbps: 31.27,
        latency_ms: 10.0,
        downlink_mbps: 31.27,
        source: Origin::Cellsmart,
    },
    LinkPreset {
        id: "fixed-broadband-2020",
        name: "Fixed broadband, 2020",
        uplink_mbps: 45.7,
        latency_ms: 21.0,
        downlink_mbps: 45.7,
        source: Origin::OoklaFixed,
    },
    LinkPreset {
        id: "ethernet-100",
        name: "Ethernet, 100 Mbit/s",
        uplink_mbps: 100.0,
        latency_ms: 1.0,
        downlink_mbps: 100.0,
        source: Origin::Ethernet,
    },
    LinkPreset {
        id: "busy-5ghz-wifi",
        name: "Busy 5 GHz Wi-Fi",
        uplink_mbps: 300.0,
        latency_ms: 2.0,
        downlink_mbps: 300.0,
        source: Origin::BusyWifi,
    },
    LinkPreset {
        id: "ethernet-1000",
        name: "Ethernet, 1 Gbit/s",
        uplink_mbps: 1000.0,
        latency_ms: 1.0,
        downlink_mbps: 1000.0,
        source: Origin::Ethernet,
    },
];

/// A device as well as an edge server.
const JETSON_ORIN_NANO_GPU: ProcessorPreset =
    fitted("jetson-orin-nano-gpu", "Jetson Orin Nano, GPU", [4592.0, 44.0, 72.0], [0.25, 0.77], Origin::OnGpu);

const SNAPDRAGON_ERRORS: [f64; 2] = [0.23, 0.5];

/// A processor whose GFLOP/s, GB/s and overhead in µs were fitted, with the fit's mean and largest error.
const fn fitted(
    id: &'static str,
    name: &'static str,
    [gflops, memory_gb_per_s, overhead_us]: [f64; 3],
    [mean_error, max_error]: [f64; 2],
    source: Origin,
) -> ProcessorPreset {
    ProcessorPreset {
        id,
        name,
        gflops,
        memory_gb_per_s,
        overhead_us,
        memory_kb: None,
        bytes_per_element: None,
        mean_error: Some(mean_error),
        max_error: Some(max_error),
        source,
    }
}

/// A processor for int8 networks of which only the compute rate and the memory on the chip are known.
const fn microcontroller(
    id: &'static str,
    name: &'static str,
    gflops: f64,
    memory_kb: u64,
    source: Origin,
) -> ProcessorPreset {
    ProcessorPreset {
        id,
        name,
        gflops,
        memory_gb_per_s: 1000.0,
        overhead_us: 0.0,
        memory_kb: Some(memory_kb),
        bytes_per_element: Some(1),
        mean_error: None,
        max_error: None,
        source,
    }
}

impl ProcessorPreset {
    const fn with_memory(self, memory_kb: u64) -> Self {
        Self { memory_kb: Some(memory_kb), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn all_different<'a>(ids: impl Iterator<Item = &'a str>) -> bool {
        let mut seen = HashSet::new();
        ids.into_iter().all(|id| seen.insert(id))
    }

    #[test]
    fn ids_and_names_are_unique_in_each_list() {
        for processors in [DEVICES, SERVERS] {
            assert!(all_different(processors.iter().map(|preset| preset.id)));
            assert!(all_different(processors.iter().map(|preset| preset.name)));
        }
        assert!(all_different(LINKS.iter().map(|preset| preset.id)));
        assert!(all_different(LINKS.iter().map(|preset| preset.name)));
    }

    #[test]
    fn ids_need_no_quoting() {
        let processors = DEVICES.iter().chain(SERVERS).map(|preset| preset.id);
        for id in processors.chain(LINKS.iter().map(|preset| preset.id)) {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.+".contains(c);
            assert!(id.chars().all(plain), "{id}");
        }
    }

    #[test]
    fn numbers_are_positive_and_errors_are_shares() {
        for preset in DEVICES.iter().chain(SERVERS) {
            assert!(preset.gflops > 0.0 && preset.memory_gb_per_s > 0.0, "{}", preset.id);
            assert!(preset.overhead_us >= 0.0 && preset.memory_kb != Some(0), "{}", preset.id);
            if let (Some(mean), Some(max)) = (preset.mean_error, preset.max_error) {
                assert!(0.0 < mean && mean < max && max < 1.0, "{}", preset.id);
            }
        }
        for preset in LINKS {
            assert!(preset.uplink_mbps > 0.0 && preset.downlink_mbps > 0.0, "{}", preset.id);
            assert!(preset.latency_ms >= 0.0, "{}", preset.id);
        }
    }

    #[test]
    fn the_first_situation_can_be_found() {
        assert_eq!(device("raspberry-pi-3b+").map(|preset| preset.gflops), Some(15.4));
        assert_eq!(server("rtx-2080").map(|preset| preset.gflops), Some(6754.0));
        assert_eq!(link("home-wifi").map(|preset| preset.latency_ms), Some(5.0));
        assert_eq!(device("rtx-2080"), None);
    }
}
