//! Folds what follows from constants alone: sizes and scales that exporters compute in the graph.

use super::Importer;
use super::proto::{Data, Node};
use super::values::{Constant, Value};

/// The most numbers of a folded constant.
const MAX_NUMBERS: usize = 64;

impl Importer<'_> {
    pub(super) fn inputs_are_constant(&self, node: &Node) -> bool {
        let mut all = (0..self.wiring.input_count(self.node)).filter_map(|at| self.wiring.input(self.node, at));
        // Operators without inputs make constants or random numbers.
        let is_constant = all.all(|id| matches!(self.values[id], Some(Value::Constant(_))));
        is_constant && node.op != "If" && node.op != "Loop"
    }

    pub(super) fn fold(&mut self, node: &Node) -> Result<(), String> {
        let constant = self.folded(node).unwrap_or_default();
        self.put(0, Value::Constant(constant));
        for at in 1..self.wiring.output_count(self.node) {
            self.put(at, Value::Constant(Constant::default()));
        }
        Ok(())
    }

    /// The constant that comes out, as far as it can be told.
    fn folded(&self, node: &Node) -> Option<Constant> {
        let first = self.constant(0);
        match node.op.as_str() {
            "Constant" => Some(literal(node)),
            "ConstantOfShape" => {
                let dims = self.ints(0)?;
                let count = dims.iter().try_fold(1_usize, |all, &dim| all.checked_mul(usize::try_from(dim).ok()?));
                let value = node.attribute("value").and_then(|value| value.tensor.as_ref()?.data.clone());
                let count = count.filter(|&count| count <= MAX_NUMBERS);
                let data = count.and_then(|count| repeated(value.unwrap_or(Data::Floats(vec![0.0])), count));
                Some(Constant { dims: Some(dims), data })
            }
            // Quantised weights are weights: their size is what counts.
            "Identity" | "CastLike" | "Dropout" => first.cloned(),
            "DequantizeLinear" | "QuantizeLinear" => Some(Constant { dims: first?.dims.clone(), data: None }),
            "Cast" => Some(Constant {
                dims: first?.dims.clone(),
                data: first?.data.clone().map(|data| cast(data, node.int("to", 1))),
            }),
            "Shape" => Some(Constant::ints(first?.dims.clone()?)),
            "Gather" => self.gathered(first?, node),
            "Slice" => self.sliced(first?, node),
            "Concat" => self.concatenated(node),
            "Unsqueeze" | "Squeeze" | "Reshape" | "Flatten" => self.moved(first?, node),
            "Transpose" => Some(transposed(first?, node)),
            "Range" => self.range(),
            "ReduceProd" => {
                let Data::Ints(all) = first?.data.as_ref()? else { return None };
                let product = all.iter().try_fold(1_i64, |all, &one| all.checked_mul(one))?;
                Some(Constant {
                    dims: Some(vec![1; usize::from(node.int("keepdims", 1) != 0)]),
                    data: Some(Data::Ints(vec![product])),
                })
            }
            "Where" => self.chosen(),
            "Floor" | "Ceil" | "Round" | "Neg" | "Sqrt" | "Abs" => {
                let Constant { dims, data } = first?;
                Some(Constant { dims: dims.clone(), data: data.as_ref().and_then(|data| unary(&node.op, data)) })
            }
            "Add" | "Sub" | "Mul" | "Div" | "Min" | "Max" | "Mod" | "Pow" | "Equal" | "Greater" | "Less" => {
                binary(&node.op, first?, self.constant(1)?)
            }
            _ => None,
        }
    }

    fn gathered(&self, from: &Constant, node: &Node) -> Option<Constant> {
        if node.int("axis", 0) != 0 || from.dims.as_ref()?.len() != 1 {
            return None;
        }
        let index = self.constant(1)?;
        let Data::Ints(places) = index.data.as_ref()? else { return None };
        let count = from.data.as_ref()?.len() as i64;
        let places: Vec<usize> = places
            .iter()
            .map(|&at| usize::try_from(if at < 0 { at + count } else { at }).ok())
            .collect::<Option<_>>()?;
        Some(Constant { dims: index.dims.clone(), data: Some(pick(from.data.as_ref()?, &places)?) })
    }

    fn sliced(&self, from: &Constant, node: &Node) -> Option<Constant> {
        let data = from.data.as_ref().filter(|_| from.dims.as_ref().is_some_and(|dims| dims.len() == 1))?;
        let given = |name: &str, at: usize| node.ints(name).map(<[i64]>::to_vec).or_else(|| self.ints(at));
        let (start, end) = (*given("starts", 1)?.first()?, *given("ends", 2)?.first()?);
        let step = given("steps", 4).and_then(|steps| steps.first().copied()).unwrap_or(1);
        let count = data.len() as i64;
        let clamp = |at: i64| if at < 0 { at.saturating_add(count) } else { at }.clamp(0, count);
        if step == -1 && data.len() <= MAX_NUMBERS && (start == -1 || start >= count - 1) && end < -count {
            return list(pick(data, &(0..data.len()).rev().collect::<Vec<_>>())?);
        }
        let step = usize::try_from(step).ok().filter(|&step| step > 0)?;
        let places: Vec<usize> = (clamp(start) as usize..clamp(end) as usize).step_by(step).collect();
        list(pick(data, &places)?)
    }

    fn concatenated(&self, node: &Node) -> Option<Constant> {
        let mut ints: Vec<i64> = Vec::new();
        let mut floats: Vec<f64> = Vec::new();
        for at in 0..self.wiring.input_count(self.node) {
            let constant = self.constant(at)?;
            if node.int("axis", 0) != 0 || constant.dims.as_ref()?.len() != 1 {
                return None;
            }
            match constant.data.as_ref()? {
                Data::Ints(all) => ints.extend(all),
                Data::Floats(all) => floats.extend(all),
            }
            if ints.len() + floats.len() > MAX_NUMBERS {
                return None;
            }
        }
        match (ints.is_empty(), floats.is_empty()) {
            (_, true) => list(Data::Ints(ints)),
            (true, false) => list(Data::Floats(floats)),
            _ => None,
        }
    }

    /// The same numbers under other dimensions.
    fn moved(&self, from: &Constant, node: &Node) -> Option<Constant> {
        let dims = from.dims.as_ref()?;
        let axes = || node.ints("axes").map(<[i64]>::to_vec).or_else(|| self.ints(1));
        let dims = match node.op.as_str() {
            "Unsqueeze" => {
                let axes = axes()?;
                let rank = (dims.len() + axes.len()) as i64;
                let mut rest = dims.iter().copied();
                (0..rank)
                    .map(
                        |axis| {
                            if axes.iter().any(|&at| at == axis || at + rank == axis) { Some(1) } else { rest.next() }
                        },
                    )
                    .collect::<Option<Vec<i64>>>()?
            }
            "Squeeze" => {
                let (axes, rank) = (axes(), dims.len() as i64);
                let goes = |axis: i64, dim: i64| match &axes {
                    Some(axes) => axes.iter().any(|&at| at == axis || at + rank == axis),
                    None => dim == 1,
                };
                (0_i64..).zip(dims).filter(|&(axis, &dim)| !goes(axis, dim)).map(|(_, &dim)| dim).collect()
            }
            "Flatten" => vec![*dims.first()?, dims[1..].iter().try_fold(1_i64, |all, &dim| all.checked_mul(dim))?],
            _ => {
                let mut target = self.ints(1).or_else(|| node.ints("shape").map(<[i64]>::to_vec))?;
                let kept = dims.clone();
                target
                    .iter_mut()
                    .enumerate()
                    .filter(|(_, size)| **size == 0)
                    .for_each(|(at, size)| *size = kept.get(at).copied().unwrap_or(0));
                let known =
                    target.iter().filter(|&&size| size >= 0).try_fold(1_i64, |all, &size| all.checked_mul(size))?;
                let rest = from.count()?.checked_div(known as u64)? as i64;
                target.iter_mut().filter(|size| **size < 0).for_each(|size| *size = rest);
                target
            }
        };
        Some(Constant { dims: Some(dims), data: from.data.clone() })
    }

    fn range(&self) -> Option<Constant> {
        let one = |at: usize| self.ints(at)?.first().copied();
        let (start, limit, step) = (one(0)?, one(1)?, one(2)?);
        let count = limit.checked_sub(start)?.checked_div(step)?;
        if step <= 0 || !(0..MAX_NUMBERS as i64).contains(&count) {
            return None;
        }
        list(Data::Ints((start..limit).step_by(usize::try_from(step).ok()?).collect()))
    }

    fn chosen(&self) -> Option<Constant> {
        let (choice, yes, no) = (self.ints(0)?, self.ints(1)?, self.ints(2)?);
        let count = choice.len().max(yes.len()).max(no.len());
        let at = |all: &[i64], i: usize| all.get(if all.len() == 1 { 0 } else { i }).copied();
        let chosen =
            (0..count).map(|i| if at(&choice, i)? != 0 { at(&yes, i) } else { at(&no, i) }).collect::<Option<_>>()?;
        list(Data::Ints(chosen))
    }
}

fn list(data: Data) -> Option<Constant> {
    Some(Constant { dims: Some(vec![data.len() as i64]), data: Some(data) })
}

/// A `Constant` node's value, in whichever attribute it is.
fn literal(node: &Node) -> Constant {
    let Some(attribute) = node.attributes.iter().find(|attribute| attribute.name.starts_with("value")) else {
        return Constant::default();
    };
    let scalar = |data: Data| Constant { dims: Some(Vec::new()), data: Some(data) };
    match (&attribute.tensor, attribute.int, attribute.float) {
        (Some(tensor), ..) => Constant { dims: Some(tensor.dims.clone()), data: tensor.data.clone() },
        (_, Some(int), _) if attribute.name == "value_int" => scalar(Data::Ints(vec![int])),
        (.., Some(float)) if attribute.name == "value_float" => scalar(Data::Floats(vec![float])),
        _ if !attribute.ints.is_empty() => Constant::ints(attribute.ints.clone()),
        _ if !attribute.floats.is_empty() => list(Data::Floats(attribute.floats.clone())).unwrap_or_default(),
        _ => Constant::default(),
    }
}

fn repeated(data: Data, count: usize) -> Option<Data> {
    Some(match data {
        Data::Ints(all) => Data::Ints(vec![*all.first()?; count]),
        Data::Floats(all) => Data::Floats(vec![*all.first()?; count]),
    })
}

/// ONNX's element types 1, 10, 11 and 16 are floats, the others whole numbers.
fn cast(data: Data, to: i64) -> Data {
    match (data, matches!(to, 1 | 10 | 11 | 16)) {
        (Data::Ints(all), true) => Data::Floats(all.iter().map(|&value| value as f64).collect()),
        (Data::Floats(all), false) => Data::Ints(all.iter().map(|&value| value as i64).collect()),
        (data, _) => data,
    }
}

fn pick(data: &Data, places: &[usize]) -> Option<Data> {
    if places.len() > MAX_NUMBERS {
        return None;
    }
    Some(match data {
        Data::Ints(all) => Data::Ints(places.iter().map(|&at| all.get(at).copied()).collect::<Option<_>>()?),
        Data::Floats(all) => Data::Floats(places.iter().map(|&at| all.get(at).copied()).collect::<Option<_>>()?),
    })
}

fn transposed(from: &Constant, node: &Node) -> Constant {
    let Some(dims) = &from.dims else { return Constant::default() };
    let moved: Option<Vec<i64>> = match node.ints("perm") {
        Some(perm) => perm.iter().map(|&axis| dims.get(usize::try_from(axis).ok()?).copied()).collect(),
        None => Some(dims.iter().rev().copied().collect()),
    };
    // Of a list, the numbers stay where they are.
    let data = from.data.clone().filter(|_| dims.len() <= 1);
    Constant { dims: moved, data }
}

fn unary(op: &str, data: &Data) -> Option<Data> {
    Some(match data {
        Data::Floats(all) => Data::Floats(
            all.iter()
                .map(|&value| match op {
                    "Floor" => value.floor(),
                    "Ceil" => value.ceil(),
                    "Round" => value.round_ties_even(),
                    "Neg" => -value,
                    "Abs" => value.abs(),
                    _ => value.sqrt(),
                })
                .collect(),
        ),
        Data::Ints(all) => match op {
            "Neg" => Data::Ints(all.iter().map(|value| value.saturating_neg()).collect()),
            "Abs" => Data::Ints(all.iter().map(|value| value.saturating_abs()).collect()),
            _ => return None,
        },
    })
}

fn binary(op: &str, a: &Constant, b: &Constant) -> Option<Constant> {
    let larger = if a.count()? >= b.count()? { a } else { b };
    let (Some(x), Some(y)) = (&a.data, &b.data) else {
        // Weights times a factor are weights of the same size.
        return Some(Constant { dims: larger.dims.clone(), data: None });
    };
    let count = x.len().max(y.len());
    if [x, y].iter().any(|data| data.len() != 1 && data.len() != count) {
        return None;
    }
    let place = |length: usize, i: usize| if length == 1 { 0 } else { i };
    let data = match (x, y) {
        (Data::Ints(x), Data::Ints(y)) => Data::Ints(
            (0..count).map(|i| whole(op, x[place(x.len(), i)], y[place(y.len(), i)])).collect::<Option<_>>()?,
        ),
        (Data::Floats(x), Data::Floats(y)) => Data::Floats(
            (0..count).map(|i| real(op, x[place(x.len(), i)], y[place(y.len(), i)])).collect::<Option<_>>()?,
        ),
        _ => return None,
    };
    Some(Constant { dims: larger.dims.clone(), data: Some(data) })
}

/// Whole numbers stay within 64 bits: what is larger stays at the end.
fn whole(op: &str, x: i64, y: i64) -> Option<i64> {
    Some(match op {
        "Add" => x.saturating_add(y),
        "Sub" => x.saturating_sub(y),
        "Mul" => x.saturating_mul(y),
        "Div" => x.checked_div(y)?,
        "Mod" => x.checked_rem(y)?,
        "Min" => x.min(y),
        "Max" => x.max(y),
        "Equal" => i64::from(x == y),
        "Greater" => i64::from(x > y),
        "Less" => i64::from(x < y),
        _ => return None,
    })
}

fn real(op: &str, x: f64, y: f64) -> Option<f64> {
    Some(match op {
        "Add" => x + y,
        "Sub" => x - y,
        "Mul" => x * y,
        "Div" => x / y,
        "Min" => x.min(y),
        "Max" => x.max(y),
        _ => return None,
    })
}
