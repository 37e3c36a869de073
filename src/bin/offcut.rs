//! The command line: starts up, nothing else.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    offcut::command_line::run()
}

#[cfg(target_arch = "wasm32")]
fn main() {}
