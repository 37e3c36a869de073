//! Messages between page and worker, versioned: a browser may hold an old worker beside a new page.

use super::Sheet;
use super::task::task;
use crate::job;
use crate::situation::Situation;
use serde::{Deserialize, Serialize};

/// The version that page and worker must share.
pub const PROTOCOL: u32 = 1;

/// From the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Rises with every request; answers carry it.
    pub id: u32,
    /// The link of what to plan.
    pub link: String,
}

/// From the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The worker listens; messages before this would be lost.
    Ready {
        /// Its protocol.
        protocol: u32,
    },
    /// A search goes on.
    Progress {
        /// Of which request.
        id: u32,
        /// Plans evaluated so far.
        evaluations: u64,
        /// The best makespan so far.
        best_ns: u64,
    },
    /// The answer.
    Planned {
        /// To which request.
        id: u32,
        /// What to show.
        sheet: Box<Sheet>,
    },
    /// There is no answer.
    Failed {
        /// To which request.
        id: u32,
        /// Why, and what to do.
        message: String,
    },
}

/// Answers a request; progress goes to `post`.
pub fn respond(request: &Request, mut post: impl FnMut(Event)) -> Event {
    struct Poster<'p, P: FnMut(Event)>(u32, &'p mut P);
    impl<P: FnMut(Event)> crate::search::Observer for Poster<'_, P> {
        fn step(&mut self, iteration: &crate::search::Iteration) -> bool {
            if iteration.iteration.is_multiple_of(10) {
                let (evaluations, best_ns) = (iteration.evaluations, iteration.best.0);
                (self.1)(Event::Progress { id: self.0, evaluations, best_ns });
            }
            true
        }
    }
    let id = request.id;
    let solved = Situation::from_fragment(&request.link)
        .map_err(|error| error.to_string())
        .and_then(|situation| task(&situation).map_err(|error| error.to_string()))
        .and_then(|task| job::answer(&task, &mut Poster(id, &mut post)).map_err(|error| error.to_string()));
    match solved {
        Ok(answer) => Event::Planned { id, sheet: Box::new(Sheet::new(&answer)) },
        Err(message) => Event::Failed { id, message },
    }
}
