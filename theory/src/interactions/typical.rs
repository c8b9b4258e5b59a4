//! The typical size of a coupling, exp E ln|J|.

use std::f64::consts::FRAC_1_PI;

use mattis_model::{Encoding, SpecError, Unsupported};

use super::differences::{Factor, apply};
use super::factorised::Factorised;
use super::random::RandomWeights;
use crate::TheoryError;

/// Standard deviations that are kept.
const TAIL: f64 = 9.5;

/// E ln|x − root| for x normal: both sides of the root in u = ln|x − root|, where nothing is singular.
fn mean_log(mean: f64, sigma: f64, root: f64) -> f64 {
    let centre = (mean - root) / sigma;
    // The bulk is narrow in u where it lies far from the root.
    let step = 0.05 / (1.0 + centre.abs());
    let (low, high) = (-45.0, (TAIL + centre.abs()).ln());
    let count = ((high - low) / step) as usize;
    let norm = step / (2.0 * std::f64::consts::PI).sqrt();
    let sum: f64 = (0..=count)
        .map(|j| {
            let u = high - step * j as f64;
            let x = u.exp();
            let density = (-0.5 * (x - centre).powi(2)).exp() + (-0.5 * (x + centre).powi(2)).exp();
            density * u * x
        })
        .sum();
    sigma.ln() + norm * sum
}

/// E f(W) by trapezoids that are halved until they agree.
fn smooth_average(mean: f64, sigma: f64, f: &mut dyn FnMut(f64) -> f64) -> Result<f64, TheoryError> {
    halve(&mut |step| {
        let half = (TAIL / step).ceil() as i32;
        let (mut sum, mut norm) = (0.0, 0.0);
        for j in -half..=half {
            // Off the origin, so that no node is a root.
            let z = step * (f64::from(j) + FRAC_1_PI);
            let density = (-0.5 * z * z).exp();
            norm += density;
            sum += density * f(mean + sigma * z);
        }
        sum / norm
    })
}

fn halve(sum: &mut dyn FnMut(f64) -> f64) -> Result<f64, TheoryError> {
    let mut step = 0.4;
    let mut last = sum(step);
    for _ in 0..6 {
        step *= 0.5;
        let next = sum(step);
        if (next - last).abs() <= 1e-10 * (1.0 + next.abs()) {
            return Ok(next);
        }
        last = next;
    }
    Err(TheoryError::NotConverged {
        state: "E ln|J|".into(),
        at: "the smallest step of the quadrature".into(),
        residual: (sum(0.5 * step) - last).abs(),
    })
}

impl RandomWeights {
    /// exp E ln|J_S| of the couplings of `order` of one hidden unit: their typical size, which large but rare
    /// couplings do not change. 0 where they vanish.
    ///
    /// Poisson: E ln|J| = ln λ + c + k E ln|e^W − 1|, in ±1 k E ln|sinh W| + (N − k) E ln cosh W. Other units
    /// in 0/1 at k = 1 and 2, where the couplings vanish at known weights only: K is convex, so K(c + W) = K(c)
    /// has at most one root beside W = 0 and the second difference none beside W₁W₂ = 0.
    ///
    /// # Errors
    /// As [`RandomWeights::moments`]; if σ = 0; and for orders and encodings where the zeros of J are surfaces.
    pub fn typical(&self, order: usize) -> Result<f64, TheoryError> {
        self.checked(order)?;
        if self.sigma == 0.0 {
            return Err(SpecError::out_of_range("sigma of the weights", 0, "a number > 0").into());
        }
        let (mean, sigma, k) = (self.mean, self.sigma, order as f64);
        let spins = self.encoding == Encoding::PlusMinus;
        let log = match Factorised::of(&self.unit) {
            Some(Factorised::Exponential { rate }) => {
                // |e^W − 1| = |W| · |expm1(W)/W|, sinh likewise.
                let inside = |w: f64| if spins { (w.sinh() / w).ln() } else { (w.exp_m1() / w).ln() };
                let one = mean_log(mean, sigma, 0.0) + smooth_average(mean, sigma, &mut { inside })?;
                let other =
                    if spins { smooth_average(mean, sigma, &mut |w: f64| w.cosh().ln())? } else { 0.0 };
                rate.ln() + self.bias + k * one + (self.visible - order) as f64 * other
            }
            Some(Factorised::Quadratic { slope, curvature }) => match order {
                1 if spins => (slope + curvature * self.bias).abs().ln() + mean_log(mean, sigma, 0.0),
                1 => {
                    let root = -2.0 * (slope / curvature + self.bias);
                    (0.5 * curvature).ln() + mean_log(mean, sigma, 0.0) + mean_log(mean, sigma, root)
                }
                2 => curvature.ln() + 2.0 * mean_log(mean, sigma, 0.0),
                _ => f64::NEG_INFINITY,
            },
            None if spins || order > 2 => {
                return Err(Unsupported::new(
                    format!(
                        "the typical coupling of order {order} ({}, {})",
                        self.unit.name(),
                        self.encoding
                    ),
                    "theory",
                    "couplings vanish on surfaces that have no closed form",
                    "mean and rms; the typical coupling of orders 1 and 2 in 0/1, or of Poisson units",
                )
                .into());
            }
            None if order == 1 => self.typical_field()?,
            None => self.typical_pair()?,
        };
        Ok(log.exp())
    }

    /// E ln|K(c + W) − K(c)|.
    fn typical_field(&self) -> Result<f64, TheoryError> {
        let (mean, sigma) = (self.mean, self.sigma);
        let change = |w: f64| apply(&self.unit, self.bias + 0.5 * w, &[Factor::Difference(w)]).value;
        let root = self.other_root(&change);
        let rest = smooth_average(mean, sigma, &mut |w| {
            let rest = change(w) / w;
            root.map_or(rest, |root| rest / (w - root)).abs().ln()
        })?;
        Ok(mean_log(mean, sigma, 0.0) + root.map_or(0.0, |root| mean_log(mean, sigma, root)) + rest)
    }

    /// The root of K(c + w) = K(c) beside w = 0, on the side where K falls, if the weights get there.
    fn other_root(&self, change: &dyn Fn(f64) -> f64) -> Option<f64> {
        let mut k = [0.0; 3];
        self.unit.cumulants(self.bias, &mut k);
        let near = -2.0 * k[1] / k[2];
        if near.abs() < 1e-8 {
            return Some(near);
        }
        let limit = 2.0 * (self.mean.abs() + 12.0 * self.sigma);
        let (mut inner, mut outer) = (0.25 * near, near);
        while change(outer) < 0.0 {
            inner = outer;
            outer *= 1.5;
            if outer.abs() > limit.max(near.abs()) {
                return None;
            }
        }
        while change(inner) >= 0.0 {
            inner *= 0.5;
            if inner.abs() < 1e-12 {
                return Some(inner);
            }
        }
        Some(bisect(inner, outer, change))
    }

    /// E ln|K(c + W₁ + W₂) − K(c + W₁) − K(c + W₂) + K(c)|.
    fn typical_pair(&self) -> Result<f64, TheoryError> {
        let (mean, sigma) = (self.mean, self.sigma);
        let rest = halve(&mut |step| {
            let half = (TAIL / step).ceil() as i32;
            let nodes: Vec<(f64, f64)> = (-half..=half)
                .map(|j| {
                    let z = step * (f64::from(j) + FRAC_1_PI);
                    (mean + sigma * z, (-0.5 * z * z).exp())
                })
                .filter(|(_, p)| *p > 1e-18)
                .collect();
            let norm: f64 = nodes.iter().map(|(_, p)| p).sum();
            let mut sum = 0.0;
            for (n, (a, p)) in nodes.iter().enumerate() {
                for (b, q) in &nodes[..=n] {
                    let twice = if a == b { 1.0 } else { 2.0 };
                    if p * q > 1e-18 {
                        let steps = [Factor::Difference(*a), Factor::Difference(*b)];
                        let second = apply(&self.unit, self.bias + 0.5 * (a + b), &steps).value;
                        sum += twice * p * q * (second / (a * b)).abs().ln();
                    }
                }
            }
            sum / (norm * norm)
        })?;
        Ok(2.0 * mean_log(mean, sigma, 0.0) + rest)
    }
}

/// The root of `f` between an end where it is negative and one where it is not.
pub(super) fn bisect(mut negative: f64, mut positive: f64, f: &dyn Fn(f64) -> f64) -> f64 {
    for _ in 0..200 {
        let middle = 0.5 * (negative + positive);
        if middle == negative || middle == positive {
            break;
        }
        if f(middle) < 0.0 { negative = middle } else { positive = middle }
    }
    0.5 * (negative + positive)
}
