//! Makes the built modules lighter, each with the script beside it.

use crate::imports::shortened;
use crate::order::ordered;
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// How the file names of a module and of its script end.
const MODULE: &str = "_bg.wasm";

/// Gives every module in a folder short names and another order of functions.
pub fn lighten(dist: &Path) -> Result<()> {
    for entry in fs::read_dir(dist).with_context(|| format!("cannot read {}", dist.display()))? {
        let module = entry?.path();
        let Some(stem) = module.file_name().and_then(|name| name.to_str()?.strip_suffix(MODULE)) else { continue };
        let script = module.with_file_name(format!("{stem}.js"));
        let text = fs::read_to_string(&script).with_context(|| format!("cannot read {}", script.display()))?;
        let code = fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
        let light = shortened(&code, &text).and_then(|(code, text)| Ok((ordered(&code)?, text)));
        let (code, text) = light.with_context(|| format!("in {} or its script", module.display()))?;
        fs::write(&script, text)?;
        fs::write(&module, code)?;
    }
    Ok(())
}
