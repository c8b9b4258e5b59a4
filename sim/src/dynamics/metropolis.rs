//! Metropolis: another level is proposed and accepted or not.

use super::{Acceptance, SingleSite, sign};
use crate::network::Network;
use crate::random::{index, unit_interval};

/// A level other than the present one is proposed, each with the same probability, and accepted with
/// probability min(1, ρ(s′)/ρ(s) e^{[A(s′) − A(s)]/T}); at T = 0 iff A grows, or by a coin where ties are coins.
#[derive(Debug, Clone)]
pub struct Metropolis {
    site: SingleSite,
    acceptance: Acceptance,
}

impl Metropolis {
    /// Metropolis with this measure.
    pub fn new(site: SingleSite) -> Self {
        Self { acceptance: Acceptance::metropolis(site.temperature), site }
    }

    /// The single-site measure.
    pub fn site(&self) -> &SingleSite {
        &self.site
    }

    /// The next level; the word `proposal` is used where there are more than two levels.
    #[inline]
    pub fn next(&self, current: u8, field: f64, word: u64, proposal: u64) -> u8 {
        if self.site.spin && !self.site.has_coins() {
            let aligned = sign(current) * (field + self.site.external);
            return current ^ u8::from(self.acceptance.flips(aligned, word));
        }
        let others = self.site.levels.len() - 1;
        if others == 0 {
            return current;
        }
        let proposed = if others == 1 {
            1 - current
        } else {
            let skipping = index(proposal, others) as u8;
            skipping + u8::from(skipping >= current)
        };
        let accepted = unit_interval(word) < self.accepted(current, proposed, field);
        if accepted { proposed } else { current }
    }

    /// How a ±1 unit decides.
    #[inline]
    pub(super) fn acceptance(&self) -> &Acceptance {
        &self.acceptance
    }

    fn accepted(&self, current: u8, proposed: u8, field: f64) -> f64 {
        let (from, to) = (usize::from(current), usize::from(proposed));
        let gain = self.site.action(to, field) - self.site.action(from, field);
        if self.site.temperature == 0.0 {
            let tied = if self.site.has_coins() && gain == 0.0 { 0.5 } else { 0.0 };
            return if gain > 0.0 { 1.0 } else { tied };
        }
        let weights = self.site.weights[to] / self.site.weights[from];
        (weights * libm::exp(gain / self.site.temperature)).min(1.0)
    }

    /// The probability of that step: what the words decide by.
    pub fn probability(&self, current: u8, next: u8, field: f64) -> f64 {
        let count = self.site.levels.len();
        let step = |proposed: u8| {
            let accepted = if self.site.spin && !self.site.has_coins() {
                self.acceptance.probability(sign(current) * (field + self.site.external))
            } else {
                self.accepted(current, proposed, field)
            };
            accepted / (count - 1) as f64
        };
        if next == current {
            1.0 - (0..count as u8).filter(|other| *other != current).map(step).sum::<f64>()
        } else {
            step(next)
        }
    }

    /// Updates the visited units one after another and counts those that changed; a visit is a unit, the
    /// word that decides and the word that proposes.
    #[inline]
    pub fn visit<N: Network>(
        &self,
        network: &mut N,
        visits: impl Iterator<Item = (usize, u64, u64)>,
    ) -> usize {
        let mut changes = 0;
        for (site, word, proposal) in visits {
            let current = network.states()[site];
            let next = self.next(current, network.field(site), word, proposal);
            if next != current {
                network.set(site, next);
                changes += 1;
            }
        }
        changes
    }
}
