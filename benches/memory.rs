//! What WebAssembly takes in a browser while Exact proves spaces of several fused blocks:
//! `OFFCUT_DIST=dist cargo bench --bench memory`, with chromedriver on `PATH`.
//!
//! Every worker of a copy of the page tells how much memory its module has, with each message. It is never given back,
//! so the last word is the most that was taken.

#[path = "../tests/browser/page.rs"]
#[allow(dead_code)]
mod page;
#[path = "../tests/browser/server.rs"]
#[allow(dead_code)]
mod server;
#[path = "../tests/browser/session.rs"]
#[allow(dead_code)]
mod session;

use offcut::zoo::NETWORKS;
use page::Page;
use server::Server;
use session::{Browser, Result, Session};
use std::path::Path;
use std::time::{Duration, Instant};

/// A proof is left alone after so many seconds.
const MOST_SECONDS: u64 = 20;

/// `static/worker.js` with words about memory, before each message.
const WORKER: &str = "self.onmessage = ({ data: { script, module } }) => { self.onmessage = null; \
    const channel = new BroadcastChannel('memory'), post = self.postMessage.bind(self); let code; \
    self.postMessage = (...all) => { if (code) channel.postMessage([script, code.memory.buffer.byteLength]); post(...all); }; \
    import(script).then(({ default: start }) => start({ module_or_path: module })).then(started => code = started) \
        .catch(reportError); };";

/// Listens; the last word of the prover, and of any other worker: one of the situation before may still say something.
const LISTEN: &str = "window.taken = [0, 0]; window.channel?.close(); window.channel = new BroadcastChannel('memory'); \
    window.channel.onmessage = ({ data: [script, bytes] }) => { const at = script.includes('prover') ? 0 : 1; \
        window.taken[at] = bytes; }";

fn main() -> Result<()> {
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let dist = std::env::var("OFFCUT_DIST")?;
    let copy = std::env::temp_dir().join(format!("offcut-memory-{}", std::process::id()));
    let measured = measure_all(Path::new(&dist), &copy);
    // What went wrong first is told first.
    measured.and(std::fs::remove_dir_all(copy).map_err(Into::into))
}

fn measure_all(dist: &Path, copy: &Path) -> Result<()> {
    copy_folder(dist, copy)?;
    std::fs::write(copy.join("worker.js"), WORKER)?;
    let page = Page { server: Server::start(copy.to_path_buf())?, session: Session::start(Browser::Chromium)? };
    println!("{:15} {:>6} {:>9} {:>8} {:>12} {:>12}", "network", "blocks", "proof", "seconds", "prover MB", "page MB");
    for entry in NETWORKS {
        for blocks in [2, 3, 8] {
            measure(&page, entry.id, blocks)?;
        }
    }
    Ok(())
}

fn measure(page: &Page, model: &str, blocks: u32) -> Result<()> {
    page.open(&format!("#/plan?v=1&model={model}&blocks={blocks}"))?;
    page.session.run(LISTEN, ())?;
    let start = Instant::now();
    let stand = loop {
        let stand: String = page.session.value("document.querySelector('#proof')?.dataset.stand ?? ''", ())?;
        if !["", "running"].contains(&stand.as_str()) || start.elapsed().as_secs() >= MOST_SECONDS {
            break stand;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let seconds = start.elapsed().as_secs_f64();
    // One more answer of the page's worker, which says what it has taken.
    page.session.run(
        "document.querySelector('#uplink_mbps').stepUp(); \
        document.querySelector('#uplink_mbps').dispatchEvent(new Event('input', { bubbles: true }))",
        (),
    )?;
    page.session.wait("window.taken[1] > 0", ())?;
    let [prover, other] = page.session.value::<[f64; 2]>("window.taken", ())?.map(|bytes| bytes / 1e6);
    println!("{model:15} {blocks:>6} {stand:>9} {seconds:>8.1} {prover:>12.1} {other:>12.1}");
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &to)?;
        } else {
            std::fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
