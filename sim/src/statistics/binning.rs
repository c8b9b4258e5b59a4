//! Binning: the error of a mean from means of ever longer blocks.

use super::{known, mean, variance};

/// The error with one bin size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BinningLevel {
    /// Measurements per bin.
    pub bin: usize,
    /// Complete bins; what is left over at the end is not used.
    pub bins: usize,
    /// √(variance of the bin means/bins); it grows to a plateau as bins become independent.
    pub error: f64,
}

/// Bins of 1, 2, 4, … measurements, as long as two complete bins remain.
pub fn binning(series: &[f64]) -> Vec<BinningLevel> {
    std::iter::successors(Some(1_usize), |bin| bin.checked_mul(2))
        .map_while(|bin| {
            let means: Vec<f64> = series.chunks_exact(bin).filter_map(mean).collect();
            let error = (variance(&means)? / means.len() as f64).sqrt();
            Some(BinningLevel { bin, bins: means.len(), error })
        })
        .collect()
}

/// Bins that an error needs so that its own relative error stays near 1/√64.
const ENOUGH: usize = 32;

/// The error with the longest bins of which there are at least 32; `None` if the series is too short or
/// never changes.
pub fn binned_error(series: &[f64]) -> Option<f64> {
    binning(series).iter().rev().find(|level| level.bins >= ENOUGH).and_then(|level| known(level.error))
}
