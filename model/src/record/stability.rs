//! The record of `capacity --method stability`: how many stored memories one update leaves alone.

use serde::{Deserialize, Serialize};

use super::CapacityMethod;
use crate::Model;

/// One number of memories: what a parallel update at T = 0 changes when the network starts at a memory.
///
/// Averages are over all stored memories of independent sets. An error is the standard error of the mean over
/// the sets, which need not assume that bits or memories are independent; unknown of one set, or where no two
/// sets differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StabilityPoint {
    /// [`CapacityMethod::Stability`].
    pub method: CapacityMethod,
    /// Size N.
    pub neurons: usize,
    /// Number of memories.
    pub p: usize,
    /// p/N.
    pub alpha: f64,
    /// Sets of memories.
    pub samples: usize,
    /// Sets in which at least one memory is not a fixed point.
    pub unstable_sets: usize,
    /// Fraction of the memories that are not fixed points.
    pub unstable_patterns: f64,
    /// Its standard error over the sets.
    pub unstable_patterns_error: Option<f64>,
    /// Fraction of the bits that change: ξ_i h_i < 0. A field of 0 leaves the unit as it is.
    pub unstable_bits: f64,
    /// Its standard error over the sets.
    pub unstable_bits_error: Option<f64>,
    /// Probability that a bit changes, exact at this size; `None` where it was not computed.
    pub theory_bits: Option<f64>,
    /// Its limit for large N, ½ erfc(√\[N/2p\]).
    pub theory_bits_limit: Option<f64>,
    /// Probability that a memory is not a fixed point: an estimate.
    pub theory_patterns: Option<f64>,
}

/// Stability of the memories of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StabilityRecord {
    /// The model.
    pub model: Model,
    /// Numbers of memories; the sets are nested.
    pub points: Vec<StabilityPoint>,
}
