//! One coupling of a machine of any size.

use mattis_model::{Encoding, Machine};

use super::differences::{Estimate, Factor, apply};
use super::factorised::Factorised;
use super::fourier::Fourier;
use super::{Coupling, checked_sites, scalar_units};
use crate::TheoryError;

/// Relative error of steps that are not tried by modes.
const ENOUGH: f64 = 1e-11;

/// Derivative of K whose modes are used: that of the coupling's order as long as its rounding is below the rest.
pub(super) const MAX_DERIVATIVE: usize = 8;

/// J_S of the machine, b_i included where S = {i}, of any order and any N, both encodings.
///
/// 0/1: J_S = Σ_μ Π_{i∈S} 2 sinh(½W_iμ D) K(c_μ + ½Σ_{i∈S} W_iμ) with D = d/dq, where the steps that are small
/// against the distance of K's singularities are expanded, so that a coupling of many small weights keeps its
/// digits. ±1: J_S = Σ_μ Π_{i∈S} sinh(W_iμ D) Π_{i∉S} cosh(W_iμ D) K(c_μ); where that loses digits or too many
/// weights are large, K^{(k)} is written as a sum of modes e^{itq} and J_S = Σ_μ Σ_t a_t Π_S \[sin(tW)/t\]
/// Π_{∉S} cos(tW) e^{itc}. Gaussian and Poisson units are taken in closed form.
///
/// # Errors
/// If a site does not exist or comes twice, or the hidden unit has a field for each of its states.
pub fn coupling(machine: &Machine, sites: &[usize]) -> Result<Coupling, TheoryError> {
    let sites = checked_sites(machine, sites)?;
    scalar_units(machine, "one coupling")?;
    let mut modes = None;
    let factorised = Factorised::of(&machine.hidden);
    let mut total = Estimate { value: 0.0, error: 0.0 };
    // K(c + w) − K(c) itself keeps its digits.
    let single = match sites[..] {
        [site] if machine.encoding == Encoding::ZeroOne && factorised.is_none() => Some(site),
        _ => None,
    };
    for (column, bias) in machine.hidden_bias.iter().enumerate() {
        if let Some(site) = single {
            let value = machine.hidden.shifted(*bias, machine.weights[site][column]);
            total.value += value;
            total.error += 4.0 * f64::EPSILON * value.abs();
            continue;
        }
        let weights: Vec<f64> = machine.weights.iter().map(|row| row[column]).collect();
        let part = match factorised {
            Some(unit) => {
                let value = unit.coupling(machine.encoding, &weights, &sites, *bias);
                Estimate { value, error: f64::EPSILON * weights.len() as f64 * value.abs() }
            }
            None => one_unit(machine, &weights, &sites, *bias, &mut modes)?,
        };
        total.value += part.value;
        total.error += part.error;
    }
    if let [site] = sites[..] {
        total.value += machine.visible_bias[site];
    }
    total.error += f64::EPSILON * total.value.abs();
    Ok(Coupling { sites, value: total.value, error: total.error })
}

/// What one hidden unit contributes.
fn one_unit(
    machine: &Machine,
    weights: &[f64],
    sites: &[usize],
    bias: f64,
    modes: &mut Option<Fourier>,
) -> Result<Estimate, TheoryError> {
    if sites.iter().any(|i| weights[*i] == 0.0) {
        return Ok(Estimate { value: 0.0, error: 0.0 });
    }
    let inside = sites.iter().map(|i| weights[*i]);
    let mut steps = match machine.encoding {
        Encoding::ZeroOne => {
            let factors: Vec<Factor> = inside.clone().map(Factor::Difference).collect();
            apply(&machine.hidden, bias + 0.5 * inside.sum::<f64>(), &factors)
        }
        Encoding::PlusMinus => {
            let factor = |(i, w): (usize, &f64)| {
                if sites.contains(&i) { Factor::Difference(2.0 * w) } else { Factor::Average(*w) }
            };
            let factors: Vec<Factor> =
                weights.iter().enumerate().filter(|(_, w)| **w != 0.0).map(factor).collect();
            apply(&machine.hidden, bias, &factors)
        }
    };
    if machine.encoding == Encoding::PlusMinus {
        let halves = 0.5_f64.powi(sites.len() as i32);
        steps = Estimate { value: halves * steps.value, error: halves * steps.error };
    }
    if steps.error <= ENOUGH * steps.value.abs() {
        return Ok(steps);
    }
    let derivative = sites.len().min(MAX_DERIVATIVE);
    if modes.is_none() {
        match whole_reach(machine, sites, derivative) {
            Ok(found) => *modes = Some(found),
            // What the modes cannot reach is left with the error that it has.
            Err(_) if steps.error.is_finite() => return Ok(steps),
            Err(error) => return Err(error),
        }
    }
    let found =
        modes.as_ref().map(|modes| by_modes(modes, derivative, machine.encoding, weights, sites, bias));
    Ok(found.filter(|found| found.error < steps.error).unwrap_or(steps))
}

/// K^{(p)} over all fields that a hidden unit can see; in 0/1 from the sites of S alone.
fn whole_reach(machine: &Machine, sites: &[usize], derivative: usize) -> Result<Fourier, TheoryError> {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for (column, bias) in machine.hidden_bias.iter().enumerate() {
        let (least, most) = match machine.encoding {
            Encoding::PlusMinus => machine.reach(column),
            Encoding::ZeroOne => sites.iter().fold((*bias, *bias), |(least, most), i| {
                let w = machine.weights[*i][column];
                (least + w.min(0.0), most + w.max(0.0))
            }),
        };
        (low, high) = (low.min(least), high.max(most));
    }
    Fourier::of(&machine.hidden, derivative, low, high)
}

/// Σ_t a_t over the modes; each factor of S is divided by it, up to the derivative taken.
fn by_modes(
    modes: &Fourier,
    derivative: usize,
    encoding: Encoding,
    weights: &[f64],
    sites: &[usize],
    bias: f64,
) -> Estimate {
    let mut total = Estimate { value: 0.0, error: 0.0 };
    let inside: Vec<f64> = sites.iter().map(|i| weights[*i]).collect();
    let outside: Vec<f64> =
        weights.iter().enumerate().filter(|(i, _)| !sites.contains(i)).map(|(_, w)| *w).collect();
    // e^{itw} − 1 = 2i sin(½tw) e^{½itw}: both encodings have one sine for each site of S.
    let (half, offset, scale) = match encoding {
        Encoding::ZeroOne => (0.5, bias + 0.5 * inside.iter().sum::<f64>(), 2.0),
        Encoding::PlusMinus => (1.0, bias, 1.0),
    };
    for mode in &modes.modes {
        let t = mode.frequency;
        let mut factor = 1.0;
        for (nth, w) in inside.iter().enumerate() {
            let x = half * t * w;
            factor *= scale * if nth >= derivative { x.sin() } else { half * w * sinc(x) };
        }
        if encoding == Encoding::PlusMinus {
            factor *= outside.iter().map(|w| (t * w).cos()).product::<f64>();
        }
        // i^{k−p} e^{it(q − x₀)}: each i turns cos into −sin and sin into cos.
        let (sin, cos) = (t * (offset - modes.centre)).sin_cos();
        let (mut c, mut s) = (cos, sin);
        for _ in derivative..inside.len() {
            (c, s) = (-s, c);
        }
        total.value += factor * (mode.cosine * c + mode.sine * s);
        total.error += factor.abs() * (modes.noise + f64::EPSILON * mode.size());
    }
    total
}

/// sin x/x.
pub(super) fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-4 { 1.0 - x * x / 6.0 } else { x.sin() / x }
}

impl Factorised {
    /// J_S of one hidden unit: Gaussian W_i W_j κ₂ and W_i(κ₁ + κ₂c + ½κ₂W_i) (no ½W_i in ±1), Poisson
    /// rate·e^c Π_S (e^W − 1), in ±1 rate·e^c Π_S sinh W Π_{∉S} cosh W.
    pub(super) fn coupling(self, encoding: Encoding, weights: &[f64], sites: &[usize], bias: f64) -> f64 {
        match self {
            Self::Quadratic { slope, curvature } => match sites {
                [i] => {
                    let own = if encoding == Encoding::ZeroOne { 0.5 * weights[*i] } else { 0.0 };
                    weights[*i] * (slope + curvature * (bias + own))
                }
                [i, j] => curvature * weights[*i] * weights[*j],
                _ => 0.0,
            },
            Self::Exponential { rate } => {
                let factor = |(i, w): (usize, &f64)| match (encoding, sites.contains(&i)) {
                    (Encoding::ZeroOne, true) => w.exp_m1(),
                    (Encoding::ZeroOne, false) => 1.0,
                    (Encoding::PlusMinus, true) => w.sinh(),
                    (Encoding::PlusMinus, false) => w.cosh(),
                };
                rate * bias.exp() * weights.iter().enumerate().map(factor).product::<f64>()
            }
        }
    }
}
