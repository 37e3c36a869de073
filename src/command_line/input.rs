//! Files and standard input.

use crate::formats::{self, Scenario};
use crate::network::Network;
use crate::zoo;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

/// The text of a file, or of standard input where the path is `-`.
pub(super) fn read(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::read(path).map(|all| bytes = all)
    };
    read.map_err(|error| format!("{}: cannot be read ({error}); check the path", path.display()))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("{}: is no text in UTF-8 (byte {at}); give a JSON document", path.display())
    })
}

/// Writes to a file, or to standard output; a reader that has gone is no error.
pub(super) fn write_out(path: Option<&Path>, text: &str) -> Result<(), String> {
    match path {
        Some(path) => std::fs::write(path, text)
            .map_err(|error| format!("{}: cannot be written ({error}); check the folder", path.display())),
        None => match std::io::stdout().lock().write_all(text.as_bytes()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(format!("standard output cannot be written ({error})"))
            }
            _ => Ok(()),
        },
    }
}

/// A scenario document.
pub(super) fn scenario(path: &Path) -> Result<Scenario, String> {
    formats::read_scenario(&read(path)?).map_err(|error| format!("{}: {error}", path.display()))
}

/// A zoo network by its id, or a model document.
pub(super) fn network(model: &str) -> Result<Network, String> {
    if let Some(built) = zoo::build(model) {
        return built.map_err(|error| error.to_string());
    }
    let path = Path::new(model);
    if model != "-" && !path.exists() {
        return Err(format!("`{model}` is neither a network of the zoo (`offcut models` lists them) nor a file"));
    }
    formats::read_model(&read(path)?).map_err(|error| format!("{model}: {error}"))
}
