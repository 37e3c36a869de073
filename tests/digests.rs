//! The default PSOMW plan of every zoo network, to the byte: natively here, in WebAssembly in
//! `tests/wasm.rs`, both against the same file.
#![cfg(not(target_arch = "wasm32"))]

mod support;

use support::digests::{DIGESTS, digests};

#[test]
fn plans_are_the_same_bytes_as_ever() -> Result<(), Box<dyn std::error::Error>> {
    let found = digests().map_err(|error| error.to_string())?;
    if std::env::var_os("OFFCUT_BLESS").is_some() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/plan-digests.txt");
        std::fs::write(path, &found)?;
        return Ok(());
    }
    assert_eq!(found, DIGESTS);
    assert_eq!(found, digests().map_err(|error| error.to_string())?, "a second run differs");
    Ok(())
}
