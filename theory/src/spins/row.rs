//! The sheets of a branch at several loads of one temperature.

use super::curve::{Knot, Piece, zero};
use super::equations::{Averages, Spins};
use crate::branch::Reach;
use crate::solve::newton::TOLERANCE;

/// A solution on a sheet of a branch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sheet {
    /// m.
    pub(crate) m: f64,
    /// χ.
    pub(crate) chi: f64,
    /// Δ.
    pub(crate) delta: f64,
    /// Largest scaled residual of the equations, as Newton's.
    pub(crate) residual: f64,
    /// Whether it is the stable sheet.
    pub(crate) stable: bool,
}

/// Residuals that are small enough where a solution is all that is wanted; else rounding ends an iteration.
const GOOD: f64 = 1e-14;
/// Overlaps at which a run is over.
const SMALLEST: f64 = 1e-4;

/// A point that an iteration has reached.
struct Reached {
    x: [f64; 2],
    averages: Averages,
    residual: f64,
    step: Option<[f64; 2]>,
}

impl Spins<'_> {
    /// The residual at (m, Δ) and the Newton step from there.
    #[inline]
    fn reached(&self, x: [f64; 2], alpha: f64, temperature: f64) -> Option<Reached> {
        let averages = self.averages(x[0], x[1], temperature)?;
        let (noise, noise_by) = averages.noise(alpha);
        let by = averages.gap_by;
        let residual = (averages.gap.abs() / (1.0 + x[0].abs())).max(noise.abs() / (1.0 + x[1]));
        let determinant = by[0] * noise_by[1] - by[1] * noise_by[0];
        let step = [
            (by[1] * noise - noise_by[1] * averages.gap) / determinant,
            (noise_by[0] * averages.gap - by[0] * noise) / determinant,
        ];
        let step = (step[0].is_finite() && step[1].is_finite()).then_some(step);
        residual.is_finite().then_some(Reached { x, averages, residual, step })
    }

    /// Newton's method in (m, Δ) at a load, with steps that make the residual smaller, until it is `good`.
    fn pinned(&self, start: [f64; 2], alpha: f64, temperature: f64, good: f64) -> Option<Reached> {
        let mut here = self.reached(start, alpha, temperature)?;
        for _ in 0..40 {
            if here.residual <= good {
                break;
            }
            let Some(step) = here.step else { break };
            let mut scale = 1.0;
            let next = loop {
                let x = [here.x[0] + scale * step[0], here.x[1] + scale * step[1]];
                let next = self.reached(x, alpha, temperature).filter(|next| next.residual < here.residual);
                if next.is_some() || here.residual <= TOLERANCE || scale < 1e-6 {
                    break next;
                }
                scale *= 0.5;
            };
            match next {
                Some(next) => here = next,
                None => break,
            }
        }
        (here.residual <= TOLERANCE).then_some(here)
    }

    fn sheet(reached: &Reached, alpha: f64) -> Sheet {
        let (_, noise_by) = reached.averages.noise(alpha);
        let by = reached.averages.gap_by;
        let determinant = by[0] * noise_by[1] - by[1] * noise_by[0];
        Sheet {
            m: reached.x[0],
            chi: reached.averages.chi,
            delta: reached.x[1],
            residual: reached.residual,
            stable: reached.x[0] > 1e-6 && noise_by[1] < 0.0 && determinant > 0.0,
        }
    }

    /// The outermost solution, by iteration from saturation and Newton's method.
    fn outermost(&self, alpha: f64, temperature: f64) -> Option<Reached> {
        let mut x = self.saturated(alpha);
        for _ in 0..40 {
            let averages = self.averages(x[0], x[1], temperature)?;
            let (noise, _) = averages.noise(alpha);
            x = [x[0] + averages.gap, x[1] + noise];
            if averages.gap.abs().max(noise.abs()) < 1e-7 {
                break;
            }
        }
        let reached = self.pinned(x, alpha, temperature, GOOD)?;
        Self::sheet(&reached, alpha).stable.then_some(reached)
    }

    /// The solutions at the loads on the branch that starts at the load `seed`, each with the place of its load, in the
    /// order of the branch; with `stable` those of the stable sheet up to its first fold only. A solution does not
    /// depend on the other loads.
    pub(crate) fn row(
        &self,
        seed: f64,
        loads: &[f64],
        temperature: f64,
        stable: bool,
    ) -> Vec<(usize, Sheet)> {
        let mut out = Vec::with_capacity(if stable { loads.len() } else { 2 * loads.len() });
        let start = self.outermost(seed, temperature);
        let first = start.and_then(|start| Knot::first([start.x[0], start.x[1].sqrt()], &start.averages));
        let Some(first) = first else { return out };
        let mut sorted: Vec<(f64, usize)> = loads.iter().copied().zip(0..).collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let largest = loads.iter().copied().fold(0.0, f64::max);
        let mut reach = Reach::new(seed, loads);
        let mut stop = |knot: &Knot| {
            let over = reach.is_over(knot.load, knot.slope);
            over || knot.x[0] < SMALLEST || (stable && (reach.has_turned() || knot.load > largest))
        };
        let knots = self.trace(first, temperature, &mut stop);
        let mut reach = Reach::new(seed, loads);
        for pair in knots.windows(2) {
            if stable && pair[0].slope <= 0.0 {
                break;
            }
            let piece = Piece::new(pair[0], pair[1]);
            let up_to = |load: f64| sorted.partition_point(|known| known.0 <= load);
            let (low, high) = piece.range();
            for &(alpha, place) in sorted.get(up_to(low)..up_to(high)).unwrap_or_default() {
                if !reach.is_past(alpha) {
                    let good = if stable { GOOD } else { 0.0 };
                    let found =
                        self.on(&piece, alpha, temperature, good).filter(|sheet| !stable || sheet.stable);
                    out.extend(found.map(|sheet| (place, sheet)));
                }
            }
            reach.is_over(pair[1].load, pair[1].slope);
        }
        out
    }

    /// The solution where a piece of the curve passes a load.
    fn on(&self, piece: &Piece, alpha: f64, temperature: f64, good: f64) -> Option<Sheet> {
        let x = piece.point(piece.share(alpha));
        let near = |reached: &Reached| {
            let off = [reached.x[0] - x[0], reached.x[1].sqrt() - x[1]];
            off[0].hypot(off[1]) <= 0.02 * piece.length()
        };
        let direct = self.pinned([x[0], x[1] * x[1]], alpha, temperature, good).filter(near);
        let reached = direct.or_else(|| self.bisected(piece, alpha, temperature))?;
        Some(Self::sheet(&reached, alpha))
    }

    /// The same by points of the curve, where Newton's method leads elsewhere.
    fn bisected(&self, piece: &Piece, alpha: f64, temperature: f64) -> Option<Reached> {
        let [from, to] = [piece.point(0.0), piece.point(1.0)];
        let along = [(to[0] - from[0]) / piece.length(), (to[1] - from[1]) / piece.length()];
        let rising = piece.rises();
        let mut found = None;
        let mut excess = |u: f64| {
            let knot = self.corrected(piece.point(u), along, temperature, 1e-15)?;
            found = Some(knot.x);
            Some(if rising { knot.load - alpha } else { alpha - knot.load })
        };
        zero(&mut excess, 1e-16);
        let x = found?;
        let reached = self.reached([x[0], x[1] * x[1]], alpha, temperature)?;
        (reached.residual <= TOLERANCE).then_some(reached)
    }
}
