//! Simulation of generalised restricted Boltzmann machines by alternating Gibbs sampling.
//!
//! Given one layer the units of the other are independent, so that a sweep draws all visible units and then all
//! hidden ones, exactly. (Barra, Genovese, Sollich & Tantari, Phys. Rev. E 97, 022310 (2018))

mod machine;
mod prior;
#[cfg(test)]
mod tests;

use mattis_model::record::MeasuredPoint;
use mattis_model::{Control, Load, SpecError, TwoLayers, Unsupported};
use rayon::prelude::*;

use crate::random::{Source, disorder};
use crate::statistics::{SampleMean, combine};
use crate::{SampleResult, SimError};
use machine::{Machine, Replica, dot};

/// A Monte Carlo run of a machine at one or more controls and sizes.
///
/// Every disorder sample has two replicas on the same weights, started with the visible units on the signs of
/// memory 1. Measured are
///
/// * `m` = (1/N) Σ ξ_i1 σ_i, and `m_max_other`, the largest |overlap| with another memory;
/// * `q` = (1/N) Σ σ_i σ′_i of the replicas, and `activity` = (1/N) Σ σ_i²;
/// * `r` = (T/(M − 1)) Σ_{μ>1} τ_μ τ′_μ of the replicas, the crosstalk.
///
/// A sample has *escaped* if the overlap of a replica, averaged over the last quarter of the measured sweeps, is
/// below half of what it was at the start; it is counted and enters no average.
///
/// ```
/// use mattis_model::{Control, TwoLayers};
/// use mattis_sim::two_layers::TwoLayerSimulation;
///
/// let machine = TwoLayers { hidden: 0.75, ..TwoLayers::HOPFIELD };
/// let points = TwoLayerSimulation::new(&machine).at(Control::new(0.02, 0.3)).sizes([200]).samples(4).run()?;
/// let m = points[0].observable("m").and_then(|m| m.value);
/// assert!(m.is_some_and(|m| m > 0.8));
/// # Ok::<(), mattis_sim::SimError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TwoLayerSimulation {
    machine: TwoLayers,
    controls: Vec<Control>,
    sizes: Vec<usize>,
    samples: usize,
    sweeps: usize,
    burn_in: usize,
    seed: u64,
}

/// A control at one size.
#[derive(Debug, Clone, Copy)]
struct Point {
    control: Control,
    neurons: usize,
    count: usize,
}

impl TwoLayerSimulation {
    /// N = 1000, 16 disorder samples, 200 sweeps after 100 of burn-in, seed 1. Controls have no default.
    pub fn new(machine: &TwoLayers) -> Self {
        Self {
            machine: *machine,
            controls: Vec::new(),
            sizes: vec![1000],
            samples: 16,
            sweeps: 200,
            burn_in: 100,
            seed: 1,
        }
    }

    /// Adds a control point: a load α = M/N or a number M of hidden units, and T > 0.
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

    /// The numbers N of visible units.
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

    /// Runs to the end: one entry per control and size, in their order.
    ///
    /// # Errors
    /// If the specification is impossible or not treated.
    pub fn run(&self) -> Result<Vec<MeasuredPoint>, SimError> {
        let points = self.points()?;
        let results = self.run_samples()?;
        let join = |(index, point): (usize, &Point)| {
            let run: Vec<&SampleResult> = results.iter().filter(|result| result.point == index).collect();
            let kept: Vec<&&SampleResult> = run.iter().filter(|result| !result.escaped).collect();
            let names = run.first().into_iter().flat_map(|result| &result.observables);
            let observables = names
                .map(|SampleMean { name, .. }| {
                    let means = kept.iter().flat_map(|result| &result.observables);
                    combine(name, &means.filter(|mean| mean.name == *name).collect::<Vec<_>>())
                })
                .collect();
            MeasuredPoint {
                alpha: point.control.alpha_if_any().map(|_| point.count as f64 / point.neurons as f64),
                alpha_requested: point.control.alpha_if_any(),
                temperature: point.control.temperature,
                update: "alternating".into(),
                neurons: point.neurons,
                p: point.count,
                samples: run.len(),
                escaped: run.len() - kept.len(),
                observables,
            }
        };
        Ok(points.iter().enumerate().map(join).collect())
    }

    /// Every disorder sample by itself, by point and sample. Samples of equal number, size and seed share their
    /// weights, whatever the control; their Boolean part is that of the ±1 memories of other simulations.
    ///
    /// # Errors
    /// As [`TwoLayerSimulation::run`].
    pub fn run_samples(&self) -> Result<Vec<SampleResult>, SimError> {
        let points = self.points()?;
        let keys: Vec<(usize, usize)> = (0..points.len())
            .flat_map(|point| (0..self.samples).map(move |sample| (point, sample)))
            .collect();
        let one = |(index, sample): (usize, usize)| self.sample(index, points[index], sample);
        let results: Vec<_> = keys.into_par_iter().with_max_len(1).map(one).collect();
        results.into_iter().collect()
    }

    /// One disorder sample.
    fn sample(&self, index: usize, point: Point, sample: usize) -> Result<SampleResult, SimError> {
        let Point { control, neurons, count } = point;
        let source = Source { seed: self.seed, sample: disorder(neurons, sample) };
        let machine = Machine::draw(&self.machine, (neurons, count), control.temperature, source)?;
        let mut replicas = [0, 1].map(|number| Replica::at_memory(&machine, source, number));
        let start = replicas[0].overlaps[0];
        let mut series: [[Vec<f64>; 3]; 2] = Default::default();
        let (mut mutual, mut crosstalk) = (Vec::new(), Vec::new());
        let mut finite = true;
        for sweep in 0..self.burn_in + self.sweeps {
            for replica in &mut replicas {
                replica.sweep(&machine);
                finite &= replica.is_finite();
            }
            if !finite {
                break;
            }
            if sweep < self.burn_in {
                continue;
            }
            let size = neurons as f64;
            for (replica, [m, other, activity]) in replicas.iter().zip(&mut series) {
                m.push(replica.overlaps[0]);
                other.extend(replica.overlaps[1..].iter().map(|m| m.abs()).reduce(f64::max));
                activity.push(dot(&replica.visible, &replica.visible) / size);
            }
            let [a, b] = &replicas;
            mutual.push(dot(&a.visible, &b.visible) / size);
            if count > 1 {
                let sum = dot(&a.hidden[1..], &b.hidden[1..]);
                crosstalk.push(control.temperature * sum / (count - 1) as f64);
            }
        }
        let lost = |[m, ..]: &[Vec<f64>; 3]| {
            let late = &m[m.len() - m.len().min(self.sweeps.div_ceil(4))..];
            late.iter().sum::<f64>() < 0.5 * start * late.len() as f64
        };
        let escaped = !finite || series.iter().any(lost);
        let [a, b] = &series;
        let mut observables = Vec::new();
        for (k, name) in ["m", "m_max_other"].into_iter().enumerate() {
            if k == 0 || count > 1 {
                observables.push(SampleMean::from_series(name, &[&a[k], &b[k]]));
            }
        }
        observables.push(SampleMean::from_series("q", &[&mutual]));
        observables.push(SampleMean::from_series("activity", &[&a[2], &b[2]]));
        if count > 1 {
            observables.push(SampleMean::from_series("r", &[&crosstalk]));
        }
        Ok(SampleResult {
            point: index,
            control,
            neurons,
            p: count,
            sample,
            escaped,
            observables,
            traces: Vec::new(),
        })
    }

    /// Checks everything that can be checked before the first sample, and lists what is to be run.
    fn points(&self) -> Result<Vec<Point>, SimError> {
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
        self.machine.validate()?;
        if self.controls.is_empty() {
            return Err(SpecError::out_of_range("control points", "none", "at least one").into());
        }
        if self.sizes.is_empty() {
            return Err(SpecError::out_of_range("neurons N", "none", "at least one size").into());
        }
        let mut points = Vec::new();
        for control in &self.controls {
            control.validate()?;
            for &neurons in &self.sizes {
                wanted("neurons N", neurons, 2)?;
                let count = hidden_units(control.load, neurons)?;
                self.treats(control.temperature, count as f64 / neurons as f64)?;
                points.push(Point { control: *control, neurons, count });
            }
        }
        Ok(points)
    }

    /// Refuses T = 0, and temperatures at which the Gaussian parts have no normalisable measure: the largest
    /// singular value of the weights is √N(1 + √α) for large N.
    fn treats(&self, temperature: f64, alpha: f64) -> Result<(), SimError> {
        let refuse = |because: &str, nearest: String| {
            let what = format!("{} at T = {temperature}", self.machine);
            Err(Unsupported::new(what, "the simulation of two layers", because, nearest).into())
        };
        if temperature == 0.0 {
            return refuse("it draws from a measure that is not there", "T > 0".into());
        }
        let limit = self.machine.visible * self.machine.hidden * (1.0 + alpha.sqrt()).powi(2);
        if temperature <= limit {
            return refuse("nothing bounds the Gaussian parts", format!("T > {limit:.4}"));
        }
        Ok(())
    }
}

/// M of a load.
fn hidden_units(load: Load, neurons: usize) -> Result<usize, SimError> {
    let given = match load {
        Load::Extensive(alpha) => (alpha * neurons as f64).round(),
        Load::Finite(count) => count as f64,
        _ => 0.0,
    };
    if given < 1.0 {
        let given = format!("{load} with N = {neurons}");
        return Err(SpecError::out_of_range("load α", given, "at least one hidden unit, αN ≥ 1/2").into());
    }
    let bytes = 8.0 * given * neurons as f64;
    crate::error::check_memory(
        format!("weights of {neurons} visible and {given:e} hidden units"),
        bytes as u128,
    )?;
    Ok(given as usize)
}
