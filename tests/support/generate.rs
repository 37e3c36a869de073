//! Random valid networks, platforms, plan spaces and plans, the same for the same seed.

// Each test crate that takes this in uses a part of it.
#![allow(dead_code)]

mod networks;
mod plans;
mod shops;
mod tiny;
mod twins;

use offcut::base::Nanos;
use offcut::cost::{CostModel, Traces};
use offcut::formats::{
    DataFile, LinkFile, Method, ModelFile, PlanFile, ProcessorFile, Reference, Scenario, ScenarioFile, SearchFile,
    SpaceFile,
};
use offcut::job;
use offcut::network::{Network, Source};
use offcut::plan::default_grids;
use offcut::schedule::{Instance, schedule};
use offcut::search::{Context, Found, Outcome, Unwatched, device_only, server_only};
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
    let (scenario, mut draw) = situation(seed);
    let found = draw.found(&scenario);
    let makespan = found.makespan.0;
    let lower_bound = Nanos(if draw.chance(0.2) { makespan } else { draw.random.random_range(0..=makespan) });
    let outcome = Outcome { found: found.clone(), lower_bound, evaluations: 1, stopped_by: None };
    let method = draw.of(&[Method::Psomw, Method::Mw, Method::Exact]);
    let model = CostModel::new(&scenario.network, &scenario.platform);
    let file = job::document(&model, &scenario, method, &outcome).expect("generated plans are valid");
    Generated { scenario, found, file }
}

/// The generated scenario of a seed, and a source of as many of its plans as wanted.
pub fn situation(seed: u64) -> (Scenario, Draw) {
    let mut draw = Draw::new(seed);
    let network = draw.network();
    let scenario = draw.scenario(&network).resolve().expect("generated scenarios are valid");
    assert_eq!(scenario.network, network, "seed {seed}: a model document keeps its network");
    (scenario, draw)
}

/// What is said to be a bound on every plan of a scenario's space. A document caps it by its plan's
/// makespan; that of the slower side hides least.
pub fn stated_bound(scenario: &Scenario) -> Nanos {
    let model = CostModel::new(&scenario.network, &scenario.platform);
    let mut context = Context::new(&model, &scenario.space);
    let device_is_slower = device_only(&mut context).makespan > server_only(&mut context).makespan;
    let side = if device_is_slower { Method::DeviceOnly } else { Method::ServerOnly };
    Nanos(job::solve(scenario, side, &mut Unwatched).expect("a plan").lower_bound_ns)
}

/// Whether each layer reads only the one before it.
pub fn is_chain(network: &Network) -> bool {
    let before = |source: &Source| if let Source::Layer(id) = source { id.index() + 1 } else { 0 };
    network.layers().iter().enumerate().all(|(index, layer)| layer.inputs.iter().all(|input| before(input) == index))
}

/// The source of all choices.
pub struct Draw {
    random: Pcg64Mcg,
    /// Whether windows leave nothing out, so that most networks are gapless.
    gentle: bool,
}

impl Draw {
    /// Choices that are the same for the same seed.
    pub fn new(seed: u64) -> Self {
        Self { random: Pcg64Mcg::seed_from_u64(seed), gentle: seed.is_multiple_of(2) }
    }

    fn chance(&mut self, probability: f64) -> bool {
        self.random.random_bool(probability)
    }

    fn up_to(&mut self, most: u32) -> u32 {
        self.random.random_range(0..=most)
    }

    fn between(&mut self, least: u32, most: u32) -> u32 {
        self.random.random_range(least..=most)
    }

    /// One of them all.
    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.random.random_range(0..all.len())]
    }

    /// Thousandths up to `most`, of each order of magnitude as many.
    fn rate(&mut self, most: u32) -> f64 {
        let most = most / self.of(&[1, 10, 100]);
        f64::from(self.between(2, most)) / 1000.0
    }

    fn processor(&mut self, fast: f64) -> Reference<ProcessorFile> {
        Reference::Whole(Box::new(ProcessorFile {
            name: "generated".to_owned(),
            gflops: fast * self.rate(4_000),
            memory_gb_per_s: fast * self.rate(4_000),
            overhead_us: if self.chance(0.4) { 0.0 } else { f64::from(self.up_to(50_000)) / 1000.0 },
            slots: self.of(&[1, 1, 2, 3]),
            memory_mb: None,
        }))
    }

    fn scenario(&mut self, network: &Network) -> ScenarioFile {
        let link = LinkFile {
            name: "generated".to_owned(),
            uplink_mbps: 0.1 + self.rate(200_000),
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
            space: self.space(network.stages().len() as u32),
            search: SearchFile {
                particles: 8,
                iterations: 60,
                seed: u64::from(self.up_to(99)),
                ..SearchFile::default()
            },
            ..ScenarioFile::of_model("generated")
        }
    }

    /// A plan space; where boundaries may move, of few tiles, so that it stays small. No
    /// grid has many: all of them differ, and proofs would take long.
    fn space(&mut self, stages: u32) -> SpaceFile {
        let uneven = self.chance(0.3);
        let most = if uneven { 4 } else { 6 };
        let mut grids: Vec<[u32; 2]> = default_grids().into_iter().filter(|[r, c]| r * c <= most).collect();
        if uneven || self.chance(0.5) {
            grids = (0..self.between(1, 3)).map(|_| self.of(&grids)).collect();
        }
        let fusible = self.chance(0.2).then(|| {
            let start = self.up_to(stages - 1);
            vec![[start, self.between(start + 1, stages)]]
        });
        let step = self.chance(0.7).then(|| self.between(2, 9));
        SpaceFile { max_fused_blocks: self.of(&[0, 1, 1, 2, 2]), grids, fusible, uneven, step }
    }

    fn found(&mut self, scenario: &Scenario) -> Found {
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let mut traces = Traces::new(&model);
        let strategy = self.strategy(&scenario.network);
        let instance = Instance::new(&mut traces, &strategy);
        let (order, cuts) = self.plan(&instance);
        let makespan = schedule(&instance, &order, &cuts).expect("a valid plan").makespan;
        Found { strategy, order, cuts, makespan }
    }
}
