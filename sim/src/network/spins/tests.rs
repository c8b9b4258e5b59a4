//! The kernels against the general path: the same bytes from the same words.

use std::sync::Arc;

use mattis_model::Model;
use mattis_simd::Vectors;

use super::{Cache, Hebb, SignLinks, SignNetwork, Spins};
use crate::dynamics::{Dynamics, Engine, Order, Step};
use crate::network::{Links, Memories, Network, PatternNetwork, RealMemories, RealNetwork, Sparse};
use crate::random::Source;

const SOURCE: Source = Source { seed: 11, sample: 4 };

/// Sizes that are multiples of nothing.
const SIZES: [(usize, usize); 6] = [(2, 1), (37, 5), (64, 64), (131, 17), (200, 67), (333, 130)];

struct Case {
    update: &'static str,
    dynamics: Dynamics,
    order: Order,
    temperature: f64,
    diagonal: f64,
    field: &'static str,
}

fn cases() -> Vec<Case> {
    let mut out = Vec::new();
    for temperature in [0.0, 0.15, 0.5, 3.0] {
        for field in ["none", "external:h=0.13"] {
            let case = |update, dynamics, order, diagonal| Case {
                update,
                dynamics,
                order,
                temperature,
                diagonal,
                field,
            };
            out.extend([
                case("sequential", Dynamics::HeatBath, Order::Sweep, 0.0),
                case("sequential", Dynamics::HeatBath, Order::Random, 0.0),
                case("sequential", Dynamics::Metropolis, Order::Random, 0.0),
                case("parallel", Dynamics::HeatBath, Order::Random, 0.0),
                case("parallel", Dynamics::HeatBath, Order::Random, 0.21),
            ]);
        }
    }
    out
}

fn model(case: &Case, connectivity: &str) -> Model {
    let model =
        Model::hopfield().with_update(case.update.parse().unwrap()).with_field(case.field.parse().unwrap());
    Model { connectivity: connectivity.parse().unwrap(), ..model }
}

fn general(memories: &Arc<Memories>) -> PatternNetwork {
    PatternNetwork::new(Arc::clone(memories), &Model::hopfield().unit).unwrap()
}

fn start(memories: &Memories) -> Vec<u8> {
    (0..memories.neurons()).map(|unit| u8::from(memories.is_positive(0, unit) ^ (unit % 5 == 0))).collect()
}

/// Sweeps both and compares everything after each sweep.
fn agree<F: Network, N: Network>(fast: &mut F, general: &mut N, case: &Case, start: &[u8]) {
    let model = model(case, "full");
    let mut engine = Engine::new(&model, case.dynamics, case.order, case.diagonal, case.temperature).unwrap();
    fast.load(start);
    general.load(start);
    let (mut a, mut b) = (vec![0.0; fast.memories()], vec![0.0; fast.memories()]);
    for sweep in 0..8 {
        let left: Step = engine.sweep(fast, SOURCE, 1, sweep);
        let right: Step = engine.sweep(general, SOURCE, 1, sweep);
        assert_eq!(fast.states(), general.states(), "sweep {sweep}");
        assert_eq!(left.changes, right.changes);
        if let (Some(x), Some(y)) = (left.two_time_energy, right.two_time_energy) {
            assert!((x - y).abs() <= 1e-11 * (fast.neurons() as f64), "{x} {y}");
        }
        fast.overlaps(&mut a);
        general.overlaps(&mut b);
        for (x, y) in a.iter().zip(&b) {
            assert!((x - y).abs() <= 1e-15, "{x} {y}");
        }
        for unit in 0..fast.neurons() {
            assert_eq!(fast.field(unit), general.field(unit));
        }
        let energies = (fast.coupling_energy(), general.coupling_energy());
        assert!((energies.0 - energies.1).abs() <= 1e-12 * fast.neurons() as f64, "{energies:?}");
    }
}

#[test]
fn full_networks_take_the_general_path_faster() {
    for (neurons, count) in SIZES {
        let memories = Arc::new(Memories::draw(neurons, count, SOURCE).unwrap());
        for case in cases() {
            for vectors in Vectors::available() {
                let hebb = Hebb::new(Arc::clone(&memories), vectors).unwrap();
                let mut fast = Spins::with_vectors(hebb, Arc::clone(&memories), vectors);
                let mut general = general(&memories);
                agree(&mut fast, &mut general, &case, &start(&memories));
                let mut fast = SignNetwork::with_vectors(Arc::clone(&memories), vectors).unwrap();
                agree(&mut fast, &mut general, &case, &start(&memories));
            }
        }
    }
}

#[test]
fn diluted_networks_take_the_general_path_faster() {
    for (neurons, count) in [(37, 5), (131, 17), (200, 67)] {
        for connectivity in ["extreme:inputs=9", "diluted:c=0.3:symmetric=true", "finite:degree=4"] {
            let memories = Arc::new(Memories::draw(neurons, count, SOURCE).unwrap());
            let component = |memory, unit| memories.component(memory, unit);
            let real = Arc::new(RealMemories::given(neurons, count, None, component).unwrap());
            for case in cases() {
                let model = model(&case, connectivity);
                let links = Links::draw_signs(*model.connectivity.value(), &memories, SOURCE).unwrap();
                let sparse = Sparse::new(Arc::new(links.clone()), Arc::clone(&real));
                let mut general = RealNetwork::with(sparse, &model.unit).unwrap();
                let mut fast = Spins::new(SignLinks::new(links).unwrap(), Arc::clone(&memories));
                agree(&mut fast, &mut general, &case, &start(&memories));
            }
        }
    }
}

/// A cache of rows that is too small for the units that flip gives the same states.
#[test]
fn rows_may_be_forgotten() {
    let memories = Arc::new(Memories::draw(200, 30, SOURCE).unwrap());
    let case = Case {
        update: "sequential",
        dynamics: Dynamics::HeatBath,
        order: Order::Sweep,
        temperature: 1.0,
        diagonal: 0.0,
        field: "none",
    };
    let hebb = Hebb::new(Arc::clone(&memories), Vectors::best()).unwrap().with_room(3);
    let mut fast = Spins::new(hebb, Arc::clone(&memories));
    agree(&mut fast, &mut general(&memories), &case, &start(&memories));
}

/// Rows and fields that outgrow 8 and 16 bits in the middle of a block.
#[test]
fn numbers_become_wide_on_the_way() {
    let many = Memories::draw(300, 900, SOURCE).unwrap();
    // One memory 127 times: fields go from 0 to 38,000 as the units align.
    let signs: Vec<i8> = (0..600 * 127).map(|place| if place / 127 % 3 == 0 { -1 } else { 1 }).collect();
    let equal = Memories::from_signs(600, 127, &signs).unwrap();
    for (memories, temperature) in [(many, 0.5), (equal, 0.0)] {
        let memories = Arc::new(memories);
        let half: Vec<u8> =
            (0..memories.neurons()).map(|i| u8::from(memories.is_positive(0, i) ^ (i % 128 < 63))).collect();
        for vectors in Vectors::available() {
            let hebb = Hebb::new(Arc::clone(&memories), vectors).unwrap();
            let mut fast = Spins::with_vectors(hebb, Arc::clone(&memories), vectors);
            fast.load(&half);
            assert!(matches!(fast.cache, Cache::Narrow { .. }));
            let case = Case {
                update: "sequential",
                dynamics: Dynamics::HeatBath,
                order: Order::Sweep,
                temperature,
                diagonal: 0.0,
                field: "none",
            };
            agree(&mut fast, &mut general(&memories), &case, &half);
            assert!(matches!(fast.cache, Cache::Wide(_)));
        }
    }
}

/// A network that is large enough to begin with blocks takes every way, and none is seen in its states.
#[test]
fn every_way_gives_the_same_states() {
    let memories = Arc::new(Memories::draw(4133, 259, SOURCE).unwrap());
    for temperature in [0.2, 0.45, 2.0] {
        for order in [Order::Sweep, Order::Random] {
            let case = Case {
                update: "sequential",
                dynamics: Dynamics::HeatBath,
                order,
                temperature,
                diagonal: 0.0,
                field: "none",
            };
            let mut fast = SignNetwork::new(Arc::clone(&memories)).unwrap();
            agree(&mut fast, &mut general(&memories), &case, &start(&memories));
        }
    }
}
