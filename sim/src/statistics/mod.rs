//! Statistics: means with honest errors.

mod autocorrelation;
mod binning;
mod finite_size;
mod jackknife;

use mattis_model::record::Estimate;
use serde::{Deserialize, Serialize};

pub use autocorrelation::{Autocorrelation, autocorrelation};
pub use binning::{BinningLevel, binned_error, binning};
pub use finite_size::{Extrapolation, extrapolate};
pub use jackknife::{Jackknife, jackknife};

/// Arithmetic mean; `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Unbiased variance Σ(x − x̄)²/(n − 1); `None` of fewer than two values.
pub fn variance(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let centre = mean(values)?;
    Some(values.iter().map(|x| (x - centre) * (x - centre)).sum::<f64>() / (values.len() - 1) as f64)
}

/// An error that came out as 0 saw nothing vary, and one that is not finite means nothing: both are unknown.
pub(crate) fn known(error: f64) -> Option<f64> {
    (error.is_finite() && error > 0.0).then_some(error)
}

/// The time average of one observable in one disorder sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SampleMean {
    /// The observable, as in [`mattis_model::order::TABLE`].
    pub name: String,
    /// Time average, over replicas where the observable belongs to one.
    pub value: Option<f64>,
    /// Its thermal standard error; unknown where the run saw no change or is too short for its correlations.
    pub thermal_error: Option<f64>,
    /// Integrated autocorrelation time in sweeps.
    pub tau: Option<f64>,
    /// Effective number of independent measurements.
    pub n_eff: Option<f64>,
}

impl SampleMean {
    /// Averages one series per replica, of equal length. Their autocorrelation times are pooled, since
    /// replicas on the same disorder differ in noise only.
    pub fn from_series(name: &str, replicas: &[&[f64]]) -> Self {
        let value = mean(&replicas.iter().filter_map(|series| mean(series)).collect::<Vec<_>>());
        let each: Option<Vec<Autocorrelation>> =
            replicas.iter().map(|series| autocorrelation(series)).collect();
        let count = replicas.len() as f64;
        let (thermal_error, tau, n_eff) = match each {
            Some(each) if !each.is_empty() => {
                let square: f64 = each.iter().map(|a| a.error * a.error).sum();
                (
                    known(square.sqrt() / count),
                    known(each.iter().map(|a| a.tau).sum::<f64>() / count),
                    known(each.iter().map(|a| a.effective_samples).sum()),
                )
            }
            _ => (None, None, None),
        };
        Self { name: name.into(), value: value.filter(|value| value.is_finite()), thermal_error, tau, n_eff }
    }
}

/// Joins disorder samples: with K samples of mean x_k and thermal error t_k
///
/// * error² = Σ(x_k − x̄)²/(K(K − 1)), which contains the thermal part; of a single sample, t_1;
/// * thermal error² = ⟨t²⟩/K, ⟨t²⟩ over the samples that know theirs, if at least half of them do;
/// * sample error² = max(0, error² − thermal error²), for K ≥ 2.
pub fn combine(name: &str, samples: &[&SampleMean]) -> Estimate {
    let known_values: Vec<f64> = samples.iter().filter_map(|sample| sample.value).collect();
    let count = known_values.len() as f64;
    let thermal: Vec<f64> = samples.iter().filter_map(|sample| sample.thermal_error).map(|t| t * t).collect();
    let enough = 2 * thermal.len() >= known_values.len();
    let thermal_error = mean(&thermal).filter(|_| enough).and_then(|square| known((square / count).sqrt()));
    let between = variance(&known_values).and_then(|v| known((v / count).sqrt()));
    let sample_error = match (between, thermal_error) {
        (Some(total), Some(part)) => known((total * total - part * part).max(0.0).sqrt()),
        _ => None,
    };
    let error = if known_values.len() >= 2 { between } else { thermal_error };
    let tau = mean(&samples.iter().filter_map(|sample| sample.tau).collect::<Vec<_>>());
    let n_eff = known(samples.iter().filter_map(|sample| sample.n_eff).sum());
    Estimate { name: name.into(), value: mean(&known_values), error, thermal_error, sample_error, tau, n_eff }
}

#[cfg(test)]
mod tests;
