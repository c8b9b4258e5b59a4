//! `mattis capacity --method stability`: JSON, CSV, files, studies, refusals.

use serde_json::Value;

use crate::{Scratch, mattis};

const SMALL: &str = "capacity --method stability --neurons 300 --count 10:60:6 --samples 12";

#[test]
fn points_have_theory_beside_them() {
    let found = mattis(&format!("{SMALL} --format json")).expect(0).json();
    let points = found["points"].as_array().expect("points");
    assert_eq!(points.len(), 6);
    let number = |point: &Value, key: &str| point[key].as_f64().unwrap_or_else(|| panic!("{key}: {point}"));
    for (k, point) in points.iter().enumerate() {
        assert_eq!(point["method"], "stability");
        assert_eq!((number(point, "neurons"), number(point, "p")), (300.0, 10.0 * (k + 1) as f64));
        let bits = number(point, "unstable_bits");
        let theory = number(point, "theory_bits");
        if number(point, "p") >= 30.0 {
            // Five standard errors, with 11 degrees of freedom 2 in 10 000.
            assert!((bits - theory).abs() < 5.0 * number(point, "unstable_bits_error"), "{point}");
            assert!(bits > 0.0 && number(point, "unstable_patterns") >= bits);
        }
    }
    // Another update or another theory would be seen: with the diagonal left in fewer bits are unstable.
    let last = &points[5];
    let kept = 0.5 * erfc((300.0_f64 + 60.0) / (2.0 * 60.0 * 300.0_f64).sqrt());
    assert!(
        (number(last, "unstable_bits") - kept).abs() > 5.0 * number(last, "unstable_bits_error"),
        "{last}"
    );
}

/// erfc by its continued fraction, for arguments above 1.
fn erfc(x: f64) -> f64 {
    let fraction = (1..60).rev().fold(x, |below, k| x + f64::from(k) / 2.0 / below);
    (-x * x).exp() / (fraction * std::f64::consts::PI.sqrt())
}

#[test]
fn the_same_in_every_form() {
    let scratch = Scratch::new();
    let json = mattis(&format!("{SMALL} --format json")).expect(0).stdout;
    for threads in [1, 3] {
        let again = mattis(&format!("{SMALL} --format json --threads {threads}")).expect(0).stdout;
        assert_eq!(again, json);
    }
    assert_eq!(mattis(&format!("{SMALL} --format csv")).expect(0).stdout.lines().count(), 7);
    let table = mattis(SMALL).expect(0).stdout;
    assert!(table.contains("unstable memories") && table.contains("standard errors over 12"), "{table}");
    scratch.run(&format!("{SMALL} --out run")).expect(0);
    for file in
        ["stability.csv", "stability.svg", "stability.png", "record.json", "report.html", "manifest.json"]
    {
        assert!(!scratch.read(&format!("run/{file}")).is_empty(), "{file}");
    }
    let figure = scratch.read("run/stability.svg");
    scratch.run("plot run").expect(0);
    assert_eq!(scratch.read("run/stability.svg"), figure);
    let studied = scratch.run("capacity --study run/study.toml --format json").expect(0).stdout;
    assert_eq!(studied, json);
    // A load is a number of memories at every size.
    let loads = mattis("capacity --method stability --neurons 100,200 --alpha 0.1 --samples 1 --format json");
    let loads = loads.expect(0).json();
    let memories: Vec<u64> =
        loads["points"].as_array().unwrap().iter().filter_map(|point| point["p"].as_u64()).collect();
    assert_eq!(memories, [10, 20]);
    assert_eq!(loads["points"][0]["unstable_bits_error"], Value::Null);
}

#[test]
fn refusals_are_one_line() {
    for (arguments, code, part) in [
        ("--method stabilty", 2, "expected replica_symmetric or stability"),
        ("--method stability --unit binary", 1, "random ±1 memories"),
        ("--method stability --patterns gaussian", 1, "random ±1 memories"),
        ("--method stability --connectivity extreme", 1, "fully connected"),
        ("--method stability --self-coupling kept", 1, "without self-coupling"),
        ("--method stability --update sequential", 2, "expected parallel"),
        ("--method stability -T 0.1", 2, "temperature"),
        ("--method stability --active-fraction 0.1", 2, "active-fraction"),
        ("--method stability --optimise gain", 2, "optimise"),
        ("--method stability --count 1:2:4", 2, "whole numbers"),
        ("--method stability --count 0", 2, "whole number"),
        ("--method stability --neurons 10000000 --count 100000", 1, "bytes of memory"),
        ("--neurons 100", 2, "expected --method stability"),
        ("--samples 3", 2, "expected --method stability"),
        ("--count 5", 2, "expected no load"),
    ] {
        let ran = mattis(&format!("capacity {arguments}")).expect(code);
        assert!(ran.stderr.contains(part), "{arguments}: {}", ran.stderr);
        if code == 1 {
            assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
        }
    }
}

#[test]
fn the_published_figure() {
    let scratch = Scratch::new();
    let found = scratch.run("figure campagne-fig11 --quick --format json").expect(0).json();
    let checks = found["checks"].as_array().expect("checks");
    assert_eq!(checks.len(), 5);
    for check in checks {
        assert_eq!(check["ok"], true, "{check}");
    }
}
