//! No label lies over another, and none outside of its drawing.

use super::support::{Element, all, elements};
use offcut::draw::{board, pyramid, trajectory};

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
            let view = board::View { width, height, mine: true };
            check(&format!("{} assignment {width}", shown.name), &board::svg(&shown.answer, &view));
        }
        check(&format!("{} search", shown.name), &trajectory::svg(&shown.searched, 640.0, Some(0)));
    }
}
