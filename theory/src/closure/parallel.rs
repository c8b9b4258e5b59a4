//! Parallel updates with extensive load, for any unit and any R-transform (non-cycling states).
//!
//! d = ⟨s s′⟩, χ_u = β(Q + d − 2q), χ_v = β(Q − d), Δ = q R′(χ_u); over a pair (s, s′) of successive states
//! γ = ½[R(χ_u) − R(−χ_v)], κ = J₀ + ½[R(χ_u) + R(−χ_v)], h = m z_n + h_ext + √Δ z, and
//!
//! f = n m² − ½T[G(χ_u) + G(−χ_v)] + ½T[R(χ_u)χ_u − R(−χ_v)χ_v] + Δχ_u − T E ln Z₂
//!
//! is stationary in (m, χ_u, χ_v, Δ), and is −(T/N) ln Σ_S Π 2cosh βh for ±1 units: Fontanari & Köberle, Phys. Rev. A 36, 2475 (1987).
//! The zero-diagonal R enters; J₀ is the actual diagonal J_ii.

use mattis_model::record::{Exit, State};
use mattis_model::{Model, PatternLaw, Unsupported};

use super::columns::{Phase, columns};
use super::pair::{Pair, PairSpot, pair};
use super::sequential::Sequential;
use super::{Closure, Point, is_locally_stable};
use crate::TheoryError;
use crate::bulk::{Bulk, Transform};
use crate::solve::newton::{Matrix, Vector};

/// The closure of parallel updates; unknowns (m, χ_u, χ_v, Δ).
pub struct Parallel {
    model: Model,
    bulk: Bulk,
    field: f64,
    fold: bool,
    sequential: Sequential,
}

struct Averages {
    pair: Pair,
    /// At χ_u and −χ_v, diagonal included in both.
    plus: Transform,
    minus: Transform,
}

impl Parallel {
    /// The closure of a model.
    ///
    /// # Errors
    /// If the couplings have no known R-transform.
    pub fn new(model: &Model) -> Result<Self, TheoryError> {
        let field = model.field.value().value();
        let refuse = |what: String, because: &str, nearest: &str| {
            Unsupported::new(what, "the closure of parallel updates", because, nearest)
        };
        if model.stores_memories() && *model.patterns.value() != PatternLaw::Rademacher {
            let what = format!("patterns `{}` at extensive load", model.patterns);
            return Err(
                refuse(what, "its condensed memories are ±1 without bias", "update `sequential`").into()
            );
        }
        if model.field.inhibition() != 0.0 {
            let what = format!("field `{}`", model.field);
            return Err(refuse(what, "its unknowns have no mean activity", "update `sequential`").into());
        }
        let bulk = Bulk::new(model)?;
        if bulk.is_asymmetric() {
            let what = format!("connectivity `{}`", model.connectivity);
            let because = "its couplings have no energy";
            return Err(refuse(what, because, "update `sequential`, or connectivity `extreme`").into());
        }
        Ok(Self {
            bulk,
            field,
            fold: field == 0.0 && model.unit.is_even(),
            sequential: Sequential::new(model)?,
            model: model.clone(),
        })
    }

    fn at(&self, phase: Phase, y: &Vector, at: Point) -> Option<Averages> {
        let (m, u, v, delta) = (y[0], y[1], y[2], y[3]);
        let frozen = phase.is_frozen() || self.field != 0.0;
        let inside = y.iter().all(|x| x.is_finite())
            && u >= 0.0
            && v >= 0.0
            && self.bulk.contains(u)
            && at.temperature >= 0.0
            && at.alpha >= 0.0
            && if frozen { delta > 0.0 } else { delta == 0.0 && at.temperature > 0.0 };
        if !inside {
            return None;
        }
        let plus = self.bulk.transform(u, at.alpha);
        let minus = self.bulk.transform(-v, at.alpha);
        // With the diagonal inside both transforms it drops out of γ and stands once in κ.
        let gamma = 0.5 * (plus.r - minus.r);
        let kappa = 0.5 * (plus.r + minus.r);
        if at.temperature == 0.0 && kappa < 0.0 {
            return None;
        }
        let spot = PairSpot { m, gamma, kappa, delta, field: self.field, temperature: at.temperature };
        let columns = columns(phase.condensed(), self.fold);
        let pair = pair(&self.model.unit, &columns, phase.condensed(), spot)?;
        Some(Averages { pair, plus, minus })
    }

    fn pinned(&self, phase: Phase) -> bool {
        !phase.is_frozen() && self.field == 0.0
    }

    fn free_energy_and_entropy(&self, phase: Phase, y: &Vector, at: Point) -> Option<(f64, f64)> {
        let a = self.at(phase, y, at)?;
        let (m, u, v, delta) = (y[0], y[1], y[2], y[3]);
        let n = phase.condensed() as f64;
        // The diagonal drops out of it.
        let bulk = a.plus.integral + a.minus.integral - a.plus.r * u + a.minus.r * v;
        let f = n * m * m - 0.5 * at.temperature * bulk + delta * u - a.pair.w;
        Some((f, 0.5 * bulk + a.pair.entropy))
    }
}

impl Closure for Parallel {
    fn model(&self) -> &Model {
        &self.model
    }

    fn dimension(&self) -> usize {
        4
    }

    fn linearize(&self, phase: Phase, y: &Vector, at: Point) -> Option<(Vector, Matrix)> {
        let a = self.at(phase, y, at)?;
        let pinned = self.pinned(phase);
        let frozen = a.pair.frozen.value;
        let f = Vector::from_vec(vec![
            a.pair.overlap.value - y[0],
            a.pair.symmetric.value - y[1],
            a.pair.antisymmetric.value - y[2],
            if pinned { -y[3] } else { a.plus.first * frozen - y[3] },
        ]);
        // Γ and κ carry the dependence on χ_u, χ_v and α.
        let gamma = [0.5 * a.plus.first, 0.5 * a.minus.first, 0.5 * (a.plus.r_slope - a.minus.r_slope)];
        let kappa = [0.5 * a.plus.first, -0.5 * a.minus.first, 0.5 * (a.plus.r_slope + a.minus.r_slope)];
        let mut out = Matrix::zeros(4, 6);
        let rows = [
            (a.pair.overlap, 1.0),
            (a.pair.symmetric, 1.0),
            (a.pair.antisymmetric, 1.0),
            (a.pair.frozen, a.plus.first),
        ];
        for (row, (average, factor)) in rows.into_iter().enumerate() {
            let g = average.gradient * factor;
            out[(row, 0)] = g[0];
            out[(row, 1)] = g[1] * gamma[0] + g[2] * kappa[0];
            out[(row, 2)] = g[1] * gamma[1] + g[2] * kappa[1];
            out[(row, 3)] = g[3];
            out[(row, 4)] = g[1] * gamma[2] + g[2] * kappa[2];
            out[(row, 5)] = g[4];
        }
        out[(3, 1)] += a.plus.second * frozen;
        out[(3, 4)] += a.plus.first_slope * frozen;
        if phase.condensed() == 0 {
            out.row_mut(0).fill(0.0);
        }
        if pinned {
            out.row_mut(3).fill(0.0);
        }
        for i in 0..4 {
            out[(i, i)] -= 1.0;
        }
        Some((f, out))
    }

    fn free_energy(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64> {
        Some(self.free_energy_and_entropy(phase, y, at)?.0)
    }

    fn free_energy_gradient(&self, phase: Phase, y: &Vector, at: Point) -> Option<Vector> {
        let a = self.at(phase, y, at)?;
        let (m, u, v, delta) = (y[0], y[1], y[2], y[3]);
        let n = phase.condensed() as f64;
        let t = at.temperature;
        // E⟨(s + s′)²⟩/2 and E⟨(s − s′)²⟩/2.
        let same = a.pair.activity + a.pair.persistence;
        let different = t * a.pair.antisymmetric.value;
        let (_, entropy) = self.free_energy_and_entropy(phase, y, at)?;
        Some(Vector::from_vec(vec![
            2.0 * n * (m - a.pair.overlap.value),
            delta - 0.5 * a.plus.first * (same - t * u),
            0.5 * a.minus.first * (t * v - different),
            u - a.pair.symmetric.value,
            -0.5 * t * (a.plus.integral_slope + a.minus.integral_slope)
                + 0.5 * a.plus.r_slope * (t * u - same)
                - 0.5 * a.minus.r_slope * (t * v - different),
            -entropy,
        ]))
    }

    fn replicon(&self, _: Phase, _: &Vector, _: Point) -> Option<f64> {
        None
    }

    fn replicon_deficit(&self, _: Phase, _: &Vector, _: Point) -> Option<f64> {
        None
    }

    fn transverse(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64> {
        let a = self.at(phase, y, at)?;
        Some(1.0 - a.pair.symmetric.value + a.pair.cross)
    }

    fn start(&self, phase: Phase, at: Point) -> Vector {
        let s = self.sequential.start(phase, at);
        Vector::from_vec(vec![s[0], s[1], 0.0, s[2]])
    }

    fn paramagnet(&self, at: Point) -> Option<Vector> {
        // Natural iteration from the free unit, which contracts wherever the paramagnet is the physical branch.
        let mut y = Vector::zeros(4);
        let system = |y: &Vector| {
            let (f, jacobian) = self.linearize(Phase::Paramagnet, y, at)?;
            Some((f, jacobian.columns(0, 4).into_owned()))
        };
        for _ in 0..2_000 {
            let f = self.residual(Phase::Paramagnet, &y, at)?;
            y += &f * 0.5;
            if f.amax() < 1e-4 * (1.0 + y.amax()) {
                let solution = crate::solve::newton::newton(y, &system);
                return (solution.exit == Exit::Converged).then_some(solution.y);
            }
        }
        None
    }

    fn reaction_slope(&self, chi: f64, alpha: f64) -> f64 {
        self.bulk.transform(chi, alpha).first
    }

    fn describe(&self, phase: Phase, y: &Vector, at: Point, residual: f64, exit: Exit) -> Option<State> {
        let a = self.at(phase, y, at)?;
        let (f, entropy) = self.free_energy_and_entropy(phase, y, at)?;
        let n = phase.condensed();
        Some(State {
            kind: phase.kind(),
            n: (n > 1).then_some(n),
            m: vec![y[0]; n],
            q: a.pair.frozen.value,
            activity: a.pair.activity,
            delta: y[3],
            r: self.model.stores_memories().then(|| y[3] / at.alpha),
            chi: y[1],
            d: Some(a.pair.persistence),
            free_energy: Some(f),
            energy: Some(f + at.temperature * entropy),
            entropy: Some(entropy),
            replicon: None,
            m_next: None,
            hessian: None,
            mean: None,
            correlation: None,
            multiplicity: None,
            locally_stable: is_locally_stable(self, phase, y, at)?,
            replica_stable: None,
            residual,
            exit,
        })
    }
}
