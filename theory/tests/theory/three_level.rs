//! Units −1, 0, 1 with the best crystal field.

use mattis_model::Model;
use mattis_model::record::CapacityPoint;
use mattis_theory::{CapacityRequest, Guess, Optimised, capacity, predict};
use serde_json::Value;

use crate::support::{Findings, control, entries, number, tolerance};

fn stated(active: f64, connectivity: &str, unit: &str) -> Model {
    let patterns = if active == 1.0 {
        "rademacher".to_owned()
    } else {
        format!("histogram:values=-1/0/1:weights={}/{}/{}", 0.5 * active, 1.0 - active, 0.5 * active)
    };
    Model {
        unit: unit.parse().expect("a unit"),
        patterns: patterns.parse().expect("patterns"),
        connectivity: connectivity.parse().expect("a connectivity"),
        ..Model::hopfield()
    }
}

fn best(model: &Model) -> CapacityPoint {
    let request = CapacityRequest { temperature: 0.0, optimise: vec![Optimised::Threshold] };
    capacity(model, &request).expect("a capacity")
}

fn quantity(point: &CapacityPoint, active: f64, name: &str) -> Option<f64> {
    match name {
        "alpha_c" => Some(point.alpha_c),
        // Memories of unit length: the overlap per active unit.
        "m" => Some(point.m? / active),
        "threshold" => point.optimum?.threshold,
        "b/m" => Some(point.optimum?.effective_threshold? / point.m?),
        _ => None,
    }
}

fn check(findings: &mut Findings, entry: &Value, active: f64) {
    let connectivity = entry["connectivity"].as_str().expect("a connectivity");
    let point = best(&stated(active, connectivity, "three-state"));
    let found = quantity(&point, active, entry["quantity"].as_str().expect("a quantity"));
    let value = number(entry, "value").expect("a value");
    let digits = entry["digits"].as_u64().expect("digits");
    findings.close(&entry.to_string(), found, value, tolerance(value, digits));
}

#[test]
fn tables() {
    let mut findings = Findings::default();
    for entry in entries(include_str!("../reference/other_closures_tables.json")) {
        if entry["kind"] == "three_level" {
            let active: f64 = entry["active"].as_str().expect("a text").parse().expect("a number");
            let active = if entry["active"] == "0.6667" { 2.0 / 3.0 } else { active };
            check(&mut findings, &entry, active);
        }
    }
    findings.settle(30);
}

#[test]
fn points_that_no_table_lists() {
    let mut findings = Findings::default();
    for entry in entries(include_str!("../reference/other_closures.json")) {
        if let Some(active) = number(&entry, "three_level") {
            check(&mut findings, &entry, active);
        }
    }
    findings.settle(12);
}

/// The best crystal field as a stated one: the solver, which knows nothing of the surface, finds the state just below
/// the capacity and none above.
#[test]
fn the_best_field_as_a_stated_one() {
    for (active, connectivity) in [(0.5, "full"), (0.3, "diluted:c=0.4"), (1.0, "full")] {
        let end = best(&stated(active, connectivity, "three-state"));
        let field = end.optimum.and_then(|optimum| optimum.threshold).expect("a field");
        let model = stated(active, connectivity, &format!("three-state:crystal-field={field}"));
        let again = capacity(&model, &CapacityRequest::default()).expect("a capacity");
        assert!((again.alpha_c - end.alpha_c).abs() < 1e-9, "{} {}", again.alpha_c, end.alpha_c);
        let (below, above) = (0.99 * end.alpha_c, 1.001 * end.alpha_c);
        assert!(
            predict(&model, control(Some(below), 0.0), Guess::Retrieval).expect("a state").locally_stable
        );
        assert!(predict(&model, control(Some(above), 0.0), Guess::Retrieval).is_err());
    }
}
