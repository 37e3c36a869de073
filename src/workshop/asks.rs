//! What a file leaves open, asked and answered.

use super::{opening, report, state};
use crate::dom;
use crate::draw::escaped;
use crate::import::{Ask, Options};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlInputElement, HtmlSelectElement};

/// Asks; the file is read again with the answers.
pub fn ask(what: &JsValue, name: &str, asks: &[Ask]) {
    let mut html = "<p>The file leaves this open:</p>".to_owned();
    for ask in asks {
        html += &match ask {
            Ask::Size { symbol, axis } => {
                let called = if symbol == axis { String::new() } else { format!(", called {}", escaped(symbol)) };
                format!(
                    "<label class=\"ask\"><span>{} of the picture{called}</span><input type=\"number\" data-size=\"{}\" min=\"1\" max=\"65536\" value=\"224\"></label>",
                    escaped(axis),
                    escaped(symbol)
                )
            }
            Ask::Output { names } => {
                let options: String = names.iter().map(|name| format!("<option>{}</option>", escaped(name))).collect();
                format!(
                    "<label class=\"ask\"><span>Which output is wanted</span><select data-output>{options}</select></label>"
                )
            }
        };
    }
    state::with(|workshop| workshop.asking = Some((what.clone(), name.to_owned())));
    report::show(
        &format!("{} asks", report::called(name)),
        &(html + "<p class=\"buttons\"><button class=\"main\" data-do=\"answer\">Open it</button></p>"),
    );
}

/// Takes the answers and reads the file again.
pub fn answer() {
    let Some((what, name)) = state::with(|workshop| workshop.asking.take()).flatten() else { return };
    let options = std::cell::RefCell::new(Options::default());
    dom::each("#workshop [data-size]", |input| {
        let size = input.dyn_ref::<HtmlInputElement>().and_then(|input| input.value().parse().ok());
        let symbol = input.get_attribute("data-size").unwrap_or_default();
        options.borrow_mut().sizes.push((symbol, size.unwrap_or(0)));
    });
    dom::each("#workshop [data-output]", |select| {
        options.borrow_mut().output = select.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value);
    });
    report::close();
    opening::read(&what, &name, &options.into_inner());
}
