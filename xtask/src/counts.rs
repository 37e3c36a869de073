//! How many tests ran, read from what the test runners print.

use std::fmt;
use std::ops::AddAssign;

/// Tests that passed, failed or were left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub ignored: u64,
}

impl Counts {
    /// The counts in a line that libtest or wasm-bindgen's runner printed, zero where it is no
    /// summary: `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    pub fn of_libtest(line: &str) -> Self {
        let line = without_colours(line);
        let summary = line.trim().strip_prefix("test result: ");
        Self::sum(summary.and_then(|rest| rest.split_once(". ")))
    }

    /// The counts in a line that nextest printed, zero where it is no summary: `Summary [ 0.1s] 3
    /// tests run: 3 passed (1 slow), 1 skipped`. What libtest printed in between says nothing: it
    /// is the output of single failed tests.
    pub fn of_nextest(line: &str) -> Self {
        let line = without_colours(line);
        let summary = line.trim().strip_prefix("Summary [");
        Self::sum(summary.and_then(|rest| rest.split_once(" run: ")))
    }

    /// Adds up the numbers in the second half of a summary.
    fn sum(summary: Option<(&str, &str)>) -> Self {
        let mut counts = Self::default();
        let Some((_, numbers)) = summary else {
            return counts;
        };
        for part in numbers.split([',', ';']) {
            let mut words = part.split_whitespace();
            let Some(number) = words.next().and_then(|word| word.parse::<u64>().ok()) else {
                continue;
            };
            match words.next() {
                Some("passed") => counts.passed += number,
                Some("failed" | "timed" | "exec") => counts.failed += number,
                Some("ignored" | "skipped") => counts.ignored += number,
                _ => {}
            }
        }
        counts
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed", self.passed)?;
        if self.failed > 0 {
            write!(f, ", {} failed", self.failed)?;
        }
        if self.ignored > 0 {
            write!(f, ", {} left out", self.ignored)?;
        }
        Ok(())
    }
}

/// The line without its terminal colour codes (`ESC [ … letter`).
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            chars.by_ref().skip_while(|c| *c == '[').find(|c| c.is_ascii_alphabetic());
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libtest() {
        let line = "test result: FAILED. 12 passed; 2 failed; 3 ignored; 0 measured; 1 filtered out; finished in 0.10s";
        assert_eq!(Counts::of_libtest(line), Counts { passed: 12, failed: 2, ignored: 3 });
    }

    #[test]
    fn nextest() {
        let line = "     Summary [   0.010s] 36 tests run: 35 passed (1 slow), 1 timed out, 2 skipped";
        assert_eq!(Counts::of_nextest(line), Counts { passed: 35, failed: 1, ignored: 2 });
        let line = "     Summary [   0.010s] 3/9 tests run: 2 passed, 1 failed, 0 skipped";
        assert_eq!(Counts::of_nextest(line), Counts { passed: 2, failed: 1, ignored: 0 });
    }

    #[test]
    fn colours_do_not_matter() {
        let line = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.003s] \u{1b}[1m2\u{1b}[0m tests run: \u{1b}[1m2\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m0\u{1b}[0m \u{1b}[33;1mskipped\u{1b}[0m";
        assert_eq!(Counts::of_nextest(line), Counts { passed: 2, failed: 0, ignored: 0 });
    }

    #[test]
    fn other_lines_count_nothing() {
        for line in ["test passed; 3 passed", "running 3 tests", "test result: what", ""] {
            assert_eq!(Counts::of_libtest(line), Counts::default(), "{line}");
        }
        let line = "test result: FAILED. 0 passed; 1 failed; 0 ignored";
        assert_eq!(Counts::of_nextest(line), Counts::default());
    }

    #[test]
    fn shown_without_zeros() {
        assert_eq!(Counts { passed: 3, failed: 0, ignored: 0 }.to_string(), "3 passed");
        assert_eq!(Counts { passed: 3, failed: 1, ignored: 2 }.to_string(), "3 passed, 1 failed, 2 left out");
    }
}
