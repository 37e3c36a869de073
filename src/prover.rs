//! Exact in a worker of its own, fetched where the page's search has ended without a proof.
//!
//! Entry point: [`start`]. A request is the record of a search with its network, an answer the stand of the proof and lines of a
//! record; it streams answers until it is done, and is stopped by ending the worker. Must not know the page.

use crate::cost::CostModel;
use crate::job::{Proof, Stand};
use crate::{own_worker, sheet};
use js_sys::{Array, ArrayBuffer, Date, WebAssembly::Memory};
use wasm_bindgen::prelude::*;

/// An answer is due after so many milliseconds.
const PACE: f64 = 100.0;
/// No more memory than this is taken, in bytes: together with the page's it stays below 256 MB.
const MOST_MEMORY: u32 = 192 << 20;

/// Proves what it is sent.
pub fn start() {
    own_worker::serve(|request, answer| {
        let Some((_, task, searched)) = request.as_string().and_then(|record| sheet::read_record(&record)) else {
            return answer(&Array::new());
        };
        let model = CostModel::new(&task.network, &task.platform);
        let mut proof = Proof::new(&model, &task, &searched);
        let tell = |proof: &Proof, stand: Stand| {
            let texts = proof.texts();
            let all = std::iter::once(stand.id()).chain(texts.iter().map(String::as_str));
            answer(&all.map(JsValue::from_str).collect::<Array>());
        };
        let mut told = Date::now();
        while !proof.is_done() {
            if memory() > MOST_MEMORY {
                return tell(&proof, Stand::Full);
            }
            proof.step();
            let now = Date::now();
            if now - told >= PACE {
                told = now;
                tell(&proof, Stand::Running);
            }
        }
        tell(&proof, Stand::Done);
    });
}

/// What is taken now, in bytes. It is never given back, so it is the most that was taken.
fn memory() -> u32 {
    wasm_bindgen::memory().unchecked_into::<Memory>().buffer().unchecked_into::<ArrayBuffer>().byte_length()
}
