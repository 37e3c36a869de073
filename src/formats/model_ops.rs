//! The ops of model documents: which fields each takes, and what they default to.

use super::model::OutFile;
use super::problem::{Problem, clipped, nearest};
use super::{FormatError, LayerFile, OneOrTwo, Padding};
use crate::network::{Axis, Conv, Op, Pool, Shape, Window};

/// An op, the fields that it needs and those that it may have.
struct Known {
    name: &'static str,
    needs: &'static [&'static str],
    takes: &'static [&'static str],
}

const fn known(name: &'static str, needs: &'static [&'static str], takes: &'static [&'static str]) -> Known {
    Known { name, needs, takes }
}

/// Every op.
const OPS: &[Known] = &[
    known("conv", &["out_channels", "kernel"], &["stride", "padding", "dilation", "groups", "bias"]),
    known(
        "conv_transpose",
        &["out_channels", "kernel"],
        &["stride", "padding", "output_padding", "dilation", "groups", "bias"],
    ),
    known("linear", &["out_features"], &["bias"]),
    known("max_pool", &["kernel"], &["stride", "padding", "dilation", "ceil_mode"]),
    known("avg_pool", &["kernel"], &["stride", "padding", "dilation", "ceil_mode"]),
    known("global_avg_pool", &[], &[]),
    known("adaptive_avg_pool", &["out"], &[]),
    known("add", &[], &[]),
    known("mul", &[], &[]),
    known("concat", &[], &[]),
    known("activation", &[], &["fn"]),
    known("batch_norm", &[], &[]),
    known("lrn", &[], &[]),
    known("dropout", &[], &[]),
    known("flatten", &[], &[]),
    known("softmax", &[], &[]),
    known("upsample", &["factor"], &[]),
    known("pad", &["padding"], &[]),
    known("channel_shuffle", &["groups"], &[]),
    known("slice", &["from", "to"], &[]),
    known("space_to_depth", &["block"], &[]),
    known("custom", &["out", "flops"], &["weight_bytes"]),
];

/// Names of all ops.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    OPS.iter().map(|op| op.name)
}

/// Tells of an op that is not there, of fields that it does not take, and of those that it needs.
pub(super) fn op_problems(layer: &LayerFile, pointer: &str, broken: bool, problems: &mut Vec<Problem>) {
    let Some(op) = OPS.iter().find(|op| op.name == layer.op) else {
        // Of a layer without its op, that is told already.
        if !layer.op.is_empty() || !broken {
            let what = format!("there is no op `{}`", clipped(&layer.op));
            let remedy = "use one that is, or `custom` with its cost for whatever is missing";
            let meant = nearest(&layer.op, OPS.iter().map(|op| op.name));
            problems.push(Problem::new("E016", format!("{pointer}/op"), what, remedy).or_rather(meant));
        }
        return;
    };
    let takes = |field: &&str| op.needs.contains(field) || op.takes.contains(field);
    for field in layer.given().filter(|field| !takes(field)) {
        let what = format!("`{}` takes no `{field}`", op.name);
        problems.push(Problem::new("E017", format!("{pointer}/{field}"), what, "remove it"));
    }
    for field in op.needs.iter().filter(|field| !layer.given().any(|given| given == **field)) {
        let what = format!("layer `{}`: `{}` needs `{field}`", clipped(&layer.name), op.name);
        problems.push(Problem::new("E018", pointer, what, "add it"));
    }
}

fn required<T: Clone>(layer: &LayerFile, field: &str, value: &Option<T>) -> Result<T, FormatError> {
    value
        .clone()
        .ok_or_else(|| FormatError::at("", format!("layer `{}`: `{}` needs `{field}`; add it", layer.name, layer.op)))
}

/// The op of a layer document in which [`op_problems`] found nothing.
pub(super) fn op_from_file(layer: &LayerFile) -> Result<Op, FormatError> {
    Ok(match layer.op.as_str() {
        "conv" => Op::Conv(conv(layer)?),
        "conv_transpose" => Op::ConvTranspose(conv(layer)?, layer.output_padding.map_or([0, 0], |p| p.0)),
        "linear" => Op::Linear {
            out_features: required(layer, "out_features", &layer.out_features)?,
            bias: layer.bias.unwrap_or(true),
        },
        "max_pool" => Op::MaxPool(pool(layer)?),
        "avg_pool" => Op::AvgPool(pool(layer)?),
        "global_avg_pool" => Op::GlobalAvgPool,
        "adaptive_avg_pool" => match required(layer, "out", &layer.out)?.0[..] {
            [height, width] => Op::AdaptiveAvgPool { out: [height, width] },
            _ => return Err(FormatError::at("/out", "give `out` as [height, width]")),
        },
        "add" => Op::Add,
        "mul" => Op::Mul,
        "concat" => Op::Concat,
        "activation" => Op::Activation(layer.r#fn.clone().unwrap_or_else(|| "relu".to_owned())),
        "batch_norm" => Op::BatchNorm,
        "lrn" => Op::Lrn,
        "dropout" => Op::Dropout,
        "flatten" => Op::Flatten,
        "softmax" => Op::Softmax,
        "upsample" => Op::Upsample { factor: required(layer, "factor", &layer.factor)?.0 },
        "pad" => Op::Pad { padding: required(layer, "padding", &layer.padding)?.0 },
        "channel_shuffle" => Op::ChannelShuffle { groups: required(layer, "groups", &layer.groups)? },
        "slice" => Op::Slice { from: required(layer, "from", &layer.from)?, to: required(layer, "to", &layer.to)? },
        "space_to_depth" => Op::SpaceToDepth { block: required(layer, "block", &layer.block)? },
        _ => match required(layer, "out", &layer.out)?.0[..] {
            [channels, height, width] => Op::Custom {
                out: Shape::new(channels, height, width),
                flops: required(layer, "flops", &layer.flops)?,
                weight_bytes: layer.weight_bytes.unwrap_or(0),
            },
            _ => return Err(FormatError::at("/out", "give `out` as [channels, height, width]")),
        },
    })
}

fn window(layer: &LayerFile, default_stride: impl Fn([u32; 2]) -> [u32; 2]) -> Result<Window, FormatError> {
    let kernel = required(layer, "kernel", &layer.kernel)?.0;
    let stride = layer.stride.map_or_else(|| default_stride(kernel), |s| s.0);
    let dilation = layer.dilation.map_or([1, 1], |d| d.0);
    let [top, left, bottom, right] = layer.padding.map_or([0; 4], |p| p.0);
    let axis = |i: usize, before: u32, after: u32| Axis {
        kernel: kernel[i],
        stride: stride[i],
        dilation: dilation[i],
        before,
        after,
    };
    Ok(Window { rows: axis(0, top, bottom), columns: axis(1, left, right) })
}

fn conv(layer: &LayerFile) -> Result<Conv, FormatError> {
    Ok(Conv {
        out_channels: required(layer, "out_channels", &layer.out_channels)?,
        window: window(layer, |_| [1, 1])?,
        groups: layer.groups.unwrap_or(1),
        bias: layer.bias.unwrap_or(true),
    })
}

fn pool(layer: &LayerFile) -> Result<Pool, FormatError> {
    Ok(Pool { window: window(layer, |kernel| kernel)?, ceil_mode: layer.ceil_mode.unwrap_or(false) })
}

/// A layer document with everything but its name and inputs; defaults are left out.
pub(super) fn op_to_file(op: &Op) -> LayerFile {
    let mut file = LayerFile { op: op.name().to_owned(), ..LayerFile::default() };
    match op {
        Op::Conv(conv) => write_conv(&mut file, conv),
        Op::ConvTranspose(conv, extra) => {
            write_conv(&mut file, conv);
            file.output_padding = (*extra != [0, 0]).then_some(OneOrTwo(*extra));
        }
        Op::Linear { out_features, bias } => {
            file.out_features = Some(*out_features);
            file.bias = (!bias).then_some(false);
        }
        Op::MaxPool(pool) | Op::AvgPool(pool) => {
            write_window(&mut file, pool.window, [pool.window.rows.kernel, pool.window.columns.kernel]);
            file.ceil_mode = pool.ceil_mode.then_some(true);
        }
        Op::AdaptiveAvgPool { out } => file.out = Some(OutFile(out.to_vec())),
        Op::Activation(function) => file.r#fn = Some(function.clone()),
        Op::Upsample { factor } => file.factor = Some(OneOrTwo(*factor)),
        Op::Pad { padding } => file.padding = Some(Padding(*padding)),
        Op::ChannelShuffle { groups } => file.groups = Some(*groups),
        Op::Slice { from, to } => (file.from, file.to) = (Some(*from), Some(*to)),
        Op::SpaceToDepth { block } => file.block = Some(*block),
        Op::Custom { out, flops, weight_bytes } => {
            file.out = Some(OutFile(<[u32; 3]>::from(*out).to_vec()));
            file.flops = Some(*flops);
            file.weight_bytes = (*weight_bytes > 0).then_some(*weight_bytes);
        }
        _ => {}
    }
    file
}

fn write_conv(file: &mut LayerFile, conv: &Conv) {
    file.out_channels = Some(conv.out_channels);
    write_window(file, conv.window, [1, 1]);
    file.groups = (conv.groups != 1).then_some(conv.groups);
    file.bias = (!conv.bias).then_some(false);
}

fn write_window(file: &mut LayerFile, Window { rows, columns }: Window, default_stride: [u32; 2]) {
    let unless = |pair: [u32; 2], default: [u32; 2]| (pair != default).then_some(OneOrTwo(pair));
    let padding = [rows.before, columns.before, rows.after, columns.after];
    file.kernel = Some(OneOrTwo([rows.kernel, columns.kernel]));
    file.stride = unless([rows.stride, columns.stride], default_stride);
    file.dilation = unless([rows.dilation, columns.dilation], [1, 1]);
    file.padding = (padding != [0; 4]).then_some(Padding(padding));
}
