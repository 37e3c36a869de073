//! What a scenario document means: presets looked up, values checked; all that is wrong is told of.

use super::numbers::Quantity;
use super::problem::{Problem, clipped, nearest};
use super::scenario::{
    DataFile, FORMAT, LinkFile, ModelRef, ProcessorFile, Reference, Scenario, ScenarioFile, SearchFile, SpaceFile,
};
use super::{ModelFile, Problems};
use crate::base::{Bytes, Decimal, Nanos};
use crate::cost::too_slow;
use crate::network::Network;
use crate::plan::{GridRule, Space};
use crate::platform::{DataTypes, Link, Platform, Processor, presets};
use crate::zoo;

/// Problems of one part of the document.
struct Part<'a> {
    pointer: &'static str,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Part<'a> {
    fn of(pointer: &'static str, problems: &'a mut Vec<Problem>) -> Self {
        Self { pointer, problems }
    }

    fn tell(&mut self, field: &str, what: &str, remedy: &str) {
        self.problems.push(Problem::new("E040", [self.pointer, field].concat(), what, remedy));
    }

    /// The value of a quantity, counted.
    fn counted(&mut self, field: &str, value: f64, quantity: Quantity) -> u64 {
        if !quantity.holds(value) {
            let written = Decimal::new(value, 6).trimmed().to_string();
            self.problems.push(quantity.refusal(&[self.pointer, field].concat(), &written));
        }
        quantity.counted(value)
    }

    fn processor(&mut self, file: &ProcessorFile) -> Processor {
        if !(1..=64).contains(&file.slots) {
            self.tell("/slots", &format!("{} slots", file.slots), "take 1 to 64");
        }
        Processor {
            milli_gflops: self.counted("/gflops", file.gflops, Quantity::RATE),
            milli_gb_per_s: self.counted("/memory_gb_per_s", file.memory_gb_per_s, Quantity::RATE),
            overhead: Nanos(self.counted("/overhead_us", file.overhead_us, Quantity::OVERHEAD)),
            slots: file.slots as usize,
            memory: file.memory_mb.map(|mb| Bytes(self.counted("/memory_mb", mb, Quantity::MEMORY))),
        }
    }

    fn link(&mut self, file: &LinkFile) -> Link {
        let uplink_kbps = self.counted("/uplink_mbps", file.uplink_mbps, Quantity::RATE);
        Link {
            uplink_kbps,
            latency: Nanos(self.counted("/latency_ms", file.latency_ms, Quantity::LATENCY)),
            return_result: file.return_result,
            downlink_kbps: match file.downlink_mbps {
                Some(mbps) => self.counted("/downlink_mbps", mbps, Quantity::RATE),
                None => uplink_kbps,
            },
        }
    }

    fn data(&mut self, file: &DataFile) -> DataTypes {
        let mut bytes = |field: &str, value: u32| {
            if !(1..=16).contains(&value) {
                self.tell(field, &format!("{value} bytes per element"), "take 1 to 16");
            }
            u64::from(value)
        };
        DataTypes {
            element: bytes("/bytes_per_element", file.bytes_per_element),
            input_element: bytes("/input_bytes_per_element", file.input_bytes_per_element),
            wire_element: bytes("/wire_bytes_per_element", file.wire_bytes_per_element),
        }
    }

    /// The space's own values; what depends on the network is checked by [`Self::fusible`].
    fn space(&mut self, file: &SpaceFile) {
        if file.max_fused_blocks > 8 {
            self.tell("/max_fused_blocks", "at most 8 fused blocks", "lower it");
        }
        for (index, [rows, columns]) in file.grids.iter().enumerate() {
            let tiles = u64::from(*rows) * u64::from(*columns);
            if tiles == 0 || tiles > 64 {
                self.tell(&format!("/grids/{index}"), &format!("a grid of {rows}×{columns}"), "take 1 to 64 tiles");
            }
        }
        if file.step == Some(0) {
            self.tell("/step", "the step is 0", "take 1 or more, or leave it out");
        }
    }

    /// Which stages may be fused.
    fn fusible(&mut self, file: &SpaceFile, network: &Network) -> Vec<bool> {
        let stages = network.stages();
        let Some(ranges) = &file.fusible else { return stages.iter().map(|stage| stage.tileable).collect() };
        let mut fusible = vec![false; stages.len()];
        for (index, &[start, end]) in ranges.iter().enumerate() {
            if start >= end || end as usize > stages.len() {
                let what = format!("stages {start}..{end} are not in 0..{}", stages.len());
                self.tell(&format!("/fusible/{index}"), &what, "ranges are half-open");
                continue;
            }
            let range = start as usize..end as usize;
            for (flag, stage) in fusible[range.clone()].iter_mut().zip(&stages[range]) {
                *flag = stage.tileable;
            }
        }
        fusible
    }

    fn search(&mut self, file: SearchFile) {
        let budget = u64::from(file.particles) * u64::from(file.iterations);
        if file.particles < 2 || file.iterations == 0 || budget > 100_000_000 {
            let what = format!("{} particles and {} iterations", file.particles, file.iterations);
            self.tell("", &what, "take at least 2 particles and 1 iteration, and at most 10^8 evaluations in all");
        }
    }
}

/// The network of a model; none where there is a problem.
pub(super) fn network(model: &ModelRef, problems: &mut Vec<Problem>) -> Option<Network> {
    let found = match model {
        Reference::Whole(file) => whole_network(file),
        Reference::Id(id) => zoo_network(id),
    };
    found.map_err(|Problems(found)| problems.extend(found)).ok()
}

fn whole_network(file: &ModelFile) -> Result<Network, Problems> {
    let inside = |problem: Problem| Problem { pointer: ["/model", &problem.pointer].concat(), ..problem };
    if let Err(error) = super::error::expect_format(&file.format, super::model::FORMAT) {
        return Err(Problem::said("E013", "/model/format", &error.what).into());
    }
    file.assembled().map_err(|Problems(problems)| Problems(problems.into_iter().map(inside).collect()))
}

fn zoo_network(id: &str) -> Result<Network, Problems> {
    match zoo::build(id) {
        Some(Ok(network)) => Ok(network),
        Some(Err(error)) => Err(Problem::said("E031", "/model", &error.to_string()).into()),
        None => {
            let what = format!("no network of the zoo is called `{}`", clipped(id));
            let meant = nearest(id, zoo::NETWORKS.iter().map(|entry| entry.id));
            Err(Problem::new("E041", "/model", what, "`offcut models` lists them").or_rather(meant).into())
        }
    }
}

/// A preset or what is spelled out; none, and a problem, where there is no such preset.
fn looked_up<T: Clone>(
    reference: &Reference<T>,
    ids: &[&str],
    preset: impl Fn(usize) -> T,
    part: &mut Part,
) -> Option<T> {
    let id = match reference {
        Reference::Whole(file) => return Some((**file).clone()),
        Reference::Id(id) => id,
    };
    let found = ids.iter().position(|known| known == id);
    if found.is_none() {
        let what = format!("no preset is called `{}`", clipped(id));
        let remedy = ["use one of ", &ids.join(", "), ", or spell it out"].concat();
        let problem = Problem::new("E041", part.pointer, what, remedy);
        part.problems.push(problem.or_rather(nearest(id, ids.iter().copied())));
    }
    found.map(preset)
}

fn processor(
    reference: &Reference<ProcessorFile>,
    known: &[presets::ProcessorPreset],
    mut part: Part,
) -> Option<(ProcessorFile, Processor)> {
    let ids: Vec<&str> = known.iter().map(|preset| preset.id).collect();
    let file = looked_up(reference, &ids, |at| ProcessorFile::of(&known[at]), &mut part)?;
    let processor = part.processor(&file);
    Some((file, processor))
}

fn link(reference: &Reference<LinkFile>, mut part: Part) -> Option<(LinkFile, Link)> {
    let ids: Vec<&str> = presets::LINKS.iter().map(|preset| preset.id).collect();
    let mut file = looked_up(reference, &ids, |at| LinkFile::of(&presets::LINKS[at]), &mut part)?;
    let link = part.link(&file);
    file.downlink_mbps.get_or_insert(file.uplink_mbps);
    Some((file, link))
}

/// Checks a scenario with its network, if that is known. There is a scenario where there is no problem; with problems,
/// there may be one.
pub(super) fn check(file: &ScenarioFile, network: Option<Network>, problems: &mut Vec<Problem>) -> Option<Scenario> {
    let device = processor(&file.device, presets::DEVICES, Part::of("/device", problems));
    let server = processor(&file.server, presets::SERVERS, Part::of("/server", problems));
    let link = link(&file.network, Part::of("/network", problems));
    let data = Part::of("/data", problems).data(&file.data);
    Part::of("/space", problems).space(&file.space);
    Part::of("/search", problems).search(file.search);
    let (network, (device_file, device), (server_file, server), (link_file, link)) =
        (network?, device?, server?, link?);
    let platform = Platform { device, server, link, data };
    let fusible = Part::of("/space", problems).fusible(&file.space, &network);
    // Times of values that are no times would be told of as too slow.
    if problems.is_empty()
        && let Some(slow) = too_slow(&network, &platform)
    {
        problems.push(Problem::said("E043", slow.pointer(), &slow.to_string()));
    }
    let rule = if file.space.uneven { GridRule::Uneven { step: file.space.step } } else { GridRule::Even };
    let space = Space {
        grids: file.space.grids.clone(),
        max_fused_blocks: file.space.max_fused_blocks as usize,
        rule,
        fusible,
    };
    let mut spelled_space = file.space.clone();
    spelled_space.fusible.get_or_insert_with(|| ranges(&space.fusible));
    let spelled_out = ScenarioFile {
        format: FORMAT.to_owned(),
        model: Reference::Whole(Box::new(ModelFile::of(&network))),
        device: Reference::Whole(Box::new(device_file)),
        server: Reference::Whole(Box::new(server_file)),
        network: Reference::Whole(Box::new(link_file)),
        data: file.data,
        space: spelled_space,
        search: file.search,
    };
    Some(Scenario { network, platform, space, search: file.search, spelled_out })
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
