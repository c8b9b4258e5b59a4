//! Threshold-linear units s = g\[h − θ\]₊ at T → 0.
//!
//! With ζ the stored components in units of their deviation, s signal and w bias in units of the noise, h = sζ + w,
//! G₁(h) = hΦ + φ and G₂(h) = (1 + h²)Φ + hφ,
//!
//! A₁ = E\[Φ(h)\],  A₂ = E\[ζ G₁(h)\],  A₃ = E\[G₂(h)\],  U = sA₁/A₂
//!
//! α = (A₂/s)²/A₃ / \[c/(1 − U)² + 1 − c\],  1/g = A₂/s + R/v
//!
//! with c the fraction of links: fully connected α = (A₂/s − A₁)²/A₃ (Treves, J. Phys. A 23, 2631 (1990)), c → 0
//! α = (A₂/s)²/A₃ (Schönsberg, Roudi & Treves, PRL 126, 018301 (2021)). The scale of the states is free:
//! inhibition that grows with the mean activity sets it, and with it the physical threshold.
//!
//! Without inhibition w = −θ/σ, and a positive threshold is no way out: all fields are in proportion to the
//! activity, so that a state with θ > 0 is the edge between silence and growth without bound. What is left is
//! w ≥ 0.

use mattis_model::record::Optimum;
use mattis_model::{Model, Topology};

use super::surface::{Height, Surface, largest_on_level, summit};
use super::taylor::Taylor;
use super::{CapacityRequest, Found, Memory, Optimised, refuse};
use crate::TheoryError;
use crate::average::{normal_density, normal_tail};
use crate::solve::scalar::brent;

/// The surface of one model.
pub(super) struct ThresholdLinear {
    nodes: Vec<(f64, f64)>,
    variance: f64,
    fraction: f64,
    symmetric: bool,
}

/// A state at noise Δ = 1.
pub(super) struct Retrieved {
    pub(super) m: f64,
    pub(super) q: f64,
    /// E\[s\].
    pub(super) mean: f64,
    pub(super) chi: f64,
    /// w.
    pub(super) bias: f64,
    /// 1/g.
    pub(super) level: f64,
    pub(super) correlation: f64,
}

struct State {
    height: Height,
    first: f64,
    signal: f64,
    square: f64,
    mean: f64,
    response: f64,
}

/// The largest load with the best threshold, and the best gain or the one that is stated.
pub(super) fn largest(
    model: &Model,
    [gain, _]: [f64; 2],
    request: &CapacityRequest,
) -> Result<Option<Found>, TheoryError> {
    let unit = || format!("unit `{}`", model.unit);
    if request.temperature > 0.0 {
        let because = "its averages at T > 0 have no closed form";
        return Err(refuse(format!("{} at T = {}", unit(), request.temperature), because, "T = 0"));
    }
    if !request.optimise.contains(&Optimised::Threshold) {
        let because = "inhibition, not the unit, sets how far activity rises over it";
        return Err(refuse(format!("{} with its own threshold", unit()), because, "the best threshold"));
    }
    let surface = ThresholdLinear::new(model)?;
    if request.optimise.contains(&Optimised::Gain) {
        let free = surface.best();
        let inhibited = model.field.value().inhibition() > 0.0;
        let needs = free.as_ref().is_some_and(|found| found.optimum.bias.is_some_and(|bias| bias < 0.0));
        return Ok(if needs && !inhibited { surface.unbiased() } else { free });
    }
    if model.field.value().inhibition() <= 0.0 {
        let because = "nothing holds its activity at a threshold other than 0";
        return Err(refuse(format!("{} without inhibition", unit()), because, "field `inhibition`"));
    }
    let inside = largest_on_level(&surface, 1.0 / gain)[0];
    Ok(inside.and_then(|[s, w]| surface.found(s, w)))
}

/// G₁ with two derivatives.
fn first_moment(h: Taylor) -> Taylor {
    let (distribution, density) = (normal_tail(-h.value), normal_density(h.value));
    h.compose(h.value * distribution + density, distribution, density)
}

/// G₂ with two derivatives.
fn second_moment(h: Taylor) -> Taylor {
    let (distribution, density) = (normal_tail(-h.value), normal_density(h.value));
    let first = h.value * distribution + density;
    let value = (1.0 + h.value * h.value) * distribution + h.value * density;
    h.compose(value, 2.0 * first, 2.0 * distribution)
}

impl ThresholdLinear {
    /// The surface of a model's memories and connectivity.
    pub(super) fn new(model: &Model) -> Result<Self, TheoryError> {
        let unit = || format!("unit `{}`", model.unit);
        if !model.synapse.is_identity() {
            let because = "a synapse acts on a standard normal variable";
            return Err(refuse(
                format!("{} with synapse `{}`", unit(), model.synapse),
                because,
                "`identity`",
            ));
        }
        if model.self_coupling.at(mattis_model::Load::Extensive(1.0)) != 0.0 {
            let what = format!("{} with self-coupling `{}`", unit(), model.self_coupling);
            return Err(refuse(what, "it destroys retrieval", "self-coupling `zero`"));
        }
        if matches!(model.connectivity.value(), Topology::Finite { .. }) {
            let what = format!("connectivity `{}`", model.connectivity);
            let because = "fields of finitely many inputs are not Gaussian";
            return Err(refuse(what, because, "connectivity `extreme`, for many inputs"));
        }
        let memory = Memory::new(model)?;
        Ok(Self {
            nodes: memory.standardised(),
            variance: memory.variance,
            fraction: model.connectivity.fraction(),
            symmetric: model.connectivity.is_symmetric(),
        })
    }

    /// A₁, the fraction of units above threshold.
    pub(super) fn active(&self, s: f64, w: f64) -> f64 {
        self.nodes.iter().map(|(zeta, p)| p * normal_tail(-(s * zeta + w))).sum()
    }

    /// The state at noise Δ = 1.
    pub(super) fn point(&self, s: f64, w: f64) -> Option<Retrieved> {
        let state = self.state(s, w)?;
        // 1/g′ = v A₂/s.
        let slope = s / (self.variance * state.signal);
        Some(Retrieved {
            m: s / self.variance.sqrt(),
            q: slope * slope * state.square,
            mean: slope * state.mean,
            chi: state.response / self.variance,
            bias: w,
            level: state.height.level.value,
            correlation: state.signal / (state.square - state.mean * state.mean).sqrt(),
        })
    }

    fn state(&self, s: f64, w: f64) -> Option<State> {
        let (vs, vw) = (Taylor::variable(s, 0), Taylor::variable(w, 1));
        let zero = Taylor::constant(0.0);
        let (mut a1, mut a2, mut a3, mut mean) = (zero, zero, zero, 0.0);
        for &(zeta, p) in &self.nodes {
            let field = vs.scaled(zeta) + vw;
            let g1 = first_moment(field);
            a1 = a1 + field.normal().scaled(p);
            a2 = a2 + g1.scaled(p * zeta);
            a3 = a3 + second_moment(field).scaled(p);
            mean += p * g1.value;
        }
        let c = self.fraction;
        let slope = a2 / vs;
        // (1 − U) A₂/s, which vanishes where the response diverges.
        let rest = slope - a1;
        if slope.value <= 0.0 || a3.value <= 0.0 || (c > 0.0 && rest.value <= 0.0) {
            return None;
        }
        let response = a1 / slope;
        let mut reaction = zero;
        let load = if c == 0.0 {
            slope.squared() / a3
        } else {
            let noise = (slope / rest).squared().scaled(c).shifted(1.0 - c);
            reaction = (a1 / rest).scaled(c);
            slope.squared() / (a3 * noise)
        };
        if self.symmetric {
            reaction = reaction + response.scaled(1.0 - c);
        }
        let level = (slope + load * reaction).scaled(self.variance);
        (load.value > 0.0 && load.value.is_finite()).then_some(State {
            height: Height { alpha: load, level, overlap: a2.value },
            first: a1.value,
            signal: a2.value,
            square: a3.value,
            mean,
            response: response.value,
        })
    }

    fn best(&self) -> Option<Found> {
        let found = summit(self).and_then(|[s, w]| self.found(s, w));
        let continuous = if self.fraction == 0.0 { self.continuous() } else { None };
        match (found, continuous) {
            (Some(a), Some(b)) if b.alpha >= a.alpha * (1.0 - 1e-9) => Some(b),
            (Some(a), _) => Some(a),
            (None, b) => b,
        }
    }

    /// The largest load at w = 0.
    fn unbiased(&self) -> Option<Found> {
        let height = |s: f64| self.at(s, 0.0).map(|height| height.alpha.ln());
        let rows = self.rows();
        let found = rows.windows(2).filter_map(|pair| {
            let slope = |s: f64| height(s).map_or(f64::NAN, |log| log.slope[0]);
            let is_top = slope(pair[0]) > 0.0 && slope(pair[1]) < 0.0;
            is_top.then(|| brent(pair[0], pair[1], &mut |s| slope(s)))?
        });
        let found = found.filter_map(|s| self.found(s, 0.0));
        let best = found.max_by(|a, b| a.alpha.total_cmp(&b.alpha));
        let mut best = match (best, if self.fraction == 0.0 { self.continuous() } else { None }) {
            (Some(a), Some(b)) => {
                if b.alpha >= a.alpha {
                    b
                } else {
                    a
                }
            }
            (a, b) => a.or(b)?,
        };
        best.optimum.threshold = Some(0.0);
        Some(best)
    }

    fn found(&self, s: f64, w: f64) -> Option<Found> {
        let state = self.state(s, w)?;
        Some(Found {
            alpha: state.height.alpha.value,
            m: None,
            chi: Some(state.response / self.variance),
            optimum: Optimum {
                threshold: None,
                gain: Some(1.0 / state.height.level.value),
                effective_threshold: Some(-w * self.variance.sqrt() / s),
                signal: Some(s),
                bias: Some(w),
                ..Optimum::default()
            },
            activity: Some(state.first),
            sparseness: Some(state.mean * state.mean / state.square),
            correlation: Some(state.signal / (state.square - state.mean * state.mean).sqrt()),
            information: None,
            pattern: None,
        })
    }

    /// c → 0, s → 0: α = Φ(w)²/G₂(w), largest at w = 0 where it is ½ for memories of any law.
    fn continuous(&self) -> Option<Found> {
        let value = |w: f64| (normal_tail(-w), normal_density(w));
        let load = |w: f64| {
            let (distribution, density) = value(w);
            distribution * distribution / ((1.0 + w * w) * distribution + w * density)
        };
        // d ln α/dw = 2φ/Φ − 2G₁/G₂.
        let mut slope = |w: f64| {
            let (distribution, density) = value(w);
            let square = (1.0 + w * w) * distribution + w * density;
            density * square - (w * distribution + density) * distribution
        };
        let w = brent(-1.0, 0.7, &mut slope)?;
        let (distribution, density) = value(w);
        let (mean, square) = (w * distribution + density, (1.0 + w * w) * distribution + w * density);
        Some(Found {
            alpha: load(w),
            m: Some(0.0),
            chi: Some(1.0 / self.variance),
            optimum: Optimum {
                threshold: None,
                gain: Some(1.0 / (distribution * self.variance)),
                effective_threshold: None,
                signal: Some(0.0),
                bias: Some(w),
                ..Optimum::default()
            },
            activity: Some(distribution),
            sparseness: Some(mean * mean / square),
            correlation: Some(0.0),
            information: None,
            pattern: None,
        })
    }
}

impl Surface for ThresholdLinear {
    fn at(&self, s: f64, w: f64) -> Option<Height> {
        Some(self.state(s, w)?.height)
    }

    fn rows(&self) -> Vec<f64> {
        // The rarest component of a sparse memory is many deviations large.
        let largest = self.nodes.iter().fold(0.0_f64, |most, (zeta, _)| most.max(zeta.abs()));
        let (low, high) = ((0.5 / largest).min(0.01).ln(), 20.0_f64.ln());
        let count = (4.2 * (high - low)) as usize;
        (0..=count).map(|i| (low + (high - low) * i as f64 / count as f64).exp()).collect()
    }

    fn row(&self, s: f64) -> Vec<f64> {
        let (lowest, highest) = self
            .nodes
            .iter()
            .fold((0.0_f64, 0.0_f64), |(low, high), (zeta, _)| (low.min(*zeta), high.max(*zeta)));
        let (low, high) = (-(highest * s).min(30.0) - 4.0, (-lowest * s).min(30.0) + 3.0);
        let count = (12 + (high - low) as usize).min(60);
        (0..=count).map(|i| low + (high - low) * (i as f64 + 0.37) / (count as f64 + 1.0)).collect()
    }
}
