//! How far PSOMW stays from the proven best: `cargo xtask gap [--json] [NETWORK …]`.
//!
//! The suite: every network of the zoo, every device and server preset with the speed to run it and
//! besides an idealised device and a slow server without overheads, every link, a picture of 1 and of 4
//! bytes an element, the default plan space, PSOMW's default budget. Counted are the situations in which
//! the proven best beats NFL by 1 % or more.

use offcut::formats::{DataFile, Method, ProcessorFile, Reference, Scenario, ScenarioFile};
use offcut::job::{Compared, compare_some};
use offcut::platform::presets::{self, ProcessorPreset};
use offcut::zoo::NETWORKS;
use serde::Serialize;
use std::time::Instant;

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

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let json = arguments.iter().any(|argument| argument == "--json");
    let wanted: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    let mut rows = Vec::new();
    let (mut tried, mut times) = (0, Vec::new());
    for entry in NETWORKS {
        if !wanted.is_empty() && !wanted.iter().any(|id| id.as_str() == entry.id) {
            continue;
        }
        for scenario in situations(entry.id) {
            tried += 1;
            rows.extend(row(entry.id, &scenario, &mut times));
        }
        eprintln!("{}: {} situations so far count of {tried}", entry.id, rows.len());
    }
    if json {
        println!("{}", serde_json::to_string_pretty(&rows).unwrap_or_default());
    } else {
        table(&rows, tried, &mut times);
    }
}

/// One of the suite's situations.
struct Situation {
    device: String,
    server: String,
    link: &'static str,
    input_bytes: u32,
    scenario: Scenario,
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
                    // Microcontrollers cannot run the large ones within hours.
                    let Ok(scenario) = file.resolve() else { continue };
                    let (device, server) = (device.name.clone(), server.name.clone());
                    all.push(Situation { device, server, link: link.id, input_bytes, scenario });
                }
            }
        }
    }
    all
}

fn row(network: &'static str, situation: &Situation, times: &mut Vec<f64>) -> Option<Row> {
    let scenario = &situation.scenario;
    let start = Instant::now();
    let exact = one(scenario, Method::Exact)?;
    let exact_ms = start.elapsed().as_secs_f64() * 1e3;
    let strategies = scenario.space.single_blocks(&scenario.network).len();
    times.push(1e3 * exact_ms / strategies.max(1) as f64);
    let nfl = one(scenario, Method::Nfl)?;
    if (nfl.makespan_ns as f64) < WORTH * exact.makespan_ns as f64 {
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
        nfl_ns: nfl.makespan_ns,
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

fn table(rows: &[Row], tried: usize, times: &mut [f64]) {
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
    println!(
        "Exact over all {tried}: {:.2} µs a strategy at the median, {:.2} at 95 %, {:.2} at most; worst {:.1} ms where it counts.",
        at(times, 0.5),
        at(times, 0.95),
        at(times, 1.0),
        at(&mut rows.iter().map(|row| row.exact_ms).collect::<Vec<_>>(), 1.0)
    );
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
