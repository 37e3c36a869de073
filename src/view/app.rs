//! The Plan page.

use super::action::{Action, apply};
use super::figures::{AnswerLine, Figures};
use super::panel::SituationPanel;
use super::planner::Planner;
use super::state::State;
use super::{lighting, url};
use leptos::prelude::*;
use std::time::Duration;

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let (situation, problem) = url::first_situation();
    let state = State::new(situation);
    state.bad_link.set(problem);
    Planner::start(state);
    url::follow(state);
    lighting::follow(state);
    view! {
        <Header state/>
        <div class="page">
            <SituationPanel state/>
            <main
                data-state=Signal::derive(move || state.phase().to_owned())
                data-lit=Signal::derive(move || state.lit.get().map(|path| path.to_string()))
                aria-busy=Signal::derive(move || (state.phase() == "planning").to_string())
                on:pointerover=move |event| lighting::point(state, event.target())
                on:pointerleave=move |_| apply(state, Action::Light(None))
                on:focusin=move |event| lighting::point(state, event.target())
            >
                <Notices state/>
                <AnswerLine state/>
                <Figures state/>
                <Reading/>
            </main>
        </div>
    }
}

/// Name, pages, link and theme.
#[component]
fn Header(state: State) -> impl IntoView {
    let copied = RwSignal::new(false);
    let copy = move |_| {
        apply(state, Action::CopyLink);
        copied.set(true);
        set_timeout(move || copied.set(false), Duration::from_millis(1600));
    };
    view! {
        <header class="top">
            <a class="name" href="#/plan">
                <svg viewBox="0 0 20 20" aria-hidden="true">
                    <rect class="device" x="1" y="1" width="8" height="8" rx="1.5"/>
                    <rect class="server" x="11" y="1" width="8" height="8" rx="1.5"/>
                    <rect class="device" x="1" y="11" width="8" height="8" rx="1.5"/>
                    <path class="cut" d="M11 11l8 8"/>
                </svg>
                <h1>"Offcut"</h1>
            </a>
            <p class="motto">"How to split a neural network between a device and an edge server"</p>
            <div class="tools">
                <button id="reset" on:click=move |_| apply(state, Action::Reset)>"Reset"</button>
                <button id="copy_link" class="main" on:click=copy>
                    {move || if copied.get() { "Copied" } else { "Copy link" }}
                </button>
                <button id="theme" on:click=move |_| apply(state, Action::ToggleTheme)>"Theme"</button>
            </div>
        </header>
    }
}

/// What could not be opened or planned.
#[component]
fn Notices(state: State) -> impl IntoView {
    let notice = |text: String| view! { <p class="notice" role="alert">{text}</p> };
    view! {
        {move || state.bad_link.get().map(|problem| notice(format!("{problem} Your own situation is unchanged.")))}
        {move || state.failure.get().map(notice)}
    }
}

/// Where the model and its numbers come from.
#[component]
fn Reading() -> impl IntoView {
    view! {
        <p class="reading">
            "The problem is that of Zhou, Li, Wang, Min and Wu, IEEE TPDS 34(2), 2023 (doi 10.1109/TPDS.2022.3222509), in our own reading: "
            "where the open abstract is silent, Offcut decides and says so. Device and server presets are fits to measured latencies; every time here is computed to the nanosecond from them, in your browser."
        </p>
    }
}
