//! One long sample that is stopped or killed again and again: what it did is kept.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use mattis_model::{Control, Model};
use mattis_sim::{Session, Simulation};
use serde_json::Value;

use crate::Scratch;

/// Where the child of a test is to run its sample.
const CHILD: &str = "MATTIS_TEST_LONG_SAMPLE";

const SWEEPS: usize = 1500;

/// Sweeps that a file in work holds, 0 without one.
fn kept(file: &Path) -> u64 {
    let Ok(text) = fs::read_to_string(file) else { return 0 };
    let line = text.lines().nth(1).expect("a whole file at any time");
    let sample: Value = serde_json::from_str(line).expect("a sample");
    sample["sweeps"].as_u64().expect("a number")
}

fn quiet(command: &mut Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
}

/// A sample that writes itself after every sweep, so that most kills meet a write.
fn long_sample(checkpoint: &Path) {
    let model = Model::hopfield().with_update("parallel".parse().expect("an update"));
    let simulation = Simulation::new(&model).at(Control::new(0.08, 0.4)).sizes([300]).samples(1);
    let simulation = simulation.sweeps(SWEEPS - 100).burn_in(100).trace(true);
    let interval = Some(Duration::ZERO);
    let session = Session { checkpoint: Some(checkpoint), interval, ..Session::default() };
    assert!(simulation.run_with(&session).expect("a small simulation").complete);
}

/// No session does half of the sample: if it were lost, it would never end.
#[cfg(unix)]
#[test]
fn a_sample_killed_many_times_ends_with_the_same_bytes() {
    if let Some(place) = std::env::var_os(CHILD) {
        return long_sample(Path::new(&place));
    }
    let scratch = Scratch::new();
    let (cut, whole) = (scratch.path().join("cut.jsonl"), scratch.path().join("whole.jsonl"));
    let file = scratch.path().join("cut.jsonl.0-0.part");
    let name = "long_sample::a_sample_killed_many_times_ends_with_the_same_bytes";
    let this = std::env::current_exe().expect("this program");
    let (mut x, mut killed, mut before, mut halves) = (0.3_f64, 0, 0, 0);
    let ended = loop {
        x = (x + 0.618_033_988_749_894_9).fract();
        let mut child = quiet(Command::new(&this).args(["--exact", name]).env(CHILD, &cut));
        let start = Instant::now();
        // Some sweeps on, and then anywhere within a few.
        let more = 30 + (60.0 * x) as u64;
        let running = |child: &mut Child| child.try_wait().is_ok_and(|ended| ended.is_none());
        while running(&mut child) && kept(&file) < before + more {
            assert!(start.elapsed() < Duration::from_secs(60), "no progress");
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(Duration::from_micros((5000.0 * (17.0 * x).fract()) as u64));
        child.kill().expect("a process of ours");
        let status = child.wait().expect("an end");
        if status.code().is_some() {
            break status;
        }
        killed += 1;
        halves += usize::from(scratch.path().join("cut.jsonl.0-0.part.new").exists());
        let now = kept(&file);
        assert!(now == 0 || now >= before, "what was done is kept: {before} {now}");
        assert!(now < before + SWEEPS as u64 / 2, "a session did {} sweeps", now - before);
        before = now.max(before);
    };
    assert!(ended.success(), "{ended}");
    assert!(killed >= 8, "only {killed} kills: the sample is too short for the test");
    assert!(halves > 0, "no kill met a write");
    long_sample(&whole);
    assert_eq!(fs::read(&cut).expect("a checkpoint"), fs::read(&whole).expect("a checkpoint"));
    let left = scratch.contents(".").into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(left, ["cut.jsonl", "whole.jsonl"]);
}

/// What became of a sample that is stopped again and again.
enum Ended {
    /// It was in work still after the last stop.
    Stopped,
    /// It was finished before enough stops.
    Early,
}

/// Six sessions of one sample end with Ctrl-C, and others, between them, with a kill.
#[cfg(unix)]
fn stopped_many_times(scratch: &Scratch, command: &str, file: &Path) -> Ended {
    let (mut stops, mut before, mut time) = (0, 0, Duration::from_millis(40));
    for turn in 0.. {
        let mut child = quiet(&mut scratch.command(command));
        std::thread::sleep(time);
        if turn % 3 == 2 {
            child.kill().expect("a process of ours");
            if child.wait().expect("an end").success() {
                return Ended::Early;
            }
        } else {
            // A signal by number: the standard library has no way to send one.
            let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
            assert!(sent.is_ok_and(|status| status.success()), "a signal to a process of ours");
            match child.wait().expect("an end").code() {
                Some(0) => return Ended::Early,
                Some(3) => stops += 1,
                // Before the program listens, the signal ends it.
                _ => time = time * 3 / 2,
            }
        }
        let now = kept(file);
        assert!(now >= before, "what was done is kept: {before} {now}");
        before = now;
        if stops == 6 {
            break;
        }
        assert!(time < Duration::from_secs(60), "{stops} stops, {before} sweeps");
    }
    assert!(before > 0, "no sweep in {stops} stops");
    Ended::Stopped
}

/// Ctrl-C keeps the last sweep, and a kill after it loses nothing of that.
#[cfg(unix)]
#[test]
fn a_sample_stopped_many_times_ends_with_the_same_bytes() {
    let scratch = Scratch::new();
    // A machine that is too fast for a sample is given a longer one.
    for length in 0..8 {
        let sweeps = 5_000 << (2 * length);
        let arguments = format!(
            "simulate --neurons 1500 --samples 1 --sweeps {sweeps} --burn-in 100 --alpha 0.08 -T 0.4 --quiet"
        );
        let cut = format!("cut-{length}");
        let file = scratch.path().join(&cut).join("checkpoint-sequential.jsonl.0-0.part");
        if let Ended::Early = stopped_many_times(&scratch, &format!("{arguments} --out {cut}"), &file) {
            continue;
        }
        scratch.run(&format!("{arguments} --out {cut}")).expect(0);
        scratch.run(&format!("{arguments} --out whole")).expect(0);
        assert_eq!(scratch.contents(&cut), scratch.contents("whole"));
        return;
    }
    panic!("no sample was long enough");
}

/// What is in work of samples that only an earlier run has asked for goes with the checkpoint.
#[test]
fn a_complete_run_leaves_no_sample_in_work() {
    let scratch = Scratch::new();
    let checkpoint = scratch.path().join("run/checkpoint-sequential.jsonl");
    fs::create_dir_all(scratch.path().join("run")).expect("a directory");
    let simulation = Simulation::new(&Model::hopfield()).at(Control::new(0.08, 0.4)).sizes([100]);
    let simulation = simulation.samples(2).sweeps(20).burn_in(5);
    let (cancel, seen) = (AtomicBool::new(false), AtomicUsize::new(0));
    // In the midst of the second sample: one report of each sweep, and two more.
    let stop = |_| cancel.store(seen.fetch_add(1, Ordering::Relaxed) >= 35, Ordering::Relaxed);
    let session = Session {
        cancel: Some(&cancel),
        checkpoint: Some(&checkpoint),
        interval: Some(Duration::ZERO),
        progress: Some(&stop),
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    assert!(!pool.install(|| simulation.run_with(&session)).expect("a small simulation").complete);
    let names = || scratch.contents("run").into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(names(), ["checkpoint-sequential.jsonl", "checkpoint-sequential.jsonl.0-1.part"]);
    let arguments = "simulate --neurons 100 --sweeps 20 --burn-in 5 --alpha 0.08 -T 0.4 --samples 1 --out";
    scratch.run(&format!("{arguments} run")).expect(0);
    scratch.run(&format!("{arguments} whole")).expect(0);
    assert_eq!(scratch.contents("run"), scratch.contents("whole"));
    assert!(names().iter().all(|name| !name.contains("checkpoint")), "{:?}", names());
}

/// One line, exit code 1, and the way out works.
#[cfg(unix)]
#[test]
fn a_damaged_sample_in_work_is_refused_in_one_line() {
    let scratch = Scratch::new();
    let arguments =
        "simulate --neurons 100 --samples 2 --sweeps 20 --burn-in 5 --alpha 0.08 -T 0.4 --out run";
    fs::create_dir_all(scratch.path().join("run")).expect("a directory");
    scratch.write("run/checkpoint-sequential.jsonl.0-1.part", "half of");
    let ran = scratch.run(arguments).expect(1);
    assert!(ran.stderr.contains("checkpoint-sequential.jsonl.0-1.part: is damaged"), "{}", ran.stderr);
    assert!(ran.stderr.contains("without the file the sample begins anew"), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().filter(|line| line.contains("damaged")).count(), 1, "{}", ran.stderr);
    fs::remove_file(scratch.path().join("run/checkpoint-sequential.jsonl.0-1.part")).expect("ours");
    scratch.run(arguments).expect(0);
}
