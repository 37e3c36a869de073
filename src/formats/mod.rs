//! The three JSON documents: model, scenario and plan. Parsed at this border, valid inside.
//!
//! Entry points: [`read_model`], [`read_scenario`], [`read_plan`]. Must not know the browser.

mod error;
mod model;
mod model_ops;
mod numbers;
mod plan;
mod scenario;

pub use error::FormatError;
pub use model::{LayerFile, ModelFile, read_model};
pub use numbers::{OneOrTwo, Padding};
pub use plan::{BlockFile, FORMAT as PLAN_FORMAT, OperationFile, PathFile, PlanFile, RegionFile, StageFile, read_plan};
pub use scenario::{
    DataFile, FORMAT as SCENARIO_FORMAT, LinkFile, Method, ModelRef, ProcessorFile, Reference, Scenario, ScenarioFile,
    SearchFile, SpaceFile, read_scenario,
};
