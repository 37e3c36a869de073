//! Keras' model JSON, as its two dialects write it.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/keras.rs"]
mod documents;

use documents::{keras2, keras3};
use offcut::import::{Ask, Imported, ImportedModel, NoteKind, Options, Refusal, read};
use offcut::network::Shape;
use serde_json::{Value, json};

fn import(document: &Value, options: &Options) -> Result<ImportedModel, Refusal> {
    let text = document.to_string();
    match read("model.json", &mut text.as_bytes(), options) {
        Ok(Imported::Model(model)) => Ok(*model),
        Ok(other) => panic!("{other:?}"),
        Err(refusal) => Err(refusal),
    }
}

#[test]
fn both_dialects_mean_the_same_network() {
    let found = import(&keras2(), &Options::default()).unwrap_or_else(|error| panic!("{error}"));
    let third = import(&keras3(), &Options::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.network, third.network);
    assert_eq!(found.notes, third.notes);
    let network = &found.network;
    assert_eq!(network.name(), "small");
    assert_eq!(network.input(), Shape::new(3, 32, 32));
    let shape = |name: &str| network.layers().iter().find(|layer| layer.name == name).map(|layer| layer.output);
    assert_eq!(shape("stem"), Some(Shape::new(16, 16, 16)));
    assert_eq!(shape("sep"), Some(Shape::new(8, 8, 8)));
    assert_eq!(shape("joined"), Some(Shape::new(24, 16, 16)));
    assert_eq!(shape("back"), Some(Shape::new(4, 32, 32)));
    let conv = |out: u64, taps: u64, channels: u64| out * taps * channels;
    let by_hand = [
        conv(16 * 16 * 16, 9, 3),
        conv(16 * 16 * 16, 9, 16),
        conv(16 * 16 * 16, 9, 1),
        conv(16, 1, 16),
        conv(16 * 8 * 8, 9, 1),
        conv(8 * 8 * 8, 1, 16),
        conv(16 * 16 * 24, 9, 4),
        4 * 16 * 16 * 10,
    ];
    assert_eq!(network.macs(), by_hand.iter().sum::<u64>());
    assert!(found.notes.iter().all(|note| note.kind == NoteKind::Folded), "{:?}", found.notes);
}

/// A model in a model, as transfer learning makes them, and a layer used twice.
#[test]
fn nested_and_shared_layers_are_flattened() {
    let mut inner = keras2();
    let config = inner["config"].as_object_mut().expect("an object");
    config.insert("output_layers".to_owned(), json!([["drop", 0, 0]]));
    config.get_mut("layers").and_then(Value::as_array_mut).expect("layers").truncate(19);
    let sequential = json!({
        "class_name": "Sequential", "keras_version": "2.4.0", "backend": "tensorflow",
        "config": { "name": "outer", "layers": [
            { "class_name": "Functional", "config": inner["config"] },
            { "class_name": "Flatten", "config": { "name": "flat" } },
            { "class_name": "Dense", "config": { "name": "head", "units": 10, "activation": "softmax" } },
        ] },
    });
    let whole = import(&keras2(), &Options::default()).expect("valid").network;
    let nested = import(&sequential, &Options::default()).unwrap_or_else(|error| panic!("{error}")).network;
    assert_eq!((nested.macs(), nested.layers().len()), (whole.macs(), whole.layers().len()));
    let wrapped = json!({ "format": "layers-model", "modelTopology": { "model_config": sequential } });
    assert_eq!(import(&wrapped, &Options::default()).expect("valid").network, nested);
    let call = |from: &str, call: u32| json!([[from, call, 0, {}]]);
    let conv = json!({ "filters": 3, "kernel_size": [3, 3], "padding": "same" });
    let shared = json!({ "class_name": "Model", "config": { "name": "twice", "layers": [
        { "class_name": "InputLayer", "name": "in", "inbound_nodes": [], "config": { "batch_input_shape": [null, 8, 8, 3] } },
        { "class_name": "Conv2D", "name": "conv", "config": conv, "inbound_nodes": [call("in", 0), call("conv", 0)] },
    ], "input_layers": [["in", 0, 0]], "output_layers": [["conv", 1, 0]] } });
    let found = import(&shared, &Options::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.network.macs(), 2 * 64 * 9 * 9);
    assert!(found.notes.iter().any(|note| note.what.contains("used several times")));
}

#[test]
fn open_sizes_unknown_layers_and_slips_are_told() {
    let text = keras2().to_string().replace("[null,32,32,3]", "[null,null,null,3]");
    let open: Value = serde_json::from_str(&text).expect("JSON");
    let refusal = import(&open, &Options::default()).expect_err("sizes are open");
    assert!(
        matches!(&refusal.asks[..], [Ask::Size { axis: a, .. }, Ask::Size { axis: b, .. }] if a == "height" && b == "width")
    );
    let options = Options { sizes: vec![("height".to_owned(), 32), ("width".to_owned(), 32)], output: None };
    let whole = import(&keras2(), &Options::default()).expect("valid").network;
    assert_eq!(import(&open, &options).expect("sizes are given").network, whole);
    let of = |from: &str, to: &str| {
        let text = keras3().to_string().replace(from, to);
        import(&serde_json::from_str(&text).expect("JSON"), &Options::default())
    };
    let unknown = of("\"class_name\":\"Dropout\"", "\"class_name\":\"Attention\"").expect("it is kept");
    assert!(unknown.notes.iter().any(|note| note.kind == NoteKind::UnknownCost && note.layers == ["drop"]));
    for (from, to, words) in [
        ("\"filters\":16", "\"filters\":-1", "`filters` is -1"),
        ("\"keras_history\":[\"bn\"", "\"keras_history\":[\"bm\"", "takes `bm`, which nothing before it makes"),
        ("\"class_name\":\"Functional\"", "\"class_name\":\"MyModel\"", "subclassed"),
        ("[null,32,32,3]", "[null,32]", "where a picture has 4"),
        (
            "\"target_shape\":[1,1,16]",
            "\"target_shape\":[4,4,16]",
            "`pixel` (Reshape): it makes another number of elements",
        ),
    ] {
        let refusal = of(from, to).expect_err(words);
        assert!(refusal.to_string().contains(words), "{refusal}");
    }
}
