//! The periodic Ising chain, from the eigenvalues of its transfer matrix.

use std::f64::consts::LN_2;

use mattis_model::solved::{ExactKind, ExactPoint, ExactState};

use super::jet::Jet;
use super::solved::at_rest;
use super::special::{known, one_minus_tanh, sech2, softness};

/// λ_± = e^K [cosh B ± R] with K = βJ, B = βh and R² = sinh²B + e^{−4K}; ln Z = N ln λ₊ + ln[1 + (λ₋/λ₊)^N].
///
/// Energy, heat capacity, magnetisation and susceptibility are derivatives by β and by B, carried along exactly. At
/// h = 0 they have closed forms, which are used. The correlation length is 1/ln(λ₊/λ₋) of the infinite chain.
pub(super) fn solve(j: f64, h: f64, neurons: Option<usize>, temperature: f64) -> ExactPoint {
    let mut state = if temperature == 0.0 {
        frozen(j, h, neurons)
    } else if h == 0.0 {
        without_field(j / temperature, neurons, temperature)
    } else {
        in_field(j, h, neurons, temperature)
    };
    if let Some(n) = neurons {
        if temperature > 0.0 {
            let fluctuation = state.chi.map(|chi| chi * temperature / n as f64);
            state.m2 = fluctuation.map(|part| part + state.m[0] * state.m[0]);
            state.ln_z = Some(-state.free_energy * n as f64 / temperature);
        }
        state.kind = ExactKind::Finite;
    }
    let critical_temperature = neurons.is_none().then_some(0.0);
    ExactPoint { temperature, critical_temperature, states: vec![state] }
}

/// T = 0: all along the field; without one the limit h → 0⁺ of the infinite chain, and both directions of a
/// finite one.
fn frozen(j: f64, h: f64, neurons: Option<usize>) -> ExactState {
    let energy = -j - h.abs();
    let m = match neurons {
        Some(_) if h == 0.0 => 0.0,
        _ if h < 0.0 => -1.0,
        _ => 1.0,
    };
    let symmetric = neurons.filter(|_| h == 0.0);
    ExactState {
        m: vec![m],
        free_energy: energy,
        energy,
        entropy: symmetric.map_or(0.0, |n| LN_2 / n as f64),
        chi: (h != 0.0).then_some(0.0),
        heat_capacity: Some(0.0),
        correlation_length: if h == 0.0 { None } else { Some(0.0) },
        abs_m: neurons.map(|_| 1.0),
        m2: neurons.map(|_| 1.0),
        ..at_rest(ExactKind::Ferromagnet)
    }
}

/// h = 0: λ₋/λ₊ = tanh K.
fn without_field(k: f64, neurons: Option<usize>, temperature: f64) -> ExactState {
    let j = k * temperature;
    let gap = libm::exp(-2.0 * k);
    // −ln tanh K, and its first two derivatives by K.
    let rate = libm::log1p(2.0 * gap / -libm::expm1(-2.0 * k));
    let slope = -2.0 / libm::sinh(2.0 * k);
    let curvature = slope * slope * libm::cosh(2.0 * k);
    // (1/N) ln[1 + t^N], its derivatives by K, and (1 − t^N)/(1 + t^N) = tanh(N rate/2).
    let (extra, first, second, order) = neurons.map_or((0.0, 0.0, 0.0, 1.0), |n| {
        let n = n as f64;
        let x = 0.5 * n * rate;
        // 1/(1 + e^{2x}) is the weight of the smaller eigenvalue.
        let weight = 0.5 * one_minus_tanh(x);
        let second = n * 0.25 * sech2(x) * slope * slope
            - if curvature.is_finite() { weight * curvature } else { 0.0 };
        (softness(x) / n, -weight * slope, second, libm::tanh(x))
    });
    let defect = one_minus_tanh(k) - first;
    // e^{2K} tanh(N rate/2), N where e^{−2K} is small.
    let chi = if order == 0.0 || gap == 0.0 {
        neurons.map(|n| n as f64 / temperature)
    } else {
        known(order / gap / temperature)
    };
    ExactState {
        m: vec![0.0],
        free_energy: -j - temperature * (softness(k) + extra),
        energy: -j * (1.0 - defect),
        entropy: softness(k) + extra + k * defect,
        chi,
        heat_capacity: known(k * k * (sech2(k) + second)),
        correlation_length: known(1.0 / rate),
        ..at_rest(ExactKind::Paramagnet)
    }
}

/// The part of ln λ₊ beyond K + |B|, and ln(λ₋/λ₊), of K and |B|.
///
/// With e = e^{−2|B|}: λ₊ e^{−K−|B|} = (1 + e)/2 + √[((1 − e)/2)² + e^{−4K−2|B|}] and λ₋/λ₊ = (1 − e^{−4K})/(cosh B + R)².
fn eigenvalues(k: Jet, b: Jet) -> (Jet, Jet) {
    let e = b.scale(-2.0).exp();
    let half = (Jet::constant(1.0) - e).scale(0.5);
    let split = (k.scale(-4.0) - b.scale(2.0)).exp();
    // (1 + e)/2 + √… − 1 = √(a² + d) − a with a = (1 − e)/2, without cancellation.
    let beyond = (split / (half + (half * half + split).sqrt())).ln_1p();
    let ratio = (-k.scale(-4.0).exp()).ln_1p() - (beyond + b).scale(2.0);
    (beyond, ratio)
}

fn in_field(j: f64, h: f64, neurons: Option<usize>, temperature: f64) -> ExactState {
    let beta = 1.0 / temperature;
    // ln Z per unit, beyond β(J + |h|).
    let potential = |k: Jet, b: Jet| {
        let (beyond, ratio) = eigenvalues(k, b);
        match neurons {
            Some(n) => beyond + ratio.scale(n as f64).exp().ln_1p().scale(1.0 / n as f64),
            None => beyond,
        }
    };
    let by_beta = potential(Jet::linear(j, beta), Jet::linear(h.abs(), beta));
    let (k, b) = (beta * j, beta * h.abs());
    let by_field = potential(Jet::constant(k), Jet::linear(1.0, b));
    let (_, ratio) = eigenvalues(Jet::constant(k), Jet::constant(b));
    ExactState {
        m: vec![h.signum() * (1.0 + by_field.first)],
        free_energy: -j - h.abs() - temperature * by_beta.value,
        energy: -j - h.abs() - by_beta.first,
        entropy: by_beta.value - beta * by_beta.first,
        chi: known(beta * by_field.second),
        heat_capacity: known(beta * beta * by_beta.second),
        correlation_length: known(-1.0 / ratio.value),
        ..at_rest(ExactKind::Paramagnet)
    }
}
