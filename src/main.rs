//! The page: panic hook, mount; nothing else.

fn main() {
    offcut::view::start();
}
