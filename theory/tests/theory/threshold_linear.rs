//! Threshold-linear units with inhibition at extensive load.

use mattis_theory::capacity::working_point;
use mattis_theory::closure::{Closure, Phase, Point, Sequential};
use mattis_theory::solve::newton::Vector;
use mattis_theory::{CapacityRequest, Guess, Optimised, ReplicaSymmetric, capacity, predict};

use crate::graded_load::model;
use crate::support::{Findings, control};

/// Connectivity, load, active fraction and m/√(vq) of threshold-linear states, sparse memories f = 0.1. The table
/// calls it a correlation; it lacks the mean activity of one.
const COSINES: [(&str, f64, f64, f64); 8] = [
    ("diluted:c=0.2", 0.3, 0.15, 0.902_426_160_178_096_4),
    ("extreme", 0.3, 0.15, 0.909_634_060_789_651_3),
    ("diluted:c=0.05", 0.45, 0.15, 0.872_015_519_222_255_8),
    ("extreme", 0.45, 0.15, 0.876_570_141_699_758_3),
    ("diluted:c=0.03", 0.6, 0.2, 0.820_919_156_768_289_6),
    ("extreme", 0.6, 0.2, 0.827_938_783_616_835_1),
    ("diluted:c=0.03", 0.75, 0.2, 0.749_942_457_121_956_6),
    ("extreme", 0.75, 0.2, 0.766_384_490_162_337_2),
];

#[test]
fn working_points() {
    let mut findings = Findings::default();
    for (connectivity, alpha, active, cosine) in COSINES {
        let model = model("relu", "sparse", connectivity, "none");
        let point = working_point(&model, alpha, active, 3.0).expect("a point");
        let found = point.m / (0.09 * point.q).sqrt();
        findings.close(&format!("{connectivity} {alpha}"), Some(found), cosine, 1e-9);
    }
    for (connectivity, alpha, active) in
        [("full", 0.2, 0.14), ("full", 0.3, 0.14), ("diluted:c=0.2", 0.3, 0.15), ("extreme", 0.45, 0.15)]
    {
        for strength in [5.0, 20.0] {
            let wanted =
                working_point(&model("relu", "sparse", connectivity, "none"), alpha, active, strength)
                    .expect("a point");
            let stated = wanted.model(&model("relu", "sparse", connectivity, "none")).expect("a model");
            let theory = ReplicaSymmetric::new(&stated).expect("a theory");
            let y = Vector::from_vec(vec![wanted.m, wanted.chi, wanted.mean, wanted.delta]);
            let at = Point { alpha, temperature: 0.0 };
            let rest = theory.closure().residual(Phase::Condensed(1), &y, at).expect("inside").amax();
            let what = format!("{connectivity} {alpha} {strength}");
            findings.close(&format!("{what} residual"), Some(rest), 0.0, 1e-12);
            let state = predict(&stated, control(Some(alpha), 0.0), Guess::Retrieval);
            findings.close(&format!("{what} is there"), Some(f64::from(u8::from(state.is_ok()))), 1.0, 0.0);
            let Ok(state) = state else { continue };
            for (name, found, wanted) in [
                ("m", state.m[0], wanted.m),
                ("q", state.q, wanted.q),
                ("x", state.mean.unwrap_or(f64::NAN), wanted.mean),
                ("correlation", state.correlation.unwrap_or(f64::NAN), wanted.correlation),
            ] {
                findings.close(&format!("{what} {name}"), Some(found), wanted, 1e-10 * (1.0 + wanted.abs()));
            }
            assert!(state.locally_stable, "{what}");
        }
    }
    findings.settle(12);
}

/// Where threshold-linear units have no state the message says what there is instead.
#[test]
fn unbounded_activity_is_named() {
    for (parameters, field, alpha, part) in [
        ("gain=30:threshold=-0.1", "inhibition:strength=3", 0.3, "Γ = 0.0391 ≥ 1/g = 0.0333: nothing bounds"),
        ("gain=20:threshold=0.1", "none", 0.1, "without inhibition"),
        ("gain=20:threshold=-0.1", "none", 0.1, "≥ 11.1111, where the response of the couplings diverges"),
        ("gain=100:threshold=0.1", "inhibition:strength=30", 0.2, "its overlap decays to 0"),
    ] {
        let model = model(&format!("threshold-linear:{parameters}"), "sparse", "full", field);
        let message =
            predict(&model, control(Some(alpha), 0.0), Guess::Retrieval).expect_err("no state").to_string();
        assert!(message.contains(part), "`{part}` is not in: {message}");
    }
    // Outside the domain the equations are not clamped.
    let model = model("threshold-linear:gain=2", "sparse", "full", "inhibition");
    let closure = Sequential::new(&model).expect("a closure");
    let y = Vector::from_vec(vec![0.1, 9.0, 0.1, 0.1]);
    for (alpha, inside) in [(1.2, true), (1.5, false)] {
        let at = Point { alpha, temperature: 0.0 };
        // Γ = αv²χ/(1 − vχ) = 0.3837 α against 1/g = 0.5.
        assert_eq!(closure.linearize(Phase::Condensed(1), &y, at).is_some(), inside);
        assert_eq!(closure.free_energy(Phase::Condensed(1), &y, at).is_some(), inside);
    }
}

/// The best gain and threshold as stated ones: the fold of the branch is the maximum of the surface, whatever the
/// strength of the inhibition.
#[test]
fn inhibition_does_not_change_the_best_capacity() {
    let mut findings = Findings::default();
    for (patterns, connectivity) in [("sparse", "full"), ("sparse:active-fraction=0.2", "diluted:c=0.3")] {
        let bare = model("relu", patterns, connectivity, "none");
        let optimise = vec![Optimised::Threshold, Optimised::Gain];
        let best = capacity(&bare, &CapacityRequest { temperature: 0.0, optimise }).expect("a capacity");
        let active = best.retrieved_activity.expect("an activity");
        for strength in [5.0, 20.0] {
            // The maximum is flat: 10⁻¹⁰ below it in α moves gain and threshold by 10⁻⁵, and α_c by 10⁻¹⁰.
            let point =
                working_point(&bare, best.alpha_c * (1.0 - 1e-10), active, strength).expect("a point");
            let stated = point.model(&bare).expect("a model");
            let found = capacity(&stated, &CapacityRequest::default()).expect("a capacity");
            let what = format!("{patterns} {connectivity} k = {strength}");
            findings.close(&what, Some(found.alpha_c), best.alpha_c, 1e-8);
            let gain = best.optimum.and_then(|optimum| optimum.gain).expect("a gain");
            findings.close(&format!("{what} gain"), Some(point.gain), gain, 1e-3 * gain);
        }
    }
    findings.settle(8);
}
