//! Heat bath (Glauber): a unit takes a level from its single-site measure.

use super::zero_temperature::{decided, winners};
use super::{Acceptance, SingleSite, sign, winner};
use crate::network::{MAX_LEVELS, Network};
use crate::random::unit_interval;

/// A buffer for this many weights is cleared at no cost.
const FEW: usize = 4;

/// P(s) ∝ ρ(s) exp{[h s + ½Γs² − V(s)]/T}. A ±1 unit flips with probability 1/(1 + e^{2sh/T}).
#[derive(Debug, Clone)]
pub struct HeatBath {
    site: SingleSite,
    acceptance: Acceptance,
}

impl HeatBath {
    /// Heat bath with this measure.
    pub fn new(site: SingleSite) -> Self {
        Self { acceptance: Acceptance::heat_bath(site.temperature), site }
    }

    /// The single-site measure.
    pub fn site(&self) -> &SingleSite {
        &self.site
    }

    /// The next level in the field of the couplings.
    #[inline]
    pub fn next(&self, current: u8, field: f64, word: u64) -> u8 {
        if self.site.has_coins() && !self.site.spin {
            return decided(&self.site, current, field, word);
        }
        if self.site.spin {
            let aligned = sign(current) * (field + self.site.external);
            let tied = self.site.has_coins() && aligned == 0.0;
            // The upper half of the words stays, as at T > 0.
            let flips = if tied { word >> 63 == 0 } else { self.acceptance.flips(aligned, word) };
            return current ^ u8::from(flips);
        }
        if self.site.temperature == 0.0 {
            return winner(&self.site, current, field);
        }
        if self.site.levels.len() <= FEW {
            self.draw::<FEW>(field, word)
        } else {
            self.draw::<MAX_LEVELS>(field, word)
        }
    }

    /// How a ±1 unit decides.
    #[inline]
    pub(super) fn acceptance(&self) -> &Acceptance {
        &self.acceptance
    }

    /// The level whose cumulative weight first exceeds the word's share of the total.
    #[inline]
    fn draw<const ROOM: usize>(&self, field: f64, word: u64) -> u8 {
        let (weights, total) = self.site.weigh::<ROOM>(field);
        let mut left = unit_interval(word) * total;
        let last = self.site.levels.len() - 1;
        for (level, weight) in weights[..last].iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return level as u8;
            }
        }
        last as u8
    }

    /// The probability of that step: what the words decide by.
    pub fn probability(&self, current: u8, next: u8, field: f64) -> f64 {
        if self.site.has_coins() {
            let (best, count) = winners(&self.site, current, field);
            let wins = self.site.action(usize::from(next), field) >= best;
            return if wins { 1.0 / count as f64 } else { 0.0 };
        }
        if self.site.spin {
            let flip = self.acceptance.probability(sign(current) * (field + self.site.external));
            return if next == current { 1.0 - flip } else { flip };
        }
        if self.site.temperature == 0.0 {
            return if next == winner(&self.site, current, field) { 1.0 } else { 0.0 };
        }
        let (weights, total) = self.site.weigh::<MAX_LEVELS>(field);
        weights[usize::from(next)] / total
    }

    /// Updates the visited units one after another and counts those that changed.
    #[inline]
    pub fn visit<N: Network>(&self, network: &mut N, visits: impl Iterator<Item = (usize, u64)>) -> usize {
        let mut changes = 0;
        for (site, word) in visits {
            let current = network.states()[site];
            let next = self.next(current, network.field(site), word);
            if next != current {
                network.set(site, next);
                changes += 1;
            }
        }
        changes
    }
}
