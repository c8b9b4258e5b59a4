//! What one model's run saved: enough to draw it again without computing.

use mattis_model::record::{ComparisonRecord, PhaseRecord, SCHEMA, SimulationRecord, SolveRecord};
use serde::{Deserialize, Serialize};

/// The records of one model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Records {
    /// Layout, [`SCHEMA`].
    pub schema: u32,
    /// States.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub solve: Option<SolveRecord>,
    /// Boundaries.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub phase: Option<PhaseRecord>,
    /// Measurements.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub simulation: Option<SimulationRecord>,
    /// Both, joined.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub comparison: Option<ComparisonRecord>,
}

impl Default for Records {
    fn default() -> Self {
        Self { schema: SCHEMA, solve: None, phase: None, simulation: None, comparison: None }
    }
}
