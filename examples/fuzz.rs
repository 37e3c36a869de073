//! Feeds changed files to every reader: `cargo run --release --example fuzz COUNT [FIRST_SEED]`.

#[cfg(not(target_arch = "wasm32"))]
#[path = "../tests/support/keras.rs"]
mod documents;
#[cfg(not(target_arch = "wasm32"))]
#[path = "../tests/support/fuzz.rs"]
mod fuzz;

#[cfg(not(target_arch = "wasm32"))]
#[global_allocator]
static MEMORY: fuzz::Counting = fuzz::Counting;

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse::<usize>().ok());
    let count = numbers.next().unwrap_or(100_000);
    let first = numbers.next().unwrap_or(1 << 20);
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        eprintln!("seed {}", fuzz::SEED.load(std::sync::atomic::Ordering::Relaxed));
        usual(panic);
    }));
    let corpus = fuzz::corpus();
    let start = std::time::Instant::now();
    let found = fuzz::run(&corpus, first..first + count, std::time::Duration::from_secs(1));
    println!("{count} files in {:?}: {found:?}", start.elapsed());
}

#[cfg(target_arch = "wasm32")]
fn main() {}
