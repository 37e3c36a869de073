//! A loop that is the same everywhere: what a machine is worth today.

use std::hint::black_box;
use std::time::Instant;

/// Milliseconds of 10⁸ xorshift steps.
pub fn reference() -> f64 {
    let start = Instant::now();
    let mut state = black_box(0x9e37_79b9_7f4a_7c15u64);
    for _ in 0..100_000_000 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
    }
    black_box(state);
    start.elapsed().as_secs_f64() * 1e3
}
