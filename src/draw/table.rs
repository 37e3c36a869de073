//! A figure's twin: the same data as a table, in HTML and as CSV.

use super::{escaped, units};
use crate::base::order;
use std::cmp::Ordering;

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Words.
    Text(String),
    /// A whole number.
    Count(u64),
    /// A position: machines count from 0, people from 1.
    Position(u64),
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
            Value::Position(at) => units::grouped(at + 1),
            Value::Nanos(ns) => units::time(*ns),
            Value::Bytes(bytes) => units::bytes(*bytes),
            Value::None => "–".to_owned(),
        }
    }

    /// For machines: exact, without a unit.
    fn exact(&self) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Count(number) | Value::Position(number) | Value::Nanos(number) | Value::Bytes(number) => {
                number.to_string()
            }
            Value::None => String::new(),
        }
    }

    fn number(&self) -> Option<u64> {
        match self {
            Value::Count(number) | Value::Position(number) | Value::Nanos(number) | Value::Bytes(number) => {
                Some(*number)
            }
            Value::Text(_) | Value::None => None,
        }
    }

    /// Numbers by value, texts by text, numbers before texts.
    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            _ => match (self.number(), other.number()) {
                (Some(a), Some(b)) => a.cmp(&b),
                (a, b) => a.is_none().cmp(&b.is_none()),
            },
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

/// By which column a table is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sorting {
    /// The column, from 0.
    pub column: usize,
    /// The largest first.
    pub descending: bool,
}

impl Table {
    /// As HTML: numbers for people, exact values in `data-value`.
    pub fn html(&self) -> String {
        let head = |_: usize, name: &str| format!(r#"<th scope="col">{}</th>"#, escaped(name));
        self.html_with(&head, &|_| String::new())
    }

    /// The same with a button in each header (`data-sort` is its column), the order said; every row says in the
    /// attribute `key` what its first cell is.
    pub fn sortable_html(&self, sorting: Option<Sorting>, key: &str) -> String {
        let head = |column: usize, name: &str| {
            let sort = match sorting.filter(|sorting| sorting.column == column) {
                Some(Sorting { descending: true, .. }) => "descending",
                Some(_) => "ascending",
                None => "none",
            };
            let (name, class) = (escaped(name), if self.is_amount(column) { r#" class="amount""# } else { "" });
            format!(
                r#"<th scope="col"{class} aria-sort="{sort}"><button type="button" data-sort="{column}">{name}</button></th>"#
            )
        };
        let row = |row: &[Value]| {
            row.first().map_or(String::new(), |first| format!(r#" {key}="{}""#, escaped(&first.exact())))
        };
        self.html_with(&head, &row)
    }

    fn html_with(&self, head: &dyn Fn(usize, &str) -> String, attributes: &dyn Fn(&[Value]) -> String) -> String {
        let mut html = format!(
            r#"<div class="table" tabindex="0" role="region" aria-label="{caption}"><table><caption>{caption}</caption><thead><tr>"#,
            caption = escaped(&self.caption)
        );
        for (column, (name, _)) in self.columns.iter().enumerate() {
            html += &head(column, name);
        }
        html += "</tr></thead><tbody>";
        for row in &self.rows {
            html += &format!("<tr{}>", attributes(row));
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

    /// Whether a column has numbers.
    fn is_amount(&self, column: usize) -> bool {
        self.rows.iter().any(|row| row.get(column).is_some_and(|value| value.number().is_some()))
    }

    /// The rows in the order of a column; equal ones keep theirs, and empty cells come last either way.
    pub fn sorted(&self, sorting: Sorting) -> Self {
        let cell = |row: usize| self.rows.get(row).and_then(|row| row.get(sorting.column)).unwrap_or(&Value::None);
        let positions = order(self.rows.len(), &|a, b| {
            let (a, b) = (cell(a), cell(b));
            let empty = (*a == Value::None).cmp(&(*b == Value::None));
            empty.then_with(|| if sorting.descending { b.compare(a) } else { a.compare(b) })
        });
        let rows = positions.into_iter().filter_map(|at| self.rows.get(at).cloned()).collect();
        Self { rows, ..self.clone() }
    }

    /// As Markdown with pipes, numbers for people and to the right. Cells are text: no markup of theirs counts.
    pub fn markdown(&self) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut text = line(self.columns.iter().map(|(name, _)| plain(name)).collect());
        let rule = |column: usize| if self.is_amount(column) { "---:" } else { "---" }.to_owned();
        text += &line((0..self.columns.len()).map(rule).collect());
        for row in &self.rows {
            text += &line(row.iter().map(|value| plain(&value.shown())).collect());
        }
        text
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

/// A cell of Markdown: what would be markup is escaped, lines become one.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '&' => plain.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '$' | '#' => plain.extend(['\\', letter]),
            letter if letter.is_control() => plain.push(' '),
            letter => plain.push(letter),
        }
    }
    plain
}
