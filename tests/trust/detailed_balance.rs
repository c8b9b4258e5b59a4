//! Diluted networks whose links come in pairs are in equilibrium, others are not: the states that small ones
//! visit, counted, against the very couplings.

use std::sync::Arc;

use mattis_model::Model;
use mattis_sim::dynamics::{Dynamics, Engine, Order};
use mattis_sim::network::{Links, Network, RealMemories, RealNetwork, Sparse};
use mattis_sim::random::Source;
use mattis_theory::exact::{Dynamics as Exact, Enumeration};

use crate::support::{REJECTED, SIGNIFICANCE, goodness_of_fit};

const SOURCE: Source = Source { seed: 61, sample: 9 };
const NEURONS: usize = 6;
const APART: u64 = 30;
const TEMPERATURE: f64 = 2.0;

/// How often each state is visited, and the couplings.
fn visited(connectivity: &str) -> (Vec<u64>, Vec<f64>) {
    let model = Model { connectivity: connectivity.parse().expect("a connectivity"), ..Model::hopfield() };
    let memories = Arc::new(RealMemories::draw(&model, NEURONS, 3, SOURCE).expect("small"));
    let links = Links::draw(*model.connectivity.value(), &memories, SOURCE).expect("small");
    let couplings = (0..NEURONS * NEURONS).map(|k| links.coupling(k / NEURONS, k % NEURONS)).collect();
    let mut network =
        RealNetwork::with(Sparse::new(Arc::new(links), memories), &model.unit).expect("a network");
    let mut engine =
        Engine::new(&model, Dynamics::HeatBath, Order::Random, 0.0, TEMPERATURE).expect("offered");
    let mut counts = vec![0; 1 << NEURONS];
    for sweep in 0..600_000 {
        engine.sweep(&mut network, SOURCE, 0, sweep);
        // So many sweeps apart states are as good as independent.
        if sweep % APART == APART - 1 {
            counts[network.states().iter().rev().fold(0, |code, level| 2 * code + usize::from(*level))] += 1;
        }
    }
    (counts, couplings)
}

#[test]
fn paired_links_keep_detailed_balance_and_others_do_not() {
    let unit = Model::hopfield().unit;
    for (connectivity, symmetric) in [
        ("diluted:c=0.6", true),
        ("diluted:c=0.6:symmetric=false", false),
        ("extreme:inputs=3", false),
        ("finite:degree=2.5", false),
    ] {
        let (counts, couplings) = visited(connectivity);
        let network = Enumeration::new(&unit, &couplings, 0.0).expect("small");
        assert_eq!(network.check_symmetric().is_ok(), symmetric, "{connectivity}");
        let matrix = network.transition(Exact::HeatBathRandom, TEMPERATURE).expect("small");
        let stationary = matrix.stationary().expect("ergodic");
        let mut apart = matrix.clone();
        for _ in 0..APART.ilog2() + NEURONS.ilog2() {
            apart = apart.then(&apart.clone()).expect("its size");
        }
        // What is left of the present after a third of as many sweeps.
        let memory = (0..apart.states()).flat_map(|s| apart.row(s).iter().zip(&stationary));
        let memory = memory.map(|(p, q)| (p / q - 1.0).abs()).fold(0.0, f64::max);
        assert!(memory < 0.3, "{connectivity}: {memory}");
        let p = goodness_of_fit(&counts, &stationary);
        assert!(p > SIGNIFICANCE, "{connectivity}: p = {p:.1e}");
        let law =
            network.law(TEMPERATURE, stationary.iter().map(|p| p.ln()).collect()).expect("finite weights");
        let unbalanced = matrix.detailed_balance_error(&law).expect("its law");
        // The Gibbs law of the symmetric part, which is that of the couplings where they are symmetric.
        let even: Vec<f64> = (0..NEURONS * NEURONS)
            .map(|k| 0.5 * (couplings[k] + couplings[k % NEURONS * NEURONS + k / NEURONS]))
            .collect();
        let even = Enumeration::new(&unit, &even, 0.0).expect("small");
        let gibbs = goodness_of_fit(&counts, even.boltzmann(TEMPERATURE).expect("symmetric").probabilities());
        if symmetric {
            assert!(unbalanced < 1e-14 && gibbs > SIGNIFICANCE, "{unbalanced:.1e} {gibbs:.1e}");
        } else {
            assert!(unbalanced > 1e-5 && gibbs < REJECTED, "{connectivity}: {unbalanced:.1e} {gibbs:.1e}");
        }
    }
}
