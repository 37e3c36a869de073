//! The Web Worker's side: takes requests, posts events. The page's own module, started in a worker.
//!
//! Entry points: [`is_worker`], [`start`]. Must not know the document.

use crate::sheet::protocol::{Event, PROTOCOL, Request, respond};
use js_sys::global;
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Whether this module runs in a worker.
pub fn is_worker() -> bool {
    global().has_type::<DedicatedWorkerGlobalScope>()
}

fn post(scope: &DedicatedWorkerGlobalScope, event: &Event) {
    // An event that cannot be cloned would be a bug; the page then keeps what it shows.
    if let Ok(value) = serde_wasm_bindgen::to_value(event) {
        let _ = scope.post_message(&value);
    }
}

/// Listens for requests, and says so.
pub fn start() {
    let scope: DedicatedWorkerGlobalScope = global().unchecked_into();
    let out = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        match serde_wasm_bindgen::from_value::<Request>(message.data()) {
            Ok(request) => {
                let event = respond(&request, |event| post(&out, &event));
                post(&out, &event);
            }
            Err(error) => post(&out, &Event::Failed { id: 0, message: error.to_string() }),
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    post(&scope, &Event::Ready { protocol: PROTOCOL });
}
