//! Joins a theory and a simulation record: statistics on two records, no physics.
//!
//! At every simulated size the theory is taken at the p/N that was simulated, so that the difference
//! d_N = simulated_N − theory(p_N/N) is a finite-size effect or a disagreement. With several sizes d is
//! extrapolated linearly in 1/C, C the number of inputs (1/N when full or diluted, and where C is fixed),
//! with weights N × samples; `simulation` is the theory at the largest size plus that d, `error` its
//! standard error, z their ratio.
//!
//! # Probabilities
//!
//! A row's probability is two-sided Student's t with Welch's degrees of freedom from the disorder samples
//! behind every size. Rows of one point are measured on the same samples and are correlated, and so are
//! rows of two updates run on the same disorder. The family-wise `p_value` is therefore Bonferroni's
//! bound, rows × the smallest probability, which holds for any correlation; a χ² law would not. χ² = Σz²
//! and the number of rows are reported beside it and decide nothing. A row disagrees if its Holm-adjusted
//! probability is below [`CompareOptions::significance`].
//!
//! # Resolution
//!
//! Large error bars are not agreement: `resolution`, the smallest difference that five standard errors
//! would have seen, must be at most [`CompareOptions::resolution`], else a row that does not disagree is
//! inconclusive. An error is unknown with fewer
//! than two disorder samples, and where all samples gave exactly the same value, unless it is the predicted
//! one: what was never seen to fluctuate has no measured error. No error is below
//! 10⁻⁶ of the value: what is left of a relaxation at T = 0 is not noise.
//!
//! Sizes with escaped runs are left out if two sizes without remain: what has left the state is not a
//! measurement of it, and leaving out single runs selects.

mod prediction;
mod statistics;
mod table;

use std::ops::Deref;

use mattis_model::record::{ComparisonRecord, ComparisonRow, MeasuredPoint, SimulationRecord, Verdict};
use mattis_model::{Model, Topology};
use mattis_sim::statistics::extrapolate;

pub use prediction::{Prediction, Predictions, predict};
pub use statistics::{degrees_of_freedom, holm, two_sided};
pub use table::rows_table;

/// Where a comparison draws its lines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CompareOptions {
    /// Largest resolution of a conclusive row.
    pub resolution: f64,
    /// Family-wise probability below which theory and simulation disagree.
    pub significance: f64,
}

impl Default for CompareOptions {
    fn default() -> Self {
        Self { resolution: 0.01, significance: 0.001 }
    }
}

/// Why two records cannot be joined.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CompareError {
    /// The records are of two specifications.
    #[error("theory and simulation are of different models")]
    OtherModel,
    /// There is nothing to compare.
    #[error("no observable is known to both theory and simulation")]
    NothingInCommon,
    /// The theory has not been solved where the simulation was run.
    #[error("no prediction at α = {}, T = {temperature}, {update} update", .alpha.map_or("none".into(), |a| a.to_string()))]
    NoPrediction {
        /// Load as simulated.
        alpha: Option<f64>,
        /// Temperature.
        temperature: f64,
        /// Update.
        update: String,
    },
}

/// A comparison: its record, and a table when displayed.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The record.
    pub record: ComparisonRecord,
    /// The lines it was drawn with.
    pub options: CompareOptions,
}

impl Deref for Comparison {
    type Target = ComparisonRecord;
    fn deref(&self) -> &ComparisonRecord {
        &self.record
    }
}

impl Comparison {
    /// The verdict on the whole: a disagreement anywhere, else inconclusive if a row is.
    pub fn verdict(&self) -> Verdict {
        if self.p_value.is_some_and(|p| p < self.options.significance) {
            Verdict::Disagree
        } else if self.agree {
            Verdict::Agree
        } else {
            Verdict::Inconclusive
        }
    }
}

/// Relative size of what a relaxation at T = 0 leave: no error is smaller.
const ROUNDING: f64 = 1e-6;

/// What a finite-size effect is inversely proportional to: the number of inputs C, or N where that is fixed.
fn scale(model: &Model, neurons: usize) -> f64 {
    match model.connectivity.value() {
        Topology::Finite { .. } | Topology::Extreme { inputs: Some(_) } => neurons as f64,
        topology => topology.inputs(neurons),
    }
}

/// One size: the residual and its error.
struct Residual {
    neurons: usize,
    /// What the finite-size effect is inversely proportional to.
    scale: f64,
    value: f64,
    error: Option<f64>,
    samples: usize,
}

/// Joins predictions and measurements.
///
/// # Errors
/// If they are of different models (the update apart, which every prediction names), a prediction is
/// missing, or no observable is known to both.
pub fn compare(
    theory: &Predictions,
    simulation: &SimulationRecord,
    options: &CompareOptions,
) -> Result<Comparison, CompareError> {
    if theory.model.clone().with_update(simulation.model.update.clone()) != simulation.model {
        return Err(CompareError::OtherModel);
    }
    let mut rows = Vec::new();
    let mut probabilities = Vec::new();
    for group in groups(simulation) {
        for name in theory.observables() {
            let Some((row, probability)) = row(theory, &group, name)? else { continue };
            rows.push(row);
            probabilities.push(probability);
        }
    }
    if rows.is_empty() {
        return Err(CompareError::NothingInCommon);
    }
    let known: Vec<f64> = probabilities.iter().flatten().copied().collect();
    let mut adjusted = holm(&known).into_iter();
    for (row, probability) in rows.iter_mut().zip(&probabilities) {
        let adjusted = probability.and_then(|_| adjusted.next());
        row.verdict = if adjusted.is_some_and(|p| p < options.significance) {
            Verdict::Disagree
        } else if row.resolution.is_some_and(|resolution| resolution <= options.resolution)
            && adjusted.is_some()
        {
            Verdict::Agree
        } else {
            Verdict::Inconclusive
        };
    }
    let p_value = known.iter().copied().reduce(f64::min).map(|p| (p * known.len() as f64).min(1.0));
    let z: Vec<f64> = rows.iter().filter_map(|row| row.z).collect();
    let agree = rows.iter().all(|row| row.verdict == Verdict::Agree);
    let record = ComparisonRecord {
        model: simulation.model.clone(),
        chi_squared: (!z.is_empty()).then(|| z.iter().map(|z| z * z).sum()),
        degrees: z.len(),
        p_value,
        agree,
        rows,
    };
    Ok(Comparison { record, options: *options })
}

/// Points that differ in size only, the largest last.
fn groups(record: &SimulationRecord) -> Vec<Vec<&MeasuredPoint>> {
    let mut groups: Vec<Vec<&MeasuredPoint>> = Vec::new();
    for point in &record.points {
        let same = |other: &MeasuredPoint| {
            // Sizes of one load have different p; without a load p is the number of memories itself.
            other.alpha_requested == point.alpha_requested
                && (point.alpha_requested.is_some() || other.p == point.p)
                && other.temperature == point.temperature
                && other.update == point.update
        };
        match groups.iter_mut().find(|group| same(group[0])) {
            Some(group) => group.push(point),
            None => groups.push(vec![point]),
        }
    }
    for group in &mut groups {
        group.sort_by_key(|point| point.neurons);
    }
    groups
}

fn row(
    theory: &Predictions,
    group: &[&MeasuredPoint],
    name: &str,
) -> Result<Option<(ComparisonRow, Option<f64>)>, CompareError> {
    let mut residuals = Vec::new();
    let mut prediction = None;
    for point in group {
        let found = theory.at(point).ok_or_else(|| CompareError::NoPrediction {
            alpha: point.alpha,
            temperature: point.temperature,
            update: point.update.clone(),
        })?;
        let (Some(predicted), Some(estimate)) = (found.observable(name), point.observable(name)) else {
            return Ok(None);
        };
        prediction = Some(predicted);
        let samples = point.samples.saturating_sub(point.escaped);
        if let Some(value) = estimate.value.filter(|value| value.is_finite()) {
            let floor = ROUNDING * predicted.abs().max(1.0);
            let error = estimate.error.filter(|error| error.is_finite() && *error > 0.0 && samples > 1);
            // Samples that agree to rounding, with each other and with the theory, are not without an error.
            let settled = samples > 1 && error.is_none() && (value - predicted).abs() <= floor;
            let error = if settled { Some(floor) } else { error.map(|error| error.max(floor)) };
            residuals.push((
                Residual {
                    neurons: point.neurons,
                    scale: scale(&theory.model, point.neurons),
                    value: value - predicted,
                    error,
                    samples,
                },
                point.escaped,
            ));
        }
    }
    let (Some(predicted), Some(last)) = (prediction, group.last()) else { return Ok(None) };
    if residuals.iter().filter(|(_, escaped)| *escaped == 0).count() >= 2 {
        residuals.retain(|(_, escaped)| *escaped == 0);
    }
    let residuals: Vec<Residual> = residuals.into_iter().map(|(residual, _)| residual).collect();
    let joined = join(&residuals);
    let (difference, error) = (joined.as_ref().map(|j| j.value), joined.as_ref().and_then(|j| j.error));
    let z = difference.zip(error).map(|(difference, error)| difference / error).filter(|z| z.is_finite());
    let probability = z.and_then(|z| two_sided(z, joined.as_ref().map_or(0.0, |j| j.degrees)));
    let row = ComparisonRow {
        alpha: last.alpha,
        temperature: last.temperature,
        update: last.update.clone(),
        p: last.p,
        observable: name.into(),
        theory: predicted,
        simulation: difference.map(|difference| predicted + difference),
        error,
        z,
        resolution: error.map(|error| 5.0 * error),
        verdict: Verdict::Inconclusive,
        neurons: residuals.iter().map(|residual| residual.neurons).collect(),
        extrapolated: joined.is_some_and(|joined| joined.extrapolated),
        escaped: group.iter().map(|point| point.escaped).sum(),
    };
    Ok(Some((row, probability)))
}

struct Joined {
    value: f64,
    error: Option<f64>,
    degrees: f64,
    extrapolated: bool,
}

/// The residual of an infinite system, or of the largest one if the sizes do not allow an extrapolation.
///
/// The line is weighted by N × samples, not by the measured errors: a sample that strays moves the mean
/// and swells the error together, and weights that follow it make z too large. The weights decide only how
/// good the estimate is; its error is propagated from the measured ones.
fn join(residuals: &[Residual]) -> Option<Joined> {
    let largest = residuals.last()?;
    let alone = Joined {
        value: largest.value,
        error: largest.error,
        degrees: largest.samples.saturating_sub(1) as f64,
        extrapolated: false,
    };
    let known: Option<Vec<(f64, f64)>> =
        residuals.iter().map(|r| r.error.map(|error| (r.value, error))).collect();
    let Some(known) = known.filter(|known| known.len() > 1) else { return Some(alone) };
    // The extrapolation is linear in the values: its weights are its answers to unit vectors.
    let weight = |i: usize| {
        let unit: Vec<(f64, f64, f64)> = residuals
            .iter()
            .enumerate()
            .map(|(j, r)| {
                (r.scale, f64::from(u8::from(i == j)), 1.0 / ((r.neurons * r.samples) as f64).sqrt())
            })
            .collect();
        extrapolate(&unit).map(|fit| fit.value)
    };
    let Some(weights) = (0..known.len()).map(weight).collect::<Option<Vec<f64>>>() else {
        return Some(alone);
    };
    let terms = weights.iter().zip(&known).zip(residuals);
    let terms: Vec<(f64, f64, usize)> =
        terms.map(|((weight, (_, error)), residual)| (*weight, *error, residual.samples)).collect();
    Some(Joined {
        value: weights.iter().zip(&known).map(|(weight, (value, _))| weight * value).sum(),
        error: Some(terms.iter().map(|(weight, error, _)| (weight * error).powi(2)).sum::<f64>().sqrt()),
        degrees: degrees_of_freedom(&terms),
        extrapolated: true,
    })
}

#[cfg(test)]
mod tests;
