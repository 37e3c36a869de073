//! The same plans, computed here instead of in the browser.

use crate::session::Result;
use offcut::formats::{Method, PlanFile};
use offcut::job::{self, Answer, Proposal, Searched, Task};
use offcut::search::Unwatched;
use offcut::situation::{Situation, own};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Plans that were computed already, for either browser, by link.
static KNOWN: Mutex<BTreeMap<String, Arc<PlanFile>>> = Mutex::new(BTreeMap::new());

/// The plan that a link's page must show.
pub fn plan(link: &str) -> Result<Arc<PlanFile>> {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(plan) = known.get(link) {
        return Ok(plan.clone());
    }
    let plan = Arc::new(solved(link, Method::Psomw)?);
    known.insert(link.to_owned(), plan.clone());
    Ok(plan)
}

/// The plan of a link's situation by some method.
pub fn solved(link: &str, method: Method) -> Result<PlanFile> {
    let scenario = own::scenario(&Situation::from_fragment(link)?)?.resolve()?;
    Ok(job::solve(&scenario, method, &mut Unwatched)?)
}

/// A link's situation as a task, and its search with every step of it.
pub fn searched(link: &str) -> Result<(Task, Searched)> {
    let situation = Situation::from_fragment(link)?;
    let network = situation.own.as_deref().map(own::network).transpose()?;
    let parcel = network.as_ref().map(offcut::parcel::write).unwrap_or_default();
    let task = offcut::sheet::task::task(&situation, &parcel)?;
    let searched = job::search(&task, &mut Unwatched);
    Ok((task, searched))
}

/// What a plan by hand amounts to: the planned one after some changes.
pub fn by_hand(link: &str, change: impl FnOnce(&mut Proposal)) -> Result<Answer> {
    let (task, searched) = searched(link)?;
    let known = searched.of(Method::Psomw).ok_or("PSOMW did not run")?;
    let mut plan = Proposal::from(&known.found);
    change(&mut plan);
    Ok(Answer::of(&task, &searched, Method::Psomw, &plan))
}

/// The link of the first situation.
pub fn default_link() -> String {
    Situation::default().to_fragment()
}
