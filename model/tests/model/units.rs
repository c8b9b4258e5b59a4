//! Properties that hold for every registered unit, at its defaults and at other parameters.

use std::sync::Arc;

use mattis_model::unit::Responses;
use mattis_model::{Catalogued, Model, Unit, UnitLaw};

/// Every registered unit at its defaults, and with each of its numbers moved.
fn units() -> Vec<Unit> {
    let mut out = Vec::new();
    for entry in <Arc<dyn UnitLaw>>::entries() {
        let unit: Unit = entry.name.parse().expect("defaults are valid");
        // No scalar field acts on these.
        if unit.colours().is_some() {
            continue;
        }
        out.push(unit);
        for parameter in entry.parameters {
            for value in [-0.7, 0.2, 0.9, 2.0] {
                // A parameter may have a range; what is refused is not a unit.
                out.extend(format!("{}:{}={value}", entry.name, parameter.name).parse::<Unit>());
            }
        }
    }
    out
}

const FIELDS: [f64; 9] = [-3.1, -1.2, -0.45, -0.05, 0.0, 0.11, 0.4, 0.93, 2.6];
const REACTIONS: [f64; 3] = [-0.4, 0.0, 0.3];
const TEMPERATURES: [f64; 4] = [0.15, 0.4, 1.0, 3.0];

fn at(unit: &Unit, h: f64, gamma: f64, temperature: f64) -> Responses {
    let mut out = Responses::default();
    unit.responses(h, &[0.0], gamma, temperature, &mut out);
    out
}

fn everywhere(mut check: impl FnMut(&Unit, f64, f64, f64)) {
    for unit in units() {
        for h in FIELDS {
            for gamma in REACTIONS {
                for temperature in TEMPERATURES {
                    check(&unit, h, gamma, temperature);
                }
            }
        }
    }
}

/// Richardson's central difference of order 4; the error is ~ (width/scale)⁴ of the fifth derivative.
fn slope(f: impl Fn(f64) -> f64, x: f64, width: f64) -> f64 {
    let d = |w: f64| (f(x + w) - f(x - w)) / (2.0 * w);
    (4.0 * d(0.5 * width) - d(width)) / 3.0
}

#[test]
fn w_is_convex_in_the_field() {
    everywhere(|unit, h, gamma, t| {
        for width in [0.01, 0.3, 2.0] {
            let w = |x| unit.w(x, gamma, t);
            let second = w(h + width) + w(h - width) - 2.0 * w(h);
            assert!(second >= -1e-13, "{unit}: h = {h}, Γ = {gamma}, T = {t}: second difference {second:e}");
        }
        assert!(at(unit, h, gamma, t).response[0] >= 0.0);
    });
}

#[test]
fn derivatives_equal_finite_differences() {
    everywhere(|unit, h, gamma, t| {
        let here = at(unit, h, gamma, t);
        let width = 0.02 * t;
        let along_h = |get: fn(&Responses) -> f64| slope(|x| get(&at(unit, x, gamma, t)), h, width);
        let along_t = |get: fn(&Responses) -> f64| slope(|x| get(&at(unit, h, gamma, x)), t, width);
        // Γ stands beside the curvature of a potential, whatever T is.
        let along_gamma = slope(|x| unit.w(h, x, t), gamma, width.min(0.005));
        let pairs = [
            ("∂w/∂h", here.mean[0], along_h(|r| r.w[0])),
            ("∂²w/∂h²", here.response[0], along_h(|r| r.mean[0])),
            ("∂³w/∂h³", here.third[0], along_h(|r| r.response[0])),
            ("∂⁴w/∂h⁴", here.fourth[0], along_h(|r| r.third[0])),
            ("∂w/∂T", here.entropy[0], along_t(|r| r.w[0])),
            ("∂²w/∂h∂T", here.mean_slope[0], along_t(|r| r.mean[0])),
            ("∂³w/∂h²∂T", here.response_slope[0], along_t(|r| r.response[0])),
            ("∂w/∂Γ", 0.5 * (t * here.response[0] + here.mean[0].powi(2)), along_gamma),
        ];
        // A derivative of order k is of size T^{1−k}; the differences are good to 1e-6 of that.
        for (order, (name, stated, measured)) in [1, 2, 3, 4, 1, 2, 3, 1].into_iter().zip(pairs) {
            let scale = (t.powi(1 - order).max(1.0) * 4.0).max(stated.abs());
            assert!(
                (stated - measured).abs() < 1e-6 * scale,
                "{unit}: {name} at h = {h}, Γ = {gamma}, T = {t}: {stated} against {measured}"
            );
        }
    });
}

#[test]
fn draws_have_the_mean_and_variance_of_the_measure() {
    for unit in units() {
        // Equal steps of u are a quadrature; of a density it converges fast, of steps like 1/count.
        // A tail without bound leaves s²/count of its last step.
        let (count, tolerance) = match unit.continuous() {
            Some(law) if law.domain().1.is_finite() => (500_u32, 3e-4),
            Some(_) => (20_000, 2e-3),
            None => (100_000, 1e-4),
        };
        for h in [-0.45, 0.0, 0.93] {
            for gamma in REACTIONS {
                for t in [0.15, 1.0] {
                    let (mut sum, mut squares) = (0.0, 0.0);
                    for i in 0..count {
                        let s = unit.draw(h, gamma, t, (f64::from(i) + 0.5) / f64::from(count));
                        sum += s;
                        squares += s * s;
                    }
                    let mean = sum / f64::from(count);
                    let variance = squares / f64::from(count) - mean * mean;
                    let stated = at(&unit, h, gamma, t);
                    let tolerance = tolerance * (1.0 + t * stated.response[0]);
                    let off = (mean - stated.mean[0]).abs();
                    assert!(off < tolerance, "{unit}: mean {mean} at h = {h}, T = {t}");
                    assert!(
                        (variance - t * stated.response[0]).abs() < tolerance,
                        "{unit}: variance {variance} at h = {h}, T = {t}"
                    );
                }
            }
        }
    }
}

#[test]
fn low_temperature_tends_to_the_exact_ground_state() {
    for unit in units().iter().filter(|unit| unit.continuous().is_none()) {
        for h in FIELDS {
            for gamma in REACTIONS {
                let t = 1e-4;
                let (cold, zero) = (at(unit, h, gamma, t), at(unit, h, gamma, 0.0));
                // w(T) − w(0) = T ln of at most the number of levels, weighted.
                let levels = unit.levels().iter().map(|s| unit.weight(*s)).sum::<f64>().max(2.0);
                assert!((cold.w[0] - zero.w[0]).abs() <= 1.0001 * t * levels.ln(), "{unit} at h = {h}");
                // How far the field is from where two levels tie, in units of energy.
                let envelope = unit.envelope(gamma);
                let ties = envelope.switches.iter().zip(envelope.levels.windows(2));
                let nearest =
                    ties.map(|(x, pair)| (x - h).abs() * (pair[1] - pair[0])).fold(f64::MAX, f64::min);
                if nearest > 0.01 {
                    assert!((cold.mean[0] - zero.mean[0]).abs() < 1e-12, "{unit} at h = {h}, Γ = {gamma}");
                }
            }
        }
    }
}

#[test]
fn the_envelope_is_the_largest_action() {
    for unit in units().iter().filter(|unit| unit.continuous().is_none()) {
        for gamma in REACTIONS {
            let envelope = unit.envelope(gamma);
            assert_eq!(envelope.levels.len(), envelope.switches.len() + 1);
            assert!(envelope.switches.windows(2).all(|pair| pair[0] < pair[1]), "{unit}");
            for h in FIELDS {
                let k = envelope.switches.iter().filter(|switch| **switch < h).count();
                let on_envelope = h * envelope.levels[k] + envelope.heights[k];
                let action = |s: &f64| h * s + 0.5 * gamma * s * s - unit.potential(*s);
                let largest = unit.levels().iter().map(action).fold(f64::MIN, f64::max);
                assert!((on_envelope - largest).abs() < 1e-14, "{unit} at h = {h}, Γ = {gamma}");
                assert_eq!(unit.w(h, gamma, 0.0), at(unit, h, gamma, 0.0).w[0]);
                assert!((unit.w(h, gamma, 0.0) - largest).abs() < 1e-14);
            }
        }
    }
}

#[test]
fn responses_keep_their_digits_far_below_rounding_of_the_field() {
    // Around a switching field the offsets may be 10⁻²⁰ of the field; the response is that of two levels.
    for unit in units() {
        let t = 1e-20;
        let envelope = unit.envelope(0.3);
        for (k, switch) in envelope.switches.iter().enumerate() {
            let jump = envelope.levels[k + 1] - envelope.levels[k];
            let mut out = Responses::default();
            unit.responses(*switch, &[-2.0 * t, 0.0, 2.0 * t], 0.3, t, &mut out);
            // Levels that tie with the two at the switch would share in it; no registered unit has them there.
            let expected = |x: f64| 0.25 * jump * jump / t / (0.5 * jump * x).cosh().powi(2);
            for (i, x) in [-2.0, 0.0, 2.0].into_iter().enumerate() {
                assert!((out.response[i] / expected(x) - 1.0).abs() < 1e-12, "{unit} at switch {k}");
            }
        }
    }
}

#[test]
fn models_of_registered_units_are_valid_and_others_are_refused() {
    #[derive(Debug)]
    struct Unordered;
    impl UnitLaw for Unordered {
        fn alphabet(&self) -> mattis_model::Alphabet<'_> {
            mattis_model::Alphabet::Levels(&[1.0, -1.0])
        }
    }
    for unit in units() {
        Model::hopfield().with_unit(unit).validate().expect("a registered unit");
    }
    let wrong = Model::hopfield().with_unit(Unit::custom("unordered", &[], Arc::new(Unordered)));
    assert!(
        wrong.validate().expect_err("levels in decreasing order").to_string().contains("increasing order")
    );
}

#[test]
fn evenness_is_what_the_levels_say() {
    for unit in units() {
        if unit.is_even() {
            for h in FIELDS {
                assert!((unit.w(h, 0.2, 0.5) - unit.w(-h, 0.2, 0.5)).abs() < 1e-14, "{unit}");
            }
        }
    }
    assert!("ising".parse::<Unit>().expect("a unit").is_binary_spin());
    assert!(!"three-state".parse::<Unit>().expect("a unit").is_binary_spin());
}
