//! What the studio knows: the search that the page was told of, which plan of it is shown, and how.

use super::show::Places;
use crate::draw::gantt::{Beneath, View, Window, whole_ns};
use crate::draw::moment::{self, Moment};
use crate::draw::pyramid;
use crate::formats::Method;
use crate::job::{Anatomy, Answer, Graph, Proposal, Searched, Stand, Task};
use crate::sheet;
use crate::situation::{Micro, Situation, field};
use std::ops::Range;

/// Which plan is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The one of the situation's method.
    Planned,
    /// A step of the search, by its number.
    Step(usize),
    /// The one that Exact has found.
    Exact,
    /// The one made by hand.
    Mine,
}

/// Which plan lies beneath.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Under {
    /// A method's.
    Method(Method),
    /// The one made by hand.
    Mine,
}

impl Under {
    /// The plan of a choice's value; none of an empty one.
    pub fn find(id: &str) -> Option<Self> {
        if id == "mine" { Some(Self::Mine) } else { Method::find(id).map(Self::Method) }
    }
}

/// Slownesses at which the playhead runs: so many seconds for a second of the plan.
pub const PACES: [u64; 5] = [1, 5, 20, 50, 200];

/// Everything.
pub struct Studio {
    /// The link of the situation that was planned.
    pub link: String,
    /// The whole record that was read.
    pub record: String,
    /// The situation.
    pub task: Task,
    /// What the search found.
    pub searched: Searched,
    /// Where the proof stands; none where there is nothing to prove.
    pub stand: Option<Stand>,
    /// Which plan is shown.
    pub shown: Shown,
    /// The plan made by hand, newest last; those before are for undo.
    pub mine: Vec<Proposal>,
    /// Plans made by hand that were undone.
    pub undone: Vec<Proposal>,
    /// The plan shown.
    pub plan: Proposal,
    /// What is drawn of it.
    pub answer: Answer,
    /// Why and when; none where the plan is not valid.
    pub anatomy: Option<Anatomy>,
    /// The plan beneath, where it is not NFL's.
    pub under: Option<Answer>,
    /// Which plan lies beneath, if any.
    pub beneath: Option<Under>,
    /// The part of time shown; none for all of it.
    pub window: Option<Window>,
    /// Where the playhead is.
    pub time: Option<u64>,
    /// While it plays: the browser's time of its last step, in milliseconds.
    pub playing: Option<f64>,
    /// Index into [`PACES`].
    pub pace: usize,
    /// What the figures show of the playhead's time.
    pub moment: Option<Moment>,
    /// The path chosen by a click; pointing elsewhere does not change it.
    pub chosen: Option<usize>,
    /// The path pointed at.
    pub lit: Option<usize>,
    /// The path whose needs are laid over the maps.
    pub needed: Option<usize>,
    /// The network's branches and repeats.
    pub graph: Graph,
    /// Stages that the fusion diagram shows; none for all.
    pub part: Option<Range<usize>>,
    /// Whether repeats are drawn one by one even where they do not fit.
    pub unfolded: bool,
    /// Elements that show the playhead's time, once they are needed.
    pub places: Places,
}

impl Studio {
    /// Reads the record that the page was given: the link, its own network, then the search.
    pub fn read(record: &str) -> Option<Self> {
        let (link, task, searched) = sheet::read_record(record)?;
        let plan = Proposal::from(&searched.of(task.search.method)?.found);
        let answer = Answer::of(&task, &searched, task.search.method, &plan);
        let anatomy = Anatomy::of(&task, &plan).ok();
        Some(Self {
            link,
            record: record.to_owned(),
            stand: Stand::at_first(&task, &searched),
            shown: Shown::Planned,
            mine: Vec::new(),
            undone: Vec::new(),
            under: None,
            beneath: Some(Under::Method(Method::Nfl)),
            window: None,
            time: None,
            playing: None,
            pace: 2,
            moment: None,
            chosen: None,
            lit: None,
            needed: None,
            graph: Graph::of(&task.network),
            part: None,
            unfolded: false,
            places: Places::new(),
            task,
            searched,
            plan,
            answer,
            anatomy,
        })
    }

    /// Takes over how `before` was looked at: what lies beneath, the pace, and where the network is the
    /// same and it still fits, the plan made by hand.
    pub fn keep(&mut self, before: Self) {
        self.pace = before.pace;
        self.beneath = before.beneath;
        self.unfolded = before.unfolded;
        if before.task.network.name() == self.task.network.name() {
            self.mine = before.mine;
            self.undone = before.undone;
            if before.shown == Shown::Mine {
                self.show(Shown::Mine);
            }
        }
        self.read_beneath();
    }

    /// Takes over what has been proven, as a record tells it. False where that cannot be read.
    pub fn learn(&mut self, stand: Stand, texts: &[String]) -> bool {
        let is_read = self.searched.update(&self.task.network, texts).is_ok();
        self.stand = Some(stand);
        for answer in [Some(&mut self.answer), self.under.as_mut()].into_iter().flatten() {
            answer.learn(&self.searched);
        }
        is_read
    }

    /// The plan that `shown` stands for.
    fn plan_of(&self, shown: Shown) -> Option<Proposal> {
        match shown {
            Shown::Planned => self.searched.of(self.task.search.method).map(|known| Proposal::from(&known.found)),
            Shown::Step(step) => self.searched.improvements.get(step).map(|step| Proposal::from(&step.found)),
            Shown::Exact => self.searched.of(Method::Exact).map(|known| Proposal::from(&known.found)),
            Shown::Mine => self.mine.last().cloned(),
        }
    }

    /// Shows another plan; one that there is not leaves everything as it is.
    pub fn show(&mut self, shown: Shown) {
        let Some(plan) = self.plan_of(shown) else { return };
        let method = match shown {
            Shown::Planned => self.task.search.method,
            Shown::Exact => Method::Exact,
            _ => Method::Psomw,
        };
        self.answer = Answer::of(&self.task, &self.searched, method, &plan);
        self.anatomy = Anatomy::of(&self.task, &plan).ok();
        self.plan = plan;
        self.shown = shown;
        self.moment = None;
        self.needed = None;
        self.read_beneath();
        let whole = self.whole_ns();
        self.window = self.window.map(|window| window.moved(0, whole));
        self.time = self.time.map(|time| time.min(whole));
    }

    /// Shows a plan that was made by hand elsewhere, or earlier.
    pub fn take_over(&mut self, plan: Proposal) {
        if self.mine.last() != Some(&plan) {
            if self.mine.is_empty() {
                self.mine.extend(self.plan_of(Shown::Planned));
            }
            self.mine.push(plan);
            self.undone.clear();
        }
        self.show(Shown::Mine);
    }

    /// Makes a plan by hand from the one shown.
    pub fn make(&mut self, change: impl FnOnce(&mut Proposal)) {
        let mut plan = self.plan.clone();
        change(&mut plan);
        if plan == self.plan {
            return;
        }
        if self.mine.is_empty() {
            self.mine.push(self.plan.clone());
        }
        self.mine.push(plan);
        self.undone.clear();
        self.show(Shown::Mine);
    }

    /// Puts another plan beneath.
    pub fn put_beneath(&mut self, under: Option<Under>) {
        self.beneath = under;
        self.read_beneath();
    }

    fn read_beneath(&mut self) {
        let (method, plan) = match self.beneath {
            None | Some(Under::Method(Method::Nfl)) => (Method::Nfl, None),
            Some(Under::Method(method)) => (method, self.searched.of(method).map(|known| Proposal::from(&known.found))),
            Some(Under::Mine) => (Method::Psomw, self.mine.last().cloned()),
        };
        self.under = plan.map(|plan| Answer::of(&self.task, &self.searched, method, &plan));
    }

    /// The plan beneath, as the timeline draws it.
    pub fn drawn_beneath(&self) -> Option<Beneath<'_>> {
        match (self.beneath?, &self.under) {
            (Under::Method(Method::Nfl), _) => Some(Beneath::nfl(&self.answer)),
            (Under::Method(method), Some(answer)) => {
                Some(Beneath::other(answer, method.id(), crate::draw::method_name(method)))
            }
            (Under::Mine, Some(answer)) => Some(Beneath::other(answer, "mine", "my plan")),
            _ => None,
        }
    }

    /// When the last operation of both plans ends.
    pub fn whole_ns(&self) -> u64 {
        whole_ns(&self.answer, self.drawn_beneath().as_ref())
    }

    /// How the timeline is looked at, at a width in pixels.
    pub fn view(&self, width: f64) -> View {
        let fit = View::fit(&self.answer, self.drawn_beneath().as_ref(), width);
        let Some(window) = self.window else { return fit };
        View { window: Window { from_ns: window.from_ns, to_ns: window.to_ns, ..fit.window }, ..fit }
    }

    /// How the fusion diagram is looked at, at a width in pixels.
    pub fn stages(&self, width: f64) -> pyramid::View {
        match &self.part {
            Some(part) => pyramid::View::part(part.clone(), width),
            None => {
                let whole = pyramid::View::whole(&self.answer, &self.graph, width);
                pyramid::View { folded: whole.folded && !self.unfolded, ..whole }
            }
        }
    }

    /// The situation in a line.
    pub fn situation(&self) -> String {
        let Ok(situation) = Situation::from_fragment(&self.link) else { return String::new() };
        let value = |key: &str| field(key).map_or(String::new(), |field| situation.exact(field).to_string());
        let names = situation.shown_names();
        format!(
            "{} · {} → {} · {}, {} Mbit/s up, {} ms",
            self.answer.name,
            names[0],
            names[1],
            names[2],
            value("uplink_mbps"),
            value("latency_ms")
        )
    }

    /// The link of the situation with another value of a field.
    pub fn with_value(&self, key: &str, value: &str) -> Option<String> {
        let mut situation = Situation::from_fragment(&self.link).ok()?;
        situation.set(field(key)?, Micro::read(value)?.value());
        Some(situation.to_fragment())
    }

    /// What a link adds to say how the page looks.
    pub fn looks(&self) -> Vec<(String, String)> {
        let tile = self.chosen.map(|path| ("tile".to_owned(), path.to_string()));
        let shown = match self.shown {
            Shown::Planned => None,
            Shown::Step(step) => Some(("step".to_owned(), step.to_string())),
            Shown::Exact | Shown::Mine => Some(("p".to_owned(), self.plan.to_text())),
        };
        tile.into_iter().chain(shown).collect()
    }

    /// The path that the figures point out.
    pub fn pointed(&self) -> usize {
        let path = self.lit.or(self.chosen).filter(|&path| path < self.answer.paths.len());
        path.unwrap_or_else(|| crate::draw::shown_path(&self.answer))
    }

    /// The moment of the playhead, and what it changes in the figures.
    pub fn advance(&mut self) -> Vec<(usize, usize, moment::State)> {
        let (Some(time), Some(anatomy)) = (self.time, &self.anatomy) else { return Vec::new() };
        let now = moment::at(&self.answer, anatomy, time);
        let changes = moment::changes(&self.answer, self.moment.as_ref(), &now);
        self.moment = Some(now);
        changes
    }
}
