//! The one dialog: what came of a file, what is asked, what can be shared.

use crate::dom;
use crate::draw::escaped;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

fn dialog() -> Option<HtmlDialogElement> {
    dom::add_once("workshop", "<dialog id=\"workshop\" aria-labelledby=\"workshop_title\"></dialog>");
    dom::element("#workshop")?.dyn_into().ok()
}

/// Shows a title and markup, whose texts are escaped already.
pub fn show(title: &str, html: &str) {
    let Some(dialog) = dialog() else { return };
    dialog.set_inner_html(&format!(
        "<header><h2 id=\"workshop_title\">{}</h2><button data-do=\"close\" aria-label=\"Close\">×</button></header>{html}",
        escaped(title)
    ));
    if !dialog.open() {
        let _ = dialog.show_modal();
    }
}

/// Closes it.
pub fn close() {
    if let Some(dialog) = dialog() {
        dialog.close();
    }
}

/// A list of texts; long ones are cut short.
pub fn list<'a>(class: &str, texts: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 40;
    let mut html = format!("<ul class=\"{class}\">");
    for (at, text) in texts.enumerate() {
        if at == MOST {
            html += "<li>… and more of them.</li>";
            break;
        }
        html += &["<li>", &escaped(text), "</li>"].concat();
    }
    html + "</ul>"
}

/// What is wrong with a file that was not opened.
pub fn refuse<'a>(name: &str, problems: impl Iterator<Item = &'a str>) {
    let html = list("problems", problems) + "<p>Your situation is unchanged.</p>";
    show(&format!("{} was not opened", called(name)), &html);
}

/// A file's name, or what stands for a text that has none.
pub fn called(name: &str) -> &str {
    if name.is_empty() { "The pasted text" } else { name }
}
