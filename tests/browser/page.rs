//! The page as a user sees it.

use crate::server::{PLAIN, Server};
use crate::session::{Browser, Result, Session};
use serde_json::Value;
use std::path::PathBuf;

/// The page in a browser.
pub struct Page {
    /// The browser.
    pub session: Session,
    /// What serves the page to it.
    pub server: Server,
}

impl Page {
    /// Serves the folder that `OFFCUT_DIST` names and starts a browser.
    pub fn start(browser: Browser) -> Result<Self> {
        let dist = std::env::var_os("OFFCUT_DIST").ok_or("OFFCUT_DIST must name the folder of the built page")?;
        let dist = PathBuf::from(dist);
        if !dist.join("index.html").is_file() {
            return Err(format!("there is no built page in {}", dist.display()).into());
        }
        Ok(Self { server: Server::start(dist)?, session: Session::start(browser)? })
    }

    /// Loads the page with a fragment and waits for its plan.
    pub fn open(&self, fragment: &str) -> Result<()> {
        self.session.load(&format!("{}{fragment}", self.server.url(PLAIN)))?;
        self.wait_until_ready()
    }

    /// Waits until the page shows the plan of its newest request.
    pub fn wait_until_ready(&self) -> Result<()> {
        self.session.wait("document.querySelector('main[data-state=ready]')", ())
    }

    /// The number of the request that is shown.
    pub fn request(&self) -> Result<u64> {
        self.answer("request")
    }

    /// Waits for the plan of a later request than this one.
    pub fn wait_for_plan_after(&self, request: u64) -> Result<()> {
        let later = "+document.querySelector('#answer').dataset.request > arg";
        self.session.wait(later, request)?;
        self.wait_until_ready()
    }

    /// The fragment of the address.
    pub fn fragment(&self) -> Result<String> {
        self.session.value("location.hash", ())
    }

    /// One of the answer's numbers, by the name of its `data-` attribute in JavaScript.
    pub fn answer(&self, name: &str) -> Result<u64> {
        let text: Option<String> = self.session.value("document.querySelector('#answer').dataset[arg]", name)?;
        let text = text.ok_or_else(|| format!("#answer has no {name}"))?;
        text.parse().map_err(|error| format!("{name}={text}: {error}").into())
    }

    /// Text of all alerts.
    pub fn alerts(&self) -> Result<Vec<String>> {
        self.session.value("[...document.querySelectorAll('[role=alert]')].map(e => e.textContent)", ())
    }

    /// Fails where the page has met an error since it was loaded.
    pub fn expect_no_errors(&self) -> Result<()> {
        let seen: Vec<String> = self.session.value("window.seenErrors ?? []", ())?;
        if seen.is_empty() { Ok(()) } else { Err(format!("errors in the page: {seen:?}").into()) }
    }

    /// All that helps to understand a failure.
    pub fn state(&self) -> String {
        let state = self.session.value::<Value>(
            "({ url: location.href, main: {...document.querySelector('main')?.dataset}, \
            answer: {...document.querySelector('#answer')?.dataset}, errors: window.seenErrors, \
            alerts: [...document.querySelectorAll('[role=alert], #app-status')].map(e => e.textContent) })",
            (),
        );
        state.map_or_else(|error| error.to_string(), |state| state.to_string())
    }
}
