//! Properties that hold for every registered unit, at its defaults and at other parameters.

use std::sync::Arc;

use mattis_model::unit::Responses;
use mattis_model::{Alphabet, Catalogued, Model, Unit, UnitLaw};

/// Every registered unit at its defaults, and with each of its numbers moved.
pub(crate) fn units() -> Vec<Unit> {
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
                    if !is_infinite(&unit, h, gamma, temperature) {
                        check(&unit, h, gamma, temperature);
                    }
                }
            }
        }
    }
}

/// Those with levels.
fn with_levels() -> Vec<Unit> {
    units().into_iter().filter(|unit| !unit.levels().is_empty()).collect()
}

/// Where w is infinite its derivatives are NaN, and nothing can be drawn. Only units that no network has are
/// anywhere; NaN for w is that of a formal measure.
fn is_infinite(unit: &Unit, h: f64, gamma: f64, temperature: f64) -> bool {
    let here = at(unit, h, gamma, temperature);
    if here.w[0].is_finite() {
        return false;
    }
    assert!(here.w[0] == f64::INFINITY || unit.formal().is_some(), "{unit} at {h}, {gamma}, {temperature}");
    assert!(here.mean[0].is_nan() && here.response[0].is_nan() && here.entropy[0].is_nan(), "{unit}");
    assert!(unit.draw(h, gamma, temperature, 0.3).is_nan(), "{unit}");
    assert!(unit.hidden_only().is_some(), "{unit} at h = {h}, Γ = {gamma}");
    true
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
        // A field beyond which w is infinite at Γ = 0 is a singularity.
        let (low, high) = unit.fields();
        let room = if gamma == 0.0 { t.min(high - h).min(h - low) } else { t };
        // The mean of a count grows like e^{h/T}.
        let stretch = if matches!(unit.alphabet(), Alphabet::Counts) { t / (t + h.abs()) } else { 1.0 };
        let width = 0.01 * stretch * room;
        let along_h = |get: fn(&Responses) -> f64| slope(|x| get(&at(unit, x, gamma, t)), h, width);
        let along_t = |get: fn(&Responses) -> f64| slope(|x| get(&at(unit, h, gamma, x)), t, width);
        // Γ stands beside the curvature of a potential, whatever T is.
        let along_gamma = slope(|x| unit.w(h, x, t), gamma, width.min(0.005));
        let by_gamma = 0.5 * (t * here.response[0] + here.mean[0].powi(2));
        // Where w is infinite, or only formal, for a larger Γ there is no such derivative.
        let (by_gamma, along_gamma) =
            if along_gamma.is_finite() { (by_gamma, along_gamma) } else { (0.0, 0.0) };
        let pairs = [
            ("∂w/∂h", here.mean[0], along_h(|r| r.w[0])),
            ("∂²w/∂h²", here.response[0], along_h(|r| r.mean[0])),
            ("∂³w/∂h³", here.third[0], along_h(|r| r.response[0])),
            ("∂⁴w/∂h⁴", here.fourth[0], along_h(|r| r.third[0])),
            ("∂w/∂T", here.entropy[0], along_t(|r| r.w[0])),
            ("∂²w/∂h∂T", here.mean_slope[0], along_t(|r| r.mean[0])),
            ("∂³w/∂h²∂T", here.response_slope[0], along_t(|r| r.response[0])),
            ("∂w/∂Γ", by_gamma, along_gamma),
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

/// (weight, draw) for ∫ f(s(u)) du from `low` to `high` of a smooth f with logarithmic ends, by
/// u ∝ ½(1 + tanh(½π sinh x)).
fn over_shares((low, high): (f64, f64), draw: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    let (step, half) = (0.06, std::f64::consts::FRAC_PI_2);
    let node = |i: i32| {
        let x = f64::from(i) * step;
        let y = half * x.sinh();
        let weight = 0.5 * step * half * x.cosh() / y.cosh().powi(2);
        ((high - low) * weight, draw(low + (high - low) * 0.5 * (1.0 + y.tanh())))
    };
    (-51..=51).map(node).collect()
}

/// The share of draws below 0, where a potential may have a kink or a barrier.
fn share_below(draw: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..52 {
        let middle = 0.5 * (low + high);
        if draw(middle) < 0.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Mean and variance of the draws, and what the rule over u may be off by in units of 1 + variance.
fn drawn(unit: &Unit, h: f64, gamma: f64, t: f64) -> (f64, f64, f64) {
    let density = matches!(unit.alphabet(), Alphabet::Density(_));
    // At Γ = 0, T = 1 a draw may be that of a mixture, which jumps somewhere in u.
    if density && (gamma, t) != (0.0, 1.0) {
        let draw = |u: f64| unit.draw(h, gamma, t, u);
        let share = share_below(draw);
        let mut draws = over_shares((0.0, share), draw);
        draws.extend(over_shares((share, 1.0), draw));
        let mean = draws.iter().map(|(weight, s)| weight * s).sum::<f64>();
        let variance = draws.iter().map(|(weight, s)| weight * (s - mean).powi(2)).sum();
        return (mean, variance, 1e-5);
    }
    // Equal steps of u are a quadrature; of a density it converges fast, of steps like 1/count.
    // A tail without bound leaves s²/count of its last step.
    let (count, tolerance) = match unit.alphabet() {
        Alphabet::Continuous(law) if law.domain().1.is_finite() => (500_u32, 3e-4),
        Alphabet::Levels(_) => (100_000, 1e-4),
        Alphabet::Counts => (4000, 4e-3),
        Alphabet::Density(_) => (10_000, 4e-3),
        _ => (20_000, 2e-3),
    };
    let (mut sum, mut squares) = (0.0, 0.0);
    for i in 0..count {
        let s = unit.draw(h, gamma, t, (f64::from(i) + 0.5) / f64::from(count));
        sum += s;
        squares += s * s;
    }
    let mean = sum / f64::from(count);
    (mean, squares / f64::from(count) - mean * mean, tolerance)
}

#[test]
fn draws_have_the_mean_and_variance_of_the_measure() {
    for unit in units().into_iter().filter(|unit| unit.formal().is_none()) {
        for h in [-0.45, 0.0, 0.93] {
            for gamma in REACTIONS {
                for t in [0.15, 1.0] {
                    if is_infinite(&unit, h, gamma, t) {
                        continue;
                    }
                    let (mean, variance, tolerance) = drawn(&unit, h, gamma, t);
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
    for unit in &with_levels() {
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
    for unit in &with_levels() {
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
    for unit in with_levels() {
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
                let (up, down) = (unit.w(h, 0.1, 0.5), unit.w(-h, 0.1, 0.5));
                assert!(up == down || (up - down).abs() < 1e-14 * up.abs().max(1.0), "{unit}: {up} {down}");
            }
        }
    }
    assert!("ising".parse::<Unit>().expect("a unit").is_binary_spin());
    assert!(!"three-state".parse::<Unit>().expect("a unit").is_binary_spin());
}
