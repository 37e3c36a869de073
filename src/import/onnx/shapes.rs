//! Operators that only move elements: most of them become no layer at all.

use super::Importer;
use super::elementwise::shape_of;
use super::proto::{Data, Dim, Node};
use super::values::{Constant, Map, Value, View};
use super::windows::small;
use crate::import::draft::NoteKind;
use crate::network::{Op, Shape};

impl Importer<'_> {
    pub(super) fn reshape(&mut self, node: &Node) -> Result<(), String> {
        let map = self.map(node, 0)?;
        let dims = match node.op.as_str() {
            "Flatten" => self.flat_dims(node, &map)?,
            "Squeeze" => self.squeezed(node, &map),
            "Unsqueeze" => self.unsqueezed(node, &map)?,
            _ => match self.ints(1).or_else(|| node.ints("shape").map(<[i64]>::to_vec)) {
                Some(target) => self.target(&map, &target, node.int("allowzero", 0) != 0)?,
                None => match self.declared(0) {
                    Some(dims) => dims,
                    None => {
                        return Err(
                            "the size it makes cannot be found out; simplify the model before exporting it".to_owned()
                        );
                    }
                },
            },
        };
        self.reshaped(node, map, dims)
    }

    fn flat_dims(&self, node: &Node, map: &Map) -> Result<Vec<u32>, String> {
        let rank = map.dims.len() as i64;
        let axis = node.int("axis", 1);
        let axis = if axis < 0 { axis + rank } else { axis }.clamp(0, rank) as usize;
        let product = |dims: &[u32]| dims.iter().try_fold(1_u32, |all, &dim| all.checked_mul(dim));
        match (product(&map.dims[..axis]), product(&map.dims[axis..])) {
            (Some(before), Some(behind)) => Ok(vec![before, behind]),
            _ => Err("its output has more elements than can be planned".to_owned()),
        }
    }

    fn axes(&self, node: &Node, rank: usize) -> Option<Vec<usize>> {
        let axes = node.ints("axes").map(<[i64]>::to_vec).or_else(|| self.ints(1))?;
        Some(axes.iter().map(|&axis| if axis < 0 { axis + rank as i64 } else { axis } as usize).collect())
    }

    fn squeezed(&self, node: &Node, map: &Map) -> Vec<u32> {
        let axes = self.axes(node, map.dims.len());
        let goes = |axis: usize, dim: u32| match &axes {
            Some(axes) => axes.contains(&axis),
            None => dim == 1,
        };
        map.dims.iter().enumerate().filter(|&(axis, &dim)| !goes(axis, dim)).map(|(_, &dim)| dim).collect()
    }

    fn unsqueezed(&self, node: &Node, map: &Map) -> Result<Vec<u32>, String> {
        let count = node.ints("axes").map_or_else(|| self.ints(1).map_or(0, |axes| axes.len()), <[i64]>::len);
        let rank = map.dims.len() + count;
        let axes = self.axes(node, rank).unwrap_or_default();
        let mut rest = map.dims.iter();
        let dims: Vec<u32> =
            (0..rank).map_while(|axis| if axes.contains(&axis) { Some(1) } else { rest.next().copied() }).collect();
        if dims.len() == rank { Ok(dims) } else { Err("its axes do not fit; the file is damaged".to_owned()) }
    }

    /// The dimensions that a target means: 0 keeps, −1 takes the rest.
    fn target(&self, map: &Map, target: &[i64], allows_zero: bool) -> Result<Vec<u32>, String> {
        let mut dims = Vec::with_capacity(target.len());
        let mut rest = None;
        for (at, &size) in target.iter().enumerate() {
            dims.push(match size {
                -1 => {
                    rest = Some(at);
                    1
                }
                0 if !allows_zero => map.dims.get(at).copied().unwrap_or(1),
                // What was exported for several pictures at a time is planned for one.
                size if at == 0 && size == self.batch => 1,
                size => small(size, "a size")?,
            });
        }
        let count = dims.iter().fold(1_u64, |all, &dim| all.saturating_mul(u64::from(dim)));
        if let Some(at) = rest.filter(|_| count > 0) {
            dims[at] = u32::try_from(map.elements() / count).unwrap_or(u32::MAX);
        }
        Ok(dims)
    }

    /// The size that the file declares for an output, where it is a known one.
    pub(super) fn declared(&self, at: usize) -> Option<Vec<u32>> {
        let name = self.at().outputs.get(at)?;
        let info = self.graph.values.iter().chain(&self.graph.outputs).find(|info| info.name == *name)?;
        let mut dims = Vec::new();
        for (axis, dim) in info.dims.as_ref()?.iter().enumerate() {
            dims.push(match dim {
                Dim::Known(size) if axis == 0 && *size == self.batch => 1,
                Dim::Known(size) => u32::try_from(*size).ok().filter(|&size| size > 0)?,
                _ if axis == 0 => 1,
                _ => return None,
            });
        }
        Some(dims)
    }

    /// The same elements under other dimensions.
    pub(super) fn reshaped(&mut self, node: &Node, map: Map, dims: Vec<u32>) -> Result<(), String> {
        let elements = dims.iter().fold(1_u64, |all, &dim| all.saturating_mul(u64::from(dim)));
        if elements != map.elements() {
            return Err(format!(
                "it makes {dims:?} of {:?}, which has another number of elements; the file is damaged",
                map.dims
            ));
        }
        if dims == map.dims {
            self.put_map(map);
            return Ok(());
        }
        let Shape { channels, height, width } = self.draft.shape(map.source);
        let as_plain = [1, channels, height, width];
        let is_plain = map.view == View::Plain;
        let view = match (map.view, &dims[..]) {
            (View::Swapped(groups), all) if all == as_plain => {
                let made = self.draft.add(node.title(), Op::ChannelShuffle { groups }, &[map.source])?;
                self.put_plain(made);
                return Ok(());
            }
            (View::Gathered(block), &[1, c, h, w])
                if (c, h, w) == (channels * block * block, height / block, width / block) =>
            {
                let made = self.draft.add(node.title(), Op::SpaceToDepth { block }, &[map.source])?;
                self.put_plain(made);
                return Ok(());
            }
            // Splitting axes and joining them again changes nothing.
            (View::Flat | View::Groups(_) | View::Blocks(_), all) if all == as_plain => View::Plain,
            (_, &[1, count]) => {
                let made = self.flattened(node.title(), map.source)?;
                self.put_map(Map { source: made, dims: vec![1, count], view: View::Flat });
                return Ok(());
            }
            (_, &[1, g, rest, h, w])
                if is_plain && g.checked_mul(rest) == Some(channels) && (h, w) == (height, width) =>
            {
                View::Groups(g)
            }
            (_, &[1, c, rows, b, columns, b2])
                if is_plain && c == channels && b == b2 && rows * b == height && columns * b == width =>
            {
                View::Blocks(b)
            }
            _ => View::Other,
        };
        self.put_map(Map { dims, view, ..map });
        Ok(())
    }

    pub(super) fn transpose(&mut self, node: &Node) -> Result<(), String> {
        let map = self.map(node, 0)?;
        let rank = map.dims.len();
        let order: Vec<usize> = match node.ints("perm") {
            Some(perm) => perm.iter().map(|&axis| axis as usize).collect(),
            None => (0..rank).rev().collect(),
        };
        if order.len() != rank || (0..rank).any(|axis| !order.contains(&axis)) {
            return Err(format!("it puts {rank} axes into the order {order:?}; the file is damaged"));
        }
        let moved = match (map.view, &order[..]) {
            (View::Plain | View::Permuted(_), &[a, b, c, d]) => map.permuted([a as u8, b as u8, c as u8, d as u8]),
            _ => {
                let view = match (map.view, &order[..]) {
                    (View::Groups(groups), [0, 2, 1, 3, 4]) => View::Swapped(groups),
                    (View::Blocks(block), [0, 1, 3, 5, 2, 4] | [0, 3, 5, 1, 2, 4]) => View::Gathered(block),
                    (view, all) if all.iter().enumerate().all(|(at, &axis)| at == axis) => view,
                    _ => View::Other,
                };
                Map { source: map.source, dims: order.iter().map(|&axis| map.dims[axis]).collect(), view }
            }
        };
        self.put_map(moved);
        Ok(())
    }

    /// `Shape` and `Size`: constants, for all sizes are known.
    pub(super) fn shape_of(&mut self, node: &Node) -> Result<(), String> {
        let map = self.map(node, 0)?;
        let dims: Vec<i64> = map.dims.iter().map(|&dim| i64::from(dim)).collect();
        let constant = if node.op == "Size" {
            Constant { dims: Some(Vec::new()), data: Some(Data::Ints(vec![map.elements() as i64])) }
        } else {
            let rank = dims.len() as i64;
            let place = |at: i64| if at < 0 { at.saturating_add(rank) } else { at }.clamp(0, rank) as usize;
            let (start, end) = (place(node.int("start", 0)), place(node.int("end", rank)));
            Constant::ints(dims[start..end.max(start)].to_vec())
        };
        self.put(0, Value::Constant(constant));
        Ok(())
    }

    pub(super) fn depth(&mut self, node: &Node) -> Result<(), String> {
        let source = self.plain_input(node, 0)?;
        let block = small(node.int("blocksize", 0), "blocksize")?;
        if node.op == "SpaceToDepth" {
            let made = self.draft.add(node.title(), Op::SpaceToDepth { block }, &[source])?;
            self.put_plain(made);
            return Ok(());
        }
        let Shape { channels, height, width } = self.draft.shape(source);
        let area = block.checked_mul(block).filter(|&area| area > 0 && channels.is_multiple_of(area));
        let Some(area) = area else {
            return Err(format!(
                "{channels} channels do not divide into blocks of {block}×{block}; the file is damaged"
            ));
        };
        let dims = vec![1, channels / area, height.saturating_mul(block), width.saturating_mul(block)];
        self.other(node, source, dims, 0, 0)
    }

    /// `Expand` and `Tile`: repeats elements.
    pub(super) fn expand(&mut self, node: &Node) -> Result<(), String> {
        let map = self.map(node, 0)?;
        let Some(numbers) = self.ints(1) else { return self.unknown(node) };
        let rank = numbers.len().max(map.dims.len());
        let from_end = |at: usize, length: usize| (at + length).checked_sub(rank);
        let mut dims = Vec::with_capacity(rank);
        for at in 0..rank {
            let old = from_end(at, map.dims.len()).map_or(1, |at| map.dims[at]);
            let number = from_end(at, numbers.len()).map_or(1, |at| numbers[at]);
            let number = small(if at == 0 && number == self.batch { 1 } else { number }, "a size")?;
            dims.push(if node.op == "Tile" { old.saturating_mul(number) } else { old.max(number) });
        }
        if dims == map.dims {
            return self.alias(node);
        }
        self.other(node, map.source, dims, 0, 0)
    }

    /// An operator whose cost nobody knows: kept, listed, and taken as zero.
    pub(super) fn unknown(&mut self, node: &Node) -> Result<(), String> {
        let mut sources = Vec::new();
        let mut first = None;
        let mut weights = 0_u64;
        for at in 0..self.wiring.input_count(self.node) {
            match self.value(at) {
                Some(Value::Map(map) | Value::Gate(map, _)) => {
                    first.get_or_insert_with(|| map.dims.clone());
                    sources.push(map.source);
                }
                Some(Value::Constant(constant)) => weights = weights.saturating_add(constant.count().unwrap_or(0)),
                None if self.wiring.input(self.node, at).is_some() => return self.map(node, at).map(drop),
                None => {}
            }
        }
        let Some(first) = first else {
            return Err(
                "it takes nothing that depends on the picture; simplify the model before exporting it".to_owned()
            );
        };
        let source = self.bundle_or_one(node, &sources)?;
        for at in 0..self.wiring.output_count(self.node) {
            let Some(id) = self.wiring.output(self.node, at).filter(|&id| self.wiring.is_wanted(id)) else { continue };
            let declared = self.declared(at);
            let dims = declared.unwrap_or_else(|| first.clone());
            // The weights are those of the first output alone.
            let held = std::mem::take(&mut weights);
            let made = self.draft.custom(node.title(), shape_of(&dims)?, 0, held, source)?;
            let what = format!(
                "`{}` is not known; its cost is taken as zero until you give it",
                crate::formats::clipped(&node.op)
            );
            self.draft.note(NoteKind::UnknownCost, &what, Some(made));
            self.values[id] = Some(Value::Map(self.seen_as(made, dims)));
        }
        Ok(())
    }

    fn bundle_or_one(
        &mut self,
        node: &Node,
        sources: &[crate::network::Source],
    ) -> Result<crate::network::Source, String> {
        match sources {
            [one] => Ok(*one),
            [first, rest @ ..] if rest.iter().all(|source| source == first) => Ok(*first),
            _ => self.bundle(node, sources),
        }
    }
}
