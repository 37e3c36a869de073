//! The worker's handle: one request runs, the newest waits, older ones are dropped.

use super::state::State;
use super::{browser, url};
use crate::sheet::protocol::{Event, Message, PROTOCOL, Request};
use crate::situation::Situation;
use crate::worker;
use leptos::prelude::*;
use leptos::web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue, prelude::*};

/// A run older than this is given up for a newer request, by starting the worker anew.
const PATIENCE_MS: u64 = 300;

#[derive(Default)]
struct Inner {
    worker: Option<Worker>,
    ready: bool,
    /// The request that runs, and since when.
    running: Option<(u32, f64)>,
    waiting: Option<Request>,
}

/// Asks the worker for answers.
#[derive(Clone)]
pub(super) struct Planner {
    state: State,
    inner: Rc<RefCell<Inner>>,
}

impl Planner {
    /// Starts the worker, and asks anew whenever the situation changes.
    pub fn start(state: State) {
        let planner = Self { state, inner: Rc::default() };
        planner.spawn();
        Effect::new(move |before: Option<String>| {
            let link = state.situation.with(Situation::planned);
            // The page begins with what its link opens, not with what it would show without.
            let is_early = before.is_none() && state.pending.with(Option::is_some);
            let parcel = state.situation.with_untracked(|situation| state.parcel_of(situation));
            if is_early || before.as_ref() == Some(&link) {
                return before.unwrap_or_default();
            }
            let Some(parcel) = parcel else { return link };
            let id = state.requested.get_untracked() + 1;
            state.requested.set(id);
            planner.submit(Request { id, link: link.clone(), parcel });
            link
        });
    }

    fn spawn(&self) {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options("./worker.js", &options);
        let Some(worker) = worker.ok().filter(|worker| worker.post_message(&browser::own_module()).is_ok()) else {
            return self.fail("The planner could not be started. Reload the page, or try another browser.");
        };
        let planner = self.clone();
        let message =
            Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| planner.take(message.data()));
        let planner = self.clone();
        let error = Closure::<dyn FnMut(ErrorEvent)>::new(move |_| {
            planner.fail("The planner stopped working. Change something or reload the page.");
            planner.respawn();
        });
        worker.set_onmessage(Some(message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(error.as_ref().unchecked_ref()));
        message.forget();
        error.forget();
        self.inner.borrow_mut().worker = Some(worker);
    }

    fn respawn(&self) {
        {
            let mut inner = self.inner.borrow_mut();
            if let Some(worker) = inner.worker.take() {
                worker.set_onmessage(None);
                worker.set_onerror(None);
                worker.terminate();
            }
            inner.ready = false;
            inner.running = None;
        }
        self.spawn();
    }

    fn submit(&self, request: Request) {
        let running = {
            let mut inner = self.inner.borrow_mut();
            inner.waiting = Some(request);
            inner.running
        };
        match running {
            None => self.send(),
            Some((id, since)) => {
                let left = PATIENCE_MS.saturating_sub((browser::now() - since).max(0.0) as u64);
                let planner = self.clone();
                set_timeout(move || planner.give_up(id), Duration::from_millis(left));
            }
        }
    }

    fn give_up(&self, id: u32) {
        let stuck = {
            let inner = self.inner.borrow();
            inner.waiting.is_some() && inner.running.is_some_and(|(running, _)| running == id)
        };
        if stuck {
            self.respawn();
        }
    }

    fn send(&self) {
        let mut inner = self.inner.borrow_mut();
        if !inner.ready || inner.running.is_some() {
            return;
        }
        let Some(request) = inner.waiting.take() else { return };
        let id = request.id;
        let sent = serde_wasm_bindgen::to_value(&Message::from(request))
            .ok()
            .zip(inner.worker.as_ref())
            .is_some_and(|(value, worker)| worker.post_message(&value).is_ok());
        if sent {
            inner.running = Some((id, browser::now()));
            drop(inner);
            self.state.progress.set(None);
        }
    }

    fn take(&self, data: JsValue) {
        let Some(event) = worker::read(&data).and_then(Event::read) else {
            return self.fail("The planner answered in a form that this page does not know. Reload the page.");
        };
        match event {
            Event::Ready { protocol: PROTOCOL } => {
                self.inner.borrow_mut().ready = true;
                self.send();
            }
            Event::Ready { .. } => self.fail("Page and planner are of different versions. Reload the page."),
            Event::Proven { id, makespan_ns } => {
                if id == self.state.requested.get_untracked() {
                    self.state.proven.set(Some(makespan_ns));
                }
            }
            Event::Progress { id, evaluations } => {
                if id == self.state.requested.get_untracked() {
                    url::keep(self.state);
                    self.state.progress.set(Some(evaluations));
                }
            }
            Event::Planned { id, sheet } => {
                self.done();
                if id == self.state.requested.get_untracked() {
                    url::keep(self.state);
                }
                self.state.failure.set(None);
                self.state.progress.set(None);
                self.state.sheet.set(Some(Arc::new(*sheet)));
                self.state.answered.set(id);
                self.send();
            }
            Event::Failed { id, message } => {
                self.done();
                if id == self.state.requested.get_untracked() {
                    self.fail(&message);
                }
                self.send();
            }
        }
    }

    fn done(&self) {
        self.inner.borrow_mut().running = None;
    }

    fn fail(&self, message: &str) {
        url::keep(self.state);
        self.state.failure.set(Some(message.to_owned()));
    }
}
