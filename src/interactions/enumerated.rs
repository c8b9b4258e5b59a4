//! All couplings of small machines, and of an ensemble of them.

use mattis_model::record::{InteractionCoupling, InteractionOrder};
use mattis_model::{Encoding, Unit};
use mattis_theory::interactions::{Coupling, Couplings, Cube, OrderMoments, OrderStatistics, RandomWeights};
use rayon::prelude::*;

use super::InteractionsError;
use super::machines::{Ensemble, Origin};

/// What is kept of the machines.
pub(super) struct Enumerated {
    pub(super) orders: Vec<InteractionOrder>,
    pub(super) couplings: Vec<InteractionCoupling>,
    pub(super) log_z: f64,
    /// Largest estimate of the rounding error of a coupling that is shown.
    pub(super) error: f64,
    pub(super) notes: Vec<String>,
}

/// Couplings that are kept: the largest, or all.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shown {
    Largest(usize),
    All,
}

fn couplings(
    origin: &Origin,
    unit: &Unit,
    encoding: Encoding,
    sample: usize,
) -> Result<Couplings, InteractionsError> {
    let machine = origin.machine(unit, encoding, sample)?;
    let cube = Cube::new(&machine)?;
    let blocks: Vec<Vec<f64>> = (0..cube.blocks()).into_par_iter().map(|k| cube.block(k)).collect();
    Ok(cube.finish(blocks))
}

pub(super) fn run(
    origin: &Origin,
    (unit, encoding): (&Unit, Encoding),
    most: usize,
    shown: Shown,
) -> Result<Enumerated, InteractionsError> {
    let first = couplings(origin, unit, encoding, 0)?;
    let rest: Vec<Vec<OrderStatistics>> = (1..origin.samples())
        .into_par_iter()
        .map(|sample| Ok(couplings(origin, unit, encoding, sample)?.orders()))
        .collect::<Result<_, InteractionsError>>()?;
    let samples: Vec<Vec<OrderStatistics>> = std::iter::once(first.orders()).chain(rest).collect();
    let mut notes = Vec::new();
    let law = origin.ensemble().map(|ensemble| (ensemble, ensemble.law(unit, encoding)));
    let mut noisy = Vec::new();
    let orders = (1..=most)
        .map(|order| {
            let joined = joined(&samples, order, law.as_ref(), (&mut notes, &mut noisy));
            let largest = first.largest(1, order..=order).into_iter().flat_map(|coupling| coupling.sites);
            InteractionOrder { largest: largest.collect(), ..joined }
        })
        .collect();
    if let [(first, noise), ..] = noisy[..] {
        notes.push(format!(
            "Orders from {first}: e^W is log-normal, and sampled moments do not converge (the relative error of ⟨J²⟩ is {noise:.1} at \
             order {first} and grows); they are not compared."
        ));
    }
    let kept = match shown {
        Shown::Largest(top) => first.largest(top, least(most)..=most),
        Shown::All => listed(&first, most),
    };
    let couplings =
        kept.into_iter().map(|coupling| InteractionCoupling { sites: coupling.sites, value: coupling.value });
    let log_z = first.log_z();
    Ok(Enumerated { orders, couplings: couplings.collect(), log_z, error: first.error(most), notes })
}

/// Fields are no couplings, unless nothing else is asked for.
pub(super) fn least(most: usize) -> usize {
    most.min(2)
}

/// Every coupling of the orders 1 … `most`, by order and then by sites.
fn listed(couplings: &Couplings, most: usize) -> Vec<Coupling> {
    let orders = 1..=most as u32;
    let chosen =
        couplings.values().iter().enumerate().filter(|(bits, _)| orders.contains(&bits.count_ones()));
    let sites = |bits: usize| (0..couplings.sites()).filter(|site| bits >> site & 1 == 1).collect::<Vec<_>>();
    let coupling = |(bits, value): (usize, &f64)| {
        let sites = sites(bits);
        Coupling { error: couplings.error(sites.len()), sites, value: *value }
    };
    let mut all: Vec<Coupling> = chosen.map(coupling).collect();
    all.sort_by(|a, b| a.sites.len().cmp(&b.sites.len()).then_with(|| a.sites.cmp(&b.sites)));
    all
}

/// Relative standard error of a sampled mean square beyond which it is not compared.
const NOISY: f64 = 0.3;
/// The same for what a spread of machines says of itself.
const SCATTERED: f64 = 0.2;

/// Of one machine the exact spread of the mean from machine to machine is the error.
pub(super) fn single_z(order: &InteractionOrder, moments: &OrderMoments) -> Option<f64> {
    (moments.mean_deviation > 1e-10 * moments.rms)
        .then(|| (order.mean - moments.mean) / moments.mean_deviation)
}

/// One order over all machines, with what the ensemble says of it.
fn joined(
    samples: &[Vec<OrderStatistics>],
    order: usize,
    law: Option<&(&Ensemble, RandomWeights)>,
    (notes, noisy): (&mut Vec<String>, &mut Vec<(usize, f64)>),
) -> InteractionOrder {
    let each: Vec<&OrderStatistics> = samples.iter().filter_map(|machine| machine.get(order - 1)).collect();
    let count = each.len() as f64;
    let mean = |value: fn(&OrderStatistics) -> f64| each.iter().map(|o| value(o)).sum::<f64>() / count;
    let mut out = InteractionOrder {
        order,
        count: each.first().map_or(0, |o| o.count),
        mean: mean(|o| o.mean),
        mean_abs: mean(|o| o.mean_abs),
        rms: mean(|o| o.rms * o.rms).sqrt(),
        max_abs: each.iter().map(|o| o.max_abs).fold(0.0, f64::max),
        largest: Vec::new(),
        theory_mean: None,
        theory_rms: None,
        theory_typical: None,
        z_mean: None,
        z_rms: None,
    };
    let Some((ensemble, law)) = law else { return out };
    let moments = match law.moments(order) {
        Ok(moments) => moments,
        Err(error) => {
            let line = error.to_string();
            if !notes.contains(&line) {
                notes.push(line);
            }
            return out;
        }
    };
    // What is below its numerical error vanishes; what is beyond the largest number is not known.
    let clean = |value: f64| {
        let known = value.is_finite() && moments.error.is_finite();
        known.then(|| if value.abs() > moments.error { value } else { 0.0 })
    };
    (out.theory_mean, out.theory_rms) = (clean(moments.mean), clean(moments.rms));
    out.theory_typical =
        (ensemble.hidden == 1).then(|| law.typical(order).ok()).flatten().filter(|x| *x > 0.0);
    // Draws of one hidden unit and one set of sites that share no weight.
    let draws = (each.len() * ensemble.hidden * (ensemble.visible / order)) as f64;
    let noise = moments.kurtosis.map(|kurtosis| ((kurtosis - 1.0).max(0.0) / draws).sqrt());
    if noise.is_some_and(|noise| noise > NOISY) {
        noisy.push((order, noise.unwrap_or_default()));
        return out;
    }
    let z = |value: fn(&OrderStatistics) -> f64, expected: f64, scale: f64| {
        let average = each.iter().map(|o| value(o)).sum::<f64>() / count;
        let spread = each.iter().map(|o| (value(o) - average).powi(2)).sum::<f64>();
        let error = (spread / (count - 1.0) / count).sqrt();
        // A spread of rounding errors says nothing.
        // The spread of heavy tails is not known from so few machines.
        let known = error < SCATTERED * scale;
        (count > 1.0 && error > 1e-10 * scale && known).then(|| (average - expected) / error)
    };
    if moments.rms > moments.error {
        let square = moments.rms * moments.rms;
        out.z_mean =
            if each.len() == 1 { single_z(&out, &moments) } else { z(|o| o.mean, moments.mean, moments.rms) };
        out.z_rms = z(|o| o.rms * o.rms, square, square);
    }
    out
}
