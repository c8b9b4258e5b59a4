//! T = 0: every state is followed by the one that enumeration says, ties included.

use std::sync::Arc;

use mattis_model::{Diagonal, Synapse, Unit};
use mattis_sim::dynamics::Engine;
use mattis_sim::network::{Couplings, DenseNetwork, Memories, Network, PatternNetwork};
use mattis_sim::random::Source;
use mattis_theory::exact::Attractors;

use crate::support::{SCHEDULES, Schedule, Small, case_a, case_b, ising, lopsided, rough, three_state};

const SOURCE: Source = Source { seed: 80, sample: 0 };

fn engine(small: &Small, schedule: Schedule) -> Engine {
    let model = small.model.clone().with_update(schedule.update().parse().expect("an update"));
    Engine::new(&model, schedule.dynamics, schedule.order, small.diagonal, 0.0).expect("offered")
}

fn systems() -> Vec<(Small, Option<Vec<Vec<f64>>>)> {
    let mut out = Vec::new();
    for memories in [case_a(), case_b()] {
        for diagonal in [Diagonal::Zero, Diagonal::Kept] {
            out.push((Small::hebb(&ising(), &memories, diagonal, 1.0), Some(memories.clone())));
        }
    }
    let memories: Vec<Vec<f64>> = case_b().iter().map(|memory| memory[..7].to_vec()).collect();
    let tied: Unit = "three-state".parse().expect("a unit");
    for unit in [three_state(), tied] {
        out.push((Small::hebb(&unit, &memories, Diagonal::Kept, 1.0), Some(memories.clone())));
    }
    out.push((Small::new(&lopsided(), rough(6, true, 0.2), 0.1, 1.0), None));
    out.push((Small::new(&ising(), rough(9, false, -0.1), 0.13, 1.0), None));
    out
}

fn check(small: &Small, network: &mut impl Network, what: &str) {
    let mut engine = engine(small, SCHEDULES[3]);
    let mut wrong = 0;
    for state in 0..small.exact.states() {
        small.load(network, state);
        engine.sweep(network, SOURCE, 0, 0);
        wrong += usize::from(small.state(network) != small.exact.parallel_successor(state));
    }
    assert_eq!(wrong, 0, "{what}, {:?}, J_ii = {}: {wrong} states differ", small.model.unit, small.diagonal);
}

fn check_both(small: &Small, memories: &[Vec<f64>]) {
    let packed = Memories::given(memories[0].len(), memories.len(), |m, i| memories[m][i] > 0.0);
    let packed = Arc::new(packed.expect("small"));
    let couplings = Couplings::hebb(&packed, &Synapse::neutral()).expect("small");
    let unit = &small.model.unit;
    let mut dense = DenseNetwork::new(couplings.into(), None, unit).expect("a network");
    check(small, &mut dense, "matrix");
    check(small, &mut PatternNetwork::new(packed, unit).expect("commensurate"), "memories");
}

/// The deterministic parallel map of both networks. Couplings that are no integers have no exact ties.
#[test]
fn parallel_maps() {
    for (small, memories) in systems() {
        match memories {
            Some(memories) => check_both(&small, &memories),
            None => check(&small, &mut small.network(), "given couplings"),
        }
    }
}

/// Ties between the couplings and the diagonal are ties for every p and N, although 3/10 is not three times
/// 1/10 in floating point.
#[test]
fn ties_with_the_diagonal_kept() {
    for (n, p) in [(10, 3), (7, 3), (11, 2), (12, 3), (9, 1)] {
        let memories: Vec<Vec<f64>> = case_b()[..p].iter().map(|memory| memory[..n].to_vec()).collect();
        check_both(&Small::hebb(&ising(), &memories, Diagonal::Kept, 1.0), &memories);
    }
    let memories: Vec<Vec<f64>> = case_b().iter().map(|memory| memory[..7].to_vec()).collect();
    for unit in ["three-state", "three-state:crystal-field=0.1"] {
        let unit = unit.parse().expect("a unit");
        check_both(&Small::hebb(&unit, &memories, Diagonal::Kept, 1.0), &memories);
    }
}

/// States that sequential dynamics leave alone: the minima of H under changes of one unit.
#[test]
fn minima() {
    for (small, _) in systems().into_iter().filter(|(small, _)| small.exact.check_symmetric().is_ok()) {
        let Attractors { minima, strict_minima, .. } = small.exact.attractors();
        assert!(0 < strict_minima && strict_minima <= minima);
        for schedule in &SCHEDULES[..3] {
            let (mut network, mut engine) = (small.network(), engine(&small, *schedule));
            let stable = (0..small.exact.states())
                .filter(|state| {
                    small.load(&mut network, *state);
                    (0..8).all(|sweep| engine.sweep(&mut network, SOURCE, 0, sweep).changes == 0)
                })
                .count();
            assert_eq!(stable, minima, "{}, {:?}", schedule.name, small.model.unit);
        }
    }
}

/// A sequential sweep at T = 0 never raises the energy, for any diagonal; a parallel one may.
#[test]
fn descent() {
    let small = Small::new(&three_state(), rough(6, true, -0.4), 0.1, 1.0);
    let energies = small.exact.energies();
    for schedule in SCHEDULES {
        let (mut network, mut engine) = (small.network(), engine(&small, schedule));
        let raised = (0..small.exact.states()).any(|state| {
            small.load(&mut network, state);
            engine.sweep(&mut network, SOURCE, 0, 0);
            energies[small.state(&network)] > energies[state] + 1e-12
        });
        assert_eq!(raised, schedule.parallel, "{}", schedule.name);
    }
}
