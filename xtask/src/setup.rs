//! Installs what is missing, in an order that asks for packages once.

use crate::packages;
use crate::process::{print, say};
use crate::project::{Project, WEB_TOOLCHAIN};
use crate::steps::Steps;
use crate::tools;
use crate::wasm::{self, Compiler, Search};
use anyhow::{Context, Result};
use std::env;

/// Why a compiler is asked for as a package, and what would spare it.
const WITHOUT_RUSTUP: &str = "rustup could not add wasm32-unknown-unknown, so Debian's rustc-web is \
    to take its place (where `rustup target add wasm32-unknown-unknown` succeeds, it need not)";

/// Makes ready for web builds and, with `browsers`, for every test. Gives the compiler for the web.
pub fn prepare(project: &Project, steps: &mut Steps, browsers: bool) -> Result<Compiler> {
    packages::mention_untested_system();
    say!("tools are kept in {}", project.cache.display());
    let search = steps.run("WebAssembly compiler", || wasm::search(project))?;
    let mut packages = Vec::new();
    if matches!(search, Search::NeedsDebian) {
        packages.extend(packages::missing_of(project, &wasm::DEBIAN_PACKAGES));
    }
    if tools::wants_npm(project) {
        packages.push("npm");
    }
    if browsers {
        packages.extend(packages::missing_for_browsers(project));
    }
    if !packages.is_empty() {
        steps.run("system packages", || {
            let result = packages::install(project, &packages);
            if matches!(search, Search::NeedsDebian) { result.context(WITHOUT_RUSTUP) } else { result }
        })?;
    }
    let compiler = match search {
        Search::Found(compiler) => compiler,
        Search::NeedsDebian => steps.run("WebAssembly standard library", || wasm::build_fallback(project))?,
    };
    steps.run("trunk", || tools::trunk(project))?;
    steps.run("wasm-bindgen", || tools::wasm_bindgen(project))?;
    steps.run("wasm-opt", || tools::wasm_opt(project))?;
    steps.run("esbuild", || tools::esbuild(project))?;
    if browsers {
        steps.run("axe-core", || tools::axe(project))?;
        steps.run("geckodriver", || tools::geckodriver(project))?;
        steps.run("rustfmt and clippy", || tools::lint_components(project))?;
    }
    Ok(compiler)
}

/// Says what a shell needs for trunk to be run by hand; nothing if it needs nothing.
pub fn explain_plain_trunk(project: &Project, compiler: &Compiler) {
    let on_path = env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder == project.bin()));
    let in_cache = project.find_program("trunk").is_some_and(|path| path.starts_with(project.bin()));
    let mut settings = Vec::new();
    if in_cache && !on_path {
        settings.push(format!("PATH=\"{}:$PATH\"", project.bin().display()));
    }
    let switch =
        matches!(compiler, Compiler::Debian(_)) && env::var("RUSTUP_TOOLCHAIN").is_ok_and(|name| name != WEB_TOOLCHAIN);
    if switch {
        settings.push(format!("RUSTUP_TOOLCHAIN={WEB_TOOLCHAIN}"));
    }
    if settings.is_empty() {
        return;
    }
    say!("to run plain `trunk serve` or `trunk build`, first:");
    print(&format!("export {}\n", settings.join(" ")));
    if switch {
        say!(
            "(instead of the variable RUSTUP_TOOLCHAIN, `rustup override set {WEB_TOOLCHAIN}` in the checkout does, too)"
        );
    }
}
