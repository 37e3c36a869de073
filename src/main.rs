//! One module, two roles: the page, and the worker that plans for it.

fn main() {
    if offcut::worker::is_worker() {
        offcut::worker::start();
    } else {
        offcut::view::start();
    }
}
