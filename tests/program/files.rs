//! What is written, continued, refused and drawn again.

use serde_json::Value;

use crate::{Scratch, TINY};

#[test]
fn the_main_job_writes_everything_it_promises() {
    let scratch = Scratch::new();
    let ran = scratch.run("--quick").expect(0);
    for file in [
        "manifest.json",
        "report.html",
        "study.toml",
        "record.json",
        "phase.csv",
        "simulation.csv",
        "comparison.csv",
        "phase-diagram.svg",
        "phase-diagram.png",
        "z-scores.svg",
        "z-scores.png",
        "overlap-T0.3.svg",
        "overlap-T0.3.png",
    ] {
        assert!(!scratch.read(&format!("mattis-out/{file}")).is_empty());
        assert!(ran.stderr.contains(&format!("wrote mattis-out/{file}\n")), "{file}: {}", ran.stderr);
    }
    let report = scratch.text("mattis-out/report.html");
    assert!(report.contains("<svg") && report.contains("Theory and simulation agree"));
    assert!(!report.contains("src=") && !report.contains("href="), "a report needs nothing else");
    let here = scratch.path().to_string_lossy().into_owned();
    for (name, bytes) in scratch.contents("mattis-out") {
        assert!(!String::from_utf8_lossy(&bytes).contains(&here), "{name} names a place of this machine");
    }
    let manifest: Value = serde_json::from_slice(&scratch.read("mattis-out/manifest.json")).unwrap();
    let run = &manifest["runs"][0];
    assert_eq!(run["complete"], true);
    assert_eq!(run["provenance"]["program"], "mattis");
    assert_eq!(run["provenance"]["generator"], "ars7");
    assert_eq!(run["provenance"]["command"], serde_json::json!(["mattis", "--quick"]));

    // A published figure may stand beside it, another main job may not.
    scratch.run("figure ags1987-phase-diagram").expect(0);
    assert!(scratch.text("mattis-out/report.html").contains("Theory and simulation agree"));
    let refused = scratch.run("--quick --seed 2").expect(1);
    assert!(
        refused.stderr.contains("another specification (simulation.seed = 1 there, 2 here)"),
        "{}",
        refused.stderr
    );
}

#[test]
fn another_specification_is_refused_and_the_same_one_continued() {
    let scratch = Scratch::new();
    scratch.run(&format!("simulate {TINY} --out run")).expect(0);
    let first = scratch.contents("run");
    for other in
        ["--seed 2", "--update parallel", "--self-coupling kept", "--order sweep", "--unit three-state"]
    {
        let ran = scratch.run(&format!("simulate {TINY} --out run {other}")).expect(1);
        assert!(ran.stderr.contains("run holds another specification"), "{}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1);
    }
    scratch.run("solve --out run").expect(1);
    assert_eq!(scratch.contents("run"), first, "a refusal changes nothing");
    scratch.run(&format!("simulate {TINY} --out run --threads 1 --quiet")).expect(0);
    assert_eq!(scratch.contents("run"), first, "the same specification gives the same bytes");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_goes_on_and_ends_with_the_same_bytes() {
    use std::process::Stdio;
    let scratch = Scratch::new();
    let arguments = "simulate --neurons 400,800 --samples 60 --sweeps 400 --burn-in 20 --alpha 0.05 -T 0.3";
    let mut command = scratch.command(&format!("{arguments} --out cut"));
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let checkpoint = scratch.path().join("cut/checkpoint-sequential.jsonl");
    let lines = || std::fs::read_to_string(&checkpoint).map_or(0, |text| text.lines().count());
    while lines() < 4 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    // A signal by number: the standard library has no way to send one.
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    let output = child.wait_with_output().unwrap();
    if sent.is_ok_and(|status| status.success()) && output.status.code() != Some(0) {
        assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stderr).contains("the same command goes on"));
        let manifest: Value = serde_json::from_slice(&scratch.read("cut/manifest.json")).unwrap();
        assert_eq!(manifest["runs"][0]["complete"], false);
    }
    scratch.run(&format!("{arguments} --out cut")).expect(0);
    scratch.run(&format!("{arguments} --out whole")).expect(0);
    assert_eq!(scratch.contents("cut"), scratch.contents("whole"));
}

#[test]
fn plot_draws_a_saved_run_again() {
    let scratch = Scratch::new();
    scratch.run("phase --alpha 0.03:0.12:4 --out run").expect(0);
    let figure = scratch.read("run/phase-diagram.svg");
    std::fs::remove_file(scratch.path().join("run/phase-diagram.svg")).unwrap();
    let ran = scratch.run("plot run --format json").expect(0);
    assert_eq!(scratch.read("run/phase-diagram.svg"), figure);
    assert!(ran.json()["files"].as_array().unwrap().iter().any(|file| file == "run/phase-diagram.svg"));
    scratch.run("plot run --out elsewhere").expect(0);
    assert_eq!(scratch.read("elsewhere/phase-diagram.svg"), figure);
}

#[test]
fn a_written_study_repeats_the_run() {
    let scratch = Scratch::new();
    let first = scratch.run(&format!("compare {TINY} --out run --format json"));
    let again = scratch.run("compare --study run/study.toml --format json");
    assert_eq!((first.code, &first.stdout), (again.code, &again.stdout));
}

#[test]
fn traces_hold_every_sweep() {
    let scratch = Scratch::new();
    scratch
        .run(
            "simulate --neurons 100 --samples 2 --sweeps 4 --burn-in 3 --alpha 0.05 -T 0.3 --trace --out run",
        )
        .expect(0);
    let trace = scratch.text("run/trace.csv");
    let head = trace.lines().next().unwrap();
    assert!(head.starts_with("alpha,temperature,update,neurons,sample,replica,sweep,measured,m"), "{head}");
    assert!(trace.lines().count() > 2 * 2 * 4, "two samples, two replicas, all sweeps:\n{trace}");
}

#[test]
fn quiet_says_nothing() {
    let scratch = Scratch::new();
    let ran = scratch.run("solve --out run --quiet").expect(0);
    assert_eq!(ran.stderr, "");
}
