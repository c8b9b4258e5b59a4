//! Averages at T = 0 as integrals over the fields at which a unit takes its values.
//!
//! s(h) rises by ds at the field h(s) = V′(s) − Γs, so that over h = μ + √Δ z
//!
//! E\[s\] = s₀ + ∫ P(h > h(s)) ds,  E\[w\] = s₀μ + ½Γs₀² − V(s₀) + ∫ E\[h − h(s)\]₊ ds
//!
//! and likewise for s², whose rise is 2s ds. A jump is a rise at one field: the switches of units with levels, and
//! of continuous units where Γ exceeds V″ (Maxwell's equal areas). Derivatives by μ, Δ and Γ act on the Gaussian
//! and stay finite where s(h) has infinite slope; the one by T at T = 0 is 0 for levels and left 0 here, where it
//! is no slope (threshold-linear units have T ln T).

use mattis_model::Unit;
use mattis_model::unit::GroundCurve;

use super::site::{Part, Spot};
use crate::average::{normal_density, normal_tail, panel};

/// A rise of s at a field.
pub(super) struct Rise {
    /// The field.
    pub(super) field: f64,
    /// ds.
    pub(super) linear: f64,
    /// d(s²).
    pub(super) square: f64,
    /// −2 ∂(field)/∂Γ times the rise of s²: 2s² ds where s rises smoothly, ½(a + b)(b² − a²) at a jump from a to b.
    pub(super) moved: f64,
}

impl Rise {
    /// A jump from a to b.
    pub(super) fn jump(field: f64, a: f64, b: f64) -> Self {
        let square = b * b - a * a;
        Self { field, linear: b - a, square, moved: 0.5 * (a + b) * square }
    }
}

impl Part {
    /// The part of a unit that stays at its lowest value.
    pub(super) fn lowest(unit: &Unit, low: f64, mean: f64, gamma: f64) -> Self {
        let mut out = Self::default();
        out.mean.value = low;
        out.frozen.value = low * low;
        out.w = low * mean + 0.5 * gamma * low * low - unit.potential(low);
        out
    }

    /// Adds a rise.
    pub(super) fn rise(&mut self, rise: &Rise, mean: f64, noise: f64, delta: f64) {
        let x = (rise.field - mean) / noise;
        let (tail, height) = (normal_tail(x), normal_density(x));
        let density = height / noise;
        let by_delta = 0.5 * x * height / delta;
        let response = rise.linear * density;
        self.w += rise.linear * noise * (height - x * tail);
        self.mean.value += rise.linear * tail;
        self.mean.m += response;
        self.mean.delta += rise.linear * by_delta;
        self.mean.gamma += 0.5 * rise.square * density;
        self.frozen.value += rise.square * tail;
        self.frozen.m += rise.square * density;
        self.frozen.delta += rise.square * by_delta;
        self.frozen.gamma += rise.moved * density;
        self.response.value += response;
        self.response.m += response * x / noise;
        self.response.delta += 0.5 * response * (x * x - 1.0) / delta;
        self.response.gamma += 0.5 * rise.square * density * x / noise;
    }
}

/// |z| beyond which the normal density is below 10⁻¹⁸ of its maximum.
const REACH: f64 = 9.2;
/// Longest panel in units of the noise.
const LONGEST: f64 = 1.5;

/// A continuous unit given by its curve, Δ > 0.
pub(super) fn curved(unit: &Unit, curve: &dyn GroundCurve, mean: f64, spot: Spot) -> Part {
    let gamma = spot.gamma;
    let noise = spot.delta.sqrt();
    let cuts = curve.cuts();
    let (Some(&first), Some(&last)) = (cuts.first(), cuts.last()) else { return Part::default() };
    let mut out = Part::lowest(unit, curve.at(first).value, mean, gamma);
    let field = |x: f64| {
        let point = curve.at(x);
        point.force - gamma * point.value
    };
    let inner = cuts[1..cuts.len() - 1].iter().copied();
    let ranges = match curve.jump(gamma) {
        None => vec![std::iter::once(first).chain(inner).chain([last]).collect::<Vec<f64>>()],
        Some([a, b]) => {
            let (low, high) = (curve.at(a), curve.at(b));
            // Both ends are at the same field but for rounding.
            let at = 0.5 * (low.force + high.force - gamma * (low.value + high.value));
            out.rise(&Rise::jump(at, low.value, high.value), mean, noise, spot.delta);
            out.squared = f64::INFINITY;
            let below = inner.clone().filter(|x| *x < a);
            let above = inner.filter(|x| *x > b);
            vec![
                std::iter::once(first).chain(below).chain([a]).collect(),
                std::iter::once(b).chain(above).chain([last]).collect(),
            ]
        }
    };
    for range in ranges {
        for pair in range.windows(2) {
            let mut stack = vec![(pair[0], pair[1], 0)];
            while let Some((start, stop, depth)) = stack.pop() {
                let z = |x: f64| (field(x) - mean) / noise;
                let (low, high) = (z(start), z(stop));
                if low > REACH {
                    continue;
                }
                if high - low > LONGEST && high > -REACH && depth < 50 {
                    let middle = 0.5 * (start + stop);
                    stack.extend([(start, middle, depth + 1), (middle, stop, depth + 1)]);
                    continue;
                }
                for (x, weight) in panel(start, stop) {
                    let point = curve.at(x);
                    let linear = weight * point.rise;
                    let s = point.value;
                    let field = point.force - gamma * s;
                    let rise = Rise { field, linear, square: 2.0 * s * linear, moved: 2.0 * s * s * linear };
                    out.rise(&rise, mean, noise, spot.delta);
                    let slope = point.rise / (point.force_rise - gamma * point.rise);
                    out.squared += slope * linear * normal_density((field - mean) / noise) / noise;
                }
            }
        }
    }
    out
}

/// A threshold-linear unit in closed form: slope g′ = 1/(1/g − Γ) above θ, Δ > 0.
pub(super) fn ramp([gain, threshold]: [f64; 2], mean: f64, spot: Spot) -> Part {
    let slope = 1.0 / (1.0 / gain - spot.gamma);
    let noise = spot.delta.sqrt();
    let u = (mean - threshold) / noise;
    let (distribution, density) = (normal_tail(-u), normal_density(u));
    let first = u * distribution + density;
    let second = (1.0 + u * u) * distribution + u * density;
    let squares = slope * slope;
    let mut out = Part { squared: squares * distribution, ..Part::default() };
    out.w = 0.5 * slope * spot.delta * second;
    out.mean.value = slope * noise * first;
    out.mean.m = slope * distribution;
    out.mean.delta = 0.5 * slope * density / noise;
    out.mean.gamma = squares * noise * first;
    out.response.value = slope * distribution;
    out.response.m = slope * density / noise;
    out.response.delta = -0.5 * slope * u * density / spot.delta;
    out.response.gamma = squares * distribution;
    out.frozen.value = squares * spot.delta * second;
    out.frozen.m = 2.0 * squares * noise * first;
    out.frozen.delta = squares * distribution;
    out.frozen.gamma = 2.0 * squares * slope * spot.delta * second;
    out
}

/// A continuous unit in one field, Δ = 0.
pub(super) fn certain(unit: &Unit, mean: f64, gamma: f64) -> Option<Part> {
    let law = unit.continuous()?;
    let point = law.activation(mean, gamma);
    let (s, s1, s2, s3) = (point.value, point.response, point.third, point.fourth);
    let mut out = Part { squared: s1 * s1, ..Part::default() };
    out.w = mean * s + 0.5 * gamma * s * s - unit.potential(s);
    out.mean.value = s;
    (out.mean.m, out.mean.delta, out.mean.gamma) = (s1, 0.5 * s2, s * s1);
    out.response.value = s1;
    (out.response.m, out.response.delta, out.response.gamma) = (s2, 0.5 * s3, s1 * s1 + s * s2);
    out.frozen.value = s * s;
    (out.frozen.m, out.frozen.delta, out.frozen.gamma) = (2.0 * s * s1, s1 * s1 + s * s2, 2.0 * s * s * s1);
    Some(out)
}
