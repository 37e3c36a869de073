//! Plans, and all that a search found, as short texts: what the worker hands to whoever draws more
//! than the first figures, and what a link can hold.
//!
//! A plan is `blocks~order~cuts`. Blocks are parted by `;`, each `first-last` and, where it is split,
//! `:rows:columns` with the boundaries of its grid; all lists are parted by `,`.

use super::{Improvement, Known, Proposal, SearchPoint, Searched};
use crate::base::Nanos;
use crate::formats::Method;
use crate::network::Network;
use crate::plan::{Block, Strategy, StrategyError};
use crate::search::Found;
use crate::tiling::{Grid, GridError};
use std::str::FromStr;

/// Why a text is no plan of a network, or no record of a search.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// A part is missing, or there is one too many.
    #[error("not a plan: {0}")]
    Parts(&'static str),
    /// Not a whole number.
    #[error("not a number: {0}")]
    Number(String),
    /// Boundaries that are no grid over the block's output.
    #[error("block {block}: {error}")]
    Grid {
        /// The block, from 0.
        block: usize,
        /// What is wrong.
        error: GridError,
    },
    /// Blocks that do not fit the network.
    #[error("{0}")]
    Strategy(#[from] StrategyError),
    /// An order that is not one of all paths, or cuts that do not fit them.
    #[error("path {0} is not ordered once, or not cut within its stages")]
    Path(usize),
    /// A method that there is not.
    #[error("no method {0}")]
    Method(String),
}

/// Adds numbers, parted by a letter. One function for all lists, and no formatting: this is part of the
/// first load.
fn push_all(text: &mut String, numbers: &mut dyn Iterator<Item = u64>, between: char) {
    for (index, number) in numbers.enumerate() {
        if index > 0 {
            text.push(between);
        }
        text.push_str(&number.to_string());
    }
}

fn numbers<T: FromStr>(text: &str) -> Result<Vec<T>, TextError> {
    text.split(',').map(number).collect()
}

fn number<T: FromStr>(text: &str) -> Result<T, TextError> {
    text.parse().map_err(|_| TextError::Number(text.to_owned()))
}

/// A plan as text.
pub fn plan_text(strategy: &Strategy, order: &[usize], cuts: &[usize]) -> String {
    let mut text = String::new();
    for block in strategy.blocks() {
        if !text.is_empty() {
            text.push(';');
        }
        push_all(&mut text, &mut [block.first as u64, block.last as u64].into_iter(), '-');
        if block.grid.is_split() {
            for bounds in [block.grid.rows(), block.grid.columns()] {
                text.push(':');
                push_all(&mut text, &mut bounds.iter().map(|&bound| bound.into()), ',');
            }
        }
    }
    for list in [order, cuts] {
        text.push('~');
        push_all(&mut text, &mut list.iter().map(|&at| at as u64), ',');
    }
    text
}

impl Proposal {
    /// The plan as text, which [`Proposal::read`] reads again.
    pub fn to_text(&self) -> String {
        plan_text(&self.strategy, &self.order, &self.cuts)
    }

    /// Reads a plan of a network. What comes out is a strategy of the network with an order of all its
    /// paths and cuts within them; dependencies are not looked at.
    ///
    /// # Errors
    /// The first thing that does not fit.
    pub fn read(network: &Network, text: &str) -> Result<Self, TextError> {
        let mut parts = text.split('~');
        let mut part = || parts.next().ok_or(TextError::Parts("it is blocks~order~cuts"));
        let (blocks, order, cuts) = (part()?, part()?, part()?);
        let blocks = blocks.split(';').enumerate().map(|(at, block)| read_block(network, at, block));
        let strategy = Strategy::new(network, blocks.collect::<Result<_, _>>()?)?;
        let (order, cuts) = (numbers(order)?, numbers(cuts)?);
        Self::new(strategy, order, cuts)
    }

    /// A proposal of parts that come from outside.
    ///
    /// # Errors
    /// The order is not one of all paths, or cuts do not lie within them.
    pub fn new(strategy: Strategy, order: Vec<usize>, cuts: Vec<usize>) -> Result<Self, TextError> {
        let lens = strategy.blocks().iter().flat_map(|block| vec![block.len(); block.grid.tiles()]);
        let lens: Vec<usize> = lens.collect();
        if order.len() != lens.len() || cuts.len() != lens.len() {
            return Err(TextError::Parts("order and cuts have one entry a path"));
        }
        let mut seen = vec![false; lens.len()];
        for &path in &order {
            match seen.get_mut(path) {
                Some(seen) if !*seen => *seen = true,
                _ => return Err(TextError::Path(path)),
            }
        }
        match cuts.iter().zip(&lens).position(|(cut, len)| cut > len) {
            Some(path) => Err(TextError::Path(path)),
            None => Ok(Self { strategy, order, cuts }),
        }
    }
}

fn read_block(network: &Network, index: usize, text: &str) -> Result<Block, TextError> {
    let mut parts = text.split(':');
    let stages = parts.next().and_then(|stages| stages.split_once('-'));
    let (first, last) = stages.ok_or(TextError::Parts("a block is first-last:rows:columns"))?;
    let (first, last): (usize, usize) = (number(first)?, number(last)?);
    let stages = network.stages().len();
    if last >= stages {
        return Err(StrategyError::Order { block: index, first, last, expected: first, stages }.into());
    }
    let shape = network.boundary(last + 1);
    let grid = match (parts.next(), parts.next()) {
        (None, _) => Grid::whole(shape.height, shape.width),
        (Some(rows), Some(columns)) => Grid::new(numbers(rows)?, numbers(columns)?, shape.height, shape.width)
            .map_err(|error| TextError::Grid { block: index, error })?,
        (Some(_), None) => return Err(TextError::Parts("a grid has rows and columns")),
    };
    Ok(Block { first, last, grid })
}

/// A line of a record: its kind, numbers, and a plan with its makespan.
fn line(kind: &str, numbers: &[u64], found: Option<&Found>) -> String {
    let mut text = [kind, " "].concat();
    push_all(&mut text, &mut numbers.iter().copied().chain(found.map(|found| found.makespan.0)), ' ');
    if let Some(found) = found {
        text.push(' ');
        text.push_str(&plan_text(&found.strategy, &found.order, &found.cuts));
    }
    text
}

impl Searched {
    /// All of it, a text a line: `m` a method, `i` an improvement, `p` a point of the search, `b` the
    /// lower bound, `f` the fluid bound and `n` the number of plans, where they are known.
    pub fn to_texts(&self) -> Vec<String> {
        let mut texts = vec![line("b", &[self.lower_bound.0], None)];
        texts.extend(self.fluid.map(|ns| line("f", &[ns.0], None)));
        texts.extend(self.plans.map(|plans| line("n", &[plans.to_bits()], None)));
        for Known { method, evaluations, found } in &self.methods {
            texts.push(line(&["m ", method.id()].concat(), &[*evaluations], Some(found)));
        }
        for Improvement { iteration, evaluations, found } in &self.improvements {
            texts.push(line("i", &[u64::from(*iteration), *evaluations], Some(found)));
        }
        for point in &self.points {
            let SearchPoint { evaluations, best_ns, mean_ns, deviation_ns, least_ns, worst_ns } = *point;
            texts.push(line("p", &[evaluations, best_ns, mean_ns, deviation_ns, least_ns, worst_ns], None));
        }
        texts
    }

    /// Reads what [`Searched::to_texts`] wrote. Makespans are believed: the schedule of a plan is made
    /// anew when it is drawn.
    ///
    /// # Errors
    /// The first text that is not one of them.
    pub fn from_texts(network: &Network, texts: &[String]) -> Result<Self, TextError> {
        let mut searched = Self::default();
        searched.update(network, texts)?;
        Ok(searched)
    }

    /// Takes over what is said anew of bounds and methods, and adds what else is said.
    ///
    /// # Errors
    /// The first text that is none of [`Searched::to_texts`].
    pub fn update(&mut self, network: &Network, texts: &[String]) -> Result<(), TextError> {
        texts.iter().try_for_each(|text| self.take(network, text))
    }

    fn take(&mut self, network: &Network, text: &str) -> Result<(), TextError> {
        let mut words = text.split(' ');
        let kind = words.next();
        let mut word = || words.next().ok_or(TextError::Parts("a record is cut short"));
        match kind {
            Some("b") => self.lower_bound = Nanos(number(word()?)?),
            Some("f") => self.fluid = Some(Nanos(number(word()?)?)),
            Some("n") => self.plans = Some(f64::from_bits(number(word()?)?)),
            Some("m") => {
                let id = word()?;
                let method = Method::find(id).ok_or_else(|| TextError::Method(id.to_owned()))?;
                let evaluations = number(word()?)?;
                self.methods.retain(|known| known.method != method);
                self.methods.push(Known { method, evaluations, found: read_found(network, word()?, word()?)? });
            }
            Some("i") => {
                let (iteration, evaluations) = (number(word()?)?, number(word()?)?);
                let found = read_found(network, word()?, word()?)?;
                self.improvements.push(Improvement { iteration, evaluations, found });
            }
            Some("p") => {
                let mut next = || number(word()?);
                let [evaluations, best_ns, mean_ns] = [next()?, next()?, next()?];
                let [deviation_ns, least_ns, worst_ns] = [next()?, next()?, next()?];
                self.points.push(SearchPoint { evaluations, best_ns, mean_ns, deviation_ns, least_ns, worst_ns });
            }
            _ => return Err(TextError::Parts("a record is b, f, n, m, i or p")),
        }
        Ok(())
    }
}

fn read_found(network: &Network, makespan: &str, plan: &str) -> Result<Found, TextError> {
    let Proposal { strategy, order, cuts } = Proposal::read(network, plan)?;
    Ok(Found { strategy, order, cuts, makespan: Nanos(number(makespan)?) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::{Answer, answer_of, search};
    use crate::search::Unwatched;
    use crate::sheet::task::task;
    use crate::situation::Situation;

    #[test]
    fn searches_round_trip_and_any_plan_of_them_is_an_answer() {
        let task = task(&Situation::default(), "").expect("the first situation can be planned");
        let searched = search(&task, &mut Unwatched);
        let read = Searched::from_texts(&task.network, &searched.to_texts()).expect("what was written");
        assert_eq!(read, searched);
        assert_eq!(answer_of(&task, &read), answer_of(&task, &searched));
        for Known { method, found, .. } in &read.methods {
            let answer = Answer::of(&task, &read, *method, &Proposal::from(found));
            assert_eq!((answer.makespan_ns, answer.faults.len()), (found.makespan.0, 0));
        }
        let mut before = u64::MAX;
        for Improvement { found, .. } in &read.improvements {
            let answer = Answer::of(&task, &read, Method::Psomw, &Proposal::from(found));
            assert_eq!(answer.makespan_ns, found.makespan.0);
            assert!(answer.makespan_ns < before, "each is better than the one before");
            before = answer.makespan_ns;
        }
        assert_eq!(Some(before), read.of(Method::Psomw).map(|known| known.found.makespan.0));
        assert_eq!(Some(before), read.points.last().map(|point| point.best_ns));
    }

    #[test]
    fn what_is_no_plan_is_refused() {
        let task = task(&Situation::default(), "").expect("the first situation can be planned");
        let read = |text: &str| Proposal::read(&task.network, text).map(|plan| plan.to_text());
        let plan = "0-9:0,6,13:0,7,13;10-14~2,0,1,3,4~0,10,10,10,0";
        assert_eq!(read(plan), Ok(plan.to_owned()));
        for (text, wrong) in [
            ("", TextError::Parts("it is blocks~order~cuts")),
            ("0-14~0", TextError::Parts("it is blocks~order~cuts")),
            ("0-14~0~x", TextError::Number("x".to_owned())),
            ("0-14~0~16", TextError::Path(0)),
            ("0-14~1~3", TextError::Path(1)),
            ("0-14~0,1~3", TextError::Parts("order and cuts have one entry a path")),
            ("0-9:0,6:0,13~0~0", TextError::Grid { block: 0, error: GridError::Boundaries }),
            ("0-9:0,6~0~0", TextError::Parts("a grid has rows and columns")),
            ("0-9~0~0", TextError::Strategy(StrategyError::Uncovered { stage: 10 })),
        ] {
            assert_eq!(read(text), Err(wrong), "{text}");
        }
        assert!(read("0-99~0~0").is_err());
        assert!(read("3-1~0~0").is_err());
    }
}
