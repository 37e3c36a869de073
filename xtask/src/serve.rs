//! Builds and serves the page until stopped, and says where as soon as it can be opened.

use crate::process::{print, say};
use crate::project::Project;
use crate::wasm::Compiler;
use anyhow::{Context, Result};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Tried in turn where the user names none.
const PORTS: std::ops::Range<u16> = 8080..8180;

/// Runs `trunk serve`; `rest` is passed on to it.
pub fn serve(project: &Project, compiler: &Compiler, dev: bool, rest: &[String]) -> Result<()> {
    let mut trunk = compiler.command(project, "trunk");
    trunk.arg("serve");
    if !dev && !rest.iter().any(|arg| arg == "--release") {
        trunk.arg("--release");
    }
    let port = match named_port(rest) {
        Some(port) => port,
        None => {
            let port = free_port().context("no port between 8080 and 8179 is free; name one with --port")?;
            trunk.arg("--port").arg(port.to_string());
            port
        }
    };
    if !rest.iter().any(|arg| arg.starts_with("--dist")) {
        // What is served carries trunk's reloading script; dist/ is for hosting.
        trunk.arg("--dist").arg(project.target.join("serve"));
    }
    trunk.args(rest);
    say!("building; the first time this takes some minutes");
    take_over(trunk, port)
}

/// Becomes trunk, so that a signal meant for this process ends the server and leaves nothing
/// behind; another process of this program tells the address.
#[cfg(unix)]
fn take_over(mut trunk: Command, port: u16) -> Result<()> {
    use std::os::unix::process::CommandExt;
    let own = std::env::current_exe().context("cannot find this program")?;
    Command::new(own)
        .args(["announce", &port.to_string()])
        .stdin(Stdio::null())
        .spawn()
        .context("cannot start this program again")?;
    Err(trunk.exec()).context("cannot start trunk")
}

#[cfg(not(unix))]
fn take_over(mut trunk: Command, port: u16) -> Result<()> {
    std::thread::spawn(move || announce(port));
    crate::process::run(&mut trunk)
}

/// Waits until somebody answers at the port and prints its address; gives up with the server.
pub fn announce(port: u16) {
    const POLL: Duration = Duration::from_millis(200);
    let start = Instant::now();
    let server = server_id();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    while TcpStream::connect_timeout(&address, POLL).is_err() {
        thread::sleep(POLL);
        if server_id() != server {
            return;
        }
    }
    say!("ready after {:.1} s; stop with Ctrl-C", start.elapsed().as_secs_f64());
    print(&format!("Offcut is at http://{address}/\n"));
}

/// The process that started this one; another one once that has ended.
#[cfg(unix)]
fn server_id() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn server_id() -> u32 {
    0
}

/// The port in trunk's own options.
fn named_port(args: &[String]) -> Option<u16> {
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--port" || arg == "-p" {
            return args.next()?.parse().ok();
        }
        if let Some(port) = arg.strip_prefix("--port=") {
            return port.parse().ok();
        }
    }
    None
}

fn free_port() -> Option<u16> {
    PORTS.into_iter().find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_port_is_found() {
        let port = |line: &str| named_port(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(port("--open --port 9000"), Some(9000));
        assert_eq!(port("-p 9000"), Some(9000));
        assert_eq!(port("--port=9000"), Some(9000));
        assert_eq!(port("--open"), None);
        assert_eq!(port("--port"), None);
    }

    #[test]
    fn a_free_port_is_free() {
        assert!(free_port().is_some_and(|port| PORTS.contains(&port)));
    }
}
