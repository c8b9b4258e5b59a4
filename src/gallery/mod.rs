//! Pictures of records, and published figures with the numbers that they must reproduce.
//!
//! Everything here is drawn from [`Records`], so that a saved run is drawn again without computing. A
//! published figure is computed by the public engines; its gold numbers are only compared with.

mod capacity;
mod diluted_overlap;
mod general;
mod generalised_rbm;
mod graded_gain;
mod hebbian_capacity;
mod landscape;
mod little_hopfield;
mod mixtures;
mod phase_diagram;
mod random_stability;
mod rbm_activations;
mod rbm_crossover;
mod rbm_hopfield;
mod recall_errors;
mod self_coupling;
mod sparse_coding;

use mattis_figures::{Figure, FigureError};
use mattis_model::record::{Experiment, SimulationRecord, StabilityRecord};
use mattis_model::{Control, Model, Update};
use mattis_sim::{SimError, Start};
use mattis_theory::TheoryError;
use serde::{Deserialize, Serialize};

pub use general::{branch, drawings};
pub(crate) use random_stability::with_theory;

use crate::records::Records;

/// A figure with its file stem and what it shows.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// Stem of the files.
    pub stem: String,
    /// What it shows.
    pub caption: String,
    /// The figure.
    pub figure: Figure,
}

/// A number that a published figure must reproduce.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// What it is.
    pub quantity: String,
    /// What the engines gave.
    pub computed: Option<f64>,
    /// What was published.
    pub published: f64,
    /// How far they may be apart.
    pub tolerance: f64,
    /// Where it was published.
    pub source: String,
    /// Whether they are not further apart.
    pub ok: bool,
}

impl Check {
    fn new(quantity: &str, computed: Option<f64>, published: f64, tolerance: f64, source: &str) -> Self {
        Self {
            quantity: quantity.into(),
            computed: computed.filter(|value| value.is_finite()),
            published,
            tolerance,
            source: source.into(),
            ok: computed.is_some_and(|computed| (computed - published).abs() <= tolerance),
        }
    }
}

/// How much a recipe may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effort {
    /// Under ten seconds.
    Quick,
    /// Under a minute.
    Normal,
    /// As good as in a paper.
    Full,
}

/// What a recipe wants simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The model.
    pub model: Model,
    /// The points.
    pub controls: Vec<Control>,
    /// Sizes.
    pub neurons: Vec<usize>,
    /// Disorder samples.
    pub samples: usize,
    /// Measured sweeps.
    pub sweeps: usize,
    /// Sweeps before.
    pub burn_in: usize,
    /// The updates, each in turn.
    pub updates: Vec<Update>,
    /// Where a run starts; `None` is the model's default.
    pub start: Option<Start>,
}

/// What is counted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counted {
    /// Outcomes of trials.
    pub experiments: Vec<Experiment>,
    /// Stored memories that an update changes.
    pub stability: Option<StabilityRecord>,
}

/// Counts outcomes, from a master seed.
pub type Count = fn(Effort, u64) -> Result<Counted, SimError>;

/// A published figure.
pub struct Recipe {
    /// Its name.
    pub name: &'static str,
    /// What it shows.
    pub shows: &'static str,
    /// The paper.
    pub source: &'static str,
    /// What is to be simulated, if anything.
    pub request: fn(Effort) -> Option<Request>,
    /// Counts outcomes of simulated dynamics from a master seed, if there is anything to count.
    pub experiments: Option<Count>,
    /// Solves the theory.
    pub solve: fn(Effort) -> Result<Records, TheoryError>,
    /// The numbers to be reproduced.
    pub checks: fn(&Records) -> Vec<Check>,
    /// Draws it.
    pub draw: fn(&Records) -> Figure,
}

/// The published figures.
pub static RECIPES: &[Recipe] = &[
    phase_diagram::RECIPE,
    capacity::RECIPE,
    mixtures::RECIPE,
    landscape::RECIPE,
    little_hopfield::RECIPE,
    self_coupling::RECIPE,
    recall_errors::RECIPE,
    random_stability::RECIPE,
    hebbian_capacity::RECIPE,
    diluted_overlap::RECIPE,
    graded_gain::RECIPE,
    sparse_coding::RECIPE,
    rbm_activations::RECIPE,
    rbm_crossover::RECIPE,
    rbm_hopfield::RECIPE,
    generalised_rbm::RECIPE,
];

impl Recipe {
    /// The recipe of a name.
    pub fn named(name: &str) -> Option<&'static Recipe> {
        RECIPES.iter().find(|recipe| recipe.name == name)
    }

    /// The figure with its caption.
    pub fn drawing(&self, records: &Records) -> Drawing {
        Drawing {
            stem: self.name.into(),
            caption: format!("{} After {}.", self.shows, self.source),
            figure: (self.draw)(records),
        }
    }

    /// Everything but the simulation and the experiments.
    ///
    /// # Errors
    /// If the theory cannot be solved.
    pub fn records(
        &self,
        effort: Effort,
        simulation: Option<SimulationRecord>,
        counted: Counted,
    ) -> Result<Records, TheoryError> {
        let Counted { experiments, stability } = counted;
        Ok(Records { simulation, stability, experiments, ..(self.solve)(effort)? })
    }
}

impl Drawing {
    /// Writes SVG and PNG into a directory and names them.
    ///
    /// # Errors
    /// If it cannot be drawn or written.
    pub fn write(&self, directory: &std::path::Path) -> Result<Vec<String>, FigureError> {
        let paths = self.figure.write(directory, &self.stem)?;
        Ok(paths.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect())
    }
}
