//! The simulation of a model: a builder, its checks, and the record it makes.

use mattis_model::address::GENERATOR;
use mattis_model::record::{Protocol, SCHEMA, SimulationRecord};
use mattis_model::{Control, CouplingLaw, Load, Model, SpecError};
use serde::Serialize;

use crate::dynamics::{Dynamics, Order};
use crate::ensemble::{self, Point, SampleResult, Session};
use crate::error::{SimError, check_memory};
use crate::observable::Trace;
use crate::run::Task;
use crate::setup::Setup;
use crate::start::Start;

/// What a run gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The record; of an incomplete run, what was done.
    pub record: SimulationRecord,
    /// Whether every sample was finished.
    pub complete: bool,
    /// Histories, where they were asked for, by point, sample and replica.
    pub traces: Vec<Trace>,
}

/// A Monte Carlo run of a model at one or more controls and sizes.
///
/// ```
/// use mattis_model::{Control, Model};
/// use mattis_sim::Simulation;
///
/// let record = Simulation::new(&Model::hopfield())
///     .at(Control::new(0.05, 0.3))
///     .sizes([200])
///     .samples(4)
///     .sweeps(40)
///     .burn_in(20)
///     .run()?;
/// let m = record.points[0].observable("m").expect("the model has memories");
/// assert!(m.value.is_some());
/// # Ok::<(), mattis_sim::SimError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Simulation {
    model: Model,
    controls: Vec<Control>,
    sizes: Vec<usize>,
    samples: usize,
    sweeps: usize,
    burn_in: usize,
    seed: u64,
    start: Option<Start>,
    dynamics: Dynamics,
    order: Order,
    trace: bool,
}

#[derive(Serialize)]
struct Header<'a> {
    format: &'a str,
    version: &'a str,
    schema: u32,
    generator: &'a str,
    model: &'a Model,
    controls: &'a [Control],
    neurons: &'a [usize],
    sweeps: usize,
    burn_in: usize,
    #[serde(with = "mattis_model::big_integer")]
    seed: u64,
    start: String,
    dynamics: String,
    order: String,
    trace: bool,
}

impl Simulation {
    /// N = 1000, 16 disorder samples, 200 sweeps after 100 of burn-in, seed 1, heat bath in random order,
    /// from memory 0 where there is one and at random otherwise. Controls have no default.
    pub fn new(model: &Model) -> Self {
        Self {
            model: model.clone(),
            controls: Vec::new(),
            sizes: vec![1000],
            samples: 16,
            sweeps: 200,
            burn_in: 100,
            seed: 1,
            start: None,
            dynamics: Dynamics::default(),
            order: Order::default(),
            trace: false,
        }
    }

    /// Adds a control point.
    #[must_use]
    pub fn at(mut self, control: Control) -> Self {
        self.controls.push(control);
        self
    }

    /// Adds control points.
    #[must_use]
    pub fn controls(mut self, controls: impl IntoIterator<Item = Control>) -> Self {
        self.controls.extend(controls);
        self
    }

    /// The sizes N.
    #[must_use]
    pub fn sizes(mut self, neurons: impl IntoIterator<Item = usize>) -> Self {
        self.sizes = neurons.into_iter().collect();
        self
    }

    /// Disorder samples at each point and size.
    #[must_use]
    pub fn samples(mut self, samples: usize) -> Self {
        self.samples = samples;
        self
    }

    /// Sweeps that are measured.
    #[must_use]
    pub fn sweeps(mut self, sweeps: usize) -> Self {
        self.sweeps = sweeps;
        self
    }

    /// Sweeps before the first measurement.
    #[must_use]
    pub fn burn_in(mut self, burn_in: usize) -> Self {
        self.burn_in = burn_in;
        self
    }

    /// The master seed.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Where runs start. A run from a pattern, a mixture or an overlap has *escaped* if the overlap with one
    /// of its condensed memories, averaged over the last quarter of the measured sweeps, is below half of
    /// what it was at the start; with finitely many memories and parallel updates, at even and at odd sweeps
    /// alike, so that a 2-cycle through the start has not escaped. Of a cue the first memory counts, and of
    /// units without a bound the overlap divided by the standard deviation of their values. A
    /// disorder sample with an escaped replica is counted and enters no average.
    #[must_use]
    pub fn start(mut self, start: Start) -> Self {
        self.start = Some(start);
        self
    }

    /// How a unit chooses its next level.
    #[must_use]
    pub fn dynamics(mut self, dynamics: Dynamics) -> Self {
        self.dynamics = dynamics;
        self
    }

    /// In which order sequential updates visit units.
    #[must_use]
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Whether histories are kept.
    #[must_use]
    pub fn trace(mut self, yes: bool) -> Self {
        self.trace = yes;
        self
    }

    /// The start as given, or the model's own.
    fn chosen_start(&self) -> Start {
        let default = match self.model.rule.value() {
            // Where a memory does not attract itself, only mixtures are states.
            CouplingLaw::QuadraticForm(form) if form.size() > 1 && form.entry(0, 0) <= 0.0 => {
                Start::Mixture { n: form.size() }
            }
            law if law.stores_memories() => Start::Pattern,
            _ => Start::Random,
        };
        self.start.unwrap_or(default)
    }

    /// The protocol as records hold it.
    pub fn protocol(&self) -> Protocol {
        Protocol {
            neurons: self.sizes.clone(),
            samples: self.samples,
            sweeps: self.sweeps,
            burn_in: self.burn_in,
            seed: self.seed,
            start: self.chosen_start().to_string(),
            dynamics: self.dynamics.to_string(),
            order: self.order.to_string(),
        }
    }

    /// Runs to the end.
    ///
    /// # Errors
    /// If the specification is impossible or not treated.
    pub fn run(&self) -> Result<SimulationRecord, SimError> {
        Ok(self.run_with(&Session::default())?.record)
    }

    /// Runs with a checkpoint, a way to stop it, or reports of its progress.
    ///
    /// # Errors
    /// If the specification is impossible or not treated, or the checkpoint cannot be used.
    pub fn run_with(&self, session: &Session<'_>) -> Result<Outcome, SimError> {
        let points = self.points()?;
        let mut results = ensemble::run(&points, self.samples, &self.header()?, session)?;
        let observed = ensemble::join(&points, &results);
        let record =
            SimulationRecord { model: self.model.clone(), simulation: self.protocol(), points: observed };
        let complete = results.len() == points.len() * self.samples;
        let traces = results.iter_mut().flat_map(|result| std::mem::take(&mut result.traces)).collect();
        Ok(Outcome { record, complete, traces })
    }

    /// Every disorder sample by itself, by point and sample: for differences on the same disorder. Samples
    /// of equal number, size and seed share their memories, couplings and uniforms, whatever the control,
    /// the update or the diagonal.
    ///
    /// # Errors
    /// As [`Simulation::run`].
    pub fn run_samples(&self) -> Result<Vec<SampleResult>, SimError> {
        self.run_samples_with(&Session::default())
    }

    /// The same with a checkpoint, a way to stop it, or reports of its progress; of a run that was stopped,
    /// the finished samples.
    ///
    /// # Errors
    /// As [`Simulation::run_with`].
    pub fn run_samples_with(&self, session: &Session<'_>) -> Result<Vec<SampleResult>, SimError> {
        ensemble::run(&self.points()?, self.samples, &self.header()?, session)
    }

    /// Checks everything that can be checked before the first sample, and lists what is to be run.
    fn points(&self) -> Result<Vec<Point<'_>>, SimError> {
        let wanted = |quantity: &str, given: usize, least: usize| {
            let range = format!("a whole number from {least} to {}", u32::MAX);
            if given < least || given > u32::MAX as usize {
                return Err(SpecError::out_of_range(quantity, given, range));
            }
            Ok(())
        };
        wanted("samples", self.samples, 1)?;
        wanted("sweeps", self.sweeps, 1)?;
        wanted("burn-in", self.burn_in, 0)?;
        if self.controls.is_empty() {
            return Err(SpecError::out_of_range("control points", "none", "at least one").into());
        }
        if self.sizes.is_empty() {
            return Err(SpecError::out_of_range("neurons N", "none", "at least one size").into());
        }
        let start = self.chosen_start();
        let mut points = Vec::new();
        self.model.validate()?;
        self.model.unit.in_network("the simulation")?;
        start.suits(&self.model.patterns)?;
        for control in &self.controls {
            control.validate()?;
            self.model.check_load(control.load)?;
            for &neurons in &self.sizes {
                wanted("neurons N", neurons, 2)?;
                let inputs = self.model.connectivity.value().inputs(neurons);
                let memories = memories(control.load, neurons, inputs)?;
                start.validate(memories)?;
                let finite = control.count().is_some();
                if let Start::Mixture { n } = start
                    && !finite
                    && n % 2 == 0
                {
                    return Err(SpecError::out_of_range("n of start mixture", n, "an odd number ≥ 3").into());
                }
                let setup = Setup {
                    model: &self.model,
                    neurons,
                    memories,
                    temperature: control.temperature,
                    dynamics: self.dynamics,
                    order: self.order,
                    typical: start == Start::Typical,
                };
                let bytes = setup.check()?;
                let task = Task {
                    setup,
                    finite,
                    start,
                    sweeps: self.sweeps,
                    burn_in: self.burn_in,
                    seed: self.seed,
                    trace: self.trace,
                };
                points.push(Point { control: *control, task, bytes });
            }
        }
        Ok(points)
    }

    fn header(&self) -> Result<String, SimError> {
        let protocol = self.protocol();
        let header = Header {
            format: "mattis-checkpoint",
            version: env!("CARGO_PKG_VERSION"),
            schema: SCHEMA,
            generator: GENERATOR,
            model: &self.model,
            controls: &self.controls,
            neurons: &self.sizes,
            sweeps: self.sweeps,
            burn_in: self.burn_in,
            seed: self.seed,
            start: protocol.start,
            dynamics: protocol.dynamics,
            order: protocol.order,
            trace: self.trace,
        };
        serde_json::to_string(&header).map_err(|error| {
            SpecError::Malformed {
                given: "the specification".into(),
                expected: format!("writable as JSON: {error}"),
            }
            .into()
        })
    }
}

/// p = αC, rounded; C is the mean number of inputs, N in a full network.
fn memories(load: Load, neurons: usize, inputs: f64) -> Result<usize, SimError> {
    let alpha = match load {
        Load::Extensive(alpha) => alpha,
        Load::Finite(count) => {
            let bytes = count as u128 * neurons as u128 / 8;
            check_memory(format!("{count} memories of {neurons} units"), bytes)?;
            return Ok(count);
        }
        _ => return Ok(0),
    };
    let count = (alpha * inputs).round();
    if count < 1.0 {
        let full = inputs == neurons as f64;
        let given =
            if full { format!("{alpha} with N = {neurons}") } else { format!("{alpha} with C = {inputs}") };
        let expected =
            if full { "at least one memory, αN ≥ 1/2" } else { "at least one memory, αC ≥ 1/2" };
        return Err(SpecError::out_of_range("load α", given, expected).into());
    }
    let bytes = count / 8.0 * neurons as f64;
    check_memory(format!("{count:e} memories of {neurons} units"), bytes as u128)?;
    Ok(count as usize)
}

#[cfg(test)]
mod dilution_tests;
#[cfg(test)]
mod finite_degree_tests;
#[cfg(test)]
mod finite_tests;
#[cfg(test)]
mod graded_tests;
#[cfg(test)]
mod partial_tests;
#[cfg(test)]
mod potts_tests;
#[cfg(test)]
mod tests;
