//! Samples that are interrupted after any sweep, whatever their units, couplings and updates.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use super::*;
use crate::{Progress, checkpoint_files};

mod damage;
mod kinds;

/// A directory of its own with one checkpoint, removed when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mattis-partial-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn checkpoint(&self) -> PathBuf {
        self.0.join("checkpoint.jsonl")
    }

    /// All names but that of the checkpoint.
    fn others(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = entries.map(|name| name.into_string().unwrap()).collect();
        names.retain(|name| name != "checkpoint.jsonl");
        names.sort();
        names
    }

    fn clear(&self) {
        for name in self.others() {
            fs::remove_file(self.0.join(name)).unwrap();
        }
        let _ = fs::remove_file(self.checkpoint());
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The lines of a run that nothing interrupts, in the order of its samples.
fn whole(simulation: &Simulation) -> Vec<String> {
    let results = simulation.run_samples().unwrap();
    results.iter().map(|result| serde_json::to_string(result).unwrap()).collect()
}

/// Runs until a sample in work has been written some times, or to the end: the results then, and the updates.
fn session(simulation: &Simulation, path: &Path, writes: usize) -> (Option<Vec<String>>, u64) {
    let (cancel, seen, updates) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicU64::new(0));
    let stop = |progress: Progress| {
        updates.fetch_max(progress.updates, Ordering::Relaxed);
        // The first report comes before the first sweep.
        if seen.fetch_add(1, Ordering::Relaxed) >= writes {
            cancel.store(true, Ordering::Relaxed);
        }
    };
    let session = Session {
        cancel: Some(&cancel),
        checkpoint: Some(path),
        interval: Some(Duration::ZERO),
        progress: Some(&stop),
    };
    let outcome = simulation.run_with(&session).unwrap();
    let updates = updates.into_inner();
    if !outcome.complete {
        return (None, updates);
    }
    let session = Session { checkpoint: Some(path), ..Session::default() };
    let results = simulation.run_samples_with(&session).unwrap();
    (Some(results.iter().map(|result| serde_json::to_string(result).unwrap()).collect()), updates)
}

/// Interrupts a sample after every k-th sweep: no sweep is done twice, and no bit differs.
fn interrupted(scratch: &Scratch, name: &str, simulation: &Simulation, every: usize) {
    scratch.clear();
    let expected = whole(simulation);
    let [size] = simulation.sizes[..] else { panic!("one size") };
    let sweeps = simulation.burn_in + simulation.sweeps;
    let (mut sessions, mut updates) = (0, 0);
    let found = loop {
        let (found, more) = session(simulation, &scratch.checkpoint(), every);
        sessions += 1;
        updates += more;
        if let Some(found) = found {
            break found;
        }
        assert_eq!(scratch.others(), ["checkpoint.jsonl.0-0.part"], "{name}");
        assert!(sessions <= sweeps, "{name}: no progress");
    };
    assert_eq!(found, expected, "{name}, every {every}");
    assert!(sessions >= (sweeps - 1) / every, "{name}: {sessions} sessions");
    assert_eq!(updates, 2 * (size * sweeps) as u64, "{name}: no sweep twice");
    assert!(scratch.others().is_empty(), "{name}: {:?}", scratch.others());
}

/// Unit, patterns, rule, connectivity, field, update.
type Parts = [&'static str; 6];

fn run(parts: Parts, control: Control) -> Simulation {
    let [unit, patterns, rule, connectivity, field, update] = parts;
    let model = Model {
        unit: unit.parse().unwrap(),
        patterns: patterns.parse().unwrap(),
        rule: rule.parse().unwrap(),
        connectivity: connectivity.parse().unwrap(),
        field: field.parse().unwrap(),
        update: update.parse().unwrap(),
        ..Model::default()
    };
    Simulation::new(&model).at(control).sizes([90]).samples(1).sweeps(12).burn_in(5).seed(3)
}

/// After every sweep, with and without a history, and after every third.
fn at_all_sweeps(scratch: &Scratch, name: &str, simulation: &Simulation) {
    interrupted(scratch, name, &simulation.clone().trace(true), 1);
    interrupted(scratch, name, simulation, 1);
    interrupted(scratch, name, simulation, 3);
}

fn small() -> Simulation {
    run(["ising", "rademacher", "hebb", "full", "none", "parallel"], Control::new(0.2, 0.5)).sizes([40])
}

/// A file in work after some sweeps, and its text.
fn kept(scratch: &Scratch, simulation: &Simulation, sweeps: usize) -> (PathBuf, Vec<u8>) {
    scratch.clear();
    assert_eq!(session(simulation, &scratch.checkpoint(), sweeps).0, None);
    let file = scratch.0.join(&scratch.others()[0]);
    let text = fs::read(&file).unwrap();
    (file, text)
}

/// Several samples at a time, some finished and some in work, on any number of threads.
#[test]
fn several_samples_are_in_work() {
    let scratch = Scratch::new("several");
    let simulation =
        small().controls([Control::new(0.1, 0.3)]).sizes([40, 50]).samples(4).sweeps(30).trace(true);
    let expected = whole(&simulation);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    let (mut sessions, mut most) = (0, 0);
    // What another program has here.
    let foreign = "checkpoint.jsonl.a-1.part";
    loop {
        sessions += 1;
        fs::write(scratch.0.join(foreign), "another's").unwrap();
        // What a kill within a write leaves.
        fs::write(scratch.0.join("checkpoint.jsonl.0-1.part.new"), "half").unwrap();
        let (found, _) = pool.install(|| session(&simulation, &scratch.checkpoint(), 37));
        let others = scratch.others();
        assert!(others.contains(&foreign.into()));
        if let Some(found) = found {
            assert_eq!(found, expected);
            assert_eq!(others, [foreign]);
            break;
        }
        assert!(others.iter().all(|name| !name.contains("new")), "{others:?}");
        most = most.max(others.len() - 1);
        assert!(sessions < 100, "no progress");
    }
    assert!(sessions >= 4 && most >= 2, "{sessions} {most}");
    let text = fs::read_to_string(scratch.checkpoint()).unwrap();
    let mut lines: Vec<&str> = text.lines().skip(1).collect();
    lines.sort_unstable();
    let mut sorted = expected.clone();
    sorted.sort_unstable();
    assert_eq!(lines, sorted, "every sample once");
}

/// A run that asks for fewer samples leaves those in work to one that asks for more.
#[test]
fn samples_in_work_wait_for_a_run_that_asks_for_them() {
    let scratch = Scratch::new("fewer");
    let path = scratch.checkpoint();
    let part = "checkpoint.jsonl.0-1.part";
    let (one, two) = (small(), small().samples(2));
    let sweeps = two.burn_in + two.sweeps;
    // All of the first sample, and some sweeps of the second.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let (found, before) = pool.install(|| session(&two, &path, sweeps + 5));
    assert!(found.is_none() && scratch.others() == [part], "{:?}", scratch.others());
    assert_eq!(session(&one, &path, usize::MAX), (Some(whole(&one)), 0));
    assert_eq!(scratch.others(), [part]);
    assert_eq!(checkpoint_files(&path).unwrap(), [scratch.0.join(part), path.clone()]);
    let (found, after) = session(&two, &path, usize::MAX);
    assert_eq!(found, Some(whole(&two)));
    assert_eq!(before + after, 2 * (40 * 2 * sweeps) as u64, "no sweep twice");
    assert_eq!(checkpoint_files(&path).unwrap(), [path]);
}

/// A run that is over before the first write is due leaves nothing beside the checkpoint, and one that is stopped
/// keeps the last sweep.
#[test]
fn short_runs_write_nothing_and_stopped_ones_what_they_did() {
    let scratch = Scratch::new("short");
    let path = scratch.checkpoint();
    let most = AtomicUsize::new(0);
    let look = |_: Progress| _ = most.fetch_max(scratch.others().len(), Ordering::Relaxed);
    let session = Session { checkpoint: Some(&path), progress: Some(&look), ..Session::default() };
    assert!(small().samples(5).run_with(&session).unwrap().complete);
    assert_eq!(most.into_inner(), 0);
    scratch.clear();
    // Long enough for a report within the sample.
    let long = small().sizes([2000]).sweeps(3000).samples(1);
    let cancel = AtomicBool::new(false);
    let stop = |progress: Progress| cancel.store(progress.updates > 0, Ordering::Relaxed);
    let session = Session {
        cancel: Some(&cancel),
        checkpoint: Some(&path),
        progress: Some(&stop),
        ..Session::default()
    };
    assert!(!long.run_with(&session).unwrap().complete);
    assert_eq!(scratch.others(), ["checkpoint.jsonl.0-0.part"]);
    let left = AtomicU64::new(0);
    let look = |progress: Progress| left.store(progress.all_updates, Ordering::Relaxed);
    let session = Session { checkpoint: Some(&path), progress: Some(&look), ..Session::default() };
    let results = long.run_samples_with(&session).unwrap();
    assert_eq!(serde_json::to_string(&results[0]).unwrap(), whole(&long)[0]);
    assert!(left.into_inner() < 2 * 2000 * 3005);
}
