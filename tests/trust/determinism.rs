//! The same bytes whatever the number of threads, the order of the work, what else is run, or how often it
//! was interrupted.

use std::sync::atomic::{AtomicBool, Ordering};

use mattis_model::{Control, Model};
use mattis_sim::{Dynamics, Order, Progress, Session, Simulation, Start};
use rayon::ThreadPoolBuilder;

use crate::support::SCHEDULES;

const SIZES: [usize; 2] = [40, 70];
const CONTROLS: [(f64, f64); 2] = [(0.1, 0.3), (0.05, 0.6)];

fn within<T: Send>(threads: usize, run: impl FnOnce() -> T + Send) -> T {
    ThreadPoolBuilder::new().num_threads(threads).build().expect("threads").install(run)
}

fn bytes(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("JSON")
}

/// Every kind of run that is offered, with more than one size and control.
fn runs() -> Vec<(String, Simulation)> {
    let mut out = Vec::new();
    for unit in ["ising", "three-state:crystal-field=0.2"] {
        for rule in ["hebb", "none"] {
            for schedule in SCHEDULES {
                let model = Model {
                    unit: unit.parse().expect("a unit"),
                    rule: rule.parse().expect("a rule"),
                    self_coupling: "kept".parse().expect("a self-coupling"),
                    field: "external:h=0.05".parse().expect("a field"),
                    update: schedule.update().parse().expect("an update"),
                    ..Model::default()
                };
                let control = |(alpha, t)| {
                    if rule == "hebb" { Control::new(alpha, t) } else { Control::without_load(t) }
                };
                let simulation = Simulation::new(&model)
                    .controls(CONTROLS.map(control))
                    .sizes(SIZES)
                    .samples(3)
                    .sweeps(12)
                    .burn_in(3)
                    .seed(70)
                    .dynamics(schedule.dynamics)
                    .order(schedule.order);
                out.push((format!("{unit}, {rule}, {}", schedule.name), simulation));
            }
        }
    }
    out
}

#[test]
fn threads_do_not_matter() {
    for (name, simulation) in runs() {
        let run = || bytes(&simulation.run().expect("a small simulation"));
        let one = within(1, run);
        assert_eq!(one, within(2, run), "{name}");
        assert_eq!(one, within(5, run), "{name}");
        let other = bytes(&simulation.clone().seed(71).run().expect("a small simulation").points);
        assert!(!one.contains(&other), "{name}: the seed does not matter");
    }
}

/// More samples, other sizes, other controls: what was there before stays as it was.
#[test]
fn company_does_not_matter() {
    for (name, simulation) in runs() {
        let all = simulation.run_samples().expect("a small simulation");
        let more = simulation.clone().samples(5).run_samples().expect("a small simulation");
        let kept: Vec<_> = more.into_iter().filter(|result| result.sample < 3).collect();
        assert_eq!(bytes(&all), bytes(&kept), "{name}");
        let reversed =
            simulation.clone().sizes([SIZES[1], SIZES[0]]).run().expect("a small simulation").points;
        let points = simulation.run().expect("a small simulation").points;
        assert_eq!(bytes(&points[0]), bytes(&reversed[1]), "{name}");
        let alone = simulation.clone().sizes([SIZES[1]]).run().expect("a small simulation").points;
        assert_eq!(bytes(&points[3]), bytes(&alone[1]), "{name}");
    }
}

/// The disorder of a sample does not depend on the temperature, the update or the start; its history does.
#[test]
fn disorder_is_shared_between_controls() {
    let overlap_at_start = |update: &str, start: Start, temperature: f64| {
        let model = Model::hopfield().with_update(update.parse().expect("an update"));
        let outcome = Simulation::new(&model)
            .at(Control::new(0.1, temperature))
            .sizes([60])
            .samples(1)
            .sweeps(1)
            .burn_in(0)
            .start(start)
            .dynamics(Dynamics::HeatBath)
            .order(Order::Sweep)
            .run_samples()
            .expect("a small simulation");
        outcome[0].mean("m_max_other").expect("other memories")
    };
    // At T = 1e-9 and memory 0 well retrieved, the state is memory 0: its overlaps are the disorder's own.
    let still = overlap_at_start("sequential", Start::Overlap { m: 1.0 }, 1e-9);
    assert_eq!(still, overlap_at_start("sequential", Start::Pattern, 1e-9));
    assert_eq!(still, overlap_at_start("parallel", Start::Pattern, 1e-9));
    assert_ne!(still, overlap_at_start("sequential", Start::Random, 1e-9));
}

/// A run that is stopped and continued, once and again, ends with the bytes of one that was not.
#[test]
fn interruptions_do_not_matter() {
    let directory = std::env::temp_dir().join(format!("mattis-trust-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a temporary directory");
    for (number, (name, simulation)) in runs().into_iter().enumerate().step_by(3) {
        let path = directory.join(format!("{number}.jsonl"));
        let whole = simulation.run_with(&Session::default()).expect("a small simulation");
        assert!(whole.complete);
        let mut interrupted = 0;
        let outcome = loop {
            let cancel = AtomicBool::new(false);
            let first = std::sync::OnceLock::new();
            let stop = |progress: Progress| {
                if progress.done > *first.get_or_init(|| progress.done) + 2 {
                    cancel.store(true, Ordering::Relaxed);
                }
            };
            let session = Session {
                cancel: Some(&cancel),
                checkpoint: Some(&path),
                progress: Some(&stop),
                ..Session::default()
            };
            let outcome = within(2, || simulation.run_with(&session)).expect("a small simulation");
            if outcome.complete {
                break outcome;
            }
            interrupted += 1;
            assert!(interrupted < 12, "{name}: no progress");
        };
        assert!(interrupted > 0, "{name}: nothing was interrupted");
        assert_eq!(bytes(&outcome.record), bytes(&whole.record), "{name}");
        // A line cut off by a crash is done again.
        let text = std::fs::read_to_string(&path).expect("the checkpoint");
        std::fs::write(&path, &text[..text.len() - 17]).expect("writable");
        let session = Session { checkpoint: Some(&path), ..Session::default() };
        let outcome = simulation.run_with(&session).expect("a small simulation");
        assert_eq!(bytes(&outcome.record), bytes(&whole.record), "{name}");
        // Another specification does not continue it.
        assert!(simulation.clone().seed(72).run_with(&session).is_err(), "{name}");
    }
    std::fs::remove_dir_all(&directory).expect("ours");
}
