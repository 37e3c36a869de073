//! The situation that the page shows: presets and what differs from them; and its link.
//!
//! Entry points: [`Situation`], [`FIELDS`]. One table drives links, controls and scenarios. Must not
//! know the planner or the browser.

mod fields;
mod link;

pub use fields::{FIELDS, Field, Group, Kind, Micro, field};
pub use link::{LOOKS, LinkError, VERSION};

use crate::formats::{
    DataFile, LinkFile, Method, ProcessorFile, Reference, SCENARIO_FORMAT, ScenarioFile, SearchFile, SpaceFile,
};
use crate::platform::presets::{self, LinkPreset, ProcessorPreset};
use crate::zoo;

/// Presets, and the values that differ from them.
#[derive(Clone, Debug, PartialEq)]
pub struct Situation {
    /// Zoo id of the network.
    pub model: &'static str,
    /// Preset of the device.
    pub device: &'static ProcessorPreset,
    /// Preset of the server.
    pub server: &'static ProcessorPreset,
    /// Preset of the link.
    pub link: &'static LinkPreset,
    /// The method shown.
    pub method: Method,
    /// Where the link leads: `plan`, or `embed/` and a figure.
    pub route: String,
    /// What the link says besides of how the page looks: pairs of [`LOOKS`] and their texts.
    pub looks: Vec<(String, String)>,
    /// By field: values that differ from the preset or default.
    changes: [Option<Micro>; FIELDS.len()],
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

    fn forget(&mut self, group: Group) {
        for (change, field) in self.changes.iter_mut().zip(FIELDS) {
            *change = change.filter(|_| field.group != group);
        }
    }

    /// The scenario to plan.
    pub fn scenario(&self) -> ScenarioFile {
        let value = |key: &str| field(key).map_or(0.0, |field| self.value(field));
        let whole = |key: &str| value(key) as u32;
        let processor = |preset: &ProcessorPreset, side: &str| ProcessorFile {
            gflops: value(&format!("{side}_gflops")),
            memory_gb_per_s: value(&format!("{side}_memory_gb_per_s")),
            overhead_us: value(&format!("{side}_overhead_us")),
            slots: whole(&format!("{side}_slots")),
            ..ProcessorFile::of(preset)
        };
        ScenarioFile {
            format: SCENARIO_FORMAT.to_owned(),
            model: Reference::Id(self.model.to_owned()),
            device: Reference::Whole(Box::new(processor(self.device, "device"))),
            server: Reference::Whole(Box::new(processor(self.server, "server"))),
            network: Reference::Whole(Box::new(LinkFile {
                name: self.link.name.to_owned(),
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
                ..SpaceFile::default()
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
