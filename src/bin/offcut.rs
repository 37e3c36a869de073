//! The command line: starts up, nothing else.

/// Searches make thousands of small tables: the system's allocator takes a fifth of a proof's time.
#[cfg(not(target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    offcut::command_line::run()
}

#[cfg(target_arch = "wasm32")]
fn main() {}
