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
    /// The newest own network that the workshop opened: as the link packs it, a line end, and its `parcel`.
    pub parcel: RwSignal<String>,
    /// What a link opens once its own network is there.
    pub pending: RwSignal<Option<Situation>>,
    /// Whether the next change of the address is a new entry of the history.
    pub push: StoredValue<bool>,
    /// The newest request.
    pub requested: RwSignal<u32>,
    /// The request that the answer belongs to.
    pub answered: RwSignal<u32>,
    /// What there is to show.
    pub sheet: RwSignal<Option<Arc<Sheet>>>,
    /// The best time of the newest request, once it is proven.
    pub proven: RwSignal<Option<u64>>,
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
            parcel: RwSignal::new(String::new()),
            pending: RwSignal::new(None),
            push: StoredValue::new(false),
            requested: RwSignal::new(0),
            answered: RwSignal::new(0),
            sheet: RwSignal::new(None),
            proven: RwSignal::new(None),
            progress: RwSignal::new(None),
            failure: RwSignal::new(None),
            bad_link: RwSignal::new(None),
        }
    }

    /// The own network of a situation, as a `parcel`; empty where it has none, none where it is not there yet.
    pub fn parcel_of(&self, situation: &Situation) -> Option<String> {
        let Some(own) = &situation.own else { return Some(String::new()) };
        let parcel = self.parcel.get_untracked();
        Some(parcel.strip_prefix(own.as_str())?.strip_prefix('\n')?.to_owned())
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
