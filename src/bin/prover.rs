//! Exact in a worker of its own.

#[cfg(target_arch = "wasm32")]
fn main() {
    offcut::prover::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
