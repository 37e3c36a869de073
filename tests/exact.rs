//! Exact against brute force, over generated situations small enough for both.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/generate.rs"]
mod generate;

use generate::{Draw, situation};
use offcut::base::Nanos;
use offcut::bounds::{Chain, Flow, Grids, Link, Prices, Shape, Single, Singles, Spans, Tiles, Weights, gapless};
use offcut::cost::{CostModel, Traces};
use offcut::formats::Scenario;
use offcut::plan::{Block, GridRule, Space, Strategy};
use offcut::schedule::{Instance, schedule};
use offcut::search::exact::{
    Choice, Class, Draft, Ended, General, Heading, Led, Meant, Rested, Settled, Shop, Side, Solved, Solver, Start,
    Stretches, has_lone_groups,
};
use offcut::search::{
    Brute, Context, Exact, Outcome, Ranking, about_how_many_plans, at_most, nfl, strategies, unsplit_mw,
};

/// More plans of one situation than this are not gone through.
const MOST_PLANS: u64 = 20_000;

/// Situations in which Exact is compared with brute force.
const SPACES: u64 = 2500;

/// A situation whose plans are few.
fn case(seed: u64) -> (Scenario, Nanos) {
    let mut draw = Draw::new(seed);
    loop {
        let scenario = draw.tiny();
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let mut context = Context::new(&model, &scenario.space);
        let mut brute = Brute::new(&mut context);
        brute.step(&mut context, MOST_PLANS);
        if brute.is_done() {
            let best = brute.best().expect("a plan").makespan;
            return (scenario, best);
        }
    }
}

#[test]
fn every_strategy_is_enumerated_once_and_is_of_the_space() {
    for seed in 0..300 {
        let (scenario, _) = case(seed);
        let all = strategies(&scenario.space, &scenario.network);
        let number = all.number().to_u64().expect("few strategies");
        let mut found: Vec<Strategy> = all.map(|fused| Strategy::around(&scenario.network, &fused)).collect();
        assert!(found.iter().all(|strategy| scenario.space.holds(&scenario.network, strategy)));
        assert_eq!(number, found.len() as u64, "seed {seed}");
        found.sort();
        found.dedup();
        assert_eq!(number, found.len() as u64, "seed {seed}: a strategy is there twice");
    }
}

#[test]
fn plans_are_counted_before_they_are_evaluated() {
    let (mut exact, mut near) = (0, 0);
    for seed in 0..600 {
        let (scenario, _) = case(seed);
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let mut context = Context::new(&model, &scenario.space);
        let count = Brute::count(&mut context);
        let plans = count.plans.to_u64().expect("few plans");
        let mut brute = Brute::new(&mut context);
        while !brute.is_done() {
            brute.step(&mut context, 777);
        }
        let most = at_most(&scenario.space, &scenario.network).to_u64();
        assert!(most.is_none_or(|most| most >= plans), "seed {seed}: at most {most:?} of {plans} plans");
        if count.is_exact {
            assert_eq!(plans, brute.evaluations(), "seed {seed}");
            exact += 1;
        } else {
            assert!(plans >= brute.evaluations(), "seed {seed}: {plans} are fewer than {}", brute.evaluations());
            near += u32::from(plans <= 2 * brute.evaluations());
        }
    }
    assert!(exact > 100 && near > 5, "{exact} exact counts, {near} that are near");
}

/// What bundles of uneven grids prove, from a ranking of the even ones alone: the bound; the best plan, if the bound proves
/// it; and whether it is better than all before that.
fn bundled(scenario: &Scenario) -> (Nanos, Option<(Nanos, bool)>) {
    let model = CostModel::new(&scenario.network, &scenario.platform);
    let even = Space { rule: GridRule::Even, ..scenario.space.clone() };
    let mut context = Context::new(&model, &even);
    let ranking = ranking(&mut context);
    let mut context = Context::new(&model, &scenario.space);
    let mut exact = Exact::bundled(&mut context);
    let first = exact.best().makespan;
    let mut evenly = first;
    while !exact.is_done(&ranking) {
        let bound = exact.lower_bound(&ranking);
        if bound == Nanos::ZERO {
            evenly = exact.best().makespan;
        }
        exact.step(&mut context, &ranking);
    }
    let best = exact.best();
    assert!(scenario.space.holds(&scenario.network, &best.strategy));
    let (_, instance) = context.compile(&best.strategy.fused().cloned().collect::<Vec<_>>());
    assert_eq!(schedule(&instance, &best.order, &best.cuts).expect("a valid plan").makespan, best.makespan);
    let bound = exact.lower_bound(&ranking);
    let is_proven = exact.holds_all_grids() && bound == best.makespan;
    (bound, is_proven.then_some((best.makespan, best.makespan < evenly)))
}

#[test]
fn bundles_of_uneven_grids_hold_the_best_plan() {
    // By number of blocks: one at most, and several.
    let (mut proven, mut bounded, mut uneven, mut all) = ([0; 2], [0; 2], 0, [0; 2]);
    let mut check = |seed: u64, scenario: &Scenario, best: Nanos| {
        let several = usize::from(scenario.space.max_fused_blocks > 1);
        all[several] += 1;
        let (bound, found) = bundled(scenario);
        assert!(bound <= best, "seed {seed}: {bound:?} is no bound of {best:?}");
        bounded[several] += u32::from(bound > Nanos::ZERO);
        let Some((found, is_uneven)) = found else { return };
        assert_eq!(found, best, "seed {seed}");
        proven[several] += 1;
        uneven += u32::from(is_uneven);
    };
    for seed in 0..2500 {
        let (scenario, best) = case(seed);
        if scenario.space.rule != GridRule::Even {
            check(seed, &scenario, best);
        }
    }
    for seed in 0..300 {
        let (mut scenario, _) = situation(seed);
        scenario.space.max_fused_blocks = 1;
        scenario.space.rule = GridRule::Uneven { step: None };
        if scenario.space.grid_count(&scenario.network) < 400 {
            let model = CostModel::new(&scenario.network, &scenario.platform);
            let mut context = Context::new(&model, &scenario.space);
            let ranking = ranking(&mut context);
            let mut exact = Exact::new(&mut context);
            while !exact.is_done(&ranking) {
                exact.step(&mut context, &ranking);
            }
            check(seed, &scenario, exact.best().makespan);
        }
    }
    let told =
        format!("of {all:?} situations {bounded:?} are bounded, {proven:?} proven, {uneven} have an uneven best plan");
    println!("{told}");
    assert!(proven[0] > 200 && proven[1] > 60 && bounded[1] > 60 && uneven > 25, "{told}");
}

#[test]
fn the_general_solver_equals_brute_force_on_every_strategy() {
    let mut met = [0; 4];
    let (mut bounds, mut near) = (0, 0);
    for seed in 0..600 {
        let (scenario, _) = case(seed);
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let mut context = Context::new(&model, &scenario.space);
        let shares = [1.0 / 3.0; 3];
        for fused in strategies(&scenario.space, &scenario.network).take(60) {
            let mut brute = Brute::of_strategy(&mut context, &fused);
            brute.step(&mut context, MOST_PLANS);
            assert!(brute.is_done());
            let best = brute.best().expect("a plan").makespan.0;
            let (_, instance) = context.compile(&fused);
            let general = |limit: u64| {
                General::new(&instance, Meant::default(), &mut Start::new(shares), limit).expect("few paths")
            };
            let bound = general(u64::MAX).lower_bound();
            assert!(bound <= best, "seed {seed}: {bound} is no bound of {best}, {fused:?}");
            let found = general(u64::MAX).search(usize::MAX, &mut u64::MAX.clone());
            let Solved::Proven(Some(found)) = found else { panic!("seed {seed}: {found:?}") };
            let plan = schedule(&instance, &found.order, &found.cuts).expect("a valid plan");
            assert_eq!(plan.makespan.0, best, "seed {seed}: {found:?} of {fused:?}");
            assert_eq!(found.end, best, "seed {seed}: {found:?} of {fused:?}");
            let none = general(best).search(usize::MAX, &mut u64::MAX.clone());
            assert_eq!(none, Solved::Proven(None), "seed {seed}");
            let again = general(best + 1).search(usize::MAX, &mut u64::MAX.clone());
            assert!(matches!(again, Solved::Proven(Some(same)) if same.end == best), "seed {seed}: {fused:?}");
            for labels in [0, 3, 30, 300] {
                match general(best + 1).search(usize::MAX, &mut labels.clone()) {
                    Solved::Proven(found) => assert_eq!(found.map(|f| f.end), Some(best), "seed {seed}"),
                    Solved::Stopped(bound) => assert!(bound <= best, "seed {seed}: {bound} is no bound of {best}"),
                }
            }
            met[fused.len()] += 1;
            bounds += 1;
            near += u32::from(bound * 100 >= best * 95);
        }
    }
    println!("{met:?} strategies by fused blocks; {near} of {bounds} bounds within 5 %");
    assert!(met[1] > 1000 && met[2] > 1000 && met[3] > 50, "{met:?} strategies by fused blocks");
}

/// Makes uplink, device or server so much slower that another of them becomes what a plan waits for.
fn rebalance(scenario: &mut Scenario, seed: u64) {
    let factor = 1 << (2 * (seed / 4 % 4));
    let platform = &mut scenario.platform;
    match seed % 4 {
        0 => platform.link.uplink_kbps = (platform.link.uplink_kbps / factor).max(1),
        1 => platform.link.uplink_kbps *= factor,
        2 => platform.device.milli_gflops = (platform.device.milli_gflops / factor).max(1),
        _ => platform.server.milli_gflops = (platform.server.milli_gflops / factor).max(1),
    }
}

/// Tables of a space with so many fused blocks a strategy.
fn tables(context: &mut Context, most: usize) -> (Singles, Stretches) {
    let (singles, stretches, _) = grown(context, most);
    (singles, stretches)
}

/// The same, and how many steps they took.
fn grown(context: &mut Context, most: usize) -> (Singles, Stretches, usize) {
    let Ranking { singles, weights, .. } = Ranking::new(context, Nanos(u64::MAX));
    let mut draft = Draft::new(&mut context.traces, &singles, &weights, most);
    for steps in 1.. {
        match draft.grown(&mut context.traces, &singles) {
            Ok(stretches) => return (singles, stretches, steps),
            Err(more) => draft = more,
        }
    }
    unreachable!("tables are complete some time")
}

#[test]
fn tables_of_real_networks_take_many_steps_between_which_a_search_can_stop() {
    let scenario = offcut::formats::ScenarioFile::of_model("vgg11").resolve().expect("a preset");
    let model = CostModel::new(&scenario.network, &scenario.platform);
    let (_, stretches, steps) = grown(&mut Context::new(&model, &scenario.space), 3);
    let prices = stretches.weights().len();
    assert!(steps > prices + stretches.entries.len() / 100, "{steps} steps for {} blocks", stretches.entries.len());
}

/// Whether fused blocks follow each other at once.
fn is_chain(fused: &[Block]) -> bool {
    fused.windows(2).all(|pair| pair[0].last + 1 == pair[1].first)
}

/// The best of some plans of a strategy, or the limit if none is below it.
fn least_of(instance: &Instance, meant: Meant, limit: u64) -> u64 {
    let general = General::new(instance, meant, &mut Start::new([1.0 / 3.0; 3]), limit);
    match general.expect("few paths").search(usize::MAX, &mut u64::MAX.clone()) {
        Solved::Proven(found) => found.map_or(limit, |found| found.end),
        Solved::Stopped(_) => unreachable!("as many labels as there are"),
    }
}

/// Whether in some fused block each tile reads of all tiles of another one right before it: then plans are left out
/// where one of those is not split.
fn waits_for_all(model: &CostModel, fused: &[Block]) -> bool {
    let mut traces = Traces::new(model);
    let instance = Instance::new(&mut traces, &Strategy::around(model.network(), fused));
    let tiles = |block: &Block| {
        let paths = instance.paths().iter().enumerate();
        paths.filter(|(_, path)| path.first == block.first).map(|(at, _)| at).collect::<Vec<usize>>()
    };
    fused.windows(2).any(|pair| {
        let [first, second] = [&pair[0], &pair[1]].map(tiles);
        second.iter().all(|&path| first.iter().all(|other| instance.needs(path).contains(other)))
    })
}

/// Fused blocks, each by its end and its first stage.
fn placed(singles: &Singles, fused: &[Block]) -> Vec<[u32; 2]> {
    let place = |block: &Block| {
        let is_end = |end: &Single| end.last == block.last && end.grid == block.grid;
        let end = singles.ends.iter().position(is_end).expect("an end");
        [end as u32, block.first as u32]
    };
    fused.iter().map(place).collect()
}

/// Least bound of a strategy, however many of its blocks are held.
fn bound_of(stretches: &mut Stretches, singles: &Singles, fused: &[Block]) -> u64 {
    let blocks = placed(singles, fused);
    let held = 0..if stretches.has_cores() { fused.len() } else { 1 };
    let bounds = held.filter_map(|held| {
        let led = Led { blocks: &blocks, by: Heading::new(held, None) };
        stretches.ahead_of(singles, led, false, u64::MAX)
    });
    bounds.flat_map(|ahead| ahead.ends).min().unwrap_or(0)
}

/// Bounds of a strategy, by how its last block starts.
fn bounds_of(stretches: &mut Stretches, singles: &Singles, fused: &[Block]) -> [u64; 3] {
    let led = Led { blocks: &placed(singles, fused), by: Heading::default() };
    stretches.ahead_of(singles, led, false, u64::MAX).expect("a bound").ends
}

/// One fused block, and three right behind each other, so that one lies between two others; but where NFL is no worse,
/// plans may be left out.
#[test]
fn no_plan_of_one_or_three_adjacent_blocks_beats_its_bound() {
    let (mut near, mut all) = ([0; 4], [0; 4]);
    for seed in 0..1500 {
        let (mut scenario, _) = case(seed);
        scenario.space.max_fused_blocks = 3;
        rebalance(&mut scenario, seed);
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let mut context = Context::new(&model, &scenario.space);
        let (singles, mut stretches) = tables(&mut context, 3);
        let nfl = nfl(&mut context).makespan.0;
        let waits = stretches.joins_what_waits();
        let of_length = |length: usize| {
            let chains = strategies(&scenario.space, &scenario.network).filter(move |fused| fused.len() == length);
            let chains = chains.filter(|fused| !(waits && waits_for_all(&model, fused)));
            chains.filter(|fused| is_chain(fused)).take(if stretches.is_connected() { 30 } else { 0 })
        };
        let chains: Vec<Vec<Block>> = of_length(1).chain(of_length(3)).collect();
        for fused in chains {
            let bound = bound_of(&mut stretches, &singles, &fused);
            let (_, instance) = context.compile(&fused);
            let best = least_of(&instance, Meant::default(), nfl);
            assert!(best >= bound.min(nfl), "seed {seed}: {best} beats {bound}: {fused:?}");
            near[fused.len()] += u32::from(best < nfl && bound * 100 >= best * 90);
            all[fused.len()] += u32::from(best < nfl);
        }
    }
    println!("{near:?} of {all:?} bounds within 10 %, by number of blocks");
    assert!(near[1] > 500 && near[3] > 100, "{near:?} of {all:?} bounds within 10 %, by number of blocks");
}

/// Two or three blocks right behind each other, whatever their grids; but where NFL is no worse, plans may be left out.
#[test]
fn no_group_of_blocks_in_any_grids_beats_its_bound() {
    let (mut near, mut uneven, mut all, mut known) = (0, 0, 0, [0; 2]);
    for seed in 0..2500 {
        let (mut scenario, _) = case(seed);
        scenario.space.max_fused_blocks = 3;
        rebalance(&mut scenario, seed);
        let platform = &mut scenario.platform;
        (platform.device.slots, platform.server.slots, platform.link.return_result) = (1, 1, false);
        if seed % 2 == 0 {
            // Many tiles pay.
            (platform.device.overhead, platform.server.overhead) = (Nanos::ZERO, Nanos::ZERO);
        }
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let even = Space { rule: GridRule::Even, ..scenario.space.clone() };
        let mut context = Context::new(&model, &even);
        let nfl = nfl(&mut context).makespan.0;
        let singles = ranking(&mut context).singles;
        if !has_lone_groups(&mut context.traces, &singles) {
            continue;
        }
        let places = |last| Spans::places(&context.traces, &scenario.space, last).is_some();
        let stages = 0..scenario.network.stages().len();
        let has_spans: Vec<bool> = stages.map(|last| even.may_fuse(&scenario.network, last) && places(last)).collect();
        let mut of = |(last, &has)| {
            Some(if has { Some(Spans::new(&mut context.traces, &singles, &scenario.space, last)?) } else { None })
        };
        let Some(spans) = has_spans.iter().enumerate().map(&mut of).collect::<Option<Vec<_>>>() else { continue };
        let tiles = Tiles { singles: &singles, spans: &spans };
        let Some(flow) = Flow::new(&mut context.traces, &scenario.space, tiles) else { continue };
        let shares =
            (0..=4_u8).flat_map(|device| (0..=4 - device).map(move |uplink| [device, uplink, 4 - device - uplink]));
        let weights: Vec<Weights> = shares.map(|shares| Weights::from_shares(shares.map(f64::from), [1; 3])).collect();
        let from = |first: usize| weights.iter().map(|&weights| flow.bounds_from(first, weights, tiles)).collect();
        let bounds: Vec<Vec<Vec<[u64; Shape::COUNT]>>> = (0..flow.stages()).map(from).collect();
        // Of groups of whose blocks this is known.
        let of_links = |[first, last]: [usize; 2], links: &[Link]| {
            let of_shape = |shape: Shape| {
                let dear = [0, Prices::DEAREST / 2, Prices::DEAREST];
                let prices = weights.iter().flat_map(|&weights| dear.map(|dear| Prices { weights, dear }));
                let chain = Chain { first, last, shape, links };
                prices.map(|prices| flow.bound(chain, prices, tiles)).max().unwrap_or(0)
            };
            Shape::all().map(of_shape).min().unwrap_or(0)
        };
        let groups = strategies(&scenario.space, &scenario.network).filter(|fused| fused.len() > 1 && is_chain(fused));
        for fused in groups.take(60) {
            let [first, last] = [fused[0].first, fused[fused.len() - 1].last];
            let of_shape = |at: usize| bounds[first].iter().map(|bounds| bounds[last][at]).max().unwrap_or(0);
            let of_any = (0..Shape::COUNT).map(of_shape).min().unwrap_or(0);
            let (_, instance) = context.compile(&fused);
            let best = least_of(&instance, Meant::default(), nfl);
            assert!(best >= of_any.min(nfl), "seed {seed}: {best} beats {of_any}: {fused:?}");
            near += u32::from(best < nfl && of_any * 100 >= best * 90);
            all += u32::from(best < nfl);
            let is_even =
                |block: &Block| singles.ends.iter().any(|end| end.last == block.last && end.grid == block.grid);
            uneven += u32::from(best < nfl && !fused.iter().all(is_even));
            if best == nfl || all % 5 > 0 {
                continue;
            }
            let links: Vec<Link> = fused.iter().map(|block| link(block, tiles)).collect();
            let bounds = (1..=links.len()).map(|known| of_links([first, last], &links[..known]));
            let bound = bounds.max().unwrap_or(0);
            assert!(best >= bound, "seed {seed}: {best} beats {bound}: {links:?}");
            known[0] += u32::from(bound * 100 >= best * 90);
            known[1] += 1;
        }
    }
    let told = format!(
        "{near} of {all} bounds within 10 %, {} of {} where grids are known; {uneven} of groups with uneven grids",
        known[0], known[1]
    );
    println!("{told}");
    assert!(near > 100 && known[0] > 30 && uneven > 100, "{told}");
}

/// The grid of a block, as one of those that are bounded.
fn link(block: &Block, tiles: Tiles) -> Link {
    let ends = &tiles.singles.ends;
    let even = ends.iter().position(|end| end.last == block.last && end.grid == block.grid);
    let grids = match even {
        Some(end) => Grids::Even(ends[end].mirror_of.unwrap_or(end)),
        None => {
            let spans = tiles.spans[block.last].as_ref().expect("places");
            let chosen = [block.grid.rows(), block.grid.columns()].into_iter().zip(spans.axes());
            let place =
                |(at, places): (&u32, &Vec<u32>)| places.iter().position(|place| place == at).expect("a place") as u8;
            let chosen: Vec<Vec<u8>> =
                chosen.map(|(chosen, places)| chosen.iter().map(|at| place((at, places))).collect()).collect();
            Grids::Placed(block.grid.dimensions().map(|count| count as usize), chosen.try_into().expect("two axes"))
        }
    };
    Link { last: block.last, grids }
}

/// Some fused blocks of a lone group, whatever is fused behind them: no strategy with more blocks behind has a plan that
/// runs those on the server and is better than what the first ones, with any rest, allow.
#[test]
fn no_rest_on_the_server_makes_a_group_better_than_any_rest_allows() {
    let (mut near, mut all, mut told_apart) = (0, 0, 0);
    for seed in 0..1200 {
        let (mut scenario, _) = case(seed);
        scenario.space.max_fused_blocks = 3;
        rebalance(&mut scenario, seed);
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let mut context = Context::new(&model, &scenario.space);
        let (singles, stretches) = tables(&mut context, 3);
        let chains = strategies(&scenario.space, &scenario.network).filter(|fused| fused.len() > 1 && is_chain(fused));
        for fused in chains.take(if stretches.has_cores() { 25 } else { 0 }) {
            let mut least = |fused: &[Block], meant: Meant| least_of(&context.compile(fused).1, meant, u64::MAX);
            for core in 1..fused.len() {
                let ceded = Some(fused[core - 1].last + 1);
                let best = least(&fused, Meant { ceded, ..Meant::default() });
                for count in core..fused.len() {
                    let last = &fused[count - 1];
                    let [[end, _]] = placed(&singles, std::slice::from_ref(last))[..] else { unreachable!("one end") };
                    let behind = placed(&singles, &fused[count..]);
                    let all_rests = stretches.rests(end as usize);
                    let each =
                        each_of(all_rests).filter(|&rest| holds(&stretches, &singles, (end as usize, rest), &behind));
                    let held: Vec<Rested> = each.collect();
                    assert!(!held.is_empty(), "seed {seed}: no rest holds what is behind {count} of {fused:?}");
                    told_apart += u32::from(all_rests.halves().is_some());
                    for rests in held.into_iter().chain([all_rests]) {
                        let rest = stretches.rest(end as usize, rests);
                        let bound = least(&fused[..count], Meant { ceded, rest, ..Meant::default() });
                        assert!(
                            best >= bound,
                            "seed {seed}: {best} beats {bound}: {rests:?} behind {count} of {fused:?}"
                        );
                        near += u32::from(bound.saturating_mul(100) >= best.saturating_mul(95));
                        all += 1;
                    }
                }
            }
        }
    }
    println!("{near} of {all} bounds of any rest within 5 %; rests are told apart in {told_apart} cases");
    assert!(near > 500, "{near} of {all} bounds of any rest within 5 %");
}

/// Whether a rest of an end stands for these blocks, each by its end and its first stage.
fn holds(stretches: &Stretches, singles: &Singles, from: (usize, Rested), behind: &[[u32; 2]]) -> bool {
    let Some((&[end, first], others)) = behind.split_first() else {
        return stretches.rests_with(singles, from, None).1;
    };
    let entry = stretches.find(end as usize, first as usize).expect("of the space");
    let (rests, _) = stretches.rests_with(singles, from, Some(&stretches.entries[entry]));
    rests.is_some_and(|all| each_of(all).any(|rest| holds(stretches, singles, (end as usize, rest), others)))
}

fn each_of(rests: Rested) -> impl Iterator<Item = Rested> {
    let [from, to] = rests.range();
    (from..to).map(|rest| Rested::new([rest, rest + 1]))
}

/// Some fused blocks of a lone group of which the first are held, whatever is fused before them: no strategy with more
/// blocks before has a plan that holds those, too, and is better than what the first ones, with any head, allow.
#[test]
fn no_held_blocks_make_a_core_better_than_any_head_allows() {
    let (mut near, mut all, mut most) = (0, 0, 0);
    for seed in 0..150 {
        let scenario = Draw::new(seed).wide();
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let mut context = Context::new(&model, &scenario.space);
        let (singles, mut stretches) = tables(&mut context, 4);
        let nfl = nfl(&mut context).makespan.0;
        let chains = strategies(&scenario.space, &scenario.network).filter(|fused| fused.len() > 1 && is_chain(fused));
        let chains = chains.filter(|fused| !waits_for_all(&model, fused));
        let chains: Vec<Vec<Block>> = chains.step_by(7).take(if stretches.has_cores() { 15 } else { 0 }).collect();
        for fused in chains {
            let blocks = placed(&singles, &fused);
            let mut least = |fused: &[Block], meant: Meant| least_of(&context.compile(fused).1, meant, u64::MAX);
            for held in 1..fused.len() {
                let meant = Meant { held: Some(fused[held].first), ..Meant::default() };
                let best = least(&fused, meant);
                for from in 1..=held {
                    let mut headed = Vec::new();
                    let entry = stretches.find(blocks[from][0] as usize, fused[from].first).expect("an entry");
                    for at in 0..stretches.count_heads(entry) {
                        let led = |held: usize| {
                            let by = Heading::new(held - from, Some([at, at + 1]));
                            Led { blocks: &blocks[from..], by }
                        };
                        // The next one may be held, too.
                        let bounds = (held..fused.len()).flat_map(|held| {
                            stretches.ahead_of(&singles, led(held), false, u64::MAX).expect("a bound").ends
                        });
                        let bound = bounds.min().unwrap_or(0);
                        let head = stretches.head(led(held));
                        headed.push([bound, least(&fused[from..], Meant { head, ..meant })]);
                    }
                    most = most.max(headed.len());
                    for bound in [0, 1].map(|which| headed.iter().map(|of| of[which]).min().unwrap_or(0)) {
                        assert!(
                            best >= bound.min(nfl),
                            "seed {seed}: {best} beats {bound}: {from}, {held} of {fused:?}"
                        );
                        near += u32::from(bound.saturating_mul(100) >= best.saturating_mul(95));
                        all += 1;
                    }
                }
            }
        }
    }
    println!("{near} of {all} bounds of any head within 5 %, up to {most} heads");
    assert!(near > 500 && most > 4, "{near} of {all} bounds of any head within 5 %, up to {most} heads");
}

/// Two fused blocks right behind each other: the least of all plans in which the first stays on the device, in which
/// the second starts on both sides, and in which it starts on the server, none of which is below its bound; but where
/// NFL is no worse, plans may be left out.
#[test]
fn no_plan_of_two_adjacent_blocks_beats_the_bound_of_its_case() {
    let mut near = [0; 3];
    for seed in 0..2000 {
        let (mut scenario, _) = case(seed);
        rebalance(&mut scenario, seed);
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let mut context = Context::new(&model, &scenario.space);
        let (singles, mut stretches) = tables(&mut context, 2);
        let nfl = nfl(&mut context).makespan.0;
        let all = strategies(&scenario.space, &scenario.network).filter(|fused| fused.len() == 2 && is_chain(fused));
        let waits = stretches.joins_what_waits();
        let all = all.filter(|fused| !(waits && waits_for_all(&model, fused)));
        for fused in all.take(if stretches.is_connected() { 40 } else { 0 }) {
            let bounds = bounds_of(&mut stretches, &singles, &fused);
            let (_, instance) = context.compile(&fused);
            let of = |block: &Block| {
                let is_of = |(_, path): &(usize, &offcut::schedule::Path)| path.first == block.first;
                instance.paths().iter().enumerate().filter(is_of).map(|(path, _)| path as u8).collect::<Vec<u8>>()
            };
            let [first, second] = [of(&fused[0]), of(&fused[1])];
            let least = |settled: &[Settled]| least_of(&instance, Meant { settled, ..Meant::default() }, u64::MAX);
            let whole = |paths: &[u8], side: Side| -> Vec<Settled> {
                paths.iter().map(|&path| Settled { path, side }).collect()
            };
            let pairs = first.iter().flat_map(|&s| second.iter().map(move |&t| (s, t)));
            let both = pairs.map(|(s, t)| {
                least(&[Settled { path: s, side: Side::Leaves }, Settled { path: t, side: Side::OnDevice }])
            });
            let held = second.iter().map(|&path| {
                let mut settled = whole(&first, Side::Stays);
                settled.push(Settled { path, side: Side::OnDevice });
                least(&settled)
            });
            let ceded = least(&whole(&second, Side::OnServer));
            let cases = [held.min().unwrap_or(u64::MAX), both.min().unwrap_or(u64::MAX), ceded];
            let cases = cases.into_iter().zip(bounds);
            for (case, (best, bound)) in cases.enumerate() {
                assert!(best >= bound.min(nfl), "seed {seed}, case {case}: {best} beats {bound}: {fused:?}");
                near[case] += u32::from(best < u64::MAX && bound < nfl && bound * 100 >= best * 90);
            }
        }
    }
    println!("bounds of each case within 10 %: {near:?}");
    assert!(near.iter().all(|&near| near > 20), "bounds of each case within 10 %: {near:?}");
}

/// Twins of which only one was sent what it reads: the other one, on the device, need not go first.
#[test]
fn twins_that_may_start_on_different_sides_may_go_in_any_order() {
    let mut met = 0;
    for seed in 200..320 {
        let scenario = Draw::new(seed).twins();
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let mut context = Context::new(&model, &scenario.space);
        let is_pair = |fused: &Vec<Block>| {
            let lasts: Vec<usize> = fused.iter().map(|block| block.last).collect();
            lasts == [0, 2] && fused[1].grid.rows() == [0, 4, 8]
        };
        for fused in strategies(&scenario.space, &scenario.network).filter(is_pair) {
            let mut brute = Brute::of_strategy(&mut context, &fused);
            brute.step(&mut context, MOST_PLANS);
            let best = brute.best().filter(|_| brute.is_done()).expect("few plans").makespan.0;
            let (_, instance) = context.compile(&fused);
            let mut general = General::new(&instance, Meant::default(), &mut Start::new([1.0 / 3.0; 3]), u64::MAX)
                .expect("few paths");
            let found = general.search(usize::MAX, &mut u64::MAX.clone());
            assert!(matches!(found, Solved::Proven(Some(found)) if found.end == best), "seed {seed}: {fused:?}");
            met += 1;
        }
    }
    assert!(met > 500, "{met} pairs of blocks");
}

/// What [`offcut::job`] does before an exact search.
fn ranking(context: &mut Context) -> Ranking {
    let known = nfl(context).makespan.max(unsplit_mw(context).makespan);
    Ranking::new(context, known)
}

#[test]
fn exact_equals_brute_force_on_every_space() {
    for seed in 0..SPACES {
        let (scenario, best) = case(seed);
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let mut context = Context::new(&model, &scenario.space);
        let ranking = ranking(&mut context);
        let mut exact = Exact::new(&mut context);
        while !exact.is_done(&ranking) {
            // Whenever it is stopped, its plan is valid and its bound is one.
            let outcome = exact.outcome(&ranking);
            assert!(outcome.lower_bound <= best, "seed {seed}: {:?} is no bound of {best:?}", outcome.lower_bound);
            assert!(outcome.found.makespan >= best, "seed {seed}: {outcome:?} beats brute force");
            is_valid(&mut context, &outcome);
            exact.step(&mut context, &ranking);
        }
        let outcome = exact.outcome(&ranking);
        assert_eq!(outcome.found.makespan, best, "seed {seed}: {outcome:?}");
        assert!(outcome.is_proven(), "seed {seed}: {outcome:?}");
        is_valid(&mut context, &outcome);
    }
}

/// Whether all of the first fused block stays on the device, and sends nothing.
fn is_held(instance: &Instance, first: &Block, cuts: &[usize]) -> bool {
    let paths = instance.paths().iter().enumerate().filter(|(_, path)| path.first == first.first);
    paths.clone().all(|(at, path)| cuts[at] == path.len && instance.dependents(at).iter().all(|d| cuts[d.path] > 0))
}

/// What some spaces and their best plans are like.
#[derive(Debug, Default)]
struct Met {
    all: u32,
    /// Several fused blocks in the best plan.
    several: u32,
    /// Stages behind them.
    goes_on: u32,
    /// The first of them is held.
    held: u32,
}

/// More blocks than brute force could go through, each strategy by the general solver instead; none where there are too
/// many strategies, or no more than two blocks in any.
fn exact_equals_every_strategy(seed: u64, scenario: &Scenario, met: &mut Met) {
    let every: Vec<Vec<Block>> = strategies(&scenario.space, &scenario.network).take(1500).collect();
    if every.len() == 1500 || !every.iter().any(|fused| fused.len() > 2) {
        return;
    }
    let model = CostModel::new(&scenario.network, &scenario.platform);
    let mut context = Context::new(&model, &scenario.space);
    let ranking = ranking(&mut context);
    let mut exact = Exact::new(&mut context);
    let (mut best, mut fused_best, mut held) = (exact.best().makespan.0, Vec::new(), false);
    let mut start = Start::new([1.0 / 3.0; 3]);
    for fused in every {
        let (_, instance) = context.compile(&fused);
        let general = General::new(&instance, Meant::default(), &mut start, best);
        let solved = general.expect("few paths").search(usize::MAX, &mut u64::MAX.clone());
        if let Solved::Proven(Some(found)) = solved {
            held = fused.first().is_some_and(|first| is_held(&instance, first, &found.cuts));
            (best, fused_best) = (found.end, fused);
        }
    }
    while !exact.is_done(&ranking) {
        let bound = exact.lower_bound(&ranking).0;
        assert!(bound <= best, "seed {seed}: {bound} is no bound of {best}: {fused_best:?}");
        exact.step(&mut context, &ranking);
    }
    let outcome = exact.outcome(&ranking);
    assert!(outcome.is_proven() && outcome.found.makespan.0 == best, "seed {seed}: {outcome:?}, not {fused_best:?}");
    let is_several = fused_best.len() > 1;
    let ends = fused_best.last().is_some_and(|block| block.last + 1 == scenario.network.stages().len());
    met.all += 1;
    met.several += u32::from(is_several);
    met.goes_on += u32::from(is_several && !ends);
    met.held += u32::from(is_several && held);
}

#[test]
fn exact_equals_the_best_of_every_strategy_of_many_blocks() {
    let mut met = Met::default();
    for seed in 0..2000 {
        let mut scenario = Draw::new(seed).tiny();
        scenario.space.max_fused_blocks = 4;
        scenario.space.rule = GridRule::Even;
        // Where only lone groups count more is left out.
        scenario.platform.device.slots = 1;
        scenario.platform.server.slots = 1;
        scenario.platform.link.return_result = false;
        rebalance(&mut scenario, seed);
        exact_equals_every_strategy(seed, &scenario, &mut met);
    }
    println!("{met:?}");
    assert!(met.all > 100 && met.several > 10, "{met:?}");
}

#[test]
fn exact_equals_the_best_of_every_strategy_of_tiles_that_read_widely() {
    let mut met = Met::default();
    for seed in 0..200 {
        let scenario = Draw::new(seed).wide();
        exact_equals_every_strategy(seed, &scenario, &mut met);
    }
    println!("{met:?}");
    assert!(met.held > 10, "{met:?}");
}

fn is_valid(context: &mut Context, outcome: &Outcome) {
    let found = &outcome.found;
    assert!(context.space.holds(context.network(), &found.strategy));
    let instance = Instance::new(&mut context.traces, &found.strategy);
    let plan = schedule(&instance, &found.order, &found.cuts).expect("a valid plan");
    assert_eq!(plan.makespan, found.makespan);
}

/// The choices of a job by cut. A device time of 0 is no device operation: only cut 0 has none.
fn choices(cuts: &serde_json::Value) -> Vec<Choice> {
    let rows: Vec<[u64; 3]> = serde_json::from_value(cuts.clone()).expect("rows of three times");
    let last = rows.len() - 1;
    let choice = |(cut, [device, upload, server]): (usize, [u64; 3])| Choice {
        device: (cut > 0 || last == 0).then_some(device),
        upload,
        server: (cut < last || last == 0).then_some(server),
        download: 0,
    };
    rows.into_iter().enumerate().map(choice).collect()
}

#[test]
fn shops_have_their_proven_optima() {
    let cases: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("data/flow-shop-with-cuts.json")).expect("a list of shops");
    let mut met = 0;
    for case in &cases {
        let classes = match case["kind"].as_str() {
            Some("identical_tiles_with_cuts") => {
                vec![Class { count: case["n"].as_u64().expect("a count") as usize, choices: choices(&case["cuts"]) }]
            }
            Some("tile_classes_with_cuts") => {
                let classes = case["classes"].as_array().expect("classes").iter();
                classes
                    .map(|c| Class { count: c[0].as_u64().expect("a count") as usize, choices: choices(&c[1]) })
                    .collect()
            }
            _ => {
                let jobs = case["jobs"].as_array().expect("jobs").iter();
                jobs.map(|job| Class { count: 1, choices: choices(&serde_json::json!([job])) }).collect()
            }
        };
        let shop = Shop { slots: [1, 1], device_ready: 0, sent: 0, tail: None, classes };
        let optimum = case["optimum"].as_u64().expect("an optimum");
        let mut solver = Solver::new(&shop, [1.0 / 3.0; 3], u64::MAX);
        assert!(solver.lower_bound() <= optimum, "{case}");
        match solver.search(u64::MAX, usize::MAX, &mut u64::MAX.clone()) {
            Ended::Proven(Some(found)) => assert_eq!(found.end, optimum, "{case}"),
            other => panic!("{other:?} of {case}"),
        }
        met += 1;
    }
    assert!(met >= 30, "{met} shops");
}

/// Until when the slots of a shop's resources are taken.
#[derive(Clone)]
struct Taken {
    device: Vec<u64>,
    uplink: u64,
    server: Vec<u64>,
    downlink: u64,
}

/// Puts an operation on the slot that is free first; gives its end.
fn run(slots: &mut [u64], ready: u64, time: u64) -> u64 {
    let first = slots.iter_mut().min().expect("a slot");
    *first = ready.max(*first) + time;
    *first
}

/// The least end of all sequences of the jobs left.
fn least_end(shop: &Shop, left: &mut [usize], taken: &Taken) -> u64 {
    let last = |slots: &[u64]| slots.iter().copied().max().unwrap_or(0);
    if left.iter().all(|&count| count == 0) {
        let there = taken.uplink.max(last(&taken.server)) + shop.tail.unwrap_or(0);
        return there.max(last(&taken.device)).max(taken.downlink);
    }
    let mut least = u64::MAX;
    for class in 0..left.len() {
        if left[class] == 0 {
            continue;
        }
        left[class] -= 1;
        for choice in &shop.classes[class].choices {
            let mut then = taken.clone();
            let mut at = choice.device.map_or(0, |time| run(&mut then.device, shop.device_ready, time));
            let mut there = if choice.device.is_none() { shop.sent } else { 0 };
            if choice.upload > 0 {
                at = at.max(then.uplink) + choice.upload;
                (then.uplink, there) = (at, at);
            }
            if let Some(time) = choice.server {
                let end = run(&mut then.server, there, time);
                if choice.download > 0 {
                    then.downlink = then.downlink.max(end) + choice.download;
                }
            }
            least = least.min(least_end(shop, left, &then));
        }
        left[class] += 1;
    }
    least
}

#[test]
fn a_choice_that_covers_another_one_never_ends_later() {
    let mut met = 0;
    for seed in 0..20_000 {
        let shop = Draw::new(seed).shop();
        let pairs = shop.classes[0].choices.iter().flat_map(|a| shop.classes[0].choices.iter().map(move |b| (a, b)));
        for (covering, covered) in pairs.filter(|(a, b)| a != b && a.covers(b)) {
            let end = |choice: &Choice| {
                let mut shop = shop.clone();
                shop.classes[0].choices = vec![*choice];
                let mut left: Vec<usize> = shop.classes.iter().map(|class| class.count).collect();
                let [device, server] = shop.slots.map(|slots| vec![0; slots]);
                least_end(&shop, &mut left, &Taken { device, uplink: shop.sent, server, downlink: 0 })
            };
            assert!(end(covering) <= end(covered), "seed {seed}: {covering:?} for {covered:?} in {shop:?}");
            met += 1;
        }
    }
    assert!(met > 1000, "{met} pairs");
}

#[test]
fn shops_equal_all_their_sequences() {
    for seed in 0..4000 {
        let shop = Draw::new(seed).shop();
        let mut left: Vec<usize> = shop.classes.iter().map(|class| class.count).collect();
        let [device, server] = shop.slots.map(|slots| vec![0; slots]);
        let best = least_end(&shop, &mut left, &Taken { device, uplink: shop.sent, server, downlink: 0 });
        let mut solver = Solver::new(&shop, [1.0 / 3.0; 3], u64::MAX);
        assert!(solver.lower_bound() <= best, "seed {seed}: {} is no bound of {best}", solver.lower_bound());
        let found = solver.search(u64::MAX, usize::MAX, &mut u64::MAX.clone());
        assert!(
            matches!(&found, Ended::Proven(Some(found)) if found.end == best),
            "seed {seed}: {found:?}, not {best}"
        );
        let none = solver.search(best, usize::MAX, &mut u64::MAX.clone());
        assert_eq!(none, Ended::Proven(None), "seed {seed}");
        let again = solver.search(best + 1, usize::MAX, &mut u64::MAX.clone());
        assert!(matches!(&again, Ended::Proven(Some(found)) if found.end == best), "seed {seed}: {again:?}");
    }
}

/// A kind of situation, by name.
type Kind = (&'static str, fn(&Scenario) -> bool);

#[test]
fn the_generator_makes_each_kind() {
    let kinds: [Kind; 7] = [
        ("several blocks", |s| s.space.max_fused_blocks > 1),
        ("branches", |s| !generate::is_chain(&s.network)),
        ("device slots", |s| s.platform.device.slots > 1),
        ("server slots", |s| s.platform.server.slots > 1),
        ("returned results", |s| s.platform.link.return_result),
        ("moving boundaries", |s| s.space.rule != GridRule::Even),
        ("gaps", |s| !gapless(&s.network)),
    ];
    let all: Vec<Scenario> = (0..400).map(|seed| case(seed).0).collect();
    for (kind, is) in kinds {
        let found = all.iter().filter(|scenario| is(scenario)).count();
        assert!((40..=380).contains(&found), "{found} of 400 with {kind}");
    }
}

/// What the page says of brute force is what brute force itself counts.
#[test]
fn plans_of_default_spaces_are_counted_alike() {
    for id in ["alexnet", "tiny-yolov2", "resnet18"] {
        let scenario = offcut::formats::ScenarioFile::of_model(id).resolve().expect("a preset");
        let model = CostModel::new(&scenario.network, &scenario.platform);
        let mut context = Context::new(&model, &scenario.space);
        let ranking = Ranking::new(&mut context, Nanos(u64::MAX));
        let about = about_how_many_plans(&ranking.singles, scenario.network.stages().len());
        let count = Brute::count(&mut context);
        let exact: f64 = count.plans.to_string().parse().expect("digits");
        assert!(count.is_exact && (about / exact - 1.0).abs() < 1e-9, "{id}: {about} is not {exact}");
    }
}
