//! Speed of one sweep: heat bath at a memory, fields from bit-packed overlaps. The counter is unit updates, so
//! items per second is the reciprocal of the time per update.

use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use mattis::model::Model;
use mattis::sim::dynamics::Engine;
use mattis::sim::network::{Memories, Network, PatternNetwork};
use mattis::sim::random::{Source, disorder};
use mattis::sim::{Dynamics, Order};

/// A network at a temperature.
struct Case {
    neurons: usize,
    memories: usize,
    temperature: f64,
}

const CASES: [Case; 2] = [
    Case { neurons: 2_000, memories: 160, temperature: 0.3 },
    Case { neurons: 10_000, memories: 500, temperature: 0.2 },
];

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "N = {}, p = {}, T = {}", self.neurons, self.memories, self.temperature)
    }
}

fn main() {
    divan::main();
}

/// Sweeps a network that has settled near memory 0.
fn sweeps(bencher: Bencher, model: &Model, order: Order, case: &Case) {
    let &Case { neurons, memories: count, temperature } = case;
    let source = Source { seed: 1, sample: disorder(neurons, 0) };
    let memories = Arc::new(Memories::draw(neurons, count, source).expect("memories that fit"));
    let mut network = PatternNetwork::new(Arc::clone(&memories), &model.unit).expect("a network");
    let levels: Vec<u8> = (0..neurons).map(|site| u8::from(memories.is_positive(0, site))).collect();
    network.load(&levels);
    let mut engine =
        Engine::new(model, Dynamics::HeatBath, order, 0.0, temperature).expect("a dynamics that is offered");
    let mut sweep = 0;
    let mut advance = || {
        let step = engine.sweep(&mut network, source, 0, sweep);
        sweep += 1;
        step
    };
    for _ in 0..10 {
        advance();
    }
    bencher.counter(ItemsCount::new(neurons)).bench_local(advance);
}

#[divan::bench(args = CASES, sample_count = 30)]
fn sequential_random_order(bencher: Bencher, case: &Case) {
    sweeps(bencher, &Model::hopfield(), Order::Random, case);
}

#[divan::bench(args = CASES, sample_count = 30)]
fn sequential_sweep_order(bencher: Bencher, case: &Case) {
    sweeps(bencher, &Model::hopfield(), Order::Sweep, case);
}

#[divan::bench(args = CASES, sample_count = 30)]
fn parallel(bencher: Bencher, case: &Case) {
    sweeps(bencher, &Model::little(), Order::Random, case);
}
