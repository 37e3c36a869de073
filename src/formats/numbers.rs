//! Numbers that a file may write in more than one way, and decimals that become integers.

use super::FormatError;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde::ser::{SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};

/// One integer for both axes, or `[height, width]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneOrTwo(pub [u32; 2]);

/// One integer for all sides, `[vertical, horizontal]`, or `[top, left, bottom, right]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Padding(pub [u32; 4]);

/// Reads an integer or a short list of integers.
struct Integers(&'static str);

impl<'de> Visitor<'de> for Integers {
    type Value = Vec<u32>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        let small =
            u32::try_from(value).map_err(|_| E::custom(format!("{value} is too large; expected {}", self.0)))?;
        Ok(vec![small])
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        let positive =
            u64::try_from(value).map_err(|_| E::custom(format!("{value} is negative; expected {}", self.0)))?;
        self.visit_u64(positive)
    }

    // A worker's message has all numbers as doubles.
    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        if value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value) {
            return Ok(vec![value as u32]);
        }
        Err(E::custom(format!("{value} is no whole number; expected {}", self.0)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = seq.next_element()? {
            all.push(value);
            if all.len() > 4 {
                break;
            }
        }
        Ok(all)
    }
}

const PAIR: &str = "a whole number or [height, width]";
const SIDES: &str = "a whole number, [vertical, horizontal] or [top, left, bottom, right]";

impl<'de> Deserialize<'de> for OneOrTwo {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match from.deserialize_any(Integers(PAIR))?[..] {
            [both] => Ok(Self([both, both])),
            [height, width] => Ok(Self([height, width])),
            _ => Err(D::Error::custom(format!("expected {PAIR}"))),
        }
    }
}

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

impl<'de> Deserialize<'de> for Padding {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match from.deserialize_any(Integers(SIDES))?[..] {
            [all] => Ok(Self([all; 4])),
            [vertical, horizontal] => Ok(Self([vertical, horizontal, vertical, horizontal])),
            [top, left, bottom, right] => Ok(Self([top, left, bottom, right])),
            _ => Err(D::Error::custom(format!("expected {SIDES}"))),
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

/// `value · scale` as the nearest integer, where `value` lies in `least..=most`.
pub(super) fn whole(pointer: &str, value: f64, scale: f64, least: f64, most: f64) -> Result<u64, FormatError> {
    if !value.is_finite() || value < least || value > most {
        let what = format!("{value} is outside {least} to {most}; choose a value in that range");
        return Err(FormatError::at(pointer, what));
    }
    Ok((value * scale).round() as u64)
}
