//! What is kept in this browser: networks, devices, servers and links, a key of the storage each, as the entries that
//! links have for them. `static/open.js` lists them among the presets.

use super::{place, report};
use crate::dom;
use crate::formats::parse_tree;
use crate::situation::Situation;

/// What files with kept things say of themselves.
pub const FORMAT: &str = "offcut-kept/1";
/// What keys begin with.
const PREFIX: &str = "offcut-kept:";
/// What can be kept, by the ids of the choices.
pub const KINDS: [&str; 4] = ["model", "device", "server", "network"];

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// One of [`KINDS`].
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The entries of its link.
    pub entries: String,
}

/// All of them, by kind and name.
pub fn all() -> Vec<Kept> {
    let Some(storage) = dom::storage() else { return Vec::new() };
    let key = |at: u32| storage.key(at).ok().flatten();
    let mut found: Vec<Kept> = Vec::new();
    for key in (0..storage.length().unwrap_or(0)).filter_map(key) {
        let Some((kind, name)) = key.strip_prefix(PREFIX).and_then(|rest| rest.split_once(':')) else { continue };
        let Ok(Some(entries)) = storage.get_item(&key) else { continue };
        found.push(Kept { kind: kind.to_owned(), name: name.to_owned(), entries });
    }
    let rank = |kept: &Kept| KINDS.iter().position(|kind| *kind == kept.kind);
    let sorted = crate::base::order(found.len(), &|a, b| {
        let (a, b) = (&found[a], &found[b]);
        rank(a).cmp(&rank(b)).then_with(|| a.name.cmp(&b.name))
    });
    sorted.into_iter().map(|at| found[at].clone()).collect()
}

/// Keeps something; what has the same name is replaced.
///
/// # Errors
/// What to do where the browser keeps nothing, or has no room left.
pub fn keep(kept: &Kept) -> Result<(), String> {
    let stored = dom::storage().is_some_and(|storage| storage.set_item(&key(kept), &kept.entries).is_ok());
    tell();
    if stored {
        return Ok(());
    }
    Err(format!(
        "This browser keeps nothing for Offcut, or has no room left: {} is in the address only. Save it as a file, or \
         delete something that is kept.",
        kept.name
    ))
}

/// Deletes one of them.
pub fn delete(kind: &str, name: &str) {
    if let Some(storage) = dom::storage() {
        let _ = storage.remove_item(&[PREFIX, kind, ":", name].concat());
    }
    tell();
}

fn key(kept: &Kept) -> String {
    [PREFIX, &kept.kind, ":", &kept.name].concat()
}

/// The lists of presets change.
fn tell() {
    if let (Some(window), Ok(event)) = (dom::window(), web_sys::Event::new("kept")) {
        let _ = window.dispatch_event(&event);
    }
}

/// All of them as a file.
pub fn export() -> String {
    let mut text = format!("{{\n  \"format\": \"{FORMAT}\",\n  \"kept\": [");
    for (at, kept) in all().iter().enumerate() {
        text += if at > 0 { ",\n    " } else { "\n    " };
        let [kind, name, entries] = [&kept.kind, &kept.name, &kept.entries].map(|text| crate::formats::quoted(text));
        text += &format!("{{ \"kind\": {kind}, \"name\": {name}, \"entries\": {entries} }}");
    }
    text + "\n  ]\n}\n"
}

/// Keeps all that a file holds, each as strictly looked at as a link.
pub fn import(name: &str, text: &str) {
    let tree = parse_tree(text);
    let listed = tree.root.as_ref().and_then(|root| root.get("kept")).map_or(&[][..], |list| list.items());
    let field = |node: &crate::formats::tree::Node, key: &str| node.get(key)?.as_text().map(str::to_owned);
    let mut problems: Vec<String> = tree.problems.iter().map(ToString::to_string).collect();
    let mut count = 0;
    for (at, node) in listed.iter().enumerate() {
        let kept = field(node, "kind").zip(field(node, "name")).zip(field(node, "entries"));
        let Some(((kind, name), entries)) = kept.filter(|((kind, _), _)| KINDS.contains(&kind.as_str())) else {
            problems.push(format!("/kept/{at}: it has no kind, name and entries; take it out"));
            continue;
        };
        let kept = Kept { kind, name, entries };
        match check(&kept).and_then(|()| keep(&kept)) {
            Ok(()) => count += 1,
            Err(problem) => problems.push(format!("/kept/{at}: {problem}")),
        }
    }
    super::models::refresh();
    if problems.is_empty() {
        return dom::say(&format!("{}: {count} kept in this browser.", report::called(name)));
    }
    report::show(
        &format!("{} of {} kept", count, report::called(name)),
        &report::list("problems", problems.iter().map(String::as_str)),
    );
}

fn check(kept: &Kept) -> Result<(), String> {
    let situation = Situation::default().with_entries(&kept.entries).map_err(|error| error.to_string())?;
    super::state::network_of(&situation).map(drop)
}

/// Opens one of them.
pub fn open(entries: &str) {
    match place::here().with_entries(entries) {
        Ok(situation) => place::open(&situation),
        Err(error) => report::refuse("What is kept", [error.to_string()].iter().map(String::as_str)),
    }
}
