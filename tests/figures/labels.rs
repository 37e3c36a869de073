//! No label lies over another, and none outside of its drawing.

use super::support::{Element, all, elements};
use offcut::base::Nanos;
use offcut::draw::{assignment, board, comparison, fusion, gantt, pyramid, timeline, trajectory};
use offcut::formats::Method;
use offcut::job::{Anatomy, Answer, Graph, Proposal, Searched, Task};
use offcut::network::{Builder, Conv, Op, Shape, Source, Window};
use offcut::plan::Space;

/// A label's box: x from and to, y from and to; letters as wide as the page's font has them on average.
fn area(label: &Element) -> [f64; 4] {
    let letters = label.text.chars().count() as f64;
    let (each, high) = match () {
        () if label.is("tiny") => (4.7, 6.0),
        () if label.is("strong") => (6.3, 8.0),
        () => (5.9, 8.0),
    };
    let (x, y): (f64, f64) = (label.number("x"), label.number("y"));
    let left = match () {
        () if label.is("middle") => x - letters * each / 2.0,
        () if label.is("end") => x - letters * each,
        () => x,
    };
    [left, left + letters * each, y - high, y]
}

fn check(name: &str, drawing: &str) {
    let drawn = elements(drawing);
    let view: Vec<f64> = drawn[0].get("viewBox").split(' ').map(|n| n.parse().expect("a number")).collect();
    let labels: Vec<&Element> = drawn.iter().filter(|e| e.tag == "text" && !e.text.is_empty()).collect();
    for (index, label) in labels.iter().enumerate() {
        let a = area(label);
        assert!(a[0] >= -1.0 && a[1] <= view[2] + 2.0, "{name}: \"{}\" leaves the drawing: {a:?}", label.text);
        assert!(a[2] >= 0.0 && a[3] <= view[3], "{name}: \"{}\" leaves the drawing: {a:?}", label.text);
        for other in &labels[..index] {
            let b = area(other);
            let over = a[0] < b[1] && b[0] < a[1] && a[2] < b[3] && b[2] < a[3];
            assert!(!over, "{name}: \"{}\" {a:?} lies over \"{}\" {b:?}", label.text, other.text);
        }
    }
}

/// A label that is spoken means something only on what has a role; everything else is told of by its `<title>`.
#[test]
fn spoken_labels_are_of_what_has_a_role() {
    for shown in all() {
        let whole = pyramid::View::whole(&shown.answer, &shown.graph, 1064.0);
        let drawings = [
            shown.pyramid(&whole),
            shown.gantt(),
            board::svg(&shown.answer, &board::View { width: 520.0, height: 260.0, handles: true }),
            trajectory::svg(&shown.searched, 640.0, Some(0)),
            fusion::svg(&shown.answer, 0),
            assignment::svg(&shown.answer),
            timeline::svg(&shown.answer),
            comparison::svg(&shown.answer),
        ];
        for element in drawings.iter().flat_map(|drawing| elements(drawing)) {
            assert!(!element.has("aria-label") || element.has("role"), "{}: {element:?}", shown.name);
            let is_reached = element.has("tabindex");
            assert!(!is_reached || element.has("aria-label"), "{}: {element:?}", shown.name);
        }
    }
}

#[test]
fn labels_keep_apart() {
    for shown in all() {
        let stages = shown.answer.maps.len() - 1;
        let whole = pyramid::View::whole(&shown.answer, &shown.graph, 1064.0);
        for (index, view) in [
            whole.clone(),
            pyramid::View { folded: false, inner: true, ..whole.clone() },
            pyramid::View { folded: false, inner: false, dense: true, zoom: 0.5, ..whole },
        ]
        .iter()
        .enumerate()
        {
            check(&format!("{} fusion {index}", shown.name), &shown.pyramid(view));
        }
        for first in (0..stages).step_by(3) {
            let view = pyramid::View::part(first..first + 4, 600.0);
            check(&format!("{} fusion from {first}", shown.name), &shown.pyramid(&view));
        }
        check(&format!("{} timeline", shown.name), &shown.gantt());
        for (width, height) in [(520.0, 260.0), (340.0, 200.0), (1064.0, 400.0)] {
            let view = board::View { width, height, handles: true };
            check(&format!("{} assignment {width}", shown.name), &board::svg(&shown.answer, &view));
        }
        for width in [340.0, 520.0] {
            let nfl = gantt::Beneath::nfl(&shown.answer);
            let view = gantt::View::fit(&shown.answer, Some(&nfl), width);
            let whole = gantt::whole_ns(&shown.answer, Some(&nfl));
            for (at, factor) in [(0, 1.0), (whole / 3, 0.2), (whole, 0.01)] {
                let view = gantt::View { window: view.window.zoomed(factor, at, whole), ..view };
                let drawing = gantt::svg(&shown.answer, &shown.anatomy, &view, Some(&nfl));
                check(&format!("{} timeline {width} {factor}", shown.name), &drawing);
            }
        }
        check(&format!("{} search", shown.name), &trajectory::svg(&shown.searched, 640.0, Some(0)));
    }
}

/// 150 stages, the first three of them in 64 tiles.
#[test]
fn many_paths_and_stages_stay_readable() {
    let shown = all().pop().expect("a plan");
    let mut net = Builder::new("deep", Shape { channels: 3, height: 112, width: 112 }).expect("a network");
    let mut from = Source::Input;
    for stage in 0..150 {
        let stride = if stage % 50 == 1 { 2 } else { 1 };
        let conv = Conv { out_channels: 16, window: Window::square(3, stride, 1), groups: 1, bias: true };
        from = net.layer(&format!("features.{stage}.conv"), Op::Conv(conv), &[from]).expect("a layer");
    }
    let network = net.finish().expect("a network");
    let space = Space::default_of(&network);
    let task = Task { network, space, ..shown.task };
    let order = (0..65).map(|i| i.to_string()).collect::<Vec<_>>().join(",");
    let cuts = (0..65).map(|i| if i < 64 { (if i % 5 == 0 { "0" } else { "3" }).to_owned() } else { "0".to_owned() });
    let eight = "0,7,14,21,28,35,42,49,56";
    let text = format!("0-2:{eight}:{eight};3-149~{order}~{}", cuts.collect::<Vec<_>>().join(","));
    let plan = Proposal::read(&task.network, &text).expect("a plan");
    let nothing = Searched {
        methods: Vec::new(),
        lower_bound: Nanos::ZERO,
        fluid: None,
        plans: None,
        points: Vec::new(),
        improvements: Vec::new(),
    };
    let answer = Answer::of(&task, &nothing, Method::Psomw, &plan);
    let (anatomy, graph) = (Anatomy::of(&task, &plan).expect("a valid plan"), Graph::of(&task.network));
    for width in [520.0, 1064.0] {
        let board = board::svg(&answer, &board::View { width, height: 260.0, handles: true });
        check("150 stages", &board);
        let cells = elements(&board);
        assert!(cells.iter().filter(|e| e.is("cell")).all(|e| e.number::<f64>("height") >= 7.9));
        assert!(cells.iter().filter(|e| e.is("cell")).all(|e| e.number::<f64>("width") >= 1.5));
        let whole = pyramid::View::whole(&answer, &graph, width);
        check("150 stages", &pyramid::overview(&answer, &whole));
        check("150 stages", &pyramid::svg(&answer, &graph, &whole, 0, &[]));
        let part = pyramid::View::part(0..8, width).fitted(&answer, &graph);
        let drawn = pyramid::svg(&answer, &graph, &part, 9, &[]);
        check("8 of 150 stages", &drawn);
        let view: Vec<&str> = drawn.split('"').nth(3).expect("a view box").split(' ').collect();
        assert_eq!(view[2].parse::<f64>().expect("a width"), width, "fitted");
        let view = gantt::View::fit(&answer, None, width);
        check("150 stages", &gantt::svg(&answer, &anatomy, &view, None));
    }
    assert!(gantt::sentence(&answer, &anatomy, None).starts_with("The plan takes "));
}
