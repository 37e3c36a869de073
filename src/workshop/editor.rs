//! The editor of model documents: all that is wrong while typing, at its line, with the mends that are certain.

use crate::dom;
use crate::draw::escaped;
use crate::formats::{ModelFile, ModelReading, Place, Problem, read_model_partly};
use crate::network::Network;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlTextAreaElement;

/// Where a text that is not used yet is kept, for this tab.
const DRAFT: &str = "offcut-draft";

/// A text, and what was read of it.
pub struct Editor {
    /// The text as it was opened.
    first: String,
    /// The text.
    pub text: String,
    /// Its network, or the sound part of it; and all that is wrong.
    pub reading: ModelReading,
}

impl Editor {
    /// Of a text.
    pub fn of(text: String) -> Self {
        let reading = read_model_partly(&text);
        Self { first: text.clone(), text, reading }
    }

    /// With another text.
    pub fn typed(self, text: String) -> Self {
        Self { reading: read_model_partly(&text), text, ..self }
    }

    /// Whether there is something to lose.
    pub fn is_changed(&self) -> bool {
        self.text != self.first
    }

    /// Of a network.
    pub fn of_network(network: &Network) -> Self {
        Self::of(ModelFile::of(network).to_text())
    }

    /// Of what was being edited when the page was left.
    pub fn kept() -> Option<Self> {
        let storage = dom::window()?.session_storage().ok()??;
        storage.get_item(DRAFT).ok()?.map(Self::of)
    }

    /// Keeps the text until it is used or given up; where the browser keeps nothing, it is only here.
    pub fn keep(&self) {
        if let Some(Ok(Some(storage))) = dom::window().map(|window| window.session_storage()) {
            let _ = storage.set_item(DRAFT, &self.text);
        }
    }

    /// Forgets what was kept.
    pub fn forget() {
        if let Some(Ok(Some(storage))) = dom::window().map(|window| window.session_storage()) {
            let _ = storage.remove_item(DRAFT);
        }
    }

    /// The network, where nothing is wrong.
    pub fn network(&self) -> Option<&Network> {
        self.reading.network.as_ref().filter(|_| self.reading.problems.is_empty())
    }

    /// Why the drawing ends where it does; none where the network is whole.
    pub fn cut(&self) -> Option<&str> {
        self.reading.problems.first().map(|problem| problem.what.as_str())
    }
}

/// The editor, empty.
pub const HTML: &str = "<header><h2>Model document</h2><p id=\"verdict\" role=\"status\"></p></header>\
    <div class=\"sheet\"><pre id=\"gutter\" aria-hidden=\"true\"></pre>\
    <textarea id=\"source\" aria-label=\"Model document, JSON\" aria-describedby=\"verdict\" spellcheck=\"false\" \
    autocomplete=\"off\" autocapitalize=\"off\" wrap=\"off\"></textarea></div>\
    <ul id=\"wrong\" class=\"problems\"></ul>\
    <p class=\"buttons\"><button id=\"use\" class=\"main\" data-do=\"use\">Use it</button>\
    <button data-do=\"leave\">Leave the editor</button></p>";

fn source() -> Option<HtmlTextAreaElement> {
    dom::element("#source")?.dyn_into().ok()
}

/// The text as it stands in the page.
pub fn typed() -> Option<String> {
    source().map(|source| source.value())
}

/// Puts text and problems into the page.
pub fn show(editor: &Editor) {
    if let Some(source) = source().filter(|source| source.value() != editor.text) {
        source.set_value(&editor.text);
    }
    judge(editor);
}

/// Says what is wrong.
pub fn judge(editor: &Editor) {
    let problems = &editor.reading.problems;
    let verdict = match (problems.len(), &editor.reading.network) {
        (0, Some(network)) => format!("{} layers, nothing is wrong.", network.layers().len()),
        (0, None) => "There is no network.".to_owned(),
        (1, _) => "One thing is wrong:".to_owned(),
        (count, _) => format!("{count} things are wrong:"),
    };
    dom::put_text("#verdict", &verdict);
    let items: String = problems.iter().enumerate().map(|(at, problem)| item(at, problem)).collect();
    dom::put_html("#wrong", &items);
    dom::put_html("#gutter", &gutter(editor));
    dom::scroll_with("#gutter", "#source");
    if let Some(button) = dom::element("#use") {
        let _ = button.toggle_attribute_with_force("disabled", editor.network().is_none());
    }
}

fn item(at: usize, problem: &Problem) -> String {
    let Problem { code, place, what, remedy, did_you_mean, mend, .. } = problem;
    let mut html = format!("<li><code>{code}</code> ");
    if let Some(Place { line, column, .. }) = place {
        html += &format!(
            "<button class=\"link\" data-do=\"place\" data-at=\"{at}\">line {line}, column {column}</button> "
        );
    }
    html += &escaped(what);
    if !remedy.is_empty() {
        html += &["; ", &escaped(remedy)].concat();
    }
    html += ".";
    if let Some(meant) = did_you_mean {
        html += &[" Did you mean ", &escaped(meant), "?"].concat();
    }
    if let Some(mend) = mend {
        html += &format!(" <button data-do=\"mend\" data-at=\"{at}\">{}</button>", escaped(&mend.label));
    }
    html + "</li>"
}

/// Numbers of lines, those with problems marked.
fn gutter(editor: &Editor) -> String {
    let mut html = String::new();
    let bad =
        |line: usize| editor.reading.problems.iter().any(|problem| problem.place.is_some_and(|at| at.line == line));
    for line in 1..=editor.text.split('\n').count() {
        html += &match bad(line) {
            true => format!("<b>{line}</b>\n"),
            false => format!("{line}\n"),
        };
    }
    html
}

/// A place of the text in JavaScript's units.
fn units(text: &str, at: usize) -> u32 {
    text.get(..at).unwrap_or(text).encode_utf16().count() as u32
}

/// Selects where a problem is.
pub fn go_to(editor: &Editor, at: usize) {
    let place = editor.reading.problems.get(at).and_then(|problem| problem.place);
    if let (Some(place), Some(source)) = (place, source()) {
        select(&source, &editor.text, place.start, place.end);
        // Browsers scroll to what is typed, not to what is selected.
        let line = f64::from(source.scroll_height()) / editor.text.split('\n').count().max(1) as f64;
        source.set_scroll_top(((place.line as f64 - 4.0).max(0.0) * line) as i32);
    }
}

fn select(source: &HtmlTextAreaElement, text: &str, start: usize, end: usize) {
    let _ = source.focus();
    let _ = source.set_selection_range(units(text, start), units(text, end));
}

/// Makes the edit that mends a problem, as if it were typed: the browser's own undo takes it back.
pub fn mend(editor: &Editor, at: usize) -> Option<String> {
    let mend = editor.reading.problems.get(at)?.mend.clone()?;
    let source = source()?;
    select(&source, &editor.text, mend.start, mend.end);
    let (command, insert): (JsValue, &str) = if mend.replacement.is_empty() {
        ("delete".into(), "")
    } else {
        ("insertText".into(), mend.replacement.as_str())
    };
    let document = dom::document()?;
    let typed = js_sys::Reflect::get(&document, &"execCommand".into())
        .ok()
        .and_then(|exec| exec.dyn_into::<js_sys::Function>().ok())
        .and_then(|exec| exec.call3(&document, &command, &false.into(), &insert.into()).ok());
    let mended = mend.applied(&editor.text);
    if typed.is_none() || source.value() != mended {
        source.set_value(&mended);
    }
    Some(mended)
}
