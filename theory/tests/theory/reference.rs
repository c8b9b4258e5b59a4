//! Every value of `tests/reference/attractors.json` through the public interface.

use std::collections::BTreeMap;

use mattis_model::Model;
use mattis_model::record::{LinePoint, PhaseRecord};
use mattis_theory::closure::{Phase, Point, zero_temperature};
use mattis_theory::solve::newton::Vector;
use mattis_theory::{
    Axis, Event, Guess, PhaseRequest, ReplicaSymmetric, almeida_thouless_temperature, phase_diagram, predict,
};
use serde_json::Value;

use crate::support::{Findings, control, entries, model, number, quantity};

fn values(of: &str) -> Vec<Value> {
    let mut all = entries(include_str!("../reference/attractors.json"));
    all.retain(|entry| entry["of"] == of);
    all
}

fn text<'a>(entry: &'a Value, key: &str) -> &'a str {
    entry[key].as_str().unwrap_or_default()
}

/// A quantity of a point of a phase diagram.
fn of_point(point: &LinePoint, key: &str) -> Option<f64> {
    match key {
        "alpha" => point.alpha,
        "temperature" => Some(point.temperature),
        "m" => point.m,
        _ => None,
    }
}

#[test]
fn capacity_at_zero_temperature() {
    let mut findings = Findings::default();
    for entry in values("capacity") {
        let n = number(&entry, "n").expect("n") as usize;
        let fold = zero_temperature::capacity(n).expect("a capacity");
        // Energy and entropy at the fold are the general closure's, at its unknowns.
        let energetics = || {
            let theory = ReplicaSymmetric::new(&Model::hopfield()).ok()?;
            let y = Vector::from_vec(vec![fold.m, fold.chi, fold.delta]);
            let at = Point { alpha: fold.alpha, temperature: 0.0 };
            let gradient = theory.closure().free_energy_gradient(Phase::Condensed(n), &y, at)?;
            Some((theory.closure().free_energy(Phase::Condensed(n), &y, at)?, -gradient[4]))
        };
        let found = match text(&entry, "quantity") {
            "alpha" => Some(fold.alpha),
            "m" => Some(fold.m),
            "y" => Some(fold.y),
            "chi" => Some(fold.chi),
            "r" => Some(fold.delta / fold.alpha),
            "error_fraction" => Some(0.5 * (1.0 - fold.m)),
            "energy" => energetics().map(|x| x.0),
            "entropy" => energetics().map(|x| x.1),
            _ => None,
        };
        findings.entry(&entry, found);
    }
    // Closer than the general rule: α_c to the last digits of a double.
    let fold = zero_temperature::capacity(1).expect("a capacity");
    findings.close("α_c", Some(fold.alpha), 0.137_905_566_494_931_74, 1e-15);
    findings.settle(15);
}

#[test]
fn states_at_points() {
    let mut findings = Findings::default();
    let mut solved = BTreeMap::new();
    for entry in values("state") {
        let guess = match text(&entry, "state") {
            "retrieval" => Guess::Retrieval,
            _ => Guess::SpinGlass,
        };
        let (alpha, temperature) = (number(&entry, "alpha"), number(&entry, "temperature").expect("T"));
        let key = (
            text(&entry, "model").to_string(),
            text(&entry, "state").to_string(),
            format!("{alpha:?} {temperature}"),
        );
        let state = solved
            .entry(key)
            .or_insert_with(|| predict(&model(text(&entry, "model")), control(alpha, temperature), guess));
        if let Err(error) = state {
            panic!("{}: {error}", text(&entry, "name"));
        }
        findings
            .entry(&entry, state.as_ref().ok().and_then(|state| quantity(state, text(&entry, "quantity"))));
    }
    findings.settle(190);
}

#[test]
fn freezing_temperatures() {
    let mut findings = Findings::default();
    for entry in values("freezing") {
        let theory = ReplicaSymmetric::new(&model(text(&entry, "model"))).expect("a theory");
        findings.entry(&entry, theory.freezing_temperature(number(&entry, "alpha").expect("α")));
    }
    for alpha in [1e-4, 0.01, 0.1, 1.0, 10.0] {
        let theory = ReplicaSymmetric::new(&Model::hopfield()).expect("a theory");
        let exact = 1.0 + f64::sqrt(alpha);
        findings.close("1 + √α", theory.freezing_temperature(alpha), exact, 1e-13 * exact);
    }
    let sk = ReplicaSymmetric::new(&Model::sherrington_kirkpatrick()).expect("a theory");
    findings.close("SK", sk.freezing_temperature(0.0), 1.0, 1e-13);
    // Three-state units at α = 0.03, D = 0.2.
    let unit = "three-state:crystal-field=0.2".parse().expect("a unit");
    let theory = ReplicaSymmetric::new(&Model::hopfield().with_unit(unit)).expect("a theory");
    findings.close("three-state", theory.freezing_temperature(0.03), 0.741293, 1e-6);
    findings.settle(37);
}

#[test]
fn sherrington_kirkpatrick_lines() {
    let sk = Model::sherrington_kirkpatrick();
    let mut findings = Findings::default();
    for entry in values("at_temperature") {
        let found = almeida_thouless_temperature(&sk, number(&entry, "field").expect("h"));
        findings.entry(&entry, found.expect("a closure"));
    }
    let of_temperature = values("at_field");
    let temperatures = of_temperature.iter().filter_map(|entry| number(entry, "temperature")).collect();
    let request = PhaseRequest { alphas: None, temperatures: Some(temperatures) };
    let record = phase_diagram(&sk, &request).expect("a diagram");
    let line = record.lines.iter().find(|line| line.name == "almeida_thouless").expect("the line");
    for entry in of_temperature {
        let here = line.points.iter().find(|point| Some(point.temperature) == number(&entry, "temperature"));
        findings.entry(&entry, here.and_then(|point| point.field));
    }
    findings.settle(15);
}

/// The phase diagram of a model at every load and temperature that the file asks for.
fn diagram(name: &str) -> PhaseRecord {
    let of = |kind: &str, key: &str| {
        let mut list: Vec<f64> = values(kind)
            .iter()
            .filter(|entry| text(entry, "model") == name)
            .filter_map(|entry| number(entry, key))
            .collect();
        list.sort_by(f64::total_cmp);
        list.dedup();
        list
    };
    let request = PhaseRequest {
        alphas: Some(of("line_at_load", "alpha")),
        temperatures: Some(of("line_at_temperature", "temperature")),
    };
    phase_diagram(&model(name), &request).expect("a diagram")
}

fn walk_lines(name: &str, record: &PhaseRecord, findings: &mut Findings) {
    for (kind, key) in [("line_at_load", "alpha"), ("line_at_temperature", "temperature")] {
        for entry in values(kind).iter().filter(|entry| text(entry, "model") == name) {
            let wanted = number(entry, "value").expect("a value");
            let line = record.lines.iter().find(|line| line.name == text(entry, "line"));
            let distance = |x: &f64| (x - wanted).abs();
            // A line that re-enters has several points: the nearest counts.
            let found = line.and_then(|line| {
                let here = line.points.iter().filter(|point| of_point(point, key) == number(entry, key));
                let found = here.filter_map(|point| of_point(point, text(entry, "quantity")));
                found.min_by(|a, b| distance(a).total_cmp(&distance(b)))
            });
            findings.entry(entry, found);
        }
    }
    for entry in values("special").iter().filter(|entry| text(entry, "model") == name) {
        let point = record.special.iter().find(|point| point.name == text(entry, "point"));
        let found = point.and_then(|point| match text(entry, "quantity") {
            "alpha" => Some(point.alpha),
            "temperature" => Some(point.temperature),
            _ => point.m,
        });
        findings.entry(entry, found);
    }
}

#[test]
fn hopfield_phase_diagram() {
    let mut findings = Findings::default();
    let record = diagram("hopfield");
    walk_lines("hopfield", &record, &mut findings);
    let capacity = record.special.iter().find(|point| point.name == "alpha_c").expect("alpha_c");
    findings.close("alpha_c", Some(capacity.alpha), 0.137_905_566_494_931_74, 1e-15);
    findings.settle(87);
}

/// α_M(T) of the Little model as folds of branches at fixed temperature.
#[test]
fn little_spinodals() {
    let mut findings = Findings::default();
    let mut folds: BTreeMap<String, Option<f64>> = BTreeMap::new();
    for entry in values("line_at_temperature") {
        let (name, temperature) = (text(&entry, "model"), number(&entry, "temperature").expect("T"));
        if !name.starts_with("little") {
            continue;
        }
        let fold = folds.entry(format!("{name} {temperature}")).or_insert_with(|| {
            let theory = ReplicaSymmetric::new(&model(name)).ok()?;
            let start = theory.start(control(Some(5e-4), temperature), Guess::Retrieval).ok()?;
            let branch = theory.follow(start, Axis::Load).until(Event::Fold).run().ok()?;
            Some(branch.fold()?.control.alpha())
        });
        findings.entry(&entry, *fold);
    }
    findings.settle(98);
}

/// The same by following the fold in two parameters.
#[test]
fn little_phase_diagrams() {
    let mut findings = Findings::default();
    for name in ["little", "little:kept", "little:0.5", "little:-0.1", "little:0.2", "little:1.0"] {
        walk_lines(name, &diagram(name), &mut findings);
    }
    findings.settle(98);
}
