//! The half line with a quadratic potential, s ≥ 0 with P(s) ∝ e^{as − s²/2}: what units that are linear above a
//! threshold are made of.
//!
//! G(a) = ln{2Φ(a) e^{a²/2}} = ln erfcx(−a/√2) is the logarithm of its normalisation (up to ½ ln(π/2)), so that G′ is
//! the mean and G″ the variance.

use std::f64::consts::{LN_2, PI, SQRT_2};

use super::quadrature;

/// ln Φ(a) and the hazard φ(a)/Φ(a).
pub(super) fn hazard(a: f64) -> (f64, f64) {
    if a > -25.0 {
        let distribution = 0.5 * libm::erfc(-a / SQRT_2);
        return (distribution.ln(), (-0.5 * a * a).exp() / ((2.0 * PI).sqrt() * distribution));
    }
    // Φ(a) = φ(a)/|a|·(1 − 1/a² + 3/a⁴ − …), eight terms of which are exact here.
    let inverse = 1.0 / (a * a);
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..9 {
        term *= -f64::from(2 * k - 1) * inverse;
        sum += term;
    }
    let log = -0.5 * a * a - 0.5 * (2.0 * PI).ln() - (-a).ln() + f64::ln(sum);
    (log, -a / sum)
}

/// a + φ(a)/Φ(a) where the two cancel: 1/|a|·(1 − 2/a² + 10/a⁴ − …) as the continued fraction of Mills' ratio.
pub(super) fn mean_far_below(a: f64) -> f64 {
    // φ/Φ(−x) = x + 1/(x + 2/(x + 3/(x + …))).
    let x = -a;
    let mut tail = x;
    for k in (2..120).rev() {
        tail = x + f64::from(k) / tail;
    }
    1.0 / tail
}

/// Below this field the raw moments follow from a backward recurrence that never cancels.
const LOW: f64 = -1.0;

/// The raw moments E\[s^n\] for a ≤ −1, `out[0]` = 1, to full relative accuracy: E\[s^{n+1}\] = a E\[s^n\] + n E\[s^{n−1}\]
/// has them as its least solution, so that their ratios ρ_n = n/(ρ_{n+1} − a) are found from the far end.
fn raw_moments(a: f64, out: &mut [f64]) {
    // The error of the start shrinks like e^{−2|a|√n}.
    let far = out.len() + 20 + (20.0 / a).powi(2).min(1e4) as usize;
    let mut ratio = 0.5 * (a + (a * a + 4.0 * far as f64).sqrt());
    let ratios: Vec<f64> = (1..far)
        .rev()
        .map(|n| {
            ratio = n as f64 / (ratio - a);
            ratio
        })
        .collect();
    let mut moment = 1.0;
    for (n, place) in out.iter_mut().enumerate() {
        if n > 0 {
            moment *= ratios[ratios.len() - n];
        }
        *place = moment;
    }
}

/// G(a).
fn log(a: f64) -> f64 {
    if a > LOW {
        return LN_2 + (0.5 * a * a + hazard(a).0);
    }
    // ln Φ = −a²/2 − ½ ln 2π − ln(φ/Φ), the first of which cancels.
    LN_2 - 0.5 * (2.0 * PI).ln() - (mean(a) - a).ln()
}

/// G′(a), the mean.
pub(super) fn mean(a: f64) -> f64 {
    if a > LOW {
        return a + hazard(a).1;
    }
    let mut moments = [0.0; 2];
    raw_moments(a, &mut moments);
    moments[1]
}

/// G″(a), the variance.
pub(super) fn variance(a: f64) -> f64 {
    if a > LOW {
        let r = hazard(a).1;
        return 1.0 - r * (a + r);
    }
    let mut moments = [0.0; 3];
    raw_moments(a, &mut moments);
    moments[2] - moments[1] * moments[1]
}

/// G, G′, G″, … at a.
pub(super) fn derivatives(a: f64, out: &mut [f64]) {
    if a <= LOW {
        raw_moments(a, out);
        super::cumulants::from_raw_moments(out);
    } else {
        // With r = φ/Φ and m = a + r: r′ = −rm, m′ = 1 + r′, and so on by Leibniz.
        let (mut hazards, mut means) = (vec![hazard(a).1], vec![mean(a)]);
        for n in 0..out.len() {
            let (mut next, mut binomial) = (0.0, 1.0);
            for k in 0..=n {
                next -= binomial * hazards[k] * means[n - k];
                binomial *= (n - k) as f64 / (k + 1) as f64;
            }
            hazards.push(next);
            means.push(if n == 0 { 1.0 + next } else { next });
        }
        for (place, mean) in out.iter_mut().skip(1).zip(means) {
            *place = mean;
        }
    }
    if let Some(value) = out.get_mut(0) {
        *value = log(a);
    }
}

/// Longest step of a that one quadrature rule covers to rounding: the nearest zero of Φ is 1.9 ± 2.8i.
const STEP: f64 = 3.0;

/// G(a + d) − G(a), with relative digits at small d.
pub(super) fn difference(a: f64, d: f64) -> f64 {
    if d.abs() > STEP {
        return log(a + d) - log(a);
    }
    d * quadrature::over((0.0, 1.0), |t| mean(a + t * d))
}

/// G′(a + d) − G′(a), with relative digits at small d.
pub(super) fn mean_difference(a: f64, d: f64) -> f64 {
    if d.abs() > STEP {
        return mean(a + d) - mean(a);
    }
    d * quadrature::over((0.0, 1.0), |t| variance(a + t * d))
}

/// G(a + d) − G(a) − d G′(a) = d² ∫₀¹ (1 − t) G″(a + td) dt ≥ 0 for |d| ≤ 3, with relative digits.
pub(super) fn beyond_linear(a: f64, d: f64) -> f64 {
    d * d * quadrature::over((0.0, 1.0), |t| (1.0 - t) * variance(a + t * d))
}

/// The s above which a share e^`survival` of the measure lies.
pub(super) fn above(a: f64, survival: f64) -> f64 {
    // P(s > x) = Φ(a − x)/Φ(a). Its logarithm is concave: after one step Newton is monotone.
    let target = hazard(a).0 + survival;
    let mut x = 0.0_f64;
    for _ in 0..100 {
        let (log, ratio) = hazard(a - x);
        let step = (log - target) / ratio;
        x = (x + step).max(0.0);
        if step.abs() <= 4.0 * f64::EPSILON * x {
            break;
        }
    }
    x
}

/// The standard normal s below which lies the share u.
pub(super) fn normal(u: f64) -> f64 {
    let tail = (2.0 * u.min(1.0 - u)).max(f64::EPSILON / 2.0);
    let s = above(0.0, tail.ln());
    if u < 0.5 { -s } else { s }
}
