//! What is fetched once the first plan is shown: figures that can be touched, exports, own networks.

#[cfg(target_arch = "wasm32")]
fn main() {
    offcut::studio::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
