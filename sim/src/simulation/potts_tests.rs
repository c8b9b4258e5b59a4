//! Potts networks from the public way in.

use super::*;
use crate::experiment::{self, Trials};

fn at(states: usize, update: &str, load: f64, temperature: f64) -> Simulation {
    let model = Model::potts(states).unwrap().with_update(update.parse().unwrap());
    Simulation::new(&model).at(Control::new(load, temperature)).sizes([300]).samples(4).sweeps(20).burn_in(20)
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    for (states, update, temperature) in
        [(3, "sequential", 5.0), (5, "parallel", 0.0), (256, "sequential", 1e4)]
    {
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let simulation = at(states, update, 0.1, temperature).sizes([50, 81]).trace(true);
            let outcome = pool.install(|| simulation.run_with(&Session::default()).unwrap());
            (serde_json::to_string(&outcome.record).unwrap(), outcome.traces)
        };
        let one = on(1);
        assert!(one == on(2) && one == on(5), "{states} {update}");
    }
}

/// Overlaps, self-overlap and energy of a network at rest in a memory.
#[test]
fn memories_are_retrieved() {
    for update in ["sequential", "parallel"] {
        let record = at(4, update, 0.05, 0.0).run().unwrap();
        let point = &record.points[0];
        let value = |name: &str| point.observable(name).unwrap().value.unwrap();
        assert!(value("m") > 0.999 && value("q") > 0.999 && value("activity") == 1.0);
        assert!(value("m_max_other") < 0.3 && value("m_max_other") > 0.0);
        // −½ (Q − 1)² m² and, for parallel updates, twice that; p = 15 other memories add −½ 1/N
        // [Σ M² − Σ v²] with mean 0.
        let factor = if update == "parallel" { 2.0 } else { 1.0 };
        let memory = -0.5 * 9.0 * factor;
        assert!((value("energy") / memory - 1.0).abs() < 0.05, "{}", value("energy"));
        assert_eq!(point.observable("d").is_some(), update == "parallel");
        assert_eq!(point.observable("mean"), None);
    }
}

/// Starts: overlap m is the mean overlap, whatever Q, and the other states are equally frequent.
#[test]
fn starts_have_their_overlap() {
    for states in [2, 3, 7] {
        for m in [0.0, 0.4, 1.0, -1.0 / (states as f64 - 1.0)] {
            // At an enormous temperature nothing is left after a sweep; look at the start by a single trial.
            let run = at(states, "sequential", 0.001, 0.0).sizes([20_000]).burn_in(0).sweeps(1).samples(1);
            let model = Model::potts(states).unwrap();
            let memories = crate::network::PottsMemories::draw(
                20_000,
                1,
                states,
                crate::random::Source { seed: 2, sample: 1 },
            );
            let memories = std::sync::Arc::new(memories.unwrap());
            let stored = crate::start::Stored::Colours(std::sync::Arc::clone(&memories));
            let source = crate::random::Source { seed: 5, sample: 3 };
            let aims = Start::Overlap { m }.aims(20_000, &stored, source, 0);
            let names: Vec<f64> = (0..states).map(|k| k as f64).collect();
            let state: Vec<u8> = aims.iter().map(|aim| aim.level(&names)).collect();
            let mut network = crate::network::PottsNetwork::new(memories);
            network.load(&state);
            let mut found = [0.0];
            network.overlaps(&mut found);
            // P(agree) = (1 + (Q − 1) m)/Q.
            let agree = (1.0 + (states as f64 - 1.0) * m) / states as f64;
            let error = states as f64 / (states as f64 - 1.0) * (agree * (1.0 - agree) / 2e4).sqrt();
            assert!((found[0] - m).abs() <= 4.0 * error + 1e-12, "Q = {states}, m = {m}: {}", found[0]);
            for k in 0..states {
                let share = state.iter().filter(|s| usize::from(**s) == k).count() as f64 / 2e4;
                let exact = 1.0 / states as f64;
                assert!((share - exact).abs() < 4.0 * (exact * (1.0 - exact) / 2e4).sqrt(), "{k}: {share}");
            }
            assert!(run.start(Start::Overlap { m }).run().is_ok());
            assert!(
                Simulation::new(&model)
                    .at(Control::new(0.1, 1.0))
                    .sizes([50])
                    .start(Start::Random)
                    .run()
                    .is_ok()
            );
        }
    }
}

/// Q = 2 has the statistics of ±1 units.
#[test]
fn two_states_have_the_statistics_of_signs() {
    for temperature in [0.0, 0.3] {
        let potts = at(2, "sequential", 0.05, temperature).sizes([600]).samples(16).run().unwrap();
        let ising = Simulation { model: Model::hopfield(), ..at(2, "sequential", 0.05, temperature) };
        let ising = ising.sizes([600]).samples(16).run().unwrap();
        for name in ["m", "q", "energy", "activity"] {
            let of = |record: &SimulationRecord| {
                let estimate = record.points[0].observable(name).unwrap();
                (estimate.value.unwrap(), estimate.error.unwrap_or(0.0))
            };
            let ((a, error_a), (b, error_b)) = (of(&potts), of(&ising));
            let error = error_a.hypot(error_b) + 1e-12;
            assert!((a - b).abs() < 4.0 * error, "{name} at T = {temperature}: {a} {b} {error}");
        }
    }
}

#[test]
fn what_is_refused_is_one_line() {
    let refused = |run: Simulation| run.run().unwrap_err().to_string();
    let base = at(3, "sequential", 0.1, 1.0);
    for (message, word) in [
        (refused(base.clone().start(Start::Mixture { n: 3 })), "mixture"),
        (refused(base.clone().start(Start::Overlap { m: -0.6 })), "-0.5"),
        (refused(base.clone().dynamics(Dynamics::Metropolis)), "heat-bath"),
        (refused(at(3, "sequential", 1000.0, 1.0).sizes([400_000])), "bytes"),
    ] {
        assert!(message.contains(word) && !message.contains('\n'), "{message}");
    }
    let trials = Trials { neurons: 50, memories: 2, trials: 2, seed: 1 };
    let message = experiment::recall_errors(&Model::potts(3).unwrap(), &trials).unwrap_err().to_string();
    assert!(message.contains("Potts") && !message.contains('\n'), "{message}");
}

/// Q = 3, α = 0.33 at T = 0, far above the capacity of ±1 units: m = 0.99455 (Kanter 1988).
#[test]
#[ignore = "half a minute"]
fn three_states_remember_at_a_load_of_a_third() {
    let run = at(3, "sequential", 0.33, 0.0).sizes([1500]).samples(24).sweeps(20).burn_in(60);
    let record = run.run().unwrap();
    let m = record.points[0].observable("m").unwrap();
    println!("m = {:?} ± {:?}, {} escaped", m.value, m.error, record.points[0].escaped);
    assert!((m.value.unwrap() - 0.994_55).abs() < 4.0 * m.error.unwrap().max(5e-4), "{m:?}");
}
