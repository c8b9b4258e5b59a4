//! A finite number of memories at points that no table lists, against `tests/reference/finite.py`.

use mattis_model::{Control, Model};
use mattis_theory::{FinitePatterns, Guess, predict};
use serde_json::Value;

use crate::support::{Findings, entries, number, quantity};

fn model(entry: &Value) -> Model {
    let text = |key: &str| entry[key].as_str().expect("a text");
    Model::hopfield()
        .with_unit(text("unit").parse().expect("a unit"))
        .with_patterns(text("patterns").parse().expect("patterns"))
        .with_rule(text("rule").parse().expect("a rule"))
        .with_update(text("update").parse().expect("an update"))
        .with_self_coupling(text("self_coupling").parse().expect("a self-coupling"))
        .with_field(text("field").parse().expect("a field"))
}

#[test]
fn points_that_no_table_lists() {
    let mut findings = Findings::default();
    for entry in entries(include_str!("../reference/finite.json")) {
        let model = model(&entry);
        let count = entry["count"].as_u64().expect("p") as usize;
        let temperature = number(&entry, "temperature").expect("T");
        let wanted = entry["found"].as_object().expect("a table");
        let overlaps: Vec<f64> = wanted["m"]
            .as_array()
            .expect("overlaps")
            .iter()
            .map(|x| x.as_f64().unwrap_or_else(|| x.as_str().expect("a text").parse().expect("a number")))
            .collect();
        let name = format!("{model:?} p = {count} T = {temperature}");
        // An unstable state is looked up among all.
        if entry["state"] == "class" {
            let record = FinitePatterns::new(&model, count).expect("a theory").mixtures(temperature);
            let record = record.expect("a record");
            let near = |m: &[f64]| m.iter().zip(&overlaps).all(|(a, b)| (a - b).abs() < 1e-6);
            let found = record.states.iter().find(|x| near(&x.m)).expect("the class");
            for (found, wanted) in found.m.iter().zip(&overlaps) {
                findings.close(&name, Some(*found), *wanted, 2e-13);
            }
            if let Some(wanted) = number(&entry["found"], "free_energy") {
                findings.close(&format!("{name} f"), found.free_energy, wanted, 2e-13);
            }
            continue;
        }
        let condensed = overlaps.iter().filter(|m| m.abs() > 1e-12).count();
        let guess = if entry["state"] == "mixture" { Guess::Mixture(condensed) } else { Guess::Retrieval };
        let state = predict(&model, Control::finite(count, temperature), guess).expect("a state");
        for (found, wanted) in state.m.iter().zip(&overlaps) {
            findings.close(&name, Some(*found), *wanted, 2e-13);
        }
        for key in ["free_energy", "q", "activity", "d"].into_iter().filter(|key| wanted.contains_key(*key)) {
            let wanted = number(&entry["found"], key).expect("a number");
            findings.close(&format!("{name} {key}"), quantity(&state, key), wanted, 2e-13);
        }
    }
    findings.settle(60);
}
