//! Potts units as a run sees them.

use super::System;
use crate::dynamics::{PottsEngine, Step};
use crate::network::PottsNetwork;
use crate::observable::Snapshot;
use crate::random::Source;
use crate::start::Aim;

/// Potts units. All overlaps are those of u(s)·u(s′)/Q(Q − 1) = \[Qδ(s, s′) − 1\]/(Q − 1).
#[derive(Clone)]
pub(crate) struct Coloured {
    network: PottsNetwork,
    engine: PottsEngine,
    /// The states as the levels that starts aim at.
    names: Vec<f64>,
    last: Option<Step>,
}

impl Coloured {
    pub(crate) fn new(network: PottsNetwork, engine: PottsEngine) -> Self {
        let names = (0..network.memories().states()).map(|state| state as f64).collect();
        Self { network, engine, names, last: None }
    }
}

impl System for Coloured {
    type Unit = u8;

    fn states(&self) -> &[u8] {
        self.network.states()
    }

    fn place(&mut self, aims: &[Aim]) {
        let states: Vec<u8> = aims.iter().map(|aim| aim.level(&self.names)).collect();
        self.network.load(&states);
    }

    fn knows(&self, states: &[u8]) -> bool {
        let known = |state: &u8| usize::from(*state) < self.names.len();
        states.len() == self.states().len() && states.iter().all(known)
    }

    fn resume(&mut self, states: &[u8], advice: Option<f64>) -> bool {
        self.network.load(states);
        advice.is_none()
    }

    fn sweep(&mut self, source: Source, replica: u32, sweep: u64) -> bool {
        let step = self.engine.sweep(&mut self.network, source, replica, sweep);
        self.last = Some(step);
        self.engine.is_frozen(&self.network, &step)
    }

    fn is_parallel(&self) -> bool {
        self.engine.is_parallel()
    }

    fn snapshot(&self, condensed: usize, overlaps: &mut [f64]) -> Snapshot {
        let total = self.last.and_then(|step| step.two_time_energy);
        let energy = total.unwrap_or_else(|| self.network.energy()) / self.states().len() as f64;
        self.network.overlaps(overlaps);
        Snapshot::new(overlaps, condensed, Some(energy), (0.0, 1.0))
    }

    fn overlaps(&self, out: &mut [f64]) {
        self.network.overlaps(out);
    }

    fn overlap_with(&self, other: &Self) -> f64 {
        self.network.overlap_with(other.states())
    }

    fn overlap_at(&self, state: &[u8]) -> f64 {
        self.network.overlap_with(state)
    }

    fn differing(&self, state: &[u8]) -> usize {
        self.states().iter().zip(state).filter(|(a, b)| a != b).count()
    }
}
