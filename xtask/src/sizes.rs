//! What a visitor has to download: every file of dist/, raw and as brotli sends it, and the
//! budgets that a build must keep to.

use crate::process::print;
use anyhow::{Context, Result, bail};
use brotli::enc::BrotliEncoderParams;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Files that the page fetches by itself, but after the first plan; by how their path in dist/ begins.
const LATER: [&str; 3] = ["open.js", "studio", "sw.js"];

/// Files that are fetched only by a wish, like exporting a figure: most visitors never load them.
const ON_DEMAND: [&str; 3] = ["fonts/", "schema/", "workshop"];

/// What is fetched where the page's search has ended without a proof; by how the path begins.
const PROOF: &str = "prover";

/// The first load, compressed, in bytes.
const FIRST_LOAD_BUDGET: u64 = 150_000;

/// All that every visitor loads, compressed, in bytes.
const WHOLE_BUDGET: u64 = 300_000;

/// All that is fetched only by a wish, compressed, in bytes.
const ON_DEMAND_BUDGET: u64 = 300_000;

/// What a proof fetches, compressed, in bytes.
const PROOF_BUDGET: u64 = 100_000;

/// When a file is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum When {
    First,
    Later,
    OnDemand,
    Proof,
}

/// One file of dist/.
#[derive(Clone, Debug, PartialEq, Eq)]
struct File {
    /// The path in dist/, with `/`.
    name: String,
    raw: u64,
    brotli: u64,
}

impl File {
    fn when(&self) -> When {
        let begins_with = |prefixes: &[&str]| prefixes.iter().any(|prefix| self.name.starts_with(prefix));
        if begins_with(&LATER) {
            When::Later
        } else if begins_with(&ON_DEMAND) {
            When::OnDemand
        } else if self.name.starts_with(PROOF) {
            When::Proof
        } else {
            When::First
        }
    }
}

/// Compressed sums against their budgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sums {
    first_load: u64,
    whole: u64,
    on_demand: u64,
    proof: u64,
}

impl Sums {
    /// Sums of a size of the files.
    fn of(files: &[File], size: impl Fn(&File) -> u64) -> Self {
        let sum = |wanted: fn(When) -> bool| files.iter().filter(|file| wanted(file.when())).map(&size).sum();
        Self {
            first_load: sum(|when| when == When::First),
            whole: sum(|when| when <= When::Later),
            on_demand: sum(|when| when == When::OnDemand),
            proof: sum(|when| when == When::Proof),
        }
    }

    /// Each sum with its name and budget.
    fn rows(self) -> [(&'static str, u64, u64); 4] {
        [
            ("first load", self.first_load, FIRST_LOAD_BUDGET),
            ("all", self.whole, WHOLE_BUDGET),
            ("on demand", self.on_demand, ON_DEMAND_BUDGET),
            ("proof", self.proof, PROOF_BUDGET),
        ]
    }

    /// What is over its budget, in words; none if all is well.
    fn excess(self) -> Option<String> {
        let over = |(what, size, budget): (&str, u64, u64)| {
            (size > budget)
                .then(|| format!("{what} is {} over its budget of {}", kilobytes(size - budget), kilobytes(budget)))
        };
        let found: Vec<_> = self.rows().into_iter().filter_map(over).collect();
        (!found.is_empty()).then(|| found.join("; "))
    }
}

/// Prints the sizes; being over budget is said but no error.
pub fn report(dist: &Path) -> Result<()> {
    let files = weigh(dist)?;
    print(&table(&files));
    if let Some(excess) = Sums::of(&files, |file| file.brotli).excess() {
        print(&format!("Over budget: {excess}\n"));
    }
    Ok(())
}

/// Prints the sizes and gives the sums in words; being over budget is an error.
pub fn check(dist: &Path) -> Result<String> {
    let files = weigh(dist)?;
    print(&table(&files));
    let sums = Sums::of(&files, |file| file.brotli);
    if let Some(excess) = sums.excess() {
        bail!("{excess} (brotli); the table above names each file");
    }
    let named: Vec<String> = sums.rows().iter().map(|(what, size, _)| format!("{what} {}", kilobytes(*size))).collect();
    Ok(format!("{} (brotli)", named.join(", ")))
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
        let note = match file.when() {
            When::First => "",
            When::Later => "  later",
            When::OnDemand => "  on demand",
            When::Proof => "  proof",
        };
        let _ = writeln!(text, "{:width$}  {:>9}  {:>9}{note}", file.name, grouped(file.raw), grouped(file.brotli));
    }
    let raw = Sums::of(files, |file| file.raw).rows();
    for ((name, size, budget), (_, raw, _)) in Sums::of(files, |file| file.brotli).rows().into_iter().zip(raw) {
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

    fn sums(first_load: u64, whole: u64, on_demand: u64, proof: u64) -> Sums {
        Sums { first_load, whole, on_demand, proof }
    }

    #[test]
    fn exactly_the_budget_is_kept() {
        assert_eq!(sums(FIRST_LOAD_BUDGET, WHOLE_BUDGET, ON_DEMAND_BUDGET, PROOF_BUDGET).excess(), None);
        assert_eq!(Sums::of(&[], |file| file.brotli).excess(), None);
    }

    #[test]
    fn one_byte_more_is_not() {
        let excess = sums(FIRST_LOAD_BUDGET + 1, FIRST_LOAD_BUDGET + 1, 0, 0).excess();
        assert_eq!(excess.as_deref(), Some("first load is 0.0 KB over its budget of 150.0 KB"));
        let excess = sums(160_000, 302_500, 300_100, 100_200).excess().unwrap();
        assert!(excess.contains("first load is 10.0 KB over") && excess.contains("all is 2.5 KB over"), "{excess}");
        assert!(excess.contains("on demand is 0.1 KB over") && excess.contains("proof is 0.2 KB over"), "{excess}");
    }

    #[test]
    fn sums_and_table() {
        let files = [
            file("page_bg.wasm", 100_000),
            file("index.html", 60_000),
            file("studio_bg.wasm", 50_000),
            file("fonts/figures.css", 30_000),
            file("prover.js", 3_000),
        ];
        assert_eq!(Sums::of(&files, |file| file.brotli), sums(160_000, 210_000, 30_000, 3_000));
        let text = table(&files);
        assert!(text.contains("page_bg.wasm         300,000    100,000\n"), "{text}");
        assert!(text.contains("studio_bg.wasm       150,000     50,000  later\n"), "{text}");
        assert!(text.contains("fonts/figures.css     90,000     30,000  on demand\n"), "{text}");
        assert!(text.contains("first load           480,000    160,000  OVER 150,000\n"), "{text}");
        assert!(text.contains("all                  630,000    210,000  within 300,000\n"), "{text}");
        assert!(text.contains("on demand             90,000     30,000  within 300,000\n"), "{text}");
        assert!(text.contains("proof                  9,000      3,000  within 100,000\n"), "{text}");
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
