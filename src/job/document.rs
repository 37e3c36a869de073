//! From a search's outcome to a plan document.

use crate::cost::{CostModel, Traces};
use crate::formats::{BlockFile, Method, OperationFile, PathFile, PlanFile, Scenario, StageFile};
use crate::schedule::{Instance, Invalid, device_memory, schedule};
use crate::search::Outcome;

/// The document of an outcome, its schedule computed anew.
///
/// # Errors
/// The plan is not valid: a bug in the search that found it.
pub fn document(scenario: &Scenario, method: Method, outcome: &Outcome) -> Result<PlanFile, Invalid> {
    let model = CostModel::new(&scenario.network, &scenario.platform);
    let mut traces = Traces::new(&model);
    let found = &outcome.found;
    let instance = Instance::new(&mut traces, &found.strategy);
    let schedule = schedule(&instance, &found.order, &found.cuts)?;
    let memory = device_memory(&model, &instance, &found.cuts, &schedule);
    let mut spelled_out = scenario.spelled_out.clone();
    spelled_out.search.method = method;
    Ok(PlanFile {
        format: crate::formats::PLAN_FORMAT.to_owned(),
        scenario: spelled_out,
        method,
        blocks: found
            .strategy
            .blocks()
            .iter()
            .map(|block| BlockFile {
                first_stage: block.first,
                last_stage: block.last,
                rows: block.grid.rows().to_vec(),
                columns: block.grid.columns().to_vec(),
            })
            .collect(),
        stages: scenario
            .network
            .stages()
            .iter()
            .map(|stage| StageFile {
                layers: stage.layers.iter().map(|&id| scenario.network.layer(id).name.clone()).collect(),
                tileable: stage.tileable,
            })
            .collect(),
        paths: instance
            .paths()
            .iter()
            .zip(&found.cuts)
            .map(|(path, &cut)| PathFile {
                block: path.block,
                tile: path.tile,
                cut,
                output: path.cell.into(),
                input: path.input.into(),
            })
            .collect(),
        order: found.order.clone(),
        operations: schedule
            .operations
            .iter()
            .map(|operation| OperationFile {
                path: operation.path,
                resource: operation.resource.name().to_owned(),
                slot: operation.slot,
                start_ns: operation.start.0,
                end_ns: operation.end.0,
                bytes: operation.bytes.map(|bytes| bytes.0),
            })
            .collect(),
        makespan_ns: schedule.makespan.0,
        lower_bound_ns: outcome.lower_bound.0.min(schedule.makespan.0),
        device_memory_bytes: memory.0,
        proven_optimal: outcome.is_proven(),
        evaluations: outcome.evaluations,
        stopped_by: outcome.stopped_by.map(str::to_owned),
    })
}
