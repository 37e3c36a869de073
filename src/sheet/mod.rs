//! The sheet: all that the page shows of one situation, made in the worker, so that the page stays
//! light. And the messages between the two.
//!
//! Entry points: [`Sheet`], [`protocol::respond`]. Must not know the browser.

pub mod protocol;
pub mod task;

use crate::base::Decimal;
use crate::draw::{self, escaped, units};
use crate::formats::Method;
use crate::job::{Answer, Searched, Task};
use crate::network::Network;
use crate::parcel;
use crate::situation::Situation;

/// Which text of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// The network in a line.
    Network,
    /// The answer, as markup.
    Answer,
    /// The fusion diagram.
    Fusion,
    /// What it shows.
    FusionNote,
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
    /// What it shows.
    SearchNote,
}

/// Number of texts.
const TEXTS: usize = Text::SearchNote as usize + 1;

/// Texts and figures of one answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// By [`Text`].
    texts: Vec<String>,
    /// Names of the numbers that the page carries as `data-` attributes, so that anybody can compare.
    pub names: Vec<String>,
    /// Their values.
    pub values: Vec<String>,
    /// All that the search found, as texts, for whoever draws more than the first figures.
    pub record: Vec<String>,
}

impl Sheet {
    /// Draws an answer.
    pub fn new(answer: &Answer) -> Self {
        let shown = draw::shown_path(answer);
        let mut sheet = Self { texts: vec![String::new(); TEXTS], ..Self::default() };
        for (name, value) in numbers(answer) {
            sheet.names.push(name.to_owned());
            sheet.values.push(value);
        }
        for (text, content) in [
            (Text::Network, network(answer)),
            (Text::Answer, markup(answer)),
            (Text::Fusion, draw::fusion::svg(answer, shown)),
            (Text::FusionNote, draw::fusion::caption(answer, shown)),
            (Text::Assignment, draw::assignment::svg(answer)),
            (Text::AssignmentNote, "paths in order × stages".to_owned()),
            (Text::Timeline, draw::timeline::svg(answer)),
            (Text::TimelineNote, format!("plan of {} and, below, NFL", draw::method_name(answer.method))),
            (Text::Comparison, draw::comparison::svg(answer)),
            (Text::SearchNote, draw::convergence::caption(answer)),
        ] {
            sheet.texts[text as usize] = content;
        }
        sheet
    }

    /// Carries one more number.
    pub fn carry(&mut self, name: &str, value: u64) {
        self.names.push(name.to_owned());
        self.values.push(value.to_string());
    }

    /// One of its texts.
    pub fn text(&self, text: Text) -> &str {
        self.texts.get(text as usize).map_or("", String::as_str)
    }
}

/// A record whose network comes with it, whatever the link says.
pub fn with_network(record: &str, network: &Network) -> String {
    let mut lines = record.splitn(3, '\n');
    let (link, _, search) = (lines.next().unwrap_or(""), lines.next(), lines.next().unwrap_or(""));
    [link, &parcel::write(network), search].join("\n")
}

/// What a record says: the link, the task that it stands for, and what the search found.
pub fn read_record(record: &str) -> Option<(String, Task, Searched)> {
    let mut lines = record.lines();
    let link = lines.next()?.to_owned();
    let situation = Situation::from_fragment(&link).ok()?;
    let task = task::task(&situation, lines.next()?).ok()?;
    let lines: Vec<String> = lines.map(str::to_owned).collect();
    let searched = Searched::from_texts(&task.network, &lines).ok()?;
    Some((link, task, searched))
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

/// The number that everything is about, as markup.
pub fn makespan(ns: u64) -> String {
    let (number, unit) = units::time_parts(ns);
    format!("<strong>{number}</strong> <span>{unit}</span>")
}

/// The makespan, how it compares, and why.
fn markup(answer: &Answer) -> String {
    let mut html = ["<p class=\"makespan\">", &makespan(answer.makespan_ns), "</p>"].concat();
    for (method, label) in [
        (Method::Nfl, "faster than NFL"),
        (Method::DeviceOnly, "than device only"),
        (Method::ServerOnly, "than server only"),
    ] {
        let other = answer.makespan_of(method).unwrap_or(0);
        let times = Decimal::new(other as f64 / answer.makespan_ns.max(1) as f64, 2);
        html += &format!("<p class=\"times\"><strong>{times}×</strong><span>{label}</span></p>");
    }
    let [proof, note] = draw::proof::headline(answer.makespan_ns, answer.lower_bound_ns);
    html += &format!("<p class=\"times proof\"><strong>{proof}</strong><span>{note}</span></p>");
    let (why, memory) = (escaped(&draw::explain::sentences(answer)), memory(answer));
    html + &format!("<p class=\"why\">{why}<span class=\"warning\">{memory}</span></p>")
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
