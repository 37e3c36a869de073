//! The worker that goes on with Exact where the page's search has ended without a proof (`crate::prover`): it
//! streams what it proves, and can be stopped.

use super::action::heard;
use super::state::Studio;
use crate::dom;
use crate::job::Stand;
use crate::own_worker::OwnWorker;
use crate::sheet;
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
        let [of, gone] = [record; 2].map(str::to_owned);
        let sent = sheet::with_network(record, &studio.task.network);
        let failed = move || tell(&gone, Stand::Stopped, Vec::new());
        let worker = OwnWorker::start("prover.js", None, move |message| listen(&message, &of, &sent), failed);
        if worker.is_none() {
            tell(record, Stand::Stopped, Vec::new());
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

/// `sent` is the record with its network: the prover knows none.
fn listen(message: &JsValue, record: &str, sent: &str) {
    let Some(answer) = message.dyn_ref::<Array>() else {
        return WORKER.with_borrow(|worker| worker.iter().for_each(|worker| worker.send(&sent.into())));
    };
    let mut texts = answer.iter().filter_map(|text| text.as_string());
    let stand = texts.next().and_then(|id| Stand::ALL.into_iter().find(|stand| stand.id() == id));
    tell(record, stand.unwrap_or(Stand::Stopped), texts.collect());
}

/// A moment later: the handle that calls this may end with what is heard, and the state may be in use.
fn tell(record: &str, stand: Stand, texts: Vec<String>) {
    let record = record.to_owned();
    dom::later(0, move || heard(&record, stand, &texts));
}
