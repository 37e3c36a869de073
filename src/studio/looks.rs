//! What a link says of how the page looks: controls to hide or to lock, the chosen tile, the plan shown; and the
//! address kept at it.

use super::state::{Shown, Studio};
use crate::dom;
use crate::job::Proposal;
use crate::situation::Situation;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The situation of the address, with its looks.
fn here() -> Option<Situation> {
    Situation::from_fragment(&dom::fragment()).ok()
}

/// Hides and locks what the link says, everything else not.
pub fn apply() {
    let Some(situation) = here() else { return };
    dom::each("[data-hidden-by-link]", |element| {
        let _ = element.remove_attribute("data-hidden-by-link");
    });
    for (key, names) in &situation.looks {
        for name in names.split(',') {
            match key.as_str() {
                "hide" => control(name, |element| drop(element.set_attribute("data-hidden-by-link", ""))),
                "lock" => control(name, |element| {
                    dom::each_in(element, "input, select, button", |input| drop(input.set_attribute("disabled", "")));
                    let _ = element.set_attribute("disabled", "");
                }),
                "with" => dom::set_attribute("html", "data-with", name),
                _ => {}
            }
        }
    }
}

/// A control of the situation with its label, or a button of a figure, by its name in links.
fn control(name: &str, act: impl Fn(&Element)) {
    let id = dom::document().and_then(|document| document.get_element_by_id(name));
    match id {
        Some(element) => act(&element.closest("label").ok().flatten().unwrap_or(element)),
        None => dom::each(&format!("[data-act=\"{name}\"]"), act),
    }
}

/// What the address says of the studio's own: chosen tile, plan by hand, step of the search.
fn said(situation: &Situation) -> Vec<(String, String)> {
    let own = situation.looks.iter().filter(|(key, _)| matches!(key.as_str(), "tile" | "p" | "step"));
    own.cloned().collect()
}

/// Takes from the address which tile is chosen and which plan is shown.
pub fn take(studio: &mut Studio) {
    let Some(situation) = here() else { return };
    let of = |key: &str| situation.looks.iter().find(|look| look.0 == key).map(|look| look.1.as_str());
    let number = |key: &str| of(key)?.parse::<usize>().ok();
    match (of("p"), number("step")) {
        (Some(text), _) => match Proposal::read(&studio.task.network, text) {
            Ok(plan) => studio.take_over(plan),
            Err(_) => dom::say("The plan in this link does not fit its network; the planner's own is shown."),
        },
        (None, Some(step)) => studio.show(Shown::Step(step)),
        (None, None) if studio.shown != Shown::Planned => studio.show(Shown::Planned),
        _ => {}
    }
    studio.chosen = number("tile").filter(|&path| path < studio.answer.paths.len());
}

/// Whether the address says what the studio shows.
pub fn are_kept(studio: &Studio) -> bool {
    here().is_none_or(|situation| situation.planned() != studio.link || said(&situation) == studio.looks())
}

/// Keeps the address at what is chosen and shown.
pub fn keep(studio: &Studio) {
    let Some(mut situation) = here() else { return };
    // While the page plans, what the address will say is not known here.
    if situation.planned() != studio.link || dom::element("main[data-state=planning]").is_some() {
        return;
    }
    situation.looks.retain(|(key, _)| !matches!(key.as_str(), "tile" | "p" | "step"));
    situation.looks.extend(studio.looks());
    let fragment = situation.to_fragment();
    if fragment != dom::fragment() {
        dom::open_fragment(&fragment, false);
    }
}

/// Says on an embedded figure where the whole page is.
pub fn lead_home() {
    let Some(mut situation) = here() else { return };
    if situation.route.starts_with("embed") && dom::element("#home").is_none() {
        let body = dom::element("body");
        let _ = body.map(|body| body.insert_adjacent_html("beforeend", "<a id=\"home\">Open in Offcut</a>"));
    }
    situation.route = "plan".to_owned();
    situation.looks = said(&situation);
    let home = dom::element("#home").and_then(|home| home.dyn_into::<HtmlElement>().ok());
    if let Some(home) = home {
        let _ = home.set_attribute("href", &situation.to_fragment());
    }
}
