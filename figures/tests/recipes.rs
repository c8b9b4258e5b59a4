//! Records as plots.

use mattis_figures::recipes::{observable_curve, overlap_curve, phase_diagram, theory_pieces, z_scores};
use mattis_figures::{Dash, Mark, Plot, Range, Series, Ticks};
use mattis_model::Model;
use mattis_model::record::{ComparisonRecord, PhaseRecord, SimulationRecord, SolveRecord};
use serde_json::{Value, json};

fn read<T: serde::de::DeserializeOwned>(mut record: Value) -> T {
    record["model"] = serde_json::to_value(Model::hopfield()).expect("a model is plain data");
    serde_json::from_value(record).expect("a record")
}

fn labels(plot: &Plot) -> Vec<&str> {
    plot.series.iter().filter_map(|series| series.label.as_deref()).collect()
}

fn series<'a>(plot: &'a Plot, label: &str) -> &'a Series {
    plot.series.iter().find(|series| series.label.as_deref() == Some(label)).expect(label)
}

fn points(series: &Series) -> Vec<(f64, f64)> {
    match &series.mark {
        Mark::Line { points, .. } | Mark::Points { points, .. } => points.clone(),
        other => panic!("no points in {other:?}"),
    }
}

fn comparison() -> ComparisonRecord {
    let row = |alpha: f64, observable: &str, z: Value, verdict: &str| {
        json!({"alpha": alpha, "temperature": 0.3, "update": "sequential", "p": 50, "observable": observable,
            "theory": 0.99, "simulation": 0.99, "error": 1e-4, "z": z, "resolution": 5e-4, "verdict": verdict,
            "neurons": [1000], "extrapolated": false, "escaped": 0})
    };
    let rows = [
        row(0.05, "m", json!(0.5), "agree"),
        row(0.05, "q", json!(6.0), "disagree"),
        row(0.1, "m", json!(-1.5), "agree"),
        row(0.12, "m", Value::Null, "inconclusive"),
    ];
    read(json!({"rows": rows, "chi_squared": null, "degrees": 0, "p_value": null, "agree": false}))
}

fn phases() -> PhaseRecord {
    let point = |alpha: f64, temperature: f64| json!({"alpha": alpha, "temperature": temperature, "m": null});
    read(json!({
        "lines": [
            {"name": "retrieval_spinodal", "points": [point(0.0, 1.0), point(0.05, 0.5), point(0.1379, 0.0)]},
            {"name": "spin_glass", "points": [point(0.0, 1.0), point(1.0, 2.0)]},
            {"name": "mixture_3", "points": [point(0.0, 0.46), point(0.03, 0.0)]},
            {"name": "some_new_line", "points": [{"temperature": 0.2, "m": null}]},
        ],
        "special": [{"name": "alpha_c", "alpha": 0.1379056, "temperature": 0.0, "m": 0.967}],
    }))
}

#[test]
fn a_phase_diagram_names_its_lines_and_looks_where_retrieval_is() {
    let plot = phase_diagram(&phases(), None);
    assert_eq!(labels(&plot), ["retrieval T_{M}", "spin glass T_{g}", "3-mixtures", "some new line"]);
    assert!(matches!(plot.x.range, Range::Given(low, high) if low == 0.0 && (high - 0.16).abs() < 1e-12));
    assert!(matches!(plot.y.range, Range::Given(low, high) if low == 0.0 && (high - 1.2).abs() < 1e-12));
    assert_eq!(points(series(&plot, "some new line")), [(0.0, 0.2), (0.16, 0.2)]);
    assert_eq!(plot.annotations[0].text, "α_{c} = 0.1379");
    assert!(plot.to_svg().expect("SVG").contains("<title>αc (0.137906, 0)</title>"));
}

#[test]
fn a_control_point_has_the_worst_of_its_verdicts() {
    let plot = phase_diagram(&phases(), Some(&comparison()));
    assert_eq!(points(series(&plot, "simulation agrees")), [(0.1, 0.3)]);
    assert_eq!(points(series(&plot, "simulation disagrees")), [(0.05, 0.3)]);
    assert_eq!(points(series(&plot, "inconclusive")), [(0.12, 0.3)]);
    assert_eq!(series(&plot, "simulation disagrees").names, ["simulation disagrees, largest |z| 6.0"]);
    assert!(plot.to_png().is_ok());
}

#[test]
fn lines_in_a_field_and_empty_records_draw() {
    let line = json!({"name": "at", "points": [{"field": 0.0, "temperature": 1.0, "m": null},
        {"field": 0.4, "temperature": 0.6, "m": null}]});
    let plot = phase_diagram(&read(json!({"lines": [line], "special": []})), None);
    assert_eq!(plot.x.label, "field h");
    assert_eq!(points(&plot.series[0]), [(0.0, 1.0), (0.4, 0.6)]);
    let only = json!({"name": "spin_glass", "points": [{"temperature": 1.0, "m": null}]});
    assert!(phase_diagram(&read(json!({"lines": [only], "special": []})), None).to_svg().is_ok());
    assert!(phase_diagram(&read(json!({"lines": [], "special": []})), None).to_svg().is_ok());
    let none: ComparisonRecord =
        read(json!({"rows": [], "chi_squared": null, "degrees": 0, "p_value": null, "agree": true}));
    assert!(z_scores(&none).to_svg().is_ok());
}

#[test]
fn z_scores_have_bands_rows_and_verdicts() {
    let plot = z_scores(&comparison());
    assert_eq!(labels(&plot), ["|z| < 3", "|z| < 2", "|z| < 1", "agree", "disagree", "no z"]);
    assert_eq!(points(series(&plot, "agree")), [(0.0, 0.5), (2.0, -1.5)]);
    assert_eq!(points(series(&plot, "no z")), [(3.0, 0.0)]);
    let Ticks::Named(rows) = &plot.x.ticks else { panic!("rows are named") };
    assert_eq!(rows[1], (1.0, "α=0.05 T=0.3 seq q".to_owned()));
    let svg = plot.to_svg().expect("SVG");
    assert!(svg.contains("<title>α=0.05 T=0.3 seq q (1, 6)</title>"));
}

fn solved() -> SolveRecord {
    let state = |kind: &str, m: f64, stable: bool| {
        json!({"kind": kind, "m": [m], "q": m * m, "activity": 1.0, "delta": 0.1, "r": null, "chi": 0.1,
            "free_energy": null, "energy": null, "entropy": null, "replicon": null, "locally_stable": stable,
            "replica_stable": null, "residual": 0.0, "exit": "converged"})
    };
    read(json!({"points": [
        {"alpha": 0.1, "temperature": 0.3, "states": [state("retrieval", 0.9, true), state("retrieval", 0.4, false)]},
        {"alpha": 0.05, "temperature": 0.3, "states": [state("retrieval", 0.98, true), state("retrieval", 0.2, false)]},
        {"alpha": 0.13, "temperature": 0.3, "states": [state("spin_glass", 0.0, true)]},
        {"alpha": 0.14, "temperature": 0.4, "states": [state("retrieval", 0.5, true)]},
    ]}))
}

fn simulated() -> SimulationRecord {
    let point = |alpha: f64, neurons: usize, temperature: f64, value: Value| {
        let estimate = json!({"name": "m", "value": value, "error": 0.01, "thermal_error": null,
            "sample_error": null, "tau": null, "n_eff": null});
        json!({"alpha": alpha, "alpha_requested": alpha, "temperature": temperature, "update": "sequential",
            "neurons": neurons, "p": 5, "samples": 4, "escaped": 0, "observables": [estimate]})
    };
    let protocol = json!({"neurons": [1000], "samples": 4, "sweeps": 10, "burn_in": 1, "seed": 1,
        "start": "pattern", "dynamics": "heat-bath", "order": "random"});
    let measured = [
        point(0.05, 1000, 0.3, json!(0.97)),
        point(0.1, 1000, 0.3, json!(0.9)),
        point(0.05, 500, 0.3, json!(0.96)),
        point(0.05, 500, 0.7, json!(0.1)),
        point(0.12, 500, 0.3, Value::Null),
    ];
    read(json!({"simulation": protocol, "points": measured}))
}

#[test]
fn branches_are_sorted_by_load_and_told_apart() {
    let pieces = theory_pieces(&solved(), "m", 0.3);
    assert_eq!(pieces.len(), 3);
    assert_eq!((pieces[0].label.as_str(), pieces[0].stable), ("retrieval", true));
    assert_eq!(pieces[0].points[..2], [(0.05, 0.98), (0.1, 0.9)]);
    assert_eq!((pieces[1].stable, pieces[1].points[1]), (false, (0.1, 0.4)));
    assert_eq!(pieces[2].points.last(), Some(&(0.13, 0.0)));
    assert!(theory_pieces(&solved(), "free_energy", 0.3).is_empty());
}

#[test]
fn curves_show_theory_and_each_size() {
    let plot = overlap_curve(0.3, &theory_pieces(&solved(), "m", 0.3), Some(&simulated()));
    assert_eq!(labels(&plot), ["retrieval", "retrieval, unstable", "spin glass", "N = 500", "N = 1000"]);
    let Mark::Line { stroke, .. } = series(&plot, "retrieval, unstable").mark else { panic!("a line") };
    assert_eq!(stroke.dash, Dash::Dashed);
    let Mark::PointsWithErrors { points, .. } = &series(&plot, "N = 500").mark else { panic!("errors") };
    assert_eq!(points.len(), 1, "another temperature and an unknown value stay out");
    assert!(plot.to_svg().expect("SVG").contains("<title>N = 500 (0.05, 0.96 ± 0.01)</title>"));
    assert_eq!(observable_curve("chi", 0.3, &[], None).y.label, "χ");
}
