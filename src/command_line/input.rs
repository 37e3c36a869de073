//! Files and standard input.

use crate::formats::{self, Scenario};
use crate::import::{self, Ask, FileSource, Imported, ImportedModel, Options, Refusal};
use crate::network::Network;
use crate::situation::{Situation, own};
use crate::zoo;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

/// The bytes of a file, or of standard input where the path is `-`.
fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::read(path).map(|all| bytes = all)
    };
    read.map_err(|error| unreadable(path, &error))?;
    Ok(bytes)
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    format!("{}: cannot be read ({error}); check the path", path.display())
}

/// The text of a file, or of standard input where the path is `-`.
pub(super) fn read(path: &Path) -> Result<String, String> {
    String::from_utf8(bytes(path)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("{}: is no text in UTF-8 (byte {at}); give a JSON document", path.display())
    })
}

/// A file of any kind that can be imported; of a large one only parts are read.
pub(super) fn import(path: &Path, options: &Options) -> Result<Imported, String> {
    let name = path.display().to_string();
    let read = if path == Path::new("-") {
        import::read("", &mut bytes(path)?.as_slice(), options)
    } else {
        let mut file = FileSource::open(path).map_err(|error| unreadable(path, &error))?;
        import::read(&name, &mut file, options)
    };
    read.map_err(|refusal| refused(&name, &refusal))
}

/// A line for each problem, and how the command line takes the answers to what is open.
fn refused(name: &str, refusal: &Refusal) -> String {
    let separator = if refusal.problems.0.len() == 1 { " " } else { "\n" };
    let mut text = format!("{name}:{separator}{refusal}");
    let mut answers = String::new();
    for ask in &refusal.asks {
        match ask {
            Ask::Size { symbol, .. } => answers += &format!(" --size {symbol}=224"),
            Ask::Output { names } => answers += &format!(" --take {}", names.first().map_or("NAME", String::as_str)),
        }
    }
    if !answers.is_empty() {
        text += &format!("\nanswer like this: offcut convert {name}{answers} -o MODEL.json");
    }
    text
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

/// A scenario document, or the scenario of a link.
pub(super) fn scenario(given: &str) -> Result<Scenario, String> {
    if let Some(fragment) = fragment(given)? {
        let situation = Situation::from_fragment(fragment).map_err(|error| error.to_string())?;
        let scenario = own::scenario(&situation).map_err(|error| error.to_string())?;
        return scenario.resolve().map_err(|error| error.to_string());
    }
    formats::read_scenario(&read(Path::new(given))?).map_err(|error| format!("{given}: {error}"))
}

/// What of a link the page reads, where it is one: a fragment alone, or behind an address.
fn fragment(given: &str) -> Result<Option<&str>, String> {
    match given.find('#') {
        Some(at) if given[at..].starts_with("#/") && (at == 0 || given.contains("://")) => Ok(Some(&given[at..])),
        _ if given.starts_with("http://") || given.starts_with("https://") => Err(format!(
            "{given}: an address without the part from `#/` on, which holds the situation; copy all of it and put it in quotes"
        )),
        _ => Ok(None),
    }
}

/// A zoo network by its id, or a file of any kind that holds one; what is to be known of it goes to standard error.
pub(super) fn network(model: &str) -> Result<Network, String> {
    if let Some(built) = zoo::build(model) {
        return built.map_err(|error| error.to_string());
    }
    let path = Path::new(model);
    if model != "-" && !path.exists() {
        return Err(format!("`{model}` is neither a network of the zoo (`offcut models` lists them) nor a file"));
    }
    imported_model(path, &Options::default()).map(|imported| imported.network)
}

/// The model in a file.
pub(super) fn imported_model(path: &Path, options: &Options) -> Result<ImportedModel, String> {
    match import(path, options)? {
        Imported::Model(imported) => {
            imported.notes.iter().for_each(|note| eprintln!("{}: {note}", path.display()));
            Ok(*imported)
        }
        Imported::Scenario(_) => Err(format!("{}: is a scenario; give a model", path.display())),
        Imported::Plan(_) => Err(format!("{}: is a plan; give a model", path.display())),
        Imported::Link(_) => Err(format!("{}: is a figure; give a model", path.display())),
        Imported::Measured(_) => Err(format!("{}: is a table or another text; give a model", path.display())),
    }
}
