//! Every intent of the user in the studio, and what it does to the state.

use super::state::{PACES, Shown, Studio, Under};
use super::{export, history, looks, notes, player, prover, show, toolbar, with};
use crate::dom;
use crate::job::Stand;

/// Which figure.
pub type Figure = &'static str;

/// In what form a figure is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A drawing that stands alone.
    Svg,
    /// The same as pixels.
    Png,
    /// Its numbers.
    Csv,
    /// The timeline for trace viewers.
    Trace,
    /// A link to the figure alone.
    Embed,
}

/// What the user wants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    /// The page has a new answer.
    Follow,
    /// The address has changed.
    Address,
    /// Point at a path, or at none.
    Light(Option<usize>),
    /// Choose a path, or none.
    Choose(Option<usize>),
    /// Show `factor` times as much time, a place in the drawing staying where it is.
    Zoom {
        /// Less than 1 zooms in.
        factor: f64,
        /// The place, in the drawing's pixels; its middle where there is none.
        at: Option<f64>,
    },
    /// Move the window by a share of its length.
    Pan(f64),
    /// Show all of time.
    Fit,
    /// Show the time of the chosen path.
    ZoomToChosen,
    /// Put the playhead at a time.
    SetTime(u64),
    /// Move the playhead to the next moment at which something changes, or the one before.
    StepTime(bool),
    /// Take the playhead away.
    NoTime,
    /// Play or pause.
    Play,
    /// Another pace, by its place in [`PACES`].
    Pace(usize),
    /// Another plan beneath.
    Beneath(Option<Under>),
    /// Another plan.
    Show(Shown),
    /// The step of the search before or after.
    NextStep(bool),
    /// Another cut for a path.
    MoveCut(usize, usize),
    /// A path one place later in the order, or earlier.
    MovePath(usize, bool),
    /// Take back the last change of the plan made by hand.
    UndoCut,
    /// Make it again.
    RedoCut,
    /// Back to the planned plan; the one made by hand is gone.
    ResetMine,
    /// Show a figure's numbers as a table, or hide them.
    Table(Figure),
    /// Take a figure away.
    Export(Figure, Form),
    /// Show the keys.
    Help,
    /// The situation before, or the one that was undone.
    Undo(bool),
    /// Stages that the fusion diagram shows: from, and up to but not this one; all where there are none.
    Part(Option<(usize, usize)>),
    /// Draw repeats of the fusion diagram one by one, or once for all.
    Unfold,
    /// Fewer stages of the fusion diagram, or more.
    Closer(bool),
    /// The window has another width.
    Resize,
    /// Stop the proof.
    StopProof,
    /// Begin it anew.
    Prove,
}

/// Does it.
pub fn apply(action: Action) {
    match action {
        Action::Follow => follow(),
        Action::Address => drop(with(address)),
        Action::Table(figure) => drop(with(|studio| show::toggle_table(studio, figure))),
        Action::Export(figure, form) => drop(with(|studio| export::take_away(studio, figure, form))),
        Action::Help => show::help(),
        Action::Undo(back) => history::go(back),
        Action::Play => player::toggle(),
        _ => drop(with(|studio| change(studio, action))),
    }
}

fn follow() {
    let record = dom::property("#answer", "record").unwrap_or_default();
    let known = with(|studio| studio.record == record);
    if known != Some(true) {
        // A record that cannot be read is a bug; the page then draws by itself.
        let Some(mut new) = Studio::read(&record) else { return show::give_back() };
        super::STUDIO.with(|studio| {
            let mut studio = studio.borrow_mut();
            if let Some(before) = studio.take() {
                new.keep(before);
            }
            history::note(&new.link, dom::now());
            looks::take(&mut new);
            show::everything(&mut new);
            *studio = Some(new);
        });
        looks::apply();
        looks::lead_home();
        with(|studio| {
            notes::show(studio);
            show::proof(studio);
            prover::follow(studio);
        });
    } else if show::is_wanting() {
        // From a figure alone to the whole page.
        with(show::everything);
    } else {
        // The same answer once more, as where a slider came back before any other: the page has put its own sentence
        // in place of the explanation, and the comparison as it was.
        with(|studio| {
            show::explain_soon(studio);
            show::comparison(studio);
            show::proof(studio);
        });
    }
}

/// What the proof of a record has come to.
pub fn heard(record: &str, stand: Stand, texts: &[String]) {
    with(|studio| {
        // What was on its way when the user stopped it, or moved on, is not told any more.
        if studio.record != record || studio.stand != Some(Stand::Running) {
            return;
        }
        let methods = studio.searched.methods.len();
        let before = (studio.answer.best_ns(), studio.answer.lower_bound_ns);
        if !studio.learn(stand, texts) || stand != Stand::Running {
            prover::stop();
        }
        if (studio.answer.best_ns(), studio.answer.lower_bound_ns) != before || stand != Stand::Running {
            show::comparison(studio);
        }
        // Not at each step: a list of plans that is open would close.
        if studio.searched.methods.len() != methods {
            toolbar::refresh(studio);
        }
        show::proof(studio);
    });
}

/// Another plan or tile of the same search.
fn address(studio: &mut Studio) {
    if !looks::are_kept(studio) {
        looks::take(studio);
        show::everything(studio);
    }
}

fn change(studio: &mut Studio, action: Action) {
    let shown = (studio.shown, studio.mine.len());
    act(studio, action);
    if matches!(action, Action::Choose(_) | Action::MoveCut(..) | Action::MovePath(..))
        || shown != (studio.shown, studio.mine.len())
    {
        looks::keep(studio);
    }
}

fn act(studio: &mut Studio, action: Action) {
    match action {
        Action::Light(path) if studio.lit != path => {
            studio.lit = path;
            show::marks(studio);
        }
        Action::Choose(path) => {
            studio.chosen = if studio.chosen == path { None } else { path };
            show::marks(studio);
        }
        Action::Zoom { factor, at } => {
            let (view, whole) = (show::view(studio), studio.whole_ns());
            let middle = (view.window.left + view.window.right) / 2.0;
            let at = view.window.ns(at.unwrap_or(middle).max(view.window.left).min(view.window.right));
            let zoomed = view.window.zoomed(factor, at, whole);
            // All but a thousandth is all: zooming out as often as in comes back to where it was.
            studio.window = Some(zoomed).filter(|window| window.length() < whole - whole / 1000);
            show::anew(studio, "timeline");
        }
        Action::Pan(share) => {
            let (window, whole) = (show::view(studio).window, studio.whole_ns());
            let by = (window.length() as f64 * share) as i64;
            studio.window = Some(window.moved(by, whole)).filter(|window| window.length() < whole);
            show::anew(studio, "timeline");
        }
        Action::Fit => {
            studio.window = None;
            show::anew(studio, "timeline");
        }
        Action::ZoomToChosen => {
            let path = studio.pointed();
            let of = studio.answer.operations.iter().filter(|op| op.path == path);
            let span = of.fold((u64::MAX, 0), |(start, end), op| (start.min(op.start_ns), end.max(op.end_ns)));
            if span.0 < span.1 {
                studio.window = Some(show::view(studio).window.around(span.0, span.1, studio.whole_ns()));
                show::anew(studio, "timeline");
            }
        }
        // A plan that cannot run has no times.
        Action::SetTime(_) | Action::StepTime(_) if studio.anatomy.is_none() => {}
        Action::SetTime(ns) => {
            studio.time = Some(ns.min(studio.whole_ns()));
            show::moment(studio);
        }
        Action::StepTime(forward) => {
            let now = studio.time.unwrap_or(0);
            let ends = studio.answer.operations.iter().flat_map(|op| [op.start_ns, op.end_ns]);
            let next = match forward {
                true => ends.filter(|&ns| ns > now).min(),
                false => ends.filter(|&ns| ns < now).max(),
            };
            studio.time = Some(next.unwrap_or(now));
            show::moment(studio);
        }
        Action::NoTime => {
            (studio.time, studio.playing) = (None, None);
            show::moment(studio);
        }
        Action::Pace(pace) => studio.pace = pace.min(PACES.len() - 1),
        Action::Beneath(under) => {
            studio.put_beneath(under);
            show::anew(studio, "timeline");
        }
        Action::Show(shown) => {
            studio.show(shown);
            show::everything(studio);
        }
        Action::NextStep(forward) => {
            let last = studio.searched.improvements.len().saturating_sub(1);
            let step = match (studio.shown, forward) {
                (Shown::Step(step), true) => (step + 1).min(last),
                (Shown::Step(step), false) => step.saturating_sub(1),
                (_, true) => 0,
                (_, false) => last,
            };
            studio.show(Shown::Step(step));
            show::everything(studio);
        }
        Action::MoveCut(path, cut) => {
            studio.make(|plan| {
                if let Some(old) = plan.cuts.get_mut(path) {
                    *old = cut;
                }
            });
            show::everything(studio);
        }
        Action::MovePath(path, later) => {
            studio.make(|plan| {
                let Some(at) = plan.order.iter().position(|&other| other == path) else { return };
                let to = if later { at + 1 } else { at.saturating_sub(1) };
                if to < plan.order.len() {
                    plan.order.swap(at, to);
                }
            });
            show::everything(studio);
        }
        Action::UndoCut if studio.mine.len() > 1 => {
            studio.undone.extend(studio.mine.pop());
            studio.show(Shown::Mine);
            show::everything(studio);
        }
        Action::RedoCut => {
            if let Some(plan) = studio.undone.pop() {
                studio.mine.push(plan);
                studio.show(Shown::Mine);
                show::everything(studio);
            }
        }
        Action::ResetMine => {
            studio.mine.clear();
            studio.undone.clear();
            studio.show(Shown::Planned);
            show::everything(studio);
        }
        Action::Part(part) => {
            let last = studio.answer.maps.len().saturating_sub(1);
            studio.part = part.map(|(from, to)| from.min(last.saturating_sub(1))..to.min(last).max(from + 1));
            show::anew(studio, "fusion");
            toolbar::refresh(studio);
        }
        Action::Unfold => {
            studio.unfolded = !studio.unfolded;
            show::anew(studio, "fusion");
            show::marks(studio);
        }
        Action::Closer(closer) => {
            let last = studio.answer.maps.len().saturating_sub(1);
            let old = studio.part.clone().unwrap_or(0..last);
            let count = if closer { (old.len() / 2).max(1) } else { old.len() * 2 };
            let from = (old.start + old.len() / 2).saturating_sub(count / 2).min(last.saturating_sub(count));
            studio.part = (count < last).then(|| from..from + count);
            show::anew(studio, "fusion");
            toolbar::refresh(studio);
        }
        Action::Resize => show::everything(studio),
        Action::StopProof => {
            prover::stop();
            studio.stand = studio.stand.map(|_| Stand::Stopped);
            show::proof(studio);
        }
        Action::Prove => {
            studio.stand = studio.stand.map(|_| Stand::Running);
            show::proof(studio);
            prover::again(studio);
        }
        _ => {}
    }
}
