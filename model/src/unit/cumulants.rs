//! The cumulant generating function of a unit alone, K(q) = w(q, 0, 1) − w(0, 0, 1), and its derivatives: what a
//! hidden unit adds to ln P of the visible ones (Bulso & Roudi, Neural Comput. 33, 2646 (2021)).

use super::{Alphabet, UnitLaw};

/// Cumulants κ₂ … of a measure from its central moments μ₀ = 1, μ₁ = 0, μ₂ …, in place:
/// κ_n = μ_n − Σ_{k=2}^{n−2} C(n − 1, k − 1) κ_k μ_{n−k}.
pub(super) fn from_central_moments(moments: &mut [f64]) {
    let central = moments.to_vec();
    for n in 2..central.len() {
        let mut binomial = 1.0;
        for k in 1..n {
            // C(n − 1, k − 1).
            if k >= 2 {
                binomial *= (n - k + 1) as f64 / (k - 1) as f64;
                moments[n] -= binomial * moments[k] * central[n - k];
            }
        }
    }
}

/// K, K′, … of a unit with levels; NaN of any other alphabet.
pub(super) fn of<U: UnitLaw + ?Sized>(unit: &U, q: f64, out: &mut [f64]) {
    let Alphabet::Levels(levels) = unit.alphabet() else { return out.fill(f64::NAN) };
    let sum = |q: f64| {
        let top = levels.iter().map(|s| q * s - unit.potential(*s)).fold(f64::NEG_INFINITY, f64::max);
        let weight = |s: &f64| unit.weight(*s) * (q * s - unit.potential(*s) - top).exp();
        let shares: Vec<f64> = levels.iter().map(weight).collect();
        let total: f64 = shares.iter().sum();
        (top + total.ln(), shares.into_iter().map(|share| share / total).collect::<Vec<_>>())
    };
    let (log, shares) = sum(q);
    let mean: f64 = levels.iter().zip(&shares).map(|(s, p)| s * p).sum();
    for (n, moment) in out.iter_mut().enumerate() {
        *moment = levels.iter().zip(&shares).map(|(s, p)| p * (s - mean).powi(n as i32)).sum();
    }
    from_central_moments(out);
    if let Some(k) = out.get_mut(0) {
        *k = log - sum(0.0).0;
    }
    if let Some(slope) = out.get_mut(1) {
        *slope = mean;
    }
}
