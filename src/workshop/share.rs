//! Sharing: the link, its QR code, the documents, and the command that gives the same bytes.

use super::{place, report, state};
use crate::dom;
use crate::draw::{escaped, qr};
use crate::formats::ModelFile;
use crate::job::{Searched, recorded};
use crate::situation::own;

/// Messengers and mail programs cut longer links, or make no link of them.
const COMFORTABLE: usize = 2000;
/// Systems take no longer argument of a command.
const LONGEST_ARGUMENT: usize = 100_000;

/// What the dialog hands out: names, labels.
const TAKES: [(&str, &str); 4] = [
    ("scenario", "Scenario (JSON)"),
    ("plan", "Plan (JSON)"),
    ("model", "Network (JSON)"),
    ("command", "Copy as command"),
];

/// Opens the dialog.
pub fn show() {
    let (page, fragment) = place::parts();
    let link = [page.as_str(), &fragment].concat();
    let mut html = format!(
        "<label class=\"ask whole\"><span>Link to what you see</span><input id=\"share_link\" readonly value=\"{}\"></label><p class=\"buttons\"><button class=\"main\" data-take=\"link\">Copy the link</button></p>",
        escaped(&link)
    );
    let letters = crate::draw::units::grouped(link.len() as u64);
    html += &if link.len() > COMFORTABLE {
        format!(
            "<p class=\"warning\" id=\"share_length\">The link has {letters} characters, more than common messengers keep whole (about 2,000). Send the scenario file instead: dropped on the page, it opens the same.</p>"
        )
    } else {
        format!(
            "<p class=\"hint\" id=\"share_length\">{letters} characters; the whole situation is in it, no server keeps anything.</p>"
        )
    };
    html += &qr::svg(&link, "QR code of this link").unwrap_or_else(|| {
        "<p class=\"hint\" id=\"no_qr\">Too long for a QR code that a phone could read from a slide.</p>".to_owned()
    });
    html += "<p class=\"buttons\">";
    for (name, label) in TAKES {
        html += &format!("<button data-take=\"{name}\">{label}</button>");
    }
    report::show("Share", &(html + "</p><p class=\"hint\" id=\"share_command\"></p>"));
}

/// Hands one of them out.
pub fn take(what: &str) {
    let taken = match what {
        "link" => {
            let (page, fragment) = place::parts();
            dom::copy(&[page, fragment].concat());
            Ok(())
        }
        "command" => command(),
        "model" => model(),
        "scenario" => scenario(),
        _ => plan(),
    };
    if let Err(problem) = taken {
        dom::say(&problem);
    }
}

fn scenario() -> Result<(), String> {
    let file = own::scenario(&place::here()).map_err(|error| error.to_string())?;
    let network = file.resolve().map_err(|error| error.to_string())?.network;
    let name = format!("{}.scenario.json", dom::file_name(network.name()));
    dom::save(&name, "application/json", &file.to_text(), "");
    Ok(())
}

fn model() -> Result<(), String> {
    let network = state::network_of(&place::here())?;
    let name = format!("{}.json", dom::file_name(network.name()));
    dom::save(&name, "application/json", &ModelFile::of(&network).to_text(), "");
    Ok(())
}

/// The plan that the page shows, as the search left it.
fn plan() -> Result<(), String> {
    let record = dom::property("#answer", "record").unwrap_or_default();
    let mut lines = record.lines();
    let link = lines.next().unwrap_or_default();
    if link != place::here().planned() {
        return Err("The plan is not there yet.".to_owned());
    }
    let file = own::scenario(&place::here()).map_err(|error| error.to_string())?;
    let scenario = file.resolve().map_err(|error| error.to_string())?;
    let texts: Vec<String> = lines.skip(1).map(str::to_owned).collect();
    let searched = Searched::from_texts(&scenario.network, &texts).map_err(|error| error.to_string())?;
    let plan = recorded(&scenario, &searched, scenario.search.method).map_err(|error| error.brief())?;
    let name = format!("{}.plan.json", dom::file_name(scenario.network.name()));
    dom::save(&name, "application/json", &plan.to_text(), "");
    Ok(())
}

fn command() -> Result<(), String> {
    let planned = place::here().planned();
    let (command, note) = if planned.len() < LONGEST_ARGUMENT {
        (format!("offcut plan '{planned}'"), "Its output is the plan document, byte for byte.")
    } else {
        (
            "offcut plan scenario.json".to_owned(),
            "The link is too long for a command: save the scenario, and give its name.",
        )
    };
    dom::copy(&command);
    let shown: String = command.chars().take(300).collect();
    let more = if shown.len() < command.len() { "…" } else { "" };
    dom::put_html("#share_command", &format!("<code>{}{more}</code> {note}", escaped(&shown)));
    Ok(())
}
