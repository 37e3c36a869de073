//! What no plan can beat, over generated networks and situations (planning model §6).
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/generate.rs"]
mod generate;

use generate::{Draw, is_chain, situation, stated_bound};
use offcut::base::Nanos;
use offcut::bounds::{Fluid, ceiling, gapless};
use offcut::cost::{CostModel, Traces};
use offcut::formats::Scenario;
use offcut::schedule::{Instance, schedule};
use offcut::search::{Context, Ranking, nfl};

/// The cases of fluid bound and ceiling; somewhat less than half of them are gapless.
const SEEDS: u64 = 2500;

/// Whether a scenario is of a kind.
type Kind = fn(&Scenario) -> bool;

/// Shares of all that is generated, in percent: every law below has to meet all of it.
#[test]
fn the_generator_makes_chains_and_other_graphs_with_gaps_and_without() {
    let scenarios: Vec<Scenario> = (0..600).map(|seed| situation(seed).0).collect();
    let share = |is: &dyn Fn(&Scenario) -> bool| {
        scenarios.iter().filter(|scenario| is(scenario)).count() * 100 / scenarios.len()
    };
    for (chain, whole) in [(true, true), (true, false), (false, true), (false, false)] {
        let found = share(&|s| is_chain(&s.network) == chain && gapless(&s.network) == whole);
        assert!(found >= 12, "{found} % of the networks where chain is {chain} and gapless {whole}");
    }
    let kinds: [(&str, Kind); 10] = [
        ("several device slots", |s| s.platform.device.slots > 1),
        ("several server slots", |s| s.platform.server.slots > 1),
        ("returned results", |s| s.platform.link.return_result),
        ("no latency", |s| s.platform.link.latency == Nanos::ZERO),
        ("no overhead", |s| s.platform.device.overhead == Nanos::ZERO),
        ("device times", |s| s.network.layers().iter().any(|layer| layer.measured.device.is_some())),
        ("server times", |s| s.network.layers().iter().any(|layer| layer.measured.server.is_some())),
        ("stages that cannot be tiled", |s| s.network.stages().iter().any(|stage| !stage.tileable)),
        ("two fused blocks", |s| s.space.max_fused_blocks == 2),
        ("moving boundaries", |s| matches!(s.space.rule, offcut::plan::GridRule::Uneven { .. })),
    ];
    for (kind, is) in kinds {
        let found = share(&|s| gapless(&s.network) && is(s));
        assert!(found >= 8, "{found} % are gapless with {kind}");
    }
}

/// A gapless scenario and what bounds its plans.
struct Gapless {
    seed: u64,
    scenario: Scenario,
    fluid: Nanos,
    nfl: Nanos,
}

/// Hands over the makespans of NFL and of random plans of any strategy; gives for how many of them
/// `then` is true.
fn count_of_gapless(then: impl Fn(&Gapless, Nanos) -> bool) -> u32 {
    let (mut met, mut count) = (0, 0);
    for seed in 0..SEEDS {
        let (scenario, mut draw) = situation(seed);
        if !gapless(&scenario.network) {
            continue;
        }
        met += 1;
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let nfl = nfl(&mut Context::new(&model, &scenario.space)).makespan;
        let case = Gapless { seed, scenario: scenario.clone(), fluid: Fluid::new(&model).value, nfl };
        count += u32::from(then(&case, nfl));
        let mut traces = Traces::new(&model);
        for _ in 0..25 {
            let instance = Instance::new(&mut traces, &draw.strategy(&scenario.network));
            for _ in 0..8 {
                count += u32::from(then(&case, makespan(&mut draw, &instance)));
            }
        }
    }
    assert!(met * 3 > SEEDS, "only {met} of {SEEDS} networks are gapless");
    count
}

fn makespan(draw: &mut Draw, instance: &Instance) -> Nanos {
    let (order, cuts) = draw.plan(instance);
    schedule(instance, &order, &cuts).expect("generated plans are valid").makespan
}

/// Whether a plan is within half a percent of its bound, so that one too high would be noticed.
fn is_near(found: Nanos, bound: Nanos) -> bool {
    found.0 * 200 < bound.0 * 201
}

#[test]
fn no_plan_of_a_gapless_network_beats_the_fluid_bound() {
    let near = count_of_gapless(|case, found| {
        assert!(found >= case.fluid, "seed {}: {found:?} is below {:?}", case.seed, case.fluid);
        is_near(found, case.fluid)
    });
    assert!(near >= 10, "only {near} plans come near the bound");
}

#[test]
fn no_plan_of_a_gapless_network_is_faster_than_nfl_beyond_the_ceiling() {
    let faster = count_of_gapless(|case, found| {
        let rounding = case.scenario.network.layers().len() as u64;
        let most = ceiling(&case.scenario.platform) as u64 * (found.0 + rounding);
        assert!(case.nfl.0 <= most, "seed {}: NFL takes {:?}, a plan {found:?}", case.seed, case.nfl);
        found < case.nfl
    });
    assert!(faster >= 100, "only {faster} plans are faster than NFL");
}

#[test]
fn no_plan_of_a_space_beats_its_bound() {
    let mut met = [0; 3];
    for seed in 0..700 {
        let (scenario, mut draw) = situation(seed);
        let (network, space) = (&scenario.network, &scenario.space);
        let bound = stated_bound(&scenario);
        let model = CostModel::new(network, &scenario.platform);
        let mut traces = Traces::new(&model);
        let choices = space.single_blocks(network);
        for _ in 0..20 {
            let strategy = draw.strategy_of(network, space, &choices);
            assert!(space.holds(network, &strategy), "seed {seed}: {strategy:?}");
            met[strategy.fused().count()] += 1;
            let instance = Instance::new(&mut traces, &strategy);
            for _ in 0..8 {
                let found = makespan(&mut draw, &instance);
                assert!(found >= bound, "seed {seed}: {found:?} is below {bound:?}, {strategy:?}");
            }
        }
    }
    assert!(met.iter().all(|&count| count > 1000), "{met:?} strategies with 0, 1 and 2 fused blocks");
}

#[test]
fn no_plan_of_a_strategy_beats_its_bound() {
    let (mut met, mut near) = (0, 0);
    for seed in 0..700 {
        let (scenario, mut draw) = situation(seed);
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let mut context = Context::new(&model, &scenario.space);
        let ranking = Ranking::new(&mut context, Nanos(u64::MAX));
        for _ in 0..ranking.ranked.len().min(20) {
            let ranked = draw.of(&ranking.ranked);
            let (strategy, instance) = context.compile(&[ranking.block(&ranked)]);
            for _ in 0..8 {
                let (found, bound) = (makespan(&mut draw, &instance), ranked.bound);
                assert!(found >= bound, "seed {seed}: {found:?} is below {bound:?}, {strategy:?}");
                met += 1;
                near += u32::from(is_near(found, bound));
            }
        }
    }
    assert!(met > 50_000 && near > 1000, "{near} of {met} plans come near their bound");
}

#[test]
fn more_bandwidth_never_makes_nfl_slower() {
    let mut gains = 0;
    for seed in 0..500 {
        let (mut scenario, _) = situation(seed);
        let mut before = Nanos(u64::MAX);
        for kbps in [1, 30, 100, 400, 1_300, 5_000, 5_001, 18_880, 100_000, 1_000_000] {
            (scenario.platform.link.uplink_kbps, scenario.platform.link.downlink_kbps) = (kbps, kbps);
            let model = CostModel::new(&scenario.network, &scenario.platform);
            let now = nfl(&mut Context::new(&model, &scenario.space)).makespan;
            assert!(now <= before, "seed {seed}: {now:?} at {kbps} kbit/s, {before:?} at less");
            gains += u32::from(now < before);
            before = now;
        }
    }
    assert!(gains > 1500, "only {gains} steps make NFL faster");
}
