//! Stability of stored memories as CSV.

use mattis_model::record::StabilityRecord;

use super::{Tabular, full, word};

impl Tabular for StabilityRecord {
    const HEADS: &'static [&'static str] = &[
        "method",
        "neurons",
        "p",
        "alpha",
        "samples",
        "unstable_sets",
        "unstable_patterns",
        "unstable_patterns_error",
        "unstable_bits",
        "unstable_bits_error",
        "theory_bits",
        "theory_bits_limit",
        "theory_patterns",
    ];

    fn lines(&self) -> Vec<Vec<String>> {
        self.points
            .iter()
            .map(|point| {
                vec![
                    word(&point.method),
                    point.neurons.to_string(),
                    point.p.to_string(),
                    full(point.alpha),
                    point.samples.to_string(),
                    point.unstable_sets.to_string(),
                    full(point.unstable_patterns),
                    full(point.unstable_patterns_error),
                    full(point.unstable_bits),
                    full(point.unstable_bits_error),
                    full(point.theory_bits),
                    full(point.theory_bits_limit),
                    full(point.theory_patterns),
                ]
            })
            .collect()
    }
}
