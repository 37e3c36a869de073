//! A figure that stands alone: an SVG document with its styles, title, situation and link inside, which
//! the page opens again.

use super::legend::{self, Figure};
use super::svg::{escaped, px, wrapped};
use crate::situation::Micro;

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark ink on light paper.
    Light,
    /// Light ink on dark paper.
    Dark,
}

/// What goes with a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Around<'a> {
    /// Which figure: `fusion`, `assignment`, `timeline`, `comparison`, `convergence`.
    pub figure: &'a str,
    /// Whose legend stands below it.
    pub legend: Option<Figure>,
    /// Its title.
    pub title: &'a str,
    /// What it shows, in a sentence.
    pub summary: &'a str,
    /// The situation in words.
    pub situation: &'a str,
    /// The situation's link, as in the address bar.
    pub link: &'a str,
    /// Its colours.
    pub theme: Theme,
}

/// The page's style sheet: figures on the page and outside of it look the same.
const CSS: &str = include_str!("../../static/offcut.css");
/// What figures that are looked into need besides, and tables; not part of the first load, so whoever draws them
/// has to add it to the page.
pub const STUDIO_CSS: &str = include_str!("../../static/studio.css");
const BEGIN: &str = "/* Figures begin. */";
const END: &str = "/* Figures end. */";
const MARGIN: f64 = 16.0;
const HEAD: f64 = 42.0;
const SMALL_LINE: f64 = 11.0;
const LINE: f64 = 15.0;
const FOOT: f64 = 66.0;

/// The figure as a document of its own; the drawing itself where it is none of ours.
pub fn standalone(drawing: &str, around: &Around) -> String {
    let Some((width, height, content)) = taken_apart(drawing) else { return drawing.to_owned() };
    // A line holds about this many letters of 11 pixels.
    let letters = ((width / 6.0) as usize).max(20);
    let summary = wrapped(around.summary, letters);
    let head = HEAD + LINE * summary.len() as f64;
    // The link has no spaces to be broken at, and smaller letters.
    let link = wrapped(&printed(around.link), ((width / 5.0) as usize).max(20));
    let foot = FOOT + SMALL_LINE * link.len().saturating_sub(1) as f64;
    let (all, tall) = (width + 2.0 * MARGIN, height + head + foot);
    let mut svg = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\" aria-labelledby=\"figure-title figure-summary\">\n",
        w = px(all.ceil()),
        h = px(tall.ceil())
    );
    svg += &format!("<title id=\"figure-title\">{}</title>\n", escaped(around.title));
    svg += &format!("<desc id=\"figure-summary\">{} {}</desc>\n", escaped(around.summary), escaped(around.situation));
    svg += &format!("<metadata>{}</metadata>\n<style>{}</style>\n", escaped(&metadata(around)), styles(around.theme));
    svg += "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n<g class=\"figure rich\">\n";
    let line = |y: f64, class: &str, text: &str| {
        format!("<text x=\"{}\" y=\"{}\" class=\"{class}\">{}</text>\n", px(MARGIN), px(y), escaped(text))
    };
    svg += &line(26.0, "title", around.title);
    for (index, text) in summary.iter().enumerate() {
        svg += &line(HEAD + LINE * index as f64 + 3.0, "label", text);
    }
    svg += &format!(
        "<svg x=\"{}\" y=\"{}\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\">{content}\n",
        px(MARGIN),
        px(head),
        w = px(width),
        h = px(height)
    );
    svg += &around.legend.map_or(String::new(), |figure| legend::svg(figure, MARGIN, head + height + 18.0));
    svg += &line(head + height + 40.0, "label", around.situation);
    for (index, part) in link.iter().enumerate() {
        svg += &line(head + height + 55.0 + SMALL_LINE * index as f64, "label tiny", part);
    }
    svg + "</g>\n</svg>\n"
}

/// The document with the fonts of its letters inside, so that it looks the same on every computer; none where these are
/// no fonts.
pub fn with_fonts(document: &str, fonts: &str) -> Option<String> {
    let (before, behind) = document.split_once("<style>").filter(|_| fonts.contains("@font-face"))?;
    Some([before, "<style>", fonts, behind].concat())
}

/// A link as it is printed below a figure: of one that holds a network nobody would type more than the beginning.
fn printed(link: &str) -> String {
    const MOST: usize = 400;
    match link.char_indices().nth(MOST) {
        Some((at, _)) => [&link[..at], "… (all of it is in this file)"].concat(),
        None => link.to_owned(),
    }
}

/// A drawing's width and height, and all behind its opening tag.
fn taken_apart(drawing: &str) -> Option<(f64, f64, &str)> {
    let (tag, content) = drawing.split_once('>')?;
    let (_, view) = tag.split_once("viewBox=\"")?;
    let (view, _) = view.split_once('"')?;
    let mut numbers = view.split(' ').skip(2).map(|number| Micro::read(number).map(Micro::value));
    let (width, height) = (numbers.next()??, numbers.next()??);
    tag.starts_with("<svg").then_some((width, height, content))
}

/// What the document says of itself, as JSON.
fn metadata(around: &Around) -> String {
    format!(
        r#"{{"format":"offcut-figure/1","figure":{},"title":{},"situation":{},"link":{}}}"#,
        json_text(around.figure),
        json_text(around.title),
        json_text(around.situation),
        json_text(around.link)
    )
}

/// Text as JSON.
pub fn json_text(text: &str) -> String {
    let mut json = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => json.extend(['\\', letter]),
            control if control < ' ' => json += &format!("\\u{:04x}", control as u32),
            other => json.push(other),
        }
    }
    json + "\""
}

/// The styles of figures, their variables replaced by the theme's values: not every program that shows
/// SVG knows variables.
pub fn styles(theme: Theme) -> String {
    let between = |text: &'static str, from: &str, to: &str| {
        text.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map_or("", |(part, _)| part)
    };
    let root = match theme {
        Theme::Light => between(CSS, ":root {", "}"),
        Theme::Dark => between(CSS, ":root[data-theme=\"dark\"] {", "}"),
    };
    let studio = STUDIO_CSS.split_once(END).map_or("", |(figures, _)| figures);
    let mut css = between(CSS, BEGIN, END).to_owned() + studio;
    for declaration in root.split(';') {
        if let Some((name, value)) = declaration.split_once(':') {
            css = css.replace(&format!("var({})", name.trim()), value.trim());
        }
    }
    let paper = root.split(';').find_map(|line| line.trim().strip_prefix("--card:")).unwrap_or("#fff").trim();
    let ink = root.split(';').find_map(|line| line.trim().strip_prefix("--ink:")).unwrap_or("#000").trim();
    let own = format!(
        ".page {{ fill: {paper}; }} text {{ font-family: \"DejaVu Sans\", system-ui, sans-serif; font-variant-numeric: tabular-nums; }} .figure .title {{ font-size: 15px; font-weight: 700; fill: {ink}; }}"
    );
    // `>` and quotes are safe in a style sheet within SVG, `<` and `&` do not occur.
    own + &css
}
