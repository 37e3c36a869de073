//! From a search's outcome to a plan document.

use super::planned::{Planned, blocks};
use super::{Proposal, Searched, SolveError};
use crate::cost::CostModel;
use crate::formats::{Method, PathFile, PlanFile, Scenario, StageFile};
use crate::schedule::Invalid;
use crate::search::Outcome;

/// The document of a method's plan in a search that is over: what [`super::solve`] writes, without searching again.
///
/// # Errors
/// The method did not run.
pub fn recorded(scenario: &Scenario, searched: &Searched, method: Method) -> Result<PlanFile, SolveError> {
    let known = searched.of(method).ok_or(SolveError::Unavailable(method.id()))?;
    let outcome = Outcome {
        found: known.found.clone(),
        lower_bound: searched.lower_bound,
        evaluations: known.evaluations,
        stopped_by: None,
    };
    Ok(document(&CostModel::new(&scenario.network, &scenario.platform), scenario, method, &outcome)?)
}

/// The document of an outcome, its schedule computed anew; the model is the scenario's.
///
/// # Errors
/// The plan is not valid: a bug in the search that found it.
pub fn document(
    model: &CostModel,
    scenario: &Scenario,
    method: Method,
    outcome: &Outcome,
) -> Result<PlanFile, Invalid> {
    let network = model.network();
    let found = &outcome.found;
    let planned = Planned::new(model, &Proposal::from(found))?;
    let mut spelled_out = scenario.spelled_out.clone();
    spelled_out.search.method = method;
    let stage = |stage: &crate::network::Stage| StageFile {
        layers: stage.layers.iter().map(|&id| network.layer(id).name.clone()).collect(),
        tileable: stage.tileable,
    };
    let paths = planned.instance.paths().iter().zip(&found.cuts).map(|(path, &cut)| PathFile {
        block: path.block,
        tile: path.tile,
        cut,
        output: path.cell.into(),
        input: path.input.into(),
    });
    Ok(PlanFile {
        format: crate::formats::PLAN_FORMAT.to_owned(),
        scenario: spelled_out,
        method,
        blocks: blocks(&found.strategy),
        stages: network.stages().iter().map(stage).collect(),
        paths: paths.collect(),
        order: found.order.clone(),
        operations: planned.operations(),
        makespan_ns: planned.schedule.makespan.0,
        lower_bound_ns: outcome.lower_bound.0.min(planned.schedule.makespan.0),
        device_memory_bytes: planned.memory.0,
        proven_optimal: outcome.is_proven(),
        evaluations: outcome.evaluations,
        stopped_by: outcome.stopped_by.map(str::to_owned),
    })
}
