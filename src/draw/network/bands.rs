//! Which stages have a band of their own, what it shows, and where it lies.

use super::boxes::Boxes;
use super::inside::Inside;
use super::{HEAD, View};
use crate::job::{End, Graph, Inner, Repeat};
use crate::network::Network;

/// What a band shows of its stages.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    /// One tensor.
    Plain,
    /// Tensors and edges between them.
    Inside(Inside),
    /// Too much to draw: only how many layers it has.
    Closed,
    /// Several stages one after the other.
    Chain,
}

/// A band: the stages that it stands for, of which it draws the last.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Band {
    /// The first stage it stands for.
    pub first: usize,
    /// The stage drawn.
    pub shown: usize,
    /// From one stage that it stands for to the next.
    pub every: usize,
    /// What it shows.
    pub content: Content,
    /// Upper edge.
    pub y: f64,
    /// Height.
    pub height: f64,
    /// Where the tensor that leaves the band before has its lower edge.
    pub from: f64,
}

/// A bracket beside bands that are drawn once for several units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bracket {
    /// Positions of the first band and of the one behind the last.
    pub bands: (usize, usize),
    /// The first stage that repeats.
    pub first_stage: usize,
    /// How many units there are.
    pub times: usize,
}

/// All bands, from top to bottom.
pub(super) struct Bands {
    pub bands: Vec<Band>,
    pub brackets: Vec<Bracket>,
    /// Where the last one ends.
    pub end: f64,
    /// Lower edge of the last tensor.
    pub last: f64,
}

/// What a drawing holds at most, folded and unfolded: more is neither read nor scrolled through.
const MOST_BOXES: [usize; 2] = [240, 1600];
const MOST_BANDS: usize = 240;
/// The fewest stages that are drawn as a chain.
const CHAIN: usize = 3;
/// Height of a band with one tensor.
pub(super) const PLAIN: f64 = 30.0;
const GAP: f64 = 8.0;

impl Bands {
    pub fn new(network: &Network, graph: &Graph, view: View) -> Self {
        let most = MOST_BOXES[usize::from(view.unfolded)];
        let mut bands = Self { bands: Vec::new(), brackets: Vec::new(), end: 0.0, last: 0.0 };
        bands.open(graph, view.unfolded);
        if bands.boxes() > most && !view.unfolded {
            bands.chain(|a, b| network.boundary(a + 1).area() == network.boundary(b + 1).area());
        }
        if bands.boxes() > most {
            for band in &mut bands.bands {
                if matches!(band.content, Content::Inside(_)) {
                    band.content = Content::Closed;
                }
            }
        }
        if bands.bands.len() > MOST_BANDS.max(if view.unfolded { most } else { 0 }) {
            bands.shorten(if view.unfolded { most } else { MOST_BANDS });
        }
        bands.place();
        bands
    }

    /// A band a stage, but one a stage of each unit where units repeat.
    fn open(&mut self, graph: &Graph, unfolded: bool) {
        let mut stage = 0;
        while let Some(inner) = graph.stages.get(stage) {
            let repeat = graph.repeats.iter().find(|repeat| repeat.first == stage && !unfolded);
            let Some(&Repeat { first, period, times }) = repeat else {
                self.push(stage, stage, 1, inner, unfolded);
                stage += 1;
                continue;
            };
            let start = self.bands.len();
            for of in 0..period {
                let shown = first + period * (times - 1) + of;
                if let Some(inner) = graph.stages.get(shown) {
                    self.push(first + of, shown, period, inner, unfolded);
                }
            }
            self.brackets.push(Bracket { bands: (start, self.bands.len()), first_stage: first, times });
            stage += period * times;
        }
    }

    fn push(&mut self, first: usize, shown: usize, every: usize, inner: &Inner, unfolded: bool) {
        let content = if inner.nodes.is_empty() && inner.join.is_none() && inner.edges == [(End::Entry, End::Exit)] {
            Content::Plain
        } else {
            Boxes::new(inner, unfolded).and_then(Inside::new).map_or(Content::Closed, Content::Inside)
        };
        self.bands.push(Band { first, shown, every, content, y: 0.0, height: 0.0, from: 0.0 });
    }

    /// Tensors drawn.
    fn boxes(&self) -> usize {
        let boxes = |band: &Band| if let Content::Inside(inside) = &band.content { inside.boxes.len() } else { 1 };
        self.bands.iter().map(boxes).sum()
    }

    /// Makes one band of neighbours with one tensor each that belong together and to no unit that repeats.
    fn chain(&mut self, together: impl Fn(usize, usize) -> bool) {
        let before = std::mem::take(&mut self.bands);
        let in_unit = |at: usize| self.brackets.iter().any(|bracket| (bracket.bands.0..bracket.bands.1).contains(&at));
        let mut moved = Vec::with_capacity(before.len() + 1);
        let mut at = 0;
        while at < before.len() {
            let joins = |next: usize| {
                before[next].content == Content::Plain
                    && !in_unit(next)
                    && together(before[at].shown, before[next].shown)
            };
            let run = (at..before.len()).take_while(|&next| joins(next)).count();
            let count = if run >= CHAIN { run } else { 1 };
            moved.extend(vec![self.bands.len(); count]);
            self.bands.push(merged(&before[at..at + count]));
            at += count;
        }
        moved.push(self.bands.len());
        for bracket in &mut self.brackets {
            bracket.bands = (moved[bracket.bands.0], moved[bracket.bands.1]);
        }
    }

    /// Makes so few bands of neighbours that they can be drawn, whatever they are.
    fn shorten(&mut self, most: usize) {
        let each = self.bands.len().div_ceil(most);
        self.bands = self.bands.chunks(each).map(merged).collect();
        self.brackets.clear();
    }

    fn place(&mut self) {
        let (mut y, mut from) = (HEAD, 20.0);
        for band in &mut self.bands {
            (band.y, band.from) = (y, from);
            let exit = match &band.content {
                Content::Inside(inside) => {
                    band.height = inside.height;
                    inside.exit_end()
                }
                _ => {
                    band.height = PLAIN;
                    (PLAIN + super::inside::BOX) / 2.0
                }
            };
            from = y + exit;
            y += band.height + GAP;
        }
        (self.end, self.last) = (y - GAP, from);
    }
}

/// One band for several.
fn merged(bands: &[Band]) -> Band {
    let (first, last) = (&bands[0], &bands[bands.len() - 1]);
    match bands {
        [only] => only.clone(),
        _ => Band { first: first.first, every: 1, content: Content::Chain, ..last.clone() },
    }
}
