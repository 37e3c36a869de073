//! The page in real browsers: being written.

fn main() {}
