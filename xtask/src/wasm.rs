//! The compiler for wasm32-unknown-unknown.
//!
//! rustup's own target comes first. Where rustup cannot download it, Debian's `rustc-web` (kept
//! recent there for its browsers) takes its place: std is built once from `rust-web-src` into an
//! ordinary sysroot, and the two are linked into rustup as the toolchain `rust-web`. It is used
//! for web builds only; everything else stays with the user's own compiler.

use crate::process::{output, run, run_limited, say};
use crate::project::{Project, WEB_TOOLCHAIN};
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

pub const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's packages that the fallback is made of.
pub const DEBIAN_PACKAGES: [&str; 2] = ["rustc-web", "rust-web-src"];

/// Debian's rustc: never the one that `PATH` leads to, which is rustup's.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// rustup tries again and again where it has no network; the download takes seconds where it has.
const RUSTUP_LIMIT: Duration = Duration::from_secs(180);

/// The compiler that web builds use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compiler {
    /// The host's, with the target beside the host's own.
    Host,
    /// The fallback, by version, linked into rustup as `rust-web`.
    Debian(String),
}

impl fmt::Display for Compiler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host => f.write_str("the host compiler's own target"),
            Self::Debian(version) => write!(f, "Debian's rustc-web {version}"),
        }
    }
}

impl Compiler {
    /// A program in the environment for web builds. The fallback gets a target folder of its own,
    /// so that two versions of rustc do not take turns in one.
    pub fn command(&self, project: &Project, program: impl AsRef<OsStr>) -> Command {
        let mut command = project.command(program);
        command.env("TRUNK_SKIP_VERSION_CHECK", "true");
        match self {
            Self::Host => command.env("CARGO_TARGET_DIR", &project.target),
            Self::Debian(_) => {
                command.env("CARGO_TARGET_DIR", project.target.join("web")).env("RUSTUP_TOOLCHAIN", WEB_TOOLCHAIN)
            }
        };
        if std::env::var_os("NO_COLOR").is_some() {
            // By convention any value will do; Trunk insists on this one.
            command.env("NO_COLOR", "true");
        }
        command
    }
}

/// What looking for a compiler came to.
#[derive(Debug)]
pub enum Search {
    Found(Compiler),
    /// Only Debian's packages can help.
    NeedsDebian,
}

impl fmt::Display for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Found(compiler) => compiler.fmt(f),
            Self::NeedsDebian => f.write_str("not to be had from rustup; Debian's packages take its place"),
        }
    }
}

/// Finds a compiler, or has rustup add the target.
pub fn search(project: &Project) -> Result<Search> {
    let rustup_wanted = std::env::var_os("WASM_FALLBACK").is_none_or(|value| value.is_empty() || value == "0");
    if rustup_wanted && host_has_target(project) {
        return Ok(Search::Found(Compiler::Host));
    }
    if let Some(version) = debian_version(project)
        && has_std(&sysroot(project, &version))
    {
        link(project, &version)?;
        return Ok(Search::Found(Compiler::Debian(version)));
    }
    if rustup_wanted && project.find_program("rustup").is_some() {
        let mut rustup = project.command("rustup");
        rustup.args(["target", "add", TARGET]).env_remove("RUST_BACKTRACE").stdin(Stdio::null());
        match run_limited(&mut rustup, RUSTUP_LIMIT) {
            Ok(()) => return Ok(Search::Found(Compiler::Host)),
            Err(error) => say!("{error:#}"),
        }
    }
    Ok(Search::NeedsDebian)
}

/// Builds the fallback's std and links the toolchain; Debian's packages are there.
pub fn build_fallback(project: &Project) -> Result<Compiler> {
    if project.find_program("rustup").is_none() {
        bail!(
            "the fallback compiler needs rustup; install Rust with it, or add the target {TARGET} to your Rust otherwise"
        );
    }
    let version = debian_version(project).with_context(|| format!("{DEBIAN_RUSTC} does not run"))?;
    let manifest = format!("/usr/src/rustc-{version}/library/sysroot/Cargo.toml");
    if !Path::new(&manifest).is_file() {
        bail!(
            "there is no {manifest}; do rustc-web and rust-web-src have the same version? Try `apt-get install --reinstall {}`",
            DEBIAN_PACKAGES.join(" ")
        );
    }
    let work = project.cache.join(format!("rust-web-{version}.{}.tmp", std::process::id()));
    let result = build_std(project, &manifest, &work);
    if result.is_ok() {
        let done = sysroot(project, &version);
        if done.exists() {
            fs::remove_dir_all(&done)?;
        }
        fs::rename(&work, &done)?;
    } else {
        let _ = fs::remove_dir_all(&work);
    }
    result?;
    link(project, &version)?;
    Ok(Compiler::Debian(version))
}

/// Builds std for the target and copies it into `work`, laid out as a sysroot.
fn build_std(project: &Project, manifest: &str, work: &Path) -> Result<()> {
    let build = work.join("build");
    let lib = target_lib(work);
    fs::create_dir_all(&lib)?;
    let mut cargo = project.command("cargo");
    // Away from the checkout: its settings are not for std.
    cargo.current_dir(&project.cache);
    cargo.args(["build", "--release", "--locked", "--target", TARGET, "--manifest-path", manifest, "--target-dir"]);
    cargo.arg(&build).args(["--config", "profile.release.panic=\"unwind\"", "--config", "profile.release.debug=0"]);
    cargo
        .env("RUSTC", DEBIAN_RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("__CARGO_DEFAULT_LIB_METADATA", "sysroot")
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
            "-Cembed-bitcode=yes -Zforce-unstable-if-unmarked --sysroot=/dev/null",
        )
        .env_remove("RUSTFLAGS");
    run(&mut cargo)?;
    for entry in fs::read_dir(build.join(TARGET).join("release/deps"))? {
        let path = entry?.path();
        if let Some(name) = path.file_name()
            && path.extension() == Some(OsStr::new("rlib"))
        {
            fs::copy(&path, lib.join(name))?;
        }
    }
    fs::remove_dir_all(&build)?;
    Ok(())
}

/// Completes the sysroot with what it borrows from elsewhere (the host's std from Debian, the
/// linker and cargo from rustup) and tells rustup of it. Quick, so done every time: the lenders
/// may have moved.
fn link(project: &Project, version: &str) -> Result<()> {
    let sysroot = sysroot(project, version);
    let about = output(project.command("rustc").arg("-vV"))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc -vV names no host")?;
    let rustc_root = output(project.command("rustc").args(["--print", "sysroot"]))?;
    let cargo = output(project.command("rustup").args(["which", "cargo"]))?;
    let linker = Path::new("lib/rustlib").join(host).join("bin/rust-lld");
    fs::create_dir_all(sysroot.join("bin"))?;
    fs::create_dir_all(sysroot.join(&linker).with_file_name(""))?;
    symlink(
        &Path::new("/usr/lib/rustlib").join(host).join("lib"),
        &sysroot.join("lib/rustlib").join(host).join("lib"),
    )?;
    symlink(&Path::new(rustc_root.trim()).join(&linker), &sysroot.join(&linker))?;
    symlink(Path::new(cargo.trim()), &sysroot.join("bin/cargo"))?;
    let script = format!("#!/bin/sh\nexec {DEBIAN_RUSTC} --sysroot \"{}\" \"$@\"\n", sysroot.display());
    write_script(&sysroot.join("bin/rustc"), &script)?;
    output(project.command("rustup").args(["toolchain", "link", WEB_TOOLCHAIN]).arg(&sysroot))?;
    Ok(())
}

fn host_has_target(project: &Project) -> bool {
    let found = output(project.command("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    found.is_ok_and(|folder| has_rlib_of_std(Path::new(folder.trim())))
}

fn has_std(sysroot: &Path) -> bool {
    has_rlib_of_std(&target_lib(sysroot))
}

fn has_rlib_of_std(folder: &Path) -> bool {
    let is_std = |name: &str| name.starts_with("libstd-") && name.ends_with(".rlib");
    fs::read_dir(folder)
        .is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name().to_str().is_some_and(is_std)))
}

fn debian_version(project: &Project) -> Option<String> {
    let text = output(project.command(DEBIAN_RUSTC).arg("--version")).ok()?;
    text.split_whitespace().nth(1).map(str::to_owned)
}

fn sysroot(project: &Project, version: &str) -> PathBuf {
    project.cache.join(format!("rust-web-{version}"))
}

fn target_lib(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

/// Points `link` to `original`; nothing is touched if it does already.
#[cfg(unix)]
fn symlink(original: &Path, link: &Path) -> Result<()> {
    if fs::read_link(link).is_ok_and(|old| old == original) {
        return Ok(());
    }
    if link.symlink_metadata().is_ok() {
        fs::remove_file(link)?;
    }
    std::os::unix::fs::symlink(original, link).with_context(|| format!("cannot link {}", link.display()))
}

#[cfg(not(unix))]
fn symlink(_: &Path, link: &Path) -> Result<()> {
    bail!("cannot link {}: the fallback compiler is for Debian", link.display())
}

/// Writes an executable script; nothing is touched if it is there already.
#[cfg(unix)]
fn write_script(path: &Path, text: &str) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(path, text)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    Ok(())
}

#[cfg(not(unix))]
fn write_script(path: &Path, _: &str) -> Result<()> {
    bail!("cannot write {}: the fallback compiler is for Debian", path.display())
}
