//! Where couplings of higher orders overtake those of lower ones, di Sarra, Bravi and Roudi (2025).

use mattis_figures::{Axis, Color, Dash, Figure, PALETTE, Plot, Series};
use mattis_model::record::{InteractionOrder, InteractionsRecord};
use mattis_model::{Encoding, Unit};
use mattis_theory::TheoryError;
use mattis_theory::interactions::{Measure, RandomWeights, crossover};
use rayon::prelude::*;

use super::{Check, Effort, Recipe};
use crate::interactions::Ensemble;
use crate::records::Records;

pub(super) const RECIPE: Recipe = Recipe {
    name: "rbm-crossover",
    shows: "Couplings of one hidden unit with independent normal weights of standard deviation σ, visible units 0/1. Above: the \
            second order over the first for the exponential activation, by the rms, the mean and the typical size; every order \
            over the one below it has the same ratio, and each measure has its own σ where it passes 1. Dashed: in ±1, √tanh σ² < 1 at \
            every σ. Middle and below: rms of the orders 1 to 6 over σ for step and ReLU units; low orders dominate until the curves cross.",
    source: "di Sarra, Bravi & Roudi, EPL (2025)",
    request: |_| None,
    experiments: None,
    solve,
    checks,
    draw,
};

const ORDERS: usize = 6;
const UNITS: [&str; 3] = ["poisson", "binary", "threshold-linear"];

/// Exact moments of the orders 1 … `orders`, without machines.
fn moments(law: &RandomWeights, orders: usize) -> Result<InteractionsRecord, TheoryError> {
    let order = |order: usize| {
        let found = law.moments(order)?;
        // What is below its numerical error vanishes.
        let rms = (found.rms > found.error).then_some(found.rms);
        Ok(InteractionOrder {
            order,
            count: 0,
            mean: 0.0,
            mean_abs: 0.0,
            rms: 0.0,
            max_abs: 0.0,
            largest: Vec::new(),
            theory_mean: Some(found.mean),
            theory_rms: rms,
            theory_typical: law.typical(order).ok(),
            z_mean: None,
            z_rms: None,
        })
    };
    Ok(InteractionsRecord {
        unit: law.unit.clone(),
        encoding: law.encoding,
        visible: law.visible,
        hidden: law.hidden,
        sigma: Some(law.sigma),
        mean: Some(law.mean),
        bias: Some(law.bias),
        samples: 0,
        orders: (1..=orders).map(order).collect::<Result<_, TheoryError>>()?,
        couplings: Vec::new(),
        log_z: None,
        around: None,
        sizes: Vec::new(),
        notes: Vec::new(),
    })
}

fn solve(effort: Effort) -> Result<Records, TheoryError> {
    let count = if effort == Effort::Quick { 10 } else { 40 };
    let mut interactions = Vec::new();
    let ensemble =
        Ensemble { visible: ORDERS, hidden: 1, mean: 0.0, sigma: 1.0, bias: 0.0, samples: 0, seed: 1 };
    for unit in UNITS {
        let unit: Unit = unit.parse()?;
        let exponential = unit.name() == "poisson";
        let (low, high) = if exponential { (0.3, 2.0) } else { (0.25, 10.0) };
        let encodings = if exponential { &Encoding::ALL[..] } else { &[Encoding::ZeroOne] };
        let orders = if exponential { 2 } else { ORDERS };
        let points: Vec<(f64, Encoding)> = (0..count)
            .map(|i| low * f64::powf(high / low, f64::from(i) / f64::from(count - 1)))
            .flat_map(|sigma| encodings.iter().map(move |encoding| (sigma, *encoding)))
            .collect();
        let found: Vec<InteractionsRecord> = points
            .into_par_iter()
            .map(|(sigma, encoding)| moments(&Ensemble { sigma, ..ensemble }.law(&unit, encoding), orders))
            .collect::<Result<_, _>>()?;
        interactions.extend(found);
    }
    // The crossings themselves, as points of their own σ.
    let poisson: Unit = "poisson".parse()?;
    for (measure, name) in MEASURES {
        for order in [1, 3] {
            if let Some(sigma) = crossover(&ensemble.law(&poisson, Encoding::ZeroOne), measure, order)? {
                let mut at =
                    moments(&Ensemble { sigma, ..ensemble }.law(&poisson, Encoding::ZeroOne), ORDERS)?;
                at.notes.push(format!("{name}, order {order}"));
                interactions.push(at);
            }
        }
    }
    Ok(Records { interactions, ..Records::default() })
}

const MEASURES: [(Measure, &str); 3] =
    [(Measure::Rms, "rms"), (Measure::Mean, "mean"), (Measure::Typical, "typical")];

fn crossing(records: &Records, name: &str) -> Option<f64> {
    records.interactions.iter().find(|record| record.notes.iter().any(|note| note == name))?.sigma
}

fn curve(
    records: &Records,
    (unit, encoding): (&str, Encoding),
    value: impl Fn(&InteractionsRecord) -> Option<f64>,
) -> Vec<(f64, f64)> {
    let fits = |record: &&InteractionsRecord| {
        record.unit.name() == unit && record.encoding == encoding && record.notes.is_empty()
    };
    let point = |record: &InteractionsRecord| Some((record.sigma?, value(record)?));
    records.interactions.iter().filter(fits).filter_map(point).collect()
}

fn checks(records: &Records) -> Vec<Check> {
    const SOURCE: &str = "closed forms √(⅔ ln 2), √(2 ln 2) and E ln|e^W − 1| = 0";
    let listed = [("rms", 0.679_778), ("mean", 1.177_410), ("typical", 1.687_922)];
    let mut checks = Vec::new();
    for (name, published) in listed {
        for order in [1, 3] {
            let quantity = format!("σ where order {} overtakes {order}, exponential, {name}", order + 1);
            let computed = crossing(records, &format!("{name}, order {order}"));
            checks.push(Check::new(&quantity, computed, published, 0.51e-6, SOURCE));
        }
    }
    let largest = curve(records, ("poisson", Encoding::PlusMinus), ratio(|order| order.theory_rms))
        .into_iter()
        .map(|(sigma, ratio)| (ratio - (sigma * sigma).tanh().sqrt()).abs())
        .fold(0.0, f64::max);
    checks.push(Check::new("ratio of orders in ±1 less √tanh σ²", Some(largest), 0.0, 1e-9, "closed form"));
    checks
}

/// A measure of the size of couplings of one order.
type Size = fn(&InteractionOrder) -> Option<f64>;

/// The second order over the first.
fn ratio(value: Size) -> impl Fn(&InteractionsRecord) -> Option<f64> {
    move |record| match &record.orders[..] {
        [first, second, ..] => Some(value(second)? / value(first)?),
        _ => None,
    }
}

fn draw(records: &Records) -> Figure {
    let mut exponential =
        Plot::new("Exponential activation", Axis::new("σ"), Axis::new("J^{(k+1)}/J^{(k)}").log())
            .size(720, 340)
            .with(Series::horizontal("", 1.0).color(Color::GREY).dash(Dash::Dotted));
    let measures: [(&str, Size); 3] = [
        ("rms", |order| order.theory_rms),
        ("mean", |order| order.theory_mean),
        ("typical", |order| order.theory_typical),
    ];
    for (k, (name, value)) in measures.into_iter().enumerate() {
        let points = curve(records, ("poisson", Encoding::ZeroOne), ratio(value));
        exponential = exponential.with(Series::line(&format!("{name}, 0/1"), points).color(PALETTE[k]));
        if let Some(sigma) = crossing(records, &format!("{name}, order 1")) {
            exponential = exponential.with(Series::vertical("", sigma).color(PALETTE[k]).dash(Dash::Dotted));
        }
    }
    let spins = curve(records, ("poisson", Encoding::PlusMinus), ratio(|order| order.theory_rms));
    exponential = exponential.with(Series::line("rms, ±1", spins).color(PALETTE[0]).dash(Dash::Dashed));
    exponential.y = exponential.y.range(0.1, 20.0);
    let mut panels = vec![exponential];
    for (unit, title) in [("binary", "Step"), ("threshold-linear", "ReLU")] {
        let mut plot = Plot::new(title, Axis::new("σ").log(), Axis::new("√E J²").log()).size(720, 340);
        for order in 1..=ORDERS {
            let points =
                curve(records, (unit, Encoding::ZeroOne), |record| record.orders.get(order - 1)?.theory_rms);
            plot = plot.with(
                Series::line(&format!("order {order}"), points).color(PALETTE[(order - 1) % PALETTE.len()]),
            );
        }
        plot.y = plot.y.range(1e-4, 30.0);
        panels.push(plot);
    }
    Figure::new(panels)
}
