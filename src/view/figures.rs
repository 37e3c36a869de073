//! The answer and the figures: each a title, a note, a legend, and what the worker drew.

use super::browser::{element, has_studio, now, put_html, put_text, set_attribute, set_property};
use super::state::State;
use crate::draw::escaped;
use crate::sheet::{Sheet, Text, makespan};
use leptos::prelude::*;

/// Id and title of every card, the text of its note, and its figure, where the page has them itself; the search's curve
/// and what the comparison's lines mean come with the studio.
const CARDS: [(&str, &str, Option<Text>, Option<Text>); 5] = [
    ("fusion", "Fusion", Some(Text::FusionNote), Some(Text::Fusion)),
    ("assignment", "Assignment", Some(Text::AssignmentNote), Some(Text::Assignment)),
    ("timeline", "Timeline", Some(Text::TimelineNote), Some(Text::Timeline)),
    ("comparison", "Comparison", None, Some(Text::Comparison)),
    ("convergence", "Search", Some(Text::SearchNote), None),
];

/// What colours and patterns stand for.
const LEGEND: &str = "<ul class=\"legend\"><li class=\"device\">device</li><li class=\"uplink\">uplink</li>\
    <li class=\"server\">server</li><li class=\"halo\">halo</li></ul>";

/// The answer's places and the cards, all empty.
pub(super) fn cards() -> String {
    let mut html = "<div id=\"notices\"></div><section id=\"answer\" aria-label=\"Answer\" aria-live=\"polite\">\
        </section><div class=\"figures\">"
        .to_owned();
    for (id, title, ..) in CARDS {
        let legend = if id == "fusion" { LEGEND } else { "" };
        let note = ["<p id=\"", id, "_note\"></p>"].concat();
        // What the comparison's lines mean takes sentences: they stand below it.
        let (above, below) = if id == "comparison" { ("<p>inference time</p>", &*note) } else { (&*note, "") };
        let head = ["<section id=\"", id, "\" class=\"card\" aria-label=\"", title, "\"><header><h2>", title, "</h2>"];
        let body = [above, legend, "</header><div class=\"figure\" id=\"", id, "_figure\"></div>", below, "</section>"];
        html += &(head.concat() + &body.concat());
    }
    html + "</div>"
}

/// Keeps answer, figures and notices at what the state says.
pub(super) fn follow(state: State) {
    Effect::new(move |_| {
        let request = state.answered.get();
        if let Some(sheet) = state.sheet.get() {
            show(&sheet, request);
        }
    });
    // The time comes first: whoever moves a slider sees it at once, the plan a moment later.
    Effect::new(move |_| {
        let Some((ns, answer)) = state.proven.get().zip(element("#answer")) else { return };
        if let Some(place) = element("#answer .makespan") {
            place.set_inner_html(&makespan(ns));
        }
        set_attribute(&answer, "data-proven-ns", &ns.to_string());
    });
    Effect::new(move |_| {
        let phase = state.phase();
        if let Some(main) = element("main") {
            set_attribute(&main, "data-state", phase);
            set_attribute(&main, "aria-busy", if phase == "planning" { "true" } else { "false" });
        }
    });
    Effect::new(move |_| {
        if let Some(evaluations) = state.progress.get() {
            let text = ["searching: ", &evaluations.to_string(), " plans so far"].concat();
            put_text("convergence_note", &text);
        }
    });
    Effect::new(move |_| {
        let notice = |text: &str| ["<p class=\"notice\" role=\"alert\">", &escaped(text), "</p>"].concat();
        let bad_link = state.bad_link.get().map(|problem| notice(&(problem + " Your own situation is unchanged.")));
        let failure = state.failure.get().map(|problem| notice(&problem));
        put_html("notices", &(bad_link.unwrap_or_default() + &failure.unwrap_or_default()));
    });
}

fn show(sheet: &Sheet, request: u32) {
    put_html("answer", sheet.text(Text::Answer));
    // Once the studio is there, the figures are its own; all but the comparison.
    let figures = if has_studio() { &CARDS[3..4] } else { &CARDS[..] };
    for (id, _, note, figure) in figures {
        if let Some(figure) = figure {
            put_html(&[*id, "_figure"].concat(), sheet.text(*figure));
        }
        if let Some(note) = note {
            put_text(&[*id, "_note"].concat(), sheet.text(*note));
        }
    }
    // Last, for whoever waits for the answer looks at these.
    let Some(answer) = element("#answer") else { return };
    for (name, value) in sheet.names.iter().zip(&sheet.values) {
        set_attribute(&answer, &["data-", name].concat(), value);
    }
    set_property(&answer, "record", &sheet.record.join("\n"));
    set_attribute(&answer, "data-shown-ms", &(now() as u32).to_string());
    set_attribute(&answer, "data-request", &request.to_string());
}
