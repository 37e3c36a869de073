//! Twenty thousand changed files; `cargo run --release --example fuzz COUNT` does more.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/keras.rs"]
mod documents;
#[path = "support/fuzz.rs"]
mod fuzz;

use std::time::Duration;

#[global_allocator]
static MEMORY: fuzz::Counting = fuzz::Counting;

#[test]
fn no_changed_file_makes_a_reader_panic_hang_or_swell() {
    // Elsewhere this is compiled for speed and has a second; here other tests may hold the processor.
    let found = fuzz::run(&fuzz::corpus(), 0..20_000, Duration::from_secs(5));
    assert!(found.read > 1000, "hardly any could still be read: {found:?}");
    assert!(found.peak > 1 << 18, "memory is not counted: {found:?}");
}
