//! Averages of ±1 units at T > 0: derivatives of E\[tanh(h/T)\] by the mean field.
//!
//! With D_k = E\[∂^k tanh(h/T)/∂h^k\] over h = μ + √Δ z, every average that the closures need is one of them:
//! E\[w_h\] = D₀, E\[w_hh\] = D₁, ∂D_k/∂μ = D_{k+1}, and ∂D_k/∂Δ = ½D_{k+2} since the density of h obeys the heat
//! equation. D_k is homogeneous of degree −k in (μ, √Δ, T), so that T ∂D_k/∂T = −k D_k − μ D_{k+1} − Δ D_{k+2}.
//! Γ changes nothing where s² = 1.

use mattis_model::Unit;
use mattis_model::unit::Responses;
use mattis_simd::Vectors;

use super::site::{Averaged, Graded, Part, Spot};
use crate::average::Nodes;
use crate::tanh::{Rule, entropies, steep, sums};

/// D₀ to D₅ with E\[w_h²\] and E\[w_hh²\].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Ladder {
    /// D_k.
    pub(crate) d: [f64; 6],
    /// E\[tanh²\].
    pub(crate) square: f64,
    /// E\[w_hh²\].
    pub(crate) squared_response: f64,
}

impl Ladder {
    /// The averages for a mean field, Δ > 0 and T > 0, D₄ and D₅ only if `CURVED`; `None` of units that are not ±1.
    #[inline]
    pub(crate) fn new<const CURVED: bool>(
        averaged: &Averaged,
        mean: f64,
        delta: f64,
        temperature: f64,
    ) -> Option<Self> {
        let vectors = averaged.spin?;
        let noise = delta.sqrt();
        let beta = 1.0 / temperature;
        let Some(rule) = Rule::of(temperature / noise) else {
            return Some(Self::narrow(vectors, mean, noise, temperature));
        };
        let s = sums::<CURVED>(vectors, rule, mean.abs() * beta, noise * beta);
        let odd = if mean < 0.0 { -1.0 } else { 1.0 };
        let b2 = beta * beta;
        // Derivatives of tanh x as polynomials of t and v = 1 − t².
        let d = [
            odd * s.t,
            s.v * beta,
            odd * -2.0 * s.tv * b2,
            (4.0 * s.v - 6.0 * s.vv) * (b2 * beta),
            odd * (24.0 * s.tvv - 8.0 * s.tv) * (b2 * b2),
            (16.0 * s.v - 120.0 * (s.vv - s.vvv)) * (b2 * b2 * beta),
        ];
        Some(Self { d, square: s.tt, squared_response: s.vv * b2 })
    }

    /// The same where the response is narrow next to the noise: derivatives act on the Gaussian, as Hermite
    /// polynomials.
    fn narrow(vectors: Vectors, mean: f64, noise: f64, temperature: f64) -> Self {
        let s = steep(vectors, -mean / noise, noise / temperature);
        let mut out =
            Self { square: s.tt, squared_response: s.vv / (temperature * temperature), ..Self::default() };
        out.d[0] = s.t;
        let mut scale = 1.0 / temperature;
        for (d, rise) in out.d[1..].iter_mut().zip(s.rise) {
            *d = rise * scale;
            scale /= noise;
        }
        out
    }

    /// ∂D_k/∂T.
    pub(crate) fn cooling(&self, k: usize, mean: f64, delta: f64, temperature: f64) -> f64 {
        -(k as f64 * self.d[k] + mean * self.d[k + 1] + delta * self.d[k + 2]) / temperature
    }
}

/// E\[T ln 2cosh(h/T)\] and its entropy for a mean field, Δ > 0 and T > 0.
fn energies(vectors: Vectors, unit: &Unit, mean: f64, delta: f64, temperature: f64) -> [f64; 2] {
    let noise = delta.sqrt();
    if let Some(rule) = Rule::of(temperature / noise) {
        let (centre, slope) = (mean.abs() / temperature, noise / temperature);
        let [log, entropy] = entropies(vectors, rule, centre, slope);
        return [mean.abs() + temperature * log, entropy];
    }
    let nodes = Nodes::around(mean, noise, &[(0.0, temperature)], temperature);
    let mut responses = Responses::default();
    let mut out = [0.0; 2];
    for group in &nodes.groups {
        unit.responses(group.centre, &group.offsets, 0.0, temperature, &mut responses);
        for ((weight, w), entropy) in group.weights.iter().zip(&responses.w).zip(&responses.entropy) {
            out[0] += weight * w;
            out[1] += weight * entropy;
        }
    }
    out
}

/// One column's averages.
pub(super) fn part(averaged: &Averaged, mean: f64, spot: Spot) -> Option<Part> {
    let (delta, t) = (spot.delta, spot.temperature);
    let ladder = Ladder::new::<false>(averaged, mean, delta, t)?;
    let d = &ladder.d;
    let mut out = Part {
        mean: Graded {
            value: d[0],
            m: d[1],
            delta: 0.5 * d[2],
            t: ladder.cooling(0, mean, delta, t),
            ..Graded::default()
        },
        response: Graded {
            value: d[1],
            m: d[2],
            delta: 0.5 * d[3],
            t: ladder.cooling(1, mean, delta, t),
            ..Graded::default()
        },
        squared: ladder.squared_response,
        ..Part::default()
    };
    // tanh² = 1 − T w_hh.
    out.frozen = Graded {
        value: ladder.square,
        m: -t * d[2],
        delta: -0.5 * t * d[3],
        t: -d[1] - t * out.response.t,
        ..Graded::default()
    };
    if spot.energies {
        let [height, entropy] = energies(averaged.spin?, &averaged.unit, mean, delta, t);
        out.w = height + 0.5 * spot.gamma;
        out.entropy = entropy;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::super::columns::columns;
    use super::super::site::site;
    use super::*;

    /// The averages of ±1 units against those of any unit with these levels, by other nodes and functions.
    #[test]
    fn averages_of_any_unit() {
        let unit: Unit = "ising".parse().expect("a unit");
        let (fast, any) = (Averaged::new(&unit), Averaged { unit, spin: None });
        for temperature in [2e-5, 3e-3, 0.02, 0.1, 0.4, 1.0, 3.0] {
            for (m, delta, field) in
                [(0.97, 0.06, 0.0), (0.6, 0.31, -0.2), (1e-3, 0.9, 0.0), (1.0, 4e-4, 0.1)]
            {
                for n in [1, 3] {
                    let spot = Spot { m, gamma: 0.3, delta, field, temperature, energies: true };
                    let of = |averaged| site(averaged, &columns(n, false), n, spot).expect("averages");
                    let (a, b) = (of(&fast), of(&any));
                    let what = format!("m = {m}, Δ = {delta}, h = {field}, T = {temperature}, n = {n}");
                    let any_response = b.response.value;
                    let graded = |name: &str, a: Graded, b: Graded| {
                        let pairs = [(a.value, b.value), (a.m, b.m), (a.delta, b.delta), (a.t, b.t)];
                        // Nothing depends on Γ: what the other method has of it is rounding.
                        let noise = 1e-12 * (1.0 + b.m.abs() + b.delta.abs() / temperature);
                        assert!((a.gamma - b.gamma).abs() <= noise, "{what} {name}: Γ {}", b.gamma);
                        for (i, (a, b)) in pairs.into_iter().enumerate() {
                            let size = [1.0, 1.0 / delta.sqrt(), 1.0 / delta, 1.0 / temperature][i];
                            // Third derivatives of the tanh cancel where it is steep.
                            let steep = 1e-14 * any_response / (temperature * temperature);
                            let most =
                                4e-13 * (b.abs() + size) + steep * [0.0, 0.0, 1.0, delta / temperature][i];
                            assert!((a - b).abs() <= most, "{what} {name} {i}: {a} {b}");
                        }
                    };
                    graded("overlap", a.overlap, b.overlap);
                    graded("mean", a.mean, b.mean);
                    graded("response", a.response, b.response);
                    graded("frozen", a.frozen, b.frozen);
                    let pairs = [
                        ("w", a.w, b.w),
                        ("entropy", a.entropy, b.entropy),
                        ("squared", a.squared_response, b.squared_response),
                        ("own", a.own_response, b.own_response),
                        ("cross", a.cross_response, b.cross_response),
                    ];
                    for (name, a, b) in pairs {
                        assert!((a - b).abs() <= 1e-13 * (1.0 + b.abs()), "{what} {name}: {a} {b}");
                    }
                }
            }
        }
    }
}
