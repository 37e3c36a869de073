//! What every schedule keeps, on generated plans; and an optimum found by trying everything.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/generate.rs"]
mod generate;

use generate::{Generated, generate};
use offcut::base::Nanos;
use offcut::cost::{CostModel, Traces};
use offcut::formats::ScenarioFile;
use offcut::network::{Builder, Op, Shape, Source};
use offcut::plan::{Block, Strategy, StrategyError};
use offcut::schedule::{Clock, Instance, Operation, Resource, Schedule, schedule};
use offcut::tiling::Grid;
use std::cell::Cell;
use std::collections::BTreeMap;

/// Hands generated plans over, each with its instance and schedule.
fn for_schedules(then: impl Fn(&Generated, &Instance, &Schedule)) {
    for seed in 0..2000 {
        let case = generate(seed);
        let model = CostModel::new(&case.scenario.network, &case.scenario.platform);
        let instance = Instance::new(&mut Traces::new(&model), &case.found.strategy);
        let schedule = schedule(&instance, &case.found.order, &case.found.cuts).expect("generated plans are valid");
        then(&case, &instance, &schedule);
    }
}

#[test]
fn operations_of_a_slot_never_overlap() {
    let met = Cell::new(0);
    for_schedules(|case, instance, schedule| {
        let mut free: BTreeMap<(Resource, usize), Nanos> = BTreeMap::new();
        // A slot's operations in the order of the plan, which every resource obeys.
        for &path in &case.found.order {
            for operation in schedule.operations.iter().filter(|operation| operation.path == path) {
                let slots = match operation.resource {
                    Resource::Device => instance.slots.device,
                    Resource::Server => instance.slots.server,
                    Resource::Uplink | Resource::Downlink => 1,
                };
                assert!(operation.slot < slots, "{operation:?}");
                let free = free.entry((operation.resource, operation.slot)).or_default();
                assert!(operation.start >= *free, "{operation:?} while the slot is taken until {free:?}");
                *free = operation.end;
                met.set(met.get() + u32::from(operation.slot > 0));
            }
        }
        let end = schedule.operations.iter().map(|operation| operation.end).max();
        assert_eq!(end, Some(schedule.makespan));
    });
    assert!(met.get() > 300, "only {} of the cases that matter", met.get());
}

#[test]
fn every_operation_starts_after_what_it_needs() {
    let met = Cell::new(0);
    for_schedules(|case, instance, schedule| {
        for operation in &schedule.operations {
            for needed in needs(instance, schedule, &case.found.cuts, operation) {
                assert!(operation.start >= needed.end, "{operation:?} before {needed:?}");
                met.set(met.get() + u32::from(operation.path != needed.path && operation.start == needed.end));
            }
        }
    });
    assert!(met.get() > 300, "only {} of the cases that matter", met.get());
}

/// The operations that have to end before one starts (planning model §4).
fn needs<'a>(instance: &Instance, all: &'a Schedule, cuts: &[usize], operation: &Operation) -> Vec<&'a Operation> {
    let of = |path: usize, resource: Resource| {
        all.operations.iter().find(move |other| other.path == path && other.resource == resource)
    };
    let path = operation.path;
    let others = instance.needs(path).iter();
    let own = |resource| of(path, resource).into_iter();
    match operation.resource {
        Resource::Device => others.filter_map(|&other| of(other, Resource::Device)).collect(),
        Resource::Uplink => own(Resource::Device).collect(),
        Resource::Server if cuts[path] > 0 => own(Resource::Uplink).collect(),
        Resource::Server => {
            let arrival = |&other: &usize| of(other, Resource::Server).or(of(other, Resource::Uplink));
            own(Resource::Uplink).chain(others.filter_map(arrival)).collect()
        }
        Resource::Downlink => own(Resource::Server).collect(),
    }
}

#[test]
fn every_part_of_a_path_runs_where_its_cut_says() {
    let met = Cell::new(0);
    for_schedules(|case, instance, schedule| {
        for (path, known) in instance.paths().iter().enumerate() {
            let runs_on =
                |resource| schedule.operations.iter().filter(|o| o.path == path && o.resource == resource).count();
            let cut = case.found.cuts[path];
            met.set(met.get() + u32::from(cut > 0 && cut < known.len));
            assert_eq!(runs_on(Resource::Device), usize::from(cut > 0));
            assert_eq!(runs_on(Resource::Server), usize::from(cut < known.len));
            assert!(runs_on(Resource::Uplink) <= 1);
            let last = known.first + known.len == case.scenario.network.stages().len();
            let returns = case.scenario.platform.link.return_result && last && cut < known.len;
            assert_eq!(runs_on(Resource::Downlink), usize::from(returns));
        }
    });
    assert!(met.get() > 300, "only {} of the cases that matter", met.get());
}

#[test]
fn tiny_yolos_best_plan_in_four_tiles_takes_148_722_674_ns() {
    let scenario = ScenarioFile::of_model("tiny-yolov2").resolve().expect("all presets exist");
    let network = &scenario.network;
    let fused = Block { first: 0, last: 9, grid: Grid::even(2, 2, 13, 13).expect("it fits") };
    let rest = Block { first: 10, last: 14, grid: Grid::whole(13, 13) };
    let strategy = Strategy::new(network, vec![fused, rest]).expect("a partition");
    let model = CostModel::new(network, &scenario.platform);
    let instance = Instance::new(&mut Traces::new(&model), &strategy);
    assert_eq!(best_of_four_tiles(&instance, 10, 5), Nanos(148_722_674));
}

/// The best over all orders of four tiles and all cuts, one unsplit block coming after them.
fn best_of_four_tiles(instance: &Instance, stages: usize, stages_behind: usize) -> Nanos {
    let mut clock = Clock::new(instance);
    let mut best = Nanos(u64::MAX);
    let (radix, orders) = (stages + 1, permutations(4));
    for code in 0..radix.pow(4) {
        let mut cuts = [code % radix, code / radix % radix, code / radix.pow(2) % radix, code / radix.pow(3), 0];
        let all_stay = cuts[..4].iter().all(|&cut| cut == stages);
        for last in 0..=if all_stay { stages_behind } else { 0 } {
            cuts[4] = last;
            for order in &orders {
                best = best.min(clock.makespan(instance, order, &cuts));
            }
        }
    }
    best
}

/// All orders of `count` paths, each with path `count` behind them.
fn permutations(count: usize) -> Vec<Vec<usize>> {
    let mut found = vec![vec![count]];
    for path in 0..count {
        let places = |order: &Vec<usize>| 0..order.len();
        let insert = |order: &Vec<usize>, place: usize| {
            let mut longer = order.clone();
            longer.insert(place, path);
            longer
        };
        found = found.iter().flat_map(|order| places(order).map(move |place| insert(order, place))).collect();
    }
    found
}

#[test]
fn what_cannot_be_tiled_is_no_strategy() {
    let mut net = Builder::new("softmax", Shape::new(2, 4, 4)).expect("a shape");
    net.layer("softmax", Op::Softmax, &[Source::Input]).expect("fits");
    let network = net.finish().expect("one output");
    let split = Block { first: 0, last: 0, grid: Grid::even(2, 1, 4, 4).expect("it fits") };
    assert_eq!(Strategy::new(&network, vec![split]), Err(StrategyError::NotTileable { block: 0, stage: 0 }));
}
