//! The Models page.

use super::{catch, open, press};
use crate::csv::read_csv;
use crate::page::Page;
use crate::scenarios::{Scenario, choose_theme, expect, keep};
use crate::server::FRAME;
use crate::session::Result;
use crate::studio::{axe, count, text};

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "workshop_layers", play: layers },
    Scenario { name: "workshop_graph", play: graph },
    Scenario { name: "workshop_styles_come_first", play: styles_come_first },
    Scenario { name: "workshop_axe_wide", play: |page| audit(page, 1440) },
    Scenario { name: "workshop_axe_narrow", play: |page| audit(page, 390) },
    Scenario { name: "workshop_themes_and_sizes", play: themes_and_sizes },
];

/// The table is the network's; it is sorted by a click, and copied.
fn layers(page: &Page) -> Result<()> {
    open(page, "#/models?v=1&model=resnet18")?;
    page.session.wait("document.querySelector('#layers tbody tr')", ())?;
    let network = offcut::zoo::build("resnet18").ok_or("no ResNet-18")??;
    let table = offcut::draw::layers::layers(&network);
    expect("rows", count(page, "#layers tbody tr")?, table.rows.len())?;
    let macs = table.columns.iter().position(|column| column.1 == "macs").ok_or("no MACs")?;
    let values =
        format!("[...document.querySelectorAll('#layers tbody tr')].map(e => +e.children[{macs}].dataset.value)");
    let seen: Vec<u64> = page.session.value(&values, ())?;
    expect("MACs", seen.iter().sum::<u64>(), network.macs())?;
    page.session.click(&format!("#layers [data-sort='{macs}']"))?;
    let mut right = seen;
    right.sort_unstable();
    expect("ascending", page.session.value::<Vec<u64>>(&values, ())?, right.clone())?;
    page.session.click(&format!("#layers [data-sort='{macs}']"))?;
    right.reverse();
    expect("descending", page.session.value::<Vec<u64>>(&values, ())?, right)?;
    catch(page)?;
    press(page, "copy_csv")?;
    page.session.wait("window.copied", ())?;
    let csv: String = page.session.value("window.copied", ())?;
    expect("CSV", read_csv(&csv), read_csv(&table.csv()))?;
    press(page, "copy_markdown")?;
    page.session.wait("window.copied.startsWith('|')", ())?;
    expect("Markdown", page.session.value("window.copied", ())?, table.markdown())?;
    // Another network by its name, then to its plan.
    page.session.click("#zoo [data-entries='model=squeezenet1.1']")?;
    page.session.wait("document.querySelector('#about h2').textContent.startsWith('SqueezeNet')", ())?;
    page.session.wait("document.querySelector('#answer').dataset.request === '2'", ())?;
    page.wait_until_ready()?;
    let request = page.request()?;
    page.session.click("#about [data-go=plan]")?;
    page.session
        .wait("location.hash.startsWith('#/plan') && document.querySelector('#answer').getClientRects().length", ())?;
    expect("no new plan", page.request()?, request)?;
    page.session.wait("document.querySelector('#fusion_figure svg').getBoundingClientRect().width > 700", ())
}

/// Opened by its own address, the page brings the styles of tables and graphs before its own, and once.
fn styles_come_first(page: &Page) -> Result<()> {
    open(page, "#/models?v=1&model=alexnet")?;
    page.session.wait("document.querySelector('#layers tbody tr')", ())?;
    let of = "[...document.querySelectorAll('head style')].map(e => e.textContent)\
        .map(css => css.includes('#models {') ? 'workshop' : css.includes('.table table {') ? 'studio' : '').filter(Boolean)";
    expect("styles", page.session.value::<Vec<String>>(of, ())?, vec!["studio".to_owned(), "workshop".to_owned()])
}

/// A stage of the graph points out its layers.
fn graph(page: &Page) -> Result<()> {
    open(page, "#/models?v=1&model=tiny-yolov2")?;
    page.session.wait("document.querySelector('#graph .stage')", ())?;
    page.session.focus("#graph .stage[data-stage='2'] .band")?;
    page.session.keys(crate::hands::key::ENTER)?;
    let network = offcut::zoo::build("tiny-yolov2").ok_or("no Tiny-YOLOv2")??;
    let right: Vec<String> = network.stages()[2].layers.iter().map(|id| id.index().to_string()).collect();
    let lit = "[...document.querySelectorAll('#layers tr.lit')].map(e => e.dataset.layer)";
    expect("layers", page.session.value::<Vec<String>>(lit, ())?, right)?;
    // The keys of the figures, which are not seen here, do nothing.
    page.session.keys(" .")?;
    expect("playhead", count(page, "main[data-time]:not([data-time=''])")?, 0)?;
    open(page, "#/models?v=1&model=resnet50")?;
    page.session.wait("document.querySelector('#graph .fold')", ())?;
    let folded = count(page, "#graph .node")?;
    press(page, "unfold")?;
    expect("unfolded", count(page, "#graph .node")? > folded, true)?;
    let caption = text(page, "#graph header p")?;
    expect("caption", caption.is_empty(), false)
}

/// Loads the Models page in a frame of some width.
fn framed(page: &Page, size: &str) -> Result<()> {
    page.session.load(&page.server.url(&format!("{FRAME}{size}#/models?v=1&model=resnet18")))?;
    page.session
        .wait("document.querySelector('#frame').contentDocument?.querySelector('main[data-state=ready]')", ())?;
    page.session.enter_frame("#frame")?;
    page.session.wait("document.querySelector('#layers tbody tr')", ())
}

fn audit(page: &Page, width: u32) -> Result<()> {
    let Some(script) = axe::script()? else { return Ok(()) };
    let audited = framed(page, &format!("{width}x900")).and_then(|()| {
        axe::audit(page, &script, "Models page")?;
        press(page, "new")?;
        page.session.wait("document.querySelector('#source')", ())?;
        page.session.run(
            "const s = document.querySelector('#source'); s.value = s.value.replace('linear', 'liner'); s.dispatchEvent(new Event('input', { bubbles: true }))",
            (),
        )?;
        page.session.wait("document.querySelector('#wrong li')", ())?;
        axe::audit(page, &script, "editor with a fault")?;
        page.session.run("document.querySelector('#about [data-workshop=share]').click()", ())?;
        super::dialog(page)?;
        axe::audit(page, &script, "share dialog")?;
        page.session.run("sessionStorage.clear()", ())
    });
    page.session.leave_frame()?;
    audited
}

/// Nothing is wider than the screen. Keeps pictures.
fn themes_and_sizes(page: &Page) -> Result<()> {
    for size in ["1440x900", "390x844"] {
        framed(page, size)?;
        for theme in ["light", "dark"] {
            choose_theme(page, theme)?;
            let over: i64 = page.session.value("document.scrollingElement.scrollWidth - innerWidth", ())?;
            // Where there is a scrollbar, less is seen than the window is wide.
            expect(&format!("wider than {size}"), over > 0, false)?;
            page.expect_no_errors()?;
            page.session.run("scrollTo(0, 0)", ())?;
            page.session.leave_frame()?;
            let picture = page.session.picture("#frame")?;
            keep(&format!("{}-models-{theme}-{size}.png", page.session.browser.name()), &picture)?;
            page.session.enter_frame("#frame")?;
        }
        page.session.leave_frame()?;
    }
    Ok(())
}
