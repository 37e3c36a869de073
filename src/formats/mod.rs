//! The three JSON documents: model, scenario and plan. Parsed at this border, valid inside.
//!
//! Entry points: [`read_model`], [`read_scenario`], [`read_plan`]. Must not know the browser.

mod assemble;
mod error;
mod model;
mod model_ops;
mod model_read;
mod numbers;
mod plan;
mod plan_read;
mod problem;
mod reader;
mod scenario;
mod scenario_check;
mod scenario_read;
#[cfg(test)]
mod schema;
pub mod tree;
mod tree_parser;

pub use error::FormatError;
pub use model::{
    InputFile, LayerFile, MAX_MODEL_BYTES, MeasuredFile, ModelFile, ModelReading, read_model, read_model_partly,
};
pub use numbers::{OneOrTwo, Padding};
pub use plan::{
    BlockFile, FORMAT as PLAN_FORMAT, OperationFile, PathFile, PlanFile, RegionFile, StageFile, read_plan,
    read_plan_with_scenario,
};
pub use problem::{Lines, MAX_PROBLEMS, Mend, Place, Problem, Problems, clipped, nearest};
pub use reader::quoted;
pub use scenario::{
    DataFile, FORMAT as SCENARIO_FORMAT, LinkFile, Method, ModelRef, ProcessorFile, Reference, Scenario, ScenarioFile,
    SearchFile, SpaceFile, read_scenario,
};
pub use tree_parser::parse as parse_tree;
