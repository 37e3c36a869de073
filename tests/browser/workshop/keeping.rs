//! What is kept in the browser.

use super::{TINY, catch, dialog, drop_file, expect_own_plan, expect_plan, open, press};
use crate::page::Page;
use crate::scenarios::{Scenario, expect};
use crate::session::Result;
use crate::studio::{count, text};

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "workshop_keep", play: keep },
    Scenario { name: "workshop_own_device", play: own_device },
    Scenario { name: "workshop_storage_refused", play: refused },
];

fn forget(page: &Page) -> Result<()> {
    page.session.run("localStorage.clear()", ())
}

/// Opens the small network on the Models page.
fn with_tiny(page: &Page) -> Result<String> {
    open(page, "#/models?v=1&model=alexnet")?;
    page.session.wait("document.querySelector('#layers tbody tr')", ())?;
    forget(page)?;
    let request = page.request()?;
    drop_file(page, "tiny.json", TINY.as_bytes())?;
    let link = expect_own_plan(page, request)?;
    page.session.wait("document.querySelector('#about h2').textContent.startsWith('Tiny')", ())?;
    Ok(link)
}

/// Kept, found again after a reload, exported, deleted, imported.
fn keep(page: &Page) -> Result<()> {
    let link = with_tiny(page)?;
    press(page, "keep")?;
    page.session.wait("document.querySelector('#kept [data-entries]')", ())?;
    expect("its name", text(page, "#kept [data-entries]")?.as_str(), "Tiny <b>& co")?;
    open(page, "")?;
    let option = "[...document.querySelectorAll('#model optgroup option')].find(o => o.textContent === arg)?.value";
    let value: Option<String> = page.session.value(option, "Tiny <b>& co")?;
    let request = page.request()?;
    page.session.choose("#model", &value.ok_or("it is not among the networks")?)?;
    let again = expect_own_plan(page, request)?;
    expect("the same link", again.replacen("#/plan", "#/models", 1), link)?;
    page.session.run("document.querySelector('[data-go=models]').click()", ())?;
    page.session.wait("document.querySelector('#kept [data-entries]')", ())?;
    catch(page)?;
    press(page, "export_kept")?;
    page.session.wait("window.files[0]?.text !== undefined && window.files[0].name", ())?;
    let (name, file): (String, String) = page.session.value("[window.files[0].name, window.files[0].text]", ())?;
    expect("file", name.as_str(), "offcut-kept.json")?;
    press(page, "delete")?;
    page.session.wait("!document.querySelector('#kept [data-entries]')", ())?;
    drop_file(page, "offcut-kept.json", file.as_bytes())?;
    page.session.wait("document.querySelector('#kept [data-entries]')", ())?;
    forget(page)
}

/// A device of one's own: named, kept, in the link, planned with.
fn own_device(page: &Page) -> Result<()> {
    open(page, "#/models?v=1&model=alexnet")?;
    page.session.wait("document.querySelector('#part_device')", ())?;
    forget(page)?;
    let request = page.request()?;
    let fill = "for (const [css, value] of arg) document.querySelector(`#part_device ${css}`).value = value";
    page.session
        .run(fill, serde_json::json!([["[data-part-name]", "My ½ board"], ["[data-field=device_gflops]", "x"]]))?;
    page.session.run("document.querySelector('#part_device [data-do=keep_part]').click()", ())?;
    page.session.wait("document.querySelector('#part_device .warning').textContent.includes('no number')", ())?;
    page.session.run(fill, serde_json::json!([["[data-field=device_gflops]", "77.125"]]))?;
    page.session.run("document.querySelector('#part_device [data-do=keep_part]').click()", ())?;
    page.wait_for_plan_after(request)?;
    let link = page.fragment()?;
    expect(&link, link.contains("device=own") && link.contains("device_gflops=77.125"), true)?;
    expect_plan(page, &link)?;
    open(page, &link.replacen("#/models", "#/plan", 1))?;
    let shown = "document.querySelector('#device').selectedOptions[0].textContent";
    expect("shown", page.session.value(shown, ())?, "My ½ board".to_owned())?;
    expect("kept", count(page, "#device optgroup option")?, 1)?;
    forget(page)
}

/// A browser that keeps nothing says so, and nothing is lost.
fn refused(page: &Page) -> Result<()> {
    let link = with_tiny(page)?;
    page.session
        .run("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }", ())?;
    press(page, "keep")?;
    let (_, told) = dialog(page)?;
    expect(&told, told.contains("keeps nothing") && told.contains("Save it as a file"), true)?;
    expect("link", page.fragment()?, link.clone())?;
    expect_plan(page, &link)
}
