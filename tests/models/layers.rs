//! The layers table says of every layer what the network says.

use super::csv::read_csv;
use super::elements::{Element, elements};
use offcut::draw::layers::layers;
use offcut::draw::table::{Sorting, Table, Value};
use offcut::network::{Builder, Conv, Measured, Network, Op, Shape, Source, Window};
use offcut::zoo::{self, NETWORKS};

fn zoo(id: &str) -> Network {
    zoo::build(id).expect("in the zoo").expect("it can be built")
}

/// A network with what the zoo has not: hostile names, measured times, custom layers.
pub fn odd() -> Network {
    let mut net = Builder::new("<b>odd</b>", Shape::new(3, 8, 8)).expect("a network");
    let conv = |groups, stride| {
        let window = Window::square(3, stride, 1);
        Op::Conv(Conv { out_channels: 6, window, groups, bias: true })
    };
    let measured = Measured { device: Some(offcut::base::Nanos(1_500_000)), server: None };
    let a =
        net.measured_layer("<img src=x onerror=alert(1)>", conv(3, 2), &[Source::Input], measured).expect("a layer");
    let b = net.layer("a|b \\ `c` \"d\", *e*", conv(1, 1), &[a]).expect("a layer");
    let gate = net.layer("=gate", Op::GlobalAvgPool, &[b]).expect("a layer");
    let mul = net.layer("mul\nmul", Op::Mul, &[b, gate]).expect("a layer");
    let custom = Op::Custom { out: Shape::new(4, 2, 2), flops: 77, weight_bytes: 100 };
    let custom = net.layer("custom", custom, &[mul]).expect("a layer");
    net.layer("soft", Op::Softmax, &[custom]).expect("a layer");
    net.finish().expect("a network")
}

fn column(table: &Table, key: &str) -> usize {
    table.columns.iter().position(|(_, known)| *known == key).unwrap_or_else(|| panic!("a column {key}"))
}

fn all() -> Vec<Network> {
    NETWORKS.iter().map(|entry| zoo(entry.id)).chain([odd()]).collect()
}

#[test]
fn every_layer_is_there_once_with_its_numbers() {
    for network in all() {
        let table = layers(&network);
        let csv = read_csv(&table.csv());
        assert_eq!(csv.len(), network.layers().len() + 1);
        assert!(csv.iter().all(|row| row.len() == table.columns.len()));
        let number = |row: &[String], key: &str| row[column(&table, key)].parse::<u64>().expect("a number");
        for (at, (layer, row)) in network.layers().iter().zip(&csv[1..]).enumerate() {
            assert_eq!(number(row, "layer"), at as u64);
            assert_eq!(row[1].trim_start_matches('\''), layer.name);
            assert_eq!(number(row, "elements") * 4, number(row, "bytes"));
            assert_eq!(number(row, "elements"), layer.output.elements());
            assert_eq!(number(row, "stage"), layer.stage as u64);
            assert_eq!(number(row, "parameters"), layer.parameters);
            let inputs: Vec<String> = layer
                .inputs
                .iter()
                .map(|source| match source {
                    Source::Input => "input".to_owned(),
                    Source::Layer(id) => network.layers()[id.index()].name.clone(),
                })
                .collect();
            assert_eq!(row[column(&table, "inputs")].trim_start_matches('\''), inputs.join(", "));
        }
        let sum = |key: &str| csv[1..].iter().map(|row| number(row, key)).sum::<u64>();
        assert_eq!((sum("macs"), sum("parameters")), (network.macs(), network.parameters()));
        assert!(sum("flops") >= 2 * sum("macs"), "two FLOPs a MAC, and what other layers do");
    }
}

#[test]
fn tileable_layers_have_no_reason_and_others_have_one() {
    for network in all() {
        let table = layers(&network);
        let (tileable, why) = (column(&table, "tileable"), column(&table, "why_not_tileable"));
        for (layer, row) in network.layers().iter().zip(&table.rows) {
            let stage = &network.stages()[layer.stage];
            assert_eq!(row[tileable] == Value::text("yes"), stage.tileable, "{}", layer.name);
            match &row[why] {
                Value::None => assert!(stage.tileable),
                Value::Text(text) => {
                    assert_ne!(text, "cannot be split", "{}: every reason is known", layer.name);
                    assert_eq!(text.starts_with("is tileable by itself"), layer.tileable, "{}", layer.name);
                }
                other => panic!("{other:?}"),
            }
        }
    }
    let table = layers(&odd());
    let why: Vec<String> =
        table.rows.iter().map(|row| format!("{:?}", row[column(&table, "why_not_tileable")])).collect();
    for (at, words) in [(2, "averages over the whole map"), (3, "another size"), (4, "custom"), (5, "softmax")] {
        assert!(why[at].contains(words), "{}", why[at]);
    }
}

#[test]
fn operations_are_said_in_short() {
    let table = layers(&zoo("resnet50"));
    let of = |table: &Table, name: &str| {
        let row = table.rows.iter().find(|row| row[1] == Value::text(name)).unwrap_or_else(|| panic!("{name}"));
        row[column(table, "op")].clone()
    };
    assert_eq!(of(&table, "conv1"), Value::text("conv 7×7, stride 2, 64 channels"));
    assert_eq!(of(&table, "fc"), Value::text("linear 1000"));
    assert_eq!(
        of(&layers(&odd()), "<img src=x onerror=alert(1)>"),
        Value::text("conv 3×3, stride 2, 6 channels, depthwise")
    );
}

#[test]
fn measured_times_have_columns_where_there_are_any() {
    let table = layers(&odd());
    let (device, server) = (column(&table, "device_ns"), column(&table, "server_ns"));
    assert_eq!((&table.rows[0][device], &table.rows[0][server]), (&Value::Nanos(1_500_000), &Value::None));
    assert!(!layers(&zoo("vgg16")).columns.iter().any(|(_, key)| key.ends_with("_ns")));
}

#[test]
fn tables_are_sorted_by_value_and_keep_the_order_of_equals() {
    let table = layers(&zoo("resnet50"));
    let macs = column(&table, "macs");
    for column in 0..table.columns.len() {
        for descending in [false, true] {
            let sorted = table.sorted(Sorting { column, descending });
            let mut right: Vec<(usize, Vec<Value>)> = table.rows.iter().cloned().enumerate().collect();
            right.sort_by(|(_, a), (_, b)| {
                let key = |row: &[Value]| match &row[column] {
                    Value::Text(text) => (false, 0, text.clone()),
                    Value::None => (true, 0, String::new()),
                    Value::Count(n) | Value::Position(n) | Value::Nanos(n) | Value::Bytes(n) => {
                        (false, *n, String::new())
                    }
                };
                let (a, b) = (key(a), key(b));
                a.0.cmp(&b.0).then(if descending {
                    (b.1, &b.2).cmp(&(a.1, &a.2))
                } else {
                    (a.1, &a.2).cmp(&(b.1, &b.2))
                })
            });
            let right: Vec<Vec<Value>> = right.into_iter().map(|(_, row)| row).collect();
            assert_eq!(sorted.rows, right, "column {column}");
        }
    }
    let most = &table.sorted(Sorting { column: macs, descending: true }).rows[0];
    assert_eq!(most[macs], Value::Count(64 * 112 * 112 * 7 * 7 * 3), "conv1");
}

#[test]
fn headers_sort_and_rows_know_their_layer() {
    let network = odd();
    let table = layers(&network);
    let sorting = Sorting { column: column(&table, "macs"), descending: true };
    let html = table.sorted(sorting).sortable_html(Some(sorting), "data-layer");
    let drawn = elements(&html);
    let heads: Vec<&Element> = drawn.iter().filter(|e| e.has("aria-sort")).collect();
    assert_eq!(heads.len(), table.columns.len());
    for (at, head) in heads.iter().enumerate() {
        assert_eq!(head.get("aria-sort"), if at == sorting.column { "descending" } else { "none" });
    }
    let buttons: Vec<usize> = drawn.iter().filter(|e| e.tag == "button").map(|e| e.number("data-sort")).collect();
    assert_eq!(buttons, (0..table.columns.len()).collect::<Vec<_>>());
    let mut rows: Vec<usize> =
        drawn.iter().filter(|e| e.tag == "tr" && e.has("data-layer")).map(|e| e.number("data-layer")).collect();
    assert_eq!(rows[0], 1, "the layer with the most MACs");
    rows.sort_unstable();
    assert_eq!(rows, (0..network.layers().len()).collect::<Vec<_>>());
    assert!(!table.html().contains("button") && !table.html().contains("data-layer"), "the plain form is as it was");
}

#[test]
fn names_are_text_in_html() {
    let table = layers(&odd());
    for html in [table.html(), table.sortable_html(None, "data-layer")] {
        let drawn = elements(&html);
        assert!(!drawn.iter().any(|e| e.tag == "img" || e.tag == "b"), "{html}");
        assert!(drawn.iter().any(|e| e.text == "&lt;img src=x onerror=alert(1)&gt;"));
    }
}

/// Reads a table of GitHub's Markdown: cells parted by pipes that are not escaped, entities and escapes resolved.
fn read_markdown(text: &str) -> Vec<Vec<String>> {
    text.lines()
        .map(|line| {
            let line = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |")).expect("pipes at both ends");
            let (mut cells, mut letters) = (vec![String::new()], line.chars());
            while let Some(letter) = letters.next() {
                let cell = cells.last_mut().expect("a cell");
                match letter {
                    '\\' => cell.extend(letters.next()),
                    '|' => cells.push(String::new()),
                    '<' | '>' | '`' | '*' | '[' | ']' => panic!("markup in {line}"),
                    other => cell.push(other),
                }
            }
            let plain = |cell: &String| cell.trim().replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            cells.iter().map(plain).collect()
        })
        .collect()
}

#[test]
fn markdown_can_be_read_again() {
    for network in all() {
        let table = layers(&network);
        let read = read_markdown(&table.markdown());
        assert_eq!(read.len(), table.rows.len() + 2);
        assert!(read.iter().all(|row| row.len() == table.columns.len()));
        assert_eq!(read[0], table.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        assert_eq!((read[1][0].as_str(), read[1][1].as_str()), ("---:", "---"));
        for (layer, row) in network.layers().iter().zip(&read[2..]) {
            assert_eq!(row[1], layer.name.replace('\n', " "));
            assert_eq!(row[column(&table, "output")], layer.output.to_string());
            assert_eq!(
                row[column(&table, "macs")].replace(',', ""),
                layer.macs(&network.input_shapes(layer)).to_string()
            );
        }
    }
}
