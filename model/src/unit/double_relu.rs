//! The double rectified linear unit.

use std::sync::Arc;

use super::cumulants::{exp_beyond_linear, logistic_series};
use super::{Alphabet, DensityLaw, UnitLaw, half_normal};
use crate::SpecError;
use crate::catalogue::{Entry, Fallback, Parameter};

/// A real s with a quadratic potential on either side of 0: with s₊ = max(s, 0) and s₋ = min(s, 0) ≤ 0
/// V(s) = ½γ₊s₊² + ½γ₋s₋² + θ₊s₊ + θ₋s₋. (A convention with |s₋| has the other sign of θ₋.)
/// K(q) = ln\[Z₊(q) + Z₋(q)\] − ln\[Z₊(0) + Z₋(0)\], Z± = √(π/2γ±) erfcx\[±(θ± − q)/√(2γ±)\].
/// w is +∞ where Γ reaches γ₊ or γ₋.  (Tubiana, Cocco & Monasson, eLife 8, e39397 (2019))
#[derive(Debug)]
pub struct DoubleRelu {
    /// γ₊ and γ₋, both > 0.
    pub precisions: [f64; 2],
    /// θ₊ and θ₋.
    pub thresholds: [f64; 2],
}

/// One side at one field: ln Z, its slope of the normal form, and its scale.
struct Side {
    /// The field in units of the width, positive towards the inside of the side.
    a: f64,
    /// da/dh.
    scale: f64,
}

impl DoubleRelu {
    /// The two sides at field h and temperature T, Γ taken off the precisions.
    fn sides(&self, h: f64, gamma: f64, temperature: f64) -> [Side; 2] {
        let side = |i: usize, sign: f64| {
            let scale = sign / ((self.precisions[i] - gamma) * temperature).sqrt();
            Side { a: scale * (h - self.thresholds[i]), scale }
        };
        [side(0, 1.0), side(1, -1.0)]
    }

    /// K′ at field h, of which these are the sides, with their shares.
    fn mean(&self, h: f64, [up, down]: &[Side; 2], shares: [f64; 2]) -> f64 {
        if !self.is_even() {
            return shares[0] * half_normal::mean(up.a) * up.scale
                + shares[1] * half_normal::mean(down.a) * down.scale;
        }
        // ½(m₊ − m₋) + ½(m₊ + m₋) tanh ½D: both have the sign of the field, and vanish with it.
        let apart = 2.0 * up.scale * h;
        let balance = half_normal::difference(down.a, apart);
        let sum = half_normal::mean(up.a) + half_normal::mean(down.a);
        0.5 * up.scale * (half_normal::mean_difference(down.a, apart) + sum * (0.5 * balance).tanh())
    }

    /// ln Z₊ − ln Z₋.
    fn balance([up, down]: &[Side; 2]) -> f64 {
        let log = |side: &Side| {
            let mut g = [0.0];
            half_normal::derivatives(side.a, &mut g);
            g[0] + side.scale.abs().ln()
        };
        log(up) - log(down)
    }
}

impl DensityLaw for DoubleRelu {
    fn kinks(&self) -> &[f64] {
        &[0.0]
    }

    fn is_even(&self) -> bool {
        self.precisions[0] == self.precisions[1] && self.thresholds[0] == -self.thresholds[1]
    }
}

impl UnitLaw for DoubleRelu {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Density(self)
    }

    fn potential(&self, s: f64) -> f64 {
        let i = usize::from(s < 0.0);
        (0.5 * self.precisions[i] * s + self.thresholds[i]) * s
    }

    fn hidden_only(&self) -> Option<&'static str> {
        Some("its states are unbounded and no closure has its T = 0 law")
    }

    fn draw(&self, h: f64, gamma: f64, temperature: f64, u: f64) -> f64 {
        if temperature == 0.0 || self.precisions.iter().any(|precision| *precision <= gamma) {
            return super::density::draw(self, &|s| self.potential(s), h, gamma, temperature, u);
        }
        let sides = self.sides(h, gamma, temperature);
        let balance = Self::balance(&sides);
        let below = 1.0 / (1.0 + balance.exp());
        // The uniform that chose the side is uniform within it; half a step of u keeps its logarithm finite.
        let half_step = 0.5 * f64::EPSILON;
        let (side, share) =
            if u < below { (&sides[1], u / below) } else { (&sides[0], (1.0 - u) / (1.0 - below)) };
        half_normal::above(side.a, share.clamp(half_step, 1.0).ln()) * side.scale * temperature
    }

    fn cumulants(&self, q: f64, out: &mut [f64]) {
        let sides = self.sides(q, 0.0, 1.0);
        let order = out.len().max(2);
        // Coefficients of t^n in ln Z at q + t.
        let series = |side: &Side| {
            let mut terms = vec![0.0; order];
            half_normal::derivatives(side.a, &mut terms);
            let mut factor = 1.0;
            for (n, term) in terms.iter_mut().enumerate() {
                *term *= factor;
                factor *= side.scale / (n + 1) as f64;
            }
            terms
        };
        let (up, down) = (series(&sides[0]), series(&sides[1]));
        let mut difference: Vec<f64> = up.iter().zip(&down).map(|(a, b)| a - b).collect();
        difference[0] = Self::balance(&sides);
        let shares = logistic_series(&difference);
        // K′ = σ(D)(ln Z₊)′ + σ(−D)(ln Z₋)′.
        let mut factorial = 1.0;
        for (n, place) in out.iter_mut().enumerate().skip(1) {
            let term = |k: usize| {
                let slope = |terms: &[f64]| (n - k) as f64 * terms[n - k];
                shares.0[k] * slope(&up) + shares.1[k] * slope(&down)
            };
            *place = factorial * (0..n).map(term).sum::<f64>();
            factorial *= n as f64;
        }
        let mean = self.mean(q, &sides, [shares.0[0], shares.1[0]]);
        for (place, value) in out.iter_mut().zip([self.shifted(0.0, q), mean]) {
            *place = value;
        }
    }

    fn shifted(&self, c: f64, q: f64) -> f64 {
        let sides = self.sides(c, 0.0, 1.0);
        let balance = Self::balance(&sides);
        let (above, below) = (1.0 / (1.0 + (-balance).exp()), 1.0 / (1.0 + balance.exp()));
        let step = |side: &Side| side.scale * q;
        if sides.iter().any(|side| step(side).abs() > 1.0) {
            // ln Z₊ + ln(1 + Z₋/Z₊) at both ends, the larger side first.
            let moved = |side: &Side| half_normal::difference(side.a, step(side));
            let end = Self::balance(&self.sides(c + q, 0.0, 1.0));
            return if balance + end >= 0.0 {
                moved(&sides[0]) + (-end).exp().ln_1p() - (-balance).exp().ln_1p()
            } else {
                moved(&sides[1]) + end.exp().ln_1p() - balance.exp().ln_1p()
            };
        }
        // e^K − 1 as its part linear in q and positive rest.
        let part = |side: &Side| {
            let slope = half_normal::mean(side.a) * side.scale;
            let rest = half_normal::beyond_linear(side.a, step(side));
            rest + exp_beyond_linear(q * slope + rest)
        };
        let (up, down) = (part(&sides[0]), part(&sides[1]));
        let rise = q * self.mean(c, &sides, [above, below]) + (above * up + below * down);
        // Where K is far below 0 its other end is the better origin.
        if rise < -0.5 { -self.shifted(c + q, -q) } else { rise.ln_1p() }
    }
}

pub(super) const ENTRY: Entry<Arc<dyn UnitLaw>> = Entry {
    name: "double-relu",
    aliases: &["drelu"],
    formula: "s real, V(s) = γ₊s₊²/2 + γ₋s₋²/2 + θ₊s₊ + θ₋s₋, s₋ = min(s, 0) ≤ 0",
    source: "Tubiana, Cocco & Monasson, eLife 8, e39397 (2019), there θ₋ with |s₋|",
    parameters: &[
        Parameter { name: "gamma-plus", default: Fallback::Number(1.0), doc: "γ₊ > 0" },
        Parameter { name: "gamma-minus", default: Fallback::Number(1.0), doc: "γ₋ > 0" },
        Parameter { name: "theta-plus", default: Fallback::Number(0.0), doc: "θ₊" },
        Parameter { name: "theta-minus", default: Fallback::Number(0.0), doc: "θ₋, which multiplies s₋ ≤ 0" },
    ],
    build: |arguments| {
        let mut precisions = [0.0; 2];
        for (place, key) in precisions.iter_mut().zip(["gamma-plus", "gamma-minus"]) {
            *place = arguments.number(key)?;
            if *place <= 0.0 {
                return Err(SpecError::out_of_range(format!("{key} of double-relu"), *place, "a number > 0"));
            }
        }
        let thresholds = [arguments.number("theta-plus")?, arguments.number("theta-minus")?];
        Ok(Arc::new(DoubleRelu { precisions, thresholds }))
    },
};
