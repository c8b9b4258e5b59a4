//! Size of the couplings of each order that four activation functions induce, Bulso and Roudi (2021), di Sarra, Bravi and
//! Roudi (2025).

use mattis_figures::{Figure, Plot, recipes};
use mattis_model::Encoding;
use mattis_model::record::InteractionsRecord;
use mattis_theory::TheoryError;

use super::{Check, Effort, Recipe};
use crate::interactions::{Ensemble, Origin, record};
use crate::records::Records;
use crate::study::InteractionsSection;

pub(super) const RECIPE: Recipe = Recipe {
    name: "rbm-activations",
    shows: "Couplings of one hidden unit with independent normal weights of standard deviation σ on eight visible units: √⟨J²⟩ by \
            order. Filled and solid: visible units 0/1, open and dashed: ±1. Lines are exact averages over the weights, points \
            are machines with drawn weights. Linear units (gaussian) induce pairs only; step and ReLU units mostly low \
            orders; the exponential activation (Poisson) in 0/1 higher ones the more the higher σ is, in ±1 never. Odd orders \
            of step units vanish in ±1. Sampled moments of the log-normal couplings of Poisson units converge at small σ and low orders only: other points are \
            left out, and so are their sizes where they leave the frame (±1 from σ = 1, 0/1 at σ = 2).",
    source: "Bulso & Roudi, Neural Comput. 33, 2646 (2021); di Sarra, Bravi & Roudi, EPL (2025)",
    request: |_| None,
    experiments: None,
    solve,
    checks,
    draw,
};

const UNITS: [&str; 4] = ["gaussian", "binary", "threshold-linear", "poisson"];
const SIGMAS: [f64; 3] = [0.5, 1.0, 2.0];
const VISIBLE: usize = 8;

/// √E J² in 0/1 of the orders 1 … 5, by unit and σ, to the digits that are stated.
const LISTED: [(&str, f64, [f64; 5]); 11] = [
    ("gaussian", 0.5, [0.2165, 0.25, 0.0, 0.0, 0.0]),
    ("gaussian", 1.0, [0.8660, 1.0, 0.0, 0.0, 0.0]),
    ("gaussian", 2.0, [3.464, 4.0, 0.0, 0.0, 0.0]),
    ("binary", 0.5, [0.2553, 0.0564, 0.00709, 0.00455, 0.00200]),
    ("binary", 1.0, [0.5332, 0.1870, 0.0536, 0.0396, 0.0299]),
    ("binary", 2.0, [1.153, 0.5335, 0.2584, 0.2311, 0.2270]),
    ("threshold-linear", 0.5, [0.4205, 0.1023, 0.0267, 0.00504, 0.00266]),
    ("threshold-linear", 1.0, [0.9704, 0.4833, 0.1756, 0.0591, 0.0445]),
    ("threshold-linear", 2.0, [2.821, 2.245, 0.9363, 0.4568, 0.4058]),
    ("poisson", 0.5, [0.6184, 0.3824, 0.2365, 0.1462, 0.0904]),
    ("poisson", 1.0, [2.2565, 5.0916, 11.489, 25.925, 58.498]),
];

fn solve(effort: Effort) -> Result<Records, TheoryError> {
    let samples = match effort {
        Effort::Quick => 200,
        Effort::Normal => 1000,
        Effort::Full => 20_000,
    };
    let section =
        InteractionsSection { order: Some(VISIBLE), top: Some(0), ..InteractionsSection::default() };
    let mut interactions = Vec::new();
    for sigma in SIGMAS {
        let ensemble =
            Ensemble { visible: VISIBLE, hidden: 1, mean: 0.0, sigma, bias: 0.0, samples, seed: 1 };
        for unit in UNITS {
            for encoding in Encoding::ALL {
                let of = (&unit.parse()?, encoding);
                interactions.push(record(&Origin::Random(ensemble), of, &section, &|| false)?);
            }
        }
    }
    Ok(Records { interactions, ..Records::default() })
}

fn found<'a>(
    records: &'a Records,
    unit: &str,
    sigma: f64,
    encoding: Encoding,
) -> Option<&'a InteractionsRecord> {
    let fits = |record: &&InteractionsRecord| {
        record.unit.name() == unit && record.sigma == Some(sigma) && record.encoding == encoding
    };
    records.interactions.iter().find(fits)
}

fn checks(records: &Records) -> Vec<Check> {
    let mut checks = Vec::new();
    for (unit, sigma, listed) in LISTED {
        for (order, published) in (1..).zip(listed) {
            let computed = found(records, unit, sigma, Encoding::ZeroOne)
                .and_then(|record| record.orders.get(order - 1)?.theory_rms);
            let quantity = format!("√E J² of order {order}, {unit}, σ = {sigma}, 0/1");
            // Half a unit of the last decimal as listed; what vanishes vanishes to rounding.
            let decimals = if published < 0.01 {
                5
            } else if published < 1.0 {
                4
            } else {
                3
            };
            let tolerance = if published == 0.0 { 1e-12 } else { 0.501 * 10f64.powi(-decimals) };
            checks.push(Check::new(&quantity, computed, published, tolerance, "independent quadrature"));
        }
    }
    // Machines against the ensemble: none of the ratios is far from 1.
    let largest = records
        .interactions
        .iter()
        .flat_map(|record| &record.orders)
        .filter_map(|order| order.z_mean)
        .fold(0.0_f64, |largest, z| largest.max(z.abs()));
    checks.push(Check::new("largest |z| of a sampled mean", Some(largest), 0.0, 5.0, "exact ensemble"));
    checks
}

/// Whether the first orders are in the frame: of Poisson units they leave it.
fn fits(record: &InteractionsRecord) -> bool {
    record.orders.first().is_some_and(|order| order.theory_rms.is_some_and(|rms| rms < 30.0))
}

/// The record without sampled sizes that are not those of the ensemble: log-normal ones do not converge.
fn only_converged(mut record: InteractionsRecord) -> InteractionsRecord {
    let exponential = record.unit.name() == "poisson";
    for order in record.orders.iter_mut().filter(|order| exponential && order.z_rms.is_none()) {
        order.rms = f64::NAN;
    }
    record
}

fn draw(records: &Records) -> Figure {
    let panel = |sigma: f64| {
        let of: Vec<InteractionsRecord> = records
            .interactions
            .iter()
            .filter(|record| record.sigma == Some(sigma) && fits(record))
            .cloned()
            .map(only_converged)
            .collect();
        let mut plot = recipes::interaction_orders(&of)?;
        plot.title = format!("σ = {sigma}");
        let (low, high) = if sigma < 1.0 { (1e-4, 3.0) } else { (1e-3 * sigma, 100.0) };
        plot.y = plot.y.range(low, high);
        Some(plot.size(720, 360))
    };
    let panels: Vec<Plot> = SIGMAS.into_iter().filter_map(panel).collect();
    Figure::new(panels)
}
