//! Finite exactly solved models against sums over all states.

use mattis_model::Unit;
use mattis_model::solved::{Enumerated, ExactState};
use mattis_theory::exact::{Dynamics, Enumeration, Law, Spectrum};
use serde_json::Value;

use crate::exact_models::{first, solve};
use crate::support::Findings;

/// Model, T, then ln Z, ⟨m⟩, ⟨|m|⟩, ⟨m²⟩, Binder, u, C, χ: sums over magnetisations in forty digits.
#[rustfmt::skip]
const SUMS: [(&str, f64, [f64; 8]); 7] = [
    ("neurons=100", 0.5, [102.75418242619608, 0.0, 0.9551018351417342, 0.9132943956945693,
     0.6651450420930032, -0.45664719784728464, 0.38075915417283845, 182.65887913891385]),
    ("neurons=1000", 0.5, [1020.4554828895662, 0.0, 0.957273759243687, 0.9164735561803852,
     0.6665208753383126, -0.4582367780901926, 0.3673608104476465, 1832.9471123607705]),
    ("neurons=10:h=0.2", 1.0, [8.494567141910126, 0.559314349878153, 0.6375828510167227,
     0.49455828940140084, 0.5032665828283012, -0.35914201467633106, 0.589595728157469,
     1.817257474217799]),
    ("neurons=2000", 1.0, [1388.4969707687412, 0.0, 0.13594793636705058, 0.02604504452459631,
     0.2782063378585217, -0.013022522262298155, 0.39526480054101204, 52.09008904919262]),
    ("neurons=20000", 0.9, [14027.631558924813, 0.0, 0.5248741910194827, 0.2756791201950869,
     0.6657687694413514, -0.13783956009754345, 1.2636902010153321, 6126.202671001931]),
    ("neurons=100000", 1.0, [69317.89419102119, 0.0, 0.05116068475290268, 0.0036997481896163397,
     0.27160143199327547, -0.0018498740948081698, 0.40557801933147625, 369.97481896163396]),
    ("neurons=100000:h=0.01", 0.7, [79478.43674497285, 0.8364278558978989, 0.8364278558978989,
     0.6996168202029001, 0.6666566388189347, -0.35817268866042906, 0.7693369555292433,
     0.751725849107137]),
];

#[test]
fn finite_curie_weiss() {
    let mut findings = Findings::default();
    for (model, t, [ln_z, m, abs_m, m2, binder, u, c, chi]) in SUMS {
        let state = first(&format!("curie-weiss:{model}"), t);
        for (what, found, wanted) in [
            ("ln Z", state.ln_z, ln_z),
            ("m", state.m.first().copied(), m),
            ("|m|", state.abs_m, abs_m),
            ("m²", state.m2, m2),
            ("Binder", state.binder, binder),
            ("u", Some(state.energy), u),
            ("C", state.heat_capacity, c),
            ("χ", state.chi, chi),
        ] {
            findings.close(&format!("{what} of {model}"), found, wanted, 1e-13 * wanted.abs());
        }
    }
    // |m|_N − m = a/N at T = 0.5.
    let infinite = first("curie-weiss", 0.5).m[0];
    let shift =
        |n: usize| first(&format!("curie-weiss:neurons={n}"), 0.5).abs_m.map(|m| n as f64 * (m - infinite));
    findings.close("N (|m|_N − m)", shift(100), -0.24, 0.005);
    let (a, b) = (shift(10_000).expect("finite"), shift(100_000).expect("finite"));
    findings.close("scaling as 1/N", Some(a), b, 1e-3 * b.abs());
    assert_eq!(first("curie-weiss:neurons=7", 0.0).binder, Some(2.0 / 3.0));
    findings.settle(58);
}

fn against(findings: &mut Findings, model: &str, state: &ExactState, law: &Law<'_>, t: f64, n: f64) {
    let magnetisation = |s: &[f64]| s.iter().sum::<f64>() / n;
    let moment = |power: i32| law.average(|s| magnetisation(s).powi(power));
    let m = moment(1);
    let variance = law.average(|s| (magnetisation(s) - m).powi(2));
    for (what, found, wanted) in [
        ("ln Z", state.ln_z, law.ln_z()),
        ("u", Some(state.energy), law.energy() / n),
        ("C", state.heat_capacity, law.energy_variance() / (t * t * n)),
        ("S", Some(state.entropy), law.entropy() / n),
        ("m", state.m.first().copied(), m),
        ("χ", state.chi, n * variance / t),
        ("m²", state.m2, moment(2)),
    ] {
        findings.close(
            &format!("{what} of {model} at T = {t}"),
            found,
            wanted,
            1e-12 * wanted.abs().max(0.01),
        );
    }
    if let Some(binder) = state.binder {
        findings.close("Binder", Some(binder), 1.0 - moment(4) / (3.0 * moment(2).powi(2)), 1e-13);
        findings.close("|m|", state.abs_m, law.average(|s| magnetisation(s).abs()), 1e-14);
    }
}

#[test]
fn sums_over_all_states() {
    let mut findings = Findings::default();
    for n in 6..=10 {
        let complete = vec![1.0 / n as f64; n * n];
        let ring: Vec<f64> =
            (0..n * n).map(|k| f64::from((k / n + 1) % n == k % n || (k % n + 1) % n == k / n)).collect();
        for (name, couplings) in [("curie-weiss", complete), ("ising-chain", ring)] {
            for (h, t) in [(0.0, 0.4), (0.0, 1.7), (0.25, 0.9), (-0.6, 2.5)] {
                let model = format!("{name}:neurons={n}:h={h}");
                let network = Enumeration::new(&Unit::neutral(), &couplings, h).expect("small");
                let law = network.boltzmann(t).expect("symmetric");
                against(&mut findings, &model, &first(&model, t), &law, t, n as f64);
            }
        }
    }
    findings.settle(300);
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or_else(|| panic!("{key} is missing"))
}

fn enumerated(state: &ExactState) -> &Enumerated {
    state.enumerated.as_ref().expect("an enumeration")
}

/// Set A of the independent enumeration; set B in the long test.
fn check(case: &str, temperatures: &[f64]) {
    let all: Value = serde_json::from_str(include_str!("../reference/enumeration.json")).expect("valid JSON");
    let case = &all[case];
    let masks: Vec<&str> =
        case["masks"].as_array().expect("masks").iter().filter_map(Value::as_str).collect();
    let n = number(case, "N");
    let mut findings = Findings::default();
    for (diagonal, suffix) in [("zero", "J_ii0"), ("kept", "hebbdiag")] {
        let model = format!("enumerated:neurons={n}:masks={}:self-coupling={diagonal}", masks.join("/"));
        for t in temperatures {
            let expected = &case[format!("T{t:.1}")];
            let state = first(&model, *t);
            let found = enumerated(&state);
            let shift = if diagonal == "zero" { 0.5 * masks.len() as f64 } else { 0.0 };
            let hopfield = if diagonal == "zero" { "nodiag" } else { "diag" };
            let law = found.parallel_law.as_ref().expect("T > 0");
            for (what, value, wanted) in [
                ("ln Z", state.ln_z, number(expected, &format!("lnZ_hopfield_{hopfield}"))),
                ("u", Some(state.energy), (number(expected, "U") + shift) / n),
                ("C", state.heat_capacity, number(expected, "C") / n),
                ("max |m|", Some(found.max_abs_m), number(expected, "maxabsm")),
                ("ground", Some(found.ground_energy), (number(case, "Emin0") + shift) / n),
                ("Little ln Z", Some(law.ln_z), number(expected, &format!("lnZ_little_{suffix}"))),
                ("S S′", Some(law.self_overlap), number(expected, &format!("little_selfoverlap_{suffix}"))),
            ] {
                findings.close(&format!("{what}, {diagonal}, T = {t}"), value, wanted, 1e-12);
            }
            for (mu, memory) in found.memories.iter().enumerate() {
                let entry = |key: &str| expected[key][mu].as_f64().expect("an average");
                findings.close("m²", Some(memory.m2), entry("m2"), 1e-12);
                findings.close("|m|", Some(memory.abs_m), entry("absm"), 1e-12);
                findings.close("Little m²", Some(law.m2[mu]), entry(&format!("little_m2_{suffix}")), 1e-12);
            }
            let count = |key: &str| number(case, &format!("{key}_{suffix}")) as usize;
            assert_eq!(found.fixed.points, count("parallel_fixed"));
            assert_eq!(found.fixed.strict, count("n_strict_fixed"));
            assert_eq!(found.fixed.two_cycle_states, count("parallel_2cycle_states"));
            assert_eq!(found.fixed.longer_cycle_states, count("parallel_longer_cycles"));
            assert_eq!(found.ground_degeneracy, number(case, "deg") as usize);
            for relaxation in [&found.sequential, &found.parallel] {
                let relaxation = relaxation.as_ref().expect("T > 0");
                assert!(relaxation.detailed_balance < 2e-14, "{relaxation:?}");
                assert!(relaxation.lowest.is_some_and(|low| low > -1.0), "{relaxation:?}");
                assert!(relaxation.relaxation_time.is_some_and(|time| time > 0.0), "{relaxation:?}");
                assert!(relaxation.leading.len() > 1 && relaxation.leading[1] < 1.0, "{relaxation:?}");
            }
        }
    }
    findings.settle(20 * temperatures.len());
}

#[test]
fn enumerated_set_a() {
    check("A", &[0.3, 0.5, 1.0, 2.0]);
}

#[test]
fn enumerated_set_b() {
    check("B", &[0.5]);
}

#[test]
#[ignore = "every temperature of the larger set: minutes"]
fn enumerated_set_b_at_every_temperature() {
    check("B", &[0.3, 1.0, 2.0]);
}

#[test]
fn enumerated_at_zero_temperature() {
    // The default network: four ground states at −5/12 per unit, on each of which one |m_μ| is 1.
    let state = first("enumerated", 0.0);
    let found = enumerated(&state);
    assert!((state.entropy - 4f64.ln() / 12.0).abs() < 1e-16);
    assert!((state.free_energy + 5.0 / 12.0).abs() < 1e-15 && state.energy == state.free_energy);
    assert!((found.max_abs_m - 1.0).abs() < 1e-15 && (found.memories[0].m2 - 0.5).abs() < 1e-15);
    assert!(found.parallel.is_none() && found.parallel_law.is_none() && state.ln_z.is_none());
    assert_eq!(
        solve("enumerated", 0.001).states[0].enumerated.as_ref().map(|e| e.sequential.is_none()),
        Some(true)
    );
}

fn spectrum(couplings: &[f64], field: f64, dynamics: Dynamics, t: f64) -> Spectrum {
    let network = Enumeration::new(&Unit::neutral(), couplings, field).expect("small");
    network.spectrum(dynamics, t).expect("reversible")
}

/// Free spins: heat bath of one in N has the eigenvalues 1 − k/N, N over k times; parallel updates forget at once.
#[test]
fn spectrum_of_free_spins() {
    for n in [6, 11] {
        let free = vec![0.0; n * n];
        let step = spectrum(&free, 0.3, Dynamics::HeatBathRandom, 0.7);
        let exact: Vec<f64> = (0..=n)
            .flat_map(|k| {
                let count = (0..k).fold(1, |c, i| c * (n - i) / (i + 1));
                vec![1.0 - k as f64 / n as f64; if step.complete { count } else { 1 }]
            })
            .collect();
        assert_eq!(step.complete, n == 6);
        let known = step.eigenvalues.len();
        assert!(known >= 2 && (!step.complete || known == 64), "{known}");
        for (found, wanted) in step.eigenvalues.iter().zip(&exact) {
            assert!((found - wanted).abs() < 1e-13, "{n}: {found} is not {wanted}");
        }
        assert!(step.lowest.is_some_and(|low| low.abs() < 1e-13), "{:?}", step.lowest);
        let time = step.relaxation_time().expect("a gap");
        assert!((time + 1.0 / (1.0 - 1.0 / n as f64).ln()).abs() < 1e-11);
        let parallel = spectrum(&free, 0.3, Dynamics::HeatBathParallel, 0.7);
        assert_eq!(parallel.relaxation_time(), Some(0.0));
        // Metropolis at h = 0 flips always: 1 − 2k/N down to −1, whose period never decays.
        let metropolis = spectrum(&free, 0.0, Dynamics::MetropolisRandom, 0.7);
        assert!(metropolis.lowest.is_some_and(|low| (low + 1.0).abs() < 1e-13));
        assert_eq!(metropolis.relaxation_time(), None);
    }
}

/// Two spins, by hand. With t = tanh βJ the heat bath has 1, (1 + t)/2, (1 − t)/2, 0. In parallel both copy each
/// other with mean t: s₁ and s₂ give ±t, s₁s₂ gives t².
#[test]
fn spectrum_of_two_spins() {
    let (j, temperature) = (0.8f64, 0.6f64);
    let t = (j / temperature).tanh();
    let couplings = [0.0, j, j, 0.0];
    for (dynamics, wanted) in [
        (Dynamics::HeatBathRandom, [1.0, 0.5 * (1.0 + t), 0.5 * (1.0 - t), 0.0]),
        (Dynamics::HeatBathParallel, [1.0, t, t * t, -t]),
    ] {
        let found = spectrum(&couplings, 0.0, dynamics, temperature);
        for (a, b) in found.eigenvalues.iter().zip(wanted) {
            assert!((a - b).abs() < 1e-15, "{dynamics:?}: {a} is not {b}");
        }
        assert!(found.detailed_balance < 1e-15 && found.complete);
    }
}

/// The ends by iteration are those of the complete spectrum: two networks that do not know of each other have the
/// products of the parallel eigenvalues, so eleven units made of ten and a free one repeat the spectrum of the ten.
#[test]
fn ends_of_the_spectrum_by_iteration() {
    let entry =
        |i: usize, j: usize| ((i.min(j) * 10 + i.max(j) + 1) as f64 * 0.618_033_988_749_895).fract() - 0.4;
    let small: Vec<f64> =
        (0..100).map(|k| if k / 10 == k % 10 { 0.0 } else { 0.3 * entry(k / 10, k % 10) }).collect();
    let large: Vec<f64> = (0..121)
        .map(|k| if k / 11 < 10 && k % 11 < 10 { small[k / 11 * 10 + k % 11] } else { 0.0 })
        .collect();
    let all = spectrum(&small, 0.1, Dynamics::HeatBathParallel, 0.8);
    let ends = spectrum(&large, 0.1, Dynamics::HeatBathParallel, 0.8);
    assert!(all.complete && !ends.complete);
    assert!((all.eigenvalues[1] - ends.eigenvalues[1]).abs() < 1e-12);
    let (a, b) = (all.lowest.expect("complete"), ends.lowest.expect("converged"));
    assert!((a - b).abs() < 1e-12, "{a} {b}");
    assert!(ends.detailed_balance < 1e-14);
}
