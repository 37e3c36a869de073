//! One scenario, one method, one plan document.

use super::document;
use crate::base::Nanos;
use crate::bounds::{Fluid, gapless};
use crate::cost::CostModel;
use crate::formats::{Method, PlanFile, Scenario, SearchFile};
use crate::plan::Space;
use crate::schedule::Invalid;
use crate::search::{
    Context, Exact, Found, Observer, Outcome, Ranking, Settings, Swarm, Unwatched, device_only, mw, nfl, server_only,
    unsplit_mw,
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
    let ranking = ranking(context);
    let labels = if method == Method::Exact { u64::MAX } else { PROOF_LABELS };
    let proof = prove(context, &ranking, labels);
    let lower_bound = lower_bound(context, &proof, &ranking);
    let before = context.evaluations();
    let found: Found = match method {
        Method::Psomw => return Ok(swarm(context, &ranking, scenario.search, observer, lower_bound)),
        Method::Exact if proves(&scenario.space) => {
            return Ok(Outcome { lower_bound, ..proof.outcome(&ranking) });
        }
        Method::DeviceOnly => device_only(context),
        Method::ServerOnly => server_only(context),
        Method::Nfl => nfl(context),
        Method::Mw => mw(context, &ranking),
        other => return Err(SolveError::Unavailable(other.id())),
    };
    let evaluations = context.evaluations() - before;
    Ok(Outcome { found, lower_bound, evaluations, stopped_by: None })
}

/// Labels that a proof beside another method may make: enough for every default space seen.
pub const PROOF_LABELS: u64 = 1 << 20;

/// The strategies that any method may have to look at.
pub fn ranking(context: &mut Context) -> Ranking {
    let known = nfl(context).makespan.max(unsplit_mw(context).makespan);
    Ranking::new(context, known)
}

/// Whether Exact covers a space.
pub fn proves(space: &Space) -> bool {
    space.max_fused_blocks <= 1
}

/// Runs Exact until it is done or has made so many labels.
pub fn prove(context: &mut Context, ranking: &Ranking, labels: u64) -> Exact {
    let mut exact = Exact::new(context);
    while proves(context.space) && !exact.is_done(ranking) && exact.evaluations() < labels {
        exact.step(context, ranking);
    }
    exact
}

/// Runs the swarm of some settings to its end.
pub fn swarm(
    context: &mut Context,
    ranking: &Ranking,
    search: SearchFile,
    observer: &mut impl Observer,
    lower_bound: Nanos,
) -> Outcome {
    let before = context.evaluations();
    let settings = Settings {
        particles: search.particles,
        max_evaluations: before + u64::from(search.particles) * u64::from(search.iterations),
        seed: search.seed,
    };
    let mut swarm = Swarm::new(context, ranking, settings, observer);
    let first = swarm.state(context);
    if observer.step(&first) {
        while !swarm.is_done(context) {
            swarm.step(context, observer);
        }
        swarm.finish(context, observer);
    }
    let outcome = swarm.outcome(context, lower_bound);
    Outcome { evaluations: outcome.evaluations - before, ..outcome }
}

/// A bound on every plan of the space: the fluid bound where it applies, and what Exact has proven
/// where it covers the space.
pub fn lower_bound(context: &Context, proof: &Exact, ranking: &Ranking) -> Nanos {
    let fluid = if gapless(context.network()) { Fluid::new(context.model).value } else { Nanos::ZERO };
    let own = if proves(context.space) { proof.lower_bound(ranking) } else { Nanos::ZERO };
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
