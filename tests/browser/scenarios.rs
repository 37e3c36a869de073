//! What users do, and what must come of it.

use crate::page::Page;
use crate::server::{FRAME, PLAIN, WITHOUT_WASM};
use crate::session::Result;
use crate::{drawing, native, studio};
use offcut::formats::Method;
use offcut::situation::Situation;
use std::fmt::Debug;
use std::path::PathBuf;

/// Something that a user does.
pub struct Scenario {
    /// Names its tests.
    pub name: &'static str,
    /// Does it.
    pub play: fn(&Page) -> Result<()>,
}

/// All scenarios.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "first_plan", play: first_plan },
    Scenario { name: "no_jump_of_layout", play: no_jump_of_layout },
    Scenario { name: "choice_and_back", play: choice_and_back },
    Scenario { name: "slider_by_keyboard", play: slider_by_keyboard },
    Scenario { name: "hover_and_focus", play: hover_and_focus },
    Scenario { name: "deep_link", play: deep_link },
    Scenario { name: "bad_links", play: bad_links },
    Scenario { name: "drawing_of_vgg16", play: |page| drawing_of(page, "vgg16") },
    Scenario { name: "drawing_of_resnet50", play: |page| drawing_of(page, "resnet50") },
    Scenario { name: "drawing_of_googlenet", play: |page| drawing_of(page, "googlenet") },
    Scenario { name: "drawing_of_mobilenet_v2", play: |page| drawing_of(page, "mobilenet-v2") },
    Scenario { name: "drawing_of_two_blocks", play: drawing_of_two_blocks },
    Scenario { name: "drawing_of_tiny_yolov2", play: |page| drawing_of(page, "tiny-yolov2") },
    Scenario { name: "themes_and_sizes", play: themes_and_sizes },
    Scenario { name: "without_webassembly", play: without_webassembly },
];

/// The right arrow's key, as WebDriver writes it.
const ARROW_RIGHT: &str = "\u{e014}";

/// A link that is not the first situation.
pub const DEEP: &str =
    "#/plan?v=1&model=vgg16&device=raspberry-pi-3b+&server=rtx-2080&network=home-wifi&uplink_mbps=31&seed=2";

/// Fails where something is not what it should be.
pub fn expect<T: PartialEq + Debug>(what: &str, seen: T, right: T) -> Result<()> {
    if seen == right { Ok(()) } else { Err(format!("{what} is {seen:?} instead of {right:?}").into()) }
}

/// Holds the answer against the plan of the link that the address shows.
fn expect_plan_of_address(page: &Page) -> Result<()> {
    let plan = native::plan(&page.fragment()?)?;
    expect("makespan", page.answer("makespanNs")?, plan.makespan_ns)?;
    expect("lower bound", page.answer("lowerBoundNs")?, plan.lower_bound_ns)?;
    expect("evaluations", page.answer("evaluations")?, plan.evaluations)
}

/// The first plan is there without a click, and equals the one computed here.
fn first_plan(page: &Page) -> Result<()> {
    page.open("")?;
    let fragment = page.fragment()?;
    expect("fragment", fragment.starts_with("#/plan?v=1&model=tiny-yolov2"), true)?;
    expect("fragment", fragment, Situation::default().to_fragment())?;
    expect_plan_of_address(page)?;
    let methods = [
        ("nflNs", Method::Nfl),
        ("deviceOnlyNs", Method::DeviceOnly),
        ("serverOnlyNs", Method::ServerOnly),
        ("mwNs", Method::Mw),
    ];
    for (name, method) in methods {
        expect(name, page.answer(name)?, native::solved("", method)?.makespan_ns)?;
    }
    expect("alerts", page.alerts()?, Vec::new())?;
    expect_own_requests_only(page)
}

/// Sums up how far things have moved since the page was loaded, as a part of the window.
const SHIFTS: &str = "window.shifts = 0; window.moved = []; if (PerformanceObserver.supportedEntryTypes.includes('layout-shift')) \
    new PerformanceObserver(list => list.getEntries().forEach(entry => { window.shifts += entry.value; \
        entry.sources.forEach(({ node, previousRect: was, currentRect: is }) => window.moved.push( \
            `${node?.id || node?.className || node?.nodeName}: ${was.y}+${was.height} to ${is.y}+${is.height}`)); })) \
        .observe({ type: 'layout-shift', buffered: true })";

/// The first plan takes the place that the skeleton kept for it. Firefox does not tell.
fn no_jump_of_layout(page: &Page) -> Result<()> {
    page.open("")?;
    page.session.run(SHIFTS, ())?;
    // Entries of the past are delivered before the next frame's end.
    page.session.run("requestAnimationFrame(() => requestAnimationFrame(() => { window.framed = true; }))", ())?;
    page.session.wait("window.framed", ())?;
    let shifts: f64 = page.session.value("window.shifts", ())?;
    let moved: Vec<String> = page.session.value("window.moved", ())?;
    // A tenth of what is called good.
    if shifts > 0.01 { Err(format!("{shifts} of the window moved: {moved:?}").into()) } else { Ok(()) }
}

/// All that was asked for lies in the page's own folder, and is there.
fn expect_own_requests_only(page: &Page) -> Result<()> {
    let home = page.server.url(PLAIN);
    let names: Vec<String> =
        page.session.value("performance.getEntriesByType('resource').map(entry => entry.name)", ())?;
    let strange: Vec<&String> = names.iter().filter(|name| !name.starts_with(&home)).collect();
    expect("resources from elsewhere", strange, Vec::new())?;
    let failed: Vec<_> = page.server.requests().into_iter().filter(|request| !request.found).collect();
    expect("requests for what is not there", failed, Vec::new())
}

/// Another device is another plan and another entry of the history.
fn choice_and_back(page: &Page) -> Result<()> {
    page.open("")?;
    let (before, request) = (page.fragment()?, page.request()?);
    let makespan = page.answer("makespanNs")?;
    let other: String = page.session.value(
        "[...document.querySelectorAll('select#device option')].map(o => o.value).find(v => v !== 'raspberry-pi-3b+')",
        (),
    )?;
    page.session.choose("select#device", &other)?;
    page.wait_for_plan_after(request)?;
    let after = page.fragment()?;
    expect("device in the fragment", after.contains(&format!("&device={other}&")), true)?;
    expect_plan_of_address(page)?;
    let request = page.request()?;
    page.session.back()?;
    page.wait_for_plan_after(request)?;
    expect("fragment after going back", page.fragment()?, before)?;
    expect("makespan after going back", page.answer("makespanNs")?, makespan)?;
    let device: String = page.session.value("document.querySelector('select#device').value", ())?;
    expect("device after going back", device.as_str(), "raspberry-pi-3b+")
}

/// A slider moved by the keyboard plans anew, without a new entry of the history.
fn slider_by_keyboard(page: &Page) -> Result<()> {
    page.open("")?;
    let request = page.request()?;
    let entries: u64 = page.session.value("history.length", ())?;
    page.session.press("#uplink_mbps", ARROW_RIGHT)?;
    page.wait_for_plan_after(request)?;
    expect("uplink in the fragment", page.fragment()?.contains("&uplink_mbps="), true)?;
    expect("entries of the history", page.session.value("history.length", ())?, entries)?;
    expect_plan_of_address(page)
}

/// Whether the elements of one path, and of no other, are lit; `arg` is the path, or null for none.
pub const LIT: &str = "(document.querySelector('main').dataset.lit || null) === arg \
    && ['#assignment .cell', '#fusion .tile', '#timeline [data-plan=psomw] .op'].every(css => \
    [...document.querySelectorAll(css)].every(e => e.classList.contains('lit') === (e.dataset.path === arg)) \
    && (arg === null || document.querySelector(`${css}.lit`)))";

/// Pointing at a bar, or moving the focus to it, lights its tile in every figure.
fn hover_and_focus(page: &Page) -> Result<()> {
    studio::open(page, "")?;
    let widest: String = page.session.value(
        "[...document.querySelectorAll('#timeline [data-plan=psomw] .op')]\
        .sort((a, b) => b.getAttribute('width') - a.getAttribute('width'))[0].dataset.path",
        (),
    )?;
    let widest = widest.as_str();
    for resource in ["device", "server"] {
        let bar = format!("#timeline [data-plan=psomw] .op.{resource}");
        let path: Option<String> = page.session.value("document.querySelector(arg)?.dataset.path", bar.as_str())?;
        let Some(path) = path else { continue };
        page.session.point_at(&bar)?;
        page.session.wait(LIT, path)?;
        page.session.point_at("#theme")?;
        page.session.wait(LIT, ())?;
    }
    page.session
        .run("document.querySelector(`#timeline [data-plan=psomw] .op[data-path=\"${arg}\"]`).focus()", widest)?;
    page.session.wait(LIT, widest)
}

/// A link opens what it says, and a reload keeps it.
fn deep_link(page: &Page) -> Result<()> {
    page.open(DEEP)?;
    expect("fragment", page.fragment()?.as_str(), DEEP)?;
    expect("seed", page.answer("seed")?, 2)?;
    expect_plan_of_address(page)?;
    let model: String = page.session.value("document.querySelector('select#model').value", ())?;
    expect("network", model.as_str(), "vgg16")?;
    page.session.reload()?;
    page.wait_until_ready()?;
    expect("fragment after a reload", page.fragment()?.as_str(), DEEP)?;
    expect_plan_of_address(page)
}

/// A bad link is told, and leaves the user's own situation as it was.
fn bad_links(page: &Page) -> Result<()> {
    for bad in ["#/plan?v=1&uplink_mbps=NaN", "#/plan?v=1&model=nope", "#/plan?v=99"] {
        let Err(problem) = Situation::from_fragment(bad) else { return Err(format!("{bad} is accepted").into()) };
        page.open(bad)?;
        let alerts = page.alerts()?;
        expect("alert", alerts.len() == 1 && alerts[0].contains(&problem.to_string()), true)?;
        expect("makespan", page.answer("makespanNs")?, native::plan("")?.makespan_ns)?;
        page.open(DEEP)?;
        page.session.run("location.hash = arg", bad)?;
        let told = "[...document.querySelectorAll('[role=alert]')].some(e => e.textContent.includes(arg))";
        page.session.wait(told, problem.to_string())?;
        page.wait_until_ready()?;
        expect("makespan kept", page.answer("makespanNs")?, native::plan(DEEP)?.makespan_ns)?;
    }
    Ok(())
}

/// What is drawn of a network is the plan that is computed here.
fn drawing_of(page: &Page, model: &str) -> Result<()> {
    page.open(&format!("#/plan?v=1&model={model}&network=literature-wifi"))?;
    expect_plan_of_address(page)?;
    let plan = native::plan(&page.fragment()?)?;
    drawing::expect(page, &plan)
}

/// The same where two blocks are fused.
fn drawing_of_two_blocks(page: &Page) -> Result<()> {
    page.open("#/plan?v=1&model=tiny-yolov2&blocks=2")?;
    expect_plan_of_address(page)?;
    let plan = native::plan(&page.fragment()?)?;
    let fused = plan.blocks.iter().filter(|block| block.rows.len() > 2 || block.columns.len() > 2).count();
    expect("fused blocks", fused, 2)?;
    drawing::expect(page, &plan)
}

/// Both themes on a large and on a small screen: nothing is wider than the screen. Keeps pictures.
fn themes_and_sizes(page: &Page) -> Result<()> {
    for (width, height) in [(1440, 900), (390, 844)] {
        let size = format!("{width}x{height}");
        page.session.load(&page.server.url(&format!("{FRAME}{size}")))?;
        page.session.enter_frame("#frame")?;
        page.wait_until_ready()?;
        expect("width", page.session.value("innerWidth", ())?, width)?;
        for theme in ["light", "dark"] {
            choose_theme(page, theme)?;
            let over: i64 = page.session.value("document.scrollingElement.scrollWidth - innerWidth", ())?;
            if over > 0 {
                return Err(format!("{theme} {size}: {over} pixels too wide: {}", too_wide(page)?).into());
            }
            page.expect_no_errors()?;
            page.session.run("scrollTo(0, 0)", ())?;
            page.session.leave_frame()?;
            let picture = page.session.picture("#frame")?;
            keep(&format!("{}-{theme}-{size}.png", page.session.browser.name()), &picture)?;
            page.session.enter_frame("#frame")?;
        }
        page.session.leave_frame()?;
    }
    Ok(())
}

/// Clicks until the page has the theme, and sees that its colours follow.
pub fn choose_theme(page: &Page, theme: &str) -> Result<()> {
    let chosen = "document.documentElement.dataset.theme === arg";
    for _ in 0..2 {
        if !page.session.value::<bool>(chosen, theme)? {
            page.session.click("#theme")?;
        }
    }
    page.session.wait(chosen, theme)?;
    let scheme: String = page.session.value("getComputedStyle(document.documentElement).colorScheme", ())?;
    expect("colour scheme", scheme.as_str(), theme)
}

/// The elements that reach beyond the right edge of the window.
fn too_wide(page: &Page) -> Result<String> {
    let wide: Vec<String> = page.session.value(
        "[...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 0.5)\
        .slice(0, 8).map(e => `${e.tagName}#${e.id}.${e.getAttribute('class')}`)",
        (),
    )?;
    Ok(wide.join(" "))
}

/// Writes a picture into `OFFCUT_SCREENSHOTS`, or into the build folder.
pub fn keep(name: &str, picture: &[u8]) -> Result<()> {
    let folder = std::env::var_os("OFFCUT_SCREENSHOTS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target").join("screenshots"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    Ok(std::fs::write(folder.join(name), picture)?)
}

/// A browser without WebAssembly is told so, in words.
fn without_webassembly(page: &Page) -> Result<()> {
    page.session.load(&page.server.url(WITHOUT_WASM))?;
    page.session.wait("document.querySelector('#app-status')?.textContent.includes('lacks WebAssembly')", ())?;
    expect("the page", page.session.value("!!document.querySelector('#answer')", ())?, false)
}
