//! The page: state, actions, controls, and the figures that `draw` makes.
//!
//! Entry point: [`start`]. State flows down as signals, intents flow up as [`action::Action`]s. Must
//! not know how plans are found: it asks the worker.

pub mod action;
mod app;
mod browser;
mod figures;
mod panel;
mod planner;
mod state;
mod url;

use leptos::mount::mount_to;

/// Mounts the page in place of its skeleton.
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        browser::show_panic(&info.to_string());
    }));
    let Some(place) = browser::take_place("app") else { return };
    mount_to(place, app::App).forget();
}
