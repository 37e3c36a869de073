//! Puts the figures into the page, and marks what is pointed at and what time it is in them.

use super::state::{Shown, Studio};
use super::{action::Figure, export, toolbar, with};
use crate::dom;
use crate::draw::{self, board, gantt, pyramid, trajectory, units, why};
use crate::formats::Method;
use crate::job::{Searched, Stand, layer_regions};
use web_sys::Element;

/// What a figure gets where the browser does not say how wide it is.
const WIDTH: f64 = 620.0;
/// Below this width a timeline scrolls.
const LEAST_WIDTH: f64 = 520.0;
/// Networks with more stages get a strip of the whole below the fusion diagram.
const LONG: usize = 24;

/// Cells and tiles that show the playhead's time: by path, by stage.
pub type Places = Vec<Vec<Vec<Element>>>;

fn width_of(css: &str, least: f64) -> f64 {
    let width = dom::element(css).map_or(0.0, |element| f64::from(element.client_width()));
    if width > 0.0 { width.max(least) } else { WIDTH }
}

/// How the timeline is looked at now.
pub fn view(studio: &Studio) -> gantt::View {
    studio.view(width_of("#timeline_figure", LEAST_WIDTH))
}

/// A place on the screen in the timeline's pixels.
pub fn timeline_px(client_x: f64) -> Option<f64> {
    let rect = dom::element("#timeline_figure svg")?.get_bounding_client_rect();
    let width = width_of("#timeline_figure", LEAST_WIDTH);
    (rect.width() > 0.0).then(|| (client_x - rect.left()) / rect.width() * width)
}

/// Whether a height on the screen is that of the timeline's axis.
pub fn is_axis(client_y: f64) -> bool {
    let top = dom::element("#timeline_figure svg").map(|svg| svg.get_bounding_client_rect().top());
    top.is_some_and(|top| (top..top + 24.0).contains(&client_y))
}

/// Whether a figure is to be seen that was not drawn while another stood alone.
pub fn is_wanting() -> bool {
    alone().is_empty()
        && ["fusion", "assignment"].iter().any(|figure| dom::element(&format!("#{figure}_figure svg")).is_none())
}

/// The figure that is shown alone; empty on the whole page.
fn alone() -> String {
    dom::element("html").and_then(|root| root.get_attribute("data-embed")).unwrap_or_default()
}

/// The page draws by itself again.
pub fn give_back() {
    if let Some(main) = dom::element("main") {
        let _ = main.remove_attribute("data-studio");
    }
}

/// All figures.
pub fn everything(studio: &mut Studio) {
    dom::set_attribute("main", "data-studio", "on");
    let alone = alone();
    let shown = |figure: &str| alone.is_empty() || alone == figure;
    for figure in toolbar::FIGURES.into_iter().filter(|figure| !shown(figure)) {
        // Patterns are named once in a page: a hidden drawing must not hold them.
        dom::put_html(&format!("#{figure}_figure"), "");
    }
    // All are drawn before any is put in: a width that is asked for after a change has everything laid out anew.
    let figures = ["fusion", "assignment", "convergence", "timeline"].into_iter().filter(|figure| shown(figure));
    let drawn: Vec<_> = figures.map(|figure| (figure, markup(studio, figure))).collect();
    for (figure, html) in drawn {
        put(studio, figure, &html);
    }
    toolbar::refresh(studio);
    marks(studio);
    for figure in toolbar::FIGURES {
        if has_table(figure) {
            table(studio, figure);
        }
    }
    explain_soon(studio);
}

/// Explains the time once nothing newer has come for a moment.
pub fn explain_soon(studio: &Studio) {
    let record = studio.record.clone();
    // What would help takes some hundred schedules: not while a slider moves.
    dom::later(180, move || {
        with(|studio| explain(studio, &record));
    });
}

/// Why this is the time, in place of the page's shorter sentence; nothing if there is a newer answer.
fn explain(studio: &Studio, record: &str) {
    let Some(anatomy) = studio.anatomy.as_ref().filter(|_| studio.record == record) else { return };
    if studio.shown == Shown::Planned {
        let help = why::Help::of(&studio.task, &studio.answer, &studio.plan);
        dom::put_html("#answer .why", &why::why(&studio.answer, anatomy, &help).html());
    }
}

/// Lights what a number of the explanation is made of.
pub fn trace(id: &str) {
    dom::each(".traced", |element| drop(element.class_list().remove_1("traced")));
    let css = match id.split_once(':') {
        Some(("lane", resource)) => format!("#timeline .op[data-path][data-resource=\"{resource}\"]"),
        Some(("gap", gap)) => format!("#timeline [data-gap=\"{gap}\"]"),
        _ => "#timeline .op.critical".to_owned(),
    };
    dom::each(&css, |element| drop(element.class_list().add_1("traced")));
}

/// Shows the numbers of what has the focus, as the pointer's tooltip does for what is under it.
pub fn tip(event: &web_sys::Event) {
    let Some(place) = dom::around(event, ".figure svg [aria-label]") else { return };
    let (Some(text), rect) = (place.get_attribute("aria-label"), place.get_bounding_client_rect()) else { return };
    dom::add_once("tip", "<p id=\"tip\" aria-hidden=\"true\"></p>");
    dom::put_text("#tip", &text);
    let left = rect.left().max(8.0).min(dom::width() - 308.0).max(8.0);
    let place = format!("left:{}px;top:{}px", left as i32, (rect.bottom() + 6.0) as i32);
    dom::set_attribute("#tip", "style", &place);
}

/// Hides them.
pub fn no_tip() {
    dom::put_text("#tip", "");
}

/// The drawing of a figure.
pub fn svg_of(studio: &Studio, figure: &str) -> String {
    match figure {
        "fusion" => {
            let path = studio.pointed();
            let layers = layer_regions(&studio.task, &studio.plan, path);
            pyramid::svg(&studio.answer, &studio.graph, &fusion_view(studio), path, &layers)
        }
        "assignment" => board::svg(&studio.answer, &board_view()),
        "timeline" => match &studio.anatomy {
            Some(anatomy) => gantt::svg(&studio.answer, anatomy, &view(studio), studio.drawn_beneath().as_ref()),
            None => "<p class=\"empty\">There is no timeline of a plan that cannot run.</p>".to_owned(),
        },
        "comparison" => draw::comparison::svg(&studio.answer),
        _ => {
            let current = match studio.shown {
                Shown::Step(step) => Some(step),
                _ => None,
            };
            trajectory::svg(&studio.searched, width_of("#convergence_figure", LEAST_WIDTH), current)
        }
    }
}

fn fusion_view(studio: &Studio) -> pyramid::View {
    studio.stages(width_of("#fusion_figure", 760.0))
}

/// What is put into the place of a figure: its drawing, and below the fusion diagram a strip of the whole network where
/// it is long or only a part is shown.
fn markup(studio: &Studio, figure: &str) -> String {
    let mut svg = svg_of(studio, figure);
    if figure == "fusion" && (studio.answer.maps.len() > LONG || studio.part.is_some()) {
        svg += &pyramid::overview(&studio.answer, &fusion_view(studio));
    }
    svg
}

/// Puts a figure into the page, and what goes with it.
fn put(studio: &mut Studio, figure: &str, html: &str) {
    dom::put_html(&format!("#{figure}_figure"), html);
    match figure {
        "fusion" => {
            let folds = studio.unfolded || dom::element("#fusion_figure .fold").is_some();
            toolbar::show_button("unfold", folds && studio.part.is_none());
            dom::put_text("button[data-act=unfold]", if studio.unfolded { "Fold" } else { "Unfold" });
            studio.places.clear();
            // The drawing holds what the path needs already.
            studio.needed = Some(studio.pointed());
        }
        "assignment" => {
            dom::put_text("#assignment_note", &note(studio));
            let class = if studio.answer.faults.is_empty() { "" } else { "warning" };
            dom::set_attribute("#assignment_note", "class", class);
            studio.places.clear();
        }
        "timeline" => beside_timeline(studio),
        _ => dom::put_text("#convergence_note", &trajectory::sentence(&studio.searched)),
    }
}

/// Draws a figure anew.
pub fn anew(studio: &mut Studio, figure: Figure) {
    let html = markup(studio, figure);
    put(studio, figure, &html);
}

fn board_view() -> board::View {
    board::View { width: width_of("#assignment_figure", 300.0), height: 200.0, handles: true }
}

/// The boundary of stages in the assignment diagram that is nearest to a place on the screen.
pub fn boundary_at(studio: &Studio, client_x: f64) -> Option<usize> {
    let (rect, view) = (dom::element("#assignment_figure svg")?.get_bounding_client_rect(), board_view());
    let x = (client_x - rect.left()) / rect.width().max(1.0) * view.width;
    Some(board::Cells::new(&studio.answer, &view).boundary(x))
}

/// What the plan shown is, and how it compares with the planned one.
fn note(studio: &Studio) -> String {
    let planned = studio.searched.of(studio.task.search.method).map_or(0, |known| known.found.makespan.0);
    match studio.shown {
        Shown::Planned => "paths in order × stages; drag a cut to make your own plan".to_owned(),
        Shown::Exact => "the plan that Exact has found; drag a cut to make your own plan".to_owned(),
        Shown::Step(step) => trajectory::improvement_words(&studio.searched, step),
        Shown::Mine => match studio.answer.faults.first() {
            Some(&fault) => format!("My plan cannot run. {}", board::fault(&studio.answer, fault)),
            None => {
                let own = studio.answer.makespan_ns;
                let part = units::three((own.abs_diff(planned)) as f64 / planned.max(1) as f64 * 100.0);
                let compared = match own.cmp(&planned) {
                    std::cmp::Ordering::Less => format!("{part} % faster than the planned one"),
                    std::cmp::Ordering::Equal => "as fast as the planned one".to_owned(),
                    std::cmp::Ordering::Greater => format!("{part} % slower than the planned one"),
                };
                format!("My plan: {}, {compared}", units::time(own))
            }
        },
    }
}

/// The timeline's note, and the playhead on it.
fn beside_timeline(studio: &mut Studio) {
    if studio.anatomy.is_none() {
        return;
    }
    if studio.moment.is_none() && studio.playing.is_none() {
        let name = match studio.shown {
            Shown::Planned => format!("plan of {}", draw::method_name(studio.answer.method)),
            Shown::Exact => "plan of Exact".to_owned(),
            Shown::Step(step) => format!("step {} of the search", step + 1),
            Shown::Mine => "my plan".to_owned(),
        };
        dom::put_text("#timeline_note", &name);
    }
    moment(studio);
}

/// What the playhead's time changes in all figures.
pub fn moment(studio: &mut Studio) {
    toolbar::show_playing(studio);
    let Some(time) = studio.time.filter(|_| studio.anatomy.is_some()) else {
        if studio.moment.take().is_some() {
            dom::each("[data-state].cell, [data-state].tile", |place| {
                let _ = place.remove_attribute("data-state");
            });
            dom::set_attribute("main", "data-time", "");
            dom::put_html("#timeline .playhead", "");
            anew(studio, "timeline");
        }
        return;
    };
    if studio.places.is_empty() {
        studio.places = places(studio);
        studio.moment = None;
    }
    let view = view(studio);
    let height = dom::element("#timeline_figure svg").map_or(0.0, |svg| f64::from(svg.client_height()));
    dom::put_html("#timeline .playhead", &gantt::playhead(&view, time, height.max(100.0)));
    dom::set_attribute("main", "data-time", &time.to_string());
    let changes = studio.advance();
    for (path, stage, state) in changes {
        let Some(places) = studio.places.get(path).and_then(|stages| stages.get(stage)) else { continue };
        for place in places {
            let _ = place.set_attribute("data-state", state.id());
        }
    }
    if let (Some(moment), Some(anatomy)) = (&studio.moment, &studio.anatomy) {
        dom::put_text("#timeline_note", &draw::moment::sentence(&studio.answer, anatomy, moment));
    }
}

fn places(studio: &Studio) -> Places {
    let mut places: Places = vec![vec![Vec::new(); studio.answer.maps.len()]; studio.answer.paths.len()];
    let places_of = std::cell::RefCell::new(&mut places);
    let note = |element: &Element, stage: Option<usize>| {
        let path: Option<usize> = dom::number(element, "data-path");
        let (Some(path), Some(stage)) = (path, stage) else { return };
        if let Some(place) = places_of.borrow_mut().get_mut(path).and_then(|stages| stages.get_mut(stage)) {
            place.push(element.clone());
        }
    };
    dom::each("#assignment .cell", |cell| note(cell, dom::number(cell, "data-stage")));
    dom::each("#fusion .tile", |tile| {
        note(tile, dom::number::<usize>(tile, "data-boundary").and_then(|boundary| boundary.checked_sub(1)));
    });
    places
}

/// Marks the path that is pointed at, in every figure, and lays what it needs over the maps.
pub fn marks(studio: &mut Studio) {
    match studio.lit {
        Some(path) => dom::set_attribute("main", "data-lit", &path.to_string()),
        None => drop(dom::element("main").map(|main| main.remove_attribute("data-lit"))),
    }
    dom::each(".lit", |element| {
        let _ = element.class_list().remove_1("lit");
    });
    if let Some(path) = studio.lit.or(studio.chosen) {
        dom::each(&format!("main [data-path=\"{path}\"]"), |element| {
            let _ = element.class_list().add_1("lit");
        });
    }
    let path = studio.pointed();
    dom::put_text("#fusion_note", &pyramid::caption(&studio.answer, path));
    if studio.needed == Some(path) {
        return;
    }
    studio.needed = Some(path);
    let view = fusion_view(studio);
    let layers = layer_regions(&studio.task, &studio.plan, path);
    let needs = pyramid::needs(&studio.answer, &studio.graph, &view, path, &layers);
    dom::put_html("#fusion .needs", &needs);
}

/// The comparison, which the page has drawn as the search ended.
pub fn comparison(studio: &Studio) {
    dom::put_html("#comparison_figure", &svg_of(studio, "comparison"));
    if has_table("comparison") {
        table(studio, "comparison");
    }
}

/// Where the proof stands, below the comparison and in the headline.
pub fn proof(studio: &Studio) {
    let (searched, method) = (&studio.searched, studio.task.search.method);
    let said = |say: fn(&Searched, Method, Stand) -> String| {
        studio.stand.map_or_else(String::new, |stand| say(searched, method, stand))
    };
    // Screen readers are told of the end, not of every step.
    let is_running = studio.stand == Some(Stand::Running);
    dom::set_attribute("#proof", "aria-live", if is_running { "off" } else { "polite" });
    dom::put_text("#proof p", &said(draw::proof::sentences));
    let buttons = said(draw::proof::buttons);
    // A button under the pointer stays the same while it can do the same.
    if dom::element("#proof div").is_some_and(|now| now.inner_html() != buttons) {
        dom::put_html("#proof div", &buttons);
    }
    dom::set_attribute("#proof", "data-stand", studio.stand.map_or("", Stand::id));
    dom::set_attribute("#proof", "data-lower-bound-ns", &searched.lower_bound.0.to_string());
    let Some(known) = searched.of(method).filter(|_| studio.stand.is_some()) else { return };
    let [gap, note] = draw::proof::headline(known.found.makespan.0, searched.lower_bound.0);
    dom::set_attribute("#answer .proof", "aria-live", "off");
    dom::put_text("#answer .proof strong", &gap);
    dom::put_text("#answer .proof span", &note);
}

/// Puts the focus back on a path's handle after its row was drawn anew.
pub fn focus_path(path: usize) {
    dom::focus(&format!("#assignment .cut-handle[data-path=\"{path}\"]"));
}

/// The dialog of keys.
pub fn help() {
    dom::add_once("help", &["<dialog id=\"help\" aria-label=\"Keys\">", toolbar::HELP, "</dialog>"].concat());
    use wasm_bindgen::JsCast;
    let dialog = dom::element("#help").and_then(|dialog| dialog.dyn_into::<web_sys::HtmlDialogElement>().ok());
    if let Some(dialog) = dialog.filter(|dialog| !dialog.open()) {
        let _ = dialog.show_modal();
    }
}

/// Shows the numbers of a figure as a table below it, or hides them.
pub fn toggle_table(studio: &mut Studio, figure: Figure) {
    if has_table(figure) {
        dom::put_html(&format!("#{figure} .twin"), "");
    } else {
        table(studio, figure);
    }
}

fn has_table(figure: Figure) -> bool {
    dom::element(&format!("#{figure} .twin *")).is_some()
}

fn table(studio: &Studio, figure: Figure) {
    let tables: String = export::numbers(studio, figure).iter().map(|table| table.html()).collect();
    dom::put_html(&format!("#{figure} .twin"), &tables);
}
