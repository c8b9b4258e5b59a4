//! Special cases and limits: closures against formulas written out here, with a trapezoid of their own.

use std::f64::consts::PI;

use mattis_model::Model;
use mattis_model::record::State;
use mattis_theory::closure::{Phase, Point, columns, zero_temperature};
use mattis_theory::solve::newton::Vector;
use mattis_theory::{Guess, ReplicaSymmetric, predict};

use crate::support::{Findings, control, model, variant};

/// E f(z), z standard normal, by a fine trapezoid: for temperatures of order 0.1 and above.
fn gauss(f: impl Fn(f64) -> f64) -> f64 {
    let h = 1.0 / 64.0;
    (-704..=704).map(|i| f64::from(i) * h).map(|z| h * (-0.5 * z * z).exp() / (2.0 * PI).sqrt() * f(z)).sum()
}

fn ln2cosh(x: f64) -> f64 {
    x.abs() + (-2.0 * x.abs()).exp().ln_1p()
}

fn sech2(x: f64) -> f64 {
    1.0 / x.cosh().powi(2)
}

/// f of Amit, Gutfreund and Sompolinsky in (m, q, r), on a solution or not.
#[test]
fn hopfield_is_amit_gutfreund_sompolinsky() {
    let mut findings = Findings::default();
    let theory = ReplicaSymmetric::new(&Model::hopfield()).expect("a theory");
    for n in [0, 1, 3, 5] {
        for (alpha, t) in [(0.02, 0.15), (0.05, 0.3), (0.13, 0.1), (0.5, 0.6), (2.0, 1.1)] {
            for (m, q, r) in [(0.95, 0.98, 1.2), (0.5, 0.9, 2.0), (0.3, 0.95, 6.0)] {
                let m = if n == 0 { 0.0 } else { m };
                let c = (1.0 - q) / t;
                let at = Point { alpha, temperature: t };
                let s = f64::sqrt(alpha * r);
                let signs = columns(n, false);
                let average = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
                    signs.iter().map(|k| k.probability * gauss(|z| f(k.sum, (m * k.sum + s * z) / t))).sum()
                };
                let nm = n as f64 * m * m;
                let bulk = 0.5 * alpha * t * ((1.0 - c).ln() - q / (t * (1.0 - c)));
                let f = 0.5 * alpha + 0.5 * nm + bulk + 0.5 * alpha * r * (1.0 - q) / t
                    - t * average(&|_, u| ln2cosh(u));
                let phase = if n == 0 { Phase::SpinGlass } else { Phase::Condensed(n) };
                let y = Vector::from_vec(vec![m, c, alpha * r]);
                let found = theory.closure().free_energy(phase, &y, at);
                let what = format!("n = {n}, {at:?}, m = {m}");
                findings.close(&format!("{what} f"), found, f, 1e-13 * (1.0 + bulk.abs()));
                let residual = theory.closure().residual(phase, &y, at).expect("inside the domain");
                let overlap = if n == 0 { 0.0 } else { average(&|z, u| z * u.tanh()) / n as f64 - m };
                findings.close(&format!("{what} m"), Some(residual[0]), overlap, 1e-13);
                let chi = average(&|_, u| sech2(u)) / t - c;
                findings.close(&format!("{what} C"), Some(residual[1]), chi, 1e-13 / t);
                let frozen = alpha / (1.0 - c).powi(2);
                let delta = frozen * average(&|_, u| u.tanh().powi(2)) - alpha * r;
                findings.close(&format!("{what} r"), Some(residual[2]), delta, 1e-13 * (1.0 + frozen));
                let replicon = 1.0 - frozen * average(&|_, u| (sech2(u) / t).powi(2));
                findings.close(
                    &format!("{what} Λ"),
                    theory.closure().replicon(phase, &y, at),
                    replicon,
                    1e-12 * (1.0 + replicon.abs()),
                );
            }
        }
    }
    findings.settle(300);
}

/// The closure of Ising units by itself: (m, q, d, A, K), free energy and equations at solutions.
#[test]
fn parallel_ising_is_the_little_model() {
    let mut findings = Findings::default();
    for (name, alpha, t, guess) in [
        ("little", 0.05, 0.3, Guess::Retrieval),
        ("little", 0.05, 0.5, Guess::Retrieval),
        ("little:kept", 0.08, 0.3, Guess::Retrieval),
        ("little:0.3", 0.06, 0.4, Guess::Retrieval),
        ("little:-0.1", 0.04, 0.4, Guess::Retrieval),
        ("little", 0.1, 0.6, Guess::SpinGlass),
        ("little:0.2", 0.3, 0.7, Guess::SpinGlass),
    ] {
        let state = predict(&model(name), control(Some(alpha), t), guess).expect("a state");
        let beta = 1.0 / t;
        let (m, q) = (state.m.first().copied().unwrap_or(0.0), state.q);
        let d = state.d.expect("d");
        let j0 = model(name).self_coupling.at(alpha.into());
        let (a, b) = (1.0 - beta * (1.0 + d - 2.0 * q), 1.0 + beta * (1.0 - d));
        let noise = alpha * beta * beta * q / (a * a);
        let k = beta * (j0 - alpha) + 0.5 * alpha * beta * (1.0 / a + 1.0 / b);
        let sum = |h: f64| k.exp() * (2.0 * h).cosh() + (-k).exp();
        let field = |z: f64| beta * m + noise.sqrt() * z;
        let s = |z: f64| k.exp() * (2.0 * field(z)).sinh() / sum(field(z));
        let persistence = gauss(|z| (k.exp() * (2.0 * field(z)).cosh() - (-k).exp()) / sum(field(z)));
        let bf = -beta * m * m + 2.0 * noise * q - noise - (k + noise) * d + beta * (j0 - alpha) * d
            - 0.5 * alpha * (a.ln() - 2.0 * beta * q / a + b.ln())
            + gauss(|z| (2.0 * sum(field(z))).ln());
        let what = format!("{name} α = {alpha} T = {t}");
        findings.close(&format!("{what} f"), state.free_energy, -t * bf, 1e-10);
        findings.close(&format!("{what} m"), Some(m), gauss(s), 1e-10);
        findings.close(&format!("{what} q"), Some(q), gauss(|z| s(z).powi(2)), 1e-10);
        findings.close(&format!("{what} d"), Some(d), persistence, 1e-10);
        findings.close(&format!("{what} Δ"), Some(state.delta), noise * t * t, 1e-10);
        findings.close(&format!("{what} Q"), Some(state.activity), 1.0, 1e-13);
    }
    findings.settle(42);
}

/// A strong self-coupling binds s′ to s: Hopfield's equations at half the temperature, f = 2f_H − J₀.
#[test]
fn strong_self_coupling_halves_the_temperature() {
    let mut findings = Findings::default();
    for (alpha, t) in [(0.05, 0.3), (0.1, 0.2), (0.03, 0.9)] {
        let little =
            predict(&model("little:20"), control(Some(alpha), t), Guess::Retrieval).expect("a state");
        let hopfield =
            predict(&model("hopfield"), control(Some(alpha), 0.5 * t), Guess::Retrieval).expect("a state");
        for (what, a, b) in [
            ("m", little.m[0], hopfield.m[0]),
            ("q", little.q, hopfield.q),
            ("χ", little.chi, hopfield.chi),
            ("Δ", little.delta, hopfield.delta),
            ("d", little.d.expect("d"), 1.0),
            ("f", little.free_energy.expect("f") + 20.0, 2.0 * hopfield.free_energy.expect("f")),
        ] {
            findings.close(&format!("{what} at {alpha}, {t}"), Some(a), b, 1e-12);
        }
    }
    findings.settle(18);
}

/// Sherrington and Kirkpatrick: q = E tanh²β(√q z + h), f = −β(1 − q)²/4 − T E ln 2cosh, 1 − β² E sech⁴.
#[test]
fn sherrington_kirkpatrick_is_the_general_closure() {
    let mut findings = Findings::default();
    for (h, t) in [(0.0, 0.2), (0.0, 0.6), (0.0, 0.95), (0.1, 0.5), (0.7, 0.3), (0.3, 1.4)] {
        let field = format!("external:h={h}").parse().expect("a field");
        let sk = Model::sherrington_kirkpatrick().with_field(field);
        let state = predict(&sk, control(None, t), Guess::SpinGlass).expect("a state");
        let q = state.q;
        let u = |z: f64| (q.sqrt() * z + h) / t;
        let what = format!("h = {h}, T = {t}");
        findings.close(&format!("{what} q"), Some(q), gauss(|z| u(z).tanh().powi(2)), 1e-13);
        findings.close(&format!("{what} Δ"), Some(state.delta), q, 1e-13);
        let f = -0.25 * (1.0 - q).powi(2) / t - t * gauss(|z| ln2cosh(u(z)));
        findings.close(&format!("{what} f"), state.free_energy, f, 1e-13);
        let replicon = 1.0 - gauss(|z| (sech2(u(z)) / t).powi(2));
        findings.close(&format!("{what} Λ"), state.replicon, replicon, 1e-12);
    }
    findings.settle(24);
}

#[test]
fn zero_temperature_curve_is_the_general_closure() {
    let mut findings = Findings::default();
    let theory = ReplicaSymmetric::new(&Model::hopfield()).expect("a theory");
    for n in [1, 3, 5, 7] {
        let fold = zero_temperature::capacity(n).expect("a fold");
        for factor in [0.9, 1.0, 1.1, 1.5, 2.5] {
            let point = zero_temperature::ground_state(n, factor * fold.y).expect("a point");
            let y = Vector::from_vec(vec![point.m, point.chi, point.delta]);
            let at = Point { alpha: point.alpha, temperature: 0.0 };
            let residual = theory.closure().residual(Phase::Condensed(n), &y, at).expect("inside the domain");
            findings.close(&format!("n = {n}, {factor} y_c"), Some(residual.amax()), 0.0, 1e-14);
        }
        for fraction in [0.2, 0.7, 0.97] {
            let exact = zero_temperature::at_load(n, fraction * fold.alpha).expect("a state");
            let guess = if n == 1 { Guess::Retrieval } else { Guess::Mixture(n) };
            let found = theory.solve(control(Some(fraction * fold.alpha), 0.0), guess).expect("a state");
            findings.close(&format!("n = {n} m"), Some(found.m[0]), exact.m, 1e-12);
            findings.close(&format!("n = {n} χ"), Some(found.chi), exact.chi, 1e-11);
            findings.close(&format!("n = {n} Δ"), Some(found.delta), exact.delta, 1e-12);
        }
        assert!(zero_temperature::at_load(n, 1.001 * fold.alpha).is_none());
    }
    findings.settle(56);
}

/// T → 0 is continuous: corrections are c₁T + c₂T², the first removed by halving T; q = Q − Tχ exactly.
#[test]
fn zero_temperature_is_a_limit() {
    let mut findings = Findings::default();
    let spin1 = "three-state:crystal-field=0.2";
    for (unit, field, diagonal, update, guess, alpha) in [
        ("ising", 0.0, "zero", "sequential", Guess::Retrieval, 0.1),
        ("ising", 0.0, "zero", "sequential", Guess::Mixture(3), 0.02),
        ("ising", 0.0, "zero", "sequential", Guess::SpinGlass, 0.1),
        ("ising", 0.1, "zero", "sequential", Guess::Retrieval, 0.1),
        (spin1, 0.0, "zero", "sequential", Guess::Retrieval, 0.05),
        (spin1, 0.0, "kept", "sequential", Guess::Retrieval, 0.05),
        (spin1, 0.0, "zero", "sequential", Guess::SpinGlass, 0.05),
        ("ising", 0.0, "0.1", "parallel", Guess::Retrieval, 0.1),
        ("ising", 0.0, "kept", "parallel", Guess::Retrieval, 0.1),
        (spin1, 0.0, "0.1", "parallel", Guess::Retrieval, 0.05),
    ] {
        let model = variant(unit, field, diagonal, update);
        let at = |t: f64| -> State {
            predict(&model, control(Some(alpha), t), guess)
                .unwrap_or_else(|e| panic!("{model:?} T = {t}: {e}"))
        };
        let (limit, near, nearer) = (at(0.0), at(1e-4), at(5e-5));
        let m = |state: &State| state.m.first().copied().unwrap_or(0.0);
        let two = |f: &dyn Fn(&State) -> f64| (f(&limit), 2.0 * f(&nearer) - f(&near));
        for (what, (limit, near)) in [
            ("m", two(&m)),
            ("χ", two(&|state| state.chi)),
            ("Δ", two(&|state| state.delta)),
            ("Q", two(&|state| state.activity)),
            ("u", two(&|state| state.energy.unwrap_or(f64::NAN))),
        ] {
            let what = format!("{unit} {diagonal} {update} {guess:?}: {what}");
            findings.close(&what, Some(near), limit, 3e-7 * (1.0 + limit.abs()));
        }
        let frozen = near.activity - 1e-4 * near.chi;
        if update == "sequential" {
            findings.close("q", Some(near.q), frozen, 1e-13);
        }
        findings.close("q(0)", Some(limit.q), limit.activity, 1e-14);
        let slope = (near.free_energy.expect("f") - limit.free_energy.expect("f")) / 1e-4;
        findings.close(
            &format!("{unit} {update} {guess:?} −S"),
            Some(-slope),
            limit.entropy.expect("S"),
            2e-3,
        );
    }
    findings.settle(65);
}

/// Units with a level 0 freeze at low temperature although the paramagnet, all at 0, is stable as well; above
/// the transition nothing is frozen.
#[test]
fn three_state_glass_beside_the_paramagnet() {
    let mut findings = Findings::default();
    for update in ["sequential", "parallel"] {
        let model = variant("three-state:crystal-field=0.2", 0.0, "zero", update);
        let chi =
            |t: f64| predict(&model, control(Some(0.05), t), Guess::SpinGlass).map(|state| state.chi).ok();
        let limit = chi(0.0).expect("a glass at T = 0");
        findings.close("T = 0.1", chi(0.1), 0.794, 2e-3);
        for t in [0.03, 0.01, 1e-3, 1e-5] {
            findings.close(&format!("{update} T = {t}"), chi(t), limit, 0.2 * t);
        }
        for t in [0.9, 1.2, 3.0] {
            assert_eq!(chi(t), None, "{update} T = {t}");
        }
    }
    findings.settle(10);
}
