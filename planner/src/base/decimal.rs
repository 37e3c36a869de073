//! Numbers as text, without the standard library's printing of floats: that weighs more than all
//! figures together.

use std::fmt;

/// A decimal with a fixed number of places, kept as a whole number of its last place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Decimal {
    units: i64,
    places: u32,
}

impl Decimal {
    /// The nearest decimal of a value; what is no number is 0.
    pub fn new(value: f64, places: u32) -> Self {
        Self { units: (value * 10i64.pow(places) as f64).round() as i64, places }
    }

    /// So many of the last place.
    pub const fn of_units(units: i64, places: u32) -> Self {
        Self { units, places }
    }

    /// Without zeros at its end.
    pub fn trimmed(mut self) -> Self {
        while self.places > 0 && self.units % 10 == 0 {
            self.units /= 10;
            self.places -= 1;
        }
        self
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = 10u64.pow(self.places);
        let units = self.units.unsigned_abs();
        if self.units < 0 {
            f.write_str("-")?;
        }
        fmt::Display::fmt(&(units / size), f)?;
        if self.places == 0 {
            return Ok(());
        }
        f.write_str(".")?;
        let mut rest = units % size;
        let mut place = size / 10;
        while place > 0 {
            fmt::Display::fmt(&(rest / place), f)?;
            rest %= place;
            place /= 10;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_written_like_floats() {
        for value in [0.0, 1.0, -1.5, 0.005, 12.34, -0.01, 99.999, 1e6, 123_456.785] {
            assert_eq!(Decimal::new(value, 2).to_string(), format!("{:.2}", (value * 100.0f64).round() / 100.0));
            let trimmed = Decimal::new(value, 2).trimmed().to_string();
            assert_eq!(trimmed, format!("{}", (value * 100.0f64).round() / 100.0));
        }
        assert_eq!(Decimal::of_units(18_880_000, 6).trimmed().to_string(), "18.88");
        assert_eq!(Decimal::new(f64::NAN, 2).to_string(), "0.00");
    }
}
