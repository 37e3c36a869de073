//! A table of measured times: a header, and a line for each layer.

use crate::formats::tree::decimal;
use crate::formats::{Lines, MAX_PROBLEMS, ModelFile, Problem, Problems, clipped, nearest};
use crate::network::Network;

/// A layer's measured times in nanoseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The layer's name, as the table has it.
    pub layer: String,
    /// On the device.
    pub device_ns: Option<u64>,
    /// On the server.
    pub server_ns: Option<u64>,
}

/// Measured times of layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// One for each layer.
    pub rows: Vec<Row>,
}

/// A network with measured times.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The model document with the times in it.
    pub model: ModelFile,
    /// Rows whose layer the network does not have, each with what was probably meant.
    pub unknown_rows: Vec<(String, Option<String>)>,
    /// Layers that the table does not have: they keep the cost formula.
    pub unmeasured_layers: Vec<String>,
}

impl Table {
    /// Gives a network's layers the times of the rows with their names.
    pub fn apply(&self, network: &Network) -> Applied {
        let mut model = ModelFile::of(network);
        let mut is_used = vec![false; self.rows.len()];
        let mut unmeasured_layers = Vec::new();
        let sorted = crate::base::order(self.rows.len(), &|a, b| self.rows[a].layer.cmp(&self.rows[b].layer));
        for layer in &mut model.layers {
            let at = sorted.partition_point(|&row| self.rows[row].layer < layer.name);
            match sorted.get(at).map(|&row| (row, &self.rows[row])).filter(|(_, row)| row.layer == layer.name) {
                Some((index, row)) => {
                    is_used[index] = true;
                    let ms = |ns: Option<u64>| ns.map(|ns| ns as f64 / 1e6);
                    let mut measured = layer.measured_ms.unwrap_or_default();
                    measured.device = ms(row.device_ns).or(measured.device);
                    measured.server = ms(row.server_ns).or(measured.server);
                    let is_some = measured.device.is_some() || measured.server.is_some();
                    layer.measured_ms = is_some.then_some(measured);
                }
                None => unmeasured_layers.push(layer.name.clone()),
            }
        }
        let unused = self.rows.iter().zip(&is_used).filter(|(_, used)| !**used);
        let names = || unmeasured_layers.iter().map(String::as_str);
        // Looking for what was meant takes a while: of the first ones it is enough.
        let unknown_rows = unused
            .enumerate()
            .map(|(at, (row, _))| {
                (row.layer.clone(), if at < MAX_PROBLEMS { nearest(&row.layer, names()) } else { None })
            })
            .collect();
        Applied { model, unknown_rows, unmeasured_layers }
    }
}

/// What a column holds; a time has the decimal exponent of its unit in nanoseconds.
#[derive(Clone, Copy, PartialEq)]
enum Column {
    Layer,
    Device(i32),
    Server(i32),
    Other,
}

/// The largest time, as in model documents.
const MAX_NS: u64 = 10_000_000_000_000;
/// The most rows: a network has 2,000 layers.
const MAX_ROWS: usize = 10_000;

/// Reads a table.
///
/// # Errors
/// All that is wrong, each with its line and column.
pub(super) fn read(text: &str) -> Result<Table, Problems> {
    let mut reader = Reader { lines: Lines::of(text), problems: Vec::new() };
    let mut rows = Vec::new();
    let separator = separator(text);
    let mut columns: Option<Vec<Column>> = None;
    let mut at = 0;
    for line in text.split('\n') {
        let start = at;
        at += line.len() + 1;
        let line = line.trim_end_matches('\r');
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let cells = cells(line, separator);
        match &columns {
            None => columns = Some(reader.header(&cells, start, line.len())?),
            Some(columns) => rows.extend(reader.row(&cells, columns, start, separator)),
        }
        if rows.len() > MAX_ROWS || reader.problems.len() >= MAX_PROBLEMS {
            break;
        }
    }
    if rows.len() > MAX_ROWS {
        reader.say(start_of(text), "the table has more than 10,000 rows", "a network has at most 2,000 layers");
    }
    reader.twice(&rows);
    if rows.is_empty() && reader.problems.is_empty() {
        reader.say(
            start_of(text),
            "the table has no rows",
            "write a header like `layer,device_ms,server_ms` and a line for each layer",
        );
    }
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    if reader.problems.is_empty() { Ok(Table { rows }) } else { Err(Problems(reader.problems)) }
}

fn start_of(text: &str) -> (usize, usize) {
    (0, text.find('\n').unwrap_or(text.len()))
}

/// The separator: whichever the first line with words has most of.
fn separator(text: &str) -> char {
    let header = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or("");
    let count = |c: char| header.chars().filter(|&other| other == c).count();
    let mut best = ',';
    for other in ['\t', ';'] {
        if count(other) > count(best) {
            best = other;
        }
    }
    best
}

/// A cell: its text without quotes, and where it begins and ends in its line.
type Cell = (String, usize, usize);

fn cells(line: &str, separator: char) -> Vec<Cell> {
    let mut all = Vec::new();
    let (mut cell, mut start) = (String::new(), 0);
    let mut is_quoted = false;
    let mut characters = line.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' if is_quoted && characters.peek().is_some_and(|(_, next)| *next == '"') => {
                characters.next();
                cell.push('"');
            }
            '"' if is_quoted || cell.trim().is_empty() => is_quoted = !is_quoted,
            c if c == separator && !is_quoted => {
                all.push((cell.trim().to_owned(), start, at));
                cell.clear();
                start = at + c.len_utf8();
                if all.len() > 100 {
                    break;
                }
            }
            c => cell.push(c),
        }
    }
    all.push((cell.trim().to_owned(), start, line.len()));
    all
}

struct Reader<'a> {
    lines: Lines<'a>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn say(&mut self, (start, end): (usize, usize), what: impl Into<String>, remedy: &str) {
        let place = Some(self.lines.place(start, end));
        self.problems.push(Problem { place, ..Problem::new("E080", "", what, remedy) });
    }

    fn header(&mut self, cells: &[Cell], start: usize, length: usize) -> Result<Vec<Column>, Problems> {
        const LIKE: &str = "write a header like `layer,device_ms,server_ms`; units are ns, us, ms and s";
        let mut columns = Vec::new();
        for (text, from, to) in cells {
            let column = column(text);
            if column.is_none() {
                let what = format!("the column `{}` says no unit", clipped(text));
                self.say((start + from, start + to), what, LIKE);
            }
            columns.push(column.unwrap_or(Column::Other));
        }
        let count = |is: &dyn Fn(&Column) -> bool| columns.iter().filter(|column| is(column)).count();
        let layers = count(&|column| *column == Column::Layer);
        let devices = count(&|column| matches!(column, Column::Device(_)));
        let servers = count(&|column| matches!(column, Column::Server(_)));
        let what = if layers != 1 {
            Some("the table needs one column with the layers' names")
        } else if devices > 1 || servers > 1 {
            Some("two columns hold the same side's times")
        } else if devices + servers == 0 && self.problems.is_empty() {
            Some("the table has no column with times of the device or the server")
        } else {
            None
        };
        if let Some(what) = what {
            self.say((start, start + length), what, LIKE);
        }
        // Without its header, nothing of a table can be read.
        if self.problems.is_empty() { Ok(columns) } else { Err(Problems(std::mem::take(&mut self.problems))) }
    }

    fn row(&mut self, cells: &[Cell], columns: &[Column], start: usize, separator: char) -> Option<(usize, Row)> {
        let mut row = Row { layer: String::new(), device_ns: None, server_ns: None };
        for ((text, from, to), column) in cells.iter().zip(columns) {
            let place = (start + from, start + to);
            match column {
                Column::Layer => row.layer.clone_from(text),
                Column::Device(unit) => row.device_ns = self.time(text, *unit, separator, place),
                Column::Server(unit) => row.server_ns = self.time(text, *unit, separator, place),
                Column::Other => {}
            }
        }
        let end = start + cells.last().map_or(0, |cell| cell.2);
        if cells.len() != columns.len() {
            let what = format!("{} cells where the header has {}", cells.len(), columns.len());
            self.say((start, end), what, "put names or numbers with the separator in them into quotes");
            return None;
        }
        if row.layer.is_empty() {
            self.say((start, end), "the row names no layer", "name it, or remove the row");
            return None;
        }
        Some((start, row))
    }

    fn time(&mut self, text: &str, unit: i32, separator: char, place: (usize, usize)) -> Option<u64> {
        if text.is_empty() || text == "-" {
            return None;
        }
        // Where commas do not separate, they may be decimal ones.
        let text = if separator == ',' { text.to_owned() } else { text.replacen(',', ".", 1) };
        let ns = decimal(&text, unit).and_then(|ns| u64::try_from(ns).ok()).filter(|&ns| ns <= MAX_NS);
        if ns.is_none() {
            let what = format!("`{}` is no time from 0 to 10000 s", clipped(&text));
            self.say(place, what, "write a number like 12.5, or leave the cell empty");
        }
        ns
    }

    /// Tells of layers that have more than one row.
    fn twice(&mut self, rows: &[(usize, Row)]) {
        let sorted = crate::base::order(rows.len(), &|a, b| rows[a].1.layer.cmp(&rows[b].1.layer));
        for pair in sorted.windows(2).filter(|pair| rows[pair[0]].1.layer == rows[pair[1]].1.layer).take(MAX_PROBLEMS) {
            let (start, row) = &rows[pair[1]];
            let what = format!("the layer `{}` has a row already", clipped(&row.layer));
            self.say((*start, *start + row.layer.len()), what, "remove one of them");
        }
    }
}

/// What a column holds, by its header; none where it is a time without a unit.
fn column(header: &str) -> Option<Column> {
    let lower = header.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != 'µ' && c != 'μ').filter(|word| !word.is_empty());
    let is_side = |names: &[&str]| lower.split(|c: char| !c.is_alphanumeric()).any(|word| names.contains(&word));
    let unit = words.find_map(|word| match word {
        "ns" | "nanoseconds" => Some(0),
        "us" | "µs" | "μs" | "microseconds" => Some(3),
        "ms" | "milliseconds" => Some(6),
        "s" | "sec" | "seconds" => Some(9),
        _ => None,
    });
    match (is_side(&["device", "local"]), is_side(&["server", "edge", "remote"])) {
        (true, false) => unit.map(Column::Device),
        (false, true) => unit.map(Column::Server),
        _ if is_side(&["layer", "layers", "name"]) => Some(Column::Layer),
        _ => Some(Column::Other),
    }
}
