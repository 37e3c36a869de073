//! `offcut plan`, `compare` and `check`.

use super::table::table;
use super::{Answer, Limits, input};
use crate::check;
use crate::draw::units::grouped;
use crate::formats::{self, Method};
use crate::job::{self, Budget};
use crate::search::Unwatched;
use std::path::Path;
use std::time::{Duration, Instant};

pub(super) fn plan(given: &str, method: Option<&str>, seed: Option<u64>, limits: Limits) -> Result<String, String> {
    let mut scenario = input::scenario(given)?;
    let method = match method {
        None => scenario.search.method,
        Some(id) => Method::find(id).ok_or_else(|| {
            let known: Vec<&str> = Method::ALL.iter().map(|method| method.id()).collect();
            format!("there is no method `{id}`; choose one of {}", known.join(", "))
        })?,
    };
    if let Some(seed) = seed {
        scenario.search.seed = seed;
        scenario.spelled_out.search.seed = seed;
    }
    let plan = within(limits, |budget| job::solve_within(&scenario, method, &mut Unwatched, budget));
    Ok(plan.map_err(|error| error.to_string())?.to_text())
}

/// Does something with a budget of these limits, its clock started now.
fn within<T>(limits: Limits, action: impl FnOnce(&mut Budget) -> T) -> T {
    let start = Instant::now();
    let most = limits.budget_ms.map(Duration::from_millis);
    let mut has_time = || most.is_none_or(|most| start.elapsed() < most);
    action(&mut Budget { max_evaluations: limits.max_evaluations, has_time: &mut has_time })
}

pub(super) fn compare(given: &str, limits: Limits, json: bool) -> Result<String, String> {
    let scenario = input::scenario(given)?;
    let line = |method| within(limits, |budget| job::compared(&scenario, method, budget));
    let lines = job::compare_by(&Method::ALL, line).map_err(|bug| bug.to_string())?;
    if json {
        return serde_json::to_string_pretty(&lines).map(|text| text + "\n").map_err(|error| error.to_string());
    }
    let nfl = lines.iter().find(|line| line.method == Method::Nfl.id()).map_or(0, |line| line.makespan_ns);
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|line| {
            let gap = line.makespan_ns as f64 / line.lower_bound_ns.max(1) as f64 - 1.0;
            let proof =
                if line.proven_optimal { "proven best".to_owned() } else { format!("≤ {:.2} %", 100.0 * gap) };
            vec![
                line.method.to_owned(),
                grouped(line.makespan_ns),
                format!("{:.2}×", nfl as f64 / line.makespan_ns.max(1) as f64),
                proof,
                grouped(line.evaluations),
            ]
        })
        .collect();
    Ok(table(&["method", "makespan ns", "NFL ÷ it", "from the best", "evaluations"], &rows, &[1, 2, 4]))
}

pub(super) fn check(path: &Path) -> Result<Answer, String> {
    let text = input::read(path)?;
    let (plan, scenario) =
        formats::read_plan_with_scenario(&text).map_err(|problems| format!("{}: {problems}", path.display()))?;
    let disagreements = check::check_in(&plan, &scenario);
    if disagreements.is_empty() {
        let makespan = grouped(plan.makespan_ns);
        return Ok(format!("agrees: {} operations, makespan {makespan} ns\n", plan.operations.len()).into());
    }
    let lines: Vec<String> = disagreements.iter().map(|found| format!("{found}\n")).collect();
    Ok(Answer { text: lines.concat(), disagrees: true })
}
