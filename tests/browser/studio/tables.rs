//! Each figure's twin holds what the figure is drawn from.

use super::{count, open, take};
use crate::hands::key;
use crate::page::Page;
use crate::scenarios::{Scenario, expect};
use crate::session::Result;

/// What this file tries.
pub const SCENARIOS: &[Scenario] =
    &[Scenario { name: "studio_tables", play: tables }, Scenario { name: "studio_tables_follow", play: follow }];

/// The exact values of a figure's tables, row by row; `arg` is the figure and the table's number.
pub const ROWS: &str = "[...[...document.querySelectorAll(`#${arg[0]} .twin table`)][arg[1]]?.tBodies[0].rows ?? []]\
    .map(row => [...row.cells].map(cell => cell.dataset.value))";

/// A table's rows, some of the columns.
fn rows(page: &Page, figure: &str, table: usize, columns: &[usize]) -> Result<Vec<Vec<String>>> {
    let rows: Vec<Vec<String>> = page.session.value(ROWS, serde_json::json!([figure, table]))?;
    let mut rows: Vec<Vec<String>> =
        rows.iter().map(|row| columns.iter().map(|&column| row[column].clone()).collect()).collect();
    rows.sort();
    Ok(rows)
}

/// The data of a figure's marks; `arg` is a selector and the names.
fn marks(page: &Page, css: &str, names: &[&str]) -> Result<Vec<Vec<String>>> {
    let mut marks: Vec<Vec<String>> = page.session.value(
        "[...document.querySelectorAll(arg[0])].map(e => arg[1].map(name => e.dataset[name] ?? ''))",
        serde_json::json!([css, names]),
    )?;
    marks.sort();
    Ok(marks)
}

fn expect_operations(page: &Page) -> Result<()> {
    let names = ["path", "resource", "slot", "startNs", "endNs", "bytes"];
    let drawn = marks(page, "#timeline [data-plan=psomw] .op", &names)?;
    expect("operations", rows(page, "timeline", 0, &[1, 2, 3, 4, 5, 7])?, drawn)
}

fn tables(page: &Page) -> Result<()> {
    open(page, "")?;
    for figure in ["fusion", "assignment", "timeline", "comparison", "convergence"] {
        take(page, figure, "table")?;
        expect(&format!("tables of {figure}"), count(page, &format!("#{figure} .twin table"))? > 0, true)?;
        expect("menus open", count(page, "details.menu[open]")?, 0)?;
    }
    expect_operations(page)?;
    let drawn = marks(page, "#timeline_figure .gap", &["startNs", "endNs", "reason"])?;
    expect("waits", rows(page, "timeline", 1, &[1, 2, 4])?, drawn)?;
    let drawn = marks(page, "#assignment .cut-handle", &["path", "firstStage", "len", "cut"])?;
    expect("cuts", rows(page, "assignment", 0, &[1, 3, 4, 5])?, drawn)?;
    let drawn = marks(page, "#comparison .bar", &["method", "makespanNs"])?;
    expect("methods", rows(page, "comparison", 0, &[1, 2])?, drawn)?;
    let drawn = marks(page, "#convergence_figure .improvement", &["iteration", "evaluations", "makespanNs"])?;
    expect("improvements", rows(page, "convergence", 1, &[1, 2, 3])?, drawn)?;
    let points: usize = page.session.value("+document.querySelector('#convergence .spread').dataset.points", ())?;
    expect("iterations", rows(page, "convergence", 0, &[0])?.len(), points)?;
    page.session.focus("#assignment .cell[data-path='1']")?;
    page.session.wait("document.querySelector('#fusion .need').dataset.path === '1'", ())?;
    let drawn: Vec<Vec<String>> = marks(page, "#fusion .need", &["path", "boundary", "rows", "columns"])?;
    let mut regions = rows(page, "fusion", 0, &[1, 3, 4, 5])?;
    regions.retain(|row| row[0] == "1");
    let regions: Vec<Vec<String>> =
        regions.into_iter().map(|row| row.into_iter().map(|value| value.replace('–', ",")).collect()).collect();
    expect("regions", regions, drawn)
}

/// An open table shows the plan that its figure shows, and goes where its button is pressed again.
fn follow(page: &Page) -> Result<()> {
    open(page, "")?;
    take(page, "timeline", "table")?;
    expect_operations(page)?;
    page.session.keys("]")?;
    expect_operations(page)?;
    let request = page.request()?;
    page.session.press("select#device", key::DOWN)?;
    page.wait_for_plan_after(request)?;
    expect_operations(page)?;
    take(page, "timeline", "table")?;
    expect("tables", count(page, "#timeline .twin table")?, 0)
}
