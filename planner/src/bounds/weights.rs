//! Prices of a nanosecond on device, uplink and server: every choice of them proves a bound.

/// What the weights of all slots sum up to at most.
pub const SCALE: u64 = 1 << 12;

/// Busy time of device, uplink and server.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Load(pub [f64; 3]);

/// Integer prices `w` with `k·w₁ + w₂ + m·w₃ ≤ SCALE`: a window of length T in which the three
/// resources work loads D, U and S has `SCALE·T ≥ w₁·D + w₂·U + w₃·S`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weights(pub [u64; 3]);

impl Weights {
    /// The nearest integer prices below shares `λ` of the three resources, which have these slots.
    pub fn from_shares(shares: [f64; 3], slots: [usize; 3]) -> Self {
        let total: f64 = shares.iter().sum();
        let mut weights = [0; 3];
        for resource in 0..3 {
            let price = shares[resource] / total * SCALE as f64 / slots[resource] as f64;
            weights[resource] = (price as u64).min(SCALE / slots[resource] as u64);
        }
        Self(weights)
    }

    /// The shares that give these prices; they may be a little less than 1 in all.
    #[cfg(feature = "uneven")]
    pub fn shares(self, slots: [usize; 3]) -> [f64; 3] {
        [0, 1, 2].map(|resource| (self.0[resource] * slots[resource] as u64) as f64 / SCALE as f64)
    }

    /// The price of these times.
    #[inline]
    pub fn price(self, device: u64, uplink: u64, server: u64) -> u64 {
        self.0[0] * device + self.0[1] * uplink + self.0[2] * server
    }
}

/// Steers shares `λ` towards the largest value of a concave function given by its cheapest load:
/// `cheapest(λ)` is the load whose price under λ is least. Gives the best shares found.
///
/// Multiplicative steps of falling size; `loads` are per slot.
pub fn steer(start: [f64; 3], steps: u32, mut cheapest: impl FnMut([f64; 3]) -> Load) -> [f64; 3] {
    let (mut shares, mut best) = (start, (f64::NEG_INFINITY, start));
    for step in 0..steps {
        let Load(load) = cheapest(shares);
        let value: f64 = (0..3).map(|i| shares[i] * load[i]).sum();
        if value > best.0 {
            best = (value, shares);
        }
        let largest = load.iter().copied().fold(0.0, f64::max);
        if largest <= 0.0 {
            break;
        }
        let pace = 0.8 / (1.0 + 0.35 * f64::from(step));
        for i in 0..3 {
            // Exactly rounded operations only: the same shares on every machine.
            shares[i] = (shares[i] + 1e-4) * (1.0 + pace * (load[i] - value) / largest).max(0.05);
        }
        let total: f64 = shares.iter().sum();
        shares = shares.map(|share| share / total);
    }
    best.1
}

/// Moves shares `λ` from one resource to another in ever smaller steps, down to `finest`, towards a higher bound; gives
/// the highest and its shares. Stops as soon as it reaches `limit`. `bound` is told the highest so far: what proves no
/// more may be anything below it.
pub fn climb(start: [f64; 3], limit: u64, finest: f64, mut bound: impl FnMut([f64; 3], u64) -> u64) -> (u64, [f64; 3]) {
    let mut best = (bound(start, 0), start);
    let mut step: f64 = 1.0 / 4.0;
    while step >= finest && best.0 < limit {
        let before = best.0;
        for (from, to) in [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)] {
            let mut shares = best.1;
            let moved = step.min(shares[from]);
            shares[from] -= moved;
            shares[to] += moved;
            let value = if best.0 < limit { bound(shares, best.0) } else { 0 };
            if value > best.0 {
                best = (value, shares);
            }
        }
        if best.0 == before {
            step /= 2.0;
        }
    }
    best
}
