//! Files and texts opened: dropped, chosen, pasted; sound and not.

use super::{TINY, dialog, drop_file, expect_own_plan, expect_plan, open, paste, press, sample};
use crate::hands::key;
use crate::native;
use crate::page::Page;
use crate::scenarios::{DEEP, Scenario, expect};
use crate::session::Result;
use offcut::situation::Situation;

/// What this file tries.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "workshop_drop_onnx", play: drop_onnx },
    Scenario { name: "workshop_choose_file", play: choose_file },
    Scenario { name: "workshop_paste", play: pasted },
    Scenario { name: "workshop_asks", play: asks },
    Scenario { name: "workshop_notes", play: notes },
    Scenario { name: "workshop_bad_files", play: bad_files },
    Scenario { name: "workshop_undo", play: undo },
    Scenario { name: "workshop_measured", play: measured },
];

/// An exported network dropped on the page has the zoo's plan.
fn drop_onnx(page: &Page) -> Result<()> {
    open(page, "#/plan?v=1&model=alexnet")?;
    let (request, of_zoo) = (page.request()?, page.answer("makespanNs")?);
    drop_file(page, "alexnet.onnx", &sample("alexnet.legacy.onnx")?)?;
    let link = expect_own_plan(page, request)?;
    expect("makespan of the same network", page.answer("makespanNs")?, of_zoo)?;
    expect("network chosen", page.session.value("document.querySelector('#model').value", ())?, "own".to_owned())?;
    page.session.reload()?;
    page.wait_until_ready()?;
    expect("link after a reload", page.fragment()?, link.clone())?;
    expect_plan(page, &link)
}

/// The button of the Models page opens files, too.
fn choose_file(page: &Page) -> Result<()> {
    open(page, "#/models?v=1&model=vgg16")?;
    page.session.wait("document.querySelector('#layers tbody tr')", ())?;
    let request = page.request()?;
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/onnx/squeezenet1_1.legacy11dyn.onnx");
    page.session.press("#open_files", &path.display().to_string())?;
    let link = expect_own_plan(page, request)?;
    expect("still the Models page", link.starts_with("#/models?"), true)
}

/// Documents, links and tables may be pasted anywhere.
fn pasted(page: &Page) -> Result<()> {
    open(page, "")?;
    let request = page.request()?;
    paste(page, TINY)?;
    expect_own_plan(page, request)?;
    let name: String = page.session.value("document.querySelector('#model option[value=own]').textContent", ())?;
    expect("its name is text", name.as_str(), "Tiny <b>& co")?;
    expect("no markup of it", page.session.value("!!document.querySelector('main b')", ())?, false)?;
    let request = page.request()?;
    paste(page, &format!("https://example.org/offcut/{DEEP}"))?;
    page.wait_for_plan_after(request)?;
    expect("link", page.fragment()?.as_str(), DEEP)
}

/// What a file leaves open is asked.
fn asks(page: &Page) -> Result<()> {
    open(page, "")?;
    let request = page.request()?;
    drop_file(page, "dyn_hw.onnx", &sample("dyn_hw.onnx")?)?;
    let (title, text) = dialog(page)?;
    expect("title", title.as_str(), "dyn_hw.onnx asks")?;
    expect(&text, text.contains("height") && text.contains("width"), true)?;
    page.session.run("document.querySelectorAll('#workshop [data-size]').forEach(e => { e.value = 128; })", ())?;
    press(page, "answer")?;
    expect_own_plan(page, request)?;
    open(page, "")?;
    let request = page.request()?;
    drop_file(page, "two_outputs_branch.onnx", &sample("two_outputs_branch.onnx")?)?;
    expect("title", dialog(page)?.0.as_str(), "two_outputs_branch.onnx asks")?;
    press(page, "answer")?;
    expect_own_plan(page, request).map(drop)
}

/// What was not understood is said, and can be given a number.
fn notes(page: &Page) -> Result<()> {
    open(page, "")?;
    let request = page.request()?;
    let custom = TINY.replace(
        "{ \"name\": \"head\"",
        "{ \"name\": \"odd\", \"op\": \"custom\", \"out\": [8, 4, 4], \"flops\": 0, \"weight_bytes\": 0 },\n    { \"name\": \"head\"",
    );
    paste(page, &custom)?;
    let link = expect_own_plan(page, request)?;
    page.session.run("location.hash = arg", link.replacen("#/plan", "#/models", 1))?;
    page.session.wait("document.querySelector('#costs:not([hidden]) [data-cost=odd]')", ())?;
    page.session.press("#costs [data-cost=odd]", "5000000000")?;
    let request = page.request()?;
    press(page, "give_costs")?;
    let dearer = expect_own_plan(page, request)?;
    expect("costs are in the link", dearer != link.replacen("#/plan", "#/models", 1), true)?;
    page.session.wait("document.querySelector('#costs').hidden", ())
}

/// A file that is none is told of within a second or so, and nothing is lost.
fn bad_files(page: &Page) -> Result<()> {
    open(page, DEEP)?;
    let makespan = page.answer("makespanNs")?;
    for name in ["truncated.onnx", "png_header.onnx", "cycle.onnx", "empty.onnx", "huge_dims.onnx"] {
        drop_file(page, name, &sample(name)?)?;
        let (title, text) = dialog(page)?;
        expect("title", title, format!("{name} was not opened"))?;
        expect(&text, text.contains("E0") && text.contains("Your situation is unchanged"), true)?;
        page.session.keys(key::ESCAPE)?;
        page.session.wait("!document.querySelector('#workshop').open", ())?;
        expect("link", page.fragment()?.as_str(), DEEP)?;
    }
    // A model with faults is opened where it can be mended.
    drop_file(page, "bad.json", TINY.replace("\"conv\"", "\"cnov\"").as_bytes())?;
    page.session.wait("document.querySelectorAll('#wrong li').length === 2", ())?;
    expect("makespan", page.answer("makespanNs")?, makespan)
}

/// Ctrl+Z takes an opened network back, Ctrl+Shift+Z opens it again.
fn undo(page: &Page) -> Result<()> {
    open(page, "")?;
    let (first, request) = (page.fragment()?, page.request()?);
    drop_file(page, "tiny.json", TINY.as_bytes())?;
    let own = expect_own_plan(page, request)?;
    page.session.wait(
        "document.querySelector('#timeline').textContent && document.querySelector('main[data-studio=on]')",
        (),
    )?;
    let request = page.request()?;
    page.session.chord(&[key::CONTROL], 'z')?;
    page.wait_for_plan_after(request)?;
    expect("undone", page.fragment()?, first.clone())?;
    let request = page.request()?;
    page.session.chord(&[key::CONTROL, key::SHIFT], 'z')?;
    page.wait_for_plan_after(request)?;
    expect("redone", page.fragment()?, own.clone())?;
    expect_plan(page, &own)?;
    let request = page.request()?;
    page.session.back()?;
    page.wait_for_plan_after(request)?;
    expect("back", page.fragment()?, first)
}

/// Measured times change the plan's numbers; rows without a layer are listed.
fn measured(page: &Page) -> Result<()> {
    open(page, "#/plan?v=1&model=alexnet")?;
    let request = page.request()?;
    let network = offcut::zoo::build("alexnet").ok_or("no AlexNet")??;
    let first = &network.layers()[0].name;
    let csv = format!("layer,device_ms,server_ms\n{first},40.5,0.25\nno such layer,1,1\n");
    drop_file(page, "times.csv", csv.as_bytes())?;
    let (_, text) = dialog(page)?;
    expect(&text, text.contains("no such layer") && text.contains("keep the cost formula"), true)?;
    let link = expect_own_plan(page, request)?;
    let situation = Situation::from_fragment(&link)?;
    let network = offcut::situation::own::network(situation.own.as_deref().unwrap_or_default())?;
    let measured = network.layers()[0].measured;
    expect("device", measured.device.map(|ns| ns.0), Some(40_500_000))?;
    expect("server", measured.server.map(|ns| ns.0), Some(250_000))?;
    expect(
        "another plan",
        native::plan(&link)?.makespan_ns != native::plan("#/plan?v=1&model=alexnet")?.makespan_ns,
        true,
    )
}
