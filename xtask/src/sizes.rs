//! What a visitor has to download: every file of dist/, raw and as brotli sends it, and the
//! budgets that a build must keep to.

use crate::process::print;
use anyhow::{Context, Result, bail};
use brotli::enc::BrotliEncoderParams;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Files that the page asks for only when needed, by how their path in dist/ begins. Everything
/// else counts as the first load.
const LAZY: [&str; 2] = ["schema/", "studio"];

/// The first load, compressed, in bytes.
const FIRST_LOAD_BUDGET: u64 = 150_000;

/// Everything, compressed, in bytes.
const WHOLE_BUDGET: u64 = 300_000;

/// One file of dist/.
#[derive(Clone, Debug, PartialEq, Eq)]
struct File {
    /// The path in dist/, with `/`.
    name: String,
    raw: u64,
    brotli: u64,
}

impl File {
    fn is_lazy(&self) -> bool {
        LAZY.iter().any(|prefix| self.name.starts_with(prefix))
    }
}

/// Compressed sums against their budgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sums {
    first_load: u64,
    whole: u64,
}

impl Sums {
    fn of(files: &[File]) -> Self {
        let first_load = files.iter().filter(|file| !file.is_lazy()).map(|file| file.brotli).sum();
        let whole = files.iter().map(|file| file.brotli).sum();
        Self { first_load, whole }
    }

    /// What is over its budget, in words; none if all is well.
    fn excess(self) -> Option<String> {
        let over = |what: &str, size: u64, budget: u64| {
            (size > budget)
                .then(|| format!("{what} is {} over its budget of {}", kilobytes(size - budget), kilobytes(budget)))
        };
        let found =
            [over("the first load", self.first_load, FIRST_LOAD_BUDGET), over("dist", self.whole, WHOLE_BUDGET)];
        let found: Vec<_> = found.into_iter().flatten().collect();
        (!found.is_empty()).then(|| found.join("; "))
    }
}

/// Prints the sizes; being over budget is said but no error.
pub fn report(dist: &Path) -> Result<()> {
    let files = weigh(dist)?;
    print(&table(&files));
    if let Some(excess) = Sums::of(&files).excess() {
        print(&format!("Over budget: {excess}\n"));
    }
    Ok(())
}

/// Prints the sizes and gives the sums in words; being over budget is an error.
pub fn check(dist: &Path) -> Result<String> {
    let files = weigh(dist)?;
    print(&table(&files));
    let sums = Sums::of(&files);
    if let Some(excess) = sums.excess() {
        bail!("{excess} (brotli); the table above names each file");
    }
    Ok(format!("first load {}, all {} (brotli)", kilobytes(sums.first_load), kilobytes(sums.whole)))
}

/// Every file of dist/, the heaviest first.
fn weigh(dist: &Path) -> Result<Vec<File>> {
    if !dist.join("index.html").is_file() {
        bail!("there is no {}; build it with `cargo xtask dist`", dist.join("index.html").display());
    }
    let mut files = Vec::new();
    collect(dist, "", &mut files)?;
    files.sort_by(|a, b| b.brotli.cmp(&a.brotli).then_with(|| a.name.cmp(&b.name)));
    Ok(files)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<File>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files)?;
        } else {
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            files.push(File { name, raw: bytes.len() as u64, brotli: compressed_size(&bytes)? });
        }
    }
    Ok(())
}

/// The size after brotli at its highest quality, as a host that compresses ahead of time serves it.
fn compressed_size(bytes: &[u8]) -> Result<u64> {
    let params = BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: bytes.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &params).context("brotli failed")?;
    Ok(compressed.len() as u64)
}

fn table(files: &[File]) -> String {
    let width = files.iter().map(|file| file.name.chars().count()).max().unwrap_or(0).max("first load".len());
    let mut text = format!("\n{:width$}  {:>9}  {:>9}\n", "file", "raw", "brotli");
    for file in files {
        let later = if file.is_lazy() { "  later" } else { "" };
        let _ = writeln!(text, "{:width$}  {:>9}  {:>9}{later}", file.name, grouped(file.raw), grouped(file.brotli));
    }
    let sums = Sums::of(files);
    for (name, lazy_too, size, budget) in
        [("first load", false, sums.first_load, FIRST_LOAD_BUDGET), ("all", true, sums.whole, WHOLE_BUDGET)]
    {
        let raw = files.iter().filter(|file| lazy_too || !file.is_lazy()).map(|file| file.raw).sum();
        let verdict = if size > budget { "OVER" } else { "within" };
        let _ =
            writeln!(text, "{name:width$}  {:>9}  {:>9}  {verdict} {}", grouped(raw), grouped(size), grouped(budget));
    }
    text
}

/// `1234567` as `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn kilobytes(bytes: u64) -> String {
    format!("{:.1} KB", bytes as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, brotli: u64) -> File {
        File { name: name.to_owned(), raw: 3 * brotli, brotli }
    }

    #[test]
    fn exactly_the_budget_is_kept() {
        assert_eq!(Sums { first_load: FIRST_LOAD_BUDGET, whole: WHOLE_BUDGET }.excess(), None);
        assert_eq!(Sums::of(&[]).excess(), None);
    }

    #[test]
    fn one_byte_more_is_not() {
        let excess = Sums { first_load: FIRST_LOAD_BUDGET + 1, whole: FIRST_LOAD_BUDGET + 1 }.excess();
        assert_eq!(excess.as_deref(), Some("the first load is 0.0 KB over its budget of 150.0 KB"));
        let excess = Sums { first_load: 160_000, whole: 302_500 }.excess().unwrap();
        assert!(excess.contains("first load is 10.0 KB over") && excess.contains("dist is 2.5 KB over"), "{excess}");
    }

    #[test]
    fn sums_and_table() {
        let files = [file("page_bg.wasm", 100_000), file("index.html", 60_000)];
        assert_eq!(Sums::of(&files), Sums { first_load: 160_000, whole: 160_000 });
        let text = table(&files);
        assert!(text.contains("page_bg.wasm    300,000    100,000\n"), "{text}");
        assert!(text.contains("first load      480,000    160,000  OVER 150,000\n"), "{text}");
        assert!(text.contains("all             480,000    160,000  within 300,000\n"), "{text}");
    }

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn compression_is_at_work() {
        let size = compressed_size(&vec![b'a'; 100_000]).unwrap();
        assert!((1..100).contains(&size), "{size}");
    }

    #[test]
    fn without_a_build_the_mend_is_named() {
        let error = report(Path::new("no/such/folder")).unwrap_err().to_string();
        assert!(error.contains("cargo xtask dist"), "{error}");
    }
}
