//! The editor of model documents.

use super::{TINY, expect_own_plan, open, press};
use crate::hands::key;
use crate::page::Page;
use crate::scenarios::{Scenario, expect};
use crate::session::Result;
use crate::studio::{count, text};

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "workshop_edit", play: edit },
    Scenario { name: "workshop_draft_survives", play: draft },
    Scenario { name: "workshop_two_thousand_layers", play: many_layers },
];

/// Opens the editor with a network to begin with.
fn begin(page: &Page) -> Result<()> {
    open(page, "#/models?v=1&model=alexnet")?;
    page.session.wait("document.querySelector('#layers tbody tr')", ())?;
    press(page, "new")?;
    page.session.wait("document.querySelector('#source')?.value.includes('offcut-model/1')", ())
}

/// Puts a text into the editor as if it were typed.
const TYPE: &str = "const source = document.querySelector('#source'); source.value = arg; \
    source.dispatchEvent(new Event('input', { bubbles: true }))";

/// Errors at their lines while typing, a mend by a click, its undo, and the network planned.
fn edit(page: &Page) -> Result<()> {
    begin(page)?;
    expect("nothing wrong", count(page, "#wrong li")?, 0)?;
    page.session
        .run(TYPE, TINY.replace("\"op\": \"linear\"", "\"op\": \"liner\"").replace("c2\", \"op\"", "c2\", \"opp\""))?;
    page.session.wait("document.querySelectorAll('#wrong li').length >= 2", ())?;
    let wrong = text(page, "#wrong")?;
    expect(&wrong, wrong.contains("line 7") && wrong.contains("line 8"), true)?;
    expect("lines marked", text(page, "#gutter b")?.as_str(), "7")?;
    expect("use", page.session.value("document.querySelector('#use').disabled", ())?, true)?;
    let drawn = text(page, "#graph")?;
    expect("drawn up to there", drawn.contains("cannot be read") || drawn.contains("opp"), true)?;
    while count(page, "#wrong [data-do=mend]")? > 0 {
        let before = count(page, "#wrong li")?;
        press(page, "mend")?;
        page.session.wait("document.querySelectorAll('#wrong li').length < arg", before as u64)?;
    }
    expect("mended", page.session.value("document.querySelector('#source').value", ())?, TINY.to_owned())?;
    // A mend is like typing: it can be taken back.
    page.session.focus("#source")?;
    page.session.chord(&[key::CONTROL], 'z')?;
    page.session.wait("document.querySelectorAll('#wrong li').length > 0", ())?;
    page.session.run(TYPE, TINY)?;
    page.session.wait("!document.querySelector('#use').disabled", ())?;
    let request = page.request()?;
    press(page, "use")?;
    expect_own_plan(page, request)?;
    page.session.wait("document.querySelector('#editor').hidden", ())?;
    expect("title", text(page, "#about h2")?.as_str(), "Tiny <b>& co")
}

/// A reload loses nothing that was typed.
fn draft(page: &Page) -> Result<()> {
    begin(page)?;
    page.session.run(TYPE, "{ \"format\": \"offcut-model/1\", \"half\"")?;
    page.session.wait("document.querySelectorAll('#wrong li').length > 0", ())?;
    page.session.reload()?;
    page.wait_until_ready()?;
    page.session.wait("document.querySelector('#source')?.value.endsWith('\"half\"')", ())?;
    press(page, "leave")?;
    page.session.wait("document.querySelector('#editor').hidden", ())?;
    page.session.reload()?;
    page.wait_until_ready()?;
    page.session.wait("document.querySelector('#layers tbody tr')", ())?;
    expect("forgotten", count(page, "#source")?, 0)
}

/// The largest network that there may be is opened, drawn, sorted and planned.
fn many_layers(page: &Page) -> Result<()> {
    let layer = |at: u32| {
        format!("{{ \"name\": \"l{at}\", \"op\": \"conv\", \"out_channels\": 4, \"kernel\": 3, \"padding\": 1 }}")
    };
    let layers: Vec<String> = (0..2000).map(layer).collect();
    let model = format!(
        "{{\"format\":\"offcut-model/1\",\"name\":\"Long\",\"input\":{{\"channels\":4,\"height\":16,\"width\":16}},\"layers\":[{}]}}",
        layers.join(",\n")
    );
    open(page, "#/models?v=1&model=alexnet&particles=2&iterations=1&method=nfl")?;
    super::drop_file(page, "long.json", model.as_bytes())?;
    page.session.wait("document.querySelectorAll('#layers tbody tr').length === 2000", ())?;
    expect("drawn", count(page, "#graph svg .stage")? > 0, true)?;
    page.session.click("#layers [data-sort='0']")?;
    page.session.click("#layers [data-sort='0']")?;
    let first: String = page.session.value("document.querySelector('#layers tbody tr').dataset.layer", ())?;
    expect("sorted", first.as_str(), "1999")
}
