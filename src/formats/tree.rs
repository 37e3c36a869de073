//! JSON as a tree whose every value knows where it stands in the text.

use super::problem::{Lines, Place, Problem};

/// A value and its bytes in the text.
#[derive(Clone, Debug)]
pub struct Node {
    /// First byte.
    pub start: u32,
    /// Byte behind the last.
    pub end: u32,
    /// What it is.
    pub value: Value,
}

/// A JSON value; numbers are left as they are written.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// The node's bytes are the number.
    Number,
    /// Text, its escapes resolved.
    Text(String),
    /// `[…]`
    List(Vec<Node>),
    /// `{…}`, in the order of the text.
    Object(Vec<Member>),
    /// Something whose problem is known already.
    Bad,
}

/// A member of an object.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its key.
    pub key: String,
    /// The key's bytes, quotes included.
    pub key_range: (u32, u32),
    /// Its value.
    pub value: Node,
}

/// A text that was read as JSON, as far as that went.
pub struct Tree<'a> {
    /// The text.
    pub text: &'a str,
    /// Its value; none where not even one begins.
    pub root: Option<Node>,
    /// What is wrong with the text as JSON.
    pub problems: Vec<Problem>,
    /// Whether reading stopped before the end: what is missing may be there.
    pub cut: bool,
    pub(super) lines: Lines<'a>,
}

impl Node {
    /// The text of a value, if it is a text.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The elements; none where it is no list.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The members; none where it is no object.
    pub fn members(&self) -> &[Member] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// The value of a key; the first, where there are several.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.members().iter().find(|member| member.key == key).map(|member| &member.value)
    }

    /// What kind of value it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
            Value::Bad => "no value",
        }
    }
}

impl Tree<'_> {
    /// A value as it is written.
    pub fn written(&self, node: &Node) -> &str {
        self.text.get(node.start as usize..node.end as usize).unwrap_or("")
    }

    /// The place of a range.
    pub fn place(&self, start: u32, end: u32) -> Place {
        self.lines.place(start as usize, end as usize)
    }

    /// The place that a pointer means, or the nearest that is there: of a key without a value, the object.
    pub fn locate(&self, pointer: &str) -> Option<Place> {
        let mut node = self.root.as_ref()?;
        let mut range = (node.start, node.end);
        for part in pointer.split('/').skip(1) {
            let child = match &node.value {
                Value::List(items) => part.parse::<usize>().ok().and_then(|at| items.get(at)),
                Value::Object(members) => {
                    members.iter().find(|member| escaped(&member.key) == part).map(|member| &member.value)
                }
                _ => None,
            };
            let Some(child) = child else { break };
            (node, range) = (child, (child.start, child.end));
        }
        Some(self.place(range.0, range.1))
    }
}

impl Tree<'_> {
    /// The range to remove so that a member of an object is gone, with the comma beside it.
    pub(super) fn removal(&self, pointer: &str) -> Option<(usize, usize)> {
        let (parent, key) = pointer.rsplit_once('/')?;
        let mut node = self.root.as_ref()?;
        for part in parent.split('/').skip(1) {
            node = match &node.value {
                Value::List(items) => items.get(part.parse::<usize>().ok()?)?,
                _ => node.get(part)?,
            };
        }
        let members = node.members();
        let at = members.iter().position(|member| escaped(&member.key) == key)?;
        let member = &members[at];
        Some(match (at.checked_sub(1).and_then(|before| members.get(before)), members.get(at + 1)) {
            (_, Some(next)) => (member.key_range.0 as usize, next.key_range.0 as usize),
            (Some(before), None) => (before.value.end as usize, member.value.end as usize),
            (None, None) => (member.key_range.0 as usize, member.value.end as usize),
        })
    }
}

/// A key as a part of a JSON pointer.
pub fn escaped(key: &str) -> String {
    super::problem::clipped(key).replace('~', "~0").replace('/', "~1")
}

/// A decimal number as a whole number of `10^-places`, rounded half up; none where it is no decimal, is
/// negative, or is larger than `u128`. Floats would do the same, but weigh too much where this is loaded.
pub fn decimal(text: &str, places: i32) -> Option<u128> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok().filter(|e| e.abs() < 1000)?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.len() + fraction.len() == 0 || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    // How many digits, from the first, stand before the rounding point.
    let kept = whole.len() as i64 + i64::from(exponent) + i64::from(places);
    let mut value: u128 = 0;
    let mut digits = whole.bytes().chain(fraction.bytes()).map(|byte| u128::from(byte - b'0'));
    for _ in 0..kept.max(0) {
        match digits.next() {
            Some(digit) => value = value.checked_mul(10)?.checked_add(digit)?,
            None if value == 0 => break,
            None => value = value.checked_mul(10)?,
        }
    }
    let rounds_up = kept >= 0 && digits.next().is_some_and(|digit| digit >= 5);
    value.checked_add(u128::from(rounds_up))
}
