//! Hyperbolic functions of exact solutions, written so that they keep their digits at both ends.

/// ln(1 + e^{−2|x|}) = ln 2cosh x − |x|.
pub(super) fn softness(x: f64) -> f64 {
    libm::log1p(libm::exp(-2.0 * x.abs()))
}

/// ln 2cosh x.
pub(super) fn ln_2cosh(x: f64) -> f64 {
    x.abs() + softness(x)
}

/// 1/cosh² x.
pub(super) fn sech2(x: f64) -> f64 {
    let e = libm::exp(-2.0 * x.abs());
    4.0 * e / ((1.0 + e) * (1.0 + e))
}

/// 1 − tanh x for x ≥ 0.
pub(super) fn one_minus_tanh(x: f64) -> f64 {
    let e = libm::exp(-2.0 * x);
    2.0 * e / (1.0 + e)
}

/// Entropy ln 2cosh x − x tanh x of one spin in the field x.
pub(super) fn spin_entropy(x: f64) -> f64 {
    softness(x) + x.abs() * one_minus_tanh(x.abs())
}

/// 1 − tanh(x)/x without cancellation, x²/3 for small x: Lambert's continued fraction
/// tanh x = x/(1 + x²/(3 + x²/(5 + …))).
pub(super) fn tanh_defect(x: f64) -> f64 {
    if x.abs() > 2.0 {
        return 1.0 - libm::tanh(x) / x;
    }
    let square = x * x;
    let tail = (1..=14).rev().fold(31.0, |tail, k| f64::from(2 * k + 1) + square / tail);
    square / (tail + square)
}

/// A number that is known and finite.
pub(super) fn known(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// Newton's method for a function that is convex (or concave) between the start and the root, on the side
/// where the steps are monotone; it ends where rounding turns the step. `f` gives value and slope.
pub(super) fn descend(start: f64, f: impl Fn(f64) -> (f64, f64)) -> f64 {
    let mut x = start;
    let mut last = f64::INFINITY;
    // Quadratic convergence after at most a halving per step towards a double root.
    for _ in 0..200 {
        let (value, slope) = f(x);
        let step = value / slope;
        if !step.is_finite() || step == 0.0 || (step.abs() >= last && step.abs() < 1e-8 * x.abs()) {
            break;
        }
        x -= step;
        last = step.abs();
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_cancels() {
        // 1 − tanh(x)/x at 1e-6 and 1.9, in fifty digits.
        assert!((tanh_defect(1e-6) / 3.333_333_333_332e-13 - 1.0).abs() < 1e-14);
        for x in [1.99f64, 1.5, 0.7] {
            assert!((tanh_defect(x) - (1.0 - x.tanh() / x)).abs() < 1e-15, "{x}");
        }
        assert_eq!(ln_2cosh(1000.0), 1000.0);
        assert!((one_minus_tanh(20.0) / (2.0 * (-40f64).exp()) - 1.0).abs() < 1e-15);
        assert!((spin_entropy(0.0) - std::f64::consts::LN_2).abs() < 1e-16);
    }

    #[test]
    fn newton_ends_at_rounding() {
        let root = descend(3.0, |x| (x * x - 2.0, 2.0 * x));
        assert!((root - std::f64::consts::SQRT_2).abs() < 3e-16);
    }
}
