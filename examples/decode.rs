//! PSOMW's decoder as a service: `cargo run --release --example decode SCENARIO.json`.
//!
//! The first line of the answer is how many coordinates a position has. Then each line of standard
//! input is a JSON array of positions, each an array of numbers from 0 to 1, and is answered by a
//! JSON array: for each position its plan's makespan in ns and how many plans have been evaluated.

use offcut::cost::CostModel;
use offcut::formats::read_scenario;
use offcut::job::ranking;
use offcut::search::{Context, Settings, Swarm, Unwatched};
use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};

/// A swarm without particles and plans of its own.
const EMPTY: Settings = Settings { particles: 0, max_evaluations: 0, budget: 0, seed: 1 };

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("which scenario document?")?;
    let scenario = read_scenario(&std::fs::read_to_string(path)?)?;
    let model = CostModel::new(&scenario.network, &scenario.platform);
    let mut context = Context::new(&model, &scenario.space);
    let ranking = ranking(&mut context);
    let mut swarm = Swarm::new(&mut context, &ranking, EMPTY, &mut Unwatched);
    let mut out = stdout().lock();
    writeln!(out, "{}", swarm.dimensions())?;
    out.flush()?;
    let before = context.evaluations();
    for line in stdin().lock().lines() {
        let positions: Vec<Vec<f64>> = serde_json::from_str(&line?)?;
        let mut answers = Vec::with_capacity(positions.len());
        for position in positions {
            let makespan = swarm.makespan_of(&mut context, &position).ok_or("a position of the wrong length")?;
            answers.push((makespan.0, context.evaluations() - before));
        }
        writeln!(out, "{}", serde_json::to_string(&answers)?)?;
        out.flush()?;
    }
    Ok(())
}
