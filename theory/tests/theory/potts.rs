//! Potts units at T = 0.

use mattis_model::record::State;
use mattis_model::{Control, Model};
use mattis_theory::closure::{Closure, Phase, Point, Potts};
use mattis_theory::solve::newton::Vector;
use mattis_theory::{
    CapacityRequest, Guess, Optimised, PhaseRequest, capacity, phase_diagram, predict, states,
};

use crate::support::{Findings, entries, number, tolerance};

fn potts(states: usize) -> Model {
    Model::potts(states).expect("a Potts model")
}

/// Two colours are ±1: every number is that of the Hopfield model, energies in the unit 4.
#[test]
fn two_colours_are_the_hopfield_model() {
    let mut findings = Findings::default();
    let (two, hopfield) = (potts(2), Model::hopfield());
    for alpha in [0.02, 0.1, 0.137] {
        let control = Control::new(alpha, 0.0);
        for guess in [Guess::Retrieval, Guess::SpinGlass] {
            let a = predict(&two, control, guess).expect("a state");
            let b = predict(&hopfield, control, guess).expect("a state");
            let mut check = |what: &str, value: &dyn Fn(&State) -> Option<f64>| {
                let (found, wanted) = (value(&a), value(&b));
                let Some(wanted) = wanted else { return assert_eq!(found, None, "{what}") };
                findings.close(&format!("{alpha} {guess:?} {what}"), found, wanted, 1e-11);
            };
            check("m", &|s| s.m.first().copied());
            check("chi", &|s| Some(s.chi));
            check("delta", &|s| Some(s.delta));
            check("q", &|s| Some(s.q));
            check("energy", &|s| s.energy);
            check("entropy", &|s| s.entropy);
            check("replicon", &|s| s.replicon);
        }
    }
    let request = CapacityRequest::default();
    let (a, b) = (capacity(&two, &request).expect("one"), capacity(&hopfield, &request).expect("one"));
    findings.close("alpha_c", Some(a.alpha_c), b.alpha_c, 1e-14);
    findings.close("m_c", a.m, b.m.expect("m"), 1e-9);
    let request = PhaseRequest { alphas: None, temperatures: Some(vec![0.0]) };
    let (a, b) =
        (phase_diagram(&two, &request).expect("one"), phase_diagram(&hopfield, &request).expect("one"));
    for name in ["alpha_c", "alpha_1"] {
        let at = |record: &mattis_model::record::PhaseRecord| {
            let point = record.special.iter().find(|point| point.name == name).expect("a special point");
            (point.alpha, point.m.expect("m"))
        };
        findings.close(name, Some(at(&a).0), at(&b).0, 1e-11);
        findings.close(name, Some(at(&a).1), at(&b).1, 1e-9);
    }
    assert!(a.lines.iter().all(|line| line.points.len() == 1));
    findings.settle(36);
}

/// The Jacobian and the gradient of the energy are those of the functions.
#[test]
fn derivatives() {
    let mut findings = Findings::default();
    for colours in [2, 3, 5, 40] {
        let closure = Potts::new(&potts(colours)).expect("a closure");
        let q = colours as f64;
        for (phase, m) in [(Phase::Condensed(1), 0.8), (Phase::SpinGlass, 0.0)] {
            let y = Vector::from_vec(vec![m, 0.3, 0.2 * q * q]);
            let at = Point { alpha: 0.1 * q, temperature: 0.0 };
            let (_, jacobian) = closure.linearize(phase, &y, at).expect("inside");
            let gradient = closure.free_energy_gradient(phase, &y, at).expect("inside");
            for j in usize::from(m == 0.0)..4 {
                let moved = |by: f64| {
                    let (mut y, mut at) = (y.clone(), at);
                    if j == 3 {
                        at.alpha += by;
                    } else {
                        y[j] += by;
                    }
                    (y, at)
                };
                let size = if j == 3 { at.alpha } else { y[j] };
                for row in 0..3 {
                    let value = |by: f64| {
                        let (y, at) = moved(by);
                        closure.residual(phase, &y, at).expect("inside")[row]
                    };
                    let slope = crate::free_energy::derivative(0.02 * size, &value);
                    let what = format!("Q = {colours} {phase:?} ∂F{row}/∂{j}");
                    findings.close(
                        &what,
                        Some(slope),
                        jacobian[(row, j)],
                        1e-8 * (1.0 + jacobian[(row, j)].abs()),
                    );
                }
                let value = |by: f64| {
                    let (y, at) = moved(by);
                    closure.free_energy(phase, &y, at).expect("inside")
                };
                let slope = crate::free_energy::derivative(0.02 * size, &value);
                findings.close(
                    &format!("Q = {colours} ∂f/∂{j}"),
                    Some(slope),
                    gradient[j],
                    1e-8 * (1.0 + gradient[j].abs()),
                );
            }
        }
    }
    findings.settle(4 * 7 * 4);
}

/// The end of the branch that the solver finds is the maximum of the explicit curve.
#[test]
fn capacity_is_the_end_of_the_branch() {
    for colours in [3, 10, 256] {
        let model = potts(colours);
        let end = capacity(&model, &CapacityRequest::default()).expect("a capacity");
        let below =
            predict(&model, Control::new(0.9999 * end.alpha_c, 0.0), Guess::Retrieval).expect("a state");
        assert!(below.locally_stable && below.m[0] > end.m.expect("m"), "{colours}");
        assert!(predict(&model, Control::new(1.0001 * end.alpha_c, 0.0), Guess::Retrieval).is_err());
        let all = states(&model, Control::new(0.7 * end.alpha_c, 0.0)).expect("states");
        let kinds: Vec<_> = all.iter().map(|state| (state.kind, state.locally_stable)).collect();
        assert_eq!(kinds.len(), 3, "{colours}: {kinds:?}");
    }
}

#[test]
fn second_method() {
    let mut findings = Findings::default();
    for entry in entries(include_str!("../reference/other_closures.json")) {
        let (Some(colours), Some(what)) = (entry["potts"].as_u64(), entry["quantity"].as_str()) else {
            continue;
        };
        let model = potts(colours as usize);
        let found = match number(&entry, "alpha") {
            None => {
                let end = capacity(&model, &CapacityRequest::default()).expect("a capacity");
                if what == "m" { end.m } else { Some(end.alpha_c) }
            }
            Some(alpha) => {
                predict(&model, Control::new(alpha, 0.0), Guess::Retrieval).ok().map(|state| match what {
                    "m" => state.m[0],
                    _ => state.energy.expect("an energy"),
                })
            }
        };
        let value = number(&entry, "value").expect("a value");
        let digits = entry["digits"].as_u64().expect("digits");
        findings.close(&format!("Q = {colours} {what}"), found, value, tolerance(value, digits));
    }
    findings.settle(20);
}

#[test]
fn tables() {
    let mut findings = Findings::default();
    for entry in entries(include_str!("../reference/other_closures_tables.json")) {
        let Some(colours) = entry["states"].as_u64() else { continue };
        let end = capacity(&potts(colours as usize), &CapacityRequest::default()).expect("a capacity");
        let found = if entry["quantity"] == "m" { end.m } else { Some(end.alpha_c) };
        let value = number(&entry, "value").expect("a value");
        let digits = entry["digits"].as_u64().expect("digits");
        findings.close(&entry.to_string(), found, value, tolerance(value, digits));
    }
    findings.settle(16);
}

#[test]
fn refusals() {
    let model = potts(3);
    let warm = predict(&model, Control::new(0.1, 0.2), Guess::Retrieval).expect_err("a refusal").to_string();
    assert!(warm.contains("exact at T = 0 only"), "{warm}");
    let request = CapacityRequest { temperature: 0.1, optimise: Vec::new() };
    assert!(capacity(&model, &request).is_err());
    let request = CapacityRequest { temperature: 0.0, optimise: vec![Optimised::Threshold] };
    let message = capacity(&model, &request).expect_err("a refusal").to_string();
    assert!(message.contains("threshold of the unit"), "{message}");
}
