//! The address: what it says, and how another network or situation gets into it.

use crate::dom;
use crate::network::Network;
use crate::situation::{Situation, own};

/// The situation of the address; the first one where it cannot be opened.
pub fn here() -> Situation {
    Situation::from_fragment(&dom::fragment()).unwrap_or_default()
}

/// Whether the Models page is shown.
pub fn is_models() -> bool {
    here().route == "models"
}

/// Opens a situation as a new entry of the history.
pub fn open(situation: &Situation) {
    dom::open_fragment(&situation.to_fragment(), true);
}

/// Opens the situation with an own network in place of the one shown.
pub fn open_network(network: &Network, situation: Situation) -> String {
    let mut situation = situation;
    situation.set_own(&own::packed(network));
    open(&situation);
    super::state::key_of(&situation)
}

/// Opens another page with the situation as it is.
pub fn go(route: &str) {
    let mut situation = here();
    if situation.route != route {
        situation.route = route.to_owned();
        open(&situation);
    }
}

/// The address without its fragment, and the fragment.
pub fn parts() -> (String, String) {
    let href = dom::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let (page, fragment) = href.split_once('#').unwrap_or((&href, ""));
    (page.to_owned(), ["#", fragment].concat())
}
