//! What the studio asks of the browser.

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
pub fn each(css: &str, act: impl Fn(&Element)) {
    let Some(found) = document().and_then(|document| document.query_selector_all(css).ok()) else { return };
    for index in 0..found.length() {
        if let Some(element) = found.item(index).and_then(|node| node.dyn_into::<Element>().ok()) {
            act(&element);
        }
    }
}

/// Sets an attribute of the first element of a selector.
pub fn set_attribute(css: &str, name: &str, value: &str) {
    if let Some(element) = element(css) {
        let _ = element.set_attribute(name, value);
    }
}

/// Puts text into the first element of a selector.
pub fn put_text(css: &str, text: &str) {
    if let Some(element) = element(css) {
        element.set_text_content(Some(text));
    }
}

/// Puts markup into the first element of a selector; texts in it are escaped already.
pub fn put_html(css: &str, html: &str) {
    if let Some(element) = element(css) {
        element.set_inner_html(html);
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
    if let Some(element) = element(css).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Milliseconds since the page began to load.
pub fn now() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// Adds a style sheet, and calls back once it is there, or cannot be had.
pub fn add_style(href: &str, then: &js_sys::Function) {
    let Some(document) = document() else { return };
    let (Some(head), Ok(link)) = (document.head(), document.create_element("link")) else { return };
    let _ = link.set_attribute("rel", "stylesheet");
    let _ = link.set_attribute("href", href);
    let link: HtmlElement = link.unchecked_into();
    link.set_onload(Some(then));
    link.set_onerror(Some(then));
    let _ = head.append_child(&link);
}
