//! Every test there is, and the static folder that the last of them need.

use crate::counts::Counts;
use crate::modules;
use crate::offline;
use crate::process::{run, run_some_tests, run_tests};
use crate::project::Project;
use crate::sizes;
use crate::steps::Steps;
use crate::tools;
use crate::wasm::{Compiler, TARGET};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// The features of the WebAssembly programs, checked on the host with everything else.
const WEB_FEATURES: [&str; 2] = ["--features", "page,studio,workshop,prover"];

/// Seconds that the WebAssembly tests may take in the browser; the runner's own limit of 20 is
/// for faster machines.
const WASM_TEST_SECONDS: &str = "300";

/// Runs all tests, also after failures; what failed is in the steps.
pub fn all(project: &Project, compiler: &Compiler, steps: &mut Steps) {
    let _ = steps.run("format", || cargo(project, &["fmt", "--all", "--check"], &[]));
    let _ = steps.run("lints", || {
        let mut clippy = project.cargo();
        clippy.args(["clippy", "--workspace", "--all-targets"]).args(WEB_FEATURES).args(["--", "-D", "warnings"]);
        quiet(&mut clippy)
    });
    let _ = steps.run("native tests", || native_tests(project));
    let _ = steps.run("documentation tests", || {
        let mut tests = project.cargo();
        tests.args(["test", "--workspace", "--doc", "--no-fail-fast"]);
        run_tests(&mut tests, Counts::of_libtest)
    });
    let _ = steps.run("documentation", || {
        let mut doc = project.cargo();
        doc.args(["doc", "--workspace", "--no-deps"]).args(WEB_FEATURES).env("RUSTDOCFLAGS", "-D warnings");
        quiet(&mut doc)
    });
    let _ = steps.run("WebAssembly tests", || wasm_tests(project, compiler));
    if build(project, compiler, steps).is_err() {
        steps.skip("size budgets", "there is no build");
        steps.skip("browser tests", "there is no build");
        return;
    }
    let _ = steps.run("size budgets", || sizes::check(&project.dist()));
    let axe = tools::axe_script(project);
    if axe.is_none() {
        steps.skip("axe-core", "it is not installed, and npm is missing");
    }
    let _ = steps.run("browser tests", || {
        let mut tests = project.cargo();
        tests.args(["test", "--test", "browser", "--no-fail-fast", "--", "--ignored"]);
        tests.env("OFFCUT_DIST", project.dist()).env("OFFCUT_AXE", axe.unwrap_or_default());
        run_some_tests(&mut tests, Counts::of_libtest)
    });
}

/// Builds the static folder and holds it to its budgets.
pub fn dist(project: &Project, compiler: &Compiler, steps: &mut Steps) -> Result<()> {
    build(project, compiler, steps)?;
    steps.run("size budgets", || sizes::check(&project.dist()))?;
    Ok(())
}

/// The native benchmarks.
pub fn bench(project: &Project, steps: &mut Steps, rest: &[String]) -> Result<()> {
    steps.run("benchmarks", || cargo(project, &["bench", "--bench", "planner", "--"], rest)).map(drop)
}

/// A browser benchmark.
pub fn browser_bench(project: &Project, compiler: &Compiler, steps: &mut Steps, name: &str) -> Result<()> {
    build(project, compiler, steps)?;
    let measured = steps.run(name, || {
        let mut bench = project.cargo();
        bench.args(["bench", "--bench", name]).env("OFFCUT_DIST", project.dist());
        quiet(&mut bench)
    });
    measured.map(drop)
}

/// The example that measures how far each method stays from the best plan.
pub fn gap(project: &Project, steps: &mut Steps, rest: &[String]) -> Result<()> {
    steps.run("gap", || cargo(project, &["run", "--release", "--example", "gap", "--"], rest)).map(drop)
}

fn build(project: &Project, compiler: &Compiler, steps: &mut Steps) -> Result<()> {
    steps
        .run("static folder", || {
            run(compiler.command(project, "trunk").args(["build", "--release"]))?;
            minify(project)?;
            modules::lighten(&project.dist())?;
            offline::list(&project.dist())?;
            Ok(project.dist().display().to_string())
        })
        .map(drop)
}

/// Makes wasm-bindgen's scripts and the studio's styles smaller, which Trunk leaves as they are.
fn minify(project: &Project) -> Result<()> {
    if project.find_program("esbuild").is_none() {
        return Ok(());
    }
    let files = std::fs::read_dir(project.dist())?.collect::<std::io::Result<Vec<_>>>()?;
    let fits = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "js" || extension == "css");
    let mut files: Vec<PathBuf> = files.into_iter().map(|file| file.path()).filter(fits).collect();
    files.sort();
    let mut esbuild = project.command("esbuild");
    esbuild.args(files).args(["--minify", "--allow-overwrite", "--log-level=warning"]);
    run(esbuild.arg(format!("--outdir={}", project.dist().display())))
}

/// The unit and integration tests of the library and of the programs that run here.
fn native_tests(project: &Project) -> Result<Counts> {
    let mut tests = project.cargo();
    if tools::has_nextest(project) {
        tests.args(["nextest", "run", "--workspace", "--no-fail-fast"]);
        return run_some_tests(&mut tests, Counts::of_nextest);
    }
    tests.args(["test", "--workspace", "--tests", "--no-fail-fast"]);
    run_some_tests(&mut tests, Counts::of_libtest)
}

/// The tests that run as WebAssembly in Chromium.
fn wasm_tests(project: &Project, compiler: &Compiler) -> Result<Counts> {
    let driver = project.find_program("chromedriver").context("there is no chromedriver on PATH")?;
    let mut tests = compiler.command(project, "cargo");
    tests
        .args(["test", "--target", TARGET, "--test", "wasm"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        .env("CHROMEDRIVER", driver);
    if std::env::var_os("WASM_BINDGEN_TEST_TIMEOUT").is_none() {
        tests.env("WASM_BINDGEN_TEST_TIMEOUT", WASM_TEST_SECONDS);
    }
    run_some_tests(&mut tests, Counts::of_libtest)
}

fn cargo(project: &Project, args: &[&str], rest: &[String]) -> Result<&'static str> {
    quiet(project.cargo().args(args).args(rest))
}

/// Runs a program about which there is nothing to note but that it succeeded.
fn quiet(command: &mut Command) -> Result<&'static str> {
    run(command).map(|()| "")
}
