//! What if one rate were another? Plans scheduled again, exactly; the rate at which fusing stops to pay.

use super::{Proposal, Task};
use crate::base::Nanos;
use crate::cost::{CostModel, Traces};
use crate::plan::Strategy;
use crate::platform::Platform;
use crate::schedule::{Clock, Instance};

/// A rate of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// The device's compute and memory rates, both by the same factor; in thousandths of a GFLOP/s.
    Device,
    /// The uplink; in kbit/s.
    Uplink,
    /// The server's compute and memory rates, both by the same factor; in thousandths of a GFLOP/s.
    Server,
}

/// A rate at which a plan stops being faster than every plan that is not split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakEven {
    /// The rate that changes.
    pub rate: Rate,
    /// Its value, in its own unit: here the plan is no faster.
    pub value: u64,
    /// The next value towards the present one: there it is.
    pub faster_at: u64,
}

/// The most by which a rate is changed in looking for a break-even: 32 times, in 20 steps.
const STEPS: u32 = 20;

impl Rate {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Device, Self::Uplink, Self::Server];

    /// Its present value.
    pub fn value(self, platform: &Platform) -> u64 {
        match self {
            Rate::Device => platform.device.milli_gflops,
            Rate::Uplink => platform.link.uplink_kbps,
            Rate::Server => platform.server.milli_gflops,
        }
    }

    /// The platform with another value of it, at least 1.
    pub fn set(self, platform: &Platform, value: u64) -> Platform {
        let mut other = platform.clone();
        let value = value.max(1);
        let processor = match self {
            Rate::Uplink => {
                other.link.uplink_kbps = value;
                return other;
            }
            Rate::Device => &mut other.device,
            Rate::Server => &mut other.server,
        };
        let memory =
            u128::from(processor.milli_gb_per_s) * u128::from(value) / u128::from(processor.milli_gflops.max(1));
        processor.milli_gb_per_s = u64::try_from(memory).unwrap_or(u64::MAX).max(1);
        processor.milli_gflops = value;
        other
    }
}

/// The makespan of a valid plan on another platform.
pub fn makespan_on(task: &Task, plan: &Proposal, platform: &Platform) -> Option<Nanos> {
    let model = CostModel::new(&task.network, platform);
    let instance = Instance::new(&mut Traces::new(&model), &plan.strategy);
    instance.check(&plan.order, &plan.cuts).ok()?;
    Some(Clock::new(&instance).makespan(&instance, &plan.order, &plan.cuts))
}

/// The best that one cut of the unsplit network does on a platform: NFL, device only, server only.
pub fn unsplit_on(task: &Task, platform: &Platform) -> Nanos {
    let model = CostModel::new(&task.network, platform);
    let instance = Instance::new(&mut Traces::new(&model), &Strategy::unsplit(&task.network));
    let mut clock = Clock::new(&instance);
    let of = |cut: usize| clock.makespan(&instance, &[0], &[cut]);
    (0..=task.network.stages().len()).map(of).min().unwrap_or(Nanos::ZERO)
}

/// The nearest value of a rate, above or below the present one, at which a plan no longer beats the best
/// single cut: found in steps of about a fifth, then by bisection to the last unit. None where the plan
/// does not beat it now, or beats it at all values looked at.
pub fn break_even(task: &Task, plan: &Proposal, rate: Rate, above: bool) -> Option<BreakEven> {
    let pays = |value: u64| {
        let platform = rate.set(&task.platform, value);
        makespan_on(task, plan, &platform).is_some_and(|makespan| makespan < unsplit_on(task, &platform))
    };
    let mut good = rate.value(&task.platform);
    if !pays(good) {
        return None;
    }
    let step = |value: u64| if above { value + (value / 5).max(1) } else { value - (value / 6).max(1).min(value - 1) };
    let mut bad = None;
    for _ in 0..STEPS {
        let next = step(good);
        if next == good {
            break;
        }
        if !pays(next) {
            bad = Some(next);
            break;
        }
        good = next;
    }
    let mut bad = bad?;
    while good.abs_diff(bad) > 1 {
        let middle = good.midpoint(bad);
        if pays(middle) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    Some(BreakEven { rate, value: bad, faster_at: good })
}

/// How long the same plan would take with a rate twice as high.
pub fn with_twice(task: &Task, plan: &Proposal, rate: Rate) -> Option<Nanos> {
    makespan_on(task, plan, &rate.set(&task.platform, 2 * rate.value(&task.platform)))
}
