//! The overlap map of diluted networks: tables, a second method, flows and the states that solvers report.

use mattis_model::record::StateKind;
use mattis_model::{Control, Model};
use mattis_theory::overlap_map::FixedPoint;
use mattis_theory::{
    CapacityRequest, Guess, Optimised, OverlapMap, PhaseRequest, capacity, phase_diagram, predict, states,
};
use serde_json::Value;

use crate::support::{Findings, entries, number, tolerance};

fn with(connectivity: &str) -> Model {
    Model { connectivity: connectivity.parse().expect("a connectivity"), ..Model::hopfield() }
}

fn control(entry: &Value) -> Control {
    let temperature = number(entry, "temperature").expect("T");
    match (number(entry, "alpha"), entry["count"].as_u64()) {
        (Some(alpha), _) => Control::new(alpha, temperature),
        (None, Some(count)) => Control::finite(count as usize, temperature),
        _ => panic!("no load in {entry}"),
    }
}

/// The largest stable overlap of the map.
fn retrieved(model: &Model, control: Control) -> Option<f64> {
    let points = OverlapMap::new(model, control).ok()?.fixed_points();
    points.into_iter().rfind(FixedPoint::is_stable).map(|point| point.m)
}

fn table(entry: &Value) -> Option<f64> {
    let model = with(entry["connectivity"].as_str()?);
    let orbit = |parallel: bool| {
        let map = OverlapMap::new(&model, control(entry)).ok()?;
        let (start, time) = (number(entry, "start")?, number(entry, "time")?);
        if parallel {
            map.parallel(start, time as usize).pop()
        } else {
            map.sequential(start, &[0.5 * time, time]).pop()
        }
    };
    match entry["kind"].as_str()? {
        "fixed_point" => retrieved(&model, control(entry)),
        "parallel" => orbit(true),
        "sequential" => orbit(false),
        "alpha_c" => Some(capacity(&model, &CapacityRequest::default()).ok()?.alpha_c),
        "p_c" => {
            let degree: f64 = entry["connectivity"].as_str()?.split_once('=')?.1.parse().ok()?;
            Some(degree * capacity(&model, &CapacityRequest::default()).ok()?.alpha_c)
        }
        "critical_temperature" => {
            let request = PhaseRequest { alphas: Some(vec![number(entry, "alpha")?]), temperatures: None };
            let record = phase_diagram(&model, &request).ok()?;
            let line = record.lines.iter().find(|line| line.name == "retrieval_critical")?;
            Some(line.points.first()?.temperature)
        }
        _ => None,
    }
}

#[test]
fn tables() {
    let mut findings = Findings::default();
    for entry in entries(include_str!("../reference/other_closures_tables.json")) {
        if matches!(entry["kind"].as_str(), Some("potts" | "three_level")) {
            continue;
        }
        let value = number(&entry, "value").expect("a value");
        let digits = entry["digits"].as_u64().expect("digits");
        findings.close(&entry.to_string(), table(&entry), value, tolerance(value, digits));
    }
    findings.settle(100);
}

#[test]
fn points_that_no_table_lists() {
    let mut findings = Findings::default();
    for entry in entries(include_str!("../reference/other_closures.json")) {
        let model = if entry["extreme"].is_number() {
            with("extreme")
        } else if let Some(degree) = number(&entry, "degree") {
            with(&format!("finite:degree={degree}"))
        } else {
            continue;
        };
        let mut entry = entry;
        entry["alpha"] = entry["extreme"].clone();
        let state = predict(&model, control(&entry), Guess::Retrieval).expect("a state");
        let found = if entry["quantity"] == "m" { state.m[0] } else { state.q };
        let value = number(&entry, "value").expect("a value");
        let digits = entry["digits"].as_u64().expect("digits");
        findings.close(&entry.to_string(), Some(found), value, tolerance(value, digits));
        if entry["quantity"] == "m" {
            findings.close("the map's", retrieved(&model, control(&entry)), state.m[0], 1e-12);
        }
    }
    findings.settle(36);
}

/// m² = (6/π)(1 − α/α_c) with a correction of the next order.
#[test]
fn the_overlap_vanishes_as_a_root() {
    let end = std::f64::consts::FRAC_2_PI;
    let amplitude = |share: f64| {
        retrieved(&with("extreme"), Control::new(end * (1.0 - share), 0.0)).expect("an overlap").powi(2)
            / share
    };
    let limit = 2.0 * amplitude(1e-5) - amplitude(2e-5);
    assert!((limit - 6.0 / std::f64::consts::PI).abs() < 1e-8, "{limit}");
    assert!(amplitude(1e-3) < limit);
}

/// Slopes are derivatives, of both laws, for ±1 memories with a mean, too.
#[test]
fn slopes() {
    let mut findings = Findings::default();
    let biased = Model {
        patterns: "biased:mean=0.4".parse().expect("patterns"),
        rule: "covariance".parse().expect("a rule"),
        ..with("extreme")
    };
    for (model, load) in [(with("extreme"), 0.3), (biased, 0.2), (with("finite:degree=10"), 0.4)] {
        for temperature in [0.0, 0.05, 0.4] {
            let map = OverlapMap::new(&model, Control::new(load, temperature)).expect("a map");
            for m in [0.0, 0.3, 0.8] {
                let slope = crate::free_energy::derivative(0.02, &|by| map.value(m + by));
                findings.close(
                    &format!("{} {temperature} {m}", model.connectivity),
                    Some(slope),
                    map.slope(m),
                    1e-9,
                );
                findings.close("odd", Some(map.value(-m)), -map.value(m), 1e-14);
            }
        }
    }
    findings.settle(54);
}

/// With one memory and T = 0 a finite number of inputs is a majority of them; with many inputs the law is normal.
#[test]
fn limits_of_a_finite_degree() {
    let mut findings = Findings::default();
    let map = OverlapMap::new(&with("finite:degree=0.7"), Control::finite(1, 0.0)).expect("a map");
    // m = 1: every input agrees, and a unit without inputs has no field.
    findings.close("no inputs", Some(map.value(1.0)), 1.0 - (-0.7_f64).exp(), 1e-15);
    let normal = OverlapMap::new(&with("extreme"), Control::new(0.4, 0.2)).expect("a map").value(0.6);
    let gap = |degree: f64| {
        let model = with(&format!("finite:degree={degree}"));
        OverlapMap::new(&model, Control::new(0.4, 0.2)).expect("a map").value(0.6) - normal
    };
    // Corrections are of order 1/c, and what is left of them of order 1/c².
    let (one, two, four) = (gap(1000.0), gap(2000.0), gap(4000.0));
    assert!(one.abs() > 1e-5);
    findings.close("1/c", Some(one / two), 2.0, 0.01);
    findings.close("limit", Some((8.0 * four - 6.0 * two + one) / 3.0), 0.0, 1e-3 * one.abs());
    findings.settle(3);
}

/// The states that solvers list, and the loads that they refuse.
#[test]
fn states_of_a_finite_degree() {
    let model = with("finite:degree=10");
    let both = states(&model, Control::new(0.4, 0.0)).expect("states");
    let kinds: Vec<_> = both.iter().map(|state| (state.kind, state.locally_stable)).collect();
    assert_eq!(kinds, [(StateKind::Retrieval, true), (StateKind::Paramagnet, false)]);
    assert!(both[0].energy.is_none() && both[0].q < 1.0 && both[1].q == 0.0);
    assert_eq!(both, states(&model, Control::finite(4, 0.0)).expect("states"));
    let only = states(&model, Control::finite(8, 0.0)).expect("states");
    assert_eq!(only.len(), 1);
    for (model, control, part) in [
        (model.clone(), Control::new(0.45, 0.0), "0.4 or 0.5"),
        (model.clone(), Control::new(0.05, 0.0), "such as α = 0.1"),
        (model.clone(), Control::finite(8, 0.0), "no such stable fixed point"),
        (
            model.clone().with_unit("binary".parse().expect("a unit")),
            Control::finite(4, 0.0),
            "sums of signs",
        ),
        (with("finite:degree=10000"), Control::finite(9000, 0.0), "too long"),
    ] {
        let message = predict(&model, control, Guess::Retrieval).expect_err("a refusal").to_string();
        assert!(message.contains(part) && !message.contains('\n'), "`{part}` is not in: {message}");
    }
    assert!(phase_diagram(&model, &PhaseRequest::default()).is_err());
    let request = CapacityRequest { temperature: 0.0, optimise: vec![Optimised::Threshold] };
    assert!(capacity(&model, &request).is_err());
    assert!(OverlapMap::new(&with("full"), Control::new(0.1, 0.0)).is_err());
    let warm = CapacityRequest { temperature: 0.3, optimise: Vec::new() };
    let end = capacity(&model, &warm).expect("a capacity").alpha_c;
    assert!((0.4..0.6).contains(&end), "{end}");
}

/// The whole line, both ways, and its end.
#[test]
fn critical_line() {
    let mut findings = Findings::default();
    let model = with("extreme");
    let whole = phase_diagram(&model, &PhaseRequest::default()).expect("a diagram");
    assert_eq!(whole.lines.len(), 1);
    findings.close("end", Some(whole.special[0].alpha), std::f64::consts::FRAC_2_PI, 1e-14);
    for point in whole.lines[0].points.iter().step_by(9) {
        let alpha = point.alpha.expect("a load");
        let request = PhaseRequest { alphas: Some(vec![alpha]), temperatures: None };
        let back = phase_diagram(&model, &request).expect("a diagram").lines[0].points[0].temperature;
        findings.close("back", Some(back), point.temperature, 1e-7);
        if point.temperature > 0.0 {
            let slope =
                OverlapMap::new(&model, Control::new(alpha, point.temperature)).expect("a map").slope(0.0);
            findings.close("slope", Some(slope), 1.0, 1e-12);
        }
    }
    findings.settle(12);
}

/// Two replicas of an extremely diluted network agree less than a replica's frozen part says.
#[test]
fn replicas() {
    let state = |temperature: f64| {
        predict(&with("extreme"), Control::new(0.35, temperature), Guess::Retrieval).expect("a state")
    };
    let warm = state(0.15);
    let frozen = warm.activity - 0.15 * warm.chi;
    assert!(warm.q < frozen - 0.01 && warm.q > warm.m[0] * warm.m[0], "{} {frozen}", warm.q);
    // T = 0 is the limit T → 0; by an independent two-replica map.
    for (alpha, q) in
        [(0.1, 0.999_962), (0.2, 0.992_687), (0.3, 0.946_182), (0.4, 0.830_003), (0.5, 0.617_015)]
    {
        let found = predict(&with("extreme"), Control::new(alpha, 0.0), Guess::Retrieval).expect("a state");
        assert!((found.q - q).abs() < 1e-6, "α = {alpha}: {}", found.q);
    }
    let none = predict(&with("extreme"), Control::new(0.35, 0.15), Guess::SpinGlass).expect("a state");
    assert_eq!((none.kind, none.q), (StateKind::Paramagnet, 0.0));
    // Any noise separates them: q does not tend to 1 with T.
    assert!(state(1e-3).q < 0.9, "{}", state(1e-3).q);
}
