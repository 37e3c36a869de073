//! The answer and the figures: each a title, a note, a legend, and what the worker drew.

use super::state::State;
use crate::sheet::{Sheet, Text};
use leptos::prelude::*;
use leptos::web_sys::Element;

/// A text of the sheet, empty before there is one.
pub(super) fn of(state: State, text: Text) -> Signal<String> {
    Signal::derive(move || {
        state.sheet.with(|sheet| sheet.as_deref().map_or_else(String::new, |s| s.text(text).to_owned()))
    })
}

/// The makespan, how it compares, and why.
#[component]
pub fn AnswerLine(state: State) -> impl IntoView {
    Effect::new(move |_| {
        if let Some(sheet) = state.sheet.get() {
            carry_numbers(&sheet, state.answered.get());
        }
    });
    let times = |text: Text, label: &'static str| {
        view! { <p class="times"><strong>{of(state, text)}</strong><span>{label}</span></p> }
    };
    view! {
        <section id="answer" aria-label="Answer" aria-live="polite">
            <p class="makespan"><strong>{of(state, Text::Makespan)}</strong>" "<span>{of(state, Text::Unit)}</span></p>
            {times(Text::TimesNfl, "faster than NFL")}
            {times(Text::TimesDevice, "than device only")}
            {times(Text::TimesServer, "than server only")}
            <p class="times proof">
                <strong>{of(state, Text::Proof)}</strong>
                <span>{of(state, Text::ProofNote)}</span>
            </p>
            <p class="why">{of(state, Text::Why)}<span class="warning">{of(state, Text::Memory)}</span></p>
        </section>
    }
    .into_any()
}

/// Writes the sheet's numbers into the answer's attributes.
fn carry_numbers(sheet: &Sheet, request: u32) {
    let Some(answer) = document().get_element_by_id("answer") else { return };
    let set = |element: &Element, name: &str, value: &str| {
        let _ = element.set_attribute(&["data-", name].concat(), value);
    };
    for (name, value) in sheet.names.iter().zip(&sheet.values) {
        set(&answer, name, value);
    }
    set(&answer, "request", &request.to_string());
}

/// All figures.
#[component]
pub fn Figures(state: State) -> impl IntoView {
    let caption = Signal::derive(move || {
        let sheet = state.sheet.get();
        sheet.and_then(|sheet| sheet.captions.get(state.shown(&sheet)).cloned()).unwrap_or_default()
    });
    let found = of(state, Text::SearchNote);
    let search = Signal::derive(move || match state.progress.get() {
        Some(evaluations) => ["searching: ", &evaluations.to_string(), " plans so far"].concat(),
        None => found.get(),
    });
    let note = |text| of(state, text);
    let all = [
        ("fusion", "Fusion", caption, Text::Fusion),
        ("assignment", "Assignment", note(Text::AssignmentNote), Text::Assignment),
        ("timeline", "Timeline", note(Text::TimelineNote), Text::Timeline),
        ("comparison", "Comparison", note(Text::ComparisonNote), Text::Comparison),
        ("convergence", "Search", search, Text::Search),
    ];
    let all = all.map(|(id, title, note, figure)| card(id, title, note, of(state, figure)));
    view! { <div class="figures">{all.into_iter().collect::<Vec<_>>()}</div> }.into_any()
}

/// What colours and patterns stand for.
const LEGEND: &str = "<li class=\"device\">device</li><li class=\"uplink\">uplink</li>\
    <li class=\"server\">server</li><li class=\"halo\">halo</li>";

/// A card with a figure that is drawn anew for every answer.
fn card(id: &'static str, title: &'static str, note: Signal<String>, svg: Signal<String>) -> AnyView {
    let legend = if id == "fusion" { LEGEND } else { "" };
    view! {
        <section id=id class="card" aria-label=title>
            <header><h2>{title}</h2><p>{note}</p><ul class="legend" inner_html=legend></ul></header>
            <div class="figure" inner_html=svg></div>
        </section>
    }
    .into_any()
}
