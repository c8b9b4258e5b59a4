//! Random weights: moments, typical sizes, crossovers.

use mattis_model::Encoding;
use mattis_theory::interactions::{Measure, RandomWeights, coupling, crossover, first_rise};

use crate::units::{reference, unit, weyl};

fn one(name: &str, sigma: f64) -> RandomWeights {
    let unit = unit(name);
    let encoding = Encoding::ZeroOne;
    RandomWeights { unit, encoding, visible: 10, hidden: 1, mean: 0.0, sigma, bias: 0.0 }
}

/// Published rms of one unit, c = 0 and μ_w = 0, orders 1 to 5, as printed; those at σ = 4 of step with k ≥ 3
/// and of relu with k = 5 are sums over a grid of all weights, from which the published .8559 .8591 .9421 and
/// 2.410 differ.
const TABLE: [(&str, f64, [&str; 5]); 15] = [
    ("step", 0.5, [".2553", ".0564", ".00709", ".00455", ".00200"]),
    ("step", 1.0, [".5332", ".1870", ".0536", ".0396", ".0299"]),
    ("step", 2.0, ["1.153", ".5335", ".2584", ".2311", ".2270"]),
    ("step", 4.0, ["2.503", "1.335", ".8560", ".8593", ".9435"]),
    ("relu", 0.5, [".4205", ".1023", ".0267", ".00504", ".00266"]),
    ("relu", 1.0, [".9704", ".4833", ".1756", ".0591", ".0445"]),
    ("relu", 2.0, ["2.821", "2.245", ".9363", ".4568", ".4058"]),
    ("relu", 4.0, ["10.14", "9.672", "4.306", "2.501", "2.412"]),
    ("poisson", 0.5, [".6184", ".3824", ".2365", ".1462", ".0904"]),
    ("poisson", 1.0, ["2.2565", "5.0916", "11.489", "25.925", "58.498"]),
    ("poisson", 2.0, ["54.5", "2967", "1.62e5", "8.8e6", "4.8e8"]),
    ("gaussian", 0.5, [".2165", ".25", "0", "0", "0"]),
    ("gaussian", 1.0, [".8660", "1", "0", "0", "0"]),
    ("gaussian", 2.0, ["3.464", "4", "0", "0", "0"]),
    ("gaussian", 4.0, ["13.86", "16", "0", "0", "0"]),
];

/// One unit of the last printed digit.
fn last_digit(printed: &str) -> f64 {
    let (digits, exponent) = printed.split_once('e').unwrap_or((printed, "0"));
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    10_f64.powi(exponent.parse::<i32>().expect("an exponent") - decimals as i32)
}

#[test]
fn the_table_of_orders() {
    let mut walked = 0;
    for (name, sigma, row) in TABLE {
        let ensemble = one(name, sigma);
        for (printed, order) in row.into_iter().zip(1..) {
            let wanted: f64 = printed.parse().expect("a number");
            let found = ensemble.moments(order).expect("moments");
            assert!(
                (found.rms - wanted).abs() <= 0.5 * last_digit(printed),
                "{name} {sigma} {order}: {found:?} {printed}"
            );
            assert!(found.error < 1e-11 * (1.0 + found.rms), "{name} {sigma} {found:?}");
            walked += 1;
        }
    }
    assert!(walked >= 55);
}

#[test]
fn quadratures_over_the_weights_themselves() {
    let reference = reference();
    let mut walked = 0;
    for entry in reference["ensemble"].as_array().expect("a list") {
        let number = |key: &str| entry[key].as_f64().expect("a number");
        let ensemble = RandomWeights {
            unit: unit(entry["unit"].as_str().expect("a name")),
            encoding: entry["encoding"].as_str().expect("a name").parse().expect("an encoding"),
            visible: number("visible") as usize,
            hidden: 1,
            mean: number("mean"),
            sigma: number("sigma"),
            bias: number("bias"),
        };
        for row in entry["found"].as_array().expect("rows") {
            let [order, mean, square] = [0, 1, 2].map(|i| row[i].as_f64().expect("a number"));
            let found = ensemble.moments(order as usize).expect("moments");
            let what = format!("{} {} {order}: {found:?} {mean} {square}", entry["unit"], entry["encoding"]);
            // Sums of a million terms in double precision.
            assert!((found.mean - mean).abs() < 2e-12 * (1.0 + square.sqrt()), "{what}");
            assert!((found.rms.powi(2) - square).abs() < 2e-12 * (1.0 + square), "{what}");
            walked += 1;
        }
    }
    assert!(walked >= 16);
}

#[test]
fn poisson_units_in_closed_form() {
    let lambda: f64 = 0.3_f64.exp();
    for (mean, sigma) in [(0.0, 0.4), (0.3, 1.0), (-0.2, 1.7), (0.1, 0.01)] {
        let ensemble = RandomWeights { mean, sigma, bias: 0.3, hidden: 4, ..one("poisson", 0.0) };
        let half: f64 = mean + sigma * sigma / 2.0;
        // E(e^W − 1)² = e^{2μ+2σ²} − 2e^{μ+σ²/2} + 1.
        let square = (2.0 * half + sigma * sigma).exp_m1() - 2.0 * half.exp_m1();
        for order in 1..=5 {
            let found = ensemble.moments(order).expect("moments");
            let k = order as i32;
            let first = lambda * half.exp_m1().powi(k);
            let second = lambda.powi(2) * square.powi(k);
            let rms = (4.0 * (second - first * first) + 16.0 * first * first).sqrt();
            assert!((found.mean - 4.0 * first).abs() < 1e-11 * rms, "{sigma} {found:?}");
            assert!((found.rms - rms).abs() < 1e-11 * rms, "{sigma} {found:?} {rms}");
        }
    }
    // ±1, N = 6: E sinh² W = ½(e^{2σ²} − 1), E cosh² W = ½(e^{2σ²} + 1) at μ = 0, and each order is √tanh σ²
    // smaller.
    let spins =
        RandomWeights { encoding: Encoding::PlusMinus, visible: 6, sigma: 0.7, ..one("poisson", 0.0) };
    let rms: Vec<f64> = (1..=6).map(|order| spins.moments(order).expect("moments").rms).collect();
    let e = (2.0 * 0.49_f64).exp();
    assert!((rms[1] - ((0.5 * (e - 1.0)).powi(2) * (0.5 * (e + 1.0)).powi(4)).sqrt()).abs() < 1e-13);
    assert!(rms.windows(2).all(|pair| (pair[1] / pair[0] - 0.49_f64.tanh().sqrt()).abs() < 1e-13));
}

#[test]
fn spins_by_a_sum_over_flips() {
    // E J_S² = 2^{−N} Σ_m Kr_k(m) G(N − 2m), G(D) = E K(q)K(q′), q and q′ normal of variance Nσ² and covariance
    // Dσ².
    let (n, sigma) = (6_usize, 0.8);
    let ensemble =
        RandomWeights { encoding: Encoding::PlusMinus, visible: n, bias: 0.4, ..one("step", sigma) };
    let k = |q: f64| {
        let mut out = [0.0];
        ensemble.unit.cumulants(0.4 + q, &mut out);
        out[0]
    };
    let correlated = |d: f64| -> f64 {
        let (n, step) = (n as f64, 0.1);
        let (plus, minus) = ((0.5 * (n + d)).sqrt() * sigma, (0.5 * (n - d)).sqrt() * sigma);
        let mut sum = 0.0;
        for i in -95..=95 {
            for j in -95..=95 {
                let (x, y) = (step * f64::from(i), step * f64::from(j));
                let (a, b) = (plus * x + minus * y, plus * x - minus * y);
                sum += (-0.5 * (x * x + y * y)).exp() * k(a) * k(b);
            }
        }
        sum * step * step / (2.0 * std::f64::consts::PI)
    };
    let binomial = |n: i32, k: i32| -> f64 {
        if k > n { 0.0 } else { (0..k).map(|j| f64::from(n - j) / f64::from(j + 1)).product() }
    };
    let g: Vec<f64> = (0..=n).map(|m| correlated(n as f64 - 2.0 * m as f64)).collect();
    for order in 1..=4_i32 {
        // Kr_k(m) of the flips m, weighted by how many sets of m flips there are.
        let wanted: f64 = (0..=n as i32)
            .map(|m| {
                let krawtchouk: f64 = (0..=order)
                    .map(|j| (-1.0_f64).powi(j) * binomial(m, j) * binomial(n as i32 - m, order - j))
                    .sum();
                let share = krawtchouk / binomial(n as i32, order);
                share * binomial(n as i32, m) * g[m as usize] / 2_f64.powi(n as i32)
            })
            .sum();
        let found = ensemble.moments(order as usize).expect("moments");
        assert!((found.rms.powi(2) - wanted).abs() < 1e-13, "{order}: {found:?} {wanted}");
    }
}

#[test]
fn small_weights_keep_their_digits() {
    // J_S ≈ κ_k ΠW + …: the rms at order k is |κ_k| σ^k (1 + O(σ²)).
    for name in ["step", "spin", "three-state"] {
        let ensemble = RandomWeights { bias: 0.3, ..one(name, 1e-3) };
        let mut cumulants = [0.0; 6];
        ensemble.unit.cumulants(0.3, &mut cumulants);
        for (order, cumulant) in cumulants.iter().enumerate().skip(1) {
            let found = ensemble.moments(order).expect("moments");
            let ratio = found.rms / (cumulant.abs() * 1e-3_f64.powi(order as i32));
            assert!((ratio - 1.0).abs() < 1e-3, "{name} {order}: {ratio} {found:?}");
            assert!(found.error < 1e-6 * found.rms, "{name} {order}: {found:?}");
        }
    }
}

#[test]
fn orders_overtake_each_other() {
    let poisson = one("poisson", 1.0);
    let log_two = std::f64::consts::LN_2;
    for order in [1, 3] {
        for (measure, wanted, digits) in [
            (Measure::Rms, (2.0 * log_two / 3.0).sqrt(), 1e-12),
            (Measure::Mean, (2.0 * log_two).sqrt(), 1e-12),
            (Measure::Typical, 1.687922, 5e-7),
        ] {
            let found = crossover(&poisson, measure, order).expect("a search").expect("a crossover");
            assert!((found - wanted).abs() < digits, "{measure:?} {order}: {found}");
        }
    }
    // λ only rescales.
    let other = RandomWeights { bias: -1.3, ..poisson.clone() };
    assert_eq!(
        crossover(&other, Measure::Rms, 2).expect("a search").map(|x| (x * 1e9).round()),
        crossover(&poisson, Measure::Rms, 2).expect("a search").map(|x| (x * 1e9).round())
    );
    // In ±1 no order overtakes.
    let spins = RandomWeights { encoding: Encoding::PlusMinus, visible: 8, ..poisson };
    assert_eq!(crossover(&spins, Measure::Rms, 1).expect("a search"), None);
    // A linear activation has √3/2 σ² and σ² at orders one and two at every σ, and nothing at three.
    let linear = one("gaussian", 1.0);
    assert_eq!(crossover(&linear, Measure::Rms, 1).expect("a search"), None);
    assert_eq!(crossover(&linear, Measure::Rms, 2).expect("a search"), None);
    // Step: orders 3 and 4 between σ = 2 and 4, as the table has it.
    let found = crossover(&one("step", 1.0), Measure::Rms, 3).expect("a search");
    assert!(found.is_some_and(|sigma| (2.0..4.0).contains(&sigma)), "{found:?}");
}

#[test]
fn typical_sizes_of_fixed_draws() {
    // Stratified draws of the weights: the midpoints of 2000 equal shares of the normal law.
    let draws: Vec<f64> = (0..4000)
        .map(|j| {
            let share = (f64::from(j) + 0.5) / 4000.0;
            let (mut low, mut high) = (-9.0, 9.0);
            for _ in 0..60 {
                let z: f64 = 0.5 * (low + high);
                if 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2) < share { low = z } else { high = z }
            }
            0.5 * (low + high)
        })
        .collect();
    for name in ["step", "spin", "poisson", "gaussian"] {
        for (mean, sigma, bias) in [(0.0, 1.0, 0.0), (0.3, 0.8, 0.5), (-0.4, 2.0, 0.2)] {
            let ensemble = RandomWeights { mean, sigma, bias, ..one(name, 1.0) };
            let k = |q: f64| {
                let mut out = [0.0];
                ensemble.unit.cumulants(bias + q, &mut out);
                out[0]
            };
            let logs = draws.iter().map(|z| (k(mean + sigma * z) - k(0.0)).abs().ln());
            let wanted = logs.sum::<f64>() / draws.len() as f64;
            let found = ensemble.typical(1).expect("a typical size").ln();
            // A logarithm at the middle of a share of 1/4000 is off by up to a few of them.
            assert!((found - wanted).abs() < 3e-3, "{name} {mean} {sigma} {bias}: {found} {wanted}");

            let some: Vec<f64> = draws.iter().skip(10).step_by(20).copied().collect();
            let mut sum = 0.0;
            for a in &some {
                for b in &some {
                    let (a, b) = (mean + sigma * a, mean + sigma * b);
                    sum += (k(a + b) - k(a) - k(b) + k(0.0)).abs().max(1e-14).ln();
                }
            }
            let wanted = sum / (some.len() * some.len()) as f64;
            let found = ensemble.typical(2).expect("a typical size").ln();
            assert!((found - wanted).abs() < 4e-2, "{name} {mean} {sigma} {bias}: {found} {wanted}");
        }
    }
    assert_eq!(one("gaussian", 1.0).typical(3).expect("a size"), 0.0);
    let refused = one("step", 1.0).typical(3).expect_err("no closed form").to_string();
    assert!(refused.contains("orders 1 and 2"), "{refused}");
}

#[test]
fn means_of_one_machine_scatter_as_said() {
    // Mean over all pairs of 200 machines with weights from quantiles in a scrambled order.
    let (n, machines) = (6, 400);
    let normal = |share: f64| {
        let (mut low, mut high) = (-9.0, 9.0);
        for _ in 0..50 {
            let z: f64 = 0.5 * (low + high);
            if 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2) < share { low = z } else { high = z }
        }
        0.5 * (low + high)
    };
    for encoding in Encoding::ALL {
        let hidden = unit("step");
        let ensemble = RandomWeights { encoding, visible: n, mean: 0.4, sigma: 0.9, ..one("step", 0.9) };
        let mut means = vec![];
        let mut x = 0.5_f64;
        for _ in 0..machines {
            let mut machine = weyl(&hidden, encoding, (n, 1), 1.0, 0.1);
            for row in &mut machine.weights {
                // A chaotic map of the square keeps no order.
                x = (x * 1_103.515_245 + 0.123_456_789).fract();
                row[0] = 0.4 + 0.9 * normal(x.clamp(1e-9, 1.0 - 1e-9));
            }
            machine.visible_bias = vec![0.0; n];
            machine.hidden_bias = vec![0.0];
            let mut sum = 0.0;
            for i in 0..n {
                for j in 0..i {
                    sum += coupling(&machine, &[i, j]).expect("a coupling").value;
                }
            }
            means.push(sum / 15.0);
        }
        let count = f64::from(machines);
        let mean = means.iter().sum::<f64>() / count;
        let variance = means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / (count - 1.0);
        let found = ensemble.moments(2).expect("moments");
        // Five standard errors of 400 means, and of their variance (a kurtosis below 6).
        assert!(
            (mean - found.mean).abs() < 5.0 * found.mean_deviation / count.sqrt(),
            "{encoding}: {mean} {found:?}"
        );
        let error = found.mean_deviation.powi(2) * (5.0 / count).sqrt();
        assert!(
            (variance - found.mean_deviation.powi(2)).abs() < 5.0 * error,
            "{encoding}: {variance} {found:?}"
        );
        // Had the pairs been independent it would be far less.
        assert!(found.mean_deviation > 1.2 * found.deviation / 15_f64.sqrt(), "{encoding}: {found:?}");
    }
}

#[test]
fn log_normal_couplings_are_not_sampled() {
    let kurtosis = |sigma: f64, order| {
        let found = one("poisson", sigma).moments(order).expect("moments");
        found.kurtosis.expect("a closed form")
    };
    // Small weights: that of a product of normal ones, 3^k; σ = 1: 10⁴ draws leave the mean square uncertain by
    // a half.
    assert!((kurtosis(0.01, 2) - 9.0).abs() < 0.1);
    assert!(kurtosis(1.0, 2) > 2500.0, "{}", kurtosis(1.0, 2));
    assert_eq!(one("step", 1.0).moments(2).expect("moments").kurtosis, None);
}

#[test]
fn ensembles_that_do_not_exist() {
    let step = one("step", 1.0);
    let said = |ensemble: RandomWeights, order| ensemble.moments(order).expect_err("refused").to_string();
    assert!(said(step.clone(), 0).contains("1 to N = 10"));
    assert!(said(RandomWeights { sigma: -1.0, ..step.clone() }, 1).contains("sigma"));
    let bounded = unit("exponential-density:rate=5");
    assert!(said(RandomWeights { unit: bounded, ..step.clone() }, 1).contains("measure is infinite"));
    let potts = "potts".parse().expect("a unit");
    assert!(said(RandomWeights { unit: potts, ..step }, 1).contains("each of its states"));
}

/// The first pair of orders that does not fall is one that crosses there, and no pair crosses before.
#[test]
fn the_first_rise_is_the_least_crossover() {
    let step = one("step", 1.0);
    let rise = first_rise(&step, 5, (0.25, 12.0)).expect("moments").expect("a rise");
    let crossings: Vec<Option<f64>> =
        (1..5).map(|order| crossover(&step, Measure::Rms, order).expect("moments")).collect();
    let least = crossings.iter().flatten().copied().fold(f64::INFINITY, f64::min);
    assert!((rise.sigma / least - 1.0).abs() < 0.015, "{rise:?} {crossings:?}");
    assert_eq!(crossings[rise.low - 1], Some(least));
    assert_eq!(first_rise(&one("gaussian", 1.0), 1, (0.25, 12.0)).expect("moments"), None);
}
