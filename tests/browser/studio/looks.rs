//! What links hide and lock, undo of the situation, and the help.

use super::{count, open};
use crate::hands::key;
use crate::native;
use crate::page::Page;
use crate::scenarios::{Scenario, expect};
use crate::session::Result;

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "studio_hidden_and_locked", play: hidden_and_locked },
    Scenario { name: "studio_undo_of_the_situation", play: undo },
    Scenario { name: "studio_help", play: help },
];

/// Whether something is on the screen; `arg` selects it.
const SHOWN: &str = "document.querySelector(arg).getClientRects().length > 0";

fn hidden_and_locked(page: &Page) -> Result<()> {
    let link = native::default_link();
    open(page, &format!("{link}&hide=uplink_mbps,beneath,reset&lock=device,latency_ms,play"))?;
    let session = &page.session;
    session.wait("document.querySelector('[data-hidden-by-link]')", ())?;
    for css in ["#uplink_mbps", "select[data-act=beneath]", "#reset"] {
        expect(&format!("{css} is shown"), session.value(SHOWN, css)?, false)?;
    }
    for css in ["#latency_ms", "#theme", "[data-act=play]", "select#device"] {
        expect(&format!("{css} is shown"), session.value(SHOWN, css)?, true)?;
    }
    for (css, locked) in
        [("select#device", true), ("#latency_ms", true), ("[data-act=play]", true), ("select#model", false)]
    {
        expect(&format!("{css} is locked"), session.value("document.querySelector(arg).disabled", css)?, locked)?;
    }
    // Nor do keys do what a locked button does: the moment's key works, the player's does not.
    let press = "document.dispatchEvent(new KeyboardEvent('keydown', { key: arg, bubbles: true }))";
    session.run(press, " ")?;
    expect(
        "played",
        session.value::<Option<String>>("document.querySelector('main').dataset.time ?? null", ())?,
        None,
    )?;
    session.run(press, ".")?;
    session.wait("+document.querySelector('main').dataset.time > 0", ())?;
    // Another change keeps what the link says.
    let request = page.request()?;
    session.choose("select#server", "gtx-1060").or_else(|_| session.press("select#server", key::DOWN))?;
    page.wait_for_plan_after(request)?;
    expect("still hidden", session.value(SHOWN, "#uplink_mbps")?, false)?;
    expect("still in the link", page.fragment()?.contains("&hide=uplink_mbps"), true)?;
    open(page, &link)?;
    expect("hidden things", count(page, "[data-hidden-by-link]")?, 0)
}

fn undo(page: &Page) -> Result<()> {
    open(page, "")?;
    let (session, before) = (&page.session, page.fragment()?);
    let request = page.request()?;
    session.press("select#device", key::DOWN)?;
    page.wait_for_plan_after(request)?;
    let after = page.fragment()?;
    expect("another situation", before == after, false)?;
    std::thread::sleep(std::time::Duration::from_millis(700));
    for (keys, right) in [(&[key::CONTROL][..], &before), (&[key::CONTROL, key::SHIFT][..], &after)] {
        let request = page.request()?;
        session.chord(keys, 'z')?;
        page.wait_for_plan_after(request)?;
        expect("address", &page.fragment()?, right)?;
        let plan = native::plan(right)?;
        expect("makespan", page.answer("makespanNs")?, plan.makespan_ns)?;
    }
    Ok(())
}

fn help(page: &Page) -> Result<()> {
    open(page, "")?;
    let session = &page.session;
    for _ in 0..2 {
        session.keys("?")?;
        session.wait("document.querySelector('dialog#help[open]')", ())?;
        expect("the focus is in it", session.value("!!document.activeElement.closest('dialog')", ())?, true)?;
        session.keys(key::ESCAPE)?;
        session.wait("!document.querySelector('dialog[open]')", ())?;
    }
    // The key of somebody quick comes before the browser has taken the focus out of the closed dialog.
    session.run(
        "document.querySelector('#help button').dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true }))",
        (),
    )?;
    session.wait("document.querySelector('dialog#help[open]')", ())?;
    session.keys(key::ESCAPE)?;
    session.wait("!document.querySelector('dialog[open]')", ())?;
    session.keys("?")?;
    session.wait("document.querySelector('dialog#help[open]')", ())?;
    session.click("dialog#help button")?;
    session.wait("!document.querySelector('dialog[open]')", ())?;
    session.click(".tools [data-act=help]")?;
    session.wait("document.querySelector('dialog#help[open]')", ())?;
    session.keys(key::ESCAPE)?;
    let keys: Vec<String> = session.value("[...document.querySelectorAll('#help kbd')].map(e => e.textContent)", ())?;
    let missing: Vec<&str> =
        ["W", "A", "S", "D", "F", "Z", "Space", "?"].into_iter().filter(|key| !keys.iter().any(|k| k == key)).collect();
    expect("keys that are not told", missing, Vec::new())
}
