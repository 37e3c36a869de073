//! Own networks, files, the Models page and sharing, in real browsers.

mod documents;
mod editing;
mod files;
mod keeping;
mod links;
mod models;

use crate::page::Page;
use crate::scenarios::{Scenario, expect};
use crate::session::Result;
use crate::{native, studio};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::path::Path;

/// All scenarios of the workshop.
pub const ALL: [&[Scenario]; 6] = [
    files::SCENARIOS,
    editing::SCENARIOS,
    links::SCENARIOS,
    keeping::SCENARIOS,
    documents::SCENARIOS,
    models::SCENARIOS,
];

/// A small network.
pub const TINY: &str = r#"{
  "format": "offcut-model/1",
  "name": "Tiny <b>& co",
  "input": { "channels": 3, "height": 64, "width": 64 },
  "layers": [
    { "name": "c1", "op": "conv", "out_channels": 16, "kernel": 3, "padding": 1 },
    { "name": "c2", "op": "conv", "out_channels": 16, "kernel": 3, "padding": 1 },
    { "name": "head", "op": "linear", "out_features": 10 }
  ]
}
"#;

/// An event with something in its hands: `arg` is `[event, name, base64]`, or `[event, null, text]`.
const GIVE: &str = "const [kind, name, content] = arg; const held = new DataTransfer(); \
    if (name === null) held.setData('text', content); \
    else held.items.add(new File([Uint8Array.from(atob(content), c => c.charCodeAt(0))], name)); \
    const event = new Event(kind, { bubbles: true, cancelable: true }); \
    Object.defineProperty(event, kind === 'paste' ? 'clipboardData' : 'dataTransfer', { value: held }); \
    document.body.dispatchEvent(event)";

/// A file of `tests/data/onnx`.
pub fn sample(name: &str) -> Result<Vec<u8>> {
    Ok(std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/onnx").join(name))?)
}

/// Drops a file on the page.
pub fn drop_file(page: &Page, name: &str, content: &[u8]) -> Result<()> {
    page.session.run(GIVE, json!(["drop", name, STANDARD.encode(content)]))
}

/// Pastes a text.
pub fn paste(page: &Page, text: &str) -> Result<()> {
    page.session.run(GIVE, json!(["paste", null, text]))
}

/// Loads the page, its studio, and what opens files.
pub fn open(page: &Page, fragment: &str) -> Result<()> {
    studio::open(page, fragment)?;
    page.session.wait("window.offcut.isListening", ())
}

/// Waits for the workshop's dialog; gives its title and text.
pub fn dialog(page: &Page) -> Result<(String, String)> {
    page.session.wait("document.querySelector('#workshop[open] h2')", ())?;
    page.session.value(
        "[document.querySelector('#workshop h2').textContent, document.querySelector('#workshop').innerText]",
        (),
    )
}

/// Presses a button of the workshop.
pub fn press(page: &Page, action: &str) -> Result<()> {
    let css = format!(":is(#models, #workshop[open]) [data-do='{action}']");
    page.session.place(&css)?;
    page.session.click(&css)
}

/// Waits for the plan of an own network, and holds it against the one computed here of the same link.
pub fn expect_own_plan(page: &Page, request: u64) -> Result<String> {
    page.wait_for_plan_after(request)?;
    let link = page.fragment()?;
    expect("an own network in the link", link.contains("&m=") || link.contains("?m="), true)?;
    expect_plan(page, &link)?;
    Ok(link)
}

/// Holds what is shown against the plan of a link.
pub fn expect_plan(page: &Page, link: &str) -> Result<()> {
    let plan = native::plan(link)?;
    expect("makespan", page.answer("makespanNs")?, plan.makespan_ns)?;
    expect("lower bound", page.answer("lowerBoundNs")?, plan.lower_bound_ns)
}

/// Keeps what would be saved or copied, and saves nothing; files are `window.files`, a text is `window.copied`.
pub fn catch(page: &Page) -> Result<()> {
    page.session.run(crate::studio::CATCH, ())
}

/// Has a file of the share dialog; gives its name and text.
pub fn taken(page: &Page, what: &str) -> Result<(String, String)> {
    page.session.run("window.files.length = 0", ())?;
    page.session.click(&format!("#workshop [data-take={what}]"))?;
    page.session.wait("window.files[0]?.text !== undefined && window.files[0].name", ())?;
    page.session.value("[window.files[0].name, window.files[0].text]", ())
}

/// Opens the share dialog.
pub fn share(page: &Page) -> Result<()> {
    page.session.click(".tools [data-workshop=share]")?;
    expect("title", dialog(page)?.0.as_str(), "Share")
}
