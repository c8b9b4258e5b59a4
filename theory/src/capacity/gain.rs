//! The best gain of graded units: dα_c/dg = 0 on the fold of the retrieval state.
//!
//! With l the left null vector of ∂F/∂y at the fold, dα_c/dg = −(l·∂F/∂g)/(l·∂F/∂α).

use mattis_model::catalogue::Value;
use mattis_model::record::Optimum;
use mattis_model::{Model, Unit};

use super::{Found, followed, refuse};
use crate::TheoryError;
use crate::closure::{Phase, Point, holds_at};
use crate::solve::newton::Vector;
use crate::solve::scalar::brent;
use crate::solver::ReplicaSymmetric;

/// Gains that are looked at first, times the variance of a stored component: retrieval at zero load needs gv > 1.
const GAINS: [f64; 10] = [1.1, 1.5, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 250.0];

const PHASE: Phase = Phase::Condensed(1);

fn at_gain(model: &Model, gain: f64) -> Result<ReplicaSymmetric, TheoryError> {
    let threshold = model.unit.graded().map_or(0.0, |[_, threshold]| threshold);
    let parameters = [("gain", Value::Number(gain)), ("threshold", Value::Number(threshold))];
    ReplicaSymmetric::new(&model.clone().with_unit(Unit::new("graded", parameters)?))
}

/// The highest fold (y, α) at a gain.
fn fold(model: &Model, gain: f64, temperature: f64) -> Option<Vector> {
    let theory = at_gain(model, gain).ok()?;
    let (points, _) = followed::folds(&theory, temperature)?;
    points.into_iter().max_by(|a, b| a[a.len() - 1].total_cmp(&b[b.len() - 1]))
}

/// dα_c/d ln g.
fn slope(model: &Model, gain: f64, temperature: f64) -> Option<f64> {
    let x = fold(model, gain, temperature)?;
    let k = x.len() - 1;
    let y = x.rows(0, k).into_owned();
    let at = Point { alpha: x[k], temperature };
    let theory = at_gain(model, gain).ok()?;
    let (_, jacobian) = theory.closure().linearize(PHASE, &y, at)?;
    let svd = jacobian.columns(0, k).into_owned().svd(true, false);
    let left = svd.u.as_ref()?.column(svd.singular_values.imin()).into_owned();
    let residual = |log: f64| {
        at_gain(model, gain * log.exp()).ok().and_then(|theory| theory.closure().residual(PHASE, &y, at))
    };
    let step = 1e-3;
    let by_gain = ((residual(step)? - residual(-step)?) * 8.0
        - (residual(2.0 * step)? - residual(-2.0 * step)?))
        / (12.0 * step);
    Some(-left.dot(&by_gain) / left.dot(&jacobian.column(k)))
}

/// The largest α_c over the gain.
pub(super) fn largest(model: &Model, temperature: f64) -> Result<Option<Found>, TheoryError> {
    holds_at(model, temperature)?;
    at_gain(model, 1.0)?;
    if temperature > 0.0 {
        let what = format!("the best gain of the unit `{}` at T = {temperature}", model.unit);
        return Err(refuse(what, "its search is for fixed points", "T = 0"));
    }
    let variance = model.patterns.variance();
    let gains = GAINS.map(|gain| gain / variance);
    let heights = gains.map(|gain| fold(model, gain, temperature).map_or(0.0, |x: Vector| x[x.len() - 1]));
    let top = (0..gains.len()).max_by(|a, b| heights[*a].total_cmp(&heights[*b])).unwrap_or(0);
    if heights[top] == 0.0 {
        return Ok(None);
    }
    let none = || {
        let what = format!("the best gain of the unit `{}` with these memories", model.unit);
        refuse(what, "its capacity grows with the gain, or ends without a fold", "a stated gain")
    };
    if top == 0 || top + 1 == gains.len() {
        return Err(none());
    }
    let (low, high) = (gains[top - 1].ln(), gains[top + 1].ln());
    let log = brent(low, high, &mut |log| slope(model, log.exp(), temperature).unwrap_or(f64::NAN));
    let gain = log.ok_or_else(none)?.exp();
    let Some(x) = fold(model, gain, temperature) else { return Ok(None) };
    let k = x.len() - 1;
    let reaction = crate::bulk::Bulk::new(model)?.transform(x[1], x[k]).r;
    Ok(Some(Found {
        alpha: x[k],
        m: Some(x[0]),
        chi: Some(x[1]),
        optimum: Optimum { gain: Some(gain), reaction: Some(reaction), ..Optimum::default() },
        activity: None,
        sparseness: None,
        correlation: None,
        information: None,
        pattern: None,
    }))
}
