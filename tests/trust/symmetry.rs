//! Symmetries as equality of trajectories, bit by bit.

use std::sync::Arc;

use mattis_model::Diagonal;
use mattis_model::address::Purpose;
use mattis_sim::dynamics::{HeatBath, SingleSite, step};
use mattis_sim::network::{Couplings, DenseNetwork, Memories, Network, PatternNetwork};
use mattis_sim::random::{Source, index};

use crate::support::{SCHEDULES, Schedule, Small, ising, rough, three_state};

const NEURONS: usize = 101;
const COUNT: usize = 9;
const SOURCE: Source = Source { seed: 40, sample: 0 };

fn memories() -> Memories {
    Memories::draw(NEURONS, COUNT, SOURCE).expect("small")
}

/// A gauge ε_i, one bit per unit.
fn gauge() -> Vec<bool> {
    SOURCE.stream(Purpose::Couplings, 0, 0).take(NEURONS).map(|word| word >> 63 == 1).collect()
}

/// A permutation of the units (Fisher and Yates).
fn permutation() -> Vec<usize> {
    let mut order: Vec<usize> = (0..NEURONS).collect();
    for (k, word) in (1..NEURONS).rev().zip(SOURCE.stream(Purpose::Order, 1, 0)) {
        order.swap(k, index(word, k + 1));
    }
    order
}

fn model() -> Small {
    Small::new(&ising(), vec![0.0], 0.0, 0.6)
}

fn trajectory<N: Network>(network: &mut N, start: &[u8], schedule: Schedule, small: &Small) -> Vec<Vec<u8>> {
    let mut engine = small.engine(schedule);
    network.load(start);
    (0..30)
        .map(|sweep| {
            engine.sweep(network, SOURCE, 0, sweep);
            network.states().to_vec()
        })
        .collect()
}

fn random_start(levels: u64) -> Vec<u8> {
    SOURCE.stream(Purpose::Start, 0, 0).take(NEURONS).map(|word| (word % levels) as u8).collect()
}

fn packed(memories: Memories, small: &Small) -> PatternNetwork {
    PatternNetwork::new(Arc::new(memories), &small.model.unit).expect("spins")
}

/// s_i → ε_i s_i, ξ_i → ε_i ξ_i: the same words, the same flips.
#[test]
fn gauge_transformations_of_memories() {
    let (small, memories, gauge) = (model(), memories(), gauge());
    let turned =
        Memories::given(NEURONS, COUNT, |m, i| memories.is_positive(m, i) ^ gauge[i]).expect("small");
    let turn =
        |states: &[u8]| -> Vec<u8> { states.iter().zip(&gauge).map(|(s, e)| s ^ u8::from(*e)).collect() };
    let start = random_start(2);
    for schedule in SCHEDULES {
        let a = trajectory(&mut packed(memories.clone(), &small), &start, schedule, &small);
        let b = trajectory(&mut packed(turned.clone(), &small), &turn(&start), schedule, &small);
        a.iter().zip(&b).for_each(|(a, b)| assert_eq!(&turn(a), b, "{}", schedule.name));
        assert_ne!(a.first(), a.last(), "nothing moves");
    }
}

/// J_ij → ε_i ε_j J_ij with couplings that are no integers, J_ii ≠ 0.
#[test]
fn gauge_transformations_of_couplings() {
    let gauge = gauge();
    let mut small = model();
    small.diagonal = -0.1;
    let sign = |i: usize| if gauge[i] { -1.0 } else { 1.0 };
    let start = random_start(2);
    let turn =
        |states: &[u8]| -> Vec<u8> { states.iter().zip(&gauge).map(|(s, e)| s ^ u8::from(*e)).collect() };
    for symmetric in [true, false] {
        let couplings = rough(NEURONS, symmetric, 0.0);
        let turned: Vec<f64> =
            couplings.iter().enumerate().map(|(k, j)| sign(k / NEURONS) * sign(k % NEURONS) * j).collect();
        let network = |couplings: &[f64]| {
            let couplings = Couplings::given(NEURONS, couplings).expect("a matrix");
            DenseNetwork::new(Arc::new(couplings), None, &small.model.unit).expect("a network")
        };
        for schedule in SCHEDULES {
            let a = trajectory(&mut network(&couplings), &start, schedule, &small);
            let b = trajectory(&mut network(&turned), &turn(&start), schedule, &small);
            a.iter().zip(&b).for_each(|(a, b)| assert_eq!(&turn(a), b, "{}", schedule.name));
        }
    }
}

/// The order of the memories means nothing, and ξ^μ → −ξ^μ neither.
#[test]
fn permutations_and_signs_of_memories() {
    for (unit, levels) in [(ising(), 2), (three_state(), 3)] {
        let small = Small::new(&unit, vec![0.0], 0.0, 0.6);
        let memories = memories();
        let shuffled = Memories::given(NEURONS, COUNT, |m, i| {
            memories.is_positive((4 * m + 2) % COUNT, i) ^ (m % 3 == 0)
        })
        .expect("small");
        let start = random_start(levels);
        for schedule in SCHEDULES {
            let a = trajectory(&mut packed(memories.clone(), &small), &start, schedule, &small);
            let b = trajectory(&mut packed(shuffled.clone(), &small), &start, schedule, &small);
            assert_eq!(a, b, "{}", schedule.name);
        }
    }
}

/// A network of memories and the matrix of its couplings walk together.
#[test]
fn memories_and_their_couplings() {
    for (unit, levels) in [(ising(), 2), (three_state(), 3)] {
        let small = Small::new(&unit, vec![0.0], 0.0, 0.6);
        let memories = Arc::new(memories());
        let synapse = mattis_model::Synapse::neutral();
        let couplings = Arc::new(Couplings::hebb(&memories, &synapse).expect("small"));
        let start = random_start(levels);
        for schedule in SCHEDULES {
            let mut dense = DenseNetwork::new(couplings.clone(), None, &unit).expect("a network");
            let mut packed = PatternNetwork::new(memories.clone(), &unit).expect("commensurate levels");
            let a = trajectory(&mut dense, &start, schedule, &small);
            let b = trajectory(&mut packed, &start, schedule, &small);
            assert_eq!(a, b, "{}", schedule.name);
        }
    }
}

/// Units renamed together with their words: sequential visits and parallel steps.
#[test]
fn permutations_of_units() {
    let order = permutation();
    for (unit, levels) in [(ising(), 2), (three_state(), 3)] {
        let small = Small::new(&unit, vec![0.0], 0.0, 0.6);
        let memories = memories();
        let renamed =
            Memories::given(NEURONS, COUNT, |m, i| memories.is_positive(m, order[i])).expect("small");
        let rename = |states: &[u8]| -> Vec<u8> { order.iter().map(|i| states[*i]).collect() };
        let mut place = vec![0; NEURONS];
        order.iter().enumerate().for_each(|(new, old)| place[*old] = new);
        let (mut a, mut b) = (packed(memories, &small), packed(renamed, &small));
        a.load(&random_start(levels));
        b.load(&rename(&random_start(levels)));
        let rule = HeatBath::new(SingleSite::new(&small.model, 0.0, 0.6).expect("levels"));
        let mut fields = vec![0.0; NEURONS];
        for sweep in 0..20 {
            let words: Vec<u64> = SOURCE.stream(Purpose::Update, 0, sweep).take(NEURONS).collect();
            if sweep % 2 == 0 {
                rule.visit(&mut a, (0..NEURONS).zip(words.iter().copied()));
                rule.visit(&mut b, (0..NEURONS).map(|i| place[i]).zip(words.iter().copied()));
            } else {
                step(&rule, &mut a, 0.1, &mut fields, words.iter().copied());
                step(&rule, &mut b, 0.1, &mut fields, order.iter().map(|i| words[*i]));
            }
            assert_eq!(rename(a.states()), b.states(), "sweep {sweep}");
        }
    }
}

/// Negative control: one component of one memory, and one bit of one word, are seen.
#[test]
fn a_single_bit_changes_the_trajectory() {
    let (small, memories) = (model(), memories());
    let other = Memories::given(NEURONS, COUNT, |m, i| memories.is_positive(m, i) ^ (m == 3 && i == 50))
        .expect("small");
    let start = random_start(2);
    for schedule in SCHEDULES {
        let a = trajectory(&mut packed(memories.clone(), &small), &start, schedule, &small);
        let b = trajectory(&mut packed(other.clone(), &small), &start, schedule, &small);
        assert_ne!(a, b, "{}", schedule.name);
    }
}

/// A constant diagonal is a constant energy for ±1 units: sequential runs do not see it, parallel ones do.
#[test]
fn the_diagonal_of_spins() {
    let memories: Vec<Vec<f64>> =
        (0..3).map(|m| (0..9).map(|i| memories().component(m, i)).collect()).collect();
    let systems =
        [Diagonal::Zero, Diagonal::Kept].map(|diagonal| Small::hebb(&ising(), &memories, diagonal, 0.6));
    for schedule in SCHEDULES {
        let [a, b] = &systems;
        let walk =
            |small: &Small| trajectory(&mut small.network(), &[0, 1, 0, 1, 1, 0, 0, 0, 1], schedule, small);
        assert_eq!(walk(a) == walk(b), !schedule.parallel, "{}", schedule.name);
    }
}
