//! The timeline in words.

use super::super::units;
use super::Beneath;
use crate::base::Decimal;
use crate::job::{Anatomy, Answer};
use crate::schedule::{Gap, Reason, Resource};

/// How long the plan takes, how much of it each resource works, waits and has nothing to do, and how
/// much longer or shorter the plan beneath takes.
pub fn sentence(answer: &Answer, anatomy: &Anatomy, beneath: Option<&Beneath>) -> String {
    let mut sentence = format!("The plan takes {}.", units::time(answer.makespan_ns));
    for (resource, slots) in
        [(Resource::Device, answer.slots[0]), (Resource::Uplink, 1), (Resource::Server, answer.slots[1])]
    {
        let whole = (answer.makespan_ns.max(1) as f64) * slots.max(1) as f64;
        let sum = |is: &dyn Fn(&Gap) -> bool| -> u64 {
            let mine = anatomy.gaps.iter().filter(|gap| gap.resource == resource && is(gap));
            mine.map(|gap| gap.end.0 - gap.start.0).sum()
        };
        let over = |gap: &Gap| matches!(gap.reason, Reason::Done | Reason::Unused);
        let (waits, rest) = (sum(&|gap| !over(gap)), sum(&over));
        let percent = |ns: f64| Decimal::new(100.0 * ns / whole, 0);
        let works = whole - waits as f64 - rest as f64;
        sentence += &format!(
            " The {} works {} % of the time, waits {} % and has nothing to do {} %.",
            resource.name(),
            percent(works),
            percent(waits as f64),
            percent(rest as f64)
        );
    }
    let Some(other) = beneath else { return sentence };
    let (own, end) = (answer.makespan_ns, other.end_ns());
    let difference = units::time(own.abs_diff(end));
    sentence
        + &match own.cmp(&end) {
            std::cmp::Ordering::Less => format!(" {} takes {}, {difference} more.", other.name, units::time(end)),
            std::cmp::Ordering::Equal => format!(" {} takes as long.", other.name),
            std::cmp::Ordering::Greater => format!(" {} takes {}, {difference} less.", other.name, units::time(end)),
        }
}
