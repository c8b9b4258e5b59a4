//! From samples to z: the straight line in 1/N and Student's t.

use mattis_model::address::Purpose;
use mattis_sim::random::{Source, normal};
use mattis_sim::statistics::{extrapolate, mean, variance};
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// A theory agrees below this |z| …
const AGREES: f64 = 4.0;
/// … and is rejected above this one.
const REJECTED: f64 = 5.0;

/// Deviations of one size, one number per disorder sample.
#[derive(Debug, Clone)]
pub(crate) struct AtSize {
    pub(crate) neurons: usize,
    /// What finite-size effects are inversely proportional to: N, or C where it grows more slowly.
    pub(crate) scale: f64,
    pub(crate) values: Vec<f64>,
}

/// Simulated less predicted at infinite size.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deviation {
    pub(crate) value: f64,
    pub(crate) error: f64,
    /// Normal deviate with the two-sided probability of value/error.
    pub(crate) z: f64,
    /// The same for the curvature, of which a straight line has none.
    pub(crate) bend: f64,
}

impl Deviation {
    /// The value at 1/scale = 0 of the line through three sizes.
    pub(crate) fn extrapolated(sizes: &[AtSize]) -> Self {
        assert_eq!(sizes.len(), 3, "a line and its curvature");
        // A least-squares value is linear in the data: its coefficients are its values at unit vectors.
        let coefficient = |k: usize| {
            let points: Vec<(f64, f64, f64)> = sizes
                .iter()
                .enumerate()
                .map(|(i, size)| {
                    let samples = (size.neurons * size.values.len()) as f64;
                    (size.scale, f64::from(u8::from(i == k)), samples.sqrt().recip())
                })
                .collect();
            extrapolate(&points).expect("two sizes or more").value
        };
        let coefficients: Vec<f64> = (0..sizes.len()).map(coefficient).collect();
        let (value, error, z) = contrast(sizes, &coefficients);
        let x: Vec<f64> = sizes.iter().map(|size| 1.0 / size.scale).collect();
        let (_, _, bend) = contrast(sizes, &[x[1] - x[2], x[2] - x[0], x[0] - x[1]]);
        Self { value, error, z, bend }
    }
}

/// Σ cₖ ȳₖ, its error and its normal deviate.
fn contrast(sizes: &[AtSize], coefficients: &[f64]) -> (f64, f64, f64) {
    let mut value = 0.0;
    let (mut square, mut fourth) = (0.0, 0.0);
    for (AtSize { values, .. }, c) in sizes.iter().zip(coefficients) {
        value += c * mean(values).expect("samples");
        let part = c * c * variance(values).expect("two samples or more") / values.len() as f64;
        square += part;
        fourth += part * part / (values.len() - 1) as f64;
    }
    let error = square.sqrt();
    (value, error, normal_deviate(value / error, square * square / fourth))
}

/// The normal deviate with the two-sided probability of Student's t.
fn normal_deviate(t: f64, degrees: f64) -> f64 {
    let tail = StudentsT::new(0.0, 1.0, degrees).expect("degrees of freedom").sf(t.abs());
    let normal = Normal::new(0.0, 1.0).expect("a distribution");
    -normal.inverse_cdf(tail.max(1e-300)) * t.signum()
}

/// What is compared, as it is collected; nothing is judged before everything is printed.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<(String, Deviation, bool)>,
    accidents: Vec<String>,
}

impl Table {
    pub(crate) fn agrees(&mut self, what: impl Into<String>, deviation: Deviation) {
        self.push(what.into(), deviation, true);
    }

    pub(crate) fn rejects(&mut self, what: impl Into<String>, deviation: Deviation) {
        self.push(what.into(), deviation, false);
    }

    /// Something else that must not happen.
    pub(crate) fn fails(&mut self, what: String) {
        println!("{what}");
        self.accidents.push(what);
    }

    fn push(&mut self, what: String, deviation: Deviation, right: bool) {
        let Deviation { value, error, z, bend } = deviation;
        let expected = if right { "agrees" } else { "rejected" };
        println!("{what:<58} {value:>11.6} ± {error:.6}  z = {z:>7.2}  bend {bend:>5.2}  {expected}");
        self.rows.push((what, deviation, right));
    }

    /// Rows where a right theory does not agree, the curve being straight, or a wrong one is not rejected.
    fn failures(&self) -> Vec<String> {
        let passed = |right: bool, deviation: &Deviation| {
            if right {
                deviation.z.abs() < AGREES && deviation.bend.abs() < AGREES
            } else {
                deviation.z.abs() > REJECTED
            }
        };
        self.rows
            .iter()
            .filter(|(_, deviation, right)| !passed(*right, deviation))
            .map(|(what, deviation, right)| format!("{what}, right = {right}: {deviation:?}"))
            .chain(self.accidents.iter().cloned())
            .collect()
    }

    /// Fails if there are failures, or nothing was compared.
    pub(crate) fn judge(&self) {
        let failures = self.failures();
        assert!(!self.rows.is_empty() && failures.is_empty(), "{failures:#?}");
    }
}

/// The machinery itself: an exact line, the textbook's t, and verdicts that can go both ways.
#[test]
fn a_line_is_extrapolated_and_judged() {
    // y = y₀ + 600/N, scattered by ±s.
    let sizes = |value: f64| {
        let size = |n: usize, s: f64| {
            let y = value + 600.0 / n as f64;
            AtSize { neurons: n, scale: n as f64, values: vec![y - s, y, y + s] }
        };
        [size(100, 0.2), size(200, 0.1), size(400, 0.1)]
    };
    let deviation = Deviation::extrapolated(&sizes(3.0));
    assert!((deviation.value - 3.0).abs() < 1e-13 && deviation.bend.abs() < 1e-9);
    // Weights 1, 2, 4 at x = 4, 2, 1 (units of 1/400): the mean x̄ = 12/7, S = 52/7, and the coefficients of
    // the value are w [1/7 − x̄ (x − x̄)/S] = −5/13, 2/13, 16/13.
    let square = (25.0 * 0.04 + 4.0 * 0.01 + 256.0 * 0.01) / (169.0 * 3.0);
    assert!((deviation.error - f64::sqrt(square)).abs() < 1e-13);
    // t = 2.776445105 has probability 0.05 at four degrees of freedom, as 1.959963985 has for a normal.
    assert!((normal_deviate(2.776_445_105, 4.0) - 1.959_963_985).abs() < 1e-6);
    assert!(normal_deviate(-1e3, 50.0) < -REJECTED);
    let passes = |right: bool, value: f64| {
        let mut table = Table::default();
        table.push("a line".into(), Deviation::extrapolated(&sizes(value)), right);
        table.failures().is_empty()
    };
    assert!(passes(true, 0.0) && !passes(true, 1e6) && passes(false, 1e6) && !passes(false, 0.0));
}

/// Of normal samples, 48, 32 and 16 at three sizes with unlike scatter, z is a standard normal.
#[test]
fn z_is_what_it_says() {
    const RUNS: usize = 20_000;
    let source = Source { seed: 1, sample: 0 };
    let mut words = source.stream(Purpose::Couplings, 0, 0);
    let mut draw = || normal(words.next().expect("endless"), words.next().expect("endless"));
    let z: Vec<f64> = (0..RUNS)
        .map(|_| {
            let mut size = |n: usize, k: usize, s: f64| {
                let values = (0..k).map(|_| 5.0 / n as f64 + s * draw()).collect();
                AtSize { neurons: n, scale: n as f64, values }
            };
            Deviation::extrapolated(&[size(2000, 48, 3.0), size(4000, 32, 1.5), size(8000, 16, 1.0)]).z
        })
        .collect();
    for (limit, probability) in [(1.0, 0.317_310_508), (2.0, 0.045_500_264), (3.0, 0.002_699_796)] {
        let beyond = z.iter().filter(|z| z.abs() > limit).count() as f64;
        let expected: f64 = probability * RUNS as f64;
        let deviate = (beyond - expected) / (expected * (1.0 - probability)).sqrt();
        assert!(deviate.abs() < AGREES, "{beyond} of {expected:.0} beyond {limit}");
    }
}
