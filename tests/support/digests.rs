//! Digests of plan documents, the same natively and in WebAssembly.

use offcut::formats::{FormatError, Method, ScenarioFile};
use offcut::job::solve;
use offcut::search::Unwatched;
use offcut::zoo::NETWORKS;

/// What they were when last blessed.
pub const DIGESTS: &str = include_str!("../data/plan-digests.txt");

/// One line a zoo network: id, makespan, evaluations, hash of the document.
pub fn digests() -> Result<String, FormatError> {
    let mut lines = String::new();
    for entry in NETWORKS {
        let scenario = ScenarioFile::of_model(entry.id).resolve()?;
        let plan = solve(&scenario, Method::Psomw, &mut Unwatched).map_err(|e| FormatError::at("", e))?;
        let hash = fnv(plan.to_text().as_bytes());
        lines += &format!("{} {} {} {hash:016x}\n", entry.id, plan.makespan_ns, plan.evaluations);
    }
    Ok(lines)
}

/// 64-bit FNV-1a.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}
