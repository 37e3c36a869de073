//! Writes pages with networks as graphs and tables, and QR codes, in both themes:
//! `cargo run --example networks -- networks.html [network …]`.

use offcut::draw::layers::layers;
use offcut::draw::legend;
use offcut::draw::network::{self, View};
use offcut::draw::qr;
use offcut::draw::table::Sorting;
use offcut::job::Graph;
use offcut::network::{Builder, Conv, Network, Op, Shape, Source, Window};
use offcut::zoo;

const SHOWN: [&str; 6] = ["tiny-yolov2", "resnet50", "googlenet", "mobilenet-v2", "densenet121", "vgg16"];

fn card(title: &str, note: &str, figure: &str) -> String {
    format!(
        "<section class=\"card network\"><header><h2>{title}</h2><p>{note}</p></header><div class=\"figure\">{figure}</div></section>"
    )
}

fn drawn(built: &Network, view: View) -> String {
    let graph = Graph::of(built);
    let drawing = network::svg(built, &graph, view);
    card(built.name(), &network::caption(built, &graph, view), &(legend::network(&drawing) + &drawing))
}

/// A chain of very many layers.
fn deep() -> Option<Network> {
    let mut net = Builder::new("2,000 layers", Shape::new(3, 256, 256)).ok()?;
    let mut from = Source::Input;
    for at in 0..2000 {
        let window = Window::square(3, if at % 300 == 299 { 2 } else { 1 }, 1);
        let conv = Conv { out_channels: 4, window, groups: 1, bias: true };
        from = net.layer(&format!("features.{at}"), Op::Conv(conv), &[from]).ok()?;
    }
    net.finish().ok()
}

fn main() -> Result<(), String> {
    let path = std::env::args().nth(1).unwrap_or("networks.html".to_owned());
    let asked: Vec<String> = std::env::args().skip(2).collect();
    let ids: Vec<&str> = if asked.is_empty() { SHOWN.to_vec() } else { asked.iter().map(String::as_str).collect() };
    let mut body = String::new();
    for id in &ids {
        let built = zoo::build(id).ok_or(format!("no network {id}"))?.map_err(|error| error.to_string())?;
        body += &drawn(&built, View::default());
        if ids.len() < 3 {
            body += &drawn(&built, View { unfolded: true, cut: Some("then: layer `conv9` cannot be read") });
        }
    }
    if asked.is_empty() {
        body += &deep().map(|built| drawn(&built, View::default())).unwrap_or_default();
        let link = "https://example.org/offcut/#/plan?v=1&model=tiny-yolov2&device=raspberry-pi-3b+&server=rtx-2080&network=home-wifi";
        for link in [link.to_owned(), link.to_owned() + &"&m=q1ZKyy".repeat(100)] {
            body += &card("QR", "", &qr::svg(&link, "QR code of this link").unwrap_or_default());
        }
        let built = zoo::build("resnet50").ok_or("no ResNet-50")?.map_err(|error| error.to_string())?;
        let sorting = Sorting { column: 7, descending: true };
        let table = layers(&built).sorted(sorting).sortable_html(Some(sorting), "data-layer");
        body += &format!("<section class=\"card\" style=\"width:1300px\">{table}</section>");
    }
    let css = [
        include_str!("../static/offcut.css"),
        include_str!("../static/studio.css"),
        include_str!("../static/workshop.css"),
    ];
    for theme in ["light", "dark"] {
        let page = format!(
            "<!doctype html><html lang=\"en\" data-theme=\"{theme}\"><meta charset=\"utf-8\"><title>Offcut's networks</title><style>{} body {{ padding: 12px; display: flex; flex-wrap: wrap; gap: 12px; align-items: start; }} .network {{ width: 446px; }}</style><body>{body}",
            css.concat()
        );
        std::fs::write(path.replace(".html", &format!("-{theme}.html")), page).map_err(|error| error.to_string())?;
    }
    Ok(())
}
