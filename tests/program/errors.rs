//! What is refused, with which code, in how many lines.

use crate::{Scratch, TINY, mattis};

/// Refused by the parser or a range check: exit 2, the message in the first line, nothing on stdout.
#[test]
fn arguments_out_of_range_are_refused() {
    let cases = [
        ("solve -T -1", "temperature T = -1: expected a finite number ≥ 0"),
        ("solve --temperature=-0.5", "expected a finite number ≥ 0"),
        ("solve -T nan", "expected a finite number ≥ 0"),
        ("solve -T inf", "expected a finite number ≥ 0"),
        ("solve --alpha -0.1", "load α = -0.1: expected a finite number > 0"),
        ("solve --alpha 0", "load α = 0: expected a finite number > 0"),
        ("solve --alpha nan", "expected a finite number > 0"),
        ("solve --alpha 0.1,-0.2", "load α = -0.2"),
        ("solve --alpha 1:2", "a grid a:b:n"),
        ("solve --alpha 0.1:0.2:0", "number of grid points = 0"),
        ("solve --alpha log:0:1:3", "logarithmic grid"),
        ("solve --alpha five", "is not a number"),
        ("solve --unit isng", "did you mean `ising`?"),
        ("solve --unit three-state:cristal-field=1", "expected crystal-field"),
        ("solve --unit ising,no-such", "unknown unit `no-such`"),
        ("solve --rule heb", "did you mean `hebb`?"),
        ("solve --patterns no-such", "unknown pattern law `no-such`"),
        ("solve --synapse no-such", "unknown synapse `no-such`"),
        ("solve --connectivity no-such", "unknown connectivity `no-such`"),
        ("solve --self-coupling many", "unknown self-coupling `many`"),
        ("solve --field external:h=x", "expected a finite number"),
        ("solve --update paralel", "did you mean `parallel`?"),
        ("solve --model hopfeld", "did you mean `hopfield`?"),
        ("solve --model sk --alpha 0.1", "stores no memories"),
        ("simulate --neurons 1", "size N = 1"),
        ("simulate --neurons 0", "size N = 0"),
        ("simulate --neurons -5", "a whole number ≥ 2"),
        ("simulate --alpha 0.0001 --neurons 100", "at least one memory"),
        ("simulate --samples 0", "expected a whole number ≥ 1"),
        ("simulate --sweeps 0", "expected a whole number ≥ 1"),
        ("simulate --start patern", "pattern, typical, mixture:n=3, random, overlap:m=0.3 or cue:share=0.6"),
        ("simulate --start overlap:m=2", "a number from -1 to 1"),
        ("simulate --start mixture:n=4", "an odd number ≥ 3"),
        ("simulate --dynamics glauber", "heat-bath or metropolis"),
        ("simulate --order fixed", "random or sweep"),
        ("simulate --trace", "--out"),
        ("simulate --seed -1", "expected a whole number from 0 to 18446744073709551615"),
        ("simulate --threads 0", "expected a whole number ≥ 1"),
        ("compare --resolution 0", "expected a finite number > 0"),
        ("compare --resolution nan", "expected a finite number > 0"),
        ("solve --quick --full", "cannot be used with"),
        ("solve --format xml", "invalid value 'xml'"),
        ("solve --no-such-option", "unexpected argument"),
        ("slove", "solve"),
        ("learn", "its engine is missing"),
        ("lattice --size 3", "its engine is missing"),
        ("interactions --encoding 10", "encoding = 10: expected 01 or pm1"),
        ("interactions --unit stp", "unknown unit `stp`"),
        ("interactions --visible 0", "expected a whole number ≥ 1"),
        ("interactions --order 0", "expected a whole number ≥ 1"),
        ("interactions --samples 0", "expected a whole number ≥ 1"),
        ("interactions --alpha 0.1", "unexpected argument"),
        ("figure ags1987-phase-diagramm", "did you mean `ags1987-phase-diagram`?"),
        ("list gadgets", "invalid value 'gadgets'"),
    ];
    for (arguments, message) in cases {
        let ran = mattis(arguments).expect(2);
        assert!(ran.stderr.contains(message), "{arguments}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{arguments}");
    }
}

/// The range message itself stands in one line.
#[test]
fn a_negative_temperature_is_one_line() {
    let ran = mattis("solve -T -1").expect(2);
    let line = ran.stderr.lines().next().unwrap();
    assert!(line.contains("temperature T = -1: expected a finite number ≥ 0"), "{line}");
}

/// A study is refused as the same flags are: exit 2 and exactly one line on stderr.
#[test]
fn studies_are_refused_in_one_line() {
    let scratch = Scratch::new();
    scratch.write("unknown.toml", "[control]\nalpha = 0.05\ntempereture = 0.3\n");
    scratch.write("section.toml", "[controls]\nalpha = 0.05\n");
    scratch.write("broken.toml", "[control\nalpha = 0.05\n");
    scratch.write("theory.toml", "[theory]\nnodes = 64\n");
    scratch.write("nan.toml", "[control]\nalpha = nan\n");
    scratch.write("negative.toml", "[control]\nalpha = -1\n");
    scratch.write("none.toml", "[control]\ncount = 0\n");
    scratch.write("one.toml", "[simulation]\nneurons = 1\n");
    scratch.write(
        "matrix.toml",
        "[model]\nrule = { name = \"quadratic-form\", matrix = [[1, 0.5], [0.5, 1]] }\n",
    );
    let cases = [
        (
            "solve --study unknown.toml",
            "unknown.toml, line 3, `tempereture = 0.3`: unknown key `tempereture`",
        ),
        ("solve --study unknown.toml", "did you mean `temperature`?"),
        ("solve --study section.toml", "did you mean `control`?"),
        ("solve --study broken.toml", "broken.toml, line 1"),
        ("solve --study theory.toml", "line 2, `nodes = 64`: unknown key `nodes`"),
        ("solve --study nan.toml", "expected a finite number > 0"),
        ("solve --study negative.toml", "load α = -1: expected a finite number > 0"),
        ("solve --study none.toml", "p = 0: expected a whole number ≥ 1"),
        ("simulate --study one.toml", "size N = 1"),
        ("solve --study matrix.toml", "matrix = \"1,0.5/0.5,1\""),
    ];
    for (arguments, message) in cases {
        let ran = scratch.run(arguments).expect(2);
        assert!(ran.stderr.contains(message), "{arguments}: {}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{arguments}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{arguments}");
    }
}

/// Failed: exit 1 and exactly one line on stderr.
#[test]
fn failures_are_one_line() {
    let scratch = Scratch::new();
    scratch.write("file", "not a directory");
    std::fs::create_dir(scratch.path().join("bad")).unwrap();
    scratch.write("bad/manifest.json", "{\"schema\": 99, \"runs\": []}");
    std::fs::create_dir(scratch.path().join("worse")).unwrap();
    scratch.write("worse/manifest.json", "hello");
    let cases = [
        ("solve --study nothing.toml", "nothing.toml: cannot be read"),
        ("solve --out file/below", "file/below: cannot be created"),
        ("simulate --out file/below", "file/below: cannot be created"),
        ("figure ags1987-phase-diagram --out file/below", "file/below: cannot be created"),
        ("--quick --out file/below", "file/below: cannot be created"),
        ("compare --alpha 0.2 -T 0.3", "no stable retrieval state at α = 0.2, T = 0.3"),
        // Units that only a hidden unit can be.
        (
            "solve --unit poisson --alpha 0.02 -T 0.3",
            "the replica-symmetric closure does not treat unit `poisson",
        ),
        ("phase --unit gaussian", "the phase diagram does not treat unit `gaussian"),
        (
            "mixtures --unit double-relu --count 3 -T 0.3",
            "the theory of a finite number of memories does not treat unit `double-relu",
        ),
        ("capacity --unit laplace", "the capacity does not treat unit `laplace"),
        (
            "flow --unit polynomial --connectivity extreme --alpha 0.2 -T 0.3",
            "the overlap map does not treat unit `polynomial",
        ),
        ("simulate --unit uniform --alpha 0.02 -T 0.3", "the simulation does not treat unit `uniform"),
        (
            "compare --unit softplus --alpha 0.02 -T 0.3",
            "the replica-symmetric closure does not treat unit `softplus",
        ),
        ("plot nowhere", "nowhere/manifest.json"),
        ("plot bad", "layout 99, this program reads 1"),
        ("plot worse", "expected a file that mattis wrote"),
        ("solve --out worse", "expected a file that mattis wrote"),
    ];
    for (arguments, message) in cases {
        let ran = scratch.run(arguments).expect(1);
        assert!(ran.stderr.contains(message), "{arguments}: {}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{arguments}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{arguments}");
    }
}

#[test]
fn an_inconclusive_comparison_exits_with_1_and_one_line() {
    let ran = mattis(&format!("compare {TINY} --format json")).expect(1);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("inconclusive") && ran.stderr.contains("expected at most 0.01"));
    let json = ran.json();
    assert_eq!(json["agree"], false);
    assert_eq!(json["rows"][0]["verdict"], "inconclusive");
}

#[test]
fn a_wide_resolution_makes_the_same_run_agree() {
    let ran = mattis(
        "compare --neurons 400,800 --samples 8 --sweeps 10 --burn-in 10 --alpha 0.02 -T 0.3 --resolution 1",
    );
    let ran = ran.expect(0);
    assert!(ran.stdout.contains("agree"), "{}", ran.stdout);
}

/// Replica symmetry is badly broken in the spin glass, and the dynamics does not equilibrate: exit 4.
#[test]
fn a_disagreement_exits_with_4() {
    let ran =
        mattis("compare --model sk -T 0.2 --neurons 200 --samples 12 --sweeps 20 --burn-in 20 --format json");
    let ran = ran.expect(4);
    let json = ran.json();
    assert!(json["p_value"].as_f64().unwrap() < 0.001);
    assert!(ran.stderr.contains("disagree"), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    use std::process::Stdio;
    let scratch = Scratch::new();
    let mut command = scratch.command("solve --alpha 0.01:0.1:10 -T 0.1,0.3 --format csv");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
