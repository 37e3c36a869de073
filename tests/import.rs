//! Files of other tools: the networks they mean, the questions they leave open, the reasons to refuse them.
#![cfg(not(target_arch = "wasm32"))]

use offcut::formats::{ModelFile, read_model};
use offcut::import::{Ask, Imported, ImportedModel, NoteKind, Options, Refusal, Source, read};
use offcut::zoo::{self, NETWORKS};
use serde_json::Value;
use std::path::Path;

fn import(name: &str, bytes: &[u8], options: &Options) -> Result<Imported, Refusal> {
    read(name, &mut &*bytes, options)
}

fn model(name: &str, bytes: &[u8], options: &Options) -> Result<ImportedModel, Refusal> {
    import(name, bytes, options).map(|imported| match imported {
        Imported::Model(model) => *model,
        other => panic!("{name} is no model but {other:?}"),
    })
}

/// A file of the data, small ones from the repository; none, and a loud word, where a large one is missing.
fn file(name: &str) -> Option<Vec<u8>> {
    let here = Path::new("tests/data/onnx").join(name);
    let shared = Path::new("../shared/data/onnx").join(name);
    let found = [here, shared].into_iter().find(|path| path.exists());
    match found {
        Some(path) => Some(std::fs::read(path).expect("it can be read")),
        None => {
            eprintln!("SKIPPED: {name} is neither in tests/data/onnx nor in ../shared/data/onnx");
            None
        }
    }
}

fn small_file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new("tests/data/onnx").join(name)).expect("it is in the repository")
}

fn sizes(all: &[(&str, u32)]) -> Options {
    Options { sizes: all.iter().map(|(name, size)| ((*name).to_owned(), *size)).collect(), output: None }
}

#[test]
fn each_file_of_the_index_has_its_macs() {
    let index: Value = serde_json::from_slice(&small_file("index.json")).expect("the index is JSON");
    let mut read = 0;
    for entry in index.as_array().expect("the index is a list") {
        let name = entry["file"].as_str().expect("files have names");
        let expected = entry["macs_expected"].as_u64().or_else(|| entry["macs_batch1"].as_u64());
        let Some(bytes) = file(name) else { continue };
        let is_refused = entry["expect"]["error"] == true || entry["expect"]["reject_or_untileable"] == true;
        if is_refused || ["two_outputs_branch.onnx", "dyn_hw.onnx"].contains(&name) {
            assert!(model(name, &bytes, &Options::default()).is_err(), "{name}");
            continue;
        }
        let found = model(name, &bytes, &Options::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        // The index counts this file's whole batch; ours is one picture, and says so.
        let pictures = if name == "batch8.onnx" { 8 } else { 1 };
        assert_eq!(Some(found.network.macs() * pictures), expected, "{name}: {:?}", found.notes);
        // What was converted is a document like any other.
        assert_eq!(read_model(&found.text).as_ref(), Ok(&found.network), "{name}");
        read += 1;
    }
    assert!(read >= 15, "{read}");
}

#[test]
fn networks_of_the_exporters_are_those_of_the_zoo() {
    let pairs = [
        ("alexnet.dynamo.onnx", "alexnet"),
        ("alexnet.legacy.onnx", "alexnet"),
        ("googlenet.legacy.onnx", "googlenet"),
        ("resnet18.legacy.onnx", "resnet18"),
        ("resnet18.legacyraw.onnx", "resnet18"),
        ("squeezenet1_1.legacy11dyn.onnx", "squeezenet1.1"),
        ("squeezenet1_1.qdq.onnx", "squeezenet1.1"),
        ("mobilenet_v2.dynamo.onnx", "mobilenet-v2"),
        ("vgg16.dynamo.onnx", "vgg16"),
    ];
    for (name, id) in pairs {
        let Some(bytes) = file(name) else { continue };
        let found = model(name, &bytes, &Options::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let ours = zoo::build(id).and_then(Result::ok).expect("in the zoo");
        assert_eq!(found.network.macs(), ours.macs(), "{name}");
        let shapes = |network: &offcut::network::Network| {
            (0..=network.stages().len()).map(|boundary| network.boundary(boundary)).collect::<Vec<_>>()
        };
        if !name.contains("alexnet") {
            assert_eq!(shapes(&found.network), shapes(&ours), "{name}");
        }
        let known = found.notes.iter().all(|note| note.kind != NoteKind::UnknownCost);
        assert!(known, "{name}: {:?}", found.notes);
    }
}

#[test]
fn sizes_that_are_open_are_asked_for() {
    let bytes = small_file("dyn_hw.onnx");
    let refusal = model("dyn_hw.onnx", &bytes, &Options::default()).expect_err("sizes are open");
    let ask = |symbol: &str, axis: &str| Ask::Size { symbol: symbol.to_owned(), axis: axis.to_owned() };
    assert_eq!(refusal.asks, [ask("height", "height"), ask("width", "width")]);
    let found = model("dyn_hw.onnx", &bytes, &sizes(&[("height", 64), ("width", 48)])).expect("sizes are given");
    assert_eq!(found.network.macs(), 165_888);
    let refusal = model("dyn_hw.onnx", &bytes, &sizes(&[("height", 0), ("width", 48)])).expect_err("no height");
    assert!(refusal.to_string().contains("1 to 65536"), "{refusal}");
}

#[test]
fn one_of_several_outputs_is_chosen() {
    let bytes = small_file("two_outputs_branch.onnx");
    let refusal = model("two.onnx", &bytes, &Options::default()).expect_err("two outputs");
    let Some(Ask::Output { names }) = refusal.asks.first() else { panic!("{refusal}") };
    assert_eq!(names, &["z1", "z2"]);
    for name in names {
        let options = Options { output: Some(name.clone()), ..Options::default() };
        let found = model("two.onnx", &bytes, &options).expect("one output");
        assert_eq!(found.network.macs(), 6912);
        assert_eq!(found.network.layers().len(), 2, "what the other output needs is left out");
    }
}

#[test]
fn a_batch_and_an_unknown_operator_are_noted() {
    let found = model("batch8.onnx", &small_file("batch8.onnx"), &Options::default()).expect("valid");
    assert!(found.notes.iter().any(|note| note.what.contains("8 pictures at a time")), "{:?}", found.notes);
    let gate = model("se_gate.onnx", &small_file("se_gate.onnx"), &Options::default()).expect("valid");
    assert!(gate.network.stages().iter().any(|stage| !stage.tileable));
}

#[test]
fn damaged_and_foreign_files_are_named() {
    let resnet = small_file("resnet18.legacy.onnx");
    let cases: &[(&str, &[u8], &str)] = &[
        ("empty.onnx", &small_file("empty.onnx"), "the file is empty"),
        ("png_header.onnx", &small_file("png_header.onnx"), "a PNG picture"),
        ("truncated.onnx", &small_file("truncated.onnx"), "damaged or cut short"),
        ("cycle.onnx", &small_file("cycle.onnx"), "cycle"),
        ("huge_dims.onnx", &small_file("huge_dims.onnx"), "`w`, which nothing makes"),
        ("unsupported_lstm.onnx", &small_file("unsupported_lstm.onnx"), "where a picture has 4"),
        ("resnet.onnx", &resnet[..resnet.len() - 7], "damaged or cut short"),
        ("model.pt", b"PK\x03\x04 and so on", "torch.onnx.export"),
        ("model.keras", b"PK\x03\x04 and so on", "config.json"),
        ("model.h5", b"\x89HDF\r\n\x1a\n", "to_json"),
        ("model.tflite", b"\x1c\0\0\0TFL3\x14\0", "TensorFlow Lite"),
        ("model.gguf", b"GGUF\x03\0\0\0", "GGUF"),
        ("model.safetensors", b"\x40\0\0\0\0\0\0\0{\"a\":1}", "safetensors"),
        ("model.json", b"\xff\xfe{\0", "UTF-16"),
        ("page.onnx", b"<!DOCTYPE html><html>", "web page"),
        ("pointer.onnx", b"version https://git-lfs.github.com/spec/v1", "download it again"),
        ("what.bin", b"\0\x01\x02\x03", "no kind that Offcut knows"),
        ("white.txt", b"  \n ", "white space"),
        ("figure.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>", "no scenario"),
    ];
    for (name, bytes, words) in cases {
        let refusal = import(name, bytes, &Options::default()).expect_err(name);
        assert!(refusal.to_string().contains(words), "{name}: {refusal}");
        assert!(!refusal.problems.0.is_empty());
    }
}

#[test]
fn networks_come_back_from_their_documents_byte_for_byte() {
    for entry in NETWORKS {
        let network = zoo::build(entry.id).and_then(Result::ok).expect("in the zoo");
        let text = ModelFile::of(&network).to_text();
        let found = model("model.json", text.as_bytes(), &Options::default()).expect("valid");
        assert_eq!(found.network, network, "{}", entry.id);
        assert_eq!(found.text, text);
        assert_eq!(ModelFile::of(&found.network).to_text(), text);
    }
}

#[test]
fn documents_are_told_apart() {
    let scenario = r#"{"format":"offcut-scenario/1","model":"vgg16"}"#;
    let of = |name: &str, text: &str| import(name, text.as_bytes(), &Options::default()).expect("it is known");
    assert!(matches!(of("a.json", scenario), Imported::Scenario(text) if text == scenario));
    assert!(matches!(of("a", &format!("\u{feff}{scenario}")), Imported::Scenario(text) if text == scenario));
    let plan = format!(r#"{{"format":"offcut-plan/1","scenario":{scenario}}}"#);
    assert!(matches!(of("a.json", &plan), Imported::Plan(_)));
    let escaped = scenario.replace('"', "&quot;").replace('v', "&#x76;");
    for inside in [scenario.to_owned(), escaped, format!("<![CDATA[{scenario}]]>")] {
        let svg = format!("<?xml version=\"1.0\"?><svg><metadata id=\"x\">\n{inside}</metadata><g/></svg>");
        assert!(matches!(of("a.svg", &svg), Imported::Scenario(text) if text == scenario), "{svg}");
    }
    let bad = r#"{"format":"offcut-model/1","input":{"channels":3,"height":8,"width":8},"layers":[{"name":"a","op":"lrn"},{"name":"b","op":"x"}]}"#;
    let refusal = import("a.json", bad.as_bytes(), &Options::default()).expect_err("a bad layer");
    assert_eq!(refusal.partial.map(|network| network.layers().len()), Some(1));
    assert_eq!(refusal.text.as_deref(), Some(bad));
}

#[test]
fn measured_times_are_matched_by_name() {
    let network = zoo::build("alexnet").and_then(Result::ok).expect("in the zoo");
    let first = network.layers()[0].name.clone();
    let second = network.layers()[1].name.clone();
    let of = |text: &str| match import("times.csv", text.as_bytes(), &Options::default()) {
        Ok(Imported::Measured(table)) => Ok(table),
        Ok(other) => panic!("{other:?}"),
        Err(refusal) => Err(refusal.to_string()),
    };
    let texts = [
        format!("layer,device_ms,server_us\n{first},12.5,400\n{second},,1e3\nnobody,1,2\n"),
        format!(
            "# measured on a Sunday\nserver [us];Layer;device (ms)\r\n400;\"{first}\";12,5\r\n1000;{second};\r\n2;nobody;1\r\n"
        ),
        format!("name\tdevice time, ms\tserver µs\n{first}\t12.5\t400\n{second}\t\t1000\nnobody\t1\t2"),
    ];
    for text in texts {
        let applied = of(&text).expect("a table").apply(&network);
        let measured = |at: usize| applied.model.layers[at].measured_ms.map(|times| (times.device, times.server));
        assert_eq!(measured(0), Some((Some(12.5), Some(0.4))), "{text}");
        assert_eq!(measured(1), Some((None, Some(1.0))));
        assert_eq!(applied.unknown_rows.iter().map(|row| row.0.as_str()).collect::<Vec<_>>(), ["nobody"]);
        assert_eq!(applied.unmeasured_layers.len(), network.layers().len() - 2);
        assert!(read_model(&applied.model.to_text()).is_ok());
    }
    let wrong = "layer,device_ms\na,1\nb,fast\nc,-1\na,2\nd,1,2\n,5\n";
    let error = of(wrong).expect_err("five mistakes");
    for words in [
        "(line 3, column 3): `fast` is no time",
        "(line 4, column 3): `-1` is no time",
        "(line 5, column 1): the layer `a` has a row already",
        "(line 6, column 1): 3 cells where the header has 2",
        "(line 7, column 1): the row names no layer",
    ] {
        assert!(error.contains(words), "no `{words}` in {error}");
    }
    assert!(of("layer,device\na,1\n").expect_err("no unit").contains("says no unit"));
    assert!(of("device_ms\n1\n").expect_err("no names").contains("one column with the layers' names"));
    assert!(of("layer,device_ms\n").expect_err("no rows").contains("no rows"));
}

/// A large file that is mostly zeros: bytes are made when they are read, and counted.
struct Sparse {
    head: Vec<u8>,
    size: u64,
    read: u64,
}

impl Source for Sparse {
    fn size(&self) -> u64 {
        self.size
    }

    fn read(&mut self, from: u64, into: &mut [u8]) -> Result<(), String> {
        self.read += into.len() as u64;
        for (at, byte) in (from..).zip(into) {
            *byte = self.head.get(at as usize).copied().unwrap_or(0);
        }
        Ok(())
    }
}

/// The weights of a file are stepped over, not read.
#[test]
fn a_file_of_500_megabytes_is_read_by_its_structure() {
    let small = small_file("resnet18.legacy.onnx");
    // One more tensor in the graph, with 500 MB of numbers: the graph is the last field but one of the file.
    let (mut at, mut graph) = (0, None);
    while at < small.len() {
        let (tag, start) = varint(&small, at);
        let (length, start) = varint(&small, start);
        if tag == 7 << 3 | 2 {
            graph = Some((at, start, start + length as usize));
        }
        at = if tag & 7 == 2 { start + length as usize } else { start };
    }
    let (at, start, end) = graph.expect("there is a graph");
    let zeros: u64 = 500 << 20;
    let mut tensor = b"\x08\x80\x80\x80\x3e\x10\x01\x42\x03big".to_vec();
    tensor.push(0x4a);
    push_varint(&mut tensor, zeros);
    let mut field = vec![0x2a];
    push_varint(&mut field, tensor.len() as u64 + zeros);
    field.extend(&tensor);
    // The graph goes last, its tensor at its end.
    let mut head = small[..at].to_vec();
    head.extend(&small[end..]);
    head.push(7 << 3 | 2);
    push_varint(&mut head, (end - start + field.len()) as u64 + zeros);
    head.extend(&small[start..end]);
    head.extend(&field);
    let mut source = Sparse { size: head.len() as u64 + zeros, head, read: 0 };
    let Ok(Imported::Model(found)) = read("big.onnx", &mut source, &Options::default()) else {
        panic!("it is a model")
    };
    assert_eq!(found.network.macs(), 1_814_073_344);
    assert!(source.read < 1 << 20, "{} bytes were read", source.read);
}

fn varint(bytes: &[u8], mut at: usize) -> (u64, usize) {
    let (mut value, mut shift) = (0, 0);
    loop {
        value |= u64::from(bytes[at] & 127) << shift;
        at += 1;
        if bytes[at - 1] < 128 {
            return (value, at);
        }
        shift += 7;
    }
}

fn push_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value > 127 {
        bytes.push(value as u8 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
}
