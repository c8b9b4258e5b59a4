//! Two layers of units with couplings between them only: generalised restricted Boltzmann machines.
//!
//! N visible units σ_i and M = αN hidden units τ_μ with
//!
//! P(σ, τ) ∝ P_σ(σ) P_τ(τ) exp{√(β/N) Σ_iμ ξ_iμ σ_i τ_μ},  β = 1/T.
//!
//! σ, τ and ξ each have a law between Boolean and Gaussian, x = √Ω g + √(1 − Ω) ε with g a standard normal and
//! ε = ±1. All have mean 0 and variance 1. With Boolean visible and Gaussian hidden units the sum over τ gives
//! the Hopfield model with the memories ξ_·μ. (Barra, Genovese, Sollich & Tantari, Phys. Rev. E 97, 022310 (2018))

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::SpecError;

/// The laws of a generalised restricted Boltzmann machine: Ω = 0 is Boolean, Ω = 1 Gaussian.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwoLayers {
    /// Ω_σ of the visible units.
    #[serde(default)]
    pub visible: f64,
    /// Ω_τ of the hidden units.
    #[serde(default = "gaussian")]
    pub hidden: f64,
    /// Ω_ξ of the weights.
    #[serde(default)]
    pub weights: f64,
}

fn gaussian() -> f64 {
    1.0
}

impl TwoLayers {
    /// Boolean visible and Gaussian hidden units, Boolean weights: the Hopfield model.
    pub const HOPFIELD: Self = Self { visible: 0.0, hidden: 1.0, weights: 0.0 };

    /// Checks that every Ω is a number from 0 to 1.
    ///
    /// # Errors
    /// If one is not.
    pub fn validate(&self) -> Result<(), SpecError> {
        let parts = [
            ("Ω of the visible units", self.visible),
            ("Ω of the hidden units", self.hidden),
            ("Ω of the weights", self.weights),
        ];
        for (quantity, omega) in parts {
            if !(0.0..=1.0).contains(&omega) {
                return Err(SpecError::out_of_range(
                    quantity,
                    omega,
                    "a number from 0, Boolean, to 1, Gaussian",
                ));
            }
        }
        Ok(())
    }
}

impl fmt::Display for TwoLayers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ω_σ = {}, Ω_τ = {}, Ω_ξ = {}", self.visible, self.hidden, self.weights)
    }
}
