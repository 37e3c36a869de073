//! Laws of schedules, bounds and methods, over the zoo and random plans; `bounds.rs` and `methods.rs`
//! have those over generated networks.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/generate.rs"]
mod generate;

use generate::Draw;
use offcut::base::Nanos;
use offcut::bounds::{Fluid, ceiling, gapless};
use offcut::cost::{CostModel, Traces};
use offcut::formats::{LinkFile, Method, Reference, Scenario, ScenarioFile};
use offcut::job::{compare, solve};
use offcut::plan::{Block, Strategy, StrategyError};
use offcut::schedule::{Instance, Invalid, Resource, schedule};
use offcut::search::{Context, Ranking, Unwatched, nfl};
use offcut::tiling::Grid;
use offcut::zoo::NETWORKS;

fn scenario(id: &str) -> Scenario {
    ScenarioFile::of_model(id).resolve().expect("a preset")
}

fn makespan(scenario: &Scenario, method: Method) -> u64 {
    solve(scenario, method, &mut Unwatched).expect("a plan").makespan_ns
}

#[test]
fn the_first_situation_has_its_published_numbers() {
    let first = scenario("tiny-yolov2");
    assert_eq!(makespan(&first, Method::Psomw), 148_722_674);
    assert_eq!(makespan(&first, Method::Nfl) / 100_000, 2_053);
    assert_eq!(makespan(&first, Method::DeviceOnly) / 1_000_000, 487);
    assert_eq!(makespan(&first, Method::ServerOnly).div_ceil(1_000_000), 227);
    let plan = solve(&first, Method::Psomw, &mut Unwatched).expect("a plan");
    assert_eq!((plan.blocks[0].first_stage, plan.blocks[0].last_stage), (0, 9));
    assert_eq!(plan.blocks[0].rows, [0, 6, 13]);
}

#[test]
fn psomw_is_never_worse_than_what_it_is_compared_with() {
    for entry in NETWORKS {
        let lines = compare(&scenario(entry.id)).expect("all methods");
        let best = lines.iter().map(|line| line.makespan_ns).min();
        let psomw = lines.iter().find(|line| line.method == "psomw").map(|line| line.makespan_ns);
        assert_eq!(psomw, best, "{}", entry.id);
        assert!(lines.iter().all(|line| line.lower_bound_ns <= line.makespan_ns), "{}", entry.id);
    }
}

#[test]
fn the_same_seed_gives_the_same_plan() {
    let first = scenario("alexnet");
    let text = |seed: u64| {
        let mut scenario = first.clone();
        scenario.search.seed = seed;
        solve(&scenario, Method::Psomw, &mut Unwatched).expect("a plan").to_text()
    };
    assert_eq!(text(5), text(5));
}

#[test]
fn more_bandwidth_never_makes_nfl_slower() {
    for entry in NETWORKS {
        let mut before = u64::MAX;
        for mbps in [0.1, 0.5, 2.0, 9.7, 18.88, 31.0, 100.0, 1000.0] {
            let mut file = ScenarioFile::of_model(entry.id);
            file.network = Reference::Whole(Box::new(LinkFile {
                name: String::new(),
                uplink_mbps: mbps,
                latency_ms: 5.0,
                return_result: false,
                downlink_mbps: None,
            }));
            let now = makespan(&file.resolve().expect("valid"), Method::Nfl);
            assert!(now <= before, "{} at {mbps} Mbit/s", entry.id);
            before = now;
        }
    }
}

#[test]
fn no_plan_beats_the_bounds_and_no_operations_overlap() {
    let mut draw = Draw::new(3);
    let mut plans = 0;
    for entry in NETWORKS {
        let scenario = scenario(entry.id);
        assert!(gapless(&scenario.network), "{}", entry.id);
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let fluid = Fluid::new(&model).value;
        let mut context = Context::new(&model, &scenario.space);
        let best_single = nfl(&mut context).makespan;
        let most = ceiling(&scenario.platform) as u64;
        for _ in 0..60 {
            let strategy = draw.strategy(&scenario.network);
            let instance = Instance::new(&mut Traces::new(&model), &strategy);
            let (order, cuts) = draw.plan(&instance);
            let found = schedule(&instance, &order, &cuts).expect("valid");
            assert!(found.makespan >= fluid, "{}", entry.id);
            let rounding = scenario.network.layers().len() as u64;
            assert!(best_single.0 <= most * (found.makespan.0 + rounding), "{}", entry.id);
            for (index, a) in found.operations.iter().enumerate() {
                for b in &found.operations[..index] {
                    let same = a.resource == b.resource && a.slot == b.slot;
                    assert!(!same || a.start >= b.end || b.start >= a.end, "{a:?} {b:?}");
                }
                assert_eq!(a.bytes.is_some(), matches!(a.resource, Resource::Uplink | Resource::Downlink));
            }
            plans += 1;
        }
    }
    assert!(plans > 500);
}

#[test]
fn no_plan_of_a_strategy_beats_its_bound() {
    let mut draw = Draw::new(11);
    for id in ["tiny-yolov2", "alexnet", "squeezenet1.1", "mobilenet-v2"] {
        let scenario = scenario(id);
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let mut context = Context::new(&model, &scenario.space);
        let ranking = Ranking::new(&mut context, Nanos(u64::MAX));
        for _ in 0..300 {
            let ranked = draw.of(&ranking.ranked);
            let (_, instance) = context.compile(&[ranking.block(&ranked)]);
            for _ in 0..10 {
                let (order, cuts) = draw.plan(&instance);
                let found = context.evaluate(&instance, &order, &cuts);
                assert!(found >= ranked.bound, "{id}: {found:?} below {ranked:?}, cuts {cuts:?}");
            }
        }
    }
}

#[test]
fn invalid_plans_are_refused_with_the_reason() {
    let scenario = scenario("tiny-yolov2");
    let network = &scenario.network;
    let model = CostModel::new(network, &scenario.platform);
    let grid = |last: usize, parts: u32| {
        let shape = network.boundary(last + 1);
        Grid::even(parts, 1, shape.height, shape.width).expect("it fits")
    };
    let block = |first, last, parts| Block { first, last, grid: grid(last, parts) };
    let strategy = Strategy::new(network, vec![block(0, 3, 2), block(4, 14, 1)]).expect("a partition");
    let instance = Instance::new(&mut Traces::new(&model), &strategy);
    let refused = |order: &[usize], cuts: &[usize]| schedule(&instance, order, cuts).expect_err("invalid");
    assert_eq!(refused(&[0, 1], &[0, 0, 0]), Invalid::Count { paths: 3, order: 2, cuts: 3 });
    assert_eq!(refused(&[0, 0, 1], &[0, 0, 0]), Invalid::NotAnOrder { path: 0 });
    assert_eq!(refused(&[0, 1, 2], &[0, 5, 0]), Invalid::CutTooLate { path: 1, cut: 5, len: 4 });
    assert_eq!(refused(&[0, 2, 1], &[0, 0, 0]), Invalid::BeforeItsNeeds { path: 2, needs: 1 });
    assert_eq!(refused(&[0, 1, 2], &[4, 0, 1]), Invalid::BackFromServer { path: 2, needs: 1 });
    assert!(schedule(&instance, &[1, 0, 2], &[4, 4, 1]).is_ok_and(|s| s.makespan > Nanos::ZERO));
    let partition = |blocks| Strategy::new(network, blocks).expect_err("no partition");
    assert_eq!(partition(vec![block(0, 3, 1)]), StrategyError::Uncovered { stage: 4 });
    assert!(matches!(partition(vec![block(1, 14, 1)]), StrategyError::Order { block: 0, expected: 0, .. }));
    let wrong = Block { first: 0, last: 14, grid: Grid::whole(99, 99) };
    assert_eq!(partition(vec![wrong]), StrategyError::Grid { block: 0, height: 13, width: 13 });
    let alexnet = offcut::zoo::build("alexnet").expect("in the zoo").expect("it builds");
    let last = alexnet.stages().len() - 1;
    let shape = alexnet.boundary(last + 1);
    assert_eq!((shape.height, shape.width), (1, 1), "its classifier cannot be split at all");
}
