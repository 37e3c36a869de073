//! The command line: what may be asked for, and how.

/// Printed for `help` and, with exit status 2, for anything not understood.
pub const USAGE: &str = "\
Offcut's chores. Usage: cargo xtask <command>

  serve [--dev] [trunk's options]   install what is missing, build, serve, print the address;
                                    rebuilds when a source changes (--dev: quicker to build,
                                    slower to run; e.g. --port 9000 goes to trunk)
  dist                              the static folder to host: dist/, held to its size budgets
  test                              install what is missing, browsers included, run every test
  sizes                             what each file of dist/ weighs, raw and compressed
  bench [criterion's options]       the native benchmarks
  replan                            the browser benchmark: a slider's step, beside the native figure
  touch                             the browser benchmark of the figures: hover, zoom, playhead, memory
  memory                            what WebAssembly takes in the browser while Exact proves spaces of several blocks
  gap [options of the example]      how far each method stays from the best plan
  setup [--browsers]                only install: what serve and dist need (and test, too)
  help                              this text

Environment:
  OFFCUT_TOOLS    the folder the tools are kept in (default: offcut in the user's cache folder)
  WASM_FALLBACK   set to 1: get the WebAssembly compiler from Debian's packages, not from rustup
";

/// One parsed command line. `rest` is what is passed through to another program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Serve {
        dev: bool,
        rest: Vec<String>,
    },
    Dist,
    Test,
    Sizes,
    Bench {
        rest: Vec<String>,
    },
    Gap {
        rest: Vec<String>,
    },
    BrowserBench(&'static str),
    Setup {
        browsers: bool,
    },
    /// Not for people: `serve` starts it to tell when its port answers.
    Announce {
        port: u16,
    },
    Help,
}

/// Understands the arguments after the program's name; the error is a sentence, empty when there
/// were no arguments at all.
pub fn parse(args: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut args = args.into_iter();
    let Some(name) = args.next() else {
        return Err(String::new());
    };
    let mut rest: Vec<String> = args.collect();
    let command = match name.as_str() {
        "serve" => {
            let dev = take_flag(&mut rest, "--dev");
            return Ok(Command::Serve { dev, rest });
        }
        "bench" => return Ok(Command::Bench { rest }),
        "gap" => return Ok(Command::Gap { rest }),
        "setup" => Command::Setup { browsers: take_flag(&mut rest, "--browsers") },
        "announce" if rest.len() == 1 => match rest.remove(0).parse() {
            Ok(port) => Command::Announce { port },
            Err(_) => return Err("`announce` takes a port".to_owned()),
        },
        "dist" => Command::Dist,
        "replan" => Command::BrowserBench("replan"),
        "touch" => Command::BrowserBench("touch"),
        "memory" => Command::BrowserBench("memory"),
        "test" => Command::Test,
        "sizes" => Command::Sizes,
        "help" | "--help" | "-h" => Command::Help,
        _ => return Err(format!("unknown command `{name}`")),
    };
    match rest.first() {
        None => Ok(command),
        Some(extra) => Err(format!("`{name}` does not take `{extra}`")),
    }
}

/// Whether `flag` is among the arguments; it is taken out.
fn take_flag(args: &mut Vec<String>, flag: &str) -> bool {
    let before = args.len();
    args.retain(|arg| arg != flag);
    args.len() != before
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_line(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn plain_commands() {
        assert_eq!(parse_line("dist"), Ok(Command::Dist));
        assert_eq!(parse_line("replan"), Ok(Command::BrowserBench("replan")));
        assert_eq!(parse_line("test"), Ok(Command::Test));
        assert_eq!(parse_line("sizes"), Ok(Command::Sizes));
        assert_eq!(parse_line("setup"), Ok(Command::Setup { browsers: false }));
        assert_eq!(parse_line("setup --browsers"), Ok(Command::Setup { browsers: true }));
        assert_eq!(parse_line("--help"), Ok(Command::Help));
    }

    #[test]
    fn arguments_pass_through() {
        let rest = words("--seed 3 --dev");
        assert_eq!(parse_line("gap --seed 3 --dev"), Ok(Command::Gap { rest }));
        let rest = words("--port 9000");
        assert_eq!(parse_line("serve --port 9000 --dev"), Ok(Command::Serve { dev: true, rest }));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        assert_eq!(parse_line(""), Err(String::new()));
        assert_eq!(parse_line("tset"), Err("unknown command `tset`".to_owned()));
        assert_eq!(parse_line("dist --fast"), Err("`dist` does not take `--fast`".to_owned()));
    }

    #[test]
    fn usage_names_every_command() {
        for name in ["serve", "dist", "test", "sizes", "bench", "gap", "setup", "help"] {
            assert!(USAGE.contains(&format!("\n  {name} ")), "{name}");
        }
    }
}
