//! JSON as the manual promises it: keys, types, purity.

use serde_json::Value;

use crate::{TINY, mattis};

#[track_caller]
fn has(value: &Value, keys: &str) {
    for key in keys.split_whitespace() {
        assert!(value.get(key).is_some(), "no `{key}` in {value}");
    }
}

#[test]
fn solve_has_the_reference_values() {
    let json = mattis("solve --alpha 0.05 -T 0.3 --format json").expect(0).json();
    has(&json, "model points");
    has(&json["model"], "unit patterns rule synapse connectivity self-coupling field update");
    let point = &json["points"][0];
    assert_eq!((point["alpha"].as_f64(), point["temperature"].as_f64()), (Some(0.05), Some(0.3)));
    let states = point["states"].as_array().unwrap();
    let retrieval = &states[0];
    has(
        retrieval,
        "kind m q delta r chi free_energy energy entropy replicon locally_stable replica_stable residual exit",
    );
    assert_eq!(retrieval["kind"], "retrieval");
    assert_eq!((&retrieval["locally_stable"], &retrieval["exit"]), (&Value::Bool(true), &"converged".into()));
    let close = |value: &Value, reference: f64| (value.as_f64().unwrap() - reference).abs() < 1e-11;
    assert!(close(&retrieval["m"][0], 0.991164995702));
    assert!(close(&retrieval["q"], 0.982960950216));
    assert!(close(&retrieval["free_energy"], -0.501236169946));
    assert!(states.iter().any(|state| state["kind"] == "spin_glass"));
}

#[test]
fn unknown_is_null_and_never_nan() {
    let ran = mattis("solve --model little --alpha 0.05 -T 0,0.3 --format json").expect(0);
    assert!(!ran.stdout.contains("NaN") && !ran.stdout.contains("inf"));
    let ran =
        mattis("simulate --neurons 60 --samples 1 --sweeps 1 --burn-in 0 --alpha 0.05 -T 0.3 --format json")
            .expect(0);
    assert!(!ran.stdout.contains("NaN"));
    assert!(ran.json()["points"][0]["observables"][0]["error"].is_null());
}

#[test]
fn phase_has_lines_and_special_points() {
    let json = mattis("phase --alpha 0.05,0.1 --format json").expect(0).json();
    has(&json, "model lines special");
    let names: Vec<&str> =
        json["lines"].as_array().unwrap().iter().filter_map(|l| l["name"].as_str()).collect();
    for name in ["retrieval_spinodal", "first_order", "spin_glass", "retrieval_at"] {
        assert!(names.contains(&name), "{names:?}");
    }
    for line in json["lines"].as_array().unwrap() {
        for point in line["points"].as_array().unwrap() {
            has(point, "alpha temperature m");
            assert_eq!(line["name"] == "retrieval_at", point.get("ln_temperature").is_some(), "{line}");
        }
    }
    let special: Vec<&str> =
        json["special"].as_array().unwrap().iter().filter_map(|p| p["name"].as_str()).collect();
    for name in ["alpha_c", "alpha_1", "alpha_max", "at_meets_spinodal"] {
        assert!(special.contains(&name), "{special:?}");
    }
    let alpha_c = json["special"].as_array().unwrap().iter().find(|p| p["name"] == "alpha_c").unwrap();
    assert!((alpha_c["alpha"].as_f64().unwrap() - 0.13790556649493174).abs() < 1e-14);
}

#[test]
fn simulate_has_every_part_of_an_error() {
    let json = mattis(&format!("simulate {TINY} --seed 18446744073709551615 --format json")).expect(0).json();
    has(&json, "model simulation points");
    has(&json["simulation"], "neurons samples sweeps burn_in seed start dynamics order");
    assert_eq!(json["simulation"]["seed"], "18446744073709551615");
    let points = json["points"].as_array().unwrap();
    assert_eq!(points.len(), 2);
    for point in points {
        has(point, "alpha temperature update neurons p escaped observables");
        let names: Vec<&str> =
            point["observables"].as_array().unwrap().iter().filter_map(|o| o["name"].as_str()).collect();
        for name in ["m", "m_max_other", "q", "energy", "activity"] {
            assert!(names.contains(&name), "{names:?}");
        }
        has(&point["observables"][0], "name value error thermal_error sample_error tau n_eff");
    }
    assert_eq!(points[0]["p"], 5);
}

#[test]
fn compare_has_rows_and_a_verdict() {
    let ran = mattis(&format!("compare {TINY} --update sequential,parallel --resolution 1 --format json"));
    let json = ran.json();
    has(&json, "model rows chi_squared degrees p_value agree");
    let rows = json["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 7);
    for row in rows {
        has(
            row,
            "alpha temperature update p observable theory simulation error z resolution verdict neurons extrapolated",
        );
        assert_eq!(row["neurons"], serde_json::json!([100, 200]));
    }
    assert_eq!((&rows[0]["update"], &rows[3]["update"]), (&"sequential".into(), &"parallel".into()));
}

#[test]
fn several_models_are_an_array() {
    let json = mattis("solve --unit ising,three-state:crystal-field=0.2 --alpha 0.03 -T 0.3 --format json");
    let json = json.expect(0).json();
    assert_eq!(json.as_array().unwrap().len(), 2);
    assert_eq!(json[1]["model"]["unit"]["name"], "three-state");
    assert_eq!(json[1]["model"]["unit"]["crystal-field"], 0.2);
}

#[test]
fn figure_has_checks_that_hold() {
    let json = mattis("figure ags1987-phase-diagram --quick --format json").expect(0).json();
    has(&json, "name checks files");
    for check in json["checks"].as_array().unwrap() {
        has(check, "quantity computed published tolerance ok");
        assert_eq!(check["ok"], true, "{check}");
    }
    let files: Vec<&str> = json["files"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(files.iter().any(|file| file.ends_with("ags1987-phase-diagram.svg")), "{files:?}");
}

#[test]
fn list_is_an_array_of_what_exists() {
    for what in ["units", "patterns", "rules", "synapses", "connectivities", "models", "figures", ""] {
        let json = mattis(&format!("list {what} --format json")).expect(0).json();
        for item in json.as_array().unwrap() {
            has(item, "name formula parameters source");
        }
    }
    let units = mattis("list units").expect(0).stdout;
    assert!(units.contains("three-state (ternary)") && units.contains("crystal-field"), "{units}");
}

#[test]
fn stdout_of_json_and_csv_holds_nothing_else() {
    for command in ["solve", "phase --alpha 0.05", "list", &format!("simulate {TINY}")] {
        mattis(&format!("{command} --format json -v")).expect(0).json();
        let csv = mattis(&format!("{command} --format csv -v")).expect(0).stdout;
        let columns = |line: &str| line.split(',').count();
        let head = csv.lines().next().unwrap();
        assert!(columns(head) > 4, "{head}");
        if !command.starts_with("list") {
            assert!(csv.lines().all(|line| columns(line) == columns(head)), "{csv}");
        }
    }
}
