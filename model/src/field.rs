//! Field: what else acts on units.

use crate::SpecError;
use crate::catalogue::{Catalogued, Choice, Entry, Fallback, Parameter};

/// Fields that do not come from couplings.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum External {
    /// Nothing.
    None,
    /// A uniform external field: −h Σ_i s_i in the energy.
    Uniform(f64),
    /// The postsynaptic potential of firing neurons against a threshold U: h_i = Σ_j J_ij (s_j + 1) − U, that
    /// is, an external field b_i = Σ_{j≠i} J_ij − U on ±1 units.
    Postsynaptic(f64),
    /// Inhibition by the mean activity x = (1/N) Σ_i s_i: H gains N k x²/2, every field −k x.
    Inhibition(f64),
}

impl External {
    /// The part of the external field that is the same on every unit.
    pub fn value(&self) -> f64 {
        match self {
            Self::None | Self::Inhibition(_) => 0.0,
            Self::Uniform(h) => *h,
            Self::Postsynaptic(threshold) => -threshold,
        }
    }

    /// The strength k of the inhibition by the mean activity; 0 without.
    pub fn inhibition(&self) -> f64 {
        if let Self::Inhibition(strength) = self { *strength } else { 0.0 }
    }

    /// Whether Σ_{j≠i} J_ij acts on every unit too.
    pub fn has_row_sums(&self) -> bool {
        matches!(self, Self::Postsynaptic(_))
    }
}

/// A field chosen by name.
pub type Field = Choice<External>;

impl Catalogued for External {
    const WHAT: &'static str = "field";

    fn entries() -> &'static [Entry<Self>] {
        static ENTRIES: &[Entry<External>] = &[
            Entry {
                name: "none",
                aliases: &[],
                formula: "no external field",
                source: "Hopfield, PNAS 79, 2554 (1982)",
                parameters: &[],
                build: |_| Ok(External::None),
            },
            Entry {
                name: "external",
                aliases: &["uniform"],
                formula: "H gains −h Σ_i s_i",
                source: "de Almeida & Thouless, J. Phys. A 11, 983 (1978)",
                parameters: &[Parameter { name: "h", default: Fallback::Number(0.0), doc: "the field h" }],
                build: |arguments| Ok(External::Uniform(arguments.number("h")?)),
            },
            Entry {
                name: "postsynaptic",
                aliases: &[],
                formula: "h_i = Σ_j J_ij (s_j + 1) − U: silent neurons send nothing; an external field b_i = Σ_j J_ij − U",
                source: "Amit, Gutfreund & Sompolinsky, Phys. Rev. A 32, 1007 (1985)",
                parameters: &[Parameter {
                    name: "u",
                    default: Fallback::Number(0.0),
                    doc: "the threshold U",
                }],
                build: |arguments| Ok(External::Postsynaptic(arguments.number("u")?)),
            },
            Entry {
                name: "inhibition",
                aliases: &[],
                formula: "H gains N k x²/2, x = (1/N) Σ_i s_i: every field gains −k x",
                source: "Treves, J. Phys. A 23, 2631 (1990)",
                parameters: &[Parameter {
                    name: "strength",
                    default: Fallback::Number(1.0),
                    doc: "k >= 0, in units of the coupling",
                }],
                build: |arguments| {
                    let strength = arguments.number("strength")?;
                    if strength < 0.0 {
                        return Err(SpecError::out_of_range("strength of inhibition", strength, "k >= 0"));
                    }
                    Ok(External::Inhibition(strength))
                },
            },
        ];
        ENTRIES
    }
}
