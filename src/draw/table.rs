//! A figure's twin: the same data as a table, in HTML and as CSV.

use super::{escaped, units};

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Words.
    Text(String),
    /// A whole number.
    Count(u64),
    /// A time in nanoseconds.
    Nanos(u64),
    /// A size in bytes.
    Bytes(u64),
    /// Nothing.
    None,
}

impl Value {
    /// Some words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// For people.
    fn shown(&self) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Count(count) => units::grouped(*count),
            Value::Nanos(ns) => units::time(*ns),
            Value::Bytes(bytes) => units::bytes(*bytes),
            Value::None => "–".to_owned(),
        }
    }

    /// For machines: exact, without a unit.
    fn exact(&self) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Count(count) => count.to_string(),
            Value::Nanos(ns) => ns.to_string(),
            Value::Bytes(bytes) => bytes.to_string(),
            Value::None => String::new(),
        }
    }
}

/// A table: columns by name, and rows of as many cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Name of each column for people, and for machines with its unit: `Start`, `start_ns`.
    pub columns: Vec<(&'static str, &'static str)>,
    /// The rows; the first cell names the row.
    pub rows: Vec<Vec<Value>>,
}

impl Table {
    /// As HTML: numbers for people, exact values in `data-value`.
    pub fn html(&self) -> String {
        let mut html = format!(
            r#"<div class="table" tabindex="0" role="region" aria-label="{caption}"><table><caption>{caption}</caption><thead><tr>"#,
            caption = escaped(&self.caption)
        );
        for (name, _) in &self.columns {
            html += &format!(r#"<th scope="col">{}</th>"#, escaped(name));
        }
        html += "</tr></thead><tbody>";
        for row in &self.rows {
            html += "<tr>";
            for (index, value) in row.iter().enumerate() {
                let (open, close) = if index == 0 { (r#"<th scope="row""#, "</th>") } else { ("<td", "</td>") };
                let class = if matches!(value, Value::Text(_)) { "" } else { r#" class="amount""# };
                let exact = escaped(&value.exact());
                html += &format!(r#"{open}{class} data-value="{exact}">{}{close}"#, escaped(&value.shown()));
            }
            html += "</tr>";
        }
        html + "</tbody></table></div>"
    }

    /// As CSV (RFC 4180): a line of names with units, then exact values.
    pub fn csv(&self) -> String {
        let line = |cells: Vec<String>| cells.join(",") + "\r\n";
        let mut csv = line(self.columns.iter().map(|(_, name)| quoted(name)).collect());
        for row in &self.rows {
            csv += &line(row.iter().map(|value| quoted(&value.exact())).collect());
        }
        csv
    }
}

/// A field of CSV: in quotes where it holds anything special.
fn quoted(text: &str) -> String {
    let special = |letter: char| matches!(letter, ',' | '"' | '\r' | '\n');
    // A spreadsheet would compute what begins like a formula.
    let formula = text.starts_with(['=', '+', '-', '@']);
    match (text.contains(special), formula) {
        (false, false) => text.to_owned(),
        (_, false) => format!("\"{}\"", text.replace('"', "\"\"")),
        (_, true) => format!("\"'{}\"", text.replace('"', "\"\"")),
    }
}
