//! Extrapolation to infinite size.

/// The straight line value + slope/N through measurements of several sizes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extrapolation {
    /// The value at 1/N = 0.
    pub value: f64,
    /// Its standard error, propagated from those of the measurements.
    pub error: f64,
    /// The coefficient of 1/N.
    pub slope: f64,
    /// Its standard error.
    pub slope_error: f64,
    /// Σ of squared residuals over squared errors.
    pub chi_squared: f64,
    /// Measurements less two.
    pub degrees: usize,
}

/// Weighted least squares in x = 1/N with independent measurements (N, y, σ), where N is any measure of the size. With w = 1/σ²,
/// x̄ = Σwx/Σw and S = Σw(x − x̄)²: slope = Σw(x − x̄)y/S of variance 1/S, value = ȳ − slope·x̄ of
/// variance 1/Σw + x̄²/S; the errors of ȳ and slope are uncorrelated, those of value and slope are not.
///
/// `None` for fewer than two sizes, or an error that is not positive and finite.
pub fn extrapolate(points: &[(f64, f64, f64)]) -> Option<Extrapolation> {
    let first = points.first()?.0;
    let usable =
        |(n, y, error): &(f64, f64, f64)| *n > 0.0 && y.is_finite() && *error > 0.0 && error.is_finite();
    if points.iter().all(|point| point.0 == first) || !points.iter().all(usable) {
        return None;
    }
    let lines: Vec<(f64, f64, f64)> =
        points.iter().map(|(n, y, error)| (1.0 / *n, *y, 1.0 / (error * error))).collect();
    let weight: f64 = lines.iter().map(|(_, _, w)| w).sum();
    let x_mean = lines.iter().map(|(x, _, w)| w * x).sum::<f64>() / weight;
    let y_mean = lines.iter().map(|(_, y, w)| w * y).sum::<f64>() / weight;
    let spread: f64 = lines.iter().map(|(x, _, w)| w * (x - x_mean) * (x - x_mean)).sum();
    let slope = lines.iter().map(|(x, y, w)| w * (x - x_mean) * (y - y_mean)).sum::<f64>() / spread;
    let value = y_mean - slope * x_mean;
    let residual = |(x, y, w): &(f64, f64, f64)| w * (y - value - slope * x) * (y - value - slope * x);
    let out = Extrapolation {
        value,
        error: (1.0 / weight + x_mean * x_mean / spread).sqrt(),
        slope,
        slope_error: (1.0 / spread).sqrt(),
        chi_squared: lines.iter().map(residual).sum(),
        degrees: points.len() - 2,
    };
    (out.value.is_finite() && out.error.is_finite()).then_some(out)
}
