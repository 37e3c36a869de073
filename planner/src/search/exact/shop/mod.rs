//! The shop that a fused block is: jobs that each choose what they cost device, uplink and server.
//!
//! A tile is a job, its cuts are its choices; tiles with equal choices form a class and are counted
//! instead of named. With one order for all resources (planning model §4) a sequence of (class,
//! choice) pairs is a plan, so the best plan is found by appending pairs: a *label* is how many jobs
//! of each class are placed and until when each slot is taken.
//!
//! Why the search is exact:
//! - *Dominance.* Appending is monotone: later slots never make an operation earlier, and sorted slot
//!   times stay ordered when the first free one is taken. So of two labels with the same counts one
//!   whose times are all no later makes the other superfluous. A choice is superfluous only where
//!   another one is no longer on *every* resource; "smaller upload and no larger total" is not enough.
//! - *Bound.* For prices `w` with `k·w₁ + w₂ + m·w₃ ≤ SCALE` every end `T` of a completed label has
//!   `SCALE·T ≥ Σ w·(times) + Σ over jobs left of their least price`, because each slot's work must
//!   fit between its time now and `T`. After the device's last job comes at least the shortest way
//!   through uplink and server: which job that is and what it costs is chosen together.
//! - *Arrival.* The server takes up new work no sooner than the first arrival of any job left: what was on
//!   the device comes no sooner than device and uplink let it, what was not, than the uplink does. Where
//!   nothing follows on the server it may get no new work at all: then all jobs left end on the device,
//!   one after another on each slot, so the lesser of both bounds holds. A server slot that is free
//!   before both the first arrival and that end on the device may as well be free then: work that comes
//!   finds it no later, and where none comes the end is no sooner.

mod arrival;
mod orders;
mod prices;
mod solver;
mod sums;
mod trail;

pub use solver::Solver;

/// What a job costs if it is run in one of its ways. `None`: the resource has no operation of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice {
    /// Time on the device.
    pub device: Option<u64>,
    /// Time on the uplink; 0 where nothing is sent.
    pub upload: u64,
    /// Time on the server.
    pub server: Option<u64>,
    /// Time on the downlink; 0 where nothing is sent back.
    pub download: u64,
}

impl Choice {
    /// Whether this choice can never be worse than another.
    pub fn covers(&self, other: &Self) -> bool {
        // An operation of 0 ns still waits for its slot: no operation is better than that.
        let no_longer = |a: Option<u64>, b: Option<u64>| a.is_none_or(|a| b.is_some_and(|b| a <= b));
        // What does without the device waits for the block before; what sends nothing from there waits for nobody.
        let waits_longer =
            self.device.is_none() && other.device.is_some() && other.upload == 0 && other.server.is_some();
        !waits_longer
            && no_longer(self.device, other.device)
            && self.upload <= other.upload
            && no_longer(self.server, other.server)
            && self.download <= other.download
    }

    /// What it takes of device, uplink and server.
    pub(super) fn load(&self) -> [u64; 3] {
        [self.device.unwrap_or(0), self.upload, self.server.unwrap_or(0)]
    }

    /// How long the end has to wait behind this job's device part, at least.
    pub(super) fn behind_device(&self, tail: u64) -> u64 {
        match self {
            // What sends nothing keeps nobody waiting.
            Choice { device: Some(_), upload: 0, .. } => 0,
            Choice { upload, server, .. } => upload + server.unwrap_or(0) + tail,
        }
    }
}

/// Jobs that look alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// How many.
    pub count: usize,
    /// What each may cost; never empty.
    pub choices: Vec<Choice>,
}

/// Jobs, and what comes before and behind them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shop {
    /// Slots of device and server.
    pub slots: [usize; 2],
    /// When the device may begin.
    pub device_ready: u64,
    /// When what comes before the jobs has been sent: the uplink may begin then, and the server a job that
    /// neither device nor uplink works on.
    pub sent: u64,
    /// What the server does once everything has arrived; none where nothing follows.
    pub tail: Option<u64>,
    /// The jobs.
    pub classes: Vec<Class>,
}

/// A sequence of jobs, each with its class and choice, and when its last operation ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// Class and choice, in order.
    pub jobs: Vec<(usize, usize)>,
    /// The end, tail included.
    pub end: u64,
}

/// How a search of a shop ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The best sequence below the limit; none where none is.
    Proven(Option<Sequence>),
    /// Labels ran out: what no sequence can beat, and the best below the limit so far.
    Stopped(u64, Option<Sequence>),
}
