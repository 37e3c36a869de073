//! The comparison: every method's makespan as a bar, the bounds as lines.

use super::scale::Scale;
use super::svg::{Rect, escaped, line, open, text};
use super::{method_name, units};
use crate::base::Decimal;
use crate::formats::Method;
use crate::job::{Answer, MethodPart};

const WIDTH: f64 = 440.0;
const LEFT: f64 = 84.0;
const ROW: f64 = 21.0;

/// The whole chart.
pub fn svg(answer: &Answer) -> String {
    let rows = answer.methods.len() as f64;
    let most = answer.methods.iter().map(|part| part.makespan_ns).max().unwrap_or(1).max(1);
    let scale = Scale { most: most as f64, start: LEFT, end: WIDTH - 112.0 };
    let height = ROW * rows + 34.0;
    let mut svg = open(WIDTH, height, WIDTH, "Inference time by method");
    for (index, part) in answer.methods.iter().enumerate() {
        svg += &bar(answer, part, &scale, ROW * index as f64 + 4.0);
    }
    let bottom = ROW * rows + 5.0;
    if let Some(fluid) = answer.fluid_ns {
        svg += &bound(&scale, "fluid", fluid, &format!("fluid bound {}", units::time(fluid)), (bottom, bottom + 12.0));
    }
    if let Some(floor) = ceiling_ns(answer) {
        svg += &bound(&scale, "ceiling", floor, "ceiling", (bottom - 4.0, bottom + 25.0));
    }
    svg + "</svg>"
}

/// The time that the ceiling on fusing's gain leaves at least: NFL's, divided by it.
fn ceiling_ns(answer: &Answer) -> Option<u64> {
    let nfl = answer.makespan_of(Method::Nfl)?;
    answer.ceiling.map(|most| nfl / most as u64)
}

/// A sentence for each line, and one for what brute force would have to do.
pub fn caption(answer: &Answer) -> String {
    match (answer.fluid_ns, answer.ceiling) {
        (Some(_), Some(most)) => format!(
            "No plan beats the fluid bound, which keeps every resource busy all the time, nor is any more than {most}× \
             faster than NFL (the ceiling)."
        ),
        _ => "The fluid bound does not hold for this network, whose layers leave gaps.".to_owned(),
    }
}

/// What brute force would have to do, at so many plans a second; empty where that is not known.
pub fn brute_force(plans: Option<f64>, plans_per_second: u64) -> String {
    let Some(plans) = plans.filter(|_| plans_per_second > 0) else { return String::new() };
    let (mut mantissa, mut exponent) = (plans, 0u32);
    while mantissa >= 9.95 {
        mantissa /= 10.0;
        exponent += 1;
    }
    let mut left = plans / plans_per_second as f64;
    let mut unit = "seconds";
    for (size, larger) in [(60.0, "minutes"), (60.0, "hours"), (24.0, "days"), (365.0, "years")] {
        if left < 2.0 * size {
            break;
        }
        left /= size;
        unit = larger;
    }
    let time = if left >= 1e6 { "millions of".to_owned() } else { units::grouped(left.round() as u64) };
    let exponent: String = exponent.to_string().chars().map(raised).collect();
    format!(" Brute force: {} × 10{exponent} plans, {time} {unit} at this search's pace.", Decimal::new(mantissa, 1))
}

fn raised(digit: char) -> char {
    let digits = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    digit.to_digit(10).and_then(|digit| digits.get(digit as usize).copied()).unwrap_or(digit)
}

/// How good a method's plan is, as far as that is known.
fn verdict(answer: &Answer, part: &MethodPart) -> String {
    let best = answer.best_ns();
    if part.makespan_ns > best {
        let more = units::three(100.0 * (part.makespan_ns as f64 / best.max(1) as f64 - 1.0));
        return if part.method == Method::Psomw { format!(" · {more} % more") } else { String::new() };
    }
    match answer.lower_bound_ns {
        bound if bound >= best => " · proven best".to_owned(),
        0 => String::new(),
        bound => format!(" · at most {} % off", units::three(100.0 * (best as f64 / bound as f64 - 1.0))),
    }
}

fn bar(answer: &Answer, part: &MethodPart, scale: &Scale, y: f64) -> String {
    let name = method_name(part.method);
    let width = (scale.px(part.makespan_ns as f64) - LEFT).max(2.0);
    let rect = Rect { x: LEFT, y: y + 2.0, width, height: ROW - 8.0 };
    let class = match part.method {
        Method::DeviceOnly | Method::ServerOnly => "bar plain",
        Method::Nfl | Method::Mw => "bar old",
        _ => "bar new",
    };
    let note = verdict(answer, part);
    let time = units::time(part.makespan_ns);
    let what = format!("{name}: {time}, {} plans evaluated", units::grouped(part.evaluations));
    format!(
        r#"<rect class="{class}" rx="2" data-method="{}" data-makespan-ns="{}" {}><title>{}</title></rect>{}{}"#,
        part.method.id(),
        part.makespan_ns,
        rect.attributes(),
        escaped(&what),
        text(2.0, y + 12.5, if part.method == answer.method { "label ink strong" } else { "label ink" }, name),
        text(LEFT + width + 6.0, y + 12.5, "label ink", &format!("{time}{note}")),
    )
}

fn bound(scale: &Scale, kind: &str, ns: u64, name: &str, (bottom, baseline): (f64, f64)) -> String {
    let x = scale.px(ns as f64);
    format!(
        r#"<g class="bound" data-bound="{kind}" data-ns="{ns}"><title>{name}: {}</title>{}{}</g>"#,
        units::time(ns),
        line((x, 0.0), (x, bottom), "dashed"),
        text(x, baseline, "label middle", name)
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn brute_force_takes_its_time() {
        let words = super::brute_force(Some(4.6e14), 100_000);
        assert_eq!(words, " Brute force: 4.6 × 10¹⁴ plans, 146 years at this search's pace.");
        assert!(super::brute_force(Some(3e37), 1_000_000).contains("3.0 × 10³⁷ plans, millions of years"));
        assert!(super::brute_force(Some(120.0), 1000).contains("1.2 × 10² plans, 0 seconds"));
        assert_eq!(super::brute_force(None, 1), "");
    }
}
