//! The ferromagnet on the Bethe lattice.

use std::f64::consts::LN_2;

use mattis_model::solved::{ExactKind, ExactPoint, ExactState};

use super::solved::at_rest;
use super::special::{descend, known, one_minus_tanh, sech2, softness, tanh_defect};

/// T_c = 2J/ln[z/(z − 2)].
pub(super) fn critical_temperature(coordination: usize, j: f64) -> f64 {
    let z = coordination as f64;
    2.0 * j / libm::log1p(2.0 / (z - 2.0))
}

/// Bulk of the infinite tree: the cavity field T y solves tanh y = tanh(J/T) tanh[(z − 1)y], m = tanh(zy).
///
/// Below T_c the paramagnet y = 0 stands beside it, unstable. A temperature equal to the double next to T_c is taken
/// as T_c. The correlation length counts steps along the tree. (Bethe 1935; Kurata, Kikuchi and Watari 1953)
pub(super) fn solve(coordination: usize, j: f64, temperature: f64) -> ExactPoint {
    let z = coordination as f64;
    let critical = critical_temperature(coordination, j);
    let mut states = Vec::new();
    if temperature == 0.0 {
        states.extend(frozen(z, j));
    } else {
        let k = j / temperature;
        let t = libm::tanh(k);
        let gap = if temperature == critical { 0.0 } else { (z - 1.0) * t - 1.0 };
        if temperature < critical && gap > 0.0 {
            states.push(state(z, k, temperature, cavity(z, k, gap), gap));
        }
        states.push(state(z, k, temperature, 0.0, gap));
    }
    ExactPoint { temperature, critical_temperature: Some(critical), states }
}

/// T = 0: all aligned, and the limit of the paramagnet, whose entropy is negative.
fn frozen(z: f64, j: f64) -> [ExactState; 2] {
    let energy = -0.5 * z * j;
    let common = ExactState {
        free_energy: energy,
        energy,
        heat_capacity: Some(0.0),
        ..at_rest(ExactKind::Ferromagnet)
    };
    let aligned =
        ExactState { m: vec![1.0], chi: Some(0.0), correlation_length: Some(0.0), ..common.clone() };
    let paramagnet = ExactState {
        kind: ExactKind::Paramagnet,
        m: vec![0.0],
        entropy: (1.0 - 0.5 * z) * LN_2,
        locally_stable: false,
        ..common
    };
    [aligned, paramagnet]
}

/// y > 0 for (z − 1) tanh K = 1 + gap.
fn cavity(z: f64, k: f64, gap: f64) -> f64 {
    let n = z - 1.0;
    let t = libm::tanh(k);
    // y − atanh[t tanh ny], written by 1 − t tanh ny; convex, and positive at y = K.
    let equation = |y: f64| {
        let (below, tau) = (one_minus_tanh(k) + t * one_minus_tanh(n * y), libm::tanh(n * y));
        let next = 0.5 * libm::log((1.0 + t * tau) / below);
        (y - next, 1.0 - n * t * sech2(n * y) / (below * (1.0 + t * tau)))
    };
    let near = descend(k, equation);
    if gap > 0.5 {
        return near;
    }
    // With g(x) = 1 − tanh(x)/x the equation is g(ny) − g(y) = gap [1 − g(ny)], free of cancellation.
    let start = if gap < 1e-3 { (3.0 * gap / (n * n - 1.0)).sqrt() } else { near };
    let slope = |x: f64, g: f64| (x * x * (1.0 - g) * (1.0 - g) - g) / x;
    descend(start, |y| {
        let (outer, inner) = (tanh_defect(n * y), tanh_defect(y));
        let derivative = n * slope(n * y, outer) * (1.0 + gap) - slope(y, inner);
        (outer - inner - gap * (1.0 - outer), derivative)
    })
}

/// The state with cavity field T y. With τ = tanh[(z − 1)y], t = tanh K and c = ⟨SS′⟩ = (t + τ²)/(1 + tτ²):
///
/// * −βf = (z/2) ln cosh K + ln 2cosh zy − z ln cosh y − (z/2) ln(1 + tτ²), u = −(zJ/2) c;
/// * χ = β sech²(zy) (1 + A)/[1 − (z − 1)A], A = ∂y/∂[(z − 1)y], ξ = −1/ln A;
/// * C = (z/2) K² dc/dK along the solution.
fn state(z: f64, k: f64, temperature: f64, y: f64, gap: f64) -> ExactState {
    let n = z - 1.0;
    let j = k * temperature;
    let t = libm::tanh(k);
    let tau = libm::tanh(n * y);
    let (one_minus_t, one_minus_tau2) = (one_minus_tanh(k), sech2(n * y));
    let pair = 1.0 + t * tau * tau;
    // 1 − tτ² and 1 − ⟨SS′⟩.
    let unpaired = one_minus_t + t * one_minus_tau2;
    let broken = one_minus_t * one_minus_tau2 / pair;
    // −βf − zK/2.
    let excess =
        0.5 * z * softness(k) + softness(z * y) - z * softness(y) - 0.5 * z * libm::log1p(-0.5 * unpaired);
    // A, and 1 − (z − 1)A, which vanishes at T_c.
    let passed = t * one_minus_tau2 / sech2(y);
    let margin = if y == 0.0 {
        -gap
    } else if gap < 0.5 {
        (sech2(y) - one_minus_tau2 * (1.0 + gap)) / sech2(y)
    } else {
        1.0 - n * passed
    };
    let chi = known(sech2(z * y) * (1.0 + passed) / margin / temperature);
    let response = if y == 0.0 { 0.0 } else { sech2(k) * tau / sech2(y) / margin };
    let slope = sech2(k) * one_minus_tau2 * (1.0 + tau * tau) / (pair * pair)
        + 2.0 * tau * sech2(k) * n * one_minus_tau2 * response / (pair * pair);
    ExactState {
        m: vec![libm::tanh(z * y)],
        free_energy: -0.5 * z * j - temperature * excess,
        energy: -0.5 * z * j * (1.0 - broken),
        entropy: excess + 0.5 * z * k * broken,
        chi,
        heat_capacity: if gap == 0.0 { None } else { known(0.5 * z * k * k * slope) },
        correlation_length: known(-1.0 / libm::log(passed)),
        locally_stable: y > 0.0 || gap <= 0.0,
        ..at_rest(if y > 0.0 { ExactKind::Ferromagnet } else { ExactKind::Paramagnet })
    }
}
