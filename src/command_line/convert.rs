//! `offcut convert`: files of other tools become model documents.

use super::input;
use crate::formats::read_model;
use crate::import::{Imported, Options};
use std::path::{Path, PathBuf};

/// What the file leaves open, and what is added to it.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Answers {
    /// A size that the file leaves open, by its symbol or axis: `height=224`.
    #[arg(long = "size", value_name = "NAME=SIZE")]
    sizes: Vec<String>,
    /// Which of several outputs is wanted.
    #[arg(long, value_name = "OUTPUT")]
    take: Option<String>,
    /// A table (CSV) of measured times, matched by the layers' names.
    #[arg(long, value_name = "TABLE")]
    measured: Option<PathBuf>,
}

/// The model document of a file.
pub(super) fn convert(path: &Path, answers: &Answers) -> Result<String, String> {
    let mut options = Options { sizes: Vec::new(), output: answers.take.clone() };
    for size in &answers.sizes {
        let read = size.split_once('=').and_then(|(name, value)| Some((name.to_owned(), value.parse().ok()?)));
        options.sizes.push(read.ok_or_else(|| format!("--size {size}: give it as NAME=SIZE, like height=224"))?);
    }
    let imported = input::imported_model(path, &options)?;
    let Some(table) = &answers.measured else { return Ok(imported.text) };
    let name = table.display();
    let Imported::Measured(times) = input::import(table, &Options::default())? else {
        return Err(format!("{name}: is no table of measured times; give a CSV"));
    };
    let applied = times.apply(&imported.network);
    for (layer, meant) in &applied.unknown_rows {
        let hint = meant.as_ref().map(|meant| format!(" Did you mean `{meant}`?")).unwrap_or_default();
        eprintln!("{name}: the network has no layer `{layer}`.{hint}");
    }
    let count = applied.unmeasured_layers.len();
    if count > 0 {
        let first: Vec<&str> = applied.unmeasured_layers.iter().take(8).map(String::as_str).collect();
        let more = if count > first.len() { format!(" and {} more", count - first.len()) } else { String::new() };
        eprintln!("{name}: no times for {count} layers, which keep the cost formula: {}{more}", first.join(", "));
    }
    let text = applied.model.to_text();
    read_model(&text).map_err(|problems| problems.to_string())?;
    Ok(text)
}
