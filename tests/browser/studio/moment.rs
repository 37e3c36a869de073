//! The playhead: what the figures show of a time.

use super::{count, open, text};
use crate::hands::key;
use crate::native;
use crate::page::Page;
use crate::scenarios::{Scenario, expect};
use crate::session::Result;
use offcut::formats::PlanFile;
use std::collections::BTreeMap;

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "studio_playhead_steps", play: steps },
    Scenario { name: "studio_playhead_drag", play: drag },
    Scenario { name: "studio_play", play },
];

fn time(page: &Page) -> Result<Option<u64>> {
    let text: Option<String> = page.session.value("document.querySelector('main').dataset.time", ())?;
    Ok(text.and_then(|text| text.parse().ok()))
}

/// States of cells, or of the fusion diagram's tiles, by path and stage; `arg` selects them.
const STATES: &str = "[...document.querySelectorAll(arg)].filter(e => e.dataset.stage !== undefined)\
    .map(e => [+e.dataset.path, +e.dataset.stage, e.dataset.state ?? ''])";

type States = BTreeMap<(usize, usize), String>;

fn states(page: &Page, css: &str) -> Result<States> {
    let list: Vec<(usize, usize, String)> = page.session.value(STATES, css)?;
    Ok(list.into_iter().map(|(path, stage, state)| ((path, stage), state)).collect())
}

/// Holds what is shown of a time against the plan's operations.
fn expect_moment(page: &Page, plan: &PlanFile, ns: u64) -> Result<()> {
    expect("time", time(page)?, Some(ns))?;
    let cells = states(page, "#assignment .cell")?;
    for (index, path) in plan.paths.iter().enumerate() {
        let block = &plan.blocks[path.block];
        let (first, len) = (block.first_stage, block.last_stage + 1 - block.first_stage);
        let op = |resource: &str| plan.operations.iter().find(|op| op.path == index && op.resource == resource);
        let sent = op("uplink").filter(|op| op.start_ns <= ns && ns < op.end_ns);
        let flies = sent.map(|_| path.cut.min(len - 1));
        for (side, stages) in [("device", 0..path.cut), ("server", path.cut..len)] {
            let Some(op) = op(side) else { continue };
            let seen: Vec<&str> = stages.clone().map(|stage| cells[&(index, first + stage)].as_str()).collect();
            let right =
                |stage: usize, rest: &str| if flies == Some(stage) { "in-flight".into() } else { rest.to_owned() };
            let all = |rest: &str| stages.clone().map(|stage| right(stage, rest)).collect::<Vec<_>>();
            let what = format!("path {index} on the {side} at {ns}");
            if ns >= op.end_ns {
                expect(&what, seen, all("done").iter().map(String::as_str).collect())?;
            } else if ns < op.start_ns {
                expect(&what, seen, all("waiting").iter().map(String::as_str).collect())?;
            } else {
                // Some are done, one is computed, the others wait.
                let done = seen.iter().take_while(|state| **state == "done").count();
                expect(&what, seen.get(done).copied(), Some("computing"))?;
                expect(&what, seen[done + 1..].iter().all(|state| *state == "waiting"), true)?;
            }
        }
    }
    for (place, state) in states(page, "#fusion .tile")? {
        expect(&format!("tile {place:?} at {ns}"), Some(&state), cells.get(&place))?;
    }
    Ok(())
}

/// The times at which something changes, by the plan.
fn events(plan: &PlanFile) -> Vec<u64> {
    let mut events: Vec<u64> = plan.operations.iter().flat_map(|op| [op.start_ns, op.end_ns]).collect();
    events.sort_unstable();
    events.dedup();
    events
}

fn steps(page: &Page) -> Result<()> {
    open(page, "")?;
    let plan = native::plan(&page.fragment()?)?;
    let events = events(&plan);
    for &ns in events.iter().filter(|&&ns| ns > 0) {
        page.session.keys(".")?;
        expect_moment(page, &plan, ns)?;
    }
    let said = text(page, "#timeline_note")?;
    expect("the end in words", said.contains("everything is done"), true)?;
    for &ns in events.iter().rev().skip(1).take(4) {
        page.session.keys(",")?;
        expect_moment(page, &plan, ns)?;
    }
    page.session.keys(key::ESCAPE)?;
    expect("no time", time(page)?, None)?;
    expect("no states", count(page, ".cell[data-state], .tile[data-state]")?, 0)?;
    expect("no playhead", count(page, "#timeline .playhead *")?, 0)
}

fn drag(page: &Page) -> Result<()> {
    open(page, "")?;
    let plan = native::plan(&page.fragment()?)?;
    page.session.place("#timeline_figure")?;
    let (left, top, width): (f64, f64, f64) = page.session.value(
        "(({ left, top, width }) => [left, top, width])(document.querySelector('#timeline_figure svg').getBoundingClientRect())",
        (),
    )?;
    let y = top + 12.0;
    page.session.drag((left + width * 0.3, y), (left + width * 0.5, y))?;
    let middle = time(page)?.ok_or("there is no playhead")?;
    expect_moment(page, &plan, middle)?;
    let said = text(page, "#timeline_note")?;
    expect("the moment in words", said.starts_with("At "), true)?;
    // Its handle goes back again.
    let handle = page.session.place("#timeline .handle")?;
    page.session.drag(handle, (handle.0 - width * 0.25, handle.1))?;
    let early = time(page)?.ok_or("there is no playhead")?;
    expect("earlier", early < middle, true)?;
    expect_moment(page, &plan, early)
}

fn play(page: &Page) -> Result<()> {
    open(page, "")?;
    let (session, plan) = (&page.session, native::plan(&page.fragment()?)?);
    for by_key in [true, false] {
        let toggle = || if by_key { session.keys(" ") } else { session.click("[data-act=play]") };
        session.run("document.activeElement?.blur()", ())?;
        toggle()?;
        session.wait("document.querySelector('main').dataset.time > 0", ())?;
        expect("label", session.value("document.querySelector('[data-act=play]').ariaLabel", ())?, "Pause".to_owned())?;
        toggle()?;
        let paused = time(page)?.ok_or("there is no playhead")?;
        std::thread::sleep(std::time::Duration::from_millis(150));
        expect_moment(page, &plan, paused)?;
        session.run("document.activeElement?.blur()", ())?;
        session.keys(key::ESCAPE)?;
    }
    session.choose("select[data-act=pace]", "0")?;
    session.click("[data-act=play]")?;
    session.wait("+document.querySelector('main').dataset.time === arg", plan.makespan_ns)?;
    session.wait("document.querySelector('[data-act=play]').ariaLabel === 'Play'", ())?;
    expect_moment(page, &plan, plan.makespan_ns)
}
