//! The unit with an exponential density.

use std::sync::Arc;

use super::{Alphabet, DensityLaw, UnitLaw, density};
use crate::SpecError;
use crate::catalogue::{Entry, Fallback, Parameter};

/// A rate s ≥ 0 with V(s) = λs: K(q) = −ln(1 − q/λ) for q < λ. w is +∞ for every Γ > 0, and for h ≥ λ at Γ = 0.
#[derive(Debug)]
pub struct ExponentialDensity {
    /// λ > 0.
    pub rate: f64,
}

impl DensityLaw for ExponentialDensity {
    fn domain(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}

impl UnitLaw for ExponentialDensity {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Density(self)
    }

    fn potential(&self, s: f64) -> f64 {
        self.rate * s
    }

    fn fields(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, self.rate)
    }

    fn hidden_only(&self) -> Option<&'static str> {
        Some("its density falls like e^{−λs}, so that w is infinite for every reaction Γ > 0")
    }

    fn draw(&self, h: f64, gamma: f64, temperature: f64, u: f64) -> f64 {
        if gamma == 0.0 && h < self.rate {
            return -(-u).ln_1p() * temperature / (self.rate - h);
        }
        density::draw(self, &|s| self.potential(s), h, gamma, temperature, u)
    }

    fn cumulants(&self, q: f64, out: &mut [f64]) {
        if q >= self.rate {
            return out.fill(f64::NAN);
        }
        let inverse = 1.0 / (self.rate - q);
        let mut cumulant = inverse;
        for (n, place) in out.iter_mut().enumerate().skip(1) {
            *place = cumulant;
            cumulant *= n as f64 * inverse;
        }
        if let Some(k) = out.get_mut(0) {
            *k = self.shifted(0.0, q);
        }
    }

    fn shifted(&self, c: f64, q: f64) -> f64 {
        if c >= self.rate || c + q >= self.rate {
            return f64::NAN;
        }
        -(-q / (self.rate - c)).ln_1p()
    }
}

pub(super) const ENTRY: Entry<Arc<dyn UnitLaw>> = Entry {
    name: "exponential-density",
    aliases: &[],
    formula: "s ≥ 0, V(s) = λs;  hidden: K(q) = −ln(1 − q/λ), q < λ",
    source: "textbook: the exponential distribution",
    parameters: &[Parameter { name: "rate", default: Fallback::Number(1.0), doc: "λ > 0, above every field" }],
    build: |arguments| {
        let rate = arguments.number("rate")?;
        if rate <= 0.0 {
            return Err(SpecError::out_of_range("rate of exponential-density", rate, "λ > 0"));
        }
        Ok(Arc::new(ExponentialDensity { rate }))
    },
};
