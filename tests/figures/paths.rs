//! The assignment and the search.

use super::support::{Element, all, elements};
use offcut::draw::words::noun;
use offcut::draw::{board, path_name, trajectory};
use offcut::formats::Method;
use offcut::job::{Answer, Proposal};
use offcut::schedule::Invalid;
use std::collections::BTreeSet;

const VIEW: board::View = board::View { width: 520.0, height: 260.0, handles: true };

#[test]
fn cells_are_the_cuts() {
    for shown in all() {
        let answer = &shown.answer;
        let drawn = elements(&board::svg(answer, &VIEW));
        let cells: Vec<&Element> = drawn.iter().filter(|e| e.is("cell")).collect();
        let stages: usize = answer.paths.iter().map(|path| path.regions.len() - 1).sum();
        assert_eq!(cells.len(), stages, "{}", shown.name);
        for cell in &cells {
            let (path, stage): (usize, usize) = (cell.number("data-path"), cell.number("data-stage"));
            let part = &answer.paths[path];
            let side = if stage < part.first + part.cut { "device" } else { "server" };
            assert_eq!(cell.get("data-side"), side);
            assert!(cell.is(side) && cell.number::<f64>("height") >= 7.9);
            let cells = board::Cells::new(answer, &VIEW);
            let (x, y) = (cell.number::<f64>("x"), cell.number::<f64>("y"));
            assert_eq!(cells.boundary(x), stage, "the place of a cell's left edge");
            let position = answer.order.iter().position(|&other| other == path);
            assert_eq!(Some(cells.position(y + 2.0)), position);
        }
        for pair in cells.windows(2).filter(|pair| pair[0].get("data-path") == pair[1].get("data-path")) {
            assert!(pair[0].number::<f64>("x") + pair[0].number::<f64>("width") < pair[1].number("x"));
        }
        let crossings: Vec<&Element> = drawn.iter().filter(|e| e.is("crossing")).collect();
        assert_eq!(crossings.len(), answer.paths.iter().filter(|path| path.sent > 0).count());
        for crossing in crossings {
            let part = &answer.paths[crossing.number::<usize>("data-path")];
            assert_eq!((crossing.number("data-bytes"), crossing.number("data-cut")), (part.sent, part.cut));
        }
        let handles: Vec<&Element> = drawn.iter().filter(|e| e.is("cut-handle")).collect();
        assert_eq!(handles.len(), answer.paths.len());
        assert!(!drawn.iter().any(|e| e.is("fault") || e.is("invalid")));
    }
}

/// Whatever names a path means that one alone: rows of the assignment, tables, operations.
#[test]
fn every_path_has_a_name_of_its_own() {
    for shown in all() {
        let answer = &shown.answer;
        let names: BTreeSet<String> = (0..answer.paths.len()).map(|path| path_name(answer, path)).collect();
        assert_eq!(names.len(), answer.paths.len(), "{}: {names:?}", shown.name);
        let drawn = elements(&board::svg(answer, &VIEW));
        // Rows begin with their position in the order.
        let of_row = |row: &Element| row.text.split_once(' ').expect("position and name").1.to_owned();
        let rows: BTreeSet<String> = drawn.iter().filter(|e| e.is("row-name")).map(of_row).collect();
        assert_eq!(rows.len(), answer.paths.len(), "{}: {rows:?}", shown.name);
    }
    let two = all().into_iter().find(|shown| shown.name == "two blocks").expect("the plan").answer;
    let of_second = two.paths.iter().position(|path| path.block == 1).expect("a second block");
    assert_eq!(path_name(&two, of_second), "tile 2:1,1");
    assert_eq!(noun(&two, of_second), "tile 1,1 of block 2");
}

#[test]
fn a_plan_made_by_hand_says_what_is_wrong() {
    let shown = all().into_iter().find(|shown| shown.name == "two blocks").expect("the plan");
    let mut cuts = shown.plan.cuts.clone();
    let mut order = shown.plan.order.clone();
    // The first tile goes to the server, though those that read it stay; and one comes before what it reads.
    cuts[0] = 0;
    order.swap(3, 4);
    let plan = Proposal { strategy: shown.plan.strategy.clone(), order, cuts };
    let answer = Answer::of(&shown.task, &shown.searched, Method::Psomw, &plan);
    assert!(answer.operations.is_empty() && answer.makespan_ns == 0);
    let back = Invalid::BackFromServer { path: 4, needs: 0 };
    let before = Invalid::BeforeItsNeeds { path: 4, needs: 3 };
    assert!(answer.faults.contains(&back) && answer.faults.contains(&before), "{:?}", answer.faults);
    let drawn = elements(&board::svg(&answer, &VIEW));
    let faults: Vec<&Element> = drawn.iter().filter(|e| e.is("fault")).collect();
    assert_eq!(faults.len(), answer.faults.len());
    assert!(faults.iter().any(|e| e.get("data-fault") == "back" && e.get("data-needs") == "0"));
    assert!(drawn.iter().any(|e| e.is("invalid") && e.get("data-path") == "4"));
    let sentence = board::sentence(&answer);
    assert!(
        sentence.contains(
            "Tile 1,1 of block 2 starts on the device, but tile 1,1 of block 1, which it reads, ends on the server"
        ),
        "{sentence}"
    );
    assert!(sentence.contains("move it behind that one"), "{sentence}");
}

#[test]
fn the_search_is_drawn_as_recorded() {
    let mut met = 0;
    for shown in all() {
        let searched = &shown.searched;
        let drawn = elements(&trajectory::svg(searched, 640.0, Some(0)));
        let marks: Vec<&Element> = drawn.iter().filter(|e| e.has("data-improvement")).collect();
        assert_eq!(marks.len(), searched.improvements.len(), "{}", shown.name);
        for (index, mark) in marks.iter().enumerate() {
            let improvement = &searched.improvements[index];
            assert_eq!(mark.number::<usize>("data-improvement"), index);
            assert_eq!(mark.number::<u64>("data-makespan-ns"), improvement.found.makespan.0);
            assert_eq!(mark.is("current"), index == 0);
            let [x, y]: [f64; 2] = ["cx", "cy"].map(|name| mark.number(name));
            assert!((0.0..=640.0).contains(&x) && (0.0..=190.0).contains(&y), "{x} {y}");
            met += 1;
        }
        for pair in marks.windows(2) {
            assert!(pair[0].number::<f64>("cx") <= pair[1].number("cx"));
            assert!(pair[0].number::<f64>("cy") < pair[1].number("cy"), "better is lower");
        }
        let band = drawn.iter().find(|e| e.is("spread"));
        assert_eq!(band.is_some(), searched.points.len() > 1);
        for point in &searched.points {
            assert!(point.least_ns <= point.mean_ns && point.mean_ns <= point.worst_ns + 1, "{point:?}");
            assert!(point.best_ns <= point.least_ns);
        }
    }
    assert!(met > 10, "{met}");
}
