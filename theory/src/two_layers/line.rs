//! Where retrieval ends: the fold of the retrieval branch at fixed T, and that fold followed in (α, T).

use mattis_model::Control;
use mattis_model::record::LinePoint;

use super::{RetrievalEnd, TwoLayerTheory, capacity_at_zero_temperature};
use crate::TheoryError;
use crate::branch::Axis;
use crate::branch::arclength::{Stride, Waypoint, pin_component, trace};
use crate::branch::systems::{branch, folds, folds_on};
use crate::closure::{Phase, Point};
use crate::solve::newton::Vector;

/// Load where the branch starts: next to α = 0, and far below any capacity.
const SEED_LOAD: f64 = 1e-9;
/// Temperatures below which the fold is not followed: with Boolean parts α_c goes as √T there.
const COLDEST: f64 = 2e-4;
/// Loads below which it is not followed.
const SMALLEST_LOAD: f64 = 1e-7;
/// Longest step along the fold, so that the line is smooth to the eye.
const LONGEST_STEP: f64 = 0.012;

impl TwoLayerTheory {
    /// The largest load with a retrieval state at T; `None` where there is none at any load.
    ///
    /// # Errors
    /// If T is out of range.
    pub fn capacity(&self, temperature: f64) -> Result<Option<RetrievalEnd>, TheoryError> {
        let control = Control::new(SEED_LOAD, temperature);
        control.validate()?;
        self.treats(control)?;
        if temperature >= self.critical_temperature() || self.machine.weights == 1.0 {
            return Ok(None);
        }
        if temperature == 0.0 {
            return Ok(capacity_at_zero_temperature(self.machine.weights));
        }
        Ok(self.fold(temperature).map(|x| end_of(&x, temperature)))
    }

    /// (m, χ, q, Δ, α) at the end of the retrieval branch.
    fn fold(&self, temperature: f64) -> Option<Vector> {
        let (phase, closure) = (Phase::Condensed(1), self.closure());
        let start = self.symmetric.locate(phase, Point { alpha: SEED_LOAD, temperature })?;
        let k = start.y.len();
        let system = branch(closure, phase, Axis::Load, temperature);
        let mut along = Vector::zeros(k + 1);
        along[k] = 1.0;
        let mut stop = |point: &Waypoint| point.tangent[k] < -1e-3 || point.x[k] > 10.0 || point.x[0] < 1e-4;
        let points = trace(&system, start.y.insert_row(k, SEED_LOAD), &along, Stride::default(), &mut stop);
        folds_on(closure, phase, &points, Axis::Load, temperature).into_iter().next()
    }

    /// α_c(T) from T = 0, where it has a limit, to the T where it vanishes; the points run along the curve.
    /// Empty where nothing is retrieved.
    ///
    /// # Errors
    /// Of visible units with a Gaussian part, whose line does not reach T = 0.
    pub fn retrieval_line(&self) -> Result<Vec<LinePoint>, TheoryError> {
        self.treats(Control::new(SEED_LOAD, 0.0))?;
        let (phase, closure) = (Phase::Condensed(1), self.closure());
        let temperature = 0.5 * self.critical_temperature();
        if self.capacity(temperature)?.is_none() {
            return Ok(Vec::new());
        }
        let Some(fold) = self.fold(temperature) else { return Ok(Vec::new()) };
        let k = fold.len() - 1;
        let system = folds(closure, phase);
        let start = fold.insert_row(k + 1, temperature);
        let Some(start) = pin_component(&system, &start, k + 1, temperature) else { return Ok(Vec::new()) };
        let mut up = Vector::zeros(k + 2);
        up[k + 1] = 1.0;
        let mut ends =
            |point: &Waypoint| point.x[k] < SMALLEST_LOAD || point.x[0] < 1e-3 || point.x[k + 1] < COLDEST;
        let stride = Stride { longest: LONGEST_STEP, ..Stride::default() };
        let mut points = trace(&system, start.clone(), &-&up, stride, &mut ends);
        points.reverse();
        points.pop();
        points.extend(trace(&system, start, &up, stride, &mut ends));
        let ground = capacity_at_zero_temperature(self.machine.weights);
        let line = points.iter().map(|point| end_of(&point.x, point.x[k + 1]));
        Ok(ground.into_iter().chain(line.filter(|end| end.temperature > 0.0)).map(line_point).collect())
    }
}

/// The end of x = (y, α, …).
fn end_of(x: &Vector, temperature: f64) -> RetrievalEnd {
    RetrievalEnd { alpha: x[4], temperature, m: x[0] }
}

fn line_point(end: RetrievalEnd) -> LinePoint {
    LinePoint {
        alpha: Some(end.alpha),
        field: None,
        self_coupling: None,
        temperature: end.temperature,
        ln_temperature: None,
        m: Some(end.m),
    }
}
