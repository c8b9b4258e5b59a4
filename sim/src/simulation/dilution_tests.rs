//! Diluted networks and memories of low activity, from the public way in.

use super::*;

fn model(parts: [&str; 5]) -> Model {
    let [unit, patterns, rule, connectivity, update] = parts;
    Model {
        unit: unit.parse().unwrap(),
        patterns: patterns.parse().unwrap(),
        rule: rule.parse().unwrap(),
        connectivity: connectivity.parse().unwrap(),
        update: update.parse().unwrap(),
        ..Model::default()
    }
}

const DIRECTED: &str = "diluted:c=0.2:symmetric=false";

fn at(model: &Model, load: f64, temperature: f64) -> Simulation {
    Simulation::new(model).at(Control::new(load, temperature)).sizes([400]).samples(3).sweeps(20).burn_in(10)
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    for parts in [
        ["ising", "rademacher", "hebb", "diluted:c=0.3", "sequential"],
        ["binary:threshold=0.04", "sparse", "covariance", DIRECTED, "parallel"],
        ["graded", "ternary", "covariance", "extreme:inputs=20", "sequential"],
        ["three-state", "biased:mean=0.2", "covariance", "extreme:inputs=30", "sequential"],
        ["binary", "quaternary", "covariance", "full", "sequential"],
        ["threshold-linear:gain=2:threshold=-0.1", "sparse", "covariance", "full", "parallel"],
    ] {
        let model = model(parts);
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let temperature = if parts[0].starts_with("threshold") { 0.0 } else { 0.3 };
            let simulation = at(&model, 0.1, temperature).sizes([50, 81]).samples(4).trace(true);
            let outcome = pool.install(|| simulation.run_with(&Session::default()).unwrap());
            (serde_json::to_string(&outcome.record).unwrap(), outcome.traces)
        };
        let one = on(1);
        assert!(one == on(2) && one == on(5), "{parts:?}");
    }
}

#[test]
fn the_load_counts_inputs() {
    for (connectivity, p, inputs) in
        [("full", 20, 400.0), ("diluted:c=0.2", 4, 80.0), (DIRECTED, 4, 80.0), ("extreme:inputs=55", 3, 55.0)]
    {
        let model = model(["ising", "rademacher", "hebb", connectivity, "sequential"]);
        let record = at(&model, 0.05, 0.3).run().unwrap();
        let point = &record.points[0];
        assert_eq!((point.p, point.alpha), (p, Some(p as f64 / inputs)), "{connectivity}");
        assert_eq!(point.alpha_requested, Some(0.05));
    }
    let model = model(["ising", "rademacher", "hebb", "extreme:inputs=5", "sequential"]);
    let message = at(&model, 0.01, 0.3).run().unwrap_err().to_string();
    assert!(message.contains("C = 5") && !message.contains('\n'), "{message}");
}

/// Asymmetric couplings have no energy; everything else is measured.
#[test]
fn only_symmetric_couplings_have_an_energy() {
    for unit in ["ising", "graded"] {
        for update in ["sequential", "parallel"] {
            for connectivity in ["diluted:c=0.2", DIRECTED, "extreme:inputs=80", "full"] {
                let model = model([unit, "rademacher", "hebb", connectivity, update]);
                let record = at(&model, 0.05, 0.3).run().unwrap();
                let names: Vec<&str> = record.points[0].observables.iter().map(|e| e.name.as_str()).collect();
                let symmetric = model.connectivity.value().is_symmetric();
                assert_eq!(names.contains(&"energy"), symmetric, "{unit} {connectivity}");
                let mut expected = vec!["m", "m_max_other", "q", "energy", "activity", "d", "d2"];
                expected.retain(|name| {
                    (symmetric || *name != "energy") && (update == "parallel" || !name.starts_with('d'))
                });
                assert_eq!(names, expected);
            }
        }
    }
}

#[test]
fn what_has_no_network_says_why() {
    let with = |rule: &str, synapse: &str, diagonal: &str| {
        let mut model = model(["ising", "sparse", rule, "diluted:c=0.2", "sequential"]);
        model.synapse = synapse.parse().unwrap();
        model.self_coupling = diagonal.parse().unwrap();
        model
    };
    for (model, word) in
        [(with("covariance", "identity", "kept"), "kept"), (with("none", "identity", "zero"), "connectivity")]
    {
        let control =
            if model.stores_memories() { Control::new(0.1, 0.3) } else { Control::without_load(0.3) };
        let message = Simulation::new(&model).at(control).run().unwrap_err().to_string();
        assert!(message.contains(word) && !message.contains('\n'), "{message}");
    }
    let model = model(["binary", "sparse", "covariance", "full", "sequential"]);
    let message = at(&model, 0.1, 0.3).start(Start::Overlap { m: -0.5 }).run().unwrap_err().to_string();
    assert!(message.contains("from 0 to 1"), "{message}");
}

/// A start at a memory of 0s and 1s is that memory, which is stable at a low load.
#[test]
fn starts_take_the_values_of_memories() {
    let model = model(["binary:threshold=0.045", "sparse", "covariance", "full", "sequential"]);
    let first = |start| {
        let run = at(&model, 0.01, 0.0).sizes([20_000]).burn_in(0).sweeps(1).trace(true).start(start);
        run.run_with(&Session::default()).unwrap().traces
    };
    for trace in first(Start::Pattern) {
        let of = |name: &str| trace.columns.iter().find(|c| c.name == name).unwrap().values[0];
        let f = of("activity");
        assert!((f - 0.1).abs() < 4.0 * (0.09_f64 / 2e4).sqrt(), "{f}");
        // (1/N) Σ (ξ − a) ξ = (1 − a) f for 0/1 memories of which the fraction f is 1.
        assert!((of("m") - 0.9 * f).abs() < 1e-3, "{}", of("m"));
    }
}

/// f = 0.1 and a fixed threshold half-way between the two kinds of fields: 0/1 units keep a memory at
/// α = 0.2, below the capacity 0.44 at the best threshold, and lose it at α = 1.
#[test]
fn sparse_memories_are_retrieved_below_their_capacity() {
    let model =
        model(["binary:threshold=0.045", "sparse:active-fraction=0.1", "covariance", "full", "sequential"]);
    for (load, retrieved) in [(0.2, true), (1.0, false)] {
        let results =
            at(&model, load, 0.0).sizes([2000]).samples(4).sweeps(20).burn_in(40).run_samples().unwrap();
        for result in results {
            let m = result.mean("m").unwrap() / 0.09;
            assert_eq!(m > 0.85, retrieved, "{load}: {m}");
            assert!(retrieved || m < 0.5, "{load}: {m}");
        }
    }
}

/// Rates without a bound come to rest with inhibition, and without it may grow beyond all numbers: no panic,
/// and averages that do not exist are unknown.
#[test]
fn threshold_linear_networks_run() {
    for update in ["sequential", "parallel"] {
        for (gain, field, finite) in [(16, "inhibition:strength=0.5", true), (1000, "none", false)] {
            let unit = format!("threshold-linear:gain={gain}:threshold=-0.1");
            let mut model = model([&unit, "sparse", "covariance", "full", update]);
            model.field = field.parse().unwrap();
            let run = at(&model, 0.01, 0.0).sizes([500]).sweeps(100).burn_in(100);
            for result in run.run_samples().unwrap() {
                let (m, activity) = (result.mean("m"), result.mean("activity"));
                assert_eq!(m.is_some_and(|m| m.abs() < 100.0), finite, "{update} {gain}: {m:?}");
                // All at once, the units may overshoot for ever: a 2-cycle.
                let settled = !finite || update == "parallel" || m.unwrap() > 0.1 && activity.unwrap() > 0.3;
                assert!(settled, "{m:?} {activity:?}");
            }
            for start in [Start::Random, Start::Overlap { m: 0.5 }] {
                assert!(run.clone().sweeps(5).start(start).run().is_ok());
            }
        }
    }
}

/// Mean and correlation are measured where memories have a mean or the field inhibits, and agree with the
/// definition: at the memory itself x = f, and the correlation of a memory with itself is 1.
#[test]
fn means_and_correlations_are_measured_where_they_say_something() {
    let named = |parts: [&str; 5], field: &str, load: Option<f64>, temperature: f64| {
        let mut model = model(parts);
        model.field = field.parse().unwrap();
        let control = load.map_or(Control::without_load(temperature), |load| Control::new(load, temperature));
        let run = Simulation::new(&model).at(control).sizes([400]).samples(1).sweeps(1).burn_in(4);
        let result = run.run_samples().unwrap().remove(0);
        let found = |name: &str| result.observables.iter().find(|mean| mean.name == name);
        let of = |name: &str| found(name).map(|mean| mean.value.unwrap_or(f64::NAN));
        (of("mean"), of("correlation"), of("m"), of("activity"))
    };
    let sparse = ["binary:threshold=0.045", "sparse", "covariance", "full", "sequential"];
    let (mean, correlation, m, activity) = named(sparse, "none", Some(0.01), 0.0);
    let (x, m, q) = (mean.unwrap(), m.unwrap(), activity.unwrap());
    assert!((x - q).abs() < 1e-12, "0/1 units: {x} {q}");
    let expected = m / (0.09 * (q - x * x)).sqrt();
    assert!((correlation.unwrap() - expected).abs() < 1e-3, "{correlation:?} {expected}");
    assert!(correlation.unwrap() > 0.9);
    for (parts, field, load, wanted) in [
        (["ising", "rademacher", "hebb", "full", "sequential"], "none", Some(0.05), (false, false)),
        (
            ["ising", "rademacher", "hebb", "full", "sequential"],
            "inhibition:strength=0.5",
            Some(0.05),
            (true, true),
        ),
        (["ising", "biased:mean=0.2", "hebb", "full", "sequential"], "none", Some(0.05), (true, false)),
        (
            ["ising", "biased:mean=0.2", "covariance", "diluted:c=0.3", "parallel"],
            "none",
            Some(0.05),
            (true, true),
        ),
        (["graded", "ternary", "covariance", "full", "sequential"], "none", Some(0.05), (true, true)),
        (["graded", "gaussian", "hebb", "full", "sequential"], "external:h=0.3", Some(0.05), (false, false)),
        (["ising", "biased:mean=0.2", "none", "full", "sequential"], "none", None, (false, false)),
        (
            ["ising", "rademacher", "none", "full", "sequential"],
            "inhibition:strength=0.5",
            None,
            (true, false),
        ),
    ] {
        let (mean, correlation, _, _) = named(parts, field, load, 0.3);
        assert_eq!((mean.is_some(), correlation.is_some()), wanted, "{parts:?} {field}");
        assert!(correlation.is_none_or(|c| c.abs() <= 1.2), "{correlation:?}");
    }
}

/// Silent units have no correlation with anything.
#[test]
fn silent_networks_have_correlation_zero() {
    let model = model(["binary:threshold=0.5", "sparse", "covariance", "full", "sequential"]);
    let record = at(&model, 0.01, 0.0).start(Start::Random).run().unwrap();
    for name in ["mean", "correlation", "activity"] {
        assert_eq!(record.points[0].observable(name).map(|e| e.value), Some(Some(0.0)), "{name}");
    }
}
