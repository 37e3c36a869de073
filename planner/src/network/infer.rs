//! Shape inference and work counting, one op at a time.

use super::{Axis, Conv, MAX_DIMENSION, Op, Pool, Problem, Shape, Window, Work};

/// Work of one layer or of the whole network above which times could overflow.
pub(super) const MAX_FLOPS: u64 = 1 << 46;
const MAX_WEIGHTS: u64 = 1 << 40;

/// What inference finds out about a layer.
pub(super) struct Inferred {
    pub output: Shape,
    pub work: Work,
    pub parameters: u64,
    pub weight_bytes: u64,
    pub tileable: bool,
}

/// Infers one layer from the shapes of its inputs (at least one).
pub(super) fn infer(op: &Op, inputs: &[Shape]) -> Result<Inferred, Problem> {
    let Some(&input) = inputs.first() else { return Err(Problem::NoInputs) };
    if inputs.len() > 1 && !matches!(op, Op::Add | Op::Mul | Op::Concat) {
        return Err(Problem::InputCount { op: op.name(), count: inputs.len() });
    }
    let output = output_shape(op, input, inputs)?;
    let (work, parameters) = work_and_parameters(op, input, output);
    let weight_bytes = if let Op::Custom { weight_bytes, .. } = op { *weight_bytes } else { 0 };
    let tileable = match op {
        Op::Linear { .. }
        | Op::Flatten
        | Op::GlobalAvgPool
        | Op::AdaptiveAvgPool { .. }
        | Op::Softmax
        | Op::Custom { .. } => false,
        Op::Add | Op::Mul => inputs.iter().all(|&shape| shape == input),
        _ => true,
    };
    let inferred = Inferred {
        output,
        work: narrow(work)?,
        parameters: u64::try_from(parameters).map_err(|_| Problem::TooMuchWork)?,
        weight_bytes,
        tileable,
    };
    let flops = |area: u64, each: u64| u128::from(area) * u128::from(each);
    let total = match inferred.work {
        Work::PerOutput(each) => flops(output.area(), each),
        Work::PerInput(each) => flops(input.area(), each),
        Work::Fixed(all) => u128::from(all),
    };
    let weights = inferred.parameters.max(weight_bytes);
    if total > u128::from(MAX_FLOPS) || weights > MAX_WEIGHTS || output.elements() > MAX_FLOPS {
        return Err(Problem::TooMuchWork);
    }
    Ok(inferred)
}

enum Wide {
    PerOutput(u128),
    PerInput(u128),
    Fixed(u128),
}

fn narrow(work: Wide) -> Result<Work, Problem> {
    let small = |value: u128| u64::try_from(value).map_err(|_| Problem::TooMuchWork);
    Ok(match work {
        Wide::PerOutput(each) => Work::PerOutput(small(each)?),
        Wide::PerInput(each) => Work::PerInput(small(each)?),
        Wide::Fixed(all) => Work::Fixed(small(all)?),
    })
}

fn work_and_parameters(op: &Op, input: Shape, output: Shape) -> (Wide, u128) {
    let channels = u128::from(output.channels);
    let conv_weights = |conv: &Conv| {
        u128::from(conv.window.taps()) * u128::from(input.channels / conv.groups) * u128::from(conv.out_channels)
    };
    let bias = |has: bool, count: u32| if has { u128::from(count) } else { 0 };
    match op {
        Op::Conv(conv) => {
            let weights = conv_weights(conv);
            (Wide::PerOutput(2 * weights), weights + bias(conv.bias, conv.out_channels))
        }
        Op::ConvTranspose(conv, _) => {
            let weights = conv_weights(conv);
            (Wide::PerInput(2 * weights), weights + bias(conv.bias, conv.out_channels))
        }
        Op::Linear { out_features, bias: has_bias } => {
            let weights = u128::from(input.elements()) * u128::from(*out_features);
            (Wide::Fixed(2 * weights), weights + bias(*has_bias, *out_features))
        }
        Op::MaxPool(pool) | Op::AvgPool(pool) => (Wide::PerOutput(u128::from(pool.window.taps()) * channels), 0),
        Op::GlobalAvgPool | Op::AdaptiveAvgPool { .. } => (Wide::Fixed(u128::from(input.elements())), 0),
        Op::Add | Op::Mul | Op::Upsample { .. } | Op::Lrn | Op::Softmax => (Wide::PerOutput(channels), 0),
        Op::BatchNorm => (Wide::Fixed(0), 2 * channels),
        Op::Custom { flops, .. } => (Wide::Fixed(u128::from(*flops)), 0),
        _ => (Wide::Fixed(0), 0),
    }
}

fn output_shape(op: &Op, input: Shape, inputs: &[Shape]) -> Result<Shape, Problem> {
    let Shape { channels, height, width } = input;
    match op {
        Op::Conv(conv) => {
            check_groups(conv, channels)?;
            shape(
                u64::from(conv.out_channels),
                slid(conv.window.rows, height, false)?,
                slid(conv.window.columns, width, false)?,
            )
        }
        Op::ConvTranspose(conv, extra) => {
            check_groups(conv, channels)?;
            shape(
                u64::from(conv.out_channels),
                spread(conv.window.rows, height, extra[0])?,
                spread(conv.window.columns, width, extra[1])?,
            )
        }
        Op::Linear { out_features, .. } => {
            positive("`out_features`", *out_features)?;
            shape(u64::from(*out_features), 1, 1)
        }
        Op::MaxPool(Pool { window: Window { rows, columns }, ceil_mode })
        | Op::AvgPool(Pool { window: Window { rows, columns }, ceil_mode }) => {
            shape(u64::from(channels), slid(*rows, height, *ceil_mode)?, slid(*columns, width, *ceil_mode)?)
        }
        Op::GlobalAvgPool => Ok(Shape::new(channels, 1, 1)),
        Op::AdaptiveAvgPool { out } => shape(u64::from(channels), u64::from(out[0]), u64::from(out[1])),
        Op::Add | Op::Mul => joined(op, inputs),
        Op::Concat => concatenated(inputs),
        Op::Activation(_) | Op::BatchNorm | Op::Lrn | Op::Dropout | Op::Softmax => Ok(input),
        Op::ChannelShuffle { groups } => {
            divides(channels, *groups)?;
            Ok(input)
        }
        Op::Flatten => shape(input.elements(), 1, 1),
        Op::Upsample { factor } => shape(u64::from(channels), times(height, factor[0]), times(width, factor[1])),
        Op::Pad { padding: [top, left, bottom, right] } => shape(
            u64::from(channels),
            u64::from(height) + u64::from(*top) + u64::from(*bottom),
            u64::from(width) + u64::from(*left) + u64::from(*right),
        ),
        Op::Slice { from, to } => {
            if from >= to || *to > channels {
                let must = "above `from` and at most the input's channels";
                return Err(Problem::Parameter { what: "`to`", value: u64::from(*to), must });
            }
            Ok(Shape::new(to - from, height, width))
        }
        Op::SpaceToDepth { block } => {
            if *block == 0 || height % block != 0 || width % block != 0 {
                let must = "a divisor of the input's height and width";
                return Err(Problem::Parameter { what: "`block`", value: u64::from(*block), must });
            }
            shape(
                u64::from(channels) * u64::from(*block) * u64::from(*block),
                u64::from(height / block),
                u64::from(width / block),
            )
        }
        Op::Custom { out, .. } => shape(u64::from(out.channels), u64::from(out.height), u64::from(out.width)),
    }
}

fn times(length: u32, factor: u32) -> u64 {
    u64::from(length) * u64::from(factor)
}

/// A shape whose dimensions are in range.
pub(super) fn shape(channels: u64, height: u64, width: u64) -> Result<Shape, Problem> {
    let fits = |value: u64| u32::try_from(value).ok().filter(|v| (1..=MAX_DIMENSION).contains(v));
    // A flattened tensor or a linear layer has all its elements in the channels.
    let long = if height == 1 && width == 1 { u32::try_from(channels).ok().filter(|&c| c > 0) } else { None };
    match (fits(channels).or(long), fits(height), fits(width)) {
        (Some(channels), Some(height), Some(width)) => Ok(Shape::new(channels, height, width)),
        _ => Err(Problem::Dimension { channels, height, width }),
    }
}

fn positive(what: &'static str, value: u32) -> Result<(), Problem> {
    if (1..=MAX_DIMENSION).contains(&value) {
        return Ok(());
    }
    Err(Problem::Parameter { what, value: u64::from(value), must: "1 to 65536" })
}

fn check_axis(axis: Axis) -> Result<(), Problem> {
    positive("`kernel`", axis.kernel)?;
    positive("`stride`", axis.stride)?;
    positive("`dilation`", axis.dilation)?;
    for padding in [axis.before, axis.after] {
        if padding > MAX_DIMENSION {
            return Err(Problem::Parameter { what: "`padding`", value: u64::from(padding), must: "at most 65536" });
        }
    }
    Ok(())
}

fn divides(channels: u32, groups: u32) -> Result<(), Problem> {
    if groups == 0 || !channels.is_multiple_of(groups) {
        return Err(Problem::Groups { channels, groups });
    }
    Ok(())
}

fn check_groups(conv: &Conv, in_channels: u32) -> Result<(), Problem> {
    positive("`out_channels`", conv.out_channels)?;
    divides(in_channels, conv.groups)?;
    divides(conv.out_channels, conv.groups)
}

/// Output length of a window that slides over `length` elements.
fn slid(axis: Axis, length: u32, ceil_mode: bool) -> Result<u64, Problem> {
    check_axis(axis)?;
    let padded = u64::from(length) + u64::from(axis.before) + u64::from(axis.after);
    let extent = axis.extent();
    let Some(room) = padded.checked_sub(extent) else {
        return Err(Problem::WindowTooLarge { extent, length: padded });
    };
    let stride = u64::from(axis.stride);
    if !ceil_mode {
        return Ok(room / stride + 1);
    }
    let out = room.div_ceil(stride) + 1;
    // PyTorch: the last window must start inside the input or its leading padding.
    let starts_behind = (out - 1) * stride >= u64::from(length) + u64::from(axis.before);
    Ok(if starts_behind { out - 1 } else { out })
}

/// Output length of a transposed window.
fn spread(axis: Axis, length: u32, extra: u32) -> Result<u64, Problem> {
    check_axis(axis)?;
    if extra >= axis.stride.max(axis.dilation) {
        let must = "smaller than the stride or the dilation";
        return Err(Problem::Parameter { what: "`output_padding`", value: u64::from(extra), must });
    }
    let full = u64::from(length - 1) * u64::from(axis.stride) + axis.extent() + u64::from(extra);
    let padding = u64::from(axis.before) + u64::from(axis.after);
    match full.checked_sub(padding) {
        Some(out) if out > 0 => Ok(out),
        _ => Err(Problem::Parameter { what: "`padding`", value: padding, must: "smaller than the output" }),
    }
}

/// Elementwise: equal shapes, or C×1×1 beside C×H×W.
fn joined(op: &Op, inputs: &[Shape]) -> Result<Shape, Problem> {
    let largest = inputs.iter().copied().max_by_key(|shape| shape.area()).unwrap_or(inputs[0]);
    for &other in inputs {
        let gate = other.channels == largest.channels && other.area() == 1;
        if other != largest && !gate {
            let must = "take equal shapes, or C×1×1 beside C×H×W";
            return Err(Problem::ShapeMismatch { op: op.name(), first: largest, other, must });
        }
    }
    Ok(largest)
}

fn concatenated(inputs: &[Shape]) -> Result<Shape, Problem> {
    let first = inputs[0];
    let mut channels = 0;
    for &other in inputs {
        if (other.height, other.width) != (first.height, first.width) {
            let must = "make their heights and widths equal";
            return Err(Problem::ShapeMismatch { op: "concat", first, other, must });
        }
        channels += u64::from(other.channels);
    }
    shape(channels, u64::from(first.height), u64::from(first.width))
}
