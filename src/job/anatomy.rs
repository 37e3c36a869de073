//! What happens when and why in a plan: more than the first figures show, for those who look closer.

use super::{Proposal, Task};
use crate::cost::{CostModel, Traces};
use crate::schedule::{Caused, Gap, Instance, Invalid, Resource, Which, causes, critical, gaps};

/// A plan taken apart: why every operation starts when it does, and when every stage is computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Anatomy {
    /// The operations in the order in which resources are given them, with what each waited for.
    pub causes: Vec<Caused>,
    /// Idle times with their reasons, slot by slot.
    pub gaps: Vec<Gap>,
    /// The operations that make the makespan, first to last.
    pub critical: Vec<Which>,
    /// By path, by its stages: start and end of the stage, in nanoseconds.
    pub stages: Vec<Vec<(u64, u64)>>,
    /// By path: the paths whose cells it reads.
    pub needs: Vec<Vec<usize>>,
}

impl Anatomy {
    /// Takes a plan of a task apart.
    ///
    /// # Errors
    /// The plan is not valid.
    pub fn of(task: &Task, plan: &Proposal) -> Result<Self, Invalid> {
        let model = CostModel::new(&task.network, &task.platform);
        let instance = Instance::new(&mut Traces::new(&model), &plan.strategy);
        let causes = causes(&instance, &plan.order, &plan.cuts)?;
        let paths = 0..instance.paths().len();
        Ok(Self {
            gaps: gaps(&instance, &causes),
            critical: critical(&causes).into_iter().map(|at| causes[at].which).collect(),
            stages: paths.clone().map(|path| stages(&instance, &causes, &plan.cuts, path)).collect(),
            needs: paths.map(|path| instance.needs(path).to_vec()).collect(),
            causes,
        })
    }

    /// Whether an operation is one of those that make the makespan.
    pub fn is_critical(&self, path: usize, resource: &str) -> bool {
        self.critical.iter().any(|which| which.path == path && which.resource.name() == resource)
    }
}

/// When each stage of a path runs: its operation's stages follow each other without a break.
fn stages(instance: &Instance, causes: &[Caused], cuts: &[usize], path: usize) -> Vec<(u64, u64)> {
    let (cut, rows) = (cuts[path], instance.rows(path));
    let of = |resource: Resource| causes.iter().find(|caused| caused.which == Which { path, resource });
    let begins = of(Resource::Device).map_or(0, |caused| caused.start.0);
    let ends = of(Resource::Server).map_or(0, |caused| caused.end.0);
    let part = |stage: usize| match stage < cut {
        true => (begins + rows[stage].device.0, begins + rows[stage + 1].device.0),
        false => (ends - rows[stage].server.0, ends - rows[stage + 1].server.0),
    };
    (0..instance.paths()[path].len).map(part).collect()
}
