//! Plans to draw, and what their drawings say: elements with their attributes.

use offcut::base::Region;
use offcut::draw::{self, gantt, pyramid};
use offcut::job::{Anatomy, Answer, Graph, Proposal, Searched, Task, answer_of, layer_regions, search};
use offcut::search::Unwatched;
use offcut::sheet::task::task;
use offcut::situation::{Situation, field};
use std::collections::BTreeMap;

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
        let task = task(&situation).expect("it can be planned");
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

/// An element of a drawing.
#[derive(Clone, Debug, Default)]
pub struct Element {
    pub tag: String,
    pub attributes: BTreeMap<String, String>,
    /// The text that follows its tag.
    pub text: String,
}

impl Element {
    pub fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }

    pub fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    pub fn number<T: std::str::FromStr>(&self, name: &str) -> T {
        self.get(name).parse().unwrap_or_else(|_| panic!("{name} of {self:?}"))
    }

    pub fn is(&self, class: &str) -> bool {
        self.get("class").split(' ').any(|own| own == class)
    }

    pub fn pair(&self, name: &str) -> (u32, u32) {
        let (a, b) = self.get(name).split_once(',').unwrap_or_else(|| panic!("{name} of {self:?}"));
        (a.parse().expect("a number"), b.parse().expect("a number"))
    }
}

/// All elements of markup, in order. Panics where it is not well-formed: tags that do not match, attributes
/// without quotes or named twice, bare ampersands.
pub fn elements(markup: &str) -> Vec<Element> {
    let (mut elements, mut open, mut rest) = (Vec::new(), Vec::new(), markup);
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        entities(text);
        let end = tag.find('>').expect("a tag ends");
        let inside = &tag[1..end];
        rest = &tag[end + 1..];
        if inside.starts_with('?') {
            continue;
        }
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name.to_owned()), "tags match");
            continue;
        }
        let (inside, closed) = inside.strip_suffix('/').map_or((inside, false), |inside| (inside, true));
        let (name, attributes) = inside.split_once(' ').unwrap_or((inside, ""));
        let text = rest.split('<').next().unwrap_or("").to_owned();
        elements.push(Element { tag: name.to_owned(), attributes: parse(attributes), text });
        if !closed {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty(), "open tags: {open:?}");
    elements
}

fn parse(text: &str) -> BTreeMap<String, String> {
    let (mut attributes, mut rest) = (BTreeMap::new(), text.trim());
    while !rest.is_empty() {
        let (name, behind) = rest.split_once("=\"").unwrap_or_else(|| panic!("an attribute: {rest}"));
        let (value, behind) = behind.split_once('"').expect("a quote ends");
        entities(value);
        assert!(!name.contains(char::is_whitespace), "{name}");
        assert!(attributes.insert(name.to_owned(), value.to_owned()).is_none(), "{name} twice in {text}");
        rest = behind.trim_start();
    }
    attributes
}

fn entities(text: &str) {
    for part in text.split('&').skip(1) {
        assert!(["amp;", "lt;", "gt;", "quot;"].iter().any(|known| part.starts_with(known)), "&{part}");
    }
}
