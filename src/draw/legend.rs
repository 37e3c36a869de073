//! What colours, patterns and marks of a figure stand for: the same swatches on the page and in exports.

use super::svg::{escaped, px, text};

/// A figure with a legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// The fusion diagram.
    Fusion,
    /// The assignment.
    Assignment,
    /// The timeline.
    Timeline,
    /// The search.
    Search,
}

const DEVICE: (&str, &str) = ("device", r#"<rect class="device op" x="1" y="1" width="14" height="10" rx="2"/>"#);
const UPLINK: (&str, &str) = ("uplink", r#"<rect class="uplink op" x="1" y="1" width="14" height="10" rx="2"/>"#);
const SERVER: (&str, &str) = ("server", r#"<rect class="server op" x="1" y="1" width="14" height="10" rx="2"/>"#);
const FUSION: [(&str, &str); 7] = [
    DEVICE,
    UPLINK,
    SERVER,
    ("needed", r#"<rect class="need-inside" x="1.5" y="1.5" width="13" height="9"/>"#),
    ("halo", r#"<rect class="halo" x="1" y="1" width="14" height="10"/>"#),
    (
        "neighbours need it too",
        r#"<path class="shared" d="M1 1h14v10h-14z"/><path class="neighbour" d="M1 1h14v10h-14z"/>"#,
    ),
    ("crosses", r#"<path class="mark uplink" d="M8 2l-5 8h10z"/>"#),
];
const ASSIGNMENT: [(&str, &str); 3] = [
    DEVICE,
    SERVER,
    (
        "crosses to the server",
        r#"<g class="crossing"><path class="bar-line" d="M8 0v12"/><circle cx="8" cy="6" r="5"/><path class="arrow" d="M8 3l-2.5 5h5z"/></g>"#,
    ),
];
const TIMELINE: [(&str, &str); 6] = [
    DEVICE,
    UPLINK,
    SERVER,
    ("waits", r#"<rect class="gap data" x="1" y="1" width="14" height="10"/>"#),
    ("nothing to do", r#"<rect class="gap done" x="1" y="1" width="14" height="10"/>"#),
    ("critical path", r#"<path class="chain" d="M1 9h7V3h7"/>"#),
];
const SEARCH: [(&str, &str); 4] = [
    ("best", r#"<path class="curve best" d="M1 6h14"/>"#),
    ("mean of the particles", r#"<path class="curve mean" d="M1 6h14"/>"#),
    ("mean ± deviation", r#"<path class="spread" d="M1 1h14v10h-14z"/>"#),
    ("improvement", r#"<circle class="improvement" cx="8" cy="6" r="4"/>"#),
];

fn entries(figure: Figure) -> &'static [(&'static str, &'static str)] {
    match figure {
        Figure::Fusion => &FUSION,
        Figure::Assignment => &ASSIGNMENT,
        Figure::Timeline => &TIMELINE,
        Figure::Search => &SEARCH,
    }
}

/// The legend as a list; its patterns are those of the figure beside it.
pub fn html(figure: Figure) -> String {
    let entry = |&(name, swatch): &(&str, &str)| {
        format!(
            r#"<li><svg width="16" height="12" viewBox="0 0 16 12" aria-hidden="true">{swatch}</svg>{}</li>"#,
            escaped(name)
        )
    };
    let entries: String = entries(figure).iter().map(entry).collect();
    format!(r#"<ul class="key figure rich">{entries}</ul>"#)
}

/// The legend as a line of a drawing.
pub fn svg(figure: Figure, x: f64, y: f64) -> String {
    let (mut svg, mut left) = (String::from(r#"<g class="key">"#), x);
    for (name, swatch) in entries(figure) {
        svg += &format!(r#"<g transform="translate({} {})">{swatch}</g>"#, px(left), px(y - 10.0));
        svg += &text(left + 21.0, y, "label", name);
        left += 21.0 + 6.4 * name.chars().count() as f64 + 14.0;
    }
    svg + "</g>"
}
