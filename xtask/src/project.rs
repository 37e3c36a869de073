//! Where things are, and the environment that other programs are started in.

use anyhow::{Context, Result, bail};
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The name under which the fallback compiler is linked into rustup.
pub const WEB_TOOLCHAIN: &str = "rust-web";

/// What cargo and rustup leave in the environment of `cargo run`, and what would mislead the
/// cargo and rustc started from here. `CARGO_PKG_*` goes as well; the user's own settings
/// (`CARGO_HOME`, `CARGO_BUILD_JOBS`, …) stay.
const LEFTOVERS: [&str; 8] = [
    "CARGO",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_TARGET_DIR",
    "RUSTC",
    "RUSTDOC",
    "RUSTUP_TOOLCHAIN",
    "RUSTUP_TOOLCHAIN_SOURCE",
];

/// The checkout, the tools' folder and the compiler for everything that is not for the web.
#[derive(Debug)]
pub struct Project {
    /// The checkout.
    pub root: PathBuf,
    /// The folder that keeps the tools: `bin/`, `npm/`, `rust-web-<version>/`.
    pub cache: PathBuf,
    /// Cargo's target folder for host builds.
    pub target: PathBuf,
    /// rustup's name of the host compiler; none where rustup is not in use.
    toolchain: Option<String>,
    /// `PATH` with the cache's `bin` first.
    path: OsString,
}

impl Project {
    pub fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().context("xtask's folder has no parent")?.to_owned();
        if !root.join("Trunk.toml").is_file() {
            bail!("{} is not Offcut's checkout; run this as `cargo xtask`", root.display());
        }
        let cache = cache_folder()?;
        fs::create_dir_all(cache.join("bin")).with_context(|| format!("cannot write to {}", cache.display()))?;
        let target = env::var_os("CARGO_TARGET_DIR").filter(|path| !path.is_empty());
        let target = target.map_or_else(|| root.join("target"), |path| root.join(path));
        let old_path = env::var_os("PATH").unwrap_or_default();
        let folders = [cache.join("bin")].into_iter().chain(env::split_paths(&old_path));
        let path = env::join_paths(folders).context("the tools' folder cannot be put on PATH")?;
        let mut project = Self { root, cache, target, toolchain: None, path };
        project.toolchain = project.host_toolchain();
        Ok(project)
    }

    /// The static folder that `trunk build` writes.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The cache's folder of programs.
    pub fn bin(&self) -> PathBuf {
        self.cache.join("bin")
    }

    /// A program to be run in the checkout, in an environment as if started by hand there with
    /// the host's compiler and the cache's tools.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", &self.path);
        for (name, _) in env::vars_os() {
            if is_leftover(&name) {
                command.env_remove(name);
            }
        }
        if let Some(old) = env::var_os("LD_LIBRARY_PATH") {
            match kept_library_path(&old, &foreign_library_folders(&self.cache)) {
                Some(kept) => command.env("LD_LIBRARY_PATH", kept),
                None => command.env_remove("LD_LIBRARY_PATH"),
            };
        }
        if let Some(toolchain) = &self.toolchain {
            command.env("RUSTUP_TOOLCHAIN", toolchain);
        }
        command
    }

    /// Cargo for host builds.
    pub fn cargo(&self) -> Command {
        let mut command = self.command("cargo");
        command.env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// The program that `PATH` (the cache first) leads to.
    pub fn find_program(&self, name: &str) -> Option<PathBuf> {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        env::split_paths(&self.path).map(|folder| folder.join(&file)).find(|path| path.is_file())
    }

    /// The user may have made the fallback compiler the one in use (`rustup override set
    /// rust-web`); it has neither clippy nor rustfmt, so host builds take rustup's default then.
    fn host_toolchain(&self) -> Option<String> {
        let chosen = env::var("RUSTUP_TOOLCHAIN").ok()?;
        if chosen != WEB_TOOLCHAIN {
            return Some(chosen);
        }
        let default = crate::process::output(self.command("rustup").arg("default")).ok()?;
        default.split_whitespace().next().filter(|name| *name != WEB_TOOLCHAIN).map(str::to_owned)
    }
}

/// `$OFFCUT_TOOLS`, else `offcut` in `$XDG_CACHE_HOME` or `~/.cache`.
fn cache_folder() -> Result<PathBuf> {
    let folder = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = folder("OFFCUT_TOOLS")
        .or_else(|| folder("XDG_CACHE_HOME").map(|path| path.join("offcut")))
        .or_else(|| env::home_dir().map(|path| path.join(".cache").join("offcut")))
        .context("there is no home folder; set OFFCUT_TOOLS to a folder for the tools")?;
    std::path::absolute(&cache).with_context(|| format!("cannot use {}", cache.display()))
}

fn is_leftover(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    LEFTOVERS.contains(&name.as_ref()) || name.starts_with("CARGO_PKG_")
}

/// Where cargo found the libraries of this program and of its compiler.
fn foreign_library_folders(cache: &Path) -> Vec<PathBuf> {
    let own = env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_owned));
    let rustup = env::var_os("RUSTUP_HOME").map(PathBuf::from);
    own.into_iter().chain(rustup).chain([cache.to_owned()]).collect()
}

/// The library path without what cargo put there: another rustc must not load this one's
/// libraries. None if nothing is left.
fn kept_library_path(old: &OsStr, foreign: &[PathBuf]) -> Option<OsString> {
    let kept = env::split_paths(old).filter(|path| !foreign.iter().any(|folder| path.starts_with(folder)));
    env::join_paths(kept).ok().filter(|path| !path.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_go_and_settings_stay() {
        for name in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN", "CARGO_PKG_VERSION_MAJOR", "CARGO_MANIFEST_DIR"] {
            assert!(is_leftover(OsStr::new(name)), "{name}");
        }
        for name in ["CARGO_HOME", "CARGO_BUILD_JOBS", "RUSTUP_HOME", "RUST_BACKTRACE", "PATH"] {
            assert!(!is_leftover(OsStr::new(name)), "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_foreign_library_folders_go() {
        let foreign = [PathBuf::from("/rustup"), PathBuf::from("/checkout/target/debug")];
        let kept = |old: &str| kept_library_path(OsStr::new(old), &foreign);
        assert_eq!(kept("/checkout/target/debug/deps:/rustup/lib:/opt/lib"), Some("/opt/lib".into()));
        assert_eq!(kept("/checkout/target/debug:/rustup/lib"), None);
    }
}
