//! Why this is the time, as sentences whose numbers say what they are of, so that a page can light it.
//!
//! [`super::explain`] is what the page says first; this is what it says once there is time to try
//! other rates.

use super::moment::slot_name;
use super::{escaped, explain, units, words};
use crate::base::Decimal;
use crate::job::{Anatomy, Answer, BreakEven, Proposal, Rate, Task, break_even, with_twice};
use crate::schedule::{Gap, Reason};

/// What a number is traced to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trace {
    /// All that a resource does: device, uplink, server or downlink.
    Lane(&'static str),
    /// One gap, by its position in the anatomy's gaps.
    Gap(usize),
    /// The operations of the critical path.
    Critical,
    /// Another value of a rate, in its own unit ([`Rate::value`]).
    Rate(Rate, u64),
}

impl Trace {
    /// Its value in `data-trace`: `lane:uplink`, `gap:3`, `critical`, `rate:uplink_mbps:31.2`.
    pub fn id(self) -> String {
        match self {
            Trace::Lane(resource) => format!("lane:{resource}"),
            Trace::Gap(index) => format!("gap:{index}"),
            Trace::Critical => "critical".to_owned(),
            Trace::Rate(rate, value) => format!("rate:{}:{}", field(rate), thousandths(value)),
        }
    }
}

/// A piece of the explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its words.
    pub text: String,
    /// What they are traced to, where they are a number.
    pub trace: Option<Trace>,
}

/// The explanation, piece by piece.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// In order.
    pub parts: Vec<Part>,
}

impl Why {
    fn say(&mut self, text: &str) {
        self.parts.push(Part { text: text.to_owned(), trace: None });
    }

    fn number(&mut self, text: String, trace: Trace) {
        self.parts.push(Part { text, trace: Some(trace) });
    }

    /// As text alone.
    pub fn plain(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect()
    }

    /// As markup: each number a link with `data-trace`.
    pub fn html(&self) -> String {
        let part = |part: &Part| match part.trace {
            None => escaped(&part.text),
            Some(trace) => {
                format!(r##"<a href="#" data-trace="{}">{}</a>"##, escaped(&trace.id()), escaped(&part.text))
            }
        };
        self.parts.iter().map(part).collect()
    }
}

/// What other rates would do to a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Help {
    /// The makespan with a rate twice as high, where it is shorter.
    pub twice: Vec<(Rate, u64)>,
    /// The nearest rates at which the plan would no longer beat a single cut.
    pub even: Vec<BreakEven>,
}

impl Help {
    /// Tries other rates: some hundred schedules. The rate whose break-even is looked for first is that
    /// of the resource that is busiest.
    pub fn of(task: &Task, answer: &Answer, plan: &Proposal) -> Self {
        let mut twice = Vec::new();
        for rate in Rate::ALL {
            let ns = with_twice(task, plan, rate).map_or(u64::MAX, |ns| ns.0);
            if ns < answer.makespan_ns {
                twice.push((rate, ns));
            }
        }
        let (binding, _) = busiest(answer);
        let first = Rate::ALL.into_iter().filter(|rate| resource(*rate) == binding);
        let rest = Rate::ALL.into_iter().filter(|rate| resource(*rate) != binding);
        let rates: Vec<Rate> = first.chain(rest).collect();
        let above = rates.iter().find_map(|&rate| break_even(task, plan, rate, true));
        let below = || rates.iter().find_map(|&rate| break_even(task, plan, rate, false));
        Self { twice, even: above.or_else(below).into_iter().collect() }
    }
}

/// The explanation: what sets the pace, what the plan does, who waits for what, what would help.
pub fn why(answer: &Answer, anatomy: &Anatomy, help: &Help) -> Why {
    let mut why = Why::default();
    pace(&mut why, answer, anatomy);
    why.say(" ");
    why.say(&plan(answer));
    waits(&mut why, answer, anatomy);
    helps(&mut why, answer, help);
    why
}

/// What the plan does: with several fused blocks, only how many tiles they have.
fn plan(answer: &Answer) -> String {
    let split = (0..answer.blocks.len()).filter(|&block| super::is_split(answer, block));
    let tiles = split.map(|block| answer.paths.iter().filter(|path| path.block == block).count().to_string());
    let tiles: Vec<String> = tiles.collect();
    match tiles.len() {
        0 | 1 => explain::split(answer),
        count => {
            let listed = tiles.iter().enumerate().map(|(index, tiles)| between(index, count).to_owned() + tiles);
            format!("{count} blocks of stages are cut, into {} tiles.", listed.collect::<String>())
        }
    }
}

/// What comes before one of so many in a sentence.
fn between(index: usize, count: usize) -> &'static str {
    match index {
        0 => "",
        last if last + 1 == count => " and ",
        _ => ", ",
    }
}

fn busiest(answer: &Answer) -> (&'static str, f64) {
    let shares = ["device", "uplink", "server"].map(|resource| (resource, explain::busy(answer, resource)));
    shares.into_iter().fold(("device", 0.0), |most, next| if next.1 > most.1 { next } else { most })
}

fn percent(share: f64) -> String {
    format!("{} %", units::three(100.0 * share))
}

fn pace(why: &mut Why, answer: &Answer, anatomy: &Anatomy) {
    let (resource, share) = busiest(answer);
    why.say(&format!("The {resource} is busy "));
    why.number(percent(share), Trace::Lane(resource));
    why.say(if share >= 0.9 { " of the time: it sets the pace." } else { " of the time, more than the others." });
    let of = |wanted: &str| -> u64 {
        let mine = anatomy
            .causes
            .iter()
            .filter(|caused| caused.which.resource.name() == wanted && anatomy.is_critical(caused.which.path, wanted));
        mine.map(|caused| caused.end.0 - caused.start.0).sum()
    };
    if share < 0.9 {
        let parts = ["device", "uplink", "server"].map(|resource| (resource, of(resource)));
        let used: Vec<(&'static str, u64)> = parts.into_iter().filter(|part| part.1 > 0).collect();
        why.say(" The chain of operations that makes the time spends ");
        for (index, (resource, ns)) in used.iter().enumerate() {
            why.say(between(index, used.len()));
            why.number(units::time(*ns), if index == 0 { Trace::Critical } else { Trace::Lane(resource) });
            why.say(&format!(" on the {resource}"));
        }
        why.say(".");
    }
}

/// The longest wait, and how much of its slot's time all its waits take.
fn waits(why: &mut Why, answer: &Answer, anatomy: &Anatomy) {
    let length = |gap: &Gap| gap.end.0 - gap.start.0;
    let is_wait = |gap: &Gap| !matches!(gap.reason, Reason::Done | Reason::Unused);
    let longest = anatomy.gaps.iter().enumerate().filter(|(_, gap)| is_wait(gap));
    let longest = longest.fold(None, |longest: Option<(usize, &Gap)>, next| match longest {
        Some(known) if length(known.1) >= length(next.1) => Some(known),
        _ => Some(next),
    });
    let Some((index, gap)) = longest else { return };
    let mine = |other: &&Gap| is_wait(other) && (other.resource, other.slot) == (gap.resource, gap.slot);
    let all: u64 = anatomy.gaps.iter().filter(mine).map(length).sum();
    why.say(&format!(" The {} waits ", slot_name(answer, gap)));
    why.number(percent(all as f64 / answer.makespan_ns.max(1) as f64), Trace::Lane(gap.resource.name()));
    why.say(" of the time");
    if let Some(which) = words::waits_for(gap) {
        why.say(if all == length(gap) { ", " } else { ", longest " });
        why.number(units::time(length(gap)), Trace::Gap(index));
        why.say(&format!(" for {}", words::to_happen(answer, which)));
    }
    why.say(".");
}

fn helps(why: &mut Why, answer: &Answer, help: &Help) {
    let best = help.twice.iter().fold(None, |best: Option<(Rate, u64)>, &next| match best {
        Some(known) if known.1 <= next.1 => Some(known),
        _ => Some(next),
    });
    if let Some((rate, ns)) = best {
        let gain = Decimal::new(answer.makespan_ns as f64 / ns.max(1) as f64, 2);
        why.say(&format!(" With twice the rate of the {}, this plan would take ", resource(rate)));
        why.number(units::time(ns), Trace::Lane(resource(rate)));
        why.say(&format!(" ({gain}× faster)."));
    }
    for even in &help.even {
        let above = even.value > even.faster_at;
        why.say(if above { " At " } else { " Down at " });
        why.number(amount(even.rate, even.value), Trace::Rate(even.rate, even.value));
        why.say(&format!(" of the {}, it would no longer beat a single cut without fusing.", resource(even.rate)));
    }
}

fn resource(rate: Rate) -> &'static str {
    match rate {
        Rate::Device => "device",
        Rate::Uplink => "uplink",
        Rate::Server => "server",
    }
}

/// The situation's field that holds a rate.
pub fn field(rate: Rate) -> &'static str {
    match rate {
        Rate::Device => "device_gflops",
        Rate::Uplink => "uplink_mbps",
        Rate::Server => "server_gflops",
    }
}

fn thousandths(value: u64) -> Decimal {
    Decimal::of_units(i64::try_from(value).unwrap_or(i64::MAX), 3).trimmed()
}

fn amount(rate: Rate, value: u64) -> String {
    let unit = if rate == Rate::Uplink { "Mbit/s" } else { "GFLOP/s" };
    format!("{} {unit}", units::three(value as f64 / 1000.0))
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn lists_read_as_in_a_sentence() {
        let listed = |parts: &[&str]| -> String {
            parts.iter().enumerate().map(|(index, part)| between(index, parts.len()).to_owned() + part).collect()
        };
        assert_eq!(listed(&["4"]), "4");
        assert_eq!(listed(&["4", "2"]), "4 and 2");
        assert_eq!(listed(&["4", "7", "3"]), "4, 7 and 3");
    }
}
