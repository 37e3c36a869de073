//! Small networks with tiles that need less than their share of what lies before, or nothing at
//! all: there a bound that forgets them is wrong.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/generate.rs"]
mod generate;

use generate::stated_bound;
use offcut::base::Nanos;
use offcut::bounds::{Fluid, gapless};
use offcut::cost::{CostModel, Traces};
use offcut::formats::{LinkFile, ModelFile, ProcessorFile, Reference, Scenario, ScenarioFile};
use offcut::network::{Axis, Builder, Conv, Measured, Network, NetworkError, Op, Shape, Source, Window};
use offcut::plan::{Block, Strategy};
use offcut::schedule::{Instance, schedule};
use offcut::tiling::Grid;

/// A processor of GFLOP/s and GB/s, without overhead.
fn processor([gflops, memory_gb_per_s]: [f64; 2]) -> Reference<ProcessorFile> {
    let name = String::new();
    Reference::Whole(Box::new(ProcessorFile {
        name,
        gflops,
        memory_gb_per_s,
        overhead_us: 0.0,
        slots: 1,
        memory_mb: None,
    }))
}

fn scenario(network: &Network, device: [f64; 2], server: [f64; 2], uplink_mbps: f64) -> Scenario {
    let link =
        LinkFile { name: String::new(), uplink_mbps, latency_ms: 0.0, return_result: false, downlink_mbps: None };
    let file = ScenarioFile {
        model: Reference::Whole(Box::new(ModelFile::of(network))),
        device: processor(device),
        server: processor(server),
        network: Reference::Whole(Box::new(link)),
        ..ScenarioFile::of_model("")
    };
    file.resolve().expect("a valid scenario")
}

fn axis(kernel: u32, stride: u32, padding: u32) -> Axis {
    Axis { kernel, stride, dilation: 1, before: padding, after: padding }
}

fn conv(rows: Axis, columns: Axis) -> Conv {
    Conv { out_channels: 8, window: Window { rows, columns }, groups: 1, bias: false }
}

/// The makespan of blocks that end at the given stages, each in an even grid.
fn makespan(scenario: &Scenario, blocks: &[(usize, [u32; 2])], order: &[usize], cuts: &[usize]) -> Nanos {
    let network = &scenario.network;
    let mut first = 0;
    let block = |&(last, [rows, columns]): &(usize, [u32; 2])| {
        let shape = network.boundary(last + 1);
        let grid = Grid::even(rows, columns, shape.height, shape.width).expect("it fits");
        Block { first: std::mem::replace(&mut first, last + 1), last, grid }
    };
    let strategy = Strategy::new(network, blocks.iter().map(block).collect()).expect("a partition");
    let model = CostModel::new(network, &scenario.platform);
    let instance = Instance::new(&mut Traces::new(&model), &strategy);
    schedule(&instance, order, cuts).expect("valid").makespan
}

fn assert_not_below_the_fluid_bound(scenario: &Scenario, found: Nanos) {
    let fluid = Fluid::new(&CostModel::new(&scenario.network, &scenario.platform)).value;
    assert!(!gapless(&scenario.network) || found >= fluid, "{found:?} is below {fluid:?}");
}

/// Every row of the output needs the input through one route and every column through the other,
/// but the corners need nothing: the server makes them without being sent anything.
#[test]
fn corners_that_need_nothing() -> Result<(), NetworkError> {
    let mut net = Builder::new("corners", Shape::new(1, 1, 1))?;
    let tall = net.layer("tall", Op::Conv(conv(axis(3, 1, 2), axis(1, 1, 1))), &[Source::Input])?;
    let wide = net.layer("wide", Op::Conv(conv(axis(1, 1, 1), axis(3, 1, 2))), &[Source::Input])?;
    net.layer("both", Op::Concat, &[tall, wide])?;
    let scenario = scenario(&net.finish()?, [0.001, 1000.0], [0.001, 1000.0], 0.001);
    let cuts: Vec<usize> = (0..9).map(|tile| usize::from(![0, 2, 6, 8].contains(&tile))).collect();
    let order: Vec<usize> = (0..9).collect();
    assert_not_below_the_fluid_bound(&scenario, makespan(&scenario, &[(0, [3, 3])], &order, &cuts));
    Ok(())
}

/// A transposed convolution's work is by what it needs of its input: nothing for every other row
/// of its output, which the device can make therefore although it computes slowly.
#[test]
fn rows_of_a_transposed_convolution_that_need_nothing() -> Result<(), NetworkError> {
    let mut net = Builder::new("every other row", Shape::new(8, 4, 4))?;
    let near = net.layer("near", Op::Upsample { factor: [2, 1] }, &[Source::Input])?;
    let sparse = Op::ConvTranspose(conv(axis(1, 2, 0), axis(1, 1, 0)), [1, 0]);
    let sparse = net.layer("sparse", sparse, &[Source::Input])?;
    net.layer("both", Op::Concat, &[near, sparse])?;
    let scenario = scenario(&net.finish()?, [0.001, 1000.0], [1000.0, 0.01], 1000.0);
    let cuts: Vec<usize> = (0..8).map(|row| row % 2).collect();
    let order = [0, 2, 4, 6, 1, 3, 5, 7];
    assert_not_below_the_fluid_bound(&scenario, makespan(&scenario, &[(0, [8, 1])], &order, &cuts));
    Ok(())
}

/// Tiles in the padding need nothing of the block before: the server makes one of them while the
/// device is still at that block.
#[test]
fn tiles_that_do_not_wait_for_the_block_before() -> Result<(), NetworkError> {
    let mut net = Builder::new("tiles in the padding", Shape::new(1, 1, 1))?;
    let times = |device, server| Measured { device: Some(Nanos(device)), server: Some(Nanos(server)) };
    let before = net.measured_layer("before", Op::Softmax, &[Source::Input], times(100_000, 1_000_000_000))?;
    let padded = Op::Conv(conv(axis(1, 1, 0), axis(1, 1, 1)));
    net.measured_layer("padded", padded, &[before], times(300_000, 300_000))?;
    let scenario = scenario(&net.finish()?, [1.0, 1.0], [1.0, 1.0], 1.0);
    let found = makespan(&scenario, &[(0, [1, 1]), (1, [1, 3])], &[0, 1, 2, 3], &[1, 0, 1, 0]);
    let bound = stated_bound(&scenario);
    assert_eq!(found, Nanos(200_000));
    assert!(found >= bound, "{found:?} is below {bound:?}");
    Ok(())
}
