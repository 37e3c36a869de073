//! Listeners that turn the browser's events into actions.

use super::action::{Action, Form, apply};
use super::state::{Shown, Under};
use super::{show, toolbar, with};
use crate::dom;
use std::cell::Cell;
use wasm_bindgen::prelude::*;
use web_sys::{AddEventListenerOptions, Element, Event, HtmlSelectElement, KeyboardEvent, PointerEvent, WheelEvent};

/// What a pressed pointer drags.
#[derive(Clone, Copy)]
enum Drag {
    Playhead,
    /// The window, since this place.
    Window(f64),
    /// The cut of a path.
    Cut(usize),
    /// The part of the network that the fusion diagram shows.
    Part,
}

thread_local! {
    static DRAG: Cell<Option<Drag>> = const { Cell::new(None) };
    /// Pointers that are down on the timeline, to tell a pinch: id and place.
    static FINGERS: Cell<[Option<(i32, f64)>; 2]> = const { Cell::new([None; 2]) };
}

fn on<E: JsCast + 'static>(name: &str, act: fn(&E)) {
    let Some(document) = dom::document() else { return };
    let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| act(event.unchecked_ref()));
    let options = AddEventListenerOptions::new();
    options.set_passive(false);
    let listen = listener.as_ref().unchecked_ref();
    let _ = document.add_event_listener_with_callback_and_add_event_listener_options(name, listen, &options);
    listener.forget();
}

/// Listens.
pub fn listen() {
    on::<Event>("click", click);
    on::<Event>("change", choose);
    on::<Event>("focusin", show::tip);
    on::<Event>("focusout", |_| show::no_tip());
    on::<KeyboardEvent>("keydown", key);
    on::<WheelEvent>("wheel", wheel);
    on::<Event>("pointerover", point);
    on::<Event>("focusin", point);
    on::<PointerEvent>("pointerdown", press);
    on::<PointerEvent>("pointermove", drag);
    on::<PointerEvent>("pointerup", release);
    on::<PointerEvent>("pointercancel", release);
    let Some(window) = dom::window() else { return };
    let resized = Closure::<dyn FnMut()>::new(|| apply(Action::Resize));
    let _ = window.add_event_listener_with_callback("resize", resized.as_ref().unchecked_ref());
    resized.forget();
    let address = Closure::<dyn FnMut()>::new(|| apply(Action::Address));
    for event in ["popstate", "hashchange"] {
        let _ = window.add_event_listener_with_callback(event, address.as_ref().unchecked_ref());
    }
    address.forget();
}

/// Points at the path of what an event is about, or at none.
fn point(event: &Event) {
    let place = dom::around(event, "main [data-path]");
    apply(Action::Light(place.and_then(|place| dom::number(&place, "data-path"))));
}

fn click(event: &Event) {
    if dom::around(event, "details.menu").is_none() {
        close_menus();
    }
    if let Some(number) = dom::around(event, "[data-trace]") {
        event.prevent_default();
        return follow_trace(&number.get_attribute("data-trace").unwrap_or_default());
    }

    if let Some(button) = dom::around(event, "button[data-act]") {
        if let Some(action) = toolbar::action_of(&button) {
            apply(action);
        }
        if let Some(menu) = dom::around(event, "details.menu") {
            let _ = menu.remove_attribute("open");
        }
        return;
    }
    if dom::around(event, ".fold").is_some() {
        return apply(Action::Unfold);
    }
    if let Some(mark) = dom::around(event, "[data-improvement]") {
        if let Some(step) = dom::number(&mark, "data-improvement") {
            apply(Action::Show(Shown::Step(step)));
        }
        return;
    }
    if let Some(path) = dom::around(event, "main [data-path]").and_then(|place| dom::number(&place, "data-path")) {
        apply(Action::Choose(Some(path)));
    }
}

fn close_menus() {
    dom::each("details.menu[open]", |menu| drop(menu.remove_attribute("open")));
}

/// Lights what a number is made of; a rate is tried.
fn follow_trace(id: &str) {
    let mut parts = id.split(':');
    if let (Some("rate"), Some(key), Some(value)) = (parts.next(), parts.next(), parts.next()) {
        let link = with(|studio| studio.with_value(key, value)).flatten();
        return link.into_iter().for_each(|link| dom::open_fragment(&link, true));
    }
    show::trace(id);
}

fn choose(event: &Event) {
    let Some(select) = dom::around(event, "select[data-act]") else { return };
    let value = select.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value).unwrap_or_default();
    match select.get_attribute("data-act").as_deref() {
        Some("pace") => apply(Action::Pace(value.parse().unwrap_or(0))),
        Some("beneath") => apply(Action::Beneath(Under::find(&value))),
        _ => {}
    }
}

/// Keys that the timeline has while it, or nothing, has the focus; `?` anywhere.
fn key(event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() {
        return undo(event);
    }
    if event.alt_key() {
        return;
    }
    let inside = |css: &str| dom::around(event, css);
    // A dialog that was just closed may keep the focus until the browser draws its next frame: its keys are the page's.
    if inside("input, select, textarea, dialog[open]").is_some() {
        return;
    }
    let key = event.key();
    if key == "Escape" && dom::element("details.menu[open]").is_some() {
        return close_menus();
    }
    if key == "?" {
        return apply(Action::Help);
    }
    // Figures that nobody sees are not worked.
    if dom::element("html[data-route=models]").is_some() {
        return;
    }
    let cell = inside("#assignment .cell, #assignment .cut-handle");
    if let Some(path) = cell.and_then(|cell| dom::number::<usize>(&cell, "data-path")) {
        let action = match key.as_str() {
            "ArrowLeft" | "ArrowRight" => moved_cut(path, key == "ArrowRight"),
            "ArrowUp" | "ArrowDown" => Some(Action::MovePath(path, key == "ArrowDown")),
            _ => None,
        };
        if let Some(action) = action {
            event.prevent_default();
            apply(action);
            return show::focus_path(path);
        }
    }
    if let Some(mark) = inside("#convergence [data-improvement]") {
        let action = match key.as_str() {
            "ArrowLeft" => Some(Action::NextStep(false)),
            "ArrowRight" => Some(Action::NextStep(true)),
            "Enter" | " " => dom::number(&mark, "data-improvement").map(|step| Action::Show(Shown::Step(step))),
            _ => None,
        };
        if let Some(action) = action {
            event.prevent_default();
            apply(action);
            return dom::focus("#convergence .improvement.current");
        }
    }
    let place = inside("[data-path]").and_then(|place| dom::number::<usize>(&place, "data-path"));
    if let (Some(path), "Enter") = (place, key.as_str()) {
        event.prevent_default();
        return apply(Action::Choose(Some(path)));
    }
    if inside("button, a, summary").is_some() && matches!(key.as_str(), " " | "Enter") {
        return;
    }
    if let Some(brush) = inside(".brush") {
        let (from, to): (Option<usize>, Option<usize>) =
            (dom::number(&brush, "data-first-stage"), dom::number(&brush, "data-end-stage"));
        let (from, to) = (from.unwrap_or(0), to.unwrap_or(1));
        let part = match key.as_str() {
            "ArrowLeft" if from > 0 => (from - 1, to - 1),
            "ArrowRight" => (from + 1, to + 1),
            _ => return,
        };
        event.prevent_default();
        apply(Action::Part(Some(part)));
        return dom::focus("#fusion .brush");
    }
    let on_timeline = inside("#timeline").is_some();
    let action = match key.as_str() {
        "w" | "W" | "+" | "=" => Action::Zoom { factor: 0.6, at: None },
        "s" | "S" | "-" => Action::Zoom { factor: 1.0 / 0.6, at: None },
        "a" | "A" => Action::Pan(-0.2),
        "d" | "D" => Action::Pan(0.2),
        "0" | "f" | "F" => Action::Fit,
        "z" | "Z" => Action::ZoomToChosen,
        " " | "k" => Action::Play,
        "," => Action::StepTime(false),
        "." => Action::StepTime(true),
        "[" => Action::NextStep(false),
        "]" => Action::NextStep(true),
        "Escape" => Action::NoTime,
        "ArrowLeft" if on_timeline => Action::Pan(-0.1),
        "ArrowRight" if on_timeline => Action::Pan(0.1),
        "ArrowUp" if on_timeline => Action::Zoom { factor: 0.8, at: None },
        "ArrowDown" if on_timeline => Action::Zoom { factor: 1.25, at: None },
        _ => return,
    };
    // A button that the link hides or locks is not worked by its key either.
    let locked = toolbar::act_of(action)
        .is_some_and(|act| dom::element(&format!("[data-act={act}]:is([disabled], [data-hidden-by-link])")).is_some());
    if locked {
        return;
    }
    event.prevent_default();
    apply(action);
}

/// Ctrl+Z and Ctrl+Shift+Z, or Ctrl+Y: of the plan made by hand while it is shown, else of the situation.
fn undo(event: &KeyboardEvent) {
    // Where text is typed, the browser's own undo is meant; sliders and choices have none.
    if dom::around(event, "textarea, input[type=number], input[type=text]").is_some() {
        return;
    }
    let key = event.key().to_ascii_lowercase();
    let back = match (key.as_str(), event.shift_key()) {
        ("z", false) => true,
        ("z", true) | ("y", _) => false,
        _ => return,
    };
    event.prevent_default();
    let mine = with(|studio| {
        studio.shown == Shown::Mine && if back { studio.mine.len() > 1 } else { !studio.undone.is_empty() }
    });
    apply(match (mine == Some(true), back) {
        (true, true) => Action::UndoCut,
        (true, false) => Action::RedoCut,
        (false, back) => Action::Undo(back),
    });
}

/// The cut of a path, one stage further to one side.
fn moved_cut(path: usize, right: bool) -> Option<Action> {
    with(|studio| {
        let (cut, part) = (*studio.plan.cuts.get(path)?, studio.answer.paths.get(path)?);
        let most = part.regions.len().saturating_sub(1);
        let cut = if right { (cut + 1).min(most) } else { cut.saturating_sub(1) };
        Some(Action::MoveCut(path, cut))
    })?
}

/// A place on the timeline in its drawing's pixels.
fn place(event: &web_sys::MouseEvent) -> Option<f64> {
    dom::around(event, "#timeline_figure")?;
    show::timeline_px(f64::from(event.client_x()))
}

fn wheel(event: &WheelEvent) {
    let Some(at) = place(event) else { return };
    event.prevent_default();
    let sideways = if event.shift_key() { event.delta_y() } else { event.delta_x() };
    if event.shift_key() || sideways.abs() > event.delta_y().abs() {
        apply(Action::Pan(sideways / 1000.0));
    } else {
        apply(Action::Zoom { factor: (event.delta_y() / 300.0).exp2(), at: Some(at) });
    }
}

fn press(event: &PointerEvent) {
    if let Some(cell) = dom::around(event, "#assignment .cut-handle, #assignment .crossing") {
        event.prevent_default();
        if let Some(path) = dom::number(&cell, "data-path") {
            DRAG.set(Some(Drag::Cut(path)));
        }
        return;
    }
    if let Some(bar) = dom::around(event, "[data-overview-stage]") {
        DRAG.set(Some(Drag::Part));
        event.prevent_default();
        return show_around(&bar);
    }
    let Some(at) = place(event) else { return };
    let mut fingers = FINGERS.get();
    if let Some(free) = fingers.iter_mut().find(|finger| finger.is_none()) {
        *free = Some((event.pointer_id(), at));
    }
    FINGERS.set(fingers);
    let on_axis = show::is_axis(f64::from(event.client_y()));
    if on_axis || dom::around(event, ".playhead").is_some() {
        DRAG.set(Some(Drag::Playhead));
        set_time(at);
        event.prevent_default();
    } else if dom::around(event, "[data-path]").is_none() {
        DRAG.set(Some(Drag::Window(at)));
    }
}

fn set_time(at: f64) {
    if let Some(ns) = with(|studio| show::view(studio).window.ns(at.max(0.0))) {
        apply(Action::SetTime(ns));
    }
}

fn drag(event: &PointerEvent) {
    let fingers = FINGERS.get();
    let here = show::timeline_px(f64::from(event.client_x()));
    if let (Some(at), [Some(first), Some(second)]) = (here, fingers) {
        let (moving, still) = if event.pointer_id() == first.0 { (first, second) } else { (second, first) };
        let (before, after) = ((moving.1 - still.1).abs().max(8.0), (at - still.1).abs().max(8.0));
        FINGERS.set([Some((moving.0, at)), Some(still)]);
        event.prevent_default();
        return apply(Action::Zoom { factor: before / after, at: Some(still.1) });
    }
    match (DRAG.get(), here) {
        (Some(Drag::Playhead), Some(at)) => set_time(at),
        (Some(Drag::Window(from)), Some(at)) if (at - from).abs() > 0.0 => {
            let width = with(|studio| {
                let window = show::view(studio).window;
                window.right - window.left
            });
            DRAG.set(Some(Drag::Window(at)));
            apply(Action::Pan((from - at) / width.unwrap_or(1.0)));
        }
        (Some(Drag::Cut(path)), _) => drag_cut(event, path),
        (Some(Drag::Part), _) => {
            let under =
                dom::document().and_then(|d| d.element_from_point(event.client_x() as f32, event.client_y() as f32));
            if let Some(bar) = under.and_then(|under| under.closest("[data-overview-stage]").ok().flatten()) {
                show_around(&bar);
            }
        }
        _ => {}
    }
}

/// The fusion diagram shows the stages around one of the strip's.
fn show_around(bar: &Element) {
    let stage: usize = dom::number(bar, "data-overview-stage").unwrap_or(0);
    let count = with(|studio| studio.part.as_ref().map_or(8, |part| part.len())).unwrap_or(8);
    let from = stage.saturating_sub(count / 2);
    apply(Action::Part(Some((from, from + count))));
}

/// The cut goes to the boundary nearest to the pointer.
fn drag_cut(event: &PointerEvent, path: usize) {
    let Some(boundary) = with(|studio| show::boundary_at(studio, f64::from(event.client_x()))).flatten() else {
        return;
    };
    let cut = with(|studio| {
        let part = studio.answer.paths.get(path)?;
        Some(boundary.saturating_sub(part.first).min(part.regions.len().saturating_sub(1)))
    });
    if let Some(cut) = cut.flatten() {
        apply(Action::MoveCut(path, cut));
    }
}

fn release(event: &PointerEvent) {
    DRAG.set(None);
    let gone = |finger: Option<(i32, f64)>| finger.filter(|finger| finger.0 != event.pointer_id());
    FINGERS.set(FINGERS.get().map(gone));
}

/// The action of a button's name.
pub fn form_of(name: &str) -> Option<Form> {
    Some(match name {
        "svg" => Form::Svg,
        "png" => Form::Png,
        "csv" => Form::Csv,
        "trace" => Form::Trace,
        "embed" => Form::Embed,
        _ => return None,
    })
}
