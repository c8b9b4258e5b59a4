//! Threshold-linear networks that hold a retrieval state of given activity at a given load.
//!
//! In units of the noise the state is fixed by signal s and bias w ([`super::threshold_linear`]): P(s > 0) = A₁(s, w)
//! and α(s, w). The scale is free and chosen as Δ = 1. Then m = s/√v, 1/g′ = vA₂/s, 1/g = 1/g′ + R(χ), and with
//! the mean activity x and inhibition N k x²/2 the threshold of the units is θ = −w − kx.

use mattis_model::catalogue::Value;
use mattis_model::{Field, Model, SpecError, Unit};

use super::surface::Surface;
use super::threshold_linear::ThresholdLinear;
use crate::TheoryError;
use crate::solve::scalar::brent;

/// Parameters of threshold-linear units with the retrieval state they have, T = 0 and Δ = 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WorkingPoint {
    /// The load α.
    pub alpha: f64,
    /// The gain g.
    pub gain: f64,
    /// The threshold θ.
    pub threshold: f64,
    /// The strength k of the inhibition.
    pub inhibition: f64,
    /// The overlap m.
    pub m: f64,
    /// q = E\[s²\].
    pub q: f64,
    /// The mean activity x = E\[s\].
    pub mean: f64,
    /// The susceptibility χ.
    pub chi: f64,
    /// The variance Δ of the local field.
    pub delta: f64,
    /// Correlation of s with the memory, m/√(v(q − x²)).
    pub correlation: f64,
}

impl WorkingPoint {
    /// The model with units and inhibition of this point.
    ///
    /// # Errors
    /// If a number is out of the range of the catalogue, such as k < 0.
    pub fn model(&self, of: &Model) -> Result<Model, SpecError> {
        let number = Value::Number;
        let unit = [("gain", number(self.gain)), ("threshold", number(self.threshold))];
        let field = Field::new("inhibition", [("strength", number(self.inhibition))])?;
        Ok(of.clone().with_unit(Unit::new("threshold-linear", unit)?).with_field(field))
    }
}

/// The threshold-linear network that retrieves with the fraction `active` of units above threshold, at load α with
/// inhibition of strength k. Patterns, rule and connectivity are the model's; its unit and field are replaced.
///
/// Whether the state is stable depends on k; the closure of [`WorkingPoint::model`] tells.
///
/// # Errors
/// If a number is out of range, the memories have no closure, or no state has this activity at this load.
pub fn working_point(
    model: &Model,
    alpha: f64,
    active: f64,
    strength: f64,
) -> Result<WorkingPoint, TheoryError> {
    model.validate()?;
    model.unit.in_network("the working point")?;
    let positive = alpha > 0.0 && alpha.is_finite();
    if !positive {
        return Err(SpecError::out_of_range("load α", alpha, "a number > 0").into());
    }
    if !(active > 0.0 && active < 1.0) {
        return Err(SpecError::out_of_range("active fraction", active, "a number between 0 and 1").into());
    }
    if !(strength >= 0.0 && strength.is_finite()) {
        return Err(SpecError::out_of_range("strength of inhibition", strength, "k >= 0").into());
    }
    let surface = ThresholdLinear::new(model)?;
    // The bias that makes this fraction active grows with nothing else.
    let bias = |s: f64| brent(-60.0 - 60.0 * s, 60.0 + 60.0 * s, &mut |w| surface.active(s, w) - active);
    let load = |s: f64| bias(s).and_then(|w| surface.at(s, w)).map_or(0.0, |height| height.alpha.value);
    // From strong signals down: the first crossing is on the sheet that continues the pattern.
    let (mut high, mut top) = (200.0_f64, (200.0_f64, load(200.0)));
    while high > 1e-3 && top.1 < alpha {
        high /= STEP;
        let here = load(high);
        if here > top.1 {
            top = (high, here);
        }
    }
    if top.1 < alpha {
        top = highest(top.0 / STEP, top.0 * STEP, &load);
    }
    let largest = top.1;
    let crossing = || brent(top.0, top.0 * STEP * STEP, &mut |s| load(s) - alpha);
    let signal = if largest >= alpha { crossing() } else { None };
    let state = signal.and_then(|s| Some((s, bias(s)?))).and_then(|(s, w)| surface.point(s, w));
    let state = state.ok_or_else(|| TheoryError::NoSuchState {
        state: format!("retrieval state with the fraction {active} of units active"),
        at: format!("α = {alpha}"),
        because: format!("the largest load of such a state is {largest:.8}"),
    })?;
    let gain = 1.0 / state.level;
    Ok(WorkingPoint {
        alpha,
        gain,
        threshold: -state.bias - strength * state.mean,
        inhibition: strength,
        m: state.m,
        q: state.q,
        mean: state.mean,
        chi: state.chi,
        delta: 1.0,
        correlation: state.correlation,
    })
}

/// Ratio of neighbouring signals of the search.
const STEP: f64 = 1.02;

/// The highest point of a function with one maximum, by golden sections: to half of the digits in its place.
fn highest(mut low: f64, mut high: f64, f: &dyn Fn(f64) -> f64) -> (f64, f64) {
    let golden = 0.5 * (5.0_f64.sqrt() - 1.0);
    for _ in 0..45 {
        let (a, b) = (high - golden * (high - low), low + golden * (high - low));
        if f(a) < f(b) { low = a } else { high = b }
    }
    let middle = 0.5 * (low + high);
    (middle, f(middle))
}
