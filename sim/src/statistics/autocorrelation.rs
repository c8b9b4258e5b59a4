//! Integrated autocorrelation times.

use super::known;

/// Sokal's constant: the window closes at the first W ≥ 6τ(W).
const WINDOW: f64 = 6.0;

/// How long a series remembers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Autocorrelation {
    /// τ = ½ + Σ_{t=1}^{W} ρ(t), at least ½, in units of the spacing of the series.
    pub tau: f64,
    /// Its standard error τ √(2(2W + 1)/n) (Madras and Sokal).
    pub tau_error: f64,
    /// The window W.
    pub window: usize,
    /// Standard error of the mean, σ √(2τ/n).
    pub error: f64,
    /// n/(2τ).
    pub effective_samples: f64,
}

/// τ with Sokal's automatic window, corrected for the mean being taken from the same series (Wolff 2004).
///
/// `None` where the series never changes, is not finite, or is shorter than twice its window. Anticorrelated
/// series count as independent (τ = ½), which never makes an error too small.
pub fn autocorrelation(series: &[f64]) -> Option<Autocorrelation> {
    let length = series.len();
    if length < 8 {
        return None;
    }
    let size = length as f64;
    let mean = series.iter().sum::<f64>() / size;
    let deviations: Vec<f64> = series.iter().map(|x| x - mean).collect();
    let covariance = |lag: usize| {
        deviations.iter().zip(&deviations[lag..]).map(|(a, b)| a * b).sum::<f64>() / (length - lag) as f64
    };
    let own = known(covariance(0))?;
    // A series that is constant up to rounding of its mean has not been seen to vary.
    if own.sqrt() <= 16.0 * f64::EPSILON * mean.abs() {
        return None;
    }
    let mut raw = 0.5;
    let mut window = 0;
    loop {
        window += 1;
        if 2 * window > length {
            return None;
        }
        raw += covariance(window) / own;
        if window as f64 >= WINDOW * raw {
            break;
        }
    }
    let total = 2.0 * raw.max(0.5) * own;
    let spread = own + total / size;
    let total = total * (1.0 + (2 * window + 1) as f64 / size);
    let tau = (total / (2.0 * spread)).max(0.5);
    Some(Autocorrelation {
        tau,
        tau_error: tau * (2.0 * (2 * window + 1) as f64 / size).sqrt(),
        window,
        error: known((total / size).sqrt())?,
        effective_samples: size / (2.0 * tau),
    })
}
