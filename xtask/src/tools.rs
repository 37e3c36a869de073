//! The programs that a build or its tests start: found on `PATH` in a fitting version, or
//! installed into the cache.

use crate::lock::locked_version;
use crate::packages;
use crate::process::{output, run, run_limited, say};
use crate::project::Project;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

const TRUNK: &str = "0.21.14";
const GECKODRIVER: &str = "0.37.1";
const BINARYEN: &str = "132.0.0";
const ESBUILD: &str = "0.28.2";
const AXE: &str = "4.14.1";

/// Older ones do not know all that today's rustc emits.
const OLDEST_GECKODRIVER: &str = "0.36.0";
const OLDEST_WASM_OPT: &str = "118";

const COMPONENT_LIMIT: Duration = Duration::from_secs(180);

/// Trunk, which builds and serves the page.
pub fn trunk(project: &Project) -> Result<String> {
    let fits = |version: &Version| *version >= Version::of(TRUNK) && *version < Version::of("0.22");
    find_or_install(project, "trunk", "trunk", TRUNK, fits)
}

/// wasm-bindgen and its test runner, in the very version that Cargo.lock has.
pub fn wasm_bindgen(project: &Project) -> Result<String> {
    let path = project.root.join("Cargo.lock");
    let lock = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let wanted = locked_version(&lock, "wasm-bindgen").context("Cargo.lock holds no wasm-bindgen")?;
    find_or_install(project, "wasm-bindgen", "wasm-bindgen-cli", wanted, |version| *version == Version::of(wanted))
}

/// geckodriver, through which tests drive Firefox.
pub fn geckodriver(project: &Project) -> Result<String> {
    let fits = |version: &Version| *version >= Version::of(OLDEST_GECKODRIVER);
    find_or_install(project, "geckodriver", "geckodriver", GECKODRIVER, fits)
}

/// wasm-opt, which makes the WebAssembly a quarter smaller.
pub fn wasm_opt(project: &Project) -> Result<String> {
    if let Some(version) = version_of(project, "wasm-opt").filter(|version| *version >= Version::of(OLDEST_WASM_OPT)) {
        return Ok(format!("{} there", version.text));
    }
    if project.find_program("npm").is_none() {
        return match project.find_program("wasm-opt") {
            None => Ok("neither here nor npm: Trunk will download it".to_owned()),
            Some(path) => bail!(
                "{} is older than version {OLDEST_WASM_OPT}; install npm (to have a newer one from there) or remove it",
                path.display()
            ),
        };
    }
    install_by_npm(project, "binaryen", BINARYEN, "wasm-opt")
}

/// esbuild, which makes scripts a quarter smaller; does without where npm is missing.
pub fn esbuild(project: &Project) -> Result<String> {
    if let Some(version) = version_of(project, "esbuild") {
        return Ok(format!("{} there", version.text));
    }
    if project.find_program("npm").is_none() {
        return Ok("neither here nor npm: scripts stay as they are".to_owned());
    }
    install_by_npm(project, "esbuild", ESBUILD, "esbuild")
}

/// axe-core, which looks for what keeps people out; no program, but a script that tests run in the page.
pub fn axe(project: &Project) -> Result<String> {
    if axe_script(project).is_some() {
        return Ok(format!("{AXE} there"));
    }
    if project.find_program("npm").is_none() {
        return Ok("neither here nor npm: nothing looks for what keeps people out".to_owned());
    }
    fetch_by_npm(project, "axe-core", AXE).context("the page is not audited without npm's package axe-core")?;
    axe_script(project).context("npm's package axe-core is there but its axe.min.js is not")?;
    Ok(format!("{AXE} installed"))
}

/// axe-core's script of the wanted version, where it is installed.
pub fn axe_script(project: &Project) -> Option<PathBuf> {
    let folder = project.cache.join("npm/axe-core/node_modules/axe-core");
    let about = fs::read_to_string(folder.join("package.json")).ok()?;
    let script = folder.join("axe.min.js");
    (about.contains(&format!("\"version\": \"{AXE}\"")) && script.is_file()).then_some(script)
}

/// Installs a package of npm's; gives its folder.
fn fetch_by_npm(project: &Project, package: &str, version: &str) -> Result<PathBuf> {
    let mut npm = project.command("npm");
    npm.args(["install", "--silent", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]);
    // A folder for each: npm clears away what it was not asked for.
    let folder = project.cache.join("npm").join(package);
    npm.arg(&folder).arg(format!("{package}@{version}"));
    run(&mut npm)?;
    Ok(folder)
}

fn install_by_npm(project: &Project, package: &str, version: &str, program: &str) -> Result<String> {
    let folder = fetch_by_npm(project, package, version).with_context(|| {
        format!("{program} comes with npm's package {package}; install it by hand, or another {program} on PATH")
    })?;
    link_program(&folder.join("node_modules/.bin").join(program), &project.bin().join(program))?;
    let found = version_of(project, program);
    found.with_context(|| format!("npm's package {package} is there but its {program} does not run"))?;
    Ok(format!("{version} installed"))
}

/// Whether wasm-opt is to come from npm and npm is not there.
pub fn wants_npm(project: &Project) -> bool {
    version_of(project, "wasm-opt").is_none_or(|version| version < Version::of(OLDEST_WASM_OPT))
        && project.find_program("npm").is_none()
        && packages::may_install(project)
}

/// rustfmt and clippy for the host's compiler.
pub fn lint_components(project: &Project) -> Result<String> {
    let mut missing = Vec::new();
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if output(project.cargo().args([subcommand, "--version"])).is_err() {
            missing.push(component);
        }
    }
    if missing.is_empty() {
        return Ok("there".to_owned());
    }
    let list = missing.join(" ");
    let mut rustup = project.command("rustup");
    rustup.args(["component", "add"]).args(&missing).stdin(Stdio::null());
    run_limited(&mut rustup, COMPONENT_LIMIT)
        .with_context(|| format!("install {list} for your Rust by hand, e.g. `rustup component add {list}`"))?;
    Ok(format!("{list} installed"))
}

/// Whether cargo-nextest is there; plain `cargo test` does where it is not.
pub fn has_nextest(project: &Project) -> bool {
    output(project.cargo().args(["nextest", "--version"])).is_ok()
}

fn find_or_install(
    project: &Project,
    program: &str,
    package: &str,
    version: &str,
    fits: impl Fn(&Version) -> bool,
) -> Result<String> {
    if let Some(found) = version_of(project, program).filter(&fits) {
        return Ok(format!("{} there", found.text));
    }
    say!("{package} {version} is compiled once; this takes a few minutes");
    let install = |locked: bool| {
        let mut cargo = project.command("cargo");
        // Away from the checkout, whose settings are not for tools. They need not be fast
        // either; hardly optimised they take a third less time to build.
        cargo
            .current_dir(&project.cache)
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .args(["install", package, "--version", version, "--force", "--root"])
            .arg(&project.cache);
        if locked {
            cargo.arg("--locked");
        }
        run(&mut cargo)
    };
    if let Err(error) = install(true) {
        say!("{error:#}; trying without its locked dependencies");
        install(false).with_context(|| {
            format!("cannot install {package}; if the network is in order, put {program} {version} on PATH by hand")
        })?;
    }
    match version_of(project, program).filter(&fits) {
        Some(found) => Ok(format!("{} installed", found.text)),
        None => bail!("{package} {version} was installed to {}, but {program} does not run", project.bin().display()),
    }
}

fn version_of(project: &Project, program: &str) -> Option<Version> {
    project.find_program(program)?;
    Version::find(&output(project.command(program).arg("--version")).ok()?)
}

#[cfg(unix)]
fn link_program(program: &Path, link: &Path) -> Result<()> {
    if link.symlink_metadata().is_ok() {
        fs::remove_file(link)?;
    }
    std::os::unix::fs::symlink(program, link).with_context(|| format!("cannot link {}", link.display()))
}

#[cfg(not(unix))]
fn link_program(program: &Path, _: &Path) -> Result<()> {
    bail!("put {} on PATH", program.display())
}

/// A version as a program prints it; compared number by number.
#[derive(Clone, Debug)]
struct Version {
    numbers: Vec<u64>,
    text: String,
}

impl Version {
    /// The first word of the text that starts with a digit.
    fn find(text: &str) -> Option<Self> {
        text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit())).map(Self::of)
    }

    fn of(text: &str) -> Self {
        let numbers = text.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect();
        Self { numbers, text: text.to_owned() }
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.numbers == other.numbers
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        self.numbers.partial_cmp(&other.numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_as_programs_print_them() {
        let numbers = |text: &str| Version::find(text).map(|version| version.numbers);
        assert_eq!(numbers("trunk 0.21.14\n"), Some(vec![0, 21, 14]));
        assert_eq!(numbers("wasm-opt version 132 (version_132)"), Some(vec![132]));
        assert_eq!(numbers("geckodriver 0.37.1 (abc 2026-01-01)\nmore 9.9"), Some(vec![0, 37, 1]));
        assert_eq!(numbers("not found"), None);
    }

    #[test]
    fn versions_compare_by_number() {
        assert!(Version::of("0.21.14") > Version::of("0.21.9"));
        assert!(Version::of("0.21.14") < Version::of("0.22"));
        assert!(Version::of("108") < Version::of(OLDEST_WASM_OPT));
        assert!(Version::of("0.2.130") != Version::of("0.2.13"));
    }
}
