//! Whether the fluid bound applies to a network (planning model §6).

use crate::base::{Region, Span};
use crate::network::{Network, Work};
use crate::tiling::Tracer;

/// Whether, for every cut point, each row and column of its needed range needs of every layer before
/// it, in the same run of tileable stages, at least its proportional share of that layer's range.
///
/// No layer may read nothing there, whatever its neighbours read: then a tile needs what its rows and
/// what its columns need, so that looking at rows and columns alone is enough. Of the input of a
/// layer whose work is by its input each needs its share, too.
pub fn gapless(network: &Network) -> bool {
    let needed = needed_regions(network);
    let mut tracer = Tracer::new(network);
    (1..=network.stages().len()).all(|end| {
        let whole = needed.boundaries[end];
        let rows = (whole.rows.start()..whole.rows.end())
            .all(|y| covers(&mut tracer, network, &needed, end, y, |r| r.rows, |s, r| Region::new(s, r.columns)));
        rows && (whole.columns.start()..whole.columns.end())
            .all(|x| covers(&mut tracer, network, &needed, end, x, |r| r.columns, |s, r| Region::new(r.rows, s)))
    })
}

/// What the unsplit network needs of every stage boundary and of every layer.
struct Needed {
    boundaries: Vec<Region>,
    layers: Vec<Region>,
    /// By layer: what it needs of its first input.
    reads: Vec<Region>,
}

fn needed_regions(network: &Network) -> Needed {
    let stages = network.stages();
    let end = network.boundary(stages.len());
    let mut boundaries = vec![Region::whole(end.height, end.width); stages.len() + 1];
    let mut layers = vec![Region::EMPTY; network.layers().len()];
    let mut reads = layers.clone();
    let mut tracer = Tracer::new(network);
    for (index, stage) in stages.iter().enumerate().rev() {
        boundaries[index] = tracer.back(stage, boundaries[index + 1]);
        for id in &stage.layers {
            layers[id.index()] = tracer.produced(*id);
            reads[id.index()] = tracer.needed(*id);
        }
    }
    Needed { boundaries, layers, reads }
}

/// Whether one row (or column) at boundary `end` needs its share of every layer before it.
fn covers(
    tracer: &mut Tracer,
    network: &Network,
    needed: &Needed,
    end: usize,
    position: u32,
    axis: impl Fn(Region) -> Span,
    with: impl Fn(Span, Region) -> Region,
) -> bool {
    let whole = axis(needed.boundaries[end]);
    let (offset, count) = (i64::from(position - whole.start()), i64::from(whole.len()));
    let has_share = |part: Span, all: Span| {
        let (start, length) = (i64::from(all.start()), i64::from(all.len()));
        i64::from(part.start()) * count <= start * count + offset * length
            && i64::from(part.end()) * count >= start * count + (offset + 1) * length
    };
    let mut region = with(Span::new(position, position + 1), needed.boundaries[end]);
    for (index, stage) in network.stages()[..end].iter().enumerate().rev() {
        if !stage.tileable {
            break;
        }
        region = tracer.back(stage, region);
        let inside = stage.layers.iter().all(|id| {
            let (all, read) = (needed.layers[id.index()], needed.reads[id.index()]);
            let by_input = matches!(network.layer(*id).work, Work::PerInput(_));
            let part = axis(tracer.needed(*id));
            (all.is_empty() || has_share(axis(tracer.produced(*id)), axis(all)))
                && (read.is_empty() || !part.is_empty() && (!by_input || has_share(part, axis(read))))
        });
        if !inside || !has_share(axis(region), axis(needed.boundaries[index])) {
            return false;
        }
    }
    true
}
