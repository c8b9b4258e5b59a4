//! Machines with hidden units by enumeration of the visible ones.

use mattis_model::{Machine, SpecError};

use super::ExactError;
use super::sum::{Sum, normalise, sum};
use crate::TheoryError;
use crate::interactions::Cube;

/// Most visible units of a machine that is enumerated.
pub const MAX_MACHINE_SITES: usize = 20;

/// P(v) of every state of the visible units of a machine; the hidden ones are summed in closed form. Bit i of a
/// state's index says whether v_i is 1 or the lower value.
#[derive(Debug, Clone)]
pub struct MachineLaw<'a> {
    machine: &'a Machine,
    log_weights: Vec<f64>,
    probabilities: Vec<f64>,
    log_z: f64,
}

/// Derivatives of the mean ln P of data, or what an algorithm takes for them.
#[derive(Debug, Clone, PartialEq)]
pub struct MachineGradient {
    /// By W_iμ.
    pub weights: Vec<Vec<f64>>,
    /// By b_i.
    pub visible: Vec<f64>,
    /// By c_μ.
    pub hidden: Vec<f64>,
}

impl<'a> MachineLaw<'a> {
    /// The law of a machine with N ≤ [`MAX_MACHINE_SITES`].
    ///
    /// # Errors
    /// If N is larger.
    pub fn new(machine: &'a Machine) -> Result<Self, TheoryError> {
        if machine.visible() > MAX_MACHINE_SITES {
            return Err(ExactError::TooLarge {
                levels: 2,
                units: machine.visible(),
                limit: 1 << MAX_MACHINE_SITES,
                purpose: " to enumerate a machine",
            }
            .into());
        }
        let cube = Cube::new(machine)?;
        let log_weights: Vec<f64> = (0..cube.blocks()).flat_map(|block| cube.block(block)).collect();
        let mut probabilities = log_weights.clone();
        let log_z = normalise(&mut probabilities);
        Ok(Self { machine, log_weights, probabilities, log_z })
    }

    /// The machine.
    pub fn machine(&self) -> &'a Machine {
        self.machine
    }

    /// P(v).
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }

    /// ln Σ_v e^{b·v + F(v)}: the hidden measure is normalised at c, so that Z = Σ_v e^{b·v} without weights.
    pub fn log_z(&self) -> f64 {
        self.log_z
    }

    /// ln of the sum of exp(b·v + vWz + c·z − V(z)) over both layers, Σ_μ w(c_μ, 0, 1) above
    /// [`MachineLaw::log_z`]; `None` where the unit's measure is not normalisable.
    pub fn log_z_joint(&self) -> Option<f64> {
        let machine = self.machine;
        let hidden: f64 = if machine.hidden.colours().is_some() {
            machine.hidden_bias.chunks(self.width()).map(log_sum_exp).sum()
        } else {
            machine.hidden_bias.iter().map(|c| machine.hidden.w(*c, 0.0, 1.0)).sum()
        };
        hidden.is_finite().then_some(self.log_z + hidden)
    }

    /// −Σ P ln P of the visible units.
    pub fn entropy(&self) -> f64 {
        self.log_z - sum(self.probabilities.iter().zip(&self.log_weights).map(|(p, w)| p * w))
    }

    /// ⟨v_i⟩.
    pub fn means(&self) -> Vec<f64> {
        let mut sums = vec![Sum::default(); self.machine.visible()];
        self.visit(&self.probabilities, |p, v| {
            sums.iter_mut().zip(v).for_each(|(sum, v)| sum.add(p * v));
        });
        sums.into_iter().map(Sum::value).collect()
    }

    /// ⟨v_i v_j⟩, on the diagonal ⟨v_i²⟩.
    pub fn correlations(&self) -> Vec<Vec<f64>> {
        let count = self.machine.visible();
        let mut sums = vec![vec![Sum::default(); count]; count];
        self.visit(&self.probabilities, |p, v| {
            for (row, a) in sums.iter_mut().zip(v) {
                row.iter_mut().zip(v).for_each(|(sum, b)| sum.add(p * a * b));
            }
        });
        sums.into_iter().map(|row| row.into_iter().map(Sum::value).collect()).collect()
    }

    /// ⟨v_i f_μ⟩ = ⟨v_i z_μ⟩ with the activation f_μ = K′(c_μ + q_μ), for a Potts unit the probability of each
    /// state.
    pub fn hidden_correlations(&self) -> Vec<Vec<f64>> {
        self.statistics(&self.probabilities).weights
    }

    /// ln P of each row of data.
    ///
    /// # Errors
    /// If a row is no state of the visible units.
    pub fn log_likelihood(&self, data: &[Vec<f64>]) -> Result<Vec<f64>, TheoryError> {
        let states = states(self.machine, data)?;
        Ok(states.into_iter().map(|state| self.log_weights[state] - self.log_z).collect())
    }

    /// Derivatives of the mean of ln P over data: ⟨v_i f_μ⟩_data − ⟨v_i f_μ⟩ by W_iμ, and so on.
    ///
    /// # Errors
    /// If a row is no state of the visible units.
    pub fn gradient(&self, data: &[Vec<f64>]) -> Result<MachineGradient, TheoryError> {
        let positive = self.statistics(&self.empirical(data)?);
        Ok(positive.minus(&self.statistics(&self.probabilities)))
    }

    /// Shares of the states in data.
    pub(super) fn empirical(&self, data: &[Vec<f64>]) -> Result<Vec<f64>, TheoryError> {
        let mut shares = vec![0.0; self.probabilities.len()];
        for state in states(self.machine, data)? {
            shares[state] += 1.0 / data.len() as f64;
        }
        Ok(shares)
    }

    /// ⟨v_i f_μ⟩, ⟨v_i⟩ and ⟨f_μ⟩ of any law.
    pub(super) fn statistics(&self, law: &[f64]) -> MachineGradient {
        let (visible, columns) = (self.machine.visible(), self.machine.columns());
        let mut weights = vec![vec![Sum::default(); columns]; visible];
        let (mut means, mut hidden) = (vec![Sum::default(); visible], vec![Sum::default(); columns]);
        self.visit(law, |p, v| {
            let activations = self.activations(&self.machine.fields(v));
            for ((row, mean), v) in weights.iter_mut().zip(&mut means).zip(v) {
                mean.add(p * v);
                row.iter_mut().zip(&activations).for_each(|(sum, f)| sum.add(p * v * f));
            }
            hidden.iter_mut().zip(&activations).for_each(|(sum, f)| sum.add(p * f));
        });
        let values = |sums: Vec<Sum>| sums.into_iter().map(Sum::value).collect::<Vec<f64>>();
        MachineGradient {
            weights: weights.into_iter().map(values).collect(),
            visible: values(means),
            hidden: values(hidden),
        }
    }

    fn activations(&self, fields: &[f64]) -> Vec<f64> {
        if self.machine.hidden.colours().is_some() {
            let shares = |fields: &[f64]| {
                let top = log_sum_exp(fields);
                fields.iter().map(|q| (q - top).exp()).collect::<Vec<_>>()
            };
            return fields.chunks(self.width()).flat_map(shares).collect();
        }
        let slope = |q: &f64| {
            let mut k = [0.0; 2];
            self.machine.hidden.cumulants(*q, &mut k);
            k[1]
        };
        fields.iter().map(slope).collect()
    }

    /// Columns of a hidden unit.
    pub(super) fn width(&self) -> usize {
        self.machine.hidden.colours().unwrap_or(1)
    }

    /// Calls with the probability and the values of each state that has one.
    pub(super) fn visit(&self, law: &[f64], mut f: impl FnMut(f64, &[f64])) {
        for (state, p) in law.iter().enumerate().filter(|(_, p)| **p > 0.0) {
            f(*p, &values(self.machine, state));
        }
    }
}

impl MachineGradient {
    /// The difference of two of them.
    pub(super) fn minus(mut self, other: &Self) -> Self {
        let rows = self.weights.iter_mut().flatten().zip(other.weights.iter().flatten());
        let rest =
            self.visible.iter_mut().zip(&other.visible).chain(self.hidden.iter_mut().zip(&other.hidden));
        rows.chain(rest).for_each(|(a, b)| *a -= b);
        self
    }
}

fn log_sum_exp(fields: &[f64]) -> f64 {
    let top = fields.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    top + fields.iter().map(|q| (q - top).exp()).sum::<f64>().ln()
}

/// v of a state.
pub(super) fn values(machine: &Machine, state: usize) -> Vec<f64> {
    let low = machine.encoding.low();
    (0..machine.visible()).map(|i| if state >> i & 1 == 1 { 1.0 } else { low }).collect()
}

/// Indices of rows of data.
fn states(machine: &Machine, data: &[Vec<f64>]) -> Result<Vec<usize>, TheoryError> {
    checked_data(machine, data)?;
    let index = |row: &Vec<f64>| row.iter().enumerate().map(|(i, v)| usize::from(*v == 1.0) << i).sum();
    Ok(data.iter().map(index).collect())
}

fn checked_data(machine: &Machine, data: &[Vec<f64>]) -> Result<(), TheoryError> {
    let (low, count) = (machine.encoding.low(), machine.visible());
    if data.is_empty() {
        return Err(SpecError::out_of_range("number of rows of data", 0, "at least 1").into());
    }
    for row in data {
        if row.len() != count {
            let expected = format!("{count}, the number of visible units");
            return Err(SpecError::out_of_range("length of a row of data", row.len(), expected).into());
        }
        if let Some(value) = row.iter().find(|v| **v != low && **v != 1.0) {
            return Err(SpecError::out_of_range("a value of the data", value, format!("{low} or 1")).into());
        }
    }
    Ok(())
}

/// Mean over data of Σ_i ln P(v_i | all other visible units), not divided by N; for any N.
///
/// # Errors
/// If a row is no state of the visible units.
pub fn pseudo_log_likelihood(machine: &Machine, data: &[Vec<f64>]) -> Result<f64, TheoryError> {
    checked_data(machine, data)?;
    let low = machine.encoding.low();
    let mut total = Sum::default();
    for row in data {
        let fields = machine.fields(row);
        let here = machine.free(&fields);
        for (i, v) in row.iter().enumerate() {
            let step = if *v == low { 1.0 - low } else { low - 1.0 };
            let moved: Vec<f64> = fields.iter().zip(&machine.weights[i]).map(|(q, w)| q + w * step).collect();
            let gain = machine.visible_bias[i] * step + machine.free(&moved) - here;
            // −ln(1 + e^gain) for a gain of either sign.
            total.add(-gain.max(0.0) - (-gain.abs()).exp().ln_1p());
        }
    }
    Ok(total.value() / data.len() as f64)
}
