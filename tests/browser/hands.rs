//! Hands on keyboard, mouse and wheel.

use crate::session::{Result, Session};
use fantoccini::actions::{
    InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction, WheelAction, WheelActions,
};
use std::time::Duration;

/// Keys, as WebDriver writes them.
pub mod key {
    pub const ENTER: &str = "\u{e007}";
    pub const ESCAPE: &str = "\u{e00c}";
    pub const LEFT: &str = "\u{e012}";
    pub const UP: &str = "\u{e013}";
    pub const RIGHT: &str = "\u{e014}";
    pub const DOWN: &str = "\u{e015}";
    pub const SHIFT: char = '\u{e008}';
    pub const CONTROL: char = '\u{e009}';
}

/// A place on the screen, in pixels.
pub type Place = (f64, f64);

/// The middle of an element that is on the screen; `arg` selects it.
const MIDDLE: &str = "(({ left, top, width, height }) => [left + width / 2, top + height / 2])\
    (document.querySelector(arg).getBoundingClientRect())";

impl Session {
    /// Types keys one after another, wherever the focus is.
    pub fn keys(&self, keys: &str) -> Result<()> {
        let all = keys.chars().fold(KeyActions::new("keys".to_owned()), |all, value| {
            all.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        Ok(self.runtime.block_on(self.client.perform_actions(all))?)
    }

    /// Types a key while others are held.
    pub fn chord(&self, held: &[char], value: char) -> Result<()> {
        let mut all = KeyActions::new("keys".to_owned());
        for &value in held {
            all = all.then(KeyAction::Down { value });
        }
        all = all.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        for &value in held {
            all = all.then(KeyAction::Up { value });
        }
        Ok(self.runtime.block_on(self.client.perform_actions(all))?)
    }

    /// Scrolls an element into the window where it is not; gives its middle.
    pub fn place(&self, css: &str) -> Result<Place> {
        let there: bool = self.value("!!document.querySelector(arg)", css)?;
        if !there {
            return Err(format!("there is no {css}").into());
        }
        self.run("document.querySelector(arg).scrollIntoView({ block: 'nearest' })", css)?;
        self.value(MIDDLE, css)
    }

    /// Gives an element the focus.
    pub fn focus(&self, css: &str) -> Result<()> {
        self.place(css)?;
        // Scrolled things come under a resting pointer, and tell so a frame later.
        std::thread::sleep(Duration::from_millis(80));
        self.run("document.querySelector(arg).focus()", css)
    }

    /// Presses the pointer at a place, moves it to another and lets it go.
    pub fn drag(&self, from: Place, to: Place) -> Result<()> {
        let step = |part: f64| PointerAction::MoveTo {
            duration: Some(Duration::from_millis(30)),
            x: from.0 + (to.0 - from.0) * part,
            y: from.1 + (to.1 - from.1) * part,
        };
        let mut all = MouseActions::new("pointer".to_owned())
            .then(step(0.0))
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT });
        for part in 1..=4 {
            all = all.then(step(f64::from(part) / 4.0));
        }
        Ok(self
            .runtime
            .block_on(self.client.perform_actions(all.then(PointerAction::Up { button: MOUSE_BUTTON_LEFT })))?)
    }

    /// Clicks at a place, whatever lies there.
    pub fn tap(&self, at: Place) -> Result<()> {
        self.drag(at, at)
    }

    /// Turns the wheel over a place, by so many pixels across and down.
    pub fn wheel(&self, at: Place, (delta_x, delta_y): (i64, i64)) -> Result<()> {
        let (x, y) = (at.0.round() as i64, at.1.round() as i64);
        let turn = WheelAction::Scroll { duration: None, x, y, delta_x, delta_y };
        Ok(self.runtime.block_on(self.client.perform_actions(WheelActions::new("wheel".to_owned()).then(turn)))?)
    }
}
