//! From the page's situation to a task, without the documents in between.

use crate::base::{Bytes, Nanos};
use crate::cost::{TooSlow, too_slow};
use crate::formats::SearchFile;
use crate::job::Task;
use crate::network::NetworkError;
use crate::plan::{GridRule, Space};
use crate::platform::presets::ProcessorPreset;
use crate::platform::{DataTypes, Link, Platform, Processor};
use crate::situation::{Situation, field};
use crate::zoo;

/// Why a situation cannot be planned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaskError {
    /// Something is too slow.
    #[error("{0}")]
    TooSlow(TooSlow),
    /// A bug in the zoo.
    #[error("a bug in Offcut: the network could not be built; please report it")]
    Network(Box<NetworkError>),
    /// A bug in the page.
    #[error("a bug in Offcut: there is no network {0}; please report it")]
    NoNetwork(&'static str),
}

/// The task of a situation: the same as that of its scenario document.
///
/// # Errors
/// Something is too slow to be planned.
pub fn task(situation: &Situation) -> Result<Task, TaskError> {
    let scaled = |key: &str, scale: f64| {
        let value = field(key).map_or(0.0, |field| situation.value(field));
        // As documents round their decimals.
        (value * scale).round() as u64
    };
    let whole = |key: &str| scaled(key, 1.0);
    let built = zoo::build(situation.model).ok_or(TaskError::NoNetwork(situation.model))?;
    let network = built.map_err(|error| TaskError::Network(Box::new(error)))?;
    let processor = |keys: [&str; 4], preset: &ProcessorPreset| Processor {
        milli_gflops: scaled(keys[0], 1e3),
        milli_gb_per_s: scaled(keys[1], 1e3),
        overhead: Nanos(scaled(keys[2], 1e3)),
        slots: whole(keys[3]) as usize,
        memory: preset.memory_kb.map(|kb| Bytes(1024 * kb)),
    };
    let device = ["device_gflops", "device_memory_gb_per_s", "device_overhead_us", "device_slots"];
    let server = ["server_gflops", "server_memory_gb_per_s", "server_overhead_us", "server_slots"];
    let platform = Platform {
        device: processor(device, situation.device),
        server: processor(server, situation.server),
        link: Link {
            uplink_kbps: scaled("uplink_mbps", 1e3),
            latency: Nanos(scaled("latency_ms", 1e6)),
            return_result: whole("return_result") > 0,
            downlink_kbps: scaled("downlink_mbps", 1e3),
        },
        data: DataTypes {
            element: whole("bytes"),
            input_element: whole("input_bytes"),
            wire_element: whole("wire_bytes"),
        },
    };
    if let Some(slow) = too_slow(&network, &platform) {
        return Err(TaskError::TooSlow(slow));
    }
    let space = Space {
        max_fused_blocks: whole("blocks") as usize,
        rule: if whole("uneven") > 0 { GridRule::Uneven { step: None } } else { GridRule::Even },
        ..Space::default_of(&network)
    };
    let search = SearchFile {
        method: situation.method,
        seed: whole("seed"),
        particles: whole("particles") as u32,
        iterations: whole("iterations") as u32,
    };
    Ok(Task { network, platform, space, search })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::presets;
    use crate::situation::FIELDS;
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg64Mcg;

    /// What the page plans is what its scenario document says.
    #[test]
    fn tasks_are_those_of_the_documents() {
        let mut generator = Pcg64Mcg::seed_from_u64(5);
        let mut planned = 0;
        for round in 0..300 {
            let mut situation = Situation::default();
            situation.model = zoo::NETWORKS[round % 16].id;
            situation.set_device(&presets::DEVICES[round % presets::DEVICES.len()]);
            situation.set_server(&presets::SERVERS[round % presets::SERVERS.len()]);
            situation.set_link(&presets::LINKS[round % presets::LINKS.len()]);
            for field in FIELDS.iter().filter(|_| round > 40) {
                if generator.random_bool(0.4) {
                    situation.set(field, field.kind.at(generator.random::<f64>() * 1000.0));
                }
            }
            match (task(&situation), situation.scenario().resolve()) {
                (Ok(task), Ok(scenario)) => {
                    planned += 1;
                    assert!(task == Task::from(&scenario), "{}", situation.to_fragment());
                }
                (Err(TaskError::TooSlow(slow)), Err(error)) => assert_eq!(error.pointer, slow.pointer()),
                // The document limits the budget of the search; the page's fields do so by their ranges.
                (task, scenario) => panic!("{:?} {:?} {}", task.err(), scenario.err(), situation.to_fragment()),
            }
        }
        assert!(planned > 100, "{planned}");
    }
}
