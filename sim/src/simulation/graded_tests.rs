//! Graded and threshold-linear units at an extensive load, from the public way in.

use super::*;

fn model(unit: &str, patterns: &str, rule: &str, update: &str) -> Model {
    Model {
        unit: unit.parse().unwrap(),
        patterns: patterns.parse().unwrap(),
        rule: rule.parse().unwrap(),
        update: update.parse().unwrap(),
        ..Model::default()
    }
}

fn at(model: &Model, load: f64, temperature: f64) -> Simulation {
    Simulation::new(model).at(Control::new(load, temperature)).sizes([400]).samples(3).sweeps(20).burn_in(60)
}

/// The same disorder and start: all three updates end in the same state, and every record says so.
#[test]
fn all_updates_end_in_the_same_state() {
    let of = |update: &str| {
        let model = model("graded:gain=4", "rademacher", "hebb", update);
        let results = at(&model, 0.05, 0.0).run_samples().unwrap();
        results.iter().map(|result| result.mean("m").unwrap()).collect::<Vec<f64>>()
    };
    let flow = of("continuous");
    for update in ["sequential", "parallel"] {
        for (a, b) in of(update).iter().zip(&flow) {
            assert!((a - b).abs() < 1e-9, "{update}: {a} {b}");
        }
    }
}

#[test]
fn flows_give_the_same_bytes_on_any_number_of_threads() {
    for (unit, patterns, rule) in [
        ("graded:gain=3", "rademacher", "hebb"),
        ("threshold-linear:gain=2:threshold=-0.1", "sparse", "covariance"),
    ] {
        let model = model(unit, patterns, rule, "continuous");
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let simulation = at(&model, 0.1, 0.0).sizes([50, 81]).sweeps(10).burn_in(5).trace(true);
            let outcome = pool.install(|| simulation.run_with(&Session::default()).unwrap());
            (serde_json::to_string(&outcome.record).unwrap(), outcome.traces)
        };
        let one = on(1);
        assert!(one == on(2) && one == on(5), "{unit}");
        // Without noise, replicas from the same start are one.
        let traces = &one.1;
        assert!(traces.chunks(2).all(|pair| pair[0].columns == pair[1].columns));
        let names: Vec<&str> = traces[0].columns.iter().map(|column| column.name.as_str()).collect();
        assert!(names.contains(&"energy") && !names.contains(&"d"), "{names:?}");
        // The energy falls.
        let energy = &traces[0].columns.iter().find(|column| column.name == "energy").unwrap().values;
        assert!(energy.windows(2).all(|pair| pair[1] <= pair[0] + 1e-12), "{energy:?}");
    }
}

#[test]
fn what_a_flow_refuses_is_one_line() {
    let refused = |unit: &str, temperature: f64| {
        let message = at(&model(unit, "rademacher", "hebb", "continuous"), 0.1, temperature).run();
        message.unwrap_err().to_string()
    };
    for (message, word) in [
        (refused("graded", 0.2), "no noise"),
        (refused("ising", 0.0), "jumps between levels"),
        (refused("threshold-linear", 0.1), "no noise"),
    ] {
        assert!(message.contains(word) && !message.contains('\n'), "{message}");
    }
    let trials = crate::experiment::Trials { neurons: 50, memories: 2, trials: 2, seed: 1 };
    let flow = model("graded", "rademacher", "hebb", "continuous");
    let message = crate::experiment::familiarity(&flow, &trials, 0.0, Start::Random).unwrap_err().to_string();
    assert!(message.contains("unit of time") && !message.contains('\n'), "{message}");
}

/// Rates without a bound that explode leave unknown averages and end.
#[test]
fn explosions_end() {
    let model = model("threshold-linear:gain=1000:threshold=-0.1", "sparse", "covariance", "continuous");
    let results = at(&model, 0.01, 0.0).sizes([100]).run_samples().unwrap();
    assert!(results.iter().all(|result| result.mean("m").is_none_or(|m| m.abs() > 1e3)), "{results:?}");
}

/// Rates settle at their own size, whatever that of the start: the overlap may fall to a tenth in the same
/// memory, and that is no escape; far above the capacity it is one.
#[test]
fn the_size_of_rates_is_no_escape() {
    let cases = [
        (4000, 0.0005, true, &["sequential", "continuous"][..]),
        (500, 0.8, false, &["sequential", "parallel"]),
    ];
    for (neurons, load, retrieved, updates) in cases {
        for &update in updates {
            let mut model = model("threshold-linear:gain=12:threshold=-0.01", "sparse", "covariance", update);
            model.field = "inhibition:strength=0.3".parse().unwrap();
            let run = at(&model, load, 0.0).sizes([neurons]).burn_in(200);
            for result in run.run_samples().unwrap() {
                let (m, correlation) = (result.mean("m").unwrap(), result.mean("correlation").unwrap());
                assert_eq!(result.escaped, !retrieved, "{update}: {m} {correlation}");
                // At the start s = 12 where ξ = 1, and m = 0.09 × 12.
                assert!(!retrieved || m < 0.1 && correlation > 0.85, "{update}: {m} {correlation}");
            }
        }
    }
}

/// Overlaps at T = 0 against the closure of graded units (Kühn, Bös & van Hemmen 1991): gain 2 at α = 0.05,
/// gain 4 at α = 0.05 and 0.1. 1/N corrections are below the errors.
#[test]
#[ignore = "a minute"]
fn graded_networks_have_the_overlaps_of_theory() {
    for (gain, load, exact) in [(2, 0.05, 0.917_039_976), (4, 0.05, 0.996_470_732), (4, 0.1, 0.980_459_879)] {
        let model = model(&format!("graded:gain={gain}"), "rademacher", "hebb", "parallel");
        let run = at(&model, load, 0.0).sizes([3000]).samples(48).burn_in(300).sweeps(2).seed(7);
        let record = run.run().unwrap();
        let m = record.points[0].observable("m").unwrap();
        let (value, error) = (m.value.unwrap(), m.error.unwrap());
        println!("gain {gain}, α = {load}: {value} ± {error}");
        assert!((value - exact).abs() < 4.0 * error, "{value} ± {error}, exact {exact}");
    }
}
