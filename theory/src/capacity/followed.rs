//! The branch of the retrieval state, followed from small loads through its folds.

use mattis_model::Model;
use mattis_model::record::Optimum;

use super::Found;
use crate::TheoryError;
use crate::branch::Axis;
use crate::branch::arclength::{Stride, trace};
use crate::branch::systems::{branch, folds_on};
use crate::closure::{Closure, Phase, Point, holds_at};
use crate::solve::newton::Vector;
use crate::solve::scalar::brent;
use crate::solver::ReplicaSymmetric;

/// Loads from which the branch is tried.
const SEEDS: [f64; 3] = [1e-2, 1e-3, 1e-4];

/// The largest load on the branch of the retrieval state, at a fold or where the overlap vanishes.
pub(super) fn largest(model: &Model, temperature: f64) -> Result<Option<Found>, TheoryError> {
    holds_at(model, temperature)?;
    let theory = ReplicaSymmetric::new(model)?;
    let Some(points) = folds(&theory, temperature) else { return Ok(None) };
    let place = |x: &Vector| (x[x.len() - 1], x[0], x[1]);
    // Where the overlap vanishes without a fold on the way, that is where the pattern's branch ends.
    let end = vanishing(theory.closure(), temperature).map(|(alpha, chi)| (alpha, 0.0, chi));
    let first = points.first().map(place).or(end);
    let best = points.iter().map(place).chain(end).max_by(|a, b| a.0.total_cmp(&b.0));
    Ok(best.zip(first).map(|((alpha, m, chi), first)| Found {
        alpha,
        m: Some(m),
        chi: Some(chi),
        optimum: Optimum::default(),
        activity: None,
        sparseness: None,
        correlation: None,
        information: None,
        pattern: (first.0 < alpha * (1.0 - 1e-9)).then_some((first.0, first.1)),
    }))
}

/// The folds (y, α) of the retrieval state on its branch from small loads; `None` without such a branch.
pub(super) fn folds(theory: &ReplicaSymmetric, temperature: f64) -> Option<Vec<Vector>> {
    let closure = theory.closure();
    let phase = Phase::Condensed(1);
    let (alpha, start) =
        SEEDS.iter().find_map(|&alpha| Some((alpha, theory.locate(phase, Point { alpha, temperature })?)))?;
    let k = start.y.len();
    let saturated = start.y[0];
    let system = branch(closure, phase, Axis::Load, temperature);
    let mut along = Vector::zeros(k + 1);
    along[k] = 1.0;
    let mut stop = |point: &crate::branch::arclength::Waypoint| {
        point.x[0] < 1e-3 * saturated || point.x[k] < 0.5 * alpha
    };
    let waypoints = trace(&system, start.y.insert_row(k, alpha), &along, Stride::default(), &mut stop);
    Some(folds_on(closure, phase, &waypoints, Axis::Load, temperature))
}

/// Without reaction: load and χ where the overlap vanishes, vχ = 1 with Δ = νQ.
fn vanishing(closure: &dyn Closure, temperature: f64) -> Option<(f64, f64)> {
    let model = closure.model();
    // Units with levels at T = 0 have an explicit curve; inhibition moves with m.
    let responds = temperature > 0.0 || model.unit.continuous().is_some();
    if model.connectivity.fraction() > 0.0 || !responds || closure.dimension() != 3 {
        return None;
    }
    let chi = 1.0 / crate::bulk::stored_variance(model);
    let residual = |delta: f64| {
        let y = Vector::from_vec(vec![0.0, chi, delta]);
        closure.residual(Phase::SpinGlass, &y, Point { alpha: 1.0, temperature })
    };
    // The response falls with the noise; it must exceed 1/v without any.
    let mut high = 1.0;
    while residual(high)?[1] > 0.0 {
        high *= 2.0;
        if high > 1e6 {
            return None;
        }
    }
    let delta = brent(1e-14, high, &mut |delta| residual(delta).map_or(f64::NAN, |f| f[1]))?;
    let per_load = residual(delta)?[2] + delta;
    Some((delta / per_load, chi))
}
