//! Files and texts opened: whatever they are, they end as a link, or leave everything as it was.

use super::editor::Editor;
use super::reader::{self, Read};
use super::{asks, kept, place, report, state};
use crate::dom;
use crate::draw::escaped;
use crate::formats::{self, read_model};
use crate::import::{Options, Table};
use crate::opened::open_plan;
use crate::situation::{Situation, own};
use wasm_bindgen::JsValue;
use web_sys::File;

/// Opens a file.
pub fn file(file: &File) {
    let name = file.name();
    if name.to_ascii_lowercase().ends_with(".data") {
        return dom::say(&format!("{name} holds weights, which Offcut does not need."));
    }
    read(file, &name, &Options::default());
}

/// Opens a text that was pasted or dropped: a document, a table, or a link.
pub fn text(text: &str) {
    let text = text.trim();
    match text.find("#/") {
        Some(at) if !text.contains(char::is_whitespace) => link("", &text[at..]),
        _ => read(&text.into(), "", &Options::default()),
    }
}

/// Has a file or a text read, and opens what it holds.
pub fn read(what: &JsValue, name: &str, options: &Options) {
    let (source, called) = (what.clone(), name.to_owned());
    reader::ask(what, name, options, move |read| opened(&source, &called, read));
}

fn opened(what: &JsValue, name: &str, read: Read) {
    match read {
        Read::Model(text, notes) => model(name, &text, notes),
        Read::Scenario(text) => scenario(name, &text),
        Read::Plan(text) => plan(name, &text),
        Read::Measured(table) => measured(name, &table),
        Read::Link(fragment) => link(name, &fragment),
        Read::Refused { text: Some(text), .. } if text.contains(kept::FORMAT) => kept::import(name, &text),
        Read::Refused { text: Some(text), .. } => {
            place::go("models");
            edit(Editor::of(text));
        }
        Read::Refused { asks, .. } if !asks.is_empty() => asks::ask(what, name, &asks),
        Read::Refused { problems, .. } => report::refuse(name, problems.iter().map(String::as_str)),
    }
}

/// Opens the editor on the Models page.
pub fn edit(editor: Editor) {
    state::with(|workshop| workshop.editor = Some(editor));
    super::models::refresh();
    dom::focus("#source");
}

fn model(name: &str, text: &str, notes: Vec<String>) {
    let network = match read_model(text) {
        Ok(network) => network,
        Err(problems) => return report::refuse(name, [problems.to_string()].iter().map(String::as_str)),
    };
    let key = place::open_network(&network, place::here());
    let layers = network.layers().len();
    dom::say(&format!("Opened {}: {layers} layers.", network.name()));
    if !notes.is_empty() {
        let html = report::list("notes", notes.iter().map(String::as_str));
        let html = html
            + "<p class=\"buttons\"><button data-do=\"models\">See it layer by layer</button>\
            <button class=\"main\" data-do=\"close\">Fine</button></p>";
        state::with(|workshop| workshop.notes.push((key, notes)));
        report::show(&format!("Opened {}", network.name()), &html);
    }
    super::models::refresh();
}

/// Keeps the page that is shown, unless a figure stands alone.
fn here_with(mut situation: Situation) -> Situation {
    let route = place::here().route;
    if !route.starts_with("embed") {
        situation.route = route;
    }
    situation
}

fn scenario(name: &str, text: &str) {
    let opened = formats::read_scenario(text).and_then(|scenario| own::of_scenario(&scenario));
    match opened {
        Ok(situation) => {
            place::open(&here_with(situation));
            dom::say(&format!("{}: opened.", report::called(name)));
        }
        Err(problems) => refuse(name, &problems.to_string()),
    }
}

fn refuse(name: &str, problems: &str) {
    report::refuse(name, problems.lines());
}

fn plan(name: &str, text: &str) {
    let opened = open_plan(text).and_then(|plan| {
        let situation = own::of_scenario(&plan.scenario).map_err(|mut problems| {
            problems.0.iter_mut().for_each(|problem| problem.pointer.insert_str(0, "/scenario"));
            problems
        })?;
        Ok((situation, plan))
    });
    let (mut situation, plan) = match opened {
        Ok(opened) => opened,
        Err(error) => return refuse(name, &error.to_string()),
    };
    let mut html = String::new();
    match &plan.plan {
        Ok(text) => situation.looks.push(("p".to_owned(), text.clone())),
        Err(error) => html += &format!("<p>Its plan cannot be shown: {}.</p>", escaped(error)),
    }
    place::open(&here_with(situation));
    let found = plan.disagreements.len();
    if found == 0 && html.is_empty() {
        let ns = crate::draw::units::grouped(plan.makespan_ns);
        return dom::say(&format!("{}: recomputed, all agrees: {ns} ns.", report::called(name)));
    }
    let lines: Vec<String> = plan.disagreements.iter().map(ToString::to_string).collect();
    html += &format!(
        "<p>Recomputed from its scenario, blocks, order and cuts, {found} of its claims came out otherwise:</p>"
    );
    html += &report::list("problems", lines.iter().map(String::as_str));
    report::show(&format!("{} disagrees", report::called(name)), &html);
}

/// Gives the network shown the times of a table.
pub fn measured(name: &str, table: &Table) {
    let situation = place::here();
    let network = match state::network_of(&situation) {
        Ok(network) => network,
        Err(error) => return refuse(name, &error),
    };
    let applied = table.apply(&network);
    let matched = table.rows.len() - applied.unknown_rows.len();
    let missing = applied.unmeasured_layers.len();
    let summary =
        format!("{matched} of {} layers of {} have measured times now.", network.layers().len(), network.name());
    if matched > 0 {
        match read_model(&applied.model.to_text()) {
            Ok(network) => drop(place::open_network(&network, situation)),
            Err(problems) => return refuse(name, &problems.to_string()),
        }
    }
    super::models::refresh();
    if applied.unknown_rows.is_empty() && missing == 0 {
        return dom::say(&summary);
    }
    let mut html = format!("<p>{}</p>", escaped(&summary));
    if !applied.unknown_rows.is_empty() {
        let row = |(row, meant): &(String, Option<String>)| match meant {
            Some(meant) => format!("{row}: did you mean {meant}?"),
            None => row.clone(),
        };
        let rows: Vec<String> = applied.unknown_rows.iter().map(row).collect();
        html += &format!("<p>Rows whose layer the network does not have: {}</p>", rows.len());
        html += &report::list("problems", rows.iter().map(String::as_str));
    }
    if missing > 0 {
        html += &format!("<p>Layers without a row, which keep the cost formula: {missing}</p>");
        html += &report::list("notes", applied.unmeasured_layers.iter().map(String::as_str));
    }
    report::show("Measured times", &html);
}

fn link(name: &str, fragment: &str) {
    match Situation::from_fragment(fragment) {
        Ok(situation) => {
            place::open(&here_with(situation));
            dom::say(&format!("{}: its situation is opened.", report::called(name)));
        }
        Err(error) => refuse(name, &error.to_string()),
    }
}
