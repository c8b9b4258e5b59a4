//! Hebbian capacity of threshold-linear units for four laws of memories, Schönsberg, Roudi and Treves (2021).

use mattis_figures::{Axis, Dash, Figure, PALETTE, Plot, Series};
use mattis_model::record::{CapacityPoint, CapacityRecord};
use mattis_model::{Model, SpecError};
use mattis_theory::{CapacityRequest, Optimised, TheoryError, capacity};

use super::{Check, Effort, Recipe};
use crate::records::Records;

pub(super) const RECIPE: Recipe = Recipe {
    name: "srt2021-capacity",
    shows: "Largest load that Hebbian couplings of threshold-linear units can hold, with the best gain and threshold, for binary, \
            ternary, quaternary and exponential memories, against the active fraction of the memories (above) and against that of \
            the retrieved state (below). Lines: extreme dilution, dashed: full connectivity. Retrieved states of graded memories are \
            sparser than what was stored.",
    source: "Schönsberg, Roudi & Treves, PRL 126, 018301 (2021)",
    request: |_| None,
    experiments: None,
    solve,
    checks,
    draw,
};

const LAWS: [(&str, &str); 4] = [
    ("sparse", "binary"),
    ("ternary", "ternary"),
    ("quaternary", "quaternary"),
    ("exponential", "exponential"),
];
const GRAPHS: [&str; 2] = ["extreme", "full"];

fn model(law: &str, fraction: f64, graph: &str) -> Result<Model, SpecError> {
    Ok(Model {
        unit: "threshold-linear".parse()?,
        patterns: format!("{law}:active-fraction={fraction}").parse()?,
        rule: "covariance:normalised=true".parse()?,
        field: "inhibition".parse()?,
        connectivity: graph.parse()?,
        ..Model::default()
    })
}

/// Active fractions, those of the tables among them.
fn fractions(effort: Effort) -> Vec<f64> {
    let count = if effort == Effort::Quick { 25 } else { 50 };
    let mut all: Vec<f64> =
        (0..count).map(|i| 10f64.powf(-2.0 + 1.95 * f64::from(i) / f64::from(count - 1))).collect();
    all.extend([0.05, 0.1, 0.2, 0.3, 0.5]);
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

fn solve(effort: Effort) -> Result<Records, TheoryError> {
    let request = CapacityRequest { temperature: 0.0, optimise: vec![Optimised::Threshold, Optimised::Gain] };
    let mut records = Vec::new();
    for (law, _) in LAWS {
        for fraction in fractions(effort) {
            let models: Vec<Model> =
                GRAPHS.iter().map(|graph| model(law, fraction, graph)).collect::<Result<_, _>>()?;
            let points = models
                .iter()
                .map(|model| capacity(model, &request))
                .collect::<Result<Vec<_>, TheoryError>>()?;
            records.push(CapacityRecord { model: models[0].clone(), points });
        }
    }
    Ok(Records { capacity: records, ..Records::default() })
}

/// The capacities of a law on a graph.
fn curve<'a>(records: &'a Records, law: &str, graph: &str) -> Vec<&'a CapacityPoint> {
    let of_law = records.capacity.iter().filter(|record| record.model.patterns.name() == law);
    of_law.flat_map(|record| &record.points).filter(|point| point.connectivity.starts_with(graph)).collect()
}

fn checks(records: &Records) -> Vec<Check> {
    const DILUTED: &str = "the diluted equations of the paper, solved independently";
    const FULL: &str = "Treves, J. Phys. A 23, 2631 (1990), solved independently";
    let tables: [(&str, &str, f64, f64); 12] = [
        ("sparse", "extreme", 0.1, 0.985_522_94),
        ("ternary", "extreme", 0.1, 1.603_863_73),
        ("quaternary", "extreme", 0.1, 4.123_914_24),
        ("exponential", "extreme", 0.1, 2.548_269_29),
        ("sparse", "extreme", 0.3, 0.559_140_59),
        ("ternary", "extreme", 0.3, 0.811_885_06),
        ("quaternary", "extreme", 0.3, 1.884_640_53),
        ("exponential", "extreme", 0.3, 1.247_995_31),
        ("sparse", "full", 0.1, 0.361_692_06),
        ("ternary", "full", 0.1, 0.975_082_14),
        ("quaternary", "full", 0.1, 3.526_808_36),
        ("exponential", "full", 0.1, 1.950_979_80),
    ];
    let at = |law: &str, graph: &str, fraction: f64| {
        curve(records, law, graph)
            .into_iter()
            .find(|point| point.active_fraction.is_some_and(|f| (f - fraction).abs() < 1e-12))
    };
    let mut checks: Vec<Check> = tables
        .iter()
        .map(|(law, graph, fraction, alpha)| {
            let found = at(law, graph, *fraction).map(|point| point.alpha_c);
            let source = if *graph == "full" { FULL } else { DILUTED };
            Check::new(&format!("α_c, {law} memories, f = {fraction}, {graph}"), found, *alpha, 1e-8, source)
        })
        .collect();
    let retrieved = at("quaternary", "extreme", 0.1);
    let fraction = retrieved.and_then(|point| point.retrieved_activity);
    let correlation = retrieved.and_then(|point| point.correlation);
    checks.push(Check::new(
        "retrieved active fraction of quaternary memories, f = 0.1",
        fraction,
        0.025,
        5e-4,
        DILUTED,
    ));
    checks.push(Check::new("its correlation with the memory", correlation, 0.62, 5e-3, DILUTED));
    checks.push(Check::new(
        "α_c of binary memories, f = 0.5: the floor of a continuous transition",
        at("sparse", "extreme", 0.5).map(|point| point.alpha_c),
        0.5,
        1e-12,
        "s → 0 in the equations",
    ));
    checks
}

type Abscissa = fn(&CapacityPoint) -> Option<f64>;

fn draw(records: &Records) -> Figure {
    let panels: [(&str, Abscissa); 2] = [
        ("active fraction f of the memories", |point| point.active_fraction),
        ("active fraction of the retrieved state", |point| point.retrieved_activity),
    ];
    let panel = |(label, abscissa): &(&str, Abscissa)| {
        let mut plot = Plot::new("", Axis::new(label).log(), Axis::new("capacity α_c").log());
        for (k, (law, name)) in LAWS.iter().enumerate() {
            for (graph, dash) in GRAPHS.iter().zip([Dash::Solid, Dash::Dashed]) {
                let line: Vec<(f64, f64)> = curve(records, law, graph)
                    .iter()
                    .filter_map(|point| Some((abscissa(point)?, point.alpha_c)))
                    .collect();
                let label = if *graph == "extreme" { *name } else { "" };
                plot = plot
                    .with(Series::line(label, line).color(PALETTE[k % PALETTE.len()]).dash(dash).width(2.0));
            }
        }
        plot.y = plot.y.range(0.01, 40.0);
        plot
    };
    let mut plots: Vec<Plot> = panels.iter().map(panel).collect();
    plots[0].title = "Hebbian capacity of threshold-linear units".into();
    Figure::new(plots)
}
