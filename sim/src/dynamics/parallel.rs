//! Parallel updates (Little): all units are drawn from the fields of the same state.

use super::HeatBath;
use crate::network::Network;

/// What a sweep did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Units that changed; for sequential updates changes are counted, not units.
    pub changes: usize,
    /// Two-time energy of a parallel step, a total:
    /// −Σ s_i(t+1) h_i(t) + Σ [V(s_i(t)) + V(s_i(t+1))] − Σ b_i [s_i(t) + s_i(t+1)],
    /// h with the diagonal and without the external field b; a kernel leaves it out of asymmetric couplings, which
    /// have no energy.
    pub two_time_energy: Option<f64>,
}

impl Step {
    pub(crate) fn changed(changes: usize) -> Self {
        Self { changes, two_time_energy: None }
    }
}

/// A field with the unit's own part; what rounding leaves of an exact cancellation is a tie.
#[inline]
pub(crate) fn with_own(field: f64, own: f64) -> f64 {
    let sum = field + own;
    if sum.abs() <= 4.0 * f64::EPSILON * own.abs() { 0.0 } else { sum }
}

/// One parallel step: s_i(t+1) is drawn with Γ = 0 in the field h_i = Σ_j J_ij s_j(t), the diagonal
/// included. `fields` is a buffer of length N; words are taken in the order of the units.
pub fn step<N: Network>(
    rule: &HeatBath,
    network: &mut N,
    diagonal: f64,
    fields: &mut [f64],
    words: impl Iterator<Item = u64>,
) -> Step {
    network.fields(fields);
    let site = rule.site();
    let mut changes = 0;
    // Fields contain what differs between units: with the new state it is counted there, with the old here.
    let mut energy = network.shift_energy();
    for ((i, field), word) in fields.iter().enumerate().zip(words) {
        let current = network.states()[i];
        let old = site.levels[usize::from(current)];
        let field = with_own(*field, diagonal * old);
        let next = rule.next(current, field, word);
        let new = site.levels[usize::from(next)];
        energy += site.potential(current) + site.potential(next) - new * field - site.external * (old + new);
        if next != current {
            network.set(i, next);
            changes += 1;
        }
    }
    Step { changes, two_time_energy: Some(energy) }
}
