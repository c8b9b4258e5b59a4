//! Continuous units: the T = 0 law, the approach to it, closed forms of the graded unit.

use mattis_model::Unit;
use mattis_model::unit::Responses;

fn graded() -> Vec<Unit> {
    ["graded", "graded:gain=0.7:threshold=0.3", "graded:gain=6:threshold=-0.2"]
        .iter()
        .map(|text| text.parse().expect("a graded unit"))
        .collect()
}

fn at(unit: &Unit, h: f64, gamma: f64, temperature: f64) -> Responses {
    let mut out = Responses::default();
    unit.responses(h, &[0.0], gamma, temperature, &mut out);
    out
}

const FIELDS: [f64; 7] = [-2.3, -0.6, -0.05, 0.0, 0.17, 0.8, 3.0];

/// Without reaction s = tanh g(h − θ) and w = (1/g) ln cosh g(h − θ).
#[test]
fn the_activation_is_a_hyperbolic_tangent() {
    for (text, gain, threshold) in [("graded:gain=3", 3.0, 0.0), ("graded:gain=0.7:threshold=0.3", 0.7, 0.3)]
    {
        let unit: Unit = text.parse().expect("a unit");
        for h in FIELDS {
            let x: f64 = gain * (h - threshold);
            let found = at(&unit, h, 0.0, 0.0);
            let slope = 1.0 / x.cosh().powi(2);
            assert!((found.mean[0] - x.tanh()).abs() < 1e-15, "{text} at {h}");
            assert!((found.w[0] - x.cosh().ln() / gain).abs() < 2e-15, "{text} at {h}");
            assert!((found.response[0] - gain * slope).abs() < 1e-14);
            assert!((found.third[0] + 2.0 * gain * gain * x.tanh() * slope).abs() < 1e-13);
        }
    }
}

/// With a reaction s is the highest maximum of the action, and its derivatives are those of differences.
#[test]
fn the_ground_state_is_the_largest_action() {
    for unit in graded() {
        let law = unit.continuous().expect("continuous");
        for gamma in [-0.8, 0.0, 0.1] {
            for h in FIELDS {
                let action = |s: f64| h * s + 0.5 * gamma * s * s - unit.potential(s);
                let found = law.activation(h, gamma);
                let best = (0..=4000).map(|i| action(-1.0 + f64::from(i) / 2000.0)).fold(f64::MIN, f64::max);
                assert!(action(found.value) >= best - 1e-14, "{unit} at h = {h}, Γ = {gamma}");
                let value = |x: f64| law.activation(x, gamma).value;
                let width = 1e-3;
                let first = (value(h + width) - value(h - width)) / (2.0 * width);
                let second = (value(h + width) - 2.0 * value(h) + value(h - width)) / (width * width);
                assert!((first - found.response).abs() < 1e-3 * (1.0 + found.response), "{unit} {h} {gamma}");
                assert!(
                    (second - found.third).abs() < 1e-2 * (1.0 + found.third.abs()),
                    "{unit} {h} {gamma}"
                );
            }
        }
    }
}

/// Laplace: w(T) = w(0) + ½T ln(2πT ∂s/∂h) + O(T²).
#[test]
fn low_temperature_tends_to_the_ground_state() {
    for unit in graded() {
        for h in FIELDS {
            let zero = at(&unit, h, 0.1, 0.0);
            let off = |t: f64| {
                let cold = at(&unit, h, 0.1, t);
                let laplace = 0.5 * t * (std::f64::consts::TAU * t * zero.response[0]).ln();
                ((cold.w[0] - zero.w[0] - laplace).abs(), (cold.mean[0] - zero.mean[0]).abs())
            };
            // The peak may sit within its own width of the end of the domain; there the expansion starts late.
            if zero.mean[0].abs() < 0.95 {
                let (warm, cold) = (off(1e-3), off(1e-4));
                assert!(warm.0 < 2e-5 && cold.0 < 2e-7, "{unit} at {h}: {warm:?} {cold:?}");
                assert!(warm.1 < 2e-2 && cold.1 < 2e-3, "{unit} at {h}: {warm:?} {cold:?}");
            }
        }
    }
}

#[test]
fn draws_are_ordered_and_inside_the_domain() {
    for unit in graded() {
        for (h, t) in [(0.3, 0.2), (-1.0, 1.0), (0.0, 0.0)] {
            let draws: Vec<f64> = (0..50).map(|i| unit.draw(h, 0.1, t, f64::from(i) / 50.0)).collect();
            assert!(draws.windows(2).all(|pair| pair[0] <= pair[1]), "{unit}");
            assert!(draws.iter().all(|s| (-1.0..=1.0).contains(s)), "{unit}");
        }
        assert!(unit.levels().is_empty() && !unit.is_binary_spin());
    }
    assert!("graded".parse::<Unit>().expect("a unit").is_even());
    assert!(!"graded:threshold=0.1".parse::<Unit>().expect("a unit").is_even());
}
