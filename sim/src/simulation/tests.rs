use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use mattis_model::Rule;

use super::*;
use crate::Progress;

fn small() -> Simulation {
    Simulation::new(&Model::hopfield())
        .controls([Control::new(0.05, 0.3), Control::new(0.03, 0.5)])
        .sizes([60, 120])
        .samples(5)
        .sweeps(30)
        .burn_in(10)
        .seed(9)
}

fn bytes(record: &SimulationRecord) -> String {
    serde_json::to_string(record).unwrap()
}

/// A file that is removed when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mattis-sim-{}-{name}.jsonl", std::process::id()));
        let _ = std::fs::remove_file(&path);
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| bytes(&small().run().unwrap()))
    };
    assert_eq!(on(1), on(2));
    assert_eq!(on(2), on(5));
}

#[test]
fn more_samples_keep_the_old() {
    let few = small().run_samples().unwrap();
    let many = small().samples(7).run_samples().unwrap();
    let kept: Vec<_> = many.into_iter().filter(|result| result.sample < 5).collect();
    assert_eq!(few, kept);
}

#[test]
fn a_cancelled_run_goes_on_to_the_same_bytes() {
    let scratch = Scratch::new("cancel");
    let whole = small().trace(true).run_with(&Session::default()).unwrap();
    let cancel = AtomicBool::new(false);
    let stop = |progress: Progress| {
        if progress.done >= 6 {
            cancel.store(true, Ordering::Relaxed);
        }
    };
    let session = Session {
        cancel: Some(&cancel),
        checkpoint: Some(&scratch.0),
        progress: Some(&stop),
        ..Session::default()
    };
    let simulation = small().trace(true);
    let part = simulation.run_with(&session).unwrap();
    let done: usize = part.record.points.iter().map(|point| point.samples).sum();
    assert!(!part.complete && (6..20).contains(&done), "{done}");
    // What an interrupted write leaves.
    let mut text = std::fs::read_to_string(&scratch.0).unwrap();
    assert_eq!(text.lines().count(), done + 1);
    text.push_str("{\"point\":3,\"con");
    std::fs::write(&scratch.0, text).unwrap();

    let first = AtomicUsize::new(usize::MAX);
    let count = |progress: Progress| {
        first.fetch_min(progress.done, Ordering::Relaxed);
    };
    let session = Session { checkpoint: Some(&scratch.0), progress: Some(&count), ..Session::default() };
    let rest = simulation.run_with(&session).unwrap();
    assert!(rest.complete && first.into_inner() == done);
    assert_eq!(bytes(&rest.record), bytes(&whole.record));
    assert_eq!(rest.traces, whole.traces);
    assert_eq!(rest.traces.len(), 40);
    assert!(rest.traces[0].columns.iter().all(|column| column.values.len() == 40));

    let more = small().trace(true).samples(6);
    let session = Session { checkpoint: Some(&scratch.0), ..Session::default() };
    assert_eq!(bytes(&more.run_with(&session).unwrap().record), bytes(&more.run().unwrap()));
}

#[test]
fn a_checkpoint_of_another_run_is_refused() {
    let scratch = Scratch::new("refuse");
    let session = Session { checkpoint: Some(&scratch.0), ..Session::default() };
    let simulation = small().controls([]).samples(1);
    simulation.run_with(&session).unwrap();
    let refused = |other: Simulation| {
        let message = other.run_with(&session).unwrap_err().to_string();
        assert!(!message.contains('\n'), "{message}");
        message
    };
    assert!(refused(simulation.clone().seed(10)).contains("its seed differs"));
    assert!(refused(simulation.clone().sweeps(31)).contains("its sweeps differs"));
    std::fs::write(&scratch.0, "something else\n").unwrap();
    assert!(refused(simulation.clone()).contains("no header"));
    std::fs::write(&scratch.0, "no end of line").unwrap();
    assert!(refused(simulation.clone()).contains("not a checkpoint"));
    let header = simulation.header().unwrap();
    std::fs::write(&scratch.0, format!("{header}\nrubbish\n")).unwrap();
    assert!(refused(simulation.clone()).contains("line 2 is damaged"));
    let nowhere = Session { checkpoint: Some("/nonexistent/x.jsonl".as_ref()), ..Session::default() };
    assert!(simulation.run_with(&nowhere).unwrap_err().to_string().contains("cannot be opened"));
}

/// What a write that was cut off leaves, wherever it was cut.
#[test]
fn a_checkpoint_cut_anywhere_goes_on() {
    let scratch = Scratch::new("cut");
    let session = Session { checkpoint: Some(&scratch.0), ..Session::default() };
    let small = Simulation::new(&Model::hopfield()).at(Control::new(0.1, 0.3)).sizes([40]).seed(9);
    let simulation = small.samples(3).sweeps(2).burn_in(1);
    let whole = simulation.run_with(&session).unwrap();
    let text = std::fs::read(&scratch.0).unwrap();
    let ends: Vec<usize> =
        text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).collect();
    assert_eq!(ends.len(), 4);
    // Everywhere in the header and in the last two lines.
    for cut in (0..=ends[0]).chain(ends[1]..=ends[3]) {
        std::fs::write(&scratch.0, &text[..cut]).unwrap();
        let complete = ends.iter().filter(|end| **end <= cut).count().saturating_sub(1);
        let first = AtomicUsize::new(usize::MAX);
        let count = |progress: Progress| {
            first.fetch_min(progress.done, Ordering::Relaxed);
        };
        let again = simulation.run_with(&Session { progress: Some(&count), ..session }).unwrap();
        assert_eq!(first.into_inner(), complete, "cut at {cut}");
        assert_eq!(bytes(&again.record), bytes(&whole.record), "cut at {cut}");
        assert_eq!(std::fs::read(&scratch.0).unwrap().len(), text.len(), "cut at {cut}");
    }
}

#[test]
fn a_checkpoint_of_another_version_is_refused_by_it() {
    let scratch = Scratch::new("version");
    let session = Session { checkpoint: Some(&scratch.0), ..Session::default() };
    let simulation = small().controls([]).samples(1);
    simulation.run_with(&session).unwrap();
    let header = simulation.header().unwrap();
    for (key, other) in [("schema", "0"), ("version", "\"0.0.1\""), ("generator", "\"dice\"")] {
        let mut old: serde_json::Value = serde_json::from_str(&header).unwrap();
        old[key] = serde_json::from_str(other).unwrap();
        // An older program had other keys too.
        old.as_object_mut().unwrap().remove("burn_in");
        std::fs::write(&scratch.0, format!("{old}\n")).unwrap();
        let message = simulation.run_with(&session).unwrap_err().to_string();
        assert!(message.contains(&format!("another version (its {key} is {other}, here ")), "{message}");
        assert!(!message.contains('\n'), "{message}");
    }
}

#[test]
fn impossible_requests_are_one_clear_line() {
    let hopfield = || Simulation::new(&Model::hopfield()).at(Control::new(0.1, 0.3)).sizes([50]).samples(1);
    let at = |alpha: f64, temperature: f64| {
        Simulation::new(&Model::hopfield()).at(Control::new(alpha, temperature)).sizes([50])
    };
    let glass = |control| Simulation::new(&Model::sherrington_kirkpatrick()).at(control).sizes([50]);
    for (simulation, expected) in [
        (at(-0.1, 0.3), "load α = -0.1"),
        (at(f64::NAN, 0.3), "load α = NaN"),
        (at(0.1, -1.0), "temperature T = -1"),
        (at(0.1, f64::INFINITY), "temperature T = inf"),
        (at(0.001, 0.3), "at least one memory"),
        (at(1e300, 0.3), "memories of 50 units would need"),
        (hopfield().sizes([1]), "neurons N = 1"),
        (hopfield().sizes([]), "neurons N = none"),
        (hopfield().samples(0), "samples = 0"),
        (hopfield().sweeps(0), "sweeps = 0"),
        (hopfield().start(Start::Mixture { n: 7 }), "number of memories, 5"),
        (hopfield().start(Start::Mixture { n: 2 }), "an odd number"),
        (hopfield().start(Start::Overlap { m: 2.0 }), "a number from -1 to 1"),
        (hopfield().dynamics(Dynamics::Metropolis).order(Order::Sweep), "can be reducible"),
        (Simulation::new(&Model::hopfield()), "control points = none"),
        (glass(Control::new(0.1, 0.3)), "stores no memories"),
        (glass(Control::without_load(0.3)).start(Start::Pattern), "stores no memories"),
        (glass(Control::without_load(0.3)).sizes([100_000]), "100000 × 100000"),
    ] {
        let message = simulation.run().unwrap_err().to_string();
        assert!(message.contains(expected) && !message.contains('\n'), "{message}");
    }
}

#[test]
fn independent_units_have_their_exact_averages() {
    let rule: Rule = "none:strength=1e-9".parse().unwrap();
    for (unit, mean, square) in [
        ("ising", f64::tanh(0.8), 1.0),
        (
            "three-state:crystal-field=0.1",
            2.0 * f64::sinh(0.8) / (f64::exp(0.2) + 2.0 * f64::cosh(0.8)),
            2.0 * f64::cosh(0.8) / (f64::exp(0.2) + 2.0 * f64::cosh(0.8)),
        ),
    ] {
        for update in ["sequential", "parallel"] {
            let model = Model { rule: rule.clone(), ..Model::hopfield() }
                .with_unit(unit.parse().unwrap())
                .with_update(update.parse().unwrap())
                .with_field("external:h=0.4".parse().unwrap());
            let record = Simulation::new(&model)
                .at(Control::without_load(0.5))
                .sizes([100])
                .samples(8)
                .sweeps(400)
                .burn_in(20)
                .run()
                .unwrap();
            let point = &record.points[0];
            assert_eq!((point.alpha, point.p, point.escaped), (None, 0, 0));
            assert!(point.observable("m").is_none() && point.observable("m_max_other").is_none());
            let twice = if update == "parallel" { 2.0 } else { 1.0 };
            let potential = if unit == "ising" { 0.0 } else { 0.1 * square };
            for (name, exact) in
                [("q", mean * mean), ("activity", square), ("energy", twice * (potential - 0.4 * mean))]
            {
                let found = point.observable(name).unwrap();
                let difference = found.value.unwrap() - exact;
                match found.error {
                    Some(error) => assert!(difference.abs() < 5.0 * error, "{unit} {update} {name}"),
                    None => assert!(difference == 0.0 && unit == "ising" && name == "activity"),
                }
            }
        }
    }
}

#[test]
fn a_memory_is_retrieved() {
    let run = |model: &Model| {
        let simulation = Simulation::new(model).at(Control::new(0.08, 0.3)).sizes([2000]).samples(4);
        simulation.sweeps(120).burn_in(40).run().unwrap()
    };
    for model in [Model::hopfield(), Model::little()] {
        let record = run(&model);
        let point = &record.points[0];
        let m = point.observable("m").unwrap();
        assert!((m.value.unwrap() - 0.979).abs() < 0.01, "{m:?}");
        assert!(m.error.unwrap() < 0.006 && m.tau.unwrap() >= 0.5 && point.escaped == 0);
        assert!(point.observable("m_max_other").unwrap().value.unwrap() < 0.15);
        assert_eq!((point.alpha, point.p, point.samples), (Some(0.08), 160, 4));
    }
}

#[test]
fn escaped_samples_enter_no_average() {
    let record = Simulation::new(&Model::hopfield())
        .at(Control::new(0.05, 2.0))
        .sizes([200])
        .samples(4)
        .sweeps(40)
        .burn_in(20)
        .run()
        .unwrap();
    assert_eq!((record.points[0].escaped, record.points[0].samples), (4, 4));
    assert!(
        record.points[0]
            .observables
            .iter()
            .all(|estimate| estimate.value.is_none() && estimate.error.is_none())
    );
    let mixture = Simulation::new(&Model::hopfield())
        .at(Control::new(0.01, 0.7))
        .sizes([400])
        .samples(4)
        .start(Start::Mixture { n: 3 })
        .run()
        .unwrap();
    assert_eq!(mixture.points[0].escaped, 4, "mixtures of three are unstable above T = 0.46");
    let stable = Simulation::new(&Model::hopfield())
        .at(Control::new(0.002, 0.1))
        .sizes([2000])
        .samples(2)
        .sweeps(20)
        .start(Start::Mixture { n: 3 })
        .run()
        .unwrap();
    assert_eq!(stable.points[0].escaped, 0);
    assert!((stable.points[0].observable("m").unwrap().value.unwrap() - 0.5).abs() < 0.02);
}

#[test]
fn zero_temperature_runs_end_and_are_averaged() {
    for start in [Start::Pattern, Start::Random, Start::Overlap { m: 0.8 }] {
        let simulation = Simulation::new(&Model::hopfield())
            .at(Control::new(0.05, 0.0))
            .sizes([300])
            .samples(4)
            .start(start);
        let record = simulation.run().unwrap();
        let m = record.points[0].observable("m").unwrap();
        assert_eq!((m.thermal_error, m.tau), (None, None), "nothing moves once it is frozen");
        if start != Start::Random {
            assert!(m.value.unwrap() > 0.98);
        }
    }
}

#[test]
fn equal_disorder_is_shared_across_updates_and_diagonals() {
    let results = |model: &Model| {
        let simulation = Simulation::new(model).at(Control::new(0.05, 0.5)).sizes([1000]).samples(6);
        simulation.run_samples().unwrap()
    };
    let zero = results(&Model::little());
    let kept = results(&Model::little().with_self_coupling("kept".parse().unwrap()));
    let differences: Vec<f64> = zero
        .iter()
        .zip(&kept)
        .filter(|(a, b)| !a.escaped && !b.escaped)
        .filter_map(|(a, b)| Some(b.mean("m")? - a.mean("m")?))
        .collect();
    let found = crate::statistics::mean(&differences).unwrap();
    // 0.931457 and 0.907984 at infinite size.
    assert!((found - 0.0235).abs() < 0.015, "{found}");
}

#[test]
fn records_survive_json() {
    let record = small().samples(2).run().unwrap();
    let back: SimulationRecord = serde_json::from_str(&bytes(&record)).unwrap();
    assert_eq!(record, back);
    assert_eq!(record.simulation.start, "pattern");
    assert_eq!(record.points.len(), 4);
}
