//! The Gibbs sampler of a machine, exactly: contrastive divergence and relaxation.

use mattis_model::{Alphabet, Unsupported};
use nalgebra::DMatrix;

use super::ExactError;
use super::machine::{MachineGradient, MachineLaw, values};
use crate::TheoryError;

/// Most pairs of a state of the visible and one of the hidden units.
const MAX_PAIRS: usize = 1 << 24;

/// Most states of the smaller layer whose matrix is diagonalised.
const MAX_SIDE: usize = 1 << 10;

/// A state of one hidden unit: z in each of its columns, and ln of its weight.
struct HiddenState {
    z: Vec<f64>,
    log_weight: f64,
}

impl MachineLaw<'_> {
    /// The expected step of contrastive divergence CD-k: chains start at the data, alternate z ~ P(z|v) and v ~
    /// P(v|z) for k sweeps, and their ⟨v_i f_μ⟩ takes the place of the machine's own (Hinton, Neural Comput.
    /// 14, 1771 (2002)). The average over all chains is taken with the transition probabilities; k → ∞ is
    /// [`MachineLaw::gradient`].
    ///
    /// # Errors
    /// If a row of data is no state of the visible units, the hidden unit has no finite list of states, or both
    /// layers have more than 2²⁴ states together.
    pub fn contrastive_divergence(
        &self,
        data: &[Vec<f64>],
        sweeps: usize,
    ) -> Result<MachineGradient, TheoryError> {
        let states = self.hidden_states()?;
        let start = self.empirical(data)?;
        let mut law = start.clone();
        for _ in 0..sweeps {
            law = self.sweep(&law, &states);
        }
        Ok(self.statistics(&start).minus(&self.statistics(&law)))
    }

    /// Eigenvalues of one Gibbs sweep v → z → v, largest first, those of the smaller layer (all others are 0).
    /// The first is 1; the second is the factor by which what a sweep cannot see last decays.
    ///
    /// # Errors
    /// As [`MachineLaw::contrastive_divergence`], and if both layers have more than 1024 states.
    pub fn gibbs_eigenvalues(&self) -> Result<Vec<f64>, TheoryError> {
        let states = self.hidden_states()?;
        let visible = self.probabilities().len();
        let hidden = states.len().pow(self.machine().hidden_units() as u32);
        let side = visible.min(hidden);
        if side > MAX_SIDE {
            return Err(ExactError::TooLarge {
                levels: 2,
                units: side.ilog2() as usize,
                limit: MAX_SIDE,
                purpose: " to diagonalise a sweep, the smaller layer",
            }
            .into());
        }
        // With B = P(v, z)/√(P(v)P(z)) a sweep is B Bᵀ up to a change of basis: symmetric, of B's singular
        // values squared.
        let mut root = DMatrix::<f64>::zeros(visible, hidden);
        let mut totals = vec![0.0; hidden];
        for (state, p) in self.probabilities().iter().enumerate() {
            for (h, share) in self.given_visible(state, &states).into_iter().enumerate() {
                root[(state, h)] = p.sqrt() * share;
                totals[h] += p * share;
            }
        }
        for (mut column, total) in root.column_iter_mut().zip(&totals) {
            if *total > 0.0 {
                column /= total.sqrt();
            }
        }
        let gram = if hidden <= visible { root.tr_mul(&root) } else { &root * root.transpose() };
        let mut eigenvalues: Vec<f64> = gram.symmetric_eigenvalues().iter().copied().collect();
        eigenvalues.sort_by(|a, b| b.total_cmp(a));
        Ok(eigenvalues)
    }

    /// The law after one sweep.
    fn sweep(&self, law: &[f64], states: &[HiddenState]) -> Vec<f64> {
        let mut hidden = vec![0.0; states.len().pow(self.machine().hidden_units() as u32)];
        for (state, p) in law.iter().enumerate().filter(|(_, p)| **p > 0.0) {
            let given = self.given_visible(state, states);
            hidden.iter_mut().zip(given).for_each(|(sum, share)| *sum += p * share);
        }
        let mut next = vec![0.0; law.len()];
        for (index, p) in hidden.iter().enumerate().filter(|(_, p)| **p > 0.0) {
            let given = self.given_hidden(index, states);
            next.iter_mut().zip(given).for_each(|(sum, share)| *sum += p * share);
        }
        next
    }

    /// P(z | v) of every hidden state; the first unit is the fastest digit.
    fn given_visible(&self, state: usize, states: &[HiddenState]) -> Vec<f64> {
        let fields = self.machine().fields(&values(self.machine(), state));
        let mut law = vec![1.0];
        for fields in fields.chunks(self.width()) {
            let logs =
                states.iter().map(|s| s.log_weight + s.z.iter().zip(fields).map(|(z, q)| z * q).sum::<f64>());
            let mut shares: Vec<f64> = logs.collect();
            super::sum::normalise(&mut shares);
            law = shares.iter().flat_map(|share| law.iter().map(move |p| p * share)).collect();
        }
        law
    }

    /// P(v | z) of every visible state.
    fn given_hidden(&self, mut index: usize, states: &[HiddenState]) -> Vec<f64> {
        let machine = self.machine();
        let mut z: Vec<f64> = Vec::with_capacity(machine.columns());
        for _ in 0..machine.hidden_units() {
            z.extend(&states[index % states.len()].z);
            index /= states.len();
        }
        let span = 1.0 - machine.encoding.low();
        let mut law = vec![1.0];
        for (row, bias) in machine.weights.iter().zip(&machine.visible_bias) {
            let field = bias + row.iter().zip(&z).map(|(w, z)| w * z).sum::<f64>();
            let odds = (span * field).abs();
            // The likelier of the two first, without overflow.
            let likely = 1.0 / (1.0 + (-odds).exp());
            let unlikely = (-odds).exp() * likely;
            let (up, down) = if field > 0.0 { (likely, unlikely) } else { (unlikely, likely) };
            law = [down, up].iter().flat_map(|share| law.iter().map(move |p| p * share)).collect();
        }
        law
    }

    /// The states of one hidden unit.
    fn hidden_states(&self) -> Result<Vec<HiddenState>, TheoryError> {
        let unit = &self.machine().hidden;
        let states: Vec<HiddenState> = match unit.alphabet() {
            Alphabet::Levels(levels) if !levels.is_empty() => levels
                .iter()
                .map(|s| HiddenState { z: vec![*s], log_weight: unit.weight(*s).ln() - unit.potential(*s) })
                .collect(),
            Alphabet::Colours(count) => (0..count)
                .map(|a| HiddenState { z: (0..count).map(|b| f64::from(a == b)).collect(), log_weight: 0.0 })
                .collect(),
            _ => {
                return Err(Unsupported::new(
                    format!("the exact Gibbs sweep of {} hidden units", unit.name()),
                    "enumeration",
                    "they have no finite list of states",
                    "hidden units with levels; the exact gradient of any unit",
                )
                .into());
            }
        };
        let (visible, hidden) = (self.probabilities().len(), self.machine().hidden_units() as u32);
        let pairs = states.len().checked_pow(hidden).and_then(|h| h.checked_mul(visible));
        if pairs.is_none_or(|pairs| pairs > MAX_PAIRS) {
            return Err(ExactError::TooLarge {
                levels: states.len(),
                units: hidden as usize,
                limit: MAX_PAIRS / visible,
                purpose: " of the hidden units, beside those of the visible ones",
            }
            .into());
        }
        Ok(states)
    }
}
