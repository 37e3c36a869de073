//! Links with all that is in them, sound and not.

use super::{TINY, drop_file, expect_own_plan, expect_plan, open};
use crate::hands::key;
use crate::native;
use crate::page::Page;
use crate::scenarios::{DEEP, Scenario, expect};
use crate::server::PLAIN;
use crate::session::Result;
use crate::studio::{drawn, sorted};
use offcut::link_codec::pack;

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "workshop_fresh_profile", play: fresh_profile },
    Scenario { name: "workshop_bad_own_links", play: bad_own_links },
    Scenario { name: "workshop_my_plan_in_links", play: my_plan },
    Scenario { name: "workshop_last_situation", play: last_situation },
    Scenario { name: "workshop_two_tabs", play: two_tabs },
    Scenario { name: "workshop_offline", play: offline },
];

/// Somebody else opens the link of an own network, in a browser that knows nothing.
fn fresh_profile(page: &Page) -> Result<()> {
    open(page, "#/plan?v=1&model=alexnet&device=raspberry-pi-4b&uplink_mbps=31")?;
    let request = page.request()?;
    drop_file(page, "tiny.json", TINY.as_bytes())?;
    let link = expect_own_plan(page, request)?;
    let other = Page::start(page.session.browser)?;
    other.open(&link)?;
    expect("link", other.fragment()?, link.clone())?;
    expect("makespan", other.answer("makespanNs")?, page.answer("makespanNs")?)?;
    expect_plan(&other, &link)?;
    other.expect_no_errors()
}

/// Links that are cut, changed, foreign or a bomb are told of; what was open stays.
fn bad_own_links(page: &Page) -> Result<()> {
    let sound = offcut::situation::own::packed(&offcut::formats::read_model(TINY)?);
    let bad = [
        (sound[..sound.len() / 2].to_owned(), "cut short"),
        (pack("{\"format\":\"offcut-model/7\"}"), "offcut-model/7"),
        (pack(&" ".repeat((2 << 20) + 1)), "larger than 2 MB"),
        (pack("no document"), "cannot be used"),
    ];
    for (packed, word) in &bad {
        let link = format!("#/plan?v=1&m={packed}");
        page.open(&link)?;
        let told = "[...document.querySelectorAll('[role=alert]')].some(e => e.textContent.includes(arg))";
        page.session.wait(told, *word)?;
        expect("the first situation", page.answer("makespanNs")?, native::plan("")?.makespan_ns)?;
        page.open(DEEP)?;
        page.session.run("location.hash = arg", link)?;
        page.session.wait(told, *word)?;
        page.wait_until_ready()?;
        expect("makespan kept", page.answer("makespanNs")?, native::plan(DEEP)?.makespan_ns)?;
    }
    Ok(())
}

/// A plan made by hand is in the link, and comes back with it.
fn my_plan(page: &Page) -> Result<()> {
    open(page, "")?;
    let plan = native::plan("")?;
    // One whose cut may be one stage earlier.
    let earlier = |path: usize| native::by_hand("", |plan| plan.cuts[path] -= 1);
    let movable = plan.order.iter().copied().filter(|&path| plan.paths[path].cut > 0);
    let sound = movable.map(|path| earlier(path).map(|mine| (path, mine)));
    let mut sound = sound.filter(|mine| mine.as_ref().is_ok_and(|mine| mine.1.faults.is_empty()));
    let (path, mine) = sound.next_back().ok_or("no cut can be moved")??;
    page.session.focus(&format!("#assignment .cut-handle[data-path='{path}']"))?;
    page.session.keys(key::LEFT)?;
    page.session.wait("location.hash.includes('&p=')", ())?;
    let link = page.fragment()?;
    open(page, &link)?;
    page.session.wait("document.querySelector('#assignment_note').textContent.startsWith('My plan')", ())?;
    expect("operations", drawn(page, "psomw")?, sorted(&mine.operations))?;
    expect("link", page.fragment()?, link)?;
    page.session.click("[data-act=reset_mine]")?;
    page.session.wait("!location.hash.includes('&p=')", ())?;
    expect("planned again", drawn(page, "psomw")?, sorted(&plan.operations))
}

/// Without a link the page is as it was left.
fn last_situation(page: &Page) -> Result<()> {
    let home = page.server.url(&format!("{PLAIN}?remember"));
    let mut seen = String::new();
    // Firefox's processes tell each other what is stored a moment later: who comes back at once may be too early.
    for _ in 0..5 {
        page.open(DEEP)?;
        page.session.load(&home)?;
        page.wait_until_ready()?;
        seen = page.fragment()?;
        if seen == DEEP {
            break;
        }
    }
    expect("link", seen.as_str(), DEEP)?;
    page.open("")?;
    expect("a browser that knows nothing", page.fragment()?, native::default_link())
}

/// Two tabs have their own situations.
fn two_tabs(page: &Page) -> Result<()> {
    open(page, DEEP)?;
    let request = page.request()?;
    page.session.in_another_tab(|| {
        open(page, "")?;
        page.session.choose("#model", "alexnet")?;
        page.session.wait("location.hash.includes('model=alexnet')", ())?;
        page.wait_until_ready()
    })?;
    expect("link", page.fragment()?.as_str(), DEEP)?;
    expect("request", page.request()?, request)?;
    page.session.reload()?;
    page.wait_until_ready()?;
    expect("link after a reload", page.fragment()?.as_str(), DEEP)
}

/// Once opened, the page needs no network: not to be loaded again, not to open files.
fn offline(page: &Page) -> Result<()> {
    open(page, "")?;
    page.session.run("navigator.serviceWorker.ready.then(() => { window.isKept = true; })", ())?;
    page.session.wait("window.isKept", ())?;
    let gone = || {
        let gone: bool = {
            page.session
                .run("fetch('nothing.txt').then(r => { window.got = r.status; }, () => { window.got = 0; })", ())?;
            page.session.wait("window.got !== undefined", ())?;
            page.session.value("window.got === 0", ())?
        };
        expect("the server is gone", gone, true)?;
        open(page, DEEP)?;
        expect_plan(page, DEEP)?;
        let request = page.request()?;
        drop_file(page, "tiny.json", TINY.as_bytes())?;
        expect_own_plan(page, request)?;
        // What the browser says of the request above is no fault of the page's.
        page.session.run("window.seenErrors = []", ())
    };
    page.server.without(|| page.session.offline(gone))
}
