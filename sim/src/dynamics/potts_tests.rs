//! Potts networks against sums over all states and pairs.

use std::sync::Arc;

use mattis_model::{Model, Synapse};

use super::*;
use crate::network::{Memories, PatternNetwork, PottsMemories, PottsNetwork};
use crate::statistics::{autocorrelation, mean};

const SOURCE: Source = Source { seed: 17, sample: 4 };

fn model(states: usize, update: &str) -> Model {
    Model::potts(states).unwrap().with_update(update.parse().unwrap())
}

fn u(k: usize, state: u8, states: usize) -> f64 {
    if k == usize::from(state) { states as f64 - 1.0 } else { -1.0 }
}

/// −Σ_{i≠j} Σ_kl J_ij^kl u_k(a_i) u_l(b_j) by its definition; with a = b twice the energy.
fn product(memories: &PottsMemories, a: &[u8], b: &[u8]) -> f64 {
    let (count, states) = (memories.count(), memories.states());
    let mut sum = 0.0;
    for (i, s) in a.iter().enumerate() {
        for (j, other) in b.iter().enumerate().filter(|(j, _)| *j != i) {
            for (k, l) in (0..states).flat_map(|k| (0..states).map(move |l| (k, l))) {
                let of =
                    |mu| u(k, memories.component(mu, i), states) * u(l, memories.component(mu, j), states);
                let coupling: f64 = (0..count).map(of).sum();
                sum -=
                    coupling / (a.len() * states * states) as f64 * u(k, *s, states) * u(l, *other, states);
            }
        }
    }
    sum
}

fn small(states: usize, neurons: usize, count: usize) -> PottsNetwork {
    PottsNetwork::new(Arc::new(PottsMemories::draw(neurons, count, states, SOURCE).unwrap()))
}

fn decode(code: usize, neurons: usize, states: usize) -> Vec<u8> {
    (0..neurons as u32).map(|i| (code / states.pow(i) % states) as u8).collect()
}

/// Every state of a small network: the energy, the law of every unit given the others, T = 0 as its limit.
#[test]
fn energies_and_heat_bath_are_those_of_all_pairs() {
    for (states, neurons, count) in [(2, 6, 3), (3, 5, 2), (3, 4, 5), (5, 3, 2)] {
        let mut network = small(states, neurons, count);
        let temperature = 2.7;
        let kernel = |temperature| {
            PottsEngine::new(&model(states, "sequential"), Dynamics::HeatBath, Order::Random, temperature)
                .unwrap()
        };
        let (mut warm, mut cold, mut coldest) = (kernel(temperature), kernel(0.0), kernel(1e-307));
        let memories = Arc::clone(network.memories());
        for code in 0..states.pow(neurons as u32) {
            let state = decode(code, neurons, states);
            network.load(&state);
            let energy = 0.5 * product(&memories, &state, &state);
            assert!((network.energy() - energy).abs() < 1e-10, "{} {energy}", network.energy());
            for site in 0..neurons {
                let energies: Vec<f64> = (0..states)
                    .map(|k| {
                        let mut other = state.clone();
                        other[site] = k as u8;
                        0.5 * product(&memories, &other, &other)
                    })
                    .collect();
                let weights: Vec<f64> =
                    energies.iter().map(|e| (-(e - energy) / temperature).exp()).collect();
                let total: f64 = weights.iter().sum();
                for (found, weight) in warm.probabilities(&network, site).iter().zip(&weights) {
                    assert!((found - weight / total).abs() < 1e-12);
                }
                let least = energies.iter().copied().fold(f64::INFINITY, f64::min);
                let tied = |k: usize| energies[k] < least + 1e-9;
                let current = usize::from(state[site]);
                let expected =
                    if tied(current) { current } else { (0..states).find(|k| tied(*k)).unwrap_or(0) };
                assert_eq!(usize::from(cold.next(&network, site, 0)), expected);
                let winners = (0..states).filter(|k| tied(*k)).count() as f64;
                for (k, found) in coldest.probabilities(&network, site).into_iter().enumerate() {
                    assert_eq!(found, if tied(k) { 1.0 / winners } else { 0.0 });
                }
            }
        }
    }
}

/// Cached sums after many updates are those of the state; energies of parallel steps are those at two times.
#[test]
fn cached_sums_never_drift() {
    for update in ["sequential", "parallel"] {
        let mut network = small(4, 30, 6);
        let memories = Arc::clone(network.memories());
        let mut engine =
            PottsEngine::new(&model(4, update), Dynamics::HeatBath, Order::Random, 100.0).unwrap();
        for sweep in 0..40 {
            let before = network.states().to_vec();
            let step = engine.sweep(&mut network, SOURCE, 0, sweep);
            let mut fresh = PottsNetwork::new(Arc::clone(&memories));
            fresh.load(network.states());
            assert!((0..6).all(|mu| network.overlap(mu) == fresh.overlap(mu)));
            assert!(step.changes > 0);
            if let Some(energy) = step.two_time_energy {
                let exact = product(&memories, network.states(), &before);
                assert!((energy - exact).abs() < 1e-9 * exact.abs().max(1.0), "{energy} {exact}");
            }
        }
        // Perfect retrieval.
        network.load(&(0..30).map(|i| memories.component(2, i)).collect::<Vec<u8>>());
        let mut m = [0.0; 6];
        network.overlaps(&mut m);
        assert_eq!((m[2], network.overlap_with(network.states())), (1.0, 1.0));
        assert!(m.iter().enumerate().all(|(mu, m)| mu == 2 || m.abs() < 0.5));
    }
}

/// Long runs have the averages of the Gibbs law, and of the law that parallel steps leave invariant,
/// P(s) ∝ Π_i Σ_k e^{a_k/T}, within four standard errors.
#[test]
fn runs_agree_with_enumeration() {
    let (states, neurons, temperature) = (3, 5, 1.0);
    let mut network = small(states, neurons, 2);
    let memories = Arc::clone(network.memories());
    for (update, order) in
        [("sequential", Order::Random), ("sequential", Order::Sweep), ("parallel", Order::Random)]
    {
        let mut engine =
            PottsEngine::new(&model(states, update), Dynamics::HeatBath, order, temperature).unwrap();
        let measure = |network: &PottsNetwork| {
            let mut m = [0.0; 2];
            network.overlaps(&mut m);
            [network.energy(), m[0], m[0] * m[0], m[0] * m[1]]
        };
        let (mut total, mut exact) = (0.0, [0.0; 4]);
        for code in 0..states.pow(neurons as u32) {
            let state = decode(code, neurons, states);
            network.load(&state);
            let mut attractions = vec![0; states];
            let log = if update == "parallel" {
                let of = |site: usize| {
                    network.attractions(site, &mut attractions);
                    let all: i64 = attractions.iter().sum();
                    let a = |value: &i64| network.scale() * (states as i64 * value - all) as f64;
                    attractions.iter().map(|value| (a(value) / temperature).exp()).sum::<f64>().ln()
                };
                (0..neurons).map(of).sum()
            } else {
                -0.5 * product(&memories, &state, &state) / temperature
            };
            let weight = log.exp();
            total += weight;
            for (sum, value) in exact.iter_mut().zip(measure(&network)) {
                *sum += weight * value;
            }
        }
        let mut series = vec![Vec::new(); 4];
        for sweep in 0..60_000 {
            engine.sweep(&mut network, SOURCE, 0, sweep);
            series.iter_mut().zip(measure(&network)).for_each(|(series, value)| series.push(value));
        }
        for (which, (series, exact)) in series.iter().zip(exact).enumerate() {
            let error = autocorrelation(series).unwrap().error;
            let z = (mean(series).unwrap() - exact / total) / error;
            assert!(z.abs() < 4.0, "{update} {order}: observable {which}, z = {z}");
        }
        // Negative control: another temperature.
        let wrong: f64 = exact[0] / total * 0.9;
        let error = autocorrelation(&series[0]).unwrap().error;
        assert!(((mean(&series[0]).unwrap() - wrong) / error).abs() > 6.0);
    }
}

/// Two states are ±1 units: the same trajectory at T = 0, the same H.
#[test]
fn two_states_are_the_hopfield_model() {
    let (neurons, count) = (90, 8);
    let signs = Arc::new(Memories::draw(neurons, count, SOURCE).unwrap());
    let positive = |mu, i| usize::from(signs.is_positive(mu, i));
    let potts = PottsMemories::given(neurons, count, 2, positive).unwrap();
    for update in ["sequential", "parallel"] {
        for order in [Order::Random, Order::Sweep] {
            let mut a = PottsNetwork::new(Arc::new(potts.clone()));
            let ising = Model::hopfield().with_update(update.parse().unwrap());
            assert_eq!(ising.synapse, Synapse::neutral());
            let mut b = PatternNetwork::new(Arc::clone(&signs), &ising.unit).unwrap();
            let start: Vec<u8> =
                SOURCE.stream(Purpose::Start, 0, 0).map(|word| index(word, 2) as u8).take(neurons).collect();
            a.load(&start);
            b.load(&start);
            let mut of_potts = PottsEngine::new(&model(2, update), Dynamics::HeatBath, order, 0.0).unwrap();
            let mut of_ising = Engine::new(&ising, Dynamics::HeatBath, order, 0.0, 0.0).unwrap();
            for sweep in 0..30 {
                let steps =
                    (of_potts.sweep(&mut a, SOURCE, 0, sweep), of_ising.sweep(&mut b, SOURCE, 0, sweep));
                assert_eq!(steps.0.changes, steps.1.changes);
                assert_eq!(a.states(), b.states());
                assert_eq!(of_potts.is_frozen(&a, &steps.0), of_ising.is_frozen(&b, &steps.1));
                assert!((a.energy() - b.coupling_energy()).abs() < 1e-9);
                if let (Some(potts), Some(ising)) = (steps.0.two_time_energy, steps.1.two_time_energy) {
                    assert!((potts - ising).abs() < 1e-9);
                }
                let (mut m, mut n) = (vec![0.0; count], vec![0.0; count]);
                a.overlaps(&mut m);
                b.overlaps(&mut n);
                assert!(m.iter().zip(&n).all(|(m, n)| (m - n).abs() < 1e-14));
            }
        }
    }
}

#[test]
fn what_is_not_offered_says_why() {
    let message = PottsEngine::new(&model(3, "sequential"), Dynamics::Metropolis, Order::Random, 1.0);
    assert!(message.unwrap_err().to_string().contains("heat-bath"));
    let message = PottsEngine::new(&Model::hopfield(), Dynamics::HeatBath, Order::Random, 1.0);
    assert!(message.unwrap_err().to_string().contains("no colours"));
    assert!(PottsMemories::given(3, 1, 3, |_, _| 3).is_err());
    assert!(PottsMemories::draw(3, 1, 257, SOURCE).is_err());
    assert!(PottsMemories::draw(1 << 24, 1 << 20, 3, SOURCE).is_err());
}
