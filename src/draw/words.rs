//! What people call operations and waits.

use super::{is_split, path_name, splits_several};
use crate::job::Answer;
use crate::schedule::{Gap, Reason, Resource, Which};

/// A path as it stands in a sentence: `tile 1,2`, with its block where several are split; `the rest`.
pub fn noun(answer: &Answer, path: usize) -> String {
    let name = path_name(answer, path);
    let Some(part) = answer.paths.get(path) else { return name };
    match (is_split(answer, part.block), name.as_str()) {
        (true, _) if splits_several(answer) => {
            format!("tile {},{} of block {}", part.tile[0] + 1, part.tile[1] + 1, part.block + 1)
        }
        (true, _) => name,
        (false, "between") => "the part between".to_owned(),
        (false, _) => format!("the {name}"),
    }
}

/// What has to happen before an operation's result is there: `tile 1,2 to cross the uplink`.
pub fn to_happen(answer: &Answer, which: Which) -> String {
    let noun = noun(answer, which.path);
    match which.resource {
        Resource::Device => format!("{noun} to be computed on the device"),
        Resource::Uplink => match answer.paths.get(which.path) {
            Some(path) if !is_split(answer, path.block) && path.first + path.cut == 0 => {
                "the picture to cross the uplink".to_owned()
            }
            Some(path) if !is_split(answer, path.block) => format!("the data of {noun} to cross the uplink"),
            _ => format!("{noun} to cross the uplink"),
        },
        Resource::Server => format!("{noun} to be computed on the server"),
        Resource::Downlink => format!("{noun} to come down"),
    }
}

/// Why a slot idles, as a clause without its subject: `waits for tile 1,2 to cross the uplink`.
pub fn reason(answer: &Answer, reason: Reason) -> String {
    match reason {
        Reason::NotYet { needs, .. } => format!("has nothing to do yet: waits for {}", to_happen(answer, needs)),
        Reason::Data { next, needs } if next.path == needs.path => format!("waits for {}", to_happen(answer, needs)),
        Reason::Data { next, needs } => {
            format!("waits for {}, which {} reads", to_happen(answer, needs), noun(answer, next.path))
        }
        Reason::Order { needs, ready, .. } => format!(
            "waits for {}, though {} could run: the order puts it later",
            to_happen(answer, needs),
            noun(answer, ready.path)
        ),
        Reason::Done => "has nothing left to do".to_owned(),
        Reason::Unused => "has nothing to do in this plan".to_owned(),
    }
}

/// The reason in a word or two, for where there is little room.
pub fn short_reason(answer: &Answer, reason: Reason) -> String {
    let bare = |which: Which| {
        let name = path_name(answer, which.path);
        match (name.strip_prefix("tile "), which.resource) {
            (Some(tile), _) => tile.to_owned(),
            (None, Resource::Uplink) => "the data".to_owned(),
            (None, _) => noun(answer, which.path),
        }
    };
    match reason {
        Reason::NotYet { needs, .. } | Reason::Data { needs, .. } => format!("waits for {}", bare(needs)),
        Reason::Order { needs, .. } => format!("order: waits for {}", bare(needs)),
        Reason::Done => "done".to_owned(),
        Reason::Unused => "not used".to_owned(),
    }
}

/// The id of a reason in `data-reason` and in tables.
pub fn reason_id(reason: Reason) -> &'static str {
    match reason {
        Reason::NotYet { .. } => "not-yet",
        Reason::Data { .. } => "data",
        Reason::Order { .. } => "order",
        Reason::Done => "done",
        Reason::Unused => "unused",
    }
}

/// What a gap waits for, where it waits for anything.
pub fn waits_for(gap: &Gap) -> Option<Which> {
    match gap.reason {
        Reason::NotYet { needs, .. } | Reason::Data { needs, .. } | Reason::Order { needs, .. } => Some(needs),
        Reason::Done | Reason::Unused => None,
    }
}

/// A sentence's first letter, large.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
