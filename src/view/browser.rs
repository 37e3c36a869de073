//! What the page asks of the browser besides its figures.

use leptos::prelude::{document, window};
use leptos::web_sys::{self, HtmlElement};
use wasm_bindgen::{JsCast, JsValue};

/// The element of an id, emptied: where the page is mounted.
pub(super) fn take_place(id: &str) -> Option<HtmlElement> {
    let place: HtmlElement = document().get_element_by_id(id)?.dyn_into().ok()?;
    place.set_inner_html("");
    Some(place)
}

/// What a worker needs to run this very module: where its script is, and its compiled code.
pub(super) fn own_module() -> JsValue {
    let link = document().query_selector("link[rel=modulepreload]").ok().flatten();
    let script = link.and_then(|link| js_sys::Reflect::get(&link, &"href".into()).ok()).unwrap_or_default();
    let message = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&message, &"script".into(), &script);
    let _ = js_sys::Reflect::set(&message, &"module".into(), &wasm_bindgen::module());
    message.into()
}

/// After a panic: says so, with the link that restores the situation.
pub(super) fn show_panic(what: &str) {
    let Some(body) = document().body() else { return };
    let Ok(notice) = document().create_element("p") else { return };
    notice.set_class_name("panic");
    let _ = notice.set_attribute("role", "alert");
    let text = [
        "Something went wrong in this page; this is a bug in Offcut (",
        what,
        "). Your situation is kept in the address. ",
    ];
    notice.set_text_content(Some(&text.concat()));
    if let Ok(link) = document().create_element("a") {
        let _ = link.set_attribute("href", &window().location().href().unwrap_or_default());
        let _ = link.set_attribute("onclick", "location.reload()");
        link.set_text_content(Some("Open it again"));
        let _ = notice.append_child(&link);
    }
    let _ = body.prepend_with_node_1(&notice);
}

/// Milliseconds since the page began to load.
pub(super) fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// The fragment of the address, `#` included.
pub(super) fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// Puts a fragment into the address: as a new entry of the history, or in place of this one.
pub(super) fn set_fragment(fragment: &str, push: bool) {
    let Ok(history) = window().history() else { return };
    let _ = if push {
        history.push_state_with_url(&JsValue::NULL, "", Some(fragment))
    } else {
        history.replace_state_with_url(&JsValue::NULL, "", Some(fragment))
    };
}

/// A seed that nobody chose: the time, its small digits in front.
pub(super) fn seed() -> u32 {
    let now = js_sys::Date::now() + window().performance().map_or(0.0, |clock| clock.now());
    (now * 1024.0) as u64 as u32 ^ (now as u64 as u32).reverse_bits()
}

/// Asks the workshop for an own network, as a link packs it.
pub(super) fn ask_for(own: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-own", own);
    }
}

/// What the workshop offers.
pub(super) fn offered() -> String {
    let root = document().document_element().map(JsValue::from).unwrap_or_default();
    js_sys::Reflect::get(&root, &"parcel".into()).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// Copies the address to the clipboard.
pub(super) fn copy_address() {
    let href = window().location().href().unwrap_or_default();
    let _ = window().navigator().clipboard().write_text(&href);
}

/// Whether the page is dark now, by choice or by the system.
pub(super) fn is_dark() -> bool {
    let chosen = document().document_element().and_then(|root| root.get_attribute("data-theme"));
    match chosen.as_deref() {
        Some("dark") => true,
        Some("light") => false,
        _ => window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|query| query.matches()),
    }
}

/// Chooses a theme and remembers it where the browser allows.
pub(super) fn set_theme(theme: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", theme);
    }
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item("offcut-theme", theme);
    }
}

/// The first element of a selector.
pub(super) fn element(css: &str) -> Option<web_sys::Element> {
    document().query_selector(css).ok().flatten()
}

/// Sets an attribute; what has it already is left alone, for the browser would lay it out anew.
pub(super) fn set_attribute(element: &web_sys::Element, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value) {
        let _ = element.set_attribute(name, value);
    }
}

/// Gives an element a property of its own, for the studio to read.
pub(super) fn set_property(element: &web_sys::Element, name: &str, value: &str) {
    let _ = js_sys::Reflect::set(element, &name.into(), &value.into());
}

/// Whether the studio has taken over the figures.
pub(super) fn has_studio() -> bool {
    element("main[data-studio]").is_some()
}

/// Puts text into the element of an id.
pub(super) fn put_text(id: &str, text: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        set_text(&element, text);
    }
}

/// Puts text into an element; what says it already is left alone, for the browser would lay it out anew.
pub(super) fn set_text(element: &web_sys::Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Puts markup into the element of an id; texts in it are escaped already.
pub(super) fn put_html(id: &str, html: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.set_inner_html(html);
    }
}

/// The id of the element that an event is about.
pub(super) fn target_id(event: &web_sys::Event) -> String {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.map_or_else(String::new, |element| element.id())
}

/// The value of a control that an event is about.
pub(super) fn control_value(event: &web_sys::Event) -> String {
    let target = event.target();
    let input = target.clone().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
    let select = || target.and_then(|t| t.dyn_into::<web_sys::HtmlSelectElement>().ok());
    input.map(|i| i.value()).or_else(|| select().map(|s| s.value())).unwrap_or_default()
}
