//! Figures taken away and opened again.

use super::{Op, count, drawn, open, take};
use crate::csv::read_csv;
use crate::page::Page;
use crate::scenarios::{Scenario, expect};
use crate::session::Result;
use serde::Deserialize;

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "studio_svg", play: svg },
    Scenario { name: "studio_png", play: png },
    Scenario { name: "studio_csv", play: csv },
    Scenario { name: "studio_trace", play: trace },
    Scenario { name: "studio_embed", play: embed },
];

/// All figures.
pub const FIGURES: [&str; 5] = ["fusion", "assignment", "timeline", "comparison", "convergence"];

/// Keeps what would be saved or copied, and saves nothing.
pub const CATCH: &str = "window.files = []; const make = URL.createObjectURL; URL.createObjectURL = blob => { \
    const file = { type: blob.type, size: blob.size }; window.files.push(file); \
    blob.text().then(text => { file.text = text; }); \
    blob.slice(0, 8).arrayBuffer().then(head => { file.head = [...new Uint8Array(head)]; }); \
    return make.call(URL, blob); }; \
    HTMLAnchorElement.prototype.click = function () { window.files.at(-1).name = this.download; }; \
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: text => { window.copied = text; return Promise.resolve(); } } })";

/// A file that would have been saved.
#[derive(Debug, Deserialize)]
pub struct File {
    /// Its media type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its length in bytes.
    pub size: u64,
    /// What it would be called.
    pub name: String,
    /// What is in it.
    pub text: String,
    /// Its first bytes.
    pub head: Vec<u8>,
}

/// Takes a figure away; gives the file.
pub fn file(page: &Page, figure: &str, form: &str) -> Result<File> {
    page.session.run("window.files.length = 0", ())?;
    take(page, figure, form)?;
    page.session.wait("window.files[0]?.text !== undefined && window.files[0].head && window.files[0].name", ())?;
    page.session.value("window.files[0]", ())
}

/// What an SVG document is, read by the browser.
#[derive(Debug, Deserialize)]
struct Document {
    error: Option<String>,
    title: String,
    metadata: String,
    /// Fragments referred to that are not in it.
    missing: Vec<String>,
    /// Names that occur more than once.
    twice: Vec<String>,
    operations: Vec<Op>,
}

const DOCUMENT: &str = "(root => { const all = [...root.querySelectorAll('*')]; \
    const ids = all.map(e => e.id).filter(id => id); const text = new XMLSerializer().serializeToString(root); \
    return { error: root.querySelector('parsererror')?.textContent ?? null, \
    title: root.querySelector('svg > title')?.textContent ?? '', \
    metadata: root.querySelector('metadata')?.textContent ?? '', \
    missing: [...text.matchAll(/(?:url[(]|href=.)#([^)\"]+)/g)].map(m => m[1]).filter(id => !ids.includes(id)), \
    twice: ids.filter((id, at) => ids.indexOf(id) !== at), \
    operations: [...root.querySelectorAll('[data-plan=psomw] .op')].map(e => ({ path: +e.dataset.path, \
        resource: e.dataset.resource, slot: +e.dataset.slot, start_ns: +e.dataset.startNs, end_ns: +e.dataset.endNs })) }; })\
    (new DOMParser().parseFromString(window.files[0].text, 'image/svg+xml'))";

fn svg(page: &Page) -> Result<()> {
    open(page, "")?;
    page.session.run(CATCH, ())?;
    for figure in FIGURES {
        let saved = file(page, figure, "svg")?;
        expect("type", saved.kind.as_str(), "image/svg+xml")?;
        expect("name", saved.name.as_str(), format!("offcut-tiny-yolov2-{figure}.svg").as_str())?;
        let document: Document = page.session.value(DOCUMENT, ())?;
        expect(figure, document.error, None)?;
        expect(&format!("title of {figure}"), document.title.contains("Tiny-YOLOv2"), true)?;
        // Styles are those of all figures; these two have no patterns.
        if !["comparison", "convergence"].contains(&figure) {
            expect(&format!("missing in {figure}"), document.missing, Vec::new())?;
        }
        expect(&format!("twice in {figure}"), document.twice, Vec::new())?;
        for variable in ["var(", "@import", "<script", "src="] {
            expect(&format!("{variable} in {figure}"), saved.text.contains(variable), false)?;
        }
        let metadata: serde_json::Value = serde_json::from_str(&document.metadata)?;
        let link: String = page.session.value("location.href", ())?;
        expect("link inside", metadata["link"].as_str(), Some(link.as_str()))?;
        if figure == "timeline" {
            let mut operations = document.operations;
            operations.sort();
            expect("operations", operations, drawn(page, "psomw")?)?;
        }
        // As a picture it is as good as any.
        page.session.run(
            "window.picture = null; const image = new Image(); image.onload = () => { window.picture = image.naturalWidth; }; \
            image.onerror = () => { window.picture = 0; }; \
            image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(window.files[0].text)",
            (),
        )?;
        page.session.wait("window.picture !== null", ())?;
        expect(&format!("{figure} is a picture"), page.session.value("window.picture > 100", ())?, true)?;
    }
    Ok(())
}

fn png(page: &Page) -> Result<()> {
    open(page, "")?;
    page.session.run(CATCH, ())?;
    for figure in FIGURES {
        let saved = file(page, figure, "png")?;
        expect("type", saved.kind.as_str(), "image/png")?;
        expect("signature", &saved.head[..], &b"\x89PNG\r\n\x1a\n"[..])?;
        expect(&format!("{figure}: {} bytes are something", saved.size), saved.size > 2000, true)?;
    }
    Ok(())
}

fn csv(page: &Page) -> Result<()> {
    open(page, "")?;
    page.session.run(CATCH, ())?;
    for figure in FIGURES {
        let saved = file(page, figure, "csv")?;
        expect("type", saved.kind.as_str(), "text/csv")?;
        take(page, figure, "table")?;
        // Tables follow each other behind an empty line, each with its head.
        let texts: Vec<&str> = saved.text.split("\r\n\r\n").collect();
        expect("tables", texts.len(), count(page, &format!("#{figure} .twin table"))?)?;
        for (index, text) in texts.into_iter().enumerate() {
            let rows = read_csv(&format!("{}\r\n", text.trim_end()));
            let right: Vec<Vec<String>> =
                page.session.value(super::tables::ROWS, serde_json::json!([figure, index]))?;
            expect(&format!("rows of {figure}"), &rows[1..], &right[..])?;
            expect("columns", rows[0].len(), right.first().map_or(rows[0].len(), Vec::len))?;
        }
    }
    Ok(())
}

fn trace(page: &Page) -> Result<()> {
    open(page, "")?;
    page.session.run(CATCH, ())?;
    let saved = file(page, "timeline", "trace")?;
    expect("type", saved.kind.as_str(), "application/json")?;
    let trace: serde_json::Value = serde_json::from_str(&saved.text)?;
    let events = trace["traceEvents"].as_array().ok_or("no events")?;
    let number = |value: &serde_json::Value| value.as_u64().ok_or_else(|| format!("{value} is no number"));
    let mut operations = Vec::new();
    for event in events.iter().filter(|event| event["ph"] == "X" && event["pid"] == 1 && event["cat"] != "wait") {
        let args = &event["args"];
        let (start_ns, end_ns) = (number(&args["start_ns"])?, number(&args["end_ns"])?);
        let micros = event["ts"].as_f64().ok_or("no time")?;
        expect("time in µs", (micros * 1000.0).round() as u64, start_ns)?;
        let resource = event["cat"].as_str().unwrap_or_default().to_owned();
        operations.push(Op { path: number(&args["path"])? as usize, resource, slot: 0, start_ns, end_ns });
    }
    operations.sort();
    expect("operations", operations, drawn(page, "psomw")?)?;
    let waits = events.iter().filter(|event| event["cat"] == "wait").count();
    expect("waits", waits, count(page, "#timeline_figure .gap")?)
}

/// The link to a figure alone opens just that, with the same data.
fn embed(page: &Page) -> Result<()> {
    for figure in FIGURES {
        open(page, "")?;
        page.session.run(CATCH, ())?;
        let operations = drawn(page, "psomw")?;
        take(page, figure, "embed")?;
        page.session.wait("window.copied", ())?;
        let link: String = page.session.value("window.copied", ())?;
        expect(&link, link.contains(&format!("#/embed/{figure}?v=1&")), true)?;
        page.session.load(&link)?;
        page.wait_until_ready()?;
        page.session.wait("document.querySelector('main[data-studio=on]')", ())?;
        let shown: Vec<String> = page.session.value(
            "[...document.querySelectorAll('.card, .top, .situation, #answer')].filter(e => e.getClientRects().length)\
            .map(e => e.id || e.className)",
            (),
        )?;
        expect("shown", shown, vec![figure.to_owned()])?;
        expect("drawn", count(page, &format!("#{figure}_figure svg"))? > 0, true)?;
        if figure == "timeline" {
            expect("operations", drawn(page, "psomw")?, operations)?;
        }
        // From there it is a step to the whole page.
        page.session.click("#home")?;
        page.session.wait("document.querySelector('#answer').getClientRects().length > 0", ())?;
        page.expect_no_errors()?;
    }
    Ok(())
}
