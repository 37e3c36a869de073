//! The planner's speed, beside a reference loop in the same run.

use criterion::{Criterion, criterion_group, criterion_main};
use offcut::cost::{CostModel, Traces};
use offcut::formats::{Method, Scenario, ScenarioFile};
use offcut::job::solve;
use offcut::plan::{Block, Strategy};
use offcut::schedule::{Clock, Instance};
use offcut::search::Unwatched;
use offcut::tiling::Grid;
use std::hint::black_box;

fn scenario(id: &str) -> Scenario {
    ScenarioFile::of_model(id).resolve().expect("a preset")
}

/// VGG16's first ten stages in 4×4 tiles, the rest unsplit.
fn strategy(scenario: &Scenario) -> Strategy {
    let network = &scenario.network;
    let block = |first: usize, last: usize, rows: u32| {
        let shape = network.boundary(last + 1);
        let grid = Grid::even(rows, rows, shape.height, shape.width).expect("it fits");
        Block { first, last, grid }
    };
    let last = network.stages().len() - 1;
    Strategy::new(network, vec![block(0, 9, 4), block(10, last, 1)]).expect("a partition")
}

fn planner(criterion: &mut Criterion) {
    criterion.bench_function("reference: 10^6 xorshift steps", |bencher| {
        bencher.iter(|| {
            let mut state = black_box(0x9e37_79b9_7f4a_7c15u64);
            for _ in 0..1_000_000 {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
            }
            state
        });
    });
    let vgg = scenario("vgg16");
    let model = CostModel::new(&vgg.network, &vgg.platform);
    let strategy = strategy(&vgg);
    let instance = Instance::new(&mut Traces::new(&model), &strategy);
    let order: Vec<usize> = (0..17).collect();
    let cuts: Vec<usize> = (0..17).map(|path| if path == 16 { 0 } else { path % 11 }).collect();
    let mut clock = Clock::new(&instance);
    criterion.bench_function("evaluate one plan of 17 paths", |bencher| {
        bencher.iter(|| clock.makespan(&instance, black_box(&order), black_box(&cuts)));
    });
    let block = &strategy.blocks()[0];
    criterion.bench_function("regions and costs of VGG16's first 10 stages in 4×4", |bencher| {
        bencher.iter(|| Traces::new(&model).of(block.last, black_box(&block.grid)));
    });
    let first = scenario("tiny-yolov2");
    criterion.bench_function("default PSOMW on the first situation", |bencher| {
        bencher.iter(|| solve(black_box(&first), Method::Psomw, &mut Unwatched));
    });
}

criterion_group!(benches, planner);
criterion_main!(benches);
