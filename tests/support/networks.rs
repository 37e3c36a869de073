//! Random networks: chains and branches of all ops.

use super::Draw;
use offcut::base::Nanos;
use offcut::network::{Axis, Builder, Conv, Measured, Network, Op, Pool, Shape, Source, Window};

impl Draw {
    fn axis(&mut self, kernels: u32, strides: u32, padding: u32) -> Axis {
        let dilation = if self.chance(0.2) { self.between(2, 3) } else { 1 };
        let kernel = self.between(1, kernels);
        let (strides, padding) =
            if self.gentle { (strides.min(kernel), padding.min(kernel - 1)) } else { (strides, padding) };
        let stride = self.between(1, strides);
        Axis { kernel, stride, dilation, before: self.up_to(padding), after: self.up_to(padding) }
    }

    /// An axis as long in and out as another, but of another reach.
    fn twin(&mut self, axis: Axis) -> Axis {
        let more = self.between(0, 2);
        let first = self.up_to(2 * more);
        Axis {
            kernel: axis.kernel + 2 * more,
            dilation: 1,
            before: axis.before + first,
            after: axis.after + 2 * more - first,
            ..axis
        }
    }

    fn window(&mut self, kernels: u32, strides: u32, padding: u32) -> Window {
        let rows = self.axis(kernels, strides, padding);
        let columns = if self.chance(0.5) { rows } else { self.axis(kernels, strides, padding) };
        Window { rows, columns }
    }

    fn conv(&mut self, channels: u32, window: Window) -> Conv {
        let groups = if self.chance(0.3) { channels } else { 1 };
        Conv {
            out_channels: groups * self.between(1, if groups > 1 { 2 } else { 8 }),
            window,
            groups,
            bias: self.chance(0.5),
        }
    }

    /// An op with one input, tileable, not always possible.
    pub(super) fn op(&mut self, shape: Shape) -> Op {
        let Shape { channels, height, width } = shape;
        match self.up_to(18) {
            0..=5 => {
                let window = self.window(4, 2, 2);
                Op::Conv(self.conv(channels, window))
            }
            6 => Op::MaxPool(Pool { window: self.window(3, 4, 1), ceil_mode: self.chance(0.5) }),
            7 => Op::AvgPool(Pool { window: self.window(3, 3, 1), ceil_mode: self.chance(0.5) }),
            8 => Op::MaxPool(Pool { window: Window::square(2, 2, 0), ceil_mode: self.chance(0.5) }),
            9 => {
                let window = self.window(4, 3, 1);
                let extra =
                    [window.rows, window.columns].map(|axis| if self.gentle { 0 } else { self.up_to(axis.stride - 1) });
                Op::ConvTranspose(self.conv(channels, window), extra)
            }
            10 => Op::Upsample { factor: [self.between(1, 3), self.between(1, 3)] },
            11 if !self.gentle => Op::Pad { padding: [0; 4].map(|_: u32| self.up_to(3)) },
            12 if height % 2 == 0 && width % 2 == 0 => Op::SpaceToDepth { block: 2 },
            13 => Op::Lrn,
            14 => Op::BatchNorm,
            15 => Op::Dropout,
            16 => Op::ChannelShuffle { groups: channels },
            17 => {
                let from = self.up_to(channels - 1);
                Op::Slice { from, to: self.between(from + 1, channels) }
            }
            _ => Op::Activation("relu".to_owned()),
        }
    }

    fn same(&mut self) -> Op {
        let dilation = self.between(1, 2);
        let axis = Axis { kernel: 3, stride: 1, dilation, before: dilation, after: dilation };
        Op::Conv(Conv { out_channels: 4, window: Window { rows: axis, columns: axis }, groups: 1, bias: true })
    }

    fn measured(&mut self) -> Measured {
        let mut time = || self.chance(0.07).then(|| Nanos(u64::from(self.up_to(3_000_000))));
        Measured { device: time(), server: time() }
    }

    /// Adds a layer if the op can be and its output is small.
    pub(super) fn add(&mut self, builder: &mut Builder, op: Op, inputs: &[Source]) -> Option<Source> {
        let name = format!("{}-{}", op.name(), builder.len());
        let mut tried = builder.clone();
        let measured = self.measured();
        let source = tried.measured_layer(&name, op, inputs, measured).ok()?;
        let Shape { channels, height, width } = tried.shape(source);
        if channels > 24 || height > 40 || width > 40 {
            return None;
        }
        *builder = tried;
        Some(source)
    }

    pub(super) fn network(&mut self) -> Network {
        let input = Shape::new(self.between(1, 4), self.between(5, 32), self.between(5, 32));
        let mut builder = Builder::new("generated", input).expect("a small input");
        let branches = self.chance(0.6);
        let wanted = self.between(2, 8);
        let mut at = Source::Input;
        for _ in 0..wanted {
            let before = builder.clone();
            let next = if branches && self.chance(0.4) {
                self.branch(&mut builder, at)
            } else {
                let op = self.op(builder.shape(at));
                self.add(&mut builder, op, &[at])
            };
            match next {
                Some(source) => at = source,
                None => builder = before,
            }
        }
        self.end(&mut builder, at);
        builder.finish().expect("one output")
    }

    /// Two routes from one tensor that meet again, or a gate.
    pub(super) fn branch(&mut self, builder: &mut Builder, at: Source) -> Option<Source> {
        let Shape { channels, .. } = builder.shape(at);
        match self.up_to(6) {
            0 => {
                let pooled = self.add(builder, Op::GlobalAvgPool, &[at])?;
                let conv = Conv { out_channels: channels, window: Window::square(1, 1, 0), groups: 1, bias: true };
                let gate = self.add(builder, Op::Conv(conv), &[pooled])?;
                self.add(builder, Op::Mul, &[at, gate])
            }
            1 => {
                let (left, right) = (self.same(), self.same());
                let left = self.add(builder, left, &[at])?;
                let right = self.add(builder, right, &[at])?;
                let middle = self.add(builder, Op::Activation("relu".to_owned()), &[left])?;
                self.add(builder, Op::Add, &[middle, right])
            }
            2 => {
                let left = self.same();
                let left = self.add(builder, left, &[at])?;
                self.add(builder, Op::Concat, &[at, left])
            }
            3 => {
                let window = self.window(3, 3, 2);
                let (left, right) = (self.conv(channels, window), self.conv(channels, window));
                let left = self.add(builder, Op::Conv(left), &[at])?;
                let right = self.add(builder, Op::Conv(right), &[at])?;
                self.add(builder, Op::Concat, &[right, left])
            }
            4 => {
                let rows = Axis { dilation: 1, ..self.axis(3, 2, 2) };
                let columns = Axis { dilation: 1, ..self.axis(3, 2, 2) };
                let other = Window { rows: self.twin(rows), columns: self.twin(columns) };
                let left = self.conv(channels, Window { rows, columns });
                let right = self.conv(channels, other);
                let left = self.add(builder, Op::Conv(left), &[at])?;
                let right = self.add(builder, Op::Conv(right), &[at])?;
                self.add(builder, Op::Concat, &[left, right])
            }
            5 => {
                let factor = self.between(1, 3);
                let kernel = if self.gentle { factor } else { self.between(1, factor) };
                let conv = self.conv(channels, Window::square(kernel, factor, 0));
                let left = self.add(builder, Op::Upsample { factor: [factor; 2] }, &[at])?;
                let right = self.add(builder, Op::ConvTranspose(conv, [factor - kernel; 2]), &[at])?;
                self.add(builder, Op::Concat, &[left, right])
            }
            _ => {
                let pool = Op::MaxPool(Pool { window: Window::square(3, 1, 1), ceil_mode: false });
                let pooled = self.add(builder, pool, &[at])?;
                let summed = self.add(builder, Op::Add, &[at, pooled])?;
                self.add(builder, Op::Concat, &[summed, at, pooled])
            }
        }
    }

    pub(super) fn end(&mut self, builder: &mut Builder, at: Source) {
        let linear = Op::Linear { out_features: self.between(1, 12), bias: self.chance(0.5) };
        let custom = Op::Custom { out: Shape::new(3, 4, 4), flops: 12_345, weight_bytes: 678 };
        let ops = match self.up_to(5) {
            0 => vec![linear],
            1 => vec![Op::GlobalAvgPool, Op::Flatten, linear, Op::Softmax],
            2 => vec![Op::AdaptiveAvgPool { out: [2, 3] }, linear],
            3 => vec![custom, Op::Activation("relu".to_owned()), Op::Lrn],
            _ if builder.is_empty() => vec![self.same()],
            _ => Vec::new(),
        };
        let mut at = at;
        for op in ops {
            at = self.add(builder, op, &[at]).expect("ends are small");
        }
    }
}
