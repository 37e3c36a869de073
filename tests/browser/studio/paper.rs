//! The page on paper.

use super::{count, open};
use crate::page::Page;
use crate::scenarios::{Scenario, choose_theme, expect};
use crate::session::Result;

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[Scenario { name: "studio_paper", play: paper }];

/// Makes what is meant for print apply on the screen, and what is meant for the screen not: both browsers then tell
/// computed styles as a printer would have them.
const PRINT: &str = "const print = list => { for (const rule of list) { \
    if (rule instanceof CSSMediaRule) { const old = rule.media.mediaText; \
        rule.media.mediaText = /^print/.test(old) ? old.replace('print', 'all') : /^screen/.test(old) ? 'not all' : old; } \
    if (rule.cssRules) print(rule.cssRules); } }; \
    [...document.styleSheets].forEach(sheet => print(sheet.cssRules))";

/// Things to press, choose, drag or type into that are to be seen.
const CONTROLS: &str = "[...document.querySelectorAll('button, select, input, summary, .brush, .cut-handle, .handle')]\
    .filter(e => e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden')\
    .map(e => e.id || e.dataset.act || e.getAttribute('class') || e.localName)";

/// The least contrast of a text that is seen with white.
const FAINTEST: &str = "Math.min(...[...document.querySelectorAll('main :is(h1, h2, p, strong, span, text, li, td, th)')]\
    .filter(e => e.getClientRects().length && e.textContent.trim()).map(e => { const style = getComputedStyle(e); \
        const [r, g, b] = (e.closest('svg') ? style.fill : style.color).match(/[0-9.]+/g).slice(0, 3) \
            .map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4); \
        return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05); }))";

/// In both themes: no controls, every figure, tables at their full length, and ink that can be read on white.
fn paper(page: &Page) -> Result<()> {
    for theme in ["dark", "light"] {
        open(page, "")?;
        let session = &page.session;
        choose_theme(page, theme)?;
        session.run("document.querySelectorAll('button[data-act=table]').forEach(e => e.click())", ())?;
        session.keys("..")?;
        let on_screen: Vec<String> = session.value(CONTROLS, ())?;
        expect("there are controls on the screen", on_screen.len() > 10, true)?;
        session.run(PRINT, ())?;
        expect("controls on paper", session.value::<Vec<String>>(CONTROLS, ())?, Vec::new())?;
        let figures =
            "[...document.querySelectorAll('.figure > svg')].filter(e => e.getBoundingClientRect().height > 40).length";
        expect("figures on paper", session.value::<usize>(figures, ())?, 5)?;
        expect("the answer is on paper", count(page, "#answer strong")? > 0, true)?;
        let cut =
            "[...document.querySelectorAll('.twin .table')].filter(e => e.scrollHeight > e.clientHeight + 1).length";
        expect("tables that are cut off", session.value::<usize>(cut, ())?, 0)?;
        let paper: String = session.value("getComputedStyle(document.body).backgroundColor", ())?;
        expect("paper", paper.as_str(), "rgb(255, 255, 255)")?;
        let faintest: f64 = session.value(FAINTEST, ())?;
        expect(&format!("{theme}: a contrast of {faintest} can be read"), faintest >= 4.5, true)?;
    }
    Ok(())
}
