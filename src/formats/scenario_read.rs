//! Reads a scenario document from its tree.

use super::model;
use super::numbers::Quantity;
use super::problem::{Problem, clipped, nearest};
use super::reader::{Fields, Reader};
use super::scenario::{
    DataFile, FORMAT, LinkFile, Method, ProcessorFile, Reference, Scenario, ScenarioFile, SearchFile, SpaceFile,
};
use super::tree::{Node, Value};
use super::{scenario_check, tree};
use crate::network::Network;

impl Reader<'_> {
    /// The scenario at a pointer as it is written, and what it means. With problems, there may be one all the same.
    pub(super) fn scenario(&mut self, node: &Node, pointer: &str) -> (ScenarioFile, Option<Scenario>) {
        const FIELDS: Fields = Fields {
            known: &["format", "model", "device", "server", "network", "data", "space", "search"],
            needed: &["model"],
        };
        let mut file = ScenarioFile::of_model("");
        let mut network = None;
        let told = self.told();
        self.object(node, pointer, "a scenario document, an object,", FIELDS, &mut |reader, field, value, at| {
            match field {
                "model" => (file.model, network) = reader.model_or_id(value, at),
                "device" => reader.reference(value, at, &mut file.device, Self::processor),
                "server" => reader.reference(value, at, &mut file.server, Self::processor),
                "network" => reader.reference(value, at, &mut file.network, Self::link),
                "data" => file.data = reader.data(value, at),
                "space" => file.space = reader.space(value, at),
                "search" => file.search = reader.search(value, at),
                _ => {}
            }
        });
        if let Value::Object(_) = node.value {
            self.format(node, pointer, FORMAT);
        }
        let mut problems = Vec::new();
        let scenario = scenario_check::check(&file, network, &mut problems);
        for problem in problems {
            // What goes together is only checked where all parts are as they were meant.
            if problem.code != "E043" || self.told() == told {
                self.tell(Problem { pointer: [pointer, &problem.pointer].concat(), ..problem });
            }
        }
        (file, scenario)
    }

    /// The model, and its network if nothing is wrong with it.
    fn model_or_id(&mut self, node: &Node, pointer: &str) -> (Reference<model::ModelFile>, Option<Network>) {
        let told = self.told();
        match &node.value {
            Value::Object(_) => {
                let (file, network) = self.network(node, pointer);
                (Reference::Whole(Box::new(file)), network.filter(|_| self.told() == told && !self.is_cut()))
            }
            Value::Text(id) => {
                let model = Reference::Id(id.clone());
                let mut problems = Vec::new();
                let network = scenario_check::network(&model, &mut problems);
                for problem in problems {
                    self.tell(Problem { pointer: pointer.to_owned(), ..problem });
                }
                (model, network)
            }
            _ => {
                self.wrong_type(node, pointer, "a network's id or a model document");
                (Reference::Id(String::new()), None)
            }
        }
    }

    /// A preset's id or an object; what stands there already where it is neither.
    fn reference<T>(
        &mut self,
        node: &Node,
        pointer: &str,
        into: &mut Reference<T>,
        read: impl Fn(&mut Self, &Node, &str) -> T,
    ) {
        match &node.value {
            Value::Text(id) => *into = Reference::Id(id.clone()),
            Value::Object(_) => *into = Reference::Whole(Box::new(read(self, node, pointer))),
            _ => self.wrong_type(node, pointer, "a preset's id or an object"),
        }
    }

    fn processor(&mut self, node: &Node, pointer: &str) -> ProcessorFile {
        const FIELDS: Fields = Fields {
            known: &["name", "gflops", "memory_gb_per_s", "overhead_us", "slots", "memory_mb"],
            needed: &["gflops", "memory_gb_per_s"],
        };
        let mut file = ProcessorFile {
            name: String::new(),
            gflops: Quantity::RATE.least,
            memory_gb_per_s: Quantity::RATE.least,
            overhead_us: 0.0,
            slots: 1,
            memory_mb: None,
        };
        self.object(node, pointer, "an object", FIELDS, &mut |reader, field, value, at| match field {
            "name" => file.name = reader.text(value, at).unwrap_or_default(),
            "gflops" => file.gflops = reader.amount(value, at, Quantity::RATE),
            "memory_gb_per_s" => file.memory_gb_per_s = reader.amount(value, at, Quantity::RATE),
            "overhead_us" => file.overhead_us = reader.amount(value, at, Quantity::OVERHEAD),
            "slots" => file.slots = reader.whole(value, at, "a whole number").unwrap_or(1),
            _ => file.memory_mb = reader.optional(value, |reader| reader.amount(value, at, Quantity::MEMORY)),
        });
        file
    }

    fn link(&mut self, node: &Node, pointer: &str) -> LinkFile {
        const FIELDS: Fields = Fields {
            known: &["name", "uplink_mbps", "latency_ms", "return_result", "downlink_mbps"],
            needed: &["uplink_mbps"],
        };
        let mut file = LinkFile {
            name: String::new(),
            uplink_mbps: Quantity::RATE.least,
            latency_ms: 0.0,
            return_result: false,
            downlink_mbps: None,
        };
        self.object(node, pointer, "an object", FIELDS, &mut |reader, field, value, at| match field {
            "name" => file.name = reader.text(value, at).unwrap_or_default(),
            "uplink_mbps" => file.uplink_mbps = reader.amount(value, at, Quantity::RATE),
            "latency_ms" => file.latency_ms = reader.amount(value, at, Quantity::LATENCY),
            "return_result" => file.return_result = reader.truth(value, at),
            _ => file.downlink_mbps = reader.optional(value, |reader| reader.amount(value, at, Quantity::RATE)),
        });
        file
    }

    fn data(&mut self, node: &Node, pointer: &str) -> DataFile {
        const FIELDS: Fields =
            Fields { known: &["bytes_per_element", "input_bytes_per_element", "wire_bytes_per_element"], needed: &[] };
        let mut file = DataFile::default();
        self.object(node, pointer, "an object with bytes per element", FIELDS, &mut |reader, field, value, at| {
            let bytes = reader.whole(value, at, "a whole number").unwrap_or(1);
            match field {
                "bytes_per_element" => file.bytes_per_element = bytes,
                "input_bytes_per_element" => file.input_bytes_per_element = bytes,
                _ => file.wire_bytes_per_element = bytes,
            }
        });
        file
    }

    fn space(&mut self, node: &Node, pointer: &str) -> SpaceFile {
        const FIELDS: Fields =
            Fields { known: &["max_fused_blocks", "grids", "fusible", "uneven", "step"], needed: &[] };
        let mut file = SpaceFile::default();
        let pairs = |reader: &mut Self, value: &Node, at: &str, expected: &'static str, otherwise: [u32; 2]| {
            reader.list(value, at, "a list of pairs", |reader, item, at| reader.two(item, at, expected, otherwise))
        };
        self.object(node, pointer, "an object", FIELDS, &mut |reader, field, value, at| match field {
            "max_fused_blocks" => file.max_fused_blocks = reader.whole(value, at, "a whole number").unwrap_or(1),
            "grids" => file.grids = pairs(reader, value, at, "[rows, columns]", [1, 1]),
            "fusible" => {
                let expected = "[first stage, stage behind the last]";
                file.fusible = reader.optional(value, |reader| pairs(reader, value, at, expected, [0, 1]));
            }
            "uneven" => file.uneven = reader.truth(value, at),
            _ => {
                let step = |reader: &mut Self| reader.whole(value, at, "a whole number").unwrap_or(1);
                file.step = reader.optional(value, step);
            }
        });
        file
    }

    fn search(&mut self, node: &Node, pointer: &str) -> SearchFile {
        const FIELDS: Fields = Fields { known: &["method", "seed", "particles", "iterations"], needed: &[] };
        let mut file = SearchFile::default();
        self.object(node, pointer, "an object", FIELDS, &mut |reader, field, value, at| match field {
            "method" => file.method = reader.method(value, at),
            "seed" => file.seed = reader.long(value, at),
            // The least that is right with any number of the other.
            "particles" => file.particles = reader.whole(value, at, "a whole number").unwrap_or(2),
            _ => file.iterations = reader.whole(value, at, "a whole number").unwrap_or(1),
        });
        file
    }

    pub(super) fn method(&mut self, node: &Node, pointer: &str) -> Method {
        let default = SearchFile::default().method;
        let Some(id) = node.as_text() else {
            self.wrong_type(node, pointer, "a method's id, a text,");
            return default;
        };
        Method::find(id).unwrap_or_else(|| {
            let ids = Method::ALL.map(Method::id);
            let what = format!("unknown variant `{}`", clipped(id));
            let remedy = ["use one of ", &ids.join(", ")].concat();
            self.tell(Problem::new("E042", pointer, what, remedy).or_rather(nearest(id, ids.into_iter())));
            default
        })
    }

    /// Two whole numbers; `otherwise` where they cannot be read.
    pub(super) fn two(&mut self, node: &Node, pointer: &str, expected: &str, otherwise: [u32; 2]) -> [u32; 2] {
        let [first, second] = node.items() else {
            self.wrong_type(node, pointer, expected);
            return otherwise;
        };
        let first = self.whole(first, &[pointer, "/0"].concat(), "a whole number");
        let second = self.whole(second, &[pointer, "/1"].concat(), "a whole number");
        match (first, second) {
            (Some(first), Some(second)) => [first, second],
            _ => otherwise,
        }
    }

    /// Nothing where `null` stands.
    pub(super) fn optional<T>(&mut self, node: &Node, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (!matches!(node.value, tree::Value::Null)).then(|| read(self))
    }
}
