//! Random valid networks, platforms and plans, the same for the same seed.

use offcut::base::Nanos;
use offcut::cost::{CostModel, Traces};
use offcut::formats::{
    DataFile, LinkFile, Method, ModelFile, PlanFile, ProcessorFile, Reference, Scenario, ScenarioFile,
};
use offcut::job;
use offcut::network::{Axis, Builder, Conv, Measured, Network, Op, Pool, Shape, Source, Window};
use offcut::plan::{Block, Strategy};
use offcut::schedule::{Instance, schedule};
use offcut::search::{Found, Outcome};
use offcut::tiling::Grid;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// A generated scenario with one of its plans.
pub struct Generated {
    /// What the plan is for.
    pub scenario: Scenario,
    /// The plan.
    pub found: Found,
    /// Its document.
    pub file: PlanFile,
}

/// The generated case of a seed.
pub fn generate(seed: u64) -> Generated {
    let mut draw = Draw(Pcg64Mcg::seed_from_u64(seed));
    let network = draw.network();
    let scenario = draw.scenario(&network).resolve().expect("generated scenarios are valid");
    assert_eq!(scenario.network, network, "seed {seed}: a model document keeps its network");
    let found = draw.plan(&scenario);
    let makespan = found.makespan.0;
    let lower_bound = Nanos(if draw.chance(0.2) { makespan } else { draw.0.random_range(0..=makespan) });
    let outcome = Outcome { found: found.clone(), lower_bound, evaluations: 1, stopped_by: None };
    let method = draw.of(&[Method::Psomw, Method::Mw, Method::Exact]);
    let file = job::document(&scenario, method, &outcome).expect("generated plans are valid");
    Generated { scenario, found, file }
}

/// The source of all choices.
struct Draw(Pcg64Mcg);

impl Draw {
    fn chance(&mut self, probability: f64) -> bool {
        self.0.random_bool(probability)
    }

    fn up_to(&mut self, most: u32) -> u32 {
        self.0.random_range(0..=most)
    }

    fn between(&mut self, least: u32, most: u32) -> u32 {
        self.0.random_range(least..=most)
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.0.random_range(0..all.len())]
    }

    fn axis(&mut self, kernels: u32, strides: u32, padding: u32) -> Axis {
        let dilation = if self.chance(0.2) { self.between(2, 3) } else { 1 };
        let (kernel, stride) = (self.between(1, kernels), self.between(1, strides));
        Axis { kernel, stride, dilation, before: self.up_to(padding), after: self.up_to(padding) }
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
    fn op(&mut self, shape: Shape) -> Op {
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
                let extra = [window.rows, window.columns].map(|axis| self.up_to(axis.stride - 1));
                Op::ConvTranspose(self.conv(channels, window), extra)
            }
            10 => Op::Upsample { factor: [self.between(1, 3), self.between(1, 3)] },
            11 => Op::Pad { padding: [0; 4].map(|_: u32| self.up_to(3)) },
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
    fn add(&mut self, builder: &mut Builder, op: Op, inputs: &[Source]) -> Option<Source> {
        let name = format!("{}-{}", op.name(), builder.names().count());
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

    fn network(&mut self) -> Network {
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
    fn branch(&mut self, builder: &mut Builder, at: Source) -> Option<Source> {
        let Shape { channels, .. } = builder.shape(at);
        match self.up_to(4) {
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
            _ => {
                let pool = Op::MaxPool(Pool { window: Window::square(3, 1, 1), ceil_mode: false });
                let pooled = self.add(builder, pool, &[at])?;
                let summed = self.add(builder, Op::Add, &[at, pooled])?;
                self.add(builder, Op::Concat, &[summed, at, pooled])
            }
        }
    }

    fn end(&mut self, builder: &mut Builder, at: Source) {
        let linear = Op::Linear { out_features: self.between(1, 12), bias: self.chance(0.5) };
        let custom = Op::Custom { out: Shape::new(3, 4, 4), flops: 12_345, weight_bytes: 678 };
        let ops = match self.up_to(5) {
            0 => vec![linear],
            1 => vec![Op::GlobalAvgPool, Op::Flatten, linear, Op::Softmax],
            2 => vec![Op::AdaptiveAvgPool { out: [2, 3] }, linear],
            3 => vec![custom, Op::Activation("relu".to_owned()), Op::Lrn],
            _ if builder.names().count() == 0 => vec![self.same()],
            _ => Vec::new(),
        };
        let mut at = at;
        for op in ops {
            at = self.add(builder, op, &[at]).expect("ends are small");
        }
    }

    fn processor(&mut self, fast: f64) -> Reference<ProcessorFile> {
        Reference::Whole(Box::new(ProcessorFile {
            name: "generated".to_owned(),
            gflops: fast * f64::from(self.between(2, 4000)) / 1000.0,
            memory_gb_per_s: fast * f64::from(self.between(2, 4000)) / 1000.0,
            overhead_us: if self.chance(0.4) { 0.0 } else { f64::from(self.up_to(50_000)) / 1000.0 },
            slots: self.of(&[1, 1, 2, 3]),
            memory_mb: None,
        }))
    }

    fn scenario(&mut self, network: &Network) -> ScenarioFile {
        let link = LinkFile {
            name: "generated".to_owned(),
            uplink_mbps: f64::from(self.between(100, 200_000)) / 1000.0,
            latency_ms: if self.chance(0.5) { 0.0 } else { f64::from(self.up_to(2000)) / 1000.0 },
            return_result: self.chance(0.3),
            downlink_mbps: self.chance(0.5).then_some(7.5),
        };
        let data = DataFile {
            bytes_per_element: self.of(&[1, 2, 4]),
            input_bytes_per_element: self.of(&[1, 4]),
            wire_bytes_per_element: self.of(&[1, 2, 4]),
        };
        ScenarioFile {
            model: Reference::Whole(Box::new(ModelFile::of(network))),
            device: self.processor(0.5),
            server: self.processor(2.0),
            network: Reference::Whole(Box::new(link)),
            data,
            ..ScenarioFile::of_model("generated")
        }
    }

    fn plan(&mut self, scenario: &Scenario) -> Found {
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let mut traces = Traces::new(&model);
        let strategy = self.strategy(&scenario.network);
        let instance = Instance::new(&mut traces, &strategy);
        let order = self.order(&instance);
        let cuts = self.cuts(&instance);
        let makespan = schedule(&instance, &order, &cuts).expect("a valid plan").makespan;
        Found { strategy, order, cuts, makespan }
    }

    /// Runs of stages, up to three of them tiled where they can be.
    fn strategy(&mut self, network: &Network) -> Strategy {
        let stages = network.stages();
        let (mut blocks, mut next, mut fused) = (Vec::new(), 0, 0);
        while next < stages.len() {
            let run = stages[next..].iter().take_while(|stage| stage.tileable).count();
            let tiled = run > 0 && fused < 3 && self.chance(0.7);
            let most = if tiled { run } else { stages.len() - next };
            let last = next + self.up_to(most as u32 - 1) as usize;
            let shape = network.boundary(last + 1);
            let grid = if tiled { self.grid(shape) } else { Grid::whole(shape.height, shape.width) };
            fused += usize::from(grid.is_split());
            blocks.push(Block { first: next, last, grid });
            next = last + 1;
        }
        Strategy::new(network, blocks).expect("blocks that follow each other")
    }

    fn grid(&mut self, shape: Shape) -> Grid {
        let parts = [shape.height, shape.width].map(|length| self.between(1, length.min(4)));
        if self.chance(0.3) {
            return Grid::even(parts[0], parts[1], shape.height, shape.width).expect("a grid that fits");
        }
        let rows = self.boundaries(parts[0], shape.height);
        let columns = self.boundaries(parts[1], shape.width);
        Grid::new(rows, columns, shape.height, shape.width).expect("rising boundaries")
    }

    fn boundaries(&mut self, parts: u32, length: u32) -> Vec<u32> {
        let mut bounds = vec![0, length];
        while bounds.len() <= parts as usize {
            let bound = self.between(1, length - 1);
            if !bounds.contains(&bound) {
                bounds.push(bound);
            }
        }
        bounds.sort_unstable();
        bounds
    }

    /// Each path behind those that it depends on, otherwise by chance.
    fn order(&mut self, instance: &Instance) -> Vec<usize> {
        let count = instance.paths().len();
        let (mut order, mut done) = (Vec::new(), vec![false; count]);
        while order.len() < count {
            let ready = |path: &usize| !done[*path] && instance.needs(*path).iter().all(|&needs| done[needs]);
            let ready: Vec<usize> = (0..count).filter(ready).collect();
            let path = self.of(&ready);
            done[path] = true;
            order.push(path);
        }
        order
    }

    fn cuts(&mut self, instance: &Instance) -> Vec<usize> {
        let stays = self.of(&[0.2, 0.6, 0.95]);
        let lens: Vec<usize> = instance.paths().iter().map(|path| path.len).collect();
        let mut cuts: Vec<usize> = lens
            .into_iter()
            .map(|len| if self.chance(stays) { len } else { self.up_to(len as u32) as usize })
            .collect();
        instance.repair(&mut cuts);
        cuts
    }
}
