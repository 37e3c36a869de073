//! From blocks, order and cuts to paths with regions, costs and dependencies; and whether the plan
//! is valid (planning model §2 and §4).

use super::Findings;
use super::region::{Patch, Range, needed};
use super::stages::{Stage, shape_of, tensor};
use super::time::{held_bytes, layer_times};
use crate::formats::{BlockFile, PlanFile};
use crate::network::{Network, Shape, Source};
use crate::platform::Platform;

/// The most tiles of one grid: more than any search makes, few enough to be checked.
const MOST_TILES: u128 = 256;

/// A tile's chain of smaller layers, with all that is known of it.
pub(super) struct Path {
    pub block: usize,
    pub tile: [u32; 2],
    /// Its first stage.
    pub first: usize,
    /// By boundary of its stages: the region needed there; the last is its cell.
    pub regions: Vec<Patch>,
    /// By stage: times on device and server.
    pub times: Vec<[u128; 2]>,
    /// By stage: bytes of input and output of its largest layer.
    pub largest: Vec<u128>,
    /// Paths that it depends on.
    pub needs: Vec<usize>,
    /// Shapes of the tensors at its boundaries.
    pub tensors: Vec<Shape>,
    /// Whether its cell is part of the network's output.
    pub ends: bool,
}

impl Path {
    /// Its number of stages.
    pub(super) fn len(&self) -> usize {
        self.times.len()
    }

    /// What it makes.
    pub(super) fn cell(&self) -> Patch {
        self.regions.last().copied().unwrap_or(Patch::EMPTY)
    }

    /// What it needs of its block's input.
    pub(super) fn input(&self) -> Patch {
        self.regions.first().copied().unwrap_or(Patch::EMPTY)
    }
}

/// The paths of a valid plan; otherwise the reasons why it is none.
pub(super) fn valid_paths(
    file: &PlanFile,
    network: &Network,
    platform: &Platform,
    stages: &[Stage],
    reasons: &mut Findings,
) -> Option<Vec<Path>> {
    partition(&file.blocks, stages.len(), reasons);
    if !reasons.is_empty() {
        return None;
    }
    for (index, block) in file.blocks.iter().enumerate() {
        grid(index, block, network, stages, reasons);
    }
    if !reasons.is_empty() {
        return None;
    }
    let tiles: u128 = file.blocks.iter().map(tiles).sum();
    if tiles != file.paths.len() as u128 {
        reasons.add("/paths", format!("expected {tiles} paths, one a tile, found {}", file.paths.len()));
        return None;
    }
    let paths = lay_out(file, network, platform, stages);
    order(file, reasons);
    cuts(file, &paths, reasons);
    if reasons.is_empty() {
        dependencies(file, &paths, reasons);
    }
    reasons.is_empty().then_some(paths)
}

fn tiles(block: &BlockFile) -> u128 {
    (block.rows.len().saturating_sub(1) as u128) * (block.columns.len().saturating_sub(1) as u128)
}

fn partition(blocks: &[BlockFile], stages: usize, reasons: &mut Findings) {
    let mut next = 0;
    for (index, block) in blocks.iter().enumerate() {
        let BlockFile { first_stage, last_stage, .. } = *block;
        if first_stage != next || last_stage < first_stage || last_stage >= stages {
            let what = format!(
                "expected a block that starts at stage {next} and ends before {stages}, \
                 found stages {first_stage} to {last_stage}"
            );
            reasons.add(format!("/blocks/{index}"), what);
            return;
        }
        next = last_stage + 1;
    }
    if next < stages {
        reasons.add("/blocks", format!("expected blocks up to stage {}, found none from {next} on", stages - 1));
    }
}

fn grid(index: usize, block: &BlockFile, network: &Network, stages: &[Stage], reasons: &mut Findings) {
    let output = tensor(network, stages, block.last_stage + 1);
    for (name, bounds, length) in [("rows", &block.rows, output.height), ("columns", &block.columns, output.width)] {
        let rises = bounds.windows(2).all(|pair| pair[0] < pair[1]);
        if bounds.len() < 2 || !rises || bounds.first() != Some(&0) || bounds.last() != Some(&length) {
            let what = format!("expected boundaries that rise from 0 to {length}");
            reasons.add(format!("/blocks/{index}/{name}"), what);
        }
    }
    if tiles(block) > MOST_TILES {
        let what = format!("expected at most {MOST_TILES} tiles, found {}", tiles(block));
        reasons.add(format!("/blocks/{index}"), what);
    }
    if tiles(block) > 1 {
        for stage in (block.first_stage..=block.last_stage).filter(|&stage| !stages[stage].tileable) {
            let what = format!("expected a 1×1 block or tileable stages, found stage {stage}, which is not tileable");
            reasons.add(format!("/blocks/{index}"), what);
        }
    }
}

fn lay_out(file: &PlanFile, network: &Network, platform: &Platform, stages: &[Stage]) -> Vec<Path> {
    let mut paths: Vec<Path> = Vec::with_capacity(file.paths.len());
    let mut start_of_last = 0;
    for (index, block) in file.blocks.iter().enumerate() {
        let start = paths.len();
        let before = index.checked_sub(1).and_then(|index| file.blocks.get(index));
        for (row, y) in (0u32..).zip(block.rows.windows(2)) {
            for (column, x) in (0u32..).zip(block.columns.windows(2)) {
                let range = |pair: &[u32]| Range { from: i64::from(pair[0]), to: i64::from(pair[1]) };
                let cell = Patch::new(range(y), range(x));
                let mut path = follow(network, platform, stages, block, cell);
                path.block = index;
                path.tile = [row, column];
                path.needs = before.map_or(Vec::new(), |before| met(before, start_of_last, path.input()));
                path.ends = index + 1 == file.blocks.len();
                paths.push(path);
            }
        }
        start_of_last = start;
    }
    paths
}

/// The tiles of a block that a region of its output meets, counted from its first path.
fn met(block: &BlockFile, start: usize, region: Patch) -> Vec<usize> {
    if region.is_empty() {
        return Vec::new();
    }
    let lines = |bounds: &[u32], range: Range| {
        let first = bounds.iter().skip(1).position(|&end| i64::from(end) > range.from).unwrap_or(0);
        let last = bounds.iter().rposition(|&from| i64::from(from) < range.to).unwrap_or(0);
        first..=last.min(bounds.len().saturating_sub(2))
    };
    let columns = lines(&block.columns, region.columns);
    let width = block.columns.len().saturating_sub(1);
    lines(&block.rows, region.rows)
        .flat_map(|row| columns.clone().map(move |column| start + row * width + column))
        .collect()
}

/// Goes back through all layers of a block at once, from a cell of its output.
fn follow(network: &Network, platform: &Platform, stages: &[Stage], block: &BlockFile, cell: Patch) -> Path {
    let chain = &stages[block.first_stage..=block.last_stage];
    let offset = chain.first().map_or(0, |stage| stage.layers.start);
    let end = chain.last().map_or(0, |stage| stage.layers.end);
    let mut produced = vec![Patch::EMPTY; end - offset];
    let mut entry = Patch::EMPTY;
    if let Some(last) = produced.last_mut() {
        *last = cell;
    }
    let mut times = vec![[0; 2]; end - offset];
    let mut held = vec![0; end - offset];
    for at in (0..end - offset).rev() {
        let layer = &network.layers()[offset + at];
        let out = produced[at];
        times[at] = layer_times(network, platform, layer, out);
        held[at] = held_bytes(layer.output, out, false, platform.data);
        for &source in &layer.inputs {
            let shape = shape_of(network, source);
            let region = needed(&layer.op, out, shape, layer.output);
            held[at] += held_bytes(shape, region, source == Source::Input, platform.data);
            let inside = if let Source::Layer(id) = source { id.index().checked_sub(offset) } else { None };
            let wanted = inside.map_or(&mut entry, |before| &mut produced[before]);
            *wanted = wanted.around(region);
        }
    }
    let of = |stage: &Stage| stage.layers.start - offset..stage.layers.end - offset;
    let total = |stage: &Stage| times[of(stage)].iter().fold([0; 2], |sum, time| [sum[0] + time[0], sum[1] + time[1]]);
    let boundaries = block.first_stage..=block.last_stage + 1;
    Path {
        block: 0,
        tile: [0; 2],
        first: block.first_stage,
        regions: std::iter::once(entry).chain(chain.iter().map(|stage| produced[of(stage).end - 1])).collect(),
        times: chain.iter().map(total).collect(),
        largest: chain.iter().map(|stage| held[of(stage)].iter().copied().max().unwrap_or(0)).collect(),
        needs: Vec::new(),
        tensors: boundaries.map(|boundary| tensor(network, stages, boundary)).collect(),
        ends: false,
    }
}

fn order(file: &PlanFile, reasons: &mut Findings) {
    let count = file.paths.len();
    if file.order.len() != count {
        reasons.add("/order", format!("expected {count} paths, found {}", file.order.len()));
    }
    let mut seen = vec![false; count];
    for (position, &path) in file.order.iter().enumerate() {
        let pointer = format!("/order/{position}");
        match seen.get_mut(path) {
            None => reasons.add(pointer, format!("expected a path below {count}, found {path}")),
            Some(true) => reasons.add(pointer, format!("expected every path once, found path {path} again")),
            Some(first) => *first = true,
        }
    }
}

fn cuts(file: &PlanFile, paths: &[Path], reasons: &mut Findings) {
    for (index, (listed, path)) in file.paths.iter().zip(paths).enumerate() {
        if listed.cut > path.len() {
            let what = format!("expected a cut of at most {}, found {}", path.len(), listed.cut);
            reasons.add(format!("/paths/{index}/cut"), what);
        }
    }
}

/// Whether order and cuts obey what depends on what; the order is one of all paths.
fn dependencies(file: &PlanFile, paths: &[Path], reasons: &mut Findings) {
    let mut positions = vec![0; paths.len()];
    for (position, &path) in file.order.iter().enumerate() {
        positions[path] = position;
    }
    for (index, path) in paths.iter().enumerate() {
        for &earlier in &path.needs {
            if positions[index] < positions[earlier] {
                let what = format!("path {index} comes before path {earlier}, which it depends on");
                reasons.add(format!("/order/{}", positions[index]), what);
            }
            if file.paths[index].cut > 0 && file.paths[earlier].cut < paths[earlier].len() {
                let what = format!(
                    "path {index} starts on the device, but path {earlier}, which it depends on, ends on the server"
                );
                reasons.add(format!("/paths/{index}/cut"), what);
            }
        }
    }
}
