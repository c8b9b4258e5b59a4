//! The full transition matrix of each dynamics.

use super::enumeration::{beta, finite};
use super::sum::{Sum, sum};
use super::{Enumeration, ExactError, Law};

/// Most states of a transition matrix: 134 MB.
pub const MAX_MATRIX_STATES: usize = 1 << 12;

/// One step of a dynamics at T > 0.
///
/// The sequential ones draw from, or accept with, the law of one unit given the others,
/// P(s_i) ∝ ρ(s_i) exp β{s_i (Σ_{j≠i} J_ij s_j + h) + ½ J_ii s_i² − V(s_i)}; the parallel one uses
/// H_i = Σ_j J_ij s_j + h with the old s_i in the diagonal term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dynamics {
    /// One heat-bath update of a unit chosen uniformly.
    HeatBathRandom,
    /// A heat-bath update of every unit in turn, unit 0 first.
    HeatBathSweep,
    /// One Metropolis step: a unit chosen uniformly, one of its other levels chosen uniformly.
    MetropolisRandom,
    /// A heat-bath update of all units at once (Little).
    HeatBathParallel,
}

/// W(S → S′), row by row: row S is the law of the next state.
#[derive(Debug, Clone)]
pub struct Transition {
    states: usize,
    matrix: Vec<f64>,
}

impl Enumeration {
    /// The transition matrix of one step of a dynamics. Couplings need not be symmetric.
    ///
    /// # Errors
    /// If T is not positive or there are more than [`MAX_MATRIX_STATES`] states.
    pub fn transition(&self, dynamics: Dynamics, temperature: f64) -> Result<Transition, ExactError> {
        let beta = beta(temperature)?;
        if self.states > MAX_MATRIX_STATES {
            return Err(ExactError::TooLarge {
                levels: self.levels.len(),
                units: self.units,
                limit: MAX_MATRIX_STATES,
                purpose: " in a transition matrix",
            });
        }
        let m = self.states;
        let mut matrix = vec![0.0; m * m];
        match dynamics {
            Dynamics::HeatBathRandom => self.visit(|state, digits, spins| {
                let row = &mut matrix[state * m..(state + 1) * m];
                self.each_unit(beta, digits, spins, |i, law| {
                    for (d, p) in law.iter().enumerate() {
                        row[self.neighbour(state, digits, i, d)] += p / self.units as f64;
                    }
                });
            }),
            Dynamics::MetropolisRandom => self.visit(|state, digits, spins| {
                let row = &mut matrix[state * m..(state + 1) * m];
                let proposal = 1.0 / (self.units * (self.levels.len() - 1).max(1)) as f64;
                let mut left = Sum::default();
                self.each_unit(beta, digits, spins, |i, law| {
                    for d in (0..law.len()).filter(|d| *d != digits[i]) {
                        let p = proposal * (law[d] / law[digits[i]]).min(1.0);
                        row[self.neighbour(state, digits, i, d)] = p;
                        left.add(p);
                    }
                });
                row[state] = (1.0 - left.value()).max(0.0);
            }),
            Dynamics::HeatBathSweep => {
                (0..m).for_each(|state| matrix[state * m + state] = 1.0);
                for i in 0..self.units {
                    self.multiply_by_update(beta, i, &mut matrix);
                }
            }
            Dynamics::HeatBathParallel => {
                let mut inputs = vec![0.0; self.units];
                let mut law = vec![0.0; self.levels.len()];
                self.visit(|state, _, spins| {
                    self.inputs(spins, &mut inputs);
                    let row = &mut matrix[state * m..(state + 1) * m];
                    row[0] = 1.0;
                    let mut filled = 1;
                    for input in &inputs {
                        self.single_unit(beta, input + self.field, 0.0, &mut law);
                        for (d, p) in law.iter().enumerate().rev() {
                            for k in 0..filled {
                                row[d * filled + k] = row[k] * p;
                            }
                        }
                        filled *= law.len();
                    }
                });
            }
        }
        Ok(Transition { states: m, matrix })
    }

    /// Calls `f(i, law)` with the law of each unit given the others.
    pub(super) fn each_unit(
        &self,
        beta: f64,
        digits: &[usize],
        spins: &[f64],
        mut f: impl FnMut(usize, &[f64]),
    ) {
        let mut law = vec![0.0; self.levels.len()];
        for (i, row) in self.couplings.chunks_exact(self.units).enumerate() {
            debug_assert_eq!(spins[i], self.levels[digits[i]]);
            let others = row.iter().zip(spins).enumerate().filter(|(j, _)| *j != i);
            let input: f64 = others.map(|(_, (coupling, s))| coupling * s).sum();
            self.single_unit(beta, input + self.field, row[i], &mut law);
            f(i, &law);
        }
    }

    /// The state with unit i at level d.
    pub(super) fn neighbour(&self, state: usize, digits: &[usize], i: usize, d: usize) -> usize {
        let stride = self.levels.len().pow(i as u32);
        state - digits[i] * stride + d * stride
    }

    /// matrix ← matrix · (heat-bath update of unit i).
    fn multiply_by_update(&self, beta: f64, i: usize, matrix: &mut [f64]) {
        let stride = self.levels.len().pow(i as u32);
        // The law of unit i does not depend on its own level: one law per state with level 0.
        let mut laws = Vec::new();
        self.visit(|state, digits, spins| {
            if digits[i] == 0 {
                self.each_unit(beta, digits, spins, |unit, law| {
                    if unit == i {
                        laws.push((state, law.to_vec()));
                    }
                });
            }
        });
        for row in matrix.chunks_exact_mut(self.states) {
            for (state, law) in &laws {
                let together: f64 = (0..law.len()).map(|d| row[state + d * stride]).sum();
                for (d, p) in law.iter().enumerate() {
                    row[state + d * stride] = together * p;
                }
            }
        }
    }
}

impl Transition {
    /// A matrix from elsewhere, row by row, to be checked against a law.
    ///
    /// # Errors
    /// If it is not a square of finite numbers, or too large.
    pub fn given(matrix: Vec<f64>) -> Result<Self, ExactError> {
        let states = matrix.len().isqrt();
        if states == 0 || states * states != matrix.len() || states > MAX_MATRIX_STATES {
            return Err(ExactError::NotSquare { entries: matrix.len() });
        }
        finite("transition probability", &matrix)?;
        Ok(Self { states, matrix })
    }

    /// This step followed by another one.
    ///
    /// # Errors
    /// If the other one has another number of states.
    pub fn then(&self, next: &Self) -> Result<Self, ExactError> {
        let m = self.states;
        next.check("row of the next step", self.row(0))?;
        let mut matrix = vec![0.0; m * m];
        for (out, row) in matrix.chunks_exact_mut(m).zip(self.matrix.chunks_exact(m)) {
            for (weight, other) in row.iter().zip(next.matrix.chunks_exact(m)).filter(|(w, _)| **w != 0.0) {
                out.iter_mut().zip(other).for_each(|(sum, w)| *sum += weight * w);
            }
        }
        Ok(Self { states: m, matrix })
    }

    /// The number of states.
    pub fn states(&self) -> usize {
        self.states
    }

    /// The law of the state after S.
    pub fn row(&self, state: usize) -> &[f64] {
        &self.matrix[state * self.states..(state + 1) * self.states]
    }

    /// Largest |Σ_S′ W(S → S′) − 1|.
    pub fn normalisation_error(&self) -> f64 {
        (0..self.states).map(|s| (sum(self.row(s).iter().copied()) - 1.0).abs()).fold(0.0, f64::max)
    }

    /// The law one step later, Σ_S P(S) W(S → S′).
    ///
    /// # Errors
    /// If the law is of another number of states.
    pub fn advance(&self, law: &[f64]) -> Result<Vec<f64>, ExactError> {
        self.check("law", law)?;
        let mut sums = vec![Sum::default(); self.states];
        for (p, row) in law.iter().zip(self.matrix.chunks_exact(self.states)) {
            sums.iter_mut().zip(row).for_each(|(sum, w)| sum.add(p * w));
        }
        Ok(sums.into_iter().map(Sum::value).collect())
    }

    /// The expectation of an observable one step later, Σ_S′ W(S → S′) f(S′).
    ///
    /// # Errors
    /// If the observable is of another number of states.
    pub fn expect(&self, observable: &[f64]) -> Result<Vec<f64>, ExactError> {
        self.check("observable", observable)?;
        Ok((0..self.states).map(|s| sum(self.row(s).iter().zip(observable).map(|(w, f)| w * f))).collect())
    }

    /// Largest |Σ_S P(S) W(S → S′) − P(S′)|, relative to the largest P: zero for a stationary law.
    ///
    /// # Errors
    /// If the law is of another number of states.
    pub fn stationarity_error(&self, law: &Law<'_>) -> Result<f64, ExactError> {
        let before = law.probabilities();
        let after = self.advance(before)?;
        let top = before.iter().copied().fold(0.0, f64::max);
        Ok(after.iter().zip(before).map(|(a, b)| (a - b).abs() / top).fold(0.0, f64::max))
    }

    /// Largest asymmetry |W(S → S′) √(P(S)/P(S′)) − W(S′ → S) √(P(S′)/P(S))| of the symmetrised matrix: zero
    /// under detailed balance, where both terms are √(W(S → S′) W(S′ → S)) ≤ 1. States without probability
    /// are passed over.
    ///
    /// # Errors
    /// If the law is of another number of states.
    pub fn detailed_balance_error(&self, law: &Law<'_>) -> Result<f64, ExactError> {
        let p = law.probabilities();
        self.check("law", p)?;
        let mut worst = 0.0f64;
        for s in (0..self.states).filter(|s| p[*s] > 0.0) {
            for t in (0..s).filter(|t| p[*t] > 0.0) {
                let ratio = (p[s] / p[t]).sqrt();
                let there = self.matrix[s * self.states + t] * ratio;
                let back = self.matrix[t * self.states + s] / ratio;
                worst = worst.max((there - back).abs());
            }
        }
        Ok(worst)
    }

    /// The stationary law, for any couplings, by elimination without subtractions (Grassmann, Taksar and
    /// Heyman 1985): every probability to full relative accuracy, in states³/3 steps.
    ///
    /// # Errors
    /// If it is not unique in floating point.
    pub fn stationary(&self) -> Result<Vec<f64>, ExactError> {
        let m = self.states;
        let mut w = self.matrix.clone();
        for k in (1..m).rev() {
            let (upper, row) = w.split_at_mut(k * m);
            let out: f64 = row[..k].iter().sum();
            if out <= 0.0 {
                return Err(ExactError::Reducible { state: k });
            }
            for other in upper.chunks_exact_mut(m) {
                other[k] /= out;
                let factor = other[k];
                if factor > 0.0 {
                    other[..k].iter_mut().zip(&row[..k]).for_each(|(a, b)| *a += factor * b);
                }
            }
        }
        let mut law = vec![1.0; m];
        for k in 1..m {
            law[k] = sum((0..k).map(|j| law[j] * w[j * m + k]));
        }
        let total = sum(law.iter().copied());
        for p in &mut law {
            *p /= total;
        }
        Ok(law)
    }

    fn check(&self, what: &'static str, values: &[f64]) -> Result<(), ExactError> {
        if values.len() != self.states {
            return Err(ExactError::Length { what, given: values.len(), expected: self.states });
        }
        finite(what, values)
    }
}
