//! Every intent of the user, and what it does to the state.

use super::state::State;
use super::{browser, url};
use crate::formats::Method;
use crate::platform::presets;
use crate::situation::{Field, Situation, field};
use crate::zoo;
use leptos::prelude::*;

/// What the user wants.
#[derive(Clone, Debug)]
pub enum Action {
    /// Another network.
    ChooseModel(String),
    /// Another device.
    ChooseDevice(String),
    /// Another server.
    ChooseServer(String),
    /// Another link.
    ChooseLink(String),
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
}

/// Does it.
pub(super) fn apply(state: State, action: Action) {
    match action {
        Action::ChooseModel(id) => choose(state, move |s| {
            if let Some(entry) = zoo::find(&id) {
                s.model = entry.id;
                s.looks.retain(|(key, _)| key != "tile");
            }
        }),
        Action::ChooseDevice(id) => choose(state, move |s| {
            if let Some(preset) = presets::device(&id) {
                s.set_device(preset);
            }
        }),
        Action::ChooseServer(id) => choose(state, move |s| {
            if let Some(preset) = presets::server(&id) {
                s.set_server(preset);
            }
        }),
        Action::ChooseLink(id) => choose(state, move |s| {
            if let Some(preset) = presets::link(&id) {
                s.set_link(preset);
            }
        }),
        Action::ChooseMethod(method) => choose(state, move |s| s.method = method),
        Action::DrawSeed => {
            if let (Some(field), Ok(seed)) = (field("seed"), getrandom::u32()) {
                choose(state, move |s| s.set(field, f64::from(seed)));
            }
        }
        Action::Reset => choose(state, |s| *s = Situation::default()),
        // A slider's many steps are one entry of the history.
        Action::SetField(field, value) => change(state, false, move |s| s.set(field, value)),
        Action::ToggleTheme => browser::set_theme(if browser::is_dark() { "light" } else { "dark" }),
        Action::CopyLink => browser::copy_address(),
        Action::OpenAddress => url::open(state),
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
    state.push.set_value(push);
    state.bad_link.set(None);
    state.situation.set(situation);
}
