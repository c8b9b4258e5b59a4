//! The binomial unit.

use std::sync::Arc;

use super::cumulants::logistic_derivatives;
use super::{Alphabet, UnitLaw};
use crate::catalogue::{Entry, Fallback, Parameter};

/// The number s ∈ {0, …, n} of n binary units in one field that fire, ρ(s) = C(n, s), V(s) = θs:
/// at Γ = 0 ⟨s⟩ = n/(1 + e^{(θ − h)/T}); K(q) = n ln\[(1 + e^{q − θ})/(1 + e^{−θ})\].
#[derive(Debug)]
pub struct Binomial {
    /// 0, …, n.
    levels: Vec<f64>,
    /// The threshold θ.
    threshold: f64,
}

impl Binomial {
    fn size(&self) -> f64 {
        (self.levels.len() - 1) as f64
    }
}

impl UnitLaw for Binomial {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Levels(&self.levels)
    }

    fn potential(&self, s: f64) -> f64 {
        self.threshold * s
    }

    fn weight(&self, s: f64) -> f64 {
        // Every partial product is a whole number below 2⁶³.
        let mut product = 1.0;
        for k in 1..=s.min(self.size() - s) as u32 {
            product *= (self.size() - f64::from(k) + 1.0) / f64::from(k);
        }
        product.round()
    }

    fn cumulants(&self, q: f64, out: &mut [f64]) {
        let logistic = logistic_derivatives(q - self.threshold, out.len());
        for (place, derivative) in out.iter_mut().skip(1).zip(logistic) {
            *place = self.size() * derivative;
        }
        if let Some(k) = out.get_mut(0) {
            *k = self.shifted(0.0, q);
        }
    }

    fn shifted(&self, c: f64, q: f64) -> f64 {
        let x = c - self.threshold;
        let (up, down) = (1.0 / (1.0 + (-x).exp()), 1.0 / (1.0 + x.exp()));
        let rise = up * q.exp_m1();
        let single = if q > 30.0 {
            q + (up + down * (-q).exp()).ln()
        } else if rise < -0.5 {
            (down + up * q.exp()).ln()
        } else {
            rise.ln_1p()
        };
        self.size() * single
    }
}

pub(super) const ENTRY: Entry<Arc<dyn UnitLaw>> = Entry {
    name: "binomial",
    aliases: &[],
    formula: "s ∈ {0, …, n}, ρ(s) = C(n, s), V(s) = θ s;  at Γ = 0: ⟨s⟩ = n/(1 + e^{(θ − h)/T})",
    source: "Teh & Hinton, NIPS 13, 908 (2001): replicas of a binary unit",
    parameters: &[
        Parameter { name: "n", default: Fallback::Number(3.0), doc: "the number of replicas, 1 <= n <= 63" },
        Parameter { name: "threshold", default: Fallback::Number(0.0), doc: "θ" },
    ],
    build: |arguments| {
        let levels = (0..=arguments.whole("n", 1, 63)?).map(|s| s as f64).collect();
        Ok(Arc::new(Binomial { levels, threshold: arguments.number("threshold")? }))
    },
};
