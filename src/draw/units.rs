//! Numbers for people.

use crate::base::Decimal;

/// A time with three digits: `149 ms`, `1.49 s`, `14.9 µs`.
pub fn time(ns: u64) -> String {
    if ns == 0 {
        return "0 ms".to_owned();
    }
    let (value, unit) = time_parts(ns);
    format!("{value} {unit}")
}

/// A time's number and unit.
pub fn time_parts(ns: u64) -> (String, &'static str) {
    let (value, unit) = match ns {
        0..1_000 => (ns as f64, "ns"),
        1_000..1_000_000 => (ns as f64 / 1e3, "µs"),
        1_000_000..10_000_000_000 => (ns as f64 / 1e6, "ms"),
        _ => (ns as f64 / 1e9, "s"),
    };
    (three(value), unit)
}

/// A size: `149 kB`, `1.02 MB`.
pub fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{} kB", three(count as f64 / 1e3)),
        1_000_000..1_000_000_000 => format!("{} MB", three(count as f64 / 1e6)),
        _ => format!("{} GB", three(count as f64 / 1e9)),
    }
}

/// A count: `3.49 G`, `15.9 M`; number and letter stay on one line.
pub fn count(number: u64) -> String {
    match number {
        0..10_000 => grouped(number),
        10_000..1_000_000 => format!("{}\u{a0}k", three(number as f64 / 1e3)),
        1_000_000..1_000_000_000 => format!("{}\u{a0}M", three(number as f64 / 1e6)),
        _ => format!("{}\u{a0}G", three(number as f64 / 1e9)),
    }
}

/// Three digits, or all before the point.
pub fn three(value: f64) -> String {
    let size = value.abs();
    if size >= 99.95 {
        Decimal::new(value, 0).to_string()
    } else if size >= 9.995 {
        Decimal::new(value, 1).to_string()
    } else {
        Decimal::new(value, 2).to_string()
    }
}

/// `1234567` as `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_follow_the_size() {
        assert_eq!(time(148_722_674), "149 ms");
        assert_eq!(time(1_234_567_890), "1235 ms");
        assert_eq!(time(12_345_678_901), "12.3 s");
        assert_eq!(time(999), "999 ns");
        assert_eq!(time(14_900), "14.9 µs");
        assert_eq!(bytes(149_187), "149 kB");
        assert_eq!(count(3_485_520_896), "3.49\u{a0}G");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(999), "999");
    }
}
