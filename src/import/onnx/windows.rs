//! Operators whose window slides over the picture.

use super::Importer;
use super::proto::{Data, Node};
use super::values::{Constant, Map, View};
use crate::base::sort_few;
use crate::import::draft::NoteKind;
use crate::import::window;
use crate::network::{Conv, Op, Pool, Shape, Source as Made, Window};

/// A size of the file, which may be anything.
pub(super) fn small(value: i64, what: &str) -> Result<u32, String> {
    u32::try_from(value).map_err(|_| format!("{what} is {value}, which no size can be; export the model again"))
}

/// Two sizes of an attribute; the default where it is left out.
fn two(node: &Node, name: &str, default: [u32; 2]) -> Result<[u32; 2], String> {
    match node.ints(name) {
        None => Ok(default),
        Some(&[height, width]) => Ok([small(height, name)?, small(width, name)?]),
        Some(other) => {
            Err(format!("`{name}` has {} numbers, where a picture has 2; Offcut plans pictures only", other.len()))
        }
    }
}

impl Importer<'_> {
    /// The window's attributes; pads follow from `auto_pad` where it is given.
    fn window(&self, node: &Node, kernel: [u32; 2], input: Shape) -> Result<Window, String> {
        let strides = two(node, "strides", [1, 1])?;
        let dilations = two(node, "dilations", [1, 1])?;
        let length = [input.height, input.width];
        let pads = match node.text("auto_pad") {
            Some("SAME_UPPER") => window::same(length, kernel, strides, dilations, true),
            Some("SAME_LOWER") => window::same(length, kernel, strides, dilations, false),
            Some("VALID") => [0; 4],
            _ => match node.ints("pads") {
                None => [0; 4],
                Some(&[top, left, bottom, right]) => {
                    [small(top, "pads")?, small(left, "pads")?, small(bottom, "pads")?, small(right, "pads")?]
                }
                Some(other) => {
                    return Err(format!(
                        "`pads` has {} numbers, where a picture has 4; Offcut plans pictures only",
                        other.len()
                    ));
                }
            },
        };
        Ok(window::of(kernel, strides, dilations, pads))
    }

    /// The dimensions of a convolution's weights: four, or the reason why not.
    fn weights(&self, node: &Node, at: usize) -> Result<[u32; 4], String> {
        let Some(Constant { dims, .. }) = self.constant(at) else {
            self.map(node, at)?;
            return Err(
                "its weights are computed from the picture; Offcut plans networks with fixed weights".to_owned()
            );
        };
        match dims.as_deref() {
            Some(&[a, b, c, d]) => {
                Ok([small(a, "a weight")?, small(b, "a weight")?, small(c, "a weight")?, small(d, "a weight")?])
            }
            Some(dims) => Err(format!(
                "its weights have {} dimensions, where those of pictures have 4; Offcut plans pictures only",
                dims.len()
            )),
            None => Err(format!(
                "the size of its weights `{}` cannot be found out; simplify the model before exporting it",
                node.inputs.get(at).map_or("", String::as_str)
            )),
        }
    }

    /// A convolution; `at` says which inputs are picture, weights and bias.
    pub(super) fn conv(&mut self, node: &Node, at: [usize; 3]) -> Result<(), String> {
        let source = self.plain_input(node, at[0])?;
        let [out_channels, group_channels, height, width] = self.weights(node, at[1])?;
        let groups = small(node.int("group", 1), "group")?;
        let input = self.draft.shape(source);
        if u64::from(group_channels) * u64::from(groups) != u64::from(input.channels) {
            return Err(format!(
                "its weights take {group_channels} channels in each of {groups} groups, but {} channels come; the file is damaged",
                input.channels
            ));
        }
        let window = self.window(node, two(node, "kernel_shape", [height, width])?, input)?;
        let bias = self.has_bias(node, at[2], out_channels);
        let op = Op::Conv(Conv { out_channels, window, groups, bias });
        let mut made = self.draft.add(node.title(), op, &[source])?;
        if node.op == "FusedConv"
            && let Some(function) = node.text("activation")
        {
            let function = super::elementwise::function(function).unwrap_or("relu");
            made = self.draft.add(
                &format!("{}.{function}", node.title()),
                Op::Activation(function.to_owned()),
                &[made],
            )?;
        }
        self.put_plain(made);
        Ok(())
    }

    /// Whether a layer has a bias: an input of its own, or an addition right behind it.
    pub(super) fn has_bias(&self, node: &Node, at: usize, count: u32) -> bool {
        if node.inputs.get(at).is_some_and(|name| !name.is_empty()) {
            return true;
        }
        let taker = self.wiring.output(self.node, 0).and_then(|id| self.wiring.only_taker(id));
        let Some(next) = taker.filter(|&next| self.graph.nodes[next].op == "Add") else { return false };
        let mut constants = (0..2).filter_map(|at| self.wiring.input(next, at)).filter_map(|id| self.constant_of(id));
        constants.any(|constant| constant.count() == Some(u64::from(count)))
    }

    pub(super) fn conv_transpose(&mut self, node: &Node) -> Result<(), String> {
        let source = self.plain_input(node, 0)?;
        let [in_channels, group_channels, height, width] = self.weights(node, 1)?;
        let groups = small(node.int("group", 1), "group")?;
        let input = self.draft.shape(source);
        if in_channels != input.channels {
            return Err(format!(
                "its weights take {in_channels} channels, but {} come; the file is damaged",
                input.channels
            ));
        }
        let kernel = two(node, "kernel_shape", [height, width])?;
        let strides = two(node, "strides", [1, 1])?;
        let dilations = two(node, "dilations", [1, 1])?;
        let extra = two(node, "output_padding", [0, 0])?;
        let out = match (two(node, "output_shape", [0, 0])?, node.text("auto_pad")) {
            ([0, 0], Some("SAME_UPPER" | "SAME_LOWER")) => {
                Some([input.height.saturating_mul(strides[0]), input.width.saturating_mul(strides[1])])
            }
            ([0, 0], _) => None,
            (out, _) => Some(out),
        };
        let (window, extra) = match out {
            None => (self.window(node, kernel, input)?, extra),
            Some(out) => {
                let before_is_less = node.text("auto_pad") == Some("SAME_UPPER");
                window::transposed([input.height, input.width], out, kernel, strides, dilations, extra, before_is_less)
            }
        };
        let out_channels = group_channels.saturating_mul(groups);
        let bias = self.has_bias(node, 2, out_channels);
        let op = Op::ConvTranspose(Conv { out_channels, window, groups, bias }, extra);
        let made = self.draft.add(node.title(), op, &[source])?;
        self.put_plain(made);
        Ok(())
    }

    pub(super) fn pool(&mut self, node: &Node) -> Result<(), String> {
        let source = self.plain_input(node, 0)?;
        let kernel = two(node, "kernel_shape", [0, 0])?;
        let window = self.window(node, kernel, self.draft.shape(source))?;
        let pool = Pool { window, ceil_mode: node.int("ceil_mode", 0) != 0 };
        let op = if node.op == "MaxPool" { Op::MaxPool(pool) } else { Op::AvgPool(pool) };
        let made = self.draft.add(node.title(), op, &[source])?;
        self.put_plain(made);
        self.refuse_more_outputs(node)
    }

    /// Second outputs (indices, statistics) are of no use for planning.
    pub(super) fn refuse_more_outputs(&self, node: &Node) -> Result<(), String> {
        let mut more = (1..self.wiring.output_count(self.node)).filter_map(|at| self.wiring.output(self.node, at));
        match more.any(|id| !self.wiring.takers[id].is_empty()) {
            true => {
                Err(format!("another node takes its second output `{}`; Offcut has no layer for that", node.outputs[1]))
            }
            false => Ok(()),
        }
    }

    pub(super) fn global_pool(&mut self, node: &Node, keeps_axes: bool) -> Result<(), String> {
        let source = self.plain_input(node, 0)?;
        let Shape { height, width, .. } = self.draft.shape(source);
        let op = if node.op.contains("Max") {
            Op::MaxPool(Pool { window: window::of([height, width], [height, width], [1, 1], [0; 4]), ceil_mode: false })
        } else {
            Op::GlobalAvgPool
        };
        let made = self.draft.add(node.title(), op, &[source])?;
        let map = if keeps_axes { self.plain(made) } else { self.flat(made) };
        self.put_map(map);
        Ok(())
    }

    /// A mean or maximum over some axes: over height and width it is a global pool.
    pub(super) fn reduce(&mut self, node: &Node) -> Result<(), String> {
        let map = self.map(node, 0)?;
        let rank = map.dims.len() as i64;
        let axes = match node.ints("axes").map(<[i64]>::to_vec).or_else(|| self.ints(1)) {
            Some(axes) => axes,
            None => (0..rank).collect(),
        };
        let axes: Vec<usize> = axes.iter().map(|&axis| if axis < 0 { axis + rank } else { axis } as usize).collect();
        let keeps = node.int("keepdims", 1) != 0;
        let mut plain: Vec<u8> = axes.iter().filter_map(|&axis| map.axis(axis)).collect();
        sort_few(&mut plain);
        if plain == [2, 3] && axes.len() == 2 {
            let Map { source, view, .. } = map;
            let Shape { height, width, .. } = self.draft.shape(source);
            let whole = Pool { window: window::of([height, width], [height, width], [1, 1], [0; 4]), ceil_mode: false };
            let op = if node.op == "ReduceMax" { Op::MaxPool(whole) } else { Op::GlobalAvgPool };
            let made = self.draft.add(node.title(), op, &[source])?;
            let pooled = match (keeps, view) {
                (false, _) => self.flat(made),
                (true, View::Permuted(order)) => self.plain(made).permuted(order),
                (true, _) => self.plain(made),
            };
            self.put_map(pooled);
            return Ok(());
        }
        let kept = |&(axis, &dim): &(usize, &u32)| -> Option<u32> {
            if axes.contains(&axis) { keeps.then_some(1) } else { Some(dim) }
        };
        let dims: Vec<u32> = map.dims.iter().enumerate().filter_map(|pair| kept(&pair)).collect();
        let flops = map.elements();
        self.other(node, map.source, dims, flops, 0)
    }

    pub(super) fn pad(&mut self, node: &Node) -> Result<(), String> {
        let map = self.map(node, 0)?;
        let Some(pads) =
            node.ints("pads").or_else(|| node.ints("paddings")).map(<[i64]>::to_vec).or_else(|| self.ints(1))
        else {
            return self.unknown(node);
        };
        let rank = map.dims.len();
        let axes: Vec<usize> = match self.ints(3) {
            Some(axes) => axes.iter().map(|&axis| if axis < 0 { axis + rank as i64 } else { axis } as usize).collect(),
            None => (0..rank).collect(),
        };
        if pads.len() != 2 * axes.len() || axes.iter().any(|&axis| axis >= rank) {
            return Err(format!("`pads` has {} numbers for {} axes; the file is damaged", pads.len(), axes.len()));
        }
        let mut by_axis = [[0_i64; 2]; 4];
        let mut dims: Vec<i64> = map.dims.iter().map(|&dim| i64::from(dim)).collect();
        let mut fits = true;
        for (at, &axis) in axes.iter().enumerate() {
            let both = [pads[at], pads[at + axes.len()]];
            dims[axis] = dims[axis].saturating_add(both[0]).saturating_add(both[1]);
            match map.axis(axis) {
                Some(plain @ 2..) => by_axis[usize::from(plain)] = both,
                _ => fits &= both == [0, 0],
            }
            fits &= both[0] >= 0 && both[1] >= 0;
        }
        if pads.iter().all(|&pad| pad == 0) {
            return self.alias(node);
        }
        if fits && matches!(map.view, View::Plain | View::Permuted(_)) {
            let [_, _, [top, bottom], [left, right]] = by_axis;
            let padding =
                [small(top, "a pad")?, small(left, "a pad")?, small(bottom, "a pad")?, small(right, "a pad")?];
            return self.keeping_view(node, Op::Pad { padding });
        }
        let dims = dims.iter().map(|&dim| small(dim, "a padded size")).collect::<Result<_, _>>()?;
        self.other(node, map.source, dims, 0, 0)
    }

    pub(super) fn resize(&mut self, node: &Node) -> Result<(), String> {
        let source = self.plain_input(node, 0)?;
        let input = self.draft.shape(source);
        let old = [1, input.channels, input.height, input.width];
        let scales_at = if node.op == "Resize" && self.wiring.input_count(self.node) > 2 { 2 } else { 1 };
        let scales = node.attribute("scales").map(|scales| scales.floats.clone()).filter(|scales| !scales.is_empty());
        let scales = scales.or_else(|| match self.constant(scales_at)?.data.as_ref()? {
            Data::Floats(scales) if !scales.is_empty() => Some(scales.clone()),
            _ => None,
        });
        let axes: Vec<usize> = match node.ints("axes") {
            Some(axes) => axes.iter().map(|&axis| if axis < 0 { axis + 4 } else { axis } as usize).collect(),
            None => (0..4).collect(),
        };
        let mut new = old.map(f64::from);
        if let Some(scales) = &scales {
            axes.iter().zip(scales).filter(|(axis, _)| **axis < 4).for_each(|(&axis, scale)| new[axis] *= scale);
        } else if let Some(sizes) = self.ints(3) {
            axes.iter().zip(&sizes).filter(|(axis, _)| **axis < 4).for_each(|(&axis, &size)| new[axis] = size as f64);
        } else {
            return self.unknown(node);
        }
        // The batch may be more than one in the sizes, and is one here.
        new[0] = 1.0;
        let new = new.map(|size| if (1.0..=65_536.0).contains(&size) { size as u32 } else { 0 });
        let factor = [new[2] / old[2], new[3] / old[3]];
        let is_whole = factor[0] * old[2] == new[2] && factor[1] * old[3] == new[3] && new[1] == old[1];
        let is_nearest = matches!(node.text("mode"), None | Some("nearest"));
        if is_whole && factor == [1, 1] {
            return self.alias(node);
        }
        if is_whole && is_nearest && factor[0] > 0 && factor[1] > 0 {
            let made = self.draft.add(node.title(), Op::Upsample { factor }, &[source])?;
            self.put_plain(made);
            return Ok(());
        }
        let out = Shape::new(new[1], new[2], new[3]);
        // Each output is a mean of four, or one taken.
        let flops = if is_nearest { 0 } else { out.elements().saturating_mul(4) };
        let made = self.draft.custom(node.title(), out, flops, 0, source)?;
        self.draft.note(
            NoteKind::Approximated,
            "resized otherwise than by whole factors to the nearest neighbour; these layers cannot be tiled",
            Some(made),
        );
        self.put_plain(made);
        Ok(())
    }

    pub(super) fn put_plain(&mut self, made: Made) {
        let map = self.plain(made);
        self.put_map(map);
    }
}
