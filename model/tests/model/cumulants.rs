//! K(q) and its derivatives against 40-digit values (`tests/reference/cumulants.py`) and against w.

use mattis_model::{Unit, UnitLaw, unit::Density};
use serde::Deserialize;

use super::units::units;

#[derive(Deserialize)]
struct Derivatives {
    unit: String,
    q: f64,
    k: Vec<String>,
}

#[derive(Deserialize)]
struct Shift {
    unit: String,
    c: String,
    q: String,
    k: String,
}

#[derive(Deserialize)]
struct Reference {
    derivatives: Vec<Derivatives>,
    shifts: Vec<Shift>,
}

fn reference() -> Reference {
    let reference: Reference =
        serde_json::from_str(include_str!("../reference/cumulants.json")).expect("the reference");
    assert_eq!((reference.derivatives.len(), reference.shifts.len()), (618, 714));
    reference
}

fn number(text: &str) -> f64 {
    text.parse().expect("a number")
}

fn cumulants(unit: &Unit, q: f64, order: usize) -> Vec<f64> {
    let mut out = vec![0.0; order + 1];
    unit.cumulants(q, &mut out);
    out
}

/// K to 1e-14, K′ and K″ to 1e-13, and derivatives of order n to 1e-10, relative to themselves. The latter are
/// relative to (n − 1)!/R^n where that is larger: a branch point of ln Z at distance R makes derivatives of that
/// size, and R is about ½π/√K″ (equal to it for ±1).
#[test]
fn cumulants_are_those_of_forty_digits() {
    let mut worst = std::collections::BTreeMap::<String, [f64; 3]>::new();
    let mut wrong = Vec::new();
    for row in reference().derivatives {
        let unit: Unit = row.unit.parse().expect("a unit");
        let found = cumulants(&unit, row.q, row.k.len() - 1);
        let scale = 2.0 * number(&row.k[2]).sqrt() / std::f64::consts::PI;
        let mut factorial = 1.0;
        for (n, (value, expected)) in found.iter().zip(&row.k).enumerate() {
            let expected = number(expected);
            factorial *= n.saturating_sub(1).max(1) as f64;
            let size =
                if n > 2 { expected.abs().max(factorial * scale.powi(n as i32)) } else { expected.abs() };
            // Odd derivatives of an even K vanish at 0, and K does.
            let off = if size == 0.0 { (value - expected).abs() } else { (value - expected).abs() / size };
            let (place, bound) = [(0, 1e-14), (1, 1e-13), (1, 1e-13)].get(n).copied().unwrap_or((2, 1e-10));
            let worst = worst.entry(row.unit.clone()).or_default();
            worst[place] = worst[place].max(off);
            if off.is_nan() || off > bound {
                wrong.push(format!(
                    "{unit}: derivative {n} at {}: {value:e}, not {expected:e}: {off:e}",
                    row.q
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    println!("largest errors of K, of K′ and K″, of order 3 to 12: {worst:#?}");
}

/// K(c + q) − K(c) to 2e-14 of itself, or of a tenth of its path where K turns between the two.
#[test]
fn shifted_generating_functions_keep_small_steps() {
    let mut worst = std::collections::BTreeMap::<String, f64>::new();
    for row in reference().shifts {
        let unit: Unit = row.unit.parse().expect("a unit");
        let (c, q, expected) = (number(&row.c), number(&row.q), number(&row.k));
        let value = unit.shifted(c, q);
        let k = cumulants(&unit, c, 2);
        // Rounding of c itself, by as much as it moves K.
        let end = cumulants(&unit, c + q, 1)[1];
        let inherent = 0.5 * f64::EPSILON * (c * (end - k[1])).abs();
        // Where K falls and rises between the ends, what is left of the two is small.
        let turns = k[1] * end < 0.0;
        let path = if turns { 0.1 * q.abs() * k[1].abs().max(end.abs()) } else { 0.0 };
        let off = ((value - expected).abs() - inherent).max(0.0) / expected.abs().max(path);
        let entry = worst.entry(row.unit.clone()).or_default();
        *entry = entry.max(off);
        assert!(off < 2e-14, "{unit}: {c} {q}: {value:e}, not {expected:e}: {off:e}");
    }
    println!("largest errors of K(c + q) − K(c): {worst:#?}");
}

/// K is w(q, 0, 1) − w(0, 0, 1), and NaN outside the fields of the unit.
#[test]
fn the_generating_function_is_that_of_w() {
    for unit in units() {
        for q in [-3.0, -0.7, 0.4, 0.6, 0.9, 1.9, 4.0] {
            let k = cumulants(&unit, q, 4);
            let (low, high) = unit.fields();
            if q <= low || q >= high {
                assert!(k.iter().all(|k| k.is_nan()) && unit.shifted(0.0, q).is_nan(), "{unit} at {q}");
                assert!(
                    unit.shifted(q, -q).is_nan() && unit.w(q, 0.0, 1.0) == f64::INFINITY,
                    "{unit} at {q}"
                );
                continue;
            }
            let (there, here) = (unit.w(q, 0.0, 1.0), unit.w(0.0, 0.0, 1.0));
            let size = there.abs().max(here.abs()).max(1.0);
            assert!((k[0] - (there - here)).abs() < 1e-13 * size, "{unit} at {q}: {} {}", k[0], there - here);
            let mut out = mattis_model::unit::Responses::default();
            unit.responses(q, &[0.0], 0.0, 1.0, &mut out);
            for (k, w) in k[1..].iter().zip([out.mean[0], out.response[0], out.third[0], out.fourth[0]]) {
                assert!(
                    (k - w).abs() < 1e-11 * k.abs().max(out.response[0].powi(2)).max(1.0),
                    "{unit}: {k} {w}"
                );
            }
        }
    }
}

/// K(c + q) − K(c) is the difference of two K, and shifts add up.
#[test]
fn shifts_are_differences_of_the_generating_function() {
    for unit in units() {
        for (c, q) in [(-0.6, 0.5), (0.3, -1.7), (0.1, 0.02), (-4.0, 3.9)] {
            let (low, high) = unit.fields();
            if [c, c + q].iter().any(|x| *x <= low || *x >= high) {
                assert!(unit.shifted(c, q).is_nan(), "{unit} at {c}, {q}");
                continue;
            }
            let value = unit.shifted(c, q);
            let (from, to) = (unit.shifted(0.0, c), unit.shifted(0.0, c + q));
            let size = from.abs().max(to.abs()).max(1e-3);
            assert!((value - (to - from)).abs() < 1e-13 * size, "{unit} at {c}, {q}: {value} {}", to - from);
            assert!((value + unit.shifted(c + q, -q)).abs() < 1e-13 * size, "{unit} at {c}, {q}");
            assert_eq!(unit.shifted(c, 0.0), 0.0, "{unit}");
        }
    }
}

/// Each derivative to order 31 is the slope of the one before, by differences.
#[test]
fn cumulants_of_high_order_are_slopes_of_each_other() {
    for unit in units() {
        for q in [-1.3, 0.0, 0.05, 0.17] {
            let (low, high) = unit.fields();
            let here = cumulants(&unit, q, 32);
            if q <= low || q >= high || !here[2].is_finite() {
                continue;
            }
            let radius = (1.0 / here[2].sqrt()).min(high - q).min(q - low);
            let step = 2e-4 * radius;
            let (up, down) = (cumulants(&unit, q + step, 32), cumulants(&unit, q - step, 32));
            let mut size = 1.0;
            for n in 1..32 {
                size *= n as f64 / radius;
                let slope = (up[n] - down[n]) / (2.0 * step);
                let off = (slope - here[n + 1]).abs() / (size * n as f64 / radius).max(here[n + 1].abs());
                // A central difference is off by step²/6 times n²/radius² in these units.
                assert!(
                    off < 1e-6 * ((n + 3) as f64).powi(2),
                    "{unit}: order {} at {q}: {} by slope {slope}, {off:e}",
                    n + 1,
                    here[n + 1]
                );
            }
        }
    }
}

#[test]
fn densities_of_any_shape_are_units() {
    // The Gaussian, far from the origin; two narrow peaks; a density with a kink; a Gamma density.
    let density = |u: fn(f64) -> f64, domain, kinks: &[f64]| {
        let law = Density::new(u, domain).expect("normalisable").with_kinks(kinks);
        Unit::custom("density", &[], std::sync::Arc::new(law))
    };
    let real = (f64::NEG_INFINITY, f64::INFINITY);
    let normal = density(|s| 0.5 * (s - 40.0).powi(2), real, &[]);
    let peaks = density(|s| 200.0 * (s * s - 1.0).powi(2), real, &[]);
    let laplace = density(|s| 2.0 * (s - 0.3).abs(), real, &[0.3]);
    let gamma = density(|s| s - 1.5 * s.ln(), (0.0, f64::INFINITY), &[]);
    for q in [-0.8, -1e-6, 0.3, 0.7] {
        let check = |unit: &Unit, expected: f64, error: f64| {
            let k = unit.shifted(0.0, q);
            assert!((k / expected - 1.0).abs() < error, "{unit:?} at {q}: {k:e} {expected:e}");
        };
        check(&normal, 40.0 * q + 0.5 * q * q, 1e-14);
        check(&laplace, 0.3 * q - (-0.25 * q * q).ln_1p(), 1e-13);
        check(&gamma, -2.5 * (-q).ln_1p(), 1e-12);
        // Width 1/40 each, so K is that of ±1 but for 1 in 1600.
        check(&peaks, 0.5 * q * q, 0.2);
    }
    let draws: Vec<f64> = [0.1, 0.4, 0.6, 0.9].iter().map(|u| peaks.draw(0.0, 0.0, 1.0, *u)).collect();
    assert!(draws[0] < draws[1] && draws[1] < -0.9 && draws[2] > 0.9 && draws[3] > draws[2], "{draws:?}");
    assert!(peaks.w(0.0, 0.0, 0.0).abs() < 1e-14 && (peaks.w(0.5, 0.0, 0.0) - 0.5).abs() < 1e-3);
    for (wrong, domain) in [(0.0, real), (-1.0, (0.0, f64::INFINITY))] {
        let refused = Density::new(move |s| wrong * s, domain).expect_err("not normalisable").to_string();
        assert!(refused.contains("grows without bound") && !refused.contains('\n'), "{refused}");
    }
    assert!(Density::new(|_| 0.0, (1.0, 1.0)).is_err() && Density::new(|_| f64::NAN, (0.0, 1.0)).is_err());
}

#[test]
fn a_formal_activation_says_so() {
    let unit: Unit = "softplus".parse().expect("a unit");
    assert!(unit.formal().is_some_and(|why| why.contains("s = 4")));
    let weights: Vec<f64> = (0..5).map(|s| unit.weight(f64::from(s))).collect();
    for (weight, expected) in weights.iter().zip([1.0, 1.0, 0.25, 1.0 / 36.0, -1.0 / 288.0]) {
        assert!((weight - expected).abs() < 1e-16, "{weights:?}");
    }
    assert!(units().iter().all(|unit| (unit.formal().is_some()) == (unit.name() == "softplus")));
}

/// A unit of a user, with counts.
#[derive(Debug)]
struct Count;
impl UnitLaw for Count {
    fn alphabet(&self) -> mattis_model::Alphabet<'_> {
        mattis_model::Alphabet::Counts
    }
}

#[test]
fn units_without_a_network_are_refused_in_one_line() {
    let networks = ["ising", "binary", "three-state", "graded", "threshold-linear", "binomial"];
    for unit in units() {
        let answer = unit.in_network("the engine");
        assert_eq!(answer.is_ok(), networks.contains(&unit.name()), "{unit}");
        assert_eq!(answer.is_ok(), unit.hidden_only().is_none(), "{unit}");
        if let Err(refused) = answer {
            let line = refused.to_string();
            assert!(line.contains("mattis interactions") && line.contains(unit.name()), "{line}");
            assert!(!line.contains('\n') && line.starts_with("the engine does not treat unit"), "{line}");
        }
    }
    // A density of the user's own needs no word of its author.
    assert!(Unit::custom("count", &[], std::sync::Arc::new(Count)).in_network("the engine").is_err());
}
