//! Every intent of the user, and what it does to the state.

use super::state::State;
use super::{browser, url};
use crate::formats::Method;
use crate::situation::{Field, Situation, field};
use leptos::prelude::*;

/// What the user wants.
#[derive(Clone, Debug)]
pub enum Action {
    /// Another network, device, server or link, by the entries that links have for it.
    Choose(String),
    /// Another method to show.
    ChooseMethod(Method),
    /// Another value of a field.
    SetField(&'static Field, f64),
    /// A fresh seed, drawn by the browser.
    DrawSeed,
    /// Back to the first situation.
    Reset,
    /// The other theme.
    ToggleTheme,
    /// The link into the clipboard.
    CopyLink,
    /// The address has changed: open what it holds.
    OpenAddress,
    /// The workshop has opened the own network of a link.
    TakeParcel,
}

/// Does it.
pub(super) fn apply(state: State, action: Action) {
    match action {
        Action::Choose(entries) => {
            url::keep(state);
            // Through the address: an own network has to be opened first.
            let chosen = state.situation.with_untracked(|situation| situation.with_entries(&entries));
            if let Ok(situation) = chosen {
                browser::set_fragment(&situation.to_fragment(), true);
                url::open(state);
            }
        }
        Action::ChooseMethod(method) => choose(state, move |s| s.method = method),
        Action::DrawSeed => {
            if let Some(field) = field("seed") {
                choose(state, move |s| s.set(field, f64::from(browser::seed())));
            }
        }
        Action::Reset => choose(state, |s| {
            let mut first = Situation::default();
            first.route = std::mem::take(&mut s.route);
            *s = first;
        }),
        // A slider's many steps are one entry of the history.
        Action::SetField(field, value) => change(state, false, move |s| s.set(field, value)),
        Action::ToggleTheme => browser::set_theme(if browser::is_dark() { "light" } else { "dark" }),
        Action::CopyLink => browser::copy_address(),
        Action::OpenAddress => url::open(state),
        Action::TakeParcel => url::take_parcel(state),
    }
}

fn choose(state: State, edit: impl FnOnce(&mut Situation)) {
    change(state, true, edit);
}

fn change(state: State, push: bool, edit: impl FnOnce(&mut Situation)) {
    let mut situation = state.situation.get_untracked();
    edit(&mut situation);
    if situation == state.situation.get_untracked() {
        return;
    }
    if push {
        // The entry that is left says what it showed.
        url::keep(state);
    }
    state.push.set_value(push);
    state.bad_link.set(None);
    state.pending.set(None);
    state.situation.set(situation);
}
