//! The network that an import builds, and what its user has to know about it.

use crate::formats::{Problem, Problems};
use crate::import::problem;
use crate::network::{Builder, MAX_NAME, Network, Op, Shape, Source};

/// What an import noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// Something that the file leaves open was decided.
    Assumed,
    /// Something of the file is in no layer, for it costs nothing at inference.
    Folded,
    /// Layers that Offcut has no op for; their costs are known all the same.
    Approximated,
    /// Layers whose cost is not known and taken as zero until somebody gives it.
    UnknownCost,
}

/// A note, and the layers that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its kind.
    pub kind: NoteKind,
    /// What was noticed, for people.
    pub what: String,
    /// Names of the layers concerned.
    pub layers: Vec<String>,
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)?;
        if self.layers.is_empty() {
            return Ok(());
        }
        let shown: Vec<&str> = self.layers.iter().take(8).map(String::as_str).collect();
        write!(f, ": {}", shown.join(", "))?;
        match self.layers.len().saturating_sub(8) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// A network under construction.
pub(super) struct Draft {
    pub builder: Builder,
    pub notes: Vec<Note>,
}

impl Draft {
    pub(super) fn new(name: &str, input: Shape) -> Result<Self, Problems> {
        let builder = Builder::new(&tidy(name), input).map_err(|_| {
            let what = format!("the input is {input}, but every dimension must be 1 to 65536");
            problem("E030", what, "give another size")
        })?;
        Ok(Self { builder, notes: Vec::new() })
    }

    /// Adds a layer; its name is made unique.
    ///
    /// # Errors
    /// Why it cannot be, with the mend behind a semicolon.
    pub(super) fn add(&mut self, name: &str, op: Op, inputs: &[Source]) -> Result<Source, String> {
        let name = self.free(name);
        self.builder.layer(&name, op, inputs).map_err(|error| error.problem.to_string())
    }

    /// Adds a layer of another kind, with its cost.
    pub(super) fn custom(
        &mut self,
        name: &str,
        out: Shape,
        flops: u64,
        weights: u64,
        from: Source,
    ) -> Result<Source, String> {
        self.add(name, Op::Custom { out, flops, weight_bytes: weights.saturating_mul(4) }, &[from])
    }

    /// Notes something about the layer last added, or about none.
    pub(super) fn note(&mut self, kind: NoteKind, what: &str, layer: Option<Source>) {
        let name = layer.and_then(|source| self.builder.name(source)).map(str::to_owned);
        match self.notes.iter_mut().find(|note| note.what == what && note.kind == kind) {
            Some(note) => note.layers.extend(name),
            None => self.notes.push(Note { kind, what: what.to_owned(), layers: name.into_iter().collect() }),
        }
    }

    pub(super) fn shape(&self, source: Source) -> Shape {
        self.builder.shape(source)
    }

    pub(super) fn finish(self, output: Source) -> Result<(Network, Vec<Note>), Problems> {
        let network = self
            .builder
            .finish_with_output(output)
            .map_err(|error| Problems::from(Problem::said("E031", "", &error.to_string())))?;
        // Notes about layers that nobody needs are of no use.
        let has = |name: &String| network.layers().iter().any(|layer| layer.name == *name);
        let mut notes = self.notes;
        for note in &mut notes {
            let before = note.layers.len();
            note.layers.retain(has);
            if before > 0 && note.layers.is_empty() {
                note.what.clear();
            }
        }
        notes.retain(|note| !note.what.is_empty());
        Ok((network, notes))
    }

    /// The name, or the first that is free of those with a number behind it.
    fn free(&self, name: &str) -> String {
        let name = tidy(name);
        let name = if name.is_empty() || name == "input" { "layer".to_owned() } else { name };
        if self.builder.find(&name).is_none() {
            return name;
        }
        let mut number = 2_u32;
        loop {
            let end = format!("_{number}");
            let kept: String = name.chars().take(MAX_NAME - end.len()).collect();
            let free = kept + &end;
            if self.builder.find(&free).is_none() {
                return free;
            }
            number += 1;
        }
    }
}

/// A name of at most so many characters, on one line, as exporters' paths without their leading slash.
fn tidy(name: &str) -> String {
    let name = name.trim().trim_start_matches('/');
    name.chars().take(MAX_NAME).map(|c| if c.is_control() { '_' } else { c }).collect()
}
