//! Reads one thing from Cargo.lock: which version of a package the workspace uses.

/// The version of `package` in the text of a Cargo.lock.
pub fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock.lines();
    while let Some(line) = lines.next() {
        if quoted_value(line, "name") == Some(package) {
            return lines
                .by_ref()
                .take_while(|line| !line.trim().is_empty())
                .find_map(|line| quoted_value(line, "version"));
        }
    }
    None
}

/// The value of a line `key = "value"`.
fn quoted_value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let value = line.trim().strip_prefix(key)?.trim_start().strip_prefix('=')?;
    value.trim().strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "wasm-bindgen-test"
version = "0.3.80"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry"
dependencies = [
 "cfg-if",
]

[[package]]
name = "odd"

[[package]]
name = "next"
version = "9.9.9"
"#;

    #[test]
    fn finds_the_exact_name() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(LOCK, "wasm-bindgen-test"), Some("0.3.80"));
    }

    #[test]
    fn absent_or_without_version() {
        assert_eq!(locked_version(LOCK, "bindgen"), None);
        assert_eq!(locked_version(LOCK, "odd"), None);
        assert_eq!(locked_version("", "wasm-bindgen"), None);
    }
}
