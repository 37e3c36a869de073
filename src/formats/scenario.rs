//! `offcut-scenario/1`: all that a planner needs.

use super::problem::{Problem, Problems};
use super::reader::Reader;
use super::tree::Tree;
use super::{FormatError, ModelFile, scenario_check, tree_parser};
use crate::network::Network;
use crate::plan::{Space, default_grids};
use crate::platform::{Platform, presets};
use serde::Serialize;
use serde::ser::Serializer;

/// The format's name and version.
pub const FORMAT: &str = "offcut-scenario/1";

/// A preset's id, or a whole object.
#[derive(Clone, Debug, PartialEq)]
pub enum Reference<T> {
    /// A preset.
    Id(String),
    /// Spelled out.
    Whole(Box<T>),
}

/// A zoo network's id, or a model document.
pub type ModelRef = Reference<ModelFile>;

impl<T: Serialize> Serialize for Reference<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Id(id) => to.serialize_str(id),
            Self::Whole(whole) => whole.serialize(to),
        }
    }
}

/// A device or a server.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ProcessorFile {
    /// Its name, for people.
    #[serde(default)]
    pub name: String,
    /// Compute rate; one MAC is two operations.
    pub gflops: f64,
    /// Memory rate.
    pub memory_gb_per_s: f64,
    /// Time lost at each layer.
    #[serde(default)]
    pub overhead_us: f64,
    /// Operations side by side.
    #[cfg_attr(test, schemars(default = "one"))]
    pub slots: u32,
    /// Its memory in MiB, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_mb: Option<f64>,
}

/// The link.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkFile {
    /// Its name, for people.
    #[serde(default)]
    pub name: String,
    /// Rate up.
    pub uplink_mbps: f64,
    /// Time of each transfer besides its bytes.
    #[serde(default)]
    pub latency_ms: f64,
    /// Whether the result goes back.
    #[serde(default)]
    pub return_result: bool,
    /// Rate down; the uplink's where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub downlink_mbps: Option<f64>,
}

/// Bytes per element.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct DataFile {
    /// In memory.
    pub bytes_per_element: u32,
    /// Of the network's input.
    pub input_bytes_per_element: u32,
    /// On the wire.
    pub wire_bytes_per_element: u32,
}

impl Default for DataFile {
    fn default() -> Self {
        Self { bytes_per_element: 4, input_bytes_per_element: 1, wire_bytes_per_element: 4 }
    }
}

/// The plan space.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SpaceFile {
    /// The most fused blocks of one strategy.
    pub max_fused_blocks: u32,
    /// Grids, as rows × columns.
    pub grids: Vec<[u32; 2]>,
    /// Half-open ranges of stages that may be fused; all tileable ones where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fusible: Option<Vec<[u32; 2]>>,
    /// Whether boundaries may move.
    pub uneven: bool,
    /// Where boundaries may lie: at multiples of it. ⌈H/16⌉ and ⌈W/16⌉ where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
}

impl Default for SpaceFile {
    fn default() -> Self {
        Self { max_fused_blocks: 1, grids: default_grids(), fusible: None, uneven: false, step: None }
    }
}

/// How plans are searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Everything on the device.
    DeviceOnly,
    /// Everything on the server.
    ServerOnly,
    /// One block, the best single cut.
    Nfl,
    /// Greedy minimising of waiting.
    Mw,
    /// Particle swarm with the minimising-waiting decoder.
    Psomw,
    /// Every plan.
    BruteForce,
    /// The proven best.
    Exact,
}

impl Method {
    /// All methods, in the order of comparisons.
    pub const ALL: [Self; 7] =
        [Self::DeviceOnly, Self::ServerOnly, Self::Nfl, Self::Mw, Self::Psomw, Self::BruteForce, Self::Exact];

    /// The id in documents and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::DeviceOnly => "device_only",
            Self::ServerOnly => "server_only",
            Self::Nfl => "nfl",
            Self::Mw => "mw",
            Self::Psomw => "psomw",
            Self::BruteForce => "brute_force",
            Self::Exact => "exact",
        }
    }

    /// The method of an id.
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.id() == id)
    }
}

/// Method, seed and budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SearchFile {
    /// The method.
    pub method: Method,
    /// The seed of whatever is drawn.
    pub seed: u64,
    /// Particles of the swarm.
    pub particles: u32,
    /// Iterations of the swarm; its budget is particles × iterations evaluations.
    pub iterations: u32,
}

impl Default for SearchFile {
    fn default() -> Self {
        Self { method: Method::Psomw, seed: 1, particles: 40, iterations: 100 }
    }
}

/// A scenario document.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScenarioFile {
    /// `offcut-scenario/1`.
    pub format: String,
    /// The network.
    pub model: ModelRef,
    /// The small side.
    #[serde(default = "default_device")]
    pub device: Reference<ProcessorFile>,
    /// The large side.
    #[serde(default = "default_server")]
    pub server: Reference<ProcessorFile>,
    /// What lies between.
    #[serde(default = "default_link")]
    pub network: Reference<LinkFile>,
    /// Bytes per element.
    #[serde(default)]
    pub data: DataFile,
    /// The plan space.
    #[serde(default)]
    pub space: SpaceFile,
    /// Method, seed, budget.
    #[serde(default)]
    pub search: SearchFile,
}

#[cfg(test)]
fn one() -> u32 {
    1
}

pub(super) fn default_device() -> Reference<ProcessorFile> {
    Reference::Id("raspberry-pi-3b+".to_owned())
}

pub(super) fn default_server() -> Reference<ProcessorFile> {
    Reference::Id("rtx-2080".to_owned())
}

pub(super) fn default_link() -> Reference<LinkFile> {
    Reference::Id("home-wifi".to_owned())
}

/// A valid scenario: what searches take.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The network.
    pub network: Network,
    /// What it runs on.
    pub platform: Platform,
    /// The plan space.
    pub space: Space,
    /// Method, seed, budget.
    pub search: SearchFile,
    /// The document with every preset and default spelled out.
    pub spelled_out: ScenarioFile,
}

/// The largest scenario or plan document that is read, in bytes.
const MAX_BYTES: usize = 64 << 20;

/// The tree of a scenario or plan document.
///
/// # Errors
/// It is too large to be one.
pub(super) fn tree_of(text: &str) -> Result<Tree<'_>, Problems> {
    if text.len() > MAX_BYTES {
        let what = "the document is larger than 64 MiB";
        return Err(Problem::new("E004", "", what, "remove what is not needed").into());
    }
    Ok(tree_parser::parse(text))
}

/// Reads a scenario document.
///
/// # Errors
/// All that is wrong, each with its place.
pub fn read_scenario(text: &str) -> Result<Scenario, Problems> {
    let tree = tree_of(text)?;
    let mut reader = Reader::new(&tree);
    let found = reader.root().and_then(|root| reader.scenario(root, "").1);
    match (found, reader.finish()) {
        (Some(scenario), problems) if problems.is_empty() => Ok(scenario),
        (_, problems) => Err(Problems(problems)),
    }
}

impl ScenarioFile {
    /// The scenario of a zoo network with all defaults.
    pub fn of_model(id: &str) -> Self {
        Self {
            format: FORMAT.to_owned(),
            model: Reference::Id(id.to_owned()),
            device: default_device(),
            server: default_server(),
            network: default_link(),
            data: DataFile::default(),
            space: SpaceFile::default(),
            search: SearchFile::default(),
        }
    }

    /// Looks presets up and checks every value.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn resolve(&self) -> Result<Scenario, FormatError> {
        self.valid().map_err(FormatError::first)
    }

    /// Looks presets up and checks every value.
    ///
    /// # Errors
    /// All that is wrong, by pointers only, for there is no text.
    pub fn valid(&self) -> Result<Scenario, Problems> {
        let mut problems = Vec::new();
        if let Err(error) = super::error::expect_format(&self.format, FORMAT) {
            problems.push(Problem::said("E013", "/format", &error.what));
        }
        let network = scenario_check::network(&self.model, &mut problems);
        let scenario = scenario_check::check(self, network, &mut problems);
        match scenario {
            Some(scenario) if problems.is_empty() => Ok(scenario),
            _ => Err(Problems(problems)),
        }
    }
}

impl ScenarioFile {
    /// The document as text; always the same bytes for the same scenario.
    pub fn to_text(&self) -> String {
        // It has no maps with keys other than texts: writing it to memory cannot fail.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

impl ProcessorFile {
    /// A preset, spelled out.
    pub fn of(preset: &presets::ProcessorPreset) -> Self {
        Self {
            name: preset.name.to_owned(),
            gflops: preset.gflops,
            memory_gb_per_s: preset.memory_gb_per_s,
            overhead_us: preset.overhead_us,
            slots: 1,
            memory_mb: preset.memory_kb.map(|kb| kb as f64 / 1024.0),
        }
    }
}

impl LinkFile {
    /// A preset, spelled out.
    pub fn of(preset: &presets::LinkPreset) -> Self {
        Self {
            name: preset.name.to_owned(),
            uplink_mbps: preset.uplink_mbps,
            latency_ms: preset.latency_ms,
            return_result: false,
            downlink_mbps: Some(preset.downlink_mbps),
        }
    }
}
