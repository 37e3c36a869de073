//! The document beside what was recomputed.

use super::Findings;
use super::layout::Path;
use super::region::Patch;
use super::simulate::{Operation, Resource, Schedule};
use super::stages::Stage;
use crate::formats::{OperationFile, PLAN_FORMAT, PlanFile, RegionFile};
use crate::network::Network;

/// Format and method.
pub(super) fn header(file: &PlanFile, findings: &mut Findings) {
    findings.expect("/format", PLAN_FORMAT, file.format.as_str());
    findings.expect("/scenario/search/method", file.method.id(), file.scenario.search.method.id());
}

/// The network's stages.
pub(super) fn stages(file: &PlanFile, network: &Network, stages: &[Stage], findings: &mut Findings) {
    findings.expect("/stages", format!("{} stages", stages.len()), format!("{} stages", file.stages.len()));
    for (index, (listed, stage)) in file.stages.iter().zip(stages).enumerate() {
        let names: Vec<&str> = network.layers()[stage.layers.clone()].iter().map(|layer| layer.name.as_str()).collect();
        findings.expect(format!("/stages/{index}/layers"), format!("{names:?}"), format!("{:?}", listed.layers));
        findings.expect(format!("/stages/{index}/tileable"), stage.tileable, listed.tileable);
    }
}

/// Blocks, tiles and regions of the paths, of which there are as many as listed.
pub(super) fn paths(file: &PlanFile, paths: &[Path], findings: &mut Findings) {
    for (index, (listed, path)) in file.paths.iter().zip(paths).enumerate() {
        let pointer = |field: &str| format!("/paths/{index}/{field}");
        findings.expect(pointer("block"), path.block, listed.block);
        let tile = |[row, column]: [u32; 2]| format!("[{row}, {column}]");
        findings.expect(pointer("tile"), tile(path.tile), tile(listed.tile));
        findings.expect(pointer("output"), patch(path.cell()), region(listed.output));
        findings.expect(pointer("input"), patch(path.input()), region(listed.input));
    }
}

fn patch(patch: Patch) -> String {
    region(patch.region().into())
}

fn region(RegionFile { rows, columns }: RegionFile) -> String {
    format!("[{}, {}) × [{}, {})", rows.start(), rows.end(), columns.start(), columns.end())
}

/// The operations, each in its place.
pub(super) fn operations(file: &PlanFile, schedule: &Schedule, findings: &mut Findings) {
    let mut listed = vec![[false; 4]; schedule.of.len()];
    for (index, found) in file.operations.iter().enumerate() {
        let pointer = format!("/operations/{index}");
        let Some(on) = Resource::ALL.into_iter().find(|resource| resource.name() == found.resource) else {
            let what = format!("expected device, uplink, server or downlink, found `{}`", found.resource);
            findings.add(pointer + "/resource", what);
            continue;
        };
        let expected = schedule.of.get(found.path).and_then(|of| of[on as usize]);
        let Some(expected) = expected else {
            findings.add(pointer, format!("expected no operation of path {} on the {}", found.path, on.name()));
            continue;
        };
        if std::mem::replace(&mut listed[found.path][on as usize], true) {
            findings.add(pointer, format!("path {} is on the {} a second time", found.path, on.name()));
            continue;
        }
        operation(&pointer, &expected, found, findings);
    }
    for missing in schedule.sorted().iter().filter(|op| !listed[op.path][op.resource as usize]) {
        findings.add("/operations", format!("expected {}, found nothing", described(missing)));
    }
    sorted(file, findings);
}

fn operation(pointer: &str, expected: &Operation, found: &OperationFile, findings: &mut Findings) {
    let field = |name: &str| format!("{pointer}/{name}");
    findings.expect(field("slot"), expected.slot, found.slot);
    findings.expect(field("start_ns"), expected.start, u128::from(found.start_ns));
    findings.expect(field("end_ns"), expected.end, u128::from(found.end_ns));
    let bytes = |bytes: Option<u128>| bytes.map_or("none".to_owned(), |bytes| bytes.to_string());
    findings.expect(field("bytes"), bytes(expected.bytes), bytes(found.bytes.map(u128::from)));
}

fn described(operation: &Operation) -> String {
    let Operation { path, resource, slot, start, end, .. } = operation;
    format!("path {path} on the {}, slot {slot}, from {start} to {end} ns", resource.name())
}

fn sorted(file: &PlanFile, findings: &mut Findings) {
    let rank = |name: &str| Resource::ALL.iter().position(|resource| resource.name() == name);
    let key = |op: &OperationFile| (op.start_ns, rank(&op.resource), op.slot, op.path);
    if let Some(at) = file.operations.windows(2).position(|pair| key(&pair[0]) > key(&pair[1])) {
        let what = "expected operations sorted by start, resource, slot and path; it comes before the one above it";
        findings.add(format!("/operations/{}", at + 1), what);
    }
}

/// Makespan, memory and what is said of the bound.
pub(super) fn totals(file: &PlanFile, makespan: u128, memory: u128, findings: &mut Findings) {
    findings.expect("/makespan_ns", makespan, u128::from(file.makespan_ns));
    findings.expect("/device_memory_bytes", memory, u128::from(file.device_memory_bytes));
    let bound = u128::from(file.lower_bound_ns);
    if bound > makespan {
        let what = format!("expected a bound of at most the makespan of {makespan} ns, found {bound}");
        findings.add("/lower_bound_ns", what);
    }
    if file.proven_optimal && bound < makespan {
        let what = format!("expected false, as the bound of {bound} ns is below the makespan of {makespan} ns");
        findings.add("/proven_optimal", what);
    }
}
