//! Products of matrices: fully connected layers where they can be, with their cost where not.

use super::Importer;
use super::proto::Node;
use super::values::{Map, Value, View};
use super::windows::small;
use crate::import::window;
use crate::network::{Conv, Op};

impl Importer<'_> {
    /// `Gemm` and the `MatMul`s; `at` says which inputs are the two matrices and the bias.
    pub(super) fn product(&mut self, node: &Node, at: [usize; 3]) -> Result<(), String> {
        let is_gemm = node.op == "Gemm";
        match (self.value(at[0]), self.value(at[1])) {
            (Some(Value::Map(left)), Some(Value::Constant(weights))) => {
                let left = left.clone();
                let Some(dims) = weights.dims.clone() else {
                    return Err("the size of its weights cannot be found out; simplify the model before exporting it"
                        .to_owned());
                };
                let transposed = is_gemm && node.int("transB", 0) != 0;
                match dims[..] {
                    [a, b] => {
                        let (inner, outer) = if transposed { (b, a) } else { (a, b) };
                        self.by_weights(node, left, small(inner, "a weight")?, small(outer, "a weight")?, at[2])
                    }
                    _ => self.general(node, at, transposed),
                }
            }
            (Some(_), Some(_)) => self.general(node, at, is_gemm && node.int("transB", 0) != 0),
            _ => self.map(node, at[0]).and_then(|_| self.map(node, at[1])).map(drop),
        }
    }

    fn by_weights(&mut self, node: &Node, left: Map, inner: u32, outer: u32, bias_at: usize) -> Result<(), String> {
        let last = left.dims.len().saturating_sub(1);
        if left.dims.get(last) != Some(&inner) {
            return Err(format!("its weights take {inner} numbers, but {:?} come; the file is damaged", left.dims));
        }
        let bias = self.has_bias(node, if node.op == "Gemm" { bias_at } else { 99 }, outer);
        // A row of numbers, in whatever order: each is used once.
        let is_row = left.dims.iter().rev().skip(1).all(|&dim| dim == 1);
        if left.view == View::Flat || is_row {
            let made = self.draft.add(node.title(), Op::Linear { out_features: outer, bias }, &[left.source])?;
            let mut dims = left.dims;
            dims[last] = outer;
            let map = self.seen_as(made, dims);
            self.put_map(map);
            return Ok(());
        }
        if left.axis(last) == Some(1) && left.dims.len() == 4 {
            let window = window::of([1, 1], [1, 1], [1, 1], [0; 4]);
            return self.keeping_view(node, Op::Conv(Conv { out_channels: outer, window, groups: 1, bias }));
        }
        let flops = left.elements().saturating_mul(u64::from(outer)).saturating_mul(2);
        let weights = u64::from(inner) * u64::from(outer) + if bias { u64::from(outer) } else { 0 };
        let mut dims = left.dims;
        dims[last] = outer;
        self.other(node, left.source, dims, flops, weights)
    }

    /// Two tensors of any rank, of which at least one depends on the picture.
    fn general(&mut self, node: &Node, at: [usize; 3], transposed: bool) -> Result<(), String> {
        let mut sides: Vec<Vec<u32>> = Vec::new();
        let mut sources = Vec::new();
        let mut weights = 0;
        for at in &at[..2] {
            match self.value(*at) {
                Some(Value::Constant(constant)) => {
                    weights = constant.count().unwrap_or(0);
                    let Some(dims) = &constant.dims else { return self.unknown(node) };
                    sides.push(dims.iter().map(|&dim| small(dim, "a weight")).collect::<Result<_, _>>()?);
                }
                _ => {
                    let map = self.map(node, *at)?;
                    sources.push(map.source);
                    sides.push(map.dims);
                }
            }
        }
        let [left, right] = sides.as_mut_slice() else { return self.unknown(node) };
        let (Some(&inner), [.., a, b]) = (left.last(), &right[..]) else { return self.unknown(node) };
        let outer = if transposed { *a } else { *b };
        let mut dims = if left.len() >= right.len() {
            left.clone()
        } else {
            let mut dims = right.clone();
            let rows = left.len().checked_sub(2).map_or(1, |at| left[at]);
            let at = dims.len() - 2;
            dims[at] = rows;
            dims
        };
        if let Some(last) = dims.last_mut() {
            *last = outer;
        }
        let elements = dims.iter().fold(1_u64, |all, &dim| all.saturating_mul(u64::from(dim)));
        let flops = elements.saturating_mul(u64::from(inner)).saturating_mul(2);
        let source = self.bundle(node, &sources)?;
        self.other(node, source, dims, flops, weights)
    }
}
