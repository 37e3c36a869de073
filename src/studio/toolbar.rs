//! The buttons that the studio puts beside the figures, and what they stand for.

use super::action::{Action, Figure};
use super::events::form_of;
use super::state::{Shown, Studio, Under};
use crate::dom;
use crate::draw::legend;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlSelectElement};

/// The figures, by their ids.
pub const FIGURES: [Figure; 5] = ["fusion", "assignment", "timeline", "comparison", "convergence"];

/// What keys do.
pub const HELP: &str = "<h2>Keys</h2><dl>\
    <dt><kbd>W</kbd> <kbd>S</kbd>, wheel, pinch</dt><dd>zoom the timeline</dd>\
    <dt><kbd>A</kbd> <kbd>D</kbd>, drag, <kbd>←</kbd> <kbd>→</kbd></dt><dd>move along it</dd>\
    <dt><kbd>F</kbd></dt><dd>all of time</dd><dt><kbd>Z</kbd></dt><dd>the time of the chosen path</dd>\
    <dt><kbd>Space</kbd></dt><dd>play or pause</dd><dt><kbd>,</kbd> <kbd>.</kbd></dt><dd>the moment before, the next</dd>\
    <dt><kbd>Esc</kbd></dt><dd>no playhead</dd>\
    <dt><kbd>[</kbd> <kbd>]</kbd></dt><dd>the step of the search before, the next</dd>\
    <dt><kbd>←</kbd> <kbd>→</kbd> on a cut</dt><dd>move it: the plan becomes yours</dd>\
    <dt><kbd>↑</kbd> <kbd>↓</kbd> on a cut</dt><dd>the path earlier or later in the order</dd>\
    <dt><kbd>Ctrl</kbd> <kbd>Z</kbd></dt><dd>take the last change back</dd>\
    <dt><kbd>Ctrl</kbd> <kbd>Shift</kbd> <kbd>Z</kbd></dt><dd>make it again</dd>\
    <dt><kbd>Tab</kbd>, <kbd>Enter</kbd></dt><dd>go through tiles, cells and bars; choose one</dd>\
    <dt><kbd>?</kbd></dt><dd>this list</dd></dl><form method=\"dialog\"><button>Close</button></form>";

const TIMELINE: &str = "<button data-act=\"play\" aria-label=\"Play\" title=\"Play (Space)\">▶</button>\
    <select data-act=\"pace\" aria-label=\"Pace of the playhead\"><option value=\"0\">real time</option>\
    <option value=\"1\">5× slower</option><option value=\"2\" selected>20× slower</option>\
    <option value=\"3\">50× slower</option><option value=\"4\">200× slower</option></select>\
    <button data-act=\"out\" aria-label=\"Zoom out\" title=\"Zoom out (S)\">−</button>\
    <button data-act=\"in\" aria-label=\"Zoom in\" title=\"Zoom in (W)\">+</button>\
    <button data-act=\"fit\" title=\"All of time (F)\">Fit</button>\
    <select data-act=\"beneath\" aria-label=\"Plan beneath\"></select>";

const FUSION: &str = "<button data-act=\"farther\" aria-label=\"More stages\" title=\"More stages\">−</button>\
    <button data-act=\"closer\" aria-label=\"Fewer stages, larger\" title=\"Fewer stages, larger\">+</button>\
    <button data-act=\"unfold\" title=\"Repeats one by one, or once for all\">Unfold</button>\
    <button data-act=\"whole\" hidden>Whole</button>";

const ASSIGNMENT: &str = "<button data-act=\"planned\" hidden>Planned</button>\
    <button data-act=\"mine\" hidden>My plan</button>\
    <button data-act=\"undo_cut\" aria-label=\"Take the last change of the plan back\" title=\"Undo\" hidden>↶</button>\
    <button data-act=\"redo_cut\" aria-label=\"Make it again\" title=\"Redo\" hidden>↷</button>\
    <button data-act=\"reset_mine\" hidden>Reset</button>";

const SEARCH: &str = "<button data-act=\"step_back\" aria-label=\"Step of the search before\" title=\"Step back ([)\">◀</button>\
    <button data-act=\"step_on\" aria-label=\"Next step of the search\" title=\"Step on (])\">▶</button>";

/// Adds the buttons to the figures' headers, once.
pub fn add() {
    if let Some(tools) = dom::element(".tools") {
        let help = "<button data-act=\"help\" aria-label=\"Keys\" title=\"Keys (?)\">?</button>";
        let _ = tools.insert_adjacent_html("beforeend", help);
    }
    if let Some(note) = dom::element("#comparison_note") {
        let _ = note.insert_adjacent_html("afterend", "<div id=\"proof\"><p></p><div class=\"acts\"></div></div>");
    }
    for figure in FIGURES {
        let css = format!("#{figure} header");
        let Some(header) = dom::element(&css) else { continue };
        let own = match figure {
            "fusion" => FUSION,
            "timeline" => TIMELINE,
            "assignment" => ASSIGNMENT,
            "convergence" => SEARCH,
            _ => "",
        };
        let trace = if figure == "timeline" { button("trace", "Trace (Perfetto)") } else { String::new() };
        let forms = [
            button("table", "Table"),
            button("svg", "SVG"),
            button("png", "PNG"),
            button("csv", "CSV"),
            trace,
            button("embed", "Embed link"),
        ];
        let html = format!(
            "<div class=\"acts\" data-figure=\"{figure}\">{own}<details class=\"menu\"><summary aria-label=\"Take this figure away\">Take</summary><div>{}</div></details></div>",
            forms.concat()
        );
        let _ = header.insert_adjacent_html("beforeend", &html);
        let table = "<div class=\"twin\"></div>";
        if let Some(card) = header.parent_element() {
            let legend = match figure {
                "fusion" => Some(legend::Figure::Fusion),
                "assignment" => Some(legend::Figure::Assignment),
                "timeline" => Some(legend::Figure::Timeline),
                "convergence" => Some(legend::Figure::Search),
                _ => None,
            };
            let _ = card.insert_adjacent_html("beforeend", &(legend.map_or(String::new(), legend::html) + table));
            let _ = card.class_list().add_1("rich");
        }
    }
}

fn button(act: &str, name: &str) -> String {
    format!("<button data-act=\"{act}\">{name}</button>")
}

/// What a button stands for.
pub fn action_of(button: &Element) -> Option<Action> {
    let act = button.get_attribute("data-act")?;
    let of = button.closest("[data-figure]").ok().flatten().and_then(|acts| acts.get_attribute("data-figure"));
    let figure = of.and_then(|of| FIGURES.into_iter().find(|figure| *figure == of));
    Some(match act.as_str() {
        "play" => Action::Play,
        "in" => Action::Zoom { factor: 0.6, at: None },
        "out" => Action::Zoom { factor: 1.0 / 0.6, at: None },
        "fit" => Action::Fit,
        "stop_proof" => Action::StopProof,
        "prove" => Action::Prove,
        "exact" => Action::Show(Shown::Exact),
        "planned" => Action::Show(Shown::Planned),
        "mine" => Action::Show(Shown::Mine),
        "undo_cut" => Action::UndoCut,
        "redo_cut" => Action::RedoCut,
        "reset_mine" => Action::ResetMine,
        "step_back" => Action::NextStep(false),
        "step_on" => Action::NextStep(true),
        "closer" => Action::Closer(true),
        "farther" => Action::Closer(false),
        "unfold" => Action::Unfold,
        "whole" => Action::Part(None),
        "help" => Action::Help,
        "table" => Action::Table(figure?),
        form => Action::Export(figure?, form_of(form)?),
    })
}

/// The button that does what a key does, where there is one.
pub fn act_of(action: Action) -> Option<&'static str> {
    Some(match action {
        Action::Play => "play",
        Action::Zoom { factor, .. } if factor < 1.0 => "in",
        Action::Zoom { .. } => "out",
        Action::Fit => "fit",
        Action::NextStep(false) => "step_back",
        Action::NextStep(true) => "step_on",
        _ => return None,
    })
}

/// Shows or hides a button.
pub fn show_button(act: &str, shown: bool) {
    if let Some(button) = dom::element(&format!("button[data-act=\"{act}\"]")) {
        let _ = if shown { button.remove_attribute("hidden") } else { button.set_attribute("hidden", "") };
    }
}

/// Shows or hides what the state allows.
pub fn refresh(studio: &Studio) {
    let mine = studio.shown == Shown::Mine;
    let show = show_button;
    show("planned", studio.shown != Shown::Planned);
    show("mine", !mine && !studio.mine.is_empty());
    show("undo_cut", mine && studio.mine.len() > 1);
    show("redo_cut", mine && !studio.undone.is_empty());
    show("reset_mine", mine);
    show("whole", studio.part.is_some());
    let mut options = String::from("<option value=\"\">nothing beneath</option>");
    let methods = studio.searched.methods.iter().map(|known| known.method);
    let plans = methods.map(|method| (Under::Method(method), method.id(), crate::draw::method_name(method)));
    let mine = (!studio.mine.is_empty()).then_some((Under::Mine, "mine", "my plan"));
    for (under, id, name) in plans.chain(mine) {
        let chosen = if studio.beneath == Some(under) { " selected=\"\"" } else { "" };
        options += &format!("<option value=\"{id}\"{chosen}>below: {name}</option>");
    }
    let css = "select[data-act=\"beneath\"]";
    if dom::element(css).is_some_and(|now| now.inner_html() != options) {
        dom::put_html(css, &options);
    }
    let pace = dom::element("select[data-act=\"pace\"]").and_then(|pace| pace.dyn_into::<HtmlSelectElement>().ok());
    if let Some(pace) = pace {
        pace.set_value(&studio.pace.to_string());
    }
}

/// The play button says what it would do.
pub fn show_playing(studio: &Studio) {
    let (sign, label) = if studio.playing.is_some() { ("⏸", "Pause") } else { ("▶", "Play") };
    let Some(button) = dom::element("button[data-act=\"play\"]") else { return };
    if button.text_content().as_deref() != Some(sign) {
        button.set_text_content(Some(sign));
        let _ = button.set_attribute("aria-label", label);
    }
}
