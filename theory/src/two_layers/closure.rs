//! The replica-symmetric equations of two layers.
//!
//! A visible unit sees h = Ω_τ m z_n + √Δ z and the reaction Γ; a hidden unit that is not condensed sees √q z and the
//! reaction χ, with T = 1 after the substitution τ → √T τ. With w_σ and w_τ of [`Layer`],
//!
//! f = ½nΩ_τ m² + ½(qΓ + TχΓ + χΔ) − E\[w_σ\] − αT E\[w_τ\]
//!
//! is stationary at m = E\[z_n w_σ′\]/n, χ = E\[w_σ″\], q = E\[w_σ′²\], Γ = αE\[w_τ″\] and Δ = αT E\[w_τ′²\].
//! The priors are normalised: f holds no ln 2, and the entropy is relative to them. Of Boolean visible units Γ
//! drops out. For Ω_τ = 1 these are the equations of Amit, Gutfreund & Sompolinsky, PRL 55, 1530 (1985).
//!
//! At T = 0 only the Gaussian part of the hidden units is left; the rest vanishes as √T, and slopes in T are infinite.
//!
//! The condensed hidden unit feels √(βN) m, and its Boolean part aligns: ln ∫P_τ e^{√(βN) m τ} = ½βNΩ_τ m² +
//! √((1 − Ω_τ)βN) |m| + O(1). That adds √((1 − Ω_τ)T/N) to the signal Ω_τ m: corrections to N = ∞ are of order
//! N^{−1/2} unless Ω_τ = 1, and this one is their first term.

use mattis_model::record::{Exit, State};
use mattis_model::{Model, TwoLayers};

use super::dual::{Dual, VARIABLES};
use super::layer::{Averages, Layer, Surroundings, curvature};
use crate::closure::{Averaged, Closure, Column, Phase, Point, columns, is_stable_sheet};
use crate::solve::newton::{Matrix, Vector};
use crate::solve::scalar::brent;

/// Unknowns m, χ, q and Δ.
const UNKNOWNS: usize = 4;

/// The closure of a generalised restricted Boltzmann machine; unknowns (m, χ, q, Δ).
pub struct TwoLayerClosure {
    machine: TwoLayers,
    /// The network of the visible units if the hidden ones are Gaussian.
    visible: Model,
    /// Its unit.
    ising: Averaged,
    /// √((1 − Ω_τ)/N), 0 at N = ∞.
    push: f64,
}

/// What the hidden layer does to the visible one.
struct Hidden {
    /// Γ.
    reaction: Dual,
    /// αT E\[w_τ′²\].
    noise: Dual,
    /// αT E\[w_τ\].
    potential: Dual,
    /// αE\[w_τ″²\].
    squared_response: f64,
}

/// Everything at one point.
struct Pass {
    variables: [Dual; VARIABLES],
    visible: Averages,
    hidden: Hidden,
}

impl TwoLayerClosure {
    /// The closure at 1/N = `inverse_size`.
    pub(super) fn new(machine: TwoLayers, inverse_size: f64) -> Self {
        let push = ((1.0 - machine.hidden) * inverse_size).sqrt();
        let visible = Model::hopfield();
        Self { machine, ising: Averaged::new(&visible.unit), visible, push }
    }

    /// What the condensed memories add to the field, per unit of their sum.
    fn signal(&self, m: Dual, temperature: Dual) -> Dual {
        let mean = m.scale(self.machine.hidden);
        if self.push == 0.0 || temperature.value == 0.0 {
            return mean;
        }
        let root = temperature.value.sqrt();
        mean + Dual::function(self.push * root, &[(0.5 * self.push / root, temperature)])
    }

    fn pass(&self, phase: Phase, y: &Vector, at: Point) -> Option<Pass> {
        let (chi, q, delta) = (y[1], y[2], y[3]);
        let inside = y.iter().all(|x| x.is_finite())
            && chi >= 0.0
            && q >= 0.0
            && delta >= 0.0
            && self.machine.hidden * chi < 1.0
            && at.alpha >= 0.0
            && at.temperature >= 0.0
            && (!phase.is_frozen() || delta > 0.0);
        if !inside {
            return None;
        }
        let values = [y[0], chi, q, delta, at.alpha, at.temperature];
        let variables: [Dual; VARIABLES] = std::array::from_fn(|i| Dual::variable(i, values[i]));
        let [m, _, _, delta, _, temperature] = variables;
        let hidden = self.hidden(&variables)?;
        let memories = columns(phase.condensed(), true);
        let visible =
            self.layer(self.machine.visible, &memories, phase.condensed()).averages(Surroundings {
                signal: if phase.condensed() == 0 { m } else { self.signal(m, temperature) },
                noise: delta,
                reaction: hidden.reaction,
                temperature,
            })?;
        Some(Pass { variables, visible, hidden })
    }

    fn layer<'a>(&'a self, omega: f64, columns: &'a [Column], condensed: usize) -> Layer<'a> {
        Layer { omega, weights: self.machine.weights, ising: &self.ising, columns, condensed }
    }

    fn hidden(&self, variables: &[Dual; VARIABLES]) -> Option<Hidden> {
        let &[_, chi, q, _, alpha, temperature] = variables;
        let omega = self.machine.hidden;
        if temperature.value == 0.0 {
            let a = (Dual::constant(1.0) - chi.scale(omega)).recip().scale(omega);
            return Some(Hidden {
                reaction: alpha * a,
                noise: alpha * a.square() * q,
                potential: (alpha * a * q).scale(0.5),
                squared_response: alpha.value * a.value * a.value,
            });
        }
        let around = Surroundings {
            signal: Dual::constant(0.0),
            noise: q * temperature.recip(),
            reaction: chi,
            temperature: Dual::constant(1.0),
        };
        let averages = self.layer(omega, &columns(0, true), 0).averages(around)?;
        let scale = alpha * temperature;
        Some(Hidden {
            reaction: alpha * averages.response,
            noise: scale * averages.frozen,
            potential: scale * averages.potential,
            squared_response: alpha.value * averages.squared_response,
        })
    }

    fn energy(&self, phase: Phase, pass: &Pass) -> Dual {
        let [m, chi, q, delta, _, temperature] = pass.variables;
        let gamma = pass.hidden.reaction;
        let condensed = m.square().scale(0.5 * phase.condensed() as f64 * self.machine.hidden);
        let conjugate = (q * gamma + temperature * chi * gamma + chi * delta).scale(0.5);
        condensed + conjugate - pass.visible.potential - pass.hidden.potential
    }
}

impl Closure for TwoLayerClosure {
    fn model(&self) -> &Model {
        &self.visible
    }

    fn dimension(&self) -> usize {
        UNKNOWNS
    }

    fn linearize(&self, phase: Phase, y: &Vector, at: Point) -> Option<(Vector, Matrix)> {
        let Pass { variables, visible, hidden } = self.pass(phase, y, at)?;
        let mut rows = [visible.overlap, visible.response, visible.frozen, hidden.noise];
        if phase.condensed() == 0 {
            rows[0] = Dual::constant(0.0);
        }
        if !phase.is_frozen() {
            (rows[2], rows[3]) = (Dual::constant(0.0), Dual::constant(0.0));
        }
        let mut f = Vector::zeros(UNKNOWNS);
        let mut out = Matrix::zeros(UNKNOWNS, VARIABLES);
        for (i, row) in rows.into_iter().enumerate() {
            let row = row - variables[i];
            f[i] = row.value;
            out.row_mut(i).copy_from(&row.gradient.transpose());
        }
        Some((f, out))
    }

    fn free_energy(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64> {
        Some(self.energy(phase, &self.pass(phase, y, at)?).value)
    }

    fn free_energy_gradient(&self, phase: Phase, y: &Vector, at: Point) -> Option<Vector> {
        let energy = self.energy(phase, &self.pass(phase, y, at)?);
        Some(Vector::from_column_slice(energy.gradient.as_slice()))
    }

    fn replicon(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64> {
        Some(1.0 - self.replicon_deficit(phase, y, at)?).filter(|replicon| replicon.is_finite())
    }

    fn replicon_deficit(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64> {
        let pass = self.pass(phase, y, at)?;
        Some(pass.hidden.squared_response * pass.visible.squared_response)
    }

    fn transverse(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64> {
        Some(1.0 - self.machine.hidden * self.pass(phase, y, at)?.visible.between)
    }

    fn start(&self, phase: Phase, at: Point) -> Vector {
        let omega = self.machine.hidden;
        let n = phase.condensed();
        let (m, chi) = if n == 0 {
            // The spin glass of Gaussian hidden units at T = 0, or what is left of it at T > Ω_τ.
            let (root, c) = (at.alpha.sqrt(), std::f64::consts::FRAC_2_PI.sqrt());
            (0.0, c / ((root + c) * omega.max(at.temperature).max(f64::MIN_POSITIVE)))
        } else {
            let overlap = columns(n, true).iter().map(|c| c.probability * c.sum.abs()).sum::<f64>();
            (overlap / n as f64, 0.0)
        };
        let q = (1.0 - at.temperature * chi).max(0.0);
        let values = [m, chi, q, 0.0, at.alpha, at.temperature];
        let variables = std::array::from_fn(|i| Dual::variable(i, values[i]));
        let delta = self.hidden(&variables).map_or(at.alpha, |hidden| hidden.noise.value);
        Vector::from_vec(vec![m, chi, q, delta])
    }

    fn paramagnet(&self, at: Point) -> Option<Vector> {
        if at.temperature == 0.0 {
            return None;
        }
        let point = |chi: f64| Vector::from_vec(vec![0.0, chi, 0.0, 0.0]);
        let f = |chi: f64| self.residual(Phase::Paramagnet, &point(chi), at).map_or(f64::NAN, |f| f[1]);
        // χ ↦ E[w_σ″] grows with χ: the smallest root is the physical one.
        let limit = (1.0 - 1e-12) / self.machine.hidden.max(1e-3 * at.temperature);
        let mut low = 0.0;
        for i in 1..=400 {
            let high = limit * f64::from(i) / 400.0;
            if f(high) <= 0.0 {
                return brent(low, high, &mut |chi| f(chi)).map(point);
            }
            low = high;
        }
        None
    }

    fn reaction_slope(&self, chi: f64, alpha: f64) -> f64 {
        alpha * curvature(self.machine.hidden, chi).powi(2)
    }

    fn describe(&self, phase: Phase, y: &Vector, at: Point, residual: f64, exit: Exit) -> Option<State> {
        let pass = self.pass(phase, y, at)?;
        let energy = self.energy(phase, &pass);
        let cold = at.temperature == 0.0;
        let entropy = (!cold).then(|| -energy.gradient[VARIABLES - 1]);
        let n = phase.condensed();
        let deficit = self.replicon_deficit(phase, y, at)?;
        let along = n == 0 || is_stable_sheet(self, phase, y, at)?;
        // Other memories condense where Ω_τχ = 1, the edge of the domain.
        let between = n < 2 || self.transverse(phase, y, at)? > 0.0;
        Some(State {
            kind: phase.kind(),
            n: (n > 1).then_some(n),
            m: vec![y[0]; n],
            m_next: None,
            q: y[2],
            activity: y[2] + at.temperature * y[1],
            mean: None,
            correlation: None,
            delta: y[3],
            r: (at.alpha > 0.0).then(|| y[3] / at.alpha),
            chi: y[1],
            d: None,
            free_energy: Some(energy.value),
            energy: entropy.map(|entropy| energy.value + at.temperature * entropy).or(Some(energy.value)),
            entropy,
            replicon: Some(1.0 - deficit).filter(|replicon| replicon.is_finite()),
            hessian: None,
            multiplicity: None,
            locally_stable: along && between,
            replica_stable: Some(deficit < 1.0),
            residual,
            exit,
        })
    }
}
