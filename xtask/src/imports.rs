//! Short names for what a module imports and exports: wasm-bindgen's carry a hash each, once in the module and once
//! in its script, which no compression takes away (3 KB of the first load). What tools noted in a module goes, too.

use anyhow::{Result, bail};
use std::collections::BTreeMap;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ExportSection, ImportSection, Module, RawSection};
use wasmparser::{Parser, Payload};

/// A module and its script with short names.
pub fn shortened(code: &[u8], script: &str) -> Result<(Vec<u8>, String)> {
    let (code, names) = Names::of_module(code)?;
    Ok((code, names.in_script(script)?))
}

/// The new names by the old ones.
#[derive(Default)]
struct Names {
    imports: BTreeMap<String, String>,
    exports: BTreeMap<String, String>,
}

impl Names {
    /// The module with its imports and generated exports renamed, without custom sections, which no browser reads.
    fn of_module(code: &[u8]) -> Result<(Vec<u8>, Self)> {
        let mut names = Self::default();
        let mut module = Module::new();
        for payload in Parser::new(0).parse_all(code) {
            match payload? {
                Payload::CustomSection(_) => {}
                Payload::ImportSection(imports) => {
                    let mut section = ImportSection::new();
                    for import in imports.into_imports() {
                        let import = import?;
                        let name = short(&mut names.imports, import.name);
                        section.import(import.module, name, RoundtripReencoder.entity_type(import.ty)?);
                    }
                    module.section(&section);
                }
                Payload::ExportSection(exports) => {
                    let mut section = ExportSection::new();
                    for export in exports {
                        let export = export?;
                        let name = export.name;
                        let name = if is_generated(name) { short(&mut names.exports, name) } else { name };
                        section.export(name, RoundtripReencoder.export_kind(export.kind)?, export.index);
                    }
                    module.section(&section);
                }
                payload => {
                    if let Some((id, range)) = payload.as_section() {
                        module.section(&RawSection { id, data: &code[range] });
                    }
                }
            }
        }
        Ok((module.finish(), names))
    }

    /// The script, in which each import is the key of an object, once, and exports are what an object has.
    fn in_script(&self, text: &str) -> Result<String> {
        let mut made = String::with_capacity(text.len());
        let mut seen = 0;
        let mut rest = text;
        while !rest.is_empty() {
            let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
            let (word, behind) = rest.split_at(rest.find(|letter| !is_part(letter)).unwrap_or(rest.len()));
            let import = self.imports.get(word).filter(|_| behind.trim_start().starts_with(':'));
            seen += usize::from(import.is_some());
            let export = self.exports.get(word).filter(|_| made.ends_with('.'));
            made += import.or(export).map_or(word, String::as_str);
            let between = behind.find(is_part).unwrap_or(behind.len());
            made += &behind[..between];
            rest = &behind[between..];
        }
        if seen != self.imports.len() {
            bail!("{} imports, of which the script has {seen}", self.imports.len());
        }
        Ok(made)
    }
}

/// Whether the name is one of wasm-bindgen's, which only its script knows.
fn is_generated(export: &str) -> bool {
    export.contains("__")
}

/// The next free name, unless there is one already.
fn short<'n>(names: &'n mut BTreeMap<String, String>, name: &str) -> &'n str {
    let number = names.len();
    names.entry(name.to_owned()).or_insert_with(|| letters(number))
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
    use wasm_encoder::{
        CodeSection, CustomSection, EntityType, ExportKind, Function, FunctionSection, MemorySection, MemoryType,
        TypeSection,
    };

    /// Two imports, a memory, a function, and exports of both.
    fn module(imports: [&str; 2], export: &str) -> Module {
        let (mut types, mut section) = (TypeSection::new(), ImportSection::new());
        types.ty().function([], []);
        for name in imports {
            section.import("./x_bg.js", name, EntityType::Function(0));
        }
        let (mut functions, mut codes) = (FunctionSection::new(), CodeSection::new());
        functions.function(0);
        let mut memories = MemorySection::new();
        memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
        let mut exports = ExportSection::new();
        exports.export("memory", ExportKind::Memory, 0).export(export, ExportKind::Func, 2);
        let mut function = Function::new([]);
        function.instructions().call(1).end();
        codes.function(&function);
        let mut module = Module::new();
        module.section(&types).section(&section).section(&functions).section(&memories).section(&exports);
        module.section(&codes);
        module
    }

    const SCRIPT: &str = r#"{"./x_bg.js":{__wbg_a_01:function(){return w.__wbg_a_01},__wbg_ab_02 : f}}w.__go(__go)"#;

    #[test]
    fn a_module_and_its_script_get_the_same_names() -> Result<()> {
        let mut code = module(["__wbg_ab_02", "__wbg_a_01"], "__go");
        code.section(&CustomSection { name: "producers".into(), data: (&[0]).into() });
        let (code, names) = Names::of_module(&code.finish())?;
        assert_eq!(code, module(["a", "b"], "a").finish());
        let script = names.in_script(SCRIPT)?;
        assert_eq!(script, r#"{"./x_bg.js":{b:function(){return w.__wbg_a_01},a : f}}w.a(__go)"#);
        Ok(())
    }

    #[test]
    fn a_script_that_lacks_an_import_is_refused() -> Result<()> {
        let (_, names) = Names::of_module(&module(["__wbg_a_01", "__wbg_c_03"], "__go").finish())?;
        let error = names.in_script(SCRIPT).unwrap_err();
        assert_eq!(error.to_string(), "2 imports, of which the script has 1");
        Ok(())
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(Names::of_module(b"<!doctype html>").is_err());
    }

    #[test]
    fn all_names_differ() {
        let names: BTreeSet<String> = (0..2000).map(letters).collect();
        assert_eq!(names.len(), 2000);
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["a", "z", "aa", "zz", "aaa"]);
    }
}
