//! The spin-1 unit.

use std::sync::Arc;

use super::{Alphabet, UnitLaw};
use crate::catalogue::{Entry, Fallback, Parameter};

/// Spin-1 unit with crystal field D, s ∈ {−1, 0, 1}, V(s) = D s²:
/// w = T ln[1 + 2 e^{(Γ/2 − D)/T} cosh(h/T)].  (Blume 1966, Capel 1966)
#[derive(Debug)]
pub struct ThreeState {
    /// The crystal field D; it favours s = 0 where positive.
    pub crystal_field: f64,
}

impl UnitLaw for ThreeState {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Levels(&[-1.0, 0.0, 1.0])
    }

    fn potential(&self, s: f64) -> f64 {
        self.crystal_field * s * s
    }
}

pub(super) const ENTRY: Entry<Arc<dyn UnitLaw>> = Entry {
    name: "three-state",
    aliases: &["ternary"],
    formula: "s ∈ {−1, 0, 1}, V(s) = D s²;  ⟨s⟩ = 2sinh(h/T) / (e^{(D − Γ/2)/T} + 2cosh(h/T))",
    source: "Blume, Phys. Rev. 141, 517 (1966); Capel, Physica 32, 966 (1966)",
    parameters: &[Parameter {
        name: "crystal-field",
        default: Fallback::Number(0.0),
        doc: "D, in units of the coupling; positive favours s = 0",
    }],
    build: |arguments| Ok(Arc::new(ThreeState { crystal_field: arguments.number("crystal-field")? })),
};
