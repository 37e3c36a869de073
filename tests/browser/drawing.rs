//! What the page has drawn, read from its markup, held against a plan document.

use crate::page::Page;
use crate::session::Result;
use offcut::formats::{OperationFile, PlanFile};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Debug;

/// How far a drawn edge may lie from where its region begins or ends.
const TOLERANCE: f64 = 1.0;

/// Reads the bars of the plan's own lanes.
const OPERATIONS: &str = "[...document.querySelectorAll('#timeline [data-plan=psomw] .op')].map(({ dataset: d }) => \
    [+d.path, d.resource, +d.startNs, +d.endNs, +d.slot, d.bytes === undefined ? null : +d.bytes])";

/// Path, resource, start, end, slot and bytes of an operation.
type Bar = (usize, String, u64, u64, usize, Option<u64>);

/// Reads the cells of the assignment diagram.
const CELLS: &str = "[...document.querySelectorAll('#assignment .cell')].map(({ dataset: d }) => \
    [+d.path, +d.stage, d.side])";

/// Reads the rows of the assignment diagram, from above.
const ORDER: &str = "[...document.querySelectorAll('#assignment .row-name')].map(e => +e.dataset.path)";

/// Reads rectangles with what they stand for; `arg` selects them.
const RECTANGLES: &str = "[...document.querySelectorAll(arg)].map(e => ({ boundary: +e.dataset.boundary, \
    path: +(e.dataset.path ?? 0), \
    rows: e.dataset.rows?.split(',').map(Number) ?? [0, +e.dataset.height], \
    columns: e.dataset.columns?.split(',').map(Number) ?? [0, +e.dataset.width], \
    across: [+e.getAttribute('x'), +e.getAttribute('x') + +e.getAttribute('width')], \
    down: [+e.getAttribute('y'), +e.getAttribute('y') + +e.getAttribute('height')] }))";

/// Points at a path without a pointer, for tiles may lie on top of each other.
const POINT: &str = "document.querySelector(`#fusion [data-path=\"${arg}\"]`)\
    .dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))";

/// Whether the needs of a path, and nothing else, are laid over the diagram.
const POINTED: &str = "document.querySelector('main').dataset.lit == arg \
    && document.querySelector('#fusion .need') \
    && [...document.querySelectorAll('#fusion .need')].every(e => e.dataset.path == arg)";

/// A rectangle of the fusion diagram: half-open ranges and where they are drawn.
#[derive(Debug, Deserialize)]
struct Drawn {
    boundary: usize,
    path: usize,
    rows: [u32; 2],
    columns: [u32; 2],
    across: [f64; 2],
    down: [f64; 2],
}

/// Holds every figure of the page against the plan.
pub fn expect(page: &Page, plan: &PlanFile) -> Result<()> {
    // Pointing is the studio's, which comes after the first plan.
    page.session.wait("!!document.querySelector('main[data-studio]')", ())?;
    expect_operations(page, plan)?;
    expect_assignment(page, plan)?;
    expect_needs(page, plan)
}

fn same<T: PartialEq + Debug>(what: &str, drawn: &T, planned: &T) -> Result<()> {
    if drawn == planned {
        return Ok(());
    }
    Err(format!("{what}: drawn is {drawn:?}, planned is {planned:?}").into())
}

fn expect_operations(page: &Page, plan: &PlanFile) -> Result<()> {
    let bar = |op: &OperationFile| (op.path, op.resource.clone(), op.start_ns, op.end_ns, op.slot, op.bytes);
    let mut drawn: Vec<Bar> = page.session.value(OPERATIONS, ())?;
    let mut planned: Vec<Bar> = plan.operations.iter().map(bar).collect();
    drawn.sort();
    planned.sort();
    same("operations", &drawn, &planned)
}

fn expect_assignment(page: &Page, plan: &PlanFile) -> Result<()> {
    let order: Vec<usize> = page.session.value(ORDER, ())?;
    same("order", &order, &plan.order)?;
    let mut drawn: Vec<(usize, usize, String)> = page.session.value(CELLS, ())?;
    let mut planned = Vec::new();
    for (index, path) in plan.paths.iter().enumerate() {
        let block = &plan.blocks[path.block];
        planned.extend((block.first_stage..=block.last_stage).map(|stage| {
            let side = if stage < block.first_stage + path.cut { "device" } else { "server" };
            (index, stage, side.to_owned())
        }));
    }
    drawn.sort();
    planned.sort();
    same("cells", &drawn, &planned)
}

fn expect_needs(page: &Page, plan: &PlanFile) -> Result<()> {
    // Long networks draw repeats once, until somebody wants to see them all.
    page.session
        .run("document.querySelector('#fusion .fold') && document.querySelector('[data-act=unfold]').click()", ())?;
    let maps: Vec<Drawn> = page.session.value(RECTANGLES, "#fusion .map")?;
    let maps: BTreeMap<usize, Drawn> = maps.into_iter().map(|map| (map.boundary, map)).collect();
    same("maps", &maps.keys().copied().collect::<Vec<_>>(), &(0..=plan.stages.len()).collect())?;
    for path in 0..plan.paths.len() {
        page.session.run(POINT, path)?;
        page.session.wait(POINTED, path)?;
        let needs: Vec<Drawn> = page.session.value(RECTANGLES, "#fusion .need")?;
        expect_regions(&needs, plan, path)?;
        for need in &needs {
            expect_to_scale(need, &maps[&need.boundary])?;
        }
    }
    Ok(())
}

/// A path needs a region of every map of its block; first and last are in the document.
fn expect_regions(needs: &[Drawn], plan: &PlanFile, index: usize) -> Result<()> {
    let path = &plan.paths[index];
    let block = &plan.blocks[path.block];
    let boundaries: Vec<usize> = needs.iter().map(|need| need.boundary).collect();
    same("boundaries needed", &boundaries, &(block.first_stage..=block.last_stage + 1).collect())?;
    for (need, region) in needs.first().into_iter().zip([path.input]).chain(needs.last().into_iter().zip([path.output]))
    {
        let planned = [[region.rows.start(), region.rows.end()], [region.columns.start(), region.columns.end()]];
        let what = format!("region of path {} at boundary {}", need.path, need.boundary);
        same(&what, &[need.rows, need.columns], &planned)?;
    }
    Ok(())
}

fn expect_to_scale(need: &Drawn, map: &Drawn) -> Result<()> {
    let sides = [(need.columns, need.across, map.columns, map.across), (need.rows, need.down, map.rows, map.down)];
    for (range, drawn, whole, room) in sides {
        let scale = (room[1] - room[0]) / f64::from(whole[1]);
        let right = [0, 1].map(|end| room[0] + f64::from(range[end]) * scale);
        if [0, 1].iter().any(|&end| (drawn[end] - right[end]).abs() > TOLERANCE) {
            return Err(format!("drawn from {drawn:?} instead of {right:?}: {need:?} of {map:?}").into());
        }
    }
    Ok(())
}
