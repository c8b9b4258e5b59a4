//! Damped Newton iteration that says how it ended.

use mattis_model::record::Exit;
use nalgebra::{DMatrix, DVector};

/// Column vector of unknowns or residuals.
pub type Vector = DVector<f64>;
/// Jacobian.
pub type Matrix = DMatrix<f64>;

/// How an iteration ended and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// The unknowns.
    pub y: Vector,
    /// Largest scaled residual, |F_i|/(1 + |y_i|).
    pub residual: f64,
    /// How it ended.
    pub exit: Exit,
    /// Iterations used.
    pub iterations: usize,
}

/// Residuals at or below this are rounding.
pub const TOLERANCE: f64 = 2e-13;

const MAX_ITERATIONS: usize = 60;

fn size(f: &Vector, y: &Vector) -> f64 {
    let mut largest = 0.0_f64;
    for (f, y) in f.iter().zip(y.iter()) {
        let scaled = f.abs() / (1.0 + y.abs());
        largest = if scaled.is_nan() { f64::INFINITY } else { largest.max(scaled) };
    }
    largest
}

/// Solves F(y) = 0 by Newton steps, halved while they leave the domain or make the residual grow.
///
/// `system` returns F and its Jacobian, or `None` outside the domain. The iteration goes on until rounding
/// stops it, so the residual is as small as the arithmetic allows.
pub fn newton(start: Vector, system: &dyn Fn(&Vector) -> Option<(Vector, Matrix)>) -> Solution {
    let mut y = start;
    let failed = |y: Vector, residual, iterations| Solution { y, residual, exit: Exit::Stalled, iterations };
    let Some((mut f, mut jacobian)) = system(&y) else {
        return failed(y, f64::INFINITY, 0);
    };
    let mut residual = size(&f, &y);
    for iteration in 0..MAX_ITERATIONS {
        if residual == 0.0 {
            return Solution { y, residual, exit: Exit::Converged, iterations: iteration };
        }
        let Some(step) = jacobian.lu().solve(&f) else {
            return failed(y, residual, iteration);
        };
        if !step.iter().all(|x| x.is_finite()) {
            return failed(y, residual, iteration);
        }
        let mut scale = 1.0;
        let accepted = loop {
            let trial = &y - &step * scale;
            if let Some((g, next)) = system(&trial) {
                let new = size(&g, &trial);
                if new < residual || (scale == 1.0 && new <= TOLERANCE && residual > TOLERANCE) {
                    break Some((trial, g, next, new));
                }
            }
            // At rounding level a full step that does not help ends the iteration.
            if residual <= TOLERANCE || scale < 1e-6 {
                break None;
            }
            scale *= 0.5;
        };
        match accepted {
            Some((trial, g, next, new)) => {
                y = trial;
                f = g;
                jacobian = next;
                residual = new;
            }
            None => {
                let exit = if residual <= TOLERANCE { Exit::Converged } else { Exit::Stalled };
                return Solution { y, residual, exit, iterations: iteration };
            }
        }
    }
    let exit = if residual <= TOLERANCE { Exit::Converged } else { Exit::Exhausted };
    Solution { y, residual, exit, iterations: MAX_ITERATIONS }
}

/// Central differences of a vector function, for rows without a closed derivative.
pub fn central_differences(y: &Vector, function: &dyn Fn(&Vector) -> Option<Vector>) -> Option<Matrix> {
    let rows = function(y)?.len();
    let mut out = Matrix::zeros(rows, y.len());
    for j in 0..y.len() {
        let step = 6e-6 * (y[j].abs() + 1e-3);
        let mut forward = y.clone();
        forward[j] += step;
        let mut backward = y.clone();
        backward[j] -= step;
        // One-sided at the edge of the domain, such as T = 0.
        let (up, down, width) = match (function(&forward), function(&backward)) {
            (Some(up), Some(down)) => (up, down, 2.0 * step),
            (Some(up), None) => (up, function(y)?, step),
            (None, Some(down)) => (function(y)?, down, step),
            (None, None) => return None,
        };
        out.set_column(j, &((up - down) / width));
    }
    Some(out)
}
