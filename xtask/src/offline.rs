//! What the service worker keeps for use without a network: every file of dist/, and a version that changes with any.

use anyhow::{Context, Result, bail};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// Where the worker's script has its version and files put in.
const PLACE: &str = "OFFCUT_FILES";
/// The worker's script.
const SCRIPT: &str = "sw.js";

/// Puts version and files into the worker's script.
pub fn list(dist: &Path) -> Result<()> {
    let path = dist.join(SCRIPT);
    let script = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    if !script.contains(PLACE) {
        bail!("{} has no place for the list of files", path.display());
    }
    let mut names = Vec::new();
    collect(dist, "", &mut names)?;
    names.sort();
    let mut hasher = DefaultHasher::new();
    for name in &names {
        name.hash(&mut hasher);
        fs::read(dist.join(name))?.hash(&mut hasher);
    }
    // The page itself goes by the folder's name.
    let shown = names.iter().map(|name| if name == "index.html" { "./" } else { name });
    let all: Vec<String> =
        std::iter::once(format!("{:016x}", hasher.finish())).chain(shown.map(str::to_owned)).collect();
    Ok(fs::write(&path, script.replace(PLACE, &all.join("|")))?)
}

fn collect(folder: &Path, prefix: &str, names: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), names)?;
        } else if name != SCRIPT {
            names.push(name);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_listed_and_any_change_is_another_version() -> Result<()> {
        let dist = std::env::temp_dir().join(format!("offcut-offline-{}", std::process::id()));
        fs::create_dir_all(dist.join("schema"))?;
        let make = |page: &str| -> Result<String> {
            fs::write(dist.join(SCRIPT), "const [v, ...files] = \"OFFCUT_FILES\".split(\"|\");")?;
            fs::write(dist.join("index.html"), page)?;
            fs::write(dist.join("schema/model.json"), "{}")?;
            list(&dist)?;
            Ok(fs::read_to_string(dist.join(SCRIPT))?)
        };
        let (first, same, other) = (make("a")?, make("a")?, make("b")?);
        fs::remove_dir_all(&dist)?;
        assert!(first.contains("|./|schema/model.json\""), "{first}");
        assert_eq!(first, same);
        assert_ne!(first, other);
        Ok(())
    }

    #[test]
    fn without_a_script_the_file_is_named() {
        let error = list(Path::new("no/such/folder")).unwrap_err();
        assert!(error.to_string().contains(SCRIPT), "{error}");
    }
}
