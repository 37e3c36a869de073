//! Documents in links: raw deflate and base64url, with a check behind it.
//!
//! Entry points: [`pack`], [`unpack`]. A link may come from anybody: what it unpacks to is bounded while it is
//! unpacked, and a link that was cut or changed is told from one that was not.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

/// The most bytes that a document of a link may have.
pub const MAX_UNPACKED: usize = 2 << 20;
/// The longest text that is looked at: what does not compress at all, in base64.
const MAX_PACKED: usize = MAX_UNPACKED / 3 * 4 + 1024;

/// Why a document of a link cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// A character that no link has.
    #[error("the link has the character `{0}`, which no link has; it is damaged: ask for it again")]
    Character(char),
    /// The end is missing.
    #[error("the link is cut short; ask for it again, or for the file")]
    Cut,
    /// It does not unpack, or not to what was packed.
    #[error("the link is damaged; ask for it again, or for the file")]
    Damaged,
    /// It unpacks to more than any document has.
    #[error("what the link holds is larger than 2 MB when unpacked; no link of Offcut's is: ask for the file")]
    TooLarge,
}

/// A text for a link, always the same for the same text.
///
/// The form is raw deflate, which whoever unpacks it may stop reading at its end; then the Adler-32 checksum of the
/// text, as zlib has it; all in base64url without padding.
pub fn pack(text: &str) -> String {
    let mut bytes = compress_to_vec(text.as_bytes(), 9);
    bytes.extend(adler32(text.as_bytes()).to_be_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The text of a link.
///
/// # Errors
/// The link is cut, damaged, or unpacks to more than [`MAX_UNPACKED`] bytes.
pub fn unpack(link: &str) -> Result<String, CodecError> {
    if let Some(other) = link.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_')) {
        return Err(CodecError::Character(other));
    }
    if link.len() > MAX_PACKED {
        return Err(CodecError::TooLarge);
    }
    // Four characters are three bytes; one alone is none, and of the last ones some bits go unused.
    let bytes = URL_SAFE_NO_PAD.decode(link).map_err(|_| CodecError::Cut)?;
    let (text, used) = inflate(&bytes)?;
    match bytes[used..] {
        [a, b, c, d] if u32::from_be_bytes([a, b, c, d]) == adler32(&text) => {}
        // Without a check, by other tools.
        [] => {}
        [_, _, _, _] => return Err(CodecError::Damaged),
        [_, ..] if bytes.len() - used < 4 => return Err(CodecError::Cut),
        _ => return Err(CodecError::Damaged),
    }
    String::from_utf8(text).map_err(|_| CodecError::Damaged)
}

/// Unpacks raw deflate; the bytes, and how many were used. Memory grows with what is unpacked, up to the limit.
fn inflate(bytes: &[u8]) -> Result<(Vec<u8>, usize), CodecError> {
    let mut state = Box::<DecompressorOxide>::default();
    let mut out = vec![0; bytes.len().saturating_mul(4).clamp(1 << 10, MAX_UNPACKED)];
    let (mut used, mut made) = (0, 0);
    loop {
        let flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, more_used, more_made) = decompress(&mut state, &bytes[used..], &mut out, made, flags);
        used += more_used;
        made += more_made;
        match status {
            TINFLStatus::Done => {
                out.truncate(made);
                return Ok((out, used));
            }
            TINFLStatus::HasMoreOutput if out.len() < MAX_UNPACKED => {
                out.resize(out.len().saturating_mul(2).min(MAX_UNPACKED), 0);
            }
            TINFLStatus::HasMoreOutput => return Err(CodecError::TooLarge),
            TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => return Err(CodecError::Cut),
            _ => return Err(CodecError::Damaged),
        }
    }
}

/// zlib's checksum.
fn adler32(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1_u32, 0_u32);
    // So many sums fit before they have to be reduced.
    for part in bytes.chunks(5552) {
        for &byte in part {
            a += u32::from(byte);
            b += a;
        }
        (a, b) = (a % 65_521, b % 65_521);
    }
    b << 16 | a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &[u8]) -> Vec<u8> {
        compress_to_vec(text, 9)
    }

    #[test]
    fn texts_come_back() {
        for text in ["", "a", "{\"format\":\"offcut-model/1\"}", "größer als ½ × 3", &"conv ".repeat(10_000)] {
            assert_eq!(unpack(&pack(text)).as_deref(), Ok(text));
            assert_eq!(unpack(&URL_SAFE_NO_PAD.encode(raw(text.as_bytes()))).as_deref(), Ok(text), "without a check");
        }
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }

    /// As zlib packs it, and as links were first published: they open for ever.
    #[test]
    fn old_links_open() {
        let link = "q1ZKyy_KTSxRslLKT0tLLi3Rzc1PSc3RN1TSUcpLzE0FipeU5ysk5-eVFesowJlKtQAyzROK";
        let text = r#"{"format":"offcut-model/1","name":"two convs, two convs"}"#;
        assert_eq!(unpack(link).as_deref(), Ok(text));
    }

    #[test]
    fn links_that_are_cut_or_changed_are_told() {
        let text: String = (0..200).map(|at: u32| format!("layer{} ", at * at % 97)).collect();
        let link = pack(&text);
        for end in 0..link.len() {
            let cut = unpack(&link[..end]);
            // Without its check, the text may be whole.
            assert!(cut.as_ref().is_err() || cut.as_deref() == Ok(text.as_str()), "{end}");
        }
        assert_eq!(unpack(&link[..link.len() / 2]), Err(CodecError::Cut));
        assert_eq!(unpack(&link[..link.len() - 3]), Err(CodecError::Cut));
        let mut wrong = 0;
        for at in 0..link.len() - 1 {
            let mut changed = link.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("ASCII");
            if let Ok(other) = unpack(&changed) {
                wrong += usize::from(other != text);
            }
        }
        assert_eq!(wrong, 0, "changed links that open as something else");
        assert_eq!(unpack("ab cd"), Err(CodecError::Character(' ')));
        assert_eq!(unpack("ab%20"), Err(CodecError::Character('%')));
        assert!(unpack("").is_err());
    }

    #[test]
    fn a_small_link_that_unpacks_to_much_is_refused() {
        let just = "x".repeat(MAX_UNPACKED);
        assert_eq!(unpack(&pack(&just)).map(|text| text.len()), Ok(MAX_UNPACKED));
        let bomb = pack(&"x".repeat(MAX_UNPACKED + 1));
        assert!(bomb.len() < 4000);
        assert_eq!(unpack(&bomb), Err(CodecError::TooLarge));
        assert_eq!(unpack(&"A".repeat(MAX_PACKED + 1)), Err(CodecError::TooLarge));
    }
}
