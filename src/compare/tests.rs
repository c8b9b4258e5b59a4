use mattis_model::Model;
use mattis_model::record::{
    Estimate, Exit, MeasuredPoint, Protocol, SimulationRecord, State, StateKind, Verdict,
};

use super::*;

/// Samples behind every measurement.
const SAMPLES: usize = 32;

fn theory(values: &[(&str, f64)]) -> Predictions {
    let value = |name: &str| values.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
    let state = State {
        kind: StateKind::Retrieval,
        n: None,
        m: value("m").into_iter().collect(),
        q: value("q").unwrap_or(f64::NAN),
        activity: 1.0,
        delta: 0.0,
        r: None,
        chi: 0.0,
        d: None,
        free_energy: None,
        energy: value("energy"),
        entropy: None,
        replicon: None,
        m_next: None,
        hessian: None,
        mean: None,
        correlation: None,
        multiplicity: None,
        locally_stable: true,
        replica_stable: Some(true),
        residual: 0.0,
        exit: Exit::Converged,
    };
    let prediction =
        Prediction { alpha: Some(0.05), count: None, temperature: 0.3, update: "sequential".into(), state };
    Predictions { model: Model::hopfield(), points: vec![prediction] }
}

/// Measurements at several sizes: name, value in an infinite system, coefficient of 1/N, error at N = 1000.
fn measured(sizes: &[usize], observables: &[(&str, f64, f64, Option<f64>)]) -> SimulationRecord {
    let point = |n: &usize| MeasuredPoint {
        alpha: Some(0.05),
        alpha_requested: Some(0.05),
        temperature: 0.3,
        update: "sequential".into(),
        neurons: *n,
        p: n / 20,
        samples: SAMPLES,
        escaped: 0,
        observables: observables
            .iter()
            .map(|(name, value, slope, error)| Estimate {
                name: (*name).into(),
                value: Some(value + slope / *n as f64),
                error: error.map(|error| error * (1000.0 / *n as f64).sqrt()),
                thermal_error: None,
                sample_error: None,
                tau: None,
                n_eff: None,
            })
            .collect(),
    };
    SimulationRecord {
        model: Model::hopfield(),
        simulation: Protocol {
            neurons: sizes.to_vec(),
            samples: SAMPLES,
            sweeps: 10,
            burn_in: 10,
            seed: 1,
            start: "pattern".into(),
            dynamics: "heat-bath".into(),
            order: "random".into(),
        },
        points: sizes.iter().map(point).collect(),
    }
}

const SIZES: [usize; 3] = [1000, 2000, 4000];

fn joined(theory: &Predictions, record: &SimulationRecord) -> Comparison {
    compare(theory, record, &CompareOptions::default()).expect("records that fit")
}

#[test]
fn equal_numbers_agree_after_extrapolation() {
    let record = measured(&SIZES, &[("m", 0.99, -3.0, Some(3e-4))]);
    let comparison = joined(&theory(&[("m", 0.99)]), &record);
    let row = &comparison.rows[0];
    assert_eq!(comparison.verdict(), Verdict::Agree);
    assert!(comparison.agree && row.extrapolated && row.neurons == SIZES);
    assert!((row.simulation.unwrap() - 0.99).abs() < 1e-12);
    assert!((row.resolution.unwrap() - 5.0 * row.error.unwrap()).abs() < 1e-15);
    assert!(comparison.to_string().contains("agree"));
}

#[test]
fn one_size_is_not_extrapolated() {
    let comparison = joined(&theory(&[("m", 0.99)]), &measured(&[4000], &[("m", 0.99, 0.0, Some(3e-4))]));
    assert!(!comparison.rows[0].extrapolated);
    assert_eq!(comparison.verdict(), Verdict::Agree);
}

#[test]
fn a_difference_of_many_errors_disagrees() {
    let record = measured(&SIZES, &[("m", 0.98, 0.0, Some(3e-4)), ("q", 0.98, 0.0, Some(3e-4))]);
    let comparison = joined(&theory(&[("m", 0.99), ("q", 0.98)]), &record);
    assert_eq!(comparison.verdict(), Verdict::Disagree);
    assert_eq!(comparison.rows[0].verdict, Verdict::Disagree);
    assert_eq!(comparison.rows[1].verdict, Verdict::Agree);
    assert!(comparison.rows[0].z.unwrap() < -5.0);
    assert!(!comparison.agree);
}

#[test]
fn large_errors_are_not_agreement() {
    let record = measured(&SIZES, &[("m", 0.99, 0.0, Some(3e-3))]);
    let comparison = joined(&theory(&[("m", 0.99)]), &record);
    assert_eq!(comparison.verdict(), Verdict::Inconclusive);
    assert!(!comparison.agree);
    let wider = CompareOptions { resolution: 1.0, ..CompareOptions::default() };
    assert!(compare(&theory(&[("m", 0.99)]), &record, &wider).unwrap().agree);
}

#[test]
fn a_large_difference_disagrees_however_coarse() {
    let record = measured(&SIZES, &[("m", 0.5, 0.0, Some(3e-3))]);
    assert_eq!(joined(&theory(&[("m", 0.99)]), &record).verdict(), Verdict::Disagree);
}

#[test]
fn unknown_errors_are_inconclusive() {
    let unknown = measured(&SIZES, &[("m", 0.98, 0.0, None)]);
    let constant = measured(&SIZES, &[("m", 0.98, 0.0, Some(0.0))]);
    let mut single = measured(&SIZES, &[("m", 0.99, 0.0, Some(1e-4))]);
    single.points.iter_mut().for_each(|point| point.samples = 1);
    for record in [unknown, constant, single] {
        let comparison = joined(&theory(&[("m", 0.99)]), &record);
        assert_eq!(comparison.verdict(), Verdict::Inconclusive);
        assert_eq!((comparison.rows[0].z, comparison.rows[0].resolution), (None, None));
        assert_eq!(comparison.p_value, None);
    }
}

/// Samples without scatter that all show the predicted value, as at T = 0, agree with it.
#[test]
fn what_is_exactly_as_predicted_agrees() {
    for error in [None, Some(0.0), Some(1e-13)] {
        let record = measured(&SIZES, &[("m", 0.99 + 2e-8, 0.0, error)]);
        let comparison = joined(&theory(&[("m", 0.99)]), &record);
        assert_eq!(comparison.verdict(), Verdict::Agree);
        assert!(comparison.rows[0].z.unwrap().abs() < 0.1 && comparison.rows[0].resolution.unwrap() < 1e-4);
    }
}

/// Copies of a row are one fact: χ² of three independent rows would have p = 3e-4 and call this a disagreement.
#[test]
fn copies_of_a_row_do_not_add_up() {
    let names = ["m", "q", "energy"];
    let observables: Vec<_> = names.iter().map(|name| (*name, 0.99 + 2.5e-4, 0.0, Some(1e-4))).collect();
    let record = measured(&[1000], &observables);
    let comparison = joined(&theory(&[("m", 0.99), ("q", 0.99), ("energy", 0.99)]), &record);
    let single = two_sided(2.5, (SAMPLES - 1) as f64).unwrap();
    assert!((comparison.p_value.unwrap() - 3.0 * single).abs() < 1e-9);
    assert!((comparison.chi_squared.unwrap() - 3.0 * 6.25).abs() < 1e-6);
    assert_eq!(comparison.verdict(), Verdict::Agree);
}

/// The negative control of the join itself: few samples need a larger z than many.
#[test]
fn few_samples_need_more_sigmas() {
    let mut record = measured(&[1000], &[("m", 0.99 + 4.5e-4, 0.0, Some(1e-4))]);
    assert_eq!(joined(&theory(&[("m", 0.99)]), &record).verdict(), Verdict::Disagree);
    record.points[0].samples = 4;
    assert_eq!(joined(&theory(&[("m", 0.99)]), &record).verdict(), Verdict::Agree);
}

#[test]
fn sizes_with_escapes_are_left_out_where_others_remain() {
    let mut record = measured(&[500, 1000, 2000, 4000], &[("m", 0.99, 0.0, Some(3e-4))]);
    record.points[0].escaped = 3;
    record.points[0].observables[0].value = Some(0.5);
    let comparison = joined(&theory(&[("m", 0.99)]), &record);
    assert_eq!(comparison.rows[0].neurons, SIZES);
    assert_eq!((comparison.rows[0].escaped, comparison.escaped_runs()), (3, 3));
    assert_eq!(comparison.verdict(), Verdict::Agree);
}

#[test]
fn theory_is_taken_at_the_simulated_load() {
    let mut predictions = theory(&[("m", 0.99)]);
    let mut other = predictions.points[0].clone();
    other.alpha = Some(0.051);
    other.state.m = vec![0.97];
    predictions.points.push(other);
    let mut record = measured(&[1000, 2000], &[("m", 0.99, 0.0, Some(1e-4))]);
    record.points[0].alpha = Some(0.051);
    record.points[0].observables[0].value = Some(0.97);
    let comparison = joined(&predictions, &record);
    assert!((comparison.rows[0].simulation.unwrap() - 0.99).abs() < 1e-12);
    assert_eq!(comparison.rows[0].alpha, Some(0.05));
}

#[test]
fn records_that_do_not_fit_are_refused() {
    let record = measured(&SIZES, &[("m", 0.99, 0.0, Some(3e-4))]);
    let options = CompareOptions::default();
    let mut other = theory(&[("m", 0.99)]);
    other.model = Model::sherrington_kirkpatrick();
    assert_eq!(compare(&other, &record, &options), Err(CompareError::OtherModel));
    let mut missing = theory(&[("m", 0.99)]);
    missing.points[0].temperature = 0.2;
    assert!(matches!(compare(&missing, &record, &options), Err(CompareError::NoPrediction { .. })));
    let nothing = measured(&SIZES, &[("m_max_other", 0.1, 0.0, Some(1e-3))]);
    assert_eq!(compare(&theory(&[("m", 0.99)]), &nothing, &options), Err(CompareError::NothingInCommon));
}
