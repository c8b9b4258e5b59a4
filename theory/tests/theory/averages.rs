//! Gaussian averages at every temperature against `tests/reference/averages.py`, and at T = 0 against erf.

use std::f64::consts::{PI, SQRT_2};

use mattis_model::Unit;
use mattis_model::unit::Responses;
use mattis_theory::average::Nodes;

use crate::support::{Findings, entries, number};

/// E of w, w_h, w_hh, w_h².
fn averages(unit: &Unit, mean: f64, noise: f64, gamma: f64, temperature: f64) -> [f64; 4] {
    let nodes = Nodes::new(mean, noise, &unit.envelope(gamma), temperature);
    let mut responses = Responses::default();
    let mut out = [0.0; 4];
    for group in &nodes.groups {
        unit.responses(group.centre, &group.offsets, gamma, temperature, &mut responses);
        for (i, weight) in group.weights.iter().enumerate() {
            let (w, s, chi) = (responses.w[i], responses.mean[i], responses.response[i]);
            for (sum, value) in out.iter_mut().zip([w, s, chi, s * s]) {
                *sum += weight * value;
            }
        }
    }
    out
}

fn unit(name: &str, crystal_field: f64) -> Unit {
    match name {
        "ising" => name.parse().expect("a unit"),
        _ => format!("{name}:crystal-field={crystal_field}").parse().expect("a unit"),
    }
}

#[test]
fn high_precision_values_at_every_temperature() {
    let mut findings = Findings::default();
    for entry in entries(include_str!("../reference/averages.json")) {
        let of = |key: &str| number(&entry, key).expect("a number");
        let unit = unit(entry["unit"].as_str().expect("a name"), of("crystal_field"));
        let found = averages(&unit, of("mean_field"), of("noise"), of("gamma"), 1.0 / of("beta"));
        for (key, found) in ["w", "mean", "response", "square"].into_iter().zip(found) {
            let scale = of(&format!("{key}_scale"));
            let what = format!(
                "{unit} E[{key}], mean {}, noise {}, β = {}",
                of("mean_field"),
                of("noise"),
                of("beta")
            );
            findings.close(&what, Some(found), of(key), 1e-14 * scale);
        }
    }
    findings.settle(4 * 3 * 5 * 11);
}

/// The T → 0 limits are closed forms: with x = mean/noise, E sign = erf(x/√2), E|h|, and for three-state
/// units two steps. At T = 1e-9 the difference is of second order, far below rounding.
#[test]
fn step_limits() {
    let mut findings = Findings::default();
    let temperature = 1e-9;
    let density = |x: f64| (-0.5 * x * x).exp() / (2.0 * PI).sqrt();
    let above = |x: f64| 0.5 * libm::erfc(-x / SQRT_2);
    for (mean, noise) in [(0.0, 0.3), (0.95, 0.4), (0.4, 0.2), (-0.3, 1.1), (1.5, 0.25)] {
        let x = mean / noise;
        let spin = averages(&unit("ising", 0.0), mean, noise, 0.0, temperature);
        let magnitude = mean * libm::erf(x / SQRT_2) + 2.0 * noise * density(x);
        findings.close("E|h|", Some(spin[0]), magnitude, 1e-14 * magnitude);
        findings.close("E sign h", Some(spin[1]), libm::erf(x / SQRT_2), 1e-14);
        findings.close("2 E δ(h)", Some(spin[2]), 2.0 * density(x) / noise, 2e-14 * density(x) / noise);
        findings.close("E 1", Some(spin[3]), 1.0, 3e-9);
        let (d, gamma) = (0.25, 0.1);
        let barrier = d - 0.5 * gamma;
        let [up, down] = [(mean - barrier) / noise, (-mean - barrier) / noise];
        let three = averages(&unit("three-state", d), mean, noise, gamma, temperature);
        findings.close("E s", Some(three[1]), above(up) - above(down), 1e-14);
        let response = (density(up) + density(down)) / noise;
        findings.close("E δ", Some(three[2]), response, 1e-14 * response);
        findings.close("E s²", Some(three[3]), above(up) + above(down), 3e-9);
    }
    findings.settle(35);
}

/// Weights are those of a normal law: E 1 = 1, E z = 0, E z² = 1.
#[test]
fn moments_of_the_nodes() {
    let mut findings = Findings::default();
    for name in ["ising", "three-state"] {
        let unit = unit(name, 0.3);
        for temperature in [10.0, 1.0, 0.1, 1e-2, 1e-4, 1e-8] {
            for (mean, noise) in [(0.0, 1.0), (0.9, 0.2), (3.0, 0.5)] {
                let nodes = Nodes::new(mean, noise, &unit.envelope(0.0), temperature);
                let moment = |k: i32| {
                    let of = |z: &[f64], weights: &[f64]| -> f64 {
                        z.iter().zip(weights).map(|(z, weight)| weight * z.powi(k)).sum()
                    };
                    Some(nodes.groups.iter().map(|group| of(&group.z, &group.weights)).sum())
                };
                findings.close("E 1", moment(0), 1.0, 1e-14);
                findings.close("E z", moment(1), 0.0, 1e-14);
                findings.close("E z²", moment(2), 1.0, 1e-14);
            }
        }
    }
    findings.settle(108);
}
