//! What is fetched with the first wish: own networks, the Models page, sharing; and its worker that reads files.

#[cfg(target_arch = "wasm32")]
fn main() {
    offcut::workshop::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
