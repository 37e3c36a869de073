//! `offcut-plan/1`: the answer, complete enough to be checked by hand.

use super::reader::Reader;
use super::scenario::tree_of;
use super::{Method, Problems, Scenario, ScenarioFile};
use crate::base::Span;
use serde::Serialize;

/// The format's name and version.
pub const FORMAT: &str = "offcut-plan/1";

/// A block: its stages and its grid's boundaries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BlockFile {
    /// First stage, from 0.
    pub first_stage: usize,
    /// Last stage, inclusive.
    pub last_stage: usize,
    /// Row boundaries.
    pub rows: Vec<u32>,
    /// Column boundaries.
    pub columns: Vec<u32>,
}

/// A stage of the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StageFile {
    /// Names of its layers.
    pub layers: Vec<String>,
    /// Whether it may be tiled.
    pub tileable: bool,
}

/// A region, its ranges half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RegionFile {
    /// Rows.
    #[cfg_attr(test, schemars(with = "[u32; 2]"))]
    pub rows: Span,
    /// Columns.
    #[cfg_attr(test, schemars(with = "[u32; 2]"))]
    pub columns: Span,
}

impl From<crate::base::Region> for RegionFile {
    fn from(region: crate::base::Region) -> Self {
        Self { rows: region.rows, columns: region.columns }
    }
}

/// A path: a tile and where it is cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PathFile {
    /// Its block.
    pub block: usize,
    /// Row and column in the grid.
    pub tile: [u32; 2],
    /// Stages that the device runs.
    pub cut: usize,
    /// Its cell of the block's output.
    pub output: RegionFile,
    /// What it needs of the block's input.
    pub input: RegionFile,
}

/// One operation of the schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OperationFile {
    /// Index into the paths.
    pub path: usize,
    /// `device`, `uplink`, `server` or `downlink`.
    pub resource: String,
    /// Slot of the resource; 0 on links.
    pub slot: usize,
    /// Start.
    pub start_ns: u64,
    /// End.
    pub end_ns: u64,
    /// Bytes, transfers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

/// A plan document.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanFile {
    /// `offcut-plan/1`.
    pub format: String,
    /// The scenario, spelled out.
    pub scenario: ScenarioFile,
    /// What found it.
    pub method: Method,
    /// The FL strategy.
    pub blocks: Vec<BlockFile>,
    /// The network's stages.
    pub stages: Vec<StageFile>,
    /// The paths, by block, then row by row.
    pub paths: Vec<PathFile>,
    /// Indices into the paths.
    pub order: Vec<usize>,
    /// The schedule.
    pub operations: Vec<OperationFile>,
    /// The inference time.
    pub makespan_ns: u64,
    /// No plan of the scenario's space is faster.
    pub lower_bound_ns: u64,
    /// Device memory at the peak.
    pub device_memory_bytes: u64,
    /// Whether no plan of the space is faster than this one.
    pub proven_optimal: bool,
    /// Plans that the search evaluated.
    pub evaluations: u64,
    /// What ended the search early, if anything did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_by: Option<String>,
}

/// Reads a plan document; nothing that it claims is believed before it is checked.
///
/// # Errors
/// All that is wrong with its form and its scenario, each with its place.
pub fn read_plan(text: &str) -> Result<PlanFile, Problems> {
    read_plan_with_scenario(text).map(|(file, _)| file)
}

/// As [`read_plan`], with what the document's scenario means.
///
/// # Errors
/// All that is wrong with its form and its scenario, each with its place.
pub fn read_plan_with_scenario(text: &str) -> Result<(PlanFile, Scenario), Problems> {
    let tree = tree_of(text)?;
    let mut reader = Reader::new(&tree);
    let (file, scenario) = reader.root().map(|root| reader.plan(root)).unzip();
    match (file.zip(scenario.flatten()), reader.finish()) {
        (Some(found), problems) if problems.is_empty() => Ok(found),
        (_, problems) => Err(Problems(problems)),
    }
}

impl PlanFile {
    /// The document as text, always the same bytes for the same plan.
    pub fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}
