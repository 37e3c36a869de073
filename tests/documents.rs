//! All that is wrong with a scenario or a plan document is told of at once: code, place, remedy, and certain mends.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/generate.rs"]
mod generate;

use generate::generate;
use offcut::formats::{Problem, Problems, read_plan, read_scenario};
use offcut::opened::open_plan;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde_json::{Value, json};

/// A scenario with a line for each of its parts.
const SCENARIO: &str = r#"{
  "format": "offcut-scenario/1",
  "model": "vgg16",
  "device": { "name": "small", "gflops": 2.5, "memory_gb_per_s": 1, "overhead_us": 0, "slots": 1, "memory_mb": 512 },
  "server": "rtx-2080",
  "network": { "name": "slow", "uplink_mbps": 3.2, "latency_ms": 5, "return_result": true, "downlink_mbps": 9 },
  "data": { "bytes_per_element": 4, "input_bytes_per_element": 1, "wire_bytes_per_element": 2 },
  "space": { "max_fused_blocks": 2, "grids": [[1, 2], [2, 2]], "fusible": [[0, 4]], "uneven": true, "step": 3 },
  "search": { "method": "psomw", "seed": 7, "particles": 10, "iterations": 20 }
}"#;

fn problems(text: &str) -> Vec<Problem> {
    read_scenario(text).err().map_or_else(Vec::new, |Problems(all)| all)
}

/// Code, pointer, line and column.
fn places(problems: &[Problem]) -> Vec<(&str, &str, usize, usize)> {
    let of = |problem: &Problem| problem.place.map_or((0, 0), |place| (place.line, place.column));
    problems.iter().map(|one| (one.code, one.pointer.as_str(), of(one).0, of(one).1)).collect()
}

/// One slip in the scenario: what is written, what stands there instead, then code, pointer, line, what is said and
/// how to mend it.
type Slip = (&'static str, &'static str, &'static str, &'static str, usize, &'static [&'static str]);

/// One slip each, and nothing else told of.
const SLIPS: &[Slip] = &[
    ("offcut-scenario/1", "offcut-scenario/2", "E013", "/format", 2, &["version `offcut-scenario/2`", "newer Offcut"]),
    ("offcut-scenario/1", "offcut-plan/1", "E013", "/format", 2, &["`offcut-scenario/1` is expected", "another file"]),
    ("\"offcut-scenario/1\"", "1", "E010", "/format", 2, &["1 stands where a text is expected", "give a text"]),
    ("  \"format\": \"offcut-scenario/1\",\n", "", "E012", "", 1, &["missing field `format`", "add it"]),
    ("  \"model\": \"vgg16\",\n", "", "E012", "", 1, &["missing field `model`", "add it"]),
    ("\"vgg16\"", "\"vgg16x\"", "E041", "/model", 3, &["called `vgg16x`", "offcut models", "mean `vgg16`?"]),
    ("\"vgg16\"", "[]", "E010", "/model", 3, &["a list stands", "give a network's id or a model document"]),
    ("\"rtx-2080\"", "\"rtx-2081\"", "E041", "/server", 5, &["`rtx-2081`", "use one of", "mean `rtx-2080`?"]),
    ("\"rtx-2080\"", "true", "E010", "/server", 5, &["true or false stands", "give a preset's id or an object"]),
    ("\"gflops\": 2.5, ", "", "E012", "/device", 4, &["missing field `gflops`", "add it"]),
    ("\"gflops\"", "\"gflop\"", "E011", "/device/gflop", 4, &["unknown field `gflop`", "mean `gflops`?"]),
    ("2.5", "0", "E040", "/device/gflops", 4, &["0 is outside 0.001 to 1000000", "choose a value"]),
    ("2.5", "1e300", "E040", "/device/gflops", 4, &["1e300 is outside 0.001 to 1000000"]),
    ("2.5", "-2.5", "E040", "/device/gflops", 4, &["-2.5 is outside"]),
    ("2.5", "\"2.5\"", "E010", "/device/gflops", 4, &["the text `2.5` stands where a number", "give a number"]),
    ("2.5", "null", "E010", "/device/gflops", 4, &["null stands where a number is expected"]),
    ("2.5", "0.001", "E043", "/device", 4, &["more than 4 hours", "give a faster one"]),
    ("\"overhead_us\": 0", "\"overhead_us\": 1e8", "E040", "/device/overhead_us", 4, &["1e8 is outside 0 to 10000000"]),
    ("\"slots\": 1", "\"slots\": 65", "E040", "/device/slots", 4, &["65 slots", "take 1 to 64"]),
    ("\"slots\": 1", "\"slots\": 1.5", "E010", "/device/slots", 4, &["1.5 is no whole number"]),
    ("512", "0", "E040", "/device/memory_mb", 4, &["0 is outside 0.001 to 1000000000"]),
    ("\"small\"", "3", "E010", "/device/name", 4, &["give a text"]),
    ("\"memory_mb\": 512", "\"slots\": 1", "E007", "/device/slots", 4, &["`slots` is given twice", "remove one"]),
    ("3.2", "1e7", "E040", "/network/uplink_mbps", 6, &["1e7 is outside"]),
    ("3.2", "0.0011", "E043", "/network", 6, &["more than 4 hours", "give a faster link"]),
    ("\"latency_ms\": 5", "\"latency_ms\": -1", "E040", "/network/latency_ms", 6, &["-1 is outside 0 to 1000000"]),
    ("\"return_result\": true", "\"return_result\": 1", "E010", "/network/return_result", 6, &["give true or false"]),
    ("\"downlink_mbps\": 9", "\"downlink_mbps\": 0", "E040", "/network/downlink_mbps", 6, &["0 is outside"]),
    ("\"uplink_mbps\": 3.2, ", "", "E012", "/network", 6, &["missing field `uplink_mbps`"]),
    ("_element\": 2", "_element\": 17", "E040", "/data/wire_bytes_per_element", 7, &["17 bytes", "take 1 to 16"]),
    ("\"bytes_per_element\": 4", "\"bytes\": 4", "E011", "/data/bytes", 7, &["remove it, or use one of `bytes_per_el"]),
    ("_blocks\": 2", "_blocks\": 9", "E040", "/space/max_fused_blocks", 8, &["at most 8 fused blocks", "lower it"]),
    ("[1, 2]", "[0, 2]", "E040", "/space/grids/0", 8, &["a grid of 0×2", "take 1 to 64 tiles"]),
    ("[1, 2]", "[1]", "E010", "/space/grids/0", 8, &["a list stands where [rows, columns] is expected"]),
    ("[2, 2]", "[2, -2]", "E010", "/space/grids/1/1", 8, &["-2 is negative", "expected a whole number"]),
    ("[[1, 2], [2, 2]]", "2", "E010", "/space/grids", 8, &["give a list of pairs"]),
    ("[0, 4]", "[4, 4]", "E040", "/space/fusible/0", 8, &["4..4 are not in 0..", "half-open"]),
    ("[0, 4]", "[0, 99]", "E040", "/space/fusible/0", 8, &["0..99 are not in 0..", "half-open"]),
    ("\"step\": 3", "\"step\": 0", "E040", "/space/step", 8, &["the step is 0", "or leave it out"]),
    ("\"uneven\": true", "\"uneven\": \"true\"", "E010", "/space/uneven", 8, &["give true or false"]),
    ("\"psomw\"", "\"psomv\"", "E042", "/search/method", 9, &["`psomv`", "device_only", "mean `psomw`?"]),
    ("\"psomw\"", "null", "E010", "/search/method", 9, &["give a method's id, a text"]),
    ("\"seed\": 7", "\"seed\": -7", "E010", "/search/seed", 9, &["-7 is negative"]),
    ("\"seed\": 7", "\"seed\": 18446744073709551616", "E010", "/search/seed", 9, &["is too large"]),
    ("\"particles\": 10", "\"particles\": 1", "E040", "/search", 9, &["1 particles", "at least 2 particles"]),
    ("\"iterations\": 20", "\"iterations\": 4000000000", "E040", "/search", 9, &["at most 10^8 evaluations"]),
    ("\"iterations\": 20", "\"iterations\": 20,", "E001", "", 9, &["a comma stands behind the last", "remove it"]),
    ("\"server\"", "server", "E001", "", 5, &["a field's name stands in quotes", "add them"]),
    ("  \"data\"", "  \"date\"", "E011", "/date", 7, &["unknown field `date`", "mean `data`?"]),
];

#[test]
fn each_slip_in_a_scenario_is_told_of_at_its_place_with_its_remedy() {
    assert_eq!(problems(SCENARIO), []);
    for &(written, instead, code, pointer, line, words) in SLIPS {
        assert!(SCENARIO.contains(written), "{written}");
        let text = SCENARIO.replacen(written, instead, 1);
        let found = problems(&text);
        let said = found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert_eq!(found.len(), 1, "{instead}: {said}");
        let place = found[0].place.map(|place| place.line);
        assert_eq!((found[0].code, found[0].pointer.as_str(), place), (code, pointer, Some(line)), "{said}");
        words.iter().for_each(|word| assert!(said.contains(word), "no `{word}` in: {said}"));
    }
}

#[test]
fn all_problems_of_a_scenario_are_told_of_at_once() {
    let text = SCENARIO
        .replace("\"vgg16\"", "\"vgg16x\"")
        .replace("2.5", "-2.5")
        .replace("\"slots\": 1", "\"slots\": \"1\"")
        .replace("rtx-2080", "abacus")
        .replace("3.2", "1e9")
        .replace("_element\": 4", "_element\": 0")
        .replace("[1, 2]", "[9, 9]")
        .replace("\"step\"", "\"stop\"")
        .replace("psomw", "psomv")
        .replace("\"iterations\": 20", "\"iterations\": 0,");
    let found = problems(&text);
    let expected = [
        ("E041", "/model", 3, 12),
        ("E040", "/device/gflops", 4, 42),
        ("E010", "/device/slots", 4, 97),
        ("E041", "/server", 5, 13),
        ("E040", "/network/uplink_mbps", 6, 47),
        ("E040", "/data/bytes_per_element", 7, 34),
        ("E040", "/space/grids/0", 8, 47),
        ("E011", "/space/stop", 8, 101),
        ("E040", "/search", 9, 13),
        ("E042", "/search/method", 9, 25),
        ("E001", "", 9, 77),
    ];
    assert_eq!(places(&found), expected);
}

/// Where two values only go together badly, that is told once both are read.
#[test]
fn what_stands_in_for_a_bad_value_is_not_told_of() {
    let text = SCENARIO.replace("\"particles\": 10", "\"particles\": -1").replace("2.5", "0").replace("3.2", "null");
    let found = problems(&text);
    let codes: Vec<&str> = found.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["E040", "E010", "E010"], "{found:?}");
}

#[test]
fn each_mend_of_a_scenario_mends() {
    let mut mended = 0;
    for &(written, instead, ..) in SLIPS {
        let text = SCENARIO.replacen(written, instead, 1);
        let Some(mend) = problems(&text).swap_remove(0).mend else { continue };
        let after = mend.applied(&text);
        assert_eq!(problems(&after), [], "{after}");
        mended += 1;
    }
    assert!(mended >= 10, "only {mended} slips have a mend");
}

/// Of a text that ends too early only that is told: what stands at its end may be half a value.
#[test]
fn a_scenario_that_is_cut_short_is_told_of_as_such() {
    for end in 1..SCENARIO.len() - 1 {
        let found = problems(SCENARIO.get(..end).expect("plain letters"));
        assert_eq!(found.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["E002"], "{end}: {found:?}");
    }
}

/// A plan document of a small scenario, as a tree that can be spoilt.
fn plan(seed: u64) -> Value {
    serde_json::to_value(&generate(seed).file).expect("it can be written")
}

fn plan_problems(document: &Value) -> (String, Vec<Problem>) {
    let text = serde_json::to_string_pretty(document).expect("it can be written");
    let found = read_plan(&text).err().map_or_else(Vec::new, |Problems(all)| all);
    (text, found)
}

#[test]
fn each_slip_in_a_plan_is_told_of_at_its_place_with_its_remedy() {
    let cases = [
        ("/format", json!("offcut-plan/7"), "E013", "version `offcut-plan/7`"),
        ("/method", json!("psomv"), "E042", "mean `psomw`?"),
        ("/blocks", json!({}), "E010", "give a list of blocks"),
        ("/blocks/0", json!([]), "E010", "give a block, an object"),
        ("/blocks/0/first_stage", json!(-1), "E010", "-1 is negative"),
        ("/blocks/0/rows", json!(3), "E010", "give a list of boundaries"),
        ("/blocks/0/rows/0", json!("0"), "E010", "give a whole number"),
        ("/stages/0/layers", json!("a"), "E010", "give a list of names"),
        ("/stages/0/layers/0", json!(1), "E010", "give a text"),
        ("/stages/0/tileable", json!(1), "E010", "give true or false"),
        ("/paths/0", json!(null), "E010", "give a path, an object"),
        ("/paths/0/tile", json!([0, 0, 0]), "E010", "give [row, column]"),
        ("/paths/0/cut", json!(0.5), "E010", "0.5 is no whole number"),
        ("/paths/0/output/rows", json!([0]), "E010", "give [first, one behind the last]"),
        ("/order/0", json!([]), "E010", "give a whole number"),
        ("/operations/0/path", json!(null), "E010", "give a whole number"),
        ("/operations/0/resource", json!(1), "E010", "give a text"),
        ("/operations/0/start_ns", json!(1e30), "E010", "no whole number"),
        ("/makespan_ns", json!("1"), "E010", "give a whole number"),
        ("/proven_optimal", json!("yes"), "E010", "give true or false"),
        ("/scenario", json!(1), "E010", "give a scenario document, an object"),
        ("/scenario/format", json!("offcut-scenario/9"), "E013", "version `offcut-scenario/9`"),
        ("/scenario/device/slots", json!(0), "E040", "take 1 to 64"),
        ("/scenario/model", json!("vgg16x"), "E041", "mean `vgg16`?"),
        ("/scenario/model/layers/0/op", json!("convv"), "E016", "mean `conv`?"),
        ("/scenario/search/method", json!("psomv"), "E042", "mean `psomw`?"),
    ];
    for (pointer, value, code, words) in cases {
        let mut document = plan(1);
        *document.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
        let (text, found) = plan_problems(&document);
        let said = found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert_eq!(found.len(), 1, "{pointer}: {said}");
        assert_eq!((found[0].code, found[0].pointer.as_str()), (code, pointer), "{said}");
        assert!(said.contains(words), "no `{words}` in: {said}");
        assert!(found[0].place.is_some_and(|place| text.get(place.start..place.end).is_some()), "{said}");
        let opened = open_plan(&text).expect_err("it is no plan document");
        assert_eq!(opened.0, found, "opening tells the same");
    }
}

/// Every value of generated plans, replaced by one of another type or taken out, several at once: each is told of
/// where it stands.
#[test]
fn whatever_is_spoilt_in_a_plan_is_told_of_where_it_stands() {
    let mut generator = Pcg64Mcg::seed_from_u64(11);
    let mut spoilt_in_all = 0;
    for seed in 0..60 {
        let mut document = plan(seed);
        let mut values = Vec::new();
        leaves(&document, "", &mut values);
        let mut spoilt: Vec<String> = Vec::new();
        for _ in 0..generator.random_range(1..=5_u32) {
            let at = values.swap_remove(generator.random_range(0..values.len() as u64) as usize);
            *document.pointer_mut(&at).expect("it is there") = json!({ "nothing": 1 });
            spoilt.push(at);
        }
        let (_, found) = plan_problems(&document);
        for at in &spoilt {
            let is_told = |problem: &Problem| problem.pointer.starts_with(at.as_str());
            assert!(found.iter().any(is_told), "seed {seed}: nothing of {at}: {found:?}");
        }
        spoilt_in_all += spoilt.len();
    }
    assert!(spoilt_in_all > 100, "{spoilt_in_all}");
}

/// Pointers of all numbers, texts and truths.
fn leaves(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| leaves(item, &format!("{pointer}/{index}"), found));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| leaves(field, &format!("{pointer}/{name}"), found));
        }
        _ => found.push(pointer.to_owned()),
    }
}

/// Every field that is taken out of a plan is missed, but for those that have a default.
#[test]
fn every_field_that_is_missing_is_missed() {
    let whole = plan(1);
    let text = generate(1).file.to_text();
    assert_eq!(read_plan(&text).map(|file| file.to_text()), Ok(text));
    for (object, optional) in [
        ("", &["stopped_by"] as &[&str]),
        ("/blocks/0", &[]),
        ("/stages/0", &[]),
        ("/paths/0", &[]),
        ("/paths/0/input", &[]),
        ("/operations/0", &["bytes"]),
    ] {
        let fields = whole.pointer(object).and_then(Value::as_object).expect("an object");
        for field in fields.keys().filter(|field| !optional.contains(&field.as_str())) {
            let mut document = whole.clone();
            document.pointer_mut(object).and_then(Value::as_object_mut).expect("an object").remove(field);
            let (_, found) = plan_problems(&document);
            assert_eq!(found.len(), 1, "{object}/{field}: {found:?}");
            assert_eq!((found[0].code, found[0].pointer.as_str()), ("E012", object), "{field}");
            assert!(found[0].what.contains(&format!("`{field}`")), "{found:?}");
        }
    }
}

/// However much is wrong, no more is told than anybody reads.
#[test]
fn a_hundred_problems_are_enough() {
    let mut document = plan(1);
    document["order"] = json!(vec!["x"; 20_000]);
    let (_, found) = plan_problems(&document);
    assert_eq!(found.len(), 100);
    assert_eq!((found[0].pointer.as_str(), found[99].pointer.as_str()), ("/order/0", "/order/99"));
    let huge = " ".repeat(65 << 20);
    for found in [read_scenario(&huge).err(), read_plan(&huge).err()] {
        assert_eq!(found.expect("too large").0[0].code, "E004");
    }
}
