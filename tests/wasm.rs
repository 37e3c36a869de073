//! In WebAssembly: the same plan bytes as natively, for every zoo network.
#![cfg(target_arch = "wasm32")]

#[path = "support/digests.rs"]
mod digests;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn plans_are_the_same_bytes_as_natively() {
    assert_eq!(digests::digests().expect("every network plans"), digests::DIGESTS);
}
