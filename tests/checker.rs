//! The independent checker against all that makes plans, and against planted faults.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/generate.rs"]
mod generate;

use generate::{Generated, generate, is_chain};
use offcut::base::Span;
use offcut::bounds::gapless;
use offcut::check::{Disagreement, check};
use offcut::formats::{Method, PlanFile, ScenarioFile, read_plan};
use offcut::job;
use offcut::search::Unwatched;
use offcut::tiling::Grid;
use offcut::zoo::NETWORKS;

const CASES: u64 = 30_000;

fn disagreements(file: &PlanFile) -> Vec<Disagreement> {
    check(file).unwrap_or_else(|error| panic!("no scenario: {error}"))
}

fn listed(found: &[Disagreement]) -> String {
    found.iter().take(8).map(|one| format!("\n  {one}")).collect()
}

/// Whether a generated plan is of a kind.
type Kind = fn(&Generated) -> bool;

#[test]
fn every_method_agrees_on_every_network_of_the_zoo() {
    for entry in NETWORKS {
        let mut file = ScenarioFile::of_model(entry.id);
        (file.search.particles, file.search.iterations) = (4, 4);
        let scenario = file.resolve().unwrap_or_else(|error| panic!("{}: {error}", entry.id));
        for method in [Method::DeviceOnly, Method::ServerOnly, Method::Nfl, Method::Mw, Method::Psomw] {
            let plan = job::solve(&scenario, method, &mut Unwatched).unwrap_or_else(|error| panic!("{error}"));
            let found = disagreements(&plan);
            assert!(found.is_empty(), "{} by {}:{}", entry.id, method.id(), listed(&found));
        }
    }
}

#[test]
fn generated_plans_agree() {
    for seed in 0..CASES {
        let case = generate(seed);
        let found = disagreements(&case.file);
        let layers: Vec<_> = case.scenario.network.layers().iter().map(|layer| (&layer.op, &layer.inputs)).collect();
        assert!(found.is_empty(), "seed {seed}:{}\n{layers:?}", listed(&found));
    }
}

#[test]
fn generated_plans_agree_after_a_round_trip() {
    for seed in 0..50 {
        let text = generate(seed).file.to_text();
        let file = read_plan(&text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(disagreements(&file), []);
        assert_eq!(file.to_text(), text);
    }
}

fn is_uneven(case: &Generated) -> bool {
    case.found.strategy.fused().any(|block| {
        let shape = case.scenario.network.boundary(block.last + 1);
        let [rows, columns] = block.grid.dimensions();
        Grid::even(rows, columns, shape.height, shape.width).as_ref() != Ok(&block.grid)
    })
}

#[test]
fn the_generator_makes_all_kinds() {
    let cases: Vec<Generated> = (0..400).map(generate).collect();
    let kinds: [(&str, Kind); 13] = [
        ("chains", |case| is_chain(&case.scenario.network)),
        ("other graphs", |case| !is_chain(&case.scenario.network)),
        ("gapless networks", |case| gapless(&case.scenario.network)),
        ("networks with gaps", |case| !gapless(&case.scenario.network)),
        ("several fused blocks", |case| case.found.strategy.fused().count() > 1),
        ("device slots", |case| case.scenario.platform.device.slots > 1),
        ("server slots", |case| case.scenario.platform.server.slots > 1),
        ("uneven grids", is_uneven),
        ("returned results", |case| case.file.operations.iter().any(|op| op.resource == "downlink")),
        ("measured times", |case| {
            case.scenario.network.layers().iter().any(|layer| layer.measured.device.or(layer.measured.server).is_some())
        }),
        ("stages that cannot be tiled", |case| case.scenario.network.stages().iter().any(|stage| !stage.tileable)),
        ("cuts inside a path", |case| {
            let cuts = case.found.cuts.iter().zip(&case.file.paths);
            cuts.clone().any(|(cut, path)| {
                let block = &case.file.blocks[path.block];
                *cut > 0 && *cut <= block.last_stage - block.first_stage
            })
        }),
        ("empty regions", |case| case.file.paths.iter().any(|path| path.input.rows.is_empty())),
    ];
    for (kind, is) in kinds {
        let count = cases.iter().filter(|case| is(case)).count();
        assert!(count >= 10, "only {count} of {} cases have {kind}", cases.len());
    }
}

/// A fault that is planted into a right document; false where it has no place for it.
type Fault = (&'static str, fn(&mut PlanFile) -> bool);

const FAULTS: &[Fault] = &[
    ("a later end", |file| with(file.operations.last_mut(), |op| op.end_ns += 1)),
    ("an earlier start", |file| with(file.operations.last_mut(), |op| op.start_ns ^= 1)),
    ("huge times", |file| with(file.operations.first_mut(), |op| (op.start_ns, op.end_ns) = (u64::MAX, u64::MAX))),
    ("another slot", |file| with(file.operations.first_mut(), |op| op.slot += 1)),
    ("another resource", |file| with(file.operations.first_mut(), |op| op.resource = "cloud".to_owned())),
    ("a path that is not there", |file| with(file.operations.first_mut(), |op| op.path = usize::MAX)),
    ("more bytes", |file| {
        with(file.operations.iter_mut().find(|op| op.bytes.is_some()), |op| op.bytes = op.bytes.map(|bytes| bytes + 1))
    }),
    ("bytes of no transfer", |file| {
        with(file.operations.iter_mut().find(|op| op.bytes.is_none()), |op| op.bytes = Some(0))
    }),
    ("an operation left out", |file| file.operations.pop().is_some()),
    ("an operation twice", |file| file.operations.last().cloned().map(|last| file.operations.push(last)).is_some()),
    ("operations unsorted", |file| {
        file.operations.reverse();
        file.operations.len() > 1
    }),
    ("another input region", |file| {
        with(file.paths.first_mut(), |path| {
            path.input.rows = Span::new(path.input.rows.start(), path.input.rows.end() + 1)
        })
    }),
    ("another output region", |file| {
        with(file.paths.last_mut(), |path| path.output.columns = Span::new(0, path.output.columns.end() + 1))
    }),
    ("another block", |file| with(file.paths.first_mut(), |path| path.block += 1)),
    ("another tile", |file| with(file.paths.first_mut(), |path| path.tile[1] += 1)),
    ("a path left out", |file| file.paths.pop().is_some()),
    ("a shorter makespan", |file| with(Some(file), |file| file.makespan_ns -= 1)),
    ("more memory", |file| with(Some(file), |file| file.device_memory_bytes += 1)),
    ("a bound that is too high", |file| with(Some(file), |file| file.lower_bound_ns = file.makespan_ns + 1)),
    ("a proof that is none", |file| {
        with(Some(file), |file| (file.lower_bound_ns, file.proven_optimal) = (file.makespan_ns - 1, true))
    }),
    ("another method", |file| with(Some(file), |file| file.method = Method::Nfl)),
    ("another format", |file| with(Some(file), |file| file.format.push('0'))),
    ("a cut moved", |file| {
        let cut = file.paths.first().map_or(0, |path| path.cut);
        with(file.paths.first_mut(), |path| path.cut = if cut > 0 { cut - 1 } else { 1 })
    }),
    ("a cut too late", |file| with(file.paths.first_mut(), |path| path.cut = usize::MAX)),
    ("an order with a path twice", |file| {
        let last = file.order.last().copied();
        with(file.order.first_mut().filter(|first| Some(**first) != last), |first| *first = last.unwrap_or(0))
    }),
    ("an order beyond the paths", |file| with(file.order.first_mut(), |first| *first = usize::MAX)),
    ("an order cut short", |file| file.order.pop().is_some()),
    ("a stage more", |file| with(file.stages.last().cloned(), |stage| file.stages.push(stage))),
    ("another stage", |file| with(file.stages.first_mut(), |stage| stage.tileable = !stage.tileable)),
    ("another layer", |file| with(file.stages.first_mut(), |stage| stage.layers.push("none".to_owned()))),
    ("a block left out", |file| file.blocks.pop().is_some()),
    ("no blocks", |file| with(Some(file), |file| file.blocks.clear())),
    ("a block too long", |file| with(file.blocks.last_mut(), |block| block.last_stage = usize::MAX)),
    ("a block moved", |file| with(file.blocks.first_mut(), |block| block.first_stage = usize::MAX)),
    ("rows beyond the map", |file| with(file.blocks.first_mut(), |block| block.rows.push(u32::MAX))),
    ("no columns", |file| with(file.blocks.first_mut(), |block| block.columns.clear())),
    ("a row boundary twice", |file| with(file.blocks.first_mut(), |block| block.rows.insert(0, 0))),
];

fn with<T>(place: Option<T>, change: impl FnOnce(T)) -> bool {
    place.map(change).is_some()
}

#[test]
fn every_planted_fault_is_found() {
    for (name, plant) in FAULTS {
        let mut planted = 0;
        for seed in 0..60 {
            let mut file = generate(seed).file;
            if plant(&mut file) {
                planted += 1;
                assert!(!disagreements(&file).is_empty(), "seed {seed}: {name} is not found");
            }
        }
        assert!(planted >= 10, "{name} had a place in {planted} cases only");
    }
}

#[test]
fn an_order_against_the_dependencies_is_invalid() {
    let mut found = 0;
    for seed in 0..100 {
        let mut file = generate(seed).file;
        file.order.reverse();
        let reasons = disagreements(&file);
        found += usize::from(reasons.iter().any(|one| one.what.contains("which it depends on")));
    }
    assert!(found >= 20, "{found}");
}

#[test]
fn nothing_comes_back_from_the_server() {
    let mut found = 0;
    for seed in 0..100 {
        let mut file = generate(seed).file;
        for path in &mut file.paths {
            path.cut = usize::from(path.block > 0);
        }
        let reasons = disagreements(&file);
        found += usize::from(reasons.iter().any(|one| one.what.contains("ends on the server")));
    }
    assert!(found >= 20, "{found}");
}

#[test]
fn what_cannot_be_tiled_is_not_fused() {
    let mut found = 0;
    for seed in 0..100 {
        let mut file = generate(seed).file;
        let blocks = file.blocks.iter_mut();
        for block in blocks.filter(|block| (block.rows.len(), block.columns.len()) == (2, 2) && block.rows[1] > 1) {
            block.rows.insert(1, 1);
        }
        let reasons = disagreements(&file);
        found += usize::from(reasons.iter().any(|one| one.what.contains("not tileable")));
    }
    assert!(found >= 5, "{found}");
}

/// Places of all numbers in a document.
fn numbers(value: &serde_json::Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Number(_) => found.push(pointer.to_owned()),
        serde_json::Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| numbers(item, &format!("{pointer}/{index}"), found));
        }
        serde_json::Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| numbers(field, &format!("{pointer}/{name}"), found));
        }
        _ => {}
    }
}

#[test]
fn no_number_in_a_document_makes_it_panic() {
    let (mut read, mut refused) = (0, 0);
    for seed in 0..40 {
        let right = serde_json::to_value(&generate(seed).file).unwrap_or_default();
        let mut places = Vec::new();
        numbers(&right, "", &mut places);
        for (index, place) in places.iter().enumerate() {
            let mut wrong = right.clone();
            let extreme = [0, 1, 7, 65_536, u64::from(u32::MAX), u64::MAX][(index + seed as usize) % 6];
            *wrong.pointer_mut(place).unwrap_or_else(|| panic!("{place}")) = extreme.into();
            let Ok(file) = read_plan(&wrong.to_string()) else { continue };
            read += 1;
            refused += usize::from(!check(&file).is_ok_and(|found| found.is_empty()));
        }
    }
    assert!(read > 1000 && refused * 2 > read, "{refused} of {read}");
}
