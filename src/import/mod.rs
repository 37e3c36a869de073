//! Files of other tools become Offcut's documents: networks, scenarios, plans, measured times.
//!
//! Entry point: [`read`]. Weights are never read: a file of any size takes little memory. Must not know the
//! browser.

mod draft;
mod keras;
mod keras_layers;
mod kind;
mod measured;
mod onnx;
mod source;
mod svg;
mod window;

pub use draft::{Note, NoteKind};
pub use measured::{Applied, Row, Table};
#[cfg(not(target_arch = "wasm32"))]
pub use source::FileSource;
pub use source::Source;

use crate::formats::{ModelFile, Problem, Problems, parse_tree, read_model_partly};
use crate::network::Network;
use kind::Kind;
use source::Window;

/// What a file leaves open, answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Sizes by their symbol in the file, or by `channels`, `height` and `width`.
    pub sizes: Vec<(String, u32)>,
    /// Which of several outputs is wanted.
    pub output: Option<String>,
}

/// What has to be answered before a file can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A size that the file leaves open.
    Size {
        /// Its symbol in the file; the axis where it has none.
        symbol: String,
        /// `channels`, `height` or `width`.
        axis: String,
    },
    /// One of several outputs.
    Output {
        /// Their names.
        names: Vec<String>,
    },
}

/// Why a file was not read.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// All that is wrong; never empty.
    pub problems: Problems,
    /// What to ask; with the answers among the [`Options`] the file can be read.
    pub asks: Vec<Ask>,
    /// The sound part of the network, for drawing it.
    pub partial: Option<Box<Network>>,
    /// The text, where it is a model document: it can be edited.
    pub text: Option<String>,
}

/// What a file held.
#[derive(Clone, Debug)]
pub enum Imported {
    /// A network.
    Model(Box<ImportedModel>),
    /// The text of a scenario document, for [`crate::formats::read_scenario`].
    Scenario(String),
    /// The text of a plan document, for [`crate::formats::read_plan`].
    Plan(String),
    /// What of a link the page reads: that of the situation which a figure was drawn of.
    Link(String),
    /// Measured times, to be applied to a network.
    Measured(Table),
}

/// A network that was read.
#[derive(Clone, Debug)]
pub struct ImportedModel {
    /// The model document: a model file as it was, others converted.
    pub text: String,
    /// The network.
    pub network: Network,
    /// What its user has to know.
    pub notes: Vec<Note>,
}

/// A network out of a foreign file.
struct Built {
    network: Network,
    notes: Vec<Note>,
}

impl Refusal {
    fn asking(asks: Vec<Ask>) -> Self {
        let problems = asks.iter().map(Ask::problem).collect();
        Self { problems: Problems(problems), asks, partial: None, text: None }
    }
}

impl From<Problems> for Refusal {
    fn from(problems: Problems) -> Self {
        Self { problems, asks: Vec::new(), partial: None, text: None }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Problems::from(problem).into()
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.problems, f)
    }
}

impl std::error::Error for Refusal {}

impl Ask {
    fn problem(&self) -> Problem {
        match self {
            Self::Size { symbol, axis } => {
                let symbol = crate::formats::clipped(symbol);
                let what = if symbol == *axis {
                    format!("the file leaves the {axis} of the picture open")
                } else {
                    format!("the file leaves the {axis} of the picture open: it is called `{symbol}`")
                };
                Problem::new("E070", "", what, "say what it is, or export the model with a fixed size")
            }
            Self::Output { names } => {
                let shown: Vec<String> =
                    names.iter().take(8).map(|name| format!("`{}`", crate::formats::clipped(name))).collect();
                let what = format!(
                    "the model has {} outputs ({}), but Offcut plans networks with one",
                    names.len(),
                    shown.join(", ")
                );
                Problem::new("E071", "", what, "choose one of them; what only the others need is left out")
            }
        }
    }
}

/// A problem of a whole file.
fn problem(code: &'static str, what: impl Into<String>, remedy: impl Into<String>) -> Problems {
    Problem::new(code, "", what, remedy).into()
}

/// Reads a file of any kind that Offcut knows; the name is used for messages and as the network's name.
///
/// # Errors
/// All that is wrong with it, or what has to be asked first.
pub fn read(name: &str, source: &mut dyn Source, options: &Options) -> Result<Imported, Refusal> {
    let mut window = Window::of(source);
    match kind::of(name, &mut window)? {
        Kind::Onnx => onnx::read(window, name, options).map(|built| built.imported()),
        Kind::Json => json(&kind::text(&mut window)?, name, options),
        Kind::Svg => json(&svg::document(&kind::text(&mut window)?)?, name, options),
        Kind::Table => Ok(Imported::Measured(measured::read(&kind::text(&mut window)?)?)),
    }
}

impl Built {
    fn imported(self) -> Imported {
        let Self { network, notes } = self;
        let text = ModelFile::of(&network).to_text();
        Imported::Model(Box::new(ImportedModel { text, network, notes }))
    }
}

/// A JSON document: whose it is, is told by words that no other has.
fn json(text: &str, name: &str, options: &Options) -> Result<Imported, Refusal> {
    if text.contains("\"offcut-plan/") {
        return Ok(Imported::Plan(text.to_owned()));
    }
    if text.contains("\"offcut-scenario/") {
        return Ok(Imported::Scenario(text.to_owned()));
    }
    if text.contains("\"offcut-figure/") {
        let tree = parse_tree(text);
        let link = tree.root.as_ref().and_then(|root| root.get("link")).and_then(|link| link.as_text());
        let fragment = link.and_then(|link| link.find("#/").map(|at| link[at..].to_owned()));
        return fragment.map(Imported::Link).ok_or_else(|| svg::missing().into());
    }
    if text.contains("\"class_name\"") && !text.contains("\"offcut-model/") {
        return keras::read(&parse_tree(text), name, options).map(Built::imported);
    }
    model(text)
}

fn model(text: &str) -> Result<Imported, Refusal> {
    let reading = read_model_partly(text);
    match reading.network {
        Some(network) if reading.problems.is_empty() => {
            Ok(Imported::Model(Box::new(ImportedModel { text: text.to_owned(), network, notes: Vec::new() })))
        }
        partial => Err(Refusal {
            problems: Problems(reading.problems),
            asks: Vec::new(),
            partial: partial.map(Box::new),
            text: Some(text.to_owned()),
        }),
    }
}
