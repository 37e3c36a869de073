//! When something of jobs can be at the server.

use super::Choice;

/// What passes at least until anything of some jobs is at the server.
#[derive(Clone, Copy)]
pub struct Arrival {
    /// Of a job on the device: from the device's first free moment.
    pub through: u64,
    /// Of a job on the device: from the uplink's first free moment.
    pub sent: u64,
    /// Of a job that does without the device: from the uplink's first free moment.
    pub without: u64,
}

impl Arrival {
    /// Nothing ever comes.
    pub const NEVER: Self = Self { through: u64::MAX, sent: u64::MAX, without: u64::MAX };

    /// Of one job that makes this choice.
    pub fn of(choice: &Choice) -> Self {
        match choice.device {
            Some(device) => Self { through: device + choice.upload, sent: choice.upload, ..Self::NEVER },
            None => Self { without: choice.upload, ..Self::NEVER },
        }
    }

    /// What comes first of both.
    pub fn least(self, other: Self) -> Self {
        Self {
            through: self.through.min(other.through),
            sent: self.sent.min(other.sent),
            without: self.without.min(other.without),
        }
    }

    /// Whether nothing ever comes.
    pub fn is_never(self) -> bool {
        self.through == u64::MAX && self.without == u64::MAX
    }
}
