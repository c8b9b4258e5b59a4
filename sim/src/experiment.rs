//! Experiments on single networks, counted trial by trial: every trial has its own memories.
//!
//! Trials run in parallel; their numbers depend on the seed and the number of the trial alone.

use mattis_model::{Control, Model, Schedule, SpecError, Topology, Unsupported};
use rayon::prelude::*;

use crate::dynamics::{Dynamics, Order};
use crate::random::{Source, disorder};
use crate::setup::Setup;
use crate::start::Stored;
use crate::system::{System, Visitor};
use crate::{SimError, Simulation, Start};

/// Sweeps after which a run at T = 0 that has not come to rest is looked at as it is.
pub const LONGEST_RUN: u64 = 1000;

/// Networks of one size with one number of memories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trials {
    /// Number of units N.
    pub neurons: usize,
    /// Number of memories p.
    pub memories: usize,
    /// Number of trials.
    pub trials: usize,
    /// Master seed.
    pub seed: u64,
}

/// How many of independent trials had a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Those that had it.
    pub hits: usize,
    /// All.
    pub trials: usize,
}

impl Count {
    /// hits/trials; `None` of no trials.
    pub fn fraction(&self) -> Option<f64> {
        (self.trials > 0).then(|| self.hits as f64 / self.trials as f64)
    }

    /// Binomial standard error √\[f(1 − f)/trials\] of the fraction; `None` of no trials.
    pub fn error(&self) -> Option<f64> {
        self.fraction().map(|f| (f * (1.0 - f) / self.trials as f64).sqrt())
    }
}

impl Trials {
    /// Checks the numbers and runs the visitor that `make` gives on every trial, in order.
    fn run<V: Visitor + Send>(
        &self,
        (model, temperature, order): (&Model, f64, Order),
        start: Start,
        make: impl Fn(Source) -> V + Sync,
    ) -> Result<Vec<V::Out>, SimError>
    where
        V::Out: Send,
    {
        let Self { neurons, memories, trials, seed } = *self;
        model.validate()?;
        model.unit.in_network("the simulation")?;
        let control = Control::finite(memories, temperature);
        control.validate()?;
        model.check_load(control.load)?;
        start.validate(memories)?;
        start.suits(&model.patterns)?;
        treats(model)?;
        if !(2..=u32::MAX as usize).contains(&neurons) {
            let range = format!("a whole number from 2 to {}", u32::MAX);
            return Err(SpecError::out_of_range("neurons N", neurons, range).into());
        }
        let setup = Setup {
            model,
            neurons,
            memories,
            temperature,
            dynamics: Dynamics::HeatBath,
            order,
            typical: false,
        };
        setup.check()?;
        (0..trials)
            .into_par_iter()
            .map(|trial| {
                let source = Source { seed, sample: disorder(neurons, trial) };
                setup.build(source, make(source))
            })
            .collect()
    }
}

/// Refuses what trials have no meaning for.
fn treats(model: &Model) -> Result<(), Unsupported> {
    let refuse = |what: String, because: &str, nearest: &str| {
        Err(Unsupported::new(what, "an experiment on single networks", because, nearest))
    };
    if model.unit.colours().is_some() {
        let what = format!("the Potts unit `{}`", model.unit);
        return refuse(what, "it counts units by the sign or level of a memory", "a simulation");
    }
    if *model.update.value() == Schedule::Continuous {
        let what = format!("update `{}`", model.update);
        return refuse(what, "a unit of time updates no unit as a whole", "sequential or parallel");
    }
    if matches!(model.connectivity.value(), Topology::Finite { .. }) {
        let what = format!("connectivity `{}`", model.connectivity);
        return refuse(what, "units without inputs or with ties never rest", "full or diluted");
    }
    Ok(())
}

/// A run at T = 0 from a start until nothing changes: how many units differ from the start.
struct Settle {
    source: Source,
    start: Start,
}

impl Visitor for Settle {
    type Out = usize;

    fn visit<S: System>(self, mut system: S, stored: &Stored) -> Result<usize, SimError> {
        system.place(&self.start.aims(system.states().len(), stored, self.source, 0));
        let start = system.states().to_vec();
        for sweep in 0..LONGEST_RUN {
            if system.sweep(self.source, 0, sweep) {
                break;
            }
        }
        Ok(system.differing(&start))
    }
}

/// How many units end on another level than in the memory that the network started at, after the updates of
/// the model at T = 0 until it is stable; one number per trial. Sequential updates are in random order, and
/// with symmetric couplings and J_ii ≥ 0 always reach a stable state; a parallel 2-cycle is looked at after
/// [`LONGEST_RUN`] sweeps.
///
/// Hopfield, PNAS 79, 2554 (1982), Fig. 2: N = 30 or 100, unit `binary` (0/1, T_ij = Σ(2V_i − 1)(2V_j − 1),
/// T_ii = 0, U_i = 0). The same in spins: unit `ising` in the field `postsynaptic`.
///
/// # Errors
/// If the specification is impossible or not treated.
pub fn recall_errors(model: &Model, trials: &Trials) -> Result<Vec<usize>, SimError> {
    let start = Start::Pattern;
    trials.run((model, 0.0, Order::Random), start, |source| Settle { source, start })
}

/// One sweep: which share of the units it changed.
struct Glance {
    source: Source,
    start: Start,
}

impl Visitor for Glance {
    type Out = f64;

    fn visit<S: System>(self, mut system: S, stored: &Stored) -> Result<f64, SimError> {
        system.place(&self.start.aims(system.states().len(), stored, self.source, 0));
        let start = system.states().to_vec();
        system.sweep(self.source, 0, 0);
        Ok(system.differing(&start) as f64 / start.len() as f64)
    }
}

/// The share of units that the first sweep changes, one number per trial, where every unit is updated once:
/// a familiar stimulus changes little. A stimulus is a start: `Overlap { m }` has the overlap m with a memory,
/// `Random` has none.
///
/// # Errors
/// If the specification or the stimulus is impossible or not treated.
pub fn familiarity(
    model: &Model,
    trials: &Trials,
    temperature: f64,
    stimulus: Start,
) -> Result<Vec<f64>, SimError> {
    trials.run((model, temperature, Order::Sweep), stimulus, |source| Glance { source, start: stimulus })
}

/// What an ambiguous input was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generalisation {
    /// Trials that ended in the first memory.
    pub first: Count,
    /// Trials that ended in the second.
    pub second: Count,
    /// Trials that ended in neither: a mixture, another memory, or nothing.
    pub other: Count,
}

/// Overlaps after some sweeps, averaged over the last quarter, and the overlap of a memory with itself.
struct Follow {
    source: Source,
    start: Start,
    sweeps: u64,
}

impl Visitor for Follow {
    type Out = (Vec<f64>, f64);

    fn visit<S: System>(self, mut system: S, stored: &Stored) -> Result<(Vec<f64>, f64), SimError> {
        let neurons = system.states().len();
        let count = stored.count();
        let mut overlaps = vec![0.0; count];
        system.place(&Start::Pattern.aims(neurons, stored, self.source, 0));
        system.overlaps(&mut overlaps);
        let perfect = overlaps.first().copied().unwrap_or(0.0);
        system.place(&self.start.aims(neurons, stored, self.source, 0));
        let quarter = self.sweeps - self.sweeps.div_ceil(4);
        let mut late = vec![0.0; count];
        for sweep in 0..self.sweeps {
            system.sweep(self.source, 0, sweep);
            if sweep >= quarter {
                system.overlaps(&mut overlaps);
                late.iter_mut().zip(&overlaps).for_each(|(sum, overlap)| *sum += overlap);
            }
        }
        let measured = (self.sweeps - quarter) as f64;
        for sum in &mut late {
            *sum /= measured;
        }
        Ok((late, perfect))
    }
}

/// Which memory is retrieved from the start `cue:share=x`: the one with the largest overlap over the last
/// quarter of the sweeps, if that is at least half of what the memory itself has, and no other overlap is
/// more than half of it.
///
/// # Errors
/// If the specification is impossible or not treated, or `sweeps` is 0.
pub fn generalisation(
    model: &Model,
    trials: &Trials,
    temperature: f64,
    share: f64,
    sweeps: usize,
) -> Result<Generalisation, SimError> {
    if sweeps == 0 {
        return Err(SpecError::out_of_range("sweeps", sweeps, "a whole number ≥ 1").into());
    }
    let start = Start::Cue { share };
    let follow = |source| Follow { source, start, sweeps: sweeps as u64 };
    let ends = trials.run((model, temperature, Order::Random), start, follow)?;
    let mut hits = [0; 3];
    for (overlaps, perfect) in &ends {
        hits[retrieved(overlaps, *perfect).filter(|memory| *memory < 2).unwrap_or(2)] += 1;
    }
    let [first, second, other] = hits.map(|hits| Count { hits, trials: ends.len() });
    Ok(Generalisation { first, second, other })
}

fn retrieved(overlaps: &[f64], perfect: f64) -> Option<usize> {
    let best = (0..overlaps.len()).max_by(|a, b| overlaps[*a].total_cmp(&overlaps[*b]))?;
    let top = overlaps[best];
    let alone = overlaps.iter().enumerate().all(|(memory, m)| memory == best || m.abs() <= 0.5 * top);
    (alone && top >= 0.5 * perfect).then_some(best)
}

/// At each temperature, how many networks started at the symmetric mixture of n memories still have every
/// condensed overlap above half of what it was, on average over the last quarter of the sweeps, in both of
/// two replicas.
///
/// Mixtures are lost well below T_n: the random overlaps N^{−1/2} between memories act like a field that
/// favours one of them, and the mixture gives way where its softest eigenvalue is of order N^{−1/4}. For
/// n = p = 3, T_3 = 0.4598, half of the networks lose it at about T = 0.28 with N = 1000 and 0.34 with 4000.
///
/// # Errors
/// If the specification is impossible or not treated.
pub fn survival(
    model: &Model,
    trials: &Trials,
    n: usize,
    temperatures: &[f64],
    sweeps: usize,
) -> Result<Vec<Count>, SimError> {
    let controls = temperatures.iter().map(|temperature| Control::finite(trials.memories, *temperature));
    let record = Simulation::new(model)
        .controls(controls)
        .sizes([trials.neurons])
        .samples(trials.trials)
        .sweeps(sweeps)
        .burn_in(0)
        .seed(trials.seed)
        .start(Start::Mixture { n })
        .run()?;
    let count = |point: &mattis_model::record::MeasuredPoint| Count {
        hits: point.samples - point.escaped,
        trials: point.samples,
    };
    Ok(record.points.iter().map(count).collect())
}

#[cfg(test)]
mod tests;
