//! Field: what else acts on units.

use crate::catalogue::{Catalogued, Choice, Entry, Fallback, Parameter};

/// Fields that do not come from couplings.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum External {
    /// Nothing.
    None,
    /// A uniform external field: −h Σ_i s_i in the energy.
    Uniform(f64),
}

impl External {
    /// The external field h on every unit.
    pub fn value(&self) -> f64 {
        match self {
            Self::None => 0.0,
            Self::Uniform(h) => *h,
        }
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
        ];
        ENTRIES
    }
}
