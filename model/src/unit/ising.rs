//! The Ising spin.

use std::sync::Arc;

use super::{Alphabet, UnitLaw};
use crate::catalogue::Entry;

/// Ising spin, s ∈ {−1, 1}:  w = T ln 2cosh(h/T) + Γ/2,  ⟨s⟩ = tanh(h/T).  (Ising 1925)
#[derive(Debug)]
pub struct Ising;

impl UnitLaw for Ising {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Levels(&[-1.0, 1.0])
    }
}

pub(super) const ENTRY: Entry<Arc<dyn UnitLaw>> = Entry {
    name: "ising",
    aliases: &["spin"],
    formula: "s ∈ {−1, 1};  ⟨s⟩ = tanh(h/T)",
    source: "Ising, Z. Phys. 31, 253 (1925)",
    parameters: &[],
    build: |_| Ok(Arc::new(Ising)),
};
