//! One hover for the whole page: point at a tile anywhere and it is lit everywhere.

use super::action::{Action, apply};
use super::browser::{element, has_studio, put_text, set_attribute};
use super::state::State;
use crate::sheet::Sheet;
use leptos::prelude::*;
use leptos::web_sys::{Element, EventTarget};
use wasm_bindgen::JsCast;

/// The path of what an event is about.
fn path_of(target: Option<EventTarget>) -> Option<usize> {
    let element: Element = target?.dyn_into().ok()?;
    element.closest("[data-path]").ok()??.get_attribute("data-path")?.parse().ok()
}

/// Points at the path under an event's target, or at none.
pub(super) fn point(state: State, target: Option<EventTarget>) {
    apply(state, Action::Light(path_of(target)));
}

/// Marks the lit path in every figure, after each change of it or of the figures.
pub(super) fn follow(state: State) {
    Effect::new(move |_| {
        let lit = state.lit.get();
        if let Some(main) = element("main") {
            match lit {
                Some(path) => set_attribute(&main, "data-lit", &path.to_string()),
                None => drop(main.remove_attribute("data-lit")),
            }
        }
        let Some(sheet) = state.sheet.get() else { return };
        let shown = state.shown(&sheet);
        // The figures of a new answer are in the page before the next frame.
        request_animation_frame(move || mark(&sheet, lit, shown));
    });
}

fn mark(sheet: &Sheet, lit: Option<usize>, shown: usize) {
    if has_studio() {
        return;
    }
    each(".lit", |element| {
        let _ = element.class_list().remove_1("lit");
    });
    if let Some(path) = lit {
        each(&format!("[data-path=\"{path}\"]"), |element| {
            let _ = element.class_list().add_1("lit");
        });
    }
    put_text("fusion_note", sheet.captions.get(shown).map_or("", String::as_str));
    if let Some(needs) = sheet.needs.get(shown) {
        each("#fusion .needs", |element| element.set_inner_html(needs));
    }
}

fn each(selector: &str, act: impl Fn(&Element)) {
    let Ok(found) = document().query_selector_all(selector) else { return };
    for index in 0..found.length() {
        if let Some(element) = found.item(index).and_then(|node| node.dyn_into::<Element>().ok()) {
            act(&element);
        }
    }
}
