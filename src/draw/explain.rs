//! Why this is the time: a few sentences made from the schedule's own numbers.

use super::{is_split, units};
use crate::base::{Decimal, sort_few};
use crate::job::Answer;

/// Share of the makespan that a resource works, over its slots.
pub fn busy(answer: &Answer, resource: &str) -> f64 {
    let slots = match resource {
        "device" => answer.slots[0],
        "server" => answer.slots[1],
        _ => 1,
    };
    let work: u64 =
        answer.operations.iter().filter(|op| op.resource == resource).map(|op| op.end_ns - op.start_ns).sum();
    work as f64 / (slots as f64 * answer.makespan_ns.max(1) as f64)
}

/// The sentences.
pub fn sentences(answer: &Answer) -> String {
    let shares = ["device", "uplink", "server"].map(|resource| (busy(answer, resource), resource));
    let (share, binding) = shares.into_iter().fold((0.0, "device"), |a, b| if b.0 > a.0 { b } else { a });
    let percent = 100.0 * share;
    let pace = if percent >= 90.0 { "it sets the pace" } else { "no resource is the bottleneck alone" };
    let first = if percent >= 99.95 {
        format!("The {binding} is busy all the time: {pace}.")
    } else {
        format!("The {binding} is busy {} % of the time: {pace}.", Decimal::new(percent, 0))
    };
    format!("{first} {}", split(answer))
}

/// What the plan does, in a sentence.
pub(super) fn split(answer: &Answer) -> String {
    let fused: Vec<usize> = (0..answer.blocks.len()).filter(|&block| is_split(answer, block)).collect();
    let Some(&block) = fused.first() else { return unsplit(answer) };
    let paths: Vec<_> = answer.paths.iter().filter(|path| path.block == block).collect();
    let count = paths.len();
    let leave = paths.iter().filter(|path| path.cut == 0).count();
    let mut cuts: Vec<usize> = paths.iter().filter(|path| path.cut > 0).map(|path| path.first + path.cut).collect();
    sort_few(&mut cuts);
    cuts.dedup();
    let names: Vec<&str> = cuts.iter().map(|&cut| answer.maps[cut].label.as_str()).collect();
    let down = match names[..] {
        [] => String::new(),
        [only] => format!("down to {only}"),
        [first, .., last] => format!("down to between {first} and {last}"),
    };
    match leave {
        0 => format!("All {count} tiles are computed on the device {down}; while one is sent, the next is computed."),
        all if all == count => format!(
            "All {count} tiles are sent before anything is computed; the server starts with the first that arrives."
        ),
        some => {
            let stay = match count - some {
                1 => "the other is".to_owned(),
                rest => format!("the other {rest} are"),
            };
            let first = if some == 1 { "One".to_owned() } else { some.to_string() };
            let leave = if some == 1 { "leaves" } else { "leave" };
            format!(
                "{first} of the {count} tiles {leave} at once, so that uplink and device work side by side; {stay} computed on the device {down}."
            )
        }
    }
}

fn unsplit(answer: &Answer) -> String {
    let stages = answer.maps.len() - 1;
    let sent = answer.paths.first().map_or(0, |path| path.sent);
    match answer.paths.first().map_or(0, |path| path.cut) {
        0 => format!("Fusing does not pay here: the picture ({}) goes to the server as it is.", units::bytes(sent)),
        all if all == stages => "Fusing does not pay here: everything stays on the device.".to_owned(),
        cut => format!(
            "Fusing does not pay here: one cut after {} is best, where {} cross.",
            answer.maps[cut].label,
            units::bytes(sent)
        ),
    }
}
