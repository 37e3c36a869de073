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

/// What marks of a network's graph there are: how they are found in its drawing, what they mean, and a swatch.
const NETWORK: [(&str, &str, &str); 10] = [
    (
        r#"data-tileable="true""#,
        "stage that can be tiled",
        r#"<path class="tiling" d="M2.5 .5h11v11h-11zm5.5 0v11m-5.5 -5.5h11"/>"#,
    ),
    (r#"data-tileable="false""#, "stage that cannot", r#"<path class="tiling" d="M2.5 .5h11v11h-11zm0 11l11 -11"/>"#),
    (r#"class="box""#, "tensor; narrower where its map shrinks", r#"<path class="box" d="M1 1h14l-2.5 10h-9z"/>"#),
    (r#"class="box several""#, "several layers", r#"<path class="box several" d="M2 2h12v8h-12z"/>"#),
    (r#"data-join="add""#, "added", r#"<g class="join"><circle cx="8" cy="6" r="5"/><path d="M5 6h6m-3 -3v6"/></g>"#),
    (
        r#"data-join="mul""#,
        "multiplied",
        r#"<g class="join"><circle cx="8" cy="6" r="5"/><path d="M6 4l4 4m0 -4l-4 4"/></g>"#,
    ),
    (
        r#"data-join="concat""#,
        "concatenated",
        r#"<g class="join"><circle cx="8" cy="6" r="5"/><path d="M6.5 3v6m3 0v-6"/></g>"#,
    ),
    (r#"class="edge skip""#, "skips what is beside it", r#"<path class="edge skip" d="M3 0v2q0 2 3 2h3q3 0 3 2v6"/>"#),
    (r#"class="bracket""#, "as many times the same, drawn once", r#"<path class="bracket" d="M6 1h4v10h-4"/>"#),
    (r#"class="edge broken""#, "what follows cannot be read", r#"<path class="edge broken" d="M8 0v12"/>"#),
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
    list(entries(figure).iter().copied())
}

/// The legend of a network's graph as a list: of the marks that its drawing has.
pub fn network(drawing: &str) -> String {
    let drawn = NETWORK.into_iter().filter(|(mark, ..)| drawing.contains(mark));
    list(drawn.map(|(_, name, swatch)| (name, swatch)))
}

fn list(entries: impl Iterator<Item = (&'static str, &'static str)>) -> String {
    let entry = |(name, swatch): (&str, &str)| {
        format!(
            r#"<li><svg width="16" height="12" viewBox="0 0 16 12" aria-hidden="true">{swatch}</svg>{}</li>"#,
            escaped(name)
        )
    };
    format!(r#"<ul class="key figure rich">{}</ul>"#, entries.map(entry).collect::<String>())
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
