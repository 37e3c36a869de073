//! The sheet: all that the page shows of one situation, made in the worker, so that the page stays
//! light. And the messages between the two.
//!
//! Entry points: [`Sheet`], [`protocol::respond`]. Must not know the browser.

pub mod protocol;
pub mod task;

use crate::base::Decimal;
use crate::draw::{self, units};
use crate::formats::Method;
use crate::job::Answer;
use serde::{Deserialize, Serialize};

/// Numbers that the page carries in `data-*` attributes, so that anybody can compare.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Numbers {
    /// The plan's makespan.
    pub makespan_ns: u64,
    /// NFL's.
    pub nfl_ns: u64,
    /// Device only.
    pub device_only_ns: u64,
    /// Server only.
    pub server_only_ns: u64,
    /// MW's.
    pub mw_ns: u64,
    /// No plan of the space is faster.
    pub lower_bound_ns: u64,
    /// Plans evaluated for it.
    pub evaluations: u64,
    /// The seed.
    pub seed: u64,
    /// The method's id.
    pub method: String,
}

/// Texts and figures of one answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// The numbers.
    pub numbers: Numbers,
    /// The network in a line.
    pub network: String,
    /// The makespan's number and unit.
    pub makespan: [String; 2],
    /// How many times faster than NFL, device only and server only.
    pub times: [String; 3],
    /// How close to the best, and what that is.
    pub proof: [String; 2],
    /// Why this is the time.
    pub why: String,
    /// A warning where the device's memory does not suffice.
    pub memory: String,
    /// The path to point out where nobody points at one.
    pub shown: usize,
    /// The fusion diagram.
    pub fusion: String,
    /// By path: the regions that it needs, to lay over the diagram.
    pub needs: Vec<String>,
    /// By path: what the diagram shows, in words.
    pub captions: Vec<String>,
    /// The assignment diagram.
    pub assignment: String,
    /// The timeline, and whose it is.
    pub timeline: [String; 2],
    /// The comparison, and what its bounds say.
    pub comparison: [String; 2],
    /// The search's curve, and what it shows.
    pub convergence: [String; 2],
}

impl Sheet {
    /// Draws an answer.
    pub fn new(answer: &Answer) -> Self {
        let shown = draw::shown_path(answer);
        let paths = 0..answer.paths.len();
        let of = |method| answer.makespan_of(method).unwrap_or(0);
        let times = |method| format!("{}×", Decimal::new(of(method) as f64 / answer.makespan_ns.max(1) as f64, 2));
        let (number, unit) = units::time_parts(answer.makespan_ns);
        Self {
            numbers: Numbers {
                makespan_ns: answer.makespan_ns,
                nfl_ns: of(Method::Nfl),
                device_only_ns: of(Method::DeviceOnly),
                server_only_ns: of(Method::ServerOnly),
                mw_ns: of(Method::Mw),
                lower_bound_ns: answer.lower_bound_ns,
                evaluations: answer.evaluations,
                seed: answer.seed,
                method: answer.method.id().to_owned(),
            },
            network: format!(
                "{}MAC · {} weights · {} stages. ",
                units::count(answer.macs),
                units::count(answer.parameters),
                answer.maps.len() - 1
            ),
            makespan: [number, unit.to_owned()],
            times: [times(Method::Nfl), times(Method::DeviceOnly), times(Method::ServerOnly)],
            proof: proof(answer),
            why: draw::explain::sentences(answer),
            memory: memory(answer),
            shown,
            fusion: draw::fusion::svg(answer, shown),
            needs: paths.clone().map(|path| draw::fusion::needs(answer, path)).collect(),
            captions: paths.map(|path| draw::fusion::caption(answer, path)).collect(),
            assignment: draw::assignment::svg(answer),
            timeline: [
                draw::timeline::svg(answer),
                format!("plan of {} and, below, NFL", draw::method_name(answer.method)),
            ],
            comparison: [draw::comparison::svg(answer), ceiling(answer)],
            convergence: [draw::convergence::svg(answer), draw::convergence::caption(answer)],
        }
    }
}

fn proof(answer: &Answer) -> [String; 2] {
    if answer.proven_optimal {
        return ["0.00 %".to_owned(), "proven best".to_owned()];
    }
    let gap = answer.makespan_ns as f64 / answer.lower_bound_ns.max(1) as f64 - 1.0;
    [format!("≤ {} %", units::three(100.0 * gap)), "from the best, at most".to_owned()]
}

fn memory(answer: &Answer) -> String {
    match answer.device_memory_limit {
        Some(limit) if answer.device_memory_bytes > limit => format!(
            " It needs {} of memory on the device, which has {}.",
            units::bytes(answer.device_memory_bytes),
            units::bytes(limit)
        ),
        _ => String::new(),
    }
}

fn ceiling(answer: &Answer) -> String {
    match answer.ceiling {
        Some(most) => format!("inference time; fusing gains at most {most}× over NFL here"),
        None => "inference time; the fluid bound does not apply to this network".to_owned(),
    }
}
