//! Runs that are killed, at any moment, and go on.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{Scratch, TINY};

/// Kills of one run.
const KILLS: usize = 40;

/// Complete lines of a file that may not exist.
fn lines(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let complete = text.rfind('\n').map_or(0, |end| end + 1);
    text[..complete].lines().map(String::from).collect()
}

#[cfg(unix)]
#[test]
fn a_run_killed_many_times_ends_with_the_same_bytes() {
    let scratch = Scratch::new();
    let arguments = "simulate --neurons 200,300 --samples 250 --sweeps 200 --burn-in 20 --alpha 0.05 -T 0.3 \
                     --update sequential,parallel --threads 2 --quiet";
    let checkpoints: Vec<PathBuf> = ["sequential", "parallel"]
        .map(|update| scratch.path().join(format!("cut/checkpoint-{update}.jsonl")))
        .into();
    let length = || checkpoints.iter().map(|path| lines(path).len()).sum::<usize>();
    let mut kept = vec![Vec::new(); checkpoints.len()];
    let (mut x, mut killed) = (0.4_f64, 0);
    for turn in 0..KILLS {
        x = (x + 0.618_033_988_749_894_9).fract();
        let mut child = scratch
            .command(&format!("{arguments} --out cut"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        // Soon after the start, or after some more lines; then anywhere within a few samples.
        let (start, before) = (Instant::now(), length());
        if turn % 4 > 0 {
            let more = 1 + (8.0 * x) as usize;
            while length() < before + more && child.try_wait().is_ok_and(|ended| ended.is_none()) {
                assert!(start.elapsed() < Duration::from_secs(60), "no progress");
                std::thread::sleep(Duration::from_micros(300));
            }
        }
        std::thread::sleep(Duration::from_micros((20_000.0 * (17.0 * x).fract()) as u64));
        child.kill().expect("a process of ours");
        let status = child.wait().expect("an end");
        killed += usize::from(status.code().is_none());
        if status.code().is_some() {
            break;
        }
        for (path, kept) in checkpoints.iter().zip(&mut kept) {
            let found = lines(path);
            assert!(found.starts_with(kept), "{}: what was there is kept", path.display());
            *kept = found;
        }
    }
    assert!(killed >= 30, "only {killed} of {KILLS} runs were killed: the run is too short for the test");
    let manifest: Value =
        serde_json::from_slice(&scratch.read("cut/manifest.json")).expect("a whole manifest");
    assert_eq!(manifest["runs"][0]["complete"], false);
    for kept in &kept {
        let samples = kept.iter().skip(1).map(|line| {
            let sample: Value = serde_json::from_str(line).expect("a sample");
            (sample["point"].as_u64(), sample["sample"].as_u64())
        });
        let (all, distinct) = (kept.len().saturating_sub(1), samples.collect::<BTreeSet<_>>().len());
        assert_eq!(all, distinct, "no sample is done twice");
    }
    scratch.run(&format!("{arguments} --out cut")).expect(0);
    scratch.run(&format!("{arguments} --out whole")).expect(0);
    assert_eq!(scratch.contents("cut"), scratch.contents("whole"));
}

#[cfg(unix)]
#[test]
fn finished_models_of_a_killed_run_are_not_done_again() {
    let scratch = Scratch::new();
    let arguments = "simulate --unit ising,three-state --neurons 100 --samples 4 --sweeps 20 --burn-in 5 --alpha 0.05 \
                     -T 0.3 --quiet";
    let first = scratch.path().join("cut/checkpoint-1-sequential.jsonl");
    let second = scratch.path().join("cut/checkpoint-2-sequential.jsonl");
    scratch.run(&format!("{arguments} --out whole")).expect(0);
    // Long enough to be seen at the second model.
    let long = arguments.replace("--sweeps 20", "--sweeps 20000");
    let mut child = scratch
        .command(&format!("{long} --out cut"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let start = Instant::now();
    while lines(&second).is_empty() && child.try_wait().is_ok_and(|ended| ended.is_none()) {
        assert!(start.elapsed() < Duration::from_secs(120), "no progress");
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().expect("a process of ours");
    child.wait().expect("an end");
    assert_eq!(lines(&first).len(), 5, "a header and four samples");
    // A complete run leaves no checkpoint.
    assert!(scratch.contents("whole").iter().all(|(name, _)| !name.contains("checkpoint")));
}

#[test]
fn another_layout_is_refused_by_its_version() {
    let scratch = Scratch::new();
    scratch.run(&format!("simulate {TINY} --out run")).expect(0);
    let manifest = scratch.text("run/manifest.json");
    let mut old: Value = serde_json::from_str(&manifest).expect("JSON");
    old["schema"] = 0.into();
    scratch.write("run/manifest.json", &old.to_string());
    for command in ["simulate --out run", "plot run"] {
        let ran = scratch.run(command).expect(1);
        assert!(ran.stderr.contains("layout 0, this program reads"), "{}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    }
    // Half a manifest, as no interruption of ours leaves one.
    scratch.write("run/manifest.json", &manifest[..manifest.len() / 2]);
    let ran = scratch.run(&format!("simulate {TINY} --out run")).expect(1);
    assert!(ran.stderr.contains("expected a file that mattis wrote"), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
}
