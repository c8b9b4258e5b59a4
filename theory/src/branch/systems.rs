//! The systems that are followed: branches, folds, equal free energies, vanishing replicon.

use super::arclength::zeros;
use super::{Axis, Waypoint};
use crate::closure::{Closure, Phase, Point};
use crate::solve::newton::{Matrix, Vector, central_differences};

/// Unknowns (y, p): a branch along one axis with the other control fixed.
pub(crate) fn branch<'a>(
    closure: &'a dyn Closure,
    phase: Phase,
    axis: Axis,
    fixed: f64,
) -> impl Fn(&Vector) -> Option<(Vector, Matrix)> + 'a {
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

fn determinant(closure: &dyn Closure, phase: Phase, x: &Vector) -> Option<f64> {
    let (y, at) = split(x);
    Some(closure.jacobian(phase, &y, at)?.determinant())
}

/// Unknowns (y, α, T), equations F = 0 and one more, whose gradient is taken by central differences.
fn with_row<'a>(
    closure: &'a dyn Closure,
    phase: Phase,
    row: impl Fn(&Vector) -> Option<f64> + 'a,
) -> impl Fn(&Vector) -> Option<(Vector, Matrix)> + 'a {
    let k = closure.dimension();
    move |x: &Vector| {
        let (y, at) = split(x);
        let (f, jacobian) = closure.linearize(phase, &y, at)?;
        let value = row(x)?;
        let gradient = central_differences(x, &|x: &Vector| Some(Vector::from_element(1, row(x)?)))?;
        let mut out = jacobian.insert_row(k, 0.0);
        out.row_mut(k).copy_from(&gradient.row(0));
        Some((f.insert_row(k, value), out))
    }
}

/// Folds: F = 0 and det ∂F/∂y = 0 in (y, α, T).
pub(crate) fn folds<'a>(closure: &'a dyn Closure, phase: Phase) -> impl Fn(&Vector) -> Option<(Vector, Matrix)> + 'a {
    with_row(closure, phase, move |x| determinant(closure, phase, x))
}

/// Folds of the branch along the load: where dα changes sign. The last one met is returned last.
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

/// A logarithm of the replicon's deficit, in (y, α, ln T): zero on the de Almeida–Thouless line, and regular
/// at any temperature.
pub(crate) fn replicon_zero<'a>(
    closure: &'a dyn Closure,
    phase: Phase,
) -> impl Fn(&Vector) -> Option<(Vector, Matrix)> + 'a {
    let k = closure.dimension();
    let linear = move |x: &Vector| {
        let mut x = x.clone();
        x[k + 1] = x[k + 1].exp();
        x
    };
    let row = move |x: &Vector| {
        let (y, at) = split(&linear(x));
        Some(closure.replicon_deficit(phase, &y, at)?.ln())
    };
    move |x: &Vector| {
        let (y, at) = split(&linear(x));
        let (f, jacobian) = closure.linearize(phase, &y, at)?;
        let mut out = jacobian.insert_row(k, 0.0);
        out.column_mut(k + 1).scale_mut(at.temperature);
        let gradient = central_differences(x, &|x: &Vector| Some(Vector::from_element(1, row(x)?)))?;
        out.row_mut(k).copy_from(&gradient.row(0));
        Some((f.insert_row(k, row(x)?), out))
    }
}

/// Equal free energies of two phases: unknowns (y, y′, α, T).
pub(crate) fn crossings<'a>(
    closure: &'a dyn Closure,
    first: Phase,
    second: Phase,
) -> impl Fn(&Vector) -> Option<(Vector, Matrix)> + 'a {
    let k = closure.dimension();
    move |x: &Vector| {
        let at = Point { alpha: x[2 * k], temperature: x[2 * k + 1] };
        let (y, z) = (x.rows(0, k).into_owned(), x.rows(k, k).into_owned());
        let mut f = Vector::zeros(2 * k + 1);
        let mut out = Matrix::zeros(2 * k + 1, 2 * k + 2);
        let (f1, g1) = closure.free_energy(first, &y, at)?;
        let (f2, g2) = closure.free_energy(second, &z, at)?;
        for (offset, phase, unknowns, sign, gradient) in [(0, first, &y, 1.0, g1), (k, second, &z, -1.0, g2)] {
            let (residual, jacobian) = closure.linearize(phase, unknowns, at)?;
            f.rows_mut(offset, k).copy_from(&residual);
            out.view_mut((offset, offset), (k, k)).copy_from(&jacobian.columns(0, k));
            out.view_mut((offset, 2 * k), (k, 2)).copy_from(&jacobian.columns(k, 2));
            for j in 0..k {
                out[(2 * k, offset + j)] = sign * gradient[j];
            }
            out[(2 * k, 2 * k)] += sign * gradient[k];
            out[(2 * k, 2 * k + 1)] += sign * gradient[k + 1];
        }
        f[2 * k] = f1 - f2;
        Some((f, out))
    }
}

/// The component of the fold curve's tangent along α, up to a positive factor, by the left null vector l of
/// ∂F/∂y: dα/dT = −(l·F_T)/(l·F_α). Zero where the spinodal turns back.
pub(crate) fn fold_turning(closure: &dyn Closure, phase: Phase, x: &Vector) -> Option<f64> {
    let (y, at) = split(x);
    let k = y.len();
    let (_, jacobian) = closure.linearize(phase, &y, at)?;
    let svd = jacobian.columns(0, k).into_owned().svd(true, false);
    let smallest = svd.singular_values.imin();
    let left = svd.u?.column(smallest).into_owned();
    Some(left.dot(&jacobian.column(k + 1)) / left.dot(&jacobian.column(k)))
}
