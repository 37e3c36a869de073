//! The search replayed, and the numbers of the explanation.

use super::{count, drawn, open, sorted, text};
use crate::hands::key;
use crate::native;
use crate::page::Page;
use crate::scenarios::{Scenario, expect};
use crate::session::Result;
use offcut::formats::Method;
use offcut::job::{Answer, Proposal, Searched, Task};

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "studio_search_steps", play: steps },
    Scenario { name: "studio_numbers_of_the_explanation", play: traces },
];

/// Holds all figures against a step of the search.
fn expect_step(page: &Page, (task, searched): &(Task, Searched), step: usize) -> Result<()> {
    let plan = Proposal::from(&searched.improvements[step].found);
    let answer = Answer::of(task, searched, Method::Psomw, &plan);
    expect("operations", drawn(page, "psomw")?, sorted(&answer.operations))?;
    let order = "[...document.querySelectorAll('#assignment .row-name')].map(e => +e.dataset.path)";
    expect("order", page.session.value(order, ())?, answer.order)?;
    let current = "[...document.querySelectorAll('#convergence .current')].map(e => +e.dataset.improvement)";
    expect("current", page.session.value(current, ())?, vec![step])?;
    let note = text(page, "#assignment_note")?;
    let right = format!("Improvement {} of {}", step + 1, searched.improvements.len());
    expect(&note, note.starts_with(&right), true)
}

fn steps(page: &Page) -> Result<()> {
    open(page, "")?;
    let (session, known) = (&page.session, native::searched(&page.fragment()?)?);
    let last = known.1.improvements.len() - 1;
    expect("some steps", last > 1, true)?;
    expect("improvements drawn", count(page, "#convergence [data-improvement]")?, last + 1)?;
    for step in 0..=last {
        session.keys("]")?;
        expect_step(page, &known, step)?;
    }
    session.keys("]")?;
    expect_step(page, &known, last)?;
    session.keys("[")?;
    expect_step(page, &known, last - 1)?;
    session.click("[data-act=step_back]")?;
    expect_step(page, &known, last - 2)?;
    session.click("[data-act=step_on]")?;
    expect_step(page, &known, last - 1)?;
    // The last one lies on top, where a pointer reaches it.
    let at = session.place(&format!("#convergence [data-improvement='{last}']"))?;
    session.tap(at)?;
    expect_step(page, &known, last)?;
    session.focus("#convergence [data-improvement='0']")?;
    session.keys(key::ENTER)?;
    expect_step(page, &known, 0)?;
    session.keys(key::RIGHT)?;
    expect_step(page, &known, 1)?;
    session.click("[data-act=planned]")?;
    let plan = native::plan(&page.fragment()?)?;
    expect("the planned one", drawn(page, "psomw")?, sorted(&plan.operations))
}

/// What is lit, and what should be; `arg` selects the latter.
const TRACED: &str = "(right => right.length > 0 && [...document.querySelectorAll('.traced')].every(e => right.includes(e)) \
    && right.every(e => e.classList.contains('traced')))([...document.querySelectorAll(arg)])";

fn traces(page: &Page) -> Result<()> {
    open(page, "")?;
    let session = &page.session;
    session.wait("document.querySelector('#answer [data-trace]')", ())?;
    let ids: Vec<String> =
        session.value("[...document.querySelectorAll('#answer [data-trace]')].map(e => e.dataset.trace)", ())?;
    expect(
        "kinds of numbers",
        ["lane:", "gap:", "rate:"].iter().all(|kind| ids.iter().any(|id| id.starts_with(kind))),
        true,
    )?;
    for (index, id) in ids.iter().filter(|id| !id.starts_with("rate:")).enumerate() {
        let link = format!("#answer [data-trace='{id}']");
        if index % 2 == 0 {
            session.click(&link)?;
        } else {
            session.focus(&link)?;
            session.keys(key::ENTER)?;
        }
        let right = match id.split_once(':') {
            Some(("lane", lane)) => format!("#timeline [data-plan=psomw] .op[data-resource='{lane}']"),
            Some((_, gap)) => format!("#timeline [data-gap='{gap}']"),
            None => "#timeline .op.critical".to_owned(),
        };
        session.wait(TRACED, right)?;
        expect("address", page.fragment()?.len() > 1, true)?;
    }
    // A rate is tried.
    let id = ids.iter().find(|id| id.starts_with("rate:")).ok_or("no rate")?;
    let (_, field) = id.split_once(':').ok_or("no field")?;
    let (key, value) = field.split_once(':').ok_or("no value")?;
    let request = page.request()?;
    session.click(&format!("#answer [data-trace='{id}']"))?;
    page.wait_for_plan_after(request)?;
    let fragment = page.fragment()?;
    expect(&fragment, fragment.contains(&format!("&{key}={value}")), true)?;
    let plan = native::plan(&fragment)?;
    session.wait("document.querySelector('#answer').dataset.makespanNs === arg", plan.makespan_ns.to_string())
}
