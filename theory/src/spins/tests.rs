//! Two unknowns against three.

use mattis_model::Model;

use crate::closure::{Phase, Point};
use crate::solve::newton::Vector;
use crate::{Guess, PhaseRequest, ReplicaSymmetric, spinodal};

/// Models of ±1 units with all that changes their equations, at loads that some of their branches reach.
fn models() -> Vec<(&'static str, Model)> {
    let hopfield = Model::hopfield;
    let text = "a part of a model";
    let mut diluted = hopfield();
    diluted.connectivity = "diluted:c=0.4:symmetric=true".parse().expect(text);
    let mut biased = hopfield();
    biased.patterns = "biased:mean=0.3".parse().expect(text);
    biased.rule = "covariance".parse().expect(text);
    vec![
        ("plain", hopfield()),
        ("field", hopfield().with_field("external:h=0.07".parse().expect(text))),
        ("diagonal", hopfield().with_self_coupling("kept".parse().expect(text))),
        ("dilution", diluted),
        ("biased", biased),
    ]
}

#[test]
fn sheets_of_every_branch() {
    let loads = [3e-4, 0.0021, 0.011, 0.017, 0.0333, 0.071, 0.1079, 0.1354];
    let mut count = 0;
    for (name, model) in models() {
        let theory = ReplicaSymmetric::new(&model).expect(name);
        for n in [1, 2, 3, 5] {
            for temperature in [0.0041, 0.05, 0.31, 0.62, 0.93] {
                let phase = Phase::Condensed(n);
                let seed = 3e-5;
                let plane = theory.closure().sheets(phase, seed, &loads, temperature, false);
                let plane = plane.expect("equations in two unknowns");
                let space = theory.branch_sheets(phase, seed, &loads, temperature, false);
                let what = format!("{name}, n = {n}, T = {temperature}");
                for (place, alpha) in loads.iter().enumerate() {
                    let of = |list: &[(usize, crate::solve::newton::Solution)]| -> Vec<Vector> {
                        list.iter().filter(|found| found.0 == place).map(|found| found.1.y.clone()).collect()
                    };
                    let (plane, space) = (of(&plane), of(&space));
                    assert_eq!(plane.len(), space.len(), "{what}, α = {alpha}");
                    for (a, b) in plane.iter().zip(&space) {
                        let far = (a - b).amax();
                        assert!(far < 1e-10, "{what}, α = {alpha}: {a} is not {b}, {far:e}");
                        count += 1;
                    }
                }
            }
        }
    }
    assert!(count > 300, "{count} solutions");
}

/// F, det ∂F/∂y and their Jacobian against the closure's and against differences.
#[test]
fn systems_of_folds() {
    for (name, model) in models() {
        let theory = ReplicaSymmetric::new(&model).expect(name);
        let closure = theory.closure();
        for (n, temperature) in [(1, 0.02), (1, 0.3), (3, 0.2), (2, 0.7)] {
            let phase = Phase::Condensed(n);
            let (m, chi, delta) = (0.83 / (n as f64).sqrt(), 0.2, 0.11);
            let at = |x: &[f64]| {
                let y = Vector::from_column_slice(&x[..3]);
                closure.fold_system(phase, &y, Point { alpha: x[3], temperature: x[4] }).expect("inside")
            };
            let x = [m, chi, delta, 0.06, temperature];
            let (value, jacobian) = at(&x);
            let y = Vector::from_column_slice(&x[..3]);
            let point = Point { alpha: x[3], temperature };
            let (f, inner) = closure.linearize(phase, &y, point).expect("inside");
            assert!((value.rows(0, 3) - &f).amax() < 1e-14, "{name}");
            assert!((jacobian.rows(0, 3) - &inner).amax() < 1e-11 * inner.amax(), "{name}");
            let determinant = inner.columns(0, 3).into_owned().determinant();
            assert!((value[3] - determinant).abs() < 1e-12 * inner.amax().powi(2), "{name}");
            for j in 0..5 {
                let centred = |h: f64| {
                    let (mut up, mut down) = (x, x);
                    up[j] += h;
                    down[j] -= h;
                    (at(&up).0 - at(&down).0) / (2.0 * h)
                };
                // Two steps of Richardson's extrapolation.
                let h = 0.02 * x[j];
                let [a, b, c] = [centred(h), centred(0.5 * h), centred(0.25 * h)];
                let (ab, bc) = ((&b * 4.0 - a) / 3.0, (c * 4.0 - &b) / 3.0);
                let difference = (bc * 16.0 - ab) / 15.0;
                let column = jacobian.column(j);
                let off = (&difference - column).amax();
                assert!(off < 2e-6 * (1.0 + column.amax()), "{name} n = {n} T = {temperature} {j}: {off:e}");
            }
        }
    }
}

/// At loads where both know the temperature: bracketing the end of the branch by its sheets.
#[test]
fn folds_are_where_sheets_end() {
    let loads = [0.013, 0.05, 0.1, 0.1379];
    let request = PhaseRequest { alphas: Some(loads.to_vec()), temperatures: None };
    let line = spinodal(&Model::hopfield(), Guess::Retrieval, &request).expect("a closure").expect("a line");
    let theory = ReplicaSymmetric::new(&Model::hopfield()).expect("a theory");
    // At 0.1379 < α_c < α_max there is one fold more at a temperature next to 0.
    assert!(line.points.len() >= loads.len());
    for point in &line.points {
        let alpha = point.alpha.expect("a load");
        for (factor, sheets) in [(1.0 - 1e-11, 2), (1.0 + 1e-11, 0)] {
            let asked = [alpha * factor];
            let found = theory.closure().sheets(Phase::Condensed(1), 1e-4, &asked, point.temperature, false);
            assert_eq!(found.expect("sheets").len(), sheets, "{point:?} {factor}");
        }
    }
    let known = [(0.05, 0.5422550379), (0.1, 0.3154322237)];
    for (alpha, wanted) in known {
        let found = line.points.iter().find(|point| point.alpha == Some(alpha)).expect("a point");
        assert!((found.temperature - wanted).abs() < 1e-10, "{found:?}");
    }
}
