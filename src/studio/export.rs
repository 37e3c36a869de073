//! Takes figures away: files to keep, links to paste.

use super::action::{Figure, Form};
use super::show;
use super::state::{Shown, Studio};
use crate::dom;
use crate::draw::export::{Around, Theme, standalone, with_fonts};
use crate::draw::{board, comparison, gantt, legend, pyramid, table::Table, tables, trace, trajectory};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement, XmlHttpRequest};

/// Pixels of a PNG for each of the drawing: sharp on slides.
const SHARPNESS: f64 = 2.0;

/// The fonts of exported figures, beside the page; only fetched to export one.
const FONTS: &str = "fonts/figures.css";

/// Saves a figure in a form, or copies the link to it.
pub fn take_away(studio: &Studio, figure: Figure, form: Form) {
    let name = format!("offcut-{}-{figure}", dom::file_name(&studio.answer.name));
    match form {
        Form::Svg => complete(drawing(studio, figure), move |svg, note| {
            dom::save(&format!("{name}.svg"), "image/svg+xml", svg, note);
        }),
        Form::Png => complete(drawing(studio, figure), move |svg, note| save_png(format!("{name}.png"), svg, note)),
        Form::Csv => {
            let csv: Vec<String> = numbers(studio, figure).iter().map(Table::csv).collect();
            dom::save(&format!("{name}.csv"), "text/csv", &csv.join("\r\n"), "");
        }
        Form::Trace => {
            let Some(anatomy) = &studio.anatomy else { return };
            let beneath = studio.drawn_beneath();
            let text = trace::chrome(&studio.answer, anatomy, beneath.as_ref(), &address(studio));
            dom::save(&format!("{name}.trace.json"), "application/json", &text, "");
        }
        Form::Embed => dom::copy(&address(studio).replacen("#/plan", &format!("#/embed/{figure}"), 1)),
    }
}

/// The whole address of what is shown.
fn address(studio: &Studio) -> String {
    let href = dom::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let page = href.split('#').next().unwrap_or_default();
    let looks: String = studio.looks().iter().map(|(key, value)| format!("&{key}={value}")).collect();
    format!("{page}{}{looks}", studio.link)
}

/// The numbers of a figure.
pub fn numbers(studio: &Studio, figure: Figure) -> Vec<Table> {
    let answer = &studio.answer;
    match figure {
        "fusion" => vec![tables::regions(answer)],
        "assignment" => vec![tables::assignment(answer)],
        "timeline" => {
            let waits = studio.anatomy.as_ref().map(|anatomy| tables::waits(answer, anatomy));
            std::iter::once(tables::operations(answer)).chain(waits).collect()
        }
        "comparison" => vec![tables::methods(answer)],
        _ => vec![tables::search(&studio.searched), tables::improvements(&studio.searched)],
    }
}

/// What a figure shows, in a sentence.
pub fn summary(studio: &Studio, figure: Figure) -> String {
    match figure {
        "fusion" => pyramid::caption(&studio.answer, studio.pointed()),
        "assignment" => board::sentence(&studio.answer),
        "timeline" => match &studio.anatomy {
            Some(anatomy) => gantt::sentence(&studio.answer, anatomy, studio.drawn_beneath().as_ref()),
            None => "There is no timeline of a plan that cannot run.".to_owned(),
        },
        "comparison" => comparison::caption(&studio.answer),
        _ => trajectory::sentence(&studio.searched),
    }
}

/// A figure as a document of its own.
fn drawing(studio: &Studio, figure: Figure) -> String {
    let (title, legend) = match figure {
        "fusion" => ("Layer fusion and halos", Some(legend::Figure::Fusion)),
        "assignment" => ("Tile assignment", Some(legend::Figure::Assignment)),
        "timeline" => ("Timeline", Some(legend::Figure::Timeline)),
        "comparison" => ("Comparison of methods", None),
        _ => ("Search", Some(legend::Figure::Search)),
    };
    let dark = dom::element("html")
        .and_then(|root| root.get_attribute("data-theme"))
        .map_or_else(|| dom::matches("(prefers-color-scheme: dark)"), |theme| theme == "dark");
    let link = address(studio);
    let around = Around {
        figure,
        legend,
        title: &format!(
            "{title}: {}{}",
            studio.answer.name,
            if studio.shown == Shown::Mine { ", my plan" } else { "" }
        ),
        summary: &summary(studio, figure),
        situation: &studio.situation(),
        link: &link,
        theme: if dark { Theme::Dark } else { Theme::Light },
    };
    standalone(&show::svg_of(studio, figure), &around)
}

/// Gives a figure's document with its fonts inside to `then`; where they cannot be had, without them and with a note
/// that says so.
fn complete(svg: String, then: impl FnOnce(&str, &str) + 'static) {
    let Ok(request) = XmlHttpRequest::new() else { return };
    let answer = request.clone();
    let done = Closure::once_into_js(move || {
        let fonts = answer.response_text().ok().flatten().filter(|_| answer.status() == Ok(200));
        match fonts.and_then(|fonts| with_fonts(&svg, &fonts)) {
            Some(svg) => then(&svg, ""),
            None => then(&svg, " Its fonts could not be fetched: it takes those of the computer that shows it."),
        }
    });
    request.set_onloadend(Some(done.unchecked_ref()));
    if request.open("GET", FONTS).is_ok() {
        // What goes wrong from here on ends the load, too.
        let _ = request.send();
    }
}

/// Saves a drawing as pixels.
fn save_png(name: String, svg: &str, note: &str) {
    let Ok(image) = HtmlImageElement::new() else { return };
    let (drawn, note) = (image.clone(), note.to_owned());
    let paint = Closure::once_into_js(move || {
        paint(&drawn, name, note);
    });
    image.set_onload(Some(paint.unchecked_ref()));
    let encoded = js_sys::encode_uri_component(svg).as_string().unwrap_or_default();
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{encoded}"));
}

/// Paints a drawing that the browser has read, and saves it.
fn paint(drawn: &HtmlImageElement, name: String, note: String) -> Option<()> {
    let canvas = dom::document()?.create_element("canvas").ok()?.dyn_into::<HtmlCanvasElement>().ok()?;
    let (width, height) = (f64::from(drawn.natural_width()), f64::from(drawn.natural_height()));
    canvas.set_width((width * SHARPNESS) as u32);
    canvas.set_height((height * SHARPNESS) as u32);
    let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    context.scale(SHARPNESS, SHARPNESS).ok()?;
    context.draw_image_with_html_image_element_and_dw_and_dh(drawn, 0.0, 0.0, width, height).ok()?;
    let keep = Closure::once_into_js(move |blob: Option<Blob>| {
        if let Some(blob) = blob {
            dom::save_blob(&name, &blob, &note);
        }
    });
    canvas.to_blob(keep.unchecked_ref()).ok()
}
