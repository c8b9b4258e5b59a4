//! Self-coupling: the diagonal J_ii.

use crate::Load;
use crate::catalogue::{Catalogued, Choice, Entry, Fallback, Parameter};

/// The diagonal of the coupling matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Diagonal {
    /// J_ii = 0.
    Zero,
    /// The diagonal that the rule gives: p/N = α for Hebb couplings of ±1 memories.
    Kept,
    /// J_ii = J₀.
    Value(f64),
}

impl Diagonal {
    /// J_ii at a load as N → ∞. Without memories the rule gives no diagonal; a finite p gives p/N → 0.
    pub fn at(&self, load: Load) -> f64 {
        match self {
            Self::Zero => 0.0,
            Self::Kept => load.alpha(),
            Self::Value(j0) => *j0,
        }
    }

    /// ∂J_ii/∂α.
    pub fn slope(&self) -> f64 {
        if matches!(self, Self::Kept) { 1.0 } else { 0.0 }
    }
}

/// A self-coupling chosen by name, or written as a number.
pub type SelfCoupling = Choice<Diagonal>;

impl Catalogued for Diagonal {
    const WHAT: &'static str = "self-coupling";

    fn entries() -> &'static [Entry<Self>] {
        static ENTRIES: &[Entry<Diagonal>] = &[
            Entry {
                name: "zero",
                aliases: &[],
                formula: "J_ii = 0",
                source: "Hopfield, PNAS 79, 2554 (1982)",
                parameters: &[],
                build: |_| Ok(Diagonal::Zero),
            },
            Entry {
                name: "kept",
                aliases: &[],
                formula: "J_ii as the rule gives it: p/N for Hebb",
                source: "Fontanari & Köberle, Phys. Rev. A 36, 2475 (1987)",
                parameters: &[],
                build: |_| Ok(Diagonal::Kept),
            },
            Entry {
                name: "value",
                aliases: &[],
                formula: "J_ii = J₀",
                source: "Fontanari & Köberle, Phys. Rev. A 36, 2475 (1987)",
                parameters: &[Parameter { name: "j0", default: Fallback::Number(0.0), doc: "J₀" }],
                build: |arguments| Ok(Diagonal::Value(arguments.number("j0")?)),
            },
        ];
        ENTRIES
    }

    fn shorthand(text: &str) -> Option<String> {
        let number: f64 = text.trim().parse().ok()?;
        Some(if number == 0.0 { "zero".into() } else { format!("value:j0={number}") })
    }
}
