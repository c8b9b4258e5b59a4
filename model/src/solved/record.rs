//! Records of exactly solved models.

use serde::{Deserialize, Serialize};

use super::Solved;

/// What an exact state is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExactKind {
    /// Magnetised of itself: below the critical temperature of the infinite system.
    Ferromagnet,
    /// Magnetised by the field only.
    Paramagnet,
    /// The one equilibrium of a finite system.
    Finite,
}

/// The record of an exactly solved model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExactRecord {
    /// The specification.
    pub model: Solved,
    /// One entry per temperature.
    pub points: Vec<ExactPoint>,
}

/// All states at one temperature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExactPoint {
    /// Temperature.
    pub temperature: f64,
    /// Critical temperature of the infinite system at zero field; `None` for a finite system.
    pub critical_temperature: Option<f64>,
    /// The states, stable first.
    pub states: Vec<ExactState>,
}

/// One state. Energies, entropies and heat capacities are per unit; only `ln_z` is of the whole system.
/// A number that is infinite or has no closed form is `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExactState {
    /// What it is.
    pub kind: ExactKind,
    /// The magnetisation, one entry per condensed direction; empty where there is none to name.
    pub m: Vec<f64>,
    /// Free energy f per unit, −(T/N) ln Z.
    pub free_energy: f64,
    /// Energy u per unit.
    pub energy: f64,
    /// Entropy S = (u − f)/T per unit.
    pub entropy: f64,
    /// Susceptibility χ = ∂m/∂h; at h = 0 a finite system has χ = N⟨m²⟩/T.
    pub chi: Option<f64>,
    /// Heat capacity ∂u/∂T per unit.
    pub heat_capacity: Option<f64>,
    /// Correlation length ξ in lattice steps.
    pub correlation_length: Option<f64>,
    /// Whether the state is a local minimum of the free energy.
    pub locally_stable: bool,
    /// ln Z of the whole system, finite systems at T > 0.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ln_z: Option<f64>,
    /// ⟨|m|⟩ of a finite system.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub abs_m: Option<f64>,
    /// ⟨m²⟩ of a finite system.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub m2: Option<f64>,
    /// Binder's 1 − ⟨m⁴⟩/(3⟨m²⟩²) of a finite system.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub binder: Option<f64>,
    /// What only an enumeration of all states knows.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub enumerated: Option<Enumerated>,
}

/// Averages of the overlap m_μ with one memory.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemoryAverages {
    /// ⟨m_μ²⟩ under the Boltzmann law.
    pub m2: f64,
    /// ⟨|m_μ|⟩ under the Boltzmann law.
    pub abs_m: f64,
}

/// What an enumeration knows of a small network, of the Boltzmann law and of both dynamics.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enumerated {
    /// Overlaps, one entry per memory.
    pub memories: Vec<MemoryAverages>,
    /// ⟨max_μ |m_μ|⟩.
    pub max_abs_m: f64,
    /// Lowest energy per unit.
    pub ground_energy: f64,
    /// How many states have it.
    pub ground_degeneracy: usize,
    /// What the dynamics at T = 0 ends in.
    pub fixed: Fixed,
    /// The stationary law of parallel updates; `None` at T = 0.
    pub parallel_law: Option<ParallelLaw>,
    /// Relaxation of single heat-bath updates of units in random order; `None` at T = 0.
    pub sequential: Option<Relaxation>,
    /// Relaxation of parallel heat-bath updates; `None` at T = 0.
    pub parallel: Option<Relaxation>,
}

/// Where the deterministic dynamics ends, as numbers of states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixed {
    /// Fixed points; a unit without local field keeps its value.
    pub points: usize,
    /// Those of them without such a unit.
    pub strict: usize,
    /// States on cycles of length two of parallel updates.
    pub two_cycle_states: usize,
    /// States on longer cycles of parallel updates.
    pub longer_cycle_states: usize,
    /// States that no single flip lowers in energy.
    pub minima: usize,
    /// Those of them where every single flip costs energy.
    pub strict_minima: usize,
}

/// The stationary law of parallel updates, P(S) ∝ Π_i 2cosh βh_i.  (Little 1974; Peretto 1984)
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParallelLaw {
    /// ln Σ_S Π_i 2cosh βh_i of the whole network.
    pub ln_z: f64,
    /// ⟨m_μ²⟩, one entry per memory.
    pub m2: Vec<f64>,
    /// (1/N) Σ_i ⟨S_i(t) S_i(t+1)⟩.
    pub self_overlap: f64,
}

/// How a dynamics relaxes: the ends of the spectrum of its transition matrix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relaxation {
    /// The largest eigenvalues of one step, 1 first; where `complete` is false, distinct ones only.
    pub leading: Vec<f64>,
    /// The lowest eigenvalue.
    pub lowest: Option<f64>,
    /// Relaxation time −1/ln|λ| in sweeps (N single updates, or one parallel one), λ the eigenvalue of
    /// largest modulus after the leading 1; `None` where |λ| is 1 to rounding.
    pub relaxation_time: Option<f64>,
    /// Whether all 2^N eigenvalues were computed, or only the ends of the spectrum.
    pub complete: bool,
    /// Largest violation of detailed balance of the symmetrised matrix, zero to rounding.
    pub detailed_balance: f64,
}
