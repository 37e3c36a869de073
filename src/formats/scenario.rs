//! `offcut-scenario/1`: all that a planner needs.

use super::error::{did_you_mean, expect_format, parse};
use super::model::read_tree;
use super::numbers::whole;
use super::tree::Value;
use super::{FormatError, MAX_MODEL_BYTES, ModelFile, Problems, parse_tree};
use crate::base::{Bytes, Nanos};
use crate::cost::too_slow;
use crate::network::Network;
use crate::plan::{GridRule, Space, default_grids};
use crate::platform::{DataTypes, Link, Platform, Processor, presets};
use crate::zoo;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

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

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Reference<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = Reference<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a preset's id or an object")
            }
            fn visit_str<E: Error>(self, id: &str) -> Result<Self::Value, E> {
                Ok(Reference::Id(id.to_owned()))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|whole| Reference::Whole(Box::new(whole)))
            }
        }
        from.deserialize_any(Either(std::marker::PhantomData))
    }
}

/// A device or a server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    #[serde(default = "one")]
    pub slots: u32,
    /// Its memory in MiB, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_mb: Option<f64>,
}

/// The link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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

fn one() -> u32 {
    1
}

fn default_device() -> Reference<ProcessorFile> {
    Reference::Id("raspberry-pi-3b+".to_owned())
}

fn default_server() -> Reference<ProcessorFile> {
    Reference::Id("rtx-2080".to_owned())
}

fn default_link() -> Reference<LinkFile> {
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

/// Reads a scenario document.
///
/// # Errors
/// All that is wrong with its model, or the first thing that is wrong with the rest.
pub fn read_scenario(text: &str) -> Result<Scenario, Problems> {
    let tree = (text.len() <= MAX_MODEL_BYTES).then(|| parse_tree(text)).filter(|tree| tree.problems.is_empty());
    let model = tree.as_ref().and_then(|tree| tree.root.as_ref()).and_then(|root| root.get("model"));
    if let (Some(tree), Some(Value::Object(_))) = (&tree, model.map(|model| &model.value)) {
        let problems = read_tree(tree, "/model").problems;
        if !problems.is_empty() {
            return Err(Problems(problems));
        }
    }
    let located = |error: FormatError| {
        let mut problems = Problems::from(error);
        for problem in &mut problems.0 {
            let found = tree.as_ref().and_then(|tree| tree.locate(&problem.pointer));
            problem.place = found.filter(|_| !problem.pointer.is_empty()).or(problem.place);
        }
        problems
    };
    parse::<ScenarioFile>(text).and_then(|file| file.resolve()).map_err(located)
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
        expect_format(&self.format, FORMAT)?;
        let network = self.network_of_model()?;
        let device = processor(&self.device, presets::DEVICES).map_err(|e| e.inside("/device"))?;
        let server = processor(&self.server, presets::SERVERS).map_err(|e| e.inside("/server"))?;
        let mut link = link(&self.network).map_err(|e| e.inside("/network"))?;
        link.downlink_mbps.get_or_insert(link.uplink_mbps);
        let platform = Platform {
            device: device.checked().map_err(|e| e.inside("/device"))?,
            server: server.checked().map_err(|e| e.inside("/server"))?,
            link: link.checked().map_err(|e| e.inside("/network"))?,
            data: self.data.checked().map_err(|e| e.inside("/data"))?,
        };
        if let Some(slow) = too_slow(&network, &platform) {
            return Err(FormatError::at(slow.pointer(), slow));
        }
        let space = self.space.checked(&network).map_err(|e| e.inside("/space"))?;
        let budget = u64::from(self.search.particles) * u64::from(self.search.iterations);
        if self.search.particles < 2 || self.search.iterations == 0 || budget > 100_000_000 {
            let what = "take at least 2 particles and 1 iteration, and at most 10^8 evaluations in all";
            return Err(FormatError::at("/search", what));
        }
        let mut fusible = self.space.clone();
        fusible.fusible.get_or_insert_with(|| ranges(&space.fusible));
        let spelled_out = Self {
            format: FORMAT.to_owned(),
            model: Reference::Whole(Box::new(ModelFile::of(&network))),
            device: Reference::Whole(Box::new(device)),
            server: Reference::Whole(Box::new(server)),
            network: Reference::Whole(Box::new(link)),
            data: self.data,
            space: fusible,
            search: self.search,
        };
        Ok(Scenario { network, platform, space, search: self.search, spelled_out })
    }

    fn network_of_model(&self) -> Result<Network, FormatError> {
        match &self.model {
            Reference::Whole(file) => file.network().map_err(|e| e.inside("/model")),
            Reference::Id(id) => {
                let Some(built) = zoo::build(id) else {
                    let hint = did_you_mean(id, zoo::NETWORKS.iter().map(|entry| entry.id));
                    let what = format!("no network of the zoo is called `{id}`.{hint} `offcut models` lists them.");
                    return Err(FormatError::at("/model", what));
                };
                built.map_err(|error| FormatError::at("/model", error))
            }
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

/// Ranges of stages in which all are true, half-open.
fn ranges(flags: &[bool]) -> Vec<[u32; 2]> {
    let mut found: Vec<[u32; 2]> = Vec::new();
    for (stage, _) in (0u32..).zip(flags).filter(|(_, flag)| **flag) {
        match found.last_mut() {
            Some(range) if range[1] == stage => range[1] = stage + 1,
            _ => found.push([stage, stage + 1]),
        }
    }
    found
}

fn processor(
    reference: &Reference<ProcessorFile>,
    known: &[presets::ProcessorPreset],
) -> Result<ProcessorFile, FormatError> {
    match reference {
        Reference::Whole(file) => Ok((**file).clone()),
        Reference::Id(id) => match known.iter().find(|preset| preset.id == id) {
            Some(preset) => Ok(ProcessorFile::of(preset)),
            None => Err(unknown(id, known.iter().map(|preset| preset.id))),
        },
    }
}

fn link(reference: &Reference<LinkFile>) -> Result<LinkFile, FormatError> {
    match reference {
        Reference::Whole(file) => Ok((**file).clone()),
        Reference::Id(id) => match presets::link(id) {
            Some(preset) => Ok(LinkFile::of(preset)),
            None => Err(unknown(id, presets::LINKS.iter().map(|preset| preset.id))),
        },
    }
}

fn unknown<'a>(id: &str, known: impl Iterator<Item = &'a str> + Clone) -> FormatError {
    let all: Vec<&str> = known.clone().collect();
    let what = format!("no preset is called `{id}`.{} There are: {}", did_you_mean(id, known), all.join(", "));
    FormatError::at("", what)
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

    fn checked(&self) -> Result<Processor, FormatError> {
        if !(1..=64).contains(&self.slots) {
            return Err(FormatError::at("/slots", format!("{} slots; take 1 to 64", self.slots)));
        }
        let memory = self.memory_mb.map(|mb| whole("/memory_mb", mb, 1_048_576.0, 0.001, 1e9)).transpose()?;
        Ok(Processor {
            milli_gflops: whole("/gflops", self.gflops, 1e3, 1e-3, 1e6)?,
            milli_gb_per_s: whole("/memory_gb_per_s", self.memory_gb_per_s, 1e3, 1e-3, 1e6)?,
            overhead: Nanos(whole("/overhead_us", self.overhead_us, 1e3, 0.0, 1e7)?),
            slots: self.slots as usize,
            memory: memory.map(Bytes),
        })
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

    fn checked(&self) -> Result<Link, FormatError> {
        let down = self.downlink_mbps.unwrap_or(self.uplink_mbps);
        Ok(Link {
            uplink_kbps: whole("/uplink_mbps", self.uplink_mbps, 1e3, 1e-3, 1e6)?,
            latency: Nanos(whole("/latency_ms", self.latency_ms, 1e6, 0.0, 1e6)?),
            return_result: self.return_result,
            downlink_kbps: whole("/downlink_mbps", down, 1e3, 1e-3, 1e6)?,
        })
    }
}

impl DataFile {
    fn checked(&self) -> Result<DataTypes, FormatError> {
        let all = [
            ("/bytes_per_element", self.bytes_per_element),
            ("/input_bytes_per_element", self.input_bytes_per_element),
            ("/wire_bytes_per_element", self.wire_bytes_per_element),
        ];
        if let Some((field, value)) = all.into_iter().find(|(_, value)| !(1..=16).contains(value)) {
            return Err(FormatError::at(field, format!("{value} bytes per element; take 1 to 16")));
        }
        let [element, input_element, wire_element] = all.map(|(_, value)| u64::from(value));
        Ok(DataTypes { element, input_element, wire_element })
    }
}

impl SpaceFile {
    fn checked(&self, network: &Network) -> Result<Space, FormatError> {
        if self.max_fused_blocks > 8 {
            return Err(FormatError::at("/max_fused_blocks", "at most 8 fused blocks; lower it"));
        }
        for (index, [rows, columns]) in self.grids.iter().enumerate() {
            let tiles = u64::from(*rows) * u64::from(*columns);
            if tiles == 0 || tiles > 64 {
                let what = format!("a grid of {rows}×{columns}; take 1 to 64 tiles");
                return Err(FormatError::at(format!("/grids/{index}"), what));
            }
        }
        if self.step == Some(0) {
            return Err(FormatError::at("/step", "the step is 0; take 1 or more, or leave it out"));
        }
        let stages = network.stages().len();
        let mut fusible: Vec<bool> = network.stages().iter().map(|s| s.tileable && self.fusible.is_none()).collect();
        for (index, &[start, end]) in self.fusible.iter().flatten().enumerate() {
            if start >= end || end as usize > stages {
                let what = format!("stages {start}..{end} are not in 0..{stages}; ranges are half-open");
                return Err(FormatError::at(format!("/fusible/{index}"), what));
            }
            let range = start as usize..end as usize;
            for (flag, stage) in fusible[range.clone()].iter_mut().zip(&network.stages()[range]) {
                *flag = stage.tileable;
            }
        }
        let rule = if self.uneven { GridRule::Uneven { step: self.step } } else { GridRule::Even };
        Ok(Space { fusible, grids: self.grids.clone(), max_fused_blocks: self.max_fused_blocks as usize, rule })
    }
}
