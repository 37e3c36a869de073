//! The studio: what is fetched once the first plan is shown. It takes the figures over from the page
//! and lets them be touched: zoom, playhead, search steps, plans made by hand, exports.
//!
//! Entry point: [`start`]. It reads what the page was told (`record` of `#answer`) and draws with `draw`; state changes
//! only in `action`: by what the user wants (`apply`) and what the prover tells (`heard`). Must not know how plans are
//! found, nor the page's signals.

mod action;
mod events;
mod export;
mod history;
mod looks;
mod notes;
mod player;
mod prover;
mod show;
mod state;
mod toolbar;

use crate::dom;
use action::{Action, apply};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::{MutationObserver, MutationObserverInit};

thread_local! {
    /// The one state. Borrowed by [`with`] alone.
    static STUDIO: RefCell<Option<state::Studio>> = const { RefCell::new(None) };
}

/// Does something with the state, where there is one and nobody else has it.
fn with<T>(act: impl FnOnce(&mut state::Studio) -> T) -> Option<T> {
    STUDIO.with(|studio| studio.try_borrow_mut().ok()?.as_mut().map(act))
}

/// Takes the figures over, and follows the page from then on.
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        show::give_back();
        web_sys::console::error_1(&info.to_string().into());
    }));
    let Some(answer) = dom::element("#answer") else { return };
    let follow = Closure::<dyn FnMut()>::new(|| apply(Action::Follow));
    let Ok(observer) = MutationObserver::new(follow.as_ref().unchecked_ref()) else { return };
    follow.forget();
    let options = MutationObserverInit::new();
    options.set_attributes(true);
    options.set_attribute_filter(&js_sys::Array::of1(&"data-request".into()));
    let _ = observer.observe_with_options(&answer, &options);
    dom::add_style(crate::draw::export::STUDIO_CSS);
    toolbar::add();
    notes::add();
    events::listen();
    apply(Action::Follow);
}
