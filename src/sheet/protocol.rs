//! Messages between page and worker, versioned: a browser may hold an old worker beside a new page.

use super::Sheet;
use super::task::task;
use crate::base::Nanos;
use crate::cost::Traced;
use crate::job;
use crate::situation::Situation;

/// The version that page and worker must share.
pub const PROTOCOL: u32 = 4;

/// What crosses: a kind, the number of a request, and lists of texts. One plain shape for all
/// messages: a type for each would weigh more than the planner.
pub type Message = (u32, u32, Vec<Vec<String>>);

/// From the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Rises with every request; answers carry it.
    pub id: u32,
    /// The link of what to plan.
    pub link: String,
    /// Its own network as a [`crate::parcel`]; empty where it has none.
    pub parcel: String,
}

/// From the worker.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The worker listens; messages before this would be lost.
    Ready {
        /// Its protocol.
        protocol: u32,
    },
    /// What the best plan of the space takes, long before all else is known.
    Proven {
        /// Of which request.
        id: u32,
        /// Its makespan.
        makespan_ns: u64,
    },
    /// A search goes on.
    Progress {
        /// Of which request.
        id: u32,
        /// Plans evaluated so far.
        evaluations: u64,
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

impl From<Request> for Message {
    fn from(request: Request) -> Self {
        (0, request.id, vec![vec![request.link, request.parcel]])
    }
}

impl Request {
    /// The request of a message; none where it is something else.
    pub fn read((_, id, lists): Message) -> Option<Self> {
        let mut texts = lists.into_iter().next()?.into_iter();
        Some(Self { id, link: texts.next()?, parcel: texts.next()? })
    }
}

impl From<Event> for Message {
    fn from(event: Event) -> Self {
        match event {
            Event::Ready { protocol } => (0, protocol, Vec::new()),
            Event::Progress { id, evaluations } => (1, id, vec![vec![evaluations.to_string()]]),
            Event::Planned { id, sheet } => {
                let Sheet { texts, names, values, record } = *sheet;
                (2, id, vec![texts, names, values, record])
            }
            Event::Failed { id, message } => (3, id, vec![vec![message]]),
            Event::Proven { id, makespan_ns } => (4, id, vec![vec![makespan_ns.to_string()]]),
        }
    }
}

impl Event {
    /// The event of a message; none where it is something else.
    pub fn read((kind, id, lists): Message) -> Option<Self> {
        let mut lists = lists.into_iter();
        if kind == 0 {
            return Some(Self::Ready { protocol: id });
        }
        let mut first = lists.next()?;
        Some(match kind {
            1 => Self::Progress { id, evaluations: first.first()?.parse().ok()? },
            2 => {
                let mut next = || lists.next();
                let (names, values, record) = (next()?, next()?, next()?);
                Self::Planned { id, sheet: Box::new(Sheet { texts: first, names, values, record }) }
            }
            3 => Self::Failed { id, message: first.pop()? },
            4 => Self::Proven { id, makespan_ns: first.first()?.parse().ok()? },
            _ => return None,
        })
    }
}

/// A search that is over within so many milliseconds tells nothing of its progress: nobody could read it, and every
/// frame of the page would take time from the search.
const QUIET_MS: f64 = 100.0;

/// What the worker keeps from one request for the next.
#[derive(Debug, Default)]
pub struct Memory {
    /// Which network was traced: its name in the zoo, and its parcel.
    network: String,
    traced: Traced,
}

/// Answers a request; progress goes to `post`; `now` is a clock in milliseconds, for what is said of the search's pace
/// alone.
pub fn respond(request: &Request, memory: &mut Memory, mut post: impl FnMut(Event), now: impl Fn() -> f64) -> Event {
    let start = now();
    struct Poster<'p, P: FnMut(Event), N: Fn() -> f64> {
        id: u32,
        post: &'p mut P,
        now: &'p N,
        start: f64,
    }
    impl<P: FnMut(Event), N: Fn() -> f64> crate::search::Observer for Poster<'_, P, N> {
        fn proven(&mut self, best: Nanos) {
            (self.post)(Event::Proven { id: self.id, makespan_ns: best.0 });
        }

        fn step(&mut self, iteration: &crate::search::Iteration) -> bool {
            if iteration.iteration.is_multiple_of(10) && (self.now)() - self.start > QUIET_MS {
                (self.post)(Event::Progress { id: self.id, evaluations: iteration.evaluations });
            }
            true
        }
    }
    let id = request.id;
    let solved = Situation::from_fragment(&request.link)
        .map_err(|error| error.to_string())
        .and_then(|situation| {
            let network = [situation.model, "\n", &request.parcel].concat();
            if memory.network != network {
                *memory = Memory { network, ..Memory::default() };
            }
            task(&situation, &request.parcel).map_err(|error| error.to_string())
        })
        .and_then(|task| {
            let traced = &mut memory.traced;
            let searched = job::search_again(&task, traced, &mut Poster { id, post: &mut post, now: &now, start });
            job::answer_of(&task, &searched).map(|answer| (answer, searched)).map_err(|error| error.brief())
        });
    match solved {
        Ok((answer, found)) => {
            let searched: u64 = answer.methods.iter().map(|part| part.evaluations).sum();
            let took = now() - start;
            let mut sheet = Sheet::new(&answer);
            sheet.carry("plans-per-second", if took > 0.0 { (searched as f64 * 1e3 / took) as u64 } else { 0 });
            sheet.record = vec![request.link.clone(), request.parcel.clone()];
            sheet.record.extend(found.to_texts());
            sheet.carry("worker-us", ((now() - start) * 1e3) as u64);
            Event::Planned { id, sheet: Box::new(sheet) }
        }
        Err(message) => Event::Failed { id, message },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{parcel, zoo};
    use std::cell::Cell;

    #[test]
    fn messages_round_trip() {
        let request = Request { id: 7, link: Situation::default().to_fragment(), parcel: String::new() };
        assert_eq!(Request::read(request.clone().into()), Some(request.clone()));
        let mut events = vec![Event::Ready { protocol: PROTOCOL }];
        let mut memory = Memory::default();
        let clock = Cell::new(0.0);
        let answer = respond(&request, &mut memory, |event| events.push(event), || clock.replace(clock.get() + 120.0));
        assert!(matches!(&answer, Event::Planned { id: 7, sheet } if !sheet.record.is_empty()));
        assert!(matches!(events[1], Event::Proven { id: 7, .. }), "{:?}", events[1]);
        assert!(events.len() > 3, "progress is told");
        events.push(answer);
        let mut quick = Vec::new();
        respond(&request, &mut memory, |event| quick.push(event), || 0.0);
        assert!(matches!(quick[..], [Event::Proven { .. }]), "{quick:?}");
        events.push(respond(
            &Request { id: 8, link: "#/plan?v=99".to_owned(), ..request },
            &mut memory,
            |_| {},
            || 0.0,
        ));
        assert!(matches!(events.last(), Some(Event::Failed { id: 8, .. })));
        for event in events {
            assert_eq!(Event::read(event.clone().into()), Some(event));
        }
        assert_eq!(Event::read((9, 0, vec![Vec::new()])), None);
        assert_eq!(Event::read((2, 0, Vec::new())), None);
    }

    /// What was traced before changes nothing, whatever else has changed since.
    #[test]
    fn answers_do_not_depend_on_those_before() {
        let mut memory = Memory::default();
        let small = parcel::write(&zoo::build("resnet18").unwrap().unwrap());
        for (entries, parcel) in [
            ("&model=alexnet", ""),
            ("&model=alexnet&uplink_mbps=3", ""),
            ("&model=alexnet&uplink_mbps=3&device_gflops=9", ""),
            ("&model=alexnet&uplink_mbps=3&server_overhead_us=40", ""),
            ("&model=alexnet&bytes=1&wire_bytes=2", ""),
            ("&model=alexnet&bytes=1&wire_bytes=1", ""),
            ("&model=resnet18&bytes=1&wire_bytes=1", ""),
            ("&m=0AAA&bytes=1&wire_bytes=1", &*small),
            ("&model=alexnet&bytes=1&wire_bytes=1", ""),
            ("&model=alexnet&blocks=2", ""),
            ("&model=alexnet&uneven=1", ""),
            ("&model=alexnet&device_slots=2", ""),
        ] {
            let link = ["#/plan?v=1&iterations=3", entries].concat();
            let request = Request { id: 1, link, parcel: parcel.to_owned() };
            let again = respond(&request, &mut memory, |_| {}, || 0.0);
            assert!(matches!(again, Event::Planned { .. }), "{again:?}");
            assert_eq!(again, respond(&request, &mut Memory::default(), |_| {}, || 0.0));
        }
    }
}
