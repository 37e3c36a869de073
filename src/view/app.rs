//! The Plan page: its markup, and the listeners that turn events into actions.
//!
//! What never changes is written as markup once; what does is put in by effects. A component for each
//! line would outweigh all figures.

use super::action::{Action, apply};
use super::panel;
use super::planner::Planner;
use super::state::State;
use super::{browser, figures, url};
use crate::situation::Situation;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use std::time::Duration;

/// Name, link and theme.
const HEADER: &str = "<a class=\"name\" href=\"#/plan\"><svg viewBox=\"0 0 20 20\" aria-hidden=\"true\">\
    <rect class=\"device\" x=\"1\" y=\"1\" width=\"8\" height=\"8\" rx=\"1.5\"/>\
    <rect class=\"server\" x=\"11\" y=\"1\" width=\"8\" height=\"8\" rx=\"1.5\"/>\
    <rect class=\"device\" x=\"1\" y=\"11\" width=\"8\" height=\"8\" rx=\"1.5\"/>\
    <path class=\"cut\" d=\"M11 11l8 8\"/></svg><h1>Offcut</h1></a>\
    <p class=\"motto\">How to split a neural network between a device and an edge server</p>\
    <div class=\"tools\"><button data-go=\"plan\">Plan</button><button data-go=\"models\">Models</button><button id=\"reset\">Reset</button>\
    <button id=\"theme\">Theme</button><button data-workshop=\"share\">Share…</button>\
    <button id=\"copy_link\" class=\"main\">Copy link</button></div>";

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let state = State::new(Situation::default());
    url::open(state);
    Planner::start(state);
    url::follow(state);
    figures::follow(state);
    panel::follow(state);
    let body = [
        "<header class=\"top\">",
        HEADER,
        "</header><div class=\"page\"><aside class=\"situation\" aria-label=\"Situation\">",
        &panel::controls(),
        "</aside><main>",
        &figures::cards(),
        "<p class=\"reading\"></p></main></div>",
    ];
    view! {
        <div
            inner_html=body.concat()
            on:click=move |event| click(state, &event)
            on:input=move |event| panel::slide(state, &event)
            on:change=move |event| panel::choose(state, &event)
        ></div>
    }
}

fn click(state: State, event: &MouseEvent) {
    // Whatever is clicked may read the address.
    url::keep(state);
    match browser::target_id(event).as_str() {
        "reset" => apply(state, Action::Reset),
        "theme" => apply(state, Action::ToggleTheme),
        "draw_seed" => apply(state, Action::DrawSeed),
        "copy_link" => {
            apply(state, Action::CopyLink);
            browser::put_text("copy_link", "Copied");
            set_timeout(|| browser::put_text("copy_link", "Copy link"), Duration::from_millis(1600));
        }
        _ => {}
    }
}
