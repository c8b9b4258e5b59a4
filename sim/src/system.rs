//! Systems: a network with its kernel, whatever its units are, as a run sees it.

mod potts;

use crate::SimError;
use crate::amplitude::amplitude;
use crate::checkpoint::Plain;
use crate::dynamics::{ContinuousStep, Engine, RealKernel, Step};
use crate::network::{ContinuousNetwork, Interaction, Network};
use crate::observable::{Snapshot, replica_overlap, state_overlap};
use crate::random::Source;
use crate::start::{Aim, Stored};

/// One replica: what a run asks of it.
pub(crate) trait System: Clone {
    /// The state of one unit.
    type Unit: Plain;

    /// The state of every unit.
    fn states(&self) -> &[Self::Unit];

    /// Puts every unit where the start wants it.
    fn place(&mut self, aims: &[Aim]);

    /// Whether these are states of this system: one for each unit, and one that it can have.
    fn knows(&self, states: &[Self::Unit]) -> bool;

    /// Goes on from states that it knows, between two sweeps, and from what [`System::advice`] gave there; whether
    /// that is advice for this system.
    #[must_use]
    fn resume(&mut self, states: &[Self::Unit], advice: Option<f64>) -> bool;

    /// What further sweeps depend on beside the states.
    fn advice(&self) -> Option<f64> {
        None
    }

    /// One sweep; whether nothing can change any more.
    fn sweep(&mut self, source: Source, replica: u32, sweep: u64) -> bool;

    /// Whether all units are updated at once.
    fn is_parallel(&self) -> bool;

    /// Measures; `overlaps` is filled and has one place per memory.
    fn snapshot(&self, condensed: usize, overlaps: &mut [f64]) -> Snapshot;

    /// All overlaps.
    fn overlaps(&self, out: &mut [f64]);

    /// (1/N) Σ s_i^a s_i^b with another replica.
    fn overlap_with(&self, other: &Self) -> f64;

    /// The same with an earlier state.
    fn overlap_at(&self, state: &[Self::Unit]) -> f64;

    /// Number of units that are not as they were: on another level, or on the other side of the middle, of 0 without bounds.
    fn differing(&self, state: &[Self::Unit]) -> usize;
}

pub(crate) use potts::Coloured;

/// What is done with a system, whatever its type.
pub(crate) trait Visitor {
    type Out;

    fn visit<S: System>(self, system: S, stored: &Stored) -> Result<Self::Out, SimError>;
}

/// Units with levels.
#[derive(Clone)]
pub(crate) struct Levelled<N> {
    network: N,
    engine: Engine,
    last: Option<Step>,
}

impl<N> Levelled<N> {
    pub(crate) fn new(network: N, engine: Engine) -> Self {
        Self { network, engine, last: None }
    }
}

impl<N: Network + Clone> System for Levelled<N> {
    type Unit = u8;

    fn states(&self) -> &[u8] {
        self.network.states()
    }

    fn place(&mut self, aims: &[Aim]) {
        let levels: Vec<u8> = aims.iter().map(|aim| aim.level(self.network.levels())).collect();
        self.network.load(&levels);
    }

    fn knows(&self, states: &[u8]) -> bool {
        let count = self.network.levels().len();
        states.len() == self.network.neurons() && states.iter().all(|s| usize::from(*s) < count)
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
        Snapshot::take(&self.network, &self.engine, self.last.as_ref(), condensed, overlaps)
    }

    fn overlaps(&self, out: &mut [f64]) {
        self.network.overlaps(out);
    }

    fn overlap_with(&self, other: &Self) -> f64 {
        replica_overlap(&self.network, &other.network)
    }

    fn overlap_at(&self, state: &[u8]) -> f64 {
        state_overlap(self.network.levels(), self.network.states(), state)
    }

    fn differing(&self, state: &[u8]) -> usize {
        self.network.states().iter().zip(state).filter(|(a, b)| a != b).count()
    }
}

/// Units whose values fill an interval.
#[derive(Clone)]
pub(crate) struct Graded<I, K> {
    network: ContinuousNetwork<I>,
    engine: K,
    last: Option<ContinuousStep>,
}

impl<I, K> Graded<I, K> {
    pub(crate) fn new(network: ContinuousNetwork<I>, engine: K) -> Self {
        Self { network, engine, last: None }
    }
}

/// (1/N) Σ a_i b_i.
fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>() / a.len() as f64
}

/// Whether a unit may have this value. Without bounds it may have grown until it is no number.
fn within((low, high): (f64, f64), s: f64) -> bool {
    // What rounding leaves beyond an end.
    let slack = |end: f64| 1e-12 * (1.0 + end.abs());
    let bounded = low.is_finite() && high.is_finite();
    (low - slack(low)..=high + slack(high)).contains(&s) || !bounded && s.is_nan()
}

impl<I: Interaction, K: RealKernel> System for Graded<I, K> {
    type Unit = f64;

    fn states(&self) -> &[f64] {
        self.network.values()
    }

    fn place(&mut self, aims: &[Aim]) {
        let domain = self.engine.domain();
        let driven = |field| self.engine.driven(field);
        let mut values: Vec<f64> = aims.iter().map(|aim| aim.value(domain, driven)).collect();
        if !(domain.0.is_finite() && domain.1.is_finite()) {
            let (mut constant, mut linear) = (vec![0.0; values.len()], vec![0.0; values.len()]);
            self.network.fields_at(&vec![0.0; values.len()], &mut constant);
            self.network.fields_at(&values, &mut linear);
            for ((l, c), s) in linear.iter_mut().zip(&mut constant).zip(&values) {
                *l += self.engine.diagonal() * s - *c;
                *c += self.engine.external();
            }
            let a = amplitude(&linear, &constant, &values, driven);
            for s in &mut values {
                *s *= a;
            }
        }
        self.network.load(&values);
    }

    fn knows(&self, states: &[f64]) -> bool {
        states.len() == self.states().len() && states.iter().all(|s| within(self.engine.domain(), *s))
    }

    fn resume(&mut self, states: &[f64], advice: Option<f64>) -> bool {
        self.network.load(states);
        self.engine.heed(advice)
    }

    fn advice(&self) -> Option<f64> {
        self.engine.advice()
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
        let values = self.network.values();
        let size = values.len() as f64;
        let activity = product(values, values);
        let energy = if let Some(total) = self.last.and_then(|step| step.two_time_energy) {
            total / size
        } else {
            let single: f64 = values.iter().map(|s| self.engine.single(*s)).sum();
            let fields = self.network.coupling_energy() + self.network.shift_energy();
            (fields + single) / size - 0.5 * self.engine.diagonal() * activity
        };
        self.network.overlaps(overlaps);
        let mean = values.iter().sum::<f64>() / size;
        Snapshot::new(overlaps, condensed, self.network.is_symmetric().then_some(energy), (mean, activity))
    }

    fn overlaps(&self, out: &mut [f64]) {
        self.network.overlaps(out);
    }

    fn overlap_with(&self, other: &Self) -> f64 {
        product(self.states(), other.states())
    }

    fn overlap_at(&self, state: &[f64]) -> f64 {
        product(self.states(), state)
    }

    fn differing(&self, state: &[f64]) -> usize {
        let (low, high) = self.engine.domain();
        let middle = if low.is_finite() && high.is_finite() { 0.5 * (low + high) } else { 0.0 };
        let above = |s: &f64| *s > middle;
        self.states().iter().zip(state).filter(|(a, b)| above(a) != above(b)).count()
    }
}
