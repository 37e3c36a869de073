//! Undo and redo of the situation: the links that were planned, one after another.

use crate::dom;
use std::cell::RefCell;

/// Changes that follow each other faster, in milliseconds, are one: a slider on its way.
const ONE_CHANGE_MS: f64 = 600.0;
/// So many are kept.
const MOST: usize = 200;

#[derive(Debug, Default)]
struct History {
    /// The links planned, the newest last.
    past: Vec<String>,
    /// Links that were undone, the next to redo last.
    future: Vec<String>,
    /// When the newest came.
    last: f64,
}

thread_local! {
    static HISTORY: RefCell<History> = RefCell::default();
}

/// Notes that a link was planned.
pub fn note(link: &str, now: f64) {
    HISTORY.with_borrow_mut(|history| {
        if history.past.last().is_some_and(|newest| newest == link) {
            return;
        }
        if history.past.len() > 1 && now - history.last < ONE_CHANGE_MS {
            history.past.pop();
        }
        history.past.push(link.to_owned());
        if history.past.len() > MOST {
            history.past.remove(0);
        }
        history.future.clear();
        history.last = now;
    });
}

/// Opens the link before, or the one that was undone last.
pub fn go(back: bool) {
    let link = HISTORY.with_borrow_mut(|history| {
        if back {
            if history.past.len() < 2 {
                return None;
            }
            history.future.extend(history.past.pop());
        } else {
            history.past.push(history.future.pop()?);
        }
        history.last = 0.0;
        history.past.last().cloned()
    });
    if let Some(link) = link {
        dom::open_fragment(&link, true);
    }
}
