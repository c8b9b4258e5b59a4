//! The general replica-symmetric closure: sequential updates, any unit, any R-transform.
//!
//! h = m z_n + h_ext + √Δ z, and with Γ = R(χ)
//!
//! f = n m²/2 − T G(χ)/2 + T R(χ) χ/2 + Δχ/2 − E\[w(h, R(χ), T)\]
//!
//! stationary in (m, χ, Δ): m = E\[z_n w_h\]/n, χ = E\[w_hh\], Δ = R′(χ) q with q = E\[w_h²\]. z_n is a sum of
//! memories as the rule stores them.
//!
//! Asymmetric couplings add noise without reaction, Δ = R′(χ) q + ν(q + Tχ), and there is no f. That holds at
//! T = 0, and at any T where all of the noise is of this kind (Derrida, Gardner & Zippelius,
//! Europhys. Lett. 4, 167 (1987)).
//!
//! Inhibition by the mean activity x, N k x²/2 in the energy, shifts every field by −k x and adds −k x²/2 to f
//! and x = E\[w_h\] to the equations. At T = 0 states are fixed points of any update.
//! For Ising units and Hebb couplings: Amit, Gutfreund & Sompolinsky, PRL 55, 1530 (1985).

mod spins;
mod start;
mod state;

use mattis_model::record::{Exit, State};
use mattis_model::{Model, PatternLaw, Unit};

use super::columns::{Column, Phase, columns, convolved};
use super::site::{Averaged, Site, Spot, site};
use super::{Closure, Point, holds_at, two_times};
use crate::TheoryError;
use crate::bulk::{Bulk, Transform};
use crate::solve::newton::{Matrix, Solution, Vector};

/// The closure of sequential updates; unknowns (m, χ, Δ), with inhibition (m, χ, x, Δ).
pub struct Sequential {
    model: Model,
    averaged: Averaged,
    bulk: Bulk,
    field: f64,
    /// The strength k of the inhibition.
    inhibition: f64,
    fold: bool,
    /// Values and probabilities of a stored component; `None` for ±1.
    support: Option<Vec<(f64, f64)>>,
}

impl Sequential {
    /// The closure of a model.
    ///
    /// # Errors
    /// If the couplings have no known R-transform.
    pub fn new(model: &Model) -> Result<Self, TheoryError> {
        let field = model.field.value().value();
        let inhibition = model.field.inhibition();
        let bulk = Bulk::new(model)?;
        let law = model.patterns.value();
        let general = model.stores_memories() && *law != PatternLaw::Rademacher;
        let support = law.support().filter(|_| general);
        let support =
            support.map(|support| support.into_iter().map(|(value, p)| (model.stored(value), p)).collect());
        Ok(Self {
            averaged: Averaged::new(&model.unit),
            bulk,
            field,
            inhibition,
            fold: field == 0.0 && inhibition == 0.0 && model.unit.is_even() && !general,
            support,
            model: model.clone(),
        })
    }

    fn columns(&self, phase: Phase) -> Option<Vec<Column>> {
        match &self.support {
            None => Some(columns(phase.condensed(), self.fold)),
            Some(support) => convolved(phase.condensed(), support),
        }
    }

    /// The averages at a point inside the domain, without energies.
    fn at(&self, phase: Phase, y: &Vector, at: Point) -> Option<(Site, Transform)> {
        self.averages(phase, y, at, false)
    }

    fn averages(&self, phase: Phase, y: &Vector, at: Point, energies: bool) -> Option<(Site, Transform)> {
        let (chi, delta) = (y[1], y[self.last()]);
        let frozen = phase.is_frozen() || self.is_biased();
        // Without noise at T = 0 a state needs a response, which levels do not have.
        let certain = delta == 0.0 && (at.temperature > 0.0 || self.model.unit.continuous().is_some());
        let inside = y.iter().all(|x| x.is_finite())
            && chi >= 0.0
            && self.bulk.contains(chi)
            && at.temperature >= 0.0
            && at.alpha >= 0.0
            && holds_at(&self.model, at.temperature).is_ok()
            && if frozen { delta > 0.0 } else { certain };
        if !inside {
            return None;
        }
        let transform = self.bulk.transform(chi, at.alpha);
        let field = self.field - self.inhibition * self.mean_activity(y);
        let temperature = at.temperature;
        let spot = Spot { m: y[0], gamma: transform.r, delta, field, temperature, energies };
        // Where it would jump a unit does not stay at the middle.
        let jumps = |unit: &Unit| unit.continuous()?.curve()?.jump(transform.r);
        if delta == 0.0 && at.temperature == 0.0 && jumps(&self.model.unit).is_some() {
            return None;
        }
        Some((site(&self.averaged, &self.columns(phase)?, phase.condensed(), spot)?, transform))
    }

    /// The index of Δ.
    fn last(&self) -> usize {
        if self.inhibition == 0.0 { 2 } else { 3 }
    }

    /// x where it is an unknown, else 0.
    fn mean_activity(&self, y: &Vector) -> f64 {
        if self.inhibition == 0.0 { 0.0 } else { y[2] }
    }

    /// (m, χ, x, Δ) as unknowns.
    fn unknowns(&self, m: f64, chi: f64, x: f64, delta: f64) -> Vector {
        let y = if self.inhibition == 0.0 { vec![m, chi, delta] } else { vec![m, chi, x, delta] };
        Vector::from_vec(y)
    }

    /// Whether ⟨s⟩ ≠ 0 without memories, hence noise in every state.
    fn is_biased(&self) -> bool {
        self.field != 0.0 || !self.model.unit.is_even()
    }

    /// Whether the unknown Δ is pinned to zero.
    fn pinned(&self, phase: Phase) -> bool {
        !phase.is_frozen() && !self.is_biased()
    }
}

impl Closure for Sequential {
    fn model(&self) -> &Model {
        &self.model
    }

    fn dimension(&self) -> usize {
        self.last() + 1
    }

    fn linearize(&self, phase: Phase, y: &Vector, at: Point) -> Option<(Vector, Matrix)> {
        let (site, t) = self.at(phase, y, at)?;
        let silent = self.bulk.silent(at.alpha);
        let (last, k) = (self.last(), self.dimension());
        let (q, chi) = (site.frozen, site.response);
        let temperature = at.temperature;
        let mut f = self.unknowns(
            site.overlap.value,
            chi.value,
            site.mean.value,
            t.first * q.value + silent * (q.value + temperature * chi.value),
        );
        if self.pinned(phase) {
            f[last] = 0.0;
        }
        f -= y;
        let mut out = Matrix::zeros(k, k + 2);
        let mut rows = vec![(0, site.overlap, 1.0), (1, chi, 1.0), (last, q, t.first)];
        if last == 3 {
            rows.push((2, site.mean, 1.0));
        }
        for (row, average, factor) in rows {
            out[(row, 0)] = factor * average.m;
            out[(row, 1)] = factor * average.gamma * t.first;
            if last == 3 {
                out[(row, 2)] = -self.inhibition * factor * average.field;
            }
            out[(row, last)] = factor * average.delta;
            out[(row, k)] = factor * average.gamma * t.r_slope;
            out[(row, k + 1)] = factor * average.t;
        }
        out[(last, 1)] += t.second * q.value;
        out[(last, k)] += t.first_slope * q.value;
        if self.bulk.is_asymmetric() {
            out[(last, 0)] += silent * (q.m + temperature * chi.m);
            out[(last, 1)] += silent * (q.gamma + temperature * chi.gamma) * t.first;
            if last == 3 {
                out[(last, 2)] -= self.inhibition * silent * (q.field + temperature * chi.field);
            }
            out[(last, last)] += silent * (q.delta + temperature * chi.delta);
            out[(last, k)] += silent * (q.gamma + temperature * chi.gamma) * t.r_slope
                + self.bulk.silent_slope() * (q.value + temperature * chi.value);
            out[(last, k + 1)] += silent * (q.t + temperature * chi.t + chi.value);
        }
        if phase.condensed() == 0 {
            out.row_mut(0).fill(0.0);
        }
        if self.pinned(phase) {
            out.row_mut(last).fill(0.0);
        }
        for i in 0..k {
            out[(i, i)] -= 1.0;
        }
        Some((f, out))
    }

    /// Strong inhibition overshoots: x takes a Newton step.
    fn iterate(&self, phase: Phase, y: &Vector, at: Point) -> Option<Vector> {
        let (mut f, jacobian) = self.linearize(phase, y, at)?;
        if self.inhibition != 0.0 {
            f[2] /= -jacobian[(2, 2)];
        }
        Some(y + f)
    }

    fn free_energy(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64> {
        if self.bulk.is_asymmetric() {
            return None;
        }
        let (site, t) = self.averages(phase, y, at, true)?;
        let (m, chi, x, delta) = (y[0], y[1], self.mean_activity(y), y[self.last()]);
        let n = phase.condensed() as f64;
        let thermal = 0.5 * at.temperature * (t.r * chi - t.integral);
        Some(0.5 * n * m * m + thermal + 0.5 * delta * chi - 0.5 * self.inhibition * x * x - site.w)
    }

    fn free_energy_gradient(&self, phase: Phase, y: &Vector, at: Point) -> Option<Vector> {
        if self.bulk.is_asymmetric() {
            return None;
        }
        let (site, t) = self.averages(phase, y, at, true)?;
        let (m, chi, x, delta) = (y[0], y[1], self.mean_activity(y), y[self.last()]);
        let temperature = at.temperature;
        let activity = site.frozen.value + temperature * site.response.value;
        let by_unknowns = self.unknowns(
            phase.condensed() as f64 * (m - site.overlap.value),
            0.5 * (delta - t.first * (activity - temperature * chi)),
            self.inhibition * (site.mean.value - x),
            0.5 * (chi - site.response.value),
        );
        let k = by_unknowns.len();
        let mut out = by_unknowns.insert_rows(k, 2, 0.0);
        out[k] = -0.5 * temperature * t.integral_slope + 0.5 * t.r_slope * (temperature * chi - activity);
        out[k + 1] = -entropy(&site, t, chi);
        Some(out)
    }

    fn replicon(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64> {
        Some(1.0 - self.replicon_deficit(phase, y, at)?).filter(|replicon| replicon.is_finite())
    }

    fn replicon_deficit(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64> {
        if self.bulk.is_asymmetric() {
            return None;
        }
        let (site, transform) = self.at(phase, y, at)?;
        Some(transform.first * site.squared_response)
    }

    fn transverse(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64> {
        let (site, _) = self.at(phase, y, at)?;
        Some(1.0 - site.own_response + site.cross_response)
    }

    fn start(&self, phase: Phase, at: Point) -> Vector {
        self.first(phase, at)
    }

    fn sheets(
        &self,
        phase: Phase,
        seed: f64,
        loads: &[f64],
        temperature: f64,
        stable: bool,
    ) -> Option<Vec<(usize, Solution)>> {
        self.spin_sheets(phase, seed, loads, temperature, stable)
    }

    fn fold_system(&self, phase: Phase, y: &Vector, at: Point) -> Option<(Vector, Matrix)> {
        self.spin_fold_system(phase, y, at)
    }

    fn knows_folds(&self, phase: Phase) -> bool {
        self.spins(phase, 1.0).is_some()
    }

    fn fold_at_load(&self, phase: Phase, y: &Vector, near: Point) -> Option<(Vector, f64)> {
        self.spin_fold(phase, y, near)
    }

    fn obstacle(&self, phase: Phase, at: Point) -> Option<String> {
        self.met_on_the_way(phase, at)
    }

    fn paramagnet(&self, at: Point) -> Option<Vector> {
        // A unit that is not even has ⟨s⟩ ≠ 0 without a field, and with it noise.
        if self.bulk.is_asymmetric() || !self.model.unit.is_even() {
            return None;
        }
        let point = |chi: f64| self.unknowns(0.0, chi, 0.0, 0.0);
        // Without a field the response of ±1 units is 1/T, whatever the reaction.
        if self.averaged.spin.is_some() && self.field == 0.0 && at.temperature > 0.0 {
            let chi = 1.0 / at.temperature;
            return self.bulk.contains(chi).then(|| point(chi));
        }
        // χ ↦ w_hh(h, R(χ), T) is bounded: the smallest root is the physical one.
        let f = |chi: f64| self.residual(Phase::Paramagnet, &point(chi), at).map_or(f64::NAN, |f| f[1]);
        let mut low = 0.0;
        let end = self.bulk.end();
        let limit = if !end.is_infinite() {
            end * (1.0 - 1e-12)
        } else if at.temperature > 0.0 {
            4.0 / at.temperature
        } else {
            4.0 * f(0.0)
        };
        for i in 1..=400 {
            let high = limit * f64::from(i) / 400.0;
            if f(high) <= 0.0 {
                let chi = crate::solve::scalar::brent(low, high, &mut |x| f(x))?;
                return Some(point(chi));
            }
            low = high;
        }
        None
    }

    fn reaction_slope(&self, chi: f64, alpha: f64) -> f64 {
        self.bulk.transform(chi, alpha).first
    }

    fn describe(&self, phase: Phase, y: &Vector, at: Point, residual: f64, exit: Exit) -> Option<State> {
        self.described(phase, y, at, residual, exit)
    }
}

/// G/2 − Rχ/2 + E\[∂w/∂T\].
fn entropy(site: &Site, t: Transform, chi: f64) -> f64 {
    0.5 * (t.integral - t.r * chi) + site.entropy
}
