//! The general replica-symmetric closure: sequential updates, any unit, any R-transform.
//!
//! h = m z_n + h_ext + √Δ z, and with Γ = R(χ)
//!
//! f = n m²/2 − T G(χ)/2 + T R(χ) χ/2 + Δχ/2 − E\[w(h, R(χ), T)\]
//!
//! stationary in (m, χ, Δ): m = E\[z_n w_h\]/n, χ = E\[w_hh\], Δ = R′(χ) q with q = E\[w_h²\].
//! For Ising units and Hebb couplings: Amit, Gutfreund & Sompolinsky, PRL 55, 1530 (1985).

use mattis_model::Model;
use mattis_model::record::{Exit, State, StateKind};

use super::columns::{Column, Phase, columns};
use super::site::{Site, Spot, site};
use super::{Closure, Point, is_locally_stable};
use crate::TheoryError;
use crate::bulk::{Bulk, Transform};
use crate::solve::newton::{Matrix, Vector};

/// The closure of sequential updates; unknowns (m, χ, Δ).
pub struct Sequential {
    model: Model,
    bulk: Bulk,
    field: f64,
    fold: bool,
}

impl Sequential {
    /// The closure of a model.
    ///
    /// # Errors
    /// If the couplings have no known R-transform.
    pub fn new(model: &Model) -> Result<Self, TheoryError> {
        let field = model.field.value().value();
        Ok(Self {
            bulk: Bulk::new(model)?,
            field,
            fold: field == 0.0 && model.unit.is_even(),
            model: model.clone(),
        })
    }

    fn columns(&self, phase: Phase) -> Vec<Column> {
        columns(phase.condensed(), self.fold)
    }

    pub(super) fn at(&self, phase: Phase, y: &Vector, at: Point) -> Option<(Site, Transform)> {
        let (m, chi, delta) = (y[0], y[1], y[2]);
        let frozen = phase.is_frozen() || self.field != 0.0;
        let inside = y.iter().all(|x| x.is_finite())
            && chi >= 0.0
            && self.bulk.contains(chi)
            && at.temperature >= 0.0
            && at.alpha >= 0.0
            && if frozen { delta > 0.0 } else { delta == 0.0 && at.temperature > 0.0 };
        if !inside {
            return None;
        }
        let transform = self.bulk.transform(chi, at.alpha);
        let spot = Spot { m, gamma: transform.r, delta, field: self.field, temperature: at.temperature };
        Some((site(&self.model.unit, &self.columns(phase), phase.condensed(), spot), transform))
    }

    /// Whether the unknown Δ is pinned to zero.
    fn pinned(&self, phase: Phase) -> bool {
        !phase.is_frozen() && self.field == 0.0
    }
}

impl Closure for Sequential {
    fn model(&self) -> &Model {
        &self.model
    }

    fn dimension(&self) -> usize {
        3
    }

    fn linearize(&self, phase: Phase, y: &Vector, at: Point) -> Option<(Vector, Matrix)> {
        let (site, t) = self.at(phase, y, at)?;
        let f = Vector::from_vec(vec![
            site.overlap.value - y[0],
            site.response.value - y[1],
            if self.pinned(phase) { -y[2] } else { t.first * site.frozen.value - y[2] },
        ]);
        let mut out = Matrix::zeros(3, 5);
        for (row, (average, factor)) in
            [(site.overlap, 1.0), (site.response, 1.0), (site.frozen, t.first)].into_iter().enumerate()
        {
            out[(row, 0)] = factor * average.m;
            out[(row, 1)] = factor * average.gamma * t.first;
            out[(row, 2)] = factor * average.delta;
            out[(row, 3)] = factor * average.gamma * t.r_slope;
            out[(row, 4)] = factor * average.t;
        }
        out[(2, 1)] += t.second * site.frozen.value;
        out[(2, 3)] += t.first_slope * site.frozen.value;
        if phase.condensed() == 0 {
            out.row_mut(0).fill(0.0);
        }
        if self.pinned(phase) {
            out.row_mut(2).fill(0.0);
        }
        for i in 0..3 {
            out[(i, i)] -= 1.0;
        }
        Some((f, out))
    }

    fn free_energy(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64> {
        let (site, t) = self.at(phase, y, at)?;
        let (m, chi, delta) = (y[0], y[1], y[2]);
        let n = phase.condensed() as f64;
        Some(0.5 * n * m * m + 0.5 * at.temperature * (t.r * chi - t.integral) + 0.5 * delta * chi - site.w)
    }

    fn free_energy_gradient(&self, phase: Phase, y: &Vector, at: Point) -> Option<Vector> {
        let (site, t) = self.at(phase, y, at)?;
        let (m, chi, delta) = (y[0], y[1], y[2]);
        let temperature = at.temperature;
        let activity = site.frozen.value + temperature * site.response.value;
        Some(Vector::from_vec(vec![
            phase.condensed() as f64 * (m - site.overlap.value),
            0.5 * (delta - t.first * (activity - temperature * chi)),
            0.5 * (chi - site.response.value),
            -0.5 * temperature * t.integral_slope + 0.5 * t.r_slope * (temperature * chi - activity),
            -entropy(&site, t, chi),
        ]))
    }

    fn replicon(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64> {
        Some(1.0 - self.replicon_deficit(phase, y, at)?).filter(|replicon| replicon.is_finite())
    }

    fn replicon_deficit(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64> {
        let (site, transform) = self.at(phase, y, at)?;
        Some(transform.first * site.squared_response)
    }

    fn transverse(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64> {
        let (site, _) = self.at(phase, y, at)?;
        Some(1.0 - site.response.value + site.cross_response)
    }

    fn start(&self, phase: Phase, at: Point) -> Vector {
        let levels = self.model.unit.levels();
        let largest = levels.iter().fold(0.0_f64, |a, s| a.max(s.abs()));
        let n = phase.condensed();
        let m = if n == 0 {
            0.0
        } else {
            largest * columns(n, true).iter().map(|c| c.probability * c.sum.abs()).sum::<f64>() / n as f64
        };
        // Δ and χ of saturated ±1 units at T = 0 without overlap; the iteration takes it from there.
        let chi = if n == 0 {
            let root = self.bulk.transform(0.0, at.alpha).first.sqrt();
            let c = (2.0 / std::f64::consts::PI).sqrt();
            c / (root + c).max(f64::MIN_POSITIVE)
        } else {
            0.0
        };
        let delta = self.bulk.transform(chi, at.alpha).first * largest * largest;
        Vector::from_vec(vec![m, chi, delta])
    }

    fn paramagnet(&self, at: Point) -> Option<Vector> {
        let delta = 0.0;
        // χ ↦ w_hh(h, R(χ), T) is bounded: the smallest root is the physical one.
        let f = |chi: f64| {
            let y = Vector::from_vec(vec![0.0, chi, delta]);
            self.residual(Phase::Paramagnet, &y, at).map_or(f64::NAN, |f| f[1])
        };
        let mut low = 0.0;
        let limit = if self.bulk.contains(1.5) { 4.0 / at.temperature.max(1e-300) } else { 1.0 - 1e-12 };
        for i in 1..=400 {
            let high = limit * f64::from(i) / 400.0;
            if f(high) <= 0.0 {
                let chi = crate::solve::scalar::brent(low, high, &mut |x| f(x))?;
                return Some(Vector::from_vec(vec![0.0, chi, delta]));
            }
            low = high;
        }
        None
    }

    fn reaction_slope(&self, chi: f64, alpha: f64) -> f64 {
        self.bulk.transform(chi, alpha).first
    }

    fn describe(&self, phase: Phase, y: &Vector, at: Point, residual: f64, exit: Exit) -> Option<State> {
        let (site, transform) = self.at(phase, y, at)?;
        let f = self.free_energy(phase, y, at)?;
        let entropy = entropy(&site, transform, y[1]);
        let n = phase.condensed();
        let replicon = self.replicon(phase, y, at);
        let deficit = transform.first * site.squared_response;
        // In a field the one state is called after its stability: above the AT line nothing is broken.
        let unbroken = phase == Phase::SpinGlass && self.field != 0.0 && deficit < 1.0;
        let kind = if unbroken { StateKind::Paramagnet } else { phase.kind() };
        Some(State {
            kind,
            n: (n > 1).then_some(n),
            m: vec![y[0]; n],
            q: site.frozen.value,
            activity: site.frozen.value + at.temperature * site.response.value,
            delta: y[2],
            r: self.model.stores_memories().then(|| y[2] / at.alpha),
            chi: y[1],
            d: None,
            free_energy: Some(f),
            energy: Some(f + at.temperature * entropy),
            entropy: Some(entropy),
            replicon,
            m_next: None,
            hessian: None,
            multiplicity: None,
            locally_stable: is_locally_stable(self, phase, y, at)?,
            replica_stable: Some(deficit < 1.0),
            residual,
            exit,
        })
    }
}

/// G/2 − Rχ/2 + E\[∂w/∂T\].
fn entropy(site: &Site, t: Transform, chi: f64) -> f64 {
    0.5 * (t.integral - t.r * chi) + site.entropy
}
