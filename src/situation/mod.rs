//! The situation that the page shows: presets, what differs from them, what its user brings along; and its link.
//!
//! Entry points: [`Situation`], [`FIELDS`], and between links and documents [`own`]. One table drives links, controls
//! and scenarios. Must not know the planner or the browser.

mod fields;
mod link;
pub mod own;

pub use fields::{FIELDS, Field, Group, Kind, Micro, field, meaning};
pub use link::{LOOKS, LinkError, VERSION};

use crate::formats::{
    DataFile, LinkFile, Method, ProcessorFile, Reference, SCENARIO_FORMAT, ScenarioFile, SearchFile, SpaceFile,
};
use crate::plan::default_grids;
use crate::platform::presets::{self, LinkPreset, ProcessorPreset};
use crate::zoo;

/// Presets, and the values that differ from them.
#[derive(Clone, Debug, PartialEq)]
pub struct Situation {
    /// Zoo id of the network, where it is not an own one.
    pub model: &'static str,
    /// An own network: its model document as [`crate::link_codec`] packs it.
    pub own: Option<String>,
    /// Preset of the device.
    pub device: &'static ProcessorPreset,
    /// Preset of the server.
    pub server: &'static ProcessorPreset,
    /// Preset of the link.
    pub link: &'static LinkPreset,
    /// Names of an own device, server and link.
    pub names: [String; 3],
    /// Pairs that the plan space is limited to, by [`Pairs`]; its default where there are none.
    pub pairs: [Option<Vec<[u32; 2]>>; 2],
    /// The method shown.
    pub method: Method,
    /// Where the link leads: `plan`, `models`, or `embed/` and a figure.
    pub route: String,
    /// What the link says besides of how the page looks: pairs of [`LOOKS`] and their texts.
    pub looks: Vec<(String, String)>,
    /// By field: values that differ from the preset or default.
    changes: [Option<Micro>; FIELDS.len()],
}

/// What a plan space may be limited to, by pairs of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairs {
    /// Grids, as rows and columns.
    Grids,
    /// Stages that may be fused, as half-open ranges.
    Fusible,
}

impl Default for Situation {
    /// Tiny-YOLOv2 on a Raspberry Pi 3B+ and an RTX 2080 over home Wi-Fi.
    fn default() -> Self {
        let processor = |known: &'static [ProcessorPreset], id| known.iter().find(|p| p.id == id).unwrap_or(&known[0]);
        Self {
            model: zoo::find("tiny-yolov2").map_or(zoo::NETWORKS[0].id, |entry| entry.id),
            device: processor(presets::DEVICES, "raspberry-pi-3b+"),
            server: processor(presets::SERVERS, "rtx-2080"),
            link: presets::link("home-wifi").unwrap_or(&presets::LINKS[0]),
            own: None,
            names: Default::default(),
            pairs: [None, None],
            method: Method::Psomw,
            route: "plan".to_owned(),
            looks: Vec::new(),
            changes: [None; FIELDS.len()],
        }
    }
}

impl Situation {
    /// The value of a field: what was chosen, else the preset's.
    pub fn value(&self, field: &Field) -> f64 {
        self.exact(field).value()
    }

    /// The value of a field, exactly.
    pub fn exact(&self, field: &Field) -> Micro {
        let chosen = place(field).and_then(|at| self.changes[at]);
        chosen.unwrap_or_else(|| Micro::new((field.preset)(self)))
    }

    /// Chooses a value, moved into the field's range; the preset's own is no change.
    pub fn set(&mut self, field: &Field, value: f64) {
        let value = Micro::new(field.kind.nearest(value));
        let preset = Micro::new((field.preset)(self));
        if let Some(at) = place(field) {
            self.changes[at] = (value != preset).then_some(value);
        }
    }

    /// Whether the value differs from the preset's.
    pub fn is_changed(&self, field: &Field) -> bool {
        place(field).is_some_and(|at| self.changes[at].is_some())
    }

    /// Chooses another device; what was changed of the old one is dropped.
    pub fn set_device(&mut self, preset: &'static ProcessorPreset) {
        self.device = preset;
        self.forget(Group::Device);
    }

    /// Chooses another server; what was changed of the old one is dropped.
    pub fn set_server(&mut self, preset: &'static ProcessorPreset) {
        self.server = preset;
        self.forget(Group::Server);
    }

    /// Chooses another link; what was changed of the old one is dropped.
    pub fn set_link(&mut self, preset: &'static LinkPreset) {
        self.link = preset;
        self.forget(Group::Link);
    }

    /// Chooses a network of the zoo; tiles, plans and stages of the one before are dropped.
    pub fn set_model(&mut self, id: &'static str) {
        self.model = id;
        self.own = None;
        self.forget_network();
    }

    /// Chooses an own network, packed.
    pub fn set_own(&mut self, packed: &str) {
        self.own = Some(packed.to_owned());
        self.forget_network();
    }

    fn forget_network(&mut self) {
        self.looks.retain(|(key, _)| !matches!(key.as_str(), "tile" | "p" | "step"));
        self.pairs[Pairs::Fusible as usize] = None;
    }

    fn forget(&mut self, group: Group) {
        if let Some(name) = self.names.get_mut(group as usize) {
            name.clear();
        }
        for (change, field) in self.changes.iter_mut().zip(FIELDS) {
            *change = change.filter(|_| field.group != group);
        }
    }

    /// Names of device, server and link.
    pub fn shown_names(&self) -> [&str; 3] {
        let presets = [self.device.name, self.server.name, self.link.name];
        let of = |at: usize| if self.names[at].is_empty() { presets[at] } else { self.names[at].as_str() };
        [of(0), of(1), of(2)]
    }

    /// The scenario to plan; of an own network it names the zoo's in its stead: [`own::scenario`] knows better.
    fn scenario(&self) -> ScenarioFile {
        let value = |key: &str| field(key).map_or(0.0, |field| self.value(field));
        let whole = |key: &str| value(key) as u32;
        let names = self.shown_names().map(str::to_owned);
        let processor = |group: Group, side: &str| ProcessorFile {
            name: names[group as usize].clone(),
            gflops: value(&format!("{side}_gflops")),
            memory_gb_per_s: value(&format!("{side}_memory_gb_per_s")),
            overhead_us: value(&format!("{side}_overhead_us")),
            slots: whole(&format!("{side}_slots")),
            memory_mb: Some(value(&format!("{side}_memory_kb")) / 1024.0).filter(|&mb| mb > 0.0),
        };
        ScenarioFile {
            format: SCENARIO_FORMAT.to_owned(),
            model: Reference::Id(self.model.to_owned()),
            device: Reference::Whole(Box::new(processor(Group::Device, "device"))),
            server: Reference::Whole(Box::new(processor(Group::Server, "server"))),
            network: Reference::Whole(Box::new(LinkFile {
                name: names[Group::Link as usize].clone(),
                uplink_mbps: value("uplink_mbps"),
                latency_ms: value("latency_ms"),
                return_result: value("return_result") > 0.0,
                downlink_mbps: Some(value("downlink_mbps")),
            })),
            data: DataFile {
                bytes_per_element: whole("bytes"),
                input_bytes_per_element: whole("input_bytes"),
                wire_bytes_per_element: whole("wire_bytes"),
            },
            space: SpaceFile {
                max_fused_blocks: whole("blocks"),
                uneven: value("uneven") > 0.0,
                grids: self.pairs[Pairs::Grids as usize].clone().unwrap_or_else(default_grids),
                fusible: self.pairs[Pairs::Fusible as usize].clone(),
                step: Some(whole("grid_step")).filter(|&step| step > 0),
            },
            search: SearchFile {
                method: self.method,
                seed: value("seed") as u64,
                particles: whole("particles"),
                iterations: whole("iterations"),
            },
        }
    }
}

/// Where a field stands among all.
fn place(field: &Field) -> Option<usize> {
    FIELDS.iter().position(|known| known.key == field.key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_situation_is_the_default_scenario() -> Result<(), crate::formats::FormatError> {
        let ours = Situation::default().scenario().resolve()?;
        let plain = ScenarioFile::of_model("tiny-yolov2").resolve()?;
        assert_eq!(ours, plain);
        Ok(())
    }

    #[test]
    fn a_new_device_forgets_the_old_ones_changes() {
        let mut situation = Situation::default();
        let speed = field("device_gflops").expect("a field");
        situation.set(speed, 99.0);
        assert!(situation.is_changed(speed));
        situation.set_device(&presets::DEVICES[0]);
        assert_eq!(situation.value(speed), presets::DEVICES[0].gflops);
    }
}
