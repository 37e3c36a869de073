//! One error form for all documents: where, what, and how to mend it.

use super::problem::{Problem, nearest};
use serde::de::DeserializeOwned;

/// Why a document cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// JSON pointer to the place; empty for the whole document.
    pub pointer: String,
    /// Line and column, where the parser knows them.
    pub position: Option<(usize, usize)>,
    /// What is wrong and how to mend it.
    pub what: String,
}

impl std::fmt::Display for FormatError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.pointer.is_empty(), self.position) {
            (true, None) => write!(f, "{}", self.what),
            (true, Some((line, column))) => write!(f, "line {line}, column {column}: {}", self.what),
            (false, None) => write!(f, "{}: {}", self.pointer, self.what),
            (false, Some((line, column))) => {
                write!(f, "{} (line {line}, column {column}): {}", self.pointer, self.what)
            }
        }
    }
}

impl std::error::Error for FormatError {}

impl FormatError {
    /// An error at a JSON pointer.
    pub fn at(pointer: impl Into<String>, what: impl std::fmt::Display) -> Self {
        Self { pointer: pointer.into(), position: None, what: what.to_string() }
    }

    /// A problem as an error of the document that it was found in.
    pub(super) fn of(problem: Problem) -> Self {
        let Problem { pointer, place, mut what, remedy, did_you_mean, .. } = problem;
        if !remedy.is_empty() {
            what = [&what, "; ", &remedy].concat();
        }
        if let Some(name) = did_you_mean {
            what = format!("{what}. Did you mean `{name}`?");
        }
        Self { pointer, position: place.map(|place| (place.line, place.column)), what }
    }

    /// The same error, its place inside a larger document.
    pub fn inside(mut self, pointer: &str) -> Self {
        self.pointer.insert_str(0, pointer);
        self
    }
}

/// The largest document that is read, in bytes.
const MAX_BYTES: usize = 64 << 20;

/// Parses JSON of one type; the error names the place.
pub(super) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, FormatError> {
    if text.len() > MAX_BYTES {
        return Err(FormatError::at("", "the document is larger than 64 MiB; remove what is not needed"));
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let pointer = pointer(error.path());
        let inner = error.into_inner();
        let text = inner.to_string();
        let what = text.split(" at line ").next().unwrap_or(&text).to_owned();
        let position = (inner.line() > 0).then(|| (inner.line(), inner.column()));
        let mend = if inner.is_eof() { "; the document ends too early: is it cut short?" } else { "" };
        FormatError { pointer, position, what: what + mend }
    })?;
    json.end().map_err(|error| FormatError {
        pointer: String::new(),
        position: Some((error.line(), error.column())),
        what: "more text behind the end of the document; remove it".to_owned(),
    })?;
    Ok(value)
}

/// Checks the `format` field of a document.
pub(super) fn expect_format(found: &str, expected: &str) -> Result<(), FormatError> {
    if found == expected {
        return Ok(());
    }
    let family = expected.split('/').next().unwrap_or(expected);
    let what = if found.starts_with(family) {
        format!("this is version `{found}`, but only `{expected}` can be read; use a newer Offcut or save it anew")
    } else {
        format!("the format is `{found}`, but here `{expected}` is expected; give another file or mend the field")
    };
    Err(FormatError::at("/format", what))
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => String::new(),
        })
        .collect()
}

/// ` Did you mean …?` where something similar exists.
pub(super) fn did_you_mean<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(wrong, known).map(|name| format!(" Did you mean `{name}`?")).unwrap_or_default()
}
