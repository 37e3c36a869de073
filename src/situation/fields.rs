//! Every number of a situation: its key in links, its range, its preset, and what it means.

use super::Situation;
use crate::base::Decimal;

/// Which part of the situation a field belongs to; changing its preset resets the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The device.
    Device,
    /// The server.
    Server,
    /// The link.
    Link,
    /// Bytes per element.
    Data,
    /// The plan space.
    Space,
    /// The search.
    Search,
}

/// What values a field takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A rate on a logarithmic scale.
    Rate {
        /// Smallest.
        least: f64,
        /// Largest.
        most: f64,
    },
    /// A whole number.
    Whole {
        /// Smallest.
        least: f64,
        /// Largest.
        most: f64,
    },
    /// A time or a size from 0 on, its slider quadratic.
    Time {
        /// Largest.
        most: f64,
    },
    /// Yes (1) or no (0).
    Choice,
}

/// A number of the situation.
#[derive(Debug)]
pub struct Field {
    /// In links, and the control's id.
    pub key: &'static str,
    /// Its part of the situation.
    pub group: Group,
    /// For people.
    pub label: &'static str,
    /// Its unit; empty where it has none.
    pub unit: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// Whether its control is always on the screen.
    pub prominent: bool,
    /// The value where nothing was chosen.
    pub preset: fn(&Situation) -> f64,
}

impl Kind {
    /// Smallest and largest value.
    pub fn range(self) -> (f64, f64) {
        match self {
            Self::Rate { least, most } | Self::Whole { least, most } => (least, most),
            Self::Time { most } => (0.0, most),
            Self::Choice => (0.0, 1.0),
        }
    }

    /// Whether a value is one of the field's.
    pub fn accepts(self, value: f64) -> bool {
        let (least, most) = self.range();
        let whole = matches!(self, Self::Whole { .. } | Self::Choice);
        value.is_finite() && (least..=most).contains(&value) && (!whole || value.fract() == 0.0)
    }

    /// The nearest value of the field's.
    pub fn nearest(self, value: f64) -> f64 {
        let (least, most) = self.range();
        // Not `clamp`: what it says of limits out of order brings in the printing of floats.
        let value = if value.is_finite() { value.max(least).min(most) } else { least };
        if matches!(self, Self::Whole { .. } | Self::Choice) { value.round() } else { value }
    }

    /// Where a value lies on a slider of 0 to 1000.
    pub fn position(self, value: f64) -> f64 {
        let (least, most) = self.range();
        let part = match self {
            Self::Rate { .. } => (decades(value) - decades(least)) / (decades(most) - decades(least)),
            Self::Time { .. } => (value / most).sqrt(),
            Self::Whole { .. } | Self::Choice => (value - least) / (most - least),
        };
        (1000.0 * part).round().clamp(0.0, 1000.0)
    }

    /// The value at a slider's position, to three digits.
    pub fn at(self, position: f64) -> f64 {
        let (least, most) = self.range();
        let part = (position / 1000.0).clamp(0.0, 1.0);
        let value = match self {
            Self::Rate { .. } => three_digits(of_decades(decades(least) + (decades(most) - decades(least)) * part)),
            Self::Time { .. } => three_digits(most * part * part),
            Self::Whole { .. } | Self::Choice => least + (most - least) * part,
        };
        self.nearest(value)
    }
}

/// Smallest power of ten that values reach.
const SMALLEST: f64 = 1e-6;

/// The power of ten at or below a value, counted from the smallest one, and that power.
fn decade(value: f64) -> (f64, f64) {
    let (mut count, mut power) = (0.0, SMALLEST);
    while power * 9.999_999_9 < value {
        power *= 10.0;
        count += 1.0;
    }
    (count, power)
}

/// A logarithm for sliders: each decade is as long as the next, and straight inside.
fn decades(value: f64) -> f64 {
    let (count, power) = decade(value);
    count + ((value / power - 1.0) / 9.0).max(0.0)
}

/// The value of a slider's logarithm.
fn of_decades(logarithm: f64) -> f64 {
    let (mut left, mut power) = (logarithm, SMALLEST);
    while left >= 1.0 {
        left -= 1.0;
        power *= 10.0;
    }
    power * (1.0 + 9.0 * left)
}

/// The value rounded to three significant digits.
fn three_digits(value: f64) -> f64 {
    if value <= 0.0 {
        return 0.0;
    }
    let (_, power) = decade(value);
    // Divided by whole powers: 0.3, not 0.30000000000000004.
    let digits = (value / power * 100.0).round();
    if power >= 100.0 { digits * (power / 100.0).round() } else { digits / (100.0 / power).round() }
}

/// The field of a key.
pub fn field(key: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.key == key)
}

/// Places behind the point that values keep.
const PLACES: u32 = 6;

/// A value as a whole number of millionths: what is shown, linked and planned is the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Micro(pub u64);

impl Micro {
    /// The nearest millionth; what is no number or below 0 is 0.
    pub fn new(value: f64) -> Self {
        Self((value * 1e6).round() as u64)
    }

    /// Reads digits with at most one point among them; what goes beyond millionths is dropped.
    pub fn read(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        if whole.is_empty() || whole.len() > 12 {
            return None;
        }
        let mut value = 0u64;
        let padded = part.bytes().chain([b'0'; PLACES as usize]).take(PLACES as usize);
        for digit in whole.bytes().chain(padded) {
            value = value * 10 + u64::from(digit.wrapping_sub(b'0'));
        }
        text.bytes().all(|b| b.is_ascii_digit() || b == b'.').then_some(()).filter(|()| !part.contains('.'))?;
        Some(Self(value))
    }

    /// As a number.
    pub fn value(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

impl std::fmt::Display for Micro {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Decimal::of_units(self.0 as i64, PLACES).trimmed().fmt(f)
    }
}

macro_rules! fields {
    ($($key:literal, $group:ident, $label:literal, $unit:literal, $kind:expr, $prominent:literal, $preset:expr, $meaning:literal;)*) => {
        /// All fields, in the order of controls and links.
        pub const FIELDS: &[Field] = &[$(Field {
            key: $key,
            group: Group::$group,
            label: $label,
            unit: $unit,
            kind: $kind,
            prominent: $prominent,
            preset: $preset,
        },)*];

        /// What the field of a key means, in a sentence. Apart from the table: who does not tell of it does not carry it.
        pub fn meaning(key: &str) -> &'static str {
            match key {
                $($key => $meaning,)*
                _ => "",
            }
        }
    };
}

const SLOTS: Kind = Kind::Whole { least: 1.0, most: 16.0 };
const BYTES: Kind = Kind::Whole { least: 1.0, most: 16.0 };
const SPEED: Kind = Kind::Rate { least: 0.01, most: 100_000.0 };
const MEMORY: Kind = Kind::Rate { least: 0.1, most: 2000.0 };
const OVERHEAD: Kind = Kind::Time { most: 10_000.0 };
const CAPACITY: Kind = Kind::Time { most: 1_000_000_000.0 };
const BITRATE: Kind = Kind::Rate { least: 0.1, most: 10_000.0 };

fields! {
    "device_gflops", Device, "Speed", "GFLOP/s", SPEED, true, |s| s.device.gflops,
        "Operations that the device computes in a second; a multiply-accumulate is two.";
    "device_memory_gb_per_s", Device, "Memory rate", "GB/s", MEMORY, false, |s| s.device.memory_gb_per_s,
        "How fast the device moves weights and outputs.";
    "device_overhead_us", Device, "Overhead per layer", "µs", OVERHEAD, false, |s| s.device.overhead_us,
        "Time lost whenever a layer starts on a tile.";
    "device_memory_kb", Device, "Memory", "KiB", CAPACITY, false, |s| s.device.memory_kb.unwrap_or(0) as f64,
        "What the device can hold; 0 where it is not known.";
    "device_slots", Device, "Slots", "", SLOTS, false, |_| 1.0,
        "Tiles that the device computes side by side.";
    "server_gflops", Server, "Speed", "GFLOP/s", SPEED, true, |s| s.server.gflops,
        "Operations that the server computes in a second.";
    "server_memory_gb_per_s", Server, "Memory rate", "GB/s", MEMORY, false, |s| s.server.memory_gb_per_s,
        "How fast the server moves weights and outputs.";
    "server_overhead_us", Server, "Overhead per layer", "µs", OVERHEAD, false, |s| s.server.overhead_us,
        "Time lost whenever a layer starts on a tile.";
    "server_memory_kb", Server, "Memory", "KiB", CAPACITY, false, |s| s.server.memory_kb.unwrap_or(0) as f64,
        "What the server can hold; 0 where it is not known.";
    "server_slots", Server, "Slots", "", SLOTS, true, |_| 1.0,
        "Tiles that the server computes side by side.";
    "uplink_mbps", Link, "Uplink", "Mbit/s", BITRATE, true, |s| s.link.uplink_mbps,
        "Rate from the device to the server.";
    "latency_ms", Link, "Latency", "ms", Kind::Time { most: 1000.0 }, true, |s| s.link.latency_ms,
        "Time that each transfer takes besides its bytes.";
    "return_result", Link, "Send the result back", "", Kind::Choice, false, |_| 0.0,
        "Whether the device needs the result: then it comes back over the downlink.";
    "downlink_mbps", Link, "Downlink", "Mbit/s", BITRATE, false, |s| s.link.downlink_mbps,
        "Rate from the server to the device; counts only where the result goes back.";
    "bytes", Data, "Bytes per element", "", BYTES, false, |s| f64::from(s.device.bytes_per_element.unwrap_or(4)),
        "Of outputs and weights in memory: 4 for float, 1 for int8.";
    "input_bytes", Data, "Bytes per picture element", "", BYTES, false, |_| 1.0,
        "Of the network's input: 1 for an 8-bit picture, 4 for the float tensor that papers often assume.";
    "wire_bytes", Data, "Bytes per element sent", "", BYTES, false, |s| f64::from(s.device.bytes_per_element.unwrap_or(4)),
        "Of intermediate outputs on the uplink.";
    "blocks", Space, "Fused blocks, at most", "", Kind::Whole { least: 0.0, most: 8.0 }, false, |_| 1.0,
        "How many runs of stages one strategy may fuse; 0 leaves only the unsplit network.";
    "uneven", Space, "Uneven tiles", "", Kind::Choice, false, |_| 0.0,
        "Whether tile boundaries may move; many more strategies.";
    "grid_step", Space, "Step of uneven tiles", "", Kind::Whole { least: 0.0, most: 65_536.0 }, false, |_| 0.0,
        "Boundaries lie at its multiples; 0 for a sixteenth of the map.";
    "seed", Search, "Seed", "", Kind::Whole { least: 0.0, most: 4_294_967_295.0 }, false, |_| 1.0,
        "The swarm draws from it: the same seed gives the same plan everywhere.";
    "particles", Search, "Particles", "", Kind::Whole { least: 2.0, most: 1000.0 }, false, |_| 40.0,
        "Size of the swarm.";
    "iterations", Search, "Iterations", "", Kind::Whole { least: 1.0, most: 10_000.0 }, false, |_| 100.0,
        "Particles × iterations is the budget, in evaluated plans.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_round_trip() {
        for text in ["0", "1", "18.88", "0.000001", "100000", "4294967295", "31.5"] {
            assert_eq!(Micro::read(text).map(|micro| micro.to_string()).as_deref(), Some(text));
        }
        for text in ["", ".", ".5", "1.2.3", "-1", "1e3", "x", "1 ", "1234567890123", "NaN"] {
            assert_eq!(Micro::read(text), None, "{text}");
        }
        assert_eq!(Micro::read("0.30000000000000004"), Some(Micro(300_000)));
    }

    #[test]
    fn sliders_round_trip() {
        for field in FIELDS {
            for step in 0..=200 {
                let value = field.kind.at(f64::from(step) * 5.0);
                assert!(field.kind.accepts(value), "{} {value}", field.key);
                let again = field.kind.at(field.kind.position(value));
                let near = (again - value).abs() <= 0.02 * value.abs().max(0.05);
                assert!(near || matches!(field.kind, Kind::Whole { .. }), "{}: {value} became {again}", field.key);
            }
        }
    }

    #[test]
    fn presets_are_in_range() {
        let situation = Situation::default();
        for field in FIELDS {
            assert!(field.kind.accepts((field.preset)(&situation)), "{}", field.key);
        }
    }
}
