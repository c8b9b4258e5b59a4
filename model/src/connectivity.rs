//! Connectivity: who is connected.

use crate::catalogue::{Catalogued, Choice, Entry};

/// The graph of couplings.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Topology {
    /// Every pair; C = N inputs per unit.
    Full,
}

/// A connectivity chosen by name.
pub type Connectivity = Choice<Topology>;

impl Catalogued for Topology {
    const WHAT: &'static str = "connectivity";

    fn entries() -> &'static [Entry<Self>] {
        static ENTRIES: &[Entry<Topology>] = &[Entry {
            name: "full",
            aliases: &[],
            formula: "every pair is coupled; C = N",
            source: "Hopfield, PNAS 79, 2554 (1982)",
            parameters: &[],
            build: |_| Ok(Topology::Full),
        }];
        ENTRIES
    }
}
