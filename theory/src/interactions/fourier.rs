//! A derivative of K as a trigonometric sum, K^{(p)}(q) = Re Σ_m a_m e^{i t_m (q − x₀)} over an interval.
//!
//! The average of e^{itq} over independent sites is a product of one factor for each: over spins Π cos tW, over
//! random weights Π φ(t). So averages over any number of sites cost one pass over the modes. Outside the
//! interval K^{(p)} is switched off by a smooth window, ½\[erf((x + B)/d) − erf((x − B)/d)\], whose own
//! spectrum e^{−(td)²/4} ends at t = 12/d; that of K^{(p)} falls as e^{−ρt} with the distance ρ of its
//! singularities.

use std::f64::consts::PI;

use mattis_model::{SpecError, Unit};

use crate::TheoryError;

/// A mode; those of −t are understood.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mode {
    /// t ≥ 0.
    pub(super) frequency: f64,
    /// Coefficients of cos t(q − x₀) and sin t(q − x₀).
    pub(super) cosine: f64,
    pub(super) sine: f64,
}

/// K^{(p)} on an interval.
#[derive(Debug, Clone)]
pub(super) struct Fourier {
    /// x₀.
    pub(super) centre: f64,
    pub(super) modes: Vec<Mode>,
    /// Size of what is left out, and of the rounding of a coefficient.
    pub(super) noise: f64,
}

/// Where 1 − erf is below rounding.
const EDGE: f64 = 6.0;
/// Width d of the window, unless the unit's fields end before.
const WIDTH: f64 = 1.5;
/// Most points of the transform.
const MAX_POINTS: usize = 1 << 14;

impl Fourier {
    /// The `derivative`-th derivative of K for q between `low` and `high`.
    ///
    /// # Errors
    /// If the unit's fields end too close to the interval for the number of modes.
    pub(super) fn of(unit: &Unit, derivative: usize, low: f64, high: f64) -> Result<Self, TheoryError> {
        let (first, last) = unit.fields();
        let width = WIDTH.min((low - first) / (2.01 * EDGE)).min((last - high) / (2.01 * EDGE));
        let centre = 0.5 * (low + high);
        let edge = 0.5 * (high - low) + EDGE * width;
        let half = edge + EDGE * width;
        let window = |x: f64| 0.5 * (libm::erf((x + edge) / width) - libm::erf((x - edge) / width));
        let mut cumulants = vec![0.0; derivative + 1];
        let mut sample = |x: f64| {
            unit.cumulants(centre + x, &mut cumulants);
            window(x) * cumulants[derivative]
        };
        // The window alone needs t = 12/d.
        let mut points = (2.0 * half * 24.0 / (2.0 * PI * width)).max(64.0) as usize;
        points = points.next_power_of_two();
        while points <= MAX_POINTS {
            let step = 2.0 * half / points as f64;
            let samples: Vec<f64> =
                (0..points).map(|j| sample(step * (j as f64 - 0.5 * points as f64))).collect();
            let size = samples.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            let modes = transform(&samples, half);
            let tail = modes[modes.len() * 7 / 8..].iter().fold(0.0_f64, |m, mode| m.max(mode.size()));
            let noise = f64::EPSILON * size;
            if tail <= 4.0 * noise {
                let last = modes.iter().rposition(|mode| mode.size() > noise).unwrap_or(0);
                return Ok(Self { centre, modes: modes[..=last].to_vec(), noise });
            }
            points *= 2;
        }
        Err(SpecError::out_of_range(
            format!("fields of a hidden unit ({})", unit.name()),
            format!("{low} to {high}"),
            "an interval where K is known by 8000 Fourier modes: smaller weights, or fewer sites",
        )
        .into())
    }
}

impl Mode {
    pub(super) fn size(&self) -> f64 {
        self.cosine.hypot(self.sine)
    }
}

/// Modes below half the sampling frequency of samples on \[−half, half).
fn transform(samples: &[f64], half: f64) -> Vec<Mode> {
    let count = samples.len();
    let circle: Vec<(f64, f64)> =
        (0..count).map(|j| (2.0 * PI * j as f64 / count as f64).sin_cos()).collect();
    (0..count / 2)
        .map(|m| {
            let (mut cosine, mut sine) = (0.0, 0.0);
            // x_j = −half + j step; the shift by −half is a sign for every other mode.
            let mut at = 0;
            for sample in samples {
                let (s, c) = circle[at];
                cosine += sample * c;
                sine += sample * s;
                at = (at + m) & (count - 1);
            }
            let sign = if m % 2 == 0 { 1.0 } else { -1.0 };
            let norm = sign * if m == 0 { 1.0 } else { 2.0 } / count as f64;
            Mode { frequency: PI * m as f64 / half, cosine: norm * cosine, sine: norm * sine }
        })
        .collect()
}
