//! From exact samples a sweep must lead to exact samples.

use mattis_model::Diagonal;
use mattis_sim::random::Source;

use crate::support::{
    REJECTED, SCHEDULES, SIGNIFICANCE, Schedule, Small, draws, goodness_of_fit, goodness_of_rows, ising,
    lopsided, rough, three_state,
};

const STARTS: usize = 60_000;

fn systems() -> [Small; 3] {
    [
        Small::new(&ising(), rough(8, true, -0.2), 0.1, 0.5),
        Small::new(&three_state(), rough(5, true, 0.25), 0.1, 0.5),
        Small::new(&lopsided(), rough(4, true, 0.25), -0.1, 0.8),
    ]
}

/// How often each state is found one sweep after starts drawn from a law. Every start is a replica.
fn after_a_sweep(
    small: &Small,
    schedule: Schedule,
    starts: impl Iterator<Item = usize>,
    source: Source,
) -> Vec<u64> {
    let (mut network, mut engine) = (small.network(), small.engine(schedule));
    let mut counts = vec![0; small.exact.states()];
    for (replica, state) in starts.enumerate() {
        small.load(&mut network, state);
        engine.sweep(&mut network, source, replica as u32, 0);
        counts[small.state(&network)] += 1;
    }
    counts
}

#[test]
fn exact_samples_stay_exact() {
    for (sample, small) in (0..).zip(systems()) {
        for schedule in SCHEDULES {
            let source = Source { seed: 20, sample };
            let law = small.law(schedule);
            let starts = draws(&law, source).take(STARTS);
            let p = goodness_of_fit(&after_a_sweep(&small, schedule, starts, source), law.probabilities());
            assert!(p > SIGNIFICANCE, "{} on {:?}: p = {p:.1e}", schedule.name, small.model.unit);
        }
    }
}

/// Negative control: samples of the other update's law, or of a temperature 20 % off, are seen to move.
#[test]
fn samples_of_another_law_drift() {
    for (sample, small) in (0..).zip(systems()) {
        for schedule in SCHEDULES {
            let source = Source { seed: 21, sample };
            let other = SCHEDULES[if schedule.parallel { 0 } else { 3 }];
            let law = small.law(other);
            let starts = draws(&law, source).take(STARTS);
            let p = goodness_of_fit(&after_a_sweep(&small, schedule, starts, source), law.probabilities());
            assert!(p < REJECTED, "{} on {:?}: p = {p:.1e}", schedule.name, small.model.unit);

            let mut warmer = Small::new(&small.model.unit, small.couplings.clone(), 0.1, small.temperature);
            warmer.temperature *= 1.2;
            let law = small.law(schedule);
            let starts = draws(&law, source).take(STARTS);
            let p = goodness_of_fit(&after_a_sweep(&warmer, schedule, starts, source), law.probabilities());
            assert!(p < REJECTED, "{} on {:?}, warmer: p = {p:.1e}", schedule.name, small.model.unit);
        }
    }
}

/// Rows of the transition matrix of a whole sweep, counted: what `Engine::sweep` does with its words, order
/// of units included. The couplings need no symmetry for that.
#[test]
fn next_states_follow_the_rows_of_the_matrix() {
    const TRIES: u32 = 4000;
    for small in [
        Small::new(&ising(), rough(4, true, -0.2), 0.1, 0.5),
        Small::new(&ising(), rough(4, false, 0.1), 0.1, 0.5),
        Small::new(&three_state(), rough(3, false, 0.2), 0.1, 0.6),
    ] {
        let (mut network, m) = (small.network(), small.exact.states());
        for (schedule, other) in SCHEDULES.into_iter().zip([3, 0, 0, 1]) {
            let mut engine = small.engine(schedule);
            let mut counts = vec![vec![0; m]; m];
            for (start, row) in counts.iter_mut().enumerate() {
                for replica in 0..TRIES {
                    small.load(&mut network, start);
                    engine.sweep(&mut network, Source { seed: 22, sample: start as u64 }, replica, 0);
                    row[small.state(&network)] += 1;
                }
            }
            let against = |schedule: Schedule| {
                let matrix = schedule.sweep_matrix(&small);
                goodness_of_rows((0..m).map(|start| (&counts[start][..], matrix.row(start))))
            };
            let p = against(schedule);
            assert!(p > SIGNIFICANCE, "{}: p = {p:.1e}", schedule.name);
            let p = against(SCHEDULES[other]);
            assert!(p < REJECTED, "{} passes for {}: p = {p:.1e}", schedule.name, SCHEDULES[other].name);
        }
    }
}

/// The Hebb network of bit-packed memories walks as the matrix of its couplings does.
#[test]
fn hebb_memories_stay_exact() {
    use mattis_sim::network::{Memories, PatternNetwork};
    use std::sync::Arc;
    let memories: Vec<Vec<f64>> =
        [[1.0, 1.0, -1.0, -1.0, 1.0, -1.0, 1.0], [1.0, -1.0, 1.0, -1.0, 1.0, 1.0, 1.0]]
            .iter()
            .map(|m| m.to_vec())
            .collect();
    let packed = Memories::given(7, 2, |memory, site| memories[memory][site] > 0.0).expect("small");
    for diagonal in [Diagonal::Zero, Diagonal::Kept] {
        let small = Small::hebb(&ising(), &memories, diagonal, 0.6);
        for schedule in SCHEDULES {
            let source = Source { seed: 23, sample: 0 };
            let law = small.law(schedule);
            let mut network =
                PatternNetwork::new(Arc::new(packed.clone()), &small.model.unit).expect("spins");
            let mut engine = small.engine(schedule);
            let mut counts = vec![0; small.exact.states()];
            for (replica, state) in draws(&law, source).take(STARTS).enumerate() {
                small.load(&mut network, state);
                engine.sweep(&mut network, source, replica as u32, 0);
                counts[small.state(&network)] += 1;
            }
            let p = goodness_of_fit(&counts, law.probabilities());
            assert!(p > SIGNIFICANCE, "{}, {diagonal:?}: p = {p:.1e}", schedule.name);
        }
    }
}
