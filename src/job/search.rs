//! A task searched by all methods, and what there is to tell of the search.

use super::solve::{SolveError, lower_bound, proof_labels, prove, ranking, swarm};
use super::{Answer, Proposal, Task};
use crate::base::Nanos;
use crate::bounds::gapless;
use crate::cost::{CostModel, Traced, Traces};
use crate::formats::Method;
use crate::search::{Context, Found, Iteration, Observer, about_how_many_plans, device_only, mw, nfl, server_only};

/// The search at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchPoint {
    /// Plans evaluated so far.
    pub evaluations: u64,
    /// The best makespan so far.
    pub best_ns: u64,
    /// Mean makespan of the particles, to the nearest nanosecond.
    pub mean_ns: u64,
    /// Their standard deviation, to the nearest nanosecond.
    pub deviation_ns: u64,
    /// The least of them.
    pub least_ns: u64,
    /// The worst of them.
    pub worst_ns: u64,
}

/// A plan of the search that was better than all before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Improvement {
    /// In which iteration; 0 while the swarm is seeded.
    pub iteration: u32,
    /// Plans evaluated before it was found.
    pub evaluations: u64,
    /// The plan.
    pub found: Found,
}

/// What one method found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The method.
    pub method: Method,
    /// Plans evaluated for it.
    pub evaluations: u64,
    /// Its plan.
    pub found: Found,
}

/// A task searched: every method's plan, what is proven of all plans, and how the swarm got there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Searched {
    /// The methods that ran.
    pub methods: Vec<Known>,
    /// No plan of the space is faster.
    pub lower_bound: Nanos,
    /// The fluid bound, where it applies.
    pub fluid: Option<Nanos>,
    /// About how many plans the space holds, where it has at most one fused block and few grids.
    pub plans: Option<f64>,
    /// The swarm, iteration by iteration.
    pub points: Vec<SearchPoint>,
    /// Its best plans, each better than the one before.
    pub improvements: Vec<Improvement>,
}

impl Searched {
    /// The first of the fastest plans.
    pub fn best(&self) -> Option<&Known> {
        self.methods.iter().min_by_key(|known| known.found.makespan)
    }

    /// Whether a plan may be faster than all that are known.
    pub fn is_open(&self) -> bool {
        self.best().is_some_and(|best| best.found.makespan > self.lower_bound)
    }

    /// What a method found, where it ran.
    pub fn of(&self, method: Method) -> Option<&Known> {
        self.methods.iter().find(|known| known.method == method)
    }
}

/// Records the search and passes on to another observer.
struct Recorder<'o, O: Observer> {
    points: Vec<SearchPoint>,
    improvements: Vec<Improvement>,
    outer: &'o mut O,
}

impl<O: Observer> Recorder<'_, O> {
    /// Adds the end of the search, where its last step was no iteration but made a better plan.
    fn close(&mut self, evaluations: u64) {
        let Some(best) = self.improvements.last().map(|improvement| improvement.found.makespan.0) else { return };
        if let Some(&last) = self.points.last().filter(|point| point.best_ns > best) {
            self.points.push(SearchPoint { evaluations, best_ns: best, ..last });
        }
    }
}

impl<O: Observer> Observer for Recorder<'_, O> {
    fn step(&mut self, iteration: &Iteration) -> bool {
        self.points.push(SearchPoint {
            evaluations: iteration.evaluations,
            best_ns: iteration.best.0,
            mean_ns: iteration.mean.round() as u64,
            deviation_ns: iteration.deviation.round() as u64,
            least_ns: iteration.least.0,
            worst_ns: iteration.worst.0,
        });
        self.outer.step(iteration)
    }

    fn proven(&mut self, best: Nanos) {
        self.outer.proven(best);
    }

    fn improved(&mut self, iteration: u32, evaluations: u64, found: &Found) {
        self.improvements.push(Improvement { iteration, evaluations, found: found.clone() });
        self.outer.improved(iteration, evaluations, found);
    }
}

/// Searches a task by its method and by those it is compared with.
pub fn search(task: &Task, observer: &mut impl Observer) -> Searched {
    search_again(task, &mut Traced::default(), observer)
}

/// The same with what was traced of this network before; what is traced for this task is left for the next.
pub fn search_again(task: &Task, traced: &mut Traced, observer: &mut impl Observer) -> Searched {
    let model = CostModel::new(&task.network, &task.platform);
    let mut context = Context::with(&task.space, Traces::again(&model, traced));
    let ranking = ranking(&mut context);
    let mut recorder = Recorder { points: Vec::new(), improvements: Vec::new(), outer: observer };
    let proof = prove(&mut context, &ranking, proof_labels(&task.space));
    let bound = lower_bound(&context, &proof, &ranking);
    if proof.best().makespan <= bound && matches!(task.search.method, Method::Psomw | Method::Exact) {
        recorder.proven(bound);
    }
    let psomw = swarm(&mut context, &ranking, task.search, None, &mut recorder, bound);
    recorder.close(context.evaluations());
    let known = |method, (found, evaluations)| Known { method, evaluations, found };
    let mut methods = vec![
        known(Method::DeviceOnly, counted(&mut context, device_only)),
        known(Method::ServerOnly, counted(&mut context, server_only)),
        known(Method::Nfl, counted(&mut context, nfl)),
        known(Method::Mw, counted(&mut context, |context| mw(context, &ranking))),
        known(Method::Psomw, (psomw.found, psomw.evaluations)),
    ];
    // With several fused blocks, or very many grids, a proof is a matter of minutes: not for the page.
    let proven = task.space.max_fused_blocks <= 1 && task.space.is_small(&task.network);
    if proven {
        methods.push(known(Method::Exact, (proof.best().clone(), proof.evaluations())));
    }
    context.traces.leave(traced);
    let Recorder { points, improvements, .. } = recorder;
    Searched {
        methods,
        lower_bound: bound,
        fluid: gapless(&task.network).then_some(ranking.fluid.value),
        plans: (proven && task.space.max_fused_blocks == 1)
            .then(|| about_how_many_plans(&ranking.singles, task.network.stages().len())),
        points,
        improvements,
    }
}

/// Solves a task by its method and by those it is compared with.
///
/// # Errors
/// The method cannot be run.
pub fn answer(task: &Task, observer: &mut impl Observer) -> Result<Answer, SolveError> {
    answer_of(task, &search(task, observer))
}

/// The answer that a task's method gives, once it is searched.
///
/// # Errors
/// The method did not run.
pub fn answer_of(task: &Task, searched: &Searched) -> Result<Answer, SolveError> {
    let method = task.search.method;
    let known = searched.of(method).ok_or(SolveError::Unavailable(method.id()))?;
    Ok(Answer::found(task, searched, method, &Proposal::from(&known.found))?)
}

fn counted(context: &mut Context, method: impl FnOnce(&mut Context) -> Found) -> (Found, u64) {
    let before = context.evaluations();
    let found = method(context);
    (found, context.evaluations() - before)
}
