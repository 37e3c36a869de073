//! From scenarios to tests: every scenario in every browser, each browser started once.

use crate::page::Page;
use crate::scenarios::{SCENARIOS, Scenario};
use crate::session::{Browser, Result};
use crate::{studio, workshop};
use libtest_mimic::{Arguments, Failed, Trial};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

/// A browser that starts with the first scenario that asks for it.
struct Slot {
    browser: Browser,
    page: Mutex<Option<Page>>,
}

/// Runs what the command line asks for; without `--ignored` that is nothing.
pub fn run() -> ExitCode {
    let arguments = Arguments::from_args();
    let slots = [Browser::Chromium, Browser::Firefox].map(|browser| Arc::new(Slot { browser, page: Mutex::default() }));
    // Neighbours are of different browsers, so that two threads keep both busy.
    let scenarios =
        SCENARIOS.iter().chain(studio::ALL.into_iter().flatten()).chain(workshop::ALL.into_iter().flatten());
    let trials = scenarios.flat_map(|scenario| slots.iter().map(move |slot| trial(slot, scenario))).collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(slots);
    conclusion.exit_code()
}

fn trial(slot: &Arc<Slot>, scenario: &'static Scenario) -> Trial {
    let slot = slot.clone();
    let name = format!("{}_{}", slot.browser.name(), scenario.name);
    Trial::test(name, move || slot.play(scenario).map_err(|error| Failed::from(error.to_string())))
        .with_ignored_flag(true)
}

impl Slot {
    fn play(&self, scenario: &Scenario) -> Result<()> {
        let mut page = self.page.lock().unwrap_or_else(PoisonError::into_inner);
        if page.is_none() {
            *page = Some(Page::start(self.browser)?);
        }
        let Some(page) = page.as_ref() else { return Ok(()) };
        let played = (scenario.play)(page).and_then(|()| page.expect_no_errors());
        played.map_err(|error| format!("{error}\nthe page: {}", page.state()).into())
    }
}
