//! Debian's packages: which are missing, and how they get here. Root is never asked for.

use crate::process::{output, run, say};
use crate::project::Project;
use anyhow::{Result, bail};
use std::fs;
use std::process::Stdio;

/// Programs of the browser tests, any of which will do, and the package that brings one.
const BROWSERS: [(&[&str], &str); 3] = [
    (&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"], "chromium"),
    (&["chromedriver"], "chromium-driver"),
    (&["firefox-esr", "firefox"], "firefox-esr"),
];

/// Pages in a browser without a font are pages of boxes.
const FONTS: &str = "fonts-dejavu-core";

/// Says so if this is not the system that the installation is tested on.
pub fn mention_untested_system() {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !is_debian(&release) {
        say!("installing is tested on Debian only; on this system it is untested");
    }
}

/// The packages to install for the browser tests.
pub fn missing_for_browsers(project: &Project) -> Vec<&'static str> {
    let absent = |programs: &[&str]| !programs.iter().any(|name| project.find_program(name).is_some());
    let mut missing: Vec<_> =
        BROWSERS.into_iter().filter(|(programs, _)| absent(programs)).map(|(_, package)| package).collect();
    if has_apt(project) && !is_installed(project, FONTS) {
        missing.push(FONTS);
    }
    missing
}

/// Those of the packages that are not installed.
pub fn missing_of(project: &Project, names: &[&'static str]) -> Vec<&'static str> {
    names.iter().copied().filter(|name| !is_installed(project, name)).collect()
}

/// Whether packages can be installed without asking anybody.
pub fn may_install(project: &Project) -> bool {
    has_apt(project) && is_root(project)
}

/// Installs packages as root; otherwise the error holds the command to run.
pub fn install(project: &Project, names: &[&str]) -> Result<String> {
    let list = names.join(" ");
    if !has_apt(project) {
        bail!(
            "this needs what Debian calls {list}; there is no apt-get here, so install them your system's way, put their programs on PATH and run this again"
        );
    }
    let by_hand = format!("apt-get update && sudo apt-get install --yes --no-install-recommends {list}");
    if !is_root(project) {
        bail!("packages are missing. Run this, then the same command again:\n\n  sudo {by_hand}\n");
    }
    let apt = || {
        let mut apt = project.command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        apt
    };
    if let Err(error) = run(apt().args(["update", "-qq"])) {
        say!("{error:#}; going on with the package lists that are there");
    }
    let mut install = apt();
    install.args(["install", "-qq", "--yes", "--no-install-recommends"]).args(names).stdout(Stdio::null());
    if let Err(error) = run(&mut install) {
        bail!(
            "{error:#}\nLook at the sources in /etc/apt and at the network, then run this again; {list} must come from somewhere"
        );
    }
    Ok(list)
}

fn has_apt(project: &Project) -> bool {
    project.find_program("apt-get").is_some()
}

fn is_root(project: &Project) -> bool {
    output(project.command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn is_installed(project: &Project, name: &str) -> bool {
    let status = output(project.command("dpkg-query").args(["--show", "--showformat=${db:Status-Abbrev}", name]));
    status.is_ok_and(|status| status.starts_with("ii"))
}

/// Whether the text of an os-release is Debian's own.
fn is_debian(release: &str) -> bool {
    release.lines().any(|line| line.strip_prefix("ID=").is_some_and(|id| id.trim_matches('"') == "debian"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_is_told_from_its_kin() {
        assert!(is_debian("NAME=\"Debian GNU/Linux\"\nID=debian\n"));
        assert!(is_debian("ID=\"debian\"\n"));
        assert!(!is_debian("ID=ubuntu\nID_LIKE=debian\n"));
        assert!(!is_debian(""));
    }
}
