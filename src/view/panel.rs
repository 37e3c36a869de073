//! The situation: presets, sliders, and the rest behind a fold.
//!
//! Everything that changes is a `Signal<String>`: one type, so that the page stays light.

use super::action::{Action, apply};
use super::browser::control_value;
use super::state::State;
use crate::draw::{method_name, three};
use crate::formats::Method;
use crate::platform::presets::{self, ProcessorPreset};
use crate::situation::{FIELDS, Field, Group, Kind, Situation};
use crate::zoo;
use leptos::ev::Event;
use leptos::prelude::*;

/// Something of the situation as text.
fn of(state: State, part: fn(&Situation) -> String) -> Signal<String> {
    Signal::derive(move || state.situation.with(part))
}

/// The left column.
#[component]
pub fn SituationPanel(state: State) -> impl IntoView {
    let network = Signal::derive(move || {
        let ready = state.phase() == "ready";
        let line = state.sheet.with(|sheet| sheet.as_ref().filter(|_| ready).map(|sheet| sheet.network.clone()));
        line.unwrap_or_default() + zoo::find(state.situation.with(|s| s.model)).map_or("", |entry| entry.source)
    });
    let named = |presets: &[ProcessorPreset]| options(presets.iter().map(|preset| (preset.id, preset.name)));
    view! {
        <aside class="situation" aria-label="Situation">
            <h2>"Situation"</h2>
            {choice(state, "model", "Network", of(state, |s| s.model.to_owned()),
                options(zoo::NETWORKS.iter().map(|entry| (entry.id, entry.name))), Action::ChooseModel)}
            {note(network)}
            {choice(state, "device", "Device", of(state, |s| s.device.id.to_owned()),
                named(presets::DEVICES), Action::ChooseDevice)}
            {note(of(state, |s| fit(s.device)))}
            {sliders(state, Group::Device)}
            {choice(state, "server", "Server", of(state, |s| s.server.id.to_owned()),
                named(presets::SERVERS), Action::ChooseServer)}
            {note(of(state, |s| fit(s.server)))}
            {sliders(state, Group::Server)}
            {choice(state, "network", "Link", of(state, |s| s.link.id.to_owned()),
                options(presets::LINKS.iter().map(|preset| (preset.id, preset.name))), Action::ChooseLink)}
            {note(of(state, |s| s.link.source.to_owned()))}
            {sliders(state, Group::Link)}
            {more(state)}
        </aside>
    }
    .into_any()
}

fn note(text: Signal<String>) -> AnyView {
    view! { <p class="note">{text}</p> }.into_any()
}

/// Where a processor's numbers come from, and how far off they are.
fn fit(preset: &ProcessorPreset) -> String {
    let percent = |part: f64| ((100.0 * part).round() as u32).to_string();
    match (preset.mean_error, preset.max_error) {
        (Some(mean), Some(most)) => {
            ["Off by ", &percent(mean), " % on average, ", &percent(most), " % at most. ", preset.source].concat()
        }
        _ => preset.source.to_owned(),
    }
}

/// Options of a choice; ids and names are our own constants.
fn options<'a>(all: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    all.map(|(id, name)| ["<option value=\"", id, "\">", name, "</option>"].concat()).collect()
}

/// A choice among presets.
fn choice(
    state: State,
    id: &'static str,
    label: &'static str,
    value: Signal<String>,
    options: String,
    action: fn(String) -> Action,
) -> AnyView {
    let change = move |event: Event| apply(state, action(control_value(&event)));
    view! {
        <label class="choice" for=id>
            <span>{label}</span>
            <select id=id inner_html=options prop:value=value on:change=change></select>
        </label>
    }
    .into_any()
}

/// The prominent fields of a group.
fn sliders(state: State, group: Group) -> AnyView {
    let shown = FIELDS.iter().filter(|field| field.group == group && field.prominent);
    shown.map(|field| slider(state, field)).collect::<Vec<_>>().into_any()
}

fn value_text(field: &Field, value: f64) -> String {
    let number = if value.fract() == 0.0 && value < 1e6 { (value as u32).to_string() } else { three(value) };
    if field.unit.is_empty() { number } else { [&number, " ", field.unit].concat() }
}

fn slider(state: State, field: &'static Field) -> AnyView {
    let value = move || state.situation.with(|situation| situation.value(field));
    let text = Signal::derive(move || value_text(field, value()));
    let position = Signal::derive(move || (field.kind.position(value()) as u32).to_string());
    let class = Signal::derive(move || {
        if state.situation.with(|s| s.is_changed(field)) { "changed".to_owned() } else { String::new() }
    });
    let step = match field.kind {
        Kind::Whole { least, most } => ((1000.0 / (most - least)) as u32).to_string(),
        _ => "5".to_owned(),
    };
    let input = move |event: Event| {
        if let Ok(position) = control_value(&event).parse::<f64>() {
            apply(state, Action::SetField(field, field.kind.at(position)));
        }
    };
    view! {
        <label class="slider" for=field.key title=field.meaning>
            <span>{field.label}</span>
            <output for=field.key class=class>{text}</output>
            <input type="range" id=field.key min="0" max="1000" step=step
                prop:value=position aria-valuetext=text on:input=input/>
        </label>
    }
    .into_any()
}

/// Data types, plan space, search and whatever else is rarely changed.
fn more(state: State) -> AnyView {
    let methods = [Method::Psomw, Method::Mw, Method::Nfl, Method::DeviceOnly, Method::ServerOnly];
    let options = options(methods.into_iter().map(|method| (method.id(), method_name(method))));
    let method = |id: String| Action::ChooseMethod(Method::find(&id).unwrap_or(Method::Psomw));
    let fields = FIELDS.iter().filter(|field| !field.prominent).map(|field| number(state, field));
    view! {
        <details class="more">
            <summary>"Plan space, data and search"</summary>
            {choice(state, "method", "Method shown", of(state, |s| s.method.id().to_owned()), options, method)}
            {fields.collect::<Vec<_>>()}
            <button id="draw_seed" class="wide" on:click=move |_| apply(state, Action::DrawSeed)>"Draw another seed"</button>
        </details>
    }
    .into_any()
}

/// A number or a yes and no.
fn number(state: State, field: &'static Field) -> AnyView {
    let yes_or_no = field.kind == Kind::Choice;
    let value = Signal::derive(move || state.situation.with(|situation| situation.value(field)).to_string());
    let checked = Signal::derive(move || state.situation.with(|situation| situation.value(field)) != 0.0);
    let (least, most) = field.kind.range();
    let group = match field.group {
        Group::Device => "Device: ",
        Group::Server => "Server: ",
        _ => "",
    };
    let unit = if field.unit.is_empty() { String::new() } else { [", ", field.unit].concat() };
    let label = [group, field.label, &unit].concat();
    let kind = if yes_or_no { "checkbox" } else { "number" };
    let change = move |event: Event| {
        let chosen = if yes_or_no {
            Some(1.0 - state.situation.with_untracked(|situation| situation.value(field)))
        } else {
            control_value(&event).parse::<f64>().ok()
        };
        if let Some(value) = chosen {
            apply(state, Action::SetField(field, value));
        }
    };
    view! {
        <label class="number" for=field.key title=field.meaning>
            <span>{label}</span>
            <input type=kind id=field.key min=least.to_string() max=most.to_string() step="any"
                prop:value=value prop:checked=checked on:change=change/>
        </label>
    }
    .into_any()
}
