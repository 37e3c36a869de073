//! Writes one page with all figures of several plans, in both themes: `cargo run --example gallery -- gallery.html`.

use offcut::draw;
use offcut::draw::export::{Around, Theme, standalone};
use offcut::draw::legend::{self, Figure};
use offcut::draw::{board, gantt, pyramid, trajectory};
use offcut::job::{Anatomy, Answer, Graph, Proposal, Searched, Task, answer_of, layer_regions, search};
use offcut::search::Unwatched;
use offcut::sheet::task::task;
use offcut::situation::{Situation, field};
use std::fmt::Write;

/// A plan with all that figures need.
struct Shown {
    title: String,
    task: Task,
    searched: Searched,
    answer: Answer,
    plan: Proposal,
}

fn shown(title: &str, situation: &Situation, plan: Option<&str>) -> Result<Shown, String> {
    let task = task(situation, "").map_err(|error| error.to_string())?;
    let searched = search(&task, &mut Unwatched);
    let (answer, plan) = match plan {
        Some(text) => {
            let plan = Proposal::read(&task.network, text).map_err(|error| format!("{title}: {error}"))?;
            (Answer::of(&task, &searched, task.search.method, &plan), plan)
        }
        None => {
            let answer = answer_of(&task, &searched).map_err(|error| error.to_string())?;
            let known = searched.of(task.search.method).ok_or("the method ran")?;
            let plan = Proposal::from(&known.found);
            (answer, plan)
        }
    };
    Ok(Shown { title: title.to_owned(), task, searched, answer, plan })
}

fn situation(model: &'static str, changes: &[(&str, f64)]) -> Situation {
    let mut situation = Situation::default();
    situation.model = model;
    for &(key, value) in changes {
        if let Some(field) = field(key) {
            situation.set(field, value);
        }
    }
    situation
}

fn all() -> Result<Vec<Shown>, String> {
    let tiles = (0..64).map(|i| i.to_string()).collect::<Vec<_>>().join(",");
    let eight = "0,7,14,21,28,35,42,49,56";
    let cuts = (0..64).map(|i| if i % 3 == 0 { "0" } else { "3" }).collect::<Vec<_>>().join(",");
    let sixty_four = format!("0-2:{eight}:{eight};3-19~{tiles},64~{cuts},0");
    Ok(vec![
        shown("Tiny-YOLOv2", &situation("tiny-yolov2", &[]), None)?,
        shown("VGG16", &situation("vgg16", &[]), None)?,
        shown("ResNet-50", &situation("resnet50", &[]), None)?,
        shown("GoogLeNet", &situation("googlenet", &[]), None)?,
        shown("MobileNetV2", &situation("mobilenet-v2", &[]), None)?,
        shown(
            "Two blocks",
            &situation("tiny-yolov2", &[("blocks", 2.0)]),
            Some("0-4:0,52,104:0,40,104;5-9:0,6,13:0,13;10-14~0,1,2,3,4,5,6~5,5,5,5,5,2,0"),
        )?,
        shown("64 tiles", &situation("resnet50", &[]), Some(&sixty_four))?,
    ])
}

fn figures(shown: &Shown) -> Result<String, String> {
    let Shown { task, answer, plan, searched, .. } = shown;
    let path = draw::shown_path(answer);
    let graph = Graph::of(&task.network);
    let view = pyramid::View::whole(answer, &graph, 1064.0);
    let layers = layer_regions(task, plan, path);
    let mut html = format!("<h2>{}</h2>", shown.title);
    let mut card = |title: &str, note: &str, width: u32, figure: &str| {
        let legend = match title {
            "Fusion" => legend::html(Figure::Fusion),
            "Timeline" => legend::html(Figure::Timeline),
            "Assignment" => legend::html(Figure::Assignment),
            _ => legend::html(Figure::Search),
        };
        let _ = write!(
            html,
            "<section class=\"card rich\"><header><h2>{title}</h2><p>{note}</p></header>{legend}<div class=\"figure\" style=\"max-width:{width}px\">{figure}</div></section>"
        );
    };
    if let Ok(folder) = std::env::var("EXPORT") {
        let whole = pyramid::svg(answer, &graph, &view, path, &layers);
        let summary = pyramid::caption(answer, path);
        let around = Around {
            figure: "fusion",
            legend: Some(Figure::Fusion),
            title: &format!("{}: what a tile needs", shown.title),
            summary: &summary,
            situation: "Raspberry Pi 3B+, RTX 2080, home Wi-Fi",
            link: "#/plan?v=1&model=tiny-yolov2",
            theme: Theme::Light,
        };
        let _ = std::fs::write(format!("{folder}/{}.svg", shown.title), standalone(&whole, &around));
    }
    let near = pyramid::View::part(3..7, 1064.0).fitted(answer, &graph);
    let near = (graph.stages.len() > 19).then(|| pyramid::svg(answer, &graph, &near, path, &layers));
    let pyramid = pyramid::svg(answer, &graph, &view, path, &layers) + &pyramid::overview(answer, &view);
    card("Fusion", &pyramid::caption(answer, path), 1064, &pyramid);
    if let Some(near) = near {
        card("Fusion", "stages 4 to 7", 1064, &near);
    }
    if let Ok(anatomy) = Anatomy::of(task, plan) {
        let nfl = gantt::Beneath::nfl(answer);
        let view = gantt::View::fit(answer, Some(&nfl), 1064.0);
        let help = draw::why::Help::of(task, answer, plan);
        card(
            "Timeline",
            &draw::why::why(answer, &anatomy, &help).html(),
            1064,
            &gantt::svg(answer, &anatomy, &view, Some(&nfl)),
        );
    }
    if let Ok(anatomy) = Anatomy::of(task, plan) {
        let whole = gantt::View::fit(answer, None, 640.0);
        let window = whole.window.around(answer.makespan_ns / 4, answer.makespan_ns / 3, answer.makespan_ns);
        let view = gantt::View { window, ..whole };
        let now = answer.makespan_ns * 3 / 10;
        let drawing = gantt::svg(answer, &anatomy, &view, None);
        let head = gantt::playhead(&view, now, 140.0);
        let drawing = drawing.replace("</g></svg>", &format!("{head}</g></svg>"));
        let moment = draw::moment::at(answer, &anatomy, now);
        card("Timeline", &draw::moment::sentence(answer, &anatomy, &moment), 640, &drawing);
    }
    if answer.blocks.len() > 2 {
        // A plan made by hand, with what is wrong in it.
        let (mut cuts, mut order) = (plan.cuts.clone(), plan.order.clone());
        if let (Some(cut), true) = (cuts.first_mut(), order.len() > 4) {
            *cut = 0;
            order.swap(3, 4);
        }
        let mine = Proposal { strategy: plan.strategy.clone(), order, cuts };
        let mine = Answer::of(task, searched, task.search.method, &mine);
        let board = board::View { width: 520.0, height: 260.0, handles: true };
        card("Assignment", &board::sentence(&mine), 520, &board::svg(&mine, &board));
    }
    let board = board::View { width: 520.0, height: 260.0, handles: false };
    card("Assignment", &board::sentence(answer), 520, &board::svg(answer, &board));
    let current = searched.improvements.len() / 2;
    card("Search", &trajectory::sentence(searched), 640, &trajectory::svg(searched, 640.0, Some(current)));
    Ok(html)
}

fn main() -> Result<(), String> {
    let path = std::env::args().nth(1).unwrap_or("gallery.html".to_owned());
    let only = std::env::args().nth(2);
    let css = [include_str!("../static/offcut.css"), draw::export::STUDIO_CSS].concat();
    let mut body = String::new();
    for shown in all()?.iter().filter(|shown| only.as_ref().is_none_or(|only| shown.title.contains(only.as_str()))) {
        body += &figures(shown)?;
    }
    for theme in ["light", "dark"] {
        let page = format!(
            "<!doctype html><html lang=\"en\" data-theme=\"{theme}\"><meta charset=\"utf-8\"><title>Offcut's figures</title><style>{css} body {{ padding: 16px; width: 1110px; }} .card {{ margin: 10px 0; }}</style><body>{body}"
        );
        std::fs::write(path.replace(".html", &format!("-{theme}.html")), page).map_err(|error| error.to_string())?;
    }
    Ok(())
}
