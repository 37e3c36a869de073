//! Source signals; everything else is derived from them.

use crate::sheet::Sheet;
use crate::situation::Situation;
use leptos::prelude::*;
use std::sync::Arc;

/// What the page knows.
#[derive(Clone, Copy)]
pub(super) struct State {
    /// The situation shown.
    pub situation: RwSignal<Situation>,
    /// Whether the next change of the address is a new entry of the history.
    pub push: StoredValue<bool>,
    /// The newest request.
    pub requested: RwSignal<u32>,
    /// The request that the answer belongs to.
    pub answered: RwSignal<u32>,
    /// What there is to show.
    pub sheet: RwSignal<Option<Arc<Sheet>>>,
    /// Plans that the running search has evaluated.
    pub progress: RwSignal<Option<u64>>,
    /// Why there is no answer.
    pub failure: RwSignal<Option<String>>,
    /// Why the address could not be opened.
    pub bad_link: RwSignal<Option<String>>,
}

impl State {
    /// A page that shows `situation` and has asked nothing yet.
    pub fn new(situation: Situation) -> Self {
        Self {
            situation: RwSignal::new(situation),
            push: StoredValue::new(false),
            requested: RwSignal::new(0),
            answered: RwSignal::new(0),
            sheet: RwSignal::new(None),
            progress: RwSignal::new(None),
            failure: RwSignal::new(None),
            bad_link: RwSignal::new(None),
        }
    }

    /// `planning`, `ready` or `error`.
    pub fn phase(&self) -> &'static str {
        if self.failure.with(Option::is_some) {
            "error"
        } else if self.sheet.with(Option::is_some) && self.answered.get() == self.requested.get() {
            "ready"
        } else {
            "planning"
        }
    }
}
