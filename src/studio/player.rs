//! The playhead while it plays: a step a frame, at the pace chosen.

use super::state::PACES;
use super::{show, with};
use crate::dom;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

thread_local! {
    /// Called by the browser before every frame while it plays.
    static FRAME: RefCell<Option<Closure<dyn FnMut()>>> = const { RefCell::new(None) };
}

/// Plays from where the playhead is, from the beginning where it is at the end or nowhere; or pauses.
pub fn toggle() {
    let plays = with(|studio| {
        if studio.playing.take().is_some() {
            show::moment(studio);
            return false;
        }
        let end = studio.answer.makespan_ns;
        if studio.anatomy.is_none() || end == 0 {
            return false;
        }
        studio.time = Some(studio.time.filter(|&time| time < end).unwrap_or(0));
        studio.playing = Some(dom::now());
        show::moment(studio);
        true
    });
    if plays == Some(true) {
        next_frame();
    }
}

fn next_frame() {
    FRAME.with(|frame| {
        let mut frame = frame.borrow_mut();
        let closure = frame.get_or_insert_with(|| Closure::new(step));
        if let Some(window) = dom::window() {
            let _ = window.request_animation_frame(closure.as_ref().unchecked_ref());
        }
    });
}

fn step() {
    let goes_on = with(|studio| {
        let Some(before) = studio.playing else { return false };
        let now = dom::now();
        let passed = ((now - before) * 1e6) as u64 / PACES[studio.pace];
        let time = studio.time.unwrap_or(0).saturating_add(passed);
        let end = studio.answer.makespan_ns;
        studio.time = Some(time.min(end));
        studio.playing = (time < end).then_some(now);
        show::moment(studio);
        studio.playing.is_some()
    });
    if goes_on == Some(true) {
        next_frame();
    }
}
