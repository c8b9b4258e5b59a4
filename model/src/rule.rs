//! Rules: how memories become couplings.

use crate::SpecError;
use crate::catalogue::{Catalogued, Choice, Entry, Fallback, Parameter};

/// The law of the couplings off the diagonal.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum CouplingLaw {
    /// J_ij = (1/N) Σ_μ ξ_i^μ ξ_j^μ.
    Hebb,
    /// No memories: J_ij = J_ji independent normal of mean 0 and variance J²/N (Sherrington and Kirkpatrick).
    GaussianDisorder {
        /// The scale J.
        strength: f64,
    },
}

impl CouplingLaw {
    /// Whether there are memories, hence a load.
    pub fn stores_memories(&self) -> bool {
        matches!(self, Self::Hebb)
    }
}

/// A rule chosen by name.
pub type Rule = Choice<CouplingLaw>;

impl Catalogued for CouplingLaw {
    const WHAT: &'static str = "rule";

    fn entries() -> &'static [Entry<Self>] {
        static ENTRIES: &[Entry<CouplingLaw>] = &[
            Entry {
                name: "hebb",
                aliases: &[],
                formula: "J_ij = (1/N) Σ_μ ξ_i ξ_j",
                source: "Hopfield, PNAS 79, 2554 (1982)",
                parameters: &[],
                build: |_| Ok(CouplingLaw::Hebb),
            },
            Entry {
                name: "none",
                aliases: &[],
                formula: "no memories; disorder sk: J_ij normal, mean 0, variance J²/N",
                source: "Sherrington & Kirkpatrick, PRL 35, 1792 (1975)",
                parameters: &[
                    Parameter {
                        name: "disorder",
                        default: Fallback::Word("sk"),
                        doc: "the law of the couplings: sk",
                    },
                    Parameter {
                        name: "strength",
                        default: Fallback::Number(1.0),
                        doc: "J > 0, the unit of energy",
                    },
                ],
                build: |arguments| {
                    arguments.word("disorder", &["sk"])?;
                    let strength = arguments.number("strength")?;
                    if strength <= 0.0 {
                        return Err(SpecError::out_of_range("strength of none", strength, "J > 0"));
                    }
                    Ok(CouplingLaw::GaussianDisorder { strength })
                },
            },
        ];
        ENTRIES
    }
}
