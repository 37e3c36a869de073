//! Names in links: `%xx` for whatever would end them.
//!
//! Entry points: [`escaped`], [`unescaped`].

/// A name as part of a link, as browsers leave it: ASCII's letters and digits and harmless signs stay, every other byte
/// becomes `%xx`.
pub fn escaped(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/') {
            all.push(char::from(byte));
        } else {
            let digit = |nibble: u8| char::from(b"0123456789ABCDEF"[usize::from(nibble)]);
            all.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    all
}

/// Text with its `%xx` decoded, as browsers and messengers write them; a plus stays a plus.
pub fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let hex = behind.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match hex.and_then(|two| u8::from_str_radix(two, 16).ok()).filter(|_| first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_end_nothing() {
        for name in ["", "conv1", "a b&c=d;e,f%41", "größer ½ 层\n\u{1f}", "features.0/conv+", "\"<&>'#"] {
            let link = escaped(name);
            assert_eq!(unescaped(&link), name);
            assert!(link.is_ascii() && !link.contains([' ', '&', '=', ';', ',', '\n', '#', '+', '"', '<']), "{link}");
        }
    }
}
