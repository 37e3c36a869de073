//! A drawn QR code, read again by another library from the drawing's modules.

use super::elements::elements;
use offcut::draw::qr;

const SCALE: usize = 4;

/// The modules of a drawing, as a picture: true is dark.
fn picture(drawing: &str) -> (usize, Vec<bool>) {
    let drawn = elements(drawing);
    let view: Vec<usize> = drawn[0].get("viewBox").split(' ').map(|n| n.parse().expect("a number")).collect();
    let side = view[2];
    assert_eq!(view, [0, 0, side, side]);
    let mut dark = vec![false; side * side];
    let path = drawn.iter().find(|e| e.tag == "path").expect("the modules").get("d");
    for run in path.split('M').skip(1) {
        let (place, rest) = run.split_once('h').expect("a run");
        let (x, y) = place.split_once(' ').expect("a place");
        let length: usize = rest.split('v').next().expect("a length").parse().expect("a number");
        let (x, y): (usize, usize) = (x.parse().expect("a number"), y.parse().expect("a number"));
        for x in x..x + length {
            dark[y * side + x] = true;
        }
    }
    (side, dark)
}

fn read(drawing: &str) -> String {
    let (side, dark) = picture(drawing);
    let is_dark = |x: usize, y: usize| dark[y / SCALE * side + x / SCALE];
    let grey = |x: usize, y: usize| if is_dark(x, y) { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * SCALE, side * SCALE, grey);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1, "one code");
    grids[0].decode().expect("it can be read").1
}

#[test]
fn links_are_read_again() {
    let link = "https://example.org/offcut/#/plan?v=1&model=tiny-yolov2&device=raspberry-pi-3b+";
    let long = |length: usize| {
        let mut text = [link, "&m="].concat();
        let digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".chars();
        let digits: Vec<char> = digits.collect();
        while text.len() < length {
            text.push(digits[text.len() * text.len() * 7 % 61]);
        }
        text
    };
    for text in
        ["a".to_owned(), link.to_owned(), long(400), long(1000), long(qr::LONGEST), "größer als ½ <b>".to_owned()]
    {
        let drawing = qr::svg(&text, "QR code of the link").expect("it fits");
        assert_eq!(read(&drawing), text);
    }
    assert_eq!(qr::svg(&long(qr::LONGEST + 1), ""), None);
    assert_eq!(qr::svg(&"ä".repeat(qr::LONGEST / 2 + 1), ""), None, "bytes count, not letters");
}

#[test]
fn a_quiet_zone_is_around_the_code_and_the_label_is_text() {
    let drawing = qr::svg("#/plan?v=1", r#"<img src="x" onerror="1">"#).expect("it fits");
    let (side, dark) = picture(&drawing);
    let inside = |at: usize| (4..side - 4).contains(&at);
    for (at, _) in dark.iter().enumerate().filter(|(_, dark)| **dark) {
        assert!(inside(at % side) && inside(at / side));
    }
    assert!(
        (0..side).any(|at| dark[4 * side + at]) && (0..side).any(|at| dark[at * side + 4]),
        "and no more than that"
    );
    let drawn = elements(&drawing);
    assert!(!drawn.iter().any(|e| e.tag == "img"));
    assert_eq!(
        (drawn[0].get("role"), drawn[0].get("aria-label")),
        ("img", "&lt;img src=&quot;x&quot; onerror=&quot;1&quot;&gt;")
    );
    // Scanners want dark on light: no colour of a theme.
    assert_eq!((drawn[2].get("fill"), drawn[3].get("fill")), ("#fff", "#000"));
}
