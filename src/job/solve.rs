//! One scenario, one method, one plan document.

use super::budget::{Budget, Timed};
use super::planned::Planned;
use super::{Proposal, document};
use crate::base::{Big, Nanos};
use crate::bounds::gapless;
use crate::cost::CostModel;
use crate::formats::{Method, PlanFile, Scenario, SearchFile};
use crate::plan::Space;
use crate::schedule::Invalid;
use crate::search::{
    Brute, Context, Count, Exact, Found, Observer, Outcome, Ranking, Settings, Swarm, Unwatched, device_only, mw, nfl,
    server_only, unsplit_mw,
};

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SolveError {
    /// The method is not there yet.
    #[error("the method `{0}` cannot be run here; choose psomw, mw, nfl, server_only or device_only")]
    Unavailable(&'static str),
    /// Brute force would have to go through too many plans.
    #[error(
        "brute force would have to evaluate {} plans, about {} of computing; it is offered for up to {MOST_PLANS} plans: make the plan space smaller, or choose `exact`",
        number(plans, *.is_exact),
        duration(plans)
    )]
    TooManyPlans {
        /// How many, or at most how many.
        plans: Big,
        /// Whether it is exactly so many.
        is_exact: bool,
    },
    /// Our fault.
    #[error("a bug in Offcut: the plan found is not valid ({0}); please report it with the scenario")]
    Bug(#[from] Invalid),
}

impl SolveError {
    /// In a sentence without the details: spelling those out weighs too much for the page.
    pub fn brief(&self) -> String {
        match self {
            Self::Bug(_) => "A bug in Offcut: the plan found is not valid. Please report it with this link.".to_owned(),
            Self::TooManyPlans { .. } => "Brute force cannot finish here; choose another method.".to_owned(),
            Self::Unavailable(id) => ["The method ", id, " cannot be run here; choose another one."].concat(),
        }
    }
}

/// Solves a scenario by a method.
///
/// # Errors
/// The method cannot be run.
pub fn solve(scenario: &Scenario, method: Method, observer: &mut impl Observer) -> Result<PlanFile, SolveError> {
    solve_within(scenario, method, observer, &mut Budget { max_evaluations: None, has_time: &mut || true })
}

/// Solves a scenario by a method that may have to stop early; the document then says by what.
///
/// # Errors
/// The method cannot be run.
pub fn solve_within(
    scenario: &Scenario,
    method: Method,
    observer: &mut dyn Observer,
    budget: &mut Budget,
) -> Result<PlanFile, SolveError> {
    let model = CostModel::new(&scenario.network, &scenario.platform);
    let outcome = search(scenario, &model, method, observer, budget)?;
    Ok(document(&model, scenario, method, &outcome)?)
}

fn search(
    scenario: &Scenario,
    model: &CostModel,
    method: Method,
    observer: &mut dyn Observer,
    budget: &mut Budget,
) -> Result<Outcome, SolveError> {
    let context = &mut Context::new(model, &scenario.space);
    if method == Method::BruteForce {
        return brute_force(context, budget);
    }
    let ranking = ranking(context);
    if method == Method::Exact {
        let proof = exact(context, &ranking, budget);
        let lower_bound = lower_bound(context, &proof, &ranking);
        return Ok(Outcome { lower_bound, ..proof.outcome(&ranking) });
    }
    let proof = prove(context, &ranking, proof_labels(&scenario.space));
    let lower_bound = lower_bound(context, &proof, &ranking);
    let before = context.evaluations();
    let found: Found = match method {
        Method::DeviceOnly => device_only(context),
        Method::ServerOnly => server_only(context),
        Method::Nfl => nfl(context),
        Method::Mw => mw(context, &ranking),
        _ => {
            let evaluations = budget.max_evaluations;
            let mut timed = Timed { observer, budget, ran_out: false };
            let outcome = swarm(context, &ranking, scenario.search, evaluations, &mut timed, lower_bound);
            let stopped_by = if timed.ran_out { Some("time") } else { outcome.stopped_by };
            return Ok(Outcome { stopped_by, ..outcome });
        }
    };
    let evaluations = context.evaluations() - before;
    Ok(Outcome { found, lower_bound, evaluations, stopped_by: None })
}

/// Runs Exact until it is done, or the budget is spent.
fn exact(context: &mut Context, ranking: &Ranking, budget: &mut Budget) -> Exact {
    let mut exact = Exact::new(context);
    let labels = budget.max_evaluations.unwrap_or(u64::MAX);
    while !exact.is_done(ranking) {
        if exact.evaluations() >= labels {
            exact.stop("evaluations");
        } else if !(budget.has_time)() {
            exact.stop("time");
        } else {
            exact.step(context, ranking);
        }
    }
    exact
}

/// Labels that a proof beside another method may make: enough for every default space seen.
pub const PROOF_LABELS: u64 = 1 << 17;

/// Labels of a proof beside another method: none where strategies may have several fused blocks, for
/// their proofs take minutes.
pub fn proof_labels(space: &Space) -> u64 {
    if space.max_fused_blocks > 1 { 0 } else { PROOF_LABELS }
}

/// The most plans that brute force goes through.
pub const MOST_PLANS: u64 = 10_000_000;
/// Plans that brute force evaluates a second, roughly: measured natively, small strategies.
const PLANS_A_SECOND: u64 = 5_000_000;
/// Grids that brute force lists before it starts, at most.
const MOST_GRIDS: u64 = 1 << 18;
/// Plans of one step of brute force.
const SLICE: u64 = 100_000;

/// Evaluates every plan of the space, or as many as the budget allows.
fn brute_force(context: &mut Context, budget: &mut Budget) -> Result<Outcome, SolveError> {
    let most = budget.max_evaluations.unwrap_or(MOST_PLANS);
    let Count { plans, is_exact } = Brute::count(context);
    let has_too_many = budget.max_evaluations.is_none() && plans.to_u64().is_none_or(|plans| plans > most);
    if has_too_many || context.space.grid_count(context.network()) > MOST_GRIDS {
        return Err(SolveError::TooManyPlans { plans, is_exact });
    }
    let mut brute = Brute::new(context);
    let mut stopped_by = None;
    while !brute.is_done() && stopped_by.is_none() {
        brute.step(context, SLICE.min(most.saturating_sub(brute.evaluations()).max(1)));
        let ran_out = if brute.evaluations() >= most { Some("evaluations") } else { None };
        stopped_by = ran_out.or((!(budget.has_time)()).then_some("time")).filter(|_| !brute.is_done());
    }
    // Every space holds the unsplit strategy, so there is a plan.
    let found = brute.best().cloned().unwrap_or_else(|| nfl(context));
    // Having seen every plan proves the best of them.
    let lower_bound = if stopped_by.is_none() { found.makespan } else { Nanos::ZERO };
    Ok(Outcome { lower_bound, found, evaluations: brute.evaluations(), stopped_by })
}

/// How many plans, in words: every digit of what is exact.
fn number(plans: &Big, is_exact: bool) -> String {
    match plans.to_u64() {
        _ if is_exact => format!("exactly {plans}"),
        Some(_) => format!("at most {plans}"),
        None => {
            let (tenths, exponent) = plans.scientific();
            format!("at most {}.{} × 10^{exponent}", tenths / 10, tenths % 10)
        }
    }
}

/// How long brute force takes for so many plans, in words.
fn duration(plans: &Big) -> String {
    const UNITS: [(u64, &str); 4] = [(60, "seconds"), (60, "minutes"), (24, "hours"), (365, "days")];
    let Some(mut left) = plans.to_u64().map(|plans| plans / PLANS_A_SECOND) else {
        return "thousands of years".to_owned();
    };
    for (size, unit) in UNITS {
        if left < 2 * size {
            return format!("{left} {unit}");
        }
        left /= size;
    }
    format!("{left} years")
}

/// The strategies that any method may have to look at.
pub fn ranking(context: &mut Context) -> Ranking {
    let known = nfl(context).makespan.max(unsplit_mw(context).makespan);
    Ranking::new(context, known)
}

/// Runs Exact until it is done or has made so many labels.
pub fn prove(context: &mut Context, ranking: &Ranking, labels: u64) -> Exact {
    if !context.space.is_small(context.network()) {
        // Uneven grids take seconds.
        return Exact::new(context);
    }
    exact(context, ranking, &mut Budget { max_evaluations: Some(labels), has_time: &mut || true })
}

/// Runs the swarm of some settings to its end.
pub fn swarm(
    context: &mut Context,
    ranking: &Ranking,
    search: SearchFile,
    max_evaluations: Option<u64>,
    observer: &mut dyn Observer,
    lower_bound: Nanos,
) -> Outcome {
    let before = context.evaluations();
    let budget = max_evaluations.unwrap_or(u64::from(search.particles) * u64::from(search.iterations));
    let settings =
        Settings { particles: search.particles, max_evaluations: before + budget, budget, seed: search.seed };
    let mut swarm = Swarm::new(context, ranking, settings, observer);
    let first = swarm.state(context);
    if !observer.step(&first) {
        swarm.stop("request");
    } else {
        while !swarm.is_done(context) {
            swarm.step(context, observer);
        }
        swarm.finish(context, observer);
    }
    let outcome = swarm.outcome(context, lower_bound);
    Outcome { evaluations: outcome.evaluations - before, ..outcome }
}

/// A bound on every plan of the space: the fluid bound where it applies, and what Exact has proven.
pub fn lower_bound(context: &Context, proof: &Exact, ranking: &Ranking) -> Nanos {
    let own = proof.lower_bound(ranking);
    // No bound is above the best plan: nothing more has to be known then.
    let is_open = own < proof.best().makespan;
    if is_open && gapless(context.network()) { ranking.fluid.value.max(own) } else { own }
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

/// The line of a method, which may have to stop early; its plan is scheduled anew, but not written down.
///
/// # Errors
/// The method cannot be run.
pub fn compared(scenario: &Scenario, method: Method, budget: &mut Budget) -> Result<Compared, SolveError> {
    let model = CostModel::new(&scenario.network, &scenario.platform);
    let outcome = search(scenario, &model, method, &mut Unwatched, budget)?;
    let makespan = Planned::new(&model, &Proposal::from(&outcome.found))?.schedule.makespan;
    Ok(Compared {
        method: method.id(),
        makespan_ns: makespan.0,
        lower_bound_ns: outcome.lower_bound.min(makespan).0,
        proven_optimal: outcome.is_proven(),
        evaluations: outcome.evaluations,
    })
}

/// Solves a scenario by all methods that can be run, in the order of [`Method::ALL`].
///
/// # Errors
/// A bug in a search.
pub fn compare(scenario: &Scenario) -> Result<Vec<Compared>, SolveError> {
    compare_some(scenario, &Method::ALL)
}

/// The same for some methods; those that cannot be run are left out.
///
/// # Errors
/// A bug in a search.
pub fn compare_some(scenario: &Scenario, methods: &[Method]) -> Result<Vec<Compared>, SolveError> {
    compare_by(methods, |method| {
        compared(scenario, method, &mut Budget { max_evaluations: None, has_time: &mut || true })
    })
}

/// The lines of some methods, each found by itself; those that cannot be run are left out.
///
/// # Errors
/// A bug in a search.
pub fn compare_by(
    methods: &[Method],
    mut line: impl FnMut(Method) -> Result<Compared, SolveError>,
) -> Result<Vec<Compared>, SolveError> {
    let mut lines = Vec::new();
    for &method in methods {
        match line(method) {
            Ok(line) => lines.push(line),
            // Brute force runs only where it can finish.
            Err(SolveError::Unavailable(_) | SolveError::TooManyPlans { .. }) => {}
            Err(bug) => return Err(bug),
        }
    }
    Ok(lines)
}
