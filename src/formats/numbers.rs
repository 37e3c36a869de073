//! Numbers that a file may write in more than one way, and decimals that become integers.

use super::problem::Problem;
use super::tree::decimal;
use crate::base::Decimal;
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

/// One integer for both axes, or `[height, width]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneOrTwo(pub [u32; 2]);

/// One integer for all sides, `[vertical, horizontal]`, or `[top, left, bottom, right]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Padding(pub [u32; 4]);

impl Serialize for OneOrTwo {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            [height, width] if height == width => to.serialize_u32(height),
            both => both.serialize(to),
        }
    }
}

impl Padding {
    /// The shortest of its forms: of one, two or four numbers.
    pub(super) fn short(&self) -> &[u32] {
        let [top, left, bottom, right] = self.0;
        match (top == bottom && left == right, top == left) {
            (true, true) => &self.0[..1],
            (true, false) => &self.0[..2],
            _ => &self.0,
        }
    }
}

impl Serialize for Padding {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let short = self.short();
        if let [all] = short {
            return to.serialize_u32(*all);
        }
        let mut seq = to.serialize_seq(Some(short.len()))?;
        for side in short {
            seq.serialize_element(side)?;
        }
        seq.end()
    }
}

/// A quantity of documents: how many of the unit that is counted one is, and its range.
#[derive(Clone, Copy)]
pub(super) struct Quantity {
    pub scale: f64,
    pub least: f64,
    pub most: f64,
}

impl Quantity {
    /// GFLOP/s, GB/s and Mbit/s, of which thousandths are counted.
    pub const RATE: Self = Self { scale: 1e3, least: 1e-3, most: 1e6 };
    /// Microseconds at each layer.
    pub const OVERHEAD: Self = Self { scale: 1e3, least: 0.0, most: 1e7 };
    /// Milliseconds of each transfer.
    pub const LATENCY: Self = Self { scale: 1e6, least: 0.0, most: 1e6 };
    /// MiB.
    pub const MEMORY: Self = Self { scale: 1_048_576.0, least: 1e-3, most: 1e9 };

    /// Whether a value is in the range.
    pub fn holds(self, value: f64) -> bool {
        (self.least..=self.most).contains(&value)
    }

    /// The value as the nearest integer.
    pub fn counted(self, value: f64) -> u64 {
        (value * self.scale).round() as u64
    }

    /// The problem of a value that is not in the range.
    pub fn refusal(self, pointer: &str, written: &str) -> Problem {
        let [least, most] = [self.least, self.most].map(|end| Decimal::new(end, 3).trimmed());
        let what = format!("{written} is outside {least} to {most}");
        Problem::new("E040", pointer, what, "choose a value in that range")
    }
}

/// Decimal places that count; beside whole numbers of eleven digits, all that 128 bits hold.
const PLACES: u32 = 27;

/// The double nearest to a decimal text, of which 27 places count; none where it is no decimal or has more than eleven
/// digits before the point. Exact like the standard library's, whose tables weigh more than this module.
pub(super) fn nearest_double(text: &str) -> Option<f64> {
    match text.strip_prefix('-') {
        // Below 0 there is nothing in any document but a zero.
        Some(text) => positive(text).filter(|value| *value == 0.0).map(|zero| -zero),
        None => positive(text),
    }
}

fn positive(text: &str) -> Option<f64> {
    let units = decimal(text, PLACES as i32)?;
    if units == 0 {
        return Some(0.0);
    }
    // units / 10^27, as a quotient of more than 64 bits and a power of two. What the division leaves only matters
    // where the quotient lies half-way between two doubles, and then as one more bit.
    let shift = units.leading_zeros();
    let (numerator, divisor) = (units << shift, 5_u128.pow(PLACES));
    let quotient = (numerator / divisor) | u128::from(!numerator.is_multiple_of(divisor));
    let exponent = 1023 - u64::from(PLACES + shift);
    Some(quotient as f64 * f64::from_bits(exponent << 52))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg64Mcg;

    #[test]
    fn decimals_become_the_nearest_double() {
        let same = |text: &str| {
            let expected: f64 = text.parse().expect("a number");
            assert_eq!(nearest_double(text).map(f64::to_bits), Some(expected.to_bits()), "{text}");
        };
        for text in ["0", "-0", "-0.0", "1", "0.1", "1e-27", "1e10", "99999999999", "9007199254740993e-6", "0.5e+1"] {
            same(text);
        }
        let mut generator = Pcg64Mcg::seed_from_u64(3);
        for _ in 0..50_000 {
            let value = (0.001 + generator.random::<f64>()) * 10_f64.powi(generator.random_range(-6..=10));
            same(&format!("{value}"));
            same(&format!("{value:e}"));
            same(&format!("{}.{}", generator.random_range(0..1_u64 << 34), generator.random::<u64>()));
            // Half-way between two doubles, exactly, and a unit of the last place beside it.
            let (mantissa, bits) = (generator.random_range(1_u64 << 52..1 << 53), generator.random_range(17..=27_u32));
            let half = (2 * u128::from(mantissa) + 1) * 5_u128.pow(bits) * 10_u128.pow(PLACES - bits);
            for units in [half - 1, half, half + 1] {
                let (whole, rest) = (units / 10_u128.pow(PLACES), units % 10_u128.pow(PLACES));
                same(&format!("{whole}.{rest:027}"));
            }
        }
    }

    #[test]
    fn what_is_no_number_of_documents_is_none() {
        for text in ["", "-", "-1", "1e12", "1e300", "1e99999999999", "x", "1.2.3", "--0"] {
            assert_eq!(nearest_double(text), None, "{text}");
        }
    }
}
