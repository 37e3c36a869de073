//! What a tile needs of every map: its own part, the halo around it, and what its neighbours need too.

use super::super::fusion::{inside, own_of, own_part, spans};
use super::super::svg::Rect;
use super::tiles::part;
use super::{Layout, View};
use crate::base::Region;
use crate::formats::RegionFile;
use crate::job::{Answer, Graph, PathPart};

/// For the group `needs` of the diagram: the regions that a path needs, halos hatched; outlines of what
/// its neighbours need, and a tint where both need the same.
pub fn needs(answer: &Answer, graph: &Graph, view: &View, index: usize, layers: &[(usize, Region)]) -> String {
    let Some(path) = answer.paths.get(index) else { return String::new() };
    let layout = Layout::new(answer, graph, view);
    let neighbours = neighbours(answer, index);
    let mut svg = String::new();
    for column in &layout.columns {
        let boundary = column.boundary;
        let Some(&region) = boundary.checked_sub(path.first).and_then(|at| path.regions.get(at)) else { continue };
        let map = &answer.maps[boundary];
        let place = |region: RegionFile| part(column.rect, map.height, map.width, region);
        svg += &shared(answer, &neighbours, boundary, region, &place);
        let own = (boundary > path.first || path.first == 0).then(|| own_part(answer, index, boundary));
        let area = own.map_or(0, |own| halo_area(region, own));
        svg += &hatched(place(region), own.map(place));
        svg += &format!(
            r#"<rect class="need" data-path="{index}" data-boundary="{boundary}" data-halo-area="{area}" {} {}/>"#,
            spans(region),
            place(region).attributes()
        );
        let inner =
            boundary.checked_sub(1).filter(|stage| *stage >= path.first).and_then(|stage| graph.stages.get(stage));
        for (node, &rect) in inner.iter().flat_map(|inner| &inner.nodes).zip(&column.nodes) {
            let Some((_, made)) = layers.iter().find(|(layer, _)| *layer == node.layer) else { continue };
            let (height, width) = (node.shape.height, node.shape.width);
            let (region, own) = (RegionFile::from(*made), own_of(answer, index, height, width));
            svg += &hatched(part(rect, height, width, region), Some(part(rect, height, width, own)));
            svg += &format!(
                r#"<rect class="need-inside" data-path="{index}" data-layer="{}" data-halo-area="{}" {} {}/>"#,
                node.layer,
                halo_area(region, own),
                spans(region),
                part(rect, height, width, region).attributes()
            );
        }
    }
    svg
}

/// Positions of a region outside of a path's own part.
fn halo_area(region: RegionFile, own: RegionFile) -> u64 {
    let region = Region::new(region.rows, region.columns);
    region.area() - region.intersect(Region::new(own.rows, own.columns)).area()
}

fn hatched(region: Rect, own: Option<Rect>) -> String {
    let Some(own) = own else { return String::new() };
    format!(r#"<path class="halo" fill-rule="evenodd" d="{}{}"/>"#, region.outline(), inside(own, region).outline())
}

/// The paths whose tiles touch this one's, corners included.
pub(super) fn neighbours(answer: &Answer, index: usize) -> Vec<usize> {
    let Some(path) = answer.paths.get(index) else { return Vec::new() };
    let touches = |other: &PathPart| {
        other.block == path.block
            && other.tile != path.tile
            && other.tile[0].abs_diff(path.tile[0]) <= 1
            && other.tile[1].abs_diff(path.tile[1]) <= 1
    };
    (0..answer.paths.len()).filter(|&other| touches(&answer.paths[other])).collect()
}

/// Outlines of what the neighbours need, and where that is also this tile's.
fn shared(
    answer: &Answer,
    neighbours: &[usize],
    boundary: usize,
    region: RegionFile,
    place: &dyn Fn(RegionFile) -> Rect,
) -> String {
    let (mut outlines, mut both) = (String::new(), String::new());
    for &other in neighbours {
        let path = &answer.paths[other];
        let Some(&theirs) = boundary.checked_sub(path.first).and_then(|at| path.regions.get(at)) else { continue };
        outlines += &place(theirs).outline();
        let common = Region::new(region.rows, region.columns).intersect(Region::new(theirs.rows, theirs.columns));
        if !common.is_empty() {
            both += &place(common.into()).outline();
        }
    }
    let mut svg = String::new();
    if !both.is_empty() {
        svg += &format!(r#"<path class="shared" data-boundary="{boundary}" d="{both}"/>"#);
    }
    if !outlines.is_empty() {
        svg += &format!(r#"<path class="neighbour" data-boundary="{boundary}" d="{outlines}"/>"#);
    }
    svg
}
