//! Reads markup into its elements, sharing no code with what writes it.

use std::collections::BTreeMap;

/// An element of a drawing.
#[derive(Clone, Debug, Default)]
pub struct Element {
    pub tag: String,
    pub attributes: BTreeMap<String, String>,
    /// The text that follows its tag.
    pub text: String,
}

impl Element {
    pub fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }

    pub fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    pub fn number<T: std::str::FromStr>(&self, name: &str) -> T {
        self.get(name).parse().unwrap_or_else(|_| panic!("{name} of {self:?}"))
    }

    pub fn is(&self, class: &str) -> bool {
        self.get("class").split(' ').any(|own| own == class)
    }
}

/// All elements of markup, in order. Panics where it is not well-formed: tags that do not match, attributes
/// without quotes or named twice, bare ampersands.
pub fn elements(markup: &str) -> Vec<Element> {
    let (mut elements, mut open, mut rest) = (Vec::new(), Vec::new(), markup);
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        entities(text);
        let end = tag.find('>').expect("a tag ends");
        let inside = &tag[1..end];
        rest = &tag[end + 1..];
        if inside.starts_with('?') {
            continue;
        }
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name.to_owned()), "tags match");
            continue;
        }
        let (inside, closed) = inside.strip_suffix('/').map_or((inside, false), |inside| (inside, true));
        let (name, attributes) = inside.split_once(' ').unwrap_or((inside, ""));
        let text = rest.split('<').next().unwrap_or("").to_owned();
        elements.push(Element { tag: name.to_owned(), attributes: parse(attributes), text });
        if !closed {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty(), "open tags: {open:?}");
    elements
}

fn parse(text: &str) -> BTreeMap<String, String> {
    let (mut attributes, mut rest) = (BTreeMap::new(), text.trim());
    while !rest.is_empty() {
        let (name, behind) = rest.split_once("=\"").unwrap_or_else(|| panic!("an attribute: {rest}"));
        let (value, behind) = behind.split_once('"').expect("a quote ends");
        entities(value);
        assert!(!name.contains(char::is_whitespace), "{name}");
        assert!(attributes.insert(name.to_owned(), value.to_owned()).is_none(), "{name} twice in {text}");
        rest = behind.trim_start();
    }
    attributes
}

fn entities(text: &str) {
    for part in text.split('&').skip(1) {
        assert!(["amp;", "lt;", "gt;", "quot;"].iter().any(|known| part.starts_with(known)), "&{part}");
    }
}
