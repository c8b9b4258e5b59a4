//! Every number of the independent enumeration in `tests/reference/enumeration.json`.

use std::f64::consts::LN_2;

use mattis_model::{Diagonal, Unit};
use serde_json::Value;

use super::{Dynamics, Enumeration};

/// Digits that two enumerations share: the file itself differs by 5e-14 between patterns that are
/// equivalent by symmetry.
const TOLERANCE: f64 = 1e-13;

const TEMPERATURES: [f64; 4] = [0.3, 0.5, 1.0, 2.0];

/// Heat capacities of cases A and B at these temperatures: sums over integer energies −(Σ_μ M_μ²)/2N in
/// decimal arithmetic of fifty digits.
const HEAT_CAPACITY: [[f64; 4]; 2] = [
    [1.759_352_741_791_408_3, 6.317_483_527_746_293, 2.561_518_355_684_765_8, 0.401_858_170_595_780_3],
    [3.096_125_101_582_517_6, 6.475_289_307_080_71, 2.703_301_191_936_095_7, 0.518_883_132_509_203_3],
];

fn reference() -> Value {
    serde_json::from_str(include_str!("../../tests/reference/enumeration.json")).expect("valid JSON")
}

fn memories(case: &Value) -> Vec<Vec<f64>> {
    let n = case["N"].as_u64().expect("N");
    let masks = case["masks"].as_array().expect("masks");
    let sign = |mask: u64, i: u64| if mask >> i & 1 == 1 { 1.0 } else { -1.0 };
    masks
        .iter()
        .map(|mask| {
            let digits = mask.as_str().and_then(|text| text.strip_prefix("0b")).expect("a bit mask");
            let mask = u64::from_str_radix(digits, 2).expect("binary digits");
            (0..n).map(|i| sign(mask, i)).collect()
        })
        .collect()
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or_else(|| panic!("{key} is missing"))
}

fn count(value: &Value, key: &str) -> usize {
    value[key].as_u64().unwrap_or_else(|| panic!("{key} is missing")) as usize
}

fn close(what: &str, got: f64, expected: f64) {
    let difference = (got - expected).abs();
    assert!(difference <= TOLERANCE * expected.abs().max(1.0), "{what}: {got} is not {expected}");
}

fn all_close(what: &str, got: &[f64], expected: &Value) {
    let expected = expected.as_array().expect("a list");
    assert_eq!(got.len(), expected.len(), "{what}");
    got.iter().zip(expected).for_each(|(a, b)| close(what, *a, b.as_f64().expect("a number")));
}

fn check_case(name: &str) {
    let all = reference();
    let case = &all[name];
    let memories = memories(case);
    let network =
        |diagonal| Enumeration::of_memories(&Unit::neutral(), &memories, diagonal).expect("a small network");
    let (zero, kept) = (network(Diagonal::Zero), network(Diagonal::Kept));

    for (a, row) in memories.iter().zip(case["gram"].as_array().expect("a matrix")) {
        let products: Vec<f64> = memories.iter().map(|b| a.iter().zip(b).map(|(x, y)| x * y).sum()).collect();
        all_close("gram", &products, row);
    }
    // The file's energies contain the diagonal, −p/2.
    let ground = kept.ground_states();
    close("Emin0", ground.energy, number(case, "Emin0"));
    assert_eq!(ground.degeneracy, count(case, "deg"));
    let (a, b) = (zero.attractors(), kept.attractors());
    assert_eq!(a.strict, count(case, "n_strict_fixed_J_ii0"));
    assert_eq!(a.fixed, count(case, "n_weak_fixed_J_ii0"));
    assert_eq!(b.strict, count(case, "n_strict_fixed_hebbdiag"));
    for (found, suffix) in [(a, "J_ii0"), (b, "hebbdiag")] {
        assert_eq!(found.fixed, count(case, &format!("parallel_fixed_{suffix}")));
        assert_eq!(found.two_cycle_states, count(case, &format!("parallel_2cycle_states_{suffix}")));
        assert_eq!(found.longer_cycle_states, count(case, &format!("parallel_longer_cycles_{suffix}")));
    }
    // The diagonal is a constant in H: sequential updates cannot see it.
    assert_eq!((a.minima, a.strict_minima), (b.minima, b.strict_minima));

    let exact = if name == "A" { HEAT_CAPACITY[0] } else { HEAT_CAPACITY[1] };
    for (temperature, heat_capacity) in TEMPERATURES.into_iter().zip(exact) {
        let expected = &case[format!("T{temperature:.1}")];
        let thermal = kept.thermodynamics(temperature).expect("symmetric");
        close("lnZ_hopfield_diag", thermal.ln_z, number(expected, "lnZ_hopfield_diag"));
        close("C in fifty digits", thermal.heat_capacity, heat_capacity);
        close("U", thermal.energy, number(expected, "U"));
        // The file's C is ⟨H²⟩ − ⟨H⟩², which loses the digits of ⟨H²⟩/C; HEAT_CAPACITY has them all.
        let cancelled = 16.0 * f64::EPSILON * (thermal.energy / temperature).powi(2);
        assert!((thermal.heat_capacity - number(expected, "C")).abs() < cancelled.max(TOLERANCE));
        close("S", thermal.entropy, kept.boltzmann(temperature).expect("symmetric").entropy());
        let law = zero.boltzmann(temperature).expect("symmetric");
        close("lnZ_hopfield_nodiag", law.ln_z(), number(expected, "lnZ_hopfield_nodiag"));
        let overlaps = law.overlaps(&memories).expect("memories fit");
        all_close("m2", &overlaps.square, &expected["m2"]);
        all_close("absm", &overlaps.absolute, &expected["absm"]);
        close("maxabsm", overlaps.largest, number(expected, "maxabsm"));
        overlaps.mean.iter().for_each(|m| close("mean overlap", *m, 0.0));
        for (network, suffix) in [(&zero, "J_ii0"), (&kept, "hebbdiag")] {
            let law = network.parallel(temperature).expect("symmetric");
            let key = |stem: &str| format!("{stem}_{suffix}");
            close("lnZ_little", law.ln_z(), number(expected, &key("lnZ_little")));
            let overlaps = law.overlaps(&memories).expect("memories fit");
            all_close("little_m2", &overlaps.square, &expected[key("little_m2")]);
            close("selfoverlap", law.one_step_overlap(), number(expected, &key("little_selfoverlap")));
        }
    }
}

#[test]
fn case_a() {
    check_case("A");
}

#[test]
fn case_b() {
    check_case("B");
}

/// The wrong sign of the update is the right sign of −J: the same stationary law, the opposite overlap of
/// successive states.
#[test]
fn the_sign_of_the_parallel_update() {
    let all = reference();
    let temperature = 1.0 / 1.3;
    let memories = memories(&all["A"]);
    let couplings = super::hebb(&memories, Diagonal::Zero).expect("memories");
    let wrong: Vec<f64> = couplings.iter().map(|j| -j).collect();
    let network = |couplings: &[f64]| Enumeration::new(&Unit::neutral(), couplings, 0.0).expect("small");
    let (right, wrong) = (network(&couplings), network(&wrong));
    let law = right.parallel(temperature).expect("symmetric");
    let other = wrong.parallel(temperature).expect("symmetric");
    let gap =
        law.probabilities().iter().zip(other.probabilities()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(gap < 1e-15, "{gap}");
    let expected = &all["seed_sign"];
    close("one step", law.one_step_overlap(), number(expected, "correct_one_step_overlap"));
    close("one step, wrong sign", other.one_step_overlap(), number(expected, "one_step_overlap"));
    close("sum", law.one_step_overlap() + other.one_step_overlap(), 0.0);
}

/// The full 4096 × 4096 transition matrix of case A.
#[test]
fn the_transition_matrix_of_parallel_updates() {
    let all = reference();
    let temperature = 1.0 / 1.3;
    let network =
        Enumeration::of_memories(&Unit::neutral(), &memories(&all["A"]), Diagonal::Zero).expect("small");
    let law = network.parallel(temperature).expect("symmetric");
    let matrix = network.transition(Dynamics::HeatBathParallel, temperature).expect("4096 states");
    // The file has 3.6e-15, 2.4e-15 and 3.0e-16 for these: zero, to rounding.
    assert!(matrix.detailed_balance_error(&law).expect("fits") < 2e-14);
    assert!(matrix.normalisation_error() < 1e-14);
    assert!(matrix.stationarity_error(&law).expect("fits") < 1e-13);
    close("2^N states", network.states() as f64, libm::exp(12.0 * LN_2).round());
}
