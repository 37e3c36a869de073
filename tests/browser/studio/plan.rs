//! Plans made by hand: cuts and order, undo, reset, and what makes a plan invalid.

use super::{TWO_BLOCKS, count, drawn, open, sorted, text};
use crate::hands::key;
use crate::native;
use crate::page::Page;
use crate::scenarios::{Scenario, expect};
use crate::session::Result;
use offcut::draw::units;

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "studio_cut_by_keys", play: cut_by_keys },
    Scenario { name: "studio_cut_by_drag", play: cut_by_drag },
    Scenario { name: "studio_order_by_keys", play: order_by_keys },
    Scenario { name: "studio_invalid_plan", play: |page| invalid(page, "") },
    Scenario { name: "studio_invalid_plan_of_two_blocks", play: |page| invalid(page, TWO_BLOCKS) },
];

fn handle(path: usize) -> String {
    format!("#assignment .cut-handle[data-path='{path}']")
}

fn cut(page: &Page, path: usize) -> Result<usize> {
    page.session.value("+document.querySelector(arg).dataset.cut", handle(path))
}

/// Holds note and timeline against the same plan made here.
fn expect_mine(page: &Page, cuts: &[(usize, usize)]) -> Result<()> {
    let answer = native::by_hand(&page.fragment()?, |plan| cuts.iter().for_each(|&(path, cut)| plan.cuts[path] = cut))?;
    let note = text(page, "#assignment_note")?;
    let right = format!("My plan: {},", units::time(answer.makespan_ns));
    expect(&format!("\"{note}\" begins with \"{right}\""), note.starts_with(&right), true)?;
    expect("its operations", drawn(page, "psomw")?, sorted(&answer.operations))?;
    for &(path, right) in cuts {
        expect("cut", cut(page, path)?, right)?;
    }
    Ok(())
}

/// A path that can be cut one stage earlier.
fn path_with_cut(page: &Page) -> Result<(usize, usize)> {
    let plan = native::plan(&page.fragment()?)?;
    let path = plan.order.iter().copied().find(|&path| plan.paths[path].cut > 3);
    path.map(|path| (path, plan.paths[path].cut)).ok_or_else(|| "no path is cut late".into())
}

fn cut_by_keys(page: &Page) -> Result<()> {
    open(page, "")?;
    let (session, plan) = (&page.session, native::plan(&page.fragment()?)?);
    let (path, old) = path_with_cut(page)?;
    session.focus(&handle(path))?;
    session.keys(key::LEFT)?;
    expect_mine(page, &[(path, old - 1)])?;
    expect("focus stays", session.value("document.activeElement.dataset.path", ())?, path.to_string())?;
    session.keys(key::LEFT)?;
    expect_mine(page, &[(path, old - 2)])?;
    session.chord(&[crate::hands::key::CONTROL], 'z')?;
    expect_mine(page, &[(path, old - 1)])?;
    session.chord(&[key::CONTROL, key::SHIFT], 'z')?;
    expect_mine(page, &[(path, old - 2)])?;
    session.click("[data-act=undo_cut]")?;
    expect_mine(page, &[(path, old - 1)])?;
    session.click("[data-act=redo_cut]")?;
    expect_mine(page, &[(path, old - 2)])?;
    // Kept apart from the planner's.
    session.click("[data-act=planned]")?;
    expect("the planned one", drawn(page, "psomw")?, sorted(&plan.operations))?;
    session.click("[data-act=mine]")?;
    expect_mine(page, &[(path, old - 2)])?;
    session.click("[data-act=reset_mine]")?;
    expect("the planned one again", drawn(page, "psomw")?, sorted(&plan.operations))?;
    expect("mine is gone", count(page, "[data-act=mine]:not([hidden])")?, 0)?;
    expect("no word of mine", text(page, "#assignment_note")?.contains("My plan"), false)
}

fn cut_by_drag(page: &Page) -> Result<()> {
    open(page, "")?;
    let session = &page.session;
    let (path, old) = path_with_cut(page)?;
    let from = session.place(&handle(path))?;
    let cell: f64 = session.value(
        "(([a, b]) => b.getBoundingClientRect().left - a.getBoundingClientRect().left)\
        (document.querySelectorAll(`#assignment .cell[data-path='${arg}']`))",
        path,
    )?;
    session.drag(from, (from.0 - 3.0 * cell, from.1))?;
    expect_mine(page, &[(path, old - 3)])?;
    // A change of the situation keeps the cuts of the same network.
    let request = page.request()?;
    session.press("#uplink_mbps", key::RIGHT)?;
    page.wait_for_plan_after(request)?;
    session.wait("document.querySelector('#assignment_note').textContent.startsWith('My plan')", ())?;
    expect("cut kept", cut(page, path)?, old - 3)
}

fn order_by_keys(page: &Page) -> Result<()> {
    open(page, "")?;
    let plan = native::plan(&page.fragment()?)?;
    let order = "[...document.querySelectorAll('#assignment .row-name')].map(e => +e.dataset.path)";
    let mut right = plan.order.clone();
    page.session.focus(&handle(right[1]))?;
    page.session.keys(key::DOWN)?;
    right.swap(1, 2);
    expect("order", page.session.value::<Vec<usize>>(order, ())?, right)?;
    page.session.keys(key::UP)?;
    expect("order", page.session.value::<Vec<usize>>(order, ())?, plan.order.clone())
}

/// What starts on the device cannot read what ended on the server: marked, and said in words.
fn invalid(page: &Page, link: &str) -> Result<()> {
    open(page, link)?;
    let (session, plan) = (&page.session, native::plan(&page.fragment()?)?);
    let last = plan.order.last().copied().ok_or("there are no paths")?;
    expect("the last path is all on the server", plan.paths[last].cut, 0)?;
    session.focus(&handle(last))?;
    session.keys(key::RIGHT)?;
    session.wait("document.querySelector(`#assignment .fault[data-path='${arg}'][data-fault=back]`)", last)?;
    expect("cells marked", count(page, &format!("#assignment .cell.invalid[data-path='{last}']"))? > 0, true)?;
    let note = text(page, "#assignment_note")?;
    expect(&note, note.contains("cannot run") && note.contains("nothing comes back"), true)?;
    expect("operations", count(page, "#timeline_figure .op")?, 0)?;
    expect("timeline in words", text(page, "#timeline_figure")?.contains("cannot run"), true)?;
    // Nothing of it breaks.
    session.keys(" wd.z")?;
    session.focus(&handle(last))?;
    session.chord(&[key::CONTROL], 'z')?;
    expect("faults", count(page, "#assignment .fault")?, 0)?;
    session.keys("f")?;
    expect("operations again", drawn(page, "psomw")?, sorted(&plan.operations))
}
