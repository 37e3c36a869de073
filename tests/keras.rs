//! Keras' model JSON, as its two dialects write it.
#![cfg(not(target_arch = "wasm32"))]

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

/// A layer with its configuration and where its inputs come from.
type Layer = (&'static str, &'static str, Value, &'static [&'static str]);

/// A small residual network with a gate, a separable convolution and a classifier.
fn layers() -> Vec<Layer> {
    let conv = |filters: u32, kernel: u32, strides: u32, padding: &str, activation: &str| {
        json!({
            "filters": filters, "kernel_size": [kernel, kernel], "strides": [strides, strides], "padding": padding,
            "data_format": "channels_last", "dilation_rate": [1, 1], "groups": 1, "activation": activation, "use_bias": true,
        })
    };
    vec![
        ("Rescaling", "rescaling", json!({ "scale": 0.0039 }), &["in"]),
        ("ZeroPadding2D", "pad", json!({ "padding": [[0, 1], [0, 1]] }), &["rescaling"]),
        ("Conv2D", "stem", conv(16, 3, 2, "valid", "linear"), &["pad"]),
        ("BatchNormalization", "bn", json!({ "axis": 3 }), &["stem"]),
        ("ReLU", "relu", json!({ "max_value": 6.0 }), &["bn"]),
        ("Conv2D", "a", conv(16, 3, 1, "same", "relu"), &["relu"]),
        (
            "DepthwiseConv2D",
            "b",
            json!({ "kernel_size": [3, 3], "strides": [1, 1], "padding": "same", "depth_multiplier": 1, "use_bias": false, "activation": "linear" }),
            &["a"],
        ),
        ("Add", "sum", json!({}), &["relu", "b"]),
        ("GlobalAveragePooling2D", "squeeze", json!({ "keepdims": false }), &["sum"]),
        ("Reshape", "pixel", json!({ "target_shape": [1, 1, 16] }), &["squeeze"]),
        ("Conv2D", "gate", conv(16, 1, 1, "same", "sigmoid"), &["pixel"]),
        ("Multiply", "scaled", json!({}), &["sum", "gate"]),
        (
            "SeparableConv2D",
            "sep",
            json!({ "filters": 8, "kernel_size": [3, 3], "strides": [2, 2], "padding": "same" }),
            &["scaled"],
        ),
        ("UpSampling2D", "up", json!({ "size": [2, 2], "interpolation": "nearest" }), &["sep"]),
        ("Concatenate", "joined", json!({ "axis": -1 }), &["up", "scaled"]),
        (
            "Conv2DTranspose",
            "back",
            json!({ "filters": 4, "kernel_size": [3, 3], "strides": [2, 2], "padding": "same" }),
            &["joined"],
        ),
        ("MaxPooling2D", "pool", json!({ "pool_size": [2, 2], "strides": [2, 2], "padding": "valid" }), &["back"]),
        ("Dropout", "drop", json!({ "rate": 0.2 }), &["pool"]),
        ("Flatten", "flat", json!({}), &["drop"]),
        ("Dense", "head", json!({ "units": 10, "activation": "softmax", "use_bias": true }), &["flat"]),
    ]
}

/// Keras 2's functional model.
fn keras2() -> Value {
    let input = json!({
        "class_name": "InputLayer", "name": "in", "inbound_nodes": [],
        "config": { "batch_input_shape": [null, 32, 32, 3], "dtype": "float32", "name": "in" },
    });
    let layer = |(class, name, config, inputs): &Layer| {
        let nodes: Vec<Value> = inputs.iter().map(|from| json!([from, 0, 0, {}])).collect();
        json!({ "class_name": class, "name": name, "config": config, "inbound_nodes": [nodes] })
    };
    let layers: Vec<Value> = std::iter::once(input).chain(layers().iter().map(layer)).collect();
    json!({
        "class_name": "Functional", "keras_version": "2.11.0", "backend": "tensorflow",
        "config": { "name": "small", "layers": layers, "input_layers": [["in", 0, 0]], "output_layers": [["head", 0, 0]] },
    })
}

/// Keras 3's.
fn keras3() -> Value {
    let input = json!({
        "module": "keras.layers", "class_name": "InputLayer", "registered_name": null, "name": "in", "inbound_nodes": [],
        "config": { "batch_shape": [null, 32, 32, 3], "dtype": "float32", "sparse": false, "name": "in" },
    });
    let layer = |(class, name, config, inputs): &Layer| {
        let tensor = |from: &&str| {
            json!({ "class_name": "__keras_tensor__",
                "config": { "shape": [null, 1, 1, 1], "dtype": "float32", "keras_history": [from, 0, 0] } })
        };
        let tensors: Vec<Value> = inputs.iter().map(tensor).collect();
        let arguments = if tensors.len() == 1 { json!(tensors) } else { json!([tensors]) };
        json!({
            "module": "keras.layers", "class_name": class, "registered_name": null, "name": name, "config": config,
            "build_config": { "input_shape": [null, 1, 1, 1] },
            "inbound_nodes": [{ "args": arguments, "kwargs": { "training": false } }],
        })
    };
    let layers: Vec<Value> = std::iter::once(input).chain(layers().iter().map(layer)).collect();
    json!({
        "module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional",
        "config": { "name": "small", "trainable": true, "layers": layers, "input_layers": [["in", 0, 0]], "output_layers": [["head", 0, 0]] },
        "build_config": { "input_shape": null },
    })
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
