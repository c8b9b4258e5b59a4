//! Records: what a run computed, with what is needed to repeat it.
//!
//! A record is plain data. It can be written, read, drawn again without recomputing, and joined
//! with another record of the same specification. The names of the fields are the JSON keys that
//! scripts rely on; an unknown number is `None` (JSON `null`), never NaN.

mod capacity;
mod experiment;
mod flow;
mod interactions;
mod mixtures;
mod stability;

use serde::{Deserialize, Serialize};

use crate::Model;

pub use capacity::{CapacityMethod, CapacityPoint, CapacityRecord, Optimum};
pub use experiment::{Experiment, ExperimentPoint};
pub use flow::{FixedOverlap, FlowPoint, FlowRecord, Trajectory};
pub use interactions::{
    InteractionCoupling, InteractionOrder, InteractionSizes, InteractionsRecord, Surroundings,
};
pub use mixtures::{Census, Completeness, Mixture, MixturesRecord, Threshold};
pub use stability::{StabilityPoint, StabilityRecord};

/// Version of the layout of the records; a reader refuses a layout that it does not know.
pub const SCHEMA: u32 = 1;

/// Where a record comes from: enough to run it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// The program, `mattis`.
    pub program: String,
    /// Its version.
    pub version: String,
    /// Layout of the record, [`SCHEMA`].
    pub schema: u32,
    /// Name of the random number generator ([`crate::address::GENERATOR`]); `None` if nothing was drawn.
    pub generator: Option<String>,
    /// The arguments as given.
    pub command: Vec<String>,
}

/// What a mean-field state is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateKind {
    /// One memory is condensed.
    Retrieval,
    /// Several memories are condensed.
    Mixture,
    /// Frozen, with no macroscopic overlap.
    SpinGlass,
    /// Nothing is frozen.
    Paramagnet,
    /// Two states that follow each other under parallel updates.
    Cycle,
}

/// How a solve ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// The residual is at the rounding level.
    Converged,
    /// Steps became too small before the residual was.
    Stalled,
    /// The iterations ran out.
    Exhausted,
}

/// A solution of the saddle-point equations. Symbols are those of [`crate::order::TABLE`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// What it is.
    pub kind: StateKind,
    /// Number of condensed memories of a mixture.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub n: Option<usize>,
    /// One overlap per condensed pattern; with a finite number of memories one per memory.
    pub m: Vec<f64>,
    /// The overlaps after the next parallel update, where they differ.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub m_next: Option<Vec<f64>>,
    /// Edwards–Anderson parameter E⟨s⟩².
    pub q: f64,
    /// Self-overlap E⟨s²⟩ = q + Tχ.
    pub activity: f64,
    /// Mean activity E⟨s⟩, where memories or inhibition give it a mean.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub mean: Option<f64>,
    /// Correlation of s with the memory, m/√(v(E\[s²\] − E\[s\]²)), where `mean` is given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub correlation: Option<f64>,
    /// Variance Δ of the local field.
    pub delta: f64,
    /// r = Δ/α where there are memories.
    pub r: Option<f64>,
    /// Susceptibility χ (of the symmetric mode for parallel updates).
    pub chi: f64,
    /// Two-time overlap d = E⟨s s′⟩ of parallel updates.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub d: Option<f64>,
    /// Free energy per unit; `None` where there is none.
    pub free_energy: Option<f64>,
    /// Energy per unit.
    pub energy: Option<f64>,
    /// Entropy per unit.
    pub entropy: Option<f64>,
    /// Replicon; negative where replica symmetry is broken, `None` where it is −∞ or unknown.
    pub replicon: Option<f64>,
    /// Finite p: eigenvalues of the Hessian of the free energy in the overlaps, ascending.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hessian: Option<Vec<f64>>,
    /// Finite p: number of states that symmetry makes of this one; `None` where they fill a continuum.
    #[serde(with = "crate::big_integer::optional", skip_serializing_if = "Option::is_none", default)]
    pub multiplicity: Option<u64>,
    /// Stable against perturbations of the overlaps on the replica-symmetric branch.
    pub locally_stable: bool,
    /// The replicon is positive; `None` where it is not known.
    pub replica_stable: Option<bool>,
    /// Largest residual of the equations.
    pub residual: f64,
    /// How the solve ended.
    pub exit: Exit,
}

/// All states at one point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SolvePoint {
    /// Load, if the number of memories is extensive.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub alpha: Option<f64>,
    /// Number of memories, if it is finite.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub count: Option<usize>,
    /// Temperature.
    pub temperature: f64,
    /// Ordered by kind, stable first.
    pub states: Vec<State>,
}

/// The record of `solve`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SolveRecord {
    /// The specification.
    pub model: Model,
    /// One entry per control point.
    pub points: Vec<SolvePoint>,
}

/// A point on a phase boundary.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LinePoint {
    /// Load.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub alpha: Option<f64>,
    /// External field, for lines in a field.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub field: Option<f64>,
    /// Self-coupling J₀, for lines in it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub self_coupling: Option<f64>,
    /// Temperature.
    pub temperature: f64,
    /// ln T, where T itself would be too small to read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ln_temperature: Option<f64>,
    /// Overlap with a condensed memory; 0 where nothing is condensed, `None` without memories.
    pub m: Option<f64>,
}

/// A phase boundary; its points run along the curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// `retrieval_spinodal`, `first_order`, `spin_glass`, `retrieval_at`, `mixture_3`, …
    pub name: String,
    /// The points.
    pub points: Vec<LinePoint>,
}

/// A special point of a phase diagram.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpecialPoint {
    /// `alpha_c`, `alpha_1`, `alpha_max`, `at_meets_spinodal`.
    pub name: String,
    /// Load.
    pub alpha: f64,
    /// Temperature.
    pub temperature: f64,
    /// Overlap with a condensed memory.
    pub m: Option<f64>,
}

/// The record of `phase`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhaseRecord {
    /// The specification.
    pub model: Model,
    /// The boundaries.
    pub lines: Vec<Line>,
    /// The special points.
    pub special: Vec<SpecialPoint>,
}

/// A measured quantity with everything that is known of its error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Observable, as in [`crate::order::TABLE`].
    pub name: String,
    /// Mean over samples.
    pub value: Option<f64>,
    /// Standard error of the mean: between samples where there are several, else thermal.
    pub error: Option<f64>,
    /// Part of the error that longer runs would reduce.
    pub thermal_error: Option<f64>,
    /// Part of the error that more disorder samples would reduce.
    pub sample_error: Option<f64>,
    /// Integrated autocorrelation time in sweeps.
    pub tau: Option<f64>,
    /// Effective number of independent measurements.
    pub n_eff: Option<f64>,
}

/// Measurements at one point and one size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasuredPoint {
    /// Load as simulated, p/N; `None` without memories or with a finite number of them.
    pub alpha: Option<f64>,
    /// Load as asked for.
    pub alpha_requested: Option<f64>,
    /// Temperature.
    pub temperature: f64,
    /// `sequential` or `parallel`.
    pub update: String,
    /// Size N.
    pub neurons: usize,
    /// Number of memories.
    pub p: usize,
    /// Disorder samples that were run.
    pub samples: usize,
    /// Samples that left the state they started in; they are not in the averages.
    pub escaped: usize,
    /// The observables.
    pub observables: Vec<Estimate>,
}

impl MeasuredPoint {
    /// The estimate of an observable by its name.
    pub fn observable(&self, name: &str) -> Option<&Estimate> {
        self.observables.iter().find(|estimate| estimate.name == name)
    }
}

/// What a simulation was asked to do; the same protocol gives the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protocol {
    /// Sizes N.
    pub neurons: Vec<usize>,
    /// Disorder samples at each size.
    pub samples: usize,
    /// Sweeps that are measured.
    pub sweeps: usize,
    /// Sweeps before the first measurement.
    pub burn_in: usize,
    /// Master seed.
    #[serde(with = "crate::big_integer")]
    pub seed: u64,
    /// Where a run starts: `pattern`, `typical`, `mixture:n=3`, `random`, `overlap:m=0.3`, `cue:share=0.6`.
    pub start: String,
    /// `heat-bath` or `metropolis`.
    pub dynamics: String,
    /// `random` or `sweep`; parallel updates have no order.
    pub order: String,
}

/// The record of `simulate`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SimulationRecord {
    /// The specification.
    pub model: Model,
    /// The protocol.
    pub simulation: Protocol,
    /// One entry per control point, update and size.
    pub points: Vec<MeasuredPoint>,
}

/// What one row of a comparison says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The numbers agree within their errors.
    Agree,
    /// They do not.
    Disagree,
    /// The errors are too large for a verdict.
    Inconclusive,
}

/// Theory and simulation of one observable at one point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparisonRow {
    /// Load as simulated, p/N; `None` with a finite number of memories.
    pub alpha: Option<f64>,
    /// Temperature.
    pub temperature: f64,
    /// `sequential` or `parallel`.
    pub update: String,
    /// Number of memories at the largest size.
    pub p: usize,
    /// Observable.
    pub observable: String,
    /// Prediction.
    pub theory: f64,
    /// Measurement, extrapolated to infinite size where `extrapolated` says so.
    pub simulation: Option<f64>,
    /// Its standard error.
    pub error: Option<f64>,
    /// Standardised difference.
    pub z: Option<f64>,
    /// Smallest difference that 5σ would have seen.
    pub resolution: Option<f64>,
    /// The verdict on this row.
    pub verdict: Verdict,
    /// Sizes used.
    pub neurons: Vec<usize>,
    /// Whether the measurement was extrapolated in 1/N.
    pub extrapolated: bool,
    /// Runs that escaped, over all sizes.
    pub escaped: usize,
}

/// The record of `compare`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparisonRecord {
    /// The specification.
    pub model: Model,
    /// One row per point, update and observable.
    pub rows: Vec<ComparisonRow>,
    /// Σ z² over rows with a z.
    pub chi_squared: Option<f64>,
    /// Their number.
    pub degrees: usize,
    /// Family-wise probability of differences this large by chance.
    pub p_value: Option<f64>,
    /// Every row is conclusive and nothing disagrees.
    pub agree: bool,
}
