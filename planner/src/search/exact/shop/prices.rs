//! What jobs cost where device, uplink and server have prices (`shop`, *Bound*).

use super::{Choice, Class, Shop};
use crate::bounds::Weights;

/// One set of prices, and what a job of each class costs at them.
pub struct Prices {
    /// What a nanosecond of each resource costs.
    pub weights: Weights,
    jobs: Vec<JobPrice>,
}

/// What a job costs at some prices.
#[derive(Clone, Copy)]
pub struct JobPrice {
    /// At least.
    pub least: u64,
    /// More than that, at least, if it is the device's last and so the end has to wait for its way
    /// through uplink and server.
    pub last: u64,
    /// At least, if it does without the device; none where there is no such way.
    without: Option<u64>,
    /// What the cheapest choice takes of device, uplink and server.
    pub load: [u64; 3],
    /// What the cheapest last one takes, with what the end waits for behind it.
    pub last_load: [u64; 3],
    /// What the cheapest one without the device takes.
    pub load_without: [u64; 3],
}

impl JobPrice {
    /// Of a class's cheapest choices; `tail` is what follows on the server.
    pub fn new(class: &Class, weights: Weights, tail: u64) -> Self {
        // The cheapest choice, and the cheapest that is the device's last: prices and places.
        let (mut least, mut last) = ((u64::MAX, None), (u64::MAX, None));
        let (mut without, mut load_without) = (None::<u64>, [0; 3]);
        for choice in &class.choices {
            let [device, uplink, server] = choice.load();
            let price = weights.price(device, uplink, server);
            if price < least.0 {
                least = (price, Some(choice));
            }
            if choice.device.is_none() {
                if without.is_none_or(|known| price < known) {
                    (without, load_without) = (Some(price), [device, uplink, server]);
                }
                continue;
            }
            let price = price + weights.price(choice.behind_device(tail), 0, 0);
            if price < last.0 {
                last = (price, Some(choice));
            }
        }
        let load = least.1.map_or([0; 3], Choice::load);
        let last_load = last.1.map_or([0; 3], |choice| {
            let [device, uplink, server] = choice.load();
            [device + choice.behind_device(tail), uplink, server]
        });
        Self { least: least.0, last: last.0.saturating_sub(least.0), without, load, last_load, load_without }
    }
}

/// Prices of jobs left, summed up.
#[derive(Clone, Copy)]
pub struct Rest {
    least: u64,
    /// See [`JobPrice::last`].
    pub last: u64,
    without: Option<u64>,
}

impl Default for Rest {
    fn default() -> Self {
        Self { least: 0, last: u64::MAX, without: Some(0) }
    }
}

impl Rest {
    /// Adds so many jobs of a class.
    pub fn add(&mut self, job: JobPrice, count: u64) {
        self.least += count * job.least;
        self.last = self.last.min(job.last);
        self.without = self.without.zip(job.without).map(|(sum, each)| sum + count * each);
    }

    /// Either one of the jobs is the device's last, and the end waits for it; or none works on the
    /// device, and the end waits for what was placed there before.
    pub fn least(self, waits: u64) -> u64 {
        let [with, without] = self.both(waits);
        without.min(with)
    }

    /// [`Rest::least`]: of jobs one of which works on the device, and of jobs none of which does.
    pub fn both(self, waits: u64) -> [u64; 2] {
        [self.least.saturating_add(self.last), self.without.map_or(u64::MAX, |without| without + waits)]
    }
}

impl Prices {
    /// Of all classes of a shop.
    pub fn new(shop: &Shop, weights: Weights) -> Self {
        let tail = shop.tail.unwrap_or(0);
        Self { weights, jobs: shop.classes.iter().map(|class| JobPrice::new(class, weights, tail)).collect() }
    }

    /// What jobs left cost at least, wherever they are in the order.
    pub fn least(&self, left: &[u64]) -> u64 {
        self.jobs.iter().zip(left).map(|(job, count)| count * job.least).sum()
    }

    /// What jobs left cost at least.
    pub fn rest(&self, left: &[u64], behind_device: u64) -> u64 {
        let mut rest = Rest::default();
        for (&job, &count) in self.jobs.iter().zip(left).filter(|(_, count)| **count > 0) {
            rest.add(job, count);
        }
        rest.least(self.weights.price(behind_device, 0, 0))
    }
}
