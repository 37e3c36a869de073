//! Listeners that turn the browser's events into actions.

use super::action::{Action, apply};
use crate::dom;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, EventTarget, KeyboardEvent};

/// Listens.
pub fn listen() {
    let Some(window) = dom::window() else { return };
    for event in ["wish", "popstate", "hashchange", "storage"] {
        on(&window, event, |_| apply(Action::Follow));
    }
    let Some(document) = dom::document() else { return };
    on(&document, "click", click);
    on(&document, "keydown", key);
    on(&document, "input", |event| {
        if dom::around(event, "#source").is_some() {
            apply(Action::Type);
        }
    });
    // Scrolling does not bubble.
    let scroll = Closure::<dyn FnMut(Event)>::new(|event: Event| {
        if dom::around(&event, "#source").is_some() {
            dom::scroll_with("#gutter", "#source");
        }
    });
    let listen = scroll.as_ref().unchecked_ref();
    let _ = document.add_event_listener_with_callback_and_bool("scroll", listen, true);
    scroll.forget();
}

fn on(target: &EventTarget, name: &str, act: fn(&Event)) {
    let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| act(&event));
    let _ = target.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    listener.forget();
}

fn click(event: &Event) {
    let attribute = |css: &str, name: &str| dom::around(event, css).and_then(|element| element.get_attribute(name));
    if let Some(what) = attribute("#workshop [data-take]", "data-take") {
        return apply(Action::Take(what));
    }
    if let Some(entries) = attribute("#models [data-entries]", "data-entries") {
        return apply(Action::Open(entries));
    }
    if let Some(column) = attribute("#layers [data-sort]", "data-sort").and_then(|column| column.parse().ok()) {
        return apply(Action::Sort(column));
    }
    if let Some(action) = dom::around(event, "#models [data-do], #workshop [data-do]").and_then(|e| action_of(&e)) {
        return apply(action);
    }
    on_graph(event);
}

/// The graph's own buttons, by click or key; whether there was one.
fn on_graph(event: &Event) -> bool {
    if dom::around(event, "#graph .fold").is_some() {
        apply(Action::Unfold);
        return true;
    }
    let stage = dom::around(event, "#graph .stage").map(|stage| dom::number(&stage, "data-stage"));
    if let Some(stage) = stage {
        apply(Action::Stage(stage));
        return true;
    }
    false
}

fn key(event: &Event) {
    let Some(key) = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key) else { return };
    if matches!(key.as_str(), "Enter" | " ") && on_graph(event) {
        event.prevent_default();
    }
}

fn action_of(element: &Element) -> Option<Action> {
    let of = |name: &str| element.get_attribute(name).unwrap_or_default();
    let at = || dom::number(element, "data-at").unwrap_or(0);
    Some(match of("data-do").as_str() {
        "close" => Action::Close,
        "models" => Action::Models,
        "answer" => Action::Answer,
        "unfold" => Action::Unfold,
        "edit" => Action::Edit,
        "new" => Action::New,
        "use" => Action::Use,
        "leave" => Action::Leave,
        "place" => Action::Place(at()),
        "mend" => Action::Mend(at()),
        "keep" => Action::Keep,
        "keep_part" => Action::KeepPart(of("data-kind")),
        "delete" => Action::Delete(of("data-kind"), of("data-name")),
        "export_kept" => Action::ExportKept,
        "save" => Action::Save,
        "copy_csv" => Action::CopyCsv,
        "copy_markdown" => Action::CopyMarkdown,
        "give_costs" => Action::GiveCosts,
        "apply_times" => Action::ApplyTimes,
        _ => return None,
    })
}
