//! placeholder
use crate::formats::{FormatError, PlanFile};
pub fn check(_: &PlanFile) -> Result<Vec<String>, FormatError> { Ok(vec![]) }
