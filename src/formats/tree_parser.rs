//! Reads JSON into a tree, and goes on after the slips that people make: commas, quotes, comments.

use super::problem::{Lines, MAX_PROBLEMS, Mend, Problem, clipped};
use super::tree::{Member, Node, Tree, Value};

/// The deepest nesting that is read.
const MAX_DEPTH: usize = 128;
/// The most values of a document: bounds the memory that its tree takes.
const MAX_VALUES: usize = 300_000;

/// Reads a text; whatever is wrong with it is among the tree's problems.
pub fn parse(text: &str) -> Tree<'_> {
    let mut parser = Parser { text, at: 0, values: 0, problems: Vec::new(), cut: false, lines: Lines::of(text) };
    parser.space();
    let root = parser.value(0);
    parser.space();
    if !parser.cut && parser.at < text.len() {
        let mend = parser.edit("Remove it", parser.at, text.len(), "");
        let place = (parser.at, text.len());
        parser.problem("E003", place, "there is more text behind the end of the document", "remove it", Some(mend));
    }
    let Parser { problems, cut, lines, .. } = parser;
    Tree { text, root, problems, cut, lines }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    values: usize,
    problems: Vec<Problem>,
    /// Set for good when nothing behind can be made sense of.
    cut: bool,
    lines: Lines<'a>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        if self.cut { None } else { self.text.as_bytes().get(self.at).copied() }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn edit(&self, label: &str, start: usize, end: usize, replacement: &str) -> Mend {
        Mend { label: label.to_owned(), start, end, replacement: replacement.to_owned() }
    }

    fn problem(
        &mut self,
        code: &'static str,
        (start, end): (usize, usize),
        what: &str,
        remedy: &str,
        mend: Option<Mend>,
    ) {
        if self.problems.len() >= MAX_PROBLEMS {
            self.cut = true;
            return;
        }
        let place = Some(self.lines.place(start, end));
        self.problems.push(Problem { place, mend, ..Problem::new(code, "", what, remedy) });
    }

    /// Gives up: what follows cannot be understood.
    fn stop(&mut self, what: &str, remedy: &str) {
        if self.cut {
            return;
        }
        if self.at >= self.text.len() {
            let end = self.text.len();
            self.problem("E002", (end, end), "the document ends too early", "is it cut short?", None);
        } else {
            let end = self.at + self.rest().chars().next().map_or(0, char::len_utf8);
            self.problem("E001", (self.at, end), what, remedy, None);
        }
        self.cut = true;
    }

    /// White space, and comments, which JSON does not have.
    fn space(&mut self) {
        while let Some(byte) = self.peek() {
            let rest = self.rest();
            let length = match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {
                    self.at += 1;
                    continue;
                }
                b'/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
                b'/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
                b'#' => rest.find('\n').unwrap_or(rest.len()),
                _ => return,
            };
            let range = (self.at, self.at + length);
            let mend = self.edit("Remove the comment", range.0, range.1, "");
            self.problem("E001", range, "JSON has no comments", "remove it", Some(mend));
            self.at += length;
        }
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        let start = self.at;
        self.values += 1;
        if self.values > MAX_VALUES || depth > MAX_DEPTH {
            let what = if depth > MAX_DEPTH {
                "the document is nested more than 128 deep"
            } else {
                "the document has more than 300,000 values"
            };
            self.problem("E004", (start, start), what, "no file of this kind is; remove what is not needed", None);
            self.cut = true;
        }
        let value = match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'-' | b'0'..=b'9' | b'+' | b'.') => self.number(),
            Some(byte) if self.opens_text(byte) => Value::Text(self.string()),
            Some(byte) if byte.is_ascii_alphabetic() => self.word(),
            _ => {
                self.stop("here a value is expected", "write a number, a text in quotes, a list or an object");
                return None;
            }
        };
        Some(Node { start: start as u32, end: self.at as u32, value })
    }

    fn opens_text(&self, byte: u8) -> bool {
        byte == b'"' || byte == b'\'' || self.rest().starts_with(['“', '”', '‘'])
    }

    fn starts_value(&self) -> bool {
        self.peek().is_some_and(|b| {
            matches!(b, b'{' | b'[' | b'-' | b'+' | b'.') || b.is_ascii_alphanumeric() || self.opens_text(b)
        })
    }

    fn list(&mut self, depth: usize) -> Value {
        let mut items = Vec::new();
        self.at += 1;
        while self.another(b']', items.is_empty()) {
            let Some(item) = self.value(depth + 1) else { break };
            // Of a list that ends too early, the last element may be a half one.
            if self.cut {
                break;
            }
            items.push(item);
        }
        Value::List(items)
    }

    fn object(&mut self, depth: usize) -> Value {
        let mut members: Vec<Member> = Vec::new();
        self.at += 1;
        while self.another(b'}', members.is_empty()) {
            let start = self.at;
            let Some(key) = self.key() else { break };
            let key_range = (start as u32, self.at as u32);
            self.space();
            self.colon();
            self.space();
            let Some(value) = self.value(depth + 1) else { break };
            members.push(Member { key, key_range, value });
        }
        Value::Object(members)
    }

    /// Moves over the comma, or over the closing bracket, and says whether another element follows.
    fn another(&mut self, close: u8, first: bool) -> bool {
        let behind = self.at;
        self.space();
        let mut comma = None;
        while self.peek() == Some(b',') {
            if first || comma.is_some() {
                let mend = self.edit("Remove the comma", self.at, self.at + 1, "");
                self.problem("E001", (self.at, self.at + 1), "there is a comma too many", "remove it", Some(mend));
            } else {
                comma = Some(self.at);
            }
            self.at += 1;
            self.space();
        }
        if self.peek() == Some(close) {
            self.at += 1;
            if let Some(at) = comma {
                let mend = self.edit("Remove the comma", at, at + 1, "");
                self.problem("E001", (at, at + 1), "a comma stands behind the last element", "remove it", Some(mend));
            }
            return false;
        }
        if first || comma.is_some() {
            return !self.cut && (self.peek().is_some() || self.ended());
        }
        if self.starts_value() {
            let mend = self.edit("Add a comma", behind, behind, ",");
            self.problem("E001", (behind, behind), "a comma is missing", "add it", Some(mend));
            return !self.cut;
        }
        let close = if close == b']' { "`]`" } else { "`}`" };
        self.stop(&format!("here a comma or {close} is expected"), "look for a bracket too many or too few before it");
        false
    }

    fn ended(&mut self) -> bool {
        self.stop("", "");
        false
    }

    fn key(&mut self) -> Option<String> {
        let start = self.at;
        match self.peek() {
            Some(byte) if self.opens_text(byte) => Some(self.string()),
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
                let length = self.rest().find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                let key = self.rest()[..length.unwrap_or(self.rest().len())].to_owned();
                self.at += key.len();
                let mend = self.edit("Add quotes", start, self.at, &format!("\"{key}\""));
                self.problem("E001", (start, self.at), "a field's name stands in quotes", "add them", Some(mend));
                Some(key)
            }
            _ => {
                self.stop("here a field's name in quotes is expected", "write \"name\": value");
                None
            }
        }
    }

    fn colon(&mut self) {
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(b'=') => {
                let mend = self.edit("Write a colon", self.at, self.at + 1, ":");
                self.problem("E001", (self.at, self.at + 1), "here a colon is expected", "write `:`", Some(mend));
                self.at += 1;
            }
            _ if self.starts_value() => {
                let mend = self.edit("Add a colon", self.at, self.at, ":");
                self.problem("E001", (self.at, self.at), "a colon is missing", "add it", Some(mend));
            }
            _ => self.stop("here a colon is expected", "write \"name\": value"),
        }
    }

    fn word(&mut self) -> Value {
        let start = self.at;
        let length = self.rest().find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest().len());
        let word = self.rest()[..length].to_owned();
        self.at += length;
        let (value, right) = match word.as_str() {
            "true" => return Value::Bool(true),
            "false" => return Value::Bool(false),
            "null" => return Value::Null,
            "True" => (Value::Bool(true), "true"),
            "False" => (Value::Bool(false), "false"),
            "None" => (Value::Null, "null"),
            _ => {
                let what = format!("`{}` is no value", clipped(&word));
                self.problem("E001", (start, self.at), &what, "write texts in quotes", None);
                return Value::Bad;
            }
        };
        let mend = self.edit(&format!("Write {right}"), start, self.at, right);
        self.problem("E001", (start, self.at), &format!("JSON writes `{right}`"), "mend it", Some(mend));
        value
    }

    fn number(&mut self) -> Value {
        let start = self.at;
        let length = self.rest().find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c));
        self.at += length.unwrap_or(self.rest().len());
        let text = &self.text[start..self.at];
        if is_number(text.as_bytes()) {
            return Value::Number;
        }
        let what = format!("`{}` is no number", clipped(text));
        self.problem("E001", (start, self.at), &what, "write it like 3, 0.5 or 1e3", None);
        Value::Bad
    }

    /// A text in quotes; the wrong quotes are told of and taken all the same.
    fn string(&mut self) -> String {
        let start = self.at;
        let open = self.rest().chars().next().unwrap_or('"');
        let close: &[char] = match open {
            '"' => &['"'],
            '\'' => &['\''],
            _ => &['”', '“', '’'],
        };
        self.at += open.len_utf8();
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let Some(next) = rest.chars().next() else {
                self.stop("", "");
                return text;
            };
            match next {
                c if close.contains(&c) => {
                    self.at += c.len_utf8();
                    break;
                }
                '\\' => self.escape(&mut text),
                '\n' | '\r' => {
                    self.stop("this text is not closed on its line", "add the closing quote");
                    return text;
                }
                c => {
                    text.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
        if open != '"' {
            let quoted = ["\"", &text.replace('\\', "\\\\").replace('"', "\\\""), "\""].concat();
            let mend = self.edit("Use straight double quotes", start, self.at, &quoted);
            self.problem("E001", (start, self.at), "JSON's quotes are straight and double", "mend them", Some(mend));
        }
        text
    }

    fn escape(&mut self, text: &mut String) {
        let start = self.at;
        self.at += 1;
        let Some(letter) = self.rest().chars().next() else { return };
        self.at += letter.len_utf8();
        match letter {
            '"' | '\\' | '/' | '\'' => text.push(letter),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'u' => match self.unit() {
                Some(high @ 0xd800..0xdc00) => {
                    let back = self.at;
                    let low = if self.rest().starts_with("\\u") {
                        self.at += 2;
                        self.unit().filter(|unit| (0xdc00..0xe000).contains(unit))
                    } else {
                        None
                    };
                    let joined = low.map(|low| 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
                    if joined.is_none() {
                        self.at = back;
                    }
                    text.push(joined.and_then(char::from_u32).unwrap_or('\u{fffd}'));
                }
                Some(unit) => text.push(char::from_u32(unit).unwrap_or('\u{fffd}')),
                None => self.problem("E001", (start, self.at), "`\\u` needs four hexadecimal digits", "mend it", None),
            },
            _ => {
                let mend = self.edit("Write a backslash", start, start + 1, "\\\\");
                self.problem("E001", (start, self.at), "no such escape", "write `\\\\` for a backslash", Some(mend));
                text.push(letter);
            }
        }
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let unit = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(unit)
    }
}

/// JSON's grammar of numbers.
pub(super) fn is_number(text: &[u8]) -> bool {
    let digits = |from: usize| text.get(from..).unwrap_or(&[]).iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = usize::from(text.first() == Some(&b'-'));
    let whole = digits(at);
    if whole == 0 || (whole > 1 && text[at] == b'0') {
        return false;
    }
    at += whole;
    if text.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return false;
        }
        at += 1 + fraction;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at);
        if exponent == 0 {
            return false;
        }
        at += exponent;
    }
    at == text.len()
}
