//! The address: the only place that reads or writes it.

use super::action::{Action, apply};
use super::browser;
use super::state::State;
use crate::situation::Situation;
use leptos::prelude::*;

/// The situation of the address, or the first one and why the address could not be opened.
pub(super) fn first_situation() -> (Situation, Option<String>) {
    match Situation::from_fragment(&browser::fragment()) {
        Ok(situation) => (situation, None),
        Err(error) => (Situation::default(), Some(error.to_string())),
    }
}

/// Opens what the address holds; what cannot be opened leaves the situation as it is.
pub(super) fn open(state: State) {
    match Situation::from_fragment(&browser::fragment()) {
        Ok(situation) => {
            state.bad_link.set(None);
            if situation != state.situation.get_untracked() {
                state.push.set_value(false);
                state.situation.set(situation);
            }
        }
        Err(error) => state.bad_link.set(Some(error.to_string())),
    }
}

/// Keeps address and situation the same, both ways.
pub(super) fn follow(state: State) {
    Effect::new(move |_| {
        let fragment = state.situation.with(Situation::to_fragment);
        // A link that could not be opened stays to be read, until something is changed.
        if state.bad_link.with(Option::is_some) || fragment == browser::fragment() {
            return;
        }
        browser::set_fragment(&fragment, state.push.get_value());
        state.push.set_value(false);
    });
    let listener = window_event_listener_untyped("hashchange", move |_| apply(state, Action::OpenAddress));
    let history = window_event_listener_untyped("popstate", move |_| apply(state, Action::OpenAddress));
    on_cleanup(move || {
        listener.remove();
        history.remove();
    });
}
