//! Two levels at T = 0: the load as an explicit function of signal and threshold.
//!
//! With D = s₂ − s₁, η a stored component of variance v, x = m/σ and t = θ_eff/σ a unit fires with probability
//! P_η = Φ(ηx − t), and m = D E\[ηP_η\], σ = m/x, χ = (D/σ) E\[φ(ηx − t)\], Q = E\[s²\],
//!
//! α = σ²/(Q S(χ)), S(χ) = \[R′(χ) + ν\]/α,  θ = θ_eff + R(χ)(s₁ + s₂)/2
//!
//! so that a capacity is a maximum over x and, if the threshold is free, t: no iteration, nothing singular at the
//! fold. (Amit, Gutfreund & Sompolinsky, PRL 55, 1530 (1985); Tsodyks & Feigel'man, Europhys. Lett. 6, 101 (1988))

use mattis_model::Model;
use mattis_model::record::Optimum;

use super::surface::{Height, Surface, largest_on_level, summit};
use super::taylor::Taylor;
use super::{Found, Memory};
use crate::TheoryError;
use crate::average::{normal_density, normal_tail};
use crate::bulk::{Bulk, PerLoad};
use crate::solve::scalar::brent;

/// x times the span of the memories, where the grid starts and ends.
const ROWS: (f64, f64) = (0.05, 60.0);
/// Rows of the grid.
const COUNT: usize = 160;
/// Thresholds beyond the outermost memory that are looked at, in units of the noise.
const BEYOND: f64 = 5.0;

/// The surface of one model.
pub(super) struct TwoLevel {
    memory: Memory,
    levels: [f64; 2],
    /// θ with what else acts on every unit taken off.
    threshold: f64,
    field: f64,
    bulk: PerLoad,
    end: f64,
}

/// Everything at a point.
struct State {
    height: Height,
    effective: Taylor,
    m: Taylor,
    chi: Taylor,
    fires: Taylor,
}

impl TwoLevel {
    /// The surface of a model; `None` if its units have not two levels.
    pub(super) fn new(model: &Model, memory: Memory) -> Result<Option<Self>, TheoryError> {
        // Inhibition makes the threshold depend on the state.
        if model.field.inhibition() != 0.0
            || model.unit.continuous().is_some()
            || model.unit.levels().len() != 2
        {
            return Ok(None);
        }
        let bulk = Bulk::new(model)?;
        let (low, high) = (model.unit.levels()[0], model.unit.levels()[1]);
        let field = model.field.value().value();
        let threshold = (model.unit.potential(high) - model.unit.potential(low)) / (high - low);
        Ok(Some(Self {
            memory,
            levels: [low, high],
            threshold,
            field,
            bulk: bulk.per_load(),
            end: bulk.end(),
        }))
    }

    fn jump(&self) -> f64 {
        self.levels[1] - self.levels[0]
    }

    fn state(&self, x: f64, t: f64) -> Option<State> {
        let [low, high] = self.levels;
        let (vx, vt) = (Taylor::variable(x, 0), Taylor::variable(t, 1));
        let zero = Taylor::constant(0.0);
        let (mut fires, mut aligned, mut density) = (zero, zero, zero);
        for &(eta, p) in &self.memory.nodes {
            let field = vx.scaled(eta) - vt;
            let probability = field.normal().scaled(p);
            fires = fires + probability;
            aligned = aligned + probability.scaled(eta);
            density = density + field.density().scaled(p);
        }
        let m = aligned.scaled(self.jump());
        let sigma = m / vx;
        if sigma.value <= 0.0 {
            return None;
        }
        let chi = density.scaled(self.jump()) / sigma;
        if chi.value >= self.end {
            return None;
        }
        let activity = fires.scaled(high * high - low * low).shifted(low * low);
        let PerLoad { memories, variance: v, noise, silent, diagonal, fixed_diagonal } = self.bulk;
        let mut slope = Taylor::constant(noise + silent);
        let mut reaction = chi.scaled(noise).shifted(diagonal);
        if memories > 0.0 {
            let rest = chi.scaled(-v).shifted(1.0).inverse();
            slope = slope + rest.squared().scaled(memories * v * v);
            reaction = reaction + (chi * rest).scaled(memories * v * v);
        }
        let alpha = sigma.squared() / (activity * slope);
        let effective = vt * sigma;
        let shift = (alpha * reaction).shifted(fixed_diagonal).scaled(0.5 * (low + high));
        let level = (effective + shift).shifted(self.field);
        (alpha.value > 0.0 && alpha.value.is_finite()).then_some(State {
            height: Height { alpha, level, overlap: m.value },
            effective,
            m,
            chi,
            fires,
        })
    }

    /// The largest load: with the threshold that is stated, or the best one.
    pub(super) fn largest(&self, any_threshold: bool) -> Option<Found> {
        let continuous = self.continuous(any_threshold);
        let (best, own) = if any_threshold {
            let best = summit(self);
            let level = best.and_then(|[x, t]| Some(self.state(x, t)?.height.level.value));
            (best, level.and_then(|level| largest_on_level(self, level)[1]))
        } else {
            let [best, own] = largest_on_level(self, self.threshold);
            (best, own)
        };
        let found = best.and_then(|[x, t]| self.found(x, t));
        let mut found = match (found, continuous) {
            (Some(a), Some(b)) if b.alpha >= a.alpha * (1.0 - 1e-9) => b,
            (Some(a), _) => a,
            (None, b) => b?,
        };
        if !any_threshold {
            found.optimum.threshold = Some(self.threshold);
        }
        let own = own.and_then(|[x, t]| self.state(x, t));
        found.pattern = own
            .map(|state| (state.height.alpha.value, state.m.value))
            .filter(|(alpha, _)| (alpha - found.alpha).abs() > 1e-9 * found.alpha);
        Some(found)
    }

    fn found(&self, x: f64, t: f64) -> Option<Found> {
        let state = self.state(x, t)?;
        let fires = state.fires.value;
        let spread = self.jump() * (fires * (1.0 - fires)).sqrt();
        let deviation = self.memory.variance.sqrt();
        let alpha = state.height.alpha.value;
        let told: f64 = self.memory.nodes.iter().map(|(eta, p)| p * entropy(normal_tail(t - eta * x))).sum();
        let threshold = state.height.level.value;
        Some(Found {
            alpha,
            m: Some(state.m.value),
            chi: Some(state.chi.value),
            optimum: Optimum {
                threshold: Some(threshold),
                gain: None,
                effective_threshold: Some(state.effective.value),
                signal: Some(x * deviation),
                bias: Some(-t),
                ..Optimum::default()
            },
            activity: Some(fires),
            sparseness: self.sparseness(fires),
            correlation: Some(state.m.value / (deviation * spread)),
            information: self.memory.discrete.then(|| alpha * (entropy(fires) - told)),
            pattern: None,
        })
    }

    /// ⟨s⟩²/⟨s²⟩ where a fraction fires.
    fn sparseness(&self, fires: f64) -> Option<f64> {
        let [low, high] = self.levels;
        let mean = low + (high - low) * fires;
        let square = low * low + (high * high - low * low) * fires;
        (square > 0.0).then(|| mean * mean / square)
    }

    /// Without reaction the overlap can vanish continuously: x → 0 with σ = D v φ(t) and α = D²φ(t)²/(Q·S/v²).
    fn continuous(&self, any_threshold: bool) -> Option<Found> {
        let PerLoad { memories, variance: v, noise, silent, diagonal, fixed_diagonal } = self.bulk;
        let reactive = memories > 0.0 || noise > 0.0 || diagonal > 0.0 || fixed_diagonal > 0.0;
        if reactive {
            return None;
        }
        let [low, high] = self.levels;
        let sigma = |t: f64| self.jump() * v * normal_density(t);
        let activity = |t: f64| low * low + (high * high - low * low) * normal_tail(t);
        let alpha = |t: f64| sigma(t).powi(2) / (activity(t) * silent);
        let grid: Vec<f64> = (-800..=800).map(|i| 0.01 * f64::from(i)).collect();
        let t = if any_threshold {
            // d ln α/dt = −2t + (s₂² − s₁²) φ/Q.
            let mut slope = |t: f64| -2.0 * t + (high * high - low * low) * normal_density(t) / activity(t);
            let best = grid.iter().copied().max_by(|a, b| alpha(*a).total_cmp(&alpha(*b)))?;
            brent(best - 0.02, best + 0.02, &mut slope)?
        } else {
            let level = |t: f64| t * sigma(t) - self.threshold + self.field;
            let roots = grid
                .windows(2)
                .filter(|pair| (level(pair[0]) < 0.0) != (level(pair[1]) < 0.0))
                .filter_map(|pair| brent(pair[0], pair[1], &mut |t| level(t)));
            roots.max_by(|a, b| alpha(*a).total_cmp(&alpha(*b)))?
        };
        let fires = normal_tail(t);
        let effective = t * sigma(t);
        Some(Found {
            alpha: alpha(t),
            m: Some(0.0),
            chi: Some(1.0 / v),
            optimum: Optimum {
                threshold: Some(effective + self.field),
                gain: None,
                effective_threshold: Some(effective),
                signal: Some(0.0),
                bias: Some(-t),
                ..Optimum::default()
            },
            activity: Some(fires),
            sparseness: self.sparseness(fires),
            correlation: Some(0.0),
            information: self.memory.discrete.then_some(0.0),
            pattern: None,
        })
    }
}

/// −p log₂ p − (1 − p) log₂(1 − p).
fn entropy(p: f64) -> f64 {
    let part = |p: f64| if p > 0.0 { -p * p.log2() } else { 0.0 };
    part(p) + part(1.0 - p)
}

impl Surface for TwoLevel {
    fn at(&self, x: f64, t: f64) -> Option<Height> {
        Some(self.state(x, t)?.height)
    }

    fn rows(&self) -> Vec<f64> {
        let (low, high) = (ROWS.0.ln(), ROWS.1.ln());
        let step = (high - low) / (COUNT - 1) as f64;
        (0..COUNT).map(|i| (low + step * i as f64).exp() / self.memory.span()).collect()
    }

    fn row(&self, x: f64) -> Vec<f64> {
        let (low, high) = self.memory.range();
        let (low, high) = (low * x - BEYOND, high * x + BEYOND);
        let count = 60 + (high - low) as usize;
        // An odd number of points would put t = 0, where ±1 memories sit, on a node.
        (0..=count).map(|i| low + (high - low) * (i as f64 + 0.37) / (count as f64 + 1.0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use mattis_model::Model;

    use super::*;

    /// The same surface with another quantity held fixed.
    struct Other<'a>(&'a TwoLevel, fn(&State) -> Taylor);

    impl Surface for Other<'_> {
        fn at(&self, x: f64, t: f64) -> Option<Height> {
            let state = self.0.state(x, t)?;
            Some(Height { level: (self.1)(&state), ..state.height })
        }
        fn rows(&self) -> Vec<f64> {
            self.0.rows()
        }
        fn row(&self, x: f64) -> Vec<f64> {
            self.0.row(x)
        }
    }

    fn surface(unit: &str, fraction: f64) -> TwoLevel {
        let model = Model {
            unit: unit.parse().expect("a unit"),
            patterns: format!("sparse:active-fraction={fraction}").parse().expect("patterns"),
            rule: "covariance".parse().expect("a rule"),
            ..Model::hopfield()
        };
        let memory = Memory::new(&model).expect("a memory");
        TwoLevel::new(&model, memory).expect("a bulk").expect("two levels")
    }

    /// Tsodyks & Feigel'man state thresholds that are effective, in units of the gap of a stored pattern.
    #[test]
    fn effective_thresholds() {
        for (fraction, threshold, alpha) in [
            (0.1, 0.4, 0.324540979894),
            (0.1, 0.5, 0.438110223858),
            (0.1, 0.6, 0.237800553573),
            (0.05, 0.5, 0.888262471454),
            (0.05, 0.6, 0.801414006635),
            (0.01, 0.5, 4.000721471324),
            (0.01, 0.6, 4.367658013242),
        ] {
            let surface = surface("binary", fraction);
            let level = threshold * fraction * (1.0 - fraction);
            let [best, _] = largest_on_level(&Other(&surface, |state| state.effective), level);
            let [x, t] = best.expect("a maximum");
            let found = surface.state(x, t).expect("inside").height.alpha.value;
            assert!(
                (found - alpha).abs() < 1e-11 * (1.0 + alpha),
                "f = {fraction}, θ = {threshold}: {found}"
            );
        }
    }

    /// With the effective threshold held at its best value, 0.6007 of the gap, the pattern's branch ends at 3.70 with
    /// m = 0.91. No network holds it: the reaction, and with it the physical threshold, changes with the load.
    #[test]
    fn the_pattern_at_an_effective_threshold() {
        let surface = surface("binary", 0.01);
        let [x, t] = summit(&surface).expect("a maximum");
        let best = surface.state(x, t).expect("inside");
        let held = Other(&surface, |state| state.effective);
        let [_, own] = largest_on_level(&held, best.effective.value);
        let [x, t] = own.expect("a maximum");
        let end = surface.state(x, t).expect("inside");
        assert!((best.effective.value / 0.0099 - 0.6007).abs() < 5e-5);
        assert!((end.height.alpha.value - 3.70).abs() < 5e-3, "{}", end.height.alpha.value);
        assert!((end.m.value / 0.0099 - 0.91).abs() < 5e-3, "{}", end.m.value / 0.0099);
    }

    /// ±1 units held at the activity of the memories.
    #[test]
    fn constrained_activity() {
        for (fraction, alpha) in [
            (0.3, 0.14317565920244846),
            (0.1, 0.16856449867732157),
            (0.05, 0.1795003619205626),
            (0.01, 0.16915415862723365),
        ] {
            let surface = surface("ising", fraction);
            let [best, _] = largest_on_level(&Other(&surface, |state| state.fires), fraction);
            let [x, t] = best.expect("a maximum");
            let found = surface.state(x, t).expect("inside").height.alpha.value;
            assert!((found - alpha).abs() < 1e-11, "f = {fraction}: {found}");
        }
    }
}
