//! The largest load on a surface α(x, y), everywhere or on a level curve of another function of (x, y).

use super::pattern::first_maximum;
use super::taylor::Taylor;
use crate::solve::scalar::brent;

/// A point of the surface: the load, and what a level curve holds fixed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Height {
    /// α.
    pub(super) alpha: Taylor,
    /// What a level curve holds fixed.
    pub(super) level: Taylor,
    /// The overlap, in any unit.
    pub(super) overlap: f64,
}

/// A load as an explicit function of two coordinates: x > 0 the signal in units of the noise, y a threshold or
/// bias in the same unit.
pub(super) trait Surface {
    /// The surface at (x, y); `None` outside its domain.
    fn at(&self, x: f64, y: f64) -> Option<Height>;

    /// The values of x that are looked at first, increasing.
    fn rows(&self) -> Vec<f64>;

    /// The values of y that are looked at first for a given x, increasing.
    fn row(&self, x: f64) -> Vec<f64>;
}

/// Two equations with their Jacobian, row by row.
type Equations<'a> = &'a dyn Fn([f64; 2]) -> Option<([f64; 2], [f64; 4])>;

/// Newton on ∇f = 0 from a start near a maximum.
fn climb(start: [f64; 2], gradient: Equations<'_>) -> Option<[f64; 2]> {
    let mut here = start;
    let (mut f, mut jacobian) = gradient(here)?;
    for _ in 0..60 {
        let size = f[0].abs() + f[1].abs();
        let [a, b, c, d] = jacobian;
        let determinant = a * d - b * c;
        let step = [(-d * f[0] + b * f[1]) / determinant, (c * f[0] - a * f[1]) / determinant];
        if !step.iter().all(|x| x.is_finite()) {
            return None;
        }
        if step[0].abs() <= 1e-14 * here[0].abs() && step[1].abs() <= 1e-14 * (1.0 + here[1].abs()) {
            return Some(here);
        }
        let mut damping = 1.0;
        loop {
            let there = [here[0] + damping * step[0], here[1] + damping * step[1]];
            let next = gradient(there).filter(|_| there[0] > 0.0);
            if let Some((g, slope)) = next
                && (g[0].abs() + g[1].abs() < size || size < 1e-12)
            {
                (here, f, jacobian) = (there, g, slope);
                break;
            }
            damping *= 0.5;
            if damping < 1e-6 {
                // Rounding is all that is left of the gradient.
                return (size < 1e-9).then_some(here);
            }
        }
        if f == [0.0; 2] {
            return Some(here);
        }
    }
    (f[0].abs() + f[1].abs() < 1e-9).then_some(here)
}

/// The highest point of the surface; `None` where it has no maximum inside.
pub(super) fn summit(surface: &dyn Surface) -> Option<[f64; 2]> {
    let mut best: Option<(f64, [f64; 2])> = None;
    for x in surface.rows() {
        for y in surface.row(x) {
            let Some(height) = surface.at(x, y) else { continue };
            if best.is_none_or(|(alpha, _)| height.alpha.value > alpha) {
                best = Some((height.alpha.value, [x, y]));
            }
        }
    }
    let (lowest, start) = best?;
    let found = climb(start, &|[x, y]| {
        let log = surface.at(x, y)?.alpha.ln();
        Some((log.slope, [log.bend[0], log.bend[1], log.bend[1], log.bend[2]]))
    })?;
    // What is left of a maximum at the edge is no maximum.
    surface
        .at(found[0], found[1])
        .filter(|height| height.alpha.value >= lowest * (1.0 - 1e-12))
        .map(|_| found)
}

/// The points of a level curve on the rows of a grid, from large x to small.
pub(super) fn level_curve(surface: &dyn Surface, level: f64) -> Vec<Vec<[f64; 2]>> {
    let mut rows = surface.rows();
    rows.reverse();
    rows.into_iter()
        .map(|x| {
            let value = |y: f64| surface.at(x, y).map_or(f64::NAN, |height| height.level.value - level);
            let row: Vec<(f64, f64)> = surface.row(x).into_iter().map(|y| (y, value(y))).collect();
            row.windows(2)
                .filter(|pair| (pair[0].1 < 0.0) != (pair[1].1 < 0.0))
                .filter_map(|pair| brent(pair[0].0, pair[1].0, &mut |y| value(y)))
                .filter(|y| value(*y).abs() < 1e-6 * (1.0 + level.abs()))
                .map(|y| [x, y])
                .collect()
        })
        .collect()
}

/// The largest load near a point of a level curve: α_x g_y = α_y g_x and g = level.
fn extremum(surface: &dyn Surface, level: f64, start: [f64; 2]) -> Option<[f64; 2]> {
    climb(start, &|[x, y]| {
        let height = surface.at(x, y)?;
        let (a, g) = (height.alpha.ln(), height.level);
        let tangent = a.slope[0] * g.slope[1] - a.slope[1] * g.slope[0];
        let by = |i: usize| {
            a.bend[i] * g.slope[1] + a.slope[0] * g.bend[i + 1]
                - a.bend[i + 1] * g.slope[0]
                - a.slope[1] * g.bend[i]
        };
        Some(([tangent, g.value - level], [by(0), by(1), g.slope[0], g.slope[1]]))
    })
}

/// The largest load on a level curve, and the first maximum that the curve reaches from large x; `None` each where
/// there is none inside.
pub(super) fn largest_on_level(surface: &dyn Surface, level: f64) -> [Option<[f64; 2]>; 2] {
    let rows = level_curve(surface, level);
    let load = |at: [f64; 2]| surface.at(at[0], at[1]).map_or(f64::NAN, |height| height.alpha.value);
    let highest = rows.iter().flatten().copied().max_by(|a, b| load(*a).total_cmp(&load(*b)));
    let highest = highest.and_then(|start| Some((load(start), extremum(surface, level, start)?)));
    let highest = highest.filter(|(seen, at)| load(*at) >= seen * (1.0 - 1e-12)).map(|(_, at)| at);
    // The pattern's own branch: without noise, at large x, no state has a larger overlap.
    let overlap = |at: [f64; 2]| surface.at(at[0], at[1]).map_or(f64::NAN, |height| height.overlap);
    let start =
        rows.iter().find_map(|row| row.iter().copied().max_by(|a, b| overlap(*a).total_cmp(&overlap(*b))));
    let first = start.and_then(|start| first_maximum(surface, level, start));
    [highest, first]
}
