//! Many inputs: a normal local field, and two replicas with correlated ones.

use std::f64::consts::FRAC_1_SQRT_2;

use mattis_model::{Control, Load, Model, Unit};

use super::refuse;
use crate::TheoryError;
use crate::average::normal_density;
use crate::bulk::Bulk;
use crate::closure::{Averaged, Column, Phase, Spot, columns, convolved, nodes, site};
use crate::solve::scalar::brent;

/// f(m) = E\[η s̄(ηm + √Δ z)\] of ±1 units, s̄ the mean of a unit in its field and Δ = αv².
pub(super) struct Gaussian {
    unit: Averaged,
    columns: Vec<Column>,
    delta: f64,
    temperature: f64,
}

impl Gaussian {
    pub(super) fn new(model: &Model, control: Control) -> Result<Self, TheoryError> {
        let alpha = match control.load {
            Load::Extensive(alpha) => alpha,
            load => {
                let what = format!("p = {load} memories with connectivity `{}`", model.connectivity);
                return Err(refuse(what, "it has many inputs and many memories", "a load α"));
            }
        };
        if !model.unit.is_binary_spin() {
            let because = "its mean square changes with the overlap";
            return Err(refuse(format!("unit `{}`", model.unit), because, "±1 units, or `solve`"));
        }
        if model.field.value().value() != 0.0 || model.self_coupling.at(control.load) != 0.0 {
            let what = format!("field `{}` with self-coupling `{}`", model.field, model.self_coupling);
            return Err(refuse(what, "the overlap alone has no closed equation", "neither of them"));
        }
        let bulk = Bulk::new(model)?;
        let centre = model.centre();
        let support = model.patterns.support();
        let support = support.map(|list| list.into_iter().map(|(x, p)| (x - centre, p)).collect::<Vec<_>>());
        let columns = support.and_then(|list| convolved(1, &list)).unwrap_or_else(|| columns(1, true));
        Ok(Self {
            unit: Averaged::new(&model.unit),
            columns,
            delta: bulk.silent(alpha),
            temperature: control.temperature,
        })
    }

    /// f(m) and f′(m).
    pub(super) fn at(&self, m: f64) -> (f64, f64) {
        if self.temperature == 0.0 {
            // In closed form, with full relative accuracy at small m.
            let sigma = self.delta.sqrt();
            return self.columns.iter().fold((0.0, 0.0), |(value, slope), column| {
                let (p, eta) = (column.probability, column.sum);
                let x = eta * m / sigma;
                let density = 2.0 * normal_density(x) / sigma;
                (value + p * eta * libm::erf(x * FRAC_1_SQRT_2), slope + p * eta * eta * density)
            });
        }
        let temperature = self.temperature;
        let spot = Spot { m, gamma: 0.0, delta: self.delta, field: 0.0, temperature, energies: false };
        let found = site(&self.unit, &self.columns, Phase::Condensed(1).condensed(), spot);
        found.map_or((f64::NAN, f64::NAN), |site| (site.overlap.value, site.overlap.m))
    }
}

/// Two replicas on the same couplings without reaction, each with its own thermal noise: their local fields have
/// the mean mη, the variance νQ and the covariance νq, so that
///
/// q = E\[s̄(h₁) s̄(h₂)\]
///
/// is a convex function of q that ends below Q: one fixed point. (Derrida, Gardner & Zippelius 1987)
pub(crate) struct Replicas<'a> {
    pub(crate) unit: &'a Unit,
    pub(crate) columns: &'a [Column],
    /// Where the one-replica averages are taken; Δ = νQ.
    pub(crate) spot: Spot,
    /// Q.
    pub(crate) activity: f64,
}

/// The temperature that stands for T → 0, in units of the noise.
const COLD: f64 = 1e-9;

/// The share of Q at which replicas count as equal.
const EQUAL: f64 = 1.0 - 1e-12;

impl Replicas<'_> {
    /// E\[s̄(h₁) s̄(h₂)\] at covariance νq: the common part of the noise outside, the rest inside.
    fn next(&self, q: f64) -> f64 {
        let spot = self.spot;
        let per_activity = spot.delta / self.activity;
        let (common, own) = ((per_activity * q).sqrt(), (per_activity * (self.activity - q)).max(0.0).sqrt());
        let mut responses = mattis_model::unit::Responses::default();
        let mut mean = |field: f64| {
            let inner = nodes(self.unit, field, own, spot, 0.0);
            let mut sum = 0.0;
            for group in &inner.groups {
                self.unit.responses(
                    group.centre,
                    &group.offsets,
                    spot.gamma,
                    spot.temperature,
                    &mut responses,
                );
                sum += group.weights.iter().zip(&responses.mean).map(|(w, s)| w * s).sum::<f64>();
            }
            sum
        };
        let mut out = 0.0;
        for column in self.columns {
            // Averaged over a normal variable of deviation s, s̄ is smooth on that scale.
            let outer = nodes(self.unit, spot.m * column.sum + spot.field, common, spot, 0.3 * own);
            for group in &outer.groups {
                for (offset, weight) in group.offsets.iter().zip(&group.weights) {
                    // Beyond the visible part of the noise there is no need for the average inside.
                    if *weight > 1e-19 {
                        out += column.probability * weight * mean(group.centre + offset).powi(2);
                    }
                }
            }
        }
        out
    }

    /// q. At T = 0 units with levels take the limit T → 0: replicas that differ anywhere, and in a random order they do,
    /// part until they are as far apart as this. Continuous units that start alike stay alike.
    pub(crate) fn overlap(&self) -> Option<f64> {
        if self.spot.delta == 0.0 || self.spot.temperature == 0.0 && self.unit.continuous().is_some() {
            return Some(self.activity);
        }
        if self.spot.temperature == 0.0 {
            let spot = Spot { temperature: COLD * self.spot.delta.sqrt(), ..self.spot };
            return Self { spot, ..*self }.overlap();
        }
        let mut gap = |q: f64| self.next(q) - q;
        let high = self.activity * EQUAL;
        if gap(high) >= 0.0 {
            return Some(self.activity);
        }
        // Without overlap even units have 0, up to rounding of odd averages.
        if gap(0.0) < 1e-25 * self.activity {
            return Some(0.0);
        }
        brent(0.0, high, &mut gap)
    }
}
