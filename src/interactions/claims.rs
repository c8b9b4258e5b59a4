//! What has been said of activation functions and the interactions they induce, at the weights asked for.

use mattis_model::{Encoding, Unit};
use mattis_theory::interactions::{Measure, RandomWeights, Rise, crossover, first_rise};
use rayon::prelude::*;

use super::InteractionsError;
use super::machines::Ensemble;
use crate::output::Table;
use crate::output::number::{UNKNOWN, significant};

/// Orders that are looked at.
const ORDERS: usize = 6;

fn pairwise_only(law: &RandomWeights) -> Result<String, InteractionsError> {
    let sizes = law.sizes(ORDERS)?;
    let beyond = sizes.iter().skip(2).fold(0.0_f64, |largest, size| largest.max(*size));
    Ok(if beyond == 0.0 {
        "yes: orders above 2 vanish".into()
    } else {
        format!("no: up to {}", significant(Some(beyond), 3))
    })
}

fn low_orders_dominate(law: &RandomWeights) -> Result<String, InteractionsError> {
    Ok(match law.rise(ORDERS)? {
        None => format!("yes, to order {}", ORDERS.min(law.visible)),
        Some(Rise { low, high, .. }) => format!("no: order {high} exceeds {low}"),
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

/// Up to which σ every order is smaller than the one below it; in words.
fn limit(law: &RandomWeights) -> Result<String, InteractionsError> {
    Ok(match first_rise(law, ORDERS, RANGE)? {
        None => format!("0/1: to σ = {} at least", RANGE.1),
        Some(Rise { sigma, low, high }) if sigma == RANGE.0 => {
            format!("0/1: order {high} exceeds {low} at σ = {sigma} already")
        }
        Some(Rise { sigma, low, high }) => {
            format!("0/1: to σ = {}, where order {high} overtakes {low}", significant(Some(sigma), 2))
        }
    })
}

/// The claim about one unit, in words: what it says, whether it holds in either encoding, and where.
fn row(ensemble: &Ensemble, unit: &Unit) -> Result<Option<[String; 4]>, InteractionsError> {
    let laws = Encoding::ALL.map(|encoding| ensemble.law(unit, encoding));
    let [bits, spins] = &laws;
    let (claim, [first, second], limit) = match unit.name() {
        "gaussian" => {
            let said = [pairwise_only(bits)?, pairwise_only(spins)?];
            ("linear units: pairwise only", said, "always; in 0/1 they add fields too".to_owned())
        }
        "poisson" if bits.visible > 1 => {
            let said = [higher_orders_stronger(bits)?, higher_orders_stronger(spins)?];
            let limit = format!(
                "0/1: {}, {}, {}; ±1: {}",
                overtakes(bits, Measure::Rms, "rms")?,
                overtakes(bits, Measure::Mean, "mean")?,
                overtakes(bits, Measure::Typical, "typical")?,
                overtakes(spins, Measure::Rms, "rms")?
            );
            ("exponential units: higher orders are stronger", said, limit)
        }
        "binary" | "threshold-linear" => {
            let said = [low_orders_dominate(bits)?, low_orders_dominate(spins)?];
            let claim = if unit.name() == "binary" {
                "step units: low orders dominate"
            } else {
                "ReLU units: low orders dominate"
            };
            (claim, said, limit(bits)?)
        }
        _ => return Ok(None),
    };
    Ok(Some([claim.to_owned(), first, second, limit]))
}

/// The claims about those of the units that they speak of; `None` if they speak of none.
pub(crate) fn claims(ensemble: &Ensemble, units: &[Unit]) -> Result<Option<Table>, InteractionsError> {
    let heads = ["claim", "0/1, at this σ", "±1, at this σ", "holds"];
    let mut table = Table::new(heads).words(3).closing_words();
    let rows: Vec<_> = units.par_iter().map(|unit| row(ensemble, unit)).collect::<Result<_, _>>()?;
    for row in rows.into_iter().flatten() {
        table.push(row);
    }
    Ok((!table.rows.is_empty()).then_some(table))
}
