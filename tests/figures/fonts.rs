//! The fonts that exported figures hold: every character is in them, and they are what they say.

use super::support::{all, elements};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use offcut::draw::export::{Around, Theme, standalone, with_fonts};
use offcut::draw::legend::Figure;
use offcut::draw::{board, comparison, gantt, pyramid, trajectory, why};
use offcut::platform::presets;
use offcut::zoo::NETWORKS;
use std::collections::BTreeSet;

/// What exports fetch; written by `xtask/fonts.py`.
const FONTS: &str = include_str!("../../static/fonts/figures.css");

/// Between two texts, all times.
fn between<'a>(text: &'a str, before: &'a str, behind: &'a str) -> Vec<&'a str> {
    text.split(before).skip(1).map(|rest| rest.split(behind).next().unwrap_or("")).collect()
}

/// The characters of each font.
fn held() -> Vec<BTreeSet<char>> {
    let point = |text: &str| u32::from_str_radix(text, 16).expect("a code point");
    let range = |part: &str| {
        let part = part.strip_prefix("U+").expect("a range");
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        point(first)..=point(last)
    };
    between(FONTS, "unicode-range:", "}")
        .into_iter()
        .map(|ranges| ranges.split(',').flat_map(range).filter_map(char::from_u32).collect())
        .collect()
}

#[test]
fn every_character_of_the_figures_is_in_both_fonts() {
    let held = held();
    assert_eq!(held.len(), 2);
    let mut used: BTreeSet<char> = BTreeSet::new();
    for shown in all() {
        let view = pyramid::View::whole(&shown.answer, &shown.graph, 1064.0);
        let nfl = gantt::Beneath::nfl(&shown.answer);
        let board_view = board::View { width: 520.0, height: 260.0, handles: false };
        let figures = [
            (Some(Figure::Fusion), shown.pyramid(&view), pyramid::caption(&shown.answer, 0)),
            (Some(Figure::Timeline), shown.gantt(), gantt::sentence(&shown.answer, &shown.anatomy, Some(&nfl))),
            (Some(Figure::Assignment), board::svg(&shown.answer, &board_view), board::sentence(&shown.answer)),
            (None, comparison::svg(&shown.answer), comparison::caption(&shown.answer)),
            (
                Some(Figure::Search),
                trajectory::svg(&shown.searched, 640.0, None),
                trajectory::sentence(&shown.searched),
            ),
        ];
        let help = why::Help::of(&shown.task, &shown.answer, &shown.plan);
        let mut texts = vec![why::why(&shown.answer, &shown.anatomy, &help).html()];
        for (legend, drawing, summary) in figures {
            let around = Around {
                figure: "fusion",
                legend,
                title: &format!("Figure: {}, my plan", shown.name),
                summary: &summary,
                situation: "",
                link: "https://example.org/#/plan?v=1&model=x",
                theme: Theme::Light,
            };
            let document = standalone(&drawing, &around);
            texts.extend(elements(&document).into_iter().filter(|e| e.tag != "style").map(|element| element.text));
        }
        used.extend(texts.iter().flat_map(|text| text.chars()));
    }
    // Situations are made of these.
    for preset in presets::DEVICES.iter().chain(presets::SERVERS) {
        used.extend(preset.name.chars());
    }
    used.extend(presets::LINKS.iter().flat_map(|preset| preset.name.chars()));
    used.extend(NETWORKS.iter().flat_map(|network| network.name.chars()));
    assert!(used.len() > 60 && used.contains(&'×'), "{used:?}");
    for font in &held {
        let missing: Vec<&char> = used.iter().filter(|c| !c.is_control() && !font.contains(c)).collect();
        assert!(missing.is_empty(), "not in the fonts: {missing:?}; add them to xtask/fonts.py and run it");
    }
}

#[test]
fn the_fonts_are_two_weights_of_the_family_that_figures_name() {
    assert_eq!(between(FONTS, "font-weight:", ";"), ["400", "700"]);
    let fonts = between(FONTS, "base64,", ")");
    assert_eq!(fonts.len(), 2);
    for font in fonts {
        let bytes = STANDARD.decode(font).expect("base64");
        assert_eq!(&bytes[..4], b"wOF2");
        assert_eq!(bytes[8..12], (bytes.len() as u32).to_be_bytes(), "its own length");
        assert!(bytes.len() < 20_000, "{}", bytes.len());
    }
    let family = "font-family:\"DejaVu Sans\"";
    assert_eq!(FONTS.matches(family).count(), 2);
    assert!(!FONTS.contains(['<', '&']), "it goes into XML as it is");
    for licensed in [FONTS, include_str!("../../static/fonts/LICENSE.txt")] {
        assert!(licensed.contains("Copyright (c) 2003 by Bitstream"));
    }
}

#[test]
fn fonts_go_into_a_figure_and_nothing_else_does() {
    let shown = all().swap_remove(0);
    let around = Around {
        figure: "comparison",
        legend: None,
        title: "x",
        summary: "y",
        situation: "z",
        link: "#/plan?v=1",
        theme: Theme::Dark,
    };
    let document = standalone(&comparison::svg(&shown.answer), &around);
    let with = with_fonts(&document, FONTS).expect("a figure and fonts");
    assert_eq!(with.len(), document.len() + FONTS.len());
    assert_eq!(elements(&with).len(), elements(&document).len());
    assert!(with.contains("text { font-family: \"DejaVu Sans\", system-ui"));
    assert_eq!(with_fonts(&document, "<!doctype html>"), None);
    assert_eq!(with_fonts("nothing", FONTS), None);
}
