//! Offcut's planner, from networks to proven plans. It knows neither files nor the browser.
//!
//! A package of its own, because what is planned has to be fast and what is shown has to be light:
//! the two are compiled differently for the page.

pub mod base;
pub mod bounds;
pub mod cost;
pub mod network;
pub mod plan;
pub mod platform;
pub mod schedule;
pub mod search;
pub mod tiling;
