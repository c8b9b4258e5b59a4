//! What has been said of activation functions and the interactions they induce, at the weights asked for.

use mattis_model::{Encoding, Unit};
use mattis_theory::interactions::{Measure, RandomWeights, crossover};
use rayon::prelude::*;

use super::InteractionsError;
use super::machines::Ensemble;
use crate::output::Table;
use crate::output::number::{UNKNOWN, significant};

/// Orders that are looked at.
const ORDERS: usize = 6;

/// The sizes √E J² of the orders 1 … 6, 0 where they vanish.
fn sizes(law: &RandomWeights) -> Result<Vec<f64>, InteractionsError> {
    let orders = (1..=ORDERS.min(law.visible)).into_par_iter();
    let size = |order| {
        let moments = law.moments(order)?;
        Ok(if moments.rms > moments.error { moments.rms } else { 0.0 })
    };
    orders.map(size).collect()
}

/// The first order that is at least as large as the last one before it which does not vanish.
fn first_rise(sizes: &[f64]) -> Option<(usize, usize)> {
    let there: Vec<usize> = (0..sizes.len()).filter(|k| sizes[*k] > 0.0).collect();
    there.windows(2).find(|pair| sizes[pair[1]] >= sizes[pair[0]]).map(|pair| (pair[0] + 1, pair[1] + 1))
}

fn pairwise_only(law: &RandomWeights) -> Result<String, InteractionsError> {
    let sizes = sizes(law)?;
    let beyond = sizes.iter().skip(2).fold(0.0_f64, |largest, size| largest.max(*size));
    Ok(if beyond == 0.0 {
        "yes: orders above 2 vanish".into()
    } else {
        format!("no: up to {}", significant(Some(beyond), 3))
    })
}

fn low_orders_dominate(law: &RandomWeights) -> Result<String, InteractionsError> {
    Ok(match first_rise(&sizes(law)?) {
        None => format!("yes, to order {}", ORDERS.min(law.visible)),
        Some((low, high)) => format!("no: order {high} exceeds {low}"),
    })
}

fn higher_orders_stronger(law: &RandomWeights) -> Result<String, InteractionsError> {
    let (first, second) = (law.moments(1)?, law.moments(2)?);
    let mut said = Vec::new();
    // A moment beyond the largest number says nothing.
    let word = |low: f64, high: f64| match (low.is_finite() && high.is_finite(), high > low) {
        (false, _) => UNKNOWN,
        (true, true) => "yes",
        (true, false) => "no",
    };
    said.push(format!("rms {}", word(first.rms, second.rms)));
    if law.encoding == Encoding::ZeroOne {
        said.push(format!("mean {}", word(first.mean.abs(), second.mean.abs())));
        if law.sigma > 0.0 {
            let size = |order| law.typical(order).unwrap_or(f64::NAN);
            said.push(format!("typical {}", word(size(1), size(2))));
        }
    }
    Ok(said.join(", "))
}

/// Where the second order overtakes the first by a measure.
fn overtakes(law: &RandomWeights, measure: Measure, name: &str) -> Result<String, InteractionsError> {
    let found = crossover(law, measure, 1)?;
    Ok(match found {
        None => format!("{name} never"),
        Some(sigma) => format!("{name} beyond σ = {}", significant(Some(sigma), 6)),
    })
}

/// The range of σ in which the orders are looked at.
const RANGE: (f64, f64) = (0.25, 12.0);
const STEPS: i32 = 7;

/// The least σ at which an order is as large as the one below it, found between steps of σ; in words.
fn limit(law: &RandomWeights) -> Result<String, InteractionsError> {
    let at = |sigma: f64| sizes(&RandomWeights { sigma, ..law.clone() });
    let step = (RANGE.1 / RANGE.0).powf(1.0 / f64::from(STEPS));
    let grid: Vec<f64> = (0..=STEPS).map(|i| RANGE.0 * step.powi(i)).collect();
    let found = grid.par_iter().map(|sigma| at(*sigma)).collect::<Result<Vec<_>, _>>()?;
    let Some(place) = found.iter().position(|sizes| first_rise(sizes).is_some()) else {
        return Ok(format!("0/1: to σ = {} at least", RANGE.1));
    };
    let Some((low_order, high_order)) = first_rise(&found[place]) else { return Ok(String::new()) };
    if place == 0 {
        return Ok(format!("0/1: order {high_order} exceeds {low_order} at σ = {} already", RANGE.0));
    }
    let (mut low, mut high) = (grid[place - 1], grid[place]);
    for _ in 0..6 {
        let middle = (low * high).sqrt();
        if first_rise(&at(middle)?).is_some() { high = middle } else { low = middle }
    }
    let (below, above) = first_rise(&at(high)?).unwrap_or((low_order, high_order));
    Ok(format!("0/1: to σ = {}, where order {above} overtakes {below}", significant(Some(high), 2)))
}

/// The claims about those of the units that they speak of; `None` if they speak of none.
pub(crate) fn claims(ensemble: &Ensemble, units: &[Unit]) -> Result<Option<Table>, InteractionsError> {
    let heads = ["claim", "0/1, at this σ", "±1, at this σ", "holds"];
    let mut table = Table::new(heads).words(3).closing_words();
    for unit in units {
        let laws = Encoding::ALL.map(|encoding| ensemble.law(unit, encoding));
        let (claim, said, limit) = match unit.name() {
            "gaussian" => {
                let said = [pairwise_only(&laws[0])?, pairwise_only(&laws[1])?];
                ("linear units: pairwise only", said, "always; in 0/1 they add fields too".to_owned())
            }
            "poisson" if laws[0].visible > 1 => {
                let said = [higher_orders_stronger(&laws[0])?, higher_orders_stronger(&laws[1])?];
                let at = |law: usize, measure, name| overtakes(&laws[law], measure, name);
                let limit = format!(
                    "0/1: {}, {}, {}; ±1: {}",
                    at(0, Measure::Rms, "rms")?,
                    at(0, Measure::Mean, "mean")?,
                    at(0, Measure::Typical, "typical")?,
                    at(1, Measure::Rms, "rms")?
                );
                ("exponential units: higher orders are stronger", said, limit)
            }
            "binary" | "threshold-linear" => {
                let said = [low_orders_dominate(&laws[0])?, low_orders_dominate(&laws[1])?];
                let claim = if unit.name() == "binary" {
                    "step units: low orders dominate"
                } else {
                    "ReLU units: low orders dominate"
                };
                (claim, said, limit(&laws[0])?)
            }
            _ => continue,
        };
        let [first, second] = said;
        table.push([claim.to_owned(), first, second, limit]);
    }
    Ok((!table.rows.is_empty()).then_some(table))
}
