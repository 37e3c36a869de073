//! The address: the only place that reads or writes it.

use super::action::{Action, apply};
use super::browser;
use super::state::State;
use crate::situation::Situation;
use leptos::prelude::*;

/// Opens what the address holds, once its own network is there; what cannot be opened leaves the situation as it is.
pub(super) fn open(state: State) {
    match Situation::from_fragment(&browser::fragment()) {
        Ok(situation) => {
            state.bad_link.set(None);
            if state.parcel_of(&situation).is_none() {
                browser::ask_for(situation.own.as_deref().unwrap_or_default());
                return state.pending.set(Some(situation));
            }
            show(state, situation);
        }
        Err(error) => {
            state.pending.set(None);
            state.bad_link.set(Some(error.to_string()));
        }
    }
}

fn show(state: State, situation: Situation) {
    state.pending.set(None);
    if situation != state.situation.get_untracked() {
        state.push.set_value(false);
        state.situation.set(situation);
    }
}

/// Takes what the workshop made of an own network: its parcel, or, behind a `!`, why there is none.
pub(super) fn take_parcel(state: State) {
    let Some(pending) = state.pending.get_untracked() else { return };
    let text = browser::offered();
    let (own, parcel) = text.split_once('\n').unwrap_or_default();
    if pending.own.as_deref() != Some(own) {
        return;
    }
    if let Some(problem) = parcel.strip_prefix('!') {
        state.bad_link.set(Some(problem.to_owned()));
        return state.pending.set(None);
    }
    state.parcel.set(text);
    show(state, pending);
}

/// Puts the situation into the address.
pub(super) fn keep(state: State) {
    let fragment = state.situation.with_untracked(Situation::to_fragment);
    // A link that could not be opened, or not yet, stays to be read, until something is changed.
    let stays = state.bad_link.with_untracked(Option::is_some) || state.pending.with_untracked(Option::is_some);
    if !stays && fragment != browser::fragment() {
        browser::set_fragment(&fragment, state.push.get_value());
        state.push.set_value(false);
    }
}

/// Keeps address and situation the same, both ways.
pub(super) fn follow(state: State) {
    Effect::new(move |before: Option<String>| {
        let planned = state.situation.with(Situation::planned);
        state.bad_link.track();
        state.pending.track();
        // The browser takes longer to put a slider's step into the address than the worker to prove its best time: what
        // is planned anew is kept by the planner, once it is told of the newest.
        if state.push.get_value() || before.is_none_or(|before| before == planned) {
            keep(state);
        }
        planned
    });
    let offered = window_event_listener_untyped("parcel", move |_| apply(state, Action::TakeParcel));
    let listener = window_event_listener_untyped("hashchange", move |_| apply(state, Action::OpenAddress));
    let history = window_event_listener_untyped("popstate", move |_| apply(state, Action::OpenAddress));
    on_cleanup(move || {
        offered.remove();
        listener.remove();
        history.remove();
    });
}
