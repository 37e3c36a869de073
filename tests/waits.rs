//! Idle time and its reasons, and the critical path, against the finished schedule: what is expected is
//! worked out from the operations and the planning model's rules, by code of its own.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/generate.rs"]
mod generate;

use generate::generate;
use offcut::base::Nanos;
use offcut::cost::{CostModel, Traces};
use offcut::schedule::{
    Instance, Operation, Reason, Resource, Schedule, Which, causes, critical, faults, gaps, schedule,
};

struct Case {
    instance: Instance,
    order: Vec<usize>,
    cuts: Vec<usize>,
    schedule: Schedule,
}

fn for_cases(mut then: impl FnMut(&Case)) {
    for seed in 0..1500 {
        let case = generate(seed);
        let model = CostModel::new(&case.scenario.network, &case.scenario.platform);
        let instance = Instance::new(&mut Traces::new(&model), &case.found.strategy);
        let (order, cuts) = (case.found.order, case.found.cuts);
        let schedule = schedule(&instance, &order, &cuts).expect("generated plans are valid");
        then(&Case { instance, order, cuts, schedule });
    }
}

impl Case {
    fn operation(&self, which: Which) -> &Operation {
        let named = |op: &&Operation| op.path == which.path && op.resource == which.resource;
        self.schedule.operations.iter().find(named).expect("an operation of the schedule")
    }

    /// What has to be done before an operation, by the model's rules read backwards: the operations that
    /// leave a path's result on the side on which this one reads it.
    fn inputs(&self, op: &Operation) -> Vec<&Operation> {
        let all = &self.schedule.operations;
        let known = &self.instance.paths()[op.path];
        let reads = |other: &&Operation| {
            let theirs = &self.instance.paths()[other.path];
            let feeds = theirs.block + 1 == known.block && !theirs.cell.intersect(known.input).is_empty();
            match (op.resource, other.resource) {
                (Resource::Device, Resource::Device) => feeds,
                (Resource::Uplink, Resource::Device) => other.path == op.path,
                (Resource::Server, Resource::Uplink) if other.path == op.path => true,
                (Resource::Server, Resource::Uplink) => {
                    self.cuts[op.path] == 0 && feeds && self.cuts[other.path] == theirs.len
                }
                (Resource::Server, Resource::Server) => self.cuts[op.path] == 0 && feeds,
                (Resource::Downlink, Resource::Server) => other.path == op.path,
                _ => false,
            }
        };
        all.iter().filter(reads).collect()
    }

    fn ready(&self, op: &Operation) -> Nanos {
        self.inputs(op).iter().map(|input| input.end).max().unwrap_or(Nanos::ZERO)
    }

    fn lanes(&self) -> Vec<(Resource, usize)> {
        let slots = self.instance.slots;
        let mut lanes: Vec<(Resource, usize)> = (0..slots.device).map(|slot| (Resource::Device, slot)).collect();
        lanes.push((Resource::Uplink, 0));
        lanes.extend((0..slots.server).map(|slot| (Resource::Server, slot)));
        if self.schedule.operations.iter().any(|op| op.resource == Resource::Downlink) {
            lanes.push((Resource::Downlink, 0));
        }
        lanes
    }
}

#[test]
fn gaps_and_operations_cover_every_slot_exactly() {
    let mut met = 0;
    for_cases(|case| {
        let causes = causes(&case.instance, &case.order, &case.cuts).expect("a valid plan");
        let gaps = gaps(&case.instance, &causes);
        let mut left = gaps.len();
        for (resource, slot) in case.lanes() {
            let ops = case.schedule.operations.iter().filter(|op| op.resource == resource && op.slot == slot);
            let mut pieces: Vec<(Nanos, Nanos)> = ops.map(|op| (op.start, op.end)).collect();
            let own = gaps.iter().filter(|gap| gap.resource == resource && gap.slot == slot);
            let own: Vec<(Nanos, Nanos)> = own.map(|gap| (gap.start, gap.end)).collect();
            assert!(own.iter().all(|(start, end)| start < end));
            left -= own.len();
            met += own.len();
            pieces.extend(own);
            pieces.sort_unstable();
            let end = pieces.iter().fold(Nanos::ZERO, |at, &(start, end)| {
                assert_eq!(start, at, "{resource:?} {slot}: a hole, or an overlap");
                end
            });
            assert_eq!(end, case.schedule.makespan);
        }
        assert_eq!(left, 0, "gaps of lanes that there are not");
    });
    assert!(met > 2000, "{met}");
}

#[test]
fn the_reasons_are_what_the_schedule_says() {
    let mut met = [0; 5];
    for_cases(|case| {
        let causes = causes(&case.instance, &case.order, &case.cuts).expect("a valid plan");
        for gap in gaps(&case.instance, &causes) {
            let lane = |op: &&Operation| op.resource == gap.resource && op.slot == gap.slot;
            let ops: Vec<&Operation> = case.schedule.operations.iter().filter(lane).collect();
            let (next, needs) = match gap.reason {
                Reason::Unused => {
                    met[0] += 1;
                    assert!(ops.is_empty());
                    continue;
                }
                Reason::Done => {
                    met[1] += 1;
                    assert_eq!(ops.iter().map(|op| op.end).max(), Some(gap.start));
                    assert_eq!(gap.end, case.schedule.makespan);
                    continue;
                }
                Reason::NotYet { next, needs } | Reason::Data { next, needs } | Reason::Order { next, needs, .. } => {
                    (case.operation(next), case.operation(needs))
                }
            };
            assert_eq!((next.resource, next.slot, next.start), (gap.resource, gap.slot, gap.end));
            assert_eq!(needs.end, gap.end, "the gap ends with what it waited for");
            assert!(case.inputs(next).contains(&needs), "{needs:?} makes nothing that {next:?} reads");
            let first = ops.iter().all(|op| op.start >= gap.end);
            assert_eq!(
                first,
                gap.start == Nanos::ZERO && ops.iter().all(|op| op.end > Nanos::ZERO || op.start >= gap.end)
            );
            // Whoever was ready, on any slot of the resource, and still ran only after the gap.
            let place = |op: &Operation| case.order.iter().position(|&path| path == op.path);
            let same = case.schedule.operations.iter().filter(|op| op.resource == gap.resource);
            let kept = |op: &&Operation| op.path != next.path && op.start >= gap.end && case.ready(op) < gap.end;
            let kept: Vec<&Operation> = same.filter(kept).filter(|op| place(op) > place(next)).collect();
            match gap.reason {
                Reason::Order { ready, .. } => {
                    met[2] += 1;
                    let first = kept.iter().min_by_key(|op| place(op)).map(|op| op.path);
                    assert_eq!(first, Some(ready.path));
                }
                Reason::NotYet { .. } => {
                    met[3] += 1;
                    assert!(kept.is_empty() && first, "{gap:?} {kept:?}");
                }
                _ => {
                    met[4] += 1;
                    assert!(kept.is_empty() && !first, "{gap:?} {kept:?}");
                }
            }
        }
    });
    assert!(met.iter().all(|&met| met > 40), "{met:?}");
}

#[test]
fn the_critical_path_adds_up_to_the_makespan() {
    let (mut longest, mut crossings) = (0, 0);
    for_cases(|case| {
        let causes = causes(&case.instance, &case.order, &case.cuts).expect("a valid plan");
        let chain: Vec<&Operation> = critical(&causes).iter().map(|&at| case.operation(causes[at].which)).collect();
        let sum: Nanos = chain.iter().map(|op| op.end - op.start).sum();
        assert_eq!(sum, case.schedule.makespan);
        assert_eq!(chain.first().map(|op| op.start), Some(Nanos::ZERO));
        for pair in chain.windows(2) {
            assert_eq!(pair[0].end, pair[1].start);
            let on_slot = (pair[0].resource, pair[0].slot) == (pair[1].resource, pair[1].slot);
            assert!(on_slot || case.inputs(pair[1]).contains(&pair[0]), "{pair:?} are not chained");
            crossings += usize::from(!on_slot);
        }
        longest = longest.max(chain.len());
    });
    assert!(longest > 8 && crossings > 500, "{longest} {crossings}");
}

#[test]
fn faults_begin_with_what_the_check_says() {
    let mut met = 0;
    for seed in 0..400 {
        let case = generate(seed);
        let model = CostModel::new(&case.scenario.network, &case.scenario.platform);
        let instance = Instance::new(&mut Traces::new(&model), &case.found.strategy);
        let (order, cuts) = (case.found.order, case.found.cuts);
        assert_eq!(faults(&instance, &order, &cuts), Vec::new());
        for path in 0..cuts.len() {
            let (mut order, mut cuts) = (order.clone(), cuts.clone());
            cuts[path] = (cuts[path] + 1) % (instance.paths()[path].len + 1);
            let other = (path + 1) % order.len();
            order.swap(path, other);
            let all = faults(&instance, &order, &cuts);
            match instance.check(&order, &cuts) {
                Ok(()) => assert_eq!(all, Vec::new()),
                Err(first) => assert!(all.contains(&first), "{first:?} {all:?}"),
            }
            met += usize::from(all.len() > 1);
        }
    }
    assert!(met > 30, "{met}");
}
