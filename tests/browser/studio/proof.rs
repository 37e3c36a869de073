//! Exact beside the search: streamed, stopped, proven.

use super::{open, text};
use crate::native;
use crate::page::Page;
use crate::scenarios::{Scenario, expect};
use crate::session::Result;
use offcut::draw::comparison::{Plans, brute_force};
use offcut::job::{Proof, Task};
use offcut::search::at_most;

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "studio_proof", play: proven },
    Scenario { name: "studio_proof_stopped", play: stopped },
    Scenario { name: "studio_no_proof_needed", play: not_needed },
];

/// Proven within seconds, but not by the page.
const SHORT: &str = "#/plan?v=1&model=resnet18&blocks=2";
/// Not proven within minutes.
const LONG: &str = "#/plan?v=1&model=mobilenet-v2&blocks=8";

/// Too many grids to list.
const MANY_GRIDS: &str = "#/plan?v=1&model=vgg16&uneven=1&grid_step=1";

fn bound(page: &Page) -> Result<u64> {
    page.session.value("+document.querySelector('#proof').dataset.lowerBoundNs", ())
}

fn wait_for(page: &Page, stand: &str) -> Result<()> {
    page.session.wait("document.querySelector('#proof').dataset.stand === arg", stand)
}

/// The comparison's note says how many plans brute force would go through at most.
fn expect_most_plans(page: &Page, task: &Task) -> Result<()> {
    let plans = Plans { scientific: at_most(&task.space, &task.network).scientific(), is_upper: true };
    let said = brute_force(plans, 1);
    let number = said.split(" plans,").next().unwrap_or(&said);
    expect("plans at most", text(page, "#comparison_note")?.contains(number), true)
}

/// The proof of a space with two fused blocks, against the same one run here.
fn proven(page: &Page) -> Result<()> {
    let (task, mut searched) = native::searched(SHORT)?;
    let model = offcut::cost::CostModel::new(&task.network, &task.platform);
    let mut proof = Proof::new(&model, &task, &searched);
    while !proof.is_done() {
        proof.step();
    }
    searched.update(&task.network, &proof.texts())?;
    open(page, SHORT)?;
    wait_for(page, "done")?;
    expect("bound", bound(page)?, searched.lower_bound.0)?;
    expect("headline", text(page, "#answer .proof")?.as_str(), "0.00 %proven best")?;
    expect("said", text(page, "#proof p")?.contains("It has proven that no plan is faster than PSOMW's"), true)?;
    let exact = "+document.querySelector('#comparison_figure [data-method=exact]').dataset.makespanNs";
    expect("bar", page.session.value(exact, ())?, searched.lower_bound.0)?;
    expect_most_plans(page, &task)?;
    // Another situation, and back.
    let request = page.request()?;
    page.session.choose("#model", "alexnet")?;
    page.wait_for_plan_after(request)?;
    page.session.back()?;
    page.session.wait("document.querySelector('#proof').dataset.stand === 'done'", ())
}

/// Stopped, it leaves a plan and a bound; then it goes on.
fn stopped(page: &Page) -> Result<()> {
    let (_, searched) = native::searched(LONG)?;
    open(page, LONG)?;
    wait_for(page, "running")?;
    let first = searched.lower_bound.0;
    page.session.wait("+document.querySelector('#proof').dataset.lowerBoundNs > arg", first)?;
    page.session.click("#proof [data-act=stop_proof]")?;
    wait_for(page, "stopped")?;
    let left = bound(page)?;
    let best: u64 = page.session.value("+document.querySelector('#answer').dataset.makespanNs", ())?;
    expect("a bound between", first < left && left <= best, true)?;
    expect("headline", text(page, "#answer .proof")?.ends_with("from the best, at most"), true)?;
    expect("said", text(page, "#proof p")?.starts_with("Exact was stopped. No plan is faster than"), true)?;
    page.session.click("#proof [data-act=prove]")?;
    wait_for(page, "running")?;
    page.session.wait("+document.querySelector('#proof').dataset.lowerBoundNs > arg", left)
}

/// The first situation is proven by the page itself; spaces of very many grids are not searched.
fn not_needed(page: &Page) -> Result<()> {
    open(page, "")?;
    expect("said", text(page, "#proof")?.as_str(), "")?;
    let before = page.server.requests().len();
    open(page, MANY_GRIDS)?;
    wait_for(page, "unable")?;
    expect_most_plans(page, &native::searched(MANY_GRIDS)?.0)?;
    expect("said", text(page, "#proof p")?.starts_with("Exact does not search spaces"), true)?;
    let prover = page.server.requests().into_iter().skip(before).filter(|request| request.path.contains("prover_bg"));
    // The service worker may fetch it, once a visit.
    expect("fetched at most once", prover.count() <= 1, true)
}
