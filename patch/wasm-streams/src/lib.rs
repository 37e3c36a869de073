//! What `server_fn`, a dependency of Leptos, names of the crate `wasm-streams`. Offcut calls no server, so nothing of it
//! ever runs; but the real crate's types are exported to JavaScript, which no linker removes: they would be 2 KB of the
//! first load.

use futures_util::stream::{Pending, Stream, pending};
use wasm_bindgen::{JsValue, UnwrapThrowExt};

/// A stream of the browser's.
#[derive(Debug)]
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// Of the browser's own.
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// An empty one: nobody sends streams.
    pub fn from_stream<S: Stream<Item = Result<JsValue, JsValue>> + 'static>(_: S) -> Self {
        Self(web_sys::ReadableStream::new().unwrap_throw())
    }

    /// The browser's own.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// One that never ends: nobody reads streams.
    pub fn into_stream(self) -> Pending<Result<JsValue, JsValue>> {
        pending()
    }
}
