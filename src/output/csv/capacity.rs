//! Largest loads as CSV.

use mattis_model::record::{CapacityPoint, CapacityRecord};

use super::{Tabular, full, word};

impl Tabular for CapacityRecord {
    const HEADS: &'static [&'static str] = &[
        "unit",
        "patterns",
        "field",
        "method",
        "connectivity",
        "temperature",
        "alpha_c",
        "alpha_c_pattern",
        "active_fraction",
        "sparseness",
        "m",
        "threshold",
        "effective_threshold",
        "gain",
        "retrieved_activity",
        "retrieved_sparseness",
        "correlation",
        "information",
    ];

    fn lines(&self) -> Vec<Vec<String>> {
        let line = |point: &CapacityPoint| {
            let optimum = point.optimum.unwrap_or_default();
            vec![
                self.model.unit.to_string(),
                self.model.patterns.to_string(),
                self.model.field.to_string(),
                word(&point.method),
                point.connectivity.clone(),
                full(point.temperature),
                full(point.alpha_c),
                full(point.alpha_c_pattern),
                full(point.active_fraction),
                full(point.sparseness),
                full(point.m),
                full(optimum.threshold),
                full(optimum.effective_threshold),
                full(optimum.gain),
                full(point.retrieved_activity),
                full(point.retrieved_sparseness),
                full(point.correlation),
                full(point.information),
            ]
        };
        self.points.iter().map(line).collect()
    }
}
