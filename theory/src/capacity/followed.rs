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
    let closure = theory.closure();
    let Some((points, last)) = folds(&theory, temperature) else { return Ok(None) };
    let place = |x: &Vector| (x[x.len() - 1], x[0], x[1]);
    // Where the overlap vanishes without a fold on the way, that is where the pattern's branch ends.
    let near = |a: &(f64, f64), b: &(f64, f64)| (a.0 - last).abs().total_cmp(&(b.0 - last).abs());
    let end = vanishing(closure, temperature).into_iter().min_by(near);
    let end = end.filter(|(load, _)| (load - last).abs() < 0.05 * load).map(|(load, chi)| (load, 0.0, chi));
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

/// The folds (y, α) of the retrieval state on its branch from small loads, and the load where that stops; `None`
/// without such a branch.
pub(super) fn folds(theory: &ReplicaSymmetric, temperature: f64) -> Option<(Vec<Vector>, f64)> {
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
    let last = waypoints.last().map_or(alpha, |point| point.x[k]);
    Some((folds_on(closure, phase, &waypoints, Axis::Load, temperature), last))
}

/// Without reaction: loads and χ where an overlap vanishes, vχ = 1 with Δ = νQ; inhibition moves with m.
pub(crate) fn vanishing(closure: &dyn Closure, temperature: f64) -> Vec<(f64, f64)> {
    let model = closure.model();
    if model.connectivity.fraction() > 0.0 || closure.dimension() != 3 {
        return Vec::new();
    }
    let chi = 1.0 / crate::bulk::stored_variance(model);
    let residual = |delta: f64| {
        let y = Vector::from_vec(vec![0.0, chi, delta]);
        closure.residual(Phase::SpinGlass, &y, Point { alpha: 1.0, temperature })
    };
    let excess = |delta: f64| residual(delta).map_or(f64::NAN, |f| f[1]);
    let load = |delta: f64| Some((delta / (residual(delta)?[2] + delta), chi));
    // Noise may open a response, of units that are silent without, before it closes it.
    let grid: Vec<f64> = (0..=120).map(|i| 10f64.powf(-8.0 + 0.1 * f64::from(i))).collect();
    grid.windows(2)
        .filter(|pair| (excess(pair[0]) < 0.0) != (excess(pair[1]) < 0.0))
        .filter_map(|pair| brent(pair[0], pair[1], &mut |delta| excess(delta)))
        .filter_map(load)
        .collect()
}
