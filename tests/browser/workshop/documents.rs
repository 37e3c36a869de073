//! Scenarios, plans and commands: handed out, and opened again.

use super::{TINY, catch, dialog, drop_file, expect_own_plan, expect_plan, open, share, taken};
use crate::native;
use crate::page::Page;
use crate::scenarios::{DEEP, Scenario, expect};
use crate::session::Result;
use offcut::formats::Method;
use std::io::Write;
use std::process::{Command, Stdio};

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "workshop_documents", play: documents },
    Scenario { name: "workshop_wrong_plan", play: wrong_plan },
    Scenario { name: "workshop_command", play: command },
    Scenario { name: "workshop_qr", play: qr },
    Scenario { name: "workshop_dropped_figure", play: figure },
];

/// What is handed out is what is computed here; opened again it is the same situation.
fn documents(page: &Page) -> Result<()> {
    open(page, "#/plan?v=1&model=alexnet&uplink_mbps=31&seed=2")?;
    let request = page.request()?;
    drop_file(page, "tiny.json", TINY.as_bytes())?;
    let link = expect_own_plan(page, request)?;
    catch(page)?;
    share(page)?;
    let (name, plan) = taken(page, "plan")?;
    expect("name", name.ends_with(".plan.json"), true)?;
    expect("the plan's bytes", plan == native::solved(&link, Method::Psomw)?.to_text(), true)?;
    let (_, model) = taken(page, "model")?;
    let network = offcut::formats::read_model(TINY)?;
    expect("the model's bytes", model, offcut::formats::ModelFile::of(&network).to_text())?;
    let (_, scenario) = taken(page, "scenario")?;
    super::press(page, "close")?;
    for (name, text) in [("x.scenario.json", &scenario), ("x.plan.json", &plan)] {
        open(page, "")?;
        let request = page.request()?;
        drop_file(page, name, text.as_bytes())?;
        let opened = expect_own_plan(page, request)?;
        // The plan comes back as one's own.
        let plain = opened.split("&p=").next().unwrap_or_default();
        expect(name, plain, link.as_str())?;
        expect(&format!("{name} shows its plan"), opened.contains("&p="), name.contains("plan"))?;
    }
    Ok(())
}

/// A plan that claims what is not so is opened, and each claim is listed.
fn wrong_plan(page: &Page) -> Result<()> {
    open(page, "")?;
    let plan = native::solved(DEEP, Method::Psomw)?.to_text();
    let makespan = native::plan(DEEP)?.makespan_ns.to_string();
    let wrong = plan.replacen(&format!("\"makespan_ns\": {makespan}"), "\"makespan_ns\": 12345", 1);
    expect("changed", wrong != plan, true)?;
    let request = page.request()?;
    drop_file(page, "wrong.plan.json", wrong.as_bytes())?;
    let (title, told) = dialog(page)?;
    expect("title", title.as_str(), "wrong.plan.json disagrees")?;
    expect(&told, told.contains("/makespan_ns") && told.contains("12345"), true)?;
    page.wait_for_plan_after(request)?;
    expect("link", page.fragment()?.split("&p=").next(), Some(DEEP))?;
    super::press(page, "close")?;
    drop_file(page, "bad.plan.json", br#"{"format":"offcut-plan/1","scenario":3}"#)?;
    let (title, told) = dialog(page)?;
    expect("title", title.as_str(), "bad.plan.json was not opened")?;
    expect(&told, told.contains("/scenario"), true)
}

/// The command that is copied gives the bytes of the plan that is handed out.
fn command(page: &Page) -> Result<()> {
    open(page, "#/plan?v=1&model=squeezenet1.1&particles=8&iterations=8")?;
    catch(page)?;
    share(page)?;
    let (_, plan) = taken(page, "plan")?;
    page.session.click("#workshop [data-take=command]")?;
    page.session.wait("window.copied?.startsWith('offcut plan')", ())?;
    let line: String = page.session.value("window.copied", ())?;
    let link = line.strip_prefix("offcut plan '").and_then(|rest| rest.strip_suffix('\'')).ok_or("no such command")?;
    let output = Command::new(env!("CARGO_BIN_EXE_offcut")).args(["plan", link]).stdin(Stdio::null()).output()?;
    std::io::stderr().write_all(&output.stderr)?;
    expect("bytes", output.stdout == plan.as_bytes(), true)
}

/// The code on the screen is the link; a link too long for it is said to be.
fn qr(page: &Page) -> Result<()> {
    open(page, "")?;
    share(page)?;
    let (link, label): (String, String) = page.session.value(
        "[document.querySelector('#share_link').value, document.querySelector('#workshop .qr').getAttribute('aria-label')]",
        (),
    )?;
    expect("link", link.ends_with(&native::default_link()), true)?;
    expect("label", label.is_empty(), false)?;
    let drawn: String = page.session.value("document.querySelector('#workshop .qr path').getAttribute('d')", ())?;
    let right = offcut::draw::qr::svg(&link, &label).ok_or("no code")?;
    expect("code", right.contains(&drawn), true)?;
    super::press(page, "close")?;
    let request = page.request()?;
    drop_file(page, "resnet18.onnx", &super::sample("resnet18.legacyraw.onnx")?)?;
    page.wait_for_plan_after(request)?;
    page.session.run("document.querySelector('#workshop[open] [data-do=close]')?.click()", ())?;
    share(page)?;
    let length: String = page.session.value("document.querySelector('#share_length').textContent", ())?;
    let own = page.fragment()?;
    expect_plan(page, &own)?;
    expect(&length, length.contains("characters"), true)
}

/// A figure that was saved opens its situation when it is dropped on the page.
fn figure(page: &Page) -> Result<()> {
    open(page, DEEP)?;
    catch(page)?;
    crate::studio::take(page, "timeline", "svg")?;
    page.session.wait("window.files[0]?.text !== undefined", ())?;
    let svg: String = page.session.value("window.files[0].text", ())?;
    open(page, "")?;
    let request = page.request()?;
    drop_file(page, "timeline.svg", svg.as_bytes())?;
    page.wait_for_plan_after(request)?;
    expect("link", page.fragment()?.as_str(), DEEP)?;
    expect_plan(page, DEEP)
}
