//! The independent checker of plan documents: it recomputes stages, regions, costs, schedule and
//! memory from the scenario, blocks, order and cuts alone, and lists all that differs.
//!
//! Entry points: [`check`], [`check_in`]. Must not know tilings, cost models, schedules, searches or bounds: it shares
//! no arithmetic with what makes plans, only the parsed network and platform.

mod compare;
mod layout;
mod memory;
mod region;
mod simulate;
mod stages;
mod time;

use crate::formats::{PlanFile, Problem, Problems, Scenario};
use std::fmt::Display;

/// Something in a plan document that is not so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// JSON pointer to the place.
    pub pointer: String,
    /// What was expected and what was found, or why the plan is not valid.
    pub what: String,
}

impl Display for Disagreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.pointer, self.what)
    }
}

/// What has been found so far.
#[derive(Default)]
struct Findings(Vec<Disagreement>);

impl Findings {
    fn add(&mut self, pointer: impl Into<String>, what: impl Into<String>) {
        self.0.push(Disagreement { pointer: pointer.into(), what: what.into() });
    }

    /// Notes where `found` is not what was expected.
    fn expect<T: PartialEq + Display>(&mut self, pointer: impl Into<String>, expected: T, found: T) {
        if expected != found {
            self.add(pointer, format!("expected {expected}, found {found}"));
        }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Lists every disagreement between a plan document and what its scenario, blocks, order and cuts
/// give; none means that the document is right. Of an invalid plan only the reasons are listed.
///
/// # Errors
/// The scenario inside the document cannot be used: all that is wrong with it.
pub fn check(file: &PlanFile) -> Result<Vec<Disagreement>, Problems> {
    let inside = |problem: Problem| Problem { pointer: ["/scenario", &problem.pointer].concat(), ..problem };
    let scenario = file.scenario.valid();
    let scenario = scenario.map_err(|Problems(all)| Problems(all.into_iter().map(inside).collect()))?;
    Ok(check_in(file, &scenario))
}

/// As [`check`], with what the document's scenario means.
pub fn check_in(file: &PlanFile, scenario: &Scenario) -> Vec<Disagreement> {
    let (network, platform) = (&scenario.network, &scenario.platform);
    let mut findings = Findings::default();
    compare::header(file, &mut findings);
    let stages = stages::partition(network);
    compare::stages(file, network, &stages, &mut findings);
    let mut reasons = Findings::default();
    if let Some(paths) = layout::valid_paths(file, network, platform, &stages, &mut reasons) {
        let cuts: Vec<usize> = file.paths.iter().map(|path| path.cut).collect();
        let schedule = simulate::run(network, platform, &paths, &file.order, &cuts);
        let memory = memory::peak(network, platform, &stages, &paths, &cuts, &schedule);
        compare::paths(file, &paths, &mut findings);
        compare::operations(file, &schedule, &mut findings);
        compare::totals(file, schedule.makespan, memory, &mut findings);
    }
    findings.0.append(&mut reasons.0);
    findings.0
}
