//! Storage capacities from the command line: known values, units of thresholds, histograms, refusals.

use serde_json::Value;

use crate::{Scratch, mattis};

/// Arguments, a pointer into the JSON, the value and how far it may be off.
const VALUES: &[(&str, &str, f64, f64)] = &[
    ("", "/points/0/alpha_c", 0.137_905_566_494_931_74, 1e-15),
    ("", "/points/0/m", 0.967_417_115_685, 1e-11),
    ("", "/points/1/alpha_c", std::f64::consts::FRAC_2_PI, 1e-14),
    ("--connectivity diluted:c=0.5", "/points/0/alpha_c", 0.173_083_896_416_163, 1e-14),
    ("--connectivity diluted:c=0.1", "/points/0/alpha_c", 0.276_288, 5e-7),
    ("--connectivity extreme -T 0.6853796157921979", "/points/0/alpha_c", 0.3, 1e-11),
    // 0/1 units: thresholds in units of the couplings over the variance, the physical and the effective one.
    (BINARY, "/points/0/alpha_c", 0.440_967_244_239, 1e-11),
    (BINARY, "/points/0/optimum/threshold", 0.558, 5e-4),
    (BINARY, "/points/0/optimum/effective_threshold", 0.508_904, 5e-6),
    (BINARY, "/points/0/m", 0.816_841, 5e-6),
    (BINARY, "/points/0/information", 0.136_420_8, 1e-7),
    (BINARY, "/points/1/alpha_c", 0.820_489_459_456, 1e-11),
    (
        "--unit binary:threshold=0.5 --patterns sparse:active-fraction=0.1 --connectivity full",
        "/points/0/alpha_c",
        0.404_805,
        5e-7,
    ),
    (
        "--unit binary:threshold=0.5 --patterns sparse:active-fraction=0.05 --connectivity full",
        "/points/0/alpha_c_pattern",
        0.650_901,
        5e-7,
    ),
    // ±1 units with biased memories of the same activity; no threshold.
    ("--patterns biased:mean=-0.2 --connectivity full", "/points/0/alpha_c", 0.105_019_56, 5e-9),
    (QUATERNARY, "/points/0/alpha_c", 3.526_808_36, 5e-9),
    (QUATERNARY, "/points/1/alpha_c", 4.123_914_24, 5e-9),
    (QUATERNARY, "/points/1/retrieved_activity", 0.025, 5e-4),
    (QUATERNARY, "/points/1/correlation", 0.62, 5e-3),
    // Without inhibition only the threshold 0 is left; the maximum over s at w = 0 by mpmath.
    (
        "--unit threshold-linear --patterns sparse --field none --connectivity full",
        "/points/0/alpha_c",
        0.122_973_79,
        1e-8,
    ),
];

const BINARY: &str = "--unit binary --patterns sparse --active-fraction 0.1";
const QUATERNARY: &str = "--unit threshold-linear --patterns quaternary --active-fraction 0.1";

#[test]
fn known_values() {
    for (arguments, pointer, expected, tolerance) in VALUES {
        let found = mattis(&format!("capacity --format json {arguments}")).expect(0).json();
        let value = found.pointer(pointer).and_then(Value::as_f64);
        let off = value.map(|value| (value - expected).abs());
        assert!(off.is_some_and(|off| off <= *tolerance), "{arguments} {pointer}: {value:?}, not {expected}");
    }
}

/// Every output states the inhibition and the rule that were filled in.
#[test]
fn the_model_is_as_run() {
    let found = mattis("capacity --unit relu --patterns sparse --format json").expect(0).json();
    let part =
        |name: &str| found.pointer(&format!("/model/{name}")).map(ToString::to_string).unwrap_or_default();
    assert!(part("field").contains("inhibition"), "{found}");
    assert!(part("rule").contains("normalised"), "{found}");
    let printed = mattis("capacity --unit relu --patterns sparse").expect(0).stdout;
    assert!(printed.contains("inhibition") && printed.contains("divided by the variance"), "{printed}");
}

#[test]
fn a_histogram_is_read_and_drawn() {
    let scratch = Scratch::new();
    scratch.write("rates.csv", "rate,cells\n0,9\n1,1\n");
    scratch.write("samples.csv", "0\n0\n0\n0\n0\n0\n0\n0\n0\n1\n");
    let law = |file: &str| format!("histogram:path={}", scratch.path().join(file).display());
    for law in [law("rates.csv"), law("samples.csv"), "histogram:values=0/1:weights=9/1".into()] {
        let found = mattis(&format!("capacity --unit relu --patterns {law} --format json")).expect(0).json();
        let alpha = found.pointer("/points/1/alpha_c").and_then(Value::as_f64).expect("a capacity");
        assert!((alpha - 0.985_522_94).abs() < 5e-9, "{law}");
    }
    let out = scratch.path().join("out");
    mattis(&format!("capacity --unit relu --patterns {} --out {}", law("rates.csv"), out.display()))
        .expect(0);
    for file in
        ["capacity.png", "capacity.svg", "capacity.csv", "record.json", "report.html", "manifest.json"]
    {
        assert!(out.join(file).exists(), "{file}");
    }
    let drawn = std::fs::read_to_string(out.join("capacity.svg")).expect("a figure");
    assert!(drawn.contains("histogram") && drawn.contains("quaternary"), "the laws beside it");
    mattis(&format!("plot {}", out.display())).expect(0);
}

#[test]
fn grids_of_activity() {
    let list = "capacity --unit binary --patterns sparse --active-fraction log:0.01:0.1:3";
    let csv = mattis(&format!("{list} --format csv")).expect(0).stdout;
    assert_eq!(csv.lines().count(), 7, "{csv}");
    let table = mattis(list).expect(0).stdout;
    assert!(table.contains("α_c") && table.contains("θ_eff"), "{table}");
    // a and f are one number for 0/1 memories, and two for others.
    for (options, fraction) in [
        ("--patterns sparse --sparseness 0.1", 0.1),
        ("--patterns ternary --sparseness 0.1", 0.4 / 3.0),
        ("--patterns ternary --active-fraction 0.1", 0.1),
    ] {
        let found = mattis(&format!("capacity --unit relu {options} --format json")).expect(0).json();
        let f = found.pointer("/points/0/active_fraction").and_then(Value::as_f64).expect("f");
        assert!((f - fraction).abs() < 1e-15, "{options}");
    }
}

#[test]
fn refusals_are_one_line() {
    let scratch = Scratch::new();
    scratch.write("words.csv", "0,1\none,2\n");
    scratch.write("negative.csv", "0,-1\n1,2\n");
    scratch.write("empty.csv", "");
    let law = |file: &str| format!("--patterns histogram:path={}", scratch.path().join(file).display());
    for (arguments, code, part) in [
        (law("words.csv"), 2, "line 2"),
        (law("negative.csv"), 2, "weights"),
        (law("empty.csv"), 2, "no numbers"),
        (law("missing.csv"), 2, "cannot be read"),
        ("--patterns sparse --active-fraction 2".into(), 2, "above 0"),
        ("--active-fraction 0.1".into(), 2, "active-fraction"),
        ("--patterns sparse --rule hebb".into(), 1, "covariance"),
        ("--alpha 0.1".into(), 2, "expected no load"),
        ("-T 2".into(), 1, "no stable retrieval state at T = 2"),
        ("--model sk".into(), 1, "stores no memories"),
        ("--optimise gain".into(), 1, "gain"),
    ] {
        let ran = mattis(&format!("capacity {arguments}")).expect(code);
        assert!(ran.stderr.contains(part), "{arguments}: {}", ran.stderr);
        if code == 1 {
            assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
        }
    }
}
