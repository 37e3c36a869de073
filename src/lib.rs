//! Offcut plans how a neural network's inference is best split between a device and an edge server.

pub mod base;
pub mod network;
pub mod platform;
pub mod zoo;
pub mod tiling;
pub mod cost;
pub mod plan;
pub mod schedule;
pub mod bounds;
pub mod search;
pub mod job;
pub mod situation;
pub mod draw;
pub mod sheet;
#[cfg(feature = "page")]
pub mod view;
pub mod check;
#[cfg(not(target_arch = "wasm32"))]
pub mod command_line;
pub mod formats;
