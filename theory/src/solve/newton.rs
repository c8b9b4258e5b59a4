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

/// Equations to be solved. Outside their domain they are `None`.
pub trait Problem {
    /// F and its Jacobian.
    fn linearize(&self, y: &Vector) -> Option<(Vector, Matrix)>;

    /// F alone.
    fn residual(&self, y: &Vector) -> Option<Vector> {
        Some(self.linearize(y)?.0)
    }

    /// Whether F alone is so much cheaper that a Jacobian should serve for several steps.
    fn prefers_chords(&self) -> bool {
        false
    }
}

impl<F: Fn(&Vector) -> Option<(Vector, Matrix)>> Problem for F {
    fn linearize(&self, y: &Vector) -> Option<(Vector, Matrix)> {
        self(y)
    }
}

/// A chord step that reduces the residual by less than this asks for a new Jacobian.
const GOOD_CHORD: f64 = 0.2;

/// Solves F(y) = 0 by Newton steps, halved while they leave the domain or make the residual grow.
///
/// The iteration goes on until rounding stops it, so the residual is as small as the arithmetic allows.
pub fn newton(start: Vector, problem: &dyn Problem) -> Solution {
    newton_from(start, problem, None)
}

/// The same with a Jacobian known from nearby.
pub fn newton_from(start: Vector, problem: &dyn Problem, nearby: Option<Matrix>) -> Solution {
    let chords = problem.prefers_chords();
    let mut y = start;
    let known = nearby.filter(|_| chords);
    let (first, mut fresh) = match known {
        Some(jacobian) => (problem.residual(&y).map(|f| (f, jacobian)), false),
        None => (problem.linearize(&y), true),
    };
    let Some((mut f, jacobian)) = first else {
        return Solution { y, residual: f64::INFINITY, exit: Exit::Stalled, iterations: 0 };
    };
    let mut lu = jacobian.lu();
    let mut residual = size(&f, &y);
    let end = |y: Vector, residual: f64, iterations: usize, otherwise: Exit| {
        let exit = if residual <= TOLERANCE { Exit::Converged } else { otherwise };
        Solution { y, residual, exit, iterations }
    };
    for iteration in 0..MAX_ITERATIONS {
        if residual == 0.0 {
            return end(y, residual, iteration, Exit::Converged);
        }
        let step = lu.solve(&f).filter(|step| step.iter().all(|x| x.is_finite()));
        let accepted = step.and_then(|step| damped(problem, &y, &step, residual, fresh, chords));
        let good = accepted.as_ref().is_some_and(|a| a.residual <= GOOD_CHORD * residual);
        let Some(next) = accepted else {
            if fresh || residual <= TOLERANCE {
                return end(y, residual, iteration, Exit::Stalled);
            }
            // An old Jacobian led nowhere: take a new one here.
            let Some((_, jacobian)) = problem.linearize(&y) else {
                return end(y, residual, iteration, Exit::Stalled);
            };
            lu = jacobian.lu();
            fresh = true;
            continue;
        };
        y = next.y;
        f = next.f;
        residual = next.residual;
        match next.jacobian {
            Some(jacobian) => lu = jacobian.lu(),
            None if good || residual <= TOLERANCE => fresh = false,
            None => {
                let Some((_, jacobian)) = problem.linearize(&y) else {
                    return end(y, residual, iteration, Exit::Stalled);
                };
                lu = jacobian.lu();
                fresh = true;
            }
        }
    }
    end(y, residual, MAX_ITERATIONS, Exit::Exhausted)
}

struct Accepted {
    y: Vector,
    f: Vector,
    residual: f64,
    jacobian: Option<Matrix>,
}

/// The longest of the halved steps that reduces the residual; a chord is not halved.
fn damped(
    problem: &dyn Problem,
    y: &Vector,
    step: &Vector,
    residual: f64,
    fresh: bool,
    chords: bool,
) -> Option<Accepted> {
    let mut scale = 1.0;
    loop {
        let trial = y - step * scale;
        let evaluated = if chords {
            problem.residual(&trial).map(|f| (f, None))
        } else {
            problem.linearize(&trial).map(|(f, jacobian)| (f, Some(jacobian)))
        };
        if let Some((f, jacobian)) = evaluated {
            let new = size(&f, &trial);
            if new < residual {
                return Some(Accepted { y: trial, f, residual: new, jacobian });
            }
        }
        // At rounding level a full step that does not help ends the iteration.
        if !fresh || residual <= TOLERANCE || scale < 1e-6 {
            return None;
        }
        scale *= 0.5;
    }
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
