//! One disorder sample: two replicas with independent thermal noise on the same couplings.

mod kept;

use std::sync::atomic::{AtomicBool, Ordering};

use crate::checkpoint::Place;
use crate::meter::Meter;
use crate::observable::{Column, MOST_OVERLAPS, Moments, Series, Snapshot, Trace, Window, averages};
use crate::random::{Source, disorder};
use crate::setup::Setup;
use crate::start::Stored;
use crate::statistics::SampleMean;
use crate::system::{System, Visitor};
use crate::{SimError, Start};

pub(crate) use kept::Kept;

/// What every sample of a point has in common.
#[derive(Debug, Clone)]
pub(crate) struct Task<'a> {
    pub(crate) setup: Setup<'a>,
    /// Whether the number of memories stays finite as N grows.
    pub(crate) finite: bool,
    pub(crate) start: Start,
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
    /// p/N as records hold it.
    pub(crate) fn alpha(&self) -> Option<f64> {
        (self.setup.memories > 0 && !self.finite).then(|| self.setup.load().alpha())
    }

    /// Runs one sample, from where its place has it; `None` if it was cancelled.
    pub(crate) fn run(
        &self,
        sample: usize,
        cancel: Option<&AtomicBool>,
        meter: &Meter<'_>,
        place: Option<Place<'_>>,
    ) -> Result<Option<Measured>, SimError> {
        let source = Source { seed: self.seed, sample: disorder(self.setup.neurons, sample) };
        self.setup.build(source, Run { task: self, source, sample, cancel, meter, place })
    }

    /// Unit updates of one sample, all sweeps of both replicas, after some that are done.
    pub(crate) fn updates(&self, done: usize) -> u64 {
        2 * self.setup.neurons as u64 * (self.burn_in + self.sweeps).saturating_sub(done) as u64
    }

    /// The first sweep of the last quarter, whose overlaps tell an escape.
    fn quarter(&self) -> usize {
        self.burn_in + self.sweeps - self.sweeps.div_ceil(4)
    }

    /// Terms of the sums over the last quarter after some sweeps, at even and odd ones by themselves or together.
    fn late(&self, done: usize, by_parity: bool) -> [usize; 2] {
        let (first, end) = (self.quarter(), done.max(self.quarter()));
        let odd = if by_parity { end / 2 - first / 2 } else { 0 };
        [end - first - odd, odd]
    }

    /// What is averaged. With finitely many memories and parallel updates it is an even number of sweeps, so
    /// that both states of a 2-cycle count the same.
    fn window(&self, parallel: bool) -> Window {
        let by_parity = parallel && self.finite;
        let sweeps = if by_parity && self.sweeps > 1 { self.sweeps & !1 } else { self.sweeps };
        Window { end: self.burn_in + self.sweeps, sweeps, by_parity }
    }

    fn traces(&self, replicas: &[Series; 2], mutual: &[f64], sample: usize) -> Vec<Trace> {
        let trace = |(replica, series): (usize, &Series)| Trace {
            alpha: self.alpha(),
            temperature: self.setup.temperature,
            neurons: self.setup.neurons,
            sample,
            replica,
            burn_in: self.burn_in,
            columns: series
                .named()
                .into_iter()
                .chain([("q".into(), mutual)])
                .map(|(name, values)| Column { name: name.into(), values: values.to_vec() })
                .collect(),
        };
        replicas.iter().enumerate().map(trace).collect()
    }
}

struct Run<'a> {
    task: &'a Task<'a>,
    source: Source,
    sample: usize,
    cancel: Option<&'a AtomicBool>,
    meter: &'a Meter<'a>,
    place: Option<Place<'a>>,
}

impl Visitor for Run<'_> {
    type Out = Option<Measured>;

    fn visit<S: System>(self, system: S, stored: &Stored) -> Result<Option<Measured>, SimError> {
        let Self { task, source, sample, cancel, meter, mut place } = self;
        let window = task.window(system.is_parallel());
        let each = if task.finite && task.setup.memories <= MOST_OVERLAPS { task.setup.memories } else { 0 };
        let replicas = [system.clone(), system];
        let mut replicas: Vec<Replica<S>> = (0_u32..)
            .zip(replicas)
            .map(|(number, mut system)| {
                system.place(&task.start.aims(task.setup.neurons, stored, source, number));
                Replica::new(number, system, task, each)
            })
            .collect();
        let total = task.burn_in + task.sweeps;
        let quarter = task.quarter();
        let mut mutual = Vec::new();
        let mut count = meter.count();
        let mut first = 0;
        if let Some(place) = &place
            && let Some(kept) = place.take()
        {
            first = kept.resume(task, &mut replicas, &mut mutual).map_err(|part| place.unfit(part))?;
        }
        for sweep in first..total {
            if cancel.is_some_and(|flag| flag.load(Ordering::Relaxed)) {
                if let Some(place) = place.as_mut().filter(|_| sweep > first) {
                    place.write(&Kept::of(place.key(), sweep, &replicas, &mutual))?;
                }
                return Ok(None);
            }
            let measured = sweep >= task.burn_in;
            for replica in &mut replicas {
                replica.advance(source, sweep);
                if measured || task.trace {
                    replica
                        .measure((sweep >= quarter).then_some(usize::from(window.by_parity) * (sweep % 2)));
                }
            }
            let look = count.add(2 * task.setup.neurons as u64);
            if (measured || task.trace)
                && let [a, b] = &replicas[..]
            {
                mutual.push(a.system.overlap_with(&b.system));
            }
            if let Some(place) = place.as_mut().filter(|place| sweep + 1 < total && place.is_due(look)) {
                place.write(&Kept::of(place.key(), sweep + 1, &replicas, &mutual))?;
                count.report();
            }
        }
        let left = task.start != Start::Random && replicas.iter().any(Replica::has_escaped);
        let escaped = left || replicas.iter().any(|replica| replica.runaway);
        let series = [std::mem::take(&mut replicas[0].series), std::mem::take(&mut replicas[1].series)];
        let observables = averages(&series, &mutual, window);
        let traces = if task.trace { task.traces(&series, &mutual, sample) } else { Vec::new() };
        Ok(Some(Measured { escaped, observables, traces }))
    }
}

#[derive(Clone)]
struct Late {
    sums: Vec<f64>,
    count: usize,
}

/// Mean square activity that no state has.
const RUNAWAY: f64 = 1e16;

struct Replica<S: System> {
    number: u32,
    system: S,
    condensed: usize,
    /// The states one and two parallel steps ago; before the start the system was at rest.
    past: Option<[Vec<S::Unit>; 2]>,
    frozen: Option<Snapshot>,
    overlaps: Vec<f64>,
    /// Whether the number of memories is finite: all their overlaps then tell an escape.
    finite: bool,
    /// The share of its overlap at the start below which a run has left the memory.
    share: f64,
    /// Whether values have no bound: their common size is that of no start, and correlations tell an escape.
    unbounded: bool,
    /// Whether such values grow and nothing holds them.
    runaway: bool,
    /// Overlaps with the condensed memories at the start.
    initial: Vec<f64>,
    /// Sums of overlaps over the last quarter, at even and odd sweeps by themselves where a 2-cycle is looked for.
    late: [Late; 2],
    series: Series,
}

impl<S: System> Replica<S> {
    fn new(number: u32, system: S, task: &Task<'_>, each: usize) -> Self {
        let (condensed, memories) = (task.start.condensed(), task.setup.memories);
        let mut overlaps = vec![0.0; memories];
        let law = task.setup.model.unit.continuous();
        let unbounded = law.is_some_and(|law| law.domain().1 == f64::INFINITY);
        let start = system.snapshot(condensed, &mut overlaps);
        let scale = if unbounded { start.inverse_spread() } else { 1.0 };
        let initial: Vec<f64> = overlaps[..condensed.min(memories)].iter().map(|m| m * scale).collect();
        let watched = if task.finite { memories } else { initial.len() };
        let late = Late { sums: vec![0.0; watched], count: 0 };
        let past = system.is_parallel().then(|| [system.states().to_vec(), system.states().to_vec()]);
        Self {
            number,
            system,
            condensed,
            past,
            frozen: None,
            overlaps,
            finite: task.finite,
            share: if task.setup.model.connectivity.value().fraction() > 0.0 { 0.5 } else { 0.0 },
            unbounded,
            runaway: false,
            initial,
            late: [late.clone(), late],
            series: Series::new(each, Moments::of(task.setup.model)),
        }
    }

    fn advance(&mut self, source: Source, sweep: usize) {
        if let Some([last, before]) = &mut self.past {
            std::mem::swap(last, before);
            last.copy_from_slice(self.system.states());
        }
        if self.frozen.is_none() && self.system.sweep(source, self.number, sweep as u64) {
            self.frozen = Some(self.system.snapshot(self.condensed, &mut self.overlaps));
        }
    }

    fn measure(&mut self, late: Option<usize>) {
        let snapshot =
            self.frozen.unwrap_or_else(|| self.system.snapshot(self.condensed, &mut self.overlaps));
        self.series.push(&snapshot, &self.overlaps);
        if let Some([last, before]) = &self.past {
            self.series.d.push(self.system.overlap_at(last));
            self.series.d2.push(self.system.overlap_at(before));
        }
        self.runaway |= self.unbounded && (snapshot.activity.is_nan() || snapshot.activity > RUNAWAY);
        if let Some(parity) = late {
            let Late { sums, count } = &mut self.late[parity];
            *count += 1;
            let scale = if self.unbounded { snapshot.inverse_spread() } else { 1.0 };
            for (sum, overlap) in sums.iter_mut().zip(&self.overlaps) {
                *sum += overlap * scale;
            }
        }
    }

    /// Whether the run has left the state that it started in; a 2-cycle that comes back to it has not.
    ///
    /// At extensive load a retrieval state has an overlap near 1, and half of the start tells it from the rest; where
    /// inputs are so few that its overlap can vanish continuously, there is no other state, only its mirror image.
    /// A state of finitely many memories may have any overlap: there the condensed ones must have kept their
    /// signs, be alike, and be the largest.
    fn has_escaped(&self) -> bool {
        let lost = |late: &Late| {
            let kept: Vec<f64> =
                self.initial.iter().zip(&late.sums).map(|(start, sum)| sum * start.signum()).collect();
            if !self.finite {
                let least = self.initial.iter().map(|start| self.share * start.abs() * late.count as f64);
                return kept.iter().zip(least).any(|(kept, least)| *kept < least);
            }
            let mean = kept.iter().sum::<f64>() / kept.len() as f64;
            mean <= 0.0
                || kept.iter().any(|kept| *kept < 0.5 * mean)
                || late.sums[kept.len()..].iter().any(|other| other.abs() > mean)
        };
        self.late.iter().filter(|late| late.count > 0).all(lost)
    }
}
