//! A plan document opened: what it says, what of it is not so, and its plan as one's own.
//!
//! Entry point: [`open_plan`]. Must not know the browser.

use crate::check::{self, Disagreement};
use crate::formats::{self, BlockFile, Method, PlanFile, Problems, Scenario};
use crate::job::{Proposal, TextError};
use crate::network::Network;
use crate::plan::{Block, Strategy};
use crate::tiling::Grid;

/// What a plan document holds. Only its form is sure: what it claims is right where nothing disagrees.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenedPlan {
    /// Its scenario.
    pub scenario: Scenario,
    /// The method that it names.
    pub method: Method,
    /// The makespan that it claims.
    pub makespan_ns: u64,
    /// What was recomputed and came out otherwise.
    pub disagreements: Vec<Disagreement>,
    /// Its blocks, order and cuts as [`Proposal::read`] reads them, whatever else it says; or why they are no plan of
    /// its network.
    pub plan: Result<String, String>,
}

/// Opens a plan document and recomputes it by the independent checker.
///
/// # Errors
/// It is no plan document, or its scenario cannot be used: all that is wrong, where, and how to mend it.
pub fn open_plan(text: &str) -> Result<OpenedPlan, Problems> {
    let (file, scenario) = formats::read_plan_with_scenario(text)?;
    let disagreements = check::check_in(&file, &scenario);
    let plan = proposal(&file, &scenario.network);
    Ok(OpenedPlan {
        scenario,
        method: file.method,
        makespan_ns: file.makespan_ns,
        disagreements,
        plan: plan.map(|plan| plan.to_text()).map_err(|error| error.to_string()),
    })
}

fn proposal(file: &PlanFile, network: &Network) -> Result<Proposal, TextError> {
    let blocks = file.blocks.iter().enumerate().map(|(at, block)| read_block(at, block, network));
    let strategy = Strategy::new(network, blocks.collect::<Result<_, _>>()?)?;
    Proposal::new(strategy, file.order.clone(), file.paths.iter().map(|path| path.cut).collect())
}

fn read_block(index: usize, block: &BlockFile, network: &Network) -> Result<Block, TextError> {
    let BlockFile { first_stage: first, last_stage: last, rows, columns } = block;
    let stage = network.stages().len().min(last.saturating_add(1));
    let shape = network.boundary(stage);
    let grid = Grid::new(rows.clone(), columns.clone(), shape.height, shape.width);
    let grid = grid.map_err(|error| TextError::Grid { block: index, error })?;
    Ok(Block { first: *first, last: *last, grid })
}
