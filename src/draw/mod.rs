//! Figures as SVG text: pure functions of the answer, tested natively.
//!
//! Entry points: [`fusion`], [`assignment`], [`timeline`], [`comparison`], [`convergence`],
//! [`explain`]; of a network alone, [`layers`] and [`network`]. Must not know the browser, signals or
//! events. Every tile, cell and bar carries what it stands for in `data-*` attributes.

pub mod assignment;
pub mod board;
pub mod comparison;
pub mod convergence;
pub mod explain;
pub mod export;
pub mod fusion;
pub mod gantt;
pub mod layers;
pub mod legend;
pub mod moment;
pub mod network;
pub mod proof;
pub mod pyramid;
pub mod qr;
pub mod scale;
mod svg;
pub mod table;
pub mod tables;
pub mod timeline;
pub mod trace;
pub mod trajectory;
pub mod units;
pub mod why;
pub mod words;

pub use svg::escaped;
pub use units::three;

use crate::formats::Method;
use crate::job::{Answer, PathPart};

/// What people call a path: its tile counted from 1, behind its block where several are split, or which part its block is
/// of those that are not.
pub fn path_name(answer: &Answer, path: usize) -> String {
    let PathPart { block, tile, .. } = &answer.paths[path];
    if is_split(answer, *block) {
        let block = if splits_several(answer) { format!("{}:", block + 1) } else { String::new() };
        return format!("tile {block}{},{}", tile[0] + 1, tile[1] + 1);
    }
    match (*block, answer.blocks.len()) {
        (_, 1) => "network".to_owned(),
        (0, _) => "start".to_owned(),
        (last, count) if last + 1 == count => "rest".to_owned(),
        _ => "between".to_owned(),
    }
}

/// Whether more than one block has tiles.
fn splits_several(answer: &Answer) -> bool {
    (0..answer.blocks.len()).filter(|&block| is_split(answer, block)).count() > 1
}

/// Whether a block has more than one tile.
pub fn is_split(answer: &Answer, block: usize) -> bool {
    let block = &answer.blocks[block];
    block.rows.len() > 2 || block.columns.len() > 2
}

/// The path to point out where nobody points at one: the first tile that is split, if any is.
pub fn shown_path(answer: &Answer) -> usize {
    let split = |path: &PathPart| is_split(answer, path.block);
    let device = answer.paths.iter().position(|path| split(path) && path.cut > 0);
    device.or(answer.paths.iter().position(split)).unwrap_or(0)
}

/// What people call a method.
pub fn method_name(method: Method) -> &'static str {
    match method {
        Method::DeviceOnly => "Device only",
        Method::ServerOnly => "Server only",
        Method::Nfl => "NFL",
        Method::Mw => "MW",
        Method::Psomw => "PSOMW",
        Method::BruteForce => "Brute force",
        Method::Exact => "Exact",
    }
}

/// A name cut to so many letters: the end of it, for that is where names of layers differ.
fn short(name: &str, longest: usize) -> String {
    let count = name.chars().count();
    if count <= longest {
        return name.to_owned();
    }
    match name.split_once('.') {
        Some((_, rest)) if (1..=longest).contains(&rest.chars().count()) => rest.to_owned(),
        _ => ['…'].into_iter().chain(name.chars().skip(count + 1 - longest)).collect(),
    }
}

/// Patterns that figures fill with: halo and idle time differ from work not by colour alone.
fn svg_patterns() -> &'static str {
    concat!(
        r#"<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">"#,
        r#"<path class="hatch" d="M0 0v5"/></pattern></defs>"#
    )
}

/// The same, and what tells device, uplink and server apart without colour; leaves `defs` open.
fn rich_patterns() -> &'static str {
    concat!(
        r#"<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">"#,
        r#"<path class="hatch" d="M0 0v5"/></pattern>"#,
        r#"<pattern id="uplink-dots" width="6" height="6" patternUnits="userSpaceOnUse">"#,
        r#"<rect class="uplink-ground" width="6" height="6"/><circle class="uplink-dot" cx="1.5" cy="1.5" r="0.8"/>"#,
        r#"<circle class="uplink-dot" cx="4.5" cy="4.5" r="0.8"/></pattern>"#,
        r#"<pattern id="server-lines" width="5" height="5" patternUnits="userSpaceOnUse">"#,
        r#"<rect class="server-ground" width="5" height="5"/><path class="server-line" d="M0 2.5h5"/></pattern>"#,
    )
}
