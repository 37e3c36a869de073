//! From the page's situation to a task, without the documents in between.

use crate::base::{Bytes, Nanos};
use crate::cost::{TooSlow, too_slow};
use crate::formats::SearchFile;
use crate::job::Task;
use crate::network::{Network, NetworkError};
use crate::parcel;
use crate::plan::{GridRule, Space};
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
    #[error("a bug in Offcut: there is no network; please report it")]
    NoNetwork,
    /// Grids or stages that the link allows, but the network does not have.
    #[error(
        "This link allows grids or stages that there are not. Grids have 1 to 64 tiles, stages are those of the network."
    )]
    Space,
}

/// The task of a situation, whose own network comes as a [`parcel`]: the same as that of its scenario document.
///
/// # Errors
/// Something is too slow to be planned, or the plan space does not fit the network.
pub fn task(situation: &Situation, own: &str) -> Result<Task, TaskError> {
    let scaled = |key: &str, scale: f64| {
        let value = field(key).map_or(0.0, |field| situation.value(field));
        // As documents round their decimals.
        (value * scale).round() as u64
    };
    let whole = |key: &str| scaled(key, 1.0);
    let network = network(situation, own)?;
    let processor = |keys: [&str; 5]| Processor {
        milli_gflops: scaled(keys[0], 1e3),
        milli_gb_per_s: scaled(keys[1], 1e3),
        overhead: Nanos(scaled(keys[2], 1e3)),
        slots: whole(keys[3]) as usize,
        memory: Some(Bytes(scaled(keys[4], 1024.0))).filter(|memory| *memory > Bytes::ZERO),
    };
    let device = ["device_gflops", "device_memory_gb_per_s", "device_overhead_us", "device_slots", "device_memory_kb"];
    let server = ["server_gflops", "server_memory_gb_per_s", "server_overhead_us", "server_slots", "server_memory_kb"];
    let platform = Platform {
        device: processor(device),
        server: processor(server),
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
    let step = Some(whole("grid_step") as u32).filter(|&step| step > 0);
    let mut space = Space {
        max_fused_blocks: whole("blocks") as usize,
        rule: if whole("uneven") > 0 { GridRule::Uneven { step } } else { GridRule::Even },
        ..Space::default_of(&network)
    };
    let [grids, fusible] = &situation.pairs;
    if let Some(grids) = grids {
        let fits = |&[rows, columns]: &[u32; 2]| (1..=64).contains(&(u64::from(rows) * u64::from(columns)));
        space.grids = Some(grids).filter(|grids| grids.iter().all(fits)).ok_or(TaskError::Space)?.clone();
    }
    if let Some(ranges) = fusible {
        let mut chosen = vec![false; space.fusible.len()];
        for &[start, end] in ranges {
            let stages = chosen.get_mut(start as usize..end as usize).filter(|stages| !stages.is_empty());
            stages.ok_or(TaskError::Space)?.fill(true);
        }
        space.fusible.iter_mut().zip(chosen).for_each(|(stage, chosen)| *stage &= chosen);
    }
    let search = SearchFile {
        method: situation.method,
        seed: whole("seed"),
        particles: whole("particles") as u32,
        iterations: whole("iterations") as u32,
    };
    Ok(Task { network, platform, space, search })
}

/// The situation's network: where there is no zoo, to be lighter, every network comes as a parcel.
fn network(situation: &Situation, parcel: &str) -> Result<Network, TaskError> {
    if cfg!(feature = "zoo") && situation.own.is_none() {
        let built = zoo::build(situation.model).ok_or(TaskError::NoNetwork)?;
        return built.map_err(|error| TaskError::Network(Box::new(error)));
    }
    parcel::read(parcel).ok_or(TaskError::NoNetwork)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::presets;
    use crate::situation::{FIELDS, own};
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
            let file = own::scenario(&situation).expect("a network of the zoo");
            match (task(&situation, ""), file.resolve()) {
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
