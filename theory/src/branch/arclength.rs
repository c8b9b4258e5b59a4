//! Pseudo-arclength continuation: n equations in n + 1 unknowns, followed along the curve of solutions.
//!
//! Keller, in Applications of Bifurcation Theory (1977); a fold is an ordinary point of the curve.

use mattis_model::record::Exit;

use crate::solve::newton::{Matrix, Problem, Vector, newton_from};

/// n equations in n + 1 unknowns, with an n × (n + 1) Jacobian.
pub(crate) type System<'a> = dyn Problem + 'a;

/// A solution with the direction of the curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Waypoint {
    /// The unknowns.
    pub x: Vector,
    /// Unit tangent, oriented along the run.
    pub tangent: Vector,
}

/// How far and how finely to follow.
#[derive(Debug, Clone, Copy)]
pub struct Stride {
    /// First step.
    pub first: f64,
    /// Longest step.
    pub longest: f64,
    /// Shortest step before the run stalls.
    pub shortest: f64,
    /// Most points.
    pub points: usize,
}

impl Default for Stride {
    fn default() -> Self {
        Self { first: 1e-3, longest: 0.03, shortest: 1e-9, points: 2000 }
    }
}

/// Unit tangent at x, on the side of `along`, with the Jacobian there.
fn tangent(system: &System<'_>, x: &Vector, along: &Vector) -> Option<(Vector, Matrix)> {
    let (_, jacobian) = system.linearize(x)?;
    let n = jacobian.nrows();
    let mut right = Vector::zeros(n + 1);
    right[n] = 1.0;
    let t = closed(&jacobian, along).lu().solve(&right)?;
    let norm = t.norm();
    (norm.is_finite() && norm > 0.0).then(|| (t / norm, jacobian))
}

/// The Jacobian with one more row.
fn closed(jacobian: &Matrix, row: &Vector) -> Matrix {
    let n = jacobian.nrows();
    let mut square = jacobian.clone().insert_row(n, 0.0);
    square.row_mut(n).copy_from(&row.transpose());
    square
}

/// A system closed by `row`·x = `value`.
struct Pinned<'a> {
    system: &'a System<'a>,
    row: &'a Vector,
    value: f64,
}

impl Problem for Pinned<'_> {
    fn linearize(&self, x: &Vector) -> Option<(Vector, Matrix)> {
        let (f, jacobian) = self.system.linearize(x)?;
        let n = f.len();
        Some((f.insert_row(n, self.row.dot(x) - self.value), closed(&jacobian, self.row)))
    }

    fn residual(&self, x: &Vector) -> Option<Vector> {
        let f = self.system.residual(x)?;
        let n = f.len();
        Some(f.insert_row(n, self.row.dot(x) - self.value))
    }

    fn prefers_chords(&self) -> bool {
        self.system.prefers_chords()
    }
}

/// The solution where `row`·x = `value`, by Newton from x, with a Jacobian from nearby if one is known.
fn pin(system: &System<'_>, x: &Vector, row: &Vector, value: f64, nearby: Option<&Matrix>) -> Option<Vector> {
    let problem = Pinned { system, row, value };
    let solution = newton_from(x.clone(), &problem, nearby.map(|jacobian| closed(jacobian, row)));
    (solution.exit == Exit::Converged).then_some(solution.y)
}

/// The solution where component `index` has a value.
pub(crate) fn pin_component(system: &System<'_>, x: &Vector, index: usize, value: f64) -> Option<Vector> {
    let mut row = Vector::zeros(x.len());
    row[index] = 1.0;
    let mut start = x.clone();
    start[index] = value;
    pin(system, &start, &row, value, None).or_else(|| pin(system, x, &row, value, None)).map(|mut x| {
        x[index] = value;
        x
    })
}

/// Follows the curve from a solution in the direction of `along`, until `stop` or the curve's end.
///
/// The last point is the one that `stop` accepted. Steps grow while the curve is straight, and shrink where the
/// corrector fails or the direction turns too far.
pub(crate) fn trace(
    system: &System<'_>,
    start: Vector,
    along: &Vector,
    stride: Stride,
    stop: &mut dyn FnMut(&Waypoint) -> bool,
) -> Vec<Waypoint> {
    let Some((direction, mut jacobian)) = tangent(system, &start, along) else {
        return Vec::new();
    };
    let mut points = vec![Waypoint { x: start, tangent: direction }];
    let mut step = stride.first;
    while points.len() < stride.points {
        let last = &points[points.len() - 1];
        if points.len() > 1 && stop(last) {
            break;
        }
        let guess = &last.x + &last.tangent * step;
        let level = last.tangent.dot(&guess);
        let next = pin(system, &guess, &last.tangent, level, Some(&jacobian))
            .filter(|x| (x - &guess).norm() <= 0.5 * step)
            .and_then(|x| {
                let (direction, here) = tangent(system, &x, &last.tangent)?;
                (direction.dot(&last.tangent) > 0.9).then_some((Waypoint { x, tangent: direction }, here))
            });
        match next {
            Some((point, here)) => {
                jacobian = here;
                let straight = point.tangent.dot(&last.tangent) > 0.995;
                points.push(point);
                if straight {
                    step = (1.6 * step).min(stride.longest);
                }
            }
            None if step > stride.shortest => step *= 0.4,
            None => break,
        }
    }
    points
}

/// Where a scalar of the curve changes sign between neighbouring points, refined along the curve.
pub(crate) fn zeros(
    system: &System<'_>,
    points: &[Waypoint],
    scalar: &dyn Fn(&Vector) -> Option<f64>,
) -> Vec<Vector> {
    points
        .windows(2)
        .filter_map(|pair| {
            let (a, b) = (scalar(&pair[0].x)?, scalar(&pair[1].x)?);
            if a == 0.0 {
                return Some(pair[0].x.clone());
            }
            if (a > 0.0) == (b > 0.0) || b == 0.0 {
                return None;
            }
            zero_between(system, &pair[0], &pair[1], scalar)
        })
        .collect()
}

/// The zero of a scalar on the arc between two points.
fn zero_between(
    system: &System<'_>,
    left: &Waypoint,
    right: &Waypoint,
    scalar: &dyn Fn(&Vector) -> Option<f64>,
) -> Option<Vector> {
    let chord = &right.x - &left.x;
    let length = chord.norm();
    let row = &chord / length;
    let base = row.dot(&left.x);
    let at = |s: f64| {
        let guess = &left.x + &chord * (s / length);
        pin(system, &guess, &row, base + s, None)
    };
    let mut value = |s: f64| {
        if s == 0.0 {
            return scalar(&left.x).unwrap_or(f64::NAN);
        }
        if s == length {
            return scalar(&right.x).unwrap_or(f64::NAN);
        }
        at(s).and_then(|x| scalar(&x)).unwrap_or(f64::NAN)
    };
    let s = crate::solve::scalar::brent(0.0, length, &mut value)?;
    at(s)
}
