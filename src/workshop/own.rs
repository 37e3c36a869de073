//! Gives the page the own network that it asks for.

use crate::situation::own;
use crate::{dom, parcel};
use web_sys::Event;

/// Answers `data-own` of the root with its property `parcel` and an event of that name.
pub fn offer() {
    let Some(root) = dom::element("html") else { return };
    let Some(packed) = root.get_attribute("data-own") else { return };
    let _ = root.remove_attribute("data-own");
    let parcel = match own::network(&packed) {
        Ok(network) => parcel::write(&network),
        Err(error) => ["!", &error.to_string()].concat(),
    };
    let offer = [&packed, "\n", &parcel].concat();
    let _ = js_sys::Reflect::set(&root, &"parcel".into(), &offer.into());
    if let (Some(window), Ok(event)) = (dom::window(), Event::new("parcel")) {
        let _ = window.dispatch_event(&event);
    }
}
