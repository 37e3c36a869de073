//! The order of a module's functions: those that resemble each other stand side by side, so that compression finds
//! more of one in the other (1 % of the first load).

use anyhow::{Result, anyhow};
use std::collections::HashMap;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef};

/// Functions resemble each other in so many bytes in a row.
const SHINGLE: usize = 5;

/// The module with its functions in another order.
pub fn ordered(code: &[u8]) -> Result<Vec<u8>> {
    let (mut imported, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(code) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(&code[body.range()]),
            _ => {}
        }
    }
    let order = by_likeness(&bodies);
    let mut places = vec![0; order.len()];
    for (place, &function) in (imported..).zip(&order) {
        places[function] = place;
    }
    let mut module = Module::new();
    let parsed = Order { imported, order, places }.parse_core_module(&mut module, Parser::new(0), code);
    parsed.map_err(|error| anyhow!("{error}"))?;
    Ok(module.finish())
}

/// Each behind the one that it has most in common with of those left, from the first on.
fn by_likeness(bodies: &[&[u8]]) -> Vec<usize> {
    let mut holders: HashMap<&[u8], Vec<usize>> = HashMap::new();
    let mut shingles: Vec<Vec<&[u8]>> = Vec::with_capacity(bodies.len());
    for (at, body) in bodies.iter().enumerate() {
        let mut own: Vec<&[u8]> = body.windows(SHINGLE).collect();
        own.sort_unstable();
        own.dedup();
        for shingle in &own {
            holders.entry(shingle).or_default().push(at);
        }
        shingles.push(own);
    }
    let mut left = vec![true; bodies.len()];
    let mut order = Vec::with_capacity(bodies.len());
    let mut next = (!bodies.is_empty()).then_some(0);
    while let Some(now) = next {
        left[now] = false;
        order.push(now);
        let mut common = vec![0u32; bodies.len()];
        for &other in shingles[now].iter().flat_map(|shingle| &holders[shingle]) {
            common[other] += 1;
        }
        let likeness = |other: usize| f64::from(common[other]) / (shingles[other].len() as f64 + 1.0).sqrt();
        let all = (0..bodies.len()).filter(|&other| left[other]);
        next = all.reduce(|best, other| if likeness(other) > likeness(best) { other } else { best });
    }
    order
}

/// Writes a module again, its functions in another order.
struct Order {
    imported: u32,
    /// The module's own functions as they come now.
    order: Vec<usize>,
    /// By own function as they came: its index now.
    places: Vec<u32>,
}

impl Reencode for Order {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        let own = function.checked_sub(self.imported);
        Ok(own.and_then(|own| self.places.get(own as usize).copied()).unwrap_or(function))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let types: Vec<u32> = section.into_iter().collect::<Result<_, _>>()?;
        for &function in &self.order {
            functions.function(types[function]);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Result<(), Error> {
        let bodies: Vec<FunctionBody> = section.into_iter().collect::<Result<_, _>>()?;
        for function in self.order.clone() {
            self.parse_function_body(code, bodies[function].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{EntityType, ExportKind, ExportSection, Function, ImportSection, TypeSection};

    /// An import, then functions that return numbers or call others; the last is exported.
    fn module(functions: &[Function], exported: u32) -> Vec<u8> {
        let (mut types, mut imports, mut exports) = (TypeSection::new(), ImportSection::new(), ExportSection::new());
        types.ty().function([], []);
        imports.import("m", "f", EntityType::Function(0));
        exports.export("last", ExportKind::Func, exported);
        let (mut kinds, mut code) = (FunctionSection::new(), CodeSection::new());
        for function in functions {
            kinds.function(0);
            code.function(function);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&kinds).section(&exports).section(&code);
        module.finish()
    }

    fn counting(from: i64) -> Function {
        let mut function = Function::new([]);
        for number in from..from + 8 {
            function.instructions().i64_const(number).drop();
        }
        function.instructions().end();
        function
    }

    fn calling(callee: u32) -> Function {
        let mut function = Function::new([]);
        function.instructions().call(0).call(callee).end();
        function
    }

    #[test]
    fn what_is_alike_comes_together_and_is_still_called() -> Result<()> {
        let before = module(&[counting(0), calling(4), counting(40), counting(1)], 4);
        let after = module(&[counting(0), counting(1), calling(2), counting(40)], 2);
        assert_eq!(ordered(&before)?, after);
        Ok(())
    }

    #[test]
    fn what_has_no_functions_stays_as_it_is() -> Result<()> {
        let empty = Module::new().finish();
        assert_eq!(ordered(&empty)?, empty);
        Ok(())
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(ordered(b"<!doctype html>").is_err());
    }
}
