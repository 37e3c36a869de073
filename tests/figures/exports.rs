//! Tables, CSV, traces and figures that leave the page, read again.

use super::csv::read_csv;
use super::support::{Element, Shown, all, elements};
use offcut::draw::export::{Around, STUDIO_CSS, Theme, standalone, styles};
use offcut::draw::gantt::Beneath;
use offcut::draw::legend::Figure;
use offcut::draw::table::Table;
use offcut::draw::{board, pyramid, tables, trace, trajectory};
use offcut::import;
use serde_json::Value;
use std::collections::BTreeMap;

fn all_tables(shown: &Shown) -> Vec<Table> {
    vec![
        tables::operations(&shown.answer),
        tables::waits(&shown.answer, &shown.anatomy),
        tables::assignment(&shown.answer),
        tables::regions(&shown.answer),
        tables::methods(&shown.answer),
        tables::search(&shown.searched),
        tables::improvements(&shown.searched),
    ]
}

/// What the page opens of a figure that is dropped on it.
fn opened(document: &str) -> Option<String> {
    match import::read("figure.svg", &mut document.as_bytes(), &import::Options::default()) {
        Ok(import::Imported::Link(fragment)) => Some(fragment),
        _ => None,
    }
}

#[test]
fn tables_hold_the_same_in_html_and_csv() {
    for shown in all() {
        for table in all_tables(&shown) {
            let csv = read_csv(&table.csv());
            assert_eq!(csv.len(), table.rows.len() + 1, "{}: {}", shown.name, table.caption);
            assert!(csv.iter().all(|row| row.len() == table.columns.len()), "{}", table.caption);
            let html = elements(&table.html());
            let cells: Vec<&Element> = html.iter().filter(|e| e.has("data-value")).collect();
            let fields: Vec<&String> = csv[1..].iter().flatten().collect();
            assert_eq!(cells.len(), fields.len());
            for (cell, field) in cells.iter().zip(fields) {
                assert_eq!(cell.get("data-value"), field);
            }
            let heads = html.iter().filter(|e| e.get("scope") == "col").count();
            assert_eq!(heads, table.columns.len());
        }
    }
}

#[test]
fn the_operations_are_the_documents() {
    for shown in all() {
        let csv = read_csv(&tables::operations(&shown.answer).csv());
        for (row, op) in csv[1..].iter().zip(&shown.answer.operations) {
            let bytes = op.bytes.map_or(String::new(), |bytes| bytes.to_string());
            let expected = [op.path.to_string(), op.resource.clone(), op.slot.to_string()];
            assert_eq!(row[1..4], expected);
            let expected = [op.start_ns, op.end_ns, op.end_ns - op.start_ns].map(|ns| ns.to_string());
            assert_eq!(row[4..7], expected);
            assert_eq!(row[7], bytes);
        }
        assert_eq!(csv.len(), shown.answer.operations.len() + 1);
        let waits = read_csv(&tables::waits(&shown.answer, &shown.anatomy).csv());
        let idle: u64 = waits[1..].iter().map(|row| row[3].parse::<u64>().expect("a time")).sum();
        let busy: u64 = shown.answer.operations.iter().map(|op| op.end_ns - op.start_ns).sum();
        let lanes = shown.answer.slots[0] + 1 + shown.answer.slots[1];
        assert_eq!(idle + busy, shown.answer.makespan_ns * lanes as u64);
    }
}

#[test]
fn traces_hold_every_operation_exactly() {
    for shown in all() {
        let nfl = Beneath::nfl(&shown.answer);
        let link = "#/plan?v=1&\"x\\";
        let text = trace::chrome(&shown.answer, &shown.anatomy, Some(&nfl), link);
        let json: Value = serde_json::from_str(&text).expect("valid JSON");
        assert_eq!(json["otherData"]["link"], link);
        let events = json["traceEvents"].as_array().expect("events");
        let names: Vec<(u64, u64, String)> = events
            .iter()
            .filter(|event| event["name"] == "thread_name")
            .map(|event| {
                (
                    event["pid"].as_u64().unwrap(),
                    event["tid"].as_u64().unwrap(),
                    event["args"]["name"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        let of = |pid: u64| {
            events.iter().filter(move |event| event["ph"] == "X" && event["pid"] == pid && event["cat"] != "wait")
        };
        assert_eq!(of(1).count(), shown.answer.operations.len());
        assert_eq!(of(2).count(), shown.answer.nfl_operations.len());
        for (event, op) in of(1).zip(&shown.answer.operations) {
            assert_eq!(event["args"]["start_ns"], op.start_ns);
            assert_eq!(event["args"]["end_ns"], op.end_ns);
            let ns = |value: &Value| (value.as_f64().expect("a number") * 1000.0).round() as u64;
            assert_eq!((ns(&event["ts"]), ns(&event["dur"])), (op.start_ns, op.end_ns - op.start_ns));
            let tid = event["tid"].as_u64().expect("a thread");
            let name =
                names.iter().find(|(pid, known, _)| *pid == 1 && *known == tid).map(|(_, _, name)| name.as_str());
            assert_eq!(name, Some(op.resource.as_str()));
        }
        let waits = events.iter().filter(|event| event["cat"] == "wait").count();
        assert_eq!(waits, shown.anatomy.gaps.len());
    }
}

#[test]
fn figures_stand_alone_and_open_again() {
    let link = "#/plan?v=1&model=tiny-yolov2&uplink_mbps=18.88&name=\"a<b>\"";
    for shown in all() {
        let view = pyramid::View::whole(&shown.answer, &shown.graph, 1064.0);
        let drawings = [
            ("fusion", Some(Figure::Fusion), shown.pyramid(&view)),
            ("timeline", Some(Figure::Timeline), shown.gantt()),
            (
                "assignment",
                Some(Figure::Assignment),
                board::svg(&shown.answer, &board::View { width: 520.0, height: 260.0, handles: false }),
            ),
            ("convergence", Some(Figure::Search), trajectory::svg(&shown.searched, 640.0, None)),
        ];
        for (figure, legend, drawing) in drawings {
            elements(&drawing);
            for theme in [Theme::Light, Theme::Dark] {
                let around = Around {
                    figure,
                    legend,
                    title: "Fusion & more",
                    summary: "a < b",
                    situation: "Pi, Wi-Fi",
                    link,
                    theme,
                };
                let document = standalone(&drawing, &around);
                assert_eq!(opened(&document).as_deref(), link.find("#/").map(|at| &link[at..]));
                let (_, rest) = document.split_once("<metadata>").expect("metadata");
                let (metadata, _) = rest.split_once("</metadata>").expect("metadata");
                let json =
                    metadata.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
                let json: Value = serde_json::from_str(&json).expect("valid JSON");
                assert_eq!((json["link"].as_str(), json["figure"].as_str()), (Some(link), Some(figure)));
                assert!(!document.contains("var("), "no variable is left");
                let all = elements(&document);
                assert!(all[0].number::<f64>("width") > 500.0 && all[0].number::<f64>("height") > 100.0);
                let inner = elements(&drawing).iter().filter(|e| e.has("data-path")).count();
                assert_eq!(all.iter().filter(|e| e.has("data-path")).count(), inner);
            }
        }
    }
    assert_eq!(opened("<svg><metadata>{\"link\":\"#/plan\"}</metadata></svg>"), None);
    assert_eq!(opened("<svg><metadata>{\"format\":\"offcut-figure/1\",\"link\":\"x\"}</metadata></svg>"), None);
    assert_eq!(opened("<svg>nothing</svg>"), None);
    assert_eq!(
        standalone(
            "nothing",
            &Around { figure: "x", legend: None, title: "", summary: "", situation: "", link: "", theme: Theme::Dark }
        ),
        "nothing"
    );
}

#[test]
fn text_can_be_read_in_both_themes() {
    for theme in [Theme::Light, Theme::Dark] {
        let css = styles(theme);
        let page = colour(&css, ".page { fill: ");
        for rule in [".figure text { font-size: 11px; fill: ", ".figure .ink { fill: "] {
            let contrast = contrast(colour(&css, rule), page);
            assert!(contrast >= 4.5, "{theme:?} {rule} {contrast}");
        }
        for fill in ["device", "uplink", "server"] {
            let ground = if fill == "device" {
                colour(&css, ".device.tile, .device.cell, .device.op { fill: ")
            } else {
                colour(&css, &format!(".{fill}-ground {{ fill: "))
            };
            let contrast = contrast(colour(&css, ".figure .ink { fill: "), ground);
            assert!(contrast >= 4.5, "{theme:?} ink on {fill}: {contrast}");
        }
        for band in [".band { fill: ", ".band.fused { fill: "] {
            let contrast = contrast(colour(&css, ".figure text { font-size: 11px; fill: "), colour(&css, band));
            assert!(contrast >= 4.5, "{theme:?} {band} {contrast}");
        }
    }
}

/// What is printed has the light theme's colours on white, whatever the screen has.
#[test]
fn paper_has_the_light_theme() {
    let declarations = |css: &'static str, rule: &str| -> BTreeMap<&str, &str> {
        let (_, rest) = css.split_once(rule).unwrap_or_else(|| panic!("no {rule}"));
        let inside = rest.split('}').next().unwrap_or("");
        inside.split(';').filter_map(|line| line.split_once(':')).map(|(a, b)| (a.trim(), b.trim())).collect()
    };
    let mut paper = declarations(STUDIO_CSS, ":root:root {");
    let mut light = declarations(include_str!("../../static/offcut.css"), ":root {");
    assert_eq!(paper.remove("print-color-adjust"), Some("exact"));
    assert_eq!((paper.insert("--paper", ""), light.insert("--paper", "").is_some()), (Some("#fff"), true));
    assert_eq!(paper, light);
}

fn colour(css: &str, before: &str) -> [f64; 3] {
    let (_, rest) = css.split_once(before).unwrap_or_else(|| panic!("{before}"));
    let hex: String = rest.trim_start_matches('#').chars().take_while(char::is_ascii_hexdigit).collect();
    let hex = if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex };
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("a colour")) / 255.0)
}

/// WCAG 2's contrast ratio.
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let light = |colour: [f64; 3]| {
        let part = colour.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
        0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2]
    };
    let (a, b) = (light(a), light(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}
