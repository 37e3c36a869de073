//! All that is wrong with a model document is told of at once, each at its place, and the mends mend.
#![cfg(not(target_arch = "wasm32"))]

use offcut::formats::{ModelFile, read_model, read_model_partly, read_scenario};
use offcut::zoo;

/// Applies the mends of a text until there are none, at most so many; the problems that then remain.
fn mended(text: &str, most: usize) -> (String, Vec<String>) {
    let mut text = text.to_owned();
    for _ in 0..most {
        let problems = read_model_partly(&text).problems;
        let Some(mend) = problems.iter().find_map(|problem| problem.mend.clone()) else { break };
        text = mend.applied(&text);
    }
    let rest = read_model_partly(&text).problems;
    (text, rest.iter().map(ToString::to_string).collect())
}

const MANY: &str = r#"{
  "format": "offcut-model/1",
  "input": { "channels": 3, "height": 32, "width": 32 },
  "layers": [
    { "name": "conv1", "op": "conv", "out_channels": 16, "kernel": 3, "padding": 1 },
    { "name": "conv2", "op": "conf", "out_channels": 16, "kernel": 3 },
    { "name": "conv3", "op": "conv", "out_channels": "16", "kernel": -3, "colour": 1 },
    { "name": "conv1", "op": "conv", "out_channels": 16, "kernel": 3, "inputs": ["conv1"] },
    { "name": "sum", "op": "add", "inputs": ["conf1", "conv2"] },
    { "name": "pool", "op": "max_pool", "kernel": 99, "inputs": ["conv1"] },
    { "name": "head", "op": "linear", "out_features": 10, "kernel": 1 }
  ]
}"#;

#[test]
fn all_problems_are_told_of_at_once_each_at_its_place() {
    let reading = read_model_partly(MANY);
    let found: Vec<(&str, &str, usize, usize)> = reading
        .problems
        .iter()
        .map(|problem| {
            let place = problem.place.expect("a text has places");
            (problem.code, problem.pointer.as_str(), place.line, place.column)
        })
        .collect();
    let expected = [
        ("E016", "/layers/1/op", 6, 30),
        ("E010", "/layers/2/out_channels", 7, 54),
        ("E010", "/layers/2/kernel", 7, 70),
        ("E011", "/layers/2/colour", 7, 74),
        ("E023", "/layers/3/name", 8, 15),
        ("E014", "/layers/4/inputs/0", 9, 46),
        ("E028", "/layers/5", 10, 5),
        ("E017", "/layers/6/kernel", 11, 69),
    ];
    assert_eq!(found, expected);
    let partial = reading.network.expect("the first layer is sound");
    assert_eq!(partial.layers().len(), 1);
    for problem in &reading.problems {
        let place = problem.place.expect("a text has places");
        assert!(place.start <= place.end && MANY.get(place.start..place.end).is_some(), "{problem}");
    }
}

/// What only follows from a bad layer is not told of.
#[test]
fn consequences_are_not_repeated() {
    let text = r#"{"format":"offcut-model/1","input":{"channels":3,"height":8,"width":8},"layers":[
{"name":"a","op":"conv","out_channels":4,"kernel":99},
{"name":"b","op":"lrn"},
{"name":"c","op":"conv","out_channels":5,"kernel":1,"groups":3},
{"name":"d","op":"add","inputs":["a","c"]},
{"name":"e","op":"conv","out_channels":4,"kernel":99,"inputs":["input"]},
{"name":"f","op":"concat","inputs":["d","e"]}]}"#;
    let codes: Vec<(&str, String)> =
        read_model_partly(text).problems.into_iter().map(|problem| (problem.code, problem.pointer)).collect();
    assert_eq!(codes, [("E028", "/layers/0".to_owned()), ("E028", "/layers/4".to_owned())]);
}

#[test]
fn each_mend_mends() {
    let model = |layers: &str| {
        format!(
            r#"{{"format":"offcut-model/1","name":"","input":{{"channels":4,"height":8,"width":8}},"layers":[{layers}]}}"#
        )
    };
    let conv = r#"{"name":"a","op":"conv","out_channels":4,"kernel":1}"#;
    let good = model(conv);
    let cases = [
        good.replace("conv\"", "convv\""),
        good.replace("kernel", "kernle"),
        good.replace(":4,\"kernel", ":\"4\",\"kernel"),
        good.replace(":4,\"kernel", ":4.0,\"kernel"),
        good.replace("}]}", ",}]}"),
        good.replace("}]}", "},]}"),
        good.replace(",\"kernel", " \"kernel"),
        good.replace("\"kernel\"", "kernel"),
        good.replace("\"kernel\":", "\"kernel\""),
        good.replace("\"kernel\":", "\"kernel\"="),
        good.replace("\"kernel\":1", "\"kernel\":1, // one\n\"bias\":True"),
        good.replace("\"a\"", "'a'"),
        good.replace("\"a\"", "“a”"),
        good.replace("\"format\":\"offcut-model/1\",", ""),
        good.replace("offcut-model/1", "offcut-modell/1"),
        good.clone() + " and more",
        model(&format!("{conv},{}", r#"{"name":"b","op":"lrn","kernel":3}"#)),
        model(&format!("{conv},{}", r#"{"kernel":3,"name":"b","op":"lrn"}"#)),
        model(&format!("{conv},{}", r#"{"name":"b","op":"lrn","inputs":"a"}"#)),
        model(&format!("{},{}", conv.replace("\"a\"", "\"first\""), r#"{"name":"b","op":"lrn","inputs":["frist"]}"#)),
        model(&format!("{conv},{}", conv)),
        model(&format!("{conv},,{}", conv.replace("\"a\"", "\"b\""))),
    ];
    for text in cases {
        assert!(read_model(&text).is_err(), "{text}");
        let (changed, rest) = mended(&text, 3);
        assert!(rest.is_empty(), "{text}\n{changed}\n{rest:?}");
    }
}

/// The network is drawn up to the first bad layer.
#[test]
fn the_sound_part_of_a_network_is_kept() {
    let network = zoo::build("googlenet").and_then(Result::ok).expect("in the zoo");
    let text = ModelFile::of(&network).to_text();
    let lines: Vec<&str> = text.lines().collect();
    let total = network.layers().len();
    for bad in [5, 20, total - 1] {
        let mut changed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        changed[5 + bad] = changed[5 + bad].replace("\"op\": \"", "\"op\": \"no ");
        let reading = read_model_partly(&changed.join("\n"));
        assert_eq!(reading.problems.len(), 1, "{bad}: {:?}", reading.problems);
        let kept = reading.network.expect("a part").layers().len();
        assert!(kept <= bad && kept + 24 > bad, "{kept} of {bad}");
        // The text ends in the middle of that layer.
        let cut = read_model_partly(&lines[..5 + bad].join("\n"));
        assert_eq!(cut.problems.len(), 1, "{:?}", cut.problems);
        assert_eq!(cut.problems[0].code, "E002");
        assert_eq!(cut.network.expect("a part").layers().len(), kept);
    }
}

#[test]
fn limits_are_told() {
    let layer = |index: usize| format!(r#"{{"name":"l{index}","op":"lrn"}}"#);
    let layers: Vec<String> = (0..2001).map(layer).collect();
    let model = |layers: &[String]| {
        let input = r#""input":{"channels":4,"height":8,"width":8}"#;
        format!(r#"{{"format":"offcut-model/1",{input},"layers":[{}]}}"#, layers.join(","))
    };
    assert!(read_model(&model(&layers[..2000])).is_ok());
    let error = read_model(&model(&layers)).expect_err("too many").to_string();
    assert!(error.contains("/layers/2000") && error.contains("more than 2000 layers"), "{error}");
    let error = read_model(&" ".repeat(3 << 20)).expect_err("too large").to_string();
    assert!(error.contains("larger than 2 MB"), "{error}");
    let error = read_model(&["[1", &",1".repeat(400_000), "]"].concat()).expect_err("too many").to_string();
    assert!(error.contains("300,000 values"), "{error}");
    let name = "x".repeat(65);
    let error = read_model(&model(&[layer(0).replace("l0", &name)])).expect_err("too long").to_string();
    assert!(error.contains("more than 64 characters"), "{error}");
    let huge = model(&layers[..1]).replace("\"height\":8", "\"height\":65537");
    let error = read_model(&huge).expect_err("too high").to_string();
    assert!(error.contains("65537") && error.contains("65536"), "{error}");
}

/// A model in a scenario goes through the same reader; its pointers say where in the scenario it stands.
#[test]
fn a_model_in_a_scenario_has_its_pointers_and_places() {
    let text = format!("{{\"format\":\"offcut-scenario/1\",\n\"model\":{MANY}}}");
    let problems = read_scenario(&text).expect_err("many problems").0;
    assert_eq!(problems.len(), 8);
    assert_eq!(
        (problems[0].pointer.as_str(), problems[0].place.map(|place| place.line)),
        ("/model/layers/1/op", Some(7))
    );
    let slots = r#"{"format":"offcut-scenario/1","model":"vgg16",
 "device":{"gflops":1,"memory_gb_per_s":1,"slots":99}}"#;
    let problem = read_scenario(slots).expect_err("too many slots").0.remove(0);
    assert_eq!(problem.place.map(|place| (place.line, place.column)), Some((2, 51)), "{problem}");
}
