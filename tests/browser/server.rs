//! A static file server in a thread, for the built page and for variants of it.

use std::io::{BufRead, BufReader, Read, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Where the page lies: not at the root, for it must run in any folder.
pub const PLAIN: &str = "/some/sub/path/";
/// Where the page lies for a browser that has no WebAssembly.
pub const WITHOUT_WASM: &str = "/without/wasm/";
/// Where the page lies in a frame of a given size: `/frame/390x844`, with the fragment of the address.
pub const FRAME: &str = "/frame/";

/// Notes every error of the page, before its own scripts run.
const RECORDER: &str = r#"<script>
window.seenErrors = [];
// Scenarios do not follow from each other: a page without a link begins anew, unless it is to remember.
try { if (location.search !== "?remember") localStorage.removeItem("offcut-last"); } catch (e) { /* no storage */ }
(function (note) {
  addEventListener("error", function (e) { note(e.message || "not loaded: " + (e.target.src || e.target.href)); }, true);
  addEventListener("unhandledrejection", function (e) { note("rejected: " + e.reason); });
  addEventListener("securitypolicyviolation", function (e) { note("forbidden: " + e.blockedURI); });
  var error = console.error;
  console.error = function () { note([].join.call(arguments, " ")); error.apply(console, arguments); };
})(function (text) { window.seenErrors.push(String(text)); });
</script>"#;

/// Makes the browser look like one without WebAssembly.
const REMOVER: &str = "<script>delete window.WebAssembly;</script>";

/// A running server; its thread ends with the process.
pub struct Server {
    origin: String,
    requests: Arc<Mutex<Vec<Request>>>,
    is_gone: Arc<AtomicBool>,
}

/// A request that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The path asked for.
    pub path: String,
    /// Whether there was something.
    pub found: bool,
}

impl Server {
    /// Serves a built page on a free port.
    pub fn start(root: PathBuf) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let origin = format!("http://{}", listener.local_addr()?);
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let is_gone = Arc::<AtomicBool>::default();
        let (root, seen, gone) = (Arc::new(root), requests.clone(), is_gone.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (root, seen, gone) = (root.clone(), seen.clone(), gone.clone());
                // A browser may hang up at any time.
                std::thread::spawn(move || answer(stream, &root, &seen, &gone).ok());
            }
        });
        Ok(Self { origin, requests, is_gone })
    }

    /// Hangs up on whoever asks while something is done, as if there were no network.
    pub fn without<T>(&self, act: impl FnOnce() -> T) -> T {
        self.is_gone.store(true, Ordering::Relaxed);
        let done = act();
        self.is_gone.store(false, Ordering::Relaxed);
        done
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn answer(mut stream: TcpStream, root: &Path, seen: &Mutex<Vec<Request>>, is_gone: &AtomicBool) -> Result<()> {
    let path = read_path(&stream)?;
    // Asked here: browsers open connections before they need them.
    if is_gone.load(Ordering::Relaxed) {
        return Ok(());
    }
    let body = body(root, &path);
    let request = Request { path: path.clone(), found: body.is_some() };
    seen.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    let (status, body) = body.map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: {}\r\ncontent-length: {}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n",
        kind(&path),
        body.len()
    )?;
    stream.write_all(&body)
}

/// Reads a request to the end of its head; gives its path.
fn read_path(stream: &TcpStream) -> Result<String> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut first, mut line) = (String::new(), String::new());
    reader.by_ref().take(8192).read_line(&mut first)?;
    while reader.by_ref().take(8192).read_line(&mut line)? > 2 {
        line.clear();
    }
    let target = first.split(' ').nth(1).unwrap_or("/");
    Ok(target.split('?').next().unwrap_or("/").to_owned())
}

fn body(root: &Path, path: &str) -> Option<Vec<u8>> {
    if let Some(size) = path.strip_prefix(FRAME) {
        return framed(size).map(String::into_bytes);
    }
    let (script, name) = match (path.strip_prefix(PLAIN), path.strip_prefix(WITHOUT_WASM)) {
        (Some(name), _) => (RECORDER, name),
        (_, Some(name)) => (REMOVER, name),
        _ => return None,
    };
    if name.contains("..") {
        return None;
    }
    if name.is_empty() {
        let index = std::fs::read_to_string(root.join("index.html")).ok()?;
        return Some(index.replacen("<script", &format!("{script}<script"), 1).into_bytes());
    }
    std::fs::read(root.join(name)).ok()
}

fn framed(size: &str) -> Option<String> {
    let (width, height) = size.split_once('x')?;
    let (width, height) = (width.parse::<u32>().ok()?, height.parse::<u32>().ok()?);
    Some(format!(
        r#"<!doctype html><title>{size}</title><link rel="icon" href="data:,"><body style="margin:0"><iframe id="frame" style="border:0;display:block" width="{width}" height="{height}"></iframe><script>document.getElementById("frame").src = "{PLAIN}" + location.hash</script>"#
    ))
}

fn kind(path: &str) -> &'static str {
    match Path::new(path).extension().and_then(|extension| extension.to_str()) {
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        _ => "text/html",
    }
}
