//! The list of all states with their energies.

use mattis_model::Unit;

use super::law::Law;
use super::sum::sum;
use super::{ExactError, hebb};

/// Most states that are visited: N = 20 units of two levels, 12 of three.
pub const MAX_STATES: usize = 1 << 20;

/// A network small enough that every state can be visited.
///
/// A state is a number whose digits in base L (the number of levels) are the levels of the units, unit 0
/// the lowest digit; for ±1 units bit i is set where s_i = +1.
#[derive(Debug, Clone)]
pub struct Enumeration {
    pub(super) levels: Vec<f64>,
    /// V(s) of each level.
    pub(super) potentials: Vec<f64>,
    /// ln ρ(s) of each level.
    pub(super) log_weights: Vec<f64>,
    pub(super) units: usize,
    pub(super) states: usize,
    pub(super) couplings: Vec<f64>,
    pub(super) field: f64,
    energies: Vec<f64>,
}

/// The states of lowest energy.
#[derive(Debug, Clone, PartialEq)]
pub struct GroundStates {
    /// The lowest energy, of the whole network.
    pub energy: f64,
    /// How many states have it, to rounding.
    pub degeneracy: usize,
    /// The first of them.
    pub state: usize,
}

/// Thermodynamics of the whole network under the Boltzmann law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thermodynamics {
    /// ln Z, Z = Σ_S Πρ(s_i) e^{−βH(S)}.
    pub ln_z: f64,
    /// Free energy −T ln Z.
    pub free_energy: f64,
    /// ⟨H⟩.
    pub energy: f64,
    /// Heat capacity Var(H)/T².
    pub heat_capacity: f64,
    /// Entropy ln Z + β⟨H⟩, relative to the reference measure ρ.
    pub entropy: f64,
}

impl Enumeration {
    /// Lists the states of units with couplings J (row by row, N² entries, the diagonal is J_ii) in a
    /// uniform external field h.
    ///
    /// # Errors
    /// If J is not a square of finite numbers, or there are more than [`MAX_STATES`] states.
    pub fn new(unit: &Unit, couplings: &[f64], field: f64) -> Result<Self, ExactError> {
        let units = couplings.len().isqrt();
        if units == 0 || units * units != couplings.len() {
            return Err(ExactError::NotSquare { entries: couplings.len() });
        }
        finite("coupling", couplings)?;
        finite("external field", &[field])?;
        unit.in_network("exact enumeration")?;
        let levels = unit.levels();
        finite("level", &levels)?;
        let potentials: Vec<f64> = levels.iter().map(|s| unit.potential(*s)).collect();
        finite("potential", &potentials)?;
        let weights: Vec<f64> = levels.iter().map(|s| unit.weight(*s)).collect();
        if let Some(i) = weights.iter().position(|weight| !(*weight > 0.0 && weight.is_finite())) {
            return Err(ExactError::Weight { level: levels[i], given: weights[i] });
        }
        let states = u32::try_from(units)
            .ok()
            .and_then(|exponent| levels.len().checked_pow(exponent))
            .filter(|states| *states <= MAX_STATES)
            .ok_or(ExactError::TooLarge { levels: levels.len(), units, limit: MAX_STATES, purpose: "" })?;
        let mut network = Self {
            log_weights: weights.into_iter().map(libm::log).collect(),
            levels,
            potentials,
            units,
            states,
            couplings: couplings.to_vec(),
            field,
            energies: Vec::new(),
        };
        let mut energies = Vec::with_capacity(states);
        let mut inputs = vec![0.0; units];
        network.visit(|_, digits, spins| {
            network.inputs(spins, &mut inputs);
            let pairs: f64 = inputs.iter().zip(spins).map(|(input, s)| input * s).sum();
            let single: f64 =
                digits.iter().map(|d| network.potentials[*d] - field * network.levels[*d]).sum();
            energies.push(single - 0.5 * pairs);
        });
        network.energies = energies;
        Ok(network)
    }

    /// The network of these memories with Hebb couplings ([`hebb`]) and no external field.
    ///
    /// # Errors
    /// As [`hebb`] and [`Enumeration::new`].
    pub fn of_memories(
        unit: &Unit,
        patterns: &[Vec<f64>],
        diagonal: mattis_model::Diagonal,
    ) -> Result<Self, ExactError> {
        Self::new(unit, &hebb(patterns, diagonal)?, 0.0)
    }

    /// N.
    pub fn units(&self) -> usize {
        self.units
    }

    /// The number of states.
    pub fn states(&self) -> usize {
        self.states
    }

    /// The levels of a unit.
    pub fn levels(&self) -> &[f64] {
        &self.levels
    }

    /// s_1 … s_N of a state.
    pub fn configuration(&self, state: usize) -> Vec<f64> {
        self.digits(state).into_iter().map(|digit| self.levels[digit]).collect()
    }

    /// The state with these values; `None` if one of them is not a level or their number is not N.
    pub fn state(&self, configuration: &[f64]) -> Option<usize> {
        if configuration.len() != self.units {
            return None;
        }
        configuration.iter().rev().try_fold(0, |state, value| {
            let digit = self.levels.iter().position(|level| level == value)?;
            Some(state * self.levels.len() + digit)
        })
    }

    /// H of every state, of the whole network and with the diagonal of J.
    pub fn energies(&self) -> &[f64] {
        &self.energies
    }

    /// The local fields Σ_j J_ij s_j + h of a state, the diagonal included.
    pub fn local_fields(&self, state: usize) -> Vec<f64> {
        let mut fields = vec![0.0; self.units];
        self.inputs(&self.configuration(state), &mut fields);
        fields.iter().map(|input| input + self.field).collect()
    }

    /// Whether J_ij = J_ji up to four units of rounding; otherwise the pair that differs most.
    ///
    /// # Errors
    /// If it is not.
    pub fn check_symmetric(&self) -> Result<(), ExactError> {
        let n = self.units;
        let scale = self.couplings.iter().fold(0.0, |top: f64, j| top.max(j.abs()));
        let gap = |(i, j): (usize, usize)| (self.couplings[i * n + j] - self.couplings[j * n + i]).abs();
        let worst =
            (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).max_by(|a, b| gap(*a).total_cmp(&gap(*b)));
        match worst {
            Some(pair) if gap(pair) > 4.0 * f64::EPSILON * scale => {
                Err(ExactError::Asymmetric { row: pair.0, column: pair.1, difference: gap(pair) })
            }
            _ => Ok(()),
        }
    }

    /// The states of lowest energy; energies count as equal within the rounding of their sums.
    pub fn ground_states(&self) -> GroundStates {
        let energy = self.energies.iter().copied().fold(f64::INFINITY, f64::min);
        let ceiling = energy + self.energy_rounding();
        let mut lowest =
            self.energies.iter().enumerate().filter(|(_, e)| **e <= ceiling).map(|(state, _)| state);
        let state = lowest.next().unwrap_or_default();
        GroundStates { energy, degeneracy: 1 + lowest.count(), state }
    }

    /// The Boltzmann law P ∝ Πρ(s_i) e^{−βH}: what sequential heat bath and Metropolis leave invariant.
    ///
    /// # Errors
    /// If J is not symmetric or T is not positive.
    pub fn boltzmann(&self, temperature: f64) -> Result<Law<'_>, ExactError> {
        self.check_symmetric()?;
        self.law(temperature, self.boltzmann_log_weights(temperature)?)
    }

    /// The stationary law of parallel heat bath, P ∝ Πρ(s_i) e^{β(h s_i − V(s_i))} · Π_i Z₁(H_i) with local
    /// fields H_i = Σ_j J_ij s_j + h and Z₁(H) = Σ_s ρ(s) e^{β(H s − V(s))}; Π_i 2cosh βH_i for ±1 units
    /// without field. (Little 1974; Peretto 1984)
    ///
    /// # Errors
    /// If J is not symmetric or T is not positive.
    pub fn parallel(&self, temperature: f64) -> Result<Law<'_>, ExactError> {
        self.check_symmetric()?;
        self.law(temperature, self.parallel_log_weights(temperature)?)
    }

    /// A law with given logarithms of weights, for instance one that is to be refuted.
    ///
    /// # Errors
    /// If T is not positive, or the number of weights is not that of the states, or one is not finite.
    pub fn law(&self, temperature: f64, log_weights: Vec<f64>) -> Result<Law<'_>, ExactError> {
        beta(temperature)?;
        if log_weights.len() != self.states {
            return Err(ExactError::Length {
                what: "weights of states",
                given: log_weights.len(),
                expected: self.states,
            });
        }
        finite("logarithm of a weight", &log_weights)?;
        Ok(Law::new(self, temperature, log_weights))
    }

    /// Σ ln ρ(s_i) − βH of every state. For J that is not symmetric H sees its symmetric part only.
    ///
    /// # Errors
    /// If T is not positive.
    pub fn boltzmann_log_weights(&self, temperature: f64) -> Result<Vec<f64>, ExactError> {
        let beta = beta(temperature)?;
        let mut weights = Vec::with_capacity(self.states);
        self.visit(|state, digits, _| {
            let reference: f64 = digits.iter().map(|d| self.log_weights[*d]).sum();
            weights.push(reference - beta * self.energies[state]);
        });
        Ok(weights)
    }

    /// Σ ln ρ(s_i) − βH̄ of every state, with H̄ as in [`Enumeration::effective_energies`]; a formula that
    /// is the stationary law of parallel updates only for symmetric J.
    ///
    /// # Errors
    /// If T is not positive.
    pub fn parallel_log_weights(&self, temperature: f64) -> Result<Vec<f64>, ExactError> {
        let beta = beta(temperature)?;
        let mut inputs = vec![0.0; self.units];
        let mut site = vec![0.0; self.levels.len()];
        let mut weights = Vec::with_capacity(self.states);
        self.visit(|_, digits, spins| {
            self.inputs(spins, &mut inputs);
            weights.push(sum(inputs.iter().zip(digits).map(|(input, d)| {
                let own = self.log_weights[*d] + beta * (self.field * self.levels[*d] - self.potentials[*d]);
                own + self.single_unit(beta, input + self.field, 0.0, &mut site)
            })));
        });
        Ok(weights)
    }

    /// The effective Hamiltonian of parallel updates in every state,
    /// H̄ = Σ_i [V(s_i) − h s_i − T ln Z₁(H_i)]; −T Σ_i ln 2cosh βh_i for ±1 units without field.
    ///
    /// # Errors
    /// If T is not positive.
    pub fn effective_energies(&self, temperature: f64) -> Result<Vec<f64>, ExactError> {
        let mut energies = self.parallel_log_weights(temperature)?;
        self.visit(|state, digits, _| {
            let reference: f64 = digits.iter().map(|d| self.log_weights[*d]).sum();
            energies[state] = -temperature * (energies[state] - reference);
        });
        Ok(energies)
    }

    /// ln Z, mean energy, heat capacity and entropy under the Boltzmann law.
    ///
    /// # Errors
    /// If J is not symmetric or T is not positive.
    pub fn thermodynamics(&self, temperature: f64) -> Result<Thermodynamics, ExactError> {
        let law = self.boltzmann(temperature)?;
        let energy = law.energy();
        Ok(Thermodynamics {
            ln_z: law.ln_z(),
            free_energy: -temperature * law.ln_z(),
            energy,
            heat_capacity: law.energy_variance() / (temperature * temperature),
            entropy: law.ln_z() + energy / temperature,
        })
    }

    /// Calls `f(state, digits, values)` for every state in order.
    pub(super) fn visit(&self, mut f: impl FnMut(usize, &[usize], &[f64])) {
        let mut digits = vec![0; self.units];
        let mut spins = vec![self.levels[0]; self.units];
        for state in 0..self.states {
            f(state, &digits, &spins);
            for (digit, spin) in digits.iter_mut().zip(&mut spins) {
                *digit = (*digit + 1) % self.levels.len();
                *spin = self.levels[*digit];
                if *digit != 0 {
                    break;
                }
            }
        }
    }

    pub(super) fn digits(&self, mut state: usize) -> Vec<usize> {
        let base = self.levels.len();
        (0..self.units)
            .map(|_| {
                let digit = state % base;
                state /= base;
                digit
            })
            .collect()
    }

    /// Σ_j J_ij s_j, the diagonal included, without the external field.
    pub(super) fn inputs(&self, spins: &[f64], out: &mut [f64]) {
        for (row, input) in self.couplings.chunks_exact(self.units).zip(out) {
            *input = row.iter().zip(spins).map(|(j, s)| j * s).sum();
        }
    }

    /// Fills P(s) ∝ ρ(s) exp β(h s + ½Γs² − V(s)) of one unit; returns ln of its sum.
    pub(super) fn single_unit(&self, beta: f64, h: f64, gamma: f64, out: &mut [f64]) -> f64 {
        for (d, p) in out.iter_mut().enumerate() {
            let s = self.levels[d];
            *p = self.log_weights[d] + beta * (h * s + 0.5 * gamma * s * s - self.potentials[d]);
        }
        super::sum::normalise(out)
    }

    /// How far rounding can move an energy.
    pub(super) fn energy_rounding(&self) -> f64 {
        let top = self.levels.iter().fold(0.0, |top: f64, s| top.max(s.abs()));
        let potential = self.potentials.iter().fold(0.0, |top: f64, v| top.max(v.abs()));
        let pairs: f64 = self.couplings.iter().map(|j| j.abs()).sum();
        let single = self.units as f64 * (potential + self.field.abs() * top);
        8.0 * f64::EPSILON * (0.5 * pairs * top * top + single)
    }
}

/// 1/T.
pub(super) fn beta(temperature: f64) -> Result<f64, ExactError> {
    let beta = 1.0 / temperature;
    if temperature > 0.0 && temperature.is_finite() && beta.is_finite() {
        Ok(beta)
    } else {
        Err(ExactError::Temperature { given: temperature })
    }
}

pub(super) fn finite(what: &'static str, numbers: &[f64]) -> Result<(), ExactError> {
    match numbers.iter().find(|number| !number.is_finite()) {
        Some(given) => Err(ExactError::NotFinite { what, given: *given }),
        None => Ok(()),
    }
}
