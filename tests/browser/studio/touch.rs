//! Two fingers on the timeline.

use super::open;
use crate::page::Page;
use crate::scenarios::{Scenario, expect};
use crate::session::{Result, Session};
use fantoccini::actions::{Actions, InputSource, MOUSE_BUTTON_LEFT, PointerAction, TouchActions};
use std::time::Duration;

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[Scenario { name: "studio_pinch", play: pinch }];

/// Steps of a finger on its way.
const STEPS: u32 = 8;

/// A finger that goes from one place across to another.
fn finger(name: &str, (from, to): (f64, f64), y: f64) -> TouchActions {
    let step = |part: f64| PointerAction::MoveTo {
        duration: Some(Duration::from_millis(20)),
        x: from + (to - from) * part,
        y,
    };
    let mut all =
        TouchActions::new(name.to_owned()).then(step(0.0)).then(PointerAction::Down { button: MOUSE_BUTTON_LEFT });
    for at in 1..=STEPS {
        all = all.then(step(f64::from(at) / f64::from(STEPS)));
    }
    all.then(PointerAction::Up { button: MOUSE_BUTTON_LEFT })
}

/// Two fingers at once, each from one place across to another.
fn fingers(session: &Session, y: f64, left: (f64, f64), right: (f64, f64)) -> Result<()> {
    let both = Actions::from(finger("left", left, y)).and(finger("right", right, y));
    Ok(session.runtime.block_on(session.client.perform_actions(both))?)
}

/// First and last nanosecond that the timeline shows.
fn window(page: &Page) -> Result<(f64, f64)> {
    page.session.value("(({ dataset: d }) => [+d.fromNs, +d.toNs])(document.querySelector('#timeline .playhead'))", ())
}

/// The screen's x of the timeline's left and right end.
const ENDS: &str =
    "(({ left, right }) => [left, right])(document.querySelector('#timeline_figure svg').getBoundingClientRect())";

/// A place of a lane where nothing is that has a path: a finger there moves the window.
const FREE: &str = "(({ left, right }) => { for (const gap of document.querySelectorAll('#timeline_figure .gap')) { \
    const { top, height } = gap.getBoundingClientRect(); const y = top + height / 2; \
    for (let x = right - 40; x > left + 160; x -= 10) { const under = document.elementFromPoint(x, y); \
        if (under?.closest('#timeline_figure') && !under.closest('[data-path], .playhead')) return [x, y]; } } })\
    (document.querySelector('#timeline_figure svg').getBoundingClientRect())";

/// Fingers that go apart look closer, by as much as they went; together again, the whole is back. What is between
/// them stays between them.
fn pinch(page: &Page) -> Result<()> {
    open(page, "")?;
    let session = &page.session;
    // A gap is no bar: nothing is chosen by touching it.
    let (_, y) = session.place("#timeline_figure .gap")?;
    let (left, right): (f64, f64) = session.value(ENDS, ())?;
    let at = |part: f64| (left + (right - left) * part).round();
    let whole = window(page)?;
    fingers(session, y, (at(0.45), at(0.30)), (at(0.55), at(0.70)))?;
    let near = window(page)?;
    let times = (whole.1 - whole.0) / (near.1 - near.0);
    // Four times as far apart; steps of whole pixels leave a little.
    expect(&format!("{times} times closer is about 4"), (times - 4.0).abs() < 0.3, true)?;
    let middle = |(from, to): (f64, f64)| (from + to) / 2.0;
    let moved = (middle(near) - middle(whole)).abs() / (whole.1 - whole.0);
    expect(&format!("the middle moved by {moved} of the whole"), moved < 0.1, true)?;
    fingers(session, y, (at(0.30), at(0.45)), (at(0.70), at(0.55)))?;
    session.wait("+document.querySelector('#timeline .playhead').dataset.fromNs === arg", whole.0)?;
    let back = window(page)?;
    expect("the whole again", ((back.1 - back.0) / (whole.1 - whole.0) - 1.0).abs() < 0.05, true)?;
    // A finger alone moves the window, and leaves no second one behind.
    fingers(session, y, (at(0.45), at(0.30)), (at(0.55), at(0.70)))?;
    let near = window(page)?;
    let (x, y): (f64, f64) = session.value(FREE, ())?;
    let alone = finger("left", (x, x - 80.0), y);
    session.runtime.block_on(session.client.perform_actions(alone))?;
    let later = window(page)?;
    let same = ((later.1 - later.0) / (near.1 - near.0) - 1.0).abs() < 0.01;
    expect(&format!("{near:?} to {later:?} is later and as long"), later.0 > near.0 && same, true)
}
