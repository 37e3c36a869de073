//! Cut points and the stages between them (planning model §1).

use super::{Layer, LayerId, Op, Source};

/// The layers between two neighbouring cut points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Its layers, each after its inputs; the last one makes the stage's output.
    pub layers: Vec<LayerId>,
    /// The layer whose output leaves the stage.
    pub output: LayerId,
    /// Whether all its layers are tileable.
    pub tileable: bool,
}

/// Finds the stages of a DAG with one output and writes each layer's stage into it.
pub(super) fn find(layers: &mut [Layer]) -> Vec<Stage> {
    let cuts = cut_points(layers);
    let mut bounds = vec![0];
    for cut in cuts {
        let start = *bounds.last().unwrap_or(&0);
        // A stage of folded layers alone is joined to the one after it.
        if layers[start..=cut].iter().any(|layer| !layer.op.is_folded()) {
            bounds.push(cut + 1);
        }
    }
    if bounds.last() != Some(&layers.len()) {
        // Folded layers at the end are joined to the stage before.
        if bounds.len() > 1 {
            bounds.pop();
        }
        bounds.push(layers.len());
    }
    let stages: Vec<Stage> = bounds
        .windows(2)
        .map(|range| Stage {
            layers: (range[0]..range[1]).map(|i| LayerId(i as u32)).collect(),
            output: LayerId(range[1] as u32 - 1),
            tileable: layers[range[0]..range[1]].iter().all(|layer| layer.tileable),
        })
        .collect();
    for (index, stage) in stages.iter().enumerate() {
        for id in &stage.layers {
            layers[id.index()].stage = index;
        }
    }
    stages
}

/// Layers whose output every route from input to output passes, the last layer included.
///
/// In a topological order with one source and one sink, a tensor is on every route exactly where
/// no edge leaps over it.
fn cut_points(layers: &[Layer]) -> Vec<usize> {
    let mut consumers: Vec<Vec<usize>> = vec![Vec::new(); layers.len()];
    // reach[i]: the last layer that reads a tensor made before layer i (the input included).
    let mut reach = 0;
    let mut leapt = vec![0; layers.len()];
    for (index, layer) in layers.iter().enumerate() {
        for source in &layer.inputs {
            match source {
                Source::Input => reach = reach.max(index),
                Source::Layer(id) => consumers[id.index()].push(index),
            }
        }
    }
    for (index, readers) in consumers.iter().enumerate() {
        leapt[index] = reach;
        reach = reach.max(readers.iter().copied().max().unwrap_or(0));
    }
    (0..layers.len())
        .filter(|&index| {
            let last = index + 1 == layers.len();
            let belongs_further = match consumers[index][..] {
                [only] => layers[only].op.joins_its_producer(),
                _ => false,
            };
            let flattened = matches!(layers[index].op, Op::Flatten);
            leapt[index] <= index && (last || !(belongs_further || flattened))
        })
        .collect()
}
