//! Levels −1, 0, 1 at T = 0 with a crystal field D, V(s) = Ds²: the load as a function of signal and threshold.
//!
//! With η a stored component of variance v, x = m/σ and t = b/σ, a unit is ±1 where its field exceeds ±b,
//!
//! m = E\[η(Φ(ηx − t) − Φ(−ηx − t))\],  Q = E\[Φ(ηx − t) + Φ(−ηx − t)\],  χ = E\[φ(ηx − t) + φ(ηx + t)\]/σ
//!
//! α = σ²/(Q S(χ)), S(χ) = \[R′(χ) + ν\]/α,  D = b + R(χ)/2: the reaction lets a unit switch at half of it less.
//! (Yedidia, J. Phys. A 22, 2265 (1989))

use mattis_model::Model;
use mattis_model::record::Optimum;

use super::surface::{Height, Surface, largest_on_level, summit};
use super::taylor::Taylor;
use super::{Found, Memory};
use crate::TheoryError;
use crate::average::{normal_density, normal_tail};
use crate::bulk::{Bulk, PerLoad};
use crate::solve::scalar::brent;

/// Rows of the grid in x times the largest component.
const COUNT: usize = 120;

/// The surface of one model.
pub(super) struct ThreeLevel {
    memory: Memory,
    bulk: PerLoad,
    end: f64,
}

/// Everything at a point.
struct State {
    height: Height,
    effective: f64,
    chi: f64,
    activity: f64,
}

impl ThreeLevel {
    /// The surface of a model; `None` if its units do not have these levels, or anything but the crystal field acts.
    pub(super) fn new(model: &Model, memory: Memory) -> Result<Option<Self>, TheoryError> {
        let levels = model.unit.levels() == [-1.0, 0.0, 1.0] && model.unit.is_even();
        if !levels || model.field.value().value() != 0.0 {
            return Ok(None);
        }
        let bulk = Bulk::new(model)?;
        Ok(Some(Self { memory, bulk: bulk.per_load(), end: bulk.end() }))
    }

    fn state(&self, x: f64, t: f64) -> Option<State> {
        // Below 0 the level in the middle is never taken.
        if t < 0.0 {
            return None;
        }
        let (vx, vt) = (Taylor::variable(x, 0), Taylor::variable(t, 1));
        let zero = Taylor::constant(0.0);
        let (mut aligned, mut activity, mut density) = (zero, zero, zero);
        for &(eta, p) in &self.memory.nodes {
            let (up, down) = (vx.scaled(eta) - vt, vx.scaled(-eta) - vt);
            let (above, below) = (up.normal(), down.normal());
            aligned = aligned + (above - below).scaled(p * eta);
            activity = activity + (above + below).scaled(p);
            density = density + (up.density() + down.density()).scaled(p);
        }
        let sigma = aligned / vx;
        if sigma.value <= 0.0 {
            return None;
        }
        let chi = density / sigma;
        if chi.value >= self.end {
            return None;
        }
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
        let level = effective + (alpha * reaction).shifted(fixed_diagonal).scaled(0.5);
        (alpha.value > 0.0 && alpha.value.is_finite()).then_some(State {
            height: Height { alpha, level, overlap: aligned.value },
            effective: effective.value,
            chi: chi.value,
            activity: activity.value,
        })
    }

    /// The largest load with the best crystal field.
    pub(super) fn largest(&self) -> Option<Found> {
        let best = summit(self);
        let level = best.and_then(|[x, t]| Some(self.state(x, t)?.height.level.value));
        let own = level.and_then(|level| largest_on_level(self, level)[1]);
        let mut found = match (best.and_then(|[x, t]| self.found(x, t)), self.continuous()) {
            (Some(a), Some(b)) if b.alpha >= a.alpha * (1.0 - 1e-9) => b,
            (Some(a), _) => a,
            (None, b) => b?,
        };
        let own = own.and_then(|[x, t]| self.state(x, t)).map(|state| state.height);
        found.pattern = own
            .map(|height| (height.alpha.value, height.overlap))
            .filter(|(alpha, _)| (alpha - found.alpha).abs() > 1e-9 * found.alpha);
        Some(found)
    }

    fn found(&self, x: f64, t: f64) -> Option<Found> {
        let state = self.state(x, t)?;
        let deviation = self.memory.variance.sqrt();
        Some(Found {
            alpha: state.height.alpha.value,
            m: Some(state.height.overlap),
            chi: Some(state.chi),
            optimum: Optimum {
                threshold: Some(state.height.level.value),
                gain: None,
                effective_threshold: Some(state.effective),
                signal: Some(x * deviation),
                bias: Some(-t),
                reaction: None,
            },
            activity: Some(state.activity),
            sparseness: None,
            correlation: Some(state.height.overlap / (deviation * state.activity.sqrt())),
            information: None,
            pattern: None,
        })
    }

    /// Without reaction the overlap can vanish continuously: σ → 2vφ(t), Q → 2H(t), α = 2φ²/H for memories of any
    /// law.
    fn continuous(&self) -> Option<Found> {
        let PerLoad { memories, variance: v, noise, silent, diagonal, fixed_diagonal } = self.bulk;
        if memories > 0.0 || noise > 0.0 || diagonal > 0.0 || fixed_diagonal > 0.0 {
            return None;
        }
        // d ln(φ²/H)/dt = −2t + φ/H.
        let t = brent(0.0, 3.0, &mut |t| normal_density(t) - 2.0 * t * normal_tail(t))?;
        let sigma = 2.0 * v * normal_density(t);
        let activity = 2.0 * normal_tail(t);
        Some(Found {
            alpha: sigma * sigma / (activity * silent),
            m: Some(0.0),
            chi: Some(1.0 / v),
            optimum: Optimum {
                threshold: Some(t * sigma),
                gain: None,
                effective_threshold: Some(t * sigma),
                signal: Some(0.0),
                bias: Some(-t),
                reaction: None,
            },
            activity: Some(activity),
            sparseness: None,
            correlation: Some(0.0),
            information: None,
            pattern: None,
        })
    }
}

impl Surface for ThreeLevel {
    fn at(&self, x: f64, t: f64) -> Option<Height> {
        Some(self.state(x, t)?.height)
    }

    fn rows(&self) -> Vec<f64> {
        let (low, high) = (0.05_f64.ln(), 40.0_f64.ln());
        let largest = self.memory.nodes.iter().fold(0.0_f64, |a, (eta, _)| a.max(eta.abs()));
        let step = (high - low) / (COUNT - 1) as f64;
        (0..COUNT).map(|i| (low + step * i as f64).exp() / largest).collect()
    }

    fn row(&self, x: f64) -> Vec<f64> {
        let largest = self.memory.nodes.iter().fold(0.0_f64, |a, (eta, _)| a.max(eta.abs()));
        let high = largest * x + 4.0;
        let count = 40 + 2 * high as usize;
        (0..=count).map(|i| high * (i as f64 + 0.03) / (count as f64 + 1.0)).collect()
    }
}
