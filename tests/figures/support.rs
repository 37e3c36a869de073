//! Plans to draw, and what their drawings say: elements with their attributes.

pub use super::elements::{Element, elements};
use offcut::base::Region;
use offcut::draw::{self, gantt, pyramid};
use offcut::job::{Anatomy, Answer, Graph, Proposal, Searched, Task, answer_of, layer_regions, search};
use offcut::search::Unwatched;
use offcut::sheet::task::task;
use offcut::situation::{Situation, field};

/// A plan with all that figures need.
pub struct Shown {
    pub name: &'static str,
    pub task: Task,
    pub searched: Searched,
    pub plan: Proposal,
    pub answer: Answer,
    pub anatomy: Anatomy,
    pub graph: Graph,
}

impl Shown {
    fn new(name: &'static str, model: &'static str, blocks: f64, plan: Option<&str>) -> Self {
        let mut situation = Situation::default();
        situation.model = model;
        situation.set(field("blocks").expect("a field"), blocks);
        let task = task(&situation, "").expect("it can be planned");
        let searched = search(&task, &mut Unwatched);
        let plan = match plan {
            Some(text) => Proposal::read(&task.network, text).expect("a plan"),
            None => Proposal::from(&searched.of(task.search.method).expect("it ran").found),
        };
        let answer = Answer::of(&task, &searched, task.search.method, &plan);
        let anatomy = Anatomy::of(&task, &plan).expect("a valid plan");
        let graph = Graph::of(&task.network);
        assert!(answer_of(&task, &searched).is_ok());
        Self { name, task, searched, plan, answer, anatomy, graph }
    }

    /// The path that is pointed out, and what it makes of every layer.
    pub fn pointed(&self) -> (usize, Vec<(usize, Region)>) {
        let path = draw::shown_path(&self.answer);
        (path, layer_regions(&self.task, &self.plan, path))
    }

    pub fn pyramid(&self, view: &pyramid::View) -> String {
        let (path, layers) = self.pointed();
        pyramid::svg(&self.answer, &self.graph, view, path, &layers)
    }

    pub fn gantt(&self) -> String {
        let nfl = gantt::Beneath::nfl(&self.answer);
        let view = gantt::View::fit(&self.answer, Some(&nfl), 1064.0);
        gantt::svg(&self.answer, &self.anatomy, &view, Some(&nfl))
    }
}

/// A plan of 64 tiles that nobody would choose, every third of them sent.
pub const SIXTY_FOUR: fn() -> String = || {
    let tiles = (0..64).map(|i| i.to_string()).collect::<Vec<_>>().join(",");
    let eight = "0,7,14,21,28,35,42,49,56";
    let cuts = (0..64).map(|i| if i % 3 == 0 { "0" } else { "3" }).collect::<Vec<_>>().join(",");
    format!("0-2:{eight}:{eight};3-19~{tiles},64~{cuts},0")
};

/// The plans that all figures are tested on.
pub fn all() -> Vec<Shown> {
    vec![
        Shown::new("Tiny-YOLOv2", "tiny-yolov2", 1.0, None),
        Shown::new("VGG16", "vgg16", 1.0, None),
        Shown::new("ResNet-50", "resnet50", 1.0, None),
        Shown::new("GoogLeNet", "googlenet", 1.0, None),
        Shown::new("MobileNetV2", "mobilenet-v2", 1.0, None),
        Shown::new("two blocks", "tiny-yolov2", 1.0, Some(TWO_BLOCKS)),
        Shown::new("64 tiles", "resnet50", 1.0, Some(&SIXTY_FOUR())),
    ]
}

/// Two fused blocks, the second reading the first's tiles, on both sides.
const TWO_BLOCKS: &str = "0-4:0,52,104:0,40,104;5-9:0,6,13:0,13;10-14~0,1,2,3,4,5,6~5,5,5,5,5,2,0";

impl Element {
    pub fn pair(&self, name: &str) -> (u32, u32) {
        let (a, b) = self.get(name).split_once(',').unwrap_or_else(|| panic!("{name} of {self:?}"));
        (a.parse().expect("a number"), b.parse().expect("a number"))
    }
}
