//! Follows a tile back through the layers of a stage.

use super::input_region;
use crate::base::Region;
use crate::network::{LayerId, Network, Source, Stage};

/// Goes back through stages, holding the region that each layer must produce.
#[derive(Clone, Debug)]
pub struct Tracer<'a> {
    network: &'a Network,
    /// By layer: the bounding box of what its consumers in the stage need.
    produced: Vec<Region>,
    /// By layer: what it needs of its first input.
    needed: Vec<Region>,
}

impl<'a> Tracer<'a> {
    /// A tracer for any stage of this network.
    pub fn new(network: &'a Network) -> Self {
        let empty = vec![Region::EMPTY; network.layers().len()];
        Self { network, produced: empty.clone(), needed: empty }
    }

    /// Traces `out` of a stage's output back to its input; gives the region needed there.
    ///
    /// Afterwards [`Tracer::produced`] and [`Tracer::needed`] hold for the stage's layers.
    pub fn back(&mut self, stage: &Stage, out: Region) -> Region {
        for id in &stage.layers {
            self.produced[id.index()] = Region::EMPTY;
        }
        self.produced[stage.output.index()] = out;
        let mut entry = Region::EMPTY;
        let first = stage.layers.first().map_or(0, |id| id.index());
        for &id in stage.layers.iter().rev() {
            let layer = self.network.layer(id);
            let out = self.produced[id.index()];
            for (position, &source) in layer.inputs.iter().enumerate() {
                let region = input_region(&layer.op, out, self.network.shape(source), layer.output);
                if position == 0 {
                    self.needed[id.index()] = region;
                }
                match source {
                    // Layers of a stage are neighbours in the list: earlier ones are outside.
                    Source::Layer(before) if before.index() >= first => {
                        let held = &mut self.produced[before.index()];
                        *held = held.bounding(region);
                    }
                    _ => entry = entry.bounding(region),
                }
            }
        }
        entry
    }

    /// Traces a cell of stage `last`'s output back to the input of stage `first`: the region needed
    /// there, and the multiply-accumulates of all layers on the way.
    pub fn path(&mut self, first: usize, last: usize, cell: Region) -> (Region, u64) {
        let (network, mut region, mut macs) = (self.network, cell, 0);
        for stage in network.stages()[first..=last].iter().rev() {
            region = self.back(stage, region);
            for &id in &stage.layers {
                macs += network.layer(id).region_macs(self.produced(id).area(), self.needed(id).area());
            }
        }
        (region, macs)
    }

    /// The region that a layer of the last traced stage must produce.
    #[inline]
    pub fn produced(&self, layer: LayerId) -> Region {
        self.produced[layer.index()]
    }

    /// What that layer needs of its first input.
    #[inline]
    pub fn needed(&self, layer: LayerId) -> Region {
        self.needed[layer.index()]
    }
}
