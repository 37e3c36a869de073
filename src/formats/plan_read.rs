//! Reads a plan document from its tree.

use super::plan::{BlockFile, FORMAT, OperationFile, PathFile, PlanFile, RegionFile, StageFile};
use super::reader::{Fields, Reader};
use super::scenario::{Scenario, ScenarioFile, SearchFile};
use super::tree::{Node, Value};
use crate::base::Span;

impl Reader<'_> {
    /// The plan at the root as it is written, and what its scenario means. With problems, there may be one all the
    /// same.
    pub(super) fn plan(&mut self, node: &Node) -> (PlanFile, Option<Scenario>) {
        const ALL: &[&str] = &[
            "scenario",
            "method",
            "blocks",
            "stages",
            "paths",
            "order",
            "operations",
            "makespan_ns",
            "lower_bound_ns",
            "device_memory_bytes",
            "proven_optimal",
            "evaluations",
            "format",
            "stopped_by",
        ];
        // `format` is looked at by itself, and what stopped the search is only there if something did.
        let fields = Fields { known: ALL, needed: &ALL[..ALL.len() - 2] };
        let mut file = empty();
        let mut scenario = None;
        self.object(node, "", "a plan document, an object,", fields, &mut |reader, field, value, at| match field {
            "scenario" => (file.scenario, scenario) = reader.scenario(value, at),
            "method" => file.method = reader.method(value, at),
            "blocks" => file.blocks = reader.list(value, at, "a list of blocks", Self::block),
            "stages" => file.stages = reader.list(value, at, "a list of stages", Self::stage),
            "paths" => file.paths = reader.list(value, at, "a list of paths", Self::path),
            "order" => file.order = reader.list(value, at, "a list of indices of paths", Self::index),
            "operations" => file.operations = reader.list(value, at, "a list of operations", Self::operation),
            "makespan_ns" => file.makespan_ns = reader.long(value, at),
            "lower_bound_ns" => file.lower_bound_ns = reader.long(value, at),
            "device_memory_bytes" => file.device_memory_bytes = reader.long(value, at),
            "proven_optimal" => file.proven_optimal = reader.truth(value, at),
            "evaluations" => file.evaluations = reader.long(value, at),
            "stopped_by" => {
                file.stopped_by = reader.optional(value, |reader| reader.text(value, at).unwrap_or_default());
            }
            _ => {}
        });
        if let Value::Object(_) = node.value {
            self.format(node, "", FORMAT);
        }
        (file, scenario)
    }

    fn block(&mut self, node: &Node, pointer: &str) -> BlockFile {
        const ALL: &[&str] = &["first_stage", "last_stage", "rows", "columns"];
        let fields = Fields { known: ALL, needed: ALL };
        let mut file = BlockFile { first_stage: 0, last_stage: 0, rows: Vec::new(), columns: Vec::new() };
        let bounds = |reader: &mut Self, value: &Node, at: &str| {
            reader.list(value, at, "a list of boundaries", |reader, item, at| {
                reader.whole(item, at, "a whole number").unwrap_or(0)
            })
        };
        self.object(node, pointer, "a block, an object,", fields, &mut |reader, field, value, at| match field {
            "first_stage" => file.first_stage = reader.index(value, at),
            "last_stage" => file.last_stage = reader.index(value, at),
            "rows" => file.rows = bounds(reader, value, at),
            _ => file.columns = bounds(reader, value, at),
        });
        file
    }

    fn stage(&mut self, node: &Node, pointer: &str) -> StageFile {
        const ALL: &[&str] = &["layers", "tileable"];
        let fields = Fields { known: ALL, needed: ALL };
        let mut file = StageFile { layers: Vec::new(), tileable: false };
        self.object(node, pointer, "a stage, an object,", fields, &mut |reader, field, value, at| match field {
            "layers" => {
                let name = |reader: &mut Self, item: &Node, at: &str| reader.text(item, at).unwrap_or_default();
                file.layers = reader.list(value, at, "a list of names", name);
            }
            _ => file.tileable = reader.truth(value, at),
        });
        file
    }

    fn path(&mut self, node: &Node, pointer: &str) -> PathFile {
        const ALL: &[&str] = &["block", "tile", "cut", "output", "input"];
        let fields = Fields { known: ALL, needed: ALL };
        let region = RegionFile { rows: Span::EMPTY, columns: Span::EMPTY };
        let mut file = PathFile { block: 0, tile: [0, 0], cut: 0, output: region, input: region };
        self.object(node, pointer, "a path, an object,", fields, &mut |reader, field, value, at| match field {
            "block" => file.block = reader.index(value, at),
            "tile" => file.tile = reader.two(value, at, "[row, column]", [0, 0]),
            "cut" => file.cut = reader.index(value, at),
            "output" => file.output = reader.region(value, at),
            _ => file.input = reader.region(value, at),
        });
        file
    }

    fn region(&mut self, node: &Node, pointer: &str) -> RegionFile {
        const ALL: &[&str] = &["rows", "columns"];
        let fields = Fields { known: ALL, needed: ALL };
        let mut file = RegionFile { rows: Span::EMPTY, columns: Span::EMPTY };
        self.object(node, pointer, "an object with rows and columns", fields, &mut |reader, field, value, at| {
            let span = Span::from(reader.two(value, at, "[first, one behind the last]", [0, 0]));
            *(if field == "rows" { &mut file.rows } else { &mut file.columns }) = span;
        });
        file
    }

    fn operation(&mut self, node: &Node, pointer: &str) -> OperationFile {
        const FIELDS: Fields = Fields {
            known: &["path", "resource", "slot", "start_ns", "end_ns", "bytes"],
            needed: &["path", "resource", "slot", "start_ns", "end_ns"],
        };
        let mut file = OperationFile { path: 0, resource: String::new(), slot: 0, start_ns: 0, end_ns: 0, bytes: None };
        self.object(node, pointer, "an operation, an object,", FIELDS, &mut |reader, field, value, at| match field {
            "path" => file.path = reader.index(value, at),
            "resource" => file.resource = reader.text(value, at).unwrap_or_default(),
            "slot" => file.slot = reader.index(value, at),
            "start_ns" => file.start_ns = reader.long(value, at),
            "end_ns" => file.end_ns = reader.long(value, at),
            _ => file.bytes = reader.optional(value, |reader| reader.long(value, at)),
        });
        file
    }
}

/// A plan document of nothing, to be filled.
fn empty() -> PlanFile {
    PlanFile {
        format: FORMAT.to_owned(),
        scenario: ScenarioFile::of_model(""),
        method: SearchFile::default().method,
        blocks: Vec::new(),
        stages: Vec::new(),
        paths: Vec::new(),
        order: Vec::new(),
        operations: Vec::new(),
        makespan_ns: 0,
        lower_bound_ns: 0,
        device_memory_bytes: 0,
        proven_optimal: false,
        evaluations: 0,
        stopped_by: None,
    }
}
