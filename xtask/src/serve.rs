//! Builds and serves the page until stopped, and says where as soon as it can be opened.

use crate::process::{print, run, say};
use crate::project::Project;
use crate::wasm::Compiler;
use anyhow::{Context, Result};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
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
            let port = free_port()
                .context("no port between 8080 and 8179 is free; name one with --port")?;
            trunk.arg("--port").arg(port.to_string());
            port
        }
    };
    trunk.args(rest);
    say!("building; the first time this takes some minutes");
    thread::spawn(move || announce(port));
    run(&mut trunk)
}

/// Waits until somebody answers at the port and prints its address.
fn announce(port: u16) {
    const POLL: Duration = Duration::from_millis(200);
    let start = Instant::now();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    while TcpStream::connect_timeout(&address, POLL).is_err() {
        thread::sleep(POLL);
    }
    say!(
        "ready after {:.1} s; stop with Ctrl-C",
        start.elapsed().as_secs_f64()
    );
    print(&format!("Offcut is at http://{address}/\n"));
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
    PORTS
        .into_iter()
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_port_is_found() {
        let port = |line: &str| {
            named_port(
                &line
                    .split_whitespace()
                    .map(str::to_owned)
                    .collect::<Vec<_>>(),
            )
        };
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
