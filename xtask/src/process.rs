//! Runs other programs and writes to the terminal; output that nobody reads is no error.

use crate::counts::Counts;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Writes one line of progress to standard error.
macro_rules! say {
    ($($argument:tt)*) => {
        $crate::process::print_error(&format!("xtask: {}\n", format_args!($($argument)*)))
    };
}
pub(crate) use say;

/// Writes to standard output.
pub fn print(text: &str) {
    if cfg!(test) {
        print!("{text}"); // kept back by the test runner
    } else {
        let _ = std::io::stdout().write_all(text.as_bytes());
    }
}

/// Writes to standard error.
pub fn print_error(text: &str) {
    if cfg!(test) {
        eprint!("{text}");
    } else {
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}

/// Runs a program to its end, its output shown; anything but success is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| cannot_start(command))?;
    check(command, status)
}

/// Runs a program quietly and gives what it wrote to standard output. When it fails, the error
/// holds what it wrote to standard error.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| cannot_start(command))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{}\n{}", failed(command, output.status), said.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program that must end within `limit`; it is killed and reported when it does not.
pub fn run_limited(command: &mut Command, limit: Duration) -> Result<()> {
    const POLL: Duration = Duration::from_millis(50);
    let start = Instant::now();
    let mut child = command.spawn().with_context(|| cannot_start(command))?;
    loop {
        if let Some(status) = child.try_wait()? {
            return check(command, status);
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            bail!("`{}` was stopped after {} s", line(command), limit.as_secs());
        }
        thread::sleep(POLL);
    }
}

/// Finds the test counts in one line of a test runner's output.
pub type CountsOfLine = fn(&str) -> Counts;

/// What a test runner printed that is worth keeping.
#[derive(Default)]
struct Seen {
    counts: Counts,
    /// What failed tests said, as libtest reports it: from `---- name ----` to the list of names.
    failures: String,
    is_within: bool,
}

/// More of what failed tests said than this, in bytes, is left out of the error; it has been shown before.
const MOST_FAILURES: usize = 8000;

impl Seen {
    fn read(&mut self, line: &str, count: CountsOfLine) {
        self.counts += count(line);
        let line = line.trim_end();
        let begins = line.starts_with("---- ") && line.ends_with("----");
        self.is_within = begins || self.is_within && line != "failures:";
        if self.is_within && self.failures.len() + line.len() < MOST_FAILURES {
            self.failures.extend(["\n", line]);
        }
    }
}

/// Runs a test runner, its output shown, and counts its tests. Failing tests are an error, which repeats what they
/// said.
pub fn run_tests(command: &mut Command, count: CountsOfLine) -> Result<Counts> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| cannot_start(command))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let seen = thread::scope(|scope| {
        let err = scope.spawn(|| err.map_or_else(Seen::default, |pipe| relay(pipe, print_error, count)));
        let mut seen = out.map_or_else(Seen::default, |pipe| relay(pipe, print, count));
        let other = err.join().unwrap_or_default();
        seen.counts += other.counts;
        seen.failures.push_str(&other.failures);
        seen
    });
    let status = child.wait()?;
    if !status.success() {
        bail!("{} ({}){}", failed(command, status), seen.counts, seen.failures);
    }
    Ok(seen.counts)
}

/// As [`run_tests`], and an error as well if not a single test passed: then something has hidden
/// them.
pub fn run_some_tests(command: &mut Command, count: CountsOfLine) -> Result<Counts> {
    let counts = run_tests(command, count)?;
    if counts.passed == 0 {
        bail!("`{}` ran no test", line(command));
    }
    Ok(counts)
}

/// Passes lines on as they come and keeps what matters of them.
fn relay(pipe: impl Read, show: impl Fn(&str), count: CountsOfLine) -> Seen {
    let mut reader = BufReader::new(pipe);
    let mut seen = Seen::default();
    let mut bytes = Vec::new();
    while let Ok(1..) = reader.read_until(b'\n', &mut bytes) {
        let text = String::from_utf8_lossy(&bytes);
        show(&text);
        seen.read(&text, count);
        bytes.clear();
    }
    seen
}

/// The command as it would be typed, near enough.
pub fn line(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    line
}

fn check(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!(failed(command, status));
    }
    Ok(())
}

fn failed(command: &Command, status: ExitStatus) -> String {
    format!("`{}` failed ({status})", line(command))
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start `{}`", line(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn failures_name_the_command() {
        let error = run(&mut shell("exit 3")).unwrap_err().to_string();
        assert!(error.contains("sh -c exit 3") && error.contains('3'), "{error}");
        let error = output(&mut shell("echo why >&2; false")).unwrap_err().to_string();
        assert!(error.ends_with("why"), "{error}");
        let error = run(&mut Command::new("no-such-program-here")).unwrap_err().to_string();
        assert!(error.contains("cannot start"), "{error}");
    }

    #[test]
    fn a_limit_is_kept() {
        let start = Instant::now();
        let error = run_limited(&mut shell("exec sleep 30"), Duration::from_millis(100)).unwrap_err();
        assert!(error.to_string().contains("was stopped"), "{error}");
        assert!(start.elapsed() < Duration::from_secs(20));
        assert!(run_limited(&mut shell("true"), Duration::from_secs(20)).is_ok());
    }

    #[test]
    fn tests_are_counted_on_both_streams() {
        let script = "echo 'test result: ok. 2 passed; 0 failed; 1 ignored'
            echo 'test result: ok. 3 passed; 0 failed; 0 ignored' >&2";
        let counts = run_some_tests(&mut shell(script), Counts::of_libtest).unwrap();
        let expected = Counts { passed: 5, failed: 0, ignored: 1 };
        assert_eq!(counts, expected);
    }

    #[test]
    fn what_failed_tests_said_is_repeated() {
        let script = "printf 'running 2 tests\nfailures:\n\n---- one ----\nwhy it\nfailed\n\n\nfailures:\n    one\n'
            echo 'test result: FAILED. 1 passed; 1 failed; 0 ignored'; exit 101";
        let error = run_tests(&mut shell(script), Counts::of_libtest).unwrap_err().to_string();
        let (_, said) = error.split_once("(1 passed, 1 failed)").expect("the counts");
        assert_eq!(said.trim(), "---- one ----\nwhy it\nfailed");
    }

    #[test]
    fn no_test_at_all_is_an_error_where_some_are_expected() {
        assert!(run_some_tests(&mut shell("true"), Counts::of_libtest).is_err());
        let counts = run_tests(&mut shell("true"), Counts::of_libtest).unwrap();
        assert_eq!(counts, Counts::default());
    }
}
