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

/// Text with its `%xx` decoded, as browsers and messengers write them; a plus stays a plus. What is no text then stays
/// as it is.
pub fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let digit = |at: usize| behind.get(at).and_then(|&byte| char::from(byte).to_digit(16));
        match digit(0).zip(digit(1)).filter(|_| first == b'%') {
            Some((high, low)) => {
                bytes.push((16 * high + low) as u8);
                rest = &behind[2..];
            }
            None => {
                bytes.push(first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
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
    #[test]
    fn what_is_no_text_stays_as_it_is() {
        for text in ["%ff", "a%C3", "%", "%4", "%zz", "100%", "%c3%28"] {
            assert_eq!(unescaped(text), text);
        }
        assert_eq!(unescaped("%c3%B6+%4"), "ö+%4");
    }
}
