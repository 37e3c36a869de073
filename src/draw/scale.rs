//! Scales between values and pixels, and where their ticks lie.

/// Maps `0..=most` to `start..=end` in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The largest value.
    pub most: f64,
    /// Where 0 lies.
    pub start: f64,
    /// Where the largest value lies.
    pub end: f64,
}

impl Scale {
    /// Where a value lies.
    pub fn px(&self, value: f64) -> f64 {
        self.start + (self.end - self.start) * value / self.most.max(f64::MIN_POSITIVE)
    }

    /// The value that lies there.
    pub fn value(&self, px: f64) -> f64 {
        (px - self.start) / (self.end - self.start) * self.most
    }

    /// Round values from 0 to the largest, about `count` of them.
    pub fn ticks(&self, count: u32) -> Vec<f64> {
        let step = round_step(self.most / f64::from(count.max(1)));
        if step <= 0.0 || !step.is_finite() {
            return vec![0.0];
        }
        (0..).map(|i| f64::from(i) * step).take_while(|value| *value <= self.most * (1.0 + 1e-9)).collect()
    }
}

/// The next of 1, 2, 2.5, 5 or 10 times a power of ten.
fn round_step(step: f64) -> f64 {
    if step <= 0.0 || !step.is_finite() {
        return 0.0;
    }
    let mut power = 1.0;
    while power > step {
        power /= 10.0;
    }
    while power * 10.0 <= step {
        power *= 10.0;
    }
    [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= step * (1.0 - 1e-9)).unwrap_or(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_round_trip() {
        let scale = Scale { most: 205.3e6, start: 60.0, end: 620.0 };
        for value in [0.0, 1.0, 148.7e6, 205.3e6] {
            assert!((scale.value(scale.px(value)) - value).abs() < 1e-3);
        }
    }

    #[test]
    fn ticks_are_round_and_inside() {
        let scale = Scale { most: 205.3, start: 0.0, end: 1.0 };
        assert_eq!(scale.ticks(9), [0.0, 25.0, 50.0, 75.0, 100.0, 125.0, 150.0, 175.0, 200.0]);
        assert_eq!(Scale { most: 0.0, start: 0.0, end: 1.0 }.ticks(5), [0.0]);
    }
}
