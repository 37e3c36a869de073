//! Exported figures hold the fonts of their letters.

use super::exports::{CATCH, FIGURES, file};
use super::open;
use crate::page::Page;
use crate::scenarios::{Scenario, expect};
use crate::session::Result;

/// What this file tries.
pub const SCENARIOS: &[Scenario] =
    &[Scenario { name: "studio_fonts", play: fonts }, Scenario { name: "studio_without_fonts", play: without }];

/// Requests for fonts so far.
const ASKED: &str = "performance.getEntriesByType('resource').filter(e => e.name.includes('/fonts/')).length";

/// Draws the exported figure twice as a picture, its font by a name that no computer has: once with the font inside,
/// once without. `pixels` becomes whether the two are the same.
const COMPARE: &str = "window.pixels = null; \
    const named = window.files[0].text.replaceAll('\"DejaVu Sans\", system-ui', '\"Held Inside\", monospace') \
        .replaceAll('\"DejaVu Sans\"', '\"Held Inside\"'); \
    const draw = text => new Promise(done => { const image = new Image(); image.onload = () => { \
        const canvas = document.createElement('canvas'); \
        [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight]; \
        canvas.getContext('2d').drawImage(image, 0, 0); done(canvas.toDataURL()); }; \
        image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(text); }); \
    Promise.all([named, named.replaceAll('@font-face', '@nothing')].map(draw)) \
        .then(([held, bare]) => { window.pixels = { same: held === bare, drawn: held.length > 2000 }; })";

/// The fonts are fetched for the first export, are in every figure, and its letters are drawn with them.
fn fonts(page: &Page) -> Result<()> {
    open(page, "")?;
    let session = &page.session;
    session.run(CATCH, ())?;
    expect("requests for fonts before an export", session.value::<usize>(ASKED, ())?, 0)?;
    for figure in FIGURES {
        let saved = file(page, figure, "svg")?;
        let faces = saved.text.matches("@font-face").count();
        expect(&format!("fonts in {figure}"), faces, 2)?;
        expect("their copyright", saved.text.contains("Copyright (c) 2003 by Bitstream"), true)?;
        session.run(COMPARE, ())?;
        session.wait("window.pixels", ())?;
        expect(&format!("{figure} is drawn"), session.value("window.pixels.drawn", ())?, true)?;
        expect(&format!("{figure} without its fonts is the same"), session.value("window.pixels.same", ())?, false)?;
    }
    expect("requests for fonts", session.value::<usize>(ASKED, ())? > 0, true)
}

/// Where the fonts cannot be had, figures are saved all the same, and that is said.
fn without(page: &Page) -> Result<()> {
    open(page, "")?;
    let session = &page.session;
    session.run(CATCH, ())?;
    session.run(
        "const open = XMLHttpRequest.prototype.open; \
        XMLHttpRequest.prototype.open = function (how, what) { open.call(this, how, `${what}.missing`); }",
        (),
    )?;
    for form in ["svg", "png"] {
        let saved = file(page, "fusion", form)?;
        expect("a file", saved.size > 2000, true)?;
        expect("fonts", saved.text.contains("@font-face"), false)?;
        session.wait("document.querySelector('#said').textContent.includes('fonts could not be fetched')", ())?;
    }
    Ok(())
}
