//! Links: `#/plan?v=1&model=…`, readable keys for presets and for what differs from them.

use super::{FIELDS, Micro, Situation, field};
use crate::formats::Method;
use crate::percent::{escaped, unescaped};
use crate::platform::presets::{self, ProcessorPreset};
use crate::zoo;

/// The version of the links written.
pub const VERSION: u32 = 1;

/// Keys of what a link says of the page rather than of what is planned: the chosen tile, a plan made by hand (as
/// `job::Proposal::to_text` writes it), the step of the search, controls to hide or to lock, and what an embedded
/// figure shows besides itself.
pub const LOOKS: [&str; 6] = ["tile", "p", "step", "hide", "lock", "with"];

/// Keys of own names, by group; and of pairs, with what stands between two numbers.
const NAMES: [&str; 3] = ["device_name", "server_name", "network_name"];
const PAIRS: [(&str, char); 2] = [("grids", 'x'), ("fusible", '-')];
/// The longest own name, in characters.
pub(super) const LONGEST_NAME: usize = 64;

/// Figures that can be shown alone.
const FIGURES: [&str; 5] = ["fusion", "assignment", "timeline", "comparison", "convergence"];

/// The longest link that is read, in bytes.
const LONGEST: usize = 1_000_000;

/// Why a link cannot be opened; the user's own situation stays as it was.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LinkError {
    /// From a newer Offcut.
    #[error(
        "This link is of version {0}, but this page reads up to version {VERSION}. Open it with a newer Offcut, or reload the page."
    )]
    Newer(u32),
    /// No version, or one that never was.
    #[error("This link has no version that Offcut knows (v={0}). It may be damaged or cut short; ask for it again.")]
    Version(String),
    /// A key that no link has.
    #[error("This link has an entry `{0}` that Offcut does not know. It may be damaged; ask for it again.")]
    Key(String),
    /// A preset that is not there.
    #[error("This link names the {what} `{id}`, which is not among the presets.")]
    Preset {
        /// Which choice.
        what: &'static str,
        /// The id given.
        id: String,
    },
    /// A value out of range.
    #[error("This link says {key}={value}, but {key} is a number from {least} to {most}.")]
    Value {
        /// The key.
        key: &'static str,
        /// The value given.
        value: String,
        /// Smallest.
        least: Micro,
        /// Largest.
        most: Micro,
    },
    /// What a link says of how the page looks has characters that no name and no number has.
    #[error("This link has an entry `{0}` with characters that none has. It may be damaged; ask for it again.")]
    Look(String),
    /// A name that is too long, or pairs of numbers that are none.
    #[error("This link has an entry `{0}` that cannot be read. It may be damaged; ask for it again.")]
    Entry(&'static str),
    /// A page that is not there.
    #[error("There is no page `{0}` here.")]
    Page(String),
    /// Longer than any link.
    #[error("This link is longer than any that Offcut writes. It is damaged.")]
    TooLong,
}

impl Situation {
    /// The fragment that opens this situation, `#` included.
    pub fn to_fragment(&self) -> String {
        let mut text = self.fragment(&self.route);
        for (key, value) in &self.looks {
            text += &["&", key, "=", value].concat();
        }
        text
    }

    /// The same of what is planned alone: two situations with one such text have one plan.
    pub fn planned(&self) -> String {
        self.fragment("plan")
    }

    fn fragment(&self, route: &str) -> String {
        let own = self.own.as_deref();
        let mut text = format!(
            "#/{route}?v={VERSION}&{}={}&device={}&server={}&network={}",
            if own.is_some() { "m" } else { "model" },
            own.unwrap_or(self.model),
            self.device.id,
            self.server.id,
            self.link.id
        );
        for (key, name) in NAMES.iter().zip(&self.names).filter(|(_, name)| !name.is_empty()) {
            text += &["&", key, "=", &escaped(name)].concat();
        }
        if self.method != Method::Psomw {
            text += &format!("&method={}", self.method.id());
        }
        for field in FIELDS.iter().filter(|field| self.is_changed(field)) {
            text += &format!("&{}={}", field.key, self.exact(field));
        }
        for ((key, between), pairs) in PAIRS.iter().zip(&self.pairs) {
            let Some(pairs) = pairs else { continue };
            text += &["&", key, "="].concat();
            for (at, [first, second]) in pairs.iter().enumerate() {
                text += if at == 0 { "" } else { "," };
                text += &format!("{first}{between}{second}");
            }
        }
        text
    }

    /// The situation of a fragment; an empty one is the first situation.
    ///
    /// # Errors
    /// The first entry that is wrong.
    pub fn from_fragment(fragment: &str) -> Result<Self, LinkError> {
        if fragment.len() > LONGEST {
            return Err(LinkError::TooLong);
        }
        let fragment = fragment.trim_start_matches('#');
        let (page, query) = fragment.split_once('?').unwrap_or((fragment, ""));
        let route = page.strip_prefix('/').unwrap_or(page);
        let alone = route.strip_prefix("embed/").is_some_and(|figure| FIGURES.contains(&figure));
        if !alone && !matches!(route, "" | "plan" | "models") {
            return Err(LinkError::Page(page.to_owned()));
        }
        let entries = entries(query);
        if !entries.is_empty() {
            check_version(&entries)?;
        }
        let mut situation = Self::default();
        if !route.is_empty() {
            situation.route = route.to_owned();
        }
        situation.take(&entries)?;
        Ok(situation)
    }

    /// The same with other entries, as they stand in a link: `device=own&device_name=…`.
    ///
    /// # Errors
    /// The first entry that is wrong.
    pub fn with_entries(&self, query: &str) -> Result<Self, LinkError> {
        let mut situation = self.clone();
        situation.take(&entries(query))?;
        Ok(situation)
    }

    fn take(&mut self, entries: &[(&str, String)]) -> Result<(), LinkError> {
        // Presets first: they reset what was changed of the ones before.
        for (key, value) in entries {
            self.take_preset(key, value)?;
        }
        for (key, value) in entries {
            self.take_value(key, value)?;
        }
        Ok(())
    }

    fn take_preset(&mut self, key: &str, id: &str) -> Result<(), LinkError> {
        let missing = |what| LinkError::Preset { what, id: id.to_owned() };
        match key {
            "model" => self.set_model(zoo::find(id).ok_or_else(|| missing("network"))?.id),
            "m" => self.set_own(id),
            "device" => self.set_device(processor(presets::device(id), id).ok_or_else(|| missing("device"))?),
            "server" => self.set_server(processor(presets::server(id), id).ok_or_else(|| missing("server"))?),
            "network" => {
                let own = (id == presets::OWN).then_some(&presets::OWN_LINK);
                self.set_link(presets::link(id).or(own).ok_or_else(|| missing("link"))?);
            }
            "method" => self.method = Method::find(id).ok_or_else(|| missing("method"))?,
            _ => {}
        }
        Ok(())
    }

    fn take_value(&mut self, key: &str, text: &str) -> Result<(), LinkError> {
        if matches!(key, "v" | "model" | "device" | "server" | "network" | "method") {
            return Ok(());
        }
        if LOOKS.contains(&key) || key == "m" {
            // Names, numbers and packed texts; whoever uses them looks closer.
            if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-,.;:~".contains(&byte)) {
                return Err(LinkError::Look(key.to_owned()));
            }
            if key != "m" {
                self.looks.push((key.to_owned(), text.to_owned()));
            }
            return Ok(());
        }
        if let Some(at) = NAMES.iter().position(|name| *name == key) {
            if text.chars().count() > LONGEST_NAME {
                return Err(LinkError::Entry(NAMES[at]));
            }
            self.names[at] = text.to_owned();
            return Ok(());
        }
        if let Some(at) = PAIRS.iter().position(|pairs| pairs.0 == key) {
            let (key, between) = PAIRS[at];
            self.pairs[at] = Some(pairs(text, between).ok_or(LinkError::Entry(key))?);
            return Ok(());
        }
        let Some(field) = field(key) else { return Err(LinkError::Key(key.to_owned())) };
        match Micro::read(text).map(Micro::value) {
            Some(value) if field.kind.accepts(value) => {
                self.set(field, value);
                Ok(())
            }
            _ => {
                let (least, most) = field.kind.range();
                let [least, most] = [least, most].map(Micro::new);
                Err(LinkError::Value { key: field.key, value: text.to_owned(), least, most })
            }
        }
    }
}

/// Entries of a query, decoded.
fn entries(query: &str) -> Vec<(&str, String)> {
    let entries = query.split('&').filter(|entry| !entry.is_empty());
    let entries = entries.map(|entry| entry.split_once('=').unwrap_or((entry, "")));
    entries.map(|(key, value)| (key, unescaped(value))).collect()
}

/// A preset that was found, or one's own.
fn processor(found: Option<&'static ProcessorPreset>, id: &str) -> Option<&'static ProcessorPreset> {
    found.or((id == presets::OWN).then_some(&presets::OWN_PROCESSOR))
}

fn pairs(text: &str, between: char) -> Option<Vec<[u32; 2]>> {
    let pair = |text: &str| {
        let (first, second) = text.split_once(between)?;
        Some([first.parse().ok()?, second.parse().ok()?])
    };
    text.split(',').filter(|_| !text.is_empty()).map(pair).collect()
}

fn check_version(entries: &[(&str, String)]) -> Result<(), LinkError> {
    let text = entries.iter().find(|(key, _)| *key == "v").map_or("", |(_, value)| value);
    match text.parse::<u32>() {
        Ok(VERSION) => Ok(()),
        Ok(newer) if newer > VERSION => Err(LinkError::Newer(newer)),
        _ => Err(LinkError::Version(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_round_trip() -> Result<(), LinkError> {
        let mut situation = Situation { model: "vgg16", ..Situation::default() };
        situation.set_link(presets::link("ethernet-100").expect("a preset"));
        situation.set(field("uplink_mbps").expect("a field"), 31.5);
        situation.set(field("seed").expect("a field"), 2.0);
        let link = situation.to_fragment();
        assert_eq!(Situation::from_fragment(&link)?, situation);
        assert_eq!(Situation::from_fragment(&link)?.to_fragment(), link);
        assert_eq!(Situation::from_fragment("")?, Situation::default());
        Ok(())
    }

    /// Every link ever published opens, and means the same.
    #[test]
    fn old_links_open() -> Result<(), LinkError> {
        let link = "#/plan?v=1&model=tiny-yolov2&device=raspberry-pi-3b+&server=rtx-2080&network=home-wifi&uplink_mbps=31&seed=2";
        let situation = Situation::from_fragment(link)?;
        assert_eq!(situation.value(field("uplink_mbps").expect("a field")), 31.0);
        assert_eq!(situation.to_fragment(), link);
        assert_eq!(Situation::from_fragment(&link.replace('+', "%2B"))?, situation);
        Ok(())
    }

    #[test]
    fn bad_links_say_what_is_wrong() {
        let opened = |query: &str| Situation::from_fragment(&format!("#/plan?{query}"));
        assert_eq!(opened("v=2"), Err(LinkError::Newer(2)));
        assert!(matches!(opened("model=vgg16"), Err(LinkError::Version(_))));
        assert!(matches!(opened("v=1&model=nope"), Err(LinkError::Preset { what: "network", .. })));
        for value in ["NaN", "inf", "-1", "", "1e99", "x"] {
            assert!(matches!(opened(&format!("v=1&uplink_mbps={value}")), Err(LinkError::Value { .. })), "{value}");
        }
        assert!(matches!(opened("v=1&seed=1.5"), Err(LinkError::Value { .. })));
        assert!(matches!(opened("v=1&tiles=3"), Err(LinkError::Key(_))));
        assert!(matches!(Situation::from_fragment("#/nowhere"), Err(LinkError::Page(_))));
        assert_eq!(Situation::from_fragment(&"x".repeat(1_000_001)), Err(LinkError::TooLong));
    }
}
