//! Reads files in a worker of its own, a slice at a time: the page stays alive and weights are never loaded.
//!
//! A request is `[number, file or text, name, sizes, output]`, an answer lists of texts: `[number, kind]`, then what
//! the kind has. Both sides are here.

use crate::dom;
use crate::import::{self, Ask, Imported, Options, Refusal, Source};
use crate::own_worker::{self, OwnWorker};
use js_sys::{Array, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, FileReaderSync};

/// What a file turned out to be.
pub enum Read {
    /// A model document, and what its user has to know.
    Model(String, Vec<String>),
    /// A scenario document.
    Scenario(String),
    /// A plan document.
    Plan(String),
    /// The link of a figure.
    Link(String),
    /// Measured times.
    Measured(import::Table),
    /// What is wrong, what has to be asked, and the text where it can be edited.
    Refused {
        /// A line a problem.
        problems: Vec<String>,
        /// What is to be answered.
        asks: Vec<Ask>,
        /// A model document with faults.
        text: Option<String>,
    },
}

impl From<Result<Imported, Refusal>> for Read {
    fn from(read: Result<Imported, Refusal>) -> Self {
        match read {
            Ok(Imported::Model(model)) => {
                let notes = model.notes.iter().map(ToString::to_string).collect();
                Self::Model(model.text, notes)
            }
            Ok(Imported::Scenario(text)) => Self::Scenario(text),
            Ok(Imported::Plan(text)) => Self::Plan(text),
            Ok(Imported::Link(link)) => Self::Link(link),
            Ok(Imported::Measured(table)) => Self::Measured(table),
            Err(Refusal { problems, asks, text, .. }) => {
                Self::Refused { problems: problems.0.iter().map(ToString::to_string).collect(), asks, text }
            }
        }
    }
}

/// A file that the browser holds.
struct BlobSource {
    blob: Blob,
    reader: FileReaderSync,
}

impl Source for BlobSource {
    fn size(&self) -> u64 {
        self.blob.size() as u64
    }

    fn read(&mut self, from: u64, into: &mut [u8]) -> Result<(), String> {
        let gone = |_: JsValue| "the browser cannot read it any more".to_owned();
        let end = from as f64 + into.len() as f64;
        let part = self.blob.slice_with_f64_and_f64(from as f64, end).map_err(gone)?;
        let bytes = self.reader.read_as_array_buffer(&part).map_err(gone)?;
        let bytes = Uint8Array::new(&bytes);
        if bytes.length() as usize != into.len() {
            return Err("it ends before".to_owned());
        }
        bytes.copy_to(into);
        Ok(())
    }
}

/// The worker's side: reads what it is sent.
pub fn serve() {
    own_worker::serve(|request, answer| {
        let request = request.unchecked_into::<Array>();
        let read = read(&request.get(1), &text_of(&request.get(2)), &options(&request));
        let read = written(read);
        read.unshift(&Array::of1(&request.get(0)));
        answer(&read);
    });
}

fn read(what: &JsValue, name: &str, options: &Options) -> Read {
    match (what.dyn_ref::<Blob>(), FileReaderSync::new()) {
        (Some(blob), Ok(reader)) => import::read(name, &mut BlobSource { blob: blob.clone(), reader }, options).into(),
        _ => import::read(name, &mut text_of(what).as_bytes(), options).into(),
    }
}

fn options(request: &Array) -> Options {
    let sizes = request.get(3).unchecked_into::<Array>();
    let pairs = sizes.iter().map(|pair| pair.unchecked_into::<Array>());
    Options {
        sizes: pairs.map(|pair| (text_of(&pair.get(0)), pair.get(1).as_f64().unwrap_or(0.0) as u32)).collect(),
        output: request.get(4).as_string(),
    }
}

fn text_of(value: &JsValue) -> String {
    value.as_string().unwrap_or_default()
}

fn texts<'a>(all: impl IntoIterator<Item = &'a str>) -> Array {
    all.into_iter().map(JsValue::from_str).collect()
}

/// An answer as lists of texts, but for its number.
fn written(read: Read) -> Array {
    let all = Array::new();
    match read {
        Read::Model(text, notes) => {
            all.push(&texts(["model", &text]));
            all.push(&texts(notes.iter().map(String::as_str)));
        }
        Read::Scenario(text) => drop(all.push(&texts(["scenario", &text]))),
        Read::Plan(text) => drop(all.push(&texts(["plan", &text]))),
        Read::Link(link) => drop(all.push(&texts(["link", &link]))),
        Read::Measured(table) => {
            all.push(&texts(["measured"]));
            for row in &table.rows {
                let ns = |time: Option<u64>| time.map_or_else(String::new, |ns| ns.to_string());
                all.push(&texts([row.layer.as_str(), &ns(row.device_ns), &ns(row.server_ns)]));
            }
        }
        Read::Refused { problems, asks, text } => {
            all.push(&texts(std::iter::once("refused").chain(text.as_deref())));
            all.push(&texts(problems.iter().map(String::as_str)));
            for ask in &asks {
                let ask = match ask {
                    Ask::Size { symbol, axis } => texts(["size", symbol, axis]),
                    Ask::Output { names } => texts(std::iter::once("output").chain(names.iter().map(String::as_str))),
                };
                all.push(&ask);
            }
        }
    }
    all
}

/// Reads what [`written`] wrote, the number in front.
fn read_back(answer: &Array) -> Option<Read> {
    let list = |at: u32| -> Vec<String> {
        answer.get(at).dyn_into::<Array>().map_or(Vec::new(), |list| list.iter().map(|text| text_of(&text)).collect())
    };
    let rest = || (2..answer.length()).map(list);
    let mut head = list(1).into_iter();
    Some(match head.next()?.as_str() {
        "model" => Read::Model(head.next()?, list(2)),
        "scenario" => Read::Scenario(head.next()?),
        "plan" => Read::Plan(head.next()?),
        "link" => Read::Link(head.next()?),
        "measured" => {
            let row = |row: Vec<String>| {
                let [layer, device, server] = <[String; 3]>::try_from(row).ok()?;
                Some(import::Row { layer, device_ns: device.parse().ok(), server_ns: server.parse().ok() })
            };
            Read::Measured(import::Table { rows: rest().map(row).collect::<Option<_>>()? })
        }
        "refused" => {
            let ask = |ask: Vec<String>| {
                let mut words = ask.into_iter();
                match words.next()?.as_str() {
                    "size" => Some(Ask::Size { symbol: words.next()?, axis: words.next()? }),
                    _ => Some(Ask::Output { names: words.collect() }),
                }
            };
            let asks = (3..answer.length()).map(list).map(ask).collect::<Option<_>>()?;
            Read::Refused { problems: list(2), asks, text: head.next() }
        }
        _ => return None,
    })
}

/// What is done with an answer.
type Then = Box<dyn FnOnce(Read)>;

#[derive(Default)]
struct Handle {
    worker: Option<OwnWorker>,
    is_ready: bool,
    /// Requests that wait for the worker to listen.
    waiting: Vec<Array>,
    /// What is done with the answers that are to come, by number.
    then: Vec<(f64, Then)>,
    last: f64,
}

thread_local! {
    static HANDLE: RefCell<Handle> = RefCell::default();
}

/// The page's side: has a file or a text read.
pub fn ask(what: &JsValue, name: &str, options: &Options, then: impl FnOnce(Read) + 'static) {
    let sizes: Array = options.sizes.iter().map(|(name, size)| Array::of2(&name.into(), &(*size).into())).collect();
    let output = options.output.as_ref().map_or(JsValue::NULL, JsValue::from);
    HANDLE.with_borrow_mut(|handle| {
        handle.last += 1.0;
        handle.then.push((handle.last, Box::new(then)));
        handle.waiting.push([handle.last.into(), what.clone(), name.into(), sizes.into(), output].iter().collect());
        if handle.worker.is_none() {
            handle.worker = started();
        }
    });
    if HANDLE.with_borrow(|handle| handle.worker.is_none()) {
        return fail("The part that reads files could not be started. Reload the page.");
    }
    send();
}

fn started() -> Option<OwnWorker> {
    OwnWorker::start("workshop.js", Some(wasm_bindgen::module()), heard, || {
        // The handle holds what is running now: it goes when nobody is in it any more.
        dom::later(0, || {
            HANDLE.with_borrow_mut(|handle| (handle.worker, handle.is_ready) = (None, false));
            fail("The file could not be read: this is a bug in Offcut. Your situation is unchanged.");
        });
    })
}

fn send() {
    HANDLE.with_borrow_mut(|handle| {
        if let Some(worker) = handle.worker.as_ref().filter(|_| handle.is_ready) {
            handle.waiting.drain(..).for_each(|request| worker.send(&request));
        }
    });
}

fn heard(data: JsValue) {
    let Some(answer) = data.dyn_ref::<Array>() else {
        HANDLE.with_borrow_mut(|handle| handle.is_ready = true);
        return send();
    };
    let number = answer.get(0).dyn_into::<Array>().ok().and_then(|first| first.get(0).as_f64());
    let then = HANDLE.with_borrow_mut(|handle| {
        let at = handle.then.iter().position(|(of, _)| Some(*of) == number)?;
        Some(handle.then.remove(at).1)
    });
    if let (Some(then), Some(read)) = (then, read_back(answer)) {
        then(read);
    }
}

/// All that wait are told that nothing comes.
fn fail(why: &str) {
    let waiting = HANDLE.with_borrow_mut(|handle| {
        handle.waiting.clear();
        std::mem::take(&mut handle.then)
    });
    for (_, then) in waiting {
        then(Read::Refused { problems: vec![why.to_owned()], asks: Vec::new(), text: None });
    }
}
