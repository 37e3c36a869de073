//! What other solvers are timed on: `cargo run --release --example instances FOLDER`.
//!
//! Writes into the folder `instances.json` and a scenario document for each situation: networks of
//! the zoo, a preset and an idealised device, a preset server and a slow one without overheads, two
//! links; those in which the proven best beats NFL by 1 % or more, thinned out evenly.
//! - `strategies`: single FL strategies, each as its shops that may hold a plan below NFL's: of each
//!   situation the best-bounded one, the best-bounded one of 12 tiles or more, and of the best-bounded
//!   ones the one that costs Exact most labels;
//! - `spaces`: whole plan spaces, as the shops of all strategies that the ranking's bounds leave;
//! - `situations`: what PSOMW finds with its default budget.
//!
//! Exact's times are medians. Of a strategy: preparing and searching its shops, their tables left out.
//! Of a space: the whole search, the tables and the ranking of its strategies told apart.

use offcut::base::Nanos;
use offcut::cost::CostModel;
use offcut::formats::{ProcessorFile, Reference, Scenario, ScenarioFile};
use offcut::job::{prove, ranking, swarm};
use offcut::search::exact::{self, Choice, Class, Ended, Shop, Solver};
use offcut::search::{Context, Ranking, Unwatched, nfl};
use serde::Serialize;
use serde_json::{Value, json};
use std::error::Error;
use std::path::Path;
use std::time::Instant;

const NETWORKS: [&str; 7] = ["tiny-yolov2", "alexnet", "vgg11", "vgg16", "resnet18", "squeezenet1.1", "yolov2-416"];
const LINKS: [&str; 3] = ["literature-4g", "home-wifi", "literature-wifi"];
/// Fusing has to gain this much for a situation to count.
const WORTH: f64 = 1.01;
/// Situations kept.
const SITUATIONS: usize = 18;
/// Whole plan spaces kept, those of the fewest shops first.
const SPACES: usize = 3;
/// Tiles of a strategy that counts as a hard one.
const MANY_TILES: usize = 12;
/// Shops of a single strategy, at most.
const FEW_SHOPS: usize = 4;
/// Best-bounded strategies among which those of a situation are chosen.
const LOOKED_AT: usize = 200;
/// Runs of which a time is the median.
const RUNS: usize = 5;
/// Labels that a narrow beam keeps, as Exact does at first.
const BEAM: usize = 3;
/// Labels after which a shop is given up, as by Exact.
const MOST_LABELS: u64 = 1 << 22;

/// A situation in which fusing pays.
struct Situation {
    name: String,
    file: ScenarioFile,
    scenario: Scenario,
    nfl: Nanos,
    exact: Nanos,
}

/// A strategy or a space, as its shops and what Exact says of them.
#[derive(Serialize)]
struct Exported {
    name: String,
    kind: &'static str,
    tiles: usize,
    /// Only what ends before it counts; none: everything does.
    limit: Option<u64>,
    /// None where nothing does.
    optimum: Option<u64>,
    proven: bool,
    labels: u64,
    exact_ms: f64,
    /// Tables and ranking of a space.
    ranking_ms: Option<f64>,
    strategies: usize,
    shops: Vec<Value>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("into which folder?")?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let situations = situations();
    let mut spaces: Vec<Exported> = situations.iter().filter_map(space).collect();
    spaces.sort_by_key(|space| space.shops.len());
    spaces.truncate(SPACES);
    let strategies = different(situations.iter().flat_map(strategies).collect());
    let mut swarms = Vec::new();
    for (number, situation) in situations.iter().enumerate() {
        let file = format!("situation-{number:02}.json");
        std::fs::write(folder.join(&file), serde_json::to_string_pretty(&situation.file)?)?;
        swarms.push(swarmed(situation, &file));
    }
    let all = json!({ "strategies": strategies, "spaces": spaces, "situations": swarms });
    std::fs::write(folder.join("instances.json"), serde_json::to_string(&all)?)?;
    Ok(())
}

/// The situations that count, as many as are kept.
fn situations() -> Vec<Situation> {
    let all: Vec<Situation> = files().into_iter().filter_map(|(name, file)| counts(name, file)).collect();
    let kept = all.len().min(SITUATIONS);
    let places: Vec<usize> = (0..kept).map(|i| i * all.len() / kept).collect();
    all.into_iter().enumerate().filter(|(at, _)| places.contains(at)).map(|(_, situation)| situation).collect()
}

fn files() -> Vec<(String, ScenarioFile)> {
    let id = |id: &str| Reference::Id(id.to_owned());
    let ideal = |name: &str, gflops: f64| {
        let (name, memory_gb_per_s) = (name.to_owned(), 1e5);
        let made = ProcessorFile { name, gflops, memory_gb_per_s, overhead_us: 0.0, slots: 1, memory_mb: None };
        Reference::Whole(Box::new(made))
    };
    let devices = [("Raspberry Pi 3B+", id("raspberry-pi-3b+")), ("ideal", ideal("idealised device", 20.0))];
    let servers = [("RTX 2080", id("rtx-2080")), ("slow", ideal("slow server without overheads", 60.0))];
    let mut all = Vec::new();
    for network in NETWORKS {
        for (device_name, device) in &devices {
            for (server_name, server) in &servers {
                for link in LINKS {
                    let of_model = ScenarioFile::of_model(network);
                    let (device, server) = (device.clone(), server.clone());
                    let file = ScenarioFile { device, server, network: Reference::Id(link.to_owned()), ..of_model };
                    all.push((format!("{network}, {device_name}, {server_name}, {link}"), file));
                }
            }
        }
    }
    all
}

fn counts(name: String, file: ScenarioFile) -> Option<Situation> {
    let scenario = file.resolve().ok()?;
    let model = CostModel::new(&scenario.network, &scenario.platform);
    let mut context = Context::new(&model, &scenario.space);
    let ranking = ranking(&mut context);
    let proof = prove(&mut context, &ranking, u64::MAX).outcome(&ranking);
    let (nfl, exact) = (nfl(&mut context).makespan, proof.found.makespan);
    let pays = nfl.0 as f64 >= WORTH * exact.0 as f64 && proof.is_proven();
    pays.then_some(Situation { name, file, scenario, nfl, exact })
}

/// Single strategies of a situation.
fn strategies(situation: &Situation) -> Vec<Exported> {
    let Scenario { network, platform, space, .. } = &situation.scenario;
    let model = CostModel::new(network, platform);
    let mut context = Context::new(&model, space);
    let ranking = ranking(&mut context);
    let looked_at: Vec<(usize, Vec<Shop>)> = (0..ranking.ranked.len().min(LOOKED_AT))
        .filter_map(|at| Some((at, shops_at(&context, &ranking, at, situation.nfl)?)))
        .filter(|(_, shops)| (1..=FEW_SHOPS).contains(&shops.len()))
        .collect();
    let first = looked_at.first();
    let large = looked_at.iter().find(|(_, shops)| tiles(shops) >= MANY_TILES);
    let hard = looked_at.iter().max_by_key(|(_, shops)| solve(shops, None).labels);
    let mut exported: Vec<Exported> = Vec::new();
    for (kind, chosen) in [("best", first), ("large", large), ("hard", hard)] {
        let Some((at, shops)) = chosen else { continue };
        let block = ranking.block(&ranking.ranked[*at]);
        let [rows, columns] = block.grid.dimensions();
        let name = format!("{}: stages {}..={} in {rows}×{columns}", situation.name, block.first, block.last);
        exported.push(strategy(name, kind, shops));
    }
    exported
}

/// Strategies whose shops no other one before has: a square map's rows and columns make the same ones.
fn different(all: Vec<Exported>) -> Vec<Exported> {
    let mut kept: Vec<Exported> = Vec::new();
    for strategy in all {
        if kept.iter().all(|known| known.shops != strategy.shops) {
            kept.push(strategy);
        }
    }
    kept
}

fn shops_at(context: &Context, ranking: &Ranking, at: usize, limit: Nanos) -> Option<Vec<Shop>> {
    let ranked = ranking.ranked[at];
    let mut shares = ranking.fluid.shares;
    exact::shops(context, &ranking.singles, (ranked.end, ranked.first), &mut shares, limit)
}

fn tiles(shops: &[Shop]) -> usize {
    shops.first().map_or(0, |shop| shop.classes.iter().map(|class| class.count).sum())
}

fn strategy(name: String, kind: &'static str, shops: &[Shop]) -> Exported {
    let solved = solve(shops, None);
    let exact_ms = median(|| {
        solve(shops, None);
    });
    Exported {
        name,
        kind,
        tiles: tiles(shops),
        limit: None,
        optimum: solved.best,
        proven: solved.proven,
        labels: solved.labels,
        exact_ms,
        ranking_ms: None,
        strategies: 1,
        shops: shops.iter().map(written).collect(),
    }
}

/// What Exact makes of some shops.
struct Solved {
    best: Option<u64>,
    proven: bool,
    labels: u64,
}

/// The best end of all shops below a limit, as Exact searches a strategy's: a narrow beam over every
/// shop, then each whole.
fn solve(shops: &[Shop], limit: Option<u64>) -> Solved {
    let mut solved = Solved { best: None, proven: true, labels: 0 };
    let mut below = limit.unwrap_or(u64::MAX);
    let mut shares = [1.0 / 3.0; 3];
    for beam in [BEAM, usize::MAX] {
        for shop in shops {
            let mut solver = Solver::new(shop, shares, below);
            if solver.lower_bound() >= below {
                continue;
            }
            shares = solver.shares();
            let mut left = MOST_LABELS;
            match solver.search(below, beam, &mut left) {
                Ended::Proven(Some(sequence)) => {
                    below = sequence.end;
                    solved.best = Some(below);
                }
                Ended::Proven(None) => {}
                Ended::Stopped(bound, found) => {
                    if let Some(sequence) = found {
                        below = sequence.end;
                        solved.best = Some(below);
                    }
                    solved.proven &= bound >= below;
                }
            }
            solved.labels += MOST_LABELS - left;
        }
    }
    solved
}

/// The whole plan space of a situation.
fn space(situation: &Situation) -> Option<Exported> {
    let Scenario { network, platform, space, .. } = &situation.scenario;
    let model = CostModel::new(network, platform);
    let mut context = Context::new(&model, space);
    let limit = situation.nfl;
    let ranking_of = |context: &mut Context| Ranking::new(context, limit);
    let ranking = ranking_of(&mut context);
    let mut shops = Vec::new();
    for at in 0..ranking.ranked.len() {
        shops.extend(shops_at(&context, &ranking, at, limit)?);
    }
    let labels = prove(&mut context, &ranking, u64::MAX).evaluations();
    let mut ranking_ms = Vec::new();
    let mut exact_ms = Vec::new();
    for _ in 0..RUNS {
        let mut context = Context::new(&model, space);
        let start = Instant::now();
        let ranking = ranking_of(&mut context);
        ranking_ms.push(milliseconds(start));
        let start = Instant::now();
        prove(&mut context, &ranking, u64::MAX);
        exact_ms.push(milliseconds(start));
    }
    Some(Exported {
        name: situation.name.clone(),
        kind: "space",
        tiles: shops.iter().map(|shop| tiles(std::slice::from_ref(shop))).max().unwrap_or(0),
        limit: Some(limit.0),
        optimum: (situation.exact < limit).then_some(situation.exact.0),
        proven: true,
        labels,
        exact_ms: middle(exact_ms),
        ranking_ms: Some(middle(ranking_ms)),
        strategies: ranking.ranked.len(),
        shops: shops.iter().map(written).collect(),
    })
}

/// What PSOMW finds in a situation, and what the proven best is.
fn swarmed(situation: &Situation, file: &str) -> Value {
    let Scenario { network, platform, space, search, .. } = &situation.scenario;
    let model = CostModel::new(network, platform);
    let start = Instant::now();
    let mut context = Context::new(&model, space);
    let ranking = ranking(&mut context);
    let outcome = swarm(&mut context, &ranking, *search, None, &mut Unwatched, Nanos::ZERO);
    json!({
        "name": situation.name,
        "scenario": file,
        "nfl": situation.nfl.0,
        "exact": situation.exact.0,
        "psomw": outcome.found.makespan.0,
        "psomw_ms": milliseconds(start),
        "evaluations": outcome.evaluations,
        "particles": search.particles,
        "iterations": search.iterations,
    })
}

fn written(shop: &Shop) -> Value {
    let choice = |choice: &Choice| json!([choice.device, choice.upload, choice.server, choice.download]);
    let class = |class: &Class| {
        let choices: Vec<Value> = class.choices.iter().map(choice).collect();
        json!({ "count": class.count, "choices": choices })
    };
    let classes: Vec<Value> = shop.classes.iter().map(class).collect();
    json!({
        "slots": shop.slots,
        "device_ready": shop.device_ready,
        "uplink_ready": shop.sent,
        "server_ready": shop.sent,
        "tail": shop.tail,
        "classes": classes,
    })
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

/// Milliseconds of a run, at the median.
fn median(run: impl Fn()) -> f64 {
    let once = |_| {
        let start = Instant::now();
        run();
        milliseconds(start)
    };
    middle((0..RUNS).map(once).collect())
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
