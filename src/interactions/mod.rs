//! Couplings that hidden units induce: machines of given or random weights, their couplings, and what the exact ensemble
//! says of them.

mod claims;
mod enumerated;
mod machines;
mod scanned;

use mattis_model::record::{InteractionOrder, InteractionsRecord, Surroundings};
use mattis_model::{Encoding, Machine, SpecError, Unit, Unsupported};
use mattis_sim::SimError;
use mattis_theory::TheoryError;
use mattis_theory::interactions::{MAX_SITES, Scan, coupling};
use rayon::prelude::*;

use crate::study::InteractionsSection;

pub(crate) use claims::claims;
pub(crate) use machines::{Ensemble, Origin};

use enumerated::Shown;

/// Couplings that could not be found. The message is one line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InteractionsError {
    /// The request says something impossible.
    #[error("{0}")]
    Spec(#[from] SpecError),
    /// The theory does not have them.
    #[error("{0}")]
    Theory(TheoryError),
    /// Weights could not be drawn.
    #[error("{0}")]
    Draw(#[from] SimError),
    /// Weights could not be read.
    #[error("weights: {0}")]
    Weights(String),
    /// Weights that are no machine.
    #[error("weights: {0}")]
    Unfit(String),
    /// Somebody stopped the run.
    #[error("couplings of {order} sites: stopped before the end, nothing is kept")]
    Stopped {
        /// The order that was being walked through.
        order: usize,
    },
}

impl From<TheoryError> for InteractionsError {
    fn from(error: TheoryError) -> Self {
        match error {
            TheoryError::Spec(error) => Self::Spec(error),
            other => Self::Theory(other),
        }
    }
}

/// A failure of what a recipe asks for by itself, as one of the theory.
impl From<InteractionsError> for TheoryError {
    fn from(error: InteractionsError) -> Self {
        match error {
            InteractionsError::Theory(error) => error,
            InteractionsError::Spec(error) => error.into(),
            other => SpecError::out_of_range("machine", other, "weights that can be drawn").into(),
        }
    }
}

/// The couplings of one unit in one encoding.
pub(crate) fn record(
    origin: &Origin,
    (unit, encoding): (&Unit, Encoding),
    section: &InteractionsSection,
    stopped: &(dyn Fn() -> bool + Sync),
) -> Result<InteractionsRecord, InteractionsError> {
    let visible = origin.visible();
    let machine = origin.machine(unit, encoding, 0)?;
    let ensemble = origin.ensemble();
    let small = visible <= MAX_SITES;
    let most = section.order.unwrap_or(if small { 6 } else { 3 });
    let mut out = InteractionsRecord {
        unit: unit.clone(),
        encoding,
        visible,
        hidden: machine.hidden_units(),
        sigma: ensemble.map(|e| e.sigma),
        mean: ensemble.map(|e| e.mean),
        bias: ensemble.map(|e| e.bias),
        samples: origin.samples(),
        orders: Vec::new(),
        couplings: Vec::new(),
        log_z: None,
        around: surroundings(&machine, section)?,
        sizes: Vec::new(),
        notes: Vec::new(),
    };
    if let Some(formal) = unit.formal() {
        out.notes.push(format!("{}: {formal}.", unit.name()));
    }
    if encoding == Encoding::PlusMinus && section.order.is_none_or(|order| order < visible) {
        out.notes.push("±1: a coupling depends on the weights of all sites, not of its own alone.".into());
    }
    let shown = match (section.list, section.top) {
        (Some(true), _) => Shown::All,
        (_, top) => Shown::Largest(top.unwrap_or(10)),
    };
    if small {
        let most = most.min(visible);
        let found = enumerated::run(origin, (unit, encoding), most, shown)?;
        (out.orders, out.couplings, out.log_z) = (found.orders, found.couplings, Some(found.log_z));
        out.notes.push(format!("Rounding leaves {:.0e} of a coupling.", found.error));
        out.notes.extend(found.notes);
    } else {
        let found = scanned::run(origin, &machine, most, shown, stopped)?;
        (out.orders, out.couplings, out.sizes) = (found.orders, found.couplings, found.sizes);
        out.samples = 1;
        out.notes.extend(found.notes);
    }
    let numbers = |order: &InteractionOrder| [order.mean, order.rms, order.max_abs];
    if let Some(order) = out.orders.iter().find(|order| numbers(order).iter().any(|x| !x.is_finite())) {
        return Err(TheoryError::from(Unsupported::new(
            format!("couplings of order {} of {}", order.order, unit.name()),
            "theory",
            "they, or their squares, are beyond the largest number",
            "smaller weights, or lower orders",
        ))
        .into());
    }
    Ok(out)
}

fn surroundings(
    machine: &Machine,
    section: &InteractionsSection,
) -> Result<Option<Surroundings>, InteractionsError> {
    let Some(sites) = &section.around else { return Ok(None) };
    if !(1..=2).contains(&sites.0.len()) {
        return Err(SpecError::out_of_range("number of sites in around", sites.0.len(), "1 or 2").into());
    }
    let values = match machine.encoding {
        Encoding::ZeroOne => Scan::new(machine, sites.0.len() + 1, 0)?.around(machine, &sites.0)?,
        Encoding::PlusMinus => {
            let with = |site: usize| {
                let all = [&sites.0[..], &[site]].concat();
                if sites.0.contains(&site) {
                    Ok(0.0)
                } else {
                    coupling(machine, &all).map(|found| found.value)
                }
            };
            (0..machine.visible()).into_par_iter().map(with).collect::<Result<_, _>>()?
        }
    };
    let value = |(site, value): (usize, f64)| (!sites.0.contains(&site)).then_some(value);
    Ok(Some(Surroundings {
        sites: sites.0.clone(),
        values: values.into_iter().enumerate().map(value).collect(),
    }))
}
