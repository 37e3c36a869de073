//! The device memory that a plan needs at its peak (planning model §3).

use super::{Instance, Resource, Schedule};
use crate::base::{Bytes, Nanos, Region, sorted};
use crate::cost::CostModel;
use crate::network::Source;
use crate::tiling::Tracer;

/// Weights of every layer with a device part, plus the largest sum over time of what is held:
/// tile inputs and outputs from when they exist until their last reader has ended (a result that
/// nobody reads until the makespan), and during an operation its largest layer's input and output.
pub fn device_memory(model: &CostModel, instance: &Instance, cuts: &[usize], schedule: &Schedule) -> Bytes {
    let mut changes = Vec::new();
    let mut hold = |from: Nanos, until: Nanos, bytes: Bytes| {
        if until > from && bytes > Bytes::ZERO {
            changes.push((from, 1, bytes));
            changes.push((until, 0, bytes));
        }
    };
    let mut tracer = Tracer::new(model.network());
    let mut on_device = vec![false; model.network().stages().len()];
    let span = |path: usize, resource: Resource| {
        let found = schedule.operations.iter().find(|op| op.path == path && op.resource == resource);
        found.map(|op| (op.start, op.end))
    };
    for (path, known) in instance.paths().iter().enumerate() {
        let cut = cuts[path];
        on_device[known.first..known.first + cut].fill(true);
        let device = span(path, Resource::Device);
        let uplink = span(path, Resource::Uplink);
        if known.block == 0 {
            let read = if cut == 0 { uplink } else { device };
            hold(Nanos::ZERO, read.map_or(Nanos::ZERO, |(_, end)| end), model.held_bytes(known.first, known.input));
        }
        let Some((start, end)) = device else { continue };
        hold(start, end, working_set(model, &mut tracer, known.first, instance.region(path, cut), cut));
        let later = instance.dependents(path).iter().filter(|d| cut == known.len && cuts[d.path] > 0);
        let readers = later.filter_map(|d| span(d.path, Resource::Device)).chain(uplink).map(|(_, end)| end);
        let until = readers.max().unwrap_or(if cut == known.len { schedule.makespan } else { end });
        hold(end, until, model.held_bytes(known.first + cut, instance.region(path, cut)));
    }
    let (mut held, mut peak) = (Bytes::ZERO, Bytes::ZERO);
    for (_, begins, bytes) in sorted(&changes) {
        held = if begins == 1 { held + bytes } else { held - bytes };
        peak = peak.max(held);
    }
    weights(model, &on_device) + peak
}

/// Weights of the layers of these stages.
fn weights(model: &CostModel, stages: &[bool]) -> Bytes {
    let element = model.platform().data.element;
    let layers = model.network().layers().iter().filter(|layer| stages[layer.stage]);
    layers.map(|layer| Bytes(layer.weights(element))).sum()
}

/// Input and output of the largest layer of `stages` stages that make `out`.
fn working_set(model: &CostModel, tracer: &mut Tracer, first: usize, out: Region, stages: usize) -> Bytes {
    let network = model.network();
    let data = model.platform().data;
    let mut out = out;
    let mut largest = Bytes::ZERO;
    for stage in network.stages()[first..first + stages].iter().rev() {
        out = tracer.back(stage, out);
        for &id in &stage.layers {
            let layer = network.layer(id);
            let produced = tracer.produced(id);
            let inputs = layer.inputs.iter().map(|&source| {
                let shape = network.shape(source);
                let element = if source == Source::Input { data.input_element } else { data.element };
                let region = crate::tiling::input_region(&layer.op, produced, shape, layer.output);
                u64::from(shape.channels) * region.area() * element
            });
            let output = u64::from(layer.output.channels) * produced.area() * data.element;
            largest = largest.max(Bytes(inputs.sum::<u64>() + output));
        }
    }
    largest
}
