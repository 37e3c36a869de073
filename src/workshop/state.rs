//! What the workshop knows: the network of the address, how it is looked at, what is being edited.

use super::editor::Editor;
use crate::draw::table::Sorting;
use crate::job::Graph;
use crate::network::Network;
use crate::situation::{Situation, own};
use crate::zoo;
use std::cell::RefCell;

/// A network that is shown.
pub struct Shown {
    /// Which: the entries that links have for it.
    pub key: String,
    /// The network.
    pub network: Network,
    /// Its branches and repeats.
    pub graph: Graph,
}

/// Everything.
#[derive(Default)]
pub struct Workshop {
    /// The network of the address; none until it is asked for.
    pub shown: Option<Shown>,
    /// By which column the table of layers is sorted.
    pub sorting: Option<Sorting>,
    /// Whether repeats of the graph are drawn one by one.
    pub unfolded: bool,
    /// The text being edited.
    pub editor: Option<Editor>,
    /// A file that waits for answers: itself, and its name.
    pub asking: Option<(wasm_bindgen::JsValue, String)>,
    /// Networks that were imported, and what their users have to know.
    pub notes: Vec<(String, Vec<String>)>,
}

thread_local! {
    /// The one state. Borrowed by [`with`] alone.
    static WORKSHOP: RefCell<Workshop> = RefCell::default();
}

/// Does something with the state, where nobody else has it.
pub fn with<T>(act: impl FnOnce(&mut Workshop) -> T) -> Option<T> {
    WORKSHOP.with(|workshop| workshop.try_borrow_mut().ok().map(|mut workshop| act(&mut workshop)))
}

/// The entries that a link has for a situation's network.
pub fn key_of(situation: &Situation) -> String {
    match &situation.own {
        Some(packed) => ["m=", packed].concat(),
        None => ["model=", situation.model].concat(),
    }
}

/// The network of a situation.
///
/// # Errors
/// The link's own network cannot be opened.
pub fn network_of(situation: &Situation) -> Result<Network, String> {
    match &situation.own {
        Some(packed) => own::network(packed).map_err(|error| error.to_string()),
        None => match zoo::build(situation.model) {
            Some(Ok(network)) => Ok(network),
            _ => Err("There is no such network.".to_owned()),
        },
    }
}

impl Workshop {
    /// Shows the network of a situation, if it is not shown already.
    pub fn show(&mut self, situation: &Situation) {
        let key = key_of(situation);
        if self.shown.as_ref().is_some_and(|shown| shown.key == key) {
            return;
        }
        self.sorting = None;
        self.unfolded = false;
        self.shown = network_of(situation).ok().map(|network| {
            let graph = Graph::of(&network);
            Shown { key, network, graph }
        });
    }

    /// What is to be known of the network shown.
    pub fn notes_of(&self, key: &str) -> &[String] {
        self.notes.iter().rev().find(|(of, _)| of == key).map_or(&[], |(_, notes)| notes)
    }
}
