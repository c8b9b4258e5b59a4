//! The free energy: its gradient is the saddle-point equations, its slope in T the entropy.

use mattis_model::Model;
use mattis_model::record::State;
use mattis_theory::closure::{Closure, Phase, Point};
use mattis_theory::solve::newton::Vector;
use mattis_theory::{Guess, ReplicaSymmetric};

use crate::support::{Findings, control, variant};

/// A case: unit, field, diagonal, update, state, load and temperature.
pub(crate) type Case = (&'static str, f64, &'static str, &'static str, Guess, f64, f64);

const SPIN1: &str = "three-state:crystal-field=0.2";

/// Every kind of term of the two closures.
pub(crate) const CASES: &[Case] = &[
    ("ising", 0.0, "zero", "sequential", Guess::Retrieval, 0.05, 0.3),
    ("ising", 0.0, "zero", "sequential", Guess::Mixture(3), 0.008, 0.2),
    ("ising", 0.0, "zero", "sequential", Guess::SpinGlass, 0.05, 0.3),
    ("ising", 0.0, "0.4", "sequential", Guess::Retrieval, 0.05, 0.3),
    ("ising", 0.1, "zero", "sequential", Guess::Retrieval, 0.05, 0.3),
    ("ising", 0.1, "zero", "sequential", Guess::SpinGlass, 0.05, 0.3),
    (SPIN1, 0.0, "zero", "sequential", Guess::Retrieval, 0.03, 0.3),
    (SPIN1, 0.0, "zero", "sequential", Guess::Mixture(3), 0.002, 0.08),
    (SPIN1, 0.0, "zero", "sequential", Guess::SpinGlass, 0.03, 0.3),
    (SPIN1, 0.0, "kept", "sequential", Guess::Retrieval, 0.03, 0.3),
    (SPIN1, 0.05, "0.15", "sequential", Guess::Retrieval, 0.03, 0.3),
    ("ising", 0.0, "zero", "parallel", Guess::Retrieval, 0.05, 0.3),
    ("ising", 0.0, "kept", "parallel", Guess::Retrieval, 0.05, 0.5),
    ("ising", 0.0, "-0.05", "parallel", Guess::Retrieval, 0.05, 0.4),
    ("ising", 0.0, "zero", "parallel", Guess::Mixture(3), 0.008, 0.2),
    ("ising", 0.0, "0.2", "parallel", Guess::SpinGlass, 0.05, 0.6),
    ("ising", 0.1, "zero", "parallel", Guess::Retrieval, 0.05, 0.3),
    (SPIN1, 0.0, "zero", "parallel", Guess::Retrieval, 0.03, 0.3),
    (SPIN1, 0.0, "0.1", "parallel", Guess::Retrieval, 0.03, 0.25),
    (SPIN1, 0.05, "kept", "parallel", Guess::Retrieval, 0.03, 0.3),
    (SPIN1, 0.0, "zero", "parallel", Guess::SpinGlass, 0.03, 0.3),
];

pub(crate) fn model_of(case: &Case) -> Model {
    variant(case.0, case.1, case.2, case.3)
}

pub(crate) fn phase_of(guess: Guess) -> Phase {
    match guess {
        Guess::Retrieval => Phase::Condensed(1),
        Guess::Mixture(n) => Phase::Condensed(n),
        Guess::SpinGlass => Phase::SpinGlass,
        Guess::Paramagnet => Phase::Paramagnet,
    }
}

/// The unknowns of a state: (m, χ, Δ), and with parallel updates (m, χ_u, χ_v, Δ), χ_v = (Q − d)/T.
pub(crate) fn unknowns(state: &State, temperature: f64) -> Vector {
    let m = state.m.first().copied().unwrap_or(0.0);
    match state.d {
        Some(d) => Vector::from_vec(vec![m, state.chi, (state.activity - d) / temperature, state.delta]),
        None => Vector::from_vec(vec![m, state.chi, state.delta]),
    }
}

/// The derivative at 0 by five points, of sixth order in the step once halved and extrapolated.
pub(crate) fn derivative(step: f64, f: &dyn Fn(f64) -> f64) -> f64 {
    let five = |h: f64| (8.0 * (f(h) - f(-h)) - (f(2.0 * h) - f(-2.0 * h))) / (12.0 * h);
    (16.0 * five(0.5 * step) - five(step)) / 15.0
}

fn shifted(y: &Vector, index: usize, by: f64) -> Vector {
    let mut y = y.clone();
    y[index] += by;
    y
}

/// ∂f/∂y by finite differences.
fn gradient(closure: &dyn Closure, phase: Phase, y: &Vector, at: Point) -> Vec<f64> {
    (0..y.len())
        .map(|i| {
            let f = |h: f64| closure.free_energy(phase, &shifted(y, i, h), at).unwrap_or(f64::NAN);
            derivative(0.002 * y[i].abs().max(1e-3), &f)
        })
        .collect()
}

#[test]
fn stationary_at_solutions() {
    let mut findings = Findings::default();
    for case in CASES {
        let theory = ReplicaSymmetric::new(&model_of(case)).expect("a theory");
        let (phase, at) = (phase_of(case.4), Point { alpha: case.5, temperature: case.6 });
        let state =
            theory.solve(control(Some(case.5), case.6), case.4).unwrap_or_else(|e| panic!("{case:?}: {e}"));
        let y = unknowns(&state, case.6);
        let rest = theory.closure().residual(phase, &y, at).expect("inside the domain").amax();
        findings.close(&format!("{case:?} residual"), Some(rest), 0.0, 1e-12);
        let analytic = theory.closure().free_energy_gradient(phase, &y, at).expect("a gradient");
        for (i, slope) in gradient(theory.closure(), phase, &y, at).into_iter().enumerate() {
            // χ_v and Δ can be small: the slope counts times the unknown.
            let scale = y[i].abs().max(1e-3);
            findings.close(&format!("{case:?} ∂f/∂y{i}"), Some(slope * scale), 0.0, 1e-11);
            findings.close(&format!("{case:?} gradient {i}"), Some(analytic[i] * scale), 0.0, 1e-12);
        }
    }
    findings.settle(120);
}

/// Off the solutions the gradient is the residual F in another order: with sequential updates
/// (−n F_m, −½(F_Δ + R′T F_χ), −½F_χ), with parallel ones the same in (m, χ_u, Δ), twice, and in χ_v
/// −½R′(−χ_v)T F_v. Nothing vanishes that should not.
#[test]
fn gradient_is_the_saddle_equations_anywhere() {
    let mut findings = Findings::default();
    for case in CASES {
        let theory = ReplicaSymmetric::new(&model_of(case)).expect("a theory");
        let closure = theory.closure();
        let (phase, at) = (phase_of(case.4), Point { alpha: case.5, temperature: case.6 });
        let n = phase.condensed() as f64;
        for (m, chi, delta) in [(0.8, 0.1, 0.07), (0.35, 0.4, 0.2), (0.6, 0.7, 0.9)] {
            let m = if n > 0.0 { m } else { 0.0 };
            let first = closure.reaction_slope(chi, at.alpha);
            let (y, wanted) = if case.3 == "parallel" {
                let v = 0.3 * chi;
                let y = Vector::from_vec(vec![m, chi, v, delta]);
                let f = closure.residual(phase, &y, at).expect("inside the domain");
                let in_v = -0.5 * closure.reaction_slope(-v, at.alpha) * at.temperature * f[2];
                (y, vec![-2.0 * n * f[0], -f[3] - 0.5 * first * at.temperature * f[1], in_v, -f[1]])
            } else {
                let y = Vector::from_vec(vec![m, chi, delta]);
                let f = closure.residual(phase, &y, at).expect("inside the domain");
                (y, vec![-n * f[0], -0.5 * (f[2] + first * at.temperature * f[1]), -0.5 * f[1]])
            };
            let analytic = closure.free_energy_gradient(phase, &y, at).expect("a gradient");
            for (i, slope) in gradient(closure, phase, &y, at).into_iter().enumerate() {
                let what = format!("{case:?} {:?} {i}", y.as_slice());
                findings.close(&format!("{what} slope"), Some(slope), wanted[i], 1e-9);
                findings.close(&format!("{what} gradient"), Some(analytic[i]), wanted[i], 1e-13);
            }
            // The explicit slopes in α and T, which equal free energies are followed by.
            let k = y.len();
            let shift =
                |alpha: f64, t: f64| Point { alpha: at.alpha + alpha, temperature: at.temperature + t };
            let f = |point: Point| closure.free_energy(phase, &y, point).unwrap_or(f64::NAN);
            let by_alpha = derivative(0.01 * at.alpha, &|h: f64| f(shift(h, 0.0)));
            let by_t = derivative(0.01 * at.temperature, &|h: f64| f(shift(0.0, h)));
            findings.close(&format!("{case:?} ∂f/∂α"), Some(by_alpha), analytic[k], 1e-9);
            findings.close(&format!("{case:?} ∂f/∂T"), Some(by_t), analytic[k + 1], 1e-9);
        }
    }
    findings.settle(420);
}

#[test]
fn entropy_is_minus_the_slope_of_the_free_energy() {
    let mut findings = Findings::default();
    for case in CASES {
        let theory = ReplicaSymmetric::new(&model_of(case)).expect("a theory");
        let solve =
            |temperature: f64| theory.solve(control(Some(case.5), temperature), case.4).expect("a state");
        let slope = derivative(2e-3, &|h: f64| solve(case.6 + h).free_energy.unwrap_or(f64::NAN));
        let state = solve(case.6);
        let entropy = state.entropy.expect("an entropy");
        findings.close(&format!("{case:?} S"), Some(-slope), entropy, 1e-10);
        let f = state.free_energy.expect("a free energy");
        findings.close(&format!("{case:?} u"), state.energy, f + case.6 * entropy, 1e-15);
        if case.3 == "sequential" && case.1 == 0.0 {
            // u = −nm²/2 − ½[Q R(χ) + qχR′(χ)] + ⟨V⟩ with the diagonal in R; V = D s².
            let (m, chi) = (state.m.first().copied().unwrap_or(0.0), state.chi);
            let n = phase_of(case.4).condensed() as f64;
            let diagonal = model_of(case).self_coupling.at(case.5.into());
            let r = case.5 * chi / (1.0 - chi) + diagonal;
            let crosstalk = state.activity * r + state.q * chi * case.5 / (1.0 - chi).powi(2);
            let potential = if case.0 == SPIN1 { 0.2 * state.activity } else { 0.0 };
            let energy = -0.5 * n * m * m - 0.5 * crosstalk + potential;
            findings.close(&format!("{case:?} energy in closed form"), state.energy, energy, 1e-12);
        }
    }
    findings.settle(50);
}
