//! Between links and documents: an own network out of its link, a scenario document as a situation, and back.
//!
//! Entry points: [`network`], [`scenario`], [`of_scenario`]. The page's first load knows none of it: it reads no JSON
//! and unpacks nothing.

use super::{FIELDS, Field, Group, Pairs, Situation, field};
use crate::formats::{LinkFile, ModelFile, Problem, Problems, ProcessorFile, Reference, Scenario, ScenarioFile};
use crate::link_codec::{CodecError, pack, unpack};
use crate::network::Network;
use crate::platform::presets::{self, LinkPreset, ProcessorPreset};
use crate::zoo;

/// The code of what is right, but more than the page has controls for.
const BEYOND: &str = "E044";

/// Why a link's own network cannot be opened.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OwnError {
    /// It cannot be unpacked.
    #[error("Of the network in this link: {0}.")]
    Codec(#[from] CodecError),
    /// What it unpacks to is no model document.
    #[error("The network in this link cannot be used: {0}")]
    Model(Problems),
}

/// The network of a packed model document.
///
/// # Errors
/// It is damaged, too large, or no model.
pub fn network(packed: &str) -> Result<Network, OwnError> {
    crate::formats::read_model(&unpack(packed)?).map_err(OwnError::Model)
}

/// A network's model document for a link, always the same for the same network.
pub fn packed(network: &Network) -> String {
    pack(&ModelFile::of(network).to_text())
}

/// The scenario document of a situation, its own network included.
///
/// # Errors
/// The own network cannot be opened.
pub fn scenario(situation: &Situation) -> Result<ScenarioFile, OwnError> {
    let mut file = situation.scenario();
    if let Some(packed) = &situation.own {
        file.model = Reference::Whole(Box::new(ModelFile::of(&network(packed)?)));
    }
    Ok(file)
}

/// The situation of a scenario: what a preset or the zoo has is told by its name, the rest is one's own.
///
/// # Errors
/// A value that the page has no control for: it is to be planned on the command line.
pub fn of_scenario(scenario: &Scenario) -> Result<Situation, Problems> {
    let mut situation = Situation::default();
    put_network(&mut situation, &scenario.network);
    let file = &scenario.spelled_out;
    if let Reference::Whole(device) = &file.device {
        situation.set_device(processor(presets::DEVICES, device));
        put_name(&mut situation, Group::Device, &device.name)?;
    }
    if let Reference::Whole(server) = &file.server {
        situation.set_server(processor(presets::SERVERS, server));
        put_name(&mut situation, Group::Server, &server.name)?;
    }
    if let Reference::Whole(link) = &file.network {
        situation.set_link(link_preset(link));
        put_name(&mut situation, Group::Link, &link.name)?;
    }
    put_numbers(&mut situation, scenario)?;
    put_space(&mut situation, scenario);
    situation.method = scenario.search.method;
    Ok(situation)
}

fn put_network(situation: &mut Situation, network: &Network) {
    let of_zoo = zoo::NETWORKS.iter().filter(|entry| entry.name == network.name());
    let same = of_zoo.into_iter().find(|entry| matches!(zoo::build(entry.id), Some(Ok(built)) if built == *network));
    match same {
        Some(entry) => situation.set_model(entry.id),
        None => situation.set_own(&packed(network)),
    }
}

fn processor(known: &'static [ProcessorPreset], file: &ProcessorFile) -> &'static ProcessorPreset {
    known.iter().find(|preset| preset.name == file.name).unwrap_or(&presets::OWN_PROCESSOR)
}

fn link_preset(file: &LinkFile) -> &'static LinkPreset {
    presets::LINKS.iter().find(|preset| preset.name == file.name).unwrap_or(&presets::OWN_LINK)
}

fn put_name(situation: &mut Situation, group: Group, name: &str) -> Result<(), Problems> {
    if situation.shown_names()[group as usize] == name {
        return Ok(());
    }
    if name.chars().count() > super::link::LONGEST_NAME {
        let pointer = ["/device/name", "/server/name", "/network/name"][group as usize];
        let what = "the page shows names of at most 64 characters";
        return Err(Problem::new(BEYOND, pointer, what, "give a shorter one").into());
    }
    name.clone_into(&mut situation.names[group as usize]);
    Ok(())
}

/// All numbers, in their integers: a document's decimals were rounded once, on loading.
fn put_numbers(situation: &mut Situation, scenario: &Scenario) -> Result<(), Problems> {
    let (platform, search) = (&scenario.platform, scenario.search);
    let (device, server, link) = (&platform.device, &platform.server, &platform.link);
    let kb = |memory: Option<crate::base::Bytes>| memory.map_or(0.0, |bytes| bytes.0 as f64 / 1024.0);
    let rule = scenario.spelled_out.space.uneven;
    for (key, pointer, value) in [
        ("device_gflops", "/device/gflops", device.milli_gflops as f64 / 1e3),
        ("device_memory_gb_per_s", "/device/memory_gb_per_s", device.milli_gb_per_s as f64 / 1e3),
        ("device_overhead_us", "/device/overhead_us", device.overhead.0 as f64 / 1e3),
        ("device_slots", "/device/slots", device.slots as f64),
        ("device_memory_kb", "/device/memory_mb", kb(device.memory)),
        ("server_gflops", "/server/gflops", server.milli_gflops as f64 / 1e3),
        ("server_memory_gb_per_s", "/server/memory_gb_per_s", server.milli_gb_per_s as f64 / 1e3),
        ("server_overhead_us", "/server/overhead_us", server.overhead.0 as f64 / 1e3),
        ("server_slots", "/server/slots", server.slots as f64),
        ("server_memory_kb", "/server/memory_mb", kb(server.memory)),
        ("uplink_mbps", "/network/uplink_mbps", link.uplink_kbps as f64 / 1e3),
        ("latency_ms", "/network/latency_ms", link.latency.0 as f64 / 1e6),
        ("return_result", "/network/return_result", f64::from(u8::from(link.return_result))),
        ("downlink_mbps", "/network/downlink_mbps", link.downlink_kbps as f64 / 1e3),
        ("bytes", "/data/bytes_per_element", platform.data.element as f64),
        ("input_bytes", "/data/input_bytes_per_element", platform.data.input_element as f64),
        ("wire_bytes", "/data/wire_bytes_per_element", platform.data.wire_element as f64),
        ("blocks", "/space/max_fused_blocks", scenario.space.max_fused_blocks as f64),
        ("uneven", "/space/uneven", f64::from(u8::from(rule))),
        ("grid_step", "/space/step", f64::from(scenario.spelled_out.space.step.unwrap_or(0))),
        ("seed", "/search/seed", search.seed as f64),
        ("particles", "/search/particles", f64::from(search.particles)),
        ("iterations", "/search/iterations", f64::from(search.iterations)),
    ] {
        let Some(field) = field(key) else { continue };
        put(situation, field, pointer, value)?;
    }
    Ok(())
}

fn put(situation: &mut Situation, field: &Field, pointer: &str, value: f64) -> Result<(), Problems> {
    if !field.kind.accepts(value) {
        let (least, most) = field.kind.range();
        let [least, most] = [least, most].map(super::Micro::new);
        let what = format!("the page takes {least} to {most} here");
        return Err(Problem::new(BEYOND, pointer, what, "change it, or plan it on the command line").into());
    }
    situation.set(field, value);
    Ok(())
}

/// Grids and stages, where they are not all.
fn put_space(situation: &mut Situation, scenario: &Scenario) {
    let space = &scenario.spelled_out.space;
    if space.grids != crate::plan::default_grids() {
        situation.pairs[Pairs::Grids as usize] = Some(space.grids.clone());
    }
    let stages = scenario.network.stages();
    let is_all = stages.iter().zip(&scenario.space.fusible).all(|(stage, &fusible)| stage.tileable == fusible);
    situation.pairs[Pairs::Fusible as usize] = space.fusible.clone().filter(|_| !is_all);
}

/// The entries of a link that make a device, server or link the one of a situation, with its name.
pub fn entries_of(situation: &Situation, group: Group, name: &str) -> String {
    let key = ["device", "server", "network"][group as usize];
    let mut entries = format!("{key}={}&{key}_name={}", presets::OWN, crate::percent::escaped(name));
    for field in FIELDS.iter().filter(|field| field.group == group) {
        entries += &format!("&{}={}", field.key, situation.exact(field));
    }
    entries
}
