//! Documents: round trips, every op and default, errors that name place and mend, and no panics.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/generate.rs"]
mod generate;

use generate::generate;
use offcut::base::Nanos;
use offcut::check::check;
use offcut::formats::{ModelFile, Problems, Reference, Scenario, ScenarioFile, read_model, read_plan, read_scenario};
use offcut::network::{Axis, Conv, Network, Op, Pool, Shape, Source, Window};
use offcut::zoo::{self, NETWORKS};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde_json::{Value, json};

fn text_of(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).expect("documents can be written")
}

#[test]
fn zoo_networks_come_back_from_their_documents() {
    for entry in NETWORKS {
        let network = zoo::build(entry.id).and_then(Result::ok).expect("in the zoo");
        let text = text_of(&ModelFile::of(&network));
        let again = read_model(&text).unwrap_or_else(|error| panic!("{}: {error}", entry.id));
        assert_eq!(again, network, "{}", entry.id);
        assert_eq!(text_of(&ModelFile::of(&again)), text, "{}", entry.id);
    }
}

#[test]
fn generated_networks_come_back_from_their_documents() {
    for seed in 0..1000 {
        let network = generate(seed).scenario.network;
        let text = text_of(&ModelFile::of(&network));
        assert_eq!(read_model(&text).as_ref(), Ok(&network), "seed {seed}: {text}");
        let short = ModelFile::of(&network).to_text();
        let again = read_model(&short).unwrap_or_else(|problems| panic!("seed {seed}: {problems}\n{short}"));
        assert_eq!(again, network, "seed {seed}: {short}");
        assert_eq!(ModelFile::of(&again).to_text(), short, "seed {seed}");
    }
}

/// Whichever layers of whichever network are spoilt, each is told of on its line, and nothing else is.
#[test]
fn each_spoilt_layer_is_told_of_on_its_line() {
    for seed in 0..300 {
        let network = generate(seed).scenario.network;
        let text = ModelFile::of(&network).to_text();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let first = lines.iter().position(|line| line.contains("\"layers\"")).expect("there are layers") + 1;
        let spoilt: Vec<usize> =
            (first..lines.len() - 2).filter(|line| (line * 7 + seed as usize).is_multiple_of(3)).collect();
        for &line in &spoilt {
            lines[line] = lines[line].replacen("{ ", "{ \"colour\": 1, ", 1);
        }
        let problems = match read_model(&lines.join("\n")) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.0,
        };
        let told: Vec<usize> =
            problems.iter().filter_map(|problem| problem.place).map(|place| place.line - 1).collect();
        assert_eq!(told, spoilt, "seed {seed}: {problems:?}");
    }
}

/// A scenario document as it is written, nothing spelled out: as the scenario of a plan.
fn as_written(scenario: &str) -> ScenarioFile {
    let mut plan = text_value(&generate(1).file);
    plan["scenario"] = json!("here");
    let text = plan.to_string().replace("\"here\"", scenario);
    read_plan(&text).unwrap_or_else(|problems| panic!("{problems}\n{scenario}")).scenario
}

/// What is saved, loaded and saved again is the same, byte for byte.
fn keeps_its_bytes(file: &ScenarioFile) {
    let saved = text_of(file);
    assert_eq!(text_of(&as_written(&saved)), saved);
    let spelled_out = text_of(&read_scenario(&saved).expect("valid").spelled_out);
    let again = read_scenario(&spelled_out).expect("what was spelled out is valid");
    assert_eq!(text_of(&again.spelled_out), spelled_out);
}

#[test]
fn scenarios_keep_their_bytes() {
    for entry in NETWORKS {
        keeps_its_bytes(&ScenarioFile::of_model(entry.id));
    }
    for seed in 0..300 {
        keeps_its_bytes(&generate(seed).scenario.spelled_out);
    }
}

#[test]
fn a_scenario_means_the_same_when_it_is_spelled_out() {
    let same = |file: &ScenarioFile| {
        let Scenario { network, platform, space, search, spelled_out } = file.resolve().expect("valid");
        let again = spelled_out.resolve().expect("valid");
        assert_eq!((again.network, again.platform, again.space, again.search), (network, platform, space, search));
    };
    NETWORKS.iter().for_each(|entry| same(&ScenarioFile::of_model(entry.id)));
    for seed in 0..300 {
        same(&generate(seed).scenario.spelled_out);
    }
}

#[test]
fn decimals_keep_their_last_digit() {
    let mut file = ScenarioFile::of_model("alexnet").resolve().expect("valid").spelled_out;
    for tenths in 1..=1000 {
        let Reference::Whole(link) = &mut file.network else { panic!("the scenario is spelled out") };
        // Seventeen digits, as arithmetic leaves them.
        link.uplink_mbps = f64::from(tenths) * 0.1 * 0.7;
        let read = read_scenario(&text_of(&file)).expect("valid").spelled_out;
        assert_eq!(read.network, file.network);
    }
}

#[test]
fn plans_keep_their_bytes() {
    for seed in 0..300 {
        let text = generate(seed).file.to_text();
        assert_eq!(read_plan(&text).expect("what was saved can be loaded").to_text(), text, "seed {seed}");
    }
}

/// A model of 4×12×12 pictures with these layers.
fn model(layers: Value) -> Value {
    json!({ "format": "offcut-model/1", "input": { "channels": 4, "height": 12, "width": 12 }, "layers": layers })
}

fn network(layers: Value) -> Network {
    let text = model(layers).to_string();
    read_model(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// The op that one layer's document means.
fn op(layer: Value) -> Op {
    network(json!([layer])).layers()[0].op.clone()
}

fn window(kernel: [u32; 2], stride: [u32; 2], dilation: [u32; 2], [top, left, bottom, right]: [u32; 4]) -> Window {
    let axis =
        |i: usize, before, after| Axis { kernel: kernel[i], stride: stride[i], dilation: dilation[i], before, after };
    Window { rows: axis(0, top, bottom), columns: axis(1, left, right) }
}

#[test]
fn windows_have_the_documented_defaults_and_short_forms() {
    let conv = |rest: Value| {
        let mut layer = json!({ "name": "a", "op": "conv", "out_channels": 8, "kernel": 3 });
        layer.as_object_mut().expect("an object").extend(rest.as_object().expect("an object").clone());
        match op(layer) {
            Op::Conv(conv) => conv,
            other => panic!("{other:?}"),
        }
    };
    let plain = Conv { out_channels: 8, window: Window::square(3, 1, 0), groups: 1, bias: true };
    assert_eq!(conv(json!({})), plain);
    let with = |window| Conv { window, ..plain };
    let [one, three] = [[1, 1], [3, 3]];
    assert_eq!(conv(json!({ "kernel": [2, 3] })), with(window([2, 3], one, one, [0; 4])));
    assert_eq!(conv(json!({ "stride": 2 })), with(window(three, [2, 2], one, [0; 4])));
    assert_eq!(conv(json!({ "stride": [1, 2], "dilation": [2, 3] })), with(window(three, [1, 2], [2, 3], [0; 4])));
    assert_eq!(conv(json!({ "padding": 1 })), with(window(three, one, one, [1; 4])));
    assert_eq!(conv(json!({ "padding": [1, 2] })), with(window(three, one, one, [1, 2, 1, 2])));
    assert_eq!(conv(json!({ "padding": [1, 2, 3, 4] })), with(window(three, one, one, [1, 2, 3, 4])));
    assert_eq!(conv(json!({ "groups": 4, "bias": false })), Conv { groups: 4, bias: false, ..plain });
    let pool = |rest: Value| op(rest);
    let of = |window, ceil_mode| Op::MaxPool(Pool { window, ceil_mode });
    assert_eq!(
        pool(json!({ "name": "a", "op": "max_pool", "kernel": [2, 3] })),
        of(window([2, 3], [2, 3], one, [0; 4]), false)
    );
    assert_eq!(
        pool(json!({ "name": "a", "op": "max_pool", "kernel": 3, "stride": 1, "ceil_mode": true })),
        of(window(three, one, one, [0; 4]), true)
    );
}

#[test]
fn every_op_is_read() {
    let square = Window::square;
    let expected = [
        (
            json!({ "op": "conv_transpose", "out_channels": 2, "kernel": 2, "stride": 2, "output_padding": 1 }),
            Op::ConvTranspose(Conv { out_channels: 2, window: square(2, 2, 0), groups: 1, bias: true }, [1, 1]),
        ),
        (json!({ "op": "linear", "out_features": 3 }), Op::Linear { out_features: 3, bias: true }),
        (json!({ "op": "linear", "out_features": 3, "bias": false }), Op::Linear { out_features: 3, bias: false }),
        (json!({ "op": "avg_pool", "kernel": 2 }), Op::AvgPool(Pool { window: square(2, 2, 0), ceil_mode: false })),
        (json!({ "op": "global_avg_pool" }), Op::GlobalAvgPool),
        (json!({ "op": "adaptive_avg_pool", "out": [2, 3] }), Op::AdaptiveAvgPool { out: [2, 3] }),
        (json!({ "op": "add" }), Op::Add),
        (json!({ "op": "mul" }), Op::Mul),
        (json!({ "op": "concat" }), Op::Concat),
        (json!({ "op": "activation", "fn": "silu" }), Op::Activation("silu".to_owned())),
        (json!({ "op": "batch_norm" }), Op::BatchNorm),
        (json!({ "op": "lrn" }), Op::Lrn),
        (json!({ "op": "dropout" }), Op::Dropout),
        (json!({ "op": "flatten" }), Op::Flatten),
        (json!({ "op": "softmax" }), Op::Softmax),
        (json!({ "op": "upsample", "factor": [2, 3] }), Op::Upsample { factor: [2, 3] }),
        (json!({ "op": "pad", "padding": [1, 2, 3, 4] }), Op::Pad { padding: [1, 2, 3, 4] }),
        (json!({ "op": "channel_shuffle", "groups": 2 }), Op::ChannelShuffle { groups: 2 }),
        (json!({ "op": "slice", "from": 1, "to": 3 }), Op::Slice { from: 1, to: 3 }),
        (json!({ "op": "space_to_depth", "block": 3 }), Op::SpaceToDepth { block: 3 }),
        (
            json!({ "op": "custom", "out": [2, 3, 4], "flops": 5 }),
            Op::Custom { out: Shape::new(2, 3, 4), flops: 5, weight_bytes: 0 },
        ),
        (
            json!({ "op": "custom", "out": [2, 3, 4], "flops": 5, "weight_bytes": 6 }),
            Op::Custom { out: Shape::new(2, 3, 4), flops: 5, weight_bytes: 6 },
        ),
    ];
    for (mut layer, expected) in expected {
        layer["name"] = json!("a");
        assert_eq!(op(layer.clone()), expected, "{layer}");
    }
}

#[test]
fn inputs_default_to_the_layer_before_and_measured_times_are_kept() {
    let network = network(json!([
        { "name": "a", "op": "lrn", "measured_ms": { "device": 12.5, "server": 0.4 } },
        { "name": "b", "op": "dropout" },
        { "name": "c", "op": "add", "inputs": ["a", "b", "input"] },
    ]));
    let ids: Vec<Source> = network.numbered().map(|(id, _)| Source::Layer(id)).collect();
    let inputs: Vec<Vec<Source>> = network.layers().iter().map(|layer| layer.inputs.clone()).collect();
    assert_eq!(inputs, [vec![Source::Input], vec![ids[0]], vec![ids[0], ids[1], Source::Input]]);
    let measured = network.layers()[0].measured;
    assert_eq!((measured.device, measured.server), (Some(Nanos(12_500_000)), Some(Nanos(400_000))));
}

#[test]
fn a_scenario_needs_only_format_and_model() {
    let short = read_scenario(r#"{ "format": "offcut-scenario/1", "model": "tiny-yolov2" }"#).expect("valid");
    assert_eq!(short, ScenarioFile::of_model("tiny-yolov2").resolve().expect("valid"));
    let processor = json!({ "gflops": 2, "memory_gb_per_s": 0.5 });
    let whole = json!({
        "format": "offcut-scenario/1", "model": "tiny-yolov2", "device": processor, "network": { "uplink_mbps": 8.0 },
    });
    let platform = read_scenario(&whole.to_string()).expect("valid").platform;
    let device = platform.device;
    assert_eq!((device.milli_gflops, device.milli_gb_per_s), (2000, 500));
    assert_eq!((device.overhead, device.slots, device.memory), (Nanos::ZERO, 1, None));
    let link = platform.link;
    assert_eq!((link.uplink_kbps, link.downlink_kbps, link.latency), (8000, 8000, Nanos::ZERO));
    assert!(!link.return_result);
    assert_eq!((platform.data.element, platform.data.input_element, platform.data.wire_element), (4, 1, 4));
    assert_eq!((short.space.max_fused_blocks, short.space.grids.len()), (1, 23));
}

/// Asserts that a document is refused at a place and with words that say what to do.
fn refused<T: std::fmt::Debug>(text: &str, result: Result<T, Problems>, pointer: &str, words: &[&str]) {
    let error = result.err().unwrap_or_else(|| panic!("was read: {text}"));
    assert_eq!(error.0[0].pointer, pointer, "{error}\n{text}");
    for word in words {
        assert!(error.to_string().contains(word), "no `{word}` in: {error}\n{text}");
    }
}

#[test]
fn what_is_wrong_with_a_model_is_said_with_its_place_and_mend() {
    let conv = |name: &str| json!({ "name": name, "op": "conv", "out_channels": 8, "kernel": 3, "padding": 1 });
    let set = |field: &str, value: Value| {
        let mut layer = conv("a");
        layer[field] = value;
        json!([layer])
    };
    let cases = [
        (set("op", json!("convv")), "/layers/0/op", vec!["Did you mean `conv`?"]),
        (set("op", json!("lstm")), "/layers/0/op", vec!["no op `lstm`", "or `custom`"]),
        (set("kernel", json!(-3)), "/layers/0/kernel", vec!["-3 is negative", "a whole number or [height, width]"]),
        (set("kernel", json!(4_294_967_296_u64)), "/layers/0/kernel", vec!["4294967296 is too large"]),
        (set("kernel", json!(1.5)), "/layers/0/kernel", vec!["1.5 is no whole number"]),
        (set("kernel", json!([1, 2, 3])), "/layers/0/kernel", vec!["[height, width]"]),
        (set("kernel", json!("three")), "/layers/0/kernel", vec!["three", "a whole number or [height, width]"]),
        (set("kernel", json!(0)), "/layers/0", vec!["`kernel` is 0", "must be 1 to 65536"]),
        (set("kernel", json!(99)), "/layers/0", vec!["window of 99", "make the kernel smaller or pad more"]),
        (set("stride", json!(0)), "/layers/0", vec!["`stride` is 0", "must be 1 to 65536"]),
        (set("padding", json!([1, 2, 3])), "/layers/0/padding", vec!["[top, left, bottom, right]"]),
        (set("groups", json!(3)), "/layers/0", vec!["3 groups", "make groups a divisor"]),
        (set("out_channels", json!(65_537)), "/layers/0", vec!["65537", "1 to 65536"]),
        (set("out_channels", json!(-1)), "/layers/0/out_channels", vec!["-1"]),
        (set("out_features", json!(5)), "/layers/0/out_features", vec!["`conv` takes no `out_features`", "remove it"]),
        (set("kernle", json!(5)), "/layers/0/kernle", vec!["unknown field `kernle`", "kernel"]),
        (set("name", json!("input")), "/layers/0/name", vec!["choose another"]),
        (set("inputs", json!([])), "/layers/0", vec!["no inputs", "name at least one"]),
        (set("inputs", json!(["input", "input"])), "/layers/0", vec!["takes one input, not 2", "`concat`"]),
        (set("inputs", json!(["a"])), "/layers/0/inputs/0", vec!["`a`", "inputs come earlier", "break the cycle"]),
        (set("inputs", json!(["inptu"])), "/layers/0/inputs/0", vec!["no layer is called `inptu`"]),
        (set("measured_ms", json!({ "device": -1 })), "/layers/0/measured_ms/device", vec!["-1", "choose a value"]),
        (json!([]), "/layers", vec!["no layers", "at least one"]),
        (json!([conv("a"), conv("a")]), "/layers/1/name", vec!["`a`", "rename"]),
        (
            json!([conv("first"), { "name": "b", "op": "add", "inputs": ["frist"] }]),
            "/layers/1/inputs/0",
            vec!["Did you mean `first`?"],
        ),
        (
            json!([{ "name": "a", "op": "add", "inputs": ["b"] }, conv("b")]),
            "/layers/0/inputs/0",
            vec!["`b`", "move it up"],
        ),
        (
            json!([conv("a"), { "name": "b", "op": "add", "inputs": ["a", "input"] }]),
            "/layers/1",
            vec!["8×12×12", "4×12×12", "equal shapes"],
        ),
        (
            json!([{ "name": "a", "op": "max_pool", "kernel": 2 },
            { "name": "b", "op": "concat", "inputs": ["a", "input"] }]),
            "/layers/1",
            vec!["heights and widths equal"],
        ),
        (
            json!([conv("a"), { "name": "b", "op": "lrn", "inputs": ["input"] }]),
            "/layers/1",
            vec!["nor `a`", "remove one or join them"],
        ),
        (json!([{ "name": "a", "op": "linear" }]), "/layers/0", vec!["needs `out_features`", "add it"]),
        (json!([{ "name": "a", "op": "conv", "out_channels": 2 }]), "/layers/0", vec!["needs `kernel`", "add it"]),
        (json!([{ "name": "a" }]), "/layers/0", vec!["missing field `op`"]),
        (json!([{ "name": "a", "op": "slice", "from": 1, "to": 5 }]), "/layers/0", vec!["`to` is 5", "at most"]),
        (json!([{ "name": "a", "op": "space_to_depth", "block": 5 }]), "/layers/0", vec!["5", "a divisor"]),
        (json!([{ "name": "a", "op": "upsample", "factor": 60_000 }]), "/layers/0", vec!["720000", "1 to 65536"]),
        (json!([{ "name": "a", "op": "adaptive_avg_pool", "out": [1] }]), "/layers/0/out", vec!["[height, width]"]),
        (
            json!([{ "name": "a", "op": "custom", "out": [1], "flops": 1 }]),
            "/layers/0/out",
            vec!["[channels, height, width]"],
        ),
        (
            json!([{ "name": "a", "op": "custom", "out": [1, 1, 1], "flops": u64::MAX }]),
            "/layers/0",
            vec!["make it smaller"],
        ),
        (
            json!([{ "name": "a", "op": "conv_transpose", "out_channels": 1, "kernel": 1, "output_padding": 1 }]),
            "/layers/0",
            vec!["`output_padding` is 1", "smaller than the stride"],
        ),
        (json!({}), "/layers", vec!["a list of layers is expected"]),
    ];
    for (layers, pointer, words) in cases {
        let text = model(layers).to_string();
        refused(&text, read_model(&text), pointer, &words);
    }
}

#[test]
fn documents_that_are_cut_short_foreign_or_from_the_future_are_named_as_such() {
    let text = text_of(&model(json!([{ "name": "a", "op": "lrn" }])));
    let short = &text[..text.len() / 2];
    let error = read_model(short).expect_err("half a document");
    assert!(error.to_string().contains("ends too early"), "{error}");
    assert!(error.0[0].place.is_some());
    let longer = format!("{text} 7");
    refused(&longer, read_model(&longer), "", &["more text behind the end", "remove it"]);
    let foreign = text.replace("offcut-model/1", "offcut-plan/1");
    refused(&foreign, read_model(&foreign), "/format", &["`offcut-plan/1`", "`offcut-model/1` is expected"]);
    let newer = text.replace("offcut-model/1", "offcut-model/2");
    refused(&newer, read_model(&newer), "/format", &["version `offcut-model/2`", "use a newer Offcut"]);
    refused("{}", read_model("{}"), "", &["missing field `format`"]);
    refused("", read_model(""), "", &["ends too early"]);
    let unknown = text.replace("\"layers\"", "\"layer\"");
    assert!(read_model(&unknown).is_err_and(|error| error.to_string().contains("unknown field `layer`")));
    let deep = "[".repeat(100_000);
    assert!(read_model(&deep).is_err() && read_scenario(&deep).is_err() && read_plan(&deep).is_err());
}

#[test]
fn what_is_wrong_with_a_scenario_is_said_with_its_place_and_mend() {
    let base = || text_value(&ScenarioFile::of_model("yolov2").resolve().expect("valid").spelled_out);
    let cases = [
        ("/model", json!("alexnett"), "/model", vec!["Did you mean `alexnet`?", "offcut models"]),
        ("/device", json!("raspberry-pi-3b"), "/device", vec!["Did you mean `raspberry-pi-3b+`?"]),
        ("/server", json!("abacus"), "/server", vec!["no preset is called `abacus`", "rtx-2080"]),
        ("/network", json!("home-wif"), "/network", vec!["Did you mean `home-wifi`?"]),
        ("/device/gflops", json!(-1), "/device/gflops", vec!["-1", "choose a value in that range"]),
        ("/device/gflops", json!(1e300), "/device/gflops", vec!["choose a value in that range"]),
        ("/device/slots", json!(0), "/device/slots", vec!["0 slots", "take 1 to 64"]),
        ("/server/slots", json!(65), "/server/slots", vec!["65 slots", "take 1 to 64"]),
        ("/server/overhead_us", json!(-0.5), "/server/overhead_us", vec!["-0.5", "choose a value"]),
        ("/network/uplink_mbps", json!(0), "/network/uplink_mbps", vec!["0", "choose a value"]),
        ("/network/latency_ms", json!(1e12), "/network/latency_ms", vec!["choose a value"]),
        ("/device/gflops", json!(0.001), "/device", vec!["more than 4 hours", "give a faster one"]),
        ("/network/uplink_mbps", json!(0.001), "/network", vec!["more than 4 hours", "give a faster link"]),
        ("/data/bytes_per_element", json!(0), "/data/bytes_per_element", vec!["0 bytes", "take 1 to 16"]),
        ("/space/grids/0", json!([0, 2]), "/space/grids/0", vec!["0×2", "take 1 to 64 tiles"]),
        ("/space/fusible", json!([[3, 99]]), "/space/fusible/0", vec!["3..99", "half-open"]),
        ("/space/max_fused_blocks", json!(9), "/space/max_fused_blocks", vec!["at most 8", "lower it"]),
        ("/search/particles", json!(1), "/search", vec!["at least 2 particles"]),
        ("/search/method", json!("psomv"), "/search/method", vec!["unknown variant `psomv`", "psomw"]),
        ("/device", json!(7), "/device", vec!["a preset's id or an object"]),
        ("/model/layers/0/kernel", json!(-2), "/model/layers/0/kernel", vec!["negative"]),
        ("/model/layers/0/op", json!("lrnn"), "/model/layers/0/op", vec!["Did you mean `lrn`?"]),
    ];
    for (place, value, pointer, words) in cases {
        let mut file = base();
        *file.pointer_mut(place).unwrap_or_else(|| panic!("no {place}")) = value;
        let text = file.to_string();
        refused(place, read_scenario(&text), pointer, &words);
    }
    let mut unknown = base();
    unknown["space"]["evenness"] = json!(1);
    refused("space", read_scenario(&unknown.to_string()), "/space/evenness", &["unknown field `evenness`", "uneven"]);
}

fn text_value(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).expect("documents can be written")
}

#[test]
fn a_plan_with_a_bad_scenario_is_refused_inside_its_scenario() {
    let mut file = generate(1).file;
    let Reference::Whole(device) = &mut file.scenario.device else { panic!("the scenario is spelled out") };
    device.slots = 0;
    let error = check(&file).expect_err("no slots");
    assert_eq!(error.0[0].pointer, "/scenario/device/slots");
}

#[test]
fn no_change_of_bytes_makes_a_reader_panic() {
    let plan = generate(7).file;
    let scenario = text_of(&plan.scenario);
    let every_op = text_of(&model(json!([
        { "name": "a", "op": "conv", "out_channels": 4, "kernel": [3, 2], "padding": [1, 0, 1, 1], "groups": 2 },
        { "name": "b", "op": "conv_transpose", "out_channels": 2, "kernel": 2, "stride": 2, "output_padding": [0, 1] },
        { "name": "c", "op": "max_pool", "kernel": 2, "ceil_mode": true },
        { "name": "d", "op": "slice", "from": 0, "to": 1 },
        { "name": "e", "op": "concat", "inputs": ["c", "d"] },
        { "name": "f", "op": "upsample", "factor": 2, "measured_ms": { "device": 1.5 } },
        { "name": "g", "op": "pad", "padding": 1 },
        { "name": "h", "op": "custom", "out": [2, 3, 4], "flops": 5, "weight_bytes": 6 },
        { "name": "i", "op": "linear", "out_features": 3 },
    ])));
    assert_eq!(read_model(&every_op).map(|network| network.layers().len()), Ok(9));
    let plan = plan.to_text();
    let mut generator = Pcg64Mcg::seed_from_u64(7);
    let mut read = 0;
    for _ in 0..4000 {
        read += u32::from(read_model(&mutated(&every_op, &mut generator)).is_ok());
        read += u32::from(read_scenario(&mutated(&scenario, &mut generator)).is_ok());
        let changed = read_plan(&mutated(&plan, &mut generator));
        read += u32::from(changed.is_ok_and(|file| check(&file).is_ok()));
    }
    assert!(read > 500, "only {read} were still documents");
}

/// The text with a few bytes changed, put in, taken out or cut off.
fn mutated(text: &str, generator: &mut Pcg64Mcg) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..generator.random_range(1..=3_u32) {
        let place = generator.random_range(0..bytes.len() as u32) as usize;
        let mut of = |bytes: &[u8]| bytes[generator.random_range(0..bytes.len() as u32) as usize];
        match of(b"rrrrrridtc") {
            b'r' => bytes[place] = of(b"0123456789999-.e,:[]{}\"abnz \xff"),
            b'i' => bytes.insert(place, of(b"0123456789-.eE,[]{}\"")),
            b'd' => {
                bytes.remove(place);
            }
            b't' if of(b"12345") == b'1' => bytes.truncate(place + 1),
            _ => {
                let end = (place + usize::from(of(b"\x01\x05\x0a\x1e"))).min(bytes.len());
                let copy = bytes[place..end].to_vec();
                bytes.splice(place..place, copy);
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
