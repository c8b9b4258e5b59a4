//! Quadratic forms and parallel updates with a finite number of memories.

use mattis_model::record::{State, StateKind};
use mattis_model::{Control, Model};
use mattis_theory::{Guess, predict, states};

use crate::finite::{form, theory, with_patterns};
use crate::support::{Findings, model};

#[test]
fn van_hemmen() {
    let mut findings = Findings::default();
    let plain = Model::named("van-hemmen").expect("a model");
    let table = [
        (0.2, 0.499954560857616, -0.319319260008756, 0.549639992131173),
        (0.5, 0.478752012038634, -0.428204562136704, 0.472739383739494),
        (0.8, 0.355205891743935, -0.568858750429505, 0.312966458586521),
    ];
    for (temperature, q, f, gaussian) in table {
        let state = theory(&plain, 2).solve(temperature, Guess::Retrieval).expect("a state");
        findings.close("q", Some(state.m[0]), q, 1e-15);
        findings.close("both", Some(state.m[1]), q, 1e-15);
        findings.close("f", state.free_energy, f, 1e-15);
        let normal = plain.clone().with_patterns("gaussian".parse().expect("patterns"));
        let state = theory(&normal, 2).solve(temperature, Guess::Retrieval).expect("a state");
        findings.close("normal q", Some(state.m[1]), gaussian, 1e-14);
        assert_eq!(state.multiplicity, Some(2));
        let record = theory(&plain, 2).mixtures(temperature).expect("a record");
        assert_eq!(record.census.morse_sum, None, "an indefinite form");
    }
    findings.close("T_g", theory(&plain, 2).critical_temperature(), 1.0, 1e-15);
    let double = Model::named("van-hemmen:j=2").expect("a model");
    findings.close("T_g", theory(&double, 2).critical_temperature(), 2.0, 1e-15);
    findings.settle(14);
}

#[test]
fn parallel_updates() {
    let mut findings = Findings::default();
    let table = [
        ("little:0.5", 0.5, 0.994255952763),
        ("little:0.5", 0.8, 0.929332572816),
        ("little:0.25", 0.5, 0.985162392217),
        ("little:0.25", 0.8, 0.870073065943),
        ("little:-0.1", 0.5, 0.932039519478),
        ("little:-0.1", 0.8, 0.5304149853747453),
    ];
    for (name, temperature, m) in table {
        let state = theory(&model(name), 2).solve(temperature, Guess::Retrieval).expect("a state");
        findings.close(&format!("{name}, T = {temperature}"), Some(state.m[0]), m, 1e-12);
    }
    for (j0, critical) in [(0.25, 1.2046073339762338), (0.5, 1.353482114226), (1.0, 1.564376588560)] {
        let found = theory(&model(&format!("little:{j0}")), 1).critical_temperature();
        findings.close(&format!("T_c at J₀ = {j0}"), found, critical, 1e-12);
    }
    let (diagonal, temperature) = theory(&model("little"), 1).tricritical().expect("a tricritical point");
    findings.close("tricritical J₀", Some(diagonal), -std::f64::consts::LN_2 / 3.0, 1e-13);
    findings.close("tricritical T", Some(temperature), 2.0 / 3.0, 1e-13);
    // With J₀ = 0 nothing but the free energy differs from sequential updates.
    for (n, temperature) in [(1, 0.5), (3, 0.3), (1, 0.0)] {
        let guess = if n == 1 { Guess::Retrieval } else { Guess::Mixture(n) };
        let little = predict(&model("little"), Control::finite(3, temperature), guess).expect("a state");
        let hopfield = predict(&model("hopfield"), Control::finite(3, temperature), guess).expect("a state");
        assert_eq!(little.m, hopfield.m);
        findings.close("2f", little.free_energy, 2.0 * hopfield.free_energy.expect("f"), 1e-15);
        findings.close("d = q", little.d, hopfield.q, 1e-15);
    }
    // J₀ → ∞ is the Hopfield model at T/2.
    let strong = theory(&model("little:40"), 1).solve(0.8, Guess::Retrieval).expect("a state");
    let cold = theory(&model("hopfield"), 1).solve(0.4, Guess::Retrieval).expect("a state");
    findings.close("J₀ → ∞", Some(strong.m[0]), cold.m[0], 1e-14);
    findings.settle(18);
}

/// Below the tricritical J₀ the transition is of first order: it lies between the spinodals, and m jumps.
#[test]
fn first_order_line() {
    for j0 in [-0.26, -0.3, -0.4] {
        let theory = theory(&model(&format!("little:{j0}")), 1);
        let first = theory.first_order_temperature().expect("a first-order line");
        let end = theory.spinodal_temperature().expect("a spinodal");
        let state = theory.solve(first, Guess::Retrieval).expect("a state");
        let rest = theory.solve(first, Guess::Paramagnet).expect("a state");
        let gap = state.free_energy.expect("f") - rest.free_energy.expect("f");
        assert!(gap.abs() < 1e-14 && state.m[0] > 0.1, "J₀ = {j0}: {gap:e}, m = {}", state.m[0]);
        assert!(first < end, "{first} {end}");
        if let Some(below) = theory.critical_temperature() {
            assert!(below < first, "{below} {first}");
        }
        assert!(theory.solve(end * (1.0 - 1e-6), Guess::Retrieval).is_ok());
        assert!(theory.solve(end * (1.0 + 1e-6), Guess::Retrieval).is_err());
    }
    for j0 in [-0.2, 0.3] {
        let theory = theory(&model(&format!("little:{j0}")), 1);
        assert_eq!((theory.first_order_temperature(), theory.spinodal_temperature()), (None, None));
    }
}

fn cycles(model: &Model, count: usize, temperature: f64) -> Vec<State> {
    let all = states(
        &model.clone().with_update("parallel".parse().expect("an update")),
        Control::finite(count, temperature),
    );
    all.expect("states").into_iter().filter(|state| state.kind == StateKind::Cycle).collect()
}

#[test]
fn two_cycles_need_a_negative_direction() {
    for temperature in [0.0, 0.2, 0.7] {
        for (patterns, count) in [("rademacher", 2), ("rademacher", 5), ("biased", 3)] {
            assert!(cycles(&with_patterns(patterns, "hebb"), count, temperature).is_empty());
        }
        assert!(cycles(&form(&[&[1.0, 0.3], &[0.3, 0.5]]), 2, temperature).is_empty());
    }
    // The anti-Hebb rule: m′ = −m with the overlap of the Hebb rule.
    let anti = form(&[&[-1.0]]);
    for temperature in [0.0, 0.4] {
        let found = cycles(&anti, 1, temperature);
        let hebb = theory(&Model::hopfield(), 1).solve(temperature, Guess::Retrieval).expect("a state");
        assert_eq!(found.len(), 1);
        let cycle = &found[0];
        let next = cycle.m_next.as_ref().expect("the next overlaps");
        assert!((cycle.m[0] + next[0]).abs() < 1e-14 && (cycle.m[0].abs() - hebb.m[0]).abs() < 1e-14);
        assert!(cycle.locally_stable);
        assert_eq!(cycle.multiplicity, Some(1));
        assert!((cycle.free_energy.expect("f") - 2.0 * hebb.free_energy.expect("f")).abs() < 1e-14);
        assert!((cycle.d.expect("d") + hebb.q).abs() < 1e-14);
    }
    assert!(cycles(&anti, 1, 1.1).is_empty());
    let hemmen = Model::named("van-hemmen").expect("a model");
    let found = cycles(&hemmen, 2, 0.3);
    // (q, 0) → (0, q) → (q, 0) with the overlap of the Hebb rule, and its mirror image.
    let hebb = theory(&Model::hopfield(), 1).solve(0.3, Guess::Retrieval).expect("a state");
    let stable: Vec<&State> = found.iter().filter(|state| state.locally_stable).collect();
    assert_eq!((found.len(), stable.len(), stable[0].multiplicity), (2, 1, Some(2)));
    assert!((stable[0].m[0] - hebb.m[0]).abs() < 1e-14 && stable[0].m[1] == 0.0);
    assert_eq!(stable[0].m_next.as_ref().expect("the next overlaps")[0], 0.0);
    assert!(!cycles(&hemmen.with_patterns("gaussian".parse().expect("patterns")), 2, 0.3).is_empty());
}
