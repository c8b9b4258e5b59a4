//! Patterns: the law that memories are drawn from.

use crate::catalogue::{Catalogued, Choice, Entry};

/// The law of one component of a memory.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum PatternLaw {
    /// ξ = ±1 with equal probability.
    Rademacher,
}

/// Patterns chosen by name.
pub type Patterns = Choice<PatternLaw>;

impl Catalogued for PatternLaw {
    const WHAT: &'static str = "pattern law";

    fn entries() -> &'static [Entry<Self>] {
        static ENTRIES: &[Entry<PatternLaw>] = &[Entry {
            name: "rademacher",
            aliases: &[],
            formula: "ξ = ±1, each with probability ½",
            source: "Hopfield, PNAS 79, 2554 (1982)",
            parameters: &[],
            build: |_| Ok(PatternLaw::Rademacher),
        }];
        ENTRIES
    }
}
