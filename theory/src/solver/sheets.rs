//! Condensed solutions: by iteration from saturation, and on the branch from zero load.

use mattis_model::record::Exit;

use super::ReplicaSymmetric;
use crate::branch::arclength::{Stride, Waypoint, pin_component, trace};
use crate::branch::systems::{branch, split_branch};
use crate::branch::{Axis, Reach};
use crate::closure::{Phase, Point};
use crate::solve::newton::{Solution, Vector};

/// Load where condensed branches start: next to the finite-p solution, which every one of them continues.
const SEED_LOAD: f64 = 1e-4;

impl ReplicaSymmetric {
    /// Natural iteration from a saturated start, which descends to the outermost solution, then Newton.
    pub(super) fn direct(&self, phase: Phase, at: Point) -> Option<Solution> {
        let mut y = self.closure.start(phase, at);
        for _ in 0..40 {
            let next = self.closure.iterate(phase, &y, at)?;
            let change = (&next - &y).amax();
            y = next;
            if change < 1e-9 {
                break;
            }
        }
        let solution = self.polish(phase, y, at);
        (solution.exit == Exit::Converged && self.is_stable_sheet(phase, &solution.y, at)).then_some(solution)
    }

    /// All solutions of a condensed phase on the branch that starts at zero load, followed through its folds.
    pub(super) fn sheets(&self, phase: Phase, at: Point) -> Vec<Solution> {
        self.followed(phase, at.temperature, &[at.alpha], false).pop().unwrap_or_default()
    }

    /// The same at several loads of one temperature, each as if it were alone; with `stable` the first of the stable
    /// ones will do.
    pub(super) fn followed(
        &self,
        phase: Phase,
        temperature: f64,
        loads: &[f64],
        stable: bool,
    ) -> Vec<Vec<Solution>> {
        let mut out = vec![Vec::new(); loads.len()];
        // Loads that start from the same seed share a branch.
        let mut groups: Vec<(f64, Vec<usize>)> = Vec::new();
        for (i, &alpha) in loads.iter().enumerate() {
            let at = Point { alpha, temperature };
            if let Some(found) = self.closure.explicit(phase, at) {
                let found = found.into_iter().map(|y| self.polish(phase, y, at));
                out[i] = found.filter(|s| !stable || self.is_stable_sheet(phase, &s.y, at)).collect();
                continue;
            }
            let seed = SEED_LOAD.min(0.1 * alpha);
            match groups.iter_mut().find(|group| group.0 == seed) {
                Some(group) => group.1.push(i),
                None => groups.push((seed, vec![i])),
            }
        }
        for (seed, places) in groups {
            let here: Vec<f64> = places.iter().map(|i| loads[*i]).collect();
            let found = self
                .closure
                .sheets(phase, seed, &here, temperature, stable)
                .unwrap_or_else(|| self.branch_sheets(phase, seed, &here, temperature, stable));
            for (i, solution) in found {
                out[places[i]].push(solution);
            }
        }
        out
    }

    /// The same from one seed, in all unknowns.
    pub(crate) fn branch_sheets(
        &self,
        phase: Phase,
        seed: f64,
        loads: &[f64],
        temperature: f64,
        stable: bool,
    ) -> Vec<(usize, Solution)> {
        let mut out = Vec::new();
        let Some(start) = self.direct(phase, Point { alpha: seed, temperature }) else { return out };
        let k = start.y.len();
        let system = branch(self.closure(), phase, Axis::Load, temperature);
        let mut along = Vector::zeros(k + 1);
        along[k] = 1.0;
        let mut reach = Reach::new(seed, loads);
        let mut stop = |point: &Waypoint| point.x[0] < 1e-4 || reach.is_over(point.x[k], point.tangent[k]);
        let waypoints = trace(&system, start.y.insert_row(k, seed), &along, Stride::default(), &mut stop);
        let mut reach = Reach::new(seed, loads);
        for pair in waypoints.windows(2) {
            let (a, b) = (pair[0].x[k], pair[1].x[k]);
            for (place, &alpha) in loads.iter().enumerate() {
                if (a < alpha) == (b < alpha) || reach.is_past(alpha) {
                    continue;
                }
                let guess = &pair[0].x + (&pair[1].x - &pair[0].x) * ((alpha - a) / (b - a));
                let Some(x) = pin_component(&system, &guess, k, alpha) else { continue };
                let (y, at) = split_branch(&x, Axis::Load, temperature);
                let wanted = |s: &Solution| {
                    s.exit == Exit::Converged && (!stable || self.is_stable_sheet(phase, &s.y, at))
                };
                out.extend(Some(self.polish(phase, y, at)).filter(wanted).map(|solution| (place, solution)));
            }
            reach.is_over(b, pair[1].tangent[k]);
        }
        out
    }
}
