//! ONNX operators, one question at a time: which layers they become, and which shapes.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/onnx.rs"]
mod onnx;

use offcut::import::{Imported, ImportedModel, NoteKind, Options, read};
use offcut::network::{Network, Op, Shape};
use onnx::File;
use onnx::Value::{Float, Floats, Int, Ints, Tensor, Text};

fn imported(file: File) -> Result<ImportedModel, String> {
    match read("test.onnx", &mut file.bytes().as_slice(), &Options::default()) {
        Ok(Imported::Model(model)) => Ok(*model),
        Ok(other) => panic!("{other:?}"),
        Err(refusal) => Err(refusal.to_string()),
    }
}

fn network(file: File) -> Network {
    imported(file).unwrap_or_else(|error| panic!("{error}")).network
}

fn ops(network: &Network) -> Vec<&'static str> {
    network.layers().iter().map(|layer| layer.op.name()).collect()
}

fn out(network: &Network) -> Shape {
    network.layers().last().expect("there are layers").output
}

/// The layers and the last shape of one node on a 4×12×12 picture.
fn one(
    op: &str,
    inputs: &str,
    attributes: &[(&str, onnx::Value)],
    with: impl Fn(File) -> File,
) -> (Vec<&'static str>, Shape) {
    let file = with(File::of(&[1, 4, 12, 12])).node(op, inputs, "y", attributes).output("y", &[]);
    let network = network(file);
    (ops(&network), out(&network))
}

#[test]
fn windows_have_the_shapes_of_the_standard() {
    let w = |file: File| file.weights("w", &[8, 4, 3, 3]);
    let conv = |attributes: &[(&str, onnx::Value)]| one("Conv", "x w", attributes, w);
    assert_eq!(conv(&[]), (vec!["conv"], Shape::new(8, 10, 10)));
    assert_eq!(conv(&[("auto_pad", Text("SAME_LOWER")), ("strides", Ints(&[2, 2]))]).1, Shape::new(8, 6, 6));
    assert_eq!(conv(&[("auto_pad", Text("VALID")), ("strides", Ints(&[2, 1]))]).1, Shape::new(8, 5, 10));
    assert_eq!(conv(&[("pads", Ints(&[0, 1, 2, 3])), ("dilations", Ints(&[2, 1]))]).1, Shape::new(8, 10, 14));
    let t = |file: File| file.weights("w", &[4, 8, 3, 3]);
    let transposed = |attributes: &[(&str, onnx::Value)]| one("ConvTranspose", "x w", attributes, t).1;
    assert_eq!(transposed(&[("strides", Ints(&[2, 2]))]), Shape::new(8, 25, 25));
    assert_eq!(transposed(&[("strides", Ints(&[2, 2])), ("auto_pad", Text("SAME_UPPER"))]), Shape::new(8, 24, 24));
    assert_eq!(transposed(&[("strides", Ints(&[2, 2])), ("output_shape", Ints(&[26, 23]))]), Shape::new(8, 26, 23));
    assert_eq!(
        transposed(&[("strides", Ints(&[2, 2])), ("pads", Ints(&[1, 1, 1, 1])), ("output_padding", Ints(&[1, 1]))]),
        Shape::new(8, 24, 24)
    );
    let pool = |op: &str, attributes: &[(&str, onnx::Value)]| one(op, "x", attributes, |file| file);
    assert_eq!(pool("MaxPool", &[("kernel_shape", Ints(&[3, 3]))]).1, Shape::new(4, 10, 10));
    let strided = [("kernel_shape", Ints(&[3, 3])), ("strides", Ints(&[2, 2])), ("ceil_mode", Int(1))];
    assert_eq!(pool("AveragePool", &strided), (vec!["avg_pool"], Shape::new(4, 6, 6)));
    assert_eq!(pool("GlobalMaxPool", &[]), (vec!["max_pool"], Shape::new(4, 1, 1)));
    assert_eq!(pool("LRN", &[("size", Int(5))]), (vec!["lrn"], Shape::new(4, 12, 12)));
    let pads = |file: File| file.ints("p", &[0, 0, 1, 2, 0, 0, 3, 4]);
    assert_eq!(one("Pad", "x p", &[], pads), (vec!["pad"], Shape::new(4, 16, 18)));
    assert_eq!(one("Pad", "x", &[("pads", Ints(&[0, 0, 1, 2, 0, 0, 3, 4]))], |file| file).1, Shape::new(4, 16, 18));
    let mean = |attributes: &[(&str, onnx::Value)]| one("ReduceMean", "x", attributes, |file| file);
    assert_eq!(
        mean(&[("axes", Ints(&[-1, -2])), ("keepdims", Int(0))]),
        (vec!["global_avg_pool"], Shape::new(4, 1, 1))
    );
    assert_eq!(mean(&[("axes", Ints(&[1]))]), (vec!["custom"], Shape::new(1, 12, 12)));
}

#[test]
fn a_bias_is_found_wherever_it_is() {
    let parameters = |file: File| network(file.output("y", &[])).parameters();
    let conv = || File::of(&[1, 4, 12, 12]).weights("w", &[8, 4, 1, 1]);
    assert_eq!(parameters(conv().node("Conv", "x w", "y", &[])), 32);
    assert_eq!(parameters(conv().weights("b", &[8]).node("Conv", "x w b", "y", &[])), 40);
    let added = conv().weights("b", &[1, 8, 1, 1]).node("Conv", "x w", "c", &[]).node("Add", "c b", "y", &[]);
    assert_eq!(parameters(added), 40);
    let linear = || File::of(&[1, 4, 1, 1]).weights("b", &[10]).node("Flatten", "x", "f", &[]);
    let matmul = linear().weights("w", &[4, 10]).node("MatMul", "f w", "m", &[]).node("Add", "b m", "y", &[]);
    assert_eq!(parameters(matmul), 50);
    let gemm = linear().weights("w", &[10, 4]).node("Gemm", "f w b", "y", &[("transB", Int(1)), ("alpha", Float(1.0))]);
    assert_eq!(parameters(gemm), 50);
    // Weights in all their disguises.
    let hidden = linear()
        .weights("v", &[10, 4])
        .node("Identity", "v", "v2", &[])
        .node("Transpose", "v2", "w", &[("perm", Ints(&[1, 0]))])
        .node("MatMul", "f w", "y", &[]);
    assert_eq!(parameters(hidden), 40);
}

#[test]
fn functions_that_exporters_spell_out_are_one_activation() {
    let function = |file: File| {
        let network = network(file.output("y", &[]));
        match network.layers() {
            [layer] => match &layer.op {
                Op::Activation(function) => function.clone(),
                other => panic!("{other:?}"),
            },
            layers => panic!("{layers:?}"),
        }
    };
    let file = || File::of(&[1, 4, 12, 12]).float("three", 3.0).float("six", 6.0).float("zero", 0.0);
    assert_eq!(function(file().node("Sigmoid", "x", "s", &[]).node("Mul", "s x", "y", &[])), "silu");
    assert_eq!(function(file().node("HardSigmoid", "x", "s", &[]).node("Mul", "x s", "y", &[])), "hardswish");
    assert_eq!(function(file().node("Clip", "x zero six", "y", &[])), "relu6");
    let spelled = file()
        .node("Add", "x three", "a", &[])
        .node("Clip", "a zero six", "c", &[])
        .node("Div", "c six", "d", &[])
        .node("Mul", "x d", "y", &[]);
    assert_eq!(function(spelled), "hardswish");
    let other = file()
        .node("Add", "x three", "a", &[])
        .node("Clip", "a zero six", "c", &[])
        .node("Mul", "x c", "m", &[])
        .node("Div", "m six", "y", &[]);
    assert_eq!(function(other), "hardswish");
    let mish = file().node("Softplus", "x", "s", &[]).node("Tanh", "s", "t", &[]).node("Mul", "x t", "y", &[]);
    assert_eq!(function(mish), "mish");
    // Something else takes the sigmoid, too: it stays what it is.
    let twice = file().node("Sigmoid", "x", "s", &[]).node("Mul", "s x", "m", &[]).node("Add", "m s", "y", &[]);
    assert_eq!(ops(&network(twice.output("y", &[]))), ["activation", "mul", "add"]);
}

#[test]
fn moves_of_elements_become_the_layers_that_they_mean() {
    let last = |file: File| {
        let network = network(file.output("y", &[]));
        (ops(&network), out(&network))
    };
    let shuffle = File::of(&[1, 8, 6, 6])
        .ints("a", &[-1, 2, 4, 6, 6])
        .ints("b", &[1, 8, 6, 6])
        .node("Reshape", "x a", "r", &[])
        .node("Transpose", "r", "t", &[("perm", Ints(&[0, 2, 1, 3, 4]))])
        .node("Reshape", "t b", "y", &[]);
    assert_eq!(last(shuffle), (vec!["channel_shuffle"], Shape::new(8, 6, 6)));
    let depth = File::of(&[1, 8, 6, 6])
        .ints("a", &[1, 8, 3, 2, 3, 2])
        .ints("b", &[1, 32, 3, 3])
        .node("Reshape", "x a", "r", &[])
        .node("Transpose", "r", "t", &[("perm", Ints(&[0, 1, 3, 5, 2, 4]))])
        .node("Reshape", "t b", "y", &[]);
    assert_eq!(last(depth), (vec!["space_to_depth"], Shape::new(32, 3, 3)));
    let file = || File::of(&[1, 8, 6, 6]);
    assert_eq!(last(file().node("SpaceToDepth", "x", "y", &[("blocksize", Int(2))])).0, ["space_to_depth"]);
    assert_eq!(
        last(file().node("DepthToSpace", "x", "y", &[("blocksize", Int(2))])),
        (vec!["custom"], Shape::new(2, 12, 12))
    );
    // The end of a slice is often the largest number there is.
    let slice = file().ints("s", &[3]).ints("e", &[i64::MAX]).ints("a", &[1]).node("Slice", "x s e a", "y", &[]);
    assert_eq!(last(slice), (vec!["slice"], Shape::new(5, 6, 6)));
    let old = file().node("Slice", "x", "y", &[("starts", Ints(&[-3])), ("ends", Ints(&[-1])), ("axes", Ints(&[1]))]);
    assert_eq!(last(old), (vec!["slice"], Shape::new(2, 6, 6)));
    let split = file()
        .node("Split", "x", "a b", &[("axis", Int(1)), ("split", Ints(&[3, 5]))])
        .node("Relu", "b", "c", &[])
        .node("Concat", "a c", "y", &[("axis", Int(-3))]);
    assert_eq!(last(split), (vec!["slice", "slice", "activation", "concat"], Shape::new(8, 6, 6)));
}

#[test]
fn sizes_that_are_computed_in_the_graph_are_folded() {
    // As PyTorch's old exporter writes x.view(x.size(0), -1) and interpolate(scale_factor=2).
    let view = File::of(&[3, 4, 6, 6])
        .weights("w", &[10, 144])
        .node("Shape", "x", "s", &[])
        .node("Constant", "", "zero", &[("value", Tensor(&[0]))])
        .node("Gather", "s zero", "n", &[])
        .node("Constant", "", "minus", &[("value_ints", Ints(&[-1]))])
        .node("Concat", "n minus", "target", &[("axis", Int(0))])
        .node("Reshape", "x target", "f", &[])
        .node("Gemm", "f w", "y", &[("transB", Int(1))])
        .output("y", &[]);
    assert_eq!(ops(&network(view)), ["flatten", "linear"]);
    let resize = File::of(&[1, 4, 6, 6])
        .ints("two", &[2, 2])
        .ints("from", &[2])
        .ints("to", &[4])
        .node("Shape", "x", "s", &[])
        .node("Slice", "s from to", "hw", &[])
        .node("Slice", "s _ _", "unused", &[("starts", Ints(&[0])), ("ends", Ints(&[2]))])
        .node("Mul", "hw two", "larger", &[])
        .node("Concat", "unused larger", "sizes", &[("axis", Int(0))])
        .node("Resize", "x _ _ sizes", "y", &[("mode", Text("nearest"))])
        .output("y", &[]);
    let network = network(resize);
    assert_eq!((ops(&network), out(&network)), (vec!["upsample"], Shape::new(4, 12, 12)));
    let scales = [("scales", Floats(&[1.0, 1.0, 2.0, 3.0])), ("mode", Text("nearest"))];
    assert_eq!(one("Upsample", "x", &scales, |file| file), (vec!["upsample"], Shape::new(4, 24, 36)));
    let linear = [("scales", Floats(&[1.0, 1.0, 2.0, 2.0])), ("mode", Text("linear"))];
    assert_eq!(one("Upsample", "x", &linear, |file| file), (vec!["custom"], Shape::new(4, 24, 24)));
}

/// TensorFlow's exports have the channels last, and turn them before each convolution.
#[test]
fn channels_may_be_last() {
    let file = File::of(&[1, 12, 14, 3])
        .weights("w", &[8, 3, 3, 3])
        .weights("d", &[8, 5])
        .node("Transpose", "x", "t", &[("perm", Ints(&[0, 3, 1, 2]))])
        .node("Conv", "t w", "c", &[("auto_pad", Text("SAME_UPPER"))])
        .node("Transpose", "c", "n", &[("perm", Ints(&[0, 2, 3, 1]))])
        .node("Relu", "n", "r", &[])
        .node("MatMul", "r d", "m", &[])
        .node("ReduceMean", "m", "y", &[("axes", Ints(&[1, 2])), ("keepdims", Int(0))])
        .output("y", &[]);
    let network = network(file);
    assert_eq!(network.input(), Shape::new(3, 12, 14));
    assert_eq!(ops(&network), ["conv", "activation", "conv", "global_avg_pool"]);
    assert_eq!(out(&network), Shape::new(5, 1, 1));
}

/// Attention has an op for none of its products; their costs are counted all the same.
#[test]
fn products_of_tensors_are_counted() {
    let file = File::of(&[1, 8, 4, 4])
        .ints("r", &[1, 8, 16])
        .weights("w", &[8, 8])
        .node("Reshape", "x r", "f", &[])
        .node("Transpose", "f", "t", &[("perm", Ints(&[0, 2, 1]))])
        .node("MatMul", "t w", "q", &[])
        .node("Transpose", "t", "k", &[("perm", Ints(&[0, 2, 1]))])
        .node("MatMul", "q k", "s", &[])
        .node("Softmax", "s", "p", &[])
        .node("MatMul", "p t", "a", &[])
        .node("Add", "a t", "y", &[])
        .output("y", &[]);
    let found = imported(file).unwrap_or_else(|error| panic!("{error}"));
    let flops: u64 = found
        .network
        .layers()
        .iter()
        .map(|layer| if let Op::Custom { flops, .. } = layer.op { flops } else { 0 })
        .sum();
    let products = 2 * (16 * 8 * 8 + 16 * 16 * 8 + 16 * 16 * 8);
    assert_eq!(flops, products + 16 * 8);
    assert!(found.notes.iter().all(|note| note.kind != NoteKind::UnknownCost), "{:?}", found.notes);
}

#[test]
fn quantised_and_old_files_are_read() {
    let quantised = File::of(&[1, 4, 12, 12])
        .weights("w", &[8, 4, 3, 3])
        .float("s", 0.1)
        .ints("z", &[0])
        .node("QuantizeLinear", "x s z", "q", &[])
        .node("QLinearConv", "q s z w s z s z", "c", &[])
        .node("DequantizeLinear", "c s z", "y", &[])
        .output("y", &[]);
    assert_eq!(ops(&network(quantised)), ["conv"]);
    // Weights among the inputs, as before version 4 of the format.
    let old = File::of(&[1, 4, 12, 12])
        .input("w", &[8, 4, 3, 3])
        .weights("w", &[8, 4, 3, 3])
        .node("Conv", "x w", "y", &[])
        .output("y", &[]);
    assert_eq!(network(old).macs(), 8 * 10 * 10 * 36);
}

#[test]
fn unknown_operators_are_kept_and_listed() {
    let file = File::of(&[1, 4, 12, 12])
        .weights("w", &[100])
        .node("Mystery", "x w", "m", &[])
        .node("Riddle", "m x", "r", &[])
        .node("Relu", "r", "y", &[])
        .value("r", &[1, 6, 3, 3])
        .output("y", &[]);
    let found = imported(file).unwrap_or_else(|error| panic!("{error}"));
    let unknown: Vec<_> = found.notes.iter().filter(|note| note.kind == NoteKind::UnknownCost).collect();
    assert_eq!(unknown.iter().map(|note| note.layers.join(",")).collect::<Vec<_>>(), ["m", "r"]);
    assert_eq!(out(&found.network), Shape::new(6, 3, 3));
    let mystery = &found.network.layers()[0];
    assert_eq!((mystery.weight_bytes, mystery.output), (400, Shape::new(4, 12, 12)));
}

#[test]
fn what_cannot_be_planned_says_why() {
    let refused = |file: File, words: &str| {
        let error = imported(file).err().unwrap_or_else(|| panic!("was read, without `{words}`"));
        assert!(error.contains(words), "no `{words}` in {error}");
    };
    let x = || File::of(&[1, 4, 12, 12]);
    let y = |file: File| file.output("y", &[]);
    refused(y(x().input("mask", &[1, 4]).node("Add", "x mask", "y", &[])), "takes 2 inputs (x, mask)");
    refused(y(File::of(&[1, 77]).node("Relu", "x", "y", &[])), "where a picture has 4");
    refused(y(File::default().node("Constant", "", "y", &[])), "has no input");
    refused(x().node("Relu", "x", "y", &[]), "has no output");
    refused(y(x().node("Relu", "nothing", "y", &[])), "uses `nothing`, which nothing makes");
    refused(y(x().ints("c", &[1]).node("Identity", "c", "y", &[])), "does not depend on the picture");
    refused(y(x().node("Relu", "x", "y", &[]).node("Relu", "x", "y", &[])), "two nodes make `y`");
    refused(y(x().weights("w", &[8, 3, 3, 3]).node("Conv", "x w", "y", &[])), "4 channels come");
    refused(y(x().weights("w", &[8, 4, 3]).node("Conv", "x w", "y", &[])), "3 dimensions");
    refused(y(x().weights("w", &[8, 4, 99, 99]).node("Conv", "x w", "y", &[])), "window of 99");
    refused(y(x().ints("r", &[7, 7]).node("Reshape", "x r", "y", &[])), "another number of elements");
    refused(
        y(x().weights("w", &[9, 5]).node("Flatten", "x", "f", &[]).node("MatMul", "f w", "y", &[])),
        "take 9 numbers",
    );
    refused(y(File::of(&[1, 3, 70_000, 8]).node("Relu", "x", "y", &[])), "1 to 65536");
    // The sound part is there to be drawn.
    let broken = y(x().node("Relu", "x", "a", &[]).ints("r", &[7]).node("Reshape", "a r", "y", &[]));
    let refusal = read("a.onnx", &mut broken.bytes().as_slice(), &Options::default()).expect_err("it is refused");
    assert_eq!(refusal.partial.map(|network| network.layers().len()), Some(1));
}

/// A network of more layers than can be planned, and one whose nodes are listed backwards.
#[test]
fn order_does_not_matter_and_number_does() {
    let chain = |count: usize, backwards: bool| {
        let mut order: Vec<usize> = (0..count).collect();
        if backwards {
            order.reverse();
        }
        let name = |at: usize| if at == 0 { "x".to_owned() } else { format!("v{at}") };
        let file = order
            .into_iter()
            .fold(File::of(&[1, 4, 12, 12]), |file, at| file.node("Relu", &name(at), &name(at + 1), &[]));
        imported(file.output(&name(count), &[]))
    };
    let names =
        |model: ImportedModel| model.network.layers().iter().map(|layer| layer.name.clone()).collect::<Vec<_>>();
    assert_eq!(chain(20, true).map(names), chain(20, false).map(names));
    let error = chain(2001, false).expect_err("too many layers");
    assert!(error.contains("more than 2000 layers"), "{error}");
}
