//! The unit with a flat density.

use std::f64::consts::PI;
use std::sync::{Arc, OnceLock};

use super::{Alphabet, DensityLaw, UnitLaw, density};
use crate::catalogue::Entry;

/// s ∈ \[−1, 1\] with V = 0: K(q) = ln(sinh q/q), K′ = coth q − 1/q.
#[derive(Debug)]
pub struct Uniform;

/// Below this the Taylor series about 0, whose radius is π, is short; above it closed forms keep their digits.
const NEAR: f64 = 2.5;

/// ζ(2n) − 1 of even arguments.
fn zeta_minus_one(argument: f64) -> f64 {
    // Σ k^{−a} with the integral of the rest (Euler–Maclaurin).
    let last = 40.0_f64;
    let sum: f64 = (2..40).rev().map(|k| f64::from(k).powf(-argument)).sum();
    let power = last.powf(-argument);
    let rest = argument / last;
    let correction = rest / 12.0 - rest * (argument + 1.0) * (argument + 2.0) / (720.0 * last * last)
        + rest * (1..5).map(|k| argument + f64::from(k)).product::<f64>() / (30240.0 * last.powi(4))
        - rest * (1..7).map(|k| argument + f64::from(k)).product::<f64>() / (1_209_600.0 * last.powi(6));
    sum + power * (last / (argument - 1.0) + 0.5 + correction)
}

/// Terms of the series; at the largest order and argument their sum is exact to rounding.
const TERMS: u32 = 260;

/// (−1)^{n+1} ζ(2n)/n for n = 1, 2, ….
fn coefficients() -> &'static [f64] {
    static TABLE: OnceLock<Vec<f64>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let term = |n: u32| {
            let sign = if n % 2 == 1 { 1.0 } else { -1.0 };
            sign * (1.0 + zeta_minus_one(f64::from(2 * n))) / f64::from(n)
        };
        (1..TERMS).map(term).collect()
    })
}

/// K and its derivatives from K = Σ_n (−1)^{n+1} ζ(2n) q^{2n}/(n π^{2n}).
fn series(q: f64, out: &mut [f64]) {
    out.fill(0.0);
    let order = out.len() as i32;
    let x = q / PI;
    for (n, coefficient) in (1..).zip(coefficients()) {
        let power = 2 * n;
        // What m derivatives leave of x^{2n}, each with a factor 1/π.
        let mut factor = *coefficient;
        for (m, place) in (0..=power).zip(out.iter_mut()) {
            *place += factor * x.powi(power - m);
            factor *= f64::from(power - m) / PI;
        }
        if power > order && x.abs().powi(power - order) * f64::from(power).powi(order) < 1e-25 {
            break;
        }
    }
}

/// K′ = q/(3 + q²/(5 + q²/(7 + …))), to full relative accuracy.
fn langevin(q: f64) -> f64 {
    if q.abs() > 20.0 {
        return q.signum() - 1.0 / q;
    }
    let mut tail = 1.0;
    for k in (1..60).rev() {
        tail = f64::from(2 * k + 1) + q * q / tail;
    }
    q / tail
}

/// K(q).
fn log(q: f64) -> f64 {
    let q = q.abs();
    if q > NEAR {
        return q + (-(-2.0 * q).exp()).ln_1p() - (2.0 * q).ln();
    }
    let mut k = [0.0];
    series(q, &mut k);
    k[0]
}

impl DensityLaw for Uniform {
    fn domain(&self) -> (f64, f64) {
        (-1.0, 1.0)
    }

    fn is_even(&self) -> bool {
        true
    }
}

impl UnitLaw for Uniform {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Density(self)
    }

    fn hidden_only(&self) -> Option<&'static str> {
        Some("no closure has its T = 0 law, which jumps for Γ ≥ 0")
    }

    fn draw(&self, h: f64, gamma: f64, temperature: f64, u: f64) -> f64 {
        if gamma != 0.0 || temperature == 0.0 {
            return density::draw(self, &|s| self.potential(s), h, gamma, temperature, u);
        }
        let x = (h / temperature).abs();
        if x == 0.0 {
            return 2.0 * u - 1.0;
        }
        let upper = |u: f64| 1.0 + ((1.0 - u) * (-2.0 * x).exp_m1()).ln_1p() / x;
        if h > 0.0 { upper(u).max(-1.0) } else { -upper(1.0 - u).max(-1.0) }
    }

    fn cumulants(&self, q: f64, out: &mut [f64]) {
        if q.abs() <= NEAR {
            series(q, out);
        } else {
            // Coefficients of t^n in coth(q + t), from coth′ = 1 − coth², less those of 1/(q + t).
            let mut coth: Vec<f64> = vec![1.0 / q.tanh()];
            let (mut factorial, mut inverse) = (1.0, 1.0 / q);
            for n in 0..out.len().saturating_sub(1) {
                out[n + 1] = factorial * (coth[n] - inverse);
                let square: f64 = (0..=n).map(|k| coth[k] * coth[n - k]).sum();
                // 1 − coth² = −1/sinh² keeps its digits at large q.
                let next = if n == 0 { -1.0 / q.sinh().powi(2) } else { -square / (n + 1) as f64 };
                coth.push(next);
                factorial *= (n + 1) as f64;
                inverse /= -q;
            }
        }
        for (place, value) in out.iter_mut().zip([log(q), langevin(q)]) {
            *place = value;
        }
    }

    fn shifted(&self, c: f64, q: f64) -> f64 {
        // K is even: from |c| to |c + q|, whose difference keeps the digits of q.
        let from = c.abs();
        let step = if (c + q) * c > 0.0 { q * c.signum() } else { (c + q).abs() - from };
        if step.abs() > 2.0 {
            return log(c + q) - log(c);
        }
        let over = super::quadrature::over((0.0, 1.0), |t| langevin(from + t * step));
        step * over
    }
}

pub(super) const ENTRY: Entry<Arc<dyn UnitLaw>> = Entry {
    name: "uniform",
    aliases: &[],
    formula: "s ∈ [−1, 1], V = 0;  hidden: K(q) = ln(sinh q/q), K′ = coth q − 1/q",
    source: "Langevin, Ann. Chim. Phys. 5, 70 (1905)",
    parameters: &[],
    build: |_| Ok(Arc::new(Uniform)),
};
