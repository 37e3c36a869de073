//! The document in a figure that Offcut exported: the text of the SVG's first `<metadata>`.

use crate::formats::Problems;
use crate::import::problem;

/// The document's text.
///
/// # Errors
/// There is none.
pub(super) fn document(svg: &str) -> Result<String, Problems> {
    let (_, rest) = svg.split_once("<metadata").ok_or_else(missing)?;
    let (_, rest) = rest.split_once('>').ok_or_else(missing)?;
    let (inside, _) = rest.split_once("</metadata>").ok_or_else(missing)?;
    let inside = inside.trim();
    let text = match inside.strip_prefix("<![CDATA[").and_then(|text| text.strip_suffix("]]>")) {
        Some(text) => text.to_owned(),
        None => unescaped(inside),
    };
    if text.trim_start().starts_with('{') { Ok(text) } else { Err(missing()) }
}

/// Nothing of Offcut's is in it.
pub(super) fn missing() -> Problems {
    let what = "this SVG holds no scenario of Offcut's";
    problem("E055", what, "give one that Offcut exported, and that no other program has saved since")
}

/// Text with XML's character references resolved; what is none stays as it is.
fn unescaped(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        all.push_str(before);
        let end = behind.bytes().take(12).position(|byte| byte == b';');
        match end.and_then(|end| Some((character(&behind[..end])?, end))) {
            Some((c, length)) => {
                all.push(c);
                rest = &behind[length + 1..];
            }
            None => {
                all.push('&');
                rest = behind;
            }
        }
    }
    all + rest
}

fn character(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}
