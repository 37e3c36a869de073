//! `offcut models`, `model` and `regions`.

use super::input;
use super::table::table;
use crate::base::{Region, Span};
use crate::draw::units::grouped;
use crate::network::Source;
use crate::tiling::{Grid, Tracer};
use crate::zoo;
use serde::Serialize;

#[derive(Serialize)]
struct ModelLine {
    id: &'static str,
    name: &'static str,
    macs: u64,
    parameters: u64,
    stages: usize,
}

pub(super) fn models(json: bool) -> Result<String, String> {
    let mut lines = Vec::new();
    for entry in zoo::NETWORKS {
        let Some(built) = zoo::build(entry.id) else { continue };
        let network = built.map_err(|error| error.to_string())?;
        lines.push(ModelLine {
            id: entry.id,
            name: entry.name,
            macs: network.macs(),
            parameters: network.parameters(),
            stages: network.stages().len(),
        });
    }
    if json {
        return to_json(&lines);
    }
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|l| vec![l.id.to_owned(), l.name.to_owned(), grouped(l.macs), grouped(l.parameters), l.stages.to_string()])
        .collect();
    Ok(table(&["id", "name", "MACs", "parameters", "stages"], &rows, &[2, 3, 4]))
}

#[derive(Serialize)]
struct LayerLine {
    name: String,
    op: &'static str,
    inputs: Vec<String>,
    output: [u32; 3],
    macs: u64,
    parameters: u64,
    stage: usize,
    tileable: bool,
}

#[derive(Serialize)]
struct ModelAnswer {
    name: String,
    layers: Vec<LayerLine>,
    macs: u64,
    parameters: u64,
}

pub(super) fn model(model: &str, json: bool) -> Result<String, String> {
    let network = input::network(model)?;
    let name = |source: &Source| network.tensor_name(*source).to_owned();
    let layers: Vec<LayerLine> = network
        .layers()
        .iter()
        .map(|layer| LayerLine {
            name: layer.name.clone(),
            op: layer.op.name(),
            inputs: layer.inputs.iter().map(name).collect(),
            output: layer.output.into(),
            macs: layer.macs(&network.input_shapes(layer)),
            parameters: layer.parameters,
            stage: layer.stage,
            tileable: layer.tileable,
        })
        .collect();
    if json {
        let (macs, parameters) = (network.macs(), network.parameters());
        return to_json(&ModelAnswer { name: network.name().to_owned(), layers, macs, parameters });
    }
    let rows: Vec<Vec<String>> = layers
        .iter()
        .map(|l| {
            vec![
                l.stage.to_string(),
                l.name.clone(),
                l.op.to_owned(),
                l.inputs.join(", "),
                l.output.map(|n| n.to_string()).join("×"),
                grouped(l.macs),
                grouped(l.parameters),
                if l.tileable { "yes" } else { "no" }.to_owned(),
            ]
        })
        .collect();
    let header = ["stage", "layer", "op", "inputs", "output", "MACs", "parameters", "tileable"];
    let total =
        format!("{}: {} MACs, {} parameters\n", network.name(), grouped(network.macs()), grouped(network.parameters()));
    Ok(table(&header, &rows, &[0, 5, 6]) + &total)
}

#[derive(Serialize)]
struct Ranges {
    rows: Span,
    columns: Span,
}

impl From<Region> for Ranges {
    fn from(region: Region) -> Self {
        Self { rows: region.rows, columns: region.columns }
    }
}

#[derive(Serialize)]
struct TileLine {
    tile: [u32; 2],
    output: Ranges,
    input: Ranges,
    macs: u64,
}

#[derive(Serialize)]
struct RegionsAnswer {
    tiles: Vec<TileLine>,
    macs: u64,
    tiles_macs: u64,
}

pub(super) fn regions(model: &str, stages: &str, grid: &str, json: bool) -> Result<String, String> {
    let network = input::network(model)?;
    let count = network.stages().len();
    let (first, last) = pair(stages, "..")
        .filter(|(first, last)| first <= last && *last < count)
        .ok_or_else(|| format!("--stages {stages}: give the first and last stage as A..B, both in 0..{}", count - 1))?;
    let (rows, columns) =
        pair(grid, "x").ok_or_else(|| format!("--grid {grid}: give rows and columns of tiles as 2x2"))?;
    let shape = network.boundary(last + 1);
    let narrow = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    let grid = Grid::even(narrow(rows), narrow(columns), shape.height, shape.width).map_err(|error| {
        format!("--grid {grid}: {error}; the map of stage {last} is {}×{}", shape.height, shape.width)
    })?;
    if let Some(stage) = (first..=last).find(|&s| grid.is_split() && !network.stages()[s].tileable) {
        return Err(format!("--stages {stages}: stage {stage} is not tileable; leave it out or use --grid 1x1"));
    }
    let mut tracer = Tracer::new(&network);
    let tiles: Vec<TileLine> = grid
        .cells()
        .map(|(tile, cell)| {
            let (input, macs) = tracer.path(first, last, cell);
            TileLine { tile, output: cell.into(), input: input.into(), macs }
        })
        .collect();
    let whole = Region::whole(shape.height, shape.width);
    let (_, macs) = tracer.path(first, last, whole);
    let tiles_macs = tiles.iter().map(|tile| tile.macs).sum();
    let answer = RegionsAnswer { tiles, macs, tiles_macs };
    if json { to_json(&answer) } else { Ok(regions_table(&answer)) }
}

fn regions_table(answer: &RegionsAnswer) -> String {
    let range = |span: Span| format!("{}..{}", span.start(), span.end());
    let rows: Vec<Vec<String>> = answer
        .tiles
        .iter()
        .map(|t| {
            vec![
                format!("{},{}", t.tile[0], t.tile[1]),
                range(t.output.rows),
                range(t.output.columns),
                range(t.input.rows),
                range(t.input.columns),
                grouped(t.macs),
            ]
        })
        .collect();
    let more = answer.tiles_macs as f64 / answer.macs.max(1) as f64;
    let total =
        format!("block {} MACs, tiles {} MACs: {more:.3} times\n", grouped(answer.macs), grouped(answer.tiles_macs));
    table(&["tile", "rows", "columns", "input rows", "input columns", "MACs"], &rows, &[5]) + &total
}

fn pair(text: &str, between: &str) -> Option<(usize, usize)> {
    let (left, right) = text.split_once(between)?;
    Some((left.parse().ok()?, right.parse().ok()?))
}

fn to_json(value: &impl Serialize) -> Result<String, String> {
    serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(|error| error.to_string())
}
