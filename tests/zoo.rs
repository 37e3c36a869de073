//! The zoo's networks against published totals.

use offcut::network::{Network, Op, Shape};
use offcut::zoo::{self, NETWORKS};
use std::collections::HashSet;

/// Totals of torchvision's and Darknet's networks: MACs of conv and linear layers, parameters with
/// batch norm's two a channel; and the stages, counted by hand from the families' papers.
const TOTALS: [(&str, u64, u64, usize); 16] = [
    ("alexnet", 714_188_480, 61_100_840, 5 + 3 + 1 + 3),
    ("vgg11", 7_609_090_048, 132_863_336, 8 + 5 + 1 + 3),
    ("vgg13", 11_308_466_176, 133_047_848, 10 + 5 + 1 + 3),
    ("vgg16", 15_470_264_320, 138_357_544, 13 + 5 + 1 + 3),
    ("vgg19", 19_632_062_464, 143_667_240, 16 + 5 + 1 + 3),
    ("resnet18", 1_814_073_344, 11_689_512, 2 + 8 + 2),
    ("resnet34", 3_663_761_408, 21_797_672, 2 + 16 + 2),
    ("resnet50", 4_089_184_256, 25_557_032, 2 + 16 + 2),
    // The first bottleneck is a chain of two, six are chains of three, ten are residual.
    ("mobilenet-v2", 300_774_272, 3_504_872, 1 + 2 + 6 * 3 + 10 + 3),
    ("googlenet", 1_498_376_192, 6_624_904, 5 + 9 + 2 + 2),
    // A fire module: the squeeze, then both expansions.
    ("squeezenet1.1", 349_151_936, 1_235_496, 1 + 3 + 8 * 2 + 2),
    // A dense block is one; a transition's convolution and pool are two.
    ("densenet121", 2_834_161_664, 7_978_856, 2 + 4 + 3 * 2 + 2),
    // The first block is depthwise, gate, projection; six have an expansion too, nine are residual.
    ("efficientnet-b0", 385_814_752, 5_288_548, 1 + 3 + 6 * 4 + 9 + 3),
    ("tiny-yolov2", 3_485_520_896, 15_861_773, 15),
    // All that the passthrough leaps over is one.
    ("yolov2", 31_469_126_656, 50_962_889, 13 + 4 + 1 + 2),
    ("yolov2-416", 14_732_084_224, 50_962_889, 13 + 4 + 1 + 2),
];

fn built(id: &str) -> Network {
    zoo::build(id).unwrap_or_else(|| panic!("no network {id}")).unwrap_or_else(|error| panic!("{id}: {error}"))
}

/// The name of each stage's first layer.
fn stage_names(network: &Network) -> Vec<&str> {
    network.stages().iter().map(|stage| network.layer(stage.layers[0]).name.as_str()).collect()
}

#[test]
fn ids_and_their_order_are_the_published_ones() {
    let ids: Vec<&str> = NETWORKS.iter().map(|entry| entry.id).collect();
    assert_eq!(ids, TOTALS.map(|(id, ..)| id));
    assert!(zoo::find("vgg17").is_none());
}

#[test]
fn macs_parameters_and_stages_are_exact() {
    for (id, macs, parameters, stages) in TOTALS {
        let network = built(id);
        let found = (network.macs(), network.parameters(), network.stages().len());
        assert_eq!(found, (macs, parameters, stages), "{id}");
    }
}

#[test]
fn macs_agree_with_real_onnx_exports() {
    // PyTorch 2.15's exports; each count comes with the file, not from this program.
    let exports = [
        ("alexnet", 714_188_480),
        ("googlenet", 1_498_376_192),
        ("mobilenet-v2", 300_774_272),
        ("resnet18", 1_814_073_344),
        ("squeezenet1.1", 349_151_936),
        ("tiny-yolov2", 3_485_520_896),
        ("vgg16", 15_470_264_320),
    ];
    for (id, macs) in exports {
        assert_eq!(built(id).macs(), macs, "{id}");
    }
}

#[test]
fn outputs_have_the_published_shapes() {
    for entry in NETWORKS {
        let expected = match entry.id {
            "tiny-yolov2" => Shape::new(125, 13, 13),
            "yolov2" => Shape::new(425, 19, 19),
            "yolov2-416" => Shape::new(425, 13, 13),
            _ => Shape::new(1000, 1, 1),
        };
        let network = built(entry.id);
        assert_eq!(network.boundary(network.stages().len()), expected, "{}", entry.id);
    }
}

#[test]
fn names_are_unique() {
    let mut ids = HashSet::new();
    let mut names = HashSet::new();
    for entry in NETWORKS {
        assert!(ids.insert(entry.id), "two networks have the id {}", entry.id);
        assert!(names.insert(entry.name), "two networks have the name {}", entry.name);
        let network = built(entry.id);
        assert_eq!(network.name(), entry.name);
        let layers: HashSet<&str> = network.layers().iter().map(|layer| layer.name.as_str()).collect();
        assert_eq!(layers.len(), network.layers().len(), "{}", entry.id);
    }
}

#[test]
fn a_chain_has_a_stage_a_layer() {
    let tiny = [
        "conv1", "pool1", "conv2", "pool2", "conv3", "pool3", "conv4", "pool4", "conv5", "pool5", "conv6", "pool6",
        "conv7", "conv8", "conv9",
    ];
    assert_eq!(stage_names(&built("tiny-yolov2")), tiny);
}

#[test]
fn tiny_yolos_last_pool_is_padded_at_the_bottom_and_right_only() {
    let network = built("tiny-yolov2");
    let pool = network.layers().iter().find(|layer| layer.name == "pool6").map(|layer| &layer.op);
    let Some(Op::MaxPool(pool)) = pool else { panic!("pool6 is {pool:?}") };
    for axis in [pool.window.rows, pool.window.columns] {
        assert_eq!((axis.kernel, axis.stride, axis.before, axis.after), (2, 1, 0, 1));
    }
}

#[test]
fn what_a_long_edge_leaps_over_is_one_stage() {
    let dense = built("densenet121");
    assert_eq!(stage_names(&dense)[2..5], ["block1.layer1.bn", "transition1.conv", "transition1.pool"]);
    assert_eq!(stage_names(&built("yolov2"))[16..], ["conv13", "pool5", "conv22", "conv23"]);
}

#[test]
fn only_gates_and_classifiers_are_not_tileable() {
    for entry in NETWORKS {
        let network = built(entry.id);
        let end = stage_names(&network).iter().position(|&name| name == "avgpool");
        for (index, stage) in network.stages().iter().enumerate() {
            let gated = stage.layers.iter().any(|&id| network.layer(id).name.ends_with(".se.mul"));
            let classifies = end.is_some_and(|end| index >= end);
            assert_eq!(stage.tileable, !gated && !classifies, "{} stage {index}", entry.id);
        }
    }
}
