//! The Web Worker's side: takes requests, posts events. The page's own module, started in a worker.
//!
//! Entry points: [`is_worker`], [`start`], [`read`]. Must not know the document.

use crate::sheet::protocol::{Event, Memory, Message, PROTOCOL, Request, respond};
use js_sys::{Array, global};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Whether this module runs in a worker.
pub fn is_worker() -> bool {
    global().has_type::<DedicatedWorkerGlobalScope>()
}

fn post(scope: &DedicatedWorkerGlobalScope, event: Event) {
    // An event that cannot be cloned would be a bug; the page then keeps what it shows.
    if let Ok(value) = serde_wasm_bindgen::to_value(&Message::from(event)) {
        let _ = scope.post_message(&value);
    }
}

/// Milliseconds since the worker began.
fn now(scope: &DedicatedWorkerGlobalScope) -> f64 {
    scope.performance().map_or(0.0, |clock| clock.now())
}

/// A message in its plain shape; none where it has another.
pub fn read(data: &JsValue) -> Option<Message> {
    let parts: &Array = data.dyn_ref()?;
    let number = |at: u32| parts.get(at).as_f64().map(|number| number as u32);
    let text = |value: JsValue| value.as_string();
    let list = |value: JsValue| value.dyn_ref::<Array>()?.iter().map(text).collect::<Option<Vec<String>>>();
    let lists = parts.get(2).dyn_ref::<Array>()?.iter().map(list).collect::<Option<_>>()?;
    Some((number(0)?, number(1)?, lists))
}

/// Listens for requests, and says so.
pub fn start() {
    let scope: DedicatedWorkerGlobalScope = global().unchecked_into();
    let out = scope.clone();
    let mut memory = Memory::default();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let request = read(&message.data()).and_then(Request::read);
        if let Some(request) = request {
            let event = respond(&request, &mut memory, |event| post(&out, event), || now(&out));
            post(&out, event);
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    post(&scope, Event::Ready { protocol: PROTOCOL });
}
