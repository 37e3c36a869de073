//! The graph of a network: its stages from top to bottom as bands, in each its tensors with their branches and joins,
//! what repeats drawn once.

mod bands;
mod boxes;
mod inside;
mod paint;
mod routes;
mod words;

pub use words::caption;

use super::svg::{open, text, wrapped};
use crate::job::Graph;
use crate::network::Network;
use bands::Bands;

/// How a network is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct View<'a> {
    /// Whether what repeats is drawn as often as it is there. Very large networks stay folded where nobody could read
    /// them otherwise.
    pub unfolded: bool,
    /// What follows the last layer of a network that could be read in part only.
    pub cut: Option<&'a str>,
}

/// Width of every drawing.
pub const WIDTH: f64 = 420.0;
/// Where bands begin and end.
const LEFT: f64 = 6.0;
const RIGHT: f64 = 386.0;
/// What leads from stage to stage.
const MIDDLE: f64 = (LEFT + RIGHT) / 2.0;
const HEAD: f64 = 34.0;
const LINE: f64 = 14.0;
/// Letters in a line of the note behind a cut.
const LETTERS: usize = 58;

/// The whole graph.
pub fn svg(network: &Network, graph: &Graph, view: View) -> String {
    let bands = Bands::new(network, graph, view);
    let note = view.cut.map_or(Vec::new(), |cut| wrapped(cut, LETTERS));
    let foot = bands.end + if note.is_empty() { 34.0 } else { 24.0 + LINE * note.len() as f64 };
    let mut svg = open(WIDTH, foot, WIDTH, &format!("Graph of {}", network.name()));
    svg += concat!(
        r#"<defs><marker id="tip" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6" "#,
        r#"orient="auto"><path class="arrow-head" d="M0 0L6 3L0 6z"/></marker></defs>"#
    );
    svg += &text(MIDDLE, 16.0, "label middle ink", &format!("input {}", network.input()));
    svg += &bands.bands.iter().map(|band| paint::band(network, graph, band)).collect::<String>();
    svg += &bands.brackets.iter().map(|bracket| paint::bracket(&bands, bracket)).collect::<String>();
    svg += &paint::foot(&bands, &note);
    svg + "</svg>"
}
