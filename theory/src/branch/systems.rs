//! The systems that are followed: branches, folds, equal free energies, vanishing replicon.

use super::arclength::zeros;
use super::{Axis, Waypoint};
use crate::closure::{Closure, Phase, Point};
use crate::solve::newton::{Matrix, Problem, Vector, central_differences};

/// Unknowns (y, p): a branch along one axis with the other control fixed.
pub(crate) fn branch(
    closure: &dyn Closure,
    phase: Phase,
    axis: Axis,
    fixed: f64,
) -> impl Fn(&Vector) -> Option<(Vector, Matrix)> + '_ {
    let k = closure.dimension();
    move |x: &Vector| {
        let (y, at) = split_branch(x, axis, fixed);
        let (f, jacobian) = closure.linearize(phase, &y, at)?;
        let mut out = Matrix::zeros(k, k + 1);
        out.view_mut((0, 0), (k, k)).copy_from(&jacobian.columns(0, k));
        out.set_column(k, &jacobian.column(if axis == Axis::Load { k } else { k + 1 }));
        Some((f, out))
    }
}

/// Order parameters and control of a point of a branch.
pub(crate) fn split_branch(x: &Vector, axis: Axis, fixed: f64) -> (Vector, Point) {
    let k = x.len() - 1;
    let at = match axis {
        Axis::Load => Point { alpha: x[k], temperature: fixed },
        Axis::Temperature => Point { alpha: fixed, temperature: x[k] },
    };
    (x.rows(0, k).into_owned(), at)
}

/// Order parameters and control of x = (y, α, T).
pub(crate) fn split(x: &Vector) -> (Vector, Point) {
    let k = x.len() - 2;
    (x.rows(0, k).into_owned(), Point { alpha: x[k], temperature: x[k + 1] })
}

/// The equation beside F = 0 in a system for (y, α, T).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    /// det ∂F/∂y.
    Determinant,
    /// The logarithm of the replicon's deficit, with ln T in place of T: regular at any temperature.
    Replicon,
}

/// F = 0 and one more equation, whose gradient is taken by central differences where the closure has none.
struct Bordered<'a> {
    closure: &'a dyn Closure,
    phase: Phase,
    row: Row,
    /// Whether the closure knows the gradient at T > 0.
    known: bool,
}

impl Bordered<'_> {
    fn point(&self, x: &Vector) -> (Vector, Point) {
        let (y, mut at) = split(x);
        if self.row == Row::Replicon {
            at.temperature = at.temperature.exp();
        }
        (y, at)
    }

    fn value(&self, x: &Vector) -> Option<f64> {
        let (y, at) = self.point(x);
        match self.row {
            Row::Determinant => Some(self.closure.jacobian(self.phase, &y, at)?.determinant()),
            Row::Replicon => Some(self.closure.replicon_deficit(self.phase, &y, at)?.ln()),
        }
    }
}

impl Problem for Bordered<'_> {
    fn residual(&self, x: &Vector) -> Option<Vector> {
        let (y, at) = self.point(x);
        let k = y.len();
        let (f, jacobian) = self.closure.linearize(self.phase, &y, at)?;
        let value = match self.row {
            Row::Determinant => jacobian.columns(0, k).into_owned().determinant(),
            Row::Replicon => self.value(x)?,
        };
        Some(f.insert_row(k, value))
    }

    fn linearize(&self, x: &Vector) -> Option<(Vector, Matrix)> {
        let (y, at) = self.point(x);
        let k = y.len();
        if self.known
            && let Some(system) = self.closure.fold_system(self.phase, &y, at)
        {
            return Some(system);
        }
        let (f, mut jacobian) = self.closure.linearize(self.phase, &y, at)?;
        if self.row == Row::Replicon {
            jacobian.column_mut(k + 1).scale_mut(at.temperature);
        }
        let gradient = central_differences(x, &|x: &Vector| Some(Vector::from_element(1, self.value(x)?)))?;
        let mut out = jacobian.insert_row(k, 0.0);
        out.row_mut(k).copy_from(&gradient.row(0));
        Some((f.insert_row(k, self.value(x)?), out))
    }

    fn prefers_chords(&self) -> bool {
        !self.known
    }
}

/// Folds: F = 0 and det ∂F/∂y = 0 in (y, α, T).
pub(crate) fn folds(closure: &dyn Closure, phase: Phase) -> impl Problem + '_ {
    Bordered { closure, phase, row: Row::Determinant, known: closure.knows_folds(phase) }
}

/// A vanishing replicon, the de Almeida–Thouless line, in (y, α, ln T).
pub(crate) fn replicon_zero(closure: &dyn Closure, phase: Phase) -> impl Problem + '_ {
    Bordered { closure, phase, row: Row::Replicon, known: false }
}

/// Folds on a branch that was followed: where det ∂F/∂y changes sign, in the order of the run.
pub(crate) fn folds_on(
    closure: &dyn Closure,
    phase: Phase,
    points: &[Waypoint],
    axis: Axis,
    fixed: f64,
) -> Vec<Vector> {
    let system = branch(closure, phase, axis, fixed);
    zeros(&system, points, &|x| {
        let (y, at) = split_branch(x, axis, fixed);
        Some(closure.jacobian(phase, &y, at)?.determinant())
    })
}

/// Equal free energies of two phases: unknowns (y, y′, α, T).
pub(crate) fn crossings(closure: &dyn Closure, first: Phase, second: Phase) -> impl Problem + '_ {
    Crossing { closure, phases: [first, second] }
}

struct Crossing<'a> {
    closure: &'a dyn Closure,
    phases: [Phase; 2],
}

impl Crossing<'_> {
    fn parts(&self, x: &Vector) -> ([Vector; 2], Point) {
        let k = self.closure.dimension();
        let at = Point { alpha: x[2 * k], temperature: x[2 * k + 1] };
        ([x.rows(0, k).into_owned(), x.rows(k, k).into_owned()], at)
    }
}

impl Problem for Crossing<'_> {
    fn residual(&self, x: &Vector) -> Option<Vector> {
        let k = self.closure.dimension();
        let (unknowns, at) = self.parts(x);
        let mut f = Vector::zeros(2 * k + 1);
        for (i, (phase, y)) in self.phases.into_iter().zip(&unknowns).enumerate() {
            f.rows_mut(i * k, k).copy_from(&self.closure.residual(phase, y, at)?);
            let sign = if i == 0 { 1.0 } else { -1.0 };
            f[2 * k] += sign * self.closure.free_energy(phase, y, at)?;
        }
        Some(f)
    }

    fn linearize(&self, x: &Vector) -> Option<(Vector, Matrix)> {
        let k = self.closure.dimension();
        let (unknowns, at) = self.parts(x);
        let mut out = Matrix::zeros(2 * k + 1, 2 * k + 2);
        for (i, (phase, y)) in self.phases.into_iter().zip(&unknowns).enumerate() {
            let (_, jacobian) = self.closure.linearize(phase, y, at)?;
            let gradient = self.closure.free_energy_gradient(phase, y, at)?;
            let (offset, sign) = (i * k, if i == 0 { 1.0 } else { -1.0 });
            out.view_mut((offset, offset), (k, k)).copy_from(&jacobian.columns(0, k));
            out.view_mut((offset, 2 * k), (k, 2)).copy_from(&jacobian.columns(k, 2));
            for j in 0..k {
                out[(2 * k, offset + j)] = sign * gradient[j];
            }
            out[(2 * k, 2 * k)] += sign * gradient[k];
            out[(2 * k, 2 * k + 1)] += sign * gradient[k + 1];
        }
        Some((self.residual(x)?, out))
    }

    fn prefers_chords(&self) -> bool {
        true
    }
}

/// −dα/dT along the fold curve, (l·F_T)/(l·F_α) with l the left null vector of ∂F/∂y. Zero where the spinodal
/// turns back.
pub(crate) fn fold_turning(closure: &dyn Closure, phase: Phase, x: &Vector) -> Option<f64> {
    let (y, at) = split(x);
    let k = y.len();
    let (_, jacobian) = closure.linearize(phase, &y, at)?;
    let svd = jacobian.columns(0, k).into_owned().svd(true, false);
    let smallest = svd.singular_values.imin();
    let left = svd.u?.column(smallest).into_owned();
    Some(left.dot(&jacobian.column(k + 1)) / left.dot(&jacobian.column(k)))
}
