//! The activation ln(1 + e^q), which no unit has.

use std::f64::consts::PI;
use std::sync::Arc;

use super::cumulants::logistic_derivatives;
use super::{Alphabet, Responses, UnitLaw, quadrature};
use crate::catalogue::Entry;

/// K(q) = −Li₂(−e^q) + Li₂(−1), so that K′ = ln(1 + e^q). e^{−Li₂(−x)} = 1 + x + x²/4 + x³/36 − x⁴/288 + … would be
/// the generating function of the weights of s = 0, 1, 2, …, of which that of 4 is negative. K is all there is: w is
/// −T Li₂(−e^{h/T}) at Γ = 0 and NaN elsewhere, and nothing can be drawn.
#[derive(Debug)]
pub struct Softplus;

/// ln(1 + e^x).
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// Beyond this ln(1 + e^x) is e^x or x to rounding.
const FAR: f64 = 40.0;

/// ∫ ln(1 + e^x) dx from a to b > a.
fn integral(a: f64, b: f64) -> f64 {
    let mut sum = 0.0;
    if a < -FAR {
        let end = b.min(-FAR);
        sum += a.exp() * (end - a).exp_m1();
    }
    let (low, high) = (a.max(-FAR), b.min(FAR));
    if low < high {
        // The nearest singularity is ±iπ away.
        let count = (high - low).ceil();
        let step = (high - low) / count;
        for i in 0..count as u32 {
            let start = low + f64::from(i) * step;
            sum += quadrature::over((0.0, step), |t| softplus(start + t));
        }
    }
    if b > FAR {
        let start = a.max(FAR);
        sum += 0.5 * (b - start) * (b + start);
    }
    sum
}

impl UnitLaw for Softplus {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Counts
    }

    /// The formal weight, e^{−Li₂(−x)} at order s; that of s > 100 is not given.
    fn weight(&self, s: f64) -> f64 {
        if !(0.0..=100.0).contains(&s) || s.fract() != 0.0 {
            return f64::NAN;
        }
        // From the derivative of the exponential: n p_n = Σ_k (−1)^{k+1} p_{n−k}/k.
        let mut p: Vec<f64> = vec![1.0];
        for n in 1..=s as usize {
            let term = |k: usize| if k % 2 == 1 { p[n - k] / k as f64 } else { -p[n - k] / k as f64 };
            p.push((1..=n).map(term).sum::<f64>() / n as f64);
        }
        p[s as usize]
    }

    fn hidden_only(&self) -> Option<&'static str> {
        Some("its measure is not positive, so that no unit has it")
    }

    fn formal(&self) -> Option<&'static str> {
        Some("its measure on s = 0, 1, 2, … is negative at s = 4, so that no unit has it")
    }

    fn responses(&self, centre: f64, offsets: &[f64], gamma: f64, temperature: f64, out: &mut Responses) {
        out.undefined(offsets.len());
        if gamma != 0.0 || temperature == 0.0 {
            return;
        }
        let t = temperature;
        for (i, offset) in offsets.iter().enumerate() {
            let x = (centre + offset) / t;
            let (log, mean) = (PI * PI / 12.0 + self.shifted(0.0, x), softplus(x));
            let slopes = logistic_derivatives(x, 3);
            out.w[i] = t * log;
            out.mean[i] = mean;
            out.response[i] = slopes[0] / t;
            out.third[i] = slopes[1] / (t * t);
            out.fourth[i] = slopes[2] / (t * t * t);
            out.entropy[i] = log - x * mean;
            out.mean_slope[i] = -x * slopes[0] / t;
            out.response_slope[i] = -(slopes[0] + x * slopes[1]) / (t * t);
        }
    }

    fn draw(&self, _h: f64, _gamma: f64, _temperature: f64, _u: f64) -> f64 {
        f64::NAN
    }

    fn cumulants(&self, q: f64, out: &mut [f64]) {
        let logistic = logistic_derivatives(q, out.len());
        for (place, derivative) in out.iter_mut().skip(2).zip(logistic) {
            *place = derivative;
        }
        for (place, value) in out.iter_mut().zip([self.shifted(0.0, q), softplus(q)]) {
            *place = value;
        }
    }

    fn shifted(&self, c: f64, q: f64) -> f64 {
        if q.abs() <= 1.0 {
            // The step keeps the digits that c + q would lose.
            return q * quadrature::over((0.0, 1.0), |t| softplus(c + t * q));
        }
        if q > 0.0 { integral(c, c + q) } else { -integral(c + q, c) }
    }
}

pub(super) const ENTRY: Entry<Arc<dyn UnitLaw>> = Entry {
    name: "softplus",
    aliases: &[],
    formula: "hidden, formal: K(q) = −Li₂(−e^q) + Li₂(−1), K′ = ln(1 + e^q);  no unit: ρ(4) < 0",
    source: "Dugas et al., NIPS 13, 472 (2001): the activation",
    parameters: &[],
    build: |_| Ok(Arc::new(Softplus)),
};
