//! 0/1 neurons with a threshold and spins in their postsynaptic field are one network: s = 2V − 1, U = 2θ,
//! temperature 4T.

use mattis_model::address::Purpose;
use mattis_model::{Control, Model, Synapse};
use mattis_sim::dynamics::{Dynamics, Engine, HeatBath, Metropolis, SingleSite};
use mattis_sim::network::{Couplings, DenseNetwork, Memories, Network, PatternNetwork, Shifted};
use mattis_sim::random::Source;
use mattis_sim::{Simulation, Start};

use crate::support::SCHEDULES;

const NEURONS: usize = 64;
const SOURCE: Source = Source { seed: 91, sample: 0 };

fn model(unit: &str, field: &str, update: &str) -> Model {
    Model {
        unit: unit.parse().expect("a unit"),
        field: field.parse().expect("a field"),
        update: update.parse().expect("an update"),
        ..Model::default()
    }
}

fn start() -> Vec<u8> {
    SOURCE.stream(Purpose::Start, 0, 0).map(|word| (word >> 63) as u8).take(NEURONS).collect()
}

/// N = 64 and θ = 3/8: every field is a binary fraction, so that ties are ties in both forms.
#[test]
fn trajectories_at_zero_temperature_are_the_same() {
    let memories = std::sync::Arc::new(Memories::draw(NEURONS, 9, SOURCE).expect("small"));
    let couplings = Couplings::hebb(&memories, &Synapse::neutral()).expect("small");
    let couplings = std::sync::Arc::new(couplings);
    for (threshold, twice) in [("0", "0"), ("0.375", "0.75")] {
        for schedule in SCHEDULES {
            let neurons = model(&format!("binary:threshold={threshold}"), "none", schedule.update());
            let spins = model("ising", &format!("postsynaptic:u={twice}"), schedule.update());
            let engine = |model: &Model| {
                Engine::new(model, schedule.dynamics, schedule.order, 0.0, 0.0).expect("offered")
            };
            let (mut first, mut second) = (engine(&neurons), engine(&spins));
            let mut a = PatternNetwork::new(memories.clone(), &neurons.unit).expect("levels");
            let b = PatternNetwork::new(memories.clone(), &spins.unit).expect("levels");
            let c = DenseNetwork::new(couplings.clone(), None, &spins.unit).expect("levels");
            let (mut b, mut c) = (Shifted::by_row_sums(b), Shifted::by_row_sums(c));
            a.load(&start());
            b.load(&start());
            c.load(&start());
            let mut changed = 0;
            for sweep in 0..12 {
                changed += first.sweep(&mut a, SOURCE, 0, sweep).changes;
                second.sweep(&mut b, SOURCE, 0, sweep);
                second.sweep(&mut c, SOURCE, 0, sweep);
                assert_eq!(a.states(), b.states(), "{}, sweep {sweep}", schedule.name);
                assert_eq!(a.states(), c.states(), "{}, sweep {sweep}", schedule.name);
            }
            assert!(changed > NEURONS / 4, "{}: nothing happened", schedule.name);
        }
    }
}

/// At T > 0 every flip has the same probability in every state met; another temperature or threshold has not.
#[test]
fn flips_have_the_same_probabilities() {
    let temperature = 0.11;
    let memories = std::sync::Arc::new(Memories::draw(NEURONS, 9, SOURCE).expect("small"));
    let neurons = model("binary:threshold=0.375", "none", "sequential");
    let spins = model("ising", "postsynaptic:u=0.75", "sequential");
    let site = |model: &Model, t: f64| SingleSite::new(model, 0.0, t).expect("levels");
    let heat_bath = HeatBath::new(site(&neurons, temperature));
    let metropolis = Metropolis::new(site(&neurons, temperature));
    let mut a = PatternNetwork::new(memories.clone(), &neurons.unit).expect("levels");
    let b = PatternNetwork::new(memories, &spins.unit).expect("levels");
    let mut b = Shifted::by_row_sums(b);
    let mut engine =
        Engine::new(&neurons, Dynamics::HeatBath, SCHEDULES[0].order, 0.0, temperature).expect("offered");
    a.load(&start());
    let largest = |factor: f64, a: &PatternNetwork, b: &mut Shifted<PatternNetwork>| {
        b.load(a.states());
        let (other, slow) = (site(&spins, factor * temperature), site(&spins, factor * temperature));
        let (other, slow) = (HeatBath::new(other), Metropolis::new(slow));
        let mut largest: f64 = 0.0;
        for (i, state) in a.states().iter().enumerate() {
            let (h, k) = (a.field(i), b.field(i));
            let flip = heat_bath.probability(*state, 1 - state, h) - other.probability(*state, 1 - state, k);
            let jump = metropolis.probability(*state, 1 - state, h) - slow.probability(*state, 1 - state, k);
            largest = largest.max(flip.abs()).max(jump.abs());
        }
        largest
    };
    for sweep in 0..20 {
        engine.sweep(&mut a, SOURCE, 0, sweep);
        assert!(largest(4.0, &a, &mut b) < 1e-14);
        assert!(largest(2.0, &a, &mut b) > 1e-3, "a wrong temperature passes");
    }
}

/// Energies of the two forms differ by a constant of the sample: H_spin = 4 H_neuron + const at U = 2θ.
#[test]
fn energies_differ_by_a_constant() {
    let energy = |unit: &str, field: &str, start: Start| {
        let simulation =
            Simulation::new(&model(unit, field, "sequential")).at(Control::finite(5, 0.0)).sizes([NEURONS]);
        let results = simulation.samples(3).sweeps(1).burn_in(30).start(start).run_samples().expect("small");
        results.iter().map(|result| result.mean("energy").expect("measured")).collect::<Vec<f64>>()
    };
    let pairs = |start| {
        (energy("binary:threshold=0.375", "none", start), energy("ising", "postsynaptic:u=0.75", start))
    };
    let (a, b) = pairs(Start::Pattern);
    let (c, d) = pairs(Start::Overlap { m: -0.6 });
    for k in 0..3 {
        assert!((d[k] - b[k] - 4.0 * (c[k] - a[k])).abs() < 1e-13, "{a:?} {b:?} {c:?} {d:?}");
    }
    assert!((0..3).any(|k| a[k] != c[k]), "both starts end in the same state");
}
