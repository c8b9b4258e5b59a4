//! Speed of the Monte Carlo kernels: the workloads of the chapter on speed, whole jobs as a script would run them.
//!
//! Items are unit updates, so that the reciprocal of items per second is the time of an update.

use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use mattis::model::Model;
use mattis::sim::dynamics::Engine;
use mattis::sim::network::{Links, Memories, Network, SignLinks, SignNetwork, Spins};
use mattis::sim::random::{Source, disorder};
use mattis::sim::{Dynamics, Order};

/// A full network at a temperature, run for some sweeps.
struct Case {
    neurons: usize,
    memories: usize,
    temperature: f64,
    sweeps: u64,
}

const LARGE: Case = Case { neurons: 10_000, memories: 500, temperature: 0.2, sweeps: 50 };
const SMALL: Case = Case { neurons: 2_000, memories: 160, temperature: 0.3, sweeps: 1000 };
const REPLICAS: usize = 64;

fn main() {
    divan::main();
}

fn source(neurons: usize) -> Source {
    Source { seed: 1, sample: disorder(neurons, 0) }
}

fn bytes(case: &Case) -> Vec<i8> {
    let memories =
        Memories::draw(case.neurons, case.memories, source(case.neurons)).expect("memories that fit");
    let component = |k| memories.is_positive(k % case.memories, k / case.memories);
    (0..case.neurons * case.memories).map(|k| if component(k) { 1 } else { -1 }).collect()
}

fn network(memories: &Arc<Memories>) -> SignNetwork {
    SignNetwork::new(Arc::clone(memories)).expect("couplings that fit")
}

fn start_at(network: &mut SignNetwork, memories: &Memories, start: usize) {
    let levels: Vec<u8> =
        (0..memories.neurons()).map(|unit| u8::from(memories.is_positive(start, unit))).collect();
    network.load(&levels);
}

fn engine(model: &Model, order: Order, temperature: f64) -> Engine {
    Engine::new(model, Dynamics::HeatBath, order, 0.0, temperature).expect("a dynamics that is offered")
}

/// Sweeps, the overlap with one memory after each; its average over the second half.
fn run<N: Network>(
    network: &mut N,
    engine: &mut Engine,
    (memory, replica, sweeps): (usize, u32, u64),
) -> f64 {
    let mut overlaps = vec![0.0; network.memories()];
    let mut sum = 0.0;
    for sweep in 0..sweeps {
        engine.sweep(network, source(network.neurons()), replica, sweep);
        network.overlaps(&mut overlaps);
        if 2 * sweep >= sweeps {
            sum += overlaps[memory];
        }
    }
    sum / (sweeps - sweeps / 2) as f64
}

fn updates(case: &Case) -> ItemsCount {
    ItemsCount::new(case.neurons * case.sweeps as usize)
}

/// W1: everything from ±1 bytes to the last overlap.
fn whole_job(bencher: Bencher, case: &Case, order: Order) {
    let signs = bytes(case);
    bencher.counter(updates(case)).bench_local(|| {
        let memories = Memories::from_signs(case.neurons, case.memories, &signs).expect("memories that fit");
        let memories = Arc::new(memories);
        let mut network = network(&memories);
        start_at(&mut network, &memories, 0);
        let m =
            run(&mut network, &mut engine(&Model::hopfield(), order, case.temperature), (0, 0, case.sweeps));
        assert!(m > 0.97, "{m}");
    });
}

#[divan::bench(sample_count = 20)]
fn w1a_in_turn(bencher: Bencher) {
    whole_job(bencher, &LARGE, Order::Sweep);
}

#[divan::bench(sample_count = 20)]
fn w1a_picked(bencher: Bencher) {
    whole_job(bencher, &LARGE, Order::Random);
}

/// W1 at N = 2000: the sweeps from a memory, without a single row of couplings at first.
fn dynamics(bencher: Bencher, case: &Case, order: Order) {
    let memories =
        Memories::draw(case.neurons, case.memories, source(case.neurons)).expect("memories that fit");
    let memories = Arc::new(memories);
    let mut start = network(&memories);
    start_at(&mut start, &memories, 0);
    bencher.counter(updates(case)).with_inputs(|| start.clone()).bench_local_values(|mut network| {
        let m =
            run(&mut network, &mut engine(&Model::hopfield(), order, case.temperature), (0, 0, case.sweeps));
        assert!(m > 0.97, "{m}");
    });
}

#[divan::bench(sample_count = 10)]
fn w1b_in_turn(bencher: Bencher) {
    dynamics(bencher, &SMALL, Order::Sweep);
}

#[divan::bench(sample_count = 10)]
fn w1b_picked(bencher: Bencher) {
    dynamics(bencher, &SMALL, Order::Random);
}

/// W2: replica r from memory r, 100 parallel steps each.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn w2_parallel(bencher: Bencher) {
    let case = Case { sweeps: 100, ..LARGE };
    let memories =
        Memories::draw(case.neurons, case.memories, source(case.neurons)).expect("memories that fit");
    let memories = Arc::new(memories);
    let count = ItemsCount::new(REPLICAS * case.neurons * case.sweeps as usize);
    // Replicas share what belongs to the memories, as those of a run do.
    let bare = network(&memories);
    let replica = |start| {
        let mut network = bare.clone();
        start_at(&mut network, &memories, start);
        network
    };
    let all = || (0..REPLICAS).map(replica).collect::<Vec<_>>();
    bencher.counter(count).with_inputs(all).bench_local_values(|networks| {
        let mut sum = 0.0;
        for (replica, mut network) in networks.into_iter().enumerate() {
            let mut engine = engine(&Model::little(), Order::Random, case.temperature);
            sum += run(&mut network, &mut engine, (replica, replica as u32, case.sweeps));
        }
        let m = sum / REPLICAS as f64;
        assert!((m - 0.998_88).abs() < 1e-4, "{m}");
    });
}

/// W4: N = 10⁵ units with 100 inputs each, 30 memories, 100 parallel steps; the graph is there before.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn w4_diluted(bencher: Bencher) {
    let (neurons, sweeps) = (100_000, 100);
    let model = Model { connectivity: "extreme:inputs=100".parse().expect("a graph"), ..Model::little() };
    let memories = Arc::new(Memories::draw(neurons, 30, source(neurons)).expect("memories that fit"));
    let links =
        Links::draw_signs(*model.connectivity.value(), &memories, source(neurons)).expect("links that fit");
    let coupled = SignLinks::new(links).expect("integers");
    let mut settled = Spins::new(coupled, Arc::clone(&memories));
    let levels: Vec<u8> = (0..neurons).map(|unit| u8::from(memories.is_positive(0, unit))).collect();
    settled.load(&levels);
    bencher
        .counter(ItemsCount::new(neurons * sweeps as usize))
        .with_inputs(|| settled.clone())
        .bench_local_values(|mut network| {
            let m = run(&mut network, &mut engine(&model, Order::Random, 0.1), (0, 0, sweeps));
            assert!((m - 0.898).abs() < 0.003, "{m}");
        });
}
