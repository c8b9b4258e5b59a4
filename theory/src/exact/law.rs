//! A probability law over all states, and its averages.

use super::ExactError;
use super::enumeration::{Enumeration, finite};
use super::sum::{Sum, normalise, sum};

/// A law over the states of a network.
#[derive(Debug, Clone)]
pub struct Law<'a> {
    network: &'a Enumeration,
    temperature: f64,
    ln_z: f64,
    probabilities: Vec<f64>,
}

/// Averages of the overlaps m_μ = (1/N) Σ_i ξ_i^μ s_i.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlaps {
    /// ⟨m_μ⟩.
    pub mean: Vec<f64>,
    /// ⟨m_μ²⟩.
    pub square: Vec<f64>,
    /// ⟨|m_μ|⟩.
    pub absolute: Vec<f64>,
    /// ⟨max_μ |m_μ|⟩.
    pub largest: f64,
}

impl<'a> Law<'a> {
    pub(super) fn new(network: &'a Enumeration, temperature: f64, mut log_weights: Vec<f64>) -> Self {
        let ln_z = normalise(&mut log_weights);
        Self { network, temperature, ln_z, probabilities: log_weights }
    }

    /// The network.
    pub fn network(&self) -> &'a Enumeration {
        self.network
    }

    /// T.
    pub fn temperature(&self) -> f64 {
        self.temperature
    }

    /// ln of the sum of the weights. For parallel updates it is ln Σ_S Π_i 2cosh βh_i (±1 units).
    pub fn ln_z(&self) -> f64 {
        self.ln_z
    }

    /// P(S) of every state.
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }

    /// ⟨f(s_1 … s_N)⟩.
    pub fn average(&self, mut f: impl FnMut(&[f64]) -> f64) -> f64 {
        let mut total = Sum::default();
        self.network.visit(|state, _, spins| total.add(self.probabilities[state] * f(spins)));
        total.value()
    }

    /// ⟨H⟩ of the whole network, for any law.
    pub fn energy(&self) -> f64 {
        sum(self.probabilities.iter().zip(self.network.energies()).map(|(p, e)| p * e))
    }

    /// Var(H) of the whole network.
    pub fn energy_variance(&self) -> f64 {
        let mean = self.energy();
        sum(self.probabilities.iter().zip(self.network.energies()).map(|(p, e)| p * (e - mean) * (e - mean)))
    }

    /// Entropy −Σ P ln(P/ρ) of the whole network, relative to the reference measure.
    pub fn entropy(&self) -> f64 {
        let mut total = Sum::default();
        self.network.visit(|state, digits, _| {
            let p = self.probabilities[state];
            if p > 0.0 {
                let reference: f64 = digits.iter().map(|d| self.network.log_weights[*d]).sum();
                total.add(p * (reference - libm::log(p)));
            }
        });
        total.value()
    }

    /// ⟨s_i⟩.
    pub fn means(&self) -> Vec<f64> {
        let mut sums = vec![Sum::default(); self.network.units];
        self.network.visit(|state, _, spins| {
            let p = self.probabilities[state];
            sums.iter_mut().zip(spins).for_each(|(sum, s)| sum.add(p * s));
        });
        sums.into_iter().map(Sum::value).collect()
    }

    /// ⟨s_i s_j⟩, row by row.
    pub fn correlations(&self) -> Vec<f64> {
        let n = self.network.units;
        let mut sums = vec![Sum::default(); n * n];
        self.network.visit(|state, _, spins| {
            let p = self.probabilities[state];
            for i in 0..n {
                for j in 0..=i {
                    sums[i * n + j].add(p * spins[i] * spins[j]);
                }
            }
        });
        (0..n * n).map(|k| sums[(k / n).max(k % n) * n + (k / n).min(k % n)].value()).collect()
    }

    /// Q = (1/N) Σ ⟨s_i²⟩.
    pub fn activity(&self) -> f64 {
        let n = self.network.units as f64;
        self.average(|spins| spins.iter().map(|s| s * s).sum::<f64>() / n)
    }

    /// q = (1/N) Σ ⟨s_i⟩²: the mean overlap of two replicas.
    pub fn replica_overlap(&self) -> f64 {
        let means = self.means();
        sum(means.iter().map(|s| s * s)) / means.len() as f64
    }

    /// ⟨((1/N) Σ s_i s_i′)²⟩ = (1/N²) Σ_ij ⟨s_i s_j⟩²: the mean squared overlap of two replicas.
    pub fn replica_overlap_square(&self) -> f64 {
        let correlations = self.correlations();
        sum(correlations.iter().map(|c| c * c)) / correlations.len() as f64
    }

    /// Averages of the overlaps with these memories.
    ///
    /// # Errors
    /// If a memory does not have N finite components.
    pub fn overlaps(&self, patterns: &[Vec<f64>]) -> Result<Overlaps, ExactError> {
        let n = self.network.units;
        for pattern in patterns {
            if pattern.len() != n {
                return Err(ExactError::Length { what: "memory", given: pattern.len(), expected: n });
            }
            finite("component of a memory", pattern)?;
        }
        let mut sums = vec![[Sum::default(); 3]; patterns.len()];
        let mut largest = Sum::default();
        self.network.visit(|state, _, spins| {
            let p = self.probabilities[state];
            let mut top = 0.0f64;
            for (pattern, [mean, square, absolute]) in patterns.iter().zip(&mut sums) {
                let m = pattern.iter().zip(spins).map(|(xi, s)| xi * s).sum::<f64>() / n as f64;
                mean.add(p * m);
                square.add(p * m * m);
                absolute.add(p * m.abs());
                top = top.max(m.abs());
            }
            largest.add(p * top);
        });
        let column = |k: usize| sums.iter().map(|entry| entry[k].value()).collect();
        Ok(Overlaps { mean: column(0), square: column(1), absolute: column(2), largest: largest.value() })
    }

    /// (1/N) Σ_i ⟨s_i(t) s_i(t+1)⟩ when a parallel update follows: (1/N) Σ_i ⟨s_i ⟨s⟩(H_i)⟩, with tanh βh_i
    /// for ±1 units. It is odd in the sign of the update, which stationary averages of even quantities
    /// cannot see.
    pub fn one_step_overlap(&self) -> f64 {
        self.pair_average(|_, old, new, _| old * new) / self.network.units as f64
    }

    /// Two-time energy of the whole network when a parallel update S → S′ follows,
    /// E₂ = −Σ_ij s_i′ J_ij s_j + Σ_i [V(s_i) + V(s_i′)] − h Σ_i (s_i + s_i′). Under the stationary law of
    /// parallel updates, P(S, S′) ∝ ρρ′ e^{−βE₂}, it is −∂ ln Z/∂β.
    pub fn two_time_energy(&self) -> f64 {
        let field = self.network.field;
        let old_potential = |d: usize| self.network.potentials[d] - field * self.network.levels[d];
        let pairs = self.pair_average(|input, _, new, potential| potential - new * (input + field));
        let mut total = Sum::default();
        self.network.visit(|state, digits, _| {
            total.add(self.probabilities[state] * digits.iter().map(|d| old_potential(*d)).sum::<f64>());
        });
        pairs + total.value()
    }

    /// ⟨Σ_i f(Σ_j J_ij s_j, s_i, s_i′, V(s_i′))⟩ when a parallel update follows.
    fn pair_average(&self, f: impl Fn(f64, f64, f64, f64) -> f64) -> f64 {
        let network = self.network;
        let beta = 1.0 / self.temperature;
        let mut inputs = vec![0.0; network.units];
        let mut site = vec![0.0; network.levels.len()];
        self.average(|spins| {
            network.inputs(spins, &mut inputs);
            let terms = inputs.iter().zip(spins).map(|(input, s)| {
                network.single_unit(beta, input + network.field, 0.0, &mut site);
                let next = network.levels.iter().zip(&network.potentials).zip(&site);
                next.map(|((level, potential), p)| p * f(*input, *s, *level, *potential)).sum::<f64>()
            });
            terms.sum()
        })
    }
}
