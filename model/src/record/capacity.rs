//! The record of `capacity`: the largest load with a retrieval state.

use serde::{Deserialize, Serialize};

use crate::Model;

/// How a capacity was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CapacityMethod {
    /// The fold or continuous end of the replica-symmetric retrieval state.
    ReplicaSymmetric,
    /// The stored memories that one update changes.
    Stability,
}

/// What was optimised, and where the largest load sits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Optimum {
    /// θ as a unit states it, in units of the coupling; `None` where inhibition sets it.
    pub threshold: Option<f64>,
    /// g of graded and threshold-linear units.
    pub gain: Option<f64>,
    /// θ_eff, the local field at which a unit switches: that of a unit states with the reaction taken off,
    /// θ − R(χ)(s₁ + s₂)/2 for two levels. Of threshold-linear units, whose scale is free, θ_eff/m.
    pub effective_threshold: Option<f64>,
    /// Overlap times the deviation of a stored component, in units of the noise.
    pub signal: Option<f64>,
    /// −θ_eff in units of the noise.
    pub bias: Option<f64>,
    /// Γ = R(χ), the reaction of the network on a unit at the best gain of graded units.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reaction: Option<f64>,
}

/// A capacity and the retrieval state there; what is not known is `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CapacityPoint {
    /// How it was computed.
    pub method: CapacityMethod,
    /// The connectivity, as a model names it.
    pub connectivity: String,
    /// T.
    pub temperature: f64,
    /// The largest load with a retrieval state: p/N, or p per mean number of inputs of diluted networks.
    pub alpha_c: f64,
    /// The load where the state that continues the stored pattern from zero load ends, if that is another one
    /// and could be followed to its end.
    pub alpha_c_pattern: Option<f64>,
    /// The overlap there.
    pub m_pattern: Option<f64>,
    /// The stability of the memories, of capacities that impose one.
    pub kappa: Option<f64>,
    /// P(ξ > 0).
    pub active_fraction: Option<f64>,
    /// ⟨ξ⟩²/⟨ξ²⟩.
    pub sparseness: Option<f64>,
    /// The overlap m at α_c; 0 where the state disappears continuously. With the rule `covariance:normalised=true`
    /// it is E\[(ξ − a)s\]/⟨(ξ − a)²⟩, 1 where units of levels 0 and 1 repeat a 0/1 memory.
    pub m: Option<f64>,
    /// The susceptibility χ at α_c.
    pub chi: Option<f64>,
    /// What is optimal.
    pub optimum: Option<Optimum>,
    /// P(s > lowest level) at α_c: of threshold-linear units P(s > 0), of levels −1, 0, 1 P(s ≠ 0).
    pub retrieved_activity: Option<f64>,
    /// ⟨s⟩²/⟨s²⟩ at α_c.
    pub retrieved_sparseness: Option<f64>,
    /// Correlation coefficient of states and stored pattern at α_c.
    pub correlation: Option<f64>,
    /// Bits that the retrieved states tell about the memories, per directed synapse, at α_c.
    pub information: Option<f64>,
}

/// Capacities of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CapacityRecord {
    /// The model.
    pub model: Model,
    /// One or more capacities, such as one per temperature.
    pub points: Vec<CapacityPoint>,
}
