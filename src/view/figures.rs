//! The answer and the figures: each a title, a note, a legend, and what the worker drew.

use super::state::State;
use crate::sheet::Sheet;
use leptos::prelude::*;

/// A part of the sheet as text, empty before there is one.
fn of(state: State, part: fn(&Sheet) -> String) -> Signal<String> {
    Signal::derive(move || state.sheet.with(|sheet| sheet.as_deref().map_or_else(String::new, part)))
}

/// The makespan, how it compares, and why.
#[component]
pub fn AnswerLine(state: State) -> impl IntoView {
    let labels = ["faster than NFL", "than device only", "than server only"];
    let parts: [fn(&Sheet) -> String; 3] = [|s| s.times[0].clone(), |s| s.times[1].clone(), |s| s.times[2].clone()];
    let times = labels.into_iter().zip(parts).map(|(label, part)| {
        view! { <p class="times"><strong>{of(state, part)}</strong><span>{label}</span></p> }
    });
    view! {
        <section id="answer" aria-label="Answer" aria-live="polite"
            data-makespan-ns=of(state, |s| s.numbers.makespan_ns.to_string())
            data-nfl-ns=of(state, |s| s.numbers.nfl_ns.to_string())
            data-device-only-ns=of(state, |s| s.numbers.device_only_ns.to_string())
            data-server-only-ns=of(state, |s| s.numbers.server_only_ns.to_string())
            data-mw-ns=of(state, |s| s.numbers.mw_ns.to_string())
            data-lower-bound-ns=of(state, |s| s.numbers.lower_bound_ns.to_string())
            data-method=of(state, |s| s.numbers.method.clone())
            data-seed=of(state, |s| s.numbers.seed.to_string())
            data-evaluations=of(state, |s| s.numbers.evaluations.to_string())
            data-request=Signal::derive(move || state.answered.get().to_string())
        >
            <p class="makespan">
                <strong>{of(state, |s| s.makespan[0].clone())}</strong>" "
                <span>{of(state, |s| s.makespan[1].clone())}</span>
            </p>
            {times.collect_view()}
            <p class="times proof">
                <strong>{of(state, |s| s.proof[0].clone())}</strong>
                <span>{of(state, |s| s.proof[1].clone())}</span>
            </p>
            <p class="why">
                {of(state, |s| s.why.clone())}
                <span class="warning">{of(state, |s| s.memory.clone())}</span>
            </p>
        </section>
    }
    .into_any()
}

/// All figures.
#[component]
pub fn Figures(state: State) -> impl IntoView {
    let caption = Signal::derive(move || {
        let sheet = state.sheet.get();
        sheet.and_then(|sheet| sheet.captions.get(state.shown(&sheet)).cloned()).unwrap_or_default()
    });
    let found = of(state, |s| s.convergence[1].clone());
    let order = of(state, |_| "paths in order × stages".to_owned());
    let search = Signal::derive(move || match state.progress.get() {
        Some((evaluations, _)) => ["searching: ", &evaluations.to_string(), " plans so far"].concat(),
        None => found.get(),
    });
    view! {
        <div class="figures">
            {figure("fusion", "Fusion", caption, true, of(state, |s| s.fusion.clone()))}
            {figure("assignment", "Assignment", order, false, of(state, |s| s.assignment.clone()))}
            {figure("timeline", "Timeline", of(state, |s| s.timeline[1].clone()), false, of(state, |s| s.timeline[0].clone()))}
            {figure("comparison", "Comparison", of(state, |s| s.comparison[1].clone()), false, of(state, |s| s.comparison[0].clone()))}
            {figure("convergence", "Search", search, false, of(state, |s| s.convergence[0].clone()))}
        </div>
    }
    .into_any()
}

/// A card with a figure that is drawn anew for every answer.
fn figure(id: &'static str, title: &'static str, note: Signal<String>, legend: bool, svg: Signal<String>) -> AnyView {
    view! {
        <section id=id class="card" aria-label=title>
            <header>
                <h2>{title}</h2>
                <p>{note}</p>
                {legend.then(Legend)}
            </header>
            <div class="figure" inner_html=svg></div>
        </section>
    }
    .into_any()
}

/// What colours and patterns stand for.
#[component]
fn Legend() -> impl IntoView {
    view! {
        <ul class="legend">
            <li class="device">"device"</li>
            <li class="uplink">"uplink"</li>
            <li class="server">"server"</li>
            <li class="halo">"halo"</li>
        </ul>
    }
}
