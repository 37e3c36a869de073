//! What was wished for: words, files and texts, in the order in which they came.

use super::action::{Action, apply};
use super::{opening, own};
use crate::dom;
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

/// Takes all wishes and fulfils them.
pub fn fulfil() {
    own::offer();
    for wish in taken().iter() {
        if let Some(word) = wish.as_string() {
            if word == "share" {
                apply(Action::Share);
            }
        } else if let Some(file) = wish.dyn_ref::<File>() {
            opening::file(file);
        } else if let Some(text) = Reflect::get(&wish, &"text".into()).ok().and_then(|text| text.as_string()) {
            opening::text(&text);
        }
    }
}

fn taken() -> Array {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
    let wishes = dom::window().and_then(|window| get(&get(&window, "offcut")?, "wishes"));
    let Some(wishes) = wishes.and_then(|wishes| wishes.dyn_into::<Array>().ok()) else { return Array::new() };
    let taken = wishes.slice(0, wishes.length());
    wishes.set_length(0);
    taken
}
