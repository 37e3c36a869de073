//! Changed files, and what every one of them has to leave standing: no panic, no hang, little memory, and whatever
//! is read is valid.

use crate::documents::{keras2, keras3};
use offcut::formats::{
    MAX_PROBLEMS, Method, ModelFile, Problems, ScenarioFile, read_model, read_model_partly, read_scenario,
};
use offcut::import::{Imported, Options, read};
use offcut::job;
use offcut::link_codec;
use offcut::opened::open_plan;
use offcut::parcel;
use offcut::search::Unwatched;
use offcut::situation::{Situation, own};
use offcut::zoo;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The system's memory, counted.
pub struct Counting;

static ALIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is the system allocator's; only sums are kept beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let alive = ALIVE.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(alive, Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        ALIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(place, layout) }
    }
}

/// The seed at hand, for the message of a panic.
pub static SEED: AtomicUsize = AtomicUsize::new(0);

/// A file that is changed: its name and bytes.
pub struct Seed {
    name: String,
    bytes: Vec<u8>,
}

/// Real files of every kind.
pub fn corpus() -> Vec<Seed> {
    let mut all = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>| all.push(Seed { name: name.to_owned(), bytes });
    let mut files: Vec<_> = std::fs::read_dir("tests/data/onnx")
        .expect("the data is in the repository")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "onnx"))
        .collect();
    files.sort();
    for path in files {
        add(&path.display().to_string(), std::fs::read(&path).expect("it can be read"));
    }
    for id in ["tiny-yolov2", "squeezenet1.1", "mobilenet-v2"] {
        let network = zoo::build(id).and_then(Result::ok).expect("in the zoo");
        let text = ModelFile::of(&network).to_text();
        add("packed.link", link_codec::pack(&text).into_bytes());
        add("net.parcel", parcel::write(&network).into_bytes());
        add("model.json", text.into_bytes());
    }
    let every_op = r#"{"format":"offcut-model/1","name":"é","input":{"channels":4,"height":12,"width":12},"layers":[
{"name":"a","op":"conv","out_channels":4,"kernel":[3,2],"padding":[1,0,1,1],"groups":2,"dilation":1,"bias":false},
{"name":"b","op":"conv_transpose","out_channels":2,"kernel":2,"stride":2,"output_padding":[0,1]},
{"name":"c","op":"max_pool","kernel":2,"ceil_mode":true},{"name":"d","op":"slice","from":0,"to":1},
{"name":"e","op":"concat","inputs":["c","d"]},{"name":"f","op":"upsample","factor":2,"measured_ms":{"device":1.5e1}},
{"name":"g","op":"pad","padding":1},{"name":"h","op":"custom","out":[2,3,4],"flops":5,"weight_bytes":6},
{"name":"i","op":"linear","out_features":3},{"name":"j\u00e9\n","op":"activation","fn":"silu"}]}"#;
    add("model.json", every_op.as_bytes().to_vec());
    let scenario = ScenarioFile::of_model("alexnet").resolve().expect("valid").spelled_out;
    let scenario = serde_json::to_string(&scenario).expect("it can be written");
    add("figure.svg", format!("<svg><metadata>{}</metadata></svg>", scenario.replace('"', "&quot;")).into_bytes());
    add("scenario.json", scenario.into_bytes());
    let link = "#/plan?v=1&model=vgg16&device=own&device_name=My%20board&device_gflops=9.5&grids=1x2,4x4&fusible=0-3,5-9&tile=3\
        &p=0-9:0,6,13:0,7,13;10-14~2,0,1,3,4~0,10,10,10,0";
    add("whole.link", link.as_bytes().to_vec());
    let figure = format!(r#"<svg><metadata>{{"format":"offcut-figure/1","link":"x{link}"}}</metadata></svg>"#);
    add("figure.svg", figure.replace('&', "&amp;").into_bytes());
    let small = ScenarioFile::of_model("alexnet").resolve().expect("valid");
    let plan = job::solve(&small, Method::Nfl, &mut Unwatched).expect("it is solved").to_text();
    add("plan.json", plan.into_bytes());
    add("keras2.json", keras2().to_string().into_bytes());
    add("keras3.json", keras3().to_string().into_bytes());
    add("times.csv", b"layer,device_ms,server [us]\nconv1,12.5,400\n\"pool, 1\",,1e3\n# x\nconv2,3,\n".to_vec());
    add("times.csv", "Layer;device µs;server (ms)\r\na;1,5;2\r\nb;3;4\r\n".as_bytes().to_vec());
    all
}

/// Draws the change of a seed.
struct Change(Pcg64Mcg);

impl Change {
    fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn changed(&mut self, corpus: &[Seed], at: usize) -> Vec<u8> {
        let mut bytes = corpus[at].bytes.clone();
        // Mostly one change: more leave little to be read.
        for _ in 0..=self.below(4).saturating_sub(1) {
            self.once(&mut bytes, corpus);
            bytes.truncate(3 << 20);
        }
        bytes
    }

    fn once(&mut self, bytes: &mut Vec<u8>, corpus: &[Seed]) {
        const TOKENS: &[&str] = &[
            "-1",
            "0",
            "1e999",
            "18446744073709551615",
            "65536",
            "65537",
            "4294967295",
            "null",
            "[",
            "]",
            "{",
            "}",
            "\"",
            ",",
            ":",
            "[[",
            "{\"a\":",
            "\\u0000",
            "\\ud800",
            "conv",
            "input",
            "add",
            "custom",
            "é",
            "&#x0;",
            "]]>",
            "0.5",
        ];
        let place = self.below(bytes.len() + 1);
        match self.below(10) {
            0 | 1 if !bytes.is_empty() => {
                let place = self.below(bytes.len());
                bytes[place] ^= 1 << self.below(8);
            }
            2 => {
                let byte = *self.of(&[0, 1, 2, 8, 0x7f, 0x80, 0xff, b'0', b'9', b'"', b'{', b'[', b',', b'-']);
                bytes.insert(place, byte);
            }
            3 => {
                let end = (place + 1 + self.below(16)).min(bytes.len());
                bytes.drain(place..end);
            }
            4 if self.below(4) == 0 => bytes.truncate(place),
            5 => {
                // A length or size of protobuf, made large.
                let mut value =
                    [0, 1, 127, 128, 16_384, 65_536, 1 << 20, 1 << 31, 1 << 32, 1 << 62, u64::MAX][self.below(11)];
                let end = (place + 1 + self.below(2)).min(bytes.len());
                let mut varint = Vec::new();
                while value > 127 {
                    varint.push(value as u8 | 128);
                    value >>= 7;
                }
                varint.push(value as u8);
                bytes.splice(place..end, varint);
            }
            6 | 7 => {
                // A number or a token of text, for another.
                let length = bytes[place..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).take(24).count();
                let token = *self.of(TOKENS);
                bytes.splice(place..place + length, token.bytes());
            }
            8 => {
                // A part of another file, or of this one, some times over.
                let other = if self.below(2) == 0 { self.of(corpus).bytes.clone() } else { bytes.clone() };
                let start = self.below(other.len());
                let end = (start + 1 + self.below(300)).min(other.len());
                let times = if self.below(50) == 0 { 1 + self.below(2000) } else { 1 + self.below(3) };
                let part = other.get(start..end).unwrap_or(&[]).repeat(times);
                bytes.splice(place..place, part);
            }
            _ => {
                let end = (place + self.below(64)).min(bytes.len());
                let moved: Vec<u8> = bytes.drain(place..end).collect();
                let to = self.below(bytes.len() + 1);
                bytes.splice(to..to, moved);
            }
        }
    }
}

/// What a run found.
#[derive(Debug, Default)]
pub struct Found {
    /// Files that were read all the same.
    pub read: usize,
    /// The most memory that one took, in bytes.
    pub peak: usize,
    /// The longest that one took.
    pub longest: Duration,
}

/// Feeds the readers a changed file for each seed.
pub fn run(corpus: &[Seed], seeds: std::ops::Range<usize>, most: Duration) -> Found {
    let mut found = Found::default();
    for seed in seeds {
        SEED.store(seed, Ordering::Relaxed);
        let mut change = Change(Pcg64Mcg::seed_from_u64(seed as u64));
        let at = change.below(corpus.len());
        let bytes = change.changed(corpus, at);
        let options = options(&mut change);
        let before = ALIVE.load(Ordering::Relaxed);
        PEAK.store(before, Ordering::Relaxed);
        let start = Instant::now();
        found.read += usize::from(survives(&corpus[at].name, &bytes, &options));
        let took = start.elapsed();
        let memory = PEAK.load(Ordering::Relaxed).saturating_sub(before);
        found.peak = found.peak.max(memory);
        found.longest = found.longest.max(took);
        assert!(memory <= 64 << 20, "seed {seed}: {memory} bytes");
        assert!(took <= most, "seed {seed}: {took:?} for {} bytes of {}", bytes.len(), corpus[at].name);
    }
    found
}

fn options(change: &mut Change) -> Options {
    match change.below(3) {
        0 => Options::default(),
        _ => Options {
            sizes: ["height", "width", "h", "w"].map(|name| (name.to_owned(), 32)).to_vec(),
            output: Some("z1".to_owned()),
        },
    }
}

/// Whether a document was read; where not, it is said why, and where in its text.
fn told(text: &str, read: Result<(), Problems>) -> bool {
    let Err(Problems(problems)) = read else { return true };
    assert!(!problems.is_empty() && problems.len() <= MAX_PROBLEMS, "{} problems", problems.len());
    for problem in &problems {
        let is_placed = problem.place.is_some_and(|place| text.get(place.start..place.end).is_some());
        assert!(is_placed && !problem.what.is_empty(), "{problem}");
    }
    for mend in problems.iter().filter_map(|problem| problem.mend.as_ref()).take(3) {
        assert!(text.get(mend.start..mend.end).is_some(), "a mend outside the text");
    }
    false
}

/// Reads a file by every way that takes it; whether it could be read.
fn survives(name: &str, bytes: &[u8], options: &Options) -> bool {
    if name == "whole.link" {
        let Ok(situation) = Situation::from_fragment(&String::from_utf8_lossy(bytes)) else { return false };
        let network = situation.own.as_deref().map(own::network);
        assert_eq!(Situation::from_fragment(&situation.to_fragment()), Ok(situation));
        return network.is_none_or(|network| network.is_ok());
    }
    if name == "net.parcel" {
        let Some(network) = parcel::read(&String::from_utf8_lossy(bytes)) else { return false };
        assert_eq!(parcel::read(&parcel::write(&network)).as_ref(), Some(&network));
        return true;
    }
    if name == "packed.link" {
        let link = String::from_utf8_lossy(bytes);
        return match link_codec::unpack(&link) {
            Ok(text) => {
                assert_eq!(link_codec::unpack(&link_codec::pack(&text)), Ok(text));
                true
            }
            Err(error) => !error.to_string().contains(';'),
        };
    }
    match read(name, &mut &*bytes, options) {
        Ok(Imported::Model(model)) => {
            let again = read_model(&model.text).unwrap_or_else(|problems| panic!("{problems}\n{}", model.text));
            assert_eq!(again, model.network);
            let text = ModelFile::of(&again).to_text();
            assert_eq!(read_model(&text).as_ref(), Ok(&again));
            true
        }
        Ok(Imported::Scenario(text)) => told(&text, read_scenario(&text).map(|_| ())),
        Ok(Imported::Plan(text)) => told(&text, open_plan(&text).map(|_| ())),
        Ok(Imported::Link(fragment)) => survives("whole.link", fragment.as_bytes(), options),
        Ok(Imported::Measured(table)) => {
            let network = zoo::build("alexnet").and_then(Result::ok).expect("in the zoo");
            read_model(&table.apply(&network).model.to_text()).is_ok()
        }
        Err(refusal) => {
            let problems = &refusal.problems.0;
            assert!(!problems.is_empty() && problems.iter().all(|problem| !problem.what.is_empty()), "no reason");
            if let Some(text) = &refusal.text {
                for mend in problems.iter().filter_map(|problem| problem.mend.as_ref()).take(3) {
                    assert!(text.get(mend.start..mend.end).is_some(), "a mend outside the text");
                    let _ = read_model_partly(&mend.applied(text));
                }
            }
            false
        }
    }
}
