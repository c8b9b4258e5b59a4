//! What one model's run saved: enough to draw it again without computing.

use mattis_model::record::{
    CapacityRecord, ComparisonRecord, Experiment, FlowRecord, InteractionsRecord, MixturesRecord,
    PhaseRecord, SCHEMA, SimulationRecord, SolveRecord, StabilityRecord,
};
use mattis_model::solved::ExactRecord;
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
    /// States of an exactly solved model.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exact: Option<ExactRecord>,
    /// States of a finite number of memories, one record per temperature.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub mixtures: Vec<MixturesRecord>,
    /// Boundaries.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub phase: Option<PhaseRecord>,
    /// Measurements.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub simulation: Option<SimulationRecord>,
    /// Capacities, one record per model.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub capacity: Vec<CapacityRecord>,
    /// Stability of stored memories.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stability: Option<StabilityRecord>,
    /// Motions of an overlap, one record per model.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub flow: Vec<FlowRecord>,
    /// Couplings that hidden units induce, one record per unit and encoding.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub interactions: Vec<InteractionsRecord>,
    /// Outcomes that were counted.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub experiments: Vec<Experiment>,
    /// Both, joined.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub comparison: Option<ComparisonRecord>,
}

impl Default for Records {
    fn default() -> Self {
        Self {
            schema: SCHEMA,
            solve: None,
            exact: None,
            mixtures: Vec::new(),
            phase: None,
            simulation: None,
            capacity: Vec::new(),
            stability: None,
            flow: Vec::new(),
            interactions: Vec::new(),
            experiments: Vec::new(),
            comparison: None,
        }
    }
}
