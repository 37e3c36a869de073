//! The plan at one moment: what is done, computed, in flight and waiting, as data, as the changes that
//! a page has to apply, and in words.

use super::{units, words};
use crate::formats::OperationFile;
use crate::job::{Anatomy, Answer};
use crate::schedule::Gap;

/// What has become of one stage of one path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not begun.
    Waiting,
    /// Under way between device and server: what the first stage on the server reads, or what the last
    /// stage on the device made where all of the path's stages are there.
    InFlight,
    /// Being computed.
    Computing,
    /// Computed.
    Done,
}

impl State {
    /// Its id, as in `data-state`.
    pub fn id(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::InFlight => "in-flight",
            State::Computing => "computing",
            State::Done => "done",
        }
    }
}

/// A slot at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaneNow {
    /// The operation that runs, as a position in the answer's operations.
    pub operation: Option<usize>,
    /// The gap that it idles in, as a position in the anatomy's gaps.
    pub gap: Option<usize>,
}

/// All paths and slots at one moment. An operation runs from its start up to, but not at, its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// When.
    pub ns: u64,
    /// By path, by its stages.
    pub states: Vec<Vec<State>>,
    /// Operations running and gaps open, lanes in no order of theirs: operations first.
    pub lanes: Vec<LaneNow>,
    /// Paths all of whose operations have ended.
    pub finished: usize,
}

/// The plan at a time.
pub fn at(answer: &Answer, anatomy: &Anatomy, ns: u64) -> Moment {
    let runs = |op: &OperationFile| op.start_ns <= ns && ns < op.end_ns;
    let mut states: Vec<Vec<State>> = Vec::with_capacity(answer.paths.len());
    for stages in &anatomy.stages {
        let state = |&(start, end): &(u64, u64)| match (start <= ns, end <= ns) {
            (true, true) => State::Done,
            (true, false) => State::Computing,
            _ => State::Waiting,
        };
        states.push(stages.iter().map(state).collect());
    }
    for op in answer.operations.iter().filter(|op| op.resource == "uplink" && runs(op)) {
        let Some(stages) = states.get_mut(op.path) else { continue };
        let at = answer.paths[op.path].cut.min(stages.len().saturating_sub(1));
        if let Some(state) = stages.get_mut(at) {
            *state = State::InFlight;
        }
    }
    let running = (0..answer.operations.len()).filter(|&at| runs(&answer.operations[at]));
    let idle = (0..anatomy.gaps.len()).filter(|&at| (anatomy.gaps[at].start.0..anatomy.gaps[at].end.0).contains(&ns));
    let lanes = running.map(|at| LaneNow { operation: Some(at), gap: None });
    let lanes = lanes.chain(idle.map(|at| LaneNow { operation: None, gap: Some(at) })).collect();
    let mut finished = vec![true; answer.paths.len()];
    for op in answer.operations.iter().filter(|op| op.end_ns > ns) {
        finished[op.path] = false;
    }
    let finished = finished.into_iter().filter(|finished| *finished).count();
    Moment { ns, states, lanes, finished }
}

/// Path, stage of the network and new state of all that differs from another moment; with none before,
/// of all there is.
pub fn changes(answer: &Answer, before: Option<&Moment>, after: &Moment) -> Vec<(usize, usize, State)> {
    let mut changes = Vec::new();
    for (path, states) in after.states.iter().enumerate() {
        for (offset, &state) in states.iter().enumerate() {
            let old = before.and_then(|moment| moment.states.get(path)?.get(offset));
            if old != Some(&state) {
                changes.push((path, answer.paths[path].first + offset, state));
            }
        }
    }
    changes
}

/// The moment in words: what every slot does, and how many paths are finished.
pub fn sentence(answer: &Answer, anatomy: &Anatomy, moment: &Moment) -> String {
    let mut clauses: Vec<String> = Vec::new();
    for lane in &moment.lanes {
        if let Some(op) = lane.operation.and_then(|at| answer.operations.get(at)) {
            clauses.push(works(answer, moment, op));
        } else if let Some(gap) = lane.gap.and_then(|at| anatomy.gaps.get(at)) {
            clauses.push(format!("the {} {}", slot_name(answer, gap), words::reason(answer, gap.reason)));
        }
    }
    let (done, all) = (moment.finished, answer.paths.len());
    let count = match (done == all, all) {
        (true, _) => "everything is done".to_owned(),
        (false, 1) => "nothing is finished yet".to_owned(),
        _ => format!("{done} of {all} paths are finished"),
    };
    clauses.push(count);
    format!("At {}: {}.", units::time(moment.ns), clauses.join("; "))
}

fn works(answer: &Answer, moment: &Moment, op: &OperationFile) -> String {
    let name = words::noun(answer, op.path);
    if op.resource == "uplink" || op.resource == "downlink" {
        let bytes = op.bytes.map_or(String::new(), |bytes| format!(" ({})", units::bytes(bytes)));
        return format!("the {} carries {name}{bytes}", op.resource);
    }
    let states = moment.states.get(op.path);
    let stage = states.and_then(|states| states.iter().position(|&state| state == State::Computing));
    let label = stage.and_then(|at| answer.maps.get(answer.paths[op.path].first + at + 1));
    let part = label.map_or(String::new(), |map| format!(", {}", map.label));
    format!("the {} computes {name}{part}", op.resource)
}

/// What people call the slot of a gap.
pub fn slot_name(answer: &Answer, gap: &Gap) -> String {
    let resource = gap.resource.name();
    let slots = match resource {
        "device" => answer.slots[0],
        "server" => answer.slots[1],
        _ => 1,
    };
    if slots > 1 { format!("{resource} {}", gap.slot + 1) } else { resource.to_owned() }
}
