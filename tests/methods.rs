//! Every method over generated networks, situations and plan spaces: what its documents say is so.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/generate.rs"]
mod generate;

use generate::{generate, situation};
use offcut::bounds::Fluid;
use offcut::check::check;
use offcut::cost::{CostModel, Traces};
use offcut::formats::{DataFile, Method, PlanFile, Reference, Scenario, ScenarioFile};
use offcut::job::{Budget, SolveError, solve, solve_within};
use offcut::plan::GridRule;
use offcut::schedule::{Instance, Invalid, schedule};
use offcut::search::Unwatched;
use std::sync::LazyLock;

const METHODS: [Method; 6] =
    [Method::DeviceOnly, Method::ServerOnly, Method::Nfl, Method::Mw, Method::Psomw, Method::Exact];

/// A seed, its scenario, and the documents of all methods that can be run on it.
type Solved = (u64, Scenario, Vec<PlanFile>);

/// Made once for all tests.
static SOLVED: LazyLock<Vec<Solved>> = LazyLock::new(|| (0..150).map(solved).collect());

fn solved(seed: u64) -> Solved {
    let (scenario, _) = situation(seed);
    // Several fused blocks may take Exact minutes: there it stops, with a plan and a bound.
    let run = |method| {
        let max_evaluations = (method == Method::Exact).then_some(1 << 14);
        let mut budget = Budget { max_evaluations, has_time: &mut || true };
        match solve_within(&scenario, method, &mut Unwatched, &mut budget) {
            Err(SolveError::Unavailable(_)) => None,
            found => Some(found.unwrap_or_else(|error| panic!("seed {seed}: {error}"))),
        }
    };
    let plans = METHODS.into_iter().filter_map(run).collect();
    (seed, scenario, plans)
}

#[test]
fn the_checker_agrees_with_every_method() {
    let (mut several, mut uneven) = (0, 0);
    for (seed, scenario, plans) in &*SOLVED {
        for plan in plans {
            let found = check(plan).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            assert_eq!(found, [], "seed {seed} by {}", plan.method.id());
            let fused = fused_blocks(plan);
            assert!(fused <= scenario.space.max_fused_blocks, "seed {seed} by {}", plan.method.id());
            several += u32::from(fused > 1);
            uneven += u32::from(fused > 0 && matches!(scenario.space.rule, GridRule::Uneven { .. }));
        }
    }
    assert!(several >= 2 && uneven >= 10, "{several} with several fused blocks, {uneven} where boundaries may move");
}

#[test]
fn psomw_is_never_worse_and_no_method_beats_the_bound() {
    let mut fused = 0;
    for (seed, _, plans) in &*SOLVED {
        let best = plans.iter().map(|plan| plan.makespan_ns).min().unwrap_or(0);
        let heuristics = plans.iter().filter(|plan| plan.method != Method::Exact);
        let psomw = plans[4].makespan_ns;
        assert_eq!(heuristics.map(|plan| plan.makespan_ns).min(), Some(psomw), "seed {seed}: PSOMW is not the best");
        for plan in plans {
            let (method, bound) = (plan.method.id(), plan.lower_bound_ns);
            assert!(bound <= best, "seed {seed}: {bound} ns is no bound by {method}, a plan takes {best} ns");
            assert!(!plan.proven_optimal || plan.makespan_ns == best, "seed {seed} by {method}");
        }
        fused += u32::from(best < plans[2].makespan_ns);
    }
    assert!(fused >= 15, "fusing helps in {fused} cases only");
}

/// A valid plan made invalid, and why it is.
type Fault = fn(&Instance, &mut Vec<usize>, &mut Vec<usize>) -> Option<Invalid>;

/// Spoils order or cuts in one way; none where the plan has no place for it.
const FAULTS: [Fault; 5] = [
    |_, order, cuts| {
        order.pop()?;
        Some(Invalid::Count { paths: cuts.len(), order: order.len(), cuts: cuts.len() })
    },
    |_, order, _| {
        let path = *order.first()?;
        *order.get_mut(1)? = path;
        Some(Invalid::NotAnOrder { path })
    },
    |instance, _, cuts| {
        let len = instance.paths().first()?.len;
        cuts[0] = len + 1;
        Some(Invalid::CutTooLate { path: 0, cut: len + 1, len })
    },
    |instance, order, _| {
        let path = (0..instance.paths().len()).find(|&path| !instance.needs(path).is_empty())?;
        let needs = instance.needs(path)[0];
        order.retain(|&other| other != path);
        order.insert(0, path);
        Some(Invalid::BeforeItsNeeds { path, needs })
    },
    |instance, order, cuts| {
        let path = *order.iter().find(|&&path| cuts[path] > 0 && !instance.needs(path).is_empty())?;
        let needs = instance.needs(path)[0];
        cuts[needs] = 0;
        Some(Invalid::BackFromServer { path, needs })
    },
];

#[test]
fn invalid_plans_are_refused_with_the_reason() {
    let mut met = [0; FAULTS.len()];
    for seed in 0..300 {
        let case = generate(seed);
        let model = CostModel::new(&case.scenario.network, &case.scenario.platform);
        let instance = Instance::new(&mut Traces::new(&model), &case.found.strategy);
        for (fault, met) in FAULTS.iter().zip(&mut met) {
            let (mut order, mut cuts) = (case.found.order.clone(), case.found.cuts.clone());
            let Some(reason) = fault(&instance, &mut order, &mut cuts) else { continue };
            assert_eq!(schedule(&instance, &order, &cuts).err(), Some(reason), "seed {seed}");
            *met += 1;
        }
    }
    assert!(met.iter().all(|&count| count >= 30), "{met:?}");
}

/// A situation in which up to eight blocks may be fused.
fn many_blocks(model: &str, [device, server, link]: [&str; 3], input_bytes_per_element: u32) -> Scenario {
    let id = |id: &str| Reference::Id(id.to_owned());
    let mut file = ScenarioFile {
        device: id(device),
        server: id(server),
        network: Reference::Id(link.to_owned()),
        data: DataFile { input_bytes_per_element, ..DataFile::default() },
        ..ScenarioFile::of_model(model)
    };
    file.space.max_fused_blocks = 8;
    file.resolve().expect("presets")
}

fn fused_blocks(plan: &PlanFile) -> usize {
    plan.blocks.iter().filter(|block| block.rows.len() + block.columns.len() > 4).count()
}

/// No plan of one fused block beats NFL there, the best of two takes 5 % less: the server begins with the first strips of
/// the picture.
#[test]
fn psomw_finds_plans_of_many_blocks() {
    let scenario = many_blocks("vgg13", ["raspberry-pi-4b", "aws-c5.4xlarge", "literature-4g"], 1);
    let [nfl, psomw] = [Method::Nfl, Method::Psomw].map(|method| solve(&scenario, method, &mut Unwatched));
    let (nfl, psomw) = (nfl.expect("a plan"), psomw.expect("a plan"));
    assert!(psomw.makespan_ns * 100 <= nfl.makespan_ns * 96, "{} of {} ns", psomw.makespan_ns, nfl.makespan_ns);
    assert!(fused_blocks(&psomw) > 2, "{:?}", psomw.blocks);
    assert_eq!(check(&psomw).expect("a plan"), []);
}

/// No more than it looks for before it proves anything.
#[test]
fn exact_begins_with_good_plans_of_many_blocks() {
    let scenario = many_blocks("yolov2", ["snapdragon-855+", "core-i7-13700k", "busy-5ghz-wifi"], 4);
    let mut budget = Budget { max_evaluations: Some(15_000), has_time: &mut || true };
    let plan = solve_within(&scenario, Method::Exact, &mut Unwatched, &mut budget).expect("a plan");
    assert!(plan.makespan_ns <= 104_000_000, "{} ns", plan.makespan_ns);
    assert!(plan.lower_bound_ns <= plan.makespan_ns && fused_blocks(&plan) > 1, "{:?}", plan.blocks);
    assert_eq!(check(&plan).expect("a plan"), []);
}

#[test]
fn exact_searches_several_blocks_with_uneven_boundaries() {
    let run = |model: &str, most: u64| {
        let mut file = ScenarioFile::of_model(model);
        (file.space.max_fused_blocks, file.space.uneven) = (2, true);
        let scenario = file.resolve().expect("presets");
        let mut budget = Budget { max_evaluations: Some(most), has_time: &mut || true };
        let plan = solve_within(&scenario, Method::Exact, &mut Unwatched, &mut budget).expect("a plan");
        assert_eq!(check(&plan).expect("a plan"), []);
        (plan, Fluid::new(&CostModel::new(&scenario.network, &scenario.platform)).value.0)
    };
    let (proven, _) = run("efficientnet-b0", u64::MAX);
    assert!(proven.proven_optimal && proven.stopped_by.is_none(), "{:?}", proven.stopped_by);
    let (stopped, fluid) = run("alexnet", 4500);
    assert_eq!(stopped.stopped_by.as_deref(), Some("evaluations"));
    // What no grid lets several blocks do without is more than the unsplit network takes.
    assert!(fluid + fluid / 20 < stopped.lower_bound_ns, "{} is hardly more than {fluid} ns", stopped.lower_bound_ns);
    assert!(stopped.lower_bound_ns < stopped.makespan_ns);
    // Two even blocks are no match for one uneven one there: their best plan takes 147,688,509 ns.
    let (uneven, _) = run("tiny-yolov2", 10_000);
    assert!(uneven.makespan_ns < 147_688_509, "{} ns", uneven.makespan_ns);
}

/// Neither half of its best plan of two adjacent blocks is near the best plan of one block.
#[test]
fn psomw_splits_blocks_in_two() {
    let mut file = ScenarioFile::of_model("tiny-yolov2");
    file.space.max_fused_blocks = 2;
    let scenario = file.resolve().expect("presets");
    let plan = solve(&scenario, Method::Psomw, &mut Unwatched).expect("a plan");
    assert!(plan.makespan_ns <= 147_718_014, "{} ns", plan.makespan_ns);
    assert_eq!(fused_blocks(&plan), 2);
    assert_eq!(check(&plan).expect("a plan"), []);
}
