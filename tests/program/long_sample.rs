//! One long sample that is stopped or killed again and again: what it did is kept.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
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

/// Ctrl-C keeps the last sweep, and a kill after it loses nothing of that.
#[cfg(unix)]
#[test]
fn a_sample_stopped_many_times_ends_with_the_same_bytes() {
    let scratch = Scratch::new();
    let arguments =
        "simulate --neurons 1500 --samples 1 --sweeps 20000 --burn-in 100 --alpha 0.08 -T 0.4 --quiet";
    let file = scratch.path().join("cut/checkpoint-sequential.jsonl.0-0.part");
    let (mut stops, mut before, mut time) = (0, 0, Duration::from_millis(40));
    for turn in 0..40 {
        let mut child = quiet(&mut scratch.command(&format!("{arguments} --out cut")));
        std::thread::sleep(time);
        if turn % 3 == 2 {
            child.kill().expect("a process of ours");
            child.wait().expect("an end");
        } else {
            // A signal by number: the standard library has no way to send one.
            let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
            assert!(sent.is_ok_and(|status| status.success()), "a signal to a process of ours");
            match child.wait().expect("an end").code() {
                Some(0) => break,
                Some(3) => stops += 1,
                // Before the program listens, the signal ends it.
                _ => time = time * 3 / 2,
            }
        }
        let now = kept(&file);
        assert!(now >= before, "what was done is kept: {before} {now}");
        before = now;
        if stops == 6 {
            break;
        }
    }
    assert!(stops >= 3 && before > 0, "{stops} stops, {before} sweeps");
    scratch.run(&format!("{arguments} --out cut")).expect(0);
    scratch.run(&format!("{arguments} --out whole")).expect(0);
    assert_eq!(scratch.contents("cut"), scratch.contents("whole"));
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
