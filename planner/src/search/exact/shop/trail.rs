//! How partial sequences came about: each knows the one before and the job that was added.

/// Where nothing is chosen yet.
pub const START: u32 = u32::MAX;

struct Added {
    before: u32,
    class: u16,
    choice: u16,
}

/// All partial sequences made so far.
#[derive(Default)]
pub struct Trail(Vec<Added>);

impl Trail {
    /// Forgets all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds a job, by class and choice, to one of them; gives the new one.
    pub fn add(&mut self, before: u32, class: usize, choice: usize) -> u32 {
        self.0.push(Added { before, class: class as u16, choice: choice as u16 });
        self.0.len() as u32 - 1
    }

    /// Class and choice of its jobs, in order.
    pub fn jobs(&self, mut at: u32) -> Vec<(usize, usize)> {
        let mut jobs = Vec::new();
        while let Some(added) = self.0.get(at as usize) {
            jobs.push((usize::from(added.class), usize::from(added.choice)));
            at = added.before;
        }
        jobs.reverse();
        jobs
    }
}
