//! The sign of the parallel update. A source text has it wrong, and equilibrium averages of even quantities
//! cannot see it; the overlap of successive states can.

use mattis_model::Diagonal;
use mattis_sim::network::Network;
use mattis_sim::random::Source;

use crate::support::{
    REJECTED, SCHEDULES, SIGNIFICANCE, Small, case_a, draws, ising, mean_and_error, student,
};

/// Case A, J_ii = 0, β = 1.3: `seed_sign` of theory/tests/reference/enumeration.json.
const ONE_STEP: f64 = 0.258_720_185_940_655_5;

fn right() -> Small {
    Small::hebb(&ising(), &case_a(), Diagonal::Zero, 1.0 / 1.3)
}

/// The update with the wrong sign is the right one with −J.
fn wrong() -> Small {
    let couplings = right().couplings.iter().map(|j| -j).collect();
    Small::new(&ising(), couplings, 0.0, 1.0 / 1.3)
}

/// Probability of a mean this far from `expected`.
fn agrees(values: &[f64], expected: f64) -> f64 {
    let (mean, error) = mean_and_error(values);
    student((mean - expected) / error, values.len() as f64 - 1.0)
}

/// One-step overlaps and m₁² after one step, from exact samples.
fn measured(small: &Small, seed: u64) -> (Vec<f64>, Vec<f64>) {
    let law = small.law(SCHEDULES[3]);
    let source = Source { seed, sample: 0 };
    let (mut network, mut engine) = (small.network(), small.engine(SCHEDULES[3]));
    let memory = &case_a()[0];
    draws(&law, source)
        .take(20_000)
        .enumerate()
        .map(|(replica, state)| {
            small.load(&mut network, state);
            engine.sweep(&mut network, source, replica as u32, 0);
            let (old, new) =
                (small.exact.configuration(state), small.exact.configuration(small.state(&network)));
            let overlap = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>() / 12.0;
            (overlap(&old, &new), overlap(memory, &new).powi(2))
        })
        .unzip()
}

#[test]
fn the_one_step_overlap_has_the_right_sign() {
    let law = right();
    let exact = law.law(SCHEDULES[3]).one_step_overlap();
    assert!((exact - ONE_STEP).abs() < 1e-14, "{exact}");
    let (overlaps, _) = measured(&law, 30);
    assert!(agrees(&overlaps, ONE_STEP) > SIGNIFICANCE);
    assert!(agrees(&overlaps, -ONE_STEP) < REJECTED, "the wrong sign must be seen");
}

#[test]
fn equilibrium_cannot_see_the_wrong_sign() {
    let (right, wrong) = (right(), wrong());
    let (a, b) = (right.law(SCHEDULES[3]), wrong.law(SCHEDULES[3]));
    for (p, q) in a.probabilities().iter().zip(b.probabilities()) {
        assert!((p - q).abs() < 1e-15);
    }
    assert!((b.one_step_overlap() + ONE_STEP).abs() < 1e-14);
    let square = a.overlaps(&case_a()).expect("memories").square[0];
    let (overlaps, squares) = measured(&wrong, 31);
    assert!(agrees(&squares, square) > SIGNIFICANCE);
    assert!(agrees(&overlaps, -ONE_STEP) > SIGNIFICANCE);
    assert!(agrees(&overlaps, ONE_STEP) < REJECTED, "the wrong sign passes for the right one");
}

/// Every state acquires a spurious alternation: S(t+2) is correlated with S(t), S(t+1) anticorrelated.
#[test]
fn the_wrong_sign_alternates() {
    let small = wrong();
    let (mut network, mut engine) = (small.network(), small.engine(SCHEDULES[3]));
    let source = Source { seed: 32, sample: 0 };
    let law = small.law(SCHEDULES[3]);
    let (one, two): (Vec<f64>, Vec<f64>) = draws(&law, source)
        .take(2000)
        .enumerate()
        .map(|(replica, state)| {
            small.load(&mut network, state);
            let start = network.states().to_vec();
            let mut overlap = |sweep| {
                engine.sweep(&mut network, source, replica as u32, sweep);
                let equal = start.iter().zip(network.states()).filter(|(a, b)| a == b).count();
                equal as f64 / 6.0 - 1.0
            };
            (overlap(0), overlap(1))
        })
        .unzip();
    let ((one, e1), (two, e2)) = (mean_and_error(&one), mean_and_error(&two));
    assert!(one < -5.0 * e1 && two > 5.0 * e2, "{one}({e1}) {two}({e2})");
}
