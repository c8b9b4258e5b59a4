//! Potts units at T = 0.
//!
//! With u_k(s) = Qδ_ks − 1 the vectors u(s)/√Q have Q − 1 components of mean square 1, so that everything is
//! isotropic: the field along the memory is (Q − 1)m, the noise has the same variance Δ in every direction, and
//! the reaction of the network acts along s, whose length is fixed. With P and E of [`Winner`], the race of Q
//! normal numbers of which one is ahead by a,
//!
//! a = √Q (Q − 1) m/√Δ,  m = (QP(a) − 1)/(Q − 1),  C = √(Q/Δ) E(a),  Δ = α(Q − 1)/(1 − C)²
//!
//! f = ½(Q − 1)²m² + ½ΔC − (Q − 1)m (QP − 1) − √(QΔ) E − ½α(Q − 1)C/(1 − C)
//!
//! where m = 1 is the memory itself, C the sum of the responses along all Q − 1 directions, and H = −½ Σ J u u with
//! J_ij^kl = (1/Q²N) Σ u_k u_l, that of ±1 units for Q = 2. The overlap of two replicas, ⟨(Qδ_ss′ − 1)⟩/(Q − 1), is 1.  (Kanter, Phys. Rev. A 37, 2739 (1988))

use mattis_model::record::{Exit, State};
use mattis_model::{Model, Unsupported};

use super::PottsCurve;
use super::columns::Phase;
use super::winner::Winner;
use super::{Closure, Point, is_stable_sheet, two_times};
use crate::TheoryError;
use crate::solve::newton::{Matrix, Vector};

/// The closure of Potts units; unknowns (m, C, Δ). T = 0 and at most one condensed memory.
pub struct Potts {
    model: Model,
    states: usize,
}

/// Refuses T > 0, where the average over the noise is an integral over Q − 1 fields.
pub(crate) fn at_ground(model: &Model, temperature: f64) -> Result<(), TheoryError> {
    if model.unit.colours().is_some() && temperature > 0.0 {
        let what = format!("unit `{}` at T = {temperature}", model.unit);
        let because = "its theory is exact at T = 0 only";
        return Err(Unsupported::new(what, "the replica-symmetric closure", because, "T = 0").into());
    }
    Ok(())
}

impl Potts {
    /// The closure of a model; `None` if its units are no Potts units.
    pub fn new(model: &Model) -> Option<Self> {
        Some(Self { model: model.clone(), states: model.unit.colours()? })
    }

    fn q(&self) -> f64 {
        self.states as f64
    }

    /// The race at (m, Δ) and its lead, inside the domain.
    fn race(&self, phase: Phase, y: &Vector, at: Point) -> Option<(Winner, f64)> {
        let (m, c, delta) = (y[0], y[1], y[2]);
        let condensed = phase.condensed();
        let inside = y.iter().all(|x| x.is_finite())
            && (0.0..1.0).contains(&c)
            && delta > 0.0
            && at.temperature == 0.0
            && at.alpha >= 0.0
            && condensed <= 1
            && phase.is_frozen();
        let lead = if condensed == 1 { self.q().sqrt() * (self.q() - 1.0) * m / delta.sqrt() } else { 0.0 };
        inside.then(|| (Winner::new(self.states, lead), lead))
    }

    /// −½α\[ln(1 − C) + C/(1 − C)\], negative as for every discrete unit.
    fn entropy(c: f64, at: Point) -> f64 {
        -0.5 * at.alpha * ((-c).ln_1p() + c / (1.0 - c))
    }
}

impl Closure for Potts {
    fn model(&self) -> &Model {
        &self.model
    }

    fn dimension(&self) -> usize {
        3
    }

    fn linearize(&self, phase: Phase, y: &Vector, at: Point) -> Option<(Vector, Matrix)> {
        let (race, lead) = self.race(phase, y, at)?;
        let (q, others) = (self.q(), self.q() - 1.0);
        let (m, c, delta) = (y[0], y[1], y[2]);
        let sigma = delta.sqrt();
        let rest = 1.0 - c;
        let response = q.sqrt() * race.mean / sigma;
        let overlap = if phase.condensed() == 1 { (q * race.probability - 1.0) / others - m } else { -m };
        let noise = others / (rest * rest);
        let f = Vector::from_vec(vec![overlap, response - c, at.alpha * noise - delta]);
        let mut out = Matrix::zeros(3, 5);
        if phase.condensed() == 1 {
            let (by_m, by_delta) = (q.sqrt() * others / sigma, -0.5 * lead / delta);
            let slope = q * race.slope / others;
            out[(0, 0)] = slope * by_m;
            out[(0, 2)] = slope * by_delta;
            let slope = -q.sqrt() * lead * race.slope / sigma;
            out[(1, 0)] = slope * by_m;
            out[(1, 2)] = slope * by_delta;
        }
        out[(1, 2)] -= 0.5 * response / delta;
        out[(2, 1)] = 2.0 * at.alpha * noise / rest;
        out[(2, 3)] = noise;
        for i in 0..3 {
            out[(i, i)] -= 1.0;
        }
        Some((f, out))
    }

    fn free_energy(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64> {
        let (race, _) = self.race(phase, y, at)?;
        let (q, others) = (self.q(), self.q() - 1.0);
        let (m, c, delta) = (y[0], y[1], y[2]);
        let along = if phase.condensed() == 1 {
            others * m * (0.5 * others * m - (q * race.probability - 1.0))
        } else {
            0.0
        };
        let noise =
            0.5 * delta * c - (q * delta).sqrt() * race.mean - 0.5 * at.alpha * others * c / (1.0 - c);
        Some(along + noise)
    }

    fn free_energy_gradient(&self, phase: Phase, y: &Vector, at: Point) -> Option<Vector> {
        let (f, _) = self.linearize(phase, y, at)?;
        let (others, c) = (self.q() - 1.0, y[1]);
        Some(Vector::from_vec(vec![
            -others * others * f[0] * phase.condensed() as f64,
            -0.5 * f[2],
            -0.5 * f[1],
            -0.5 * others * c / (1.0 - c),
            -Self::entropy(c, at),
        ]))
    }

    fn replicon(&self, _: Phase, _: &Vector, _: Point) -> Option<f64> {
        // −∞, as for every discrete unit at T = 0.
        None
    }

    fn replicon_deficit(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64> {
        self.race(phase, y, at).map(|_| f64::INFINITY)
    }

    fn transverse(&self, _: Phase, _: &Vector, _: Point) -> Option<f64> {
        None
    }

    fn start(&self, phase: Phase, at: Point) -> Vector {
        let others = self.q() - 1.0;
        if phase.condensed() > 0 {
            return Vector::from_vec(vec![1.0, 0.0, at.alpha * others]);
        }
        // Without overlap √Δ(1 − C) = √(α(Q − 1)) and √Δ C = √Q E(0) are two numbers: this is the solution.
        let (root, turn) = ((at.alpha * others).sqrt(), self.q().sqrt() * Winner::new(self.states, 0.0).mean);
        Vector::from_vec(vec![0.0, turn / (root + turn), (root + turn).powi(2)])
    }

    fn explicit(&self, phase: Phase, at: Point) -> Option<Vec<Vector>> {
        let points = match phase {
            Phase::Condensed(1) => PottsCurve { states: self.states }.at_load(at.alpha),
            Phase::Condensed(_) => Vec::new(),
            _ => return None,
        };
        Some(
            points.iter().map(|point| Vector::from_vec(vec![point.m, point.response, point.delta])).collect(),
        )
    }

    fn paramagnet(&self, _: Point) -> Option<Vector> {
        None
    }

    fn reaction_slope(&self, chi: f64, alpha: f64) -> f64 {
        alpha * (self.q() - 1.0) / (1.0 - chi).powi(2)
    }

    fn describe(&self, phase: Phase, y: &Vector, at: Point, residual: f64, exit: Exit) -> Option<State> {
        let f = two_times(&self.model) * self.free_energy(phase, y, at)?;
        let stable = phase.condensed() == 0 || is_stable_sheet(self, phase, y, at)?;
        Some(State {
            kind: phase.kind(),
            n: None,
            m: vec![y[0]; phase.condensed()],
            q: 1.0,
            activity: 1.0,
            delta: y[2],
            r: Some(y[2] / at.alpha),
            chi: y[1],
            d: None,
            free_energy: Some(f),
            energy: Some(f),
            entropy: Some(two_times(&self.model) * Self::entropy(y[1], at)),
            replicon: None,
            m_next: None,
            hessian: None,
            mean: None,
            correlation: None,
            multiplicity: None,
            locally_stable: stable,
            replica_stable: Some(false),
            residual,
            exit,
        })
    }
}
