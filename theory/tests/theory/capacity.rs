//! Capacities against tables, a second method, and the closure that the solver works with.

use mattis_model::record::{CapacityPoint, CapacityRecord};
use mattis_model::{Model, SelfCoupling};
use mattis_theory::closure::{Closure, Phase, Point, Sequential};
use mattis_theory::solve::newton::Vector;
use mattis_theory::{
    Axis, CapacityRequest, Event, Guess, Optimised, ReplicaSymmetric, TheoryError, capacity, predict,
};
use serde_json::Value;

use crate::support::{Findings, control, entries, number, tolerance};

/// A model by the names of its parts.
fn model(unit: &str, patterns: &str, rule: &str, connectivity: &str) -> Model {
    let field = if unit.starts_with("threshold-linear") { "inhibition" } else { "none" };
    Model {
        field: field.parse().expect("a field"),
        unit: unit.parse().expect("a unit"),
        patterns: patterns.parse().expect("patterns"),
        rule: rule.parse().expect("a rule"),
        connectivity: connectivity.parse().expect("a connectivity"),
        ..Model::hopfield()
    }
}

fn request(temperature: f64, optimise: &[&str]) -> CapacityRequest {
    let optimise = optimise
        .iter()
        .map(|what| if *what == "gain" { Optimised::Gain } else { Optimised::Threshold })
        .collect();
    CapacityRequest { temperature, optimise }
}

fn quantity(point: &CapacityPoint, key: &str) -> Option<f64> {
    match key {
        "alpha_c" => Some(point.alpha_c),
        "m" => point.m,
        "chi" => point.chi,
        "information" => point.information,
        "gain" => point.optimum.and_then(|optimum| optimum.gain),
        "threshold" => point.optimum.and_then(|optimum| optimum.threshold),
        "retrieved_activity" => point.retrieved_activity,
        "retrieved_sparseness" => point.retrieved_sparseness,
        "correlation" => point.correlation,
        _ => None,
    }
}

fn stated(entry: &Value) -> (Model, CapacityRequest) {
    let text = |key: &str| entry[key].as_str().expect("a text");
    let model = model(text("unit"), text("patterns"), text("rule"), text("connectivity"));
    let optimise = entry["optimise"].as_array().expect("a list");
    let optimise: Vec<&str> = optimise.iter().filter_map(Value::as_str).collect();
    (model, request(number(entry, "temperature").expect("T"), &optimise))
}

#[test]
fn tables() {
    let mut findings = Findings::default();
    for entry in entries(include_str!("../reference/capacity_tables.json")) {
        let (model, request) = stated(&entry);
        let key = entry["quantity"].as_str().expect("a quantity");
        let what = format!(
            "{} {} {} T = {} {key}",
            model.unit, model.patterns, model.connectivity, request.temperature
        );
        let found = capacity(&model, &request).ok().and_then(|point| quantity(&point, key));
        let value = number(&entry, "value").expect("a value");
        let digits = entry["digits"].as_u64().expect("digits");
        findings.close(&what, found, value, tolerance(value, digits));
    }
    findings.settle(400);
}

#[test]
fn points_that_no_table_lists() {
    let mut findings = Findings::default();
    for entry in entries(include_str!("../reference/capacity.json")) {
        let (model, request) = stated(&entry);
        let point = capacity(&model, &request).expect("a capacity");
        for (key, wanted) in entry["found"].as_object().expect("a table") {
            let wanted: f64 = wanted.as_str().expect("a text").parse().expect("a number");
            let what = format!("{} {} {} {key}", model.unit, model.patterns, model.connectivity);
            findings.close(&what, quantity(&point, key), wanted, 1e-10 * wanted.abs());
        }
    }
    findings.settle(13);
}

/// The explicit curve ends where the closure, whose derivatives know nothing of it, has a solution and a fold.
#[test]
fn the_maximum_is_a_fold_of_the_closure() {
    let mut findings = Findings::default();
    for (unit, low, high) in
        [("binary", 0.0, 1.0), ("binary:low=-0.3:high=0.9", -0.3, 0.9), ("ising", -1.0, 1.0)]
    {
        for patterns in ["sparse:active-fraction=0.1", "ternary:active-fraction=0.3", "biased:mean=0.3"] {
            for connectivity in ["full", "diluted:c=0.4", "diluted:c=0.4:symmetric=false"] {
                let stated = model(unit, patterns, "covariance", connectivity);
                let point = capacity(&stated, &request(0.0, &["threshold"])).expect("a capacity");
                let optimum = point.optimum.expect("an optimum");
                let threshold = optimum.threshold.expect("a threshold");
                let named = format!("binary:low={low}:high={high}:threshold={threshold}");
                let closure =
                    Sequential::new(&model(&named, patterns, "covariance", connectivity)).expect("a closure");
                let (m, chi) = (point.m.expect("m"), point.chi.expect("chi"));
                let v = stated.patterns.variance();
                let sigma = m / (optimum.signal.expect("a signal") / v.sqrt());
                let y = Vector::from_vec(vec![m, chi, sigma * sigma]);
                let at = Point { alpha: point.alpha_c, temperature: 0.0 };
                let (f, jacobian) = closure.linearize(Phase::Condensed(1), &y, at).expect("inside");
                let what = format!("{unit} {patterns} {connectivity}");
                for i in 0..3 {
                    findings.close(&format!("{what} F{i}"), Some(f[i] / y[i]), 0.0, 1e-12);
                }
                let determinant = jacobian.columns(0, 3).into_owned().determinant();
                findings.close(&format!("{what} det"), Some(determinant), 0.0, 1e-7);
                let end = point.alpha_c_pattern.unwrap_or(at.alpha);
                // Just below there is a stable state, just above none, at the threshold as it is stated.
                // The best state of three-valued memories is on no branch from zero load, where the solver starts.
                if !patterns.starts_with("ternary") {
                    let inside = predict(closure.model(), control(Some(0.98 * end), 0.0), Guess::Retrieval);
                    let stable = inside.ok().map(|state| f64::from(state.locally_stable));
                    findings.close(&format!("{what} below"), stable, 1.0, 0.0);
                }
                let outside =
                    predict(closure.model(), control(Some(1.001 * at.alpha), 0.0), Guess::Retrieval);
                assert!(outside.is_err(), "{what}: a state above the capacity");
            }
        }
    }
    findings.settle(120);
}

/// A stated threshold: the physical one, and the fold that is connected to the pattern.
#[test]
fn stated_thresholds_are_physical() {
    let mut findings = Findings::default();
    let at = |f: f64, theta: f64| {
        let threshold = theta * f * (1.0 - f);
        let unit = format!("binary:threshold={threshold}");
        let model = model(&unit, &format!("sparse:active-fraction={f}"), "covariance", "full");
        capacity(&model, &request(0.0, &[])).expect("a capacity")
    };
    let point = at(0.1, 0.5);
    findings.close("f = 0.1", Some(point.alpha_c), 0.404805, 5e-7);
    assert_eq!(point.alpha_c_pattern, None);
    let point = at(0.05, 0.5);
    findings.close("f = 0.05, the pattern's", point.alpha_c_pattern, 0.650901, 5e-7);
    assert!(point.alpha_c > 0.75);
    // The best threshold as a stated one gives the same.
    let best = capacity(&model("binary", "sparse", "covariance", "full"), &request(0.0, &["threshold"]))
        .expect("one");
    let threshold = best.optimum.and_then(|optimum| optimum.threshold).expect("a threshold");
    findings.close("optimum", Some(threshold / 0.09), 0.558, 5e-4);
    let again = at(0.1, threshold / 0.09);
    findings.close("again", Some(again.alpha_c), best.alpha_c, 1e-9);
    findings.settle(4);
}

/// With the best threshold of sparse memories the pattern's own branch ends before the largest load: at the fold that
/// the solver, which follows the closure in the load, meets first.
#[test]
fn the_branch_of_a_sparse_pattern() {
    let mut findings = Findings::default();
    for (fraction, alpha, m) in [(0.01, 4.088, 0.879), (0.02, 2.2103, 0.85), (0.05, 0.9394, 0.8)] {
        let patterns = format!("sparse:active-fraction={fraction}");
        let point =
            capacity(&model("binary", &patterns, "covariance", "full"), &request(0.0, &["threshold"]));
        let point = point.expect("a capacity");
        let threshold = point.optimum.and_then(|optimum| optimum.threshold).expect("a threshold");
        let named = model(&format!("binary:threshold={threshold}"), &patterns, "covariance", "full");
        let theory = ReplicaSymmetric::new(&named).expect("a theory");
        let start = theory.start(control(Some(0.1 * point.alpha_c), 0.0), Guess::Retrieval).expect("a state");
        let branch = theory.follow(start, Axis::Load).until(Event::Fold).run().expect("a branch");
        let fold = branch.fold().expect("a fold");
        let what = format!("f = {fraction}");
        findings.close(&what, point.alpha_c_pattern, fold.control.alpha(), 1e-9);
        findings.close(&what, point.m_pattern, fold.state.m[0], 1e-6);
        findings.close(&what, point.alpha_c_pattern, alpha, 1e-3);
        findings.close(&what, point.m_pattern.map(|m| m / (fraction * (1.0 - fraction))), m, 0.05);
    }
    findings.settle(12);
}

/// T > 0 by following the branch: the four digits of the tables for ±1, and T → 0.
#[test]
fn capacities_at_temperature() {
    let mut findings = Findings::default();
    let ising = model("ising", "rademacher", "hebb", "full");
    for (temperature, value, allowed) in [(0.5, 0.05882, 1e-5), (0.25, 0.11356, 1e-5)] {
        let point = capacity(&ising, &request(temperature, &[])).expect("a capacity");
        findings.close(&format!("T = {temperature}"), Some(point.alpha_c), value, allowed);
    }
    let sparse = model("binary:threshold=0.045", "sparse", "covariance", "full");
    let cold = |temperature: f64| capacity(&sparse, &request(temperature, &[])).expect("a capacity").alpha_c;
    let ground = cold(0.0);
    // α_c(T) has a Taylor series at T = 0: three temperatures give its constant to O(T³).
    let (t, twice, four) = (cold(5e-5), cold(1e-4), cold(2e-4));
    findings.close("T → 0", Some((8.0 * t - 6.0 * twice + four) / 3.0), ground, 2e-6);
    assert!(t - ground > 5e-5, "the temperature must be seen");
    findings.settle(3);
}

/// Jacobians with sparse memories, dilution and noise without reaction against finite differences.
#[test]
fn jacobians() {
    let mut findings = Findings::default();
    let cases = [
        ("binary:threshold=0.04", "sparse", "full", vec![0.0, 0.01, 0.05]),
        ("binary:threshold=0.04", "ternary:active-fraction=0.3", "diluted:c=0.3", vec![0.0, 0.02]),
        ("three-state:crystal-field=0.05", "quaternary:active-fraction=0.3", "full", vec![0.0, 0.03]),
        ("binary:threshold=0.04", "sparse", "diluted:c=0.3:symmetric=false", vec![0.0]),
        ("binary:threshold=0.04", "sparse", "extreme", vec![0.0, 0.02]),
        ("ising", "biased:mean=-0.4", "extreme", vec![0.0, 0.3]),
    ];
    for (unit, patterns, connectivity, temperatures) in cases {
        let closure = Sequential::new(&model(unit, patterns, "covariance", connectivity)).expect("a closure");
        for temperature in temperatures {
            for phase in [Phase::Condensed(1), Phase::Condensed(3), Phase::SpinGlass] {
                let m = if phase.condensed() > 0 { 0.06 } else { 0.0 };
                let y = [m, 0.7, 0.003];
                check(&mut findings, &closure, phase, &y, Point { alpha: 0.2, temperature });
            }
        }
    }
    findings.settle(250);
}

fn check(findings: &mut Findings, closure: &Sequential, phase: Phase, y: &[f64], at: Point) {
    let (_, jacobian) = closure.linearize(phase, &Vector::from_row_slice(y), at).expect("inside");
    let last = if at.temperature == 0.0 { 4 } else { 5 };
    for j in usize::from(phase.condensed() == 0)..last {
        let size = [y[0], y[1], y[2], at.alpha, at.temperature][j];
        let residual = |by: f64, row: usize| {
            let (mut y, mut at) = (y.to_vec(), at);
            match j {
                3 => at.alpha += by,
                4 => at.temperature += by,
                _ => y[j] += by,
            }
            closure.residual(phase, &Vector::from_vec(y), at).map_or(f64::NAN, |f| f[row])
        };
        for row in 0..3 {
            let slope = crate::free_energy::derivative(0.02 * size, &|h: f64| residual(h, row));
            let scale = 1.0 + jacobian.column(j).amax();
            let what = format!("{} {phase:?} {at:?} ∂F{row}/∂{j}", closure.model().connectivity);
            findings.close(&what, Some(slope), jacobian[(row, j)], 1e-7 * scale);
        }
    }
}

/// What a capacity cannot be, each with its own line.
#[test]
fn refusals() {
    let cases = [
        (model("binary", "sparse", "hebb", "full"), request(0.0, &["threshold"]), "rule `covariance`"),
        (model("ising", "gaussian", "hebb", "full"), request(0.0, &[]), "discrete patterns"),
        (model("ising", "rademacher", "none", "full"), request(0.0, &[]), "stores no memories"),
        (model("ising", "rademacher", "hebb", "full"), request(0.0, &["gain"]), "it has no gain"),
        (model("ising", "rademacher", "hebb", "full"), request(0.2, &["threshold"]), "two levels at T = 0"),
        (
            model("ising", "rademacher", "hebb", "diluted:symmetric=false"),
            request(0.2, &[]),
            "fluctuation-dissipation",
        ),
        (model("relu", "sparse", "covariance", "full"), request(0.1, &["threshold"]), "T > 0"),
        (model("relu", "sparse", "covariance", "full"), request(0.0, &[]), "inhibition"),
        (
            model("relu", "sparse", "covariance", "full")
                .with_self_coupling("kept".parse().unwrap_or(SelfCoupling::neutral())),
            request(0.0, &["threshold", "gain"]),
            "destroys retrieval",
        ),
    ];
    for (model, request, part) in cases {
        let message = capacity(&model, &request).expect_err("a refusal").to_string();
        assert!(message.contains(part), "`{part}` is not in: {message}");
        assert!(!message.contains('\n'));
    }
    let model = model("binary:threshold=5", "sparse", "covariance", "full");
    let none = capacity(&model, &request(0.0, &[]));
    assert!(matches!(none, Err(TheoryError::NoSuchState { .. })), "{none:?}");
}

/// A record keeps every number, and `null` for what is not known.
#[test]
fn records_round_trip() {
    let model = model("relu", "exponential", "covariance", "diluted:c=0.2");
    let points = vec![capacity(&model, &request(0.0, &["threshold", "gain"])).expect("a capacity")];
    let record = CapacityRecord { model, points };
    let text = serde_json::to_string(&record).expect("JSON");
    assert!(text.contains("\"kappa\":null") && text.contains("\"method\":\"replica_symmetric\""), "{text}");
    assert_eq!(serde_json::from_str::<CapacityRecord>(&text).expect("a record"), record);
}
