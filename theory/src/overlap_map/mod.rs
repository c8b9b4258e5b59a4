//! Retrieval as a map of the overlap, m′ = f(m), where the inputs of a unit never meet again.
//!
//! With directions of links independent and few inputs per unit, two inputs of a unit have no common ancestor within
//! any finite time: the overlap alone follows a closed equation, exact at all times. All units at once give
//! m(t + 1) = f(m(t)), units in a random order dm/dt = f(m) − m with t in sweeps.
//! (Derrida, Gardner & Zippelius, Europhys. Lett. 4, 167 (1987))

pub(crate) mod finite_degree;
mod flow;
mod gaussian;
mod poisson;

use mattis_model::{Control, Model, Topology, Unsupported};

use crate::TheoryError;
use crate::solve::scalar::brent;
use gaussian::Gaussian;
pub(crate) use gaussian::Replicas;
pub(crate) use poisson::{Poisson, treats};

/// The map m ↦ f(m) of one model at one control point.
pub struct OverlapMap {
    law: Law,
}

enum Law {
    Gaussian(Gaussian),
    Poisson(Poisson),
}

/// A fixed point of the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FixedPoint {
    /// m = f(m).
    pub m: f64,
    /// f′(m).
    pub slope: f64,
}

impl FixedPoint {
    /// Whether small deviations decay, f′ < 1 (and f′ > −1, which holds for every f here).
    pub fn is_stable(&self) -> bool {
        self.slope < 1.0
    }
}

/// Largest overlaps that are looked for first, and the smallest one that is told from 0.
const GRID: usize = 160;
const SMALLEST: f64 = 1e-7;

impl OverlapMap {
    /// The map of a model of ±1 units with connectivity `extreme` or `finite` at (α, T); with `finite` the number
    /// of memories p = αc is whole, and may be given instead of α.
    ///
    /// # Errors
    /// If the control is out of range, p is not whole, or the model is none whose overlap obeys a closed equation.
    pub fn new(model: &Model, control: Control) -> Result<Self, TheoryError> {
        model.validate()?;
        model.unit.in_network("the overlap map")?;
        control.validate()?;
        model.check_load(control.load)?;
        let law = match model.connectivity.value() {
            Topology::Finite { degree } => {
                poisson::treats(model)?;
                let count = poisson::whole(*degree, control.load)?;
                Law::Poisson(Poisson::new(*degree, count, control.temperature)?)
            }
            Topology::Extreme { .. } => Law::Gaussian(Gaussian::new(model, control)?),
            _ => {
                return Err(refuse(
                    format!("connectivity `{}`", model.connectivity),
                    "its inputs meet again, so that the overlap alone has no closed equation",
                    "connectivity `extreme` or `finite`",
                ));
            }
        };
        Ok(Self { law })
    }

    /// f(m), the overlap after an update; f(−m) = −f(m).
    pub fn value(&self, m: f64) -> f64 {
        match &self.law {
            Law::Gaussian(map) => map.at(m).0,
            Law::Poisson(map) => map.at(m).0,
        }
    }

    /// f′(m).
    pub fn slope(&self, m: f64) -> f64 {
        match &self.law {
            Law::Gaussian(map) => map.at(m).1,
            Law::Poisson(map) => map.at(m).1,
        }
    }

    /// m(0), …, m(steps) of parallel updates.
    pub fn parallel(&self, m: f64, steps: usize) -> Vec<f64> {
        std::iter::successors(Some(m), |m| Some(self.value(*m))).take(steps + 1).collect()
    }

    /// m at the given times, in sweeps, of updates in a random order: dm/dt = f(m) − m, to 12 digits. Times
    /// that are not increasing from 0 on give the value where the flow stands.
    pub fn sequential(&self, m: f64, times: &[f64]) -> Vec<f64> {
        flow::follow(&|m| self.value(m) - m, m, times)
    }

    /// The fixed points m ≥ 0, ascending; m = 0 always is one.
    pub fn fixed_points(&self) -> Vec<FixedPoint> {
        let point = |m: f64| FixedPoint { m, slope: self.slope(m) };
        let mut out = vec![point(0.0)];
        // f(m)/m − 1 keeps its relative accuracy down to small m, where f − m does not.
        let mut gain = |m: f64| self.value(m) / m - 1.0;
        let low = SMALLEST.ln();
        let grid = |i: usize| if i == GRID { 1.0 } else { (low * (1.0 - i as f64 / GRID as f64)).exp() };
        let mut before = (SMALLEST, gain(SMALLEST));
        if out[0].slope > 1.0 {
            before.1 = before.1.max(f64::MIN_POSITIVE);
        }
        for i in 1..=GRID {
            let here = (grid(i), gain(grid(i)));
            if (before.1 > 0.0) != (here.1 > 0.0) {
                out.extend(brent(before.0, here.0, &mut gain).map(point));
            }
            before = here;
        }
        out
    }
}

fn refuse(what: String, because: &str, nearest: &str) -> TheoryError {
    Unsupported::new(what, "the overlap map", because, nearest).into()
}
