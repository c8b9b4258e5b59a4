//! The record of `mixtures`: all mean-field states of a finite number of memories.

use serde::{Deserialize, Serialize};

use crate::Model;

/// A class of states that symmetry maps onto each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mixture {
    /// Overlaps of its representative, one per memory.
    pub m: Vec<f64>,
    /// Number n of condensed memories. Memories that are alike and without bias: those with m ≠ 0. Biased
    /// memories: those whose overlap departs from E\[η\]E⟨s⟩, the overlap of a memory that the state knows
    /// nothing of, by more than half of what the leading one does and towards the same side. Under a quadratic
    /// form: those with more than half of the largest |m|. Exactly half is not more.
    pub n: usize,
    /// Whether the overlaps that are not 0 have one absolute value.
    pub symmetric: bool,
    /// Free energy per unit; the energy at T = 0.
    pub free_energy: Option<f64>,
    /// Energy per unit.
    pub energy: Option<f64>,
    /// Entropy per unit.
    pub entropy: Option<f64>,
    /// Number of negative eigenvalues of the Hessian, those below −10⁻⁹; `None` at T = 0 and where there is no Hessian.
    pub index: Option<usize>,
    /// Whether the dynamics of the overlaps returns to it.
    pub stable: bool,
    /// Number of states of the class; `None` where they fill a continuum.
    #[serde(with = "crate::big_integer::optional", default)]
    pub multiplicity: Option<u64>,
    /// Eigenvalues of the Hessian of the free energy in the overlaps, ascending; empty where it does not
    /// exist.
    pub hessian: Vec<f64>,
    /// Largest residual of the equations.
    pub residual: f64,
}

/// A temperature below which a state is stable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// Number of condensed memories.
    pub n: usize,
    /// Whether their overlaps are equal.
    pub symmetric: bool,
    /// The overlaps at T = 0 that tell this state from others.
    pub ground: Vec<f64>,
    /// The temperature.
    pub temperature: f64,
}

/// Whether all states are known to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Completeness {
    /// The Morse sum is 1, as it must be for the states of a coercive free energy.
    SumOk,
    /// There may be more states.
    Unknown,
}

/// What was found, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Census {
    /// Classes up to symmetry.
    pub classes: usize,
    /// States, multiplicities counted; `None` where some fill a continuum.
    #[serde(with = "crate::big_integer::optional", default)]
    pub critical_points: Option<u64>,
    /// Stable ones among them.
    #[serde(with = "crate::big_integer::optional", default)]
    pub stable: Option<u64>,
    /// Σ (−1)^index over all states; `None` for indefinite forms and degenerate states.
    pub morse_sum: Option<i64>,
    /// Whether these are all.
    pub complete: Completeness,
}

/// The record of `mixtures`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MixturesRecord {
    /// The specification.
    pub model: Model,
    /// Number p of memories.
    pub count: usize,
    /// Temperature.
    pub temperature: f64,
    /// The highest temperature where the state without overlaps loses its stability; `None` where there is no such
    /// state or it is always stable.
    pub critical_temperature: Option<f64>,
    /// The classes, in the order of their free energies.
    pub states: Vec<Mixture>,
    /// The temperatures where stability changes.
    pub thresholds: Vec<Threshold>,
    /// The count.
    pub census: Census,
}
