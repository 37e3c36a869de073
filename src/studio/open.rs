//! Figures that were saved are opened again by dropping them on the page: each holds its link.

use super::{dom, show};
use crate::draw::export::link_in;
use wasm_bindgen::prelude::*;
use web_sys::DragEvent;

/// No figure is larger, in bytes.
const LARGEST: f64 = 16e6;

/// Opens the link of a figure that was dropped; the user's situation stays where there is none.
pub fn dropped(event: &DragEvent) {
    event.prevent_default();
    let files = event.data_transfer().and_then(|data| data.files());
    let Some(file) = files.and_then(|files| files.get(0)) else { return };
    if file.size() > LARGEST {
        return show::say(&format!("{} is too large for a figure of Offcut (16 MB at most).", file.name()));
    }
    let name = file.name();
    let then = Closure::once_into_js(move |text: JsValue| open(&name, &text.as_string().unwrap_or_default()));
    let text: js_sys::Promise = file.text().unchecked_into();
    // A file that cannot be read is told of by the browser itself.
    if let Ok(method) = js_sys::Reflect::get(&text, &"then".into()) {
        let _ = method.unchecked_into::<js_sys::Function>().call1(&text, &then);
    }
}

fn open(name: &str, text: &str) {
    match link_in(text).as_deref().and_then(|link| link.split_once('#')) {
        Some((_, fragment)) => {
            dom::open_fragment(&format!("#{fragment}"), true);
            show::say(&format!("Opened the situation of {name}."));
        }
        None => show::say(&format!(
            "{name} holds no figure of Offcut: drop an SVG that was saved here. Your situation is unchanged."
        )),
    }
}
