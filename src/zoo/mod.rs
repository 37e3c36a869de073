//! The networks that come with the planner, each built from its family's own rules.
//!
//! Entry points: [`NETWORKS`], [`build`]. Must not know tiles, processors, files or the browser.

mod alexnet;
mod densenet;
mod efficientnet;
mod googlenet;
mod make;
mod mobilenet;
mod resnet;
mod squeezenet;
mod vgg;
mod yolo;

use crate::network::{Network, NetworkError};

/// A network that [`build`] makes.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// In scenarios and links.
    pub id: &'static str,
    /// For people; the built network has it too.
    pub name: &'static str,
}

/// The network of an id.
pub fn find(id: &str) -> Option<&'static Entry> {
    NETWORKS.iter().find(|entry| entry.id == id)
}

/// Builds the network of an id; none where there is no such id.
///
/// # Errors
/// A rule of the family made a layer that cannot be: a bug in this module.
pub fn build(id: &str) -> Option<Result<Network, NetworkError>> {
    let net = match id {
        "alexnet" => alexnet::alexnet(),
        "vgg11" => vgg::vgg("VGG11", [1, 1, 2, 2, 2]),
        "vgg13" => vgg::vgg("VGG13", [2, 2, 2, 2, 2]),
        "vgg16" => vgg::vgg("VGG16", [2, 2, 3, 3, 3]),
        "vgg19" => vgg::vgg("VGG19", [2, 2, 4, 4, 4]),
        "resnet18" => resnet::resnet("ResNet-18", resnet::basic, [2, 2, 2, 2]),
        "resnet34" => resnet::resnet("ResNet-34", resnet::basic, [3, 4, 6, 3]),
        "resnet50" => resnet::resnet("ResNet-50", resnet::bottleneck, [3, 4, 6, 3]),
        "mobilenet-v2" => mobilenet::mobilenet_v2(),
        "googlenet" => googlenet::googlenet(),
        "squeezenet1.1" => squeezenet::squeezenet1_1(),
        "densenet121" => densenet::densenet121(),
        "efficientnet-b0" => efficientnet::efficientnet_b0(),
        "tiny-yolov2" => yolo::tiny_yolov2(),
        "yolov2" => yolo::yolov2("YOLOv2", 608),
        "yolov2-416" => yolo::yolov2("YOLOv2 416", 416),
        _ => return None,
    };
    Some(net.finish())
}

/// All networks, family by family. Naming them links none of the builders.
pub const NETWORKS: &[Entry] = &[
    Entry { id: "alexnet", name: "AlexNet" },
    Entry { id: "vgg11", name: "VGG11" },
    Entry { id: "vgg13", name: "VGG13" },
    Entry { id: "vgg16", name: "VGG16" },
    Entry { id: "vgg19", name: "VGG19" },
    Entry { id: "resnet18", name: "ResNet-18" },
    Entry { id: "resnet34", name: "ResNet-34" },
    Entry { id: "resnet50", name: "ResNet-50" },
    Entry { id: "mobilenet-v2", name: "MobileNetV2" },
    Entry { id: "googlenet", name: "GoogLeNet" },
    Entry { id: "squeezenet1.1", name: "SqueezeNet 1.1" },
    Entry { id: "densenet121", name: "DenseNet-121" },
    Entry { id: "efficientnet-b0", name: "EfficientNet-B0" },
    Entry { id: "tiny-yolov2", name: "Tiny-YOLOv2" },
    Entry { id: "yolov2", name: "YOLOv2" },
    Entry { id: "yolov2-416", name: "YOLOv2 416" },
];

/// The paper of a network's family, and which variant it is. Apart from the list: who does not tell of it does not carry
/// it.
pub fn source(id: &str) -> &'static str {
    match id {
        "alexnet" => "Krizhevsky 2014; one tower, as in torchvision",
        "vgg11" => "Simonyan and Zisserman 2015; configuration A, without batch norm",
        "vgg13" => "Simonyan and Zisserman 2015; configuration B, without batch norm",
        "vgg16" => "Simonyan and Zisserman 2015; configuration D, without batch norm",
        "vgg19" => "Simonyan and Zisserman 2015; configuration E, without batch norm",
        "resnet18" => "He et al. 2016; 18 layers, as in torchvision",
        "resnet34" => "He et al. 2016; 34 layers, as in torchvision",
        "resnet50" => "He et al. 2016; 50 layers, version 1.5 (stride in the 3×3 convolutions)",
        "mobilenet-v2" => "Sandler et al. 2018; width 1",
        "googlenet" => "Szegedy et al. 2015; torchvision's variant: batch norm, no auxiliary heads, 3×3 for 5×5",
        "squeezenet1.1" => "Iandola et al. 2016; release 1.1",
        "densenet121" => "Huang et al. 2017; 121 layers, growth 32",
        "efficientnet-b0" => "Tan and Le 2019; the baseline B0",
        "tiny-yolov2" => "Redmon and Farhadi 2017; Darknet's tiny variant, Pascal VOC, 416×416",
        "yolov2" => "Redmon and Farhadi 2017; COCO, 608×608",
        "yolov2-416" => "Redmon and Farhadi 2017; COCO, 416×416",
        _ => "",
    }
}
