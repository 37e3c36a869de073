//! The part of time that the timeline shows, what lies beneath, and the gaps.

use super::{count, drawn, open, sorted};
use crate::hands::key;
use crate::native;
use crate::page::Page;
use crate::scenarios::{Scenario, expect};
use crate::session::Result;
use offcut::formats::Method;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "studio_zoom", play: zoom },
    Scenario { name: "studio_pan", play: pan },
    Scenario { name: "studio_zoom_to_path", play: zoom_to_path },
    Scenario { name: "studio_beneath", play: beneath },
    Scenario { name: "studio_gaps", play: gaps },
];

/// First and last nanosecond of the window.
fn window(page: &Page) -> Result<(u64, u64)> {
    page.session.value("(({ dataset: d }) => [+d.fromNs, +d.toNs])(document.querySelector('#timeline .playhead'))", ())
}

fn length(page: &Page) -> Result<u64> {
    window(page).map(|(from, to)| to - from)
}

/// Where a bar begins on the screen; `arg` is its start.
const LEFT_EDGE: &str = "document.querySelector(`#timeline [data-plan=psomw] .op[data-start-ns='${arg}']`)\
    .getBoundingClientRect().left";

fn zoom(page: &Page) -> Result<()> {
    open(page, "")?;
    let (session, whole) = (&page.session, length(page)?);
    let six_tenths = (whole as f64 * 0.6).round() as u64;
    for (closer, wider) in [("in", "out"), ("w", "s"), ("W", "S"), ("+", "-")] {
        let act = |what: &str| match what {
            "in" | "out" => session.click(&format!("#timeline [data-act='{what}']")),
            key => session.keys(key),
        };
        act(closer)?;
        expect(closer, length(page)?.abs_diff(six_tenths) <= 1, true)?;
        act(wider)?;
        expect(wider, length(page)?, whole)?;
    }
    // The wheel keeps what is under the pointer where it is.
    let plan = native::plan(&page.fragment()?)?;
    let bar = plan.operations.iter().find(|op| op.resource == "device" && op.start_ns > 0).ok_or("no second bar")?;
    let (_, y) = session.place("#timeline .op.device")?;
    let before: f64 = session.value(LEFT_EDGE, bar.start_ns)?;
    session.wheel((before + 1.0, y), (0, -300))?;
    session.wait("document.querySelector('#timeline .playhead').dataset.fromNs > 0", ())?;
    expect("half the time", length(page)?.abs_diff(whole / 2) < whole / 100, true)?;
    let after: f64 = session.value(LEFT_EDGE, bar.start_ns)?;
    expect("bar under the pointer stays", (after - before).abs() < 2.5, true)?;
    session.wheel((before + 1.0, y), (0, 300))?;
    session.wait("document.querySelector('#timeline .playhead').dataset.fromNs == 0", ())?;
    expect("all of time again", length(page)?, whole)
}

fn pan(page: &Page) -> Result<()> {
    open(page, "")?;
    let (session, whole) = (&page.session, window(page)?);
    session.keys("ww")?;
    let near = window(page)?;
    session.keys("d")?;
    let moved = window(page)?;
    expect("a fifth later", (moved.0 - near.0).abs_diff((near.1 - near.0) / 5) <= 1, true)?;
    expect("as long", moved.1 - moved.0, near.1 - near.0)?;
    session.keys("a")?;
    expect("back", window(page)?, near)?;
    // On an empty place of a lane the window is dragged.
    let at = session.place("#timeline_figure .gap")?;
    session.drag(at, (at.0 - 80.0, at.1))?;
    let dragged = window(page)?;
    expect("dragged to the left is later", dragged.0 > near.0 && dragged.1 - dragged.0 == near.1 - near.0, true)?;
    session.wheel(at, (-200, 0))?;
    session.wait("+document.querySelector('#timeline .playhead').dataset.fromNs < arg", dragged.0)?;
    session.focus("#timeline .op")?;
    let before = window(page)?;
    session.keys(key::RIGHT)?;
    expect("arrow", window(page)?.0 > before.0, true)?;
    session.click("#timeline [data-act=fit]")?;
    expect("fit", window(page)?, whole)?;
    session.keys("w")?;
    session.keys("f")?;
    expect("F", window(page)?, whole)
}

fn zoom_to_path(page: &Page) -> Result<()> {
    open(page, "")?;
    let (whole, plan) = (length(page)?, native::plan(&page.fragment()?)?);
    let path = plan.order[1];
    page.session.click(&format!("#assignment .cell[data-path='{path}']"))?;
    page.session.keys("z")?;
    let (from, to) = window(page)?;
    let mine = || plan.operations.iter().filter(|op| op.path == path);
    let (start, end) = (mine().map(|op| op.start_ns).min(), mine().map(|op| op.end_ns).max());
    expect("its start is shown", Some(from) <= start, true)?;
    expect("its end is shown", Some(to) >= end, true)?;
    expect("closer", to - from < whole, true)
}

fn beneath(page: &Page) -> Result<()> {
    open(page, "")?;
    let link = page.fragment()?;
    let nfl = native::solved(&link, Method::Nfl)?;
    expect("NFL beneath", drawn(page, "nfl")?, sorted(&nfl.operations))?;
    let saved = nfl.makespan_ns - native::plan(&link)?.makespan_ns;
    expect("saved", page.session.value("+document.querySelector('.saved').dataset.savedNs", ())?, saved)?;
    for method in [Method::ServerOnly, Method::Mw] {
        page.session.choose("select[data-act=beneath]", method.id())?;
        let right = sorted(&native::solved(&link, method)?.operations);
        expect(method.id(), drawn(page, method.id())?, right)?;
        expect("plans drawn", count(page, "#timeline [data-plan]")?, 2)?;
    }
    page.session.choose("select[data-act=beneath]", "")?;
    expect("plans drawn", count(page, "#timeline [data-plan]")?, 1)?;
    page.session.press("select[data-act=beneath]", key::DOWN)?;
    page.session.wait("document.querySelectorAll('#timeline [data-plan]').length === 2", ())
}

/// A span of a lane: a bar or a gap.
#[derive(Debug, Deserialize)]
struct Span {
    lane: String,
    start: u64,
    end: u64,
    reason: Option<String>,
    said: Option<String>,
}

const SPANS: &str = "[...document.querySelectorAll('#timeline [data-plan=psomw] :is(.op, .gap)')].map(e => ({ \
    lane: `${e.dataset.resource} ${e.dataset.slot}`, start: +e.dataset.startNs, end: +e.dataset.endNs, \
    reason: e.dataset.gap && e.dataset.reason, said: e.getAttribute('aria-label') }))";

/// Every idle time has a reason, in data and in words; bars and gaps fill each lane from end to end.
fn gaps(page: &Page) -> Result<()> {
    for link in ["", "#/plan?v=1&model=alexnet&network=literature-wifi&server_slots=2"] {
        open(page, link)?;
        let plan = native::plan(&page.fragment()?)?;
        // Gaps narrower than a pixel or so are not drawn.
        let fine = length(page)? / 200;
        let mut lanes: BTreeMap<String, Vec<Span>> = BTreeMap::new();
        for span in page.session.value::<Vec<Span>>(SPANS, ())? {
            if let Some(reason) = &span.reason {
                let known = ["not-yet", "data", "order", "done", "unused"].contains(&reason.as_str());
                let said = span.said.as_deref().is_some_and(|said| said.contains("idle"));
                expect(&format!("{span:?} is explained"), known && said, true)?;
            }
            lanes.entry(span.lane.clone()).or_default().push(span);
        }
        expect("lanes", lanes.len() >= 3, true)?;
        for (lane, mut spans) in lanes {
            spans.sort_by_key(|span| span.start);
            let mut at = 0;
            for span in &spans {
                expect(&format!("{lane}: {span:?} begins at {at}"), span.start.abs_diff(at) <= fine, true)?;
                at = span.end;
            }
            expect(&format!("{lane} is full"), at.abs_diff(plan.makespan_ns) <= fine, true)?;
        }
    }
    Ok(())
}
