//! The Curie–Weiss model against independent numbers, and every exactly solved model against its derivatives.

use mattis_model::Solved;
use mattis_model::solved::{ExactPoint, ExactState};
use mattis_theory::exact::solve_exact;

use crate::support::Findings;

pub(crate) fn solve(model: &str, temperature: f64) -> ExactPoint {
    let model: Solved = model.parse().expect("an exactly solved model");
    solve_exact(&model, temperature).expect("a temperature")
}

pub(crate) fn first(model: &str, temperature: f64) -> ExactState {
    solve(model, temperature).states.remove(0)
}

/// The tolerance is relative to the number.
pub(crate) fn near(findings: &mut Findings, what: &str, found: Option<f64>, wanted: f64, relative: f64) {
    findings.close(what, found, wanted, relative * wanted.abs());
}

/// T, m, f, χ at h = 0.
#[rustfmt::skip]
const MEAN_FIELD: [[f64; 4]; 8] = [
    [0.1, 0.9999999958776924, -0.5000000002061153, 8.244615815241008e-8],
    [0.3, 0.9974138168919748, -0.5003848343239606, 0.01752061237550453],
    [0.5, 0.9575040240772688, -0.5098355339934346, 0.19957595625962496],
    [0.7, 0.8286347986408346, -0.5480212365299946, 0.8104901528906818],
    [0.9, 0.5254295126580087, -0.6311754725320964, 4.111424140080773],
    [0.95, 0.3794852066780898, -0.6603456457791466, 9.10541306466999],
    [0.99, 0.17251106997505122, -0.6862905580867437, 49.1010389577324],
    [0.999999, 0.0017320501147733386, -0.6931464874135147, 499999.099985725],
];

#[test]
fn curie_weiss() {
    let mut findings = Findings::default();
    for [t, m, f, chi] in MEAN_FIELD {
        let point = solve("curie-weiss", t);
        let state = &point.states[0];
        let at = |what: &str| format!("{what} at T = {t}");
        // T is a double: its rounding is the error of m near T_c, where m ∝ √(1 − T).
        let rounding = 2e-16 + 1.1e-16 / (1.0 - t);
        near(&mut findings, &at("m"), state.m.first().copied(), m, rounding);
        near(&mut findings, &at("f"), Some(state.free_energy), f, 3e-16);
        near(&mut findings, &at("χ"), state.chi, chi, 4.0 * rounding + 1e-14);
        assert_eq!(point.states.len(), 2);
        assert!(state.locally_stable && !point.states[1].locally_stable && point.states[1].m == [0.0]);
        near(&mut findings, &at("χ, paramagnet"), point.states[1].chi, -1.0 / (1.0 - t), 1e-15);
    }
    // In a field of 0.1 at T = 0.5: along it, against it, and the maximum of f between.
    let field = solve("curie-weiss:h=0.1", 0.5);
    assert_eq!(field.states.iter().map(|s| s.locally_stable).collect::<Vec<_>>(), [true, true, false]);
    near(&mut findings, "m along h", Some(field.states[0].m[0]), 0.9730156866523543, 2e-16);
    near(&mut findings, "m between", Some(field.states[2].m[0]), -0.2028532144823024, 1e-15);
    for state in &field.states {
        let m = state.m[0];
        findings.close("m = tanh", Some(m), ((m + 0.1) / 0.5).tanh(), 2e-15);
    }
    assert!(field.states[1].m[0] < -0.9 && field.states[0].free_energy < field.states[1].free_energy);
    let mirrored = solve("curie-weiss:h=-0.1", 0.5);
    assert_eq!(mirrored.states[1].m[0], -field.states[1].m[0]);
    // The spinodal at T = 0.5 is h = √½ − ½ acosh √2 = 0.266420…
    let spinodal = 0.5f64.sqrt() - 0.5 * 2f64.sqrt().acosh();
    for (h, count) in [(spinodal - 1e-9, 3), (spinodal + 1e-9, 1)] {
        assert_eq!(solve(&format!("curie-weiss:h={h}"), 0.5).states.len(), count);
    }
    // T = 0 and T_c.
    let cold = solve("curie-weiss:h=0.25", 0.0);
    let numbers: Vec<_> = cold.states.iter().map(|s| (s.m[0], s.free_energy, s.entropy > 0.0)).collect();
    assert_eq!(numbers, [(1.0, -0.75, false), (-1.0, -0.25, false), (-0.25, 0.03125, true)]);
    let critical = solve("curie-weiss:j=2", 2.0);
    assert_eq!((critical.states.len(), critical.states[0].m[0], critical.states[0].chi), (1, 0.0, None));
    findings.close("jump of C", first("curie-weiss", 1.0 - 1e-9).heat_capacity, 1.5, 1e-8);
    findings.settle(38);
}

/// u = ∂(βf)/∂β and C = ∂u/∂T by differences of sixth order, on both sides of every transition.
#[test]
fn derivatives_of_the_free_energy() {
    let mut findings = Findings::default();
    let derivative = |f: &dyn Fn(f64) -> f64, x: f64| {
        let h = 0.004 * x;
        let d = |k: f64| f(x + k * h) - f(x - k * h);
        (45.0 * d(1.0) - 9.0 * d(2.0) + d(3.0)) / (60.0 * h)
    };
    for model in [
        "onsager",
        "bethe:z=3",
        "bethe:z=5:j=0.7",
        "curie-weiss",
        "curie-weiss:h=0.3",
        "ising-chain",
        "ising-chain:h=0.4:j=1.5",
        "ising-chain:neurons=9:h=0.1",
        "curie-weiss:neurons=30:h=0.05",
        "enumerated:neurons=5:masks=0b00111/0b01010",
    ] {
        for t in [0.5, 0.8, 1.3, 3.1, 6.0] {
            let state = first(model, t);
            let u = derivative(&|beta| beta * first(model, 1.0 / beta).free_energy, 1.0 / t);
            let c = derivative(&|t| first(model, t).energy, t);
            let m = state.m.first().copied().unwrap_or_default();
            findings.close(&format!("u of {model} at {t}, m = {m}"), Some(state.energy), u, 2e-9);
            findings.close(&format!("C of {model} at {t}, m = {m}"), state.heat_capacity, c, 2e-9);
            let entropy = (state.energy - state.free_energy) / t;
            findings.close(&format!("S of {model} at {t}"), Some(state.entropy), entropy, 2e-15);
        }
    }
    findings.settle(150);
}

#[test]
fn what_is_refused() {
    let model: Solved = "onsager".parse().expect("a model");
    for temperature in [-1.0, f64::NAN, f64::INFINITY] {
        let message = solve_exact(&model, temperature).expect_err("no temperature").to_string();
        assert!(message.starts_with("temperature T = "), "{message}");
    }
}
