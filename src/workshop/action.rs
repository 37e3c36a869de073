//! Every intent of the user in the workshop, and what it does.

use super::editor::{self, Editor};
use super::kept::{self, Kept};
use super::state::{self, with};
use super::{asks, models, opening, place, report, share, wishes};
use crate::dom;
use crate::draw::layers::layers;
use crate::draw::table::Sorting;
use crate::formats::ModelFile;
use crate::import::{Imported, Options};

/// What the user wants.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The address has changed, or something was wished for.
    Follow,
    /// Show what can be shared.
    Share,
    /// One of the share dialog's files or texts, by name.
    Take(String),
    /// Close the dialog.
    Close,
    /// The Models page.
    Models,
    /// Take the answers to what a file leaves open.
    Answer,
    /// Open something by the entries that links have for it.
    Open(String),
    /// Sort the layers by a column; again for the other direction.
    Sort(usize),
    /// Draw repeats of the graph one by one, or once.
    Unfold,
    /// Point out the layers of a stage, or of none.
    Stage(Option<usize>),
    /// Edit the network shown.
    Edit,
    /// Edit a small network to begin with.
    New,
    /// The text was changed.
    Type,
    /// Open what was typed.
    Use,
    /// Close the editor.
    Leave,
    /// Select where a problem is.
    Place(usize),
    /// Mend a problem.
    Mend(usize),
    /// Keep the network shown in this browser.
    Keep,
    /// Keep a device, server or link with the numbers of its form, by its kind, and use it.
    KeepPart(String),
    /// Delete what is kept, by kind and name.
    Delete(String, String),
    /// Save all that is kept as a file.
    ExportKept,
    /// Save the network's document.
    Save,
    /// Copy the layers as CSV.
    CopyCsv,
    /// Copy the layers as Markdown.
    CopyMarkdown,
    /// Give custom layers the costs that were typed.
    GiveCosts,
    /// Apply the table of measured times that was typed.
    ApplyTimes,
}

/// A network to begin with.
const BEGINNING: &str = r#"{
  "format": "offcut-model/1",
  "name": "My network",
  "input": { "channels": 3, "height": 64, "width": 64 },
  "layers": [
    { "name": "conv1", "op": "conv", "out_channels": 16, "kernel": 3, "padding": 1 },
    { "name": "pool1", "op": "max_pool", "kernel": 2 },
    { "name": "conv2", "op": "conv", "out_channels": 32, "kernel": 3, "padding": 1 },
    { "name": "pool2", "op": "max_pool", "kernel": 2 },
    { "name": "head", "op": "linear", "out_features": 10 }
  ]
}
"#;

/// Does it.
pub fn apply(action: Action) {
    match action {
        Action::Follow => {
            wishes::fulfil();
            models::refresh();
        }
        Action::Share => share::show(),
        Action::Take(what) => share::take(&what),
        Action::Close => report::close(),
        Action::Models => {
            report::close();
            place::go("models");
        }
        Action::Answer => asks::answer(),
        Action::Open(entries) => {
            let edited = with(|workshop| workshop.editor.as_ref().is_some_and(Editor::is_changed));
            if edited == Some(true) {
                dom::say("The editor keeps its text until you use it or leave it.");
            } else {
                leave();
            }
            kept::open(&entries);
        }
        Action::Sort(column) => sort(column),
        Action::Unfold => {
            with(|workshop| workshop.unfolded = !workshop.unfolded);
            models::draw();
        }
        Action::Stage(stage) => models::point_out(stage),
        Action::Edit => {
            let editor = with(|workshop| workshop.shown.as_ref().map(|shown| Editor::of_network(&shown.network)));
            editor.flatten().into_iter().for_each(opening::edit);
        }
        Action::New => opening::edit(Editor::of(BEGINNING.to_owned())),
        Action::Type => typed(),
        Action::Use => use_typed(),
        Action::Leave => {
            leave();
            models::refresh();
        }
        Action::Place(at) => drop(with(|workshop| workshop.editor.as_ref().map(|editor| editor::go_to(editor, at)))),
        Action::Mend(at) => {
            let mended = with(|workshop| workshop.editor.as_ref().and_then(|editor| editor::mend(editor, at)));
            if let Some(text) = mended.flatten() {
                take_text(text);
            }
        }
        Action::Keep => keep(),
        Action::KeepPart(kind) => keep_part(&kind),
        Action::Delete(kind, name) => {
            kept::delete(&kind, &name);
            models::refresh();
        }
        Action::ExportKept => dom::save("offcut-kept.json", "application/json", &kept::export(), ""),
        Action::Save => share::take("model"),
        Action::CopyCsv => copy(|network| layers(network).csv()),
        Action::CopyMarkdown => copy(|network| layers(network).markdown()),
        Action::GiveCosts => give_costs(),
        Action::ApplyTimes => apply_times(),
    }
}

fn copy(text: impl FnOnce(&crate::network::Network) -> String) {
    let text = with(|workshop| workshop.shown.as_ref().map(|shown| text(&shown.network)));
    text.flatten().iter().for_each(|text| dom::copy(text));
}

fn sort(column: usize) {
    with(|workshop| {
        let descending = workshop.sorting.is_some_and(|old| old.column == column && !old.descending);
        workshop.sorting = Some(Sorting { column, descending });
    });
    models::table();
    dom::focus(&format!("#layers [data-sort=\"{column}\"]"));
}

fn leave() {
    with(|workshop| workshop.editor = None);
    Editor::forget();
}

fn typed() {
    if let Some(text) = editor::typed() {
        take_text(text);
    }
}

fn take_text(text: String) {
    with(|workshop| {
        let Some(editor) = workshop.editor.take() else { return };
        let editor = editor.typed(text);
        editor.keep();
        editor::judge(&editor);
        workshop.editor = Some(editor);
    });
    models::draw();
}

fn use_typed() {
    let network = with(|workshop| workshop.editor.as_ref().and_then(|editor| editor.network().cloned())).flatten();
    let Some(network) = network else { return };
    leave();
    place::open_network(&network, place::here());
    models::refresh();
    dom::say(&format!("{} is planned from now on.", network.name()));
}

fn keep() {
    let shown = with(|workshop| {
        let shown = workshop.shown.as_ref()?;
        Some(Kept { kind: "model".to_owned(), name: shown.network.name().to_owned(), entries: shown.key.clone() })
    });
    let Some(mut model) = shown.flatten() else { return };
    if model.name.is_empty() {
        "Unnamed network".clone_into(&mut model.name);
    }
    said(&model);
}

fn said(what: &Kept) {
    match kept::keep(what) {
        Ok(()) => dom::say(&format!("{} is kept in this browser.", what.name)),
        Err(problem) => report::refuse(&what.name, [problem].iter().map(String::as_str)),
    }
    models::refresh();
}

fn keep_part(kind: &str) {
    match models::part(kind) {
        Ok(part) => {
            kept::open(&part.entries);
            said(&part);
        }
        Err(problem) => dom::put_text(&format!("#part_{kind} .warning"), &problem),
    }
}

fn give_costs() {
    let situation = place::here();
    let Ok(network) = state::network_of(&situation) else { return };
    let mut file = ModelFile::of(&network);
    for (name, flops) in models::typed_costs() {
        if let Some(layer) = file.layers.iter_mut().find(|layer| layer.name == name) {
            layer.flops = Some(flops);
        }
    }
    match crate::formats::read_model(&file.to_text()) {
        Ok(network) => {
            place::open_network(&network, situation);
            models::refresh();
        }
        Err(problems) => report::refuse("The costs", problems.to_string().lines()),
    }
}

fn apply_times() {
    let text = models::typed_times();
    match crate::import::read("", &mut text.as_bytes(), &Options::default()) {
        Ok(Imported::Measured(table)) => opening::measured("", &table),
        Ok(_) => report::refuse("The table", ["give a table: layer,device_ms,server_ms"].into_iter()),
        Err(refusal) => report::refuse("The table", refusal.to_string().lines()),
    }
}
