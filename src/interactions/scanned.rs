//! Couplings of one, two and three sites of machines of any size.

use mattis_model::record::{InteractionCoupling, InteractionOrder, InteractionSizes};
use mattis_model::{Encoding, Machine, SpecError};
use mattis_theory::interactions::{
    Coupling, Histogram, MAX_SITES, OrderStatistics, Scan, ScanPart, coupling,
};
use rayon::prelude::*;

use super::InteractionsError;
use super::enumerated::{Shown, least, single_z};
use super::machines::Origin;

pub(super) struct Scanned {
    pub(super) orders: Vec<InteractionOrder>,
    pub(super) couplings: Vec<InteractionCoupling>,
    pub(super) sizes: Vec<InteractionSizes>,
    pub(super) notes: Vec<String>,
}

/// Most terms of a scan: hours.
const MOST_TERMS: f64 = 1e13;

/// Most couplings that are kept of one order.
const MOST: usize = 1_000_000;

pub(super) fn run(
    origin: &Origin,
    machine: &Machine,
    most: usize,
    shown: Shown,
    stopped: &(dyn Fn() -> bool + Sync),
) -> Result<Scanned, InteractionsError> {
    let visible = machine.visible();
    if most > 3 {
        let expected =
            format!("at most 3 with {visible} visible units, all orders up to {MAX_SITES} of them");
        return Err(SpecError::out_of_range("order", most, expected).into());
    }
    if machine.encoding == Encoding::PlusMinus {
        let expected = format!(
            "01 with {visible} visible units: in ±1 a coupling is an average over all 2^N, N at most {MAX_SITES}"
        );
        return Err(SpecError::out_of_range("encoding", machine.encoding, expected).into());
    }
    let terms =
        (0..most).fold(machine.columns() as f64, |terms, k| terms * (visible - k) as f64 / (k + 1) as f64);
    if terms > MOST_TERMS {
        let expected =
            format!("fewer: couplings of {most} sites would be {terms:.0e} terms, at most {MOST_TERMS:.0e}");
        return Err(SpecError::out_of_range("visible units", visible, expected).into());
    }
    let top = match shown {
        Shown::Largest(top) => top.min(MOST),
        Shown::All if visible.pow(most.min(3) as u32) <= MOST => MOST,
        Shown::All => {
            let expected = format!("top, up to {MOST}: there are too many of {visible} visible units");
            return Err(SpecError::out_of_range("list", "true", expected).into());
        }
    };
    let mut out = Scanned { orders: Vec::new(), couplings: Vec::new(), sizes: Vec::new(), notes: Vec::new() };
    let mut kept: Vec<Coupling> = Vec::new();
    for order in 1..=most {
        let (statistics, strongest) = if order == 1 {
            let fields: Vec<Coupling> =
                (0..visible).map(|site| coupling(machine, &[site])).collect::<Result<_, _>>()?;
            let statistics = of_fields(&fields);
            let strongest = fields
                .iter()
                .max_by(|a, b| a.value.abs().total_cmp(&b.value.abs()))
                .map(|field| field.sites.clone());
            if matches!(shown, Shown::All) || least(most) == 1 {
                kept.extend(fields);
            }
            (statistics, strongest)
        } else {
            let found = scan(machine, order, top.max(1), stopped)?;
            out.sizes.push(sizes(order, found.histogram()));
            let largest = found.largest();
            let strongest = largest.first().map(|coupling| coupling.sites.clone());
            kept.extend(largest);
            (found.statistics(), strongest)
        };
        let mut order = InteractionOrder {
            order,
            count: statistics.count,
            mean: statistics.mean,
            mean_abs: statistics.mean_abs,
            rms: statistics.rms,
            max_abs: statistics.max_abs,
            largest: strongest.unwrap_or_default(),
            theory_mean: None,
            theory_rms: None,
            theory_typical: None,
            z_mean: None,
            z_rms: None,
        };
        if let Some(moments) = origin
            .ensemble()
            .and_then(|ensemble| ensemble.law(&machine.hidden, machine.encoding).moments(order.order).ok())
        {
            let known = |value: f64| value.is_finite().then_some(value);
            (order.theory_mean, order.theory_rms) = (known(moments.mean), known(moments.rms));
            order.z_mean = single_z(&order, &moments);
        }
        out.orders.push(order);
    }
    kept.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()).then_with(|| a.sites.cmp(&b.sites)));
    kept.truncate(top);
    if let Some(error) = kept.iter().map(|coupling| coupling.error).reduce(f64::max) {
        out.notes.push(format!("Rounding leaves {error:.0e} of a coupling."));
    }
    if let Shown::All = shown {
        kept.sort_by(|a, b| a.sites.len().cmp(&b.sites.len()).then_with(|| a.sites.cmp(&b.sites)));
    }
    let plain = |coupling: Coupling| InteractionCoupling { sites: coupling.sites, value: coupling.value };
    out.couplings = kept.into_iter().map(plain).collect();
    Ok(out)
}

/// All couplings of one order, by all threads; the result does not depend on their number.
fn scan(
    machine: &Machine,
    order: usize,
    top: usize,
    stopped: &(dyn Fn() -> bool + Sync),
) -> Result<ScanPart, InteractionsError> {
    let scan = Scan::new(machine, order, top)?;
    let joined = (0..scan.parts())
        .into_par_iter()
        .map(|part| if stopped() { None } else { Some(scan.part(part)) })
        .reduce_with(|a, b| Some(a?.merge(b?)));
    match joined {
        Some(Some(found)) => Ok(found),
        Some(None) => Err(InteractionsError::Stopped { order }),
        None => {
            Err(SpecError::out_of_range("visible units", machine.visible(), format!("at least {order}"))
                .into())
        }
    }
}

fn of_fields(fields: &[Coupling]) -> OrderStatistics {
    let count = fields.len() as f64;
    let mean = |value: fn(f64) -> f64| fields.iter().map(|field| value(field.value)).sum::<f64>() / count;
    OrderStatistics {
        order: 1,
        count: fields.len() as u64,
        mean: mean(|x| x),
        mean_abs: mean(f64::abs),
        rms: mean(|x| x * x).sqrt(),
        max_abs: fields.iter().map(|field| field.value.abs()).fold(0.0, f64::max),
    }
}

/// The bins that are not empty, with those between them.
fn sizes(order: usize, histogram: &Histogram) -> InteractionSizes {
    let filled = |bin: &usize| histogram.positive[*bin] + histogram.negative[*bin] > 0;
    let bins = 0..histogram.positive.len();
    let (first, last) = match (bins.clone().find(filled), bins.rev().find(filled)) {
        (Some(first), Some(last)) => (first, last + 1),
        _ => (0, 0),
    };
    InteractionSizes {
        order,
        edges: (first..=last).map(Histogram::edge).collect(),
        positive: histogram.positive[first..last].to_vec(),
        negative: histogram.negative[first..last].to_vec(),
        zero: histogram.zero,
    }
}
