//! A finite number of memories where a curvature vanishes, a transition is of first order, or a search is bounded.

use mattis_model::Model;
use mattis_model::record::{Completeness, MixturesRecord, StateKind};
use mattis_theory::Guess;

use crate::finite::{form, theory, with_patterns};
use crate::support::{Findings, model};

fn hopfield(p: usize, temperature: f64) -> MixturesRecord {
    theory(&Model::hopfield(), p).mixtures(temperature).expect("a record")
}

/// At T_c all states are m = 0; just below, m² = 3(1 − T) and m² = 3(1 − T)/4 in leading order.
#[test]
fn the_critical_point() {
    for p in 1..=4 {
        let record = hopfield(p, 1.0);
        assert_eq!(record.census.classes, 1, "p = {p}: {:?}", record.states);
        assert!(!record.states[0].stable, "a vanishing curvature decides nothing");
        let states = theory(&Model::hopfield(), p).states(1.0).expect("states");
        assert_eq!((states.len(), states[0].kind), (1, StateKind::Paramagnet));
    }
    for (below, digits) in [(1e-3, 1e-3), (1e-6, 1e-6), (1e-9, 1e-3)] {
        let record = hopfield(2, 1.0 - below);
        assert_eq!(
            (record.census.classes, record.census.critical_points),
            (3, Some(9)),
            "{:?}",
            record.states
        );
        for state in record.states.iter().filter(|state| state.n > 0) {
            // x = m + c m³ of n memories: m² = 3(1 − T)/(3n − 2).
            let leading = (3.0 * below / (3.0 * state.n as f64 - 2.0)).sqrt();
            assert!((state.m[0] / leading - 1.0).abs() < digits, "n = {}: {} {leading}", state.n, state.m[0]);
        }
    }
    for patterns in ["gaussian", "uniform", "biased:mean=0.3"] {
        let theory = theory(&with_patterns(patterns, "hebb"), 2);
        let critical = theory.critical_temperature().expect("a temperature");
        let census = theory.mixtures(critical).expect("a record").census;
        assert!(census.classes <= 2, "{patterns}: {census:?}");
    }
}

/// A direction that becomes soft at m = 0 where another one is unstable already.
#[test]
fn a_soft_direction_makes_no_states() {
    let model = form(&[&[1.0, 0.5], &[0.5, 1.0]]);
    let at = |temperature: f64| theory(&model, 2).mixtures(temperature).expect("a record");
    // (m, m), where the direction (1, −1) is as soft, and m = 0.
    let record = at(0.5);
    let counts: Vec<_> = record.states.iter().map(|state| (state.n, state.multiplicity)).collect();
    assert_eq!(counts, [(2, Some(2)), (0, Some(1))], "{:?}", record.states);
    assert_eq!(record.states[0].m[0], record.states[0].m[1]);
    for (i, a) in record.states.iter().enumerate() {
        for b in &record.states[i + 1..] {
            let distance = a.m.iter().zip(&b.m).fold(0.0_f64, |d, (a, b)| d.max((a - b).abs()));
            assert!(distance > 1e-3, "{:?} and {:?}", a.m, b.m);
        }
    }
}

/// The directions along a sphere of states are no instabilities.
#[test]
fn goldstone_directions_have_no_index() {
    for temperature in [0.3, 0.5, 0.8] {
        let record = theory(&with_patterns("gaussian", "hebb"), 3).mixtures(temperature).expect("a record");
        let stable = record.states.iter().find(|state| state.stable).expect("a stable state");
        assert_eq!((stable.index, record.census.stable), (Some(0), None), "T = {temperature}");
    }
}

#[test]
fn products_of_quadratures_end() {
    let uniform = theory(&with_patterns("uniform", "hebb"), 2);
    for temperature in [0.0, 1e-9, 1e-6] {
        let message = uniform.mixtures(temperature).expect_err("a refusal").to_string();
        assert!(message.contains("quadrature"), "{message}");
    }
    assert!(uniform.mixtures(0.0).expect_err("a refusal").to_string().contains("T = 0"));
    let heavy = theory(&with_patterns("laplace", "hebb"), 2);
    let state = heavy.solve(0.3, Guess::Mixture(2)).expect("a state");
    assert!(state.m.iter().all(|m| (m - 0.489_048_306).abs() < 1e-9), "{:?}", state.m);
    let message = heavy.solve(1e-5, Guess::Mixture(2)).expect_err("a refusal").to_string();
    assert!(message.contains("nodes"), "{message}");
}

/// One memory is stable up to its fold, whether or not m = 0 is ever unstable.
#[test]
fn thresholds_of_first_order() {
    let mut findings = Findings::default();
    let unit = |field: f64| {
        let unit = format!("three-state:crystal-field={field}").parse().expect("a unit");
        Model::hopfield().with_unit(unit)
    };
    for (model, temperature) in [(unit(0.47), 0.2), (unit(0.49), 0.2), (model("little:-0.3"), 0.5)] {
        let theory = theory(&model, 1);
        let end = theory.spinodal_temperature();
        let record = theory.mixtures(temperature).expect("a record");
        let threshold = record.thresholds.iter().find(|x| x.n == 1).map(|x| x.temperature);
        findings.close("the spinodal", threshold, end.expect("a spinodal"), 1e-15);
        assert!(theory.solve(threshold.expect("a threshold") - 1e-6, Guess::Retrieval).is_ok());
        assert!(theory.solve(threshold.expect("a threshold") + 1e-6, Guess::Retrieval).is_err());
    }
    assert_eq!(theory(&unit(0.47), 1).critical_temperature(), None);
    findings.settle(3);
}

#[test]
fn what_is_not_searched() {
    let many = theory(&Model::hopfield(), 40);
    assert_eq!((many.lists_symmetric_only(0.2), many.lists_symmetric_only(0.0)), (Some(31), Some(31)));
    assert_eq!(theory(&Model::hopfield(), 9).lists_symmetric_only(0.2), None);
    let graded = Model::hopfield().with_unit("graded:gain=4".parse().expect("a unit"));
    assert_eq!(theory(&graded, 6).lists_symmetric_only(0.1), Some(6));
    // Biased memories: the retrieval state has two overlaps.
    let biased = theory(&with_patterns("biased:mean=0.3", "hebb"), 20);
    let record = biased.mixtures(0.3).expect("a record");
    assert_eq!((record.census.complete, biased.lists_symmetric_only(0.3)), (Completeness::Unknown, Some(10)));
    let state = record.states.iter().find(|state| state.n == 1).expect("the retrieval state");
    // So many biased memories are unstable against their sum. The equations, summed independently:
    assert!(!state.stable && state.m[0] > 0.6);
    let (first, others) = (state.m[0], state.m[1]);
    let (up, down) = (0.65_f64, 0.35_f64);
    let (mut image, mut binomial) = ([0.0, 0.0], 1.0);
    for k in 0..=19_i32 {
        let sum = f64::from(2 * k - 19);
        for (xi, weight) in [(1.0, up), (-1.0, down)] {
            let response = weight
                * binomial
                * up.powi(k)
                * down.powi(19 - k)
                * ((xi * first + sum * others) / 0.3).tanh();
            image[0] += xi * response;
            image[1] += sum / 19.0 * response;
        }
        binomial *= f64::from(19 - k) / f64::from(k + 1);
    }
    assert!((image[0] - first).abs() < 1e-12 && (image[1] - others).abs() < 1e-12, "{image:?}");
}

/// The number of condensed memories does not flip among overlaps that are close.
#[test]
fn numbers_of_condensed_memories() {
    for p in [5, 7] {
        let record = theory(&with_patterns("biased:mean=0.01", "hebb"), p).mixtures(0.4).expect("a record");
        for state in record.states.iter().filter(|state| state.n > 0) {
            // Those behind the first n are far from the leading ones.
            let rest = &state.m[state.n.min(p)..];
            assert!(rest.iter().all(|m| *m < 0.55 * state.m[0]), "n = {}: {:?}", state.n, state.m);
            assert!(
                state.m[..state.n].iter().all(|m| *m > 0.4 * state.m[0]),
                "n = {}: {:?}",
                state.n,
                state.m
            );
        }
    }
    let leaning = form(&[&[1.0, 0.05], &[0.05, 1.0]]);
    let state = theory(&leaning, 2).solve(0.3, Guess::Retrieval).expect("a state");
    assert!(state.m[0] > 0.9 && state.m[1] > 0.0);
    assert_eq!((state.kind, state.n), (StateKind::Retrieval, None));
    let listed = theory(&leaning, 2).mixtures(0.3).expect("a record");
    let same = |m: &[f64]| m.iter().zip(&state.m).all(|(a, b)| (a - b).abs() < 1e-9);
    assert!(listed.states.iter().any(|x| x.n == 1 && same(&x.m)), "{:?}", listed.states);
}

#[test]
fn messages_say_why() {
    let why = |model: &Model, p: usize, temperature: f64| {
        theory(model, p).solve(temperature, Guess::Retrieval).expect_err("no state").to_string()
    };
    let hot = why(&Model::hopfield(), 3, 1.1);
    assert!(hot.contains("T is above the temperature 1.000000000 where overlaps vanish"), "{hot}");
    let hemmen =
        Model::named("van-hemmen").expect("a model").with_update("parallel".parse().expect("an update"));
    let cycle = why(&hemmen, 2, 0.3);
    assert!(cycle.contains("2-cycle"), "{cycle}");
    let graded = with_patterns("uniform", "hebb").with_unit("graded:gain=4".parse().expect("a unit"));
    let unit = theory(&graded, 2).mixtures(0.1).expect_err("a refusal").to_string();
    assert!(unit.contains("a unit with levels") && !unit.contains("p ≤ 3"), "{unit}");
}
