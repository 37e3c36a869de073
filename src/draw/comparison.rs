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

/// How many plans brute force would have to evaluate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plans {
    /// The first two digits, as tenths, and the power of ten that they stand before.
    pub scientific: (u32, u32),
    /// Whether there may be fewer.
    pub is_upper: bool,
}

impl Plans {
    /// About so many.
    pub fn about(plans: f64) -> Self {
        let (mut mantissa, mut exponent) = (plans, 0);
        while mantissa >= 9.95 {
            mantissa /= 10.0;
            exponent += 1;
        }
        Self { scientific: ((10.0 * mantissa).round() as u32, exponent), is_upper: false }
    }
}

/// What brute force would have to do, at so many plans a second; empty where nothing was evaluated.
pub fn brute_force(plans: Plans, plans_per_second: u64) -> String {
    if plans_per_second == 0 {
        return String::new();
    }
    let (tenths, exponent) = plans.scientific;
    let mantissa = f64::from(tenths) / 10.0;
    let mut left = (0..exponent).fold(mantissa, |all, _| 10.0 * all) / plans_per_second as f64;
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
    let at_most = if plans.is_upper { "at most " } else { "" };
    let mantissa = Decimal::new(mantissa, 1);
    format!(" Brute force: {at_most}{mantissa}\u{a0}×\u{a0}10{exponent} plans, {time} {unit} at this search's pace.")
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
    use super::{Plans, brute_force};

    #[test]
    fn brute_force_takes_its_time() {
        let words = brute_force(Plans::about(4.6e14), 100_000);
        assert_eq!(words, " Brute force: 4.6\u{a0}×\u{a0}10¹⁴ plans, 146 years at this search's pace.");
        assert!(brute_force(Plans::about(3e37), 1_000_000).contains("3.0\u{a0}×\u{a0}10³⁷ plans, millions of years"));
        assert!(brute_force(Plans::about(120.0), 1000).contains("1.2\u{a0}×\u{a0}10² plans, 0 seconds"));
        let upper = Plans { scientific: (83, 342), is_upper: true };
        assert!(
            brute_force(upper, 1000).contains("Brute force: at most 8.3\u{a0}×\u{a0}10³⁴² plans, millions of years")
        );
        assert_eq!(brute_force(Plans::about(1.0), 0), "");
    }
}
