//! The workshop: what is fetched with the first wish that the page cannot fulfil. It opens own networks and files,
//! shows the Models page, keeps things in the browser, and shares them.
//!
//! Entry point: [`start`]. It knows the page by its document alone: the address, the record of the search at `#answer`,
//! the own network that the page asks for (`data-own` of the root) and gets as a `parcel`, and `offcut.wishes`. State
//! changes only in `action::apply`. Must not know how plans are found, nor the page's signals.

mod action;
mod asks;
mod editor;
mod events;
mod kept;
mod models;
mod opening;
mod own;
mod place;
mod reader;
mod report;
mod share;
mod state;
mod wishes;

use action::{Action, apply};

/// In a page: listens, and fulfils what was wished for. In a worker: reads files.
pub fn start() {
    std::panic::set_hook(Box::new(|info| web_sys::console::error_1(&info.to_string().into())));
    if crate::own_worker::is_worker() {
        return reader::serve();
    }
    // Its tables and graphs look as the studio's, which may come later.
    crate::dom::add_style(crate::draw::export::STUDIO_CSS);
    crate::dom::add_style(STYLE);
    events::listen();
    apply(Action::Follow);
}

/// The workshop's own styles, after the studio's; those of its figures are with them.
const STYLE: &str = include_str!("../../static/workshop.css");
