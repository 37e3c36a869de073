//! `offcut`, the command line: reads files, runs jobs, prints documents and tables.
//!
//! Entry point: [`run`]. Must not know the browser. Status 0; 1 where a check disagrees; 2 for bad
//! input, with a message that says where, what and how to mend it.

mod convert;
mod describe;
mod input;
mod plans;
mod table;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Plans how a neural network's inference is best split between a device and an edge server.
#[derive(Debug, Parser)]
#[command(name = "offcut", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Plans a scenario; the plan document goes to standard output.
    Plan {
        /// The scenario document (`-` is standard input), or a link of the page in quotes: '#/plan?…' or a whole address.
        scenario: String,
        /// device_only, server_only, nfl, mw, psomw, brute_force or exact; by default the scenario's.
        #[arg(long)]
        method: Option<String>,
        /// The seed; by default the scenario's.
        #[arg(long)]
        seed: Option<u64>,
        #[command(flatten)]
        limits: Limits,
        /// Where to write the plan document instead.
        #[arg(short, long)]
        output: Option<PathBuf>,
    },
    /// Plans a scenario by every method.
    Compare {
        /// The scenario document (`-` is standard input), or a link of the page in quotes: '#/plan?…' or a whole address.
        scenario: String,
        #[command(flatten)]
        limits: Limits,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Recomputes a plan document and says every disagreement.
    Check {
        /// The plan document; `-` is standard input.
        plan: PathBuf,
    },
    /// Converts a model of another tool (ONNX, Keras' JSON) to a model document; notes go to standard error.
    Convert {
        /// The model's file; `-` is standard input.
        file: PathBuf,
        #[command(flatten)]
        answers: convert::Answers,
        /// Where to write the model document instead of standard output.
        #[arg(short, long)]
        output: Option<PathBuf>,
    },
    /// Lists the networks of the zoo.
    Models {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Shows a network's layers.
    Model {
        /// A zoo network's id, or a model's file: a model document, ONNX, Keras' JSON (`-` is standard input).
        model: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Shows the regions that the tiles of a block need.
    Regions {
        /// A zoo network's id, or a model's file: a model document, ONNX, Keras' JSON (`-` is standard input).
        model: String,
        /// The block's first and last stage, inclusive, from 0: `0..9`.
        #[arg(long)]
        stages: String,
        /// Rows and columns of tiles: `2x2`.
        #[arg(long)]
        grid: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

/// What ends a search early; the document says so.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
struct Limits {
    /// Milliseconds that a method may take; it is asked between its steps.
    #[arg(long)]
    budget_ms: Option<u64>,
    /// Plans (for exact: parts of plans) that a method may evaluate.
    #[arg(long)]
    max_evaluations: Option<u64>,
}

/// What a command has to say, and its status.
struct Answer {
    text: String,
    disagrees: bool,
}

impl From<String> for Answer {
    fn from(text: String) -> Self {
        Self { text, disagrees: false }
    }
}

/// Runs the command of the process's arguments.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match answer(arguments.command) {
        Ok(answer) => {
            if let Err(error) = input::write_out(None, &answer.text) {
                eprintln!("offcut: {error}");
                return ExitCode::from(2);
            }
            ExitCode::from(u8::from(answer.disagrees))
        }
        Err(message) => {
            eprintln!("offcut: {message}");
            ExitCode::from(2)
        }
    }
}

fn answer(command: Command) -> Result<Answer, String> {
    match command {
        Command::Plan { scenario, method, seed, limits, output } => {
            written(plans::plan(&scenario, method.as_deref(), seed, limits)?, output)
        }
        Command::Convert { file, answers, output } => written(convert::convert(&file, &answers)?, output),
        Command::Compare { scenario, limits, json } => plans::compare(&scenario, limits, json).map(Answer::from),
        Command::Check { plan } => plans::check(&plan),
        Command::Models { json } => describe::models(json).map(Answer::from),
        Command::Model { model, json } => describe::model(&model, json).map(Answer::from),
        Command::Regions { model, stages, grid, json } => {
            describe::regions(&model, &stages, &grid, json).map(Answer::from)
        }
    }
}

/// A document for a file, or for standard output.
fn written(text: String, output: Option<PathBuf>) -> Result<Answer, String> {
    match output {
        Some(path) => input::write_out(Some(&path), &text).map(|()| String::new().into()),
        None => Ok(text.into()),
    }
}
