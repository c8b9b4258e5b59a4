//! A finite number of memories against values from the literature and from independent computations.

use mattis_model::record::{Completeness, MixturesRecord, StateKind};
use mattis_model::{Control, Model};
use mattis_theory::{FinitePatterns, Guess};

use crate::support::{Findings, model};

pub(crate) fn theory(model: &Model, count: usize) -> FinitePatterns {
    FinitePatterns::new(model, count).expect("a theory")
}

pub(crate) fn with_patterns(patterns: &str, rule: &str) -> Model {
    Model::hopfield()
        .with_patterns(patterns.parse().expect("patterns"))
        .with_rule(rule.parse().expect("a rule"))
}

pub(crate) fn form(rows: &[&[f64]]) -> Model {
    Model::quadratic_form(&rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>()).expect("a form")
}

/// The class whose overlaps begin like these.
fn class<'a>(record: &'a MixturesRecord, m: &[f64]) -> Option<&'a mattis_model::record::Mixture> {
    record.states.iter().find(|x| x.m.iter().zip(m).all(|(a, b)| (a - b).abs() < 1e-9))
}

#[test]
fn symmetric_mixtures() {
    let hopfield = theory(&Model::hopfield(), 5);
    let mut findings = Findings::default();
    // n, T, m, f, λ_in with the digits that each is good for.
    let table = [
        (1, 0.3, 0.997413816891975, -0.5003848343239606, 0.982781073756726, 1e-14),
        (1, 0.5, 0.957504024077269, -0.5098355339934346, 0.833627912, 1e-9),
        (1, 0.8, 0.710411783487870, -0.5831997564110538, 0.380856, 1e-6),
        (3, 0.1, 0.499977290754, -0.37500340569065, 0.998183, 1e-6),
        (3, 0.3, 0.480438503706, -0.38339483156355003, 0.49959333912428366, 1e-14),
        (3, 0.45, 0.43540792834, -0.41460312686752, 0.019909861, 1e-9),
        (3, 0.5, 0.41746333674, -0.43030140794580, -0.0667145, 1e-7),
        (5, 0.3, 0.352973262873, -0.36745843469586326, 0.2043566222363403, 1e-14),
    ];
    for (n, temperature, m, f, eigenvalue, digits) in table {
        let state = hopfield.symmetric(n, temperature).expect("a mixture");
        let name = format!("n = {n}, T = {temperature}");
        findings.close(&name, state.m.first().copied(), m, if n == 1 { 1e-14 } else { 1e-11 });
        findings.close(&name, state.free_energy, f, if n == 1 { 1e-15 } else { 2e-12 });
        let nearest = state
            .hessian
            .iter()
            .copied()
            .min_by(|a, b| (a - eigenvalue).abs().total_cmp(&(b - eigenvalue).abs()));
        findings.close(&name, nearest, eigenvalue, 2.0 * digits);
        assert_eq!(state.stable, eigenvalue > 0.0, "{name}");
    }
    findings.settle(24);
}

#[test]
fn stability_thresholds() {
    let hopfield = theory(&Model::hopfield(), 3);
    let mut findings = Findings::default();
    let table = [
        (3, 0.45979423987778545),
        (5, 0.3847392723886802),
        (7, 0.3439298449538011),
        (9, 0.31660140141864745),
        (11, 0.296361867336969),
        (13, 0.28045390165368306),
        (15, 0.267448525574671),
        (21, 0.2389298370149964),
        (31, 0.2091910771936335),
    ];
    for (n, temperature) in table {
        findings.close(&format!("T_{n}"), hopfield.threshold(n), temperature, 1e-15);
    }
    assert_eq!(hopfield.threshold(2), None);
    assert_eq!(hopfield.threshold(4), None);
    findings.close("T_1", hopfield.threshold(1), 1.0, 1e-15);
    // An independent root to 30 digits; the instability breaks the symmetry of the two larger overlaps.
    let record = theory(&Model::hopfield(), 5).mixtures(0.3).expect("a record");
    let found = record.thresholds.iter().find(|x| x.ground == [0.5, 0.5, 0.25, 0.25, 0.25]);
    findings.close("(½,½,¼,¼,¼)", found.map(|x| x.temperature), 0.1781138700627169, 1e-14);
    findings.settle(11);
}

#[test]
fn ground_states() {
    let hopfield = theory(&Model::hopfield(), 6);
    let mut binomial = 1.0;
    for n in 1..=10_usize {
        if n % 2 == 0 {
            binomial *= (n - 1) as f64 / n as f64;
        }
        let state = hopfield.symmetric(n, 0.0).expect("a mixture");
        assert!((state.m[0] - binomial).abs() < 1e-15, "m_{n}");
        let energy = -0.5 * n as f64 * binomial * binomial;
        assert!((state.energy.expect("an energy") - energy).abs() < 1e-15, "E_{n}");
        assert_eq!(state.stable, n % 2 == 1, "n = {n}");
        assert!(state.hessian.is_empty() && state.index.is_none());
    }
    let stable = |p: usize| -> Vec<Vec<f64>> {
        let record = theory(&Model::hopfield(), p).mixtures(0.0).expect("a record");
        record.states.into_iter().filter(|x| x.stable).map(|x| x.m).collect()
    };
    assert_eq!([1, 2, 3, 4, 5, 6].map(|p| stable(p).len()), [1, 1, 2, 2, 5, 8]);
    let wanted: [&[f64]; 8] = [
        &[1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        &[0.5, 0.5, 0.5, 0.0, 0.0, 0.0],
        &[0.375, 0.375, 0.375, 0.375, 0.375, 0.0],
        &[0.625, 0.375, 0.375, 0.125, 0.125, 0.0],
        &[0.5, 0.5, 0.25, 0.25, 0.25, 0.0],
        &[0.625, 0.25, 0.25, 0.25, 0.25, 0.25],
        &[0.4375, 0.4375, 0.4375, 0.1875, 0.1875, 0.1875],
        &[0.5, 0.375, 0.375, 0.25, 0.25, 0.125],
    ];
    let found = stable(6);
    for m in wanted {
        assert!(found.iter().any(|x| x == m), "{m:?}");
    }
    let all = theory(&Model::hopfield(), 5).mixtures(0.0).expect("a record");
    assert!(class(&all, &[0.5, 0.25, 0.25, 0.25, 0.25]).is_none(), "its fields tie");
    assert!(class(&all, &[0.375, 0.375, 0.375, 0.375, 0.0]).is_some_and(|x| !x.stable));
    assert_eq!(all.census.complete, Completeness::Unknown);
}

#[test]
fn censuses() {
    let table: [(usize, f64, usize, u64, u64); 13] = [
        (1, 0.3, 2, 3, 2),
        (2, 0.3, 3, 9, 4),
        (2, 0.9, 3, 9, 4),
        (3, 0.3, 5, 51, 14),
        (3, 0.44, 5, 51, 14),
        (3, 0.47, 5, 51, 6),
        (3, 0.6, 4, 27, 6),
        (4, 0.3, 7, 273, 40),
        (4, 0.2, 7, 273, 40),
        (5, 0.3, 13, 3043, 122),
        (5, 0.37, 12, 2083, 122),
        (5, 0.2, 15, 4643, 122),
        (2, 1.2, 1, 1, 1),
    ];
    for (p, temperature, classes, points, stable) in table {
        let census = theory(&Model::hopfield(), p).mixtures(temperature).expect("a record").census;
        let found = (census.classes, census.critical_points, census.stable);
        assert_eq!(found, (classes, Some(points), Some(stable)), "p = {p}, T = {temperature}");
        assert_eq!((census.morse_sum, census.complete), (Some(1), Completeness::SumOk));
    }
    // On either side of T₃ the symmetric state and the saddle next to it exchange stability.
    let hopfield = theory(&Model::hopfield(), 3);
    for (temperature, stable) in [(0.45979, 14), (0.4598, 6)] {
        assert_eq!(hopfield.mixtures(temperature).expect("a record").census.stable, Some(stable));
    }
    // At T_c itself every curvature vanishes: the sum is not known.
    let census = hopfield.mixtures(1.0).expect("a record").census;
    assert_eq!((census.morse_sum, census.complete), (None, Completeness::Unknown));
}

#[test]
fn other_laws_of_memories() {
    let mut findings = Findings::default();
    for (temperature, m) in [
        (0.1, 0.792733622587447),
        (0.3, 0.751627376321225),
        (0.5, 0.668554447952291),
        (0.8, 0.442601410300935),
        (0.0, (2.0 / std::f64::consts::PI).sqrt()),
    ] {
        let gauss = theory(&with_patterns("gaussian", "hebb"), 3);
        let state = gauss.solve(temperature, Guess::Retrieval).expect("a state");
        findings.close(&format!("normal memories, T = {temperature}"), Some(state.m[0]), m, 2e-14);
        findings.close("1 − q = T", Some(state.q + temperature), 1.0, 2e-14);
        assert_eq!((state.multiplicity, state.m[1]), (None, 0.0));
        let record = gauss.mixtures(temperature).expect("a record");
        assert_eq!((record.census.morse_sum, record.census.critical_points), (None, None));
        let zeros = state.hessian.expect("a Hessian").iter().filter(|x| x.abs() < 1e-12).count();
        assert_eq!(zeros, 2, "T = {temperature}");
    }
    let ground = theory(&with_patterns("gaussian", "hebb"), 1).solve(0.0, Guess::Retrieval).expect("a state");
    findings.close("−1/π", ground.energy, -std::f64::consts::FRAC_1_PI, 1e-15);

    let record = theory(&with_patterns("uniform", "hebb"), 2).mixtures(0.8).expect("a record");
    let f = |n: usize| record.states.iter().find(|x| x.n == n && x.symmetric).and_then(|x| x.free_energy);
    findings.close("uniform, Mattis", f(1), -0.570998954171516, 5e-15);
    findings.close("uniform, symmetric", f(2), -0.567192675537556, 5e-15);

    let biased = |rule: &str, a: f64| theory(&with_patterns(&format!("biased:mean={a}"), rule), 3);
    let state = biased("hebb", 0.2).solve(0.3, Guess::Retrieval).expect("a state");
    findings.close("biased m₁", Some(state.m[0]), 0.9972684198241, 1e-13);
    findings.close("biased m₂", Some(state.m[1]), 0.0406453994424, 1e-13);
    findings.close("biased f", state.free_energy, -0.5020059125104, 1e-13);
    assert_eq!((state.kind, state.multiplicity), (StateKind::Retrieval, Some(6)));
    findings.close("biased T_c", biased("hebb", 0.2).critical_temperature(), 1.08, 1e-14);
    let state = biased("covariance", 0.2).solve(0.3, Guess::Retrieval).expect("a state");
    findings.close("covariance m", Some(state.m[0]), 0.9536349522044, 1e-13);
    findings.close("covariance f", state.free_energy, -0.4619474631977, 1e-13);
    findings.close("covariance T_c", biased("covariance", 0.2).critical_temperature(), 0.96, 1e-14);
    let cold = biased("covariance", 0.2).solve(0.0, Guess::Retrieval).expect("a state");
    findings.close("covariance T = 0", Some(cold.m[0]), 0.96, 1e-15);
    // At a = ½ the symmetric state wins.
    let state = biased("hebb", 0.5).solve(0.3, Guess::Mixture(3)).expect("a state");
    findings.close("a = ½ symmetric m", Some(state.m[2]), 0.6190428802977, 1e-13);
    findings.close("a = ½ symmetric f", state.free_energy, -0.588585, 1e-6);
    let state = biased("hebb", 0.5).solve(0.3, Guess::Retrieval).expect("a state");
    findings.close("a = ½ retrieval f", state.free_energy, -0.564987, 1e-6);
    findings.settle(20);
}

/// Near T_c the sign of the kurtosis decides who wins: Mattis states, symmetric ones, or nobody.
#[test]
fn kurtosis_decides_near_the_transition() {
    let winner = |patterns: &str| {
        let record = theory(&with_patterns(patterns, "hebb"), 2).mixtures(0.9).expect("a record");
        let best = &record.states[0];
        (best.n, best.stable, best.multiplicity)
    };
    assert_eq!(winner("rademacher"), (1, true, Some(4)));
    assert_eq!(winner("uniform"), (1, true, Some(4)));
    assert_eq!(winner("laplace"), (2, true, Some(4)));
    assert_eq!(winner("gaussian"), (1, true, None));
    for patterns in ["uniform", "laplace"] {
        let census = theory(&with_patterns(patterns, "hebb"), 2).mixtures(0.9).expect("a record").census;
        assert_eq!((census.critical_points, census.morse_sum), (Some(9), Some(1)), "{patterns}");
    }
}

#[test]
fn refusals() {
    let refused = |model: &Model, count: usize| FinitePatterns::new(model, count).is_err();
    assert!(refused(&Model::sherrington_kirkpatrick(), 2));
    assert!(refused(&Model::hopfield(), 0));
    assert!(refused(&Model::named("van-hemmen").expect("a model"), 3));
    let hopfield = theory(&Model::hopfield(), 3);
    assert!(hopfield.solve(-1.0, Guess::Retrieval).is_err());
    for (temperature, guess) in [
        (0.5, Guess::Mixture(3)),
        (0.3, Guess::Mixture(2)),
        (0.3, Guess::Mixture(4)),
        (1.1, Guess::Retrieval),
        (0.5, Guess::Paramagnet),
        (0.5, Guess::SpinGlass),
    ] {
        assert!(hopfield.solve(temperature, guess).is_err(), "{guess:?} at {temperature}");
    }
    assert!(theory(&with_patterns("uniform", "hebb"), 4).states(0.5).is_err());
    assert!(
        mattis_theory::ReplicaSymmetric::new(&Model::hopfield())
            .expect("a theory")
            .states(Control::finite(3, 0.3))
            .is_err()
    );
}

/// Where the Morse sum is 1 all states are known; it is whenever nothing is degenerate.
#[test]
fn searches_are_complete() {
    let hopfield = |p: usize| theory(&Model::hopfield(), p);
    for p in 2..=5 {
        for temperature in [0.22, 0.28, 0.41, 0.55, 0.75, 0.95] {
            let census = hopfield(p).mixtures(temperature).expect("a record").census;
            assert_eq!(census.morse_sum, Some(1), "p = {p}, T = {temperature}: {census:?}");
        }
    }
    // Biased memories have fewer symmetries, positive forms fewer still, units with a threshold no sign.
    let models = [
        (with_patterns("biased:mean=0.35", "hebb"), 4, 0.4),
        (with_patterns("biased:mean=0.35", "covariance"), 3, 0.4),
        (form(&[&[1.0, 0.3, -0.2], &[0.3, 0.8, 0.1], &[-0.2, 0.1, 0.6]]), 3, 0.35),
        (Model::hopfield().with_unit("binary:threshold=0.1".parse().expect("a unit")), 3, 0.05),
        (with_patterns("biased", "hebb").with_field("postsynaptic:u=0.1".parse().expect("a field")), 3, 0.4),
        (model("little:0.2"), 3, 0.4),
    ];
    for (model, p, temperature) in models {
        let census = theory(&model, p).mixtures(temperature).expect("a record").census;
        assert_eq!(census.morse_sum, Some(1), "{model:?}: {census:?}");
        assert_eq!(census.complete, Completeness::SumOk);
    }
    // Many memories: symmetric mixtures only, and no claim.
    let record = hopfield(40).mixtures(0.2).expect("a record");
    assert_eq!((record.census.complete, record.states.len()), (Completeness::Unknown, 32));
    assert!(record.states.iter().all(|x| x.symmetric && x.m.len() == 40 && x.hessian.len() == 40));
}

/// Spin-1 units: tricritical at D = (2/3) ln 2, T = 1/3; first order up to D = ½ at T = 0.
/// (Blume 1966; Capel 1966)
#[test]
fn blume_capel() {
    let critical = |field: f64| {
        let unit = format!("three-state:crystal-field={field}").parse().expect("a unit");
        theory(&Model::hopfield().with_unit(unit), 1)
    };
    let tricritical = 2.0 * std::f64::consts::LN_2 / 3.0;
    let edge = critical(tricritical).critical_temperature().expect("a temperature");
    assert!((edge - 1.0 / 3.0).abs() < 1e-7, "{edge}");
    assert_eq!(critical(tricritical - 0.02).first_order_temperature(), None);
    let line = [0.47, 0.48, 0.49].map(|d| critical(d).first_order_temperature().expect("first order"));
    assert!(1.0 / 3.0 > line[0] && line[0] > line[1] && line[1] > line[2] && line[2] > 0.1, "{line:?}");
}

/// The states at T = 0 are limits of states at low temperature.
#[test]
fn ground_states_are_limits() {
    let theory = theory(&Model::hopfield(), 5);
    let cold = theory.mixtures(0.02).expect("a record");
    let ground = theory.mixtures(0.0).expect("a record");
    for state in ground.states.iter().filter(|x| x.stable) {
        let limit = class_near(&cold, &state.m).expect("a state at T = 0.02");
        assert!(limit.stable, "{:?}", state.m);
        assert!((limit.free_energy.expect("f") - state.free_energy.expect("f")).abs() < 1e-4);
        assert_eq!(limit.multiplicity, state.multiplicity);
    }
    // Residual entropy of tied columns is the limit too.
    let tied = class(&ground, &[0.5, 0.5, 0.0]).expect("the 2-mixture");
    let limit = class_near(&cold, &tied.m).expect("the 2-mixture");
    assert!((limit.entropy.expect("s") - tied.entropy.expect("s")).abs() < 1e-9);
}

fn class_near<'a>(record: &'a MixturesRecord, m: &[f64]) -> Option<&'a mattis_model::record::Mixture> {
    record.states.iter().find(|x| x.m.iter().zip(m).all(|(a, b)| (a - b).abs() < 2e-3))
}
