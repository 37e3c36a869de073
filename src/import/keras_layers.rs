//! Keras' layer classes as Offcut's ops.

use super::draft::{Draft, NoteKind};
use super::window;
use crate::formats::clipped;
use crate::formats::tree::{Node, Tree, Value as Json};
use crate::network::{Conv, Op, Pool, Shape, Source as Made, Window};

/// A layer's configuration.
#[derive(Clone, Copy)]
pub(super) struct Config<'a> {
    pub tree: &'a Tree<'a>,
    pub node: Option<&'a Node>,
}

/// What a layer makes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub source: Made,
    /// Whether it is a row of numbers rather than a picture.
    is_flat: bool,
}

impl Value {
    pub(super) fn map(source: Made) -> Self {
        Self { source, is_flat: false }
    }

    fn flat(source: Made) -> Self {
        Self { source, is_flat: true }
    }
}

impl<'a> Config<'a> {
    pub(super) fn get(self, key: &str) -> Option<&'a Node> {
        self.node?.get(key).filter(|node| !matches!(node.value, Json::Null))
    }

    pub(super) fn text(self, key: &str) -> Option<&'a str> {
        self.get(key)?.as_text()
    }

    fn truth(self, key: &str, default: bool) -> bool {
        match self.get(key).map(|node| &node.value) {
            Some(Json::Bool(value)) => *value,
            _ => default,
        }
    }

    fn whole(self, node: &Node, key: &str) -> Result<u32, String> {
        // Floats that are whole numbers come from some versions.
        let text = self.tree.written(node);
        let text = text.strip_suffix(".0").unwrap_or(text);
        text.parse().map_err(|_| format!("`{key}` is {}, where a size is expected; mend it", clipped(text)))
    }

    fn count(self, key: &str) -> Result<u32, String> {
        let node = self.get(key).ok_or_else(|| format!("`{key}` is missing; save the model again"))?;
        self.whole(node, key)
    }

    /// One number for both axes, or two.
    fn pair(self, key: &str, default: [u32; 2]) -> Result<[u32; 2], String> {
        let Some(node) = self.get(key) else { return Ok(default) };
        match node.items() {
            [] => self.whole(node, key).map(|both| [both, both]),
            [height, width] => Ok([self.whole(height, key)?, self.whole(width, key)?]),
            other => {
                Err(format!("`{key}` has {} numbers, where a picture has 2; Offcut plans pictures only", other.len()))
            }
        }
    }

    /// Four sides, as one number, two, or two pairs: top, left, bottom, right.
    fn sides(self, key: &str) -> Result<[u32; 4], String> {
        if let Some([rows, columns]) = self.get(key).map(Node::items)
            && let ([top, bottom], [left, right]) = (rows.items(), columns.items())
        {
            return Ok([
                self.whole(top, key)?,
                self.whole(left, key)?,
                self.whole(bottom, key)?,
                self.whole(right, key)?,
            ]);
        }
        self.pair(key, [0, 0]).map(|[vertical, horizontal]| [vertical, horizontal, vertical, horizontal])
    }
}

pub(super) struct Layers {
    pub draft: Draft,
}

impl Layers {
    /// Turns a layer into layers of Offcut's.
    ///
    /// # Errors
    /// Why it cannot be, with the mend behind a semicolon.
    pub(super) fn convert(
        &mut self,
        class: &str,
        name: &str,
        config: Config,
        inputs: &[Value],
    ) -> Result<Value, String> {
        let join = match class {
            "Add" | "Subtract" | "Average" | "Maximum" | "Minimum" => Some(Op::Add),
            "Multiply" => Some(Op::Mul),
            "Concatenate" => Some(Op::Concat),
            // Operators of Python on tensors.
            "TFOpLambda" | "Operation" | "TensorFlowOpLayer" => operator(config),
            _ => None,
        };
        if let Some(op) = join {
            return self.join(name, op, inputs);
        }
        let input = match inputs {
            [one] => *one,
            [] => return Err("it takes nothing; save the model again".to_owned()),
            [first, ..] => {
                // Attention and the like: kept, on the first of its inputs joined.
                let all: Vec<Made> = inputs.iter().map(|input| input.source).collect();
                let shape = self.draft.shape(first.source);
                let same = all.iter().all(|&source| self.draft.shape(source) == shape);
                let source =
                    if same { self.draft.add(&format!("{name}.bundle"), Op::Concat, &all)? } else { first.source };
                return self.unknown(class, name, Value { source, ..*first }, shape);
            }
        };
        self.single(class, name, config, input)
    }

    fn single(&mut self, class: &str, name: &str, config: Config, input: Value) -> Result<Value, String> {
        match class {
            "InputLayer" | "Rescaling" | "Normalization" | "Lambda" | "TFOpLambda" | "Operation" | "Identity"
            | "CenterCrop" | "RandomFlip" | "RandomRotation" | "RandomZoom" | "RandomTranslation"
            | "RandomContrast" | "RandomBrightness" | "RandomCrop" => {
                if class != "InputLayer" {
                    let what = format!(
                        "layers of the class `{}` are left out; they are taken to cost nothing",
                        clipped(class)
                    );
                    self.draft.note(NoteKind::Folded, &what, None);
                }
                Ok(input)
            }
            "Conv2D" | "Convolution2D" => self.conv(name, config, input, config.count("groups").unwrap_or(1)),
            "DepthwiseConv2D" => self.depthwise(name, config, input, true),
            "SeparableConv2D" => self.separable(name, config, input),
            "Conv2DTranspose" => self.transposed(name, config, input),
            "Dense" => self.dense(name, config, input),
            "MaxPooling2D" | "MaxPool2D" => self.pool(name, config, input, true),
            "AveragePooling2D" | "AvgPool2D" => self.pool(name, config, input, false),
            "GlobalAveragePooling2D" | "GlobalMaxPooling2D" | "GlobalAvgPool2D" | "GlobalMaxPool2D" => {
                self.global(class, name, config, input)
            }
            "BatchNormalization" => self.kept(name, Op::BatchNorm, input),
            "Dropout"
            | "SpatialDropout2D"
            | "GaussianNoise"
            | "GaussianDropout"
            | "AlphaDropout"
            | "ActivityRegularization" => self.kept(name, Op::Dropout, input),
            "Activation" => {
                let function = config.text("activation").unwrap_or("linear").to_owned();
                self.function(name, &function, input)
            }
            "ReLU" => {
                let six =
                    config.get("max_value").is_some_and(|node| config.tree.written(node).trim_end_matches(".0") == "6");
                self.function(name, if six { "relu6" } else { "relu" }, input)
            }
            "LeakyReLU" => self.function(name, "leaky_relu", input),
            "PReLU" => self.function(name, "prelu", input),
            "ELU" => self.function(name, "elu", input),
            "Softmax" => self.function(name, "softmax", input),
            "Flatten" => {
                let made =
                    if input.is_flat { input.source } else { self.draft.add(name, Op::Flatten, &[input.source])? };
                Ok(Value::flat(made))
            }
            "Reshape" => self.reshape(name, config, input),
            "ZeroPadding2D" => {
                let padding = config.sides("padding")?;
                self.kept(name, Op::Pad { padding }, input)
            }
            "Cropping2D" => {
                let [top, left, bottom, right] = config.sides("cropping")?;
                let Shape { channels, height, width } = self.draft.shape(input.source);
                let out = Shape::new(
                    channels,
                    height.saturating_sub(top.saturating_add(bottom)),
                    width.saturating_sub(left.saturating_add(right)),
                );
                self.other(class, name, input, out)
            }
            "UpSampling2D" => {
                let factor = config.pair("size", [2, 2])?;
                if matches!(config.text("interpolation"), None | Some("nearest")) {
                    return self.kept(name, Op::Upsample { factor }, input);
                }
                let Shape { channels, height, width } = self.draft.shape(input.source);
                let out = Shape::new(channels, height.saturating_mul(factor[0]), width.saturating_mul(factor[1]));
                self.other(class, name, input, out)
            }
            _ => {
                let shape = self.draft.shape(input.source);
                self.unknown(class, name, input, shape)
            }
        }
    }

    fn kept(&mut self, name: &str, op: Op, input: Value) -> Result<Value, String> {
        Ok(Value { source: self.draft.add(name, op, &[input.source])?, ..input })
    }

    /// An activation by Keras' name.
    fn function(&mut self, name: &str, function: &str, input: Value) -> Result<Value, String> {
        match function {
            "linear" => Ok(input),
            "softmax" => self.kept(name, Op::Softmax, input),
            "swish" => self.kept(name, Op::Activation("silu".to_owned()), input),
            other => self.kept(name, Op::Activation(other.chars().take(64).collect()), input),
        }
    }

    /// The activation that a layer brings along.
    fn activated(&mut self, name: &str, config: Config, input: Value) -> Result<Value, String> {
        let of_object = || config.get("activation")?.get("config")?.as_text();
        match config.text("activation").or_else(of_object) {
            Some("linear") | None => Ok(input),
            Some(function) => {
                let function = function.to_owned();
                self.function(&format!("{name}.{}", clipped(&function)), &function, input)
            }
        }
    }

    fn window(&self, config: Config, kernel: [u32; 2], strides: [u32; 2], input: Value) -> Result<Window, String> {
        let dilations = config.pair("dilation_rate", [1, 1])?;
        let Shape { height, width, .. } = self.draft.shape(input.source);
        let pads = match config.text("padding").unwrap_or("valid") {
            "same" => window::same([height, width], kernel, strides, dilations, true),
            "valid" => [0; 4],
            other => return Err(format!("the padding `{}` is not known here; use `same` or `valid`", clipped(other))),
        };
        Ok(window::of(kernel, strides, dilations, pads))
    }

    fn conv(&mut self, name: &str, config: Config, input: Value, groups: u32) -> Result<Value, String> {
        let kernel = config.pair("kernel_size", [1, 1])?;
        let window = self.window(config, kernel, config.pair("strides", [1, 1])?, input)?;
        let conv =
            Conv { out_channels: config.count("filters")?, window, groups, bias: config.truth("use_bias", true) };
        let made = self.kept(name, Op::Conv(conv), input)?;
        self.activated(name, config, made)
    }

    fn depthwise(&mut self, name: &str, config: Config, input: Value, is_whole: bool) -> Result<Value, String> {
        let kernel = config.pair("kernel_size", [1, 1])?;
        let window = self.window(config, kernel, config.pair("strides", [1, 1])?, input)?;
        let groups = self.draft.shape(input.source).channels;
        let out_channels = groups.saturating_mul(config.count("depth_multiplier").unwrap_or(1));
        let bias = is_whole && config.truth("use_bias", true);
        let made = self.kept(name, Op::Conv(Conv { out_channels, window, groups, bias }), input)?;
        if is_whole { self.activated(name, config, made) } else { Ok(made) }
    }

    fn separable(&mut self, name: &str, config: Config, input: Value) -> Result<Value, String> {
        let depthwise = self.depthwise(&format!("{name}.depthwise"), config, input, false)?;
        let window = window::of([1, 1], [1, 1], [1, 1], [0; 4]);
        let conv =
            Conv { out_channels: config.count("filters")?, window, groups: 1, bias: config.truth("use_bias", true) };
        let made = self.kept(name, Op::Conv(conv), depthwise)?;
        self.activated(name, config, made)
    }

    fn transposed(&mut self, name: &str, config: Config, input: Value) -> Result<Value, String> {
        let kernel = config.pair("kernel_size", [1, 1])?;
        let strides = config.pair("strides", [1, 1])?;
        let dilations = config.pair("dilation_rate", [1, 1])?;
        let Shape { height, width, .. } = self.draft.shape(input.source);
        let length = [height, width];
        let same = config.text("padding") == Some("same");
        // Keras' rule: as many as steps, or as many more as the kernel reaches behind the last.
        let out = [0, 1].map(|i| {
            let reach = dilations[i].saturating_mul(kernel[i].saturating_sub(1)).saturating_add(1);
            let more = if same { 0 } else { reach.saturating_sub(strides[i]) };
            length[i].saturating_mul(strides[i]).saturating_add(more)
        });
        let (window, extra) = window::transposed(length, out, kernel, strides, dilations, [0, 0], true);
        let conv =
            Conv { out_channels: config.count("filters")?, window, groups: 1, bias: config.truth("use_bias", true) };
        let made = self.kept(name, Op::ConvTranspose(conv, extra), input)?;
        self.activated(name, config, made)
    }

    fn dense(&mut self, name: &str, config: Config, input: Value) -> Result<Value, String> {
        let (units, bias) = (config.count("units")?, config.truth("use_bias", true));
        let op = if input.is_flat {
            Op::Linear { out_features: units, bias }
        } else {
            // On a picture it works on each pixel's channels.
            Op::Conv(Conv { out_channels: units, window: Window::square(1, 1, 0), groups: 1, bias })
        };
        let made = self.kept(name, op, input)?;
        self.activated(name, config, made)
    }

    fn pool(&mut self, name: &str, config: Config, input: Value, is_max: bool) -> Result<Value, String> {
        let kernel = config.pair("pool_size", [2, 2])?;
        let window = self.window(config, kernel, config.pair("strides", kernel)?, input)?;
        let pool = Pool { window, ceil_mode: false };
        self.kept(name, if is_max { Op::MaxPool(pool) } else { Op::AvgPool(pool) }, input)
    }

    fn global(&mut self, class: &str, name: &str, config: Config, input: Value) -> Result<Value, String> {
        let Shape { height, width, .. } = self.draft.shape(input.source);
        let op = if class.contains("Max") {
            Op::MaxPool(Pool { window: window::of([height, width], [height, width], [1, 1], [0; 4]), ceil_mode: false })
        } else {
            Op::GlobalAvgPool
        };
        let made = self.draft.add(name, op, &[input.source])?;
        Ok(if config.truth("keepdims", false) { Value::map(made) } else { Value::flat(made) })
    }

    fn reshape(&mut self, name: &str, config: Config, input: Value) -> Result<Value, String> {
        let target = config.get("target_shape").map(Node::items).unwrap_or_default();
        let Shape { channels, height, width } = self.draft.shape(input.source);
        let sizes: Vec<Option<u32>> = target.iter().map(|node| config.tree.written(node).parse().ok()).collect();
        let known = sizes.iter().try_fold(1_u64, |all, size| Some(all.saturating_mul(u64::from((*size)?))));
        if known.is_some_and(|count| count != self.draft.shape(input.source).elements()) {
            return Err(format!(
                "it makes another number of elements than the {channels}×{height}×{width} that come; mend `target_shape`"
            ));
        }
        match sizes[..] {
            // A gate: C numbers as one pixel of C channels.
            [Some(1), Some(1), c] if c.is_none_or(|c| c == channels) && (height, width) == (1, 1) => {
                Ok(Value::map(input.source))
            }
            [Some(h), Some(w), Some(c)] if (c, h, w) == (channels, height, width) => Ok(Value::map(input.source)),
            [Some(h), Some(w), Some(c)] => {
                self.other("Reshape", name, input, Shape::new(c, h, w)).map(|made| Value::map(made.source))
            }
            [_] => {
                let made =
                    if input.is_flat { input.source } else { self.draft.add(name, Op::Flatten, &[input.source])? };
                Ok(Value::flat(made))
            }
            // Boxes and the like, at the end of a detector: as many numbers in another order.
            _ => Ok(input),
        }
    }

    fn join(&mut self, name: &str, op: Op, inputs: &[Value]) -> Result<Value, String> {
        let Some(&first) = inputs.first() else { return Err("it joins nothing; save the model again".to_owned()) };
        if inputs.len() == 1 && op != Op::Concat {
            let what = "additions and factors of one number are folded into their neighbours";
            self.draft.note(NoteKind::Folded, what, None);
            return Ok(first);
        }
        let sources: Vec<Made> = inputs.iter().map(|input| input.source).collect();
        let is_flat = inputs.iter().all(|input| input.is_flat);
        Ok(Value { source: self.draft.add(name, op, &sources)?, is_flat })
    }

    /// Without an op of its own, but without a cost worth telling.
    fn other(&mut self, class: &str, name: &str, input: Value, out: Shape) -> Result<Value, String> {
        let made = self.draft.custom(name, out, 0, 0, input.source)?;
        let what =
            format!("`{}` has no op of its own here; it is taken to cost nothing, and cannot be tiled", clipped(class));
        self.draft.note(NoteKind::Approximated, &what, Some(made));
        Ok(Value { source: made, ..input })
    }

    fn unknown(&mut self, class: &str, name: &str, input: Value, out: Shape) -> Result<Value, String> {
        let made = self.draft.custom(name, out, 0, 0, input.source)?;
        let what = format!("`{}` is not known; its cost is taken as zero until you give it", clipped(class));
        self.draft.note(NoteKind::UnknownCost, &what, Some(made));
        Ok(Value { source: made, ..input })
    }
}

/// The join that a function of TensorFlow's is.
fn operator(config: Config) -> Option<Op> {
    let function = config.text("function").or_else(|| config.text("node_def")).unwrap_or("");
    let last = function.rsplit(['.', '/']).next().unwrap_or("");
    Some(match last {
        "add" | "__operators__add" | "subtract" | "maximum" | "minimum" => Op::Add,
        "multiply" | "divide" | "truediv" => Op::Mul,
        "concat" => Op::Concat,
        _ if function.contains("__operators__.add") || function.contains("__operators__.sub") => Op::Add,
        _ if function.contains("__operators__.mul") => Op::Mul,
        _ => return None,
    })
}
