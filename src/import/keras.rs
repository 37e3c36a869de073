//! Keras' model JSON, of both its dialects: Keras 2's lists of inbound nodes and Keras 3's tensors.
//!
//! Entry point: [`read`]. `keras_layers` knows the layers' classes.

use super::draft::{Draft, NoteKind};
use super::keras_layers::{Config, Layers, Value};
use super::{Ask, Built, Options, Refusal, problem};
use crate::formats::tree::{Node, Tree};
use crate::formats::{Problem, Problems, clipped};
use crate::network::{Shape, Source as Made};

/// The deepest nesting of models in models.
const MAX_DEPTH: usize = 8;
/// The most layers, those of nested models included.
const MAX_LAYERS: usize = 10_000;

/// Reads a model document of Keras'.
///
/// # Errors
/// What is wrong with it, or what has to be asked first.
pub(super) fn read(tree: &Tree, file_name: &str, options: &Options) -> Result<Built, Refusal> {
    if !tree.problems.is_empty() {
        return Err(Problems(tree.problems.clone()).into());
    }
    let root = tree.root.as_ref().ok_or_else(|| problem("E002", "the document is empty", "save it again"))?;
    // TensorFlow.js wraps the same document.
    let root = root.get("modelTopology").unwrap_or(root);
    let root = root.get("model_config").unwrap_or(root);
    let graph = Graph::of(tree, root)?;
    let input = graph.input(root)?;
    let shape = sizes(tree, &input, options)?;
    let stem = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let name = graph.config.text("name").unwrap_or(stem);
    let draft = Draft::new(name, shape)?;
    let mut reader = Reader { tree, layers: Layers { draft }, seen: 0 };
    let first = Value::map(Made::Input);
    let value = reader.graph(&graph, &[first], 0).map_err(|problem| {
        let partial = reader.layers.draft.builder.clone().finish_longest(usize::MAX).map(Box::new);
        Refusal { partial, ..Refusal::from(problem) }
    })?;
    let (network, notes) = reader.layers.draft.finish(value.source)?;
    Ok(Built { network, notes })
}

/// The shape that a model says its input has.
struct Input<'a> {
    sizes: Vec<&'a Node>,
    is_channels_first: bool,
}

fn sizes(tree: &Tree, input: &Input, options: &Options) -> Result<Shape, Refusal> {
    let [_, rest @ ..] = input.sizes.as_slice() else {
        return Err(problem("E061", "the model says no size of its input", "build it before saving it").into());
    };
    let axes: &[&str] = match (rest.len(), input.is_channels_first) {
        (3, false) => &["height", "width", "channels"],
        (3, true) => &["channels", "height", "width"],
        _ => {
            let what = format!("the input has {} dimensions, where a picture has 4", rest.len() + 1);
            return Err(problem("E061", what, "Offcut plans networks whose input is one picture").into());
        }
    };
    let mut shape = Shape::new(0, 0, 0);
    let mut asks = Vec::new();
    for (node, axis) in rest.iter().zip(axes) {
        let given = options.sizes.iter().find(|(name, _)| name == axis).map(|(_, size)| *size);
        let slot = match *axis {
            "height" => &mut shape.height,
            "width" => &mut shape.width,
            _ => &mut shape.channels,
        };
        match tree.written(node).parse::<u32>().ok().or(given) {
            Some(size) => *slot = size,
            None => asks.push(Ask::Size { symbol: (*axis).to_owned(), axis: (*axis).to_owned() }),
        }
    }
    if asks.is_empty() { Ok(shape) } else { Err(Refusal::asking(asks)) }
}

/// A model, the whole or a nested one.
struct Graph<'a> {
    layers: &'a [Node],
    config: Config<'a>,
    is_sequential: bool,
    /// Name, call and place of each tensor that goes in, and of those that come out.
    inputs: Vec<(&'a str, usize)>,
    outputs: Vec<(&'a str, usize)>,
}

impl<'a> Graph<'a> {
    fn of(tree: &'a Tree<'a>, node: &'a Node) -> Result<Self, Problems> {
        let class = node.get("class_name").and_then(Node::as_text).unwrap_or("");
        let is_sequential = class == "Sequential";
        if !is_sequential && !matches!(class, "Functional" | "Model") {
            let what = format!("the class `{}` is no model that Keras' JSON describes by its layers", clipped(class));
            return Err(problem(
                "E090",
                what,
                "save a Sequential or Functional model; subclassed ones hold their layers in code",
            ));
        }
        let missing = || problem("E090", "the model has no list of layers", "save it again with model.to_json()");
        let config = node.get("config").ok_or_else(missing)?;
        // Old Sequential models are a list of layers by themselves.
        let layers =
            if config.items().is_empty() { config.get("layers").ok_or_else(missing)?.items() } else { config.items() };
        let ends = |key: &str| config.get(key).map(|list| history(tree, list)).unwrap_or_default();
        let graph = Self {
            layers,
            config: Config { tree, node: Some(config) },
            is_sequential,
            inputs: ends("input_layers"),
            outputs: ends("output_layers"),
        };
        if layers.is_empty() { Err(missing()) } else { Ok(graph) }
    }

    fn is_channels_first(&self) -> bool {
        self.layers.iter().any(|layer| {
            layer.get("config").and_then(|config| config.get("data_format")).and_then(Node::as_text)
                == Some("channels_first")
        })
    }

    /// The size of the input, wherever the model says it.
    fn input(&self, root: &'a Node) -> Result<Input<'a>, Problems> {
        if self.inputs.len() > 1 {
            let what = format!(
                "the model takes {} inputs, but Offcut plans networks that take one picture",
                self.inputs.len()
            );
            return Err(problem("E060", what, "save the part that works on the picture"));
        }
        let shape = |config: &'a Node| ["batch_input_shape", "batch_shape"].iter().find_map(|key| config.get(key));
        let of_layer = |layer: &'a Node| {
            let config = layer.get("config")?;
            // A nested model's first layer says it.
            let nested = || config.get("layers")?.items().first()?.get("config").and_then(shape);
            shape(config).or_else(nested)
        };
        let of_build = |node: Option<&'a Node>| node.and_then(|node| node.get("input_shape")).or(node);
        let config = root.get("config");
        let found = self
            .layers
            .first()
            .and_then(of_layer)
            .or_else(|| config.and_then(|config| of_build(config.get("build_input_shape"))))
            .or_else(|| of_build(root.get("build_config")));
        let sizes: Vec<&Node> = found.map(|node| node.items().iter().collect()).unwrap_or_default();
        Ok(Input { sizes, is_channels_first: self.is_channels_first() })
    }
}

/// All tensors that a node of the JSON names: layer and call. Both dialects write them as lists that begin with a
/// name and two numbers; Keras 3 puts those into objects.
fn history<'a>(tree: &Tree, node: &'a Node) -> Vec<(&'a str, usize)> {
    fn walk<'a>(tree: &Tree, node: &'a Node, found: &mut Vec<(&'a str, usize)>) {
        let items = node.items();
        if let [name, call, place, ..] = items
            && let (Some(name), Ok(call), true) =
                (name.as_text(), tree.written(call).parse(), tree.written(place).parse::<usize>().is_ok())
        {
            found.push((name, call));
            // Keras 2: arguments by name, which may be tensors.
            items[3..].iter().for_each(|more| walk(tree, more, found));
            return;
        }
        items.iter().for_each(|item| walk(tree, item, found));
        node.members().iter().for_each(|member| walk(tree, &member.value, found));
    }
    let mut found = Vec::new();
    walk(tree, node, &mut found);
    found
}

struct Reader<'a> {
    tree: &'a Tree<'a>,
    layers: Layers,
    seen: usize,
}

/// A layer's output: its name, which call of it, and what it is.
type Known<'a> = (&'a str, usize, Value);

impl<'a> Reader<'a> {
    fn graph(&mut self, graph: &Graph<'a>, inputs: &[Value], depth: usize) -> Result<Value, Problems> {
        if depth > MAX_DEPTH {
            return Err(problem("E090", "models are nested more than 8 deep", "save a flat model"));
        }
        if graph.is_sequential {
            let mut value = *inputs
                .first()
                .ok_or_else(|| problem("E060", "a nested model has no input", "save the model again"))?;
            for layer in graph.layers {
                value = self.layer(layer, &[value], depth)?;
            }
            return Ok(value);
        }
        // Calls wait until all that they take is there; the list's order is nearly right, so a few rounds do.
        let mut known: Vec<Known> = Vec::new();
        for (at, (name, call)) in graph.inputs.iter().enumerate() {
            if let Some(value) = inputs.get(at) {
                known.push((name, *call, *value));
            }
        }
        let mut waiting: Vec<(usize, usize)> = Vec::new();
        for (index, layer) in graph.layers.iter().enumerate() {
            let calls = layer.get("inbound_nodes").map_or(0, |nodes| nodes.items().len());
            waiting.extend((0..calls.min(64)).map(|call| (index, call)));
        }
        while !waiting.is_empty() {
            let before = waiting.len();
            let mut still = Vec::new();
            for (index, call) in waiting {
                if !self.call(&graph.layers[index], call, &mut known, depth)? {
                    still.push((index, call));
                }
            }
            if still.len() == before {
                return Err(self.stuck(&graph.layers[still[0].0], still[0].1, &known));
            }
            waiting = still;
        }
        match graph.outputs[..] {
            [(name, call)] => find(&known, name, call).ok_or_else(|| {
                problem("E062", format!("nothing makes the output `{}`", clipped(name)), "save the model again")
            }),
            [] => known
                .last()
                .map(|known| known.2)
                .ok_or_else(|| problem("E062", "the model has no output", "save it again")),
            _ => {
                let what = format!("the model has {} outputs, but Offcut plans networks with one", graph.outputs.len());
                Err(problem("E071", what, "save a model that ends at the one that you need"))
            }
        }
    }

    /// Runs one call of a layer, if all that it takes is known.
    fn call(
        &mut self,
        layer: &'a Node,
        call: usize,
        known: &mut Vec<Known<'a>>,
        depth: usize,
    ) -> Result<bool, Problems> {
        let Some(node) = layer.get("inbound_nodes").and_then(|nodes| nodes.items().get(call)) else { return Ok(true) };
        let mut inputs = Vec::new();
        for (name, call) in history(self.tree, node) {
            match find(known, name, call) {
                Some(value) => inputs.push(value),
                None => return Ok(false),
            }
        }
        let value = self.layer(layer, &inputs, depth)?;
        known.push((name_of(layer), call, value));
        Ok(true)
    }

    fn stuck(&self, layer: &Node, call: usize, known: &[Known]) -> Problems {
        let node = layer.get("inbound_nodes").and_then(|nodes| nodes.items().get(call));
        let wanted = node.map(|node| history(self.tree, node)).unwrap_or_default();
        let missing = wanted.iter().find(|(name, call)| find(known, name, *call).is_none()).map_or("", |found| found.0);
        let what =
            format!("layer `{}` takes `{}`, which nothing before it makes", clipped(name_of(layer)), clipped(missing));
        self.at(layer, problem("E064", what, "save the model again"))
    }

    fn layer(&mut self, layer: &'a Node, inputs: &[Value], depth: usize) -> Result<Value, Problems> {
        self.seen += 1;
        if self.seen > MAX_LAYERS {
            return Err(problem(
                "E021",
                "the model has more than 10,000 layers",
                "Offcut plans networks of up to 2,000",
            ));
        }
        let class = layer.get("class_name").and_then(Node::as_text).unwrap_or("");
        let config = Config { tree: self.tree, node: layer.get("config") };
        let name = name_of(layer);
        if matches!(class, "Functional" | "Model" | "Sequential") {
            let nested = Graph::of(self.tree, layer)?;
            return self.graph(&nested, inputs, depth + 1);
        }
        let weights_are_shared = layer.get("inbound_nodes").is_some_and(|nodes| nodes.items().len() > 1);
        let made = self.layers.convert(class, name, config, inputs).map_err(|text| {
            let what = format!("layer `{}` ({}): {text}", clipped(name), clipped(class));
            self.at(layer, Problem::said("E091", "", &what).into())
        })?;
        if weights_are_shared {
            let what = "layers that are used several times have their weights counted each time";
            self.layers.draft.note(NoteKind::Assumed, what, Some(made.source));
        }
        Ok(made)
    }

    /// Problems with the place of a layer.
    fn at(&self, layer: &Node, mut problems: Problems) -> Problems {
        for problem in &mut problems.0 {
            problem.place = Some(self.tree.place(layer.start, layer.end));
        }
        problems
    }
}

fn find(known: &[Known], name: &str, call: usize) -> Option<Value> {
    known.iter().rev().find(|(other, other_call, _)| *other == name && *other_call == call).map(|known| known.2)
}

fn name_of(layer: &Node) -> &str {
    let config = || layer.get("config")?.get("name")?.as_text();
    layer.get("name").and_then(Node::as_text).or_else(config).unwrap_or("layer")
}
