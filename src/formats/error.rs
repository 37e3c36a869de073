//! One thing that is wrong with a document that is no text.

use super::problem::{Problem, Problems};

/// Why a document cannot be used: the first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// JSON pointer to the place; empty for the whole document.
    pub pointer: String,
    /// What is wrong and how to mend it.
    pub what: String,
}

impl std::fmt::Display for FormatError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.pointer.is_empty() {
            write!(f, "{}: ", self.pointer)?;
        }
        f.write_str(&self.what)
    }
}

impl std::error::Error for FormatError {}

impl FormatError {
    /// An error at a JSON pointer.
    pub fn at(pointer: impl Into<String>, what: impl std::fmt::Display) -> Self {
        Self { pointer: pointer.into(), what: what.to_string() }
    }

    /// The first of a document's problems.
    pub(super) fn first(Problems(problems): Problems) -> Self {
        let Some(problem) = problems.into_iter().next() else { return Self::at("", "the document cannot be used") };
        let Problem { pointer, mut what, remedy, did_you_mean, .. } = problem;
        if !remedy.is_empty() {
            what = [&what, "; ", &remedy].concat();
        }
        if let Some(name) = did_you_mean {
            what = format!("{what}. Did you mean `{name}`?");
        }
        Self { pointer, what }
    }
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
