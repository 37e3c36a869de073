//! A small network as Keras' two dialects write it.

use serde_json::{Value, json};

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
pub fn keras2() -> Value {
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
pub fn keras3() -> Value {
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
