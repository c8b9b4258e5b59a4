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
//! For Ising units and Hebb couplings: Amit, Gutfreund & Sompolinsky, PRL 55, 1530 (1985).

use mattis_model::record::{Exit, State, StateKind};
use mattis_model::{Model, PatternLaw};

use super::columns::{Column, Phase, columns, convolved};
use super::site::{Site, Spot, site};
use super::{Closure, Point, is_locally_stable};
use crate::TheoryError;
use crate::bulk::{Bulk, Transform};
use crate::overlap_map::Replicas;
use crate::solve::newton::{Matrix, Vector};

/// The closure of sequential updates; unknowns (m, χ, Δ).
pub struct Sequential {
    model: Model,
    bulk: Bulk,
    field: f64,
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
        let bulk = Bulk::new(model)?;
        let law = model.patterns.value();
        let general = model.stores_memories() && *law != PatternLaw::Rademacher;
        let support = law.support().filter(|_| general);
        let support =
            support.map(|support| support.into_iter().map(|(value, p)| (model.stored(value), p)).collect());
        Ok(Self {
            bulk,
            field,
            fold: field == 0.0 && model.unit.is_even() && !general,
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

    /// No noise without reaction beside noise with it at T > 0: fluctuation and dissipation part.
    fn holds_at(&self, temperature: f64) -> bool {
        temperature == 0.0 || !self.bulk.is_asymmetric() || self.model.connectivity.fraction() == 0.0
    }

    pub(super) fn at(&self, phase: Phase, y: &Vector, at: Point) -> Option<(Site, Transform)> {
        let (m, chi, delta) = (y[0], y[1], y[2]);
        let frozen = phase.is_frozen() || self.field != 0.0;
        let inside = y.iter().all(|x| x.is_finite())
            && chi >= 0.0
            && self.bulk.contains(chi)
            && at.temperature >= 0.0
            && at.alpha >= 0.0
            && self.holds_at(at.temperature)
            && if frozen { delta > 0.0 } else { delta == 0.0 && at.temperature > 0.0 };
        if !inside {
            return None;
        }
        let transform = self.bulk.transform(chi, at.alpha);
        let spot = Spot { m, gamma: transform.r, delta, field: self.field, temperature: at.temperature };
        Some((site(&self.model.unit, &self.columns(phase)?, phase.condensed(), spot), transform))
    }

    /// Every unit on the level that the memories ask for.
    fn saturated(&self, phase: Phase, at: Point) -> Vector {
        let levels = self.model.unit.levels();
        let (low, high) = (levels[0], levels[levels.len() - 1]);
        let (mut m, mut activity) = (0.0, 0.0);
        for column in self.columns(phase).unwrap_or_default() {
            let s = if column.sum > 0.0 { high } else { low };
            m += column.probability * column.sum * s / phase.condensed() as f64;
            activity += column.probability * s * s;
        }
        let slope = self.bulk.transform(0.0, at.alpha).first + self.bulk.silent(at.alpha);
        Vector::from_vec(vec![m, 0.0, slope * activity])
    }

    /// q of two replicas: E\[w_h²\] where the noise is static. Extremely diluted, each replica has its own.
    fn replica_overlap(&self, phase: Phase, y: &Vector, at: Point, site: &Site) -> Option<f64> {
        if self.model.connectivity.fraction() > 0.0 {
            return Some(site.frozen.value);
        }
        let gamma = self.bulk.transform(y[1], at.alpha).r;
        let spot = Spot { m: y[0], gamma, delta: y[2], field: self.field, temperature: at.temperature };
        let activity = site.frozen.value + at.temperature * site.response.value;
        Replicas { unit: &self.model.unit, columns: &self.columns(phase)?, spot, activity }.overlap()
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
        let silent = self.bulk.silent(at.alpha);
        let f = Vector::from_vec(vec![
            site.overlap.value - y[0],
            site.response.value - y[1],
            if self.pinned(phase) {
                -y[2]
            } else {
                t.first * site.frozen.value
                    + silent * (site.frozen.value + at.temperature * site.response.value)
                    - y[2]
            },
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
        if self.bulk.is_asymmetric() {
            let (q, chi) = (site.frozen, site.response);
            let temperature = at.temperature;
            out[(2, 0)] += silent * (q.m + temperature * chi.m);
            out[(2, 1)] += silent * (q.gamma + temperature * chi.gamma) * t.first;
            out[(2, 2)] += silent * (q.delta + temperature * chi.delta);
            out[(2, 3)] += silent * (q.gamma + temperature * chi.gamma) * t.r_slope
                + self.bulk.silent_slope() * (q.value + temperature * chi.value);
            out[(2, 4)] += silent * (q.t + temperature * chi.t + chi.value);
        }
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
        if self.bulk.is_asymmetric() {
            return None;
        }
        let (site, t) = self.at(phase, y, at)?;
        let (m, chi, delta) = (y[0], y[1], y[2]);
        let n = phase.condensed() as f64;
        Some(0.5 * n * m * m + 0.5 * at.temperature * (t.r * chi - t.integral) + 0.5 * delta * chi - site.w)
    }

    fn free_energy_gradient(&self, phase: Phase, y: &Vector, at: Point) -> Option<Vector> {
        if self.bulk.is_asymmetric() {
            return None;
        }
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
        let levels = self.model.unit.levels();
        let largest = levels.iter().fold(0.0_f64, |a, s| a.max(s.abs()));
        let n = phase.condensed();
        if let (Some(_), 1..) = (&self.support, n) {
            return self.saturated(phase, at);
        }
        let slope = |chi: f64| self.bulk.transform(chi, at.alpha).first + self.bulk.silent(at.alpha);
        let m = if n == 0 {
            0.0
        } else {
            largest * columns(n, true).iter().map(|c| c.probability * c.sum.abs()).sum::<f64>() / n as f64
        };
        // Δ and χ of saturated ±1 units at T = 0 without overlap; the iteration takes it from there.
        let chi = if n == 0 {
            let root = slope(0.0).sqrt();
            let c = (2.0 / std::f64::consts::PI).sqrt();
            c / ((root + c) * self.bulk.variance()).max(f64::MIN_POSITIVE)
        } else {
            0.0
        };
        let delta = slope(chi) * largest * largest;
        Vector::from_vec(vec![m, chi, delta])
    }

    fn paramagnet(&self, at: Point) -> Option<Vector> {
        if self.bulk.is_asymmetric() {
            return None;
        }
        let delta = 0.0;
        // χ ↦ w_hh(h, R(χ), T) is bounded: the smallest root is the physical one.
        let f = |chi: f64| {
            let y = Vector::from_vec(vec![0.0, chi, delta]);
            self.residual(Phase::Paramagnet, &y, at).map_or(f64::NAN, |f| f[1])
        };
        let mut low = 0.0;
        let end = self.bulk.end();
        let limit = if end.is_infinite() { 4.0 / at.temperature.max(1e-300) } else { end * (1.0 - 1e-12) };
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
        let f = self.free_energy(phase, y, at);
        let entropy = f.map(|_| entropy(&site, transform, y[1]));
        let n = phase.condensed();
        let replicon = self.replicon(phase, y, at);
        let deficit = self.replicon_deficit(phase, y, at);
        // In a field the one state is called after its stability: above the AT line nothing is broken. Asymmetric
        // couplings freeze nothing.
        let smeared = self.field != 0.0 && deficit.is_some_and(|deficit| deficit < 1.0);
        let unbroken = phase == Phase::SpinGlass && (smeared || self.bulk.is_asymmetric());
        let kind = if unbroken { StateKind::Paramagnet } else { phase.kind() };
        let thermal = at.temperature * site.response.value;
        Some(State {
            kind,
            n: (n > 1).then_some(n),
            m: vec![y[0]; n],
            q: self.replica_overlap(phase, y, at, &site)?,
            activity: site.frozen.value + thermal,
            delta: y[2],
            r: self.model.stores_memories().then(|| y[2] / at.alpha),
            chi: y[1],
            d: None,
            free_energy: f,
            energy: f.zip(entropy).map(|(f, entropy)| f + at.temperature * entropy),
            entropy,
            replicon,
            m_next: None,
            hessian: None,
            mean: None,
            correlation: None,
            multiplicity: None,
            locally_stable: is_locally_stable(self, phase, y, at)?,
            replica_stable: deficit.map(|deficit| deficit < 1.0),
            residual,
            exit,
        })
    }
}

/// G/2 − Rχ/2 + E\[∂w/∂T\].
fn entropy(site: &Site, t: Transform, chi: f64) -> f64 {
    0.5 * (t.integral - t.r * chi) + site.entropy
}
