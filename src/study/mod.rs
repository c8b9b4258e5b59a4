//! A study: what is asked, as a TOML file or on a command line.
//!
//! Each section is one group of flags and one table of the file; flags are laid over the file. A study
//! says everything that a result depends on, so a resolved study written beside the results repeats them.
//!
//! ```
//! let study: mattis::study::Study = mattis::study::parse(
//!     "example.toml",
//!     r#"
//!     [model]
//!     name = "little"
//!     unit = { name = "three-state", crystal-field = 0.2 }
//!     [control]
//!     alpha = "0.01:0.05:5"
//!     temperature = 0.3
//!     [simulation]
//!     neurons = [2000, 4000]
//!     samples = 16
//!     "#,
//! )?;
//! assert_eq!(study.models()?[0].update.name(), "parallel");
//! assert_eq!(study.control.alpha.unwrap().values.len(), 5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod file;
mod interactions;
mod value;

use clap::Args;
use mattis_model::catalogue::nearest;
use mattis_model::record::CapacityMethod;
use mattis_model::{
    Catalogued, Connectivity, Control, ExactModel, Field, Load, Model, Patterns, Rule, SelfCoupling, Solved,
    SpecError, Synapse, Unit, Update,
};
use serde::{Deserialize, Serialize};

pub use file::{StudyError, parse, read};
pub use interactions::InteractionsSection;
pub use value::{
    Activity, Alpha, Count, Grid, Listed, Many, Overlap, Ranged, Size, Temperature, positive, positive_number,
};

/// What is studied: a named composition whose parts may be exchanged.
#[derive(Debug, Clone, Default, PartialEq, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[command(next_help_heading = "Model (values: NAME[:key=value…]; `mattis list units` and so on show them)")]
pub struct ModelSection {
    /// A named composition (hopfield, little, sk, van-hemmen, …) or, for solve, an exactly solved model
    #[arg(long = "model", value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The units; a comma separates alternatives, e.g. ising,three-state:crystal-field=0.2
    #[arg(long, value_name = "UNIT[,…]")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Many<Unit>>,
    /// The law of the memories; histogram:path=FILE.csv is read from columns value,weight or one of samples
    #[arg(long, value_name = "LAW[,…]", value_parser = crate::histogram::patterns)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patterns: Option<Many<Patterns>>,
    /// How memories become couplings: hebb, covariance, quadratic-form:matrix=0,1/1,0, or none with disorder
    #[arg(long, value_name = "RULE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// What is done to a coupling
    #[arg(long, value_name = "SYNAPSE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub synapse: Option<Synapse>,
    /// Who is connected: full, diluted:c=0.5, extreme, finite:degree=10
    #[arg(long, value_name = "GRAPH")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connectivity: Option<Connectivity>,
    /// The diagonal J_ii: zero, kept, or a number
    #[arg(long, value_name = "J0", allow_hyphen_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_coupling: Option<SelfCoupling>,
    /// What else acts on units: none, external:h=0.1, postsynaptic:u=0, inhibition:strength=1
    #[arg(long, value_name = "FIELD")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
    /// One unit at a time, all at once, or graded units in continuous time: sequential, parallel, continuous, or several
    #[arg(long, value_name = "UPDATE[,…]")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update: Option<Many<Update>>,
}

/// Where it is studied.
#[derive(Debug, Clone, Default, PartialEq, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[command(next_help_heading = "Control (a number, a list a,b,c, a grid a:b:n or log:a:b:n)")]
pub struct ControlSection {
    /// Load α = p/C: memories per input of a unit, p/N when all are connected
    #[arg(long, value_name = "A", allow_hyphen_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alpha: Option<Grid<Alpha>>,
    /// A number p of memories that stays finite as N grows, instead of a load
    #[arg(long, value_name = "P[,…]", conflicts_with = "alpha", allow_hyphen_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<Many<Count>>,
    /// Temperature T, in units of the coupling; 0 is exact
    #[arg(short = 'T', long, value_name = "T", allow_hyphen_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Grid<Temperature>>,
}

/// How it is simulated.
#[derive(Debug, Clone, Default, PartialEq, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[command(next_help_heading = "Simulation")]
pub struct SimulationSection {
    /// Numbers of units N; a comparison extrapolates several of them to N → ∞
    #[arg(long, value_name = "N[,…]", allow_hyphen_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neurons: Option<Many<Size>>,
    /// Disorder samples (sets of memories) at each size; more of them keep the old ones
    #[arg(long, value_name = "K", value_parser = positive, allow_hyphen_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub samples: Option<usize>,
    /// Measured sweeps per run (a sweep is N updates)
    #[arg(long, value_name = "S", value_parser = positive, allow_hyphen_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sweeps: Option<usize>,
    /// Sweeps before the first measurement
    #[arg(long, value_name = "B")]
    #[serde(skip_serializing_if = "Option::is_none", alias = "burn_in")]
    pub burn_in: Option<usize>,
    /// Where a run starts: pattern, typical (the memory nearest to the mean activity), mixture:n=3, random, overlap:m=0.3, cue:share=0.6
    #[arg(long, value_name = "START", value_parser = value::checked::<mattis_sim::Start>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// heat-bath or metropolis
    #[arg(long, value_name = "RULE", value_parser = value::checked::<mattis_sim::Dynamics>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dynamics: Option<String>,
    /// Order of sequential updates: random or sweep
    #[arg(long, value_name = "ORDER", value_parser = value::checked::<mattis_sim::Order>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// Master seed [default: 1]; the same seed gives the same bytes
    #[arg(skip)]
    #[serde(skip_serializing_if = "Option::is_none", with = "mattis_model::big_integer::optional", default)]
    pub seed: Option<u64>,
}

/// How it is solved. No option belongs here yet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TheorySection {}

/// How the two are compared.
#[derive(Debug, Clone, Default, PartialEq, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[command(next_help_heading = "Comparison")]
pub struct CompareSection {
    /// Largest resolution of a conclusive row: the difference that five standard errors would have seen [default: 0.01]
    #[arg(long, value_name = "R", value_parser = positive_number, allow_hyphen_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<f64>,
}

/// Which capacities are computed.
#[derive(Debug, Clone, Default, PartialEq, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[command(next_help_heading = "Capacity")]
pub struct CapacitySection {
    /// replica_symmetric: the largest load with a retrieval state; stability: how many of P stored memories one update
    /// changes [default: replica_symmetric]
    #[arg(long, value_name = "METHOD", value_parser = value::method)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<CapacityMethod>,
    /// Share of components of a memory that are positive; a number, list or grid
    #[arg(long, value_name = "F", conflicts_with = "sparseness")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_fraction: Option<Grid<Activity>>,
    /// ⟨ξ⟩²/⟨ξ²⟩ of the memories; a number, list or grid
    #[arg(long, value_name = "A")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sparseness: Option<Grid<Activity>>,
    /// What is chosen for the largest load: threshold, gain, none [default: the threshold of binary, threshold and
    /// gain of threshold-linear units, unless the unit states another than its default]
    #[arg(long, value_name = "WHAT[,…]")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub optimise: Option<String>,
}

/// The motion of an overlap.
#[derive(Debug, Clone, Default, PartialEq, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[command(next_help_heading = "Flow")]
pub struct FlowSection {
    /// Overlap at the start; a number, list or grid [default: 0.2]
    #[arg(long, value_name = "M", allow_hyphen_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlap: Option<Grid<Overlap>>,
    /// Number of sweeps [default: 10]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<u32>,
}

/// Whether nothing of a section is given.
fn is_default<T: Default + PartialEq>(section: &T) -> bool {
    *section == T::default()
}

/// A whole study.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Study {
    /// What is studied.
    pub model: ModelSection,
    /// Where.
    pub control: ControlSection,
    /// How it is simulated.
    pub simulation: SimulationSection,
    /// How it is solved.
    #[serde(skip_serializing)]
    pub theory: TheorySection,
    /// How the two are compared.
    pub compare: CompareSection,
    /// Which capacities are computed.
    #[serde(skip_serializing_if = "is_default")]
    pub capacity: CapacitySection,
    /// The motion of an overlap.
    #[serde(skip_serializing_if = "is_default")]
    pub flow: FlowSection,
    /// Machines with hidden units.
    #[serde(skip_serializing_if = "is_default")]
    pub interactions: InteractionsSection,
}

/// Fills what is missing in `$over` from `$under`.
macro_rules! fill {
    ($over:expr, $under:expr; $($field:ident),* $(,)?) => {
        $( if $over.$field.is_none() { $over.$field = $under.$field; } )*
    };
}

impl Study {
    /// This study, with what it does not say taken from another.
    #[must_use]
    pub fn over(mut self, under: Study) -> Self {
        // A composition named on top replaces the parts below it, which belong to another one.
        if self.model.name.is_none() || under.model.name.is_none() {
            fill!(self.model, under.model; name, unit, patterns, rule, synapse, connectivity, self_coupling, field, update);
        }
        // A load on top replaces the one below, whatever its kind.
        if self.control.alpha.is_none() && self.control.count.is_none() {
            fill!(self.control, under.control; alpha, count);
        }
        fill!(self.control, under.control; temperature);
        fill!(self.simulation, under.simulation; neurons, samples, sweeps, burn_in, start, dynamics, order, seed);
        fill!(self.compare, under.compare; resolution);
        // One measure of activity on top replaces the other below.
        if self.capacity.active_fraction.is_none() && self.capacity.sparseness.is_none() {
            fill!(self.capacity, under.capacity; active_fraction, sparseness);
        }
        fill!(self.capacity, under.capacity; method, optimise);
        fill!(self.flow, under.flow; overlap, steps);
        // Given weights replace random ones and the other way round.
        if self.interactions.weights.is_none() {
            let given = self.interactions.is_random();
            fill!(self.interactions, under.interactions; sigma, mean, bias, visible, hidden, samples);
            if !given {
                fill!(self.interactions, under.interactions; weights);
            }
        }
        fill!(self.interactions, under.interactions; unit, encoding, order, top, list, around);
        self
    }

    /// The exactly solved model that is named, if one is.
    ///
    /// # Errors
    /// If nothing has that name, a parameter is wrong, or a part is to be exchanged: it has none.
    pub fn exact(&self) -> Result<Option<Solved>, SpecError> {
        let Some(text) = self.model.name.as_deref() else { return Ok(None) };
        let name = text.split(':').next().unwrap_or_default().trim();
        let compositions =
            Model::entries().iter().flat_map(|entry| entry.aliases.iter().chain([&entry.name]));
        if compositions.clone().any(|known| *known == name) {
            return Ok(None);
        }
        let solved = ExactModel::entries().iter().flat_map(|entry| entry.aliases.iter().chain([&entry.name]));
        if !solved.clone().any(|known| *known == name) {
            let names: Vec<&str> = Model::entries()
                .iter()
                .map(|entry| entry.name)
                .chain(ExactModel::entries().iter().map(|entry| entry.name))
                .collect();
            return Err(SpecError::UnknownName {
                what: "model",
                name: name.into(),
                nearest: nearest(name, &names),
                expected: names.join(", "),
            });
        }
        let parts = ModelSection { name: None, ..self.model.clone() };
        if parts != ModelSection::default() {
            let expected = "no other part beside it: it is solved as a whole";
            return Err(SpecError::out_of_range("model", text, expected));
        }
        if self.control.alpha.is_some() || self.control.count.is_some() {
            return Err(SpecError::out_of_range("model", text, "no load beside it: it stores none"));
        }
        text.parse().map(Some)
    }

    /// The models: one per alternative of unit and patterns, with the first of the updates.
    ///
    /// # Errors
    /// If the composition has no such name.
    pub fn models(&self) -> Result<Vec<Model>, SpecError> {
        let section = &self.model;
        if let Some(exact) = self.exact()? {
            let expected = "a composition: this model is solved exactly, as a whole, by `mattis solve`";
            return Err(SpecError::out_of_range("model", exact, expected));
        }
        let mut base = Model::named(section.name.as_deref().unwrap_or("hopfield"))?;
        base.rule = section.rule.clone().unwrap_or(base.rule);
        base.synapse = section.synapse.clone().unwrap_or(base.synapse);
        base.connectivity = section.connectivity.clone().unwrap_or(base.connectivity);
        base.self_coupling = section.self_coupling.clone().unwrap_or(base.self_coupling);
        base.field = section.field.clone().unwrap_or(base.field);
        base.update = section.update.as_ref().and_then(|many| many.0.first()).cloned().unwrap_or(base.update);
        let units = section.unit.clone().map_or_else(|| vec![base.unit.clone()], |many| many.0);
        let laws = section.patterns.clone().map_or_else(|| vec![base.patterns.clone()], |many| many.0);
        let combine = |unit: &Unit| {
            let base = base.clone().with_unit(unit.clone());
            laws.iter().map(move |law| Model { patterns: law.clone(), ..base.clone() }).collect::<Vec<_>>()
        };
        Ok(units.iter().flat_map(combine).collect())
    }

    /// The updates of a model of this study.
    pub fn updates(&self, model: &Model) -> Vec<Update> {
        self.model.update.clone().map_or_else(|| vec![model.update.clone()], |many| many.0)
    }

    /// Every load with every temperature; a model without memories has no load, and a rule may fix p.
    ///
    /// # Errors
    /// If a load is given and has no meaning.
    pub fn controls(
        &self,
        model: &Model,
        alpha: &[f64],
        temperature: &[f64],
    ) -> Result<Vec<Control>, SpecError> {
        let given = self.control.alpha.as_ref().map(|grid| &grid.values[..]);
        let counts = self.control.count.as_ref().map(|many| &many.0[..]);
        let loads: Vec<Load> = match (given, counts) {
            (Some(_), Some(_)) => {
                let expected = "either a load alpha or a finite count";
                return Err(SpecError::out_of_range("control", "alpha and count", expected));
            }
            (None, Some(counts)) => counts.iter().map(|count| Load::Finite(count.0)).collect(),
            (Some(values), None) => values.iter().map(|alpha| Load::Extensive(*alpha)).collect(),
            (None, None) if !model.stores_memories() => vec![Load::Empty],
            (None, None) => match model.rule.fixed_count() {
                Some(count) => vec![Load::Finite(count)],
                None => alpha.iter().map(|alpha| Load::Extensive(*alpha)).collect(),
            },
        };
        let temperatures = self.control.temperature.as_ref().map_or(temperature, |grid| &grid.values[..]);
        loads.iter().try_for_each(|load| model.check_load(*load))?;
        Ok(loads
            .iter()
            .flat_map(|load| {
                temperatures.iter().map(|temperature| Control { load: *load, temperature: *temperature })
            })
            .collect())
    }
}
