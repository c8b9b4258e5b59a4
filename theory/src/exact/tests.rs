//! Closed forms, and what has to fail.

use std::sync::Arc;

use mattis_model::{Alphabet, Diagonal, Unit, UnitLaw};

use super::{Dynamics, Enumeration, ExactError, MAX_STATES, Transition, hebb};

const ALL: [Dynamics; 4] = [
    Dynamics::HeatBathRandom,
    Dynamics::HeatBathSweep,
    Dynamics::MetropolisRandom,
    Dynamics::HeatBathParallel,
];

fn unit(text: &str) -> Unit {
    text.parse().expect("a unit")
}

/// Units whose levels, potential and weights have no symmetry at all.
#[derive(Debug)]
struct Lopsided;

impl UnitLaw for Lopsided {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Levels(&[-0.5, 0.75, 2.0])
    }

    fn potential(&self, s: f64) -> f64 {
        0.3 * s * s * s
    }

    fn weight(&self, s: f64) -> f64 {
        1.0 + s * s
    }
}

fn lopsided() -> Unit {
    Unit::custom("lopsided", &[], Arc::new(Lopsided))
}

/// Couplings without any structure, from an irrational rotation; not symmetric.
fn rough(n: usize, symmetric: bool) -> Vec<f64> {
    let entry = |i: usize, j: usize| ((i * n + j + 1) as f64 * 0.618_033_988_749_895).fract() - 0.4;
    (0..n * n)
        .map(|k| if symmetric { entry((k / n).min(k % n), (k / n).max(k % n)) } else { entry(k / n, k % n) })
        .collect()
}

fn close(got: f64, expected: f64) {
    assert!((got - expected).abs() <= 2e-14 * expected.abs().max(1.0), "{got} is not {expected}");
}

#[test]
fn free_units() {
    let t = 0.7;
    let network = Enumeration::new(&unit("three-state:crystal-field=0.4"), &[0.0; 25], 0.3).expect("small");
    let (x, d) = ((0.3f64 / t).exp(), (-0.4f64 / t).exp());
    let z = 1.0 + d * (x + 1.0 / x);
    let law = network.boltzmann(t).expect("symmetric");
    close(law.ln_z(), 5.0 * z.ln());
    let mean = d * (x - 1.0 / x) / z;
    law.means().iter().for_each(|s| close(*s, mean));
    close(law.replica_overlap(), mean * mean);
    close(law.activity(), d * (x + 1.0 / x) / z);
    close(law.correlations()[1], mean * mean);
    close(law.correlations()[0], law.activity());
    close(law.one_step_overlap(), mean * mean);
    // Without couplings both laws are the same, up to the factor Z₁ that every unit contributes.
    let parallel = network.parallel(t).expect("symmetric");
    close(parallel.ln_z(), 10.0 * z.ln());
    close(parallel.means()[3], mean);
    close(network.thermodynamics(t).expect("symmetric").entropy, law.entropy());
}

#[test]
fn two_spins() {
    let (j, t) = (0.8, 0.6);
    let network = Enumeration::new(&unit("ising"), &[0.1, j, j, 0.1], 0.0).expect("small");
    let law = network.boltzmann(t).expect("symmetric");
    close(law.ln_z(), (4.0 * (j / t).cosh()).ln() + 0.1 / t);
    close(law.energy(), -j * (j / t).tanh() - 0.1);
    close(law.correlations()[1], (j / t).tanh());
    close(law.replica_overlap(), 0.0);
    close(law.replica_overlap_square(), 0.5 * (1.0 + (j / t).tanh().powi(2)));
    let thermal = network.thermodynamics(t).expect("symmetric");
    close(thermal.heat_capacity, (j / t / (j / t).cosh()).powi(2));
    assert_eq!(network.ground_states().degeneracy, 2);
    close(network.ground_states().energy, -j - 0.1);
    assert_eq!(network.state(&[1.0, -1.0]), Some(1));
    assert_eq!(network.configuration(1), [1.0, -1.0]);
    assert_eq!(network.state(&[1.0, 0.5]), None);
    close(network.local_fields(1)[0], 0.1 - j);
}

#[test]
fn every_dynamics_leaves_its_law_invariant() {
    for (unit, n) in [(unit("ising"), 6), (unit("three-state:crystal-field=0.2"), 4), (lopsided(), 4)] {
        let network = Enumeration::new(&unit, &rough(n, true), 0.15).expect("small");
        for dynamics in ALL {
            let matrix = network.transition(dynamics, 0.6).expect("small");
            let parallel = dynamics == Dynamics::HeatBathParallel;
            let (law, other) = if parallel {
                (network.parallel(0.6), network.boltzmann(0.6))
            } else {
                (network.boltzmann(0.6), network.parallel(0.6))
            };
            let (law, other) = (law.expect("symmetric"), other.expect("symmetric"));
            assert!(matrix.normalisation_error() < 1e-14);
            assert!(matrix.stationarity_error(&law).expect("fits") < 1e-13, "{dynamics:?}");
            assert!(matrix.stationarity_error(&other).expect("fits") > 1e-3, "{dynamics:?}");
            let balance = matrix.detailed_balance_error(&law).expect("fits");
            if dynamics == Dynamics::HeatBathSweep {
                assert!(balance > 1e-2, "an ordered sweep has a direction");
            } else {
                assert!(balance < 1e-13, "{dynamics:?}: {balance}");
            }
            let stationary = matrix.stationary().expect("irreducible");
            for (a, b) in stationary.iter().zip(law.probabilities()) {
                assert!((a - b).abs() < 1e-12 * b, "{dynamics:?}: {a} is not {b}");
            }
        }
    }
}

#[test]
fn asymmetric_couplings_have_another_law_and_no_detailed_balance() {
    let network = Enumeration::new(&unit("ising"), &rough(6, false), 0.0).expect("small");
    assert!(matches!(network.boltzmann(0.6), Err(ExactError::Asymmetric { .. })));
    assert!(matches!(network.parallel(0.6), Err(ExactError::Asymmetric { .. })));
    for dynamics in ALL {
        let matrix = network.transition(dynamics, 0.6).expect("small");
        let weights = if dynamics == Dynamics::HeatBathParallel {
            network.parallel_log_weights(0.6)
        } else {
            network.boltzmann_log_weights(0.6)
        };
        let naive = network.law(0.6, weights.expect("T > 0")).expect("fits");
        assert!(matrix.stationarity_error(&naive).expect("fits") > 1e-2, "{dynamics:?}");
        assert!(matrix.detailed_balance_error(&naive).expect("fits") > 1e-2, "{dynamics:?}");
        let stationary = matrix.stationary().expect("irreducible");
        let log = stationary.iter().map(|p| p.ln()).collect();
        let law = network.law(0.6, log).expect("fits");
        assert!(matrix.stationarity_error(&law).expect("fits") < 1e-13, "{dynamics:?}");
        assert!(matrix.detailed_balance_error(&law).expect("fits") > 1e-2, "{dynamics:?}");
    }
}

#[test]
fn one_step_of_an_observable() {
    let network = Enumeration::new(&lopsided(), &rough(4, true), -0.2).expect("small");
    let law = network.parallel(0.9).expect("symmetric");
    let matrix = network.transition(Dynamics::HeatBathParallel, 0.9).expect("small");
    let overlap: f64 = (0..4)
        .map(|i| {
            let s: Vec<f64> = (0..network.states()).map(|state| network.configuration(state)[i]).collect();
            let next = matrix.expect(&s).expect("fits");
            law.probabilities().iter().zip(s.iter().zip(next)).map(|(p, (a, b))| p * a * b).sum::<f64>()
        })
        .sum();
    close(law.one_step_overlap(), overlap / 4.0);
    let energies = network.effective_energies(0.9).expect("T > 0");
    let p = law.probabilities();
    // Equal reference weights in states 0 and … differ only by H̄ and ρ.
    let reference =
        |state: usize| -> f64 { network.configuration(state).iter().map(|s| (1.0 + s * s).ln()).sum() };
    for state in [5, 17, 80] {
        let expected = (reference(state) - reference(0) - (energies[state] - energies[0]) / 0.9).exp();
        close(p[state] / p[0], expected);
    }
}

#[test]
fn two_time_energy_is_the_slope_of_the_logarithm() {
    for unit in [unit("ising"), unit("three-state:crystal-field=0.4"), lopsided()] {
        let network = Enumeration::new(&unit, &rough(4, true), 0.3).expect("small");
        let log = |beta: f64| network.parallel(1.0 / beta).expect("symmetric").ln_z();
        let (beta, step) = (1.6, 1e-3);
        let slope = (8.0 * (log(beta + step) - log(beta - step)) - log(beta + 2.0 * step)
            + log(beta - 2.0 * step))
            / (12.0 * step);
        let energy = network.parallel(1.0 / beta).expect("symmetric").two_time_energy();
        assert!((energy + slope).abs() < 1e-10, "{energy} is not {}", -slope);
    }
}

#[test]
fn products_of_steps() {
    let network = Enumeration::new(&lopsided(), &rough(3, true), 0.1).expect("small");
    let law = network.boltzmann(0.8).expect("symmetric");
    let step = network.transition(Dynamics::MetropolisRandom, 0.8).expect("small");
    let twice = step.then(&step).expect("same states");
    let (a, b) = (twice.advance(law.probabilities()), step.advance(law.probabilities()));
    a.expect("fits").iter().zip(b.expect("fits")).for_each(|(a, b)| close(*a, b));
    // Row 7 of W² is row 7 of W, advanced once more.
    let row = step.advance(step.row(7)).expect("fits");
    row.iter().zip(twice.row(7)).for_each(|(a, b)| close(*a, *b));
    let copy = Transition::given((0..27).flat_map(|s| step.row(s).to_vec()).collect()).expect("square");
    assert!(copy.detailed_balance_error(&law).expect("fits") < 1e-14);
    assert!(Transition::given(vec![0.0; 5]).is_err());
    assert!(Transition::given(vec![1.0]).expect("one state").then(&step).is_err());
}

#[test]
fn attractors_of_antiferromagnets_alternate() {
    // J < 0 off the diagonal: all up and all down follow each other.
    let pair = Enumeration::new(&unit("ising"), &[0.0, -1.0, -1.0, 0.0], 0.0).expect("small");
    let found = pair.attractors();
    assert_eq!((found.fixed, found.strict, found.two_cycle_states, found.longer_cycle_states), (2, 2, 2, 0));
    assert_eq!((found.minima, found.strict_minima), (2, 2));
    assert_eq!(pair.parallel_successor(0), 3);
    // A directed ring carries its pattern around: four states of two units, one cycle of four.
    let ring = Enumeration::new(&unit("ising"), &[0.0, -1.0, 1.0, 0.0], 0.0).expect("small");
    assert_eq!(ring.attractors().longer_cycle_states, 4);
    // Without couplings every unit is indifferent and keeps its level.
    let free = Enumeration::new(&unit("three-state"), &[0.0; 4], 0.0).expect("small").attractors();
    assert_eq!((free.fixed, free.strict, free.minima, free.strict_minima), (9, 0, 9, 0));
}

#[test]
fn what_is_refused() {
    let ising = unit("ising");
    let new = |couplings: &[f64]| Enumeration::new(&ising, couplings, 0.0);
    assert!(matches!(new(&[0.0; 3]), Err(ExactError::NotSquare { entries: 3 })));
    assert!(matches!(new(&[]), Err(ExactError::NotSquare { .. })));
    assert!(matches!(new(&[f64::NAN]), Err(ExactError::NotFinite { .. })));
    assert!(matches!(new(&[0.0; 21 * 21]), Err(ExactError::TooLarge { limit: MAX_STATES, .. })));
    assert!(matches!(new(&vec![0.0; 200 * 200]), Err(ExactError::TooLarge { .. })));
    assert!(matches!(Enumeration::new(&ising, &[0.0], f64::INFINITY), Err(ExactError::NotFinite { .. })));
    let small = new(&[0.0; 4]).expect("small");
    for temperature in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(small.boltzmann(temperature), Err(ExactError::Temperature { .. })));
        assert!(matches!(small.transition(ALL[0], temperature), Err(ExactError::Temperature { .. })));
    }
    assert!(matches!(small.law(1.0, vec![0.0; 3]), Err(ExactError::Length { .. })));
    assert!(matches!(hebb(&[vec![1.0], vec![1.0, 1.0]], Diagonal::Zero), Err(ExactError::Length { .. })));
    assert!(matches!(hebb(&[], Diagonal::Zero), Err(ExactError::NotSquare { .. })));
    let large = new(&[0.0; 13 * 13]).expect("8192 states");
    let error = large.transition(ALL[0], 1.0).expect_err("too large for a matrix");
    assert_eq!(error.to_string(), "2^13 states: at most 4096 can be visited in a transition matrix");
    let law = small.boltzmann(1.0).expect("symmetric");
    assert!(matches!(law.overlaps(&[vec![1.0]]), Err(ExactError::Length { .. })));
}

#[test]
fn diagonals_of_hebb() {
    let memories = [vec![1.0, -1.0], vec![1.0, 1.0]];
    assert_eq!(hebb(&memories, Diagonal::Zero).expect("memories"), [0.0, 0.0, 0.0, 0.0]);
    assert_eq!(hebb(&memories, Diagonal::Kept).expect("memories"), [1.0, 0.0, 0.0, 1.0]);
    assert_eq!(hebb(&memories[1..], Diagonal::Value(-0.1)).expect("memories"), [-0.1, 0.5, 0.5, -0.1]);
}
