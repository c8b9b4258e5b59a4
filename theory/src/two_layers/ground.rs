//! T = 0 with Boolean visible units as a problem in one parameter.
//!
//! With s = √(1 − Ω_ξ), y = s m/√(2V) and V = Δ + Ω_ξ m², fields in units of Ω_τ > 0, which drops out,
//!
//! m = s erf y + 2Ω_ξ y e^{−y²}/(√π s),  χ = 2y e^{−y²}/(√π s m),  α = (V − Ω_ξ m²)(1 − χ)².
//!
//! The capacity is a maximum over y. For Ω_ξ = 0 this is α = ½\[erf(y)/y − (2/√π) e^{−y²}\]² (Amit, Gutfreund &
//! Sompolinsky 1985).

use std::f64::consts::FRAC_2_SQRT_PI;

use crate::solve::scalar::brent;

/// Where the retrieval state ends at some temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetrievalEnd {
    /// The largest load.
    pub alpha: f64,
    /// T.
    pub temperature: f64,
    /// The overlap there.
    pub m: f64,
}

/// √α and m at y; √α < 0 where the noise of the condensed memory alone is too large, or beyond χ = 1.
fn at(weights: f64, y: f64) -> (f64, f64) {
    let part = (1.0 - weights).sqrt();
    let gauss = FRAC_2_SQRT_PI * y * libm::exp(-y * y) / part;
    let m = part * libm::erf(y) + weights * gauss;
    let noise = m * m * ((1.0 - weights) / (2.0 * y * y) - weights);
    let root = if noise > 0.0 { noise.sqrt() } else { noise };
    (root * (1.0 - gauss / m), m)
}

/// The capacity at T = 0 with weights of this Ω_ξ, for Boolean visible and any but Boolean hidden units; `None` of
/// Gaussian weights, which are not retrieved.
///
/// ```
/// let end = mattis_theory::two_layers::capacity_at_zero_temperature(0.0).expect("Boolean weights");
/// assert!((end.alpha - 0.137_905_566_5).abs() < 1e-10 && end.temperature == 0.0);
/// ```
pub fn capacity_at_zero_temperature(weights: f64) -> Option<RetrievalEnd> {
    if !(0.0..1.0).contains(&weights) {
        return None;
    }
    // Beyond this y the condensed memory makes more noise than there is.
    let end = if weights > 0.0 { ((1.0 - weights) / (2.0 * weights)).sqrt().min(8.0) } else { 8.0 };
    let step = 1e-6 * end;
    let slope = |y: f64| (at(weights, y + step).0 - at(weights, y - step).0) / (2.0 * step);
    // The maximum is the first change of sign from above. α ~ y⁴ as y → 0, so that there is one.
    let (count, mut high) = (400, end - 2.0 * step);
    for i in (1..count).rev() {
        let low = end * f64::from(i) / f64::from(count);
        if low < high && at(weights, low).0 > 0.0 && slope(low) > 0.0 {
            let y = brent(low, high, &mut |y| slope(y))?;
            let (root, m) = at(weights, y);
            return (root > 0.0).then_some(RetrievalEnd { alpha: root * root, temperature: 0.0, m });
        }
        high = high.min(low);
    }
    None
}
