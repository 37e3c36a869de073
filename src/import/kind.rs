//! What a file is, told by its first bytes; foreign ones are named.

use super::source::Window;
use crate::formats::{Problems, clipped};
use crate::import::problem;

/// The kinds that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Onnx,
    Json,
    Svg,
    Table,
}

/// The largest text that is read: plan documents may be long.
const MAX_TEXT: u64 = 16 << 20;

/// Bytes at a place, and what a file with them is; the remedy where there is a better one than the usual.
const FOREIGN: &[(usize, &[u8], &str, &str)] = &[
    (0, b"\x89PNG", "a PNG picture", ""),
    (0, b"\xff\xd8\xff", "a JPEG picture", ""),
    (0, b"GIF8", "a GIF picture", ""),
    (0, b"RIFF", "a WebP picture or a sound", ""),
    (0, b"%PDF", "a PDF document", ""),
    (
        4,
        b"TFL3",
        "a TensorFlow Lite model",
        "convert it with `python -m tf2onnx.convert --tflite FILE --output model.onnx`",
    ),
    (4, b"ORTM", "an ONNX Runtime (.ort) model", "give the .onnx file that it was made from"),
    (
        0,
        b"\x89HDF",
        "an HDF5 file, as Keras' .h5",
        "save the structure alone: `open('model.json', 'w').write(model.to_json())`",
    ),
    (0, b"GGUF", "a GGUF file of weights", "it holds no network that works on pictures"),
    (0, b"\x93NUMPY", "a NumPy array", ""),
    (0, b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (0, b"7z\xbc\xaf", "a 7z archive", "unpack it first"),
    (0, b"ustar", "a tar archive", "unpack it first"),
    (0, b"\x7fELF", "a program", ""),
    (0, b"MZ", "a program", ""),
    (0, b"SQLite", "a database", ""),
    (0, b"\xff\xfe", "a text in UTF-16", "save it in UTF-8"),
    (0, b"\xfe\xff", "a text in UTF-16", "save it in UTF-8"),
    (0, b"\x80\x02", "a PyTorch checkpoint", EXPORT),
    (0, b"\x80\x04", "a Python pickle", EXPORT),
];

const EXPORT: &str =
    "in Python, write `torch.onnx.export(model, torch.randn(1, 3, 224, 224), \"model.onnx\")` and give that file";
const KNOWN: &str = "give an ONNX file, a model, scenario or plan of Offcut's, a Keras model as JSON, an SVG that Offcut made, or a CSV of measured times";

fn foreign(what: &str, remedy: &str) -> Problems {
    let remedy = if remedy.is_empty() { KNOWN } else { remedy };
    problem("E051", format!("this is {what}"), remedy)
}

/// What a file is.
pub(super) fn of(name: &str, window: &mut Window) -> Result<Kind, Problems> {
    let size = window.size();
    if size == 0 {
        return Err(problem("E051", "the file is empty", "download or export it again"));
    }
    let head = window.bytes(0, size.min(4096) as usize)?;
    let lower = name.to_ascii_lowercase();
    let ends = |ending: &str| lower.ends_with(ending);
    for (at, magic, what, remedy) in FOREIGN {
        if head.get(*at..).is_some_and(|rest| rest.starts_with(magic)) {
            return Err(foreign(what, remedy));
        }
    }
    if head.starts_with(b"PK\x03\x04") {
        return Err(if ends(".keras") {
            foreign("a Keras archive", "unpack it, and give the config.json that lies in it")
        } else if ends(".pt") || ends(".pth") || ends(".bin") || head.windows(8).any(|part| part == b"data.pkl") {
            foreign("a PyTorch file", EXPORT)
        } else {
            foreign("a zip archive", "unpack it first; of a PyTorch file, export the model with torch.onnx.export")
        });
    }
    // Safetensors: the length of a JSON text, and the text.
    if head.len() > 9 && head[8] == b'{' && head[4..8] == [0; 4] {
        return Err(foreign("a safetensors file, which holds weights only", EXPORT));
    }
    let text = text_of(&head);
    match text.as_deref().map(str::trim_start) {
        Some("") if size <= 4096 => Err(problem("E051", "the file holds nothing but white space", KNOWN)),
        Some(text) if text.starts_with(['{', '[']) => Ok(Kind::Json),
        Some(text) if text.starts_with('<') && (text.contains("<svg") || ends(".svg")) => Ok(Kind::Svg),
        Some(text) if text.starts_with('<') => Err(foreign("a web page or XML document", "")),
        Some(_) if ends(".onnx") => {
            Err(foreign("a text, not an ONNX file", "download it again: a link to a page is not the file itself"))
        }
        Some(text) if text.starts_with("name:") || text.contains("layer {") => {
            Err(foreign("a Caffe network", "convert it to ONNX first"))
        }
        // A slip in JSON's first character is told of better by the JSON reader.
        Some(_) if ends(".json") => Ok(Kind::Json),
        Some(_) => Ok(Kind::Table),
        None if ends(".json") || ends(".csv") || ends(".svg") => {
            Err(problem("E051", format!("`{}` is no text in UTF-8", clipped(name)), "save it in UTF-8"))
        }
        // ONNX begins with the version of its format.
        None if head[0] == 8 || ends(".onnx") || head.starts_with(b"\x12") || head.starts_with(b"\x3a") => {
            Ok(Kind::Onnx)
        }
        None => Err(problem("E051", "the file is of no kind that Offcut knows", KNOWN)),
    }
}

/// The beginning of a file as text, if it is one.
fn text_of(head: &[u8]) -> Option<String> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let is_control = |byte: &u8| *byte < 32 && !matches!(byte, b'\t' | b'\n' | b'\r' | 12);
    if head.iter().any(is_control) {
        return None;
    }
    match std::str::from_utf8(head) {
        Ok(text) => Some(text.to_owned()),
        // The last character may be cut.
        Err(error) if error.error_len().is_none() => {
            Some(String::from_utf8_lossy(&head[..error.valid_up_to()]).into_owned())
        }
        Err(_) => None,
    }
}

/// The whole file as text.
pub(super) fn text(window: &mut Window) -> Result<String, Problems> {
    if window.size() > MAX_TEXT {
        let what = "the text is larger than 16 MB";
        return Err(problem("E004", what, "no file of this kind is; remove what is not needed"));
    }
    let bytes = window.bytes(0, window.size() as usize)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        problem("E051", format!("the text is not in UTF-8 (byte {at})"), "save it in UTF-8")
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}
