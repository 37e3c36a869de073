//! What studio and workshop ask of the browser.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Event, HtmlElement, Window};

/// The window; there is one, for the studio runs in a page.
pub fn window() -> Option<Window> {
    web_sys::window()
}

/// Its document.
pub fn document() -> Option<Document> {
    window()?.document()
}

/// The first element of a selector.
pub fn element(css: &str) -> Option<Element> {
    document()?.query_selector(css).ok().flatten()
}

/// Does something with every element of a selector.
pub fn each(css: &str, act: impl FnMut(&Element)) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        each_in(&root, css, act);
    }
}

/// Does something with every element of a selector inside another.
pub fn each_in(around: &Element, css: &str, mut act: impl FnMut(&Element)) {
    let Ok(found) = around.query_selector_all(css) else { return };
    for index in 0..found.length() {
        if let Some(element) = found.item(index).and_then(|node| node.dyn_into::<Element>().ok()) {
            act(&element);
        }
    }
}

/// Sets an attribute of the first element of a selector; what has it already is left alone, for the browser would lay it
/// out anew.
pub fn set_attribute(css: &str, name: &str, value: &str) {
    if let Some(element) = element(css).filter(|element| element.get_attribute(name).as_deref() != Some(value)) {
        let _ = element.set_attribute(name, value);
    }
}

/// Puts text into the first element of a selector; what says it already is left alone.
pub fn put_text(css: &str, text: &str) {
    if let Some(element) = element(css).filter(|element| element.text_content().as_deref() != Some(text)) {
        element.set_text_content(Some(text));
    }
}

/// Puts markup into the first element of a selector; texts in it are escaped already.
pub fn put_html(css: &str, html: &str) {
    if let Some(element) = element(css) {
        element.set_inner_html(html);
    }
}

/// Puts an element of an id at the end of the page, where there is none yet.
pub fn add_once(id: &str, html: &str) {
    if let Some(body) = element("body").filter(|_| element(&format!("#{id}")).is_none()) {
        let _ = body.insert_adjacent_html("beforeend", html);
    }
}

/// A property that the page gave an element.
pub fn property(css: &str, name: &str) -> Option<String> {
    let element = element(css)?;
    js_sys::Reflect::get(&element, &name.into()).ok()?.as_string()
}

/// The element that an event is about, or the one around it that fits a selector.
pub fn around(event: &Event, css: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(css).ok().flatten()
}

/// A number in an attribute.
pub fn number<T: std::str::FromStr>(element: &Element, name: &str) -> Option<T> {
    element.get_attribute(name)?.parse().ok()
}

/// Focuses the first element of a selector.
pub fn focus(css: &str) {
    // Marks of drawings are no HTML elements, but are focused in the same way.
    if let Some(element) = element(css) {
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}

/// Milliseconds since the page began to load.
pub fn now() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// Adds styles, unless they are there: whoever needs those of others may come first.
pub fn add_style(css: &str) {
    let mut is_there = false;
    each("head style", |style| is_there |= style.text_content().is_some_and(|known| known == css));
    let Some(document) = document().filter(|_| !is_there) else { return };
    if let (Some(head), Ok(style)) = (document.head(), document.create_element("style")) {
        style.set_text_content(Some(css));
        let _ = head.append_child(&style);
    }
}

/// Whether a media query matches.
pub fn matches(query: &str) -> bool {
    window().and_then(|window| window.match_media(query).ok().flatten()).is_some_and(|query| query.matches())
}

/// Calls back after so many milliseconds.
pub fn later(ms: i32, act: impl FnOnce() + 'static) {
    let act = wasm_bindgen::closure::Closure::once_into_js(act);
    if let Some(window) = window() {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(act.unchecked_ref(), ms);
    }
}

/// The fragment of the address, `#` included.
pub fn fragment() -> String {
    window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Opens another fragment, as a new entry of the history or in place of this one; the page follows.
pub fn open_fragment(fragment: &str, push: bool) {
    let Some(window) = window() else { return };
    let Ok(history) = window.history() else { return };
    let null = wasm_bindgen::JsValue::NULL;
    let _ = match push {
        true => history.push_state_with_url(&null, "", Some(fragment)),
        false => history.replace_state_with_url(&null, "", Some(fragment)),
    };
    if let Ok(event) = Event::new("popstate") {
        let _ = window.dispatch_event(&event);
    }
}

/// Width of the window, in pixels.
pub fn width() -> f64 {
    window().and_then(|window| window.inner_width().ok()?.as_f64()).unwrap_or(0.0)
}

/// Says something in passing.
pub fn say(text: &str) {
    add_once("said", "<p id=\"said\" role=\"status\"></p>");
    put_text("#said", text);
    let said = text.to_owned();
    later(4000, move || {
        // Nothing newer is taken away.
        if element("#said").and_then(|place| place.text_content()).is_some_and(|now| now == said) {
            put_text("#said", "");
        }
    });
}

/// Scrolls one element as far down as another.
pub fn scroll_with(follower: &str, leader: &str) {
    if let (Some(follower), Some(leader)) = (element(follower), element(leader)) {
        follower.set_scroll_top(leader.scroll_top());
    }
}

/// What the browser keeps for this page; none where it is switched off.
pub fn storage() -> Option<web_sys::Storage> {
    window()?.local_storage().ok()?
}

/// Copies text to the clipboard, and says so.
pub fn copy(text: &str) {
    if let Some(window) = window() {
        let _ = window.navigator().clipboard().write_text(text);
        say("Copied.");
    }
}

/// Saves text as a file, and says so, with a note.
pub fn save(name: &str, kind: &str, content: &str, note: &str) {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&js_sys::JsString::from(content));
    if let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options) {
        save_blob(name, &blob, note);
    }
}

/// Saves what the browser holds as a file, and says so, with a note.
pub fn save_blob(name: &str, blob: &web_sys::Blob, note: &str) {
    let Ok(address) = web_sys::Url::create_object_url_with_blob(blob) else { return };
    let anchor = document().and_then(|document| document.create_element("a").ok());
    if let Some(anchor) = anchor.and_then(|anchor| anchor.dyn_into::<web_sys::HtmlAnchorElement>().ok()) {
        anchor.set_href(&address);
        anchor.set_download(name);
        anchor.click();
    }
    let _ = web_sys::Url::revoke_object_url(&address);
    say(&format!("Saved as {name}.{note}"));
}

/// A name as that of a file.
pub fn file_name(name: &str) -> String {
    name.to_ascii_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// Scrolls the list around an element so far that it is seen; the page stays where it is.
pub fn reveal(element: &Element) {
    if let (Ok(Some(list)), Some(row)) = (element.closest(".table"), element.dyn_ref::<HtmlElement>()) {
        list.set_scroll_top((row.offset_top() - list.client_height() / 3).max(0));
    }
}
