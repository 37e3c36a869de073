//! Protobuf's wire format, walked by length: what is not wanted is stepped over, unread.

use crate::formats::Problems;
use crate::import::problem;
use crate::import::source::Window;

/// The most bytes of names, sizes and small constants that are kept of a file.
const MAX_KEPT: usize = 16 << 20;
/// The most fields that are walked: far more than any network has, few enough to be quick.
const MAX_FIELDS: u32 = 3_000_000;
/// The longest text that is kept.
const MAX_TEXT: u64 = 4096;

/// What a field holds.
#[derive(Clone, Copy)]
pub(super) enum Payload {
    Number(u64),
    Four([u8; 4]),
    Eight([u8; 8]),
    /// First byte, and the one behind the last.
    Range(u64, u64),
}

/// Walks messages of a source.
pub(super) struct Wire<'a> {
    window: Window<'a>,
    kept: usize,
    fields: u32,
}

pub(super) fn damaged(at: u64, why: &str) -> Problems {
    let what = format!("the file is damaged or cut short at byte {at}: {why}");
    problem("E053", what, "download or export it again")
}

impl<'a> Wire<'a> {
    pub(super) fn of(window: Window<'a>) -> Self {
        Self { window, kept: 0, fields: 0 }
    }

    pub(super) fn size(&self) -> u64 {
        self.window.size()
    }

    /// The next field of a message that ends at `end`; its number and payload.
    pub(super) fn next(&mut self, at: &mut u64, end: u64) -> Result<Option<(u64, Payload)>, Problems> {
        if *at >= end {
            return Ok(None);
        }
        self.fields += 1;
        if self.fields > MAX_FIELDS {
            return Err(damaged(*at, "more than 3,000,000 entries"));
        }
        let start = *at;
        let tag = self.number(at, end)?;
        let payload = match tag & 7 {
            0 => Payload::Number(self.number(at, end)?),
            1 => Payload::Eight(self.few(at, end)?),
            5 => Payload::Four(self.few(at, end)?),
            2 => {
                let length = self.number(at, end)?;
                let from = *at;
                *at = from.checked_add(length).filter(|&behind| behind <= end).ok_or_else(|| {
                    damaged(start, &format!("an entry of {length} bytes, where {} are left", end - from))
                })?;
                Payload::Range(from, *at)
            }
            _ => return Err(damaged(start, "an entry of a kind that there is not")),
        };
        if tag >> 3 == 0 {
            return Err(damaged(start, "an entry without a number"));
        }
        Ok(Some((tag >> 3, payload)))
    }

    fn number(&mut self, at: &mut u64, end: u64) -> Result<u64, Problems> {
        let mut value = 0;
        for shift in (0..70).step_by(7) {
            if *at >= end {
                return Err(damaged(*at, "a number without an end"));
            }
            let byte = self.window.byte(*at)?;
            *at += 1;
            if shift < 64 {
                value |= u64::from(byte & 127) << shift;
            }
            if byte < 128 {
                return Ok(value);
            }
        }
        Err(damaged(*at, "a number without an end"))
    }

    fn few<const N: usize>(&mut self, at: &mut u64, end: u64) -> Result<[u8; N], Problems> {
        let mut bytes = [0; N];
        if end.saturating_sub(*at) < N as u64 {
            return Err(damaged(*at, "a number without an end"));
        }
        for byte in &mut bytes {
            *byte = self.window.byte(*at)?;
            *at += 1;
        }
        Ok(bytes)
    }

    /// Counts what is kept.
    pub(super) fn keep(&mut self, bytes: usize) -> Result<(), Problems> {
        self.kept += bytes;
        if self.kept > MAX_KEPT {
            let what = "the structure of the network, without its weights, is larger than 16 MB";
            return Err(problem("E054", what, "Offcut plans networks of up to 2,000 layers"));
        }
        Ok(())
    }

    /// A payload as text.
    pub(super) fn text(&mut self, payload: Payload) -> Result<String, Problems> {
        let Payload::Range(start, end) = payload else { return Ok(String::new()) };
        if end - start > MAX_TEXT {
            return Err(damaged(start, "a name of more than 4,096 bytes"));
        }
        let bytes = self.window.bytes(start, (end - start) as usize)?;
        self.keep(bytes.len() + 24)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The bytes of a short range.
    pub(super) fn short(&mut self, start: u64, end: u64) -> Result<Vec<u8>, Problems> {
        self.keep((end - start) as usize)?;
        self.window.bytes(start, (end - start) as usize)
    }

    /// Appends one number, or a range of packed ones, of which so many are kept at most.
    pub(super) fn numbers(&mut self, payload: Payload, most: usize, into: &mut Vec<i64>) -> Result<(), Problems> {
        match payload {
            Payload::Number(value) if into.len() < most => into.push(value as i64),
            Payload::Range(mut at, end) => {
                while at < end && into.len() < most {
                    into.push(self.number(&mut at, end)? as i64);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

impl Payload {
    pub(super) fn int(self) -> i64 {
        match self {
            Payload::Number(value) => value as i64,
            _ => 0,
        }
    }

    pub(super) fn float(self) -> f64 {
        match self {
            Payload::Four(bytes) => f64::from(f32::from_le_bytes(bytes)),
            Payload::Eight(bytes) => f64::from_le_bytes(bytes),
            _ => 0.0,
        }
    }
}
