//! Every state of the page before axe-core: `OFFCUT_AXE` names its script.

use super::count;
use crate::hands::key;
use crate::native;
use crate::page::Page;
use crate::scenarios::{Scenario, expect};
use crate::server::FRAME;
use crate::session::{Browser, Result};

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "studio_axe_wide", play: |page| all(page, 1440) },
    Scenario { name: "studio_axe_narrow", play: |page| all(page, 390) },
];

/// Starts axe on what is shown.
const RUN: &str = "window.audit = null; axe.run(document, { runOnly: { type: 'tag', \
    values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } }).then(found => { window.audit = { \
        violations: found.violations.flatMap(rule => rule.nodes.map(node => \
            `${rule.id}: ${node.target} (${(node.any[0] ?? node.all[0] ?? node.none[0])?.message})`)), \
        passes: found.passes.length }; })";

/// axe's script; none where nobody has it, which is said.
pub fn script() -> Result<Option<String>> {
    let Some(path) = std::env::var_os("OFFCUT_AXE").filter(|path| !path.is_empty()) else {
        eprintln!("SKIPPED: no axe-core; OFFCUT_AXE must name its axe.min.js (`cargo xtask test` sees to that)");
        return Ok(None);
    };
    Ok(Some(std::fs::read_to_string(path)?))
}

/// Holds what is shown against the rules, in both themes.
pub fn audit(page: &Page, script: &str, state: &str) -> Result<()> {
    let session = &page.session;
    if !session.value::<bool>("!!window.axe", ())? {
        session.run("(0, eval)(arg)", script)?;
    }
    expect(&format!("{state}: labels without a role"), session.value::<Vec<String>>(UNSPOKEN, ())?, Vec::new())?;
    for theme in ["light", "dark"] {
        session.run("document.documentElement.dataset.theme = arg", theme)?;
        session.run(RUN, ())?;
        session.wait("window.audit", ())?;
        let found: Vec<String> = session.value("window.audit.violations", ())?;
        if !found.is_empty() {
            return Err(
                format!("{state}, {theme}: {} violations: {:#?}", found.len(), &found[..found.len().min(8)]).into()
            );
        }
        expect(&format!("{state}: rules that passed"), session.value("window.audit.passes > 10", ())?, true)?;
    }
    Ok(())
}

/// Marks whose spoken label means nothing, for they have no role: axe lets them pass.
const UNSPOKEN: &str =
    "[...document.querySelectorAll('svg [aria-label]:not([role])')].map(e => e.outerHTML.slice(0, 160))";

fn all(page: &Page, width: u32) -> Result<()> {
    let Some(script) = script()? else { return Ok(()) };
    let audited = states(page, width, &script).and_then(|()| embedded(page, width, &script));
    page.session.leave_frame()?;
    audited
}

/// Loads the page in a frame of some width, as wide as no window of a browser could be made.
fn open(page: &Page, width: u32, fragment: &str) -> Result<()> {
    let session = &page.session;
    session.load(&page.server.url(&format!("{FRAME}{width}x900{fragment}")))?;
    // Entered earlier, Firefox stays in what was there before.
    session.wait("document.querySelector('#frame').contentDocument?.querySelector('main[data-state=ready]')", ())?;
    session.enter_frame("#frame")?;
    page.wait_until_ready()?;
    session.wait("document.querySelector('main[data-studio=on]') && document.querySelector('#timeline .acts')", ())?;
    expect("width", session.value("innerWidth", ())?, width)
}

fn states(page: &Page, width: u32, script: &str) -> Result<()> {
    let (session, link) = (&page.session, native::default_link());
    open(page, width, "")?;
    session.wait("document.querySelector('#answer [data-trace]')", ())?;
    audit(page, script, "first plan")?;
    session.run("document.querySelectorAll('details').forEach(e => { e.open = true; })", ())?;
    audit(page, script, "menus open")?;
    session.run("document.querySelectorAll('details').forEach(e => { e.open = false; })", ())?;
    session.run("document.querySelectorAll('button[data-act=table]').forEach(e => e.click())", ())?;
    expect("tables", count(page, ".twin table")? > 5, true)?;
    audit(page, script, "tables")?;
    session.run("document.querySelectorAll('button[data-act=table]').forEach(e => e.click())", ())?;
    session.click("#answer")?;
    session.keys("..]")?;
    audit(page, script, "a step of the search at a time")?;
    let plan = native::plan(&link)?;
    let handle = |path: usize| format!("#assignment .cut-handle[data-path='{path}']");
    session.click("[data-act=planned]")?;
    session.focus(&handle(plan.order[1]))?;
    session.keys(key::LEFT)?;
    audit(page, script, "my plan")?;
    session.focus(&handle(plan.order[plan.order.len() - 1]))?;
    session.keys(key::RIGHT)?;
    expect("faults", count(page, ".fault")? > 0, true)?;
    audit(page, script, "a plan that cannot run")?;
    session.keys("?")?;
    session.wait("document.querySelector('dialog[open]')", ())?;
    audit(page, script, "help")?;
    open(page, width, "#/plan?v=99")?;
    audit(page, script, "bad link")?;
    open(page, width, "#/plan?v=1&model=mobilenet-v2&network=literature-wifi")?;
    audit(page, script, "folded repeats")?;
    session.run("document.querySelector('[data-act=closer]').click()", ())?;
    audit(page, script, "a part of the network")
}

fn embedded(page: &Page, width: u32, script: &str) -> Result<()> {
    // Which browser looks at them makes no difference.
    if page.session.browser == Browser::Firefox {
        return Ok(());
    }
    for figure in ["fusion", "assignment", "timeline", "comparison", "convergence"] {
        open(page, width, &native::default_link().replacen("#/plan", &format!("#/embed/{figure}"), 1))?;
        audit(page, script, figure)?;
    }
    Ok(())
}
