//! Builds a network layer by layer, refusing what cannot be.

use super::infer::{self, MAX_FLOPS};
use super::{Layer, LayerId, Measured, Network, NetworkError, Op, Problem, Shape, Source, Work, stages};

/// The most layers of a network.
pub const MAX_LAYERS: usize = 2000;
/// The most characters of a name.
pub const MAX_NAME: usize = 64;

/// A network under construction: each layer's shape is known as soon as it is added.
#[derive(Clone, Debug)]
pub struct Builder {
    name: String,
    input: Shape,
    layers: Vec<Layer>,
    /// Layers, sorted by their names.
    by_name: Vec<LayerId>,
}

impl Builder {
    /// Starts a network from its input tensor.
    ///
    /// # Errors
    /// The input has a dimension of 0 or above the limit.
    pub fn new(name: &str, input: Shape) -> Result<Self, NetworkError> {
        let [c, h, w] = <[u32; 3]>::from(input).map(u64::from);
        infer::shape(c, h, w).map_err(|problem| NetworkError { layer: None, problem })?;
        Ok(Self { name: name.to_owned(), input, layers: Vec::new(), by_name: Vec::new() })
    }

    /// Adds a layer and gives its output. Inputs come from this builder.
    ///
    /// # Errors
    /// The name is taken or bad, or the op cannot take such inputs.
    pub fn layer(&mut self, name: &str, op: Op, inputs: &[Source]) -> Result<Source, NetworkError> {
        self.measured_layer(name, op, inputs, Measured::default())
    }

    /// As [`Builder::layer`], with measured times.
    ///
    /// # Errors
    /// As [`Builder::layer`].
    pub fn measured_layer(
        &mut self,
        name: &str,
        op: Op,
        inputs: &[Source],
        measured: Measured,
    ) -> Result<Source, NetworkError> {
        let index = self.layers.len();
        let at = |problem| NetworkError { layer: Some((index, name.to_owned())), problem };
        if index == MAX_LAYERS {
            return Err(NetworkError { layer: None, problem: Problem::TooManyLayers });
        }
        if name.is_empty() || name.chars().count() > MAX_NAME || name == "input" {
            return Err(at(Problem::BadName));
        }
        let id = LayerId(index as u32);
        let place = match self.place(name) {
            Ok(_) => return Err(at(Problem::DuplicateName)),
            Err(place) => place,
        };
        let shapes: Vec<Shape> = inputs.iter().map(|&source| self.shape(source)).collect();
        let inferred = infer::infer(&op, &shapes).map_err(at)?;
        self.by_name.insert(place, id);
        self.layers.push(Layer {
            name: name.to_owned(),
            op,
            inputs: inputs.to_vec(),
            output: inferred.output,
            work: inferred.work,
            parameters: inferred.parameters,
            weight_bytes: inferred.weight_bytes,
            tileable: inferred.tileable,
            measured,
            stage: 0,
        });
        Ok(Source::Layer(id))
    }

    /// The tensor of that name, if there is one: a layer's output, or the input.
    pub fn find(&self, name: &str) -> Option<Source> {
        if name == "input" {
            return Some(Source::Input);
        }
        self.place(name).ok().map(|at| Source::Layer(self.by_name[at]))
    }

    /// Where a name stands, or would, among the sorted ones.
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.by_name.binary_search_by(|id| self.layers[id.index()].name.as_str().cmp(name))
    }

    /// Name of the layer that makes a tensor; none for the input.
    pub fn name(&self, source: Source) -> Option<&str> {
        match source {
            Source::Input => None,
            Source::Layer(id) => Some(&self.layers[id.index()].name),
        }
    }

    /// Op of the layer that makes a tensor; none for the input.
    pub fn op(&self, source: Source) -> Option<&Op> {
        match source {
            Source::Input => None,
            Source::Layer(id) => Some(&self.layers[id.index()].op),
        }
    }

    /// Number of layers so far.
    pub fn len(&self) -> usize {
        self.layers.len()
    }

    /// Whether there is no layer yet.
    pub fn is_empty(&self) -> bool {
        self.layers.is_empty()
    }

    /// Shape of a tensor of this builder.
    pub fn shape(&self, source: Source) -> Shape {
        match source {
            Source::Input => self.input,
            Source::Layer(id) => self.layers[id.index()].output,
        }
    }

    /// Closes the longest network that the first layers, at most so many, are: one output, stages found. For
    /// showing what is sound of a network that is not.
    pub fn finish_longest(mut self, at_most: usize) -> Option<Network> {
        let count = self.layers.len();
        // How many more of the first n layers wait for a consumer than of the first n − 1.
        let mut waiting = vec![1_i64; count];
        let mut is_consumed = vec![false; count];
        for (more, layer) in waiting.iter_mut().zip(&self.layers) {
            for source in &layer.inputs {
                if let Source::Layer(id) = source
                    && !std::mem::replace(&mut is_consumed[id.index()], true)
                {
                    *more -= 1;
                }
            }
        }
        let mut outputs = 0;
        let mut longest = 0;
        for (index, more) in waiting.iter().enumerate().take(at_most) {
            outputs += more;
            if outputs == 1 {
                longest = index + 1;
            }
        }
        self.layers.truncate(longest);
        self.by_name.retain(|id| id.index() < longest);
        self.finish().ok()
    }

    /// Closes the network that makes a tensor of this builder; layers that it does not need are left out.
    ///
    /// # Errors
    /// As [`Builder::finish`].
    pub fn finish_with_output(mut self, output: Source) -> Result<Network, NetworkError> {
        let mut is_needed = vec![false; self.layers.len()];
        let need = |source: Source, is_needed: &mut Vec<bool>| {
            if let Source::Layer(id) = source {
                is_needed[id.index()] = true;
            }
        };
        need(output, &mut is_needed);
        for (index, layer) in self.layers.iter().enumerate().rev() {
            if is_needed[index] {
                layer.inputs.iter().for_each(|&source| need(source, &mut is_needed));
            }
        }
        let mut moved = Vec::with_capacity(self.layers.len());
        let mut count = 0;
        for &needed in &is_needed {
            moved.push(LayerId(count));
            count += u32::from(needed);
        }
        let mut index = 0;
        self.layers.retain(|_| {
            index += 1;
            is_needed[index - 1]
        });
        for source in self.layers.iter_mut().flat_map(|layer| &mut layer.inputs) {
            if let Source::Layer(id) = source {
                *id = moved[id.index()];
            }
        }
        self.finish()
    }

    /// Closes the network: exactly one output, stages found.
    ///
    /// # Errors
    /// No layers, more than one output, or more work in all than can be planned.
    pub fn finish(mut self) -> Result<Network, NetworkError> {
        let whole = |problem| NetworkError { layer: None, problem };
        let mut consumed = vec![false; self.layers.len()];
        for source in self.layers.iter().flat_map(|layer| &layer.inputs) {
            if let Source::Layer(id) = source {
                consumed[id.index()] = true;
            }
        }
        let outputs: Vec<usize> = (0..self.layers.len()).filter(|&i| !consumed[i]).collect();
        match outputs[..] {
            [] => return Err(whole(Problem::NoLayers)),
            [_] => {}
            [first, second, ..] => {
                let other = self.layers[first].name.clone();
                let layer = Some((second, self.layers[second].name.clone()));
                return Err(NetworkError { layer, problem: Problem::SecondOutput { other } });
            }
        }
        let flops: u128 = self.layers.iter().map(|layer| whole_flops(layer, self.shape(layer.inputs[0]))).sum();
        let weights: u128 =
            self.layers.iter().map(|layer| u128::from(layer.parameters) + u128::from(layer.weight_bytes)).sum();
        if flops.max(weights) > u128::from(MAX_FLOPS) {
            return Err(whole(Problem::TooMuchWork));
        }
        let stages = stages::find(&mut self.layers);
        Ok(Network { name: self.name, input: self.input, layers: self.layers, stages })
    }
}

fn whole_flops(layer: &Layer, input: Shape) -> u128 {
    u128::from(match layer.work {
        Work::PerOutput(each) => each * layer.output.area(),
        Work::PerInput(each) => each * input.area(),
        Work::Fixed(all) => all,
    })
}
