//! The worker that goes on with Exact where the page's search has ended without a proof (`crate::prover`): it
//! streams what it proves, and can be stopped.

use super::action::{heard, proof_failed};
use super::state::Studio;
use crate::dom;
use crate::job::Stand;
use crate::own_worker::OwnWorker;
use js_sys::Array;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// A situation that is shown for less than this, in milliseconds, needs no proof.
const REST: i32 = 400;

thread_local! {
    static WORKER: RefCell<Option<OwnWorker>> = const { RefCell::new(None) };
}

/// Proves the search of a record once it has been shown for a moment; ends every other proof.
pub fn follow(studio: &Studio) {
    stop();
    if studio.stand.is_some() {
        let record = studio.record.clone();
        dom::later(REST, move || {
            super::with(|studio| start(studio, &record));
        });
    }
}

fn start(studio: &Studio, record: &str) {
    let is_wanted = studio.record == record && studio.stand == Some(Stand::Running);
    if is_wanted && WORKER.with_borrow(Option::is_none) {
        let of = record.to_owned();
        let worker =
            OwnWorker::start("prover.js", None, move |message| listen(&message, &of), || dom::later(0, proof_failed));
        if worker.is_none() {
            dom::later(0, proof_failed);
        }
        WORKER.set(worker);
    }
}

/// Ends the proof, if there is one.
pub fn stop() {
    WORKER.set(None);
}

/// Begins anew at once.
pub fn again(studio: &Studio) {
    stop();
    start(studio, &studio.record);
}

fn listen(message: &JsValue, record: &str) {
    let Some(answer) = message.dyn_ref::<Array>() else {
        return WORKER.with_borrow(|worker| worker.iter().for_each(|worker| worker.send(&record.into())));
    };
    let mut texts = answer.iter().filter_map(|text| text.as_string());
    let stand = texts.next().and_then(|id| Stand::ALL.into_iter().find(|stand| stand.id() == id));
    let (texts, record) = (texts.collect::<Vec<_>>(), record.to_owned());
    // The handle that this is called by may end with what is heard.
    dom::later(0, move || heard(&record, stand.unwrap_or(Stand::Stopped), &texts));
}
