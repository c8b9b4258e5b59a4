//! Couplings of machines with independent normal weights: exact moments of the ensemble.

use mattis_model::{Encoding, SpecError, Unit, Unsupported};
use nalgebra::Complex;

use super::characteristic::Weight;
use super::factorised::Factorised;
use super::fourier::{Fourier, Mode};
use super::subset::MAX_DERIVATIVE;
use crate::TheoryError;

/// Machines with W_iμ normal, independent, of mean μ_w and variance σ², and one bias c of all hidden units.
/// Visible biases are left out.
#[derive(Debug, Clone, PartialEq)]
pub struct RandomWeights {
    /// The law of a hidden unit.
    pub unit: Unit,
    /// The values of a visible unit.
    pub encoding: Encoding,
    /// N, on which couplings depend in ±1 only.
    pub visible: usize,
    /// M.
    pub hidden: usize,
    /// μ_w.
    pub mean: f64,
    /// σ.
    pub sigma: f64,
    /// c.
    pub bias: f64,
}

/// The couplings of one order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrderMoments {
    /// k.
    pub order: usize,
    /// E J_S = M E₁J, E₁ of one hidden unit.
    pub mean: f64,
    /// √E J_S² = √(M (E₁J² − (E₁J)²) + (M E₁J)²).
    pub rms: f64,
    /// Standard deviation of one J_S, √M (E₁J² − (E₁J)²)^{1/2}.
    pub deviation: f64,
    /// Standard deviation, from machine to machine, of the mean over all C(N, k) couplings of one machine,
    /// which are not independent where they share sites.
    pub mean_deviation: f64,
    /// Kurtosis E₁J⁴/(E₁J²)² of one hidden unit where it has a closed form. The mean square of n draws has the
    /// relative error √((kurtosis − 1)/n): a log-normal coupling of σ ≥ 1 needs more draws than can be made.
    pub kurtosis: Option<f64>,
    /// Estimate of the numerical error of mean and rms.
    pub error: f64,
}

/// Standard deviations of the field that are kept.
const TAIL: f64 = 9.5;

/// A frequency in place of 0, where D_t is W to rounding.
const ZERO: f64 = 1e-20;

impl RandomWeights {
    /// The specification, if all of it makes sense.
    pub(super) fn checked(&self, order: usize) -> Result<(), TheoryError> {
        let refuse = |what: &str, given: String, expected: String| {
            Err(TheoryError::Spec(SpecError::out_of_range(what, given, expected)))
        };
        if self.hidden == 0 {
            return refuse("number of hidden units", "0".into(), "at least 1".into());
        }
        if order == 0 || order > self.visible {
            return refuse("order", order.to_string(), format!("1 to N = {}", self.visible));
        }
        if !(self.sigma >= 0.0 && self.sigma.is_finite()) {
            return refuse("sigma of the weights", self.sigma.to_string(), "a finite number >= 0".into());
        }
        for (what, x) in [("mean of the weights", self.mean), ("bias of the hidden units", self.bias)] {
            if !x.is_finite() {
                return refuse(what, x.to_string(), "a finite number".into());
            }
        }
        let (low, high) = self.unit.fields();
        let because = if self.unit.colours().is_some() {
            "it has a field for each of its states"
        } else if low > f64::NEG_INFINITY || high < f64::INFINITY {
            "normal weights bring about fields where its measure is infinite, and no coupling has a mean"
        } else {
            return Ok(());
        };
        let nearest = "couplings of given weights; random weights of a unit with all fields";
        Err(Unsupported::new(format!("random weights of {}", self.unit.name()), "theory", because, nearest)
            .into())
    }

    /// Moments of the couplings of `order`.
    ///
    /// K^{(k)} is written as Σ_t a_t e^{itq}; then E₁J = Σ_t a_t e^{itc} (E D_t)^k E\[…\]^{N−k} and E₁J² is a
    /// double sum with E\[D_t D_s*\]^k, D_t = (e^{itW} − 1)/(it) in 0/1 and sin(tW)/t in ±1, so that nothing
    /// cancels at small σ. Gaussian and Poisson units are taken in closed form: E₁J^n = (λe^c)^n (E(e^W −
    /// 1)^n)^k.
    ///
    /// # Errors
    /// If the order is not 1 to N, a number is not finite, or the unit does not have all fields.
    pub fn moments(&self, order: usize) -> Result<OrderMoments, TheoryError> {
        self.checked(order)?;
        let one = match Factorised::of(&self.unit) {
            Some(unit) => unit.moments(self, order),
            None => self.by_modes(order)?,
        };
        let count = self.hidden as f64;
        let mean = count * one.mean;
        let variance = count * (one.square - one.mean * one.mean).max(0.0);
        let shared = count * (one.shared - one.mean * one.mean).max(0.0);
        let kurtosis = one.kurtosis.filter(|k| !k.is_nan());
        Ok(OrderMoments {
            order,
            mean,
            rms: (variance + mean * mean).sqrt(),
            deviation: variance.sqrt(),
            mean_deviation: shared.sqrt(),
            kurtosis,
            error: count * one.error + f64::EPSILON * mean.abs(),
        })
    }

    fn weight(&self) -> Weight {
        Weight { encoding: self.encoding, mean: self.mean, sigma: self.sigma }
    }

    /// K^{(p)} over all fields of some probability.
    fn modes(&self, derivative: usize, order: usize) -> Result<Fourier, TheoryError> {
        let k = order as f64;
        let (low, high) = match self.encoding {
            Encoding::ZeroOne => {
                let reach = TAIL * self.sigma * k.sqrt();
                ((k * self.mean).min(0.0) - reach, (k * self.mean).max(0.0) + reach)
            }
            // Σ sW is sub-Gaussian with variance N(μ² + σ²), and never beyond N|μ| of normal sums.
            Encoding::PlusMinus => {
                let n = self.visible as f64;
                let walk = TAIL * (n * (self.mean * self.mean + self.sigma * self.sigma)).sqrt();
                let reach = walk.min(n * self.mean.abs() + TAIL * self.sigma * n.sqrt());
                (-reach, reach)
            }
        };
        Fourier::of(&self.unit, derivative, self.bias + low, self.bias + high)
    }

    fn by_modes(&self, order: usize) -> Result<OneUnit, TheoryError> {
        let derivative = order.min(MAX_DERIVATIVE);
        let fourier = self.modes(derivative, order)?;
        let weight = self.weight();
        let rest = (self.visible - order) as i32;
        let undivided = (order - derivative) as i32;
        // Amplitudes A e^{it(c − x₀)} with J = Re Σ A e^{it…} Π D; every factor D beyond the derivative comes
        // with it.
        let mut mean = 0.0;
        let amplitudes: Vec<(f64, Complex<f64>)> = fourier
            .modes
            .iter()
            .map(|Mode { frequency, cosine, sine }| {
                let t = frequency.max(ZERO);
                let phase = Complex::from_polar(1.0, frequency * (self.bias - fourier.centre));
                let amplitude = Complex::new(*cosine, -sine) * phase * Complex::new(0.0, t).powi(undivided);
                mean += (amplitude * weight.mean(t).powi(order as i32)).re * weight.outside(t).powi(rest);
                (t, amplitude)
            })
            .collect();
        let overlaps = self.overlaps(order);
        let (mut square, mut shared, mut power) = (0.0, 0.0, 0.0);
        for (m, (t, a)) in amplitudes.iter().enumerate() {
            for (n, (s, b)) in amplitudes[..=m].iter().enumerate() {
                // J² = ½ Re Σ (A_t A_s* … + A_t A_s …), twice for each pair of modes.
                let twice = if n == m { 0.5 } else { 1.0 };
                for (s, b) in [(*s, b.conj()), (-s, *b)] {
                    let pair = weight.pair(*t, s);
                    let product = a * b * twice;
                    let inside = pair.both.powi(order as i32) * pair.none.powi(rest);
                    square += (product * inside).re;
                    shared += (product * shared_sites(&pair, &overlaps, order, self.visible)).re;
                    if m == n {
                        // |A|-free part of E|Π D|²: what noise of the coefficients is multiplied by.
                        power += inside.re.abs() * t.abs().powi(2 * undivided);
                    }
                }
            }
        }
        Ok(OneUnit { mean, square, shared, kurtosis: None, error: 4.0 * fourier.noise * power.sqrt() })
    }

    /// Shares of the pairs of couplings of one order with 0, 1, … sites in common: hypergeometric.
    pub(super) fn overlaps(&self, order: usize) -> Vec<f64> {
        let ln_binomial = |n: usize, k: usize| -> f64 {
            if k > n {
                return f64::NEG_INFINITY;
            }
            libm::lgamma(n as f64 + 1.0) - libm::lgamma(k as f64 + 1.0) - libm::lgamma((n - k) as f64 + 1.0)
        };
        let outside = self.visible - order;
        let all = ln_binomial(self.visible, order);
        (0..=order).map(|o| (ln_binomial(order, o) + ln_binomial(outside, order - o) - all).exp()).collect()
    }
}

/// What is known of one hidden unit: E₁J, E₁J², and E₁ of two couplings of the order averaged over their overlaps.
#[derive(Debug, Clone, Copy)]
pub(super) struct OneUnit {
    pub(super) mean: f64,
    pub(super) square: f64,
    pub(super) shared: f64,
    pub(super) kurtosis: Option<f64>,
    pub(super) error: f64,
}

/// Σ_o of the share of overlap o times the product over all sites.
fn shared_sites(
    pair: &super::characteristic::Pair,
    overlaps: &[f64],
    order: usize,
    visible: usize,
) -> Complex<f64> {
    let terms = overlaps.iter().enumerate().filter(|(_, share)| **share > 0.0).map(|(o, share)| {
        let none = (visible + o - 2 * order) as i32;
        pair.both.powi(o as i32) * pair.single.powi((order - o) as i32) * (share * pair.none.powi(none))
    });
    terms.sum()
}
