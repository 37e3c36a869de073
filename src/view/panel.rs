//! The situation: presets, sliders, and the rest behind a fold.

use super::action::{Action, apply};
use super::browser::control_value;
use super::state::State;
use crate::draw::{method_name, units};
use crate::formats::Method;
use crate::platform::presets::{self, ProcessorPreset};
use crate::situation::{FIELDS, Field, Group, Kind};
use crate::zoo;
use leptos::prelude::*;

/// The left column.
#[component]
pub fn SituationPanel(state: State) -> impl IntoView {
    let model_note = move || {
        let known = state.answer.get().filter(|_| state.phase() == "ready");
        known.map_or_else(String::new, |answer| {
            let (macs, weights, stages) =
                (units::count(answer.macs), units::count(answer.parameters), answer.maps.len() - 1);
            format!("{macs}MAC · {weights} weights · {stages} stages. ")
        })
    };
    let source = move || zoo::find(state.situation.with(|s| s.model)).map_or("", |entry| entry.source);
    view! {
        <aside class="situation" aria-label="Situation">
            <h2>"Situation"</h2>
            <Choice id="model" label="Network" value=Signal::derive(move || state.situation.with(|s| s.model))
                options=zoo::NETWORKS.iter().map(|entry| (entry.id, entry.name)).collect()
                act=move |id| apply(state, Action::ChooseModel(id))/>
            <p class="note">{model_note}{source}</p>
            <Choice id="device" label="Device" value=Signal::derive(move || state.situation.with(|s| s.device.id))
                options=presets::DEVICES.iter().map(|preset| (preset.id, preset.name)).collect()
                act=move |id| apply(state, Action::ChooseDevice(id))/>
            <p class="note">{move || fit(state.situation.with(|s| s.device))}</p>
            <Fields state group=Group::Device/>
            <Choice id="server" label="Server" value=Signal::derive(move || state.situation.with(|s| s.server.id))
                options=presets::SERVERS.iter().map(|preset| (preset.id, preset.name)).collect()
                act=move |id| apply(state, Action::ChooseServer(id))/>
            <p class="note">{move || fit(state.situation.with(|s| s.server))}</p>
            <Fields state group=Group::Server/>
            <Choice id="network" label="Link" value=Signal::derive(move || state.situation.with(|s| s.link.id))
                options=presets::LINKS.iter().map(|preset| (preset.id, preset.name)).collect()
                act=move |id| apply(state, Action::ChooseLink(id))/>
            <p class="note">{move || state.situation.with(|s| s.link.source)}</p>
            <Fields state group=Group::Link/>
            <More state/>
        </aside>
    }
}

/// Where a processor's numbers come from, and how far off they are.
fn fit(preset: &ProcessorPreset) -> String {
    match (preset.mean_error, preset.max_error) {
        (Some(mean), Some(most)) => {
            format!("Off by {:.0} % on average, {:.0} % at most. {}", 100.0 * mean, 100.0 * most, preset.source)
        }
        _ => preset.source.to_owned(),
    }
}

/// A choice among presets.
#[component]
fn Choice(
    id: &'static str,
    label: &'static str,
    value: Signal<&'static str>,
    options: Vec<(&'static str, &'static str)>,
    act: impl Fn(String) + 'static,
) -> impl IntoView {
    let options = options.into_iter().map(move |(key, name)| {
        view! { <option value=key selected=move || value.get() == key>{name}</option> }
    });
    view! {
        <label class="choice" for=id>
            <span>{label}</span>
            <select id=id prop:value=move || value.get() on:change=move |event| act(control_value(&event))>
                {options.collect_view()}
            </select>
        </label>
    }
    .into_any()
}

/// The prominent fields of a group, as sliders.
#[component]
fn Fields(state: State, group: Group) -> impl IntoView {
    let shown = FIELDS.iter().filter(move |field| field.group == group && field.prominent);
    shown.map(|field| view! { <Slider state field/> }).collect_view()
}

fn value_text(field: &Field, value: f64) -> String {
    let number = if value.fract() == 0.0 && value < 1e6 { format!("{value:.0}") } else { units::three(value) };
    if field.unit.is_empty() { number } else { format!("{number} {}", field.unit) }
}

#[component]
fn Slider(state: State, field: &'static Field) -> impl IntoView {
    let value = move || state.situation.with(|situation| situation.value(field));
    let step = match field.kind {
        Kind::Whole { least, most } => (1000.0 / (most - least)).to_string(),
        _ => "5".to_owned(),
    };
    let input = move |event| {
        if let Ok(position) = control_value(&event).parse::<f64>() {
            apply(state, Action::SetField(field, field.kind.at(position)));
        }
    };
    view! {
        <label class="slider" for=field.key title=field.meaning>
            <span>{field.label}</span>
            <output for=field.key class:changed=move || state.situation.with(|s| s.is_changed(field))>
                {move || value_text(field, value())}
            </output>
            <input type="range" id=field.key min="0" max="1000" step=step
                prop:value=move || field.kind.position(value()).to_string()
                aria-valuetext=move || value_text(field, value())
                on:input=input/>
        </label>
    }
    .into_any()
}

/// Data types, plan space, search and whatever else is rarely changed.
#[component]
fn More(state: State) -> impl IntoView {
    let methods = [Method::Psomw, Method::Mw, Method::Nfl, Method::DeviceOnly, Method::ServerOnly];
    let options = methods.into_iter().map(|method| (method.id(), method_name(method))).collect();
    let choose = move |id: String| {
        if let Some(method) = Method::find(&id) {
            apply(state, Action::ChooseMethod(method));
        }
    };
    let fields = FIELDS.iter().filter(|field| !field.prominent).map(|field| view! { <Number state field/> });
    view! {
        <details class="more">
            <summary>"Plan space, data and search"</summary>
            <Choice id="method" label="Method shown" options
                value=Signal::derive(move || state.situation.with(|s| s.method.id())) act=choose/>
            {fields.collect_view()}
        </details>
    }
}

#[component]
fn Number(state: State, field: &'static Field) -> impl IntoView {
    let value = move || state.situation.with(|situation| situation.value(field));
    let (least, most) = field.kind.range();
    let group = match field.group {
        Group::Device => "Device: ",
        Group::Server => "Server: ",
        _ => "",
    };
    let label = format!("{group}{}", field.label);
    let unit = if field.unit.is_empty() { String::new() } else { format!(", {}", field.unit) };
    if field.kind == Kind::Choice {
        let checked = move || value() != 0.0;
        let flip = move |_| apply(state, Action::SetField(field, 1.0 - value()));
        return view! {
            <label class="number" for=field.key title=field.meaning>
                <span>{label}</span>
                <input type="checkbox" id=field.key prop:checked=checked on:change=flip/>
            </label>
        }
        .into_any();
    }
    let change = move |event| {
        if let Ok(value) = control_value(&event).parse::<f64>() {
            apply(state, Action::SetField(field, value));
        }
    };
    view! {
        <label class="number" for=field.key title=field.meaning>
            <span>{label}{unit}</span>
            <input type="number" id=field.key min=least.to_string() max=most.to_string() step="any"
                prop:value=move || value().to_string() on:change=change/>
        </label>
    }
    .into_any()
}
