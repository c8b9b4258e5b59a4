//! Points that no table lists against `tests/reference/second_method.py`.

use mattis_model::Model;
use mattis_theory::{Guess, predict};

use crate::support::{Findings, control, entries, number, quantity};

#[test]
fn points_that_no_table_lists() {
    let mut findings = Findings::default();
    for entry in entries(include_str!("../reference/second_method.json")) {
        let text = |key: &str| entry[key].as_str().expect("a text");
        let model = Model::hopfield()
            .with_unit(text("unit").parse().expect("a unit"))
            .with_update(text("update").parse().expect("an update"))
            .with_self_coupling(text("self_coupling").parse().expect("a self-coupling"));
        let (alpha, temperature) = (number(&entry, "alpha"), number(&entry, "temperature").expect("T"));
        let guess = if text("state") == "retrieval" { Guess::Retrieval } else { Guess::SpinGlass };
        let state = predict(&model, control(alpha, temperature), guess).expect("a state");
        for (key, wanted) in entry["found"].as_object().expect("a table") {
            let wanted = wanted.as_f64().expect("a number");
            // The overlap of a spin glass is no entry of its state.
            let found = if key == "m" && wanted == 0.0 { Some(0.0) } else { quantity(&state, key) };
            // Plain iteration ends when a step is below 1e-14; the slowest of them contracts by 1/50 a step.
            let what = format!("{} {alpha:?} {temperature} {key}", text("unit"));
            findings.close(&what, found, wanted, 1e-11 * (1.0 + wanted.abs()));
        }
    }
    findings.settle(100);
}
