//! Reads the fields of a document from its tree: whatever is wrong is told of, and the rest is kept.
//!
//! Where a value cannot be used, something that is right stands in for it, so that nothing else is told of it.

use super::numbers::{self, Quantity};
use super::problem::{MAX_PROBLEMS, Mend, Problem, clipped, nearest};
use super::tree::{Member, Node, Tree, Value, escaped};
use super::tree_parser;
use crate::base::order;

/// A reader of one tree.
pub(super) struct Reader<'a> {
    tree: &'a Tree<'a>,
    problems: Vec<Problem>,
    told: usize,
}

/// Names of an object's fields.
pub(super) struct Fields<'a> {
    /// All that it may have.
    pub known: &'a [&'a str],
    /// Those without a default.
    pub needed: &'a [&'a str],
}

impl<'a> Reader<'a> {
    pub fn new(tree: &'a Tree<'a>) -> Self {
        Self { tree, problems: Vec::new(), told: 0 }
    }

    /// How many problems were told of so far.
    pub fn told(&self) -> usize {
        self.told
    }

    /// The tree's root.
    pub fn root(&self) -> Option<&'a Node> {
        self.tree.root.as_ref()
    }

    /// Whether the text ends too early: what is missing may have been behind.
    pub fn is_cut(&self) -> bool {
        self.tree.cut
    }

    /// Tells of a problem. Only the first ones are kept: of a hundred thousand nobody needs all.
    pub fn tell(&mut self, problem: Problem) {
        self.told += 1;
        if self.problems.len() < 4 * MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// Tells of a problem of a value.
    pub fn say(&mut self, node: &Node, problem: Problem) {
        let place = Some(self.tree.place(node.start, node.end));
        self.tell(Problem { place, ..problem });
    }

    /// All that is wrong, the text itself included: each in its place, in the order of the text, and no more than
    /// anybody reads.
    pub fn finish(self) -> Vec<Problem> {
        let Self { tree, problems, .. } = self;
        let problems = problems.into_iter().map(|problem| located(tree, problem));
        let mut all: Vec<Problem> = tree.problems.iter().cloned().chain(problems).collect();
        if all.iter().any(|problem| problem.code == "E002") {
            // The last value of a text that ends too early may be half of one.
            let end = tree.text.trim_end().len();
            all.retain(|problem| problem.code == "E002" || problem.place.is_none_or(|place| place.end < end));
        }
        // Of a document of another kind, nothing else is worth telling.
        if let Some(foreign) = all.iter().find(|problem| problem.code == "E013" && problem.mend.is_none()) {
            return vec![foreign.clone()];
        }
        let start = |at: usize| all[at].place.map_or(0, |place| place.start);
        let sorted = order(all.len(), &|a, b| start(a).cmp(&start(b)));
        sorted.into_iter().take(MAX_PROBLEMS).map(|at| all[at].clone()).collect()
    }

    pub fn wrong_type(&mut self, node: &Node, pointer: &str, expected: &str) {
        let what = match &node.value {
            // What is wrong with it is said already.
            Value::Bad => return self.told += 1,
            Value::Text(text) => format!("the text `{}` stands where {expected} is expected", clipped(text)),
            Value::Number => format!("{} stands where {expected} is expected", clipped(self.tree.written(node))),
            _ => format!("{} stands where {expected} is expected", node.kind()),
        };
        let mut problem = Problem::new("E010", pointer, what, format!("give {expected}"));
        problem.mend = self.unquoted(node, expected);
        self.say(node, problem);
    }

    /// Numbers and `true` in quotes are meant without.
    fn unquoted(&self, node: &Node, expected: &str) -> Option<Mend> {
        let text = node.as_text()?.trim();
        let is_whole = text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_number = tree_parser::is_number(text.as_bytes()) && (is_whole || expected == "a number");
        let is_truth = expected.contains("true") && (text == "true" || text == "false");
        let is_meant = (is_number && expected.contains("number")) || is_truth;
        is_meant.then(|| self.replaced(node, "Remove the quotes", text))
    }

    /// The edit that puts something else in a value's place.
    pub fn replaced(&self, node: &Node, label: &str, by: &str) -> Mend {
        let (start, end) = (node.start as usize, node.end as usize);
        Mend { label: label.to_owned(), start, end, replacement: by.to_owned() }
    }

    fn missing(&mut self, node: &Node, pointer: &str, field: &str) {
        if !self.tree.cut {
            let what = format!("missing field `{field}`");
            self.say(node, Problem::new("E012", pointer, what, "add it"));
        }
    }

    /// Tells of a field that there is not; gives the one that was probably meant.
    fn unknown(&mut self, member: &Member, pointer: &str, known: &[&str]) -> Option<String> {
        let meant = nearest(&member.key, known.iter().copied());
        let what = format!("unknown field `{}`", clipped(&member.key));
        let remedy = match &meant {
            None if known.len() <= 16 => format!("remove it, or use one of `{}`", known.join("`, `")),
            _ => "remove it or mend its name".to_owned(),
        };
        let at = format!("{pointer}/{}", escaped(&member.key));
        let mut problem = Problem::new("E011", at, what, remedy).or_rather(meant.clone());
        let (start, end) = member.key_range;
        problem.place = Some(self.tree.place(start, end));
        problem.mend = problem.did_you_mean.as_ref().map(|name| Mend {
            label: format!("Use {name}"),
            start: start as usize,
            end: end as usize,
            replacement: format!("\"{name}\""),
        });
        self.tell(problem);
        meant
    }

    /// Tells of keys that stand twice in an object, and of an object that is none.
    fn is_object(&mut self, node: &Node, pointer: &str, expected: &str) -> bool {
        let Value::Object(members) = &node.value else {
            self.wrong_type(node, pointer, expected);
            return false;
        };
        for (index, member) in members.iter().enumerate().take(100) {
            if members[..index].iter().any(|earlier| earlier.key == member.key) {
                let at = format!("{pointer}/{}", escaped(&member.key));
                let what = format!("the field `{}` is given twice", clipped(&member.key));
                let mut problem = Problem::new("E007", at, what, "remove one of them");
                problem.place = Some(self.tree.place(member.key_range.0, member.key_range.1));
                self.tell(problem);
            }
        }
        true
    }

    /// Gives the known fields of an object to `read`, each with its pointer; tells of all others, and of those that
    /// are needed and not there.
    pub fn object(
        &mut self,
        node: &Node,
        pointer: &str,
        expected: &str,
        Fields { known, needed }: Fields,
        read: &mut dyn FnMut(&mut Self, &str, &Node, &str),
    ) {
        if !self.is_object(node, pointer, expected) {
            return;
        }
        let mut meant = Vec::new();
        for member in node.members() {
            if known.contains(&member.key.as_str()) {
                read(self, &member.key, &member.value, &format!("{pointer}/{}", member.key));
            } else {
                meant.extend(self.unknown(member, pointer, known));
            }
        }
        for field in needed.iter().filter(|field| node.get(field).is_none()) {
            // Where its name is only mistyped, that is told already.
            if !meant.iter().any(|meant| meant == field) {
                self.missing(node, pointer, field);
            }
        }
    }

    /// Holds a document's `format` against what is expected.
    pub fn format(&mut self, node: &Node, pointer: &str, expected: &str) {
        let Some(value) = node.get("format") else {
            let told = self.told;
            self.missing(node, pointer, "format");
            if let (Some(problem), true) = (self.problems.last_mut(), self.told > told) {
                let at = node.start as usize + 1;
                let comma = if node.members().is_empty() { "" } else { ", " };
                let replacement = format!("\"format\": \"{expected}\"{comma}");
                problem.mend = Some(Mend { label: "Add it".to_owned(), start: at, end: at, replacement });
            }
            return;
        };
        let Some(found) = value.as_text() else {
            return self.wrong_type(value, &[pointer, "/format"].concat(), "a text");
        };
        let Err(error) = super::error::expect_format(found, expected) else { return };
        let mut problem = Problem::said("E013", format!("{pointer}/format"), &error.what);
        let family = expected.split('/').next().unwrap_or(expected);
        if nearest(found, std::iter::once(expected)).is_some() && found.split('/').next() != Some(family) {
            problem.did_you_mean = Some(expected.to_owned());
            problem.mend = Some(self.replaced(value, &format!("Use {expected}"), &format!("\"{expected}\"")));
        }
        self.say(value, problem);
    }

    pub fn text(&mut self, node: &Node, pointer: &str) -> Option<String> {
        let text = node.as_text();
        if text.is_none() {
            self.wrong_type(node, pointer, "a text");
        }
        text.map(str::to_owned)
    }

    pub fn truth(&mut self, node: &Node, pointer: &str) -> bool {
        let Value::Bool(value) = node.value else {
            self.wrong_type(node, pointer, "true or false");
            return false;
        };
        value
    }

    /// A list, each of its elements read with its pointer.
    pub fn list<T>(
        &mut self,
        node: &Node,
        pointer: &str,
        expected: &str,
        mut read: impl FnMut(&mut Self, &Node, &str) -> T,
    ) -> Vec<T> {
        if !matches!(node.value, Value::List(_)) {
            self.wrong_type(node, pointer, expected);
        }
        let mut all = Vec::with_capacity(node.items().len());
        for (index, item) in node.items().iter().enumerate() {
            all.push(read(self, item, &format!("{pointer}/{index}")));
        }
        all
    }

    /// A whole number of 64 bits.
    pub fn long(&mut self, node: &Node, pointer: &str) -> u64 {
        self.number(node, pointer, u64::MAX, "a whole number").unwrap_or(0)
    }

    /// A whole number that may be an index.
    pub fn index(&mut self, node: &Node, pointer: &str) -> usize {
        let found = self.number(node, pointer, usize::MAX as u64, "a whole number");
        found.and_then(|value| usize::try_from(value).ok()).unwrap_or(0)
    }

    /// A whole number of 32 bits.
    pub fn whole(&mut self, node: &Node, pointer: &str, expected: &str) -> Option<u32> {
        self.number(node, pointer, u64::from(u32::MAX), expected).and_then(|value| u32::try_from(value).ok())
    }

    fn number(&mut self, node: &Node, pointer: &str, most: u64, expected: &str) -> Option<u64> {
        if !matches!(node.value, Value::Number) {
            self.wrong_type(node, pointer, expected);
            return None;
        }
        let text = self.tree.written(node);
        match text.parse::<u64>() {
            Ok(value) if value <= most => return Some(value),
            _ => {}
        }
        let integer = text
            .split_once(".0")
            .filter(|(whole, zeros)| whole.parse::<u32>().is_ok() && zeros.bytes().all(|zero| zero == b'0'));
        let is = if text.starts_with('-') {
            "negative"
        } else if text.contains(['.', 'e', 'E']) {
            "no whole number"
        } else {
            "too large"
        };
        let what = format!("{} is {is}", clipped(text));
        let mut problem = Problem::new("E010", pointer, what, format!("expected {expected}"));
        problem.mend = integer.map(|(whole, _)| self.replaced(node, &format!("Write {whole}"), whole));
        self.say(node, problem);
        None
    }

    /// So much of a quantity, as it is written; the least that it may be where it cannot be read.
    pub fn amount(&mut self, node: &Node, pointer: &str, quantity: Quantity) -> f64 {
        if !matches!(node.value, Value::Number) {
            self.wrong_type(node, pointer, "a number");
            return quantity.least;
        }
        let text = self.tree.written(node);
        match numbers::nearest_double(text).filter(|value| quantity.holds(*value)) {
            Some(value) => value,
            None => {
                let problem = quantity.refusal(pointer, &clipped(text));
                self.say(node, problem);
                quantity.least
            }
        }
    }

    /// The value as it is written.
    pub fn written(&self, node: &Node) -> &'a str {
        self.tree.written(node)
    }
}

/// Adds the place of a problem's pointer, and the edit that its code makes certain.
fn located(tree: &Tree, mut problem: Problem) -> Problem {
    if problem.place.is_some() {
        return problem;
    }
    problem.place = tree.locate(&problem.pointer);
    let Some(place) = problem.place else { return problem };
    problem.mend = match (problem.code, &problem.did_you_mean) {
        ("E014" | "E016" | "E023" | "E041" | "E042", Some(name)) => {
            let label = if problem.code == "E023" { format!("Rename to {name}") } else { format!("Use {name}") };
            Some(Mend { label, start: place.start, end: place.end, replacement: quoted(name) })
        }
        ("E017", _) => tree.removal(&problem.pointer).map(|(start, end)| Mend {
            label: "Remove it".to_owned(),
            start,
            end,
            replacement: String::new(),
        }),
        _ => None,
    };
    if problem.code == "E023" {
        problem.did_you_mean = None;
    }
    problem
}

/// A text as JSON writes it.
pub fn quoted(text: &str) -> String {
    let mut all = String::with_capacity(text.len() + 2);
    all.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => all.extend(['\\', c]),
            '\n' => all.push_str("\\n"),
            '\r' => all.push_str("\\r"),
            '\t' => all.push_str("\\t"),
            c if c < ' ' => all.push_str(&format!("\\u{:04x}", c as u32)),
            c => all.push(c),
        }
    }
    all.push('"');
    all
}
