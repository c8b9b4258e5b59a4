//! The two-level unit with a threshold.

use std::sync::Arc;

use super::{Alphabet, UnitLaw};
use crate::SpecError;
use crate::catalogue::{Entry, Fallback, Parameter};

/// A neuron that is silent or fires, s ∈ {low, high}, V(s) = θ s: at T = 0 it fires where h > θ (Γ = 0).
/// w = T ln[e^{(h−θ)low/T + Γlow²/2T} + e^{(h−θ)high/T + Γhigh²/2T}].  (McCulloch & Pitts 1943, Hopfield 1982)
#[derive(Debug)]
pub struct Binary {
    /// low and high.
    pub levels: [f64; 2],
    /// The threshold θ.
    pub threshold: f64,
}

impl UnitLaw for Binary {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Levels(&self.levels)
    }

    fn potential(&self, s: f64) -> f64 {
        self.threshold * s
    }
}

pub(super) const ENTRY: Entry<Arc<dyn UnitLaw>> = Entry {
    name: "binary",
    aliases: &["step", "bernoulli"],
    formula: "s ∈ {low, high}, V(s) = θ s;  for 0/1: ⟨s⟩ = 1/(1 + e^{(θ − Γ/2 − h)/T})",
    source: "McCulloch & Pitts, Bull. Math. Biophys. 5, 115 (1943); Hopfield, PNAS 79, 2554 (1982)",
    parameters: &[
        Parameter {
            name: "threshold",
            default: Fallback::Number(0.0),
            doc: "θ, the physical threshold, in units of the coupling",
        },
        Parameter { name: "low", default: Fallback::Number(0.0), doc: "the value of a silent unit" },
        Parameter {
            name: "high",
            default: Fallback::Number(1.0),
            doc: "the value of a firing unit, above low",
        },
    ],
    build: |arguments| {
        let levels = [arguments.number("low")?, arguments.number("high")?];
        if levels[0] >= levels[1] {
            return Err(SpecError::out_of_range(
                "high of binary",
                levels[1],
                format!("a number above low = {}", levels[0]),
            ));
        }
        Ok(Arc::new(Binary { levels, threshold: arguments.number("threshold")? }))
    },
};
