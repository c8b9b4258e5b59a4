//! The Potts unit.

use std::sync::Arc;

use super::{Alphabet, UnitLaw};
use crate::catalogue::{Entry, Fallback, Parameter};

/// One of Q states k without an order, which enters the energy as u_k(s) = Qδ_ks − 1:
/// H = −½ Σ_ij Σ_kl J_ij^kl u_k(s_i) u_l(s_j).  (Kanter, Phys. Rev. A 37, 2739 (1988))
#[derive(Debug)]
pub struct Potts {
    /// Q ≥ 2.
    pub states: usize,
}

impl UnitLaw for Potts {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Colours(self.states)
    }
}

/// Most states of a unit: a state is stored in a byte.
pub(crate) const MOST_STATES: usize = 256;

pub(super) const ENTRY: Entry<Arc<dyn UnitLaw>> = Entry {
    name: "potts",
    aliases: &[],
    formula: "one of Q states; u_k(s) = Qδ_ks − 1, the state with the largest field wins",
    source: "Kanter, Phys. Rev. A 37, 2739 (1988)",
    parameters: &[Parameter { name: "states", default: Fallback::Number(3.0), doc: "Q, 2 <= Q <= 256" }],
    build: |arguments| Ok(Arc::new(Potts { states: arguments.whole("states", 2, MOST_STATES)? })),
};
