//! The unit with a Laplace density.

use std::sync::Arc;

use super::{Alphabet, DensityLaw, UnitLaw, density};
use crate::SpecError;
use crate::catalogue::{Entry, Fallback, Parameter};

/// A real s with V(s) = λ|s|: K(q) = −ln(1 − q²/λ²) for |q| < λ. w is +∞ for every Γ > 0, and for |h| ≥ λ at Γ = 0.
#[derive(Debug)]
pub struct Laplace {
    /// λ > 0.
    pub rate: f64,
}

impl DensityLaw for Laplace {
    fn kinks(&self) -> &[f64] {
        &[0.0]
    }

    fn is_even(&self) -> bool {
        true
    }
}

impl UnitLaw for Laplace {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Density(self)
    }

    fn potential(&self, s: f64) -> f64 {
        self.rate * s.abs()
    }

    fn fields(&self) -> (f64, f64) {
        (-self.rate, self.rate)
    }

    fn hidden_only(&self) -> Option<&'static str> {
        Some("its density falls like e^{−λ|s|}, so that w is infinite for every reaction Γ > 0")
    }

    fn draw(&self, h: f64, gamma: f64, temperature: f64, u: f64) -> f64 {
        if gamma != 0.0 || h.abs() >= self.rate {
            return density::draw(self, &|s| self.potential(s), h, gamma, temperature, u);
        }
        // A share (λ − h)/2λ is below 0; half a step of u keeps its logarithm finite.
        let below = 0.5 * (1.0 - h / self.rate);
        let half_step = 0.5 * f64::EPSILON;
        if u < below {
            (u / below).max(half_step).ln() * temperature / (self.rate + h)
        } else {
            -((1.0 - u) / (1.0 - below)).min(1.0).ln() * temperature / (self.rate - h)
        }
    }

    fn cumulants(&self, q: f64, out: &mut [f64]) {
        if q.abs() >= self.rate {
            return out.fill(f64::NAN);
        }
        // (n − 1)!/(λ − q)^n + (n − 1)!/(−λ − q)^n.
        let (right, left) = (1.0 / (self.rate - q), -1.0 / (self.rate + q));
        let (mut up, mut down) = (right, left);
        for (n, place) in out.iter_mut().enumerate().skip(1) {
            *place = up + down;
            up *= n as f64 * right;
            down *= n as f64 * left;
        }
        for (place, value) in out.iter_mut().zip([self.shifted(0.0, q), -2.0 * q * right * left]) {
            *place = value;
        }
    }

    fn shifted(&self, c: f64, q: f64) -> f64 {
        if c.abs() >= self.rate || (c + q).abs() >= self.rate {
            return f64::NAN;
        }
        -(-q * (2.0 * c + q) / ((self.rate - c) * (self.rate + c))).ln_1p()
    }
}

pub(super) const ENTRY: Entry<Arc<dyn UnitLaw>> = Entry {
    name: "laplace",
    aliases: &[],
    formula: "s real, V(s) = λ|s|;  hidden: K(q) = −ln(1 − q²/λ²), |q| < λ",
    source: "textbook: the Laplace distribution",
    parameters: &[Parameter {
        name: "rate",
        default: Fallback::Number(1.0),
        doc: "λ > 0, above the size of every field",
    }],
    build: |arguments| {
        let rate = arguments.number("rate")?;
        if rate <= 0.0 {
            return Err(SpecError::out_of_range("rate of laplace", rate, "λ > 0"));
        }
        Ok(Arc::new(Laplace { rate }))
    },
};
