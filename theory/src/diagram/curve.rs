//! Boundaries as followed curves.

use mattis_model::record::{Line, LinePoint, SpecialPoint};

use super::PhaseRequest;
use crate::branch::arclength::{Stride, System, Waypoint, pin_component, trace};
use crate::closure::{Closure, Phase, Point};
use crate::solve::newton::Vector;
use crate::solve::scalar::brent;

/// A boundary as it was followed, able to give points at a load or temperature.
pub(super) struct Curve<'a> {
    pub(super) system: Box<System<'a>>,
    pub(super) points: Vec<Waypoint>,
    /// Position of α in the unknowns; the temperature follows it.
    pub(super) load: usize,
    /// The temperature is held as its logarithm.
    pub(super) logarithmic: bool,
    /// Of folds: the closure with the phase that ends there.
    pub(super) folds: Option<(&'a dyn Closure, Phase)>,
}

/// Corrections of a guess that are longer than this share of the distance of neighbours lead elsewhere.
const TRUSTED: f64 = 0.1;

impl Curve<'_> {
    fn line_point(&self, x: &Vector) -> LinePoint {
        let value = x[self.load + 1];
        LinePoint {
            alpha: Some(x[self.load]),
            field: None,
            self_coupling: None,
            temperature: if self.logarithmic { value.exp() } else { value },
            ln_temperature: self.logarithmic.then_some(value),
            m: Some(x[0]),
        }
    }

    /// Points where component `index` takes one of the values, in the order of the curve.
    fn at_values(&self, index: usize, values: &[f64]) -> Vec<Vector> {
        let mut out = Vec::new();
        for (i, pair) in self.points.windows(2).enumerate() {
            let (a, b) = (pair[0].x[index], pair[1].x[index]);
            let first = i == 0;
            let mut here: Vec<f64> = values
                .iter()
                .copied()
                .filter(|value| {
                    (a < *value) != (b < *value) && *value != a || *value == b || (first && *value == a)
                })
                .collect();
            here.sort_by(|x, y| if a < b { x.total_cmp(y) } else { y.total_cmp(x) });
            for value in here {
                let guess = between(pair, index, value);
                let near = TRUSTED * (&pair[1].x - &pair[0].x).norm();
                let found = self.fold_at(&guess, index, value).filter(|x| (x - &guess).norm() <= near);
                let chord = &pair[0].x + (&pair[1].x - &pair[0].x) * ((value - a) / (b - a));
                let pinned = |guess: &Vector| pin_component(&*self.system, guess, index, value);
                out.extend(found.or_else(|| pinned(&guess)).or_else(|| pinned(&chord)));
            }
        }
        out
    }

    /// The fold at a load, where the closure finds it itself.
    fn fold_at(&self, guess: &Vector, index: usize, value: f64) -> Option<Vector> {
        let (closure, phase) = self.folds.filter(|_| index == self.load)?;
        let y = guess.rows(0, index).into_owned();
        let near = Point { alpha: value, temperature: guess[index + 1] };
        let (y, temperature) = closure.fold_at_load(phase, &y, near)?;
        let mut x = y.insert_rows(index, 2, 0.0);
        (x[index], x[index + 1]) = (value, temperature);
        Some(x)
    }

    /// The record's line: the points asked for, or all.
    pub(super) fn line(&self, name: &str, request: &PhaseRequest) -> Line {
        let mut xs = Vec::new();
        if let Some(alphas) = &request.alphas {
            xs.extend(self.at_values(self.load, alphas));
        }
        if let Some(temperatures) = &request.temperatures {
            let values: Vec<f64> = if self.logarithmic {
                temperatures.iter().map(|t| t.ln()).collect()
            } else {
                temperatures.clone()
            };
            xs.extend(self.at_values(self.load + 1, &values));
        }
        if request.alphas.is_none() && request.temperatures.is_none() {
            xs = self.points.iter().map(|point| point.x.clone()).collect();
        }
        Line { name: name.into(), points: xs.iter().map(|x| self.line_point(x)).collect() }
    }

    /// The T = 0 end as a special point.
    pub(super) fn zero_temperature_end(&self, name: &str) -> Option<SpecialPoint> {
        let point = self.points.iter().find(|point| point.x[self.load + 1] == 0.0)?;
        Some(SpecialPoint {
            name: name.into(),
            alpha: point.x[self.load],
            temperature: 0.0,
            m: Some(point.x[0]),
        })
    }
}

/// The point between two where component `index` takes a value, on the cubic with their tangents.
fn between(pair: &[Waypoint], index: usize, value: f64) -> Vector {
    let chord = &pair[1].x - &pair[0].x;
    let length = chord.norm();
    let at = |u: f64| {
        let v = 1.0 - u;
        let bend = (&pair[0].tangent * length - &chord) * v + (&chord - &pair[1].tangent * length) * u;
        &pair[0].x + &chord * u + bend * (u * v)
    };
    let linear = (value - pair[0].x[index]) / chord[index];
    // A cubic that bends back between them says no more than the chord.
    let root = brent(0.0, 1.0, &mut |u| {
        let v = 1.0 - u;
        let (a, b) = (pair[0].tangent[index] * length, pair[1].tangent[index] * length);
        let c = chord[index];
        pair[0].x[index] + u * c + u * v * (v * (a - c) + u * (c - b)) - value
    });
    let mut x = at(root.unwrap_or(linear));
    x[index] = value;
    x
}

/// Loads below this are not followed: there every boundary has joined its end at zero load.
const SMALLEST_LOAD: f64 = 2e-5;

/// Where T = 0 itself is out of reach (χ_v ~ 1/T of parallel updates with J₀ < 0), curves end here.
const COLDEST: f64 = 0.01;

/// Follows a curve in (…, α, T) from its start up in T to zero load, and down to T = 0 if it starts above.
pub(super) fn follow_both_ways(system: &System<'_>, start: Vector, load: usize) -> Vec<Waypoint> {
    let mut up = Vector::zeros(start.len());
    up[load + 1] = 1.0;
    let above = trace(system, start.clone(), &up, Stride::default(), &mut ends(load));
    if start[load + 1] == 0.0 {
        return above;
    }
    let mut ended = ends(load);
    let mut cold = |point: &Waypoint| ended(point) || point.x[load + 1] < COLDEST;
    let below = trace(system, start, &-up, Stride::default(), &mut cold);
    joined(below, above)
}

/// Where a run over (…, α, T) is over: zero load, no overlap, or a cusp, where (α, T) reverses its direction
/// and the curve goes on as the boundary of another sheet.
fn ends(load: usize) -> impl FnMut(&Waypoint) -> bool {
    let mut before: Option<(f64, f64)> = None;
    move |point| {
        let now = (point.tangent[load], point.tangent[load + 1]);
        let cusp = before.is_some_and(|last| last.0 * now.0 + last.1 * now.1 < 0.0);
        before = Some(now);
        cusp || point.x[load] < SMALLEST_LOAD || point.x[0] < 1e-3 || point.x[load] > 10.0
    }
}

/// One run out of two that leave a point in opposite directions.
pub(super) fn joined(mut backwards: Vec<Waypoint>, forwards: Vec<Waypoint>) -> Vec<Waypoint> {
    backwards.reverse();
    backwards.pop();
    for point in &mut backwards {
        point.tangent.neg_mut();
    }
    backwards.extend(forwards);
    backwards
}
