//! Networks with a finite mean number of inputs against the exact Poisson map (Derrida, Gardner & Zippelius
//! 1987), and ties at T = 0.

use super::*;
use crate::network::Graph;
use crate::random::Source;

fn ln_factorial(n: usize) -> f64 {
    (2..=n).map(|k| (k as f64).ln()).sum()
}

/// Binomial weights of n trials with probability x.
fn binomial(n: usize, x: f64) -> Vec<f64> {
    let log = |k: usize| ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k);
    (0..=n).map(|k| log(k).exp() * x.powi(k as i32) * (1.0 - x).powi((n - k) as i32)).collect()
}

/// One parallel step at T = 0: of K inputs, Poisson of mean c, K signs of mean m and K(p − 1) fair ones;
/// the mean of the sign of their sum, where a tie counts as `tied`.
fn map(m: f64, (degree, count): (f64, usize), tied: f64) -> f64 {
    let weight = |k: usize| (k as f64 * degree.ln() - degree - ln_factorial(k)).exp();
    let of = |k: usize| -> f64 {
        let (signal, noise) = (binomial(k, 0.5 * (1.0 + m)), binomial(k * (count - 1), 0.5));
        let mut sum = 0.0;
        for (up, w) in signal.iter().enumerate() {
            for (other, v) in noise.iter().enumerate() {
                let field = 2 * (up + other) as i64 - (k * count) as i64;
                sum += w * v * if field == 0 { tied } else { field.signum() as f64 };
            }
        }
        sum
    };
    (0..(degree + 12.0 * degree.sqrt()) as usize).map(|k| weight(k) * of(k)).sum()
}

fn model(degree: f64, update: &str) -> Model {
    Model {
        connectivity: format!("finite:degree={degree}").parse().unwrap(),
        update: update.parse().unwrap(),
        ..Model::default()
    }
}

const CASES: [(f64, usize, f64); 3] =
    [(5.0, 2, 0.813_270_718_1), (10.0, 4, 0.823_273_925_507_24), (5.0, 1, 0.992_329_415_9)];

/// Every step from any overlap is that of the map, and iterates stay at its fixed point.
#[test]
fn steps_are_those_of_the_poisson_map() {
    let neurons = 200_000;
    for (degree, count, fixed) in CASES {
        assert!((map(fixed, (degree, count), 0.0) - fixed).abs() < 1e-8, "{degree} {count}");
        let model = model(degree, "parallel");
        for start in [0.5, fixed] {
            let run = Simulation::new(&model)
                .at(Control::new(count as f64 / degree, 0.0))
                .sizes([neurons])
                .samples(1)
                .sweeps(4)
                .burn_in(0)
                .trace(true)
                .start(Start::Overlap { m: start });
            let outcome = run.run_with(&Session::default()).unwrap();
            assert_eq!(outcome.record.points[0].p, count);
            // The two replicas share couplings and differ in the start and in coins.
            for trace in &outcome.traces {
                let m = &trace.columns.iter().find(|column| column.name == "m").unwrap().values;
                // The start has an error too, which a slope below 2 carries on.
                let sigma = (5.0 * (1.0 - m[0] * m[0]).max(1.0 - start * start) / neurons as f64).sqrt();
                let first = map(start, (degree, count), 0.0);
                assert!((m[0] - first).abs() < 4.0 * sigma, "c = {degree}, p = {count}: {} {first}", m[0]);
                for pair in m.windows(2) {
                    let (next, sigma) = (
                        map(pair[0], (degree, count), 0.0),
                        ((1.0 - pair[1] * pair[1]) / neurons as f64).sqrt(),
                    );
                    assert!((pair[1] - next).abs() < 4.0 * sigma, "c = {degree}: {} {next}", pair[1]);
                    // Negative control: ties that keep the present state.
                    let kept = map(pair[0], (degree, count), pair[0]);
                    assert!((pair[1] - kept).abs() > 4.0 * sigma, "c = {degree}: {} {kept}", pair[1]);
                }
            }
        }
    }
}

/// Inputs are Poisson, and a unit without any is a coin.
#[test]
fn units_without_inputs_are_coins() {
    let (neurons, degree) = (100_000, 1.5);
    let source = Source { seed: 3, sample: 1 };
    let graph = Graph::draw(*model(degree, "parallel").connectivity.value(), neurons, source).unwrap();
    let degrees = graph.in_degrees();
    for k in 0..6 {
        let share = degrees.iter().filter(|d| **d == k).count() as f64 / neurons as f64;
        let exact = (k as f64 * degree.ln() - degree - ln_factorial(k)).exp();
        let sigma = (exact * (1.0 - exact) / neurons as f64).sqrt();
        assert!((share - exact).abs() < 4.0 * sigma, "{k}: {share} {exact}");
    }
    assert!(!graph.is_symmetric());
    // One memory: from the memory itself every unit with inputs stays, and every other is a fair coin.
    for update in ["sequential", "parallel"] {
        let run = Simulation::new(&model(degree, update))
            .at(Control::new(1.0 / degree, 0.0))
            .sizes([neurons])
            .samples(1)
            .sweeps(1)
            .burn_in(0)
            .order(Order::Sweep)
            .trace(true);
        let outcome = run.run_with(&Session::default()).unwrap();
        let alone = (-degree).exp();
        for trace in &outcome.traces {
            let m = trace.columns[0].values[0];
            let sigma = (2.0 * alone / neurons as f64).sqrt();
            assert_eq!(trace.columns[0].name, "m");
            if update == "parallel" {
                assert!((m - (1.0 - alone)).abs() < 4.0 * sigma, "{m}");
            } else {
                // Coins already thrown mislead later units.
                assert!(m < 1.0 - alone + 4.0 * sigma && m > 0.4, "{m}");
            }
        }
        // Coins go on for ever: replicas of one network differ at the end of any run.
        let q = outcome.record.points[0].observable("q").unwrap().value.unwrap();
        assert!(q < 0.95 && q > 0.0, "{q}");
    }
}

/// T = 0 is the limit T → 0 where ties are coins: the same uniforms decide the same.
#[test]
fn zero_temperature_is_a_limit() {
    for connectivity in ["finite:degree=4", "extreme:inputs=4"] {
        for update in ["sequential", "parallel"] {
            let mut model = model(4.0, update);
            model.connectivity = connectivity.parse().unwrap();
            let at = |temperature: f64| {
                let run = Simulation::new(&model).at(Control::new(0.5, temperature)).sizes([2000]);
                let results = run.samples(3).sweeps(30).burn_in(20).run_samples().unwrap();
                results.into_iter().map(|result| result.observables).collect::<Vec<_>>()
            };
            // Fields are multiples of 1/2, so that T = 0.01 flips none against its field.
            assert_eq!(at(0.01), at(0.0), "{connectivity} {update}");
            assert_ne!(at(0.2), at(0.0));
        }
    }
}

#[test]
fn too_many_inputs_are_refused() {
    let refused = |degree: f64, neurons: usize| {
        let run = Simulation::new(&model(degree, "parallel")).at(Control::new(1.0, 0.0)).sizes([neurons]);
        run.run().unwrap_err().to_string()
    };
    assert!(refused(30.0, 20).contains("fewer than N = 20"));
    let message = refused(9000.0, 4_000_000);
    assert!(message.contains("bytes of memory") && !message.contains('\n'), "{message}");
}
