//! Continuous units and inhibition at extensive load.

use mattis_model::Model;
use mattis_model::record::StateKind;
use mattis_theory::closure::{Closure, Phase, Point, Sequential};
use mattis_theory::solve::newton::Vector;
use mattis_theory::{CapacityRequest, Guess, ReplicaSymmetric, capacity, predict};

use crate::free_energy::derivative;
use crate::support::{Findings, control, entries, number, quantity};

/// A model by the names of its unit, patterns, connectivity and field; patterns with a mean are stored without it.
pub(crate) fn model(unit: &str, patterns: &str, connectivity: &str, field: &str) -> Model {
    let rule = if patterns == "rademacher" { "hebb" } else { "covariance" };
    Model {
        unit: unit.parse().expect("a unit"),
        patterns: patterns.parse().expect("patterns"),
        rule: rule.parse().expect("a rule"),
        connectivity: connectivity.parse().expect("a connectivity"),
        field: field.parse().expect("a field"),
        ..Model::hopfield()
    }
}

fn graded(gain: f64) -> Model {
    model(&format!("graded:gain={gain}"), "rademacher", "full", "none")
}

/// Load, gain, m, σ, Γ at T = 0: the self-consistent signal-to-noise analysis (Shiino & Fukai, J. Phys. A 25,
/// L375 (1992)).
const POINTS: [[f64; 5]; 8] = [
    [0.02, 2.0, 0.946_388_342_335_380_5, 0.168_718_428_332_114_03, 0.005_191_376_947_718_162],
    [0.02, 4.0, 0.998_704_385_775_751_8, 0.142_714_188_266_116_46, 0.000_208_972_296_598_779_72],
    [0.02, 10.0, 0.999_999_774_988_137, 0.141_421_960_680_453_4, 8.998_017_861_242_062e-8],
    [0.05, 2.0, 0.917_039_975_789_155_4, 0.294_249_337_759_583_9, 0.021_240_709_539_148_563],
    [0.05, 4.0, 0.996_470_731_812_096_3, 0.229_115_969_791_005_49, 0.001_408_112_270_721_03],
    [0.05, 10.0, 0.999_954_145_396_557_1, 0.223_769_308_288_687_9, 3.825_084_992_788_775_5e-5],
    [0.1, 4.0, 0.980_459_878_767_169_2, 0.353_659_084_139_303_64, 0.013_498_341_361_373_76],
    [0.1, 10.0, 0.996_804_558_457_781_6, 0.325_663_639_531_147_7, 0.003_138_160_274_243_412],
];

#[test]
fn points_of_the_signal_to_noise_analysis() {
    let mut findings = Findings::default();
    for [alpha, gain, m, sigma, gamma] in POINTS {
        let state = predict(&graded(gain), control(Some(alpha), 0.0), Guess::Retrieval).expect("a state");
        let what = format!("α = {alpha}, g = {gain}");
        findings.close(&format!("{what} m"), state.m.first().copied(), m, 1e-10);
        findings.close(&format!("{what} σ"), Some(state.delta.sqrt()), sigma, 1e-10);
        findings.close(&format!("{what} Γ"), Some(alpha * state.chi / (1.0 - state.chi)), gamma, 1e-10);
        assert!(state.locally_stable && state.entropy.is_none() && state.energy == state.free_energy);
    }
    findings.settle(24);
}

/// Units, patterns, connectivity, field and unknowns (χ, Δ) with which the equations are differentiated.
type Case = (&'static str, &'static str, &'static str, &'static str, f64, f64, f64);

const CASES: [Case; 13] = [
    ("graded:gain=3", "rademacher", "full", "none", 0.8, 0.3, 0.1),
    ("graded:gain=3:threshold=0.1", "biased:mean=0.3", "full", "none", 0.7, 0.3, 0.1),
    (
        "graded:gain=3:threshold=0.1",
        "biased:mean=0.3",
        "diluted:c=0.4",
        "inhibition:strength=0.7",
        0.7,
        0.3,
        0.1,
    ),
    ("graded:gain=3", "rademacher", "extreme", "external:h=0.1", 0.6, 0.3, 0.2),
    ("graded:gain=60", "rademacher", "full", "none", 0.9, 0.35, 0.1),
    ("graded:gain=60:threshold=0.1", "sparse:active-fraction=0.3", "full", "inhibition", 0.1, 0.9, 0.01),
    ("threshold-linear:gain=0.8:threshold=-0.1", "sparse", "full", "inhibition:strength=5", 0.2, 2.0, 0.01),
    ("threshold-linear:gain=0.8:threshold=0.1", "sparse", "diluted:c=0.3", "none", 0.5, 2.0, 0.01),
    (
        "threshold-linear:gain=0.8:threshold=0.1",
        "ternary",
        "extreme",
        "inhibition:strength=2",
        0.5,
        2.0,
        0.01,
    ),
    ("binary:threshold=0.04", "sparse", "full", "inhibition:strength=0.3", 0.06, 0.7, 0.003),
    ("binary:threshold=0.04", "sparse", "extreme", "inhibition:strength=0.3", 0.06, 0.7, 0.003),
    ("three-state:crystal-field=0.1", "biased:mean=0.2", "full", "inhibition:strength=0.3", 0.7, 0.3, 0.05),
    ("ising", "rademacher", "full", "inhibition:strength=0.3", 0.9, 0.2, 0.1),
];

fn closure(case: &Case) -> Sequential {
    Sequential::new(&model(case.0, case.1, case.2, case.3)).expect("a closure")
}

fn unknowns(case: &Case, phase: Phase, dimension: usize) -> Vector {
    let m = if phase.condensed() > 0 { case.4 } else { 0.0 };
    Vector::from_vec(if dimension == 4 { vec![m, case.5, 0.07, case.6] } else { vec![m, case.5, case.6] })
}

fn temperatures(case: &Case) -> Vec<f64> {
    match case.0.split_once(':').map_or(case.0, |(name, _)| name) {
        "graded" => vec![0.0, 0.1],
        "threshold-linear" => vec![0.0, 0.002, 0.05],
        _ => vec![0.0, 0.02],
    }
}

const PHASES: [Phase; 3] = [Phase::Condensed(1), Phase::Condensed(3), Phase::SpinGlass];

#[test]
fn jacobians() {
    let mut findings = Findings::default();
    for case in &CASES {
        let closure = closure(case);
        let k = closure.dimension();
        for (phase, temperature) in
            PHASES.into_iter().flat_map(|p| temperatures(case).into_iter().map(move |t| (p, t)))
        {
            let (y, at) = (unknowns(case, phase, k), Point { alpha: 0.06, temperature });
            let (_, jacobian) =
                closure.linearize(phase, &y, at).unwrap_or_else(|| panic!("{case:?} {phase:?}"));
            let last = if temperature == 0.0 { k + 1 } else { k + 2 };
            for j in usize::from(phase.condensed() == 0)..last {
                let size = if j < k { y[j] } else { [at.alpha, temperature][j - k] };
                let residual = |by: f64, row: usize| {
                    let (mut y, mut at) = (y.clone(), at);
                    match j {
                        j if j < k => y[j] += by,
                        j if j == k => at.alpha += by,
                        _ => at.temperature += by,
                    }
                    closure.residual(phase, &y, at).map_or(f64::NAN, |f| f[row])
                };
                for row in 0..k {
                    let slope = derivative(0.01 * size, &|h: f64| residual(h, row));
                    let scale = 1.0 + jacobian.column(j).amax();
                    let what = format!("{case:?} {phase:?} {at:?} ∂F{row}/∂{j}");
                    findings.close(&what, Some(slope), jacobian[(row, j)], 1e-7 * scale);
                }
            }
        }
    }
    findings.settle(900);
}

/// ∂f/∂(m, χ, x, Δ, α, T) by finite differences of f, and as combinations of the equations.
#[test]
fn the_free_energy_is_stationary() {
    let mut findings = Findings::default();
    for case in CASES.iter().filter(|case| case.2 != "extreme") {
        let closure = closure(case);
        let k = closure.dimension();
        let strength = closure.model().field.inhibition();
        for (phase, temperature) in
            PHASES.into_iter().flat_map(|p| temperatures(case).into_iter().map(move |t| (p, t)))
        {
            let (y, at) = (unknowns(case, phase, k), Point { alpha: 0.06, temperature });
            let gradient = closure.free_energy_gradient(phase, &y, at).expect("a gradient");
            let f = closure.residual(phase, &y, at).expect("inside");
            let what = format!("{case:?} {phase:?} {at:?}");
            let first = closure.reaction_slope(y[1], at.alpha);
            let n = phase.condensed() as f64;
            let mut wanted = vec![-n * f[0], -0.5 * (f[k - 1] + first * temperature * f[1]), -0.5 * f[1]];
            if k == 4 {
                wanted.insert(2, strength * f[2]);
            }
            for (j, wanted) in wanted.into_iter().enumerate() {
                findings.close(
                    &format!("{what} gradient {j}"),
                    Some(gradient[j]),
                    wanted,
                    1e-13 * (1.0 + wanted.abs()),
                );
            }
            for j in usize::from(n == 0.0)..if temperature == 0.0 { k + 1 } else { k + 2 } {
                let size = if j < k { y[j] } else { [at.alpha, temperature][j - k] };
                let slope = derivative(0.01 * size, &|h: f64| {
                    let (mut y, mut at) = (y.clone(), at);
                    match j {
                        j if j < k => y[j] += h,
                        j if j == k => at.alpha += h,
                        _ => at.temperature += h,
                    }
                    closure.free_energy(phase, &y, at).unwrap_or(f64::NAN)
                });
                findings.close(
                    &format!("{what} slope {j}"),
                    Some(slope),
                    gradient[j],
                    1e-9 * (1.0 + gradient[j].abs()),
                );
            }
        }
    }
    findings.settle(500);
}

/// Points of `tests/reference/graded_load.py`.
#[test]
fn second_method() {
    let mut findings = Findings::default();
    for entry in entries(include_str!("../reference/graded_load.json")) {
        let text = |key: &str| entry[key].as_str().expect("a text");
        let value = |key: &str| number(&entry, key).expect("a number");
        let unit = format!("{}:gain={}:threshold={}", text("unit"), value("gain"), value("threshold"));
        let strength = value("inhibition");
        let field = if strength == 0.0 { "none".into() } else { format!("inhibition:strength={strength}") };
        let model = model(&unit, text("patterns"), text("connectivity"), &field);
        let at = control(Some(value("alpha")), value("temperature"));
        let what = format!("{unit} {} {}", text("patterns"), text("connectivity"));
        let state = predict(&model, at, Guess::Retrieval).unwrap_or_else(|e| panic!("{what}: {e}"));
        for (key, wanted) in entry["found"].as_object().expect("a table") {
            let wanted: f64 = wanted.as_str().expect("a text").parse().expect("a number");
            let found = match key.as_str() {
                "mean" if state.mean.is_none() => Some(0.0),
                "mean" => state.mean,
                "correlation" if state.mean.is_none() => continue,
                "correlation" => state.correlation,
                key => quantity(&state, key),
            };
            findings.close(&format!("{what} {key}"), found, wanted, 1e-11 * (1.0 + wanted.abs()));
        }
    }
    findings.settle(60);
}

/// Without reaction the overlap vanishes continuously where E\[s′\] = 1, Δ = αE\[s²\]; a large gain is a step.
#[test]
fn capacities_with_dilution_and_bias() {
    let mut findings = Findings::default();
    let found = |unit: &str, patterns: &str, connectivity: &str| {
        capacity(&model(unit, patterns, connectivity, "none"), &CapacityRequest::default())
            .unwrap_or_else(|e| panic!("{unit} {patterns} {connectivity}: {e}"))
            .alpha_c
    };
    for gain in [1.5, 3.0, 10.0] {
        let average = |sigma: f64, f: &dyn Fn(f64) -> f64| -> f64 {
            let step = 0.02 / (1.0 + gain * sigma);
            let half = (10.0 / step) as i32;
            let density = |z: f64| step * (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
            (-half..=half).map(|i| f64::from(i) * step).map(|z| density(z) * f(gain * sigma * z)).sum()
        };
        let (mut low, mut high) = (1e-3, 2.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            let response = average(middle, &|x: f64| gain / x.cosh().powi(2));
            if response > 1.0 { low = middle } else { high = middle }
        }
        let wanted = low * low / average(low, &|x: f64| x.tanh().powi(2));
        let alpha = found(&format!("graded:gain={gain}"), "rademacher", "extreme");
        findings.close(&format!("extreme, g = {gain}"), Some(alpha), wanted, 1e-11);
    }
    for (patterns, connectivity) in [
        ("rademacher", "diluted:c=0.4"),
        ("rademacher", "diluted:c=0.4:symmetric=false"),
        ("biased:mean=0.2", "full"),
        ("biased:mean=-0.3", "diluted:c=0.5"),
    ] {
        let (step, steep) =
            (found("ising", patterns, connectivity), found("graded:gain=2000", patterns, connectivity));
        findings.close(&format!("{patterns} {connectivity}"), Some(steep), step, 1e-6);
    }
    findings.settle(7);
}

/// What cannot be solved, each with its own line.
#[test]
fn refusals() {
    let stated = |unit: &str, connectivity: &str, field: &str, update: &str| {
        let update = update.parse().expect("an update");
        model(unit, "rademacher", connectivity, field).with_update(update)
    };
    let solved = |model: &Model, temperature: f64| {
        predict(model, control(Some(0.02), temperature), Guess::Retrieval).map_err(|error| error.to_string())
    };
    let ground = solved(&stated("graded:gain=3", "full", "none", "sequential"), 0.0);
    for (update, states) in [("continuous", 1.0), ("parallel", 2.0)] {
        let model = stated("graded:gain=3", "full", "none", update);
        // The energy of parallel updates is that of two successive states.
        let mut expected = ground.clone().expect("a state");
        expected.free_energy = expected.free_energy.map(|f| states * f);
        expected.energy = expected.energy.map(|energy| states * energy);
        assert_eq!(solved(&model, 0.0), Ok(expected), "fixed points are those of any update");
    }
    let mut potts = Model::potts(3).expect("a model");
    potts.patterns = "potts:states=3".parse().expect("patterns");
    let cases = [
        (stated("graded", "full", "none", "continuous"), 0.1, "deterministic"),
        (stated("graded", "full", "none", "parallel"), 0.1, "pairs of successive states"),
        (stated("ising", "full", "inhibition", "parallel"), 0.1, "no mean activity"),
        (stated("graded", "diluted:symmetric=false", "none", "sequential"), 0.1, "fluctuation-dissipation"),
        (stated("ising", "finite", "none", "sequential"), 0.0, "whole number of memories"),
        (potts, 0.1, "exact at T = 0 only"),
    ];
    for (model, temperature, part) in cases {
        let message = solved(&model, temperature).expect_err("a refusal");
        assert!(message.contains(part) && !message.contains('\n'), "`{part}` is not in: {message}");
    }
    let mut bare = stated("ising", "full", "inhibition", "sequential");
    bare.rule = "none".parse().expect("a rule");
    let message = mattis_theory::almeida_thouless_temperature(&bare, 0.1).expect_err("a refusal").to_string();
    assert!(message.contains("external field"), "{message}");
}

/// The state s = 0 of graded units at T = 0 is there up to g(1 + 2√α) = 1, where it freezes.
#[test]
fn silent_state_of_graded_units() {
    let mut findings = Findings::default();
    for alpha in [0.04, 0.25] {
        let edge = 1.0 / (1.0 + 2.0 * f64::sqrt(alpha));
        let states = |gain: f64| {
            let theory = ReplicaSymmetric::new(&graded(gain)).expect("a theory");
            theory.states(control(Some(alpha), 0.0)).expect("states")
        };
        let below = states(0.98 * edge);
        assert_eq!(below.len(), 1);
        let state = &below[0];
        // 1/χ = 1/g − αχ/(1 − χ), Λ = 1 − αχ²/(1 − χ)².
        let chi = state.chi;
        let ratio = alpha * chi / (1.0 - chi);
        findings.close("χ", Some(1.0 / chi + ratio), 1.0 / (0.98 * edge), 1e-12);
        findings.close("Λ", state.replicon, 1.0 - ratio * ratio / alpha, 1e-12);
        assert!(state.kind == StateKind::Paramagnet && state.locally_stable);
        let above = states(1.02 * edge);
        assert!(above.len() == 1 && above[0].kind == StateKind::SpinGlass && above[0].q > 0.0, "{above:?}");
    }
    findings.settle(4);
}
