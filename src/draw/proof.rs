//! How good a plan is known to be: for the headline, and while Exact goes on after the search.

use super::{method_name, units};
use crate::job::{Answer, Stand};

/// How far a plan is from the best at most, and what that is called.
pub fn headline(makespan_ns: u64, lower_bound_ns: u64) -> [String; 2] {
    if makespan_ns <= lower_bound_ns {
        return ["0.00 %".to_owned(), "proven best".to_owned()];
    }
    [format!("≤ {} %", percent(makespan_ns, lower_bound_ns)), "from the best, at most".to_owned()]
}

/// By how much a time is above another, in percent.
fn percent(ns: u64, below: u64) -> String {
    units::three(100.0 * (ns as f64 / below.max(1) as f64 - 1.0))
}

/// What Exact has come to, in sentences; the plan is that of the answer's method.
pub fn sentences(answer: &Answer, stand: Stand) -> String {
    let (best, bound) = (answer.best_ns(), answer.lower_bound_ns);
    let own = answer.makespan_of(answer.method).unwrap_or(best);
    let name = method_name(answer.method);
    let better = (best < own).then(|| {
        let less = units::three(100.0 * (1.0 - best as f64 / own.max(1) as f64));
        format!("It has found a plan of {}, {less} % faster than {name}'s", units::time(best))
    });
    if best <= bound {
        let ending = "Exact has searched all of the space.";
        return match better {
            Some(better) => format!("{ending} {better}, and proven that none is faster."),
            None => format!("{ending} It has proven that no plan is faster than {name}'s."),
        };
    }
    let beginning = match stand {
        Stand::Running => "Exact is searching on.",
        Stand::Stopped => "Exact was stopped.",
        Stand::Done => "Exact has given up: some strategies would take too much time and memory.",
        Stand::Full => "Exact has given up: it has used the 256 MB that it may take.",
        Stand::Unable => "Exact does not search spaces with so many uneven grids; make their step larger.",
    };
    let proven = match bound {
        0 => " Nothing is proven yet.".to_owned(),
        bound => format!(
            " No plan is faster than {}: the best one known is at most {} % from the best.",
            units::time(bound),
            percent(best, bound)
        ),
    };
    let better = better.map_or_else(String::new, |better| format!(" {better}."));
    format!("{beginning}{better}{proven}")
}

/// What can be done about it, as markup.
pub fn buttons(answer: &Answer, stand: Stand) -> String {
    let is_open = answer.best_ns() > answer.lower_bound_ns;
    let own = answer.makespan_of(answer.method);
    let button = |act: &str, name: &str| format!("<button data-act=\"{act}\">{name}</button>");
    let on = match stand {
        Stand::Running if is_open => button("stop_proof", "Stop"),
        Stand::Stopped if is_open => button("prove", "Search on"),
        _ => String::new(),
    };
    let better = if own.is_some_and(|own| answer.best_ns() < own) { button("exact", "Show it") } else { String::new() };
    on + &better
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Method;
    use crate::job::{MethodPart, answer};
    use crate::search::Unwatched;
    use crate::sheet::task::task;
    use crate::situation::Situation;

    /// An answer with a plan of PSOMW's and one of Exact's.
    fn known(psomw: u64, exact: u64, bound: u64) -> Answer {
        let task = task(&Situation::default(), "").expect("the first situation can be planned");
        let made = answer(&task, &mut Unwatched).expect("and is");
        let part = |method, makespan_ns| MethodPart { method, makespan_ns, evaluations: 1 };
        let methods = vec![part(Method::Psomw, psomw), part(Method::Exact, exact)];
        Answer { methods, makespan_ns: psomw, lower_bound_ns: bound, ..made }
    }

    #[test]
    fn what_is_known_is_said() {
        let said =
            |answer: &Answer, stand| (sentences(answer, stand), buttons(answer, stand).matches("<button").count());
        assert_eq!(
            said(&known(50_000_000, 50_000_000, 40_000_000), Stand::Running),
            ("Exact is searching on. No plan is faster than 40.0 ms: the best one known is at most 25.0 % from the best.".to_owned(), 1)
        );
        assert_eq!(
            said(&known(50_000_000, 49_000_000, 49_000_000), Stand::Done),
            ("Exact has searched all of the space. It has found a plan of 49.0 ms, 2.00 % faster than PSOMW's, and proven that none is faster.".to_owned(), 1)
        );
        assert_eq!(
            said(&known(50_000_000, 50_000_000, 50_000_000), Stand::Stopped),
            ("Exact has searched all of the space. It has proven that no plan is faster than PSOMW's.".to_owned(), 0)
        );
        let (text, buttons) = said(&known(50_000_000, 49_000_000, 0), Stand::Stopped);
        assert_eq!((text.ends_with("% faster than PSOMW's. Nothing is proven yet."), buttons), (true, 2), "{text}");
        assert_eq!(headline(5, 5)[1], "proven best");
        assert_eq!(headline(50, 40), ["≤ 25.0 %", "from the best, at most"]);
    }
}
