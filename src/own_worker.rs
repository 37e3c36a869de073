//! A module of ours in a worker of its own, beside the page's.
//!
//! Entry points: [`OwnWorker::start`] in the page, [`serve`] in the worker. Must not know what is said.

use crate::dom;
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, Worker, WorkerOptions, WorkerType};

/// Whether this is a worker.
pub fn is_worker() -> bool {
    js_sys::global().has_type::<DedicatedWorkerGlobalScope>()
}

/// The worker's side: listens, and says so by an empty message; `act` gets what it is sent, and how to answer.
pub fn serve(mut act: impl FnMut(JsValue, &dyn Fn(&JsValue)) + 'static) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let out = scope.clone();
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        act(message.data(), &|answer| drop(out.post_message(answer)));
    });
    scope.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
    let _ = scope.post_message(&JsValue::NULL);
}

/// A worker; it ends with its handle.
pub struct OwnWorker {
    worker: Worker,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _failed: Closure<dyn FnMut()>,
}

impl OwnWorker {
    /// Starts a module by its script's name, with its code where that is compiled already; none where the browser
    /// refuses. `heard` gets its messages, first the empty one: what is sent before that is lost.
    pub fn start(
        script: &str,
        module: Option<JsValue>,
        heard: impl Fn(JsValue) + 'static,
        failed: impl FnMut() + 'static,
    ) -> Option<Self> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options("./worker.js", &options).ok()?;
        let first = Object::new();
        let base = dom::document()?.base_uri().ok()??;
        let script = web_sys::Url::new_with_base(script, &base).ok()?.href();
        let _ = Reflect::set(&first, &"script".into(), &script.into());
        let _ = Reflect::set(&first, &"module".into(), &module.into());
        worker.post_message(&first).ok()?;
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| heard(message.data()));
        let failed = Closure::<dyn FnMut()>::new(failed);
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        Some(Self { worker, _heard: heard, _failed: failed })
    }

    /// Sends it something.
    pub fn send(&self, what: &JsValue) {
        let _ = self.worker.post_message(what);
    }
}

impl Drop for OwnWorker {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
