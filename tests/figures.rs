//! What figures show is what the plan says, on real networks; what leaves the page can be read again.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/csv.rs"]
mod csv;
#[path = "figures/elements.rs"]
mod elements;
#[path = "figures/exports.rs"]
mod exports;
#[path = "figures/fonts.rs"]
mod fonts;
#[path = "figures/labels.rs"]
mod labels;
#[path = "figures/maps.rs"]
mod maps;
#[path = "figures/paths.rs"]
mod paths;
#[path = "figures/support.rs"]
mod support;
#[path = "figures/time.rs"]
mod time;
