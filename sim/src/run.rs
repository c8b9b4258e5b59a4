//! One disorder sample: two replicas with independent thermal noise on the same couplings.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use mattis_model::{CouplingLaw, Load, Model, PatternLaw, Topology, Unsupported};

use crate::dynamics::{Dynamics, Engine, Order, Step};
use crate::network::{Couplings, DenseNetwork, Memories, Network, PatternNetwork, Quantised};
use crate::observable::{Column, Series, Snapshot, Trace, averages, replica_overlap};
use crate::random::{Source, disorder};
use crate::statistics::SampleMean;
use crate::{SimError, Start};

/// What every sample of a point has in common.
#[derive(Debug, Clone)]
pub(crate) struct Task<'a> {
    pub(crate) model: &'a Model,
    pub(crate) neurons: usize,
    pub(crate) memories: usize,
    pub(crate) temperature: f64,
    pub(crate) start: Start,
    pub(crate) dynamics: Dynamics,
    pub(crate) order: Order,
    pub(crate) sweeps: usize,
    pub(crate) burn_in: usize,
    pub(crate) seed: u64,
    pub(crate) trace: bool,
}

/// What one sample gave.
pub(crate) struct Measured {
    pub(crate) escaped: bool,
    pub(crate) observables: Vec<SampleMean>,
    pub(crate) traces: Vec<Trace>,
}

impl Task<'_> {
    pub(crate) fn load(&self) -> Load {
        if self.memories == 0 {
            Load::Empty
        } else {
            Load::Extensive(self.memories as f64 / self.neurons as f64)
        }
    }

    pub(crate) fn engine(&self) -> Result<Engine, Unsupported> {
        let diagonal = self.model.self_coupling.at(self.load());
        Engine::new(self.model, self.dynamics, self.order, diagonal, self.temperature)
    }

    /// Refuses a matrix that would not fit, before anything is run.
    pub(crate) fn check_memory(&self) -> Result<(), SimError> {
        if self.by_patterns() { Ok(()) } else { Couplings::check(self.neurons) }
    }

    /// Whether fields follow from overlaps, without a matrix.
    fn by_patterns(&self) -> bool {
        self.model.stores_memories()
            && self.model.synapse.is_identity()
            && Quantised::new(&self.model.unit.levels()).is_some()
    }

    /// Runs one sample; `None` if it was cancelled.
    pub(crate) fn run(
        &self,
        sample: usize,
        cancel: Option<&AtomicBool>,
    ) -> Result<Option<Measured>, SimError> {
        let source = Source { seed: self.seed, sample: disorder(self.neurons, sample) };
        let model = self.model;
        let refuse = |what: String, because: &str, nearest: &str| {
            SimError::from(Unsupported::new(what, "the simulation", because, nearest))
        };
        match *model.connectivity.value() {
            Topology::Full => {}
            _ => {
                return Err(refuse(
                    format!("connectivity `{}`", model.connectivity),
                    "it has no network for it",
                    "full",
                ));
            }
        }
        match *model.rule.value() {
            CouplingLaw::Hebb => {
                match *model.patterns.value() {
                    PatternLaw::Rademacher => {}
                    _ => {
                        return Err(refuse(
                            format!("patterns `{}`", model.patterns),
                            "it cannot draw them",
                            "rademacher",
                        ));
                    }
                }
                let memories = Arc::new(Memories::draw(self.neurons, self.memories, source)?);
                if self.by_patterns() {
                    let network = PatternNetwork::new(Arc::clone(&memories), &model.unit)?;
                    return self.follow(network, Some(&memories), source, sample, cancel);
                }
                let couplings = Arc::new(Couplings::hebb(&memories, &model.synapse)?);
                let network = DenseNetwork::new(couplings, Some(Arc::clone(&memories)), &model.unit)?;
                self.follow(network, Some(&memories), source, sample, cancel)
            }
            CouplingLaw::GaussianDisorder { strength } => {
                let couplings = Arc::new(Couplings::gaussian(self.neurons, strength, source)?);
                let network = DenseNetwork::new(couplings, None, &model.unit)?;
                self.follow(network, None, source, sample, cancel)
            }
            _ => Err(refuse(format!("rule `{}`", model.rule), "it has no network for it", "hebb or none")),
        }
    }

    fn follow<N: Network + Clone>(
        &self,
        network: N,
        memories: Option<&Memories>,
        source: Source,
        sample: usize,
        cancel: Option<&AtomicBool>,
    ) -> Result<Option<Measured>, SimError> {
        let engine = self.engine()?;
        let replicas = [network.clone(), network];
        let mut replicas: Vec<Replica<N>> = (0_u32..)
            .zip(replicas)
            .map(|(number, mut network)| {
                let levels = self.start.levels(self.neurons, memories, network.levels(), source, number);
                network.load(&levels);
                Replica::new(number, network, engine.clone(), self.start.condensed(), self.memories)
            })
            .collect();
        let total = self.burn_in + self.sweeps;
        let quarter = total - self.sweeps.div_ceil(4);
        let mut mutual = Vec::new();
        for sweep in 0..total {
            if cancel.is_some_and(|flag| flag.load(Ordering::Relaxed)) {
                return Ok(None);
            }
            let measured = sweep >= self.burn_in;
            for replica in &mut replicas {
                replica.advance(source, sweep);
                if measured || self.trace {
                    replica.measure(sweep >= quarter);
                }
            }
            if (measured || self.trace)
                && let [a, b] = &replicas[..]
            {
                mutual.push(replica_overlap(&a.network, &b.network));
            }
        }
        let escaped = self.start != Start::Random && replicas.iter().any(Replica::has_escaped);
        let series = [std::mem::take(&mut replicas[0].series), std::mem::take(&mut replicas[1].series)];
        let observables = averages(&series, &mutual, self.sweeps);
        let traces = if self.trace { self.traces(&series, &mutual, sample) } else { Vec::new() };
        Ok(Some(Measured { escaped, observables, traces }))
    }

    fn traces(&self, replicas: &[Series; 2], mutual: &[f64], sample: usize) -> Vec<Trace> {
        let trace = |(replica, series): (usize, &Series)| Trace {
            alpha: (self.memories > 0).then(|| self.load().alpha()),
            temperature: self.temperature,
            neurons: self.neurons,
            sample,
            replica,
            burn_in: self.burn_in,
            columns: series
                .named()
                .into_iter()
                .chain([("q", mutual)])
                .filter(|(_, values)| !values.is_empty())
                .map(|(name, values)| Column { name: name.into(), values: values.to_vec() })
                .collect(),
        };
        replicas.iter().enumerate().map(trace).collect()
    }
}

struct Replica<N> {
    number: u32,
    network: N,
    engine: Engine,
    condensed: usize,
    last: Option<Step>,
    frozen: Option<Snapshot>,
    overlaps: Vec<f64>,
    /// Overlaps with the condensed memories at the start, and their sums over the last quarter.
    initial: Vec<f64>,
    late: Vec<f64>,
    late_count: usize,
    series: Series,
}

impl<N: Network> Replica<N> {
    fn new(number: u32, network: N, engine: Engine, condensed: usize, memories: usize) -> Self {
        let mut overlaps = vec![0.0; memories];
        network.overlaps(&mut overlaps);
        let initial = overlaps[..condensed.min(memories)].to_vec();
        let late = vec![0.0; initial.len()];
        Self {
            number,
            network,
            engine,
            condensed,
            last: None,
            frozen: None,
            overlaps,
            initial,
            late,
            late_count: 0,
            series: Series::default(),
        }
    }

    fn advance(&mut self, source: Source, sweep: usize) {
        if self.frozen.is_some() {
            return;
        }
        let step = self.engine.sweep(&mut self.network, source, self.number, sweep as u64);
        self.last = Some(step);
        if self.engine.is_frozen(&self.network, &step) {
            self.frozen = Some(self.snapshot());
        }
    }

    fn snapshot(&mut self) -> Snapshot {
        Snapshot::take(&self.network, &self.engine, self.last.as_ref(), self.condensed, &mut self.overlaps)
    }

    fn measure(&mut self, late: bool) {
        let snapshot = self.frozen.unwrap_or_else(|| self.snapshot());
        self.series.push(&snapshot);
        if late {
            self.late_count += 1;
            for (sum, overlap) in self.late.iter_mut().zip(&self.overlaps) {
                *sum += overlap;
            }
        }
    }

    /// Whether a condensed overlap has on average fallen below half of what it started from.
    fn has_escaped(&self) -> bool {
        let count = self.late_count as f64;
        self.initial
            .iter()
            .zip(&self.late)
            .any(|(start, sum)| sum * start.signum() < 0.5 * start.abs() * count)
    }
}
