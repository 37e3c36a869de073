//! A browser with its driver, remote-controlled step by step.

use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::error::Error;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use url::{ParseError, Url};

/// What can go wrong on the way.
pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a condition is looked at.
const POLL: Duration = Duration::from_millis(40);
/// Window size: room for a frame of 1440 × 900.
const WINDOW: (u32, u32) = (1460, 1100);

/// A kind of browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// Chromium.
    Chromium,
    /// Firefox.
    Firefox,
}

impl Browser {
    /// For names of tests and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }

    fn driver(self) -> &'static str {
        match self {
            Self::Chromium => "chromedriver",
            Self::Firefox => "geckodriver",
        }
    }

    /// What is asked of the driver; `CHROMIUM` and `FIREFOX` may name the programs.
    fn capabilities(self, profile: &Path) -> Value {
        let size = format!("--window-size={},{}", WINDOW.0, WINDOW.1);
        let (key, variable, mut options) = match self {
            Self::Chromium => (
                "goog:chromeOptions",
                "CHROMIUM",
                json!({ "args": [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    size, format!("--user-data-dir={}", profile.join("profile").display()),
                ] }),
            ),
            Self::Firefox => ("moz:firefoxOptions", "FIREFOX", json!({ "args": ["-headless"] })),
        };
        if let Ok(program) = std::env::var(variable) {
            options["binary"] = program.into();
        }
        json!({ key: options })
    }
}

/// Whether scripts run in the page or in Firefox itself.
#[derive(Debug)]
struct Context(&'static str);

impl WebDriverCompatibleCommand for Context {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> std::result::Result<Url, ParseError> {
        base.join(&format!("session/{}/moz/context", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "context": self.0 }).to_string()))
    }
}

/// A driver process; killed with the value.
struct Driver {
    child: Child,
    port: u16,
    /// Holds all that driver and browser write.
    folder: PathBuf,
}

impl Driver {
    fn start(browser: Browser) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = std::env::temp_dir().join(format!("offcut-{}-{}-{port}", browser.name(), std::process::id()));
        std::fs::create_dir_all(&folder)?;
        // Firefox's own settings are not for every driver.
        let access = (browser == Browser::Firefox).then_some("--allow-system-access");
        let child = Command::new(browser.driver())
            .arg(format!("--port={port}"))
            .args(access)
            .env("TMPDIR", &folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{} cannot be started: {error}", browser.driver()))?;
        let driver = Self { child, port, folder };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if start.elapsed() > PATIENCE {
                return Err(format!("{} does not listen", browser.driver()).into());
            }
            std::thread::sleep(POLL);
        }
        Ok(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Nothing can be done about what does not end.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A browser with one window; it ends with the value.
pub struct Session {
    /// Its kind.
    pub browser: Browser,
    pub(crate) client: Client,
    pub(crate) runtime: Runtime,
    _driver: Driver,
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.runtime.block_on(self.client.clone().close());
    }
}

impl Session {
    /// Starts driver and browser.
    pub fn start(browser: Browser) -> Result<Self> {
        let driver = Driver::start(browser)?;
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let wanted = browser.capabilities(&driver.folder);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(wanted.as_object().cloned().unwrap_or_default());
        let client = runtime.block_on(builder.connect(&format!("http://127.0.0.1:{}", driver.port)))?;
        let session = Self { browser, client, runtime, _driver: driver };
        session.runtime.block_on(session.client.set_window_size(WINDOW.0, WINDOW.1))?;
        Ok(session)
    }

    /// Loads an address, also where it differs from the one shown only in its fragment.
    pub fn load(&self, url: &str) -> Result<()> {
        self.runtime.block_on(self.client.goto("about:blank"))?;
        Ok(self.runtime.block_on(self.client.goto(url))?)
    }

    /// Does something while the browser takes itself to be without a network; only Firefox can be told.
    pub fn offline<T>(&self, act: impl FnOnce() -> Result<T>) -> Result<T> {
        let set = |offline: bool| -> Result<()> {
            if self.browser == Browser::Firefox {
                self.runtime.block_on(self.client.issue_cmd(Context("chrome")))?;
                self.run("Services.io.offline = arg", offline)?;
                self.runtime.block_on(self.client.issue_cmd(Context("content")))?;
            }
            Ok(())
        };
        set(true)?;
        let done = act();
        set(false)?;
        done
    }

    /// Loads the same address anew.
    pub fn reload(&self) -> Result<()> {
        Ok(self.runtime.block_on(self.client.refresh())?)
    }

    /// One step back in the history.
    pub fn back(&self) -> Result<()> {
        Ok(self.runtime.block_on(self.client.back())?)
    }

    /// What a JavaScript expression gives; `arg` in it is `argument`.
    pub fn value<T: DeserializeOwned>(&self, expression: &str, argument: impl Into<Value>) -> Result<T> {
        // As text, because drivers differ in how they write large numbers.
        let script = format!("const arg = arguments[0]; return JSON.stringify({expression}) ?? 'null'");
        let text = self.runtime.block_on(self.client.execute(&script, vec![argument.into()]))?;
        let text = text.as_str().ok_or("a script gave no text")?;
        Ok(serde_json::from_str(text).map_err(|error| format!("{error}: {text}"))?)
    }

    /// Runs a JavaScript statement for what it does; `arg` in it is `argument`.
    pub fn run(&self, statement: &str, argument: impl Into<Value>) -> Result<()> {
        let script = format!("const arg = arguments[0]; {statement};");
        Ok(self.runtime.block_on(self.client.execute(&script, vec![argument.into()])).map(drop)?)
    }

    /// Waits until a JavaScript expression is true; `arg` in it is `argument`.
    pub fn wait(&self, expression: &str, argument: impl Into<Value>) -> Result<()> {
        let (argument, start) = (argument.into(), Instant::now());
        loop {
            // Between two pages there is nothing to ask.
            let seen = self.value::<bool>(&format!("!!({expression})"), argument.clone());
            match seen {
                Ok(true) => return Ok(()),
                _ if start.elapsed() < PATIENCE => std::thread::sleep(POLL),
                Ok(false) => return Err(format!("not within {PATIENCE:?}: {expression}, arg={argument}").into()),
                Err(error) => return Err(format!("{expression}: {error}").into()),
            }
        }
    }

    pub(crate) fn find(&self, css: &str) -> Result<Element> {
        let found = self.runtime.block_on(self.client.find(Locator::Css(css)));
        found.map_err(|error| format!("{css}: {error}").into())
    }

    /// Clicks an element.
    pub fn click(&self, css: &str) -> Result<()> {
        Ok(self.runtime.block_on(self.find(css)?.click())?)
    }

    /// Presses keys on an element, by the keyboard.
    pub fn press(&self, css: &str, keys: &str) -> Result<()> {
        Ok(self.runtime.block_on(self.find(css)?.send_keys(keys))?)
    }

    /// Chooses an option.
    pub fn choose(&self, css: &str, value: &str) -> Result<()> {
        Ok(self.runtime.block_on(self.find(css)?.select_by_value(value))?)
    }

    /// Moves the pointer over the middle of an element.
    pub fn point_at(&self, css: &str) -> Result<()> {
        self.run("document.querySelector(arg).scrollIntoView({ block: 'nearest' })", css)?;
        let element = self.find(css)?;
        self.move_pointer(PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 })
    }

    fn move_pointer(&self, action: PointerAction) -> Result<()> {
        let moves = MouseActions::new("pointer".to_owned()).then(action);
        Ok(self.runtime.block_on(self.client.perform_actions(moves))?)
    }

    /// Does something in a tab of its own, which is closed behind it.
    pub fn in_another_tab<T>(&self, act: impl FnOnce() -> Result<T>) -> Result<T> {
        let first = self.runtime.block_on(self.client.window())?;
        let other = self.runtime.block_on(self.client.new_window(true))?.handle;
        self.runtime.block_on(self.client.switch_to_window(other))?;
        let done = act();
        self.runtime.block_on(self.client.close_window())?;
        self.runtime.block_on(self.client.switch_to_window(first))?;
        done
    }

    /// Works inside a frame from here on.
    pub fn enter_frame(&self, css: &str) -> Result<()> {
        Ok(self.runtime.block_on(self.find(css)?.enter_frame())?)
    }

    /// Works outside the frame again.
    pub fn leave_frame(&self) -> Result<()> {
        Ok(self.runtime.block_on(self.client.enter_parent_frame())?)
    }

    /// Makes Chromium's processor so many times slower.
    #[allow(dead_code, reason = "the benchmark `touch` has this file, too")]
    pub fn slow_down(&self, times: u32) -> Result<()> {
        let id = self.runtime.block_on(self.client.session_id())?.ok_or("the browser has no session")?;
        let body = json!({ "cmd": "Emulation.setCPUThrottlingRate", "params": { "rate": times } }).to_string();
        let mut driver = TcpStream::connect(("127.0.0.1", self._driver.port))?;
        write!(
            driver,
            "POST /session/{id}/goog/cdp/execute HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        // The driver keeps the connection: its first line tells all.
        let mut answer = [0; 12];
        driver.read_exact(&mut answer)?;
        if answer.ends_with(b" 200") { Ok(()) } else { Err("the driver cannot slow the browser down".into()) }
    }

    /// What an element looks like, as PNG.
    pub fn picture(&self, css: &str) -> Result<Vec<u8>> {
        Ok(self.runtime.block_on(self.find(css)?.screenshot())?)
    }
}
