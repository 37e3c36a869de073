//! The timeline, the moment, and the explanation.

use super::support::{Element, Shown, all, elements};
use offcut::draw::gantt::{Beneath, View, playhead, svg};
use offcut::draw::moment::{State, at, changes, sentence};
use offcut::draw::why::{Help, Trace, why};
use offcut::job::{Rate, makespan_on, unsplit_on};
use std::collections::BTreeMap;

#[test]
fn bars_are_the_operations_and_gaps_fill_the_rest() {
    for shown in all() {
        let answer = &shown.answer;
        let drawn = elements(&shown.gantt());
        let mut shown_ops = 0;
        for bar in drawn.iter().filter(|e| e.is("op") && e.has("data-path")) {
            let same = |op: &&offcut::formats::OperationFile| {
                op.path == bar.number::<usize>("data-path") && op.resource == bar.get("data-resource")
            };
            let op = answer.operations.iter().find(same).expect("an operation");
            assert_eq!((bar.number("data-start-ns"), bar.number("data-end-ns")), (op.start_ns, op.end_ns));
            assert_eq!(op.bytes.map_or(String::new(), |bytes| bytes.to_string()), bar.get("data-bytes"));
            shown_ops += 1;
        }
        shown_ops += drawn.iter().filter(|e| e.is("many")).map(|e| e.number::<usize>("data-count")).sum::<usize>();
        assert_eq!(shown_ops, answer.operations.len(), "{}", shown.name);
        lanes_are_covered(&shown, &drawn);
        let saved = drawn.iter().find(|e| e.is("saved"));
        let difference = answer.methods.iter().find(|part| part.method.id() == "nfl").expect("NFL").makespan_ns as i64
            - answer.makespan_ns as i64;
        assert_eq!(saved.map_or(0, |saved| saved.number::<i64>("data-saved-ns")), difference, "{}", shown.name);
        let chain: u64 = shown
            .anatomy
            .critical
            .iter()
            .map(|which| {
                let own =
                    answer.operations.iter().find(|op| op.path == which.path && op.resource == which.resource.name());
                own.map_or(0, |op| op.end_ns - op.start_ns)
            })
            .sum();
        assert_eq!(chain, answer.makespan_ns);
    }
}

fn lanes_are_covered(shown: &Shown, drawn: &[Element]) {
    let mut lanes: BTreeMap<(String, u32), Vec<(u64, u64)>> = BTreeMap::new();
    for part in drawn.iter().filter(|e| e.is("gap") || (e.is("op") && (e.has("data-path") || e.is("many")))) {
        let lane = (part.get("data-resource").to_owned(), part.number("data-slot"));
        lanes.entry(lane).or_default().push((part.number("data-start-ns"), part.number("data-end-ns")));
    }
    let pixel = shown.answer.makespan_ns / 300;
    for (lane, mut parts) in lanes {
        parts.sort_unstable();
        let mut at = 0;
        for (start, end) in parts {
            // Gaps too fine to be seen are left out; nothing overlaps but what is merged.
            assert!(start >= at || at - start < pixel, "{}: {lane:?} overlaps at {start}", shown.name);
            assert!(start <= at + pixel, "{}: {lane:?} has a hole before {start}", shown.name);
            at = end.max(at);
        }
        assert!(at + pixel >= shown.answer.makespan_ns, "{}: {lane:?} ends at {at}", shown.name);
    }
}

#[test]
fn a_narrow_window_shows_only_what_lies_in_it() {
    let shown = all().pop().expect("64 tiles");
    let whole = View::fit(&shown.answer, None, 1064.0);
    let makespan = shown.answer.makespan_ns;
    let all = svg(&shown.answer, &shown.anatomy, &whole, None).len();
    for share in 0..8 {
        let window = whole.window.around(makespan * share / 8, makespan * share / 8 + makespan / 80, makespan);
        let near = svg(&shown.answer, &shown.anatomy, &View { window, ..whole }, None);
        assert!(near.len() < all / 2, "{} of {all}", near.len());
        let expected = |resource: &str| {
            let inside = |op: &&offcut::formats::OperationFile| {
                op.resource == resource && op.end_ns >= window.from_ns && op.start_ns <= window.to_ns
            };
            shown.answer.operations.iter().filter(inside).count()
        };
        let drawn = elements(&near);
        let bars = drawn
            .iter()
            .filter(|e| e.is("op") && e.get("data-resource") == "uplink")
            .map(|e| if e.is("many") { e.number("data-count") } else { 1usize });
        assert_eq!(bars.sum::<usize>(), expected("uplink"));
    }
}

#[test]
fn moments_are_what_the_operations_say() {
    for shown in all() {
        let (answer, anatomy) = (&shown.answer, &shown.anatomy);
        let mut times: Vec<u64> = answer.operations.iter().flat_map(|op| [op.start_ns, op.end_ns]).collect();
        times.extend((0..60).map(|i| answer.makespan_ns * i / 60));
        times.push(answer.makespan_ns);
        times.sort_unstable();
        let mut before = None;
        let mut applied: BTreeMap<(usize, usize), State> = BTreeMap::new();
        for ns in times {
            let moment = at(answer, anatomy, ns);
            for (path, stage, state) in changes(answer, before.as_ref(), &moment) {
                applied.insert((path, stage), state);
            }
            for (path, part) in answer.paths.iter().enumerate() {
                let of =
                    |resource: &str| answer.operations.iter().find(|op| op.path == path && op.resource == resource);
                for (offset, &state) in moment.states[path].iter().enumerate() {
                    assert_eq!(applied[&(path, part.first + offset)], state, "changes add up");
                    let op = of(if offset < part.cut { "device" } else { "server" }).expect("an operation");
                    match state {
                        State::Computing => assert!(op.start_ns <= ns && ns < op.end_ns),
                        State::Done => assert!(op.start_ns <= ns),
                        State::Waiting => assert!(op.end_ns > ns),
                        State::InFlight => {
                            let sent = of("uplink").expect("a transfer");
                            assert!(
                                sent.start_ns <= ns
                                    && ns < sent.end_ns
                                    && offset == part.cut.min(moment.states[path].len() - 1)
                            );
                        }
                    }
                    if op.end_ns <= ns && state != State::InFlight {
                        assert_eq!(state, State::Done);
                    }
                }
                let computing = moment.states[path].iter().filter(|&&state| state == State::Computing).count();
                let running =
                    ["device", "server"].iter().filter_map(|r| of(r)).filter(|op| op.start_ns <= ns && ns < op.end_ns);
                assert_eq!(computing, running.count(), "{}: one stage of each running operation", shown.name);
            }
            if ns < answer.makespan_ns {
                let lanes = answer.slots[0] + 1 + answer.slots[1];
                assert_eq!(moment.lanes.len(), lanes, "{}: every slot works or waits at {ns}", shown.name);
            }
            let words = sentence(answer, anatomy, &moment);
            assert!(words.starts_with("At ") && words.ends_with('.'), "{words}");
            before = Some(moment);
        }
        assert!(applied.values().all(|&state| state == State::Done));
    }
}

#[test]
fn the_explanation_holds() {
    for shown in all() {
        let help = Help::of(&shown.task, &shown.answer, &shown.plan);
        let told = why(&shown.answer, &shown.anatomy, &help);
        let markup = elements(&format!("<p>{}</p>", told.html()));
        let links: Vec<&Element> = markup.iter().filter(|e| e.has("data-trace")).collect();
        let traced: Vec<Trace> = told.parts.iter().filter_map(|part| part.trace).collect();
        assert_eq!(links.len(), traced.len());
        assert!(!traced.is_empty(), "{}", told.plain());
        for trace in traced {
            match trace {
                Trace::Lane(resource) => assert!(["device", "uplink", "server"].contains(&resource)),
                Trace::Gap(index) => assert!(index < shown.anatomy.gaps.len()),
                Trace::Critical => {}
                Trace::Rate(rate, value) => {
                    let platform = rate.set(&shown.task.platform, value);
                    let own = makespan_on(&shown.task, &shown.plan, &platform).expect("a valid plan");
                    assert!(own >= unsplit_on(&shown.task, &platform), "{}", told.plain());
                }
            }
        }
        for even in &help.even {
            let platform = even.rate.set(&shown.task.platform, even.faster_at);
            let own = makespan_on(&shown.task, &shown.plan, &platform).expect("a valid plan");
            assert!(own < unsplit_on(&shown.task, &platform));
            assert_eq!(even.value.abs_diff(even.faster_at), 1);
        }
        for &(rate, ns) in &help.twice {
            assert!(ns < shown.answer.makespan_ns && Rate::ALL.contains(&rate));
        }
        if shown.name == "Tiny-YOLOv2" {
            let words = "At 31.6 Mbit/s of the uplink, it would no longer beat a single cut without fusing.";
            assert!(told.plain().ends_with(words), "{}", told.plain());
        }
        if shown.name == "two blocks" {
            assert!(told.plain().contains("2 blocks of stages are cut, into 4 and 2 tiles."), "{}", told.plain());
        }
    }
}

#[test]
fn another_plan_lies_beneath_on_the_same_scale() {
    let plans = all();
    let (one, other) = (&plans[0], &plans[5]);
    let beneath = Beneath::other(&other.answer, "mine", "My plan");
    let view = View::fit(&one.answer, Some(&beneath), 640.0);
    let drawn = elements(&svg(&one.answer, &one.anatomy, &view, Some(&beneath)));
    let bars: Vec<&Element> = drawn.iter().filter(|e| e.has("data-mine-path")).collect();
    assert_eq!(bars.len(), other.answer.operations.len());
    for bar in bars {
        let (start, x): (u64, f64) = (bar.number("data-start-ns"), bar.number("x"));
        assert!((view.window.px(start) - x).abs() < 0.01);
    }
    assert!(!drawn.iter().any(|e| e.has("data-mine-path") && e.has("data-path")), "it lights nothing above");
}

#[test]
fn the_playhead_stands_at_its_time() {
    let shown = all().remove(0);
    let view = View::fit(&shown.answer, None, 640.0);
    for share in 0..=4 {
        let ns = shown.answer.makespan_ns * share / 4;
        let drawn = elements(&format!("<g>{}</g>", playhead(&view, ns, 140.0)));
        let (line, handle) = (&drawn[1], &drawn[2]);
        assert_eq!((line.get("x1"), handle.number::<u64>("data-ns")), (line.get("x2"), ns));
        let back = view.window.ns(line.number("x1"));
        assert!(back.abs_diff(ns) as f64 <= view.window.ns_per_px() / 100.0, "{back} {ns}");
    }
    let window = view.window.around(0, 10, shown.answer.makespan_ns);
    assert_eq!(playhead(&View { window, ..view }, shown.answer.makespan_ns, 140.0), "");
}
