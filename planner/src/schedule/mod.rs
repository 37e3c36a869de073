//! From a plan to a schedule: when every operation runs, on which resource (planning model §4).
//!
//! Entry points: [`Instance`], [`Clock`], [`schedule`]. Must not know searches or the browser.

mod causes;
mod clock;
mod faults;
mod instance;
mod memory;
mod operations;
mod waits;

pub use causes::{Caused, Which, causes, critical};
pub use clock::{Busy, Clock, Step};
pub use faults::faults;
pub use instance::{Dependent, Instance, Invalid, Path, Row};
pub use memory::device_memory;
pub use operations::{Operation, Resource, Schedule, schedule};
pub use waits::{Gap, Reason, gaps};
