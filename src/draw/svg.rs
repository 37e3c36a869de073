//! Writes SVG text.

use crate::base::Decimal;

/// Text that is safe between tags and in attributes.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            _ => safe.push(character),
        }
    }
    safe
}

/// Attributes of a mark that the keyboard reaches, with what it is called. Other marks have a `<title>` alone: a label
/// means something only where there is a role.
pub(super) fn focusable(label: &str) -> String {
    [r#" tabindex="0" role="button" aria-label=""#, &escaped(label), "\""].concat()
}

/// A coordinate with at most two decimals.
pub(super) fn px(value: f64) -> Decimal {
    Decimal::new(value, 2).trimmed()
}

/// About the width of a letter of labels.
pub(super) const LETTER: f64 = 6.2;

/// An axis-parallel rectangle in a drawing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Rect {
    /// Its four attributes.
    pub(super) fn attributes(self) -> String {
        let Self { x, y, width, height } = self;
        format!(r#"x="{}" y="{}" width="{}" height="{}""#, px(x), px(y), px(width), px(height))
    }

    /// Its outline as path data.
    pub(super) fn outline(self) -> String {
        let Self { x, y, width, height } = self;
        format!("M{} {}h{}v{}h{}z", px(x), px(y), px(width), px(height), px(-width))
    }
}

/// Opens a drawing of this size in user units; wider than `fits` it keeps its size and scrolls.
pub(super) fn open(width: f64, height: f64, fits: f64, label: &str) -> String {
    let style = if width > fits { format!("width:{}px", px(width.ceil())) } else { String::new() };
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" style="{style}" role="group" aria-label="{}">"#,
        px(width),
        px(height),
        escaped(label)
    )
}

/// A line of text; `class` gives size, colour and anchor.
pub(super) fn text(x: f64, y: f64, class: &str, content: &str) -> String {
    format!(r#"<text x="{}" y="{}" class="{class}">{}</text>"#, px(x), px(y), escaped(content))
}

/// A text in lines of at most so many letters; longer words are broken.
pub(super) fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word: Vec<char> = word.chars().collect();
        for part in word.chunks(letters) {
            let part: String = part.iter().collect();
            let room = |line: &&mut String| line.chars().count() + 1 + part.chars().count() <= letters;
            match lines.last_mut().filter(room) {
                Some(line) => *line += &[" ", &part].concat(),
                None => lines.push(part),
            }
        }
    }
    lines
}

/// A straight line.
pub(super) fn line(from: (f64, f64), to: (f64, f64), class: &str) -> String {
    format!(r#"<line x1="{}" y1="{}" x2="{}" y2="{}" class="{class}"/>"#, px(from.0), px(from.1), px(to.0), px(to.1))
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_text_never_markup() {
        assert_eq!(super::escaped(r#"<b a="&">"#), "&lt;b a=&quot;&amp;&quot;&gt;");
    }
}
