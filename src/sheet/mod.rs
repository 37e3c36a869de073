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

/// Which text of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// The network in a line.
    Network,
    /// The makespan's number.
    Makespan,
    /// The makespan's unit.
    Unit,
    /// How many times faster than NFL.
    TimesNfl,
    /// How many times faster than device only.
    TimesDevice,
    /// How many times faster than server only.
    TimesServer,
    /// How close to the best.
    Proof,
    /// What that is.
    ProofNote,
    /// Why this is the time.
    Why,
    /// A warning where the device's memory does not suffice.
    Memory,
    /// The fusion diagram.
    Fusion,
    /// The assignment diagram.
    Assignment,
    /// What it shows.
    AssignmentNote,
    /// The timeline.
    Timeline,
    /// Whose it is.
    TimelineNote,
    /// The comparison.
    Comparison,
    /// What its bounds say.
    ComparisonNote,
    /// The search's curve.
    Search,
    /// What it shows.
    SearchNote,
    /// The path to point out where nobody points at one, as a number.
    Shown,
}

/// Number of texts.
const TEXTS: usize = Text::Shown as usize + 1;

/// Texts and figures of one answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// By [`Text`].
    texts: Vec<String>,
    /// By path: the regions that it needs, to lay over the fusion diagram.
    pub needs: Vec<String>,
    /// By path: what the fusion diagram shows, in words.
    pub captions: Vec<String>,
    /// Names of the numbers that the page carries as `data-` attributes, so that anybody can compare.
    pub names: Vec<String>,
    /// Their values.
    pub values: Vec<String>,
}

impl Sheet {
    /// Draws an answer.
    pub fn new(answer: &Answer) -> Self {
        let shown = draw::shown_path(answer);
        let paths = 0..answer.paths.len();
        let mut sheet = Self {
            texts: vec![String::new(); TEXTS],
            needs: paths.clone().map(|path| draw::fusion::needs(answer, path)).collect(),
            captions: paths.map(|path| draw::fusion::caption(answer, path)).collect(),
            ..Self::default()
        };
        for (name, value) in numbers(answer) {
            sheet.names.push(name.to_owned());
            sheet.values.push(value);
        }
        let (number, unit) = units::time_parts(answer.makespan_ns);
        let [proof, proof_note] = proof(answer);
        for (text, content) in [
            (Text::Network, network(answer)),
            (Text::Makespan, number),
            (Text::Unit, unit.to_owned()),
            (Text::TimesNfl, times(answer, Method::Nfl)),
            (Text::TimesDevice, times(answer, Method::DeviceOnly)),
            (Text::TimesServer, times(answer, Method::ServerOnly)),
            (Text::Proof, proof),
            (Text::ProofNote, proof_note),
            (Text::Why, draw::explain::sentences(answer)),
            (Text::Memory, memory(answer)),
            (Text::Fusion, draw::fusion::svg(answer, shown)),
            (Text::Assignment, draw::assignment::svg(answer)),
            (Text::AssignmentNote, "paths in order × stages".to_owned()),
            (Text::Timeline, draw::timeline::svg(answer)),
            (Text::TimelineNote, format!("plan of {} and, below, NFL", draw::method_name(answer.method))),
            (Text::Comparison, draw::comparison::svg(answer)),
            (Text::ComparisonNote, ceiling(answer)),
            (Text::Search, draw::convergence::svg(answer)),
            (Text::SearchNote, draw::convergence::caption(answer)),
            (Text::Shown, shown.to_string()),
        ] {
            sheet.texts[text as usize] = content;
        }
        sheet
    }

    /// One of its texts.
    pub fn text(&self, text: Text) -> &str {
        self.texts.get(text as usize).map_or("", String::as_str)
    }

    /// The path to point out where nobody points at one.
    pub fn shown(&self) -> usize {
        self.text(Text::Shown).parse().unwrap_or(0)
    }
}

fn numbers(answer: &Answer) -> [(&'static str, String); 10] {
    let of = |method| answer.makespan_of(method).map_or_else(String::new, |ns| ns.to_string());
    [
        ("makespan-ns", answer.makespan_ns.to_string()),
        ("nfl-ns", of(Method::Nfl)),
        ("device-only-ns", of(Method::DeviceOnly)),
        ("server-only-ns", of(Method::ServerOnly)),
        ("mw-ns", of(Method::Mw)),
        ("exact-ns", of(Method::Exact)),
        ("lower-bound-ns", answer.lower_bound_ns.to_string()),
        ("evaluations", answer.evaluations.to_string()),
        ("seed", answer.seed.to_string()),
        ("method", answer.method.id().to_owned()),
    ]
}

fn network(answer: &Answer) -> String {
    let (macs, weights) = (units::count(answer.macs), units::count(answer.parameters));
    format!("{macs}MAC · {weights} weights · {} stages. ", answer.maps.len() - 1)
}

fn times(answer: &Answer, method: Method) -> String {
    let other = answer.makespan_of(method).unwrap_or(0);
    format!("{}×", Decimal::new(other as f64 / answer.makespan_ns.max(1) as f64, 2))
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
