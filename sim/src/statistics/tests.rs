use mattis_model::address::Purpose;

use super::*;
use crate::random::{Source, Uniforms, normal};

fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut words: Uniforms = Source { seed, sample: 0 }.stream(Purpose::Start, 0, 0);
    move || normal(words.next().unwrap(), words.next().unwrap())
}

/// x_{t+1} = φ x_t + √(1 − φ²) z: variance 1, ρ(t) = φ^t, τ = ½(1 + φ)/(1 − φ).
fn autoregressive(phi: f64, length: usize, seed: u64) -> Vec<f64> {
    let mut z = noise(seed);
    let mut x = z();
    (0..length)
        .map(|_| {
            x = phi * x + (1.0 - phi * phi).sqrt() * z();
            x
        })
        .collect()
}

#[test]
fn autocorrelation_time_of_an_autoregressive_series() {
    for phi in [0.0, 0.5, 0.9] {
        let exact = 0.5 * (1.0 + phi) / (1.0 - phi);
        let series = autoregressive(phi, 40_000, 1);
        let found = autocorrelation(&series).unwrap();
        assert!((found.tau - exact).abs() < 4.0 * found.tau_error + 0.01, "{phi}: {found:?}, exact {exact}");
        let error = (2.0 * exact / 40_000.0_f64).sqrt();
        assert!((found.error / error - 1.0).abs() < 0.15);
        assert!((binned_error(&series).unwrap() / error - 1.0).abs() < 0.4);
    }
}

#[test]
fn thermal_errors_cover_the_truth() {
    let runs = 600;
    let squares: f64 = (0..runs)
        .filter_map(|seed| {
            let series = autoregressive(0.8, 600, 100 + seed);
            let z = mean(&series)? / autocorrelation(&series)?.error;
            Some(z * z)
        })
        .sum();
    let ratio = squares / runs as f64;
    assert!((0.85..1.2).contains(&ratio), "mean z² = {ratio}");
}

#[test]
fn what_is_not_known_is_none() {
    assert_eq!(autocorrelation(&[1.0; 100]), None);
    assert_eq!(autocorrelation(&[0.1; 100]), None);
    assert_eq!(autocorrelation(&[f64::NAN; 100]), None);
    assert_eq!(autocorrelation(&[1.0, 2.0]), None);
    let drift: Vec<f64> = (0..100).map(f64::from).collect();
    assert_eq!(autocorrelation(&drift), None);
    let constant = SampleMean::from_series("activity", &[&[1.0; 50], &[1.0; 50]]);
    assert_eq!((constant.value, constant.thermal_error, constant.tau), (Some(1.0), None, None));
    let joined = combine("activity", &[&constant, &constant]);
    assert_eq!((joined.value, joined.error, joined.sample_error), (Some(1.0), None, None));
    let nothing = combine("m", &[]);
    assert_eq!((nothing.value, nothing.error, nothing.n_eff), (None, None, None));
    assert_eq!(SampleMean::from_series("energy", &[&[f64::INFINITY; 20]]).value, None);
}

#[test]
fn alternation_never_makes_an_error_too_small() {
    let mut z = noise(4);
    let series: Vec<f64> = (0..1000).map(|t| if t % 2 == 0 { 1.0 } else { -1.0 } + 0.1 * z()).collect();
    assert!((0.5..0.502).contains(&autocorrelation(&series).unwrap().tau));
}

#[test]
fn errors_come_apart_into_thermal_and_sample_parts() {
    let mut z = noise(7);
    let (between, within, samples, sweeps) = (0.3, 1.0, 400_usize, 100_usize);
    let means: Vec<SampleMean> = (0..samples)
        .map(|_| {
            let centre = between * z();
            let mut series = || (0..sweeps).map(|_| centre + within * z()).collect::<Vec<f64>>();
            let (a, b) = (series(), series());
            SampleMean::from_series("m", &[&a, &b])
        })
        .collect();
    let joined = combine("m", &means.iter().collect::<Vec<_>>());
    let root = (samples as f64).sqrt();
    let thermal = within / (2.0 * sweeps as f64).sqrt() / root;
    // A window over a short series of independent values leaves the error on the safe side: of twelve seeds
    // 1.094 on average, with a spread of 0.005, and 0.871 times the values.
    assert!((joined.thermal_error.unwrap() / thermal - 1.094).abs() < 0.02);
    assert!((joined.sample_error.unwrap() / (between / root) - 1.0).abs() < 0.12);
    assert!((joined.error.unwrap() / (between.hypot(thermal * root) / root) - 1.0).abs() < 0.12);
    assert!((joined.n_eff.unwrap() / (2.0 * sweeps as f64 * samples as f64) - 0.871).abs() < 0.03);
    let single = combine("m", &[&means[0]]);
    assert_eq!((single.error, single.sample_error), (means[0].thermal_error, None));
}

#[test]
fn the_jackknife_removes_the_bias_of_a_square() {
    let mut z = noise(2);
    let rows: Vec<Vec<f64>> = (0..50).map(|_| vec![1.0 + z(), 2.0]).collect();
    let first: Vec<f64> = rows.iter().map(|row| row[0]).collect();
    let (centre, spread) = (mean(&first).unwrap(), variance(&first).unwrap());
    let square = jackknife(&rows, |m| m[0] * m[0]).unwrap();
    assert!((square.value - (centre * centre - spread / 50.0)).abs() < 1e-13);
    assert!((square.bias - spread / 50.0).abs() < 1e-13);
    let linear = jackknife(&rows, |m| m[0] + 3.0 * m[1]).unwrap();
    assert!(linear.bias.abs() < 1e-12 && (linear.error - (spread / 50.0).sqrt()).abs() < 1e-13);
    assert_eq!(jackknife(&rows[..1], |m| m[0]), None);
    assert_eq!(jackknife(&[vec![1.0], vec![1.0, 2.0]], |m| m[0]), None);
}

#[test]
fn extrapolation_is_that_of_the_closed_form() {
    let two = extrapolate(&[(1000.0, 0.97, 0.002), (4000.0, 0.98, 0.001)]).unwrap();
    assert!((two.value - (4000.0 * 0.98 - 1000.0 * 0.97) / 3000.0).abs() < 1e-14);
    let error = f64::hypot(4000.0 * 0.001, 1000.0 * 0.002) / 3000.0;
    assert!((two.error / error - 1.0).abs() < 1e-12 && two.chi_squared < 1e-20 && two.degrees == 0);
    let line = |n: f64| (n, 0.5 - 7.0 / n, 0.001 * n);
    let three = extrapolate(&[line(1000.0), line(2000.0), line(4000.0)]).unwrap();
    assert!((three.value - 0.5).abs() < 1e-13 && (three.slope + 7.0).abs() < 1e-9 && three.degrees == 1);
    // Equal errors: the normal equations of an unweighted line, by hand for x = 1, 1/2, 1/4.
    let equal = extrapolate(&[(1.0, 1.0, 0.1), (2.0, 2.0, 0.1), (4.0, 2.0, 0.1)]).unwrap();
    let (x, xx, y, xy) = (1.75, 1.3125, 5.0, 2.5);
    let slope = (3.0 * xy - x * y) / (3.0 * xx - x * x);
    assert!((equal.slope - slope).abs() < 1e-13 && (equal.value - (y - slope * x) / 3.0).abs() < 1e-13);
    assert!((equal.error - 0.1 * f64::sqrt(xx / (3.0 * xx - x * x))).abs() < 1e-14);
    assert!((equal.slope_error - 0.1 * f64::sqrt(3.0 / (3.0 * xx - x * x))).abs() < 1e-14);
    for bad in [
        &[(1000.0, 1.0, 0.1)][..],
        &[(8.0, 1.0, 0.1), (8.0, 1.0, 0.1)],
        &[(8.0, 1.0, 0.0), (9.0, 1.0, 0.1)],
        &[],
    ] {
        assert_eq!(extrapolate(bad), None);
    }
}
