//! The command line as its users meet it.
#![cfg(not(target_arch = "wasm32"))]

use serde_json::Value;
use std::io::Write;
use std::process::{Command, Output, Stdio};

/// Runs `offcut` with a text on standard input.
fn offcut(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_offcut"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    if let Some(mut pipe) = child.stdin.take() {
        let text = input.to_owned();
        // A command that fails early closes its input: no harm.
        std::thread::spawn(move || pipe.write_all(text.as_bytes()));
    }
    child.wait_with_output().expect("it ends")
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

const FIRST: &str = r#"{"format":"offcut-scenario/1","model":"tiny-yolov2"}"#;

#[test]
fn models_lists_the_zoo() {
    let models = json(&offcut(&["models", "--json"], ""));
    let models = models.as_array().expect("an array");
    assert_eq!(models.len(), 16);
    let tiny = models.iter().find(|m| m["id"] == "tiny-yolov2").expect("in the zoo");
    assert_eq!((tiny["macs"].as_u64(), tiny["stages"].as_u64()), (Some(3_485_520_896), Some(15)));
}

#[test]
fn model_shows_layers() {
    let model = json(&offcut(&["model", "resnet50", "--json"], ""));
    assert_eq!(model["parameters"], 25_557_032);
    let macs: u64 = model["layers"].as_array().expect("layers").iter().filter_map(|l| l["macs"].as_u64()).sum();
    assert_eq!(macs, 4_089_184_256);
    assert_eq!(model["layers"][0]["output"], serde_json::json!([64, 112, 112]));
}

#[test]
fn regions_shows_tiles() {
    let all = json(&offcut(&["regions", "tiny-yolov2", "--stages", "0..9", "--grid", "2x2", "--json"], ""));
    assert_eq!(all["tiles"].as_array().map(Vec::len), Some(4));
    assert_eq!(all["tiles"][0]["output"]["rows"], serde_json::json!([0, 6]));
    assert_eq!(all["tiles"][0]["input"]["rows"], serde_json::json!([0, 223]));
    let sum: u64 = all["tiles"].as_array().expect("tiles").iter().filter_map(|t| t["macs"].as_u64()).sum();
    assert_eq!(all["tiles_macs"], sum);
}

#[test]
fn a_plan_is_checked_and_a_changed_one_refused() {
    let plan = offcut(&["plan", "-", "--seed", "1"], FIRST);
    assert_eq!(json(&plan)["makespan_ns"], 148_722_674);
    let text = String::from_utf8(plan.stdout).expect("text");
    let checked = offcut(&["check", "-"], &text);
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
    let changed = text.replace("148722674", "148722673");
    assert_eq!(offcut(&["check", "-"], &changed).status.code(), Some(1));
}

#[test]
fn compare_has_every_method() {
    let lines = json(&offcut(&["compare", "-", "--json"], FIRST));
    let names: Vec<&str> = lines.as_array().expect("lines").iter().filter_map(|l| l["method"].as_str()).collect();
    for method in ["device_only", "server_only", "nfl", "mw", "psomw"] {
        assert!(names.contains(&method), "{method}");
    }
}

#[test]
fn bad_input_says_where_what_and_how() {
    let layer = |text: &str| {
        format!(r#"{{"format":"offcut-model/1","input":{{"channels":3,"height":8,"width":8}},"layers":[{text}]}}"#)
    };
    let cases = [
        (String::new(), "the file is empty"),
        ("{".to_owned(), "line 1"),
        ("[".repeat(100_000), "line 1"),
        (
            r#"{"format":"offcut-model/2","input":{"channels":1,"height":1,"width":1},"layers":[]}"#.to_owned(),
            "/format",
        ),
        (layer(""), "no layers"),
        (layer(r#"{"name":"a","op":"conb"}"#), "Did you mean `conv`"),
        (layer(r#"{"name":"a","op":"conv","out_channels":4}"#), "needs `kernel`"),
        (layer(r#"{"name":"a","op":"conv","out_channels":4,"kernel":99}"#), "/layers/0"),
        (layer(r#"{"name":"a","op":"conv","out_channels":4,"kernel":-3}"#), "/layers/0/kernel"),
        (layer(r#"{"name":"a","op":"linear","out_features":4000000000}"#), "/layers/0"),
        (layer(r#"{"name":"a","op":"dropout","kernel":3}"#), "takes no `kernel`"),
        (layer(r#"{"name":"pool1","op":"dropout"},{"name":"b","op":"dropout","inputs":["pol1"]}"#), "`pool1`"),
        (layer(r#"{"name":"a","op":"dropout","inputs":["b"]},{"name":"b","op":"dropout"}"#), "move it up"),
        (layer(r#"{"name":"a","op":"dropout","colour":1}"#), "unknown field `colour`"),
    ];
    for (text, expected) in cases {
        let output = offcut(&["model", "-"], &text);
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(expected), "expected `{expected}` in: {message}");
        assert!(!message.contains("panicked"), "{message}");
    }
    for (arguments, expected) in [
        (["plan", "/nowhere.json", "--method", "psomw"], "cannot be read"),
        (["plan", "-", "--method", "best"], "no method"),
        (["regions", "vgg16", "--stages", "9..0"], "--grid"),
    ] {
        let output = offcut(&arguments, FIRST);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(expected), "{arguments:?}");
    }
}

/// "Copy as command": the plan of a link is that of its scenario's file, byte for byte.
#[test]
fn a_link_is_planned_like_its_scenario() {
    let faster = r#"{"format":"offcut-scenario/1","model":"alexnet","device":"raspberry-pi-3b+","server":"rtx-2080",
"network":{"name":"Home Wi-Fi","uplink_mbps":31,"latency_ms":5,"downlink_mbps":54.97},"search":{"method":"nfl","seed":7}}"#;
    let query =
        "v=1&model=alexnet&device=raspberry-pi-3b+&server=rtx-2080&network=home-wifi&method=nfl&uplink_mbps=31&seed=7";
    for (link, scenario) in [
        ("#/plan?v=1&model=tiny-yolov2", FIRST),
        ("https://example.org/offcut/#/plan?v=1&model=tiny-yolov2&tile=2", FIRST),
        (&format!("#/plan?{query}"), faster),
        (&format!("file:///offcut/index.html#/embed/timeline?{query}"), faster),
    ] {
        let (of_link, of_file) = (offcut(&["plan", link], ""), offcut(&["plan", "-"], scenario));
        assert_eq!(String::from_utf8_lossy(&of_link.stderr), "", "{link}");
        assert_eq!(json(&of_link)["scenario"], json(&of_file)["scenario"], "{link}");
        assert_eq!(of_link.stdout, of_file.stdout, "{link}");
        let compare =
            |given: &str, input: &str| offcut(&["compare", given, "--json", "--max-evaluations", "50"], input);
        assert_eq!(compare(link, "").stdout, compare("-", scenario).stdout, "{link}");
    }
    for (link, words) in [
        ("#/plan?v=2", "Open it with a newer Offcut"),
        ("#/plan?v=1&model=nope", "names the network `nope`"),
        ("#/plan?v=1&uplink_mbps=x", "uplink_mbps=x"),
        ("#/nowhere?v=1", "no page"),
        ("https://example.org/offcut/", "put it in quotes"),
        ("https://example.org/offcut/#top", "put it in quotes"),
    ] {
        let refused = offcut(&["plan", link], "");
        let message = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{message}");
        assert!(message.contains(words), "no `{words}` in {message}");
    }
}

/// A search that has to stop early says by what, and gives a plan and a bound all the same.
#[test]
fn budgets_end_searches() {
    let two = r#"{"format":"offcut-scenario/1","model":"alexnet","space":{"max_fused_blocks":2}}"#;
    for (arguments, reason) in [
        (["plan", "-", "--method", "exact", "--max-evaluations", "50"], "evaluations"),
        (["plan", "-", "--method", "exact", "--budget-ms", "0"], "time"),
        (["plan", "-", "--method", "brute_force", "--max-evaluations", "1000"], "evaluations"),
        (["plan", "-", "--method", "psomw", "--budget-ms", "0"], "time"),
    ] {
        let plan = json(&offcut(&arguments, two));
        assert_eq!(plan["stopped_by"], reason, "{arguments:?}");
        assert!(plan["lower_bound_ns"].as_u64() <= plan["makespan_ns"].as_u64(), "{arguments:?}");
    }
    // Strategies of more than 128 paths are left alone.
    let many = json(&offcut(&["plan", "--method", "exact", "#/plan?v=1&model=alexnet&blocks=3&grids=8x8"], ""));
    assert_eq!((&many["stopped_by"], &many["proven_optimal"]), (&"memory".into(), &false.into()));
    let refused = offcut(&["plan", "-", "--method", "brute_force"], two);
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2));
    assert!(message.contains("plans") && message.contains("choose `exact`"), "{message}");
}

/// What is converted is a model like any other; what cannot be says why, with status 2.
#[test]
fn files_of_other_tools_are_converted() {
    let path = |name: &str| format!("tests/data/onnx/{name}");
    let convert = |arguments: &[&str]| offcut(&[&["convert"], arguments].concat(), "");
    let converted = convert(&[&path("resnet18.legacy.onnx")]);
    assert_eq!(json(&converted)["format"], "offcut-model/1");
    let text = String::from_utf8(converted.stdout).expect("text");
    let again = offcut(&["convert", "-"], &text);
    assert_eq!(String::from_utf8_lossy(&again.stdout), text, "a model document is kept as it is");
    assert_eq!(json(&offcut(&["model", "-", "--json"], &text))["macs"], 1_814_073_344_u64);
    assert_eq!(json(&offcut(&["model", &path("resnet18.legacy.onnx"), "--json"], ""))["macs"], 1_814_073_344_u64);
    let regions = offcut(&["regions", &path("same_upper.onnx"), "--stages", "0..0", "--grid", "2x1", "--json"], "");
    assert_eq!(json(&regions)["tiles"][0]["input"]["rows"], serde_json::json!([0, 113]));

    let open = convert(&[&path("dyn_hw.onnx")]);
    let message = String::from_utf8_lossy(&open.stderr).into_owned();
    assert_eq!(open.status.code(), Some(2));
    assert!(message.contains("leaves the height of the picture open") && message.contains("--size"), "{message}");
    let sized = convert(&[&path("dyn_hw.onnx"), "--size", "height=64", "--size", "width=48"]);
    assert!(sized.status.success());
    let taken = convert(&[&path("two_outputs_branch.onnx"), "--take", "z2"]);
    assert!(taken.status.success());
    let batch = convert(&[&path("batch8.onnx")]);
    assert!(String::from_utf8_lossy(&batch.stderr).contains("8 pictures at a time"));
    for (arguments, words) in [
        (vec!["/nowhere.onnx".to_owned()], "cannot be read"),
        (vec![path("truncated.onnx")], "damaged or cut short"),
        (vec![path("png_header.onnx")], "a PNG picture"),
        (vec![path("dyn_hw.onnx"), "--size".to_owned(), "height".to_owned()], "give it as NAME=SIZE"),
    ] {
        let refused = convert(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let message = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{message}");
        assert!(message.contains(words), "no `{words}` in {message}");
    }
}

#[test]
fn measured_times_are_put_into_a_model() {
    let folder = std::env::temp_dir().join(format!("offcut-measured-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let table = folder.join("times.csv");
    std::fs::write(&table, "layer,device_ms\nconv1,12.5\nnobody,1\n").expect("it is written");
    let model = r#"{"format":"offcut-model/1","input":{"channels":3,"height":8,"width":8},"layers":[
{"name":"conv1","op":"conv","out_channels":4,"kernel":1},{"name":"b","op":"lrn"}]}"#;
    let output = offcut(&["convert", "-", "--measured", &table.display().to_string()], model);
    std::fs::remove_dir_all(&folder).expect("it is removed");
    assert_eq!(json(&output)["layers"][0]["measured_ms"]["device"], 12.5);
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("no layer `nobody`") && message.contains("no times for 1 layers"), "{message}");
}
