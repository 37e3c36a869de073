//! The lines of edges as path data.

use super::MIDDLE;
use super::inside::{Inside, TOP, Way};
use crate::draw::svg::{Rect, px};

/// Radius of a turn.
const TURN: f64 = 5.0;

/// An edge of a band whose upper edge is at `y`; its input comes down the middle from `start`.
pub(super) fn route(inside: &Inside, edge: (Option<usize>, usize, Way), y: f64, start: f64) -> String {
    let (from, to, way) = edge;
    let moved = |at: usize| Rect { y: inside.rects[at].y + y, ..inside.rects[at] };
    let target = moved(to);
    let (x, first, bend) = match from {
        Some(from) => {
            let rect = moved(from);
            (middle(rect), rect.y + rect.height, rect.y + rect.height)
        }
        None => (MIDDLE, start, y + TOP - 2.0),
    };
    let end = middle(target);
    match way {
        Way::Lane(lane) => {
            let lane = inside.lane(lane);
            let beside = from.filter(|&from| inside.is_rightmost(from)).map(moved);
            // What comes down the middle is drawn by the edge that goes straight on, where one does.
            let first = if from.is_none() { bend } else { first };
            let begin = departure(beside, (x, first, bend), lane);
            begin + &arrival(inside.is_rightmost(to), target, lane)
        }
        _ if px(x) == px(end) => format!("M{} {}V{}", px(x), px(first), px(target.y)),
        Way::Early => {
            let low = bend + inside.gap - 4.0;
            format!("M{} {}V{}{}V{}", px(x), px(first), px(bend), curve(x, bend, end, low), px(target.y))
        }
        Way::Late => {
            let high = target.y - inside.gap + 2.0;
            let high = high.max(bend);
            format!("M{} {}V{}{}", px(x), px(first), px(high), curve(x, high, end, target.y))
        }
    }
}

fn middle(rect: Rect) -> f64 {
    rect.x + rect.width / 2.0
}

fn curve(x: f64, y: f64, end: f64, low: f64) -> String {
    let half = px((y + low) / 2.0);
    format!("C{} {half} {} {half} {} {}", px(x), px(end), px(end), px(low))
}

/// From a tensor into a lane: at its side, or through the gap below it.
fn departure(beside: Option<Rect>, (x, first, bend): (f64, f64, f64), lane: f64) -> String {
    let (begin, level) = match beside {
        Some(rect) => {
            let level = rect.y + rect.height / 2.0 + 3.0;
            (format!("M{} {}", px(rect.x + rect.width), px(level)), level)
        }
        None => {
            let level = bend + 7.0;
            let turn = format!("Q{} {} {} {}", px(x), px(level), px(x + TURN), px(level));
            (format!("M{} {}V{}{turn}", px(x), px(first), px(level - TURN)), level)
        }
    };
    format!("{begin}H{}Q{} {} {} {}", px(lane - TURN), px(lane), px(level), px(lane), px(level + TURN))
}

/// Out of a lane into a tensor: at its side, or through the gap above it.
fn arrival(is_rightmost: bool, target: Rect, lane: f64) -> String {
    let down =
        |level: f64| format!("V{}Q{} {} {} {}", px(level - TURN), px(lane), px(level), px(lane - TURN), px(level));
    if is_rightmost {
        let level = target.y + target.height / 2.0 - if target.width > target.height { 3.0 } else { 0.0 };
        return format!("{}H{}", down(level), px(target.x + target.width));
    }
    let (level, x) = (target.y - 7.0, middle(target) + 6.0);
    format!("{}H{}Q{} {} {} {}", down(level), px(x + 4.0), px(x), px(level), px(x), px(target.y))
}
