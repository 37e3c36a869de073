//! A link as a QR code, for the lecture hall.

use super::svg::escaped;
use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

/// The largest version drawn: 117 modules a side, 125 with the quiet zone. As high as a slide of 1080 lines, a module
/// has 8 of them; a phone that has the code on a third of its 3000 lines has 8 of them as well, and still 4 where
/// focus and angle halve that, which decoders need. Version 30 would be at 3.
const LARGEST: u8 = 25;
/// The most bytes of a text that is drawn: what the largest version holds at level L.
pub const LONGEST: usize = 1273;
/// Light modules around the code, as the standard asks for.
const QUIET: i32 = 4;

/// The code of a text as a drawing, dark on white in every theme; none where it would be too fine to be read from a
/// projected slide.
pub fn svg(text: &str, label: &str) -> Option<String> {
    let code = code(text)?;
    let side = code.size() + 2 * QUIET;
    let label = escaped(label);
    Some(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" class="qr" role="img" aria-label="{label}" shape-rendering="crispEdges"><title>{label}</title><rect width="{side}" height="{side}" fill="#fff"/><path fill="#000" d="{}"/></svg>"##,
        modules(&code)
    ))
}

/// At level M, or better where there is room for it; at level L where only that holds the text.
fn code(text: &str) -> Option<QrCode> {
    // What cannot fit is not even encoded.
    if text.len() > LONGEST {
        return None;
    }
    let segments = QrSegment::make_segments(text);
    let at = |level: QrCodeEcc| {
        QrCode::encode_segments_advanced(&segments, level, Version::MIN, Version::new(LARGEST), None::<Mask>, true).ok()
    };
    at(QrCodeEcc::Medium).or_else(|| at(QrCodeEcc::Low))
}

/// The dark modules, a run of a row a rectangle.
fn modules(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|&x| code.get_module(x, y)).count() as i32;
            if run > 0 {
                path += &format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run + 1;
        }
    }
    path
}
