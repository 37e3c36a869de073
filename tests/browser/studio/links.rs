//! Links that say what stands beside or beneath a figure.

use super::{Op, drawn, open, sorted};
use crate::hands::key;
use crate::native;
use crate::page::Page;
use crate::scenarios::{Scenario, expect};
use crate::session::Result;
use offcut::formats::Method;

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "studio_with_situation", play: with_situation },
    Scenario { name: "studio_any_plan_beneath", play: any_plan_beneath },
];

/// Whether something is on the screen; `arg` selects it.
const SHOWN: &str = "document.querySelector(arg).getClientRects().length > 0";

/// A figure alone has no controls of the situation, unless its link wants them; then they work.
fn with_situation(page: &Page) -> Result<()> {
    let session = &page.session;
    let alone = native::default_link().replacen("#/plan", "#/embed/timeline", 1);
    for (link, shown) in [(alone.clone(), false), (format!("{alone}&with=situation"), true)] {
        open(page, &link)?;
        for css in [".situation", "select#device", "#uplink_mbps"] {
            expect(&format!("{css} beside the figure"), session.value(SHOWN, css)?, shown)?;
        }
        for css in ["#answer", "#fusion", ".top"] {
            expect(&format!("{css} beside the figure"), session.value(SHOWN, css)?, false)?;
        }
    }
    let (request, before) = (page.request()?, drawn(page, "psomw")?);
    session.press("select#device", key::DOWN)?;
    page.wait_for_plan_after(request)?;
    let link = page.fragment()?;
    expect("still the figure alone", link.starts_with("#/embed/timeline?") && link.contains("with=situation"), true)?;
    let right = native::plan(&link.replacen("#/embed/timeline", "#/plan", 1))?;
    session.wait("+document.querySelector('#timeline .playhead').dataset.toNs > 0", ())?;
    let after = drawn(page, "psomw")?;
    expect("another plan is drawn", before == after, false)?;
    expect("the plan of that device", after, sorted(&right.operations))
}

/// What the timeline draws of the plan made by hand beneath the planned one.
fn mine(page: &Page) -> Result<Vec<Op>> {
    drawn(page, "mine")
}

/// Each method's plan, and one's own, lies beneath on the same scale, with the time saved or lost.
fn any_plan_beneath(page: &Page) -> Result<()> {
    open(page, "")?;
    let (session, link) = (&page.session, page.fragment()?);
    let planned = native::plan(&link)?;
    let offered: Vec<String> =
        session.value("[...document.querySelectorAll('select[data-act=beneath] option')].map(o => o.value)", ())?;
    let methods: Vec<Method> = offered.iter().filter_map(|id| Method::find(id)).collect();
    expect("methods beneath", methods.len() >= 5, true)?;
    let saved = "(e => e ? +e.dataset.savedNs : 0)(document.querySelector('#timeline .saved'))";
    for method in methods {
        session.choose("select[data-act=beneath]", method.id())?;
        let other = native::solved(&link, method)?;
        if method != planned.method {
            expect(method.id(), drawn(page, method.id())?, sorted(&other.operations))?;
        }
        let right = other.makespan_ns as i64 - planned.makespan_ns as i64;
        expect(&format!("saved against {}", method.id()), session.value::<i64>(saved, ())?, right)?;
    }
    // A plan made by hand: its first path a stage earlier to the server.
    let handle = format!("#assignment .cut-handle[data-path='{}']", planned.order[1]);
    session.focus(&handle)?;
    session.keys(key::LEFT)?;
    let own = drawn(page, "psomw")?;
    session.click("[data-act=planned]")?;
    session.choose("select[data-act=beneath]", "mine")?;
    expect("my plan beneath", mine(page)?, own)?;
    expect("the planned one above", drawn(page, "psomw")?, sorted(&planned.operations))
}
