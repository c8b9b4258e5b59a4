//! Capacity and information of 0/1 units at low activity, Tsodyks and Feigel'man (1988).

use mattis_figures::{Axis, Color, Dash, Figure, PALETTE, Plot, Series};
use mattis_model::record::{CapacityPoint, CapacityRecord};
use mattis_model::{Model, SpecError};
use mattis_theory::{CapacityRequest, Optimised, TheoryError, capacity};

use super::{Check, Effort, Recipe};
use crate::records::Records;

pub(super) const RECIPE: Recipe = Recipe {
    name: "sparse-coding",
    shows: "Units at low activity with the best threshold. Above: the largest load of 0/1 units, fully connected and extremely \
            diluted, of units that are −f or 1 − f, of ±1 units, and the asymptote 1/(2f|ln f|). Middle: how far the capacity is \
            from it; it is approached like ln|ln f|/|ln f|. Below: bits that a retrieved state tells about the memory, per synapse \
            at the capacity, under the limit 1/(2 ln 2).",
    source: "Tsodyks & Feigel'man, Europhys. Lett. 6, 101 (1988)",
    request: |_| None,
    experiments: None,
    solve,
    checks,
    draw,
};

/// A kind of unit: its label, its name at an active fraction, the connectivity.
struct Kind {
    label: &'static str,
    unit: fn(f64) -> String,
    graph: &'static str,
}

const KINDS: [Kind; 4] = [
    Kind { label: "0/1 units, full", unit: |_| "binary".into(), graph: "full" },
    Kind { label: "0/1 units, extremely diluted", unit: |_| "binary".into(), graph: "extreme" },
    Kind {
        label: "units −f, 1 − f, full",
        unit: |f| format!("binary:low={}:high={}", -f, 1.0 - f),
        graph: "full",
    },
    Kind { label: "±1 units, full", unit: |_| "binary:low=-1:high=1".into(), graph: "full" },
];

fn model(kind: &Kind, fraction: f64) -> Result<Model, SpecError> {
    Ok(Model {
        unit: (kind.unit)(fraction).parse()?,
        patterns: format!("sparse:active-fraction={fraction}").parse()?,
        rule: "covariance:normalised=true".parse()?,
        connectivity: kind.graph.parse()?,
        ..Model::default()
    })
}

fn solve(effort: Effort) -> Result<Records, TheoryError> {
    let count = if effort == Effort::Quick { 21 } else { 61 };
    let (low, high) = (1e-4_f64.ln(), 0.5_f64.ln());
    let mut fractions: Vec<f64> =
        (0..count).map(|i| (low + (high - low) * f64::from(i) / f64::from(count - 1)).exp()).collect();
    fractions.extend([1e-4, 1e-3, 0.01, 0.05, 0.1, 0.2, 0.5]);
    fractions.sort_by(f64::total_cmp);
    fractions.dedup_by(|a, b| (*a - *b).abs() < 1e-12);
    let request = CapacityRequest { temperature: 0.0, optimise: vec![Optimised::Threshold] };
    let mut records = Vec::new();
    for kind in &KINDS {
        for fraction in &fractions {
            let model = model(kind, *fraction)?;
            let points = vec![capacity(&model, &request)?];
            records.push(CapacityRecord { model, points });
        }
    }
    Ok(Records { capacity: records, ..Records::default() })
}

fn asymptote(fraction: f64) -> f64 {
    0.5 / (fraction * fraction.ln().abs())
}

/// The capacities of a kind of unit against the active fraction.
fn curve<'a>(records: &'a Records, kind: &Kind) -> Vec<(f64, &'a CapacityPoint)> {
    let point = |record: &'a CapacityRecord| {
        let point = record.points.first()?;
        let fraction = point.active_fraction?;
        let same = model(kind, fraction).is_ok_and(|model| model == record.model);
        same.then_some((fraction, point))
    };
    records.capacity.iter().filter_map(point).collect()
}

fn checks(records: &Records) -> Vec<Check> {
    const EQUATIONS: &str = "the equations of Tsodyks & Feigel'man, solved independently";
    let at = |kind: usize, fraction: f64| {
        curve(records, &KINDS[kind])
            .into_iter()
            .find(|(f, _)| (f - fraction).abs() < 1e-9)
            .map(|(_, point)| point)
    };
    let capacities = [
        (0, 0.5, 0.069_068_21, 1e-8),
        (0, 0.2, 0.193_757_43, 1e-8),
        (0, 0.1, 0.440_967_24, 1e-8),
        (0, 0.05, 0.942_946_54, 1e-8),
        (0, 0.01, 4.367_703_22, 1e-8),
        (0, 0.001, 34.018_591_4, 1e-7),
        (1, 0.5, 0.404_913, 1e-6),
        (1, 0.1, 0.820_489_46, 1e-8),
        (1, 0.001, 34.292_409_0, 1e-7),
        (2, 0.1, 0.484_158_46, 1e-8),
        (3, 0.1, 0.168_608_34, 1e-8),
        (3, 0.01, 0.195_896_65, 1e-8),
    ];
    let mut checks: Vec<Check> = capacities
        .iter()
        .map(|(kind, fraction, alpha, tolerance)| {
            let found = at(*kind, *fraction).map(|point| point.alpha_c);
            Check::new(
                &format!("α_c, {}, f = {fraction}", KINDS[*kind].label),
                found,
                *alpha,
                *tolerance,
                EQUATIONS,
            )
        })
        .collect();
    for (fraction, bits) in [(0.5, 0.0607), (0.1, 0.136), (0.01, 0.216), (1e-4, 0.297)] {
        let found = at(0, fraction).and_then(|point| point.information);
        checks.push(Check::new(
            &format!("bits per synapse, 0/1 units, f = {fraction}"),
            found,
            bits,
            5e-4,
            EQUATIONS,
        ));
    }
    checks.push(Check::new(
        "α_c of units ±1/2 at f = 1/2: Hopfield's",
        at(2, 0.5).map(|point| point.alpha_c),
        0.137_905_566_494_932,
        1e-12,
        "Amit, Gutfreund & Sompolinsky, PRL 55, 1530 (1985)",
    ));
    checks
}

fn draw(records: &Records) -> Figure {
    let mut capacities = Plot::new(
        "Low activity, best threshold",
        Axis::new("active fraction f").log(),
        Axis::new("capacity α_c").log(),
    );
    let mut ratio =
        Plot::new("", Axis::new("active fraction f").log(), Axis::new("α_c × 2f|ln f|")).size(720, 260);
    let mut bits =
        Plot::new("", Axis::new("active fraction f").log(), Axis::new("bits per synapse")).size(720, 260);
    for (k, kind) in KINDS.iter().enumerate() {
        let points = curve(records, kind);
        let color = PALETTE[k % PALETTE.len()];
        let line = |value: &dyn Fn(f64, &CapacityPoint) -> Option<f64>| -> Vec<(f64, f64)> {
            points.iter().filter_map(|(f, point)| Some((*f, value(*f, point)?))).collect()
        };
        capacities = capacities
            .with(Series::line(kind.label, line(&|_, point| Some(point.alpha_c))).color(color).width(2.0));
        // What stays finite as f → 0 has no such asymptote.
        if k < 3 {
            ratio = ratio.with(
                Series::line("", line(&|f, point| Some(point.alpha_c / asymptote(f))))
                    .color(color)
                    .width(2.0),
            );
            bits = bits.with(Series::line("", line(&|_, point| point.information)).color(color).width(2.0));
        }
    }
    let fractions = (0..=100).map(|i| 10f64.powf(-4.0 + 0.037 * f64::from(i)));
    let limit: Vec<(f64, f64)> = fractions.map(|f| (f, asymptote(f))).collect();
    capacities = capacities.with(Series::line("1/(2f|ln f|)", limit).color(Color::BLACK).dash(Dash::Dotted));
    ratio = ratio.with(Series::horizontal("asymptote", 1.0).color(Color::BLACK).dash(Dash::Dotted));
    bits = bits.with(
        Series::horizontal("1/(2 ln 2)", 0.5 / std::f64::consts::LN_2).color(Color::BLACK).dash(Dash::Dotted),
    );
    ratio.y = ratio.y.range(0.0, 1.08);
    bits.y = bits.y.range(0.0, 0.76);
    Figure::new(vec![capacities, ratio, bits])
}
