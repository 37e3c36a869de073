//! One scenario, one method, one plan document.

use super::document;
use crate::base::Nanos;
use crate::bounds::{Fluid, gapless};
use crate::cost::CostModel;
use crate::formats::{Method, PlanFile, Scenario};
use crate::schedule::Invalid;
use crate::search::{
    Context, Found, Observer, Outcome, Ranking, Settings, Swarm, Unwatched, device_only, mw, nfl, server_only,
};

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SolveError {
    /// The method is not there yet.
    #[error("the method `{0}` cannot be run here; choose psomw, mw, nfl, server_only or device_only")]
    Unavailable(&'static str),
    /// Our fault.
    #[error("a bug in Offcut: the plan found is not valid ({0}); please report it with the scenario")]
    Bug(#[from] Invalid),
}

/// Solves a scenario by a method.
///
/// # Errors
/// The method cannot be run.
pub fn solve(scenario: &Scenario, method: Method, observer: &mut impl Observer) -> Result<PlanFile, SolveError> {
    let model = CostModel::new(&scenario.network, &scenario.platform);
    let mut context = Context::new(&model, &scenario.space);
    let outcome = search(scenario, &mut context, method, observer)?;
    Ok(document(scenario, method, &outcome)?)
}

fn search(
    scenario: &Scenario,
    context: &mut Context,
    method: Method,
    observer: &mut impl Observer,
) -> Result<Outcome, SolveError> {
    if method == Method::Psomw {
        let mut swarm = Swarm::new(context, settings(scenario), observer);
        while !swarm.is_done(context) {
            swarm.step(context, observer);
        }
        swarm.finish(context, observer);
        let bound = lower_bound(scenario, context, swarm.ranking());
        return Ok(swarm.outcome(context, bound));
    }
    let ranking = Ranking::new(context);
    let before = context.evaluations();
    let found: Found = match method {
        Method::DeviceOnly => device_only(context),
        Method::ServerOnly => server_only(context),
        Method::Nfl => nfl(context),
        Method::Mw => mw(context, &ranking),
        other => return Err(SolveError::Unavailable(other.id())),
    };
    let evaluations = context.evaluations() - before;
    let lower_bound = lower_bound(scenario, context, &ranking);
    Ok(Outcome { found, lower_bound, evaluations, stopped_by: None })
}

/// Size and budget of the scenario's swarm.
pub fn settings(scenario: &Scenario) -> Settings {
    let search = scenario.search;
    Settings {
        particles: search.particles,
        max_evaluations: u64::from(search.particles) * u64::from(search.iterations),
        seed: search.seed,
    }
}

/// A bound on every plan of the scenario's space: the fluid bound where it applies, and the plan
/// space's own where that is known (one fused block, or none).
pub fn lower_bound(scenario: &Scenario, context: &mut Context, ranking: &Ranking) -> Nanos {
    let fluid = if gapless(&scenario.network) { Fluid::new(context.model).value } else { Nanos::ZERO };
    let unsplit = nfl(context).makespan;
    let own = match scenario.space.max_fused_blocks {
        0 => unsplit,
        1 => ranking.least().map_or(unsplit, |least| least.min(unsplit)),
        _ => Nanos::ZERO,
    };
    fluid.max(own)
}

/// One line of a comparison.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Compared {
    /// The method's id.
    pub method: &'static str,
    /// Its plan's makespan.
    pub makespan_ns: u64,
    /// No plan of the space is faster.
    pub lower_bound_ns: u64,
    /// Whether the plan is as fast as the bound.
    pub proven_optimal: bool,
    /// Plans evaluated.
    pub evaluations: u64,
}

/// Solves a scenario by all methods that can be run, in the order of [`Method::ALL`].
///
/// # Errors
/// A bug in a search.
pub fn compare(scenario: &Scenario) -> Result<Vec<Compared>, SolveError> {
    let mut lines = Vec::new();
    for method in Method::ALL {
        match solve(scenario, method, &mut Unwatched) {
            Ok(plan) => lines.push(Compared {
                method: method.id(),
                makespan_ns: plan.makespan_ns,
                lower_bound_ns: plan.lower_bound_ns,
                proven_optimal: plan.proven_optimal,
                evaluations: plan.evaluations,
            }),
            Err(SolveError::Unavailable(_)) => {}
            Err(bug) => return Err(bug),
        }
    }
    Ok(lines)
}
