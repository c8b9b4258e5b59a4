//! Records of experiments that count outcomes: recall errors, familiarity, generalisation.

use serde::{Deserialize, Serialize};

use crate::Model;

/// What was counted at one setting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExperimentPoint {
    /// Size N.
    pub neurons: usize,
    /// Number of memories.
    pub p: usize,
    /// What was varied; `None` where nothing is.
    pub parameter: Option<f64>,
    /// How often each outcome occurred, in the order of [`Experiment::outcomes`]; for numbers the entry k
    /// counts the outcome k.
    pub counts: Vec<u64>,
}

impl ExperimentPoint {
    /// Number of trials.
    pub fn trials(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The share of trials with outcomes of a range, and its binomial standard error.
    pub fn share(&self, outcomes: std::ops::Range<usize>) -> Option<(f64, f64)> {
        let trials = self.trials() as f64;
        let hits: u64 = self.counts.iter().skip(outcomes.start).take(outcomes.len()).sum();
        let share = hits as f64 / trials;
        (trials > 1.0).then(|| (share, (share * (1.0 - share) / (trials - 1.0)).sqrt()))
    }

    /// The mean outcome, where outcomes are numbers, and its standard error.
    pub fn mean(&self) -> Option<(f64, f64)> {
        let trials = self.trials() as f64;
        let moment = |power: i32| -> f64 {
            let terms = self.counts.iter().enumerate();
            terms.map(|(k, count)| (k as f64).powi(power) * *count as f64).sum::<f64>() / trials
        };
        let mean = moment(1);
        (trials > 1.0).then(|| (mean, ((moment(2) - mean * mean).max(0.0) / (trials - 1.0)).sqrt()))
    }
}

/// One experiment over its settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// `recall_errors`, `familiarity`, `generalisation`.
    pub name: String,
    /// The specification.
    pub model: Model,
    /// Names of the outcomes; empty where outcomes are numbers.
    pub outcomes: Vec<String>,
    /// The settings.
    pub points: Vec<ExperimentPoint>,
}
