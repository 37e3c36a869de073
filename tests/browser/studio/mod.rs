//! The figures touched: by pointer and by keyboard.

pub mod axe;
mod exports;
mod fonts;
mod fusion;
mod links;
mod looks;
mod moment;
mod paper;
mod plan;
mod proof;
mod search;
mod steady;
mod tables;
mod touch;
mod window;

pub use exports::CATCH;

use crate::page::Page;
use crate::scenarios::Scenario;
use crate::session::Result;
use offcut::formats::OperationFile;
use serde::Deserialize;

/// All scenarios of the studio.
pub const ALL: [&[Scenario]; 15] = [
    window::SCENARIOS,
    moment::SCENARIOS,
    plan::SCENARIOS,
    proof::SCENARIOS,
    search::SCENARIOS,
    fusion::SCENARIOS,
    looks::SCENARIOS,
    tables::SCENARIOS,
    exports::SCENARIOS,
    fonts::SCENARIOS,
    steady::SCENARIOS,
    touch::SCENARIOS,
    paper::SCENARIOS,
    links::SCENARIOS,
    axe::SCENARIOS,
];

/// Seven tiles and a search that may fuse two blocks.
pub const TWO_BLOCKS: &str = "#/plan?v=1&model=alexnet&network=literature-wifi&blocks=2";

/// An operation as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Op {
    /// Of which path.
    pub path: usize,
    /// Where.
    pub resource: String,
    /// In which slot.
    pub slot: usize,
    /// From when on.
    pub start_ns: u64,
    /// Until when.
    pub end_ns: u64,
}

impl From<&OperationFile> for Op {
    fn from(op: &OperationFile) -> Self {
        let (path, resource, slot) = (op.path, op.resource.clone(), op.slot);
        Self { path, resource, slot, start_ns: op.start_ns, end_ns: op.end_ns }
    }
}

/// Operations in an order of their own.
pub fn sorted<'a>(operations: impl IntoIterator<Item = &'a OperationFile>) -> Vec<Op> {
    let mut sorted: Vec<Op> = operations.into_iter().map(Op::from).collect();
    sorted.sort();
    sorted
}

/// Loads the page and waits for the studio to have taken its figures over.
pub fn open(page: &Page, fragment: &str) -> Result<()> {
    page.open(fragment)?;
    page.session.wait("document.querySelector('main[data-studio=on]') && document.querySelector('#timeline .acts')", ())
}

/// The operations that are drawn of a method's plan.
pub fn drawn(page: &Page, method: &str) -> Result<Vec<Op>> {
    let mut drawn: Vec<Op> = page.session.value(
        "[...document.querySelectorAll(`#timeline [data-plan='${arg}'] .op`)].map(({ dataset: d }) => ({ \
            path: +(d.path ?? Object.entries(d).find(([key]) => key.endsWith('Path'))[1]), \
            resource: d.resource, slot: +d.slot, start_ns: +d.startNs, end_ns: +d.endNs }))",
        method,
    )?;
    drawn.sort();
    Ok(drawn)
}

/// The text of an element.
pub fn text(page: &Page, css: &str) -> Result<String> {
    page.session.value("document.querySelector(arg).textContent", css)
}

/// How many elements a selector finds.
pub fn count(page: &Page, css: &str) -> Result<usize> {
    page.session.value("document.querySelectorAll(arg).length", css)
}

/// Opens a figure's menu and presses a button in it.
pub fn take(page: &Page, figure: &str, act: &str) -> Result<()> {
    let menu = format!("#{figure} details.menu");
    page.session.place(&menu)?;
    page.session.click(&format!("{menu} summary"))?;
    page.session.click(&format!("{menu} button[data-act='{act}']"))
}
