//! All couplings of a machine.

use std::collections::BinaryHeap;
use std::ops::RangeInclusive;

use mattis_model::Encoding;

use super::Coupling;

/// J_S of every subset S of N sites, 8·2^N bytes. Bit i of an index says whether site i is in S; the first entry is
/// J_∅, so that ln P = Σ_S J_S Π v − ln Z.
#[derive(Debug, Clone, PartialEq)]
pub struct Couplings {
    encoding: Encoding,
    values: Vec<f64>,
    error: f64,
}

/// What the couplings of one order look like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrderStatistics {
    /// |S|.
    pub order: usize,
    /// How many there are.
    pub count: u64,
    /// Mean of J_S.
    pub mean: f64,
    /// Mean of |J_S|.
    pub mean_abs: f64,
    /// √ of the mean of J_S².
    pub rms: f64,
    /// Largest |J_S|.
    pub max_abs: f64,
}

/// A coupling by size; of equal ones the lower index is the larger.
#[derive(PartialEq)]
struct Ranked(f64, usize);

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    /// Reversed, so that a heap has the smallest on top.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.0.total_cmp(&self.0).then(self.1.cmp(&other.1))
    }
}

/// Replaces each pair of entries that differ in one bit, for every bit.
fn butterflies(values: &mut [f64], pair: impl Fn(f64, f64) -> (f64, f64)) {
    let mut half = 1;
    while half < values.len() {
        for block in values.chunks_exact_mut(2 * half) {
            let (low, high) = block.split_at_mut(half);
            for (a, b) in low.iter_mut().zip(high) {
                (*a, *b) = pair(*a, *b);
            }
        }
        half *= 2;
    }
}

impl Couplings {
    /// The couplings of ln P + const on the cube: Möbius transform for 0/1, Walsh–Hadamard for ±1, in place.
    /// `error` is that of an entry of `log_weights`.
    pub(super) fn of(encoding: Encoding, mut log_weights: Vec<f64>, error: f64) -> Self {
        match encoding {
            Encoding::ZeroOne => butterflies(&mut log_weights, |a, b| (a, b - a)),
            // The upper value of a spin is its set bit; halving is exact.
            Encoding::PlusMinus => butterflies(&mut log_weights, |a, b| (0.5 * (a + b), 0.5 * (b - a))),
        }
        Self { encoding, values: log_weights, error }
    }

    /// Values of a visible unit.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// N.
    pub fn sites(&self) -> usize {
        self.values.len().trailing_zeros() as usize
    }

    /// J_S by the bits of S.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// J_S; `None` where a site does not exist or comes twice.
    pub fn at(&self, sites: &[usize]) -> Option<f64> {
        let mut mask = 0_usize;
        for site in sites {
            if *site >= self.sites() || mask >> site & 1 == 1 {
                return None;
            }
            mask |= 1 << site;
        }
        Some(self.values[mask])
    }

    /// Estimate of the rounding error of a coupling of `order`: that of ln P, summed 2^order times at random in 0/1
    /// and averaged in ±1.
    pub fn error(&self, order: usize) -> f64 {
        match self.encoding {
            Encoding::ZeroOne => self.error * (0.5 * order as f64).exp2(),
            Encoding::PlusMinus => self.error,
        }
    }

    /// ln P + ln Z on the cube: the inverse transform.
    pub fn log_weights(&self) -> Vec<f64> {
        let mut values = self.values.clone();
        match self.encoding {
            Encoding::ZeroOne => butterflies(&mut values, |a, b| (a, a + b)),
            Encoding::PlusMinus => butterflies(&mut values, |a, b| (a - b, a + b)),
        }
        values
    }

    /// ln Z of the visible units, Z = Σ_v exp Σ_S J_S Π v.
    pub fn log_z(&self) -> f64 {
        let weights = self.log_weights();
        let top = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        top + weights.iter().map(|w| (w - top).exp()).sum::<f64>().ln()
    }

    /// The same law in the other encoding, v = (1 + s)/2: J^±_S = Σ_{T⊇S} 2^{−|T|} J^{01}_T, and back
    /// J^{01}_S = 2^{|S|} Σ_{T⊇S} (−1)^{|T|−|S|} J^±_T.
    #[must_use]
    pub fn converted(&self, encoding: Encoding) -> Self {
        let mut values = self.values.clone();
        let mut error = self.error;
        match (self.encoding, encoding) {
            (Encoding::ZeroOne, Encoding::PlusMinus) => {
                butterflies(&mut values, |a, b| (a + 0.5 * b, 0.5 * b));
            }
            (Encoding::PlusMinus, Encoding::ZeroOne) => {
                butterflies(&mut values, |a, b| (a - b, 2.0 * b));
                error *= 2.0;
            }
            _ => {}
        }
        Self { encoding, values, error }
    }

    /// max |Δ ln P|, up to normalisation, between the laws of two sets of couplings, of either encoding: 0
    /// where both are the same law. `None` where the numbers of sites differ.
    pub fn difference(&self, other: &Self) -> Option<f64> {
        if self.values.len() != other.values.len() {
            return None;
        }
        // A constant is no part of the law: both are compared at J_∅ = 0 of the ±1 form.
        let mut ours = self.converted(Encoding::PlusMinus);
        let theirs = other.converted(Encoding::PlusMinus);
        for (a, b) in ours.values.iter_mut().zip(&theirs.values) {
            *a -= b;
        }
        ours.values[0] = 0.0;
        Some(ours.log_weights().into_iter().fold(0.0, |most, x| x.abs().max(most)))
    }

    /// Statistics of the orders 1 … N.
    pub fn orders(&self) -> Vec<OrderStatistics> {
        let mut sums = vec![[0.0; 3]; self.sites() + 1];
        let mut most = vec![0.0_f64; self.sites() + 1];
        let mut counts = vec![0_u64; self.sites() + 1];
        for (mask, value) in self.values.iter().enumerate() {
            let order = mask.count_ones() as usize;
            counts[order] += 1;
            for (sum, term) in sums[order].iter_mut().zip([*value, value.abs(), value * value]) {
                *sum += term;
            }
            most[order] = most[order].max(value.abs());
        }
        (1..sums.len())
            .map(|order| {
                let count = counts[order];
                let [mean, mean_abs, square] = sums[order].map(|sum| sum / count as f64);
                OrderStatistics { order, count, mean, mean_abs, rms: square.sqrt(), max_abs: most[order] }
            })
            .collect()
    }

    /// The `top` largest |J_S| of these orders, largest first.
    pub fn largest(&self, top: usize, orders: RangeInclusive<usize>) -> Vec<Coupling> {
        let mut heap = BinaryHeap::with_capacity(top.min(self.values.len()) + 1);
        for (mask, value) in self.values.iter().enumerate() {
            if orders.contains(&(mask.count_ones() as usize)) {
                heap.push(Ranked(value.abs(), mask));
                if heap.len() > top {
                    heap.pop();
                }
            }
        }
        let coupling = |Ranked(_, mask): Ranked| {
            let sites: Vec<usize> = (0..self.sites()).filter(|i| mask >> i & 1 == 1).collect();
            Coupling { value: self.values[mask], error: self.error(sites.len()), sites }
        };
        heap.into_sorted_vec().into_iter().map(coupling).collect()
    }
}
