//! Operators that join and cut tensors along an axis.

use super::Importer;
use super::proto::Node;
use super::values::{Map, Value, View};
use super::windows::small;
use crate::network::{Op, Source as Made};

/// Where an axis of the file is among so many.
fn place(axis: i64, rank: usize) -> Result<usize, String> {
    let at = if axis < 0 { axis.saturating_add(rank as i64) } else { axis };
    usize::try_from(at)
        .ok()
        .filter(|&at| at < rank)
        .ok_or_else(|| format!("axis {axis} is not among {rank}; the file is damaged"))
}

impl Importer<'_> {
    pub(super) fn concat(&mut self, node: &Node) -> Result<(), String> {
        let mut maps: Vec<Map> = Vec::new();
        for at in 0..self.wiring.input_count(self.node) {
            match self.value(at) {
                // A class token or the like in front of what comes of the picture.
                Some(Value::Constant(_)) => return self.unknown(node),
                _ => maps.push(self.map(node, at)?),
            }
        }
        let Some(first) = maps.first() else { return Err("it joins nothing; the file is damaged".to_owned()) };
        let axis = place(node.int("axis", 1), first.dims.len())?;
        let mut dims = first.dims.clone();
        for map in &maps[1..] {
            let fits = map.dims.len() == dims.len() && (0..dims.len()).all(|at| at == axis || map.dims[at] == dims[at]);
            if !fits {
                return Err(format!(
                    "its inputs have sizes {dims:?} and {:?}, which cannot be joined; the file is damaged",
                    map.dims
                ));
            }
            dims[axis] = dims[axis].saturating_add(map.dims[axis]);
        }
        let sources: Vec<Made> = maps.iter().map(|map| map.source).collect();
        if first.axis(axis) == Some(1) && maps.iter().all(|map| map.view == first.view) {
            let view = first.view;
            let made = self.draft.add(node.title(), Op::Concat, &sources)?;
            let map = match view {
                View::Permuted(order) => self.plain(made).permuted(order),
                View::Flat => self.flat(made),
                _ => self.plain(made),
            };
            self.put_map(map);
            return Ok(());
        }
        // Along another axis: the elements are the same, side by side in a row.
        let mut flat = Vec::with_capacity(sources.len());
        for &source in &sources {
            flat.push(self.flattened(&format!("{}.flat", node.title()), source)?);
        }
        let made = self.draft.add(node.title(), Op::Concat, &flat)?;
        let map = self.seen_as(made, dims);
        self.put_map(map);
        Ok(())
    }

    /// A part of an axis.
    fn cut(&mut self, node: &Node, map: &Map, axis: usize, from: u32, to: u32) -> Result<Map, String> {
        let length = map.dims[axis];
        if from == 0 && to == length {
            return Ok(map.clone());
        }
        if map.axis(axis) == Some(1) {
            let made = self.draft.add(node.title(), Op::Slice { from, to }, &[map.source])?;
            return Ok(match map.view {
                View::Permuted(order) => self.plain(made).permuted(order),
                View::Flat => self.flat(made),
                _ => self.plain(made),
            });
        }
        let mut dims = map.dims.clone();
        dims[axis] = to.saturating_sub(from);
        let made = self.draft.custom(node.title(), super::elementwise::shape_of(&dims)?, 0, 0, map.source)?;
        let what = "a part of the picture is cut out; that cannot be tiled and is taken to cost nothing";
        self.draft.note(crate::import::draft::NoteKind::Approximated, what, Some(made));
        Ok(self.seen_as(made, dims))
    }

    pub(super) fn split(&mut self, node: &Node) -> Result<(), String> {
        let map = self.map(node, 0)?;
        let axis = place(node.int("axis", 0), map.dims.len())?;
        let count = self.wiring.output_count(self.node);
        let parts: Vec<u32> = match node.ints("split").map(<[i64]>::to_vec).or_else(|| self.ints(1)) {
            Some(parts) => parts.iter().map(|&part| small(part, "a part")).collect::<Result<_, _>>()?,
            None => {
                let each = map.dims[axis].div_ceil(u32::try_from(count).unwrap_or(1).max(1));
                (0..count as u32).map(|at| each.min(map.dims[axis].saturating_sub(at * each))).collect()
            }
        };
        if parts.iter().try_fold(0_u32, |all, &part| all.checked_add(part)) != Some(map.dims[axis])
            || parts.len() < count
        {
            return Err(format!("it cuts {} into {parts:?}; the file is damaged", map.dims[axis]));
        }
        let mut from = 0;
        for (at, part) in parts.iter().enumerate().take(count) {
            let to = from + part;
            if self.wiring.output(self.node, at).is_some_and(|id| self.wiring.is_wanted(id)) {
                let cut = self.cut(node, &map, axis, from, to)?;
                self.put(at, Value::Map(cut));
            }
            from = to;
        }
        Ok(())
    }

    pub(super) fn slice(&mut self, node: &Node) -> Result<(), String> {
        let mut map = self.map(node, 0)?;
        let given = |name: &str, at: usize| node.ints(name).map(<[i64]>::to_vec).or_else(|| self.ints(at));
        let (Some(starts), Some(ends)) = (given("starts", 1), given("ends", 2)) else { return self.unknown(node) };
        let axes = given("axes", 3).unwrap_or_else(|| (0..starts.len() as i64).collect());
        let steps = given("steps", 4).unwrap_or_else(|| vec![1; starts.len()]);
        for (((&start, &end), &axis), &step) in starts.iter().zip(&ends).zip(&axes).zip(&steps) {
            let axis = place(axis, map.dims.len())?;
            let length = i64::from(map.dims[axis]);
            if step != 1 {
                return self.strided(node, map, axis, start, end, step);
            }
            // Ends are often the largest number there is.
            let clamp = |at: i64| if at < 0 { at.saturating_add(length) } else { at }.clamp(0, length) as u32;
            let (from, to) = (clamp(start), clamp(end));
            if from >= to {
                return Err("nothing is left of what it cuts; the file is damaged".to_owned());
            }
            map = self.cut(node, &map, axis, from, to)?;
        }
        self.put_map(map);
        Ok(())
    }

    /// Every so many-th element of an axis.
    fn strided(&mut self, node: &Node, map: Map, axis: usize, start: i64, end: i64, step: i64) -> Result<(), String> {
        let length = i64::from(map.dims[axis]);
        if step <= 0 {
            // Turned round: as many elements as before.
            return self.other(node, map.source, map.dims, 0, 0);
        }
        let clamp = |at: i64| if at < 0 { at.saturating_add(length) } else { at }.clamp(0, length);
        let span = (clamp(end) - clamp(start)).max(0);
        let mut dims = map.dims;
        dims[axis] = small((span + step.min(length) - 1) / step.min(length).max(1), "a part")?.max(1);
        self.other(node, map.source, dims, 0, 0)
    }

    pub(super) fn gather(&mut self, node: &Node) -> Result<(), String> {
        let map = self.map(node, 0)?;
        let axis = place(node.int("axis", 0), map.dims.len())?;
        let Some(index) = self.constant(1).and_then(|constant| constant.dims.clone()) else {
            return self.unknown(node);
        };
        let index: Vec<u32> = index.iter().map(|&dim| small(dim, "an index")).collect::<Result<_, _>>()?;
        let dims = [&map.dims[..axis], &index, &map.dims[axis + 1..]].concat();
        self.other(node, map.source, dims, 0, 0)
    }
}
