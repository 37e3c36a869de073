//! The part of time that a timeline shows, and its axis.

use crate::base::Decimal;

/// The shortest time that can fill the window.
const SHORTEST_NS: u64 = 20;

/// A time on the axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// When.
    pub ns: u64,
    /// Its label, without the unit.
    pub label: String,
}

/// A window of time, `from_ns < to_ns`, over a width in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Its first nanosecond.
    pub from_ns: u64,
    /// Its last.
    pub to_ns: u64,
    /// Where the first lies, in pixels.
    pub left: f64,
    /// Where the last lies.
    pub right: f64,
}

impl Window {
    /// All of time up to `end_ns` between two pixels.
    pub fn fit(end_ns: u64, left: f64, right: f64) -> Self {
        Self { from_ns: 0, to_ns: end_ns.max(SHORTEST_NS), left, right }
    }

    /// Where a time lies; outside of the window for times outside of it.
    pub fn px(&self, ns: u64) -> f64 {
        let from = if ns >= self.from_ns { (ns - self.from_ns) as f64 } else { -((self.from_ns - ns) as f64) };
        self.left + (self.right - self.left) * from / self.length() as f64
    }

    /// The time that lies at a pixel, to the nearest nanosecond and not before 0.
    pub fn ns(&self, px: f64) -> u64 {
        let ns = self.from_ns as f64 + (px - self.left) / (self.right - self.left) * self.length() as f64;
        ns.round() as u64
    }

    /// Nanoseconds shown.
    pub fn length(&self) -> u64 {
        self.to_ns.saturating_sub(self.from_ns).max(1)
    }

    /// Nanoseconds a pixel.
    pub fn ns_per_px(&self) -> f64 {
        self.length() as f64 / (self.right - self.left)
    }

    /// Shows `factor` times as much time (less than 1: zooms in), `at_ns` staying where it is, within
    /// `whole_ns`.
    pub fn zoomed(self, factor: f64, at_ns: u64, whole_ns: u64) -> Self {
        let whole = whole_ns.max(SHORTEST_NS);
        let length = ((self.length() as f64 * factor).round() as u64).max(SHORTEST_NS).min(whole);
        let share = (at_ns.saturating_sub(self.from_ns)) as f64 / self.length() as f64;
        let before = (length as f64 * share.min(1.0)).round() as u64;
        self.placed(at_ns.saturating_sub(before), length, whole)
    }

    /// Moved by so many nanoseconds, within `whole_ns`.
    pub fn moved(self, by_ns: i64, whole_ns: u64) -> Self {
        self.placed(self.from_ns.saturating_add_signed(by_ns), self.length(), whole_ns.max(SHORTEST_NS))
    }

    /// Shows a time span with some room on both sides, within `whole_ns`.
    pub fn around(self, start_ns: u64, end_ns: u64, whole_ns: u64) -> Self {
        let span = end_ns.saturating_sub(start_ns);
        let room = span / 8 + SHORTEST_NS;
        self.placed(start_ns.saturating_sub(room), span + 2 * room, whole_ns.max(SHORTEST_NS))
    }

    fn placed(self, from_ns: u64, length: u64, whole: u64) -> Self {
        let length = length.min(whole);
        let from_ns = from_ns.min(whole - length);
        Self { from_ns, to_ns: from_ns + length, ..self }
    }

    /// Round times inside, at most about `count` of them, and the unit of their labels. The labels have
    /// as many decimals as their distance needs, so that they differ at any zoom.
    pub fn ticks(&self, count: u32) -> (Vec<Tick>, &'static str) {
        let step = round_step(self.length().div_ceil(u64::from(count.max(1))));
        let (unit, digits) = match self.to_ns {
            0..2_000 => ("ns", 0),
            2_000..2_000_000 => ("µs", 3),
            2_000_000..10_000_000_000 => ("ms", 6),
            _ => ("s", 9),
        };
        // Decimals that a multiple of the step has in this unit.
        let (mut places, mut size) = (digits, 1);
        while places > 0 && step.is_multiple_of(size * 10) {
            (places, size) = (places - 1, size * 10);
        }
        let label = |ns: u64| Decimal::of_units((ns / size) as i64, places).to_string();
        let first = self.from_ns.div_ceil(step) * step;
        let ticks = (0..).map(|i| first + i * step).take_while(|&ns| ns <= self.to_ns);
        (ticks.map(|ns| Tick { ns, label: label(ns) }).collect(), unit)
    }
}

/// The next of 1, 2 or 5 times a power of ten, and at least 1.
fn round_step(least: u64) -> u64 {
    let mut power = 1u64;
    while power.saturating_mul(10) <= least {
        power = power.saturating_mul(10);
    }
    [1, 2, 5, 10].into_iter().map(|m| power.saturating_mul(m)).find(|&step| step >= least).unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_round_trip_at_any_zoom() {
        let whole = 12_345_678_901;
        let mut window = Window::fit(whole, 62.0, 614.0);
        for step in 0..60 {
            for ns in [window.from_ns, window.from_ns + window.length() / 3, window.to_ns] {
                // A pixel's hundredth is what a drawing keeps.
                assert!(window.ns(window.px(ns)).abs_diff(ns) <= 1, "{window:?}");
            }
            let at = window.from_ns + window.length() / 3;
            let before = window.px(at);
            let zoomed = window.zoomed(0.7, at, whole);
            assert!((zoomed.px(at) - before).abs() < 20.0 || zoomed.length() < 200, "step {step}: {window:?}");
            window = zoomed;
            assert!(window.to_ns <= whole && window.length() >= SHORTEST_NS);
        }
        assert_eq!(window.length(), SHORTEST_NS);
        for _ in 0..100 {
            window = window.zoomed(1.5, window.from_ns, whole);
        }
        assert_eq!((window.from_ns, window.to_ns), (0, whole));
        assert_eq!(window.moved(-5, whole), window);
        let near = window.around(1_000_000, 2_000_000, whole);
        assert!(near.from_ns < 1_000_000 && near.to_ns > 2_000_000 && near.length() < 1_400_000);
        assert_eq!(near.moved(i64::MAX, whole).to_ns, whole);
    }

    #[test]
    fn ticks_differ_and_say_what_they_are() {
        let whole = Window::fit(205_300_000, 0.0, 1.0);
        let (ticks, unit) = whole.ticks(8);
        let labels: Vec<&str> = ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!((labels, unit), (vec!["0", "50", "100", "150", "200"], "ms"));
        let near = Window { from_ns: 148_700_000, to_ns: 148_701_000, ..whole };
        let (ticks, unit) = near.ticks(6);
        let labels: Vec<&str> = ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels, ["148.7000", "148.7002", "148.7004", "148.7006", "148.7008", "148.7010"]);
        assert_eq!(unit, "ms");
        for length in (0..34).map(|power| 20u64 << power) {
            for from_ns in [0, 7, 123_456_789_012] {
                let window = Window { from_ns, to_ns: from_ns + length, ..whole };
                let (ticks, _) = window.ticks(8);
                assert!((2..=9).contains(&ticks.len()), "{window:?}: {}", ticks.len());
                assert!(ticks.windows(2).all(|pair| pair[0].label != pair[1].label));
            }
        }
    }
}
