//! Offcut plans how a neural network's inference is best split between a device and an edge server.

pub use offcut_planner::{base, bounds, cost, network, plan, platform, schedule, search, tiling};

pub mod check;
#[cfg(not(target_arch = "wasm32"))]
pub mod command_line;
#[cfg(any(feature = "studio", feature = "workshop", feature = "prover"))]
pub mod dom;
pub mod draw;
pub mod formats;
pub mod import;
pub mod job;
pub mod link_codec;
pub mod opened;
#[cfg(any(feature = "studio", feature = "workshop", feature = "prover"))]
pub mod own_worker;
pub mod parcel;
pub mod percent;
#[cfg(feature = "prover")]
pub mod prover;
pub mod sheet;
pub mod situation;
#[cfg(feature = "studio")]
pub mod studio;
#[cfg(feature = "page")]
pub mod view;
#[cfg(feature = "page")]
pub mod worker;
#[cfg(feature = "workshop")]
pub mod workshop;
pub mod zoo;
