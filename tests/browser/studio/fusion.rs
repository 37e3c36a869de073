//! The fusion diagram's parts, and what is lit together in all figures.

use super::{count, open};
use crate::hands::key;
use crate::native;
use crate::page::Page;
use crate::scenarios::{LIT, Scenario, expect};
use crate::session::Result;

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "studio_fusion_parts", play: parts },
    Scenario { name: "studio_fusion_folds", play: folds },
    Scenario { name: "studio_lit_together", play: lit_together },
    Scenario { name: "studio_choose_tile", play: choose_tile },
];

/// Stages that the strip says are shown: first, and end.
fn brush(page: &Page) -> Result<(usize, usize)> {
    page.session
        .value("(({ dataset: d }) => [+d.firstStage, +d.endStage])(document.querySelector('#fusion .brush'))", ())
}

/// Boundaries whose maps are drawn, first and last.
fn maps(page: &Page) -> Result<(usize, usize)> {
    page.session.value(
        "(all => [Math.min(...all), Math.max(...all)])([...document.querySelectorAll('#fusion .map')]\
        .map(e => +e.dataset.boundary))",
        (),
    )
}

fn parts(page: &Page) -> Result<()> {
    open(page, "#/plan?v=1&model=yolov2&network=literature-wifi")?;
    let (session, stages) = (&page.session, native::plan(&page.fragment()?)?.stages.len());
    expect("all maps", maps(page)?, (0, stages))?;
    session.click("[data-act=closer]")?;
    let (first, end) = brush(page)?;
    expect("half of the stages", end - first, stages / 2)?;
    expect("their maps", maps(page)?, (first, end))?;
    session.focus("#fusion .brush")?;
    session.keys(key::RIGHT)?;
    expect("one stage on", brush(page)?, (first + 1, end + 1))?;
    expect("their maps", maps(page)?, (first + 1, end + 1))?;
    session.keys(&[key::LEFT, key::LEFT].concat())?;
    expect("two stages back, the focus kept", brush(page)?, (first - 1, end - 1))?;
    let bar = session.place(&format!("#fusion [data-overview-stage='{}']", stages - 1))?;
    session.tap(bar)?;
    expect("the end is shown", brush(page)?.1, stages)?;
    session.click("[data-act=farther]")?;
    session.click("[data-act=closer]")?;
    session.click("[data-act=whole]")?;
    expect("all maps again", maps(page)?, (0, stages))?;
    expect("no button for the whole", count(page, "[data-act=whole]:not([hidden])")?, 0)
}

fn folds(page: &Page) -> Result<()> {
    open(page, "#/plan?v=1&model=mobilenet-v2&network=literature-wifi")?;
    let (session, stages) = (&page.session, native::plan(&page.fragment()?)?.stages.len());
    let folded = count(page, "#fusion .map")?;
    expect("repeats are folded", count(page, "#fusion .fold")? > 0 && folded < stages + 1, true)?;
    session.click("[data-act=unfold]")?;
    expect("maps", count(page, "#fusion .map")?, stages + 1)?;
    session.click("[data-act=unfold]")?;
    expect("maps", count(page, "#fusion .map")?, folded)?;
    let fold = session.place("#fusion .fold")?;
    session.tap(fold)?;
    expect("maps", count(page, "#fusion .map")?, stages + 1)
}

/// Pointing at a tile, a cell, a name or a bar lights its path everywhere, and so does the focus.
fn lit_together(page: &Page) -> Result<()> {
    open(page, "")?;
    let (session, plan) = (&page.session, native::plan(&page.fragment()?)?);
    let split = plan.paths.iter().enumerate().filter(|(_, path)| path.block == plan.paths[0].block);
    for (path, _) in split {
        for part in ["#assignment .cell", "#assignment .row-name", "#timeline [data-plan=psomw] .op.uplink"] {
            session.point_at(&format!("{part}[data-path='{path}']"))?;
            session.wait(LIT, path.to_string())?;
        }
        session.point_at("#theme")?;
        session.wait(LIT, ())?;
        for part in ["#fusion .tile[tabindex]", "#assignment .cell[tabindex]", "#timeline [data-plan=psomw] .op"] {
            session.focus(&format!("{part}[data-path='{path}']"))?;
            session.wait(LIT, path.to_string())?;
        }
        session.focus("#theme")?;
        session.wait(LIT, ())?;
    }
    // The tile on top of the picture.
    session.point_at("#fusion .tile[data-boundary='1']")?;
    let path: String = session.value("document.querySelector('main').dataset.lit", ())?;
    session.wait(LIT, path)
}

/// The path that the address says is chosen.
fn chosen(page: &Page) -> Result<Option<usize>> {
    let fragment = page.fragment()?;
    let value = fragment.split('&').find_map(|entry| entry.strip_prefix("tile="));
    Ok(value.and_then(|value| value.parse().ok()))
}

/// Whether all of a path, and no other, is marked as chosen; `arg` is the path.
const MARKED: &str = "['#assignment .cell', '#fusion .tile', '#timeline [data-plan=psomw] .op'].every(css => \
    [...document.querySelectorAll(css)].every(e => e.classList.contains('lit') === (e.dataset.path === arg)))";

fn choose_tile(page: &Page) -> Result<()> {
    open(page, "")?;
    let session = &page.session;
    session.click("#assignment .cell[data-path='2']")?;
    expect("tile of the address", chosen(page)?, Some(2))?;
    session.reload()?;
    page.wait_until_ready()?;
    session.wait("document.querySelector('main[data-studio=on]')", ())?;
    session.wait(MARKED, "2")?;
    expect("tile of the address after a reload", chosen(page)?, Some(2))?;
    session.focus("#fusion .tile[tabindex][data-path='1']")?;
    session.keys(key::ENTER)?;
    expect("tile of the address", chosen(page)?, Some(1))?;
    session.focus("#theme")?;
    session.wait(MARKED, "1")?;
    session.focus("#timeline [data-plan=psomw] .op[data-path='1']")?;
    session.keys(key::ENTER)?;
    expect("chosen again is not chosen", chosen(page)?, None)
}
