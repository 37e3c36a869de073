//! Offcut's chores, run as `cargo xtask <command>`: install the tools, build, serve, test, weigh.
//!
//! Everything installed goes to one cache folder (see [`project::Project`]) and stays there; a
//! second run finds it and is quick. Nothing here asks for root: as root, Debian's packages are
//! installed; otherwise the one command to run is printed.

mod args;
mod checks;
mod counts;
mod lock;
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
    match outcome {
        Ok(()) if !steps.any_failed() => ExitCode::SUCCESS,
        // The report has named the failed steps and why they failed.
        _ if steps.any_failed() => ExitCode::FAILURE,
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command, steps: &mut Steps) -> Result<()> {
    if command == Command::Help {
        process::print(args::USAGE);
        return Ok(());
    }
    let project = Project::find()?;
    match command {
        Command::Help => Ok(()),
        Command::Setup { browsers } => {
            let web = setup::prepare(&project, steps, browsers)?;
            steps.report();
            setup::explain_plain_trunk(&project, &web);
            Ok(())
        }
        Command::Serve { dev, rest } => {
            let web = setup::prepare(&project, steps, false)?;
            steps.report();
            setup::explain_plain_trunk(&project, &web);
            serve::serve(&project, &web, dev, &rest)
        }
        Command::Dist => {
            let web = setup::prepare(&project, steps, false)?;
            checks::dist(&project, &web, steps)
        }
        Command::Test => {
            let web = setup::prepare(&project, steps, true)?;
            checks::all(&project, &web, steps);
            Ok(())
        }
        Command::Sizes => sizes::report(&project.dist()),
        Command::Gap { rest } => checks::gap(&project, steps, &rest),
        Command::Bench { rest } => checks::bench(&project, steps, &rest),
    }
}
