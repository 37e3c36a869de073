//! Plan documents opened by the page: recomputed, and taken over.

use offcut::formats::{Method, PlanFile, ScenarioFile};
use offcut::job;
use offcut::opened::{OpenedPlan, open_plan};
use offcut::search::Unwatched;

fn solved() -> PlanFile {
    let mut file = ScenarioFile::of_model("tiny-yolov2");
    (file.search.particles, file.search.iterations) = (4, 4);
    let scenario = file.resolve().expect("a scenario");
    job::solve(&scenario, Method::Psomw, &mut Unwatched).expect("a plan")
}

fn opened(file: &PlanFile) -> OpenedPlan {
    open_plan(&file.to_text()).expect("a plan document")
}

#[test]
fn a_plan_agrees_and_can_be_taken_over() {
    let file = solved();
    let opened = opened(&file);
    assert_eq!(opened.disagreements, []);
    assert_eq!((&opened.scenario.spelled_out, opened.makespan_ns), (&file.scenario, file.makespan_ns));
    let text = opened.plan.expect("a plan");
    let network = file.scenario.resolve().expect("a scenario").network;
    let plan = job::Proposal::read(&network, &text).expect("the page reads it");
    assert_eq!(plan.order, file.order);
    assert_eq!(plan.cuts, file.paths.iter().map(|path| path.cut).collect::<Vec<_>>());
    for (block, said) in plan.strategy.blocks().iter().zip(&file.blocks) {
        assert_eq!((block.first, block.last), (said.first_stage, said.last_stage));
        assert_eq!((block.grid.rows(), block.grid.columns()), (&said.rows[..], &said.columns[..]));
    }
}

#[test]
fn what_was_changed_is_said_and_the_plan_itself_kept() {
    let file = solved();
    let plan = opened(&file).plan;
    let mut changed = file.clone();
    changed.makespan_ns -= 1;
    let faster = opened(&changed);
    assert!(faster.disagreements.iter().any(|d| d.pointer == "/makespan_ns"), "{:?}", faster.disagreements);
    assert_eq!((faster.makespan_ns, &faster.plan), (file.makespan_ns - 1, &plan));
    let mut changed = file.clone();
    changed.operations[0].end_ns += 5;
    let moved = opened(&changed);
    assert!(moved.disagreements.iter().all(|d| d.pointer.starts_with("/operations")), "{:?}", moved.disagreements);
    assert!(!moved.disagreements.is_empty());
    assert_eq!(moved.plan, plan);
}

#[test]
fn another_order_is_another_plan() {
    let file = solved();
    let mut changed = file.clone();
    assert!(changed.order.len() > 2, "a plan with tiles");
    changed.order.swap(0, 1);
    let swapped = opened(&changed);
    assert!(!swapped.disagreements.is_empty());
    let text = swapped.plan.expect("a plan all the same");
    assert_eq!(
        text.split('~').nth(1),
        Some(changed.order.iter().map(usize::to_string).collect::<Vec<_>>().join(",").as_str())
    );
    changed.order[0] = changed.order[1];
    let twice = opened(&changed);
    assert!(!twice.disagreements.is_empty());
    assert!(twice.plan.expect_err("no order").contains("ordered once"));
    changed.blocks.truncate(1);
    assert!(opened(&changed).plan.is_err());
    changed.blocks[0].last_stage = usize::MAX;
    assert!(opened(&changed).plan.is_err());
    changed.blocks.clear();
    assert!(opened(&changed).plan.is_err());
}

#[test]
fn what_is_no_plan_says_where_and_how() {
    let text = solved().to_text();
    let message = |text: &str| open_plan(text).expect_err("no plan").to_string();
    assert!(message("").contains("is it cut short?"));
    assert!(message(&text[..text.len() / 2]).contains("line "));
    let newer = message(&text.replace("offcut-plan/1", "offcut-plan/2"));
    assert!(newer.starts_with("E013 /format (line 2,"), "{newer}");
    let unknown = message(&text.replacen("\"op\": \"conv\"", "\"op\": \"conb\"", 1));
    assert!(
        unknown.starts_with("E016 /scenario/model/layers/0/op (line ") && unknown.contains("Did you mean `conv`?"),
        "{unknown}"
    );
}
