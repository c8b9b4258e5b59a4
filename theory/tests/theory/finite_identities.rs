//! A finite number of memories: eigenvalues, entropies and stationarity against differences of the free energy.

use mattis_model::{Model, Unit};
use mattis_theory::{FinitePatterns, Guess};

use crate::support::Findings;

/// E over the 2^p columns of ±1 with mean a.
fn columns(p: usize, a: f64) -> Vec<(Vec<f64>, f64)> {
    (0..1_usize << p)
        .map(|bits| {
            let xi: Vec<f64> = (0..p).map(|mu| if bits >> mu & 1 == 1 { 1.0 } else { -1.0 }).collect();
            let weight = xi.iter().map(|x| 0.5 * (1.0 + a * x)).product();
            (xi, weight)
        })
        .collect()
}

/// ½m² − E w(ξ·m + h), one sum over all columns.
fn free_energy(unit: &Unit, m: &[f64], a: f64, field: f64, gamma: f64, temperature: f64) -> f64 {
    let square: f64 = m.iter().map(|m| m * m).sum();
    let averages = columns(m.len(), a);
    let w = |xi: &[f64]| {
        let h: f64 = xi.iter().zip(m).map(|(xi, m)| xi * m).sum();
        unit.w(h + field, gamma, temperature)
    };
    0.5 * square - averages.iter().map(|(xi, weight)| weight * w(xi)).sum::<f64>()
}

fn unit(text: &str) -> Unit {
    text.parse().expect("a unit")
}

/// The trace and the trace of the square of the Hessian by central differences.
fn traces(f: &dyn Fn(&[f64]) -> f64, m: &[f64]) -> (f64, f64) {
    let step = 2e-4;
    let p = m.len();
    let at = |moves: &[(usize, f64)]| {
        let mut m = m.to_vec();
        for (i, x) in moves {
            m[*i] += x * step;
        }
        f(&m)
    };
    let entry = |i: usize, j: usize| {
        let d = at(&[(i, 1.0), (j, 1.0)]) + at(&[(i, -1.0), (j, -1.0)])
            - at(&[(i, 1.0), (j, -1.0)])
            - at(&[(i, -1.0), (j, 1.0)]);
        d / (4.0 * step * step)
    };
    let trace = (0..p).map(|i| entry(i, i)).sum();
    let square = (0..p).map(|i| (0..p).map(|j| entry(i, j).powi(2)).sum::<f64>()).sum();
    (trace, square)
}

const UNITS: [&str; 6] = [
    "ising",
    "binary:threshold=0.1",
    "binary:low=-1:high=1:threshold=-0.05",
    "three-state:crystal-field=0.2",
    "graded:gain=4",
    "graded:gain=3:threshold=0.05",
];

#[test]
fn curvatures_are_second_differences() {
    let mut findings = Findings::default();
    for name in UNITS {
        for (patterns, a) in [("rademacher", 0.0), ("biased:mean=0.3", 0.3)] {
            let unit = unit(name);
            let temperature = if unit.continuous().is_some() { 0.08 } else { 0.2 };
            let model = Model::hopfield()
                .with_unit(unit.clone())
                .with_patterns(patterns.parse().expect("patterns"))
                .with_field("external:h=0.03".parse().expect("a field"))
                .with_self_coupling("0.1".parse().expect("a diagonal"));
            let theory = FinitePatterns::new(&model, 3).expect("a theory");
            let Ok(state) = theory.solve(temperature, Guess::Retrieval) else {
                // Silent units with a threshold lose the overlap at this temperature.
                assert!(name.starts_with("binary:threshold"), "{name} {patterns}");
                continue;
            };
            let f = |m: &[f64]| free_energy(&unit, m, a, 0.03, 0.1, temperature);
            findings.close(&format!("{name} {patterns} f"), state.free_energy, f(&state.m), 1e-13);
            let (trace, square) = traces(&f, &state.m);
            let hessian = state.hessian.expect("a Hessian");
            let found: f64 = hessian.iter().sum();
            findings.close(&format!("{name} {patterns} trace"), Some(found), trace, 3e-6);
            let found: f64 = hessian.iter().map(|x| x * x).sum();
            findings.close(&format!("{name} {patterns} trace²"), Some(found), square, 3e-6);
        }
    }
    findings.settle(30);
}

/// u = f + T s with s = −∂f/∂T along the branch, for every unit and update.
#[test]
fn entropy_is_the_slope_of_the_free_energy() {
    let mut findings = Findings::default();
    for name in ["ising", "three-state:crystal-field=0.1", "graded:gain=4"] {
        for (update, diagonal) in [("sequential", "0.1"), ("parallel", "zero"), ("parallel", "0.2")] {
            if update == "parallel" && diagonal != "zero" && name.starts_with("graded") {
                continue;
            }
            let model = Model::hopfield()
                .with_unit(unit(name))
                .with_update(update.parse().expect("an update"))
                .with_self_coupling(diagonal.parse().expect("a diagonal"));
            let theory = FinitePatterns::new(&model, 2).expect("a theory");
            let temperature = 0.2;
            let f = |t: f64| theory.solve(t, Guess::Retrieval).expect("a state").free_energy.expect("f");
            let step = 1e-4;
            let slope = (8.0 * (f(temperature + step) - f(temperature - step))
                - (f(temperature + 2.0 * step) - f(temperature - 2.0 * step)))
                / (12.0 * step);
            let state = theory.solve(temperature, Guess::Retrieval).expect("a state");
            findings.close(&format!("{name} {update} {diagonal}"), state.entropy, -slope, 1e-10);
            let entropy = state.entropy.expect("s");
            let energy = state.free_energy.expect("f") + temperature * entropy;
            findings.close("u", state.energy, energy, 1e-15);
            let activity = state.q + temperature * state.chi;
            if update == "sequential" || diagonal == "zero" {
                findings.close("activity", Some(state.activity), activity, 1e-13);
            }
        }
    }
    findings.settle(20);
}

/// The energy of sequential updates is −½m² − ½Γ⟨s²⟩ + ⟨V⟩ − h⟨s⟩: for ±1 units −½m² − ½J₀ − h⟨s⟩.
#[test]
fn energy_of_ising_units() {
    let model = Model::hopfield()
        .with_field("external:h=0.1".parse().expect("a field"))
        .with_self_coupling("0.3".parse().expect("a diagonal"));
    let theory = FinitePatterns::new(&model, 2).expect("a theory");
    let state = theory.solve(0.4, Guess::Retrieval).expect("a state");
    let magnetization: f64 = columns(2, 0.0)
        .iter()
        .map(|(xi, weight)| weight * ((xi[0] * state.m[0] + xi[1] * state.m[1] + 0.1) / 0.4).tanh())
        .sum();
    let square: f64 = state.m.iter().map(|m| m * m).sum();
    let energy = -0.5 * square - 0.15 - 0.1 * magnetization;
    assert!((state.energy.expect("u") - energy).abs() < 1e-14);
}

/// T = 0 with gain g is an Ising unit at T = 1/g.  (Kühn, Bös & van Hemmen 1991)
#[test]
fn graded_units_without_noise_are_spins_with_noise() {
    for gain in [1.5, 2.0, 4.0] {
        let graded = Model::hopfield().with_unit(unit(&format!("graded:gain={gain}")));
        let graded = FinitePatterns::new(&graded, 3).expect("a theory");
        let ising = FinitePatterns::new(&Model::hopfield(), 3).expect("a theory");
        let (a, b) = (graded.mixtures(0.0).expect("a record"), ising.mixtures(1.0 / gain).expect("a record"));
        assert_eq!(
            (a.census.classes, a.census.critical_points),
            (b.census.classes, b.census.critical_points)
        );
        for (a, b) in a.states.iter().zip(&b.states) {
            assert!(a.m.iter().zip(&b.m).all(|(a, b)| (a - b).abs() < 1e-12), "{:?} {:?}", a.m, b.m);
            assert!(a.hessian.iter().zip(&b.hessian).all(|(a, b)| (a - b).abs() < 1e-12));
            assert_eq!((a.index, a.stable), (b.index, b.stable));
            // w = (1/g) ln cosh against T ln 2cosh.
            let shift = std::f64::consts::LN_2 / gain;
            let gap = a.free_energy.expect("f") - b.free_energy.expect("f");
            assert!((gap - shift).abs() < 1e-13);
            assert_eq!(a.entropy, None);
        }
    }
}

/// The parallel free energy with J₀ is stationary at the solution, and its curvatures are those of the record.
#[test]
fn parallel_free_energy_is_stationary() {
    let (j0, temperature) = (-0.15, 0.4);
    let model = Model::little().with_self_coupling(format!("{j0}").parse().expect("a diagonal"));
    let theory = FinitePatterns::new(&model, 3).expect("a theory");
    // T ln Σ_ss' exp{[h(s + s') + J₀ s s']/T} with both states summed one by one.
    let f = |m: &[f64]| {
        let square: f64 = m.iter().map(|m| m * m).sum();
        let pair = |h: f64| {
            let sum: f64 = [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)]
                .iter()
                .map(|(s, t): &(f64, f64)| ((h * (s + t) + j0 * s * t) / temperature).exp())
                .sum();
            temperature * sum.ln()
        };
        let averages = columns(m.len(), 0.0);
        square
            - averages
                .iter()
                .map(|(xi, weight)| weight * pair(xi.iter().zip(m).map(|(xi, m)| xi * m).sum()))
                .sum::<f64>()
    };
    let mut findings = Findings::default();
    let record = theory.mixtures(temperature).expect("a record");
    assert!(record.states.len() >= 4);
    for state in &record.states {
        findings.close("f", state.free_energy, f(&state.m), 1e-14);
        for i in 0..3 {
            let shifted = |x: f64| {
                let mut m = state.m.clone();
                m[i] += x;
                f(&m)
            };
            findings.close("∂f", Some((shifted(1e-5) - shifted(-1e-5)) / 2e-5), 0.0, 1e-9);
        }
        let (trace, _) = traces(&f, &state.m);
        findings.close("trace", Some(state.hessian.iter().sum()), trace, 3e-6);
    }
    findings.settle(20);
}
