//! What the Models page shows of networks, and what it opens and shares.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/csv.rs"]
mod csv;
#[path = "figures/elements.rs"]
mod elements;
#[path = "models/layers.rs"]
mod layers;
#[path = "models/network.rs"]
mod network;
#[path = "models/opened.rs"]
mod opened;
#[path = "models/qr.rs"]
mod qr;
