//! A network as one line of text: how an own one reaches the page's worker and the studio, which read no JSON.
//!
//! Entry points: [`write()`], [`read()`], [`name()`]. `name channels,height,width`, then `;` and a layer each:
//! `name op numbers inputs times`. Names are as in links; an op is a letter and, for activations, its function; an
//! input is 0 for the network's own, else the layer's number from 1 on; lists are parted by `,`, and `-` is an empty one.

use crate::base::Nanos;
use crate::network::{Axis, Builder, Conv, Measured, Network, Op, Pool, Shape, Source, Window};
use crate::percent::{escaped, unescaped};

/// The line of a network, always the same for the same network.
pub fn write(network: &Network) -> String {
    let Shape { channels, height, width } = network.input();
    let mut text = escaped(network.name());
    push(&mut text, &[channels.into(), height.into(), width.into()]);
    for layer in network.layers() {
        text.push(';');
        text.push_str(&escaped(&layer.name));
        let (letter, numbers) = op_numbers(&layer.op);
        text.extend([' ', letter]);
        if let Op::Activation(function) = &layer.op {
            text.push_str(&escaped(function));
        }
        push(&mut text, &numbers);
        let inputs = layer.inputs.iter().map(|source| match source {
            Source::Input => 0,
            Source::Layer(id) => id.index() as u64 + 1,
        });
        push(&mut text, &inputs.collect::<Vec<_>>());
        for time in [layer.measured.device, layer.measured.server] {
            push(&mut text, &time.map(|ns| ns.0).into_iter().collect::<Vec<_>>());
        }
    }
    text
}

fn push(text: &mut String, numbers: &[u64]) {
    text.push(' ');
    if numbers.is_empty() {
        text.push('-');
    }
    for (at, number) in numbers.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(&number.to_string());
    }
}

/// The name of a line's network.
pub fn name(text: &str) -> String {
    unescaped(text.split(' ').next().unwrap_or(""))
}

/// The network of a line; none where it is no line of [`write()`]'s.
pub fn read(text: &str) -> Option<Network> {
    let mut layers = text.split(';');
    let mut words = layers.next()?.split(' ');
    let name = unescaped(words.next()?);
    let [channels, height, width] = small(&numbers(words.next()?)?)?;
    let mut builder = Builder::new(&name, Shape { channels, height, width }).ok()?;
    // What has been added, by its number in the line.
    let mut sources = vec![Source::Input];
    for layer in layers {
        let mut words = layer.split(' ');
        let (name, op, given) = (unescaped(words.next()?), words.next()?, numbers(words.next()?)?);
        let inputs = numbers(words.next()?)?;
        let inputs: Option<Vec<Source>> = inputs.iter().map(|&at| sources.get(at as usize).copied()).collect();
        let mut time = || Some(numbers(words.next()?)?.first().map(|&ns| Nanos(ns)));
        let measured = Measured { device: time()?, server: time()? };
        sources.push(builder.measured_layer(&name, read_op(op, &given)?, &inputs?, measured).ok()?);
    }
    builder.finish().ok()
}

fn numbers(text: &str) -> Option<Vec<u64>> {
    if text == "-" {
        return Some(Vec::new());
    }
    text.split(',').map(|number| number.parse().ok()).collect()
}

fn small<const N: usize>(numbers: &[u64]) -> Option<[u32; N]> {
    let mut all = [0; N];
    if numbers.len() != N {
        return None;
    }
    for (small, &number) in all.iter_mut().zip(numbers) {
        *small = u32::try_from(number).ok()?;
    }
    Some(all)
}

fn op_numbers(op: &Op) -> (char, Vec<u64>) {
    let small = |numbers: &[u32]| numbers.iter().copied().map(u64::from).collect();
    match op {
        Op::Conv(conv) => ('c', small(&conv_numbers(conv))),
        Op::ConvTranspose(conv, more) => ('t', small(&[&conv_numbers(conv)[..], more].concat())),
        Op::Linear { out_features, bias } => ('l', small(&[*out_features, (*bias).into()])),
        Op::MaxPool(pool) => ('m', small(&pool_numbers(pool))),
        Op::AvgPool(pool) => ('a', small(&pool_numbers(pool))),
        Op::GlobalAvgPool => ('g', Vec::new()),
        Op::AdaptiveAvgPool { out } => ('d', small(out)),
        Op::Add => ('+', Vec::new()),
        Op::Mul => ('*', Vec::new()),
        Op::Concat => ('|', Vec::new()),
        Op::Activation(_) => ('f', Vec::new()),
        Op::BatchNorm => ('b', Vec::new()),
        Op::Lrn => ('r', Vec::new()),
        Op::Dropout => ('o', Vec::new()),
        Op::Flatten => ('n', Vec::new()),
        Op::Softmax => ('x', Vec::new()),
        Op::Upsample { factor } => ('u', small(factor)),
        Op::Pad { padding } => ('p', small(padding)),
        Op::ChannelShuffle { groups } => ('h', small(&[*groups])),
        Op::Slice { from, to } => ('i', small(&[*from, *to])),
        Op::SpaceToDepth { block } => ('s', small(&[*block])),
        Op::Custom { out, flops, weight_bytes } => {
            ('?', [small(&[out.channels, out.height, out.width]), vec![*flops, *weight_bytes]].concat())
        }
    }
}

fn read_op(word: &str, given: &[u64]) -> Option<Op> {
    let mut letters = word.chars();
    Some(match letters.next()? {
        'c' => Op::Conv(read_conv(given)?),
        't' => Op::ConvTranspose(read_conv(given.get(..13)?)?, small(given.get(13..)?)?),
        'l' => {
            let [out_features, bias] = small(given)?;
            Op::Linear { out_features, bias: bias > 0 }
        }
        'm' => Op::MaxPool(read_pool(given)?),
        'a' => Op::AvgPool(read_pool(given)?),
        'g' => Op::GlobalAvgPool,
        'd' => Op::AdaptiveAvgPool { out: small(given)? },
        '+' => Op::Add,
        '*' => Op::Mul,
        '|' => Op::Concat,
        'f' => Op::Activation(unescaped(letters.as_str())),
        'b' => Op::BatchNorm,
        'r' => Op::Lrn,
        'o' => Op::Dropout,
        'n' => Op::Flatten,
        'x' => Op::Softmax,
        'u' => Op::Upsample { factor: small(given)? },
        'p' => Op::Pad { padding: small(given)? },
        'h' => Op::ChannelShuffle { groups: small::<1>(given)?[0] },
        'i' => {
            let [from, to] = small(given)?;
            Op::Slice { from, to }
        }
        's' => Op::SpaceToDepth { block: small::<1>(given)?[0] },
        '?' => {
            let [channels, height, width] = small(given.get(..3)?)?;
            let &[flops, weight_bytes] = given.get(3..)? else { return None };
            Op::Custom { out: Shape { channels, height, width }, flops, weight_bytes }
        }
        _ => return None,
    })
}

fn window_numbers(Window { rows, columns }: Window) -> [u32; 10] {
    let [r, c] = [rows, columns].map(|axis| [axis.kernel, axis.stride, axis.dilation, axis.before, axis.after]);
    [r[0], r[1], r[2], r[3], r[4], c[0], c[1], c[2], c[3], c[4]]
}

fn read_window(given: &[u64]) -> Option<Window> {
    let axis = |part: Option<&[u64]>| {
        let [kernel, stride, dilation, before, after] = small(part?)?;
        // The extent of no taps would be none.
        (kernel > 0).then_some(Axis { kernel, stride, dilation, before, after })
    };
    Some(Window { rows: axis(given.get(..5))?, columns: axis(given.get(5..10))? })
}

fn conv_numbers(conv: &Conv) -> Vec<u32> {
    [&window_numbers(conv.window)[..], &[conv.out_channels, conv.groups, conv.bias.into()]].concat()
}

fn read_conv(given: &[u64]) -> Option<Conv> {
    let [out_channels, groups, bias] = small(given.get(10..)?)?;
    Some(Conv { out_channels, window: read_window(given)?, groups, bias: bias > 0 })
}

fn pool_numbers(pool: &Pool) -> Vec<u32> {
    [&window_numbers(pool.window)[..], &[pool.ceil_mode.into()]].concat()
}

fn read_pool(given: &[u64]) -> Option<Pool> {
    let [ceil_mode] = small(given.get(10..)?)?;
    Some(Pool { window: read_window(given)?, ceil_mode: ceil_mode > 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::read_model;
    use crate::zoo;

    #[test]
    fn every_network_comes_back() {
        for entry in zoo::NETWORKS {
            let network = zoo::build(entry.id).expect("a network").expect("sound");
            let line = write(&network);
            assert!(!line.contains('\n') && name(&line) == network.name());
            assert!(read(&line).as_ref() == Some(&network), "{}", entry.id);
        }
    }

    #[test]
    fn every_op_comes_back() {
        let text = r#"{"format":"offcut-model/1","name":"all; of\n them, 层","input":{"channels":4,"height":32,"width":40},"layers":[
            {"name":"sd","op":"space_to_depth","block":2},{"name":"a b;c","op":"conv","out_channels":8,"kernel":[3,5],"padding":[1,2,0,2],"stride":[1,2],"dilation":[2,1],"groups":2,"bias":false,"measured_ms":{"device":1.25}},
            {"name":"up","op":"conv_transpose","out_channels":8,"kernel":2,"stride":2,"output_padding":1,"measured_ms":{"server":0.000001,"device":0}},
            {"name":"r","op":"activation","fn":"hard swish, v2"},{"name":"bn","op":"batch_norm"},{"name":"lrn","op":"lrn"},{"name":"do","op":"dropout"},
            {"name":"mp","op":"max_pool","kernel":3,"stride":2,"ceil_mode":true},{"name":"sum","op":"add","inputs":["mp","mp"]},{"name":"prod","op":"mul"},
            {"name":"cat","op":"concat","inputs":["prod","sum"]},{"name":"sh","op":"channel_shuffle","groups":4},{"name":"sl","op":"slice","from":2,"to":10},
            {"name":"us","op":"upsample","factor":[2,3]},{"name":"pad","op":"pad","padding":[0,1,2,3]},
            {"name":"cu","op":"custom","out":[6,9,9],"flops":12345678901,"weight_bytes":7},{"name":"ap","op":"avg_pool","kernel":2},{"name":"ad","op":"adaptive_avg_pool","out":[3,2]},
            {"name":"ga","op":"global_avg_pool"},{"name":"fl","op":"flatten"},{"name":"li","op":"linear","out_features":10},{"name":"so","op":"softmax"}]}"#;
        let network = read_model(text).expect("sound");
        let mut ops: Vec<&str> = network.layers().iter().map(|layer| layer.op.name()).collect();
        ops.sort_unstable();
        ops.dedup();
        assert_eq!(ops.len(), 22, "an op that this test does not have");
        assert!(read(&write(&network)).as_ref() == Some(&network));
    }

    #[test]
    fn other_lines_are_none_and_never_a_panic() {
        let line = write(&zoo::build("squeezenet1.1").expect("a network").expect("sound"));
        for end in 0..line.len().min(600) {
            let _ = read(&line[..end]);
        }
        for at in 0..line.len().min(900) {
            for by in ["0", "9", ",", ";", "-", " ", "99999999999"] {
                let _ = read(&[&line[..at], by, &line[at + 1..]].concat());
            }
        }
        for other in ["", "a", "a 1,2", "a 1,2,3", "a 0,2,3;b + - 0 - -", "a 1,2,3;b + - 7 - -", "a 1,2,3;b z - 0 - -"]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
