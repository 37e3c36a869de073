//! The answer and the figures: each a title, a legend and what `draw` makes of the answer.

use super::state::State;
use crate::draw::{self, units};
use crate::formats::Method;
use crate::job::Answer;
use leptos::prelude::*;
use std::sync::Arc;

/// A value of the answer as text, empty before there is one.
fn of(state: State, value: impl Fn(&Answer) -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(move || state.answer.with(|answer| answer.as_deref().map_or_else(String::new, &value)))
}

fn makespan(answer: &Answer, method: Method) -> String {
    answer.makespan_of(method).map_or_else(String::new, |ns| ns.to_string())
}

/// The makespan, how it compares, and why.
#[component]
pub fn AnswerLine(state: State) -> impl IntoView {
    let number = of(state, |answer| units::time_parts(answer.makespan_ns).0);
    let unit = of(state, |answer| units::time_parts(answer.makespan_ns).1.to_owned());
    view! {
        <section id="answer" aria-label="Answer" aria-live="polite"
            data-makespan-ns=of(state, |a| a.makespan_ns.to_string())
            data-nfl-ns=of(state, |a| makespan(a, Method::Nfl))
            data-device-only-ns=of(state, |a| makespan(a, Method::DeviceOnly))
            data-server-only-ns=of(state, |a| makespan(a, Method::ServerOnly))
            data-mw-ns=of(state, |a| makespan(a, Method::Mw))
            data-lower-bound-ns=of(state, |a| a.lower_bound_ns.to_string())
            data-method=of(state, |a| a.method.id().to_owned())
            data-seed=of(state, |a| a.seed.to_string())
            data-evaluations=of(state, |a| a.evaluations.to_string())
            data-request=move || state.answered.get().to_string()
        >
            <p class="makespan"><strong>{number}</strong>" "<span>{unit}</span></p>
            <Times state method=Method::Nfl label="faster than NFL"/>
            <Times state method=Method::DeviceOnly label="than device only"/>
            <Times state method=Method::ServerOnly label="than server only"/>
            <p class="times proof"><strong>{of(state, proof)}</strong><span>{of(state, proof_label)}</span></p>
            <p class="why">{of(state, draw::explain::sentences)}<Memory state/></p>
        </section>
    }
}

#[component]
fn Times(state: State, method: Method, label: &'static str) -> impl IntoView {
    let ratio = of(state, move |answer| {
        let other = answer.makespan_of(method).unwrap_or(0);
        format!("{:.2}×", other as f64 / answer.makespan_ns.max(1) as f64)
    });
    view! { <p class="times"><strong>{ratio}</strong><span>{label}</span></p> }.into_any()
}

fn proof(answer: &Answer) -> String {
    if answer.proven_optimal {
        return "0.00 %".to_owned();
    }
    let gap = answer.makespan_ns as f64 / answer.lower_bound_ns.max(1) as f64 - 1.0;
    format!("≤ {} %", units::three(100.0 * gap))
}

fn proof_label(answer: &Answer) -> String {
    if answer.proven_optimal { "proven best" } else { "from the best, at most" }.to_owned()
}

/// A warning where the plan needs more memory than the device has.
#[component]
fn Memory(state: State) -> impl IntoView {
    let over = of(state, |answer| match answer.device_memory_limit {
        Some(limit) if answer.device_memory_bytes > limit => format!(
            " It needs {} of the device's memory, which has {}.",
            units::bytes(answer.device_memory_bytes),
            units::bytes(limit)
        ),
        _ => String::new(),
    });
    view! { <span class="warning">{over}</span> }.into_any()
}

/// All figures.
#[component]
pub fn Figures(state: State) -> impl IntoView {
    let caption = of(state, move |answer| draw::fusion::caption(answer, state.shown(answer)));
    let order = of(state, |_| "paths in order × stages".to_owned());
    let times = of(state, |answer| format!("plan of {} and, below, NFL", draw::method_name(answer.method)));
    let bars = of(state, |answer| match answer.ceiling {
        Some(most) => format!("inference time; fusing gains at most {most}× over NFL here"),
        None => "inference time; the fluid bound does not apply to this network".to_owned(),
    });
    let search = Signal::derive(move || match state.progress.get() {
        Some((evaluations, best)) => {
            format!("searching: {} plans, best {}", units::grouped(evaluations), units::time(best))
        }
        None => of(state, draw::convergence::caption).get(),
    });
    view! {
        <div class="figures">
            <Figure state id="fusion" title="Fusion" note=caption legend=true
                svg=move |answer| draw::fusion::svg(answer, draw::shown_path(answer))/>
            <Figure state id="assignment" title="Assignment" note=order legend=false svg=draw::assignment::svg/>
            <Figure state id="timeline" title="Timeline" note=times legend=false svg=draw::timeline::svg/>
            <Figure state id="comparison" title="Comparison" note=bars legend=false svg=draw::comparison::svg/>
            <Figure state id="convergence" title="Search" note=search legend=false svg=draw::convergence::svg/>
        </div>
    }
}

/// A card with a figure that is drawn anew for every answer.
#[component]
fn Figure(
    state: State,
    id: &'static str,
    title: &'static str,
    note: Signal<String>,
    legend: bool,
    svg: impl Fn(&Answer) -> String + Send + Sync + 'static,
) -> impl IntoView {
    let drawn = Memo::new(move |_| state.answer.get().map(|answer: Arc<Answer>| svg(&answer)));
    view! {
        <section id=id class="card" aria-label=title>
            <header>
                <h2>{title}</h2>
                <p>{note}</p>
                {legend.then(Legend)}
            </header>
            <div class="figure" inner_html=move || drawn.get().unwrap_or_default()></div>
        </section>
    }
    .into_any()
}

/// What colours and patterns stand for.
#[component]
fn Legend() -> impl IntoView {
    view! {
        <ul class="legend">
            <li class="device">"device"</li>
            <li class="uplink">"uplink"</li>
            <li class="server">"server"</li>
            <li class="halo">"halo"</li>
        </ul>
    }
}
