//! Steps with a name, a time and an outcome, and the table of them at the end.

use crate::process::{print, say};
use anyhow::Result;
use std::fmt::{Display, Write};
use std::time::{Duration, Instant};

/// What was done so far.
#[derive(Default)]
pub struct Steps {
    rows: Vec<Row>,
    failed: bool,
}

struct Row {
    name: String,
    outcome: Outcome,
    time: Duration,
}

enum Outcome {
    /// With a word on what was found or done; may be empty.
    Done(String),
    /// With the whole error.
    Failed(String),
    /// With the reason.
    Skipped(String),
}

impl Steps {
    /// Does `work`, says so before and after and notes how long it took. What the work gives is
    /// shown in the table; an error is noted and handed back.
    pub fn run<T: Display>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        say!("{name} …");
        let start = Instant::now();
        let result = work();
        let time = start.elapsed();
        let outcome = match &result {
            Ok(value) => {
                let note = value.to_string();
                let mark = if note.is_empty() { "" } else { ": " };
                say!("{name}{mark}{note} ({})", shown(time));
                Outcome::Done(note)
            }
            Err(error) => {
                say!("{name}: FAILED ({})", shown(time));
                self.failed = true;
                Outcome::Failed(format!("{error:#}"))
            }
        };
        self.rows.push(Row { name: name.to_owned(), outcome, time });
        result
    }

    /// Notes a step that could not be tried.
    pub fn skip(&mut self, name: &str, reason: &str) {
        say!("{name}: skipped, {reason}");
        self.rows.push(Row {
            name: name.to_owned(),
            outcome: Outcome::Skipped(reason.to_owned()),
            time: Duration::ZERO,
        });
    }

    /// Whether any step failed since the start.
    pub fn any_failed(&self) -> bool {
        self.failed
    }

    /// Prints the table of the steps since the last report, and below it why steps failed.
    pub fn report(&mut self) {
        if !self.rows.is_empty() {
            print(&table(&std::mem::take(&mut self.rows)));
        }
    }
}

fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    let mut text = String::from("\n");
    for row in rows {
        let (mark, note) = match &row.outcome {
            Outcome::Done(note) => ("ok     ", note.as_str()),
            Outcome::Failed(_) => ("FAILED ", ""),
            Outcome::Skipped(reason) => ("skipped", reason.as_str()),
        };
        let line = format!("{mark}  {:width$}  {:>9}  {note}", row.name, shown(row.time));
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let total = rows.iter().map(|row| row.time).sum();
    let _ = writeln!(text, "         {:width$}  {:>9}", "together", shown(total));
    for row in rows {
        if let Outcome::Failed(error) = &row.outcome {
            let _ = writeln!(text, "\n{}: {error}", row.name);
        }
    }
    text
}

/// A duration as people read it.
fn shown(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds >= 60 {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn durations() {
        assert_eq!(shown(Duration::from_millis(40)), "0.0 s");
        assert_eq!(shown(Duration::from_millis(12_340)), "12.3 s");
        assert_eq!(shown(Duration::from_secs(185)), "3 min 05 s");
    }

    #[test]
    fn the_table_holds_every_step_and_every_reason() {
        let mut steps = Steps::default();
        assert!(steps.run("format", || Ok("")).is_ok());
        assert!(!steps.any_failed());
        assert!(steps.run("native tests", || -> Result<&str> { Err(anyhow!("two and two is five")) }).is_err());
        steps.skip("browser tests", "there is no dist");
        assert!(steps.any_failed());
        let text = table(&steps.rows);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[1], "ok       format             0.0 s");
        assert_eq!(lines[2], "FAILED   native tests       0.0 s");
        assert_eq!(lines[3], "skipped  browser tests      0.0 s  there is no dist");
        assert!(text.ends_with("\nnative tests: two and two is five\n"), "{text}");
    }

    #[test]
    fn a_reported_failure_stays_a_failure() {
        let mut steps = Steps::default();
        let _ = steps.run("x", || -> Result<&str> { Err(anyhow!("no")) });
        steps.report();
        assert!(steps.any_failed());
    }
}
