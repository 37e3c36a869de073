//! Short names for what a module imports: wasm-bindgen's carry a hash each, once in the module and once in
//! its script, which no compression takes away (2.5 KB of the first load).

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ImportSection, Module, RawSection};
use wasmparser::{Parser, Payload};

/// How the file names of a module and of its script end.
const MODULE: &str = "_bg.wasm";

/// Renames the imports of every module in a folder, and in its script beside it.
pub fn shorten(dist: &Path) -> Result<()> {
    for entry in fs::read_dir(dist).with_context(|| format!("cannot read {}", dist.display()))? {
        let module = entry?.path();
        let Some(stem) = module.file_name().and_then(|name| name.to_str()?.strip_suffix(MODULE)) else { continue };
        let script = module.with_file_name(format!("{stem}.js"));
        let text = fs::read_to_string(&script).with_context(|| format!("cannot read {}", script.display()))?;
        let names = Names::default();
        let (code, names) = names.of_module(&fs::read(&module)?)?;
        let text = names.in_script(&text).with_context(|| format!("in {}", script.display()))?;
        fs::write(&script, text)?;
        fs::write(&module, code)?;
    }
    Ok(())
}

/// The new names by the old ones.
#[derive(Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    /// The module with its imports renamed; all else stays as it is.
    fn of_module(mut self, code: &[u8]) -> Result<(Vec<u8>, Self)> {
        let mut module = Module::new();
        for payload in Parser::new(0).parse_all(code) {
            let payload = payload?;
            if let Payload::ImportSection(imports) = payload {
                let mut section = ImportSection::new();
                for import in imports.into_imports() {
                    let import = import?;
                    let name = self.short(import.name);
                    section.import(import.module, name, RoundtripReencoder.entity_type(import.ty)?);
                }
                module.section(&section);
            } else if let Some((id, range)) = payload.as_section() {
                module.section(&RawSection { id, data: &code[range] });
            }
        }
        Ok((module.finish(), self))
    }

    /// The next free name, unless there is one already.
    fn short(&mut self, name: &str) -> &str {
        let number = self.0.len();
        self.0.entry(name.to_owned()).or_insert_with(|| letters(number))
    }

    /// The script, in which each import is the key of an object, once.
    fn in_script(&self, text: &str) -> Result<String> {
        let mut made = String::with_capacity(text.len());
        let mut seen = 0;
        let mut rest = text;
        while !rest.is_empty() {
            let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
            let (word, behind) = rest.split_at(rest.find(|letter| !is_part(letter)).unwrap_or(rest.len()));
            let is_key = behind.trim_start().starts_with(':');
            let short = self.0.get(word).filter(|_| is_key);
            seen += usize::from(short.is_some());
            made += short.map_or(word, String::as_str);
            let between = behind.find(is_part).unwrap_or(behind.len());
            made += &behind[..between];
            rest = &behind[between..];
        }
        if seen != self.0.len() {
            bail!("{} imports, of which the script has {seen}", self.0.len());
        }
        Ok(made)
    }
}

/// a, b, …, z, aa, ab, …
fn letters(number: usize) -> String {
    let last = char::from(b'a' + (number % 26) as u8);
    let before = if number < 26 { String::new() } else { letters(number / 26 - 1) };
    format!("{before}{last}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use wasm_encoder::{CodeSection, EntityType, Function, FunctionSection, TypeSection};

    /// Two imports and a function.
    fn module(imports: [&str; 2]) -> Vec<u8> {
        let (mut types, mut section) = (TypeSection::new(), ImportSection::new());
        types.ty().function([], []);
        for name in imports {
            section.import("./x_bg.js", name, EntityType::Function(0));
        }
        let (mut functions, mut codes) = (FunctionSection::new(), CodeSection::new());
        functions.function(0);
        let mut function = Function::new([]);
        function.instructions().call(1).end();
        codes.function(&function);
        let mut module = Module::new();
        module.section(&types).section(&section).section(&functions).section(&codes);
        module.finish()
    }

    const SCRIPT: &str = r#"{"./x_bg.js":{__wbg_a_01:function(){return w.__wbg_a_01},__wbg_ab_02 : f}}"#;

    #[test]
    fn a_module_and_its_script_get_the_same_names() -> Result<()> {
        let (code, names) = Names::default().of_module(&module(["__wbg_ab_02", "__wbg_a_01"]))?;
        assert_eq!(code, module(["a", "b"]));
        let script = names.in_script(SCRIPT)?;
        assert_eq!(script, r#"{"./x_bg.js":{b:function(){return w.__wbg_a_01},a : f}}"#);
        Ok(())
    }

    #[test]
    fn a_script_that_lacks_an_import_is_refused() -> Result<()> {
        let (_, names) = Names::default().of_module(&module(["__wbg_a_01", "__wbg_c_03"]))?;
        let error = names.in_script(SCRIPT).unwrap_err();
        assert_eq!(error.to_string(), "2 imports, of which the script has 1");
        Ok(())
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(Names::default().of_module(b"<!doctype html>").is_err());
    }

    #[test]
    fn all_names_differ() {
        let names: BTreeSet<String> = (0..2000).map(letters).collect();
        assert_eq!(names.len(), 2000);
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["a", "z", "aa", "zz", "aaa"]);
    }
}
