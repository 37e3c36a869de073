//! Offcut plans how a neural network's inference is best split between a device and an edge server.

pub mod base;
pub mod bounds;
pub mod check;
#[cfg(not(target_arch = "wasm32"))]
pub mod command_line;
pub mod cost;
pub mod draw;
pub mod formats;
pub mod job;
pub mod network;
pub mod plan;
pub mod platform;
pub mod schedule;
pub mod search;
pub mod sheet;
pub mod situation;
pub mod tiling;
#[cfg(feature = "page")]
pub mod view;
#[cfg(feature = "page")]
pub mod worker;
pub mod zoo;
