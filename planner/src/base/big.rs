//! Whole numbers of any size, as large as numbers of plans become.

use std::fmt;

/// A whole number that never overflows; only what counting needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Big {
    /// Least first; the last is not 0.
    limbs: Vec<u32>,
}

impl From<u64> for Big {
    fn from(value: u64) -> Self {
        let mut made = Self { limbs: vec![value as u32, (value >> 32) as u32] };
        made.trim();
        made
    }
}

impl Big {
    /// `from · (from+1) · … · to`; 1 where that is nothing.
    pub fn product(from: u64, to: u64) -> Self {
        (from..=to).fold(Self::from(1), |all, factor| all.times(&Self::from(factor)))
    }

    /// `base` to the power of `exponent`.
    pub fn power(base: u64, exponent: usize) -> Self {
        (0..exponent).fold(Self::from(1), |all, _| all.times(&Self::from(base)))
    }

    /// The sum.
    pub fn plus(&self, other: &Self) -> Self {
        let mut limbs = Vec::with_capacity(self.limbs.len().max(other.limbs.len()) + 1);
        let mut carry = 0u64;
        for at in 0..self.limbs.len().max(other.limbs.len()) {
            carry += self.limb(at) + other.limb(at);
            limbs.push(carry as u32);
            carry >>= 32;
        }
        limbs.push(carry as u32);
        let mut made = Self { limbs };
        made.trim();
        made
    }

    /// The product.
    pub fn times(&self, other: &Self) -> Self {
        let mut made = Self { limbs: vec![0; self.limbs.len() + other.limbs.len()] };
        for (low, &left) in self.limbs.iter().enumerate() {
            let mut carry = 0u64;
            for at in 0..=other.limbs.len() {
                // At the last place only the carry is left, and the product has room for it.
                let Some(place) = made.limbs.get_mut(low + at) else { break };
                carry += u64::from(*place) + u64::from(left) * other.limb(at);
                *place = carry as u32;
                carry >>= 32;
            }
        }
        made.trim();
        made
    }

    /// The number, where it is small.
    pub fn to_u64(&self) -> Option<u64> {
        (self.limbs.len() <= 2).then(|| self.limb(0) | self.limb(1) << 32)
    }

    /// Two digits, as tenths, and the power of ten that they stand before: 46 and 14 for 4.6 × 10¹⁴.
    pub fn scientific(&self) -> (u32, u32) {
        let digits = self.digits();
        let digit = |at: usize| digits.len().checked_sub(at).and_then(|i| digits.get(i)).map_or(0, |d| u32::from(*d));
        let (tenths, exponent) = (digit(1) * 10 + digit(2), digits.len().saturating_sub(1) as u32);
        match tenths + u32::from(digit(3) >= 5) {
            100 => (10, exponent + 1),
            rounded => (rounded, exponent),
        }
    }

    fn limb(&self, at: usize) -> u64 {
        self.limbs.get(at).map_or(0, |limb| u64::from(*limb))
    }

    fn trim(&mut self) {
        while self.limbs.last() == Some(&0) {
            self.limbs.pop();
        }
    }

    /// Decimal digits, the last one first; none of zero.
    fn digits(&self) -> Vec<u8> {
        let mut rest = self.clone();
        let mut digits = Vec::new();
        while !rest.limbs.is_empty() {
            let mut remainder = 0u64;
            for limb in rest.limbs.iter_mut().rev() {
                let value = remainder << 32 | u64::from(*limb);
                *limb = (value / 10) as u32;
                remainder = value % 10;
            }
            rest.trim();
            digits.push(remainder as u8);
        }
        digits
    }
}

impl fmt::Display for Big {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits();
        let text: String = digits.iter().rev().map(|&digit| char::from(b'0' + digit)).collect();
        f.write_str(if text.is_empty() { "0" } else { &text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_in_128_bits() {
        let mut seed = 12_345u64;
        let mut draw = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            seed >> (seed >> 59)
        };
        for _ in 0..500 {
            let (a, b, c) = (draw(), draw(), draw());
            let big = Big::from(a).times(&Big::from(b)).plus(&Big::from(c));
            let Some(right) = (u128::from(a) * u128::from(b)).checked_add(u128::from(c)) else { continue };
            assert_eq!(big.to_string(), right.to_string());
            assert_eq!(big.to_u64(), u64::try_from(right).ok());
        }
    }

    #[test]
    fn large_numbers_are_said_in_short() {
        assert_eq!(Big::product(1, 30).to_string(), "265252859812191058636308480000000");
        assert_eq!(Big::product(1, 30).scientific(), (27, 32));
        assert_eq!(Big::power(10, 40).scientific(), (10, 40));
        assert_eq!(Big::from(996).scientific(), (10, 3));
        assert_eq!(Big::from(7).scientific(), (70, 0));
        assert_eq!(Big::from(0).scientific(), (0, 0));
        assert_eq!(Big::from(0).to_string(), "0");
    }
}
