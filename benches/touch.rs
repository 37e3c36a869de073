//! What touching the figures costs, in a browser: hovering across tiles, zooming the timeline, dragging
//! the playhead, and another situation, on ResNet-50 with 64 tiles:
//! `OFFCUT_DIST=dist cargo bench --bench touch`, with chromedriver on `PATH`.

#[path = "../tests/browser/page.rs"]
#[allow(dead_code)]
mod page;
#[path = "support/reference.rs"]
mod reference;
#[path = "../tests/browser/server.rs"]
#[allow(dead_code)]
mod server;
#[path = "../tests/browser/session.rs"]
#[allow(dead_code)]
mod session;

use page::Page;
use reference::reference;
use session::{Browser, Result};

/// Frames of one kind of touch.
const FRAMES: usize = 180;

/// Shows a plan of 64 tiles in place of the search's own, as if the worker had found it.
const SHOW_64_TILES: &str = "const answer = document.querySelector('#answer'); \
    const edges = '0,7,14,21,28,35,42,49,56', tiles = [...Array(64).keys()]; \
    const plan = `0-2:${edges}:${edges};3-19~${tiles},64~${tiles.map(tile => tile % 3 ? 3 : 0)},0`; \
    answer.record = answer.record.split('\\n').map(line => line.startsWith('m psomw') \
        ? line.split(' ').slice(0, 4).join(' ') + ' ' + plan : line).join('\\n'); \
    answer.dataset.request = '64'";

/// In every frame, one touch; `touch` is set before. Notes the main thread's time for it, styles and layout
/// included, and the time between frames.
const EVERY_FRAME: &str = "window.work = []; window.between = []; let last; \
    const frame = now => { if (last !== undefined) window.between.push(now - last); last = now; \
        const start = performance.now(); window.touch(window.work.length); \
        document.body.offsetHeight; document.querySelector('#timeline_figure svg').getBoundingClientRect(); \
        window.work.push(performance.now() - start); \
        if (window.work.length < arg) requestAnimationFrame(frame); }; \
    requestAnimationFrame(frame)";

/// Kinds of touch, by name.
const TOUCHES: [(&str, &str); 3] = [
    (
        "hover",
        "window.touch = at => document.querySelector(`#fusion_figure .tile[data-path=\"${at % 64}\"]`) \
            .dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))",
    ),
    (
        "zoom",
        "window.touch = at => { const svg = document.querySelector('#timeline_figure svg'); \
            const { left, top } = svg.getBoundingClientRect(); \
            svg.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, \
                deltaY: at % 60 < 30 ? -40 : 40, clientX: left + 300, clientY: top + 80 })); }",
    ),
    (
        "playhead",
        "window.touch = at => { const svg = document.querySelector('#timeline_figure svg'); \
            const { left, top } = svg.getBoundingClientRect(); \
            svg.dispatchEvent(new PointerEvent(at ? 'pointermove' : 'pointerdown', { bubbles: true, \
                cancelable: true, pointerId: 1, clientX: left + 70 + 2.5 * at, clientY: top + 8 })); }",
    ),
];

/// Another answer; by the time a timer fires, the studio has drawn all of it.
const REDRAW: &str = "window.redrawn = null; const answer = document.querySelector('#answer'), start = performance.now(); \
    answer.record += '\\n'; answer.dataset.request = 'again'; \
    queueMicrotask(() => setTimeout(() => { document.body.offsetHeight; window.redrawn = performance.now() - start; }))";

/// Elements of the page, and bytes of its scripts' memory where the browser tells.
const SIZE: &str = "[document.querySelectorAll('*').length, performance.memory?.usedJSHeapSize ?? 0]";

/// So many steps of the uplink's slider, each awaited.
const STEPS: &str = "const input = document.querySelector('#uplink_mbps'), answer = document.querySelector('#answer'); \
    window.stepsDone = false; let left = arg; \
    const step = () => { if (!left--) { window.stepsDone = true; return; } const before = answer.dataset.request; \
        const observer = new MutationObserver(() => { if (answer.dataset.request !== before) { observer.disconnect(); \
            setTimeout(step); } }); \
        observer.observe(answer, { attributes: true }); \
        input.value = 300 + left % 50 * 5; input.dispatchEvent(new Event('input', { bubbles: true })); }; step()";

fn main() -> Result<()> {
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    println!("reference: 10^8 xorshift steps take {:.1} ms here", reference());
    let page = Page::start(Browser::Chromium)?;
    for slowness in [1, 4] {
        page.open("#/plan?v=1&model=resnet50")?;
        page.session.wait("!!document.querySelector('main[data-studio]')", ())?;
        page.session.run(SHOW_64_TILES, ())?;
        page.session.wait("document.querySelectorAll('#timeline .op[data-path]').length > 100", ())?;
        page.session.slow_down(slowness)?;
        for (name, touch) in TOUCHES {
            page.session.run(touch, ())?;
            page.session.run(EVERY_FRAME, FRAMES)?;
            page.session.wait("window.work.length >= arg", FRAMES)?;
            report(&page, name, slowness)?;
        }
    }
    page.session.slow_down(1)?;
    page.session.run(REDRAW, ())?;
    page.session.wait("window.redrawn > 0", ())?;
    println!("another answer is drawn in {:.1} ms", page.session.value::<f64>("window.redrawn", ())?);
    memory(&page)
}

fn report(page: &Page, name: &str, slowness: u32) -> Result<()> {
    let sorted = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values
    };
    let work = sorted(page.session.value("window.work", ())?);
    let between: Vec<f64> = page.session.value("window.between", ())?;
    let late = between.iter().filter(|&&ms| ms > 25.0).count();
    let at = |part: f64| work[((work.len() - 1) as f64 * part) as usize];
    println!(
        "{name:9} {slowness}x slower: {:5.1} ms of work a frame at the median, {:5.1} ms at 95 %, {:4.1} % of frames late",
        at(0.5),
        at(0.95),
        100.0 * late as f64 / between.len() as f64
    );
    Ok(())
}

/// Elements and memory before and after a thousand changes.
fn memory(page: &Page) -> Result<()> {
    page.open("")?;
    page.session.wait("!!document.querySelector('main[data-studio]')", ())?;
    let before: [u64; 2] = page.session.value(SIZE, ())?;
    for _ in 0..4 {
        page.session.run(STEPS, 250)?;
        page.session.wait("window.stepsDone", ())?;
    }
    let after: [u64; 2] = page.session.value(SIZE, ())?;
    println!(
        "1,000 changes: {} elements before, {} after; {:.1} MB of script memory before, {:.1} MB after",
        before[0],
        after[0],
        before[1] as f64 / 1e6,
        after[1] as f64 / 1e6
    );
    Ok(())
}
