//! Averages along one axis of a continuous law: h = g x + h_ext.
//!
//! Panels of 16 Gauss–Legendre nodes are cut geometrically around the fields where the unit switches, so that
//! a response of width T is resolved at any T; at T = 0 its δ functions are added in closed form.

use std::f64::consts::{PI, SQRT_2};
use std::num::NonZeroUsize;
use std::sync::OnceLock;

use gauss_quad::GaussLegendre;

use super::law::{Response, SiteLaw};
use super::moments::{Moments, Transverse};

/// The law of the component x along the axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Axis {
    /// Standard normal.
    Normal,
    /// A component of a vector of length √p in a random direction of p ≥ 2 dimensions.
    Sphere(usize),
    /// Uniform on \[−√3, √3\].
    Uniform,
    /// Density e^{−√2|x|}/√2.
    Laplace,
}

/// The axis with the memories across it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) axis: Axis,
    /// Number of memories, or directions, with overlap 0.
    pub(super) outside: usize,
}

/// |x| beyond which the normal density is below 10⁻¹⁸ of its maximum.
const NORMAL_REACH: f64 = 9.2;
/// The same for e^{−√2|x|}.
const LAPLACE_REACH: f64 = 29.5;
/// Growth of panels away from a kink.
const GROWTH: f64 = 3.0;

fn rule(count: usize) -> Vec<(f64, f64)> {
    let count = NonZeroUsize::new(count).unwrap_or(NonZeroUsize::MIN);
    GaussLegendre::new(count).iter().map(|(node, weight)| (*node, *weight)).collect()
}

/// Nodes and weights of the 16-point Gauss–Legendre rule on \[−1, 1\].
pub(super) fn legendre() -> &'static [(f64, f64)] {
    static RULE: OnceLock<Vec<(f64, f64)>> = OnceLock::new();
    RULE.get_or_init(|| rule(16))
}

/// The 6-point rule.
pub(super) fn short() -> &'static [(f64, f64)] {
    static RULE: OnceLock<Vec<(f64, f64)>> = OnceLock::new();
    RULE.get_or_init(|| rule(6))
}

impl Axis {
    /// The range of the coordinate of integration: x, or the angle from the axis on a sphere.
    fn range(self) -> (f64, f64) {
        match self {
            Self::Normal => (-NORMAL_REACH, NORMAL_REACH),
            Self::Sphere(_) => (0.0, PI),
            Self::Uniform => (-3.0_f64.sqrt(), 3.0_f64.sqrt()),
            Self::Laplace => (-LAPLACE_REACH, LAPLACE_REACH),
        }
    }

    /// x at a coordinate.
    fn position(self, t: f64) -> f64 {
        if let Self::Sphere(p) = self { (p as f64).sqrt() * t.cos() } else { t }
    }

    /// The coordinate of x, if x is possible.
    fn coordinate(self, x: f64) -> Option<f64> {
        let (low, high) = self.range();
        match self {
            Self::Sphere(p) => {
                let cosine = x / (p as f64).sqrt();
                (cosine.abs() < 1.0).then(|| cosine.acos())
            }
            _ => (low < x && x < high).then_some(x),
        }
    }

    /// The density in the coordinate, up to a constant on the sphere.
    fn density(self, t: f64) -> f64 {
        match self {
            Self::Normal => (-0.5 * t * t).exp() / (2.0 * PI).sqrt(),
            Self::Sphere(p) => t.sin().powi(p as i32 - 2),
            Self::Uniform => 0.5 / 3.0_f64.sqrt(),
            Self::Laplace => (-SQRT_2 * t.abs()).exp() / SQRT_2,
        }
    }

    /// ∫ of the density.
    fn norm(self) -> f64 {
        if let Self::Sphere(p) = self {
            // √π Γ((p−1)/2)/Γ(p/2) by its recursion, π for p = 2 and 2 for p = 3.
            let mut norm = if p.is_multiple_of(2) { PI } else { 2.0 };
            let mut q = if p.is_multiple_of(2) { 2 } else { 3 };
            while q < p {
                norm *= (q - 1) as f64 / q as f64;
                q += 2;
            }
            norm
        } else {
            1.0
        }
    }

    /// |dx/dt|.
    fn stretch(self, t: f64) -> f64 {
        if let Self::Sphere(p) = self { (p as f64).sqrt() * t.sin() } else { 1.0 }
    }

    /// The mean square of one component across the axis, given x.
    fn across(self, x: f64) -> f64 {
        if let Self::Sphere(p) = self { (p as f64 - x * x) / (p as f64 - 1.0) } else { 1.0 }
    }

    fn longest(self) -> f64 {
        match self {
            Self::Sphere(p) => 1.0 / (p as f64).sqrt(),
            _ => 1.5,
        }
    }
}

impl Line {
    /// Whether every direction is an axis.
    pub(super) fn is_isotropic(self) -> bool {
        matches!(self.axis, Axis::Normal | Axis::Sphere(_))
    }

    /// Averages in the field g x + h; the axis is along g, so g ≥ 0.
    pub(super) fn average(self, law: &SiteLaw, g: f64, h: f64, temperature: f64) -> Moments {
        let axis = self.axis;
        let mut out = Moments::new(1);
        let mut across = (0.0, 0.0);
        let mut add = |weight: f64, x: f64, r: &Response| {
            let (even, odd) = out.add(weight, &[x], r);
            across.0 += even * axis.across(x);
            across.1 += odd * axis.across(x);
        };
        let norm = axis.norm();
        let cuts = self.cuts(law, g, h, temperature);
        for pair in cuts.windows(2) {
            let (middle, half) = (0.5 * (pair[0] + pair[1]), 0.5 * (pair[1] - pair[0]));
            for (node, weight) in legendre() {
                let t = middle + half * node;
                let x = axis.position(t);
                add(half * weight * axis.density(t) / norm, x, &law.at(g * x + h, temperature));
            }
        }
        if temperature == 0.0 && law.has_levels() {
            let envelope = law.envelope();
            for (k, switch) in envelope.switches.iter().enumerate() {
                let x = (switch - h) / g;
                let Some(t) = axis.coordinate(x) else { continue };
                let density = axis.density(t) / axis.stretch(t) / norm;
                let response = (envelope.levels[k + 1] - envelope.levels[k]) / g.abs();
                add(density, x, &Response { even: response, odd: response, ..Response::default() });
            }
        }
        out.close();
        if self.outside > 0 {
            out.transverse.push(Transverse { even: across.0, odd: across.1, multiplicity: self.outside });
        }
        out
    }

    /// Ends of the panels.
    fn cuts(self, law: &SiteLaw, g: f64, h: f64, temperature: f64) -> Vec<f64> {
        let axis = self.axis;
        let (low, high) = axis.range();
        let mut cuts = vec![low, high];
        if axis == Axis::Laplace {
            cuts.push(0.0);
        }
        let mut longest = axis.longest();
        if law.has_levels() {
            let envelope = law.envelope();
            let (t, _) = law.effective(temperature);
            for (k, switch) in envelope.switches.iter().enumerate() {
                let jump = envelope.levels[k + 1] - envelope.levels[k];
                let x = (switch - h) / g;
                // A switch that is out of reach still bends the response next to it.
                let x = if x.is_finite() {
                    x.clamp(
                        axis.position(high).min(axis.position(low)),
                        axis.position(low).max(axis.position(high)),
                    )
                } else {
                    continue;
                };
                let centre = axis.coordinate(x).unwrap_or(if (x > 0.0) == matches!(axis, Axis::Sphere(_)) {
                    low
                } else {
                    high
                });
                let stretch = axis.stretch(centre).max(1e-3 * axis.stretch(0.5 * (low + high)));
                let mut width = 2.0 * t / (jump * g.abs() * stretch);
                cuts.push(centre);
                while width > 0.0 && width < high - low {
                    cuts.extend([centre - width, centre + width]);
                    width *= GROWTH;
                }
            }
        } else {
            // No steeper than its steepest response on a grid of fields.
            let reach = g.abs() * high.abs().min(10.0) + h.abs();
            let steep = (0..=32)
                .map(|i| law.at(reach * (f64::from(i) / 16.0 - 1.0), temperature).even)
                .fold(0.0, f64::max);
            longest = longest.min(law.largest() / (steep * g.abs()).max(1e-300)).max((high - low) / 400.0);
        }
        cuts.retain(|cut| (low..=high).contains(cut));
        cuts.sort_by(f64::total_cmp);
        cuts.dedup();
        let mut out = vec![low];
        for pair in cuts.windows(2) {
            let pieces = ((pair[1] - pair[0]) / longest).ceil().max(1.0);
            out.extend((1..=pieces as usize).map(|i| pair[0] + (pair[1] - pair[0]) * i as f64 / pieces));
        }
        out
    }
}
