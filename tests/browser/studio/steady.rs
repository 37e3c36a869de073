//! What a thousand changes leave behind.

use super::open;
use crate::page::Page;
use crate::scenarios::{Scenario, expect};
use crate::session::Result;
use serde_json::json;

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "studio_thousand_changes", play: thousand_changes },
    Scenario { name: "studio_same_answer_again", play: same_answer_again },
];

/// How much more there may be afterwards.
const GROWTH: f64 = 1.15;

/// Elements of the page, and bytes of the heap where the browser tells.
const SIZES: &str = "[document.querySelectorAll('*').length, performance.memory?.usedJSHeapSize ?? 0]";

/// Moves the slider `arg[0]` times, at most as fast as frames; the last place is always the same.
const SLIDE: &str = "const slider = document.querySelector('#uplink_mbps'); let left = arg[0]; window.slid = false; \
    (function move() { slider.value = left === 0 ? 500 : 300 + left * 7 % 500; \
    slider.dispatchEvent(new Event('input', { bubbles: true })); \
    if (left-- > 0) setTimeout(move, 4); else window.slid = true; })()";

fn slide(page: &Page, times: u32) -> Result<(f64, f64)> {
    page.session.run(SLIDE, json!([times]))?;
    page.session.wait("window.slid", ())?;
    page.wait_until_ready()?;
    page.session.wait("document.querySelector('#answer .why [data-trace]')", ())?;
    page.session.run("window.gc?.()", ())?;
    page.session.value(SIZES, ())
}

fn thousand_changes(page: &Page) -> Result<()> {
    open(page, "")?;
    // Also with a playhead and a chosen path, whose marks are kept.
    page.session.keys("..")?;
    let before = slide(page, 20)?;
    // As many as are waited for.
    for _ in 0..3 {
        slide(page, 250)?;
    }
    let after = slide(page, 250)?;
    expect(&format!("{before:?} elements became {after:?}: that few"), after.0 <= before.0 * GROWTH, true)?;
    expect(&format!("{before:?} bytes became {after:?}: that few"), after.1 <= before.1 * 2.0 + 1e7, true)
}

/// A slider that comes back before any other plan was shown ends with the answer that is there: the page puts its own
/// sentence, and the explanation follows as after any other.
fn same_answer_again(page: &Page) -> Result<()> {
    open(page, "")?;
    let (session, explained) = (&page.session, "document.querySelector('#answer .why [data-trace]')");
    session.wait(explained, ())?;
    session.run(
        "const answer = document.querySelector('#answer'); answer.querySelector('.why').textContent = 'short'; \
        answer.dataset.request = +answer.dataset.request + 1",
        (),
    )?;
    session.wait(explained, ())
}
