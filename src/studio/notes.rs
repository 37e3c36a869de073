//! Where numbers come from and what they mean: texts that the first load does not carry.

use super::state::Studio;
use crate::dom;
use crate::draw::comparison::{self, Plans};
use crate::platform::presets::ProcessorPreset;
use crate::search::at_most;
use crate::situation::{FIELDS, Situation, meaning};
use crate::zoo;

/// Where the model and its numbers come from.
const READING: &str = "The problem is that of Zhou, Li, Wang, Min and Wu, IEEE TPDS 34(2), 2023 \
    (doi 10.1109/TPDS.2022.3222509), in our own reading: where the open abstract is silent, Offcut decides and says \
    so. Device and server presets are fits to measured latencies; every time here is computed to the nanosecond from \
    them, in your browser.";

/// Puts what never changes into the page: the meaning of each control, and the paper.
pub fn add() {
    for field in FIELDS {
        let control = dom::element(&["#", field.key].concat()).and_then(|control| control.closest("label").ok()?);
        control.iter().for_each(|label| drop(label.set_attribute("title", meaning(field.key))));
    }
    dom::put_text(".reading", READING);
}

/// Tells where the numbers of what is shown come from, and what the comparison's lines mean.
pub fn show(studio: &Studio) {
    let pace = dom::element("#answer").and_then(|answer| dom::number(&answer, "data-plans-per-second"));
    let answer = &studio.answer;
    let task = &studio.task;
    let upper = || Plans { scientific: at_most(&task.space, &task.network).scientific(), is_upper: true };
    let plans = answer.plans.map_or_else(upper, Plans::about);
    let note = comparison::caption(answer) + &comparison::brute_force(plans, pace.unwrap_or(0));
    dom::put_text("#comparison_note", &note);
    let Ok(situation) = Situation::from_fragment(&studio.link) else { return };
    let network = if situation.own.is_some() { "Your own network." } else { zoo::source(situation.model) };
    dom::put_text("#model_source", network);
    dom::put_text("#device_source", &fit(situation.device));
    dom::put_text("#server_source", &fit(situation.server));
    dom::put_text("#network_source", situation.link.source.text());
}

/// Where a processor's numbers come from, and how far off they are.
fn fit(preset: &ProcessorPreset) -> String {
    let percent = |part: f64| (100.0 * part).round() as u32;
    let source = preset.source.text();
    match (preset.mean_error, preset.max_error) {
        (Some(mean), Some(most)) => {
            format!("Off by {} % on average, {} % at most. {source}", percent(mean), percent(most))
        }
        _ => source.to_owned(),
    }
}
