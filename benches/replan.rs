//! The whole replan after a slider's step, in a browser, beside the same work natively in one run:
//! `OFFCUT_DIST=dist cargo bench --bench replan`, with chromedriver on `PATH`.

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

use offcut::sheet::protocol::{Memory, Request, respond};
use offcut::zoo::NETWORKS;
use page::Page;
use reference::reference;
use session::{Browser, Result};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Steps of the slider that are measured.
const STEPS: usize = 60;
/// Steps before them, in which the browser gets to optimise what runs often; as native benchmarks warm up.
const WARM_UP: usize = 60;

/// Moves the uplink's slider step by step; by step: milliseconds until the answer is in the page,
/// until the next frame, the link that was planned, milliseconds that the worker took, and milliseconds
/// until the proven best time is in the page.
const MEASURE: &str = "const input = document.querySelector('#uplink_mbps'), home = +input.value; window.steps = []; \
    const answer = document.querySelector('#answer'); \
    const step = left => { if (!left) { window.stepsDone = true; return; } \
        const start = performance.now(), before = answer.dataset.request; \
        let proven; \
        new MutationObserver((_, observer) => { proven ??= performance.now() - start; \
            if (answer.dataset.request === before) return; \
            observer.disconnect(); const there = performance.now() - start; \
            requestAnimationFrame(() => setTimeout(() => { \
                window.steps.push([there, performance.now() - start, location.hash, +answer.dataset.workerUs / 1e3, proven]); step(left - 1); })); \
        }).observe(answer, { attributes: true }); \
        input.value = home + 5 * (left % 7 - 3); \
        input.dispatchEvent(new Event('input', { bubbles: true })); }; \
    window.stepsDone = false; step(arg)";

/// The same links, one after another, planned by a worker of its own, while the page rests: WebAssembly
/// without the browser's painting on the same processors. By link: milliseconds that the worker took.
const ALONE: &str = "const links = arg; window.alone = []; window.aloneDone = false; \
    const script = document.querySelector('link[rel=modulepreload]').href; \
    const code = document.querySelector('link[type=\"application/wasm\"]').href; \
    fetch(code).then(code => code.arrayBuffer()).then(code => WebAssembly.compile(code)).then(module => { \
        const worker = new Worker('./worker.js', { type: 'module' }); let next = 0; \
        const ask = () => next < links.length ? worker.postMessage([0, next, [[links[next++], '']]]) : window.aloneDone = true; \
        worker.onmessage = ({ data: [kind, , lists] }) => { \
            if (kind === 2) window.alone.push(+lists[2][lists[1].indexOf('worker-us')] / 1e3); \
            if (kind === 0 || kind === 2) setTimeout(ask, 20); }; \
        worker.postMessage({ script, module }); })";

fn main() -> Result<()> {
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    println!("reference: 10^8 xorshift steps take {:.1} ms here", reference());
    println!(
        "{:9} {:15} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>7}",
        "browser", "network", "proven", "95 %", "answer", "95 %", "frame", "worker", "alone", "native", "ratio"
    );
    for browser in [Browser::Chromium, Browser::Firefox] {
        let page = Page::start(browser)?;
        let mut first = Vec::new();
        for _ in 0..7 {
            page.open("")?;
            first.push(page.answer("shownMs")? as f64);
        }
        println!(
            "{}: the first plan is in the page {:.0} ms after the start of loading",
            browser.name(),
            sorted(first.into_iter())[3]
        );
        let mut all = Vec::new();
        for entry in NETWORKS {
            all.extend(measure(&page, browser, entry.id)?);
        }
        let all = sorted(all.into_iter());
        let [median, late] = [0.5, 0.95].map(|part| at(&all, part));
        println!(
            "{}: of all steps the proven time is there after {median:.1} ms, at 95 % {late:.1} ms",
            browser.name()
        );
    }
    Ok(())
}

/// Gives by step the milliseconds until the proven best time is in the page.
fn measure(page: &Page, browser: Browser, model: &str) -> Result<Vec<f64>> {
    page.open(&format!("#/plan?v=1&model={model}"))?;
    page.session.run(MEASURE, WARM_UP + STEPS)?;
    page.session.wait("window.stepsDone", ())?;
    let steps: Vec<(f64, f64, String, f64, f64)> = page.session.value("window.steps", ())?;
    let steps = &steps[WARM_UP.min(steps.len() - 1)..];
    let links: Vec<&str> = steps.iter().chain(steps).map(|step| step.2.as_str()).collect();
    page.session.run(ALONE, links)?;
    page.session.wait("window.aloneDone", ())?;
    let alone: Vec<f64> = page.session.value("window.alone", ())?;
    let alone = sorted(alone.into_iter().skip(steps.len()));
    let (mut native, mut memory) = (Vec::new(), Memory::default());
    for (id, (_, _, link, ..)) in (0..).zip(steps) {
        // As long a rest between two plans as the worker has.
        std::thread::sleep(Duration::from_millis(20));
        let request = Request { id, link: link.clone(), parcel: String::new() };
        let start = Instant::now();
        black_box(respond(black_box(&request), &mut memory, |_| {}, || 0.0));
        native.push(milliseconds(start));
    }
    let answers = sorted(steps.iter().map(|step| step.0));
    let proven = sorted(steps.iter().map(|step| step.4));
    let frames = sorted(steps.iter().map(|step| step.1));
    let worker = sorted(steps.iter().map(|step| step.3));
    let native = sorted(native.into_iter());
    let (answer, inside, native) = (at(&answers, 0.5), at(&worker, 0.5), at(&native, 0.5));
    let alone = at(&alone, 0.5);
    println!(
        "{:9} {model:15} {:>6.1} ms {:>6.1} ms {answer:>6.1} ms {:>6.1} ms {:>6.1} ms {inside:>6.1} ms {alone:>6.1} ms {native:>6.1} ms {:>7.2}",
        browser.name(),
        at(&proven, 0.5),
        at(&proven, 0.95),
        at(&answers, 0.95),
        at(&frames, 0.5),
        alone / native
    );
    Ok(proven)
}

fn at(sorted: &[f64], part: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * part) as usize]
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}
