//! What is wrong with a file: code, place, what, and how to mend it; several at once.

use std::fmt;

/// The most problems that one file is told of; mending the first ones usually ends the others.
pub const MAX_PROBLEMS: usize = 100;

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// First byte.
    pub start: usize,
    /// Byte behind the last.
    pub end: usize,
}

/// An edit of the text that certainly mends a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mend {
    /// What it does, for a button.
    pub label: String,
    /// First byte to be replaced.
    pub start: usize,
    /// Byte behind the last to be replaced.
    pub end: usize,
    /// What stands there instead.
    pub replacement: String,
}

impl Mend {
    /// The text with the edit made; unchanged where the range is not in it.
    pub fn applied(&self, text: &str) -> String {
        match (text.get(..self.start), text.get(self.end..)) {
            (Some(before), Some(behind)) => [before, &self.replacement, behind].concat(),
            _ => text.to_owned(),
        }
    }
}

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable code, like `E014`.
    pub code: &'static str,
    /// JSON pointer; empty for the whole file and for files that are no JSON.
    pub pointer: String,
    /// Place in the text, where there is a text.
    pub place: Option<Place>,
    /// What is wrong.
    pub what: String,
    /// How to mend it; may be empty where `what` says all.
    pub remedy: String,
    /// What was probably meant.
    pub did_you_mean: Option<String>,
    /// An edit that certainly mends it.
    pub mend: Option<Mend>,
}

impl Problem {
    /// A problem at a JSON pointer, without a place yet.
    pub fn new(
        code: &'static str,
        pointer: impl Into<String>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let (pointer, what, remedy) = (pointer.into(), what.into(), remedy.into());
        Self { code, pointer, place: None, what, remedy, did_you_mean: None, mend: None }
    }

    /// A problem whose text says after a semicolon how to mend it.
    pub fn said(code: &'static str, pointer: impl Into<String>, text: &str) -> Self {
        let (what, remedy) = text.split_once("; ").unwrap_or((text, ""));
        Self::new(code, pointer, what, remedy)
    }

    /// With what was probably meant.
    pub fn or_rather(mut self, name: Option<String>) -> Self {
        self.did_you_mean = name;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)?;
        if !self.pointer.is_empty() {
            write!(f, " {}", self.pointer)?;
        }
        if let Some(Place { line, column, .. }) = self.place {
            write!(f, " (line {line}, column {column})")?;
        }
        write!(f, ": {}", self.what)?;
        if !self.remedy.is_empty() {
            write!(f, "; {}", self.remedy)?;
        }
        match &self.did_you_mean {
            Some(name) => write!(f, ". Did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

/// All that is wrong with a file, in the order of the text; never empty where it is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            fmt::Display::fmt(problem, f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

/// Where the lines of a text begin, so that a byte's line is found quickly.
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Finds the lines of a text.
    pub fn of(text: &'a str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(ends).collect() }
    }

    /// The place of a range of bytes.
    pub fn place(&self, start: usize, end: usize) -> Place {
        let line = self.starts.partition_point(|&first| first <= start).max(1);
        let before = self.text.get(self.starts[line - 1]..start).unwrap_or("");
        // Counting is bounded: on one line of two megabytes, a hundred problems would take a while.
        let column = if before.len() > 1 << 16 { before.len() } else { before.chars().count() };
        Place { line, column: column + 1, start, end }
    }
}

/// A name or value of a file for a message: not too long, on one line.
pub fn clipped(text: &str) -> String {
    let mut all: String = text.chars().take(65).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if let Some((at, _)) = all.char_indices().nth(64) {
        all.truncate(at);
        all.push('…');
    }
    all
}

/// What was probably meant by a wrong name, where something similar exists.
pub fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    if wrong.len() > 128 {
        return None;
    }
    // A third of the letters may differ: less would miss slips, more would find what nobody meant.
    let near = |name: &str| (name.len().min(wrong.len()) / 3).max(1);
    let (distance, name) = known
        .filter(|name| name.len().abs_diff(wrong.len()) <= near(name))
        .map(|name| (strsim::osa_distance(wrong, name), name))
        .min()?;
    (distance <= near(name) && distance < name.len()).then(|| name.to_owned())
}
