//! How far PSOMW stays from the proven best:
//! `cargo xtask gap [--json] [--every N] [--runs N] [--blocks N] [--uneven] [--seconds S] [NETWORK …]`.
//!
//! The suite: every network of the zoo, every device and server preset with the speed to run it and
//! besides an idealised device and a slow server without overheads, every link, a picture of 1 and of 4
//! bytes an element, the default plan space, PSOMW's default budget. Counted are the situations in which
//! the proven best beats NFL by 1 % or more.
//!
//! `--every N` takes only every Nth situation; let N be a prime, for situations come in rows of links.
//! `--runs N` runs Exact so often and takes the least time. With `--blocks` strategies may have so many
//! fused blocks, with `--uneven` boundaries may move, and Exact alone runs, for `--seconds` each: how many it proves,
//! and how far it stays.

use offcut::cost::CostModel;
use offcut::formats::{DataFile, Method, ProcessorFile, Reference, Scenario, ScenarioFile};
use offcut::job::{Budget, Compared, compare_some, solve_within};
use offcut::plan::GridRule;
use offcut::platform::presets::{self, ProcessorPreset};
use offcut::search::{Context, Unwatched, nfl};
use offcut::zoo::NETWORKS;
use serde::Serialize;
use std::time::Instant;

/// What the command line uses.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Fusing has to gain this much for a situation to count.
const WORTH: f64 = 1.01;

/// One situation that counts.
#[derive(Serialize)]
struct Row {
    network: &'static str,
    device: String,
    server: String,
    link: &'static str,
    input_bytes: u32,
    nfl_ns: u64,
    exact_ns: u64,
    proven: bool,
    psomw_ns: u64,
    evaluations: u64,
    exact_labels: u64,
    psomw_ms: f64,
    exact_ms: f64,
    strategies: usize,
}

impl Row {
    fn gap(&self) -> f64 {
        100.0 * (self.psomw_ns as f64 / self.exact_ns as f64 - 1.0)
    }
}

/// A plan space in which proofs may take long.
#[derive(Clone, Copy)]
struct Large {
    /// The most fused blocks of a strategy.
    blocks: u32,
    /// Whether boundaries may move.
    uneven: bool,
    /// For each proof.
    seconds: f64,
}

/// What the command line asks for.
struct Options {
    json: bool,
    every: usize,
    runs: u32,
    /// A larger space than the default one, for Exact alone.
    large: Option<Large>,
    networks: Vec<String>,
}

impl Options {
    fn read() -> Option<Self> {
        let mut options = Self { json: false, every: 1, runs: 1, large: None, networks: Vec::new() };
        let (mut blocks, mut uneven, mut seconds) = (None, false, 5.0);
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--json" => options.json = true,
                "--every" => options.every = arguments.next()?.parse().ok().filter(|&every| every > 0)?,
                "--runs" => options.runs = arguments.next()?.parse().ok()?,
                "--blocks" => blocks = Some(arguments.next()?.parse().ok()?),
                "--uneven" => uneven = true,
                "--seconds" => seconds = arguments.next()?.parse().ok()?,
                network if !network.starts_with("--") => options.networks.push(argument),
                _ => return None,
            }
        }
        let is_large = blocks.is_some() || uneven;
        options.large = is_large.then_some(Large { blocks: blocks.unwrap_or(1), uneven, seconds });
        Some(options)
    }
}

fn main() {
    let Some(options) = Options::read() else {
        eprintln!("usage: gap [--json] [--every N] [--runs N] [--blocks N] [--uneven] [--seconds S] [NETWORK …]");
        return;
    };
    let (mut rows, mut proofs) = (Vec::new(), Vec::new());
    let (mut place, mut times) = (0, Vec::new());
    for entry in NETWORKS {
        if !options.networks.is_empty() && !options.networks.iter().any(|id| id == entry.id) {
            continue;
        }
        for situation in situations(entry.id) {
            // Microcontrollers cannot run the large ones within hours.
            let Ok(scenario) = situation.file.resolve() else { continue };
            place += 1;
            if (place - 1) % options.every != 0 {
                continue;
            }
            match options.large {
                Some(large) => proofs.extend(proof(entry.id, scenario, large)),
                None => rows.extend(row(entry.id, &situation, &scenario, options.runs, &mut times)),
            }
        }
        eprintln!("{}: {} of {} situations so far count", entry.id, rows.len(), times.len());
    }
    if options.large.is_some() {
        proof_table(&proofs);
    } else if options.json {
        println!("{}", serde_json::to_string_pretty(&rows).unwrap_or_default());
        eprintln!("{}", speed(&times));
    } else {
        table(&rows, &times);
    }
}

/// What Exact proves of one situation in a large space.
struct Proof {
    network: &'static str,
    seconds: f64,
    /// By how much its plan may be above the best, in percent.
    gap: f64,
    /// By how much PSOMW's plan is above its plan, in percent; negative where it is better.
    psomw: f64,
}

fn proof(network: &'static str, mut scenario: Scenario, large: Large) -> Option<Proof> {
    scenario.space.max_fused_blocks = large.blocks as usize;
    scenario.spelled_out.space.max_fused_blocks = large.blocks;
    if large.uneven {
        scenario.space.rule = GridRule::Uneven { step: None };
        scenario.spelled_out.space.uneven = true;
    }
    let start = Instant::now();
    let mut has_time = || start.elapsed().as_secs_f64() < large.seconds;
    let mut budget = Budget { max_evaluations: None, has_time: &mut has_time };
    let plan = solve_within(&scenario, Method::Exact, &mut Unwatched, &mut budget).ok()?;
    let seconds = start.elapsed().as_secs_f64();
    let gap = 100.0 * (1.0 - plan.lower_bound_ns as f64 / plan.makespan_ns as f64);
    let psomw = 100.0 * (one(&scenario, Method::Psomw)?.makespan_ns as f64 / plan.makespan_ns as f64 - 1.0);
    Some(Proof { network, seconds, gap, psomw })
}

fn proof_table(proofs: &[Proof]) {
    println!(
        "| network | situations | proven | median s | gap: median % | at most 2 % | worst % | PSOMW above: mean % | worst % |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let names = NETWORKS.iter().map(|entry| entry.id).chain(["all"]);
    for name in names {
        let here: Vec<&Proof> = proofs.iter().filter(|proof| name == "all" || proof.network == name).collect();
        if here.is_empty() {
            continue;
        }
        let of = |value: &dyn Fn(&Proof) -> f64, part: f64| {
            at(&mut here.iter().map(|proof| value(proof)).collect::<Vec<_>>(), part)
        };
        let share =
            |most: f64| 100.0 * here.iter().filter(|proof| proof.gap <= most).count() as f64 / here.len() as f64;
        println!(
            "| {name} | {} | {:.0} % | {:.2} | {:.2} | {:.0} % | {:.2} | {:.2} | {:.2} |",
            here.len(),
            share(0.0),
            of(&|proof| proof.seconds, 0.5),
            of(&|proof| proof.gap, 0.5),
            share(2.0),
            of(&|proof| proof.gap, 1.0),
            here.iter().map(|proof| proof.psomw).sum::<f64>() / here.len() as f64,
            of(&|proof| proof.psomw, 1.0),
        );
    }
}

/// One of the suite's situations.
struct Situation {
    device: String,
    server: String,
    link: &'static str,
    input_bytes: u32,
    file: ScenarioFile,
}

fn situations(network: &'static str) -> Vec<Situation> {
    let whole = |preset: &ProcessorPreset| ProcessorFile::of(preset);
    let ideal = |name: &str, gflops: f64, memory: f64| ProcessorFile {
        name: name.to_owned(),
        gflops,
        memory_gb_per_s: memory,
        overhead_us: 0.0,
        slots: 1,
        memory_mb: None,
    };
    let devices = presets::DEVICES.iter().map(whole).chain([ideal("idealised device", 20.0, 1e5)]);
    let servers: Vec<ProcessorFile> =
        presets::SERVERS.iter().map(whole).chain([ideal("slow server without overheads", 60.0, 1e5)]).collect();
    let mut all = Vec::new();
    for device in devices {
        for server in &servers {
            for link in presets::LINKS {
                for input_bytes in [1, 4] {
                    let file = ScenarioFile {
                        device: Reference::Whole(Box::new(device.clone())),
                        server: Reference::Whole(Box::new(server.clone())),
                        network: Reference::Id(link.id.to_owned()),
                        data: DataFile { input_bytes_per_element: input_bytes, ..DataFile::default() },
                        ..ScenarioFile::of_model(network)
                    };
                    let (device, server) = (device.name.clone(), server.name.clone());
                    all.push(Situation { device, server, link: link.id, input_bytes, file });
                }
            }
        }
    }
    all
}

fn row(
    network: &'static str,
    situation: &Situation,
    scenario: &Scenario,
    runs: u32,
    times: &mut Vec<[f64; 2]>,
) -> Option<Row> {
    let (mut exact, mut exact_ms) = (None, f64::INFINITY);
    for _ in 0..runs.max(1) {
        let start = Instant::now();
        exact = Some(one(scenario, Method::Exact)?);
        exact_ms = exact_ms.min(start.elapsed().as_secs_f64() * 1e3);
    }
    let exact = exact?;
    let strategies = scenario.space.single_blocks(&scenario.network).len();
    times.push([1e3 * exact_ms / strategies.max(1) as f64, exact_ms]);
    // Not `one`, which proves a bound again.
    let model = CostModel::new(&scenario.network, &scenario.platform);
    let nfl_ns = nfl(&mut Context::new(&model, &scenario.space)).makespan.0;
    if (nfl_ns as f64) < WORTH * exact.makespan_ns as f64 {
        return None;
    }
    let start = Instant::now();
    let psomw = one(scenario, Method::Psomw)?;
    Some(Row {
        network,
        device: situation.device.clone(),
        server: situation.server.clone(),
        link: situation.link,
        input_bytes: situation.input_bytes,
        nfl_ns,
        exact_ns: exact.makespan_ns,
        proven: exact.proven_optimal,
        psomw_ns: psomw.makespan_ns,
        evaluations: psomw.evaluations,
        exact_labels: exact.evaluations,
        psomw_ms: start.elapsed().as_secs_f64() * 1e3,
        exact_ms,
        strategies,
    })
}

fn one(scenario: &Scenario, method: Method) -> Option<Compared> {
    compare_some(scenario, &[method]).ok()?.into_iter().next()
}

fn at(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(((values.len().max(1) - 1) as f64 * part).round() as usize).copied().unwrap_or(0.0)
}

/// How long Exact took, of each situation tried: µs a strategy and ms.
fn speed(times: &[[f64; 2]]) -> String {
    let of_all = |value: usize, part: f64| at(&mut times.iter().map(|time| time[value]).collect::<Vec<_>>(), part);
    format!(
        "Exact over all {}: {:.2} µs a strategy at the median, {:.2} at 95 %, {:.2} at most; {:.1} ms at the median, {:.1} at 99 %, {:.1} at most.",
        times.len(),
        of_all(0, 0.5),
        of_all(0, 0.95),
        of_all(0, 1.0),
        of_all(1, 0.5),
        of_all(1, 0.99),
        of_all(1, 1.0),
    )
}

/// What the situations that count come to, and how long Exact took in all.
fn table(rows: &[Row], times: &[[f64; 2]]) {
    let tried = times.len();
    println!("| network | situations | median % | 99 % | worst % | optimal | evaluations | PSOMW ms | Exact ms |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let mut lines: Vec<(&str, Vec<&Row>)> = NETWORKS
        .iter()
        .map(|entry| (entry.id, rows.iter().filter(|row| row.network == entry.id).collect::<Vec<_>>()))
        .filter(|(_, rows)| !rows.is_empty())
        .collect();
    lines.push(("all", rows.iter().collect()));
    for (name, rows) in lines {
        let of = |value: &dyn Fn(&Row) -> f64, part: f64| {
            at(&mut rows.iter().map(|row| value(row)).collect::<Vec<_>>(), part)
        };
        let optimal = rows.iter().filter(|row| row.psomw_ns == row.exact_ns).count();
        println!(
            "| {name} | {} | {:.4} | {:.4} | {:.4} | {:.1} % | {:.0} | {:.1} | {:.1} |",
            rows.len(),
            of(&Row::gap, 0.5),
            of(&Row::gap, 0.99),
            of(&Row::gap, 1.0),
            100.0 * optimal as f64 / rows.len().max(1) as f64,
            of(&|row| row.evaluations as f64, 0.5),
            of(&|row| row.psomw_ms, 0.5),
            of(&|row| row.exact_ms, 0.5),
        );
    }
    let gained: f64 =
        rows.iter().map(|row| (row.nfl_ns - row.psomw_ns.min(row.nfl_ns)) as f64 / row.nfl_ns as f64).sum();
    let possible: f64 = rows.iter().map(|row| (row.nfl_ns - row.exact_ns) as f64 / row.nfl_ns as f64).sum();
    println!(
        "\n{} of {tried} situations count, {} of them proven.",
        rows.len(),
        rows.iter().filter(|r| r.proven).count()
    );
    println!("PSOMW reaches {:.3} % of the gain from NFL to Exact.", 100.0 * gained / possible.max(f64::MIN_POSITIVE));
    println!("{}", speed(times));
    let mut slowest: Vec<&Row> = rows.iter().collect();
    slowest.sort_by(|a, b| b.exact_ms.total_cmp(&a.exact_ms));
    for row in slowest.iter().take(3) {
        let Row { network, device, server, link, input_bytes, .. } = row;
        println!(
            "{:.1} ms, {} labels: {network}, {device}, {server}, {link}, {input_bytes} bytes",
            row.exact_ms, row.exact_labels
        );
    }
    let mut worst: Vec<&Row> = rows.iter().filter(|row| row.psomw_ns > row.exact_ns).collect();
    worst.sort_by(|a, b| b.gap().total_cmp(&a.gap()));
    for row in worst.iter().take(10) {
        println!(
            "{:.4} %: {}, {}, {}, {}, {} bytes: {} instead of {} ns",
            row.gap(),
            row.network,
            row.device,
            row.server,
            row.link,
            row.input_bytes,
            row.psomw_ns,
            row.exact_ns
        );
    }
}
