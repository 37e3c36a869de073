//! Offcut's chores, run as `cargo xtask <command>`: install the tools, build, serve, test, weigh.
//!
//! Everything installed goes to one cache folder (see [`project::Project`]) and stays there; a
//! second run finds it and is quick. Nothing here asks for root: as root, Debian's packages are
//! installed; otherwise the one command to run is printed.

mod args;
mod checks;
mod counts;
mod imports;
mod lock;
mod modules;
mod offline;
mod order;
mod packages;
mod process;
mod project;
mod serve;
mod setup;
mod sizes;
mod steps;
mod tools;
mod wasm;

use anyhow::Result;
use args::Command;
use process::say;
use project::Project;
use std::process::ExitCode;
use steps::Steps;
use wasm::Compiler;

/// The exit status of a command line that was not understood.
const USAGE_STATUS: u8 = 2;

fn main() -> ExitCode {
    let command = match args::parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(problem) => {
            if !problem.is_empty() {
                say!("{problem}");
            }
            process::print_error(args::USAGE);
            return ExitCode::from(USAGE_STATUS);
        }
    };
    let mut steps = Steps::default();
    let outcome = run(command, &mut steps);
    steps.report();
    if steps.any_failed() {
        return ExitCode::FAILURE; // the report has named the steps and what was wrong
    }
    if let Err(error) = outcome {
        say!("{error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn run(command: Command, steps: &mut Steps) -> Result<()> {
    match command {
        Command::Help => {
            process::print(args::USAGE);
            Ok(())
        }
        Command::Announce { port } => {
            serve::announce(port);
            Ok(())
        }
        Command::Setup { browsers } => {
            let (project, web) = prepare(steps, browsers)?;
            steps.report();
            setup::explain_plain_trunk(&project, &web);
            Ok(())
        }
        Command::Serve { dev, rest } => {
            let (project, web) = prepare(steps, false)?;
            steps.report();
            setup::explain_plain_trunk(&project, &web);
            serve::serve(&project, &web, dev, &rest)
        }
        Command::Dist => {
            let (project, web) = prepare(steps, false)?;
            checks::dist(&project, &web, steps)
        }
        Command::Test => {
            let (project, web) = prepare(steps, true)?;
            checks::all(&project, &web, steps);
            Ok(())
        }
        Command::Sizes => sizes::report(&Project::find()?.dist()),
        Command::Gap { rest } => checks::gap(&Project::find()?, steps, &rest),
        Command::Bench { rest } => checks::bench(&Project::find()?, steps, &rest),
        Command::BrowserBench(name) => {
            let (project, web) = prepare(steps, true)?;
            checks::browser_bench(&project, &web, steps, name)
        }
    }
}

/// Installs what is missing for web builds and, with `browsers`, for the tests.
fn prepare(steps: &mut Steps, browsers: bool) -> Result<(Project, Compiler)> {
    let project = Project::find()?;
    let web = setup::prepare(&project, steps, browsers)?;
    Ok((project, web))
}
