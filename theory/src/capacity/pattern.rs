//! The end of the pattern's own branch: a level curve followed from large x to the first maximum of the load.
//!
//! With everything but the load fixed the states of a network are a level curve of the surface. Curves of different
//! branches come close to each other, so that it is followed along its tangent, never by its nearest point on a row.

use super::surface::Surface;
use crate::solve::scalar::brent;

/// Longest step in (ln x, y/x).
const LONGEST: f64 = 0.01;
/// Shortest step before the run is given up.
const SHORTEST: f64 = 1e-7;
/// Largest turn of the tangent per step, as 1 − cos.
const TURN: f64 = 0.02;
/// Most steps.
const MOST: usize = 20_000;

/// A point of the curve in (ln x, y/x), its tangent, and the slope of ln α along it.
#[derive(Debug, Clone, Copy)]
struct Here {
    at: [f64; 2],
    tangent: [f64; 2],
    slope: f64,
}

/// The gradients of level and ln α in (ln x, y/x), with the level.
fn gradients(surface: &dyn Surface, [u, r]: [f64; 2]) -> Option<(f64, [f64; 2], [f64; 2])> {
    let x = u.exp();
    let height = surface.at(x, r * x)?;
    let turned = |[by_x, by_y]: [f64; 2]| [x * (by_x + r * by_y), x * by_y];
    Some((height.level.value, turned(height.level.slope), turned(height.alpha.ln().slope)))
}

/// The point of the curve next to a given one, with the tangent on the side of `along`.
fn corrected(surface: &dyn Surface, level: f64, mut at: [f64; 2], along: [f64; 2]) -> Option<Here> {
    let mut error = f64::INFINITY;
    for _ in 0..20 {
        let (value, [a, b], load) = gradients(surface, at)?;
        let norm = a.hypot(b);
        let step = (value - level) / norm;
        // Quadratic convergence until rounding is all that is left.
        if step.abs() < 1e-14 || (step.abs() >= error && error < 1e-9) {
            let sign = if -b * along[0] + a * along[1] < 0.0 { -1.0 } else { 1.0 };
            let tangent = [-sign * b / norm, sign * a / norm];
            return Some(Here { at, tangent, slope: load[0] * tangent[0] + load[1] * tangent[1] });
        }
        if step.abs() >= 2.0 * error || !step.is_finite() {
            return None;
        }
        error = step.abs();
        at = [at[0] - step * a / norm, at[1] - step * b / norm];
    }
    None
}

/// The first maximum of the load on the level curve through a point, towards larger loads.
pub(super) fn first_maximum(surface: &dyn Surface, level: f64, [x, y]: [f64; 2]) -> Option<[f64; 2]> {
    let mut here = corrected(surface, level, [x.ln(), y / x], [-1.0, 0.0])?;
    if here.slope < 0.0 {
        return None;
    }
    let mut length = LONGEST;
    let moved = |here: &Here, by: f64| {
        let at = [here.at[0] + by * here.tangent[0], here.at[1] + by * here.tangent[1]];
        corrected(surface, level, at, here.tangent)
    };
    for _ in 0..MOST {
        let straight = |next: &Here| {
            let cosine = next.tangent[0] * here.tangent[0] + next.tangent[1] * here.tangent[1];
            cosine > 1.0 - TURN
        };
        let Some(next) = moved(&here, length).filter(straight) else {
            length *= 0.5;
            if length < SHORTEST {
                return None;
            }
            continue;
        };
        if next.slope < 0.0 {
            let mut slope = |by: f64| moved(&here, by).map_or(f64::NAN, |there| there.slope);
            let [u, r] = moved(&here, brent(0.0, length, &mut slope)?)?.at;
            return Some([u.exp(), r * u.exp()]);
        }
        here = next;
        length = (1.5 * length).min(LONGEST);
    }
    None
}
