//! A model document becomes a network: every layer that cannot be is told of, and what depends on it is not.

use super::model::InputFile;
use super::model_ops::{op_from_file, op_problems};
use super::problem::{MAX_PROBLEMS, Problem, clipped, nearest};
use super::{LayerFile, ModelFile};
use crate::base::{Nanos, order};
use crate::network::{Builder, MAX_LAYERS, MAX_NAME, Measured, Network, NetworkError, Problem as Cause, Shape, Source};

/// What became of a model document.
pub(super) struct Assembled {
    /// The network, or the longest part of it before the first bad layer that is one.
    pub network: Option<Network>,
    /// By pointer only; a text's reader adds places.
    pub problems: Vec<Problem>,
}

/// Builds the network of a document; `broken` says of which layers a field could not be read.
pub(super) fn assemble(file: &ModelFile, broken: &[bool]) -> Assembled {
    let InputFile { channels, height, width } = file.input;
    let builder = Builder::new(&file.name, Shape::new(channels, height, width));
    let mut problems = Vec::new();
    if let Err(error) = &builder {
        problems.push(problem("/input", error));
    }
    let count = file.layers.len().min(MAX_LAYERS);
    let names = Names::of(&file.layers[..count]);
    let mut assembly = Assembly {
        file,
        names,
        broken,
        builder: builder.ok(),
        built: Vec::with_capacity(count),
        consumed: vec![false; count],
        sound: None,
        all_found: true,
        problems,
    };
    for index in 0..count {
        assembly.layer(index);
        if assembly.problems.len() >= MAX_PROBLEMS {
            break;
        }
    }
    assembly.end()
}

/// Layers sorted by their names.
struct Names<'a> {
    layers: &'a [LayerFile],
    sorted: Vec<usize>,
}

impl<'a> Names<'a> {
    fn of(layers: &'a [LayerFile]) -> Self {
        Self { layers, sorted: order(layers.len(), &|a, b| layers[a].name.cmp(&layers[b].name)) }
    }

    /// The first layer of that name.
    fn first(&self, name: &str) -> Option<usize> {
        let at = self.sorted.partition_point(|&layer| self.layers[layer].name.as_str() < name);
        self.sorted.get(at).copied().filter(|&layer| self.layers[layer].name == name)
    }
}

/// What is known of a layer's output.
#[derive(Clone, Copy)]
enum Output {
    Known(Source),
    /// Of a bad layer, or of one that depends on it.
    Unknown,
}

struct Assembly<'a> {
    file: &'a ModelFile,
    names: Names<'a>,
    broken: &'a [bool],
    builder: Option<Builder>,
    built: Vec<Output>,
    consumed: Vec<bool>,
    /// Layers in the builder when the first bad one was met.
    sound: Option<usize>,
    /// Whether each name among the inputs was found: else who consumes what is not known.
    all_found: bool,
    problems: Vec<Problem>,
}

impl Assembly<'_> {
    fn layer(&mut self, index: usize) {
        let layer = &self.file.layers[index];
        let pointer = format!("/layers/{index}");
        let before = self.problems.len();
        let broken = self.broken.get(index).copied().unwrap_or(false);
        self.name(index, &pointer, broken);
        if !layer.op.is_empty() || !broken {
            op_problems(layer, &pointer, broken, &mut self.problems);
        }
        let inputs = self.inputs(index, &pointer);
        let is_bad = broken || self.problems.len() > before;
        let output = match (inputs, is_bad) {
            (Some(inputs), false) => self.build(index, &pointer, &inputs),
            _ => None,
        };
        if output.is_none() && self.sound.is_none() {
            self.sound = Some(self.builder.as_ref().map_or(0, Builder::len));
        }
        self.built.push(output.map_or(Output::Unknown, Output::Known));
    }

    fn name(&mut self, index: usize, pointer: &str, broken: bool) {
        let name = &self.file.layers[index].name;
        if (name.is_empty() && !broken) || name.chars().nth(MAX_NAME).is_some() || name == "input" {
            let what = match name.as_str() {
                "" => "the name is empty".to_owned(),
                "input" => "`input` is the network's input, and no layer's name".to_owned(),
                _ => format!("the name `{}` has more than {MAX_NAME} characters", clipped(name)),
            };
            self.problems.push(Problem::new("E022", format!("{pointer}/name"), what, "choose another"));
        } else if !name.is_empty() && self.names.first(name).is_some_and(|first| first < index) {
            let what = format!("an earlier layer is called `{}` already", clipped(name));
            let free = (2..).map(|number: u32| format!("{name}_{number}"));
            let free = free.take(100).find(|free| self.names.first(free).is_none());
            let problem = Problem::new("E023", format!("{pointer}/name"), what, "rename one of them");
            self.problems.push(problem.or_rather(free.filter(|free| free.len() <= MAX_NAME)));
        }
    }

    /// The layer's inputs; none where one of them is not known, whether or not that is this layer's fault.
    fn inputs(&mut self, index: usize, pointer: &str) -> Option<Vec<Source>> {
        let Some(names) = &self.file.layers[index].inputs else {
            let Some(previous) = index.checked_sub(1) else { return Some(vec![Source::Input]) };
            self.consumed[previous] = true;
            return match self.built[previous] {
                Output::Known(source) => Some(vec![source]),
                Output::Unknown => None,
            };
        };
        let mut inputs = Some(Vec::new());
        for (at, name) in names.iter().enumerate() {
            let source = self.input(index, name, &format!("{pointer}/inputs/{at}"));
            inputs = inputs.zip(source).map(|(mut all, source)| {
                all.push(source);
                all
            });
        }
        inputs
    }

    fn input(&mut self, index: usize, name: &str, pointer: &str) -> Option<Source> {
        if name == "input" {
            return Some(Source::Input);
        }
        match self.names.first(name) {
            Some(first) if first < index => {
                self.consumed[first] = true;
                match self.built[first] {
                    Output::Known(source) => Some(source),
                    Output::Unknown => None,
                }
            }
            Some(first) => {
                self.consumed[first] = true;
                let what = if first == index {
                    format!("`{}` is this layer itself, but inputs come earlier in the list", clipped(name))
                } else {
                    format!("`{}` is listed behind this layer, but inputs come earlier in the list", clipped(name))
                };
                let remedy = if first == index {
                    "name another layer to break the cycle"
                } else {
                    "move it up, or break the cycle"
                };
                self.problems.push(Problem::new("E015", pointer, what, remedy));
                None
            }
            None => {
                self.all_found = false;
                // A name that could not be read is empty, and told of already.
                if !name.is_empty() || !self.broken.get(index).copied().unwrap_or(false) {
                    let known = self.file.layers[..index].iter().map(|layer| layer.name.as_str()).chain(["input"]);
                    let what = format!("no layer is called `{}`", clipped(name));
                    let remedy = "name an earlier layer or `input`";
                    self.problems.push(Problem::new("E014", pointer, what, remedy).or_rather(nearest(name, known)));
                }
                None
            }
        }
    }

    fn build(&mut self, index: usize, pointer: &str, inputs: &[Source]) -> Option<Source> {
        let layer = &self.file.layers[index];
        let measured = match measured(layer) {
            Ok(measured) => measured,
            Err(field) => {
                let what = "the time is outside 0 to 10000000 ms";
                let remedy = "choose a value in that range";
                self.problems.push(Problem::new("E019", format!("{pointer}{field}"), what, remedy));
                return None;
            }
        };
        let op = match op_from_file(layer) {
            Ok(op) => op,
            Err(error) => {
                self.problems.push(Problem::said("E019", format!("{pointer}{}", error.pointer), &error.what));
                return None;
            }
        };
        match self.builder.as_mut()?.measured_layer(&layer.name, op, inputs, measured) {
            Ok(source) => Some(source),
            Err(error) => {
                self.problems.push(problem(pointer, &error));
                None
            }
        }
    }

    fn end(mut self) -> Assembled {
        if self.file.layers.len() > MAX_LAYERS {
            self.problems.push(said(&format!("/layers/{MAX_LAYERS}"), &Cause::TooManyLayers));
        }
        self.outputs();
        let Some(builder) = self.builder else { return Assembled { network: None, problems: self.problems } };
        if !self.problems.is_empty() || self.sound.is_some() {
            let sound = self.sound.unwrap_or(usize::MAX);
            return Assembled { network: builder.finish_longest(sound), problems: self.problems };
        }
        match builder.finish() {
            Ok(network) => Assembled { network: Some(network), problems: self.problems },
            Err(error) => {
                self.problems.push(problem("/layers", &error));
                Assembled { network: None, problems: self.problems }
            }
        }
    }

    /// Tells of every output but the first. A layer that could not be read may be whose input is missing.
    fn outputs(&mut self) {
        let complete = self.built.len() == self.file.layers.len();
        if !self.all_found || !complete || self.broken.iter().any(|&broken| broken) {
            return;
        }
        let mut outputs = (0..self.built.len()).filter(|&layer| !self.consumed[layer]);
        let Some(first) = outputs.next() else { return };
        let other = clipped(&self.file.layers[first].name);
        for index in outputs {
            let cause = Cause::SecondOutput { other: other.clone() };
            self.problems.push(named(&format!("/layers/{index}"), &self.file.layers[index].name, &cause));
        }
    }
}

/// Times to the nanosecond. The range is told without printing the float: that would weigh more than this module.
fn measured(layer: &LayerFile) -> Result<Measured, &'static str> {
    let file = layer.measured_ms.unwrap_or_default();
    let time = |field: &'static str, ms: Option<f64>| match ms {
        Some(ms) if !(0.0..=1e7).contains(&ms) => Err(field),
        ms => Ok(ms.map(|ms| Nanos((ms * 1e6).round() as u64))),
    };
    Ok(Measured {
        device: time("/measured_ms/device", file.device)?,
        server: time("/measured_ms/server", file.server)?,
    })
}

fn problem(pointer: &str, error: &NetworkError) -> Problem {
    match &error.layer {
        Some((_, name)) => named(pointer, name, &error.problem),
        None => said(pointer, &error.problem),
    }
}

fn named(pointer: &str, name: &str, cause: &Cause) -> Problem {
    Problem::said(code(cause), pointer, &format!("layer `{}`: {cause}", clipped(name)))
}

fn said(pointer: &str, cause: &Cause) -> Problem {
    Problem::said(code(cause), pointer, &cause.to_string())
}

/// The code of a cause; codes are never given to anything else.
fn code(cause: &Cause) -> &'static str {
    match cause {
        Cause::NoLayers => "E020",
        Cause::TooManyLayers => "E021",
        Cause::BadName => "E022",
        Cause::DuplicateName => "E023",
        Cause::NoInputs => "E024",
        Cause::InputCount { .. } => "E025",
        Cause::Parameter { .. } => "E026",
        Cause::Groups { .. } => "E027",
        Cause::WindowTooLarge { .. } => "E028",
        Cause::ShapeMismatch { .. } => "E029",
        Cause::Dimension { .. } => "E030",
        Cause::TooMuchWork => "E031",
        Cause::SecondOutput { .. } => "E032",
    }
}
