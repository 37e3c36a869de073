//! The planner.s benchmarks: being written.

fn main() {}
