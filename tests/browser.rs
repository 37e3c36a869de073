//! The built page in real browsers: `OFFCUT_DIST=… cargo test --test browser -- --ignored`, with
//! chromedriver and geckodriver on `PATH`.
//!
//! One Chromium and one Firefox serve all scenarios; both are closed behind the last one.

#[cfg(not(target_arch = "wasm32"))]
#[path = "support/csv.rs"]
mod csv;
#[cfg(not(target_arch = "wasm32"))]
#[path = "browser/drawing.rs"]
mod drawing;
#[cfg(not(target_arch = "wasm32"))]
#[path = "browser/hands.rs"]
mod hands;
#[cfg(not(target_arch = "wasm32"))]
#[path = "browser/native.rs"]
mod native;
#[cfg(not(target_arch = "wasm32"))]
#[path = "browser/page.rs"]
mod page;
#[cfg(not(target_arch = "wasm32"))]
#[path = "browser/runner.rs"]
mod runner;
#[cfg(not(target_arch = "wasm32"))]
#[path = "browser/scenarios.rs"]
mod scenarios;
#[cfg(not(target_arch = "wasm32"))]
#[path = "browser/server.rs"]
mod server;
#[cfg(not(target_arch = "wasm32"))]
#[path = "browser/session.rs"]
mod session;
#[cfg(not(target_arch = "wasm32"))]
#[path = "browser/studio/mod.rs"]
mod studio;
#[cfg(not(target_arch = "wasm32"))]
#[path = "browser/workshop/mod.rs"]
mod workshop;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    runner::run()
}

#[cfg(target_arch = "wasm32")]
fn main() {}
