//! The situation: presets, sliders, and the rest behind a fold.
//!
//! The controls are written once as markup; two listeners hear them all, and one effect keeps them at
//! what the situation says. A component for each control would outweigh the figures.

use super::action::{Action, apply};
use super::browser::{control_value, element, put_text, set_attribute, set_text, target_id};
use super::state::State;
use crate::draw::three;
use crate::formats::Method;
use crate::platform::presets::{self, ProcessorPreset};
use crate::sheet::Text;
use crate::situation::{FIELDS, Field, Group, Kind, Micro, Situation, field};
use crate::zoo;
use leptos::ev::Event;
use leptos::prelude::*;
use leptos::web_sys::{Element, HtmlInputElement, HtmlSelectElement};
use wasm_bindgen::JsCast;

/// Keeps the controls at what the state says.
pub(super) fn follow(state: State) {
    Effect::new(move |_| {
        let ready = state.phase() == "ready";
        let network = state.sheet.with(|sheet| match sheet {
            Some(sheet) if ready => sheet.text(Text::Network).to_owned(),
            _ => String::new(),
        });
        let own = state.parcel.with(|parcel| crate::parcel::name(parcel.split('\n').nth(1).unwrap_or("")));
        state.situation.with(|situation| show(situation, &network, &own));
    });
}

/// All controls as markup; texts are our own constants.
pub(super) fn controls() -> String {
    let mut html = "<h2>Situation</h2>".to_owned();
    let own = |all: String| all + "<option value=\"own\"></option>";
    let processors = |all: &[ProcessorPreset]| own(options(all.iter().map(|preset| (preset.id, preset.name))));
    html += &choice("model", "Network", &own(options(zoo::NETWORKS.iter().map(|entry| (entry.id, entry.name)))), true);
    html += &choice("device", "Device", &processors(presets::DEVICES), true);
    html += &sliders(Group::Device);
    html += &choice("server", "Server", &processors(presets::SERVERS), true);
    html += &sliders(Group::Server);
    let links = options(presets::LINKS.iter().map(|preset| (preset.id, preset.name)));
    html += &choice("network", "Link", &own(links), true);
    html += &sliders(Group::Link);
    let methods = Method::ALL.into_iter().filter(|&method| method != Method::BruteForce);
    let methods = options(methods.map(|method| (method.id(), crate::draw::method_name(method))));
    html += "<details class=\"more\"><summary>Plan space, data and search</summary>";
    html += &choice("method", "Method shown", &methods, false);
    FIELDS.iter().filter(|field| !field.prominent).for_each(|field| html += &number(field));
    html + "<button id=\"draw_seed\" class=\"wide\">Draw another seed</button></details>"
}

fn options<'a>(all: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    all.map(|(id, name)| ["<option value=\"", id, "\">", name, "</option>"].concat()).collect()
}

/// A choice among presets, with a note on where the numbers come from.
fn choice(id: &str, label: &str, options: &str, noted: bool) -> String {
    // The studio tells the source.
    let note =
        ["<p class=\"note\"><span id=\"", id, "_note\"></span><span id=\"", id, "_source\"></span></p>"].concat();
    let note = if noted { note } else { String::new() };
    let parts = ["<label class=\"choice\"><span>", label, "</span><select id=\"", id, "\">", options];
    parts.concat() + "</select></label>" + &note
}

/// The prominent fields of a group.
fn sliders(group: Group) -> String {
    let shown = FIELDS.iter().filter(|field| field.group == group && field.prominent);
    let slider = |field: &Field| {
        let step = match field.kind {
            Kind::Whole { least, most } => ((1000.0 / (most - least)) as u32).to_string(),
            _ => "5".to_owned(),
        };
        [
            "<label class=\"slider\"><span>",
            field.label,
            "</span><output id=\"",
            field.key,
            "_value\"></output><input type=\"range\" id=\"",
            field.key,
            "\" min=\"0\" max=\"1000\" step=\"",
            &step,
            "\"></label>",
        ]
        .concat()
    };
    shown.map(slider).collect()
}

/// A number, or a yes and no.
fn number(field: &Field) -> String {
    let group = match field.group {
        Group::Device => "Device: ",
        Group::Server => "Server: ",
        _ => "",
    };
    let unit = if field.unit.is_empty() { String::new() } else { [", ", field.unit].concat() };
    let (least, most) = field.kind.range();
    let [least, most] = [least, most].map(|limit| Micro::new(limit).to_string());
    let kind = if field.kind == Kind::Choice { "checkbox" } else { "number" };
    let head = ["<label class=\"number\"><span>", group, field.label, &unit];
    let input = ["</span><input type=\"", kind, "\" id=\"", field.key, "\" min=\"", &least, "\" max=\"", &most];
    head.concat() + &input.concat() + "\" step=\"any\"></label>"
}

/// Puts the controls to what the situation says.
fn show(situation: &Situation, network: &str, own: &str) {
    let is_own = situation.own.is_some();
    let [device, server, link] = &situation.names;
    for (id, name) in [("model", own), ("device", device), ("server", server), ("network", link)] {
        let Some(option) = element(&["#", id, "> [value=own]"].concat()) else { continue };
        set_text(&option, if name.is_empty() { "Your own" } else { name });
        if id == "model" {
            let _ = option.toggle_attribute_with_force("hidden", !is_own);
        }
    }
    for (id, value) in [
        ("model", if is_own { presets::OWN } else { situation.model }),
        ("device", situation.device.id),
        ("server", situation.server.id),
        ("network", situation.link.id),
        ("method", situation.method.id()),
    ] {
        if let Some(select) = control::<HtmlSelectElement>(id) {
            select.set_value(value);
        }
    }
    put_text("model_note", network);
    FIELDS.iter().for_each(|field| show_field(situation, field));
}

fn show_field(situation: &Situation, field: &Field) {
    let Some(input) = control::<HtmlInputElement>(field.key) else { return };
    let value = situation.value(field);
    if !field.prominent {
        input.set_checked(value != 0.0);
        set_value(&input, &situation.exact(field).to_string());
        return;
    }
    set_value(&input, &(field.kind.position(value) as u32).to_string());
    let text = value_text(field, value);
    set_attribute(&input, "aria-valuetext", &text);
    let output = [field.key, "_value"].concat();
    if let Some(output) = control::<Element>(&output) {
        set_text(&output, &text);
        set_attribute(&output, "class", if situation.is_changed(field) { "changed" } else { "" });
    }
}

/// A box has its value as an attribute, for which the browser would lay it out anew.
fn set_value(input: &HtmlInputElement, value: &str) {
    if input.value() != value {
        input.set_value(value);
    }
}

fn value_text(field: &Field, value: f64) -> String {
    let number = if value.fract() == 0.0 && value < 1e6 { (value as u32).to_string() } else { three(value) };
    if field.unit.is_empty() { number } else { [&number, " ", field.unit].concat() }
}

fn control<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// A slider moves.
pub(super) fn slide(state: State, event: &Event) {
    let Some(field) = field(&target_id(event)).filter(|field| field.prominent) else { return };
    if let Some(position) = Micro::read(&control_value(event)) {
        apply(state, Action::SetField(field, field.kind.at(position.value())));
    }
}

/// A preset is chosen, a number entered, or a box ticked.
pub(super) fn choose(state: State, event: &Event) {
    let (id, value) = (target_id(event), control_value(event));
    let action = match id.as_str() {
        // What is kept has its entries for a value.
        "model" | "device" | "server" | "network" if value.contains('=') => Action::Choose(value),
        "model" | "device" | "server" | "network" => Action::Choose([&id, "=", &value].concat()),
        "method" => Action::ChooseMethod(Method::find(&value).unwrap_or(Method::Psomw)),
        key => match field(key).filter(|field| !field.prominent) {
            Some(field) if field.kind == Kind::Choice => {
                Action::SetField(field, 1.0 - state.situation.with_untracked(|situation| situation.value(field)))
            }
            Some(field) => match Micro::read(&value) {
                Some(number) => Action::SetField(field, number.value()),
                // What cannot be read is put back.
                None => return state.situation.with_untracked(|situation| show_field(situation, field)),
            },
            None => return,
        },
    };
    apply(state, action);
}
