//! How good a plan is known to be: for the headline, and while Exact goes on after the search.

use super::{method_name, units};
use crate::formats::Method;
use crate::job::{Searched, Stand};

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

/// The time of a method's plan, of the best one known, and what no plan can beat, in ns.
fn times(searched: &Searched, method: Method) -> [u64; 3] {
    let best = searched.best().map_or(0, |known| known.found.makespan.0);
    let own = searched.of(method).map_or(best, |known| known.found.makespan.0);
    [own, best, searched.lower_bound.0]
}

/// What Exact has come to, in sentences; the plan shown is that of the method.
pub fn sentences(searched: &Searched, method: Method, stand: Stand) -> String {
    let ([own, best, bound], name) = (times(searched, method), method_name(method));
    let better = (best < own).then(|| {
        let less = units::three(100.0 * (1.0 - best as f64 / own as f64));
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
        Stand::Full => "Exact has given up: it has used all the memory that it may take.",
        Stand::Unable => {
            "Exact does not search spaces with so many uneven grids here; make their step larger. The command line \
             searches up to 16 steps an axis."
        }
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
pub fn buttons(searched: &Searched, method: Method, stand: Stand) -> String {
    let [own, best, _] = times(searched, method);
    let button = |act: &str, name: &str| format!("<button data-act=\"{act}\">{name}</button>");
    let on = match stand {
        Stand::Running if searched.is_open() => button("stop_proof", "Stop"),
        Stand::Stopped if searched.is_open() => button("prove", "Search on"),
        _ => String::new(),
    };
    on + &if best < own { button("exact", "Show it") } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Nanos;
    use crate::job::search;
    use crate::search::Unwatched;
    use crate::sheet::task::task;
    use crate::situation::Situation;

    /// A search with a plan of PSOMW's and one of Exact's.
    fn known(psomw: u64, exact: u64, bound: u64) -> Searched {
        let task = task(&Situation::default(), "").expect("the first situation can be planned");
        let mut searched = search(&task, &mut Unwatched);
        searched.methods.retain(|known| matches!(known.method, Method::Psomw | Method::Exact));
        for (known, ns) in searched.methods.iter_mut().zip([psomw, exact]) {
            known.found.makespan = Nanos(ns);
        }
        Searched { lower_bound: Nanos(bound), ..searched }
    }

    #[test]
    fn what_is_known_is_said() {
        let said = |searched: &Searched, stand| {
            let buttons = buttons(searched, Method::Psomw, stand);
            (sentences(searched, Method::Psomw, stand), buttons.matches("<button").count())
        };
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
