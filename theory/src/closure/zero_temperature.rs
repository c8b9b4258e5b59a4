//! T = 0 for ±1 units and Hebb couplings as an exact one-parameter problem.
//!
//! With y = m/√(2Δ), n condensed memories and z_n their sum,
//!
//! √α(y) = ⟨z_n erf(z_n y)⟩/(√2 n y) − √(2/π) ⟨exp(−z_n² y²)⟩,
//!
//! so that the capacity is a maximum over y: no iteration, nothing singular at the fold. For n = 1 this is
//! √(2α) = erf(y)/y − (2/√π) e^{−y²} (Amit, Gutfreund & Sompolinsky 1985).

use std::f64::consts::{FRAC_2_PI, SQRT_2};

use super::columns::columns;
use crate::solve::scalar::brent;

/// A point of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroundState {
    /// m/√(2Δ).
    pub y: f64,
    /// Load.
    pub alpha: f64,
    /// Overlap with each condensed memory.
    pub m: f64,
    /// Susceptibility χ (C of Amit, Gutfreund and Sompolinsky).
    pub chi: f64,
    /// Variance of the local field, αr.
    pub delta: f64,
}

/// The point at y > 0 on the curve of n-mixtures (n = 1: retrieval); `None` on the sheet χ ≥ 1.
pub fn ground_state(n: usize, y: f64) -> Option<GroundState> {
    let (mut overlap, mut gauss) = (0.0, 0.0);
    for column in columns(n, true) {
        overlap += column.probability * column.sum * libm::erf(column.sum * y) / n as f64;
        gauss += column.probability * libm::exp(-(column.sum * y).powi(2));
    }
    let noise = overlap / (SQRT_2 * y);
    let root = noise - FRAC_2_PI.sqrt() * gauss;
    (root > 0.0 && y > 0.0).then(|| GroundState {
        y,
        alpha: root * root,
        m: overlap,
        chi: FRAC_2_PI.sqrt() * gauss / noise,
        delta: noise * noise,
    })
}

/// d√α/dy.
fn slope(n: usize, y: f64) -> f64 {
    let mut sum = 0.0;
    for column in columns(n, true) {
        let s = column.sum;
        let gauss = libm::exp(-(s * y).powi(2));
        let overlap = s * libm::erf(s * y) / n as f64;
        let overlap_slope = s * s * gauss * std::f64::consts::FRAC_2_SQRT_PI / n as f64;
        sum += column.probability
            * ((overlap_slope / y - overlap / (y * y)) / SQRT_2 + FRAC_2_PI.sqrt() * 2.0 * s * s * y * gauss);
    }
    sum
}

/// The largest load with an n-mixture at T = 0: α_c for n = 1.
pub fn capacity(n: usize) -> Option<GroundState> {
    // The maximum is the last sign change of the slope, coming from large y.
    let mut high = 8.0;
    while high > 0.1 {
        let low = high - 0.05;
        if slope(n, low) > 0.0 {
            let y = brent(low, high, &mut |y| slope(n, y))?;
            return ground_state(n, y);
        }
        high = low;
    }
    None
}

/// The stable n-mixture at load α and T = 0: the root of α(y) above the maximum.
pub fn at_load(n: usize, alpha: f64) -> Option<GroundState> {
    let fold = capacity(n)?;
    if !(alpha > 0.0 && alpha <= fold.alpha) {
        return None;
    }
    let mut f = |y: f64| ground_state(n, y).map_or(f64::NAN, |g| g.alpha.sqrt() - alpha.sqrt());
    let mut high = fold.y * 2.0;
    while f(high) > 0.0 {
        high *= 2.0;
    }
    let y = brent(fold.y, high, &mut f)?;
    ground_state(n, y)
}
