//! Ties at T = 0: kept, or decided by a fair draw where inputs are few.

use std::sync::Arc;

use mattis_model::Model;

use super::*;
use crate::network::{Links, RealMemories, RealNetwork, Sparse};

const SOURCE: Source = Source { seed: 41, sample: 6 };

fn model(unit: &str, connectivity: &str, update: &str) -> Model {
    let model = Model::hopfield().with_unit(unit.parse().unwrap()).with_update(update.parse().unwrap());
    Model { connectivity: connectivity.parse().unwrap(), ..model }
}

/// Which levels win in a field, over words that fill the range evenly.
fn shares(model: &Model, current: u8, field: f64) -> Vec<f64> {
    let site = SingleSite::new(model, 0.0, 0.0).unwrap();
    let (rule, count) = (HeatBath::new(site), 600);
    let mut out = vec![0.0; rule.site().levels().len()];
    for k in 0..count {
        let word = ((u128::from(u64::MAX) + 1) * (2 * k + 1) / (2 * count)) as u64;
        out[usize::from(rule.next(current, field, word))] += 1.0 / count as f64;
    }
    for (next, share) in out.iter().enumerate() {
        let probability = rule.probability(current, next as u8, field);
        assert!((share - probability).abs() < 1e-9, "{field}, {current} → {next}: {share} {probability}");
    }
    out
}

#[test]
fn few_inputs_make_ties_coins() {
    let half = [0.5, 0.5];
    for connectivity in ["extreme:inputs=4", "finite:degree=4"] {
        let ising = model("ising", connectivity, "sequential");
        let binary = model("binary:threshold=0.25", connectivity, "sequential");
        let three = model("three-state:crystal-field=0.25", connectivity, "sequential");
        let flat = model("three-state:crystal-field=0", connectivity, "sequential");
        for current in 0..2 {
            assert!(shares(&ising, current, 0.0).iter().zip(half).all(|(a, b)| (a - b).abs() < 1e-9));
            assert!(shares(&binary, current, 0.25).iter().zip(half).all(|(a, b)| (a - b).abs() < 1e-9));
            assert_eq!(shares(&ising, current, 1e-300)[0], 0.0);
        }
        for current in 0..3 {
            let at = |model, field| shares(model, current, field);
            assert!(at(&three, 0.25).iter().zip([0.0, 0.5, 0.5]).all(|(a, b)| (a - b).abs() < 1e-9));
            assert!(at(&three, -0.25).iter().zip([0.5, 0.5, 0.0]).all(|(a, b)| (a - b).abs() < 1e-9));
            assert!(at(&flat, 0.0).iter().all(|share| (share - 1.0 / 3.0).abs() < 1e-9));
        }
        // Metropolis accepts a level of equal height half of the time.
        let rule = Metropolis::new(SingleSite::new(&ising, 0.0, 0.0).unwrap());
        assert_eq!((rule.probability(0, 1, 0.0), rule.probability(0, 1, -1.0)), (0.5, 0.0));
        assert_eq!((rule.next(0, 0.0, 0, 0), rule.next(0, 0.0, u64::MAX, 0)), (1, 0));
    }
    // Everywhere else the present level stays.
    for connectivity in ["full", "diluted:c=0.1", "diluted:c=0.1:symmetric=false"] {
        for current in 0..2 {
            let kept = shares(&model("ising", connectivity, "sequential"), current, 0.0);
            assert!((kept[usize::from(current)] - 1.0).abs() < 1e-9);
        }
    }
}

/// Two memories and three inputs: fields of 0 are frequent, and a network that has one never rests. One memory
/// and three inputs: fields are odd, and the memory is at rest.
#[test]
fn networks_with_ties_never_rest() {
    for update in ["sequential", "parallel"] {
        for (count, ties) in [(1, false), (2, true)] {
            let model = model("ising", "extreme:inputs=3", update);
            let memories = Arc::new(RealMemories::draw(&model, 60, count, SOURCE).unwrap());
            let links = Links::draw(*model.connectivity.value(), &memories, SOURCE).unwrap();
            let interaction = Sparse::new(Arc::new(links), Arc::clone(&memories));
            let mut network = RealNetwork::with(interaction, &model.unit).unwrap();
            network.load(&(0..60).map(|i| u8::from(memories.component(0, i) > 0.0)).collect::<Vec<u8>>());
            let mut engine = Engine::new(&model, Dynamics::HeatBath, Order::Random, 0.0, 0.0).unwrap();
            let (mut tied, mut frozen) = (0, 0);
            for sweep in 0..50 {
                let step = engine.sweep(&mut network, SOURCE, 0, sweep);
                let tie = (0..60).any(|i| network.field(i) == 0.0);
                tied += usize::from(tie);
                let rests = engine.is_frozen(&network, &step);
                assert!(!(tie && rests), "{update}");
                // A sweep in which every coin kept its unit is not rest.
                assert!(!(tie && engine.is_frozen(&network, &Step::changed(0))));
                frozen += usize::from(rests);
            }
            assert_eq!((tied > 0, frozen > 0), (ties, !ties), "{update} p = {count}: {tied} {frozen}");
        }
    }
}
