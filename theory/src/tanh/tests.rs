//! The kernel against sums node by node with the functions of the library.

use mattis_simd::Vectors;

use super::kernel::{Sums, entropies, sums};
use super::panels::steep;
use super::rule::Rule;
use crate::average::Nodes;

/// The sums with libm, and the same of sizes: tanh x = 1 − 2u is exact to the last digit of 1, not of itself.
fn plain(rule: &Rule, centre: f64, slope: f64) -> ([f64; 9], [f64; 9]) {
    let (mut out, mut scale) = ([0.0; 9], [0.0; 9]);
    for (i, weight) in rule.weights.iter().enumerate() {
        let middle = 0.5 * (rule.weights.len() - 1) as f64;
        let x = centre + slope * (rule.step * (i as f64 - middle));
        let (t, c) = (libm::tanh(x), libm::cosh(x));
        let v = 1.0 / c / c;
        let log = libm::log1p(libm::exp(-2.0 * x.abs())) + 2.0 * (-x).max(0.0);
        let entropy =
            libm::log1p(libm::exp(-2.0 * x.abs())) + 2.0 * x.abs() / (1.0 + libm::exp(2.0 * x.abs()));
        let terms = [t, t * t, v, t * v, v * v, t * v * v, v * v * v, log, entropy];
        let sizes = [1.0, t.abs(), v, v, v * v, v * v, v * v * v, log, entropy];
        for i in 0..9 {
            out[i] += weight * terms[i];
            scale[i] += weight * sizes[i];
        }
    }
    (out, scale)
}

fn array(s: &Sums, [log, entropy]: [f64; 2]) -> [f64; 9] {
    [s.t, s.tt, s.v, s.tv, s.vv, s.tvv, s.vvv, log, entropy]
}

/// Every kind of vector gives the same bytes, and these are those of the library to rounding. Slopes are
/// multiples of nothing, so that rules of many lengths are met; arguments reach far beyond saturation.
#[test]
fn sums_of_every_kind() {
    let mut lengths = std::collections::BTreeSet::new();
    let mut slope = 1.3e-3;
    while let Some(rule) = Rule::of(1.0 / slope) {
        lengths.insert(rule.weights.len());
        for centre in [0.0, 1e-9, 0.11, 0.93, 2.7, 13.0, 61.7, 330.1, 2000.0] {
            let found: Vec<[f64; 9]> = Vectors::available()
                .map(|kind| {
                    array(&sums::<true>(kind, rule, centre, slope), entropies(kind, rule, centre, slope))
                })
                .collect();
            assert!(found.iter().all(|sums| sums == &found[0]), "{centre} {slope}: {found:?}");
            for kind in Vectors::available() {
                let without = Sums { tvv: 0.0, vvv: 0.0, ..sums::<true>(kind, rule, centre, slope) };
                assert_eq!(sums::<false>(kind, rule, centre, slope), without);
            }
            let (wanted, scale) = plain(rule, centre, slope);
            for i in 0..9 {
                // An argument x is rounded to |x|ε, which e^{−2x} multiplies by two.
                let size = 1.0 + 0.5 * (centre + 9.2 * slope).min(700.0);
                let error = (found[0][i] - wanted[i]).abs();
                // Each factor of v brings the rounding of a quotient of quotients.
                let factors = [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 3.0, 1.0, 1.0][i];
                let most = 8e-16 * factors * size * scale[i] + 1e-290;
                assert!(error <= most, "{centre} {slope} {i}: {} is not {}", found[0][i], wanted[i]);
            }
        }
        slope *= 1.0771;
    }
    assert!(lengths.len() > 15, "{lengths:?}");
}

/// Panels of every kind, against nodes one by one with the functions of the library.
#[test]
fn panels_of_every_kind() {
    for temperature in [1e-40, 3.1e-9, 2.3e-4, 0.011, 0.17] {
        for kink in [0.0, -0.37, -2.9, 4.4, -14.3, -37.5] {
            let all: Vec<_> = Vectors::available().map(|kind| steep(kind, kink, 1.0 / temperature)).collect();
            assert!(all.iter().all(|found| found == &all[0]), "{kink} {temperature}: {all:?}");
            let (mut wanted, mut scale) = ([0.0; 8], [0.0; 8]);
            for group in &Nodes::around(-kink, 1.0, &[(0.0, temperature)], 1e-9 * temperature).groups {
                for ((offset, z), weight) in group.offsets.iter().zip(&group.z).zip(&group.weights) {
                    let x = (offset / temperature).clamp(-350.0, 350.0);
                    let (t, v) = (libm::tanh(x), libm::cosh(x).powi(-2));
                    let he = [1.0, *z, z * z - 1.0, z.powi(3) - 3.0 * z, z.powi(4) - 6.0 * z * z + 3.0];
                    let terms = [t, t * t, v * v, v * he[0], v * he[1], v * he[2], v * he[3], v * he[4]];
                    let sizes = [1.0, 1.0, v * v, v, v, v, v, v];
                    for i in 0..8 {
                        wanted[i] += weight * terms[i];
                        // A density of e^{−z²/2} has the digits that z² leaves.
                        let power = 1.0 + z.abs().powi((i as i32 - 3).max(0));
                        scale[i] += weight * sizes[i] * power * (1.0 + z * z);
                    }
                }
            }
            let found = &all[0];
            let rise = found.rise;
            let found = [found.t, found.tt, found.vv, rise[0], rise[1], rise[2], rise[3], rise[4]];
            for i in 0..8 {
                let error = (found[i] - wanted[i]).abs();
                let most = 2e-15 * scale[i] + 1e-290;
                assert!(error <= most, "{kink} {temperature} {i}: {} is not {}", found[i], wanted[i]);
            }
        }
    }
}

/// The rule against one of twice as many nodes.
#[test]
fn rules_are_long_enough() {
    let mut slope = 0.05;
    while let Some(rule) = Rule::of(1.0 / slope) {
        let finer = Rule::new(2 * rule.weights.len());
        for centre in [0.0, 0.4, 2.0, 9.0, 40.0] {
            let (coarse, scale) = plain(rule, centre, slope);
            let (fine, _) = plain(&finer, centre, slope);
            for i in 0..9 {
                // A pole of order k leaves e^{−43}43^{k−1}/(k − 1)!, 2·10⁻¹³ for the sixth order of
                // E[v³], which curvatures alone have; the rest is rounding.
                let most = [1e-15, 1e-15, 2e-15, 2e-15, 6e-15, 6e-14, 5e-13, 3e-15, 3e-15][i];
                let error = (coarse[i] - fine[i]).abs();
                assert!(error <= most * scale[i] + 1e-17, "{centre} {slope} {i}: {error:e} of {}", scale[i]);
            }
        }
        slope *= 1.7;
    }
}
