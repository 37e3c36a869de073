//! The Models page: networks to choose from, the one of the address with its numbers, graph and layers, its editor, and
//! devices, servers and links of one's own.

use super::editor::{self, Editor};
use super::kept::{self, Kept};
use super::state::{Shown, Workshop, key_of, with};
use super::{place, report};
use crate::dom;
use crate::draw::layers::layers;
use crate::draw::network::{self, View};
use crate::draw::{escaped, legend, units};
use crate::job::Graph;
use crate::network::{Network, Op};
use crate::situation::{FIELDS, Field, Group, Micro, Situation, own};
use crate::zoo;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// The page, empty.
const HTML: &str = "<main id=\"models\"><nav class=\"shelf\" aria-label=\"Networks\"><h2>Networks</h2>\
    <p class=\"buttons\"><label class=\"button main\">Open files…<input id=\"open_files\" type=\"file\" multiple></label>\
    <button data-do=\"new\">Write one</button></p>\
    <p class=\"hint\">Or drop or paste them anywhere: ONNX, model JSON, Keras JSON, measured times (CSV), scenarios, \
    plans, figures saved here. Weights are not read; nothing leaves your browser.</p>\
    <ul id=\"zoo\"></ul><h2>Kept in this browser</h2><ul id=\"kept\"></ul>\
    <p class=\"buttons\"><button data-do=\"export_kept\">Save all as a file</button></p></nav>\
    <div class=\"bench\"><section id=\"about\" aria-live=\"polite\"></section>\
    <section id=\"editor\" class=\"card\" aria-label=\"Editor\" hidden></section>\
    <section id=\"costs\" class=\"card\" aria-label=\"Unknown costs\" hidden></section>\
    <section id=\"graph\" class=\"card network\" aria-label=\"Graph\"><header><h2>Graph</h2><p></p>\
    <button data-do=\"unfold\">Unfold</button></header><div class=\"figure\"></div>\
    <div class=\"marks\"></div></section>\
    <section id=\"layers\" class=\"card\" aria-label=\"Layers\"><header><h2>Layers</h2>\
    <p>MACs are of convolutions and linear layers; FLOPs are what is planned with.</p>\
    <button data-do=\"copy_csv\">Copy CSV</button><button data-do=\"copy_markdown\">Copy Markdown</button></header>\
    <div class=\"list\"></div></section>\
    <section id=\"times\" class=\"card\" aria-label=\"Measured times\"><header><h2>Measured times</h2>\
    <p>A line a layer, matched by name, with a header: layer,device_ms,server_ms. Layers without one keep the cost \
    formula.</p></header><textarea aria-label=\"Table of measured times\" rows=\"5\" spellcheck=\"false\" \
    placeholder=\"layer,device_ms,server_ms&#10;conv1,12.5,0.4\"></textarea>\
    <p class=\"buttons\"><button data-do=\"apply_times\">Give them to the network</button></p></section>\
    <section id=\"parts\" class=\"card\" aria-label=\"Device, server and link\"><header>\
    <h2>Device, server and link of your own</h2><p>Begin with the ones of the plan, change what is known better, and \
    give it a name.</p></header><div class=\"parts\"></div></section></div></main>";

/// Brings the page to what the address says, if it is the one shown.
pub fn refresh() {
    if !place::is_models() {
        return;
    }
    if dom::element("#models").is_none()
        && let Some(app) = dom::element("#app")
    {
        let _ = app.insert_adjacent_html("afterend", HTML);
        with(|workshop| workshop.editor = workshop.editor.take().or_else(Editor::kept));
    }
    let situation = place::here();
    with(|workshop| {
        workshop.show(&situation);
        shelf(&situation);
        about(workshop, &situation);
        edited(workshop);
        costs(workshop);
        parts(&situation);
    });
    draw();
}

fn entry(entries: &str, name: &str, current: bool) -> String {
    let current = if current { " aria-current=\"true\"" } else { "" };
    format!("<button data-entries=\"{}\"{current}>{}</button>", escaped(entries), escaped(name))
}

fn shelf(situation: &Situation) {
    let key = key_of(situation);
    let of_zoo = zoo::NETWORKS.iter().map(|network| {
        let entries = ["model=", network.id].concat();
        ["<li>", &entry(&entries, network.name, entries == key), "</li>"].concat()
    });
    dom::put_html("#zoo", &of_zoo.collect::<String>());
    let all = kept::all();
    let kept = all.iter().map(|Kept { kind, name, entries }| {
        let kind_word = if kind == "network" { "link" } else { kind.as_str() };
        format!(
            "<li>{}<span class=\"kind\">{}</span><button data-do=\"delete\" data-kind=\"{}\" data-name=\"{}\" aria-label=\"Delete {}\">×</button></li>",
            entry(entries, name, *entries == key),
            if kind == "model" { "" } else { kind_word },
            escaped(kind),
            escaped(name),
            escaped(name)
        )
    });
    let none = "<li class=\"hint\">Nothing yet. What you keep stays here until you delete it.</li>";
    dom::put_html("#kept", &if all.is_empty() { none.to_owned() } else { kept.collect() });
}

fn about(workshop: &Workshop, situation: &Situation) {
    let Some(Shown { key, network, .. }) = &workshop.shown else {
        return dom::put_html("#about", "<p class=\"warning\">The network of this link cannot be opened.</p>");
    };
    let is_own = situation.own.is_some();
    let source = if is_own { "Your own network." } else { zoo::source(situation.model) };
    let tileable = network.stages().iter().filter(|stage| stage.tileable).count();
    let mut html = format!(
        "<h2>{}</h2><p class=\"numbers\">{} layers · {} stages, {tileable} tileable · {}MAC · {} weights · input {}</p><p class=\"hint\">{}</p>",
        escaped(network.name()),
        network.layers().len(),
        network.stages().len(),
        units::count(network.macs()),
        units::count(network.parameters()),
        network.input(),
        escaped(source)
    );
    html += &match workshop.notes_of(key) {
        [] => String::new(),
        notes => report::list("notes", notes.iter().map(String::as_str)),
    };
    html += "<p class=\"buttons\"><button class=\"main\" data-go=\"plan\">Plan it</button><button data-do=\"edit\">Edit</button>";
    if is_own {
        html += "<button data-do=\"keep\">Keep</button>";
    }
    html += "<button data-do=\"save\">Save as JSON</button><button data-workshop=\"share\">Share…</button></p>";
    dom::put_html("#about", &html);
}

fn hide(css: &str, hidden: bool) {
    if let Some(element) = dom::element(css) {
        let _ = element.toggle_attribute_with_force("hidden", hidden);
    }
}

fn edited(workshop: &Workshop) {
    hide("#editor", workshop.editor.is_none());
    let Some(editor) = &workshop.editor else { return dom::put_html("#editor", "") };
    if dom::element("#source").is_none() {
        dom::put_html("#editor", editor::HTML);
    }
    editor::show(editor);
}

/// Layers whose work is not known: nobody gave it, and it was taken as none.
fn unknown(network: &Network) -> Vec<&str> {
    let is_free = |op: &Op| matches!(op, Op::Custom { flops: 0, .. });
    network.layers().iter().filter(|layer| is_free(&layer.op)).map(|layer| layer.name.as_str()).collect()
}

fn costs(workshop: &Workshop) {
    let names = workshop.shown.as_ref().map_or(Vec::new(), |shown| unknown(&shown.network));
    hide("#costs", names.is_empty());
    let key = workshop.shown.as_ref().map_or("", |shown| shown.key.as_str());
    if !is_other("#costs", key) {
        return;
    }
    let rows = names.iter().map(|name| {
        let name = escaped(name);
        format!("<label class=\"ask\"><span>{name}</span><input type=\"number\" min=\"0\" data-cost=\"{name}\" placeholder=\"0\"></label>")
    });
    dom::put_html(
        "#costs",
        &format!(
            "<header><h2>Unknown costs</h2><p>Offcut knows no operation for {} of the layers. Give their FLOPs, two a multiply-accumulate, or leave them at none.</p></header>{}<p class=\"buttons\"><button data-do=\"give_costs\">Give them</button></p>",
            names.len(),
            rows.collect::<String>()
        ),
    );
}

/// The costs that were typed, by layer.
pub fn typed_costs() -> Vec<(String, u64)> {
    let costs = RefCell::new(Vec::new());
    dom::each("#costs [data-cost]", |input| {
        let value = input.dyn_ref::<HtmlInputElement>().and_then(|input| input.value().parse().ok());
        if let (Some(name), Some(flops)) = (input.get_attribute("data-cost"), value) {
            costs.borrow_mut().push((name, flops));
        }
    });
    costs.into_inner()
}

/// The table that was typed.
pub fn typed_times() -> String {
    let area = dom::element("#times textarea").and_then(|area| area.dyn_into::<web_sys::HtmlTextAreaElement>().ok());
    area.map_or_else(String::new, |area| area.value())
}

/// Graph and table, of what is being edited or else of what is shown.
pub fn draw() {
    with(|workshop| {
        let edited = workshop.editor.as_ref();
        let cut = edited.and_then(Editor::cut);
        let view = View { unfolded: workshop.unfolded, cut };
        let partial = edited.and_then(|editor| editor.reading.network.as_ref());
        let (svg, caption) = match (edited.is_some(), partial, &workshop.shown) {
            (true, Some(network), _) => graph(network, &Graph::of(network), view),
            (false, _, Some(shown)) => graph(&shown.network, &shown.graph, view),
            _ => (String::new(), cut.map_or_else(String::new, |cut| format!("Nothing to draw: {cut}."))),
        };
        dom::put_html("#graph .figure", &svg);
        dom::put_html("#graph .marks", &legend::network(&svg));
        dom::put_text("#graph header p", &caption);
        let folds = dom::element("#graph .fold").is_some();
        hide("#graph [data-do=unfold]", !folds && !workshop.unfolded);
        dom::put_text("#graph [data-do=unfold]", if workshop.unfolded { "Fold" } else { "Unfold" });
    });
    table();
}

fn graph(network: &Network, graph: &Graph, view: View) -> (String, String) {
    (network::svg(network, graph, view), network::caption(network, graph, view))
}

/// The layers.
pub fn table() {
    with(|workshop| {
        let edited = workshop.editor.as_ref().map(|editor| editor.reading.network.as_ref());
        let shown = workshop.shown.as_ref().map(|shown| &shown.network);
        let Some(network) = edited.unwrap_or(shown) else { return dom::put_html("#layers .list", "") };
        let all = layers(network);
        let table = workshop.sorting.map_or_else(|| all.clone(), |sorting| all.sorted(sorting));
        dom::put_html("#layers .list", &table.sortable_html(workshop.sorting, "data-layer"));
    });
}

/// Points out a stage in the graph and its layers in the table.
pub fn point_out(stage: Option<usize>) {
    dom::each("#models .lit", |element| drop(element.class_list().remove_1("lit")));
    let Some(stage) = stage else { return };
    let lit = |element: &web_sys::Element| drop(element.class_list().add_1("lit"));
    dom::each(&format!("#graph .stage[data-stage=\"{stage}\"]"), lit);
    let of_stage = with(|workshop| {
        let network = &workshop.shown.as_ref()?.network;
        Some(network.stages().get(stage)?.layers.iter().map(|id| id.index()).collect::<Vec<_>>())
    });
    for layer in of_stage.flatten().unwrap_or_default() {
        dom::each(&format!("#layers tr[data-layer=\"{layer}\"]"), lit);
    }
    if let Some(row) = dom::element("#layers tr.lit") {
        dom::reveal(&row);
    }
}

const PARTS: [(&str, Group, &str); 3] =
    [("device", Group::Device, "Device"), ("server", Group::Server, "Server"), ("network", Group::Link, "Link")];

/// Whether a place shows something else than what is to be shown; what was typed there is not drawn over in vain.
fn is_other(css: &str, of: &str) -> bool {
    let Some(place) = dom::element(css) else { return false };
    let other = place.get_attribute("data-of").is_none_or(|shown| shown != of);
    let _ = place.set_attribute("data-of", of);
    other
}

fn parts(situation: &Situation) {
    if !is_other("#parts .parts", &situation.planned()) {
        return;
    }
    let form = |(at, (kind, group, title)): (usize, &(&str, Group, &str))| {
        let name = escaped(situation.shown_names()[at]);
        let fields = FIELDS.iter().filter(|field| field.group == *group).map(|field| {
            let unit = if field.unit.is_empty() { String::new() } else { format!(", {}", field.unit) };
            format!(
                "<label class=\"ask\"><span>{}{unit}</span><input inputmode=\"decimal\" data-field=\"{}\" value=\"{}\"></label>",
                field.label,
                field.key,
                situation.exact(field)
            )
        });
        format!(
            "<fieldset id=\"part_{kind}\"><legend>{title}</legend><label class=\"ask\"><span>Name</span><input data-part-name maxlength=\"64\" value=\"{name}\"></label>{}<p class=\"warning\" role=\"alert\"></p><p class=\"buttons\"><button data-do=\"keep_part\" data-kind=\"{kind}\">Keep and use</button></p></fieldset>",
            fields.collect::<String>()
        )
    };
    dom::put_html("#parts .parts", &PARTS.iter().enumerate().map(form).collect::<String>());
}

/// A device, server or link with the name and numbers of its form.
///
/// # Errors
/// Which number is none, and what it may be.
pub fn part(kind: &str) -> Result<Kept, String> {
    let Some((_, group, _)) = PARTS.into_iter().find(|part| part.0 == kind) else { return Err(String::new()) };
    let typed = |css: &str| {
        let input = dom::element(&format!("#part_{kind} {css}")).and_then(|i| i.dyn_into::<HtmlInputElement>().ok());
        input.map_or_else(String::new, |input| input.value().trim().to_owned())
    };
    let name = Some(typed("[data-part-name]")).filter(|name| !name.is_empty());
    let name = name.ok_or("Give it a name.".to_owned())?;
    let mut situation = place::here();
    for field in FIELDS.iter().filter(|field| field.group == group) {
        let value = number(field, &typed(&format!("[data-field={}]", field.key)))?;
        situation.set(field, value);
    }
    let entries = own::entries_of(&situation, group, &name);
    Ok(Kept { kind: kind.to_owned(), name, entries })
}

fn number(field: &Field, text: &str) -> Result<f64, String> {
    let value = Micro::read(text).map(Micro::value).filter(|&value| field.kind.accepts(value));
    value.ok_or_else(|| {
        let (least, most) = field.kind.range();
        let [least, most] = [least, most].map(Micro::new);
        format!("{}: “{text}” is no number from {least} to {most}.", field.label)
    })
}
