//! Ensembles: independent disorder samples in parallel, joined in a fixed order.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mattis_model::Control;
use mattis_model::record::MeasuredPoint;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::SimError;
use crate::checkpoint::Checkpoint;
use crate::memory::{machine, places};
use crate::meter::{Meter, Progress};
use crate::observable::Trace;
use crate::run::Task;
use crate::setup::Setup;
use crate::statistics::{SampleMean, combine};

/// What surrounds a run without changing its numbers.
#[derive(Clone, Copy, Default)]
pub struct Session<'a> {
    /// Set to stop after the present sweep. Finished samples enter the record; those in work are kept up to there with
    /// a checkpoint, and lost without one.
    pub cancel: Option<&'a AtomicBool>,
    /// Where finished samples are kept and looked for, and beside it those in work.
    pub checkpoint: Option<&'a Path>,
    /// Time between two writes of a sample in work, longer where writing takes more than a hundredth of it; 0 is after
    /// every sweep. Half a minute if not given.
    pub interval: Option<Duration>,
    /// Called after every sample, whenever one in work has been written, and within long ones at most ten times a
    /// second, from any thread.
    pub progress: Option<&'a (dyn Fn(Progress) + Sync)>,
}

/// One finished disorder sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleResult {
    /// Which point of the record it belongs to.
    pub point: usize,
    /// The control as asked for.
    pub control: Control,
    /// Size N.
    pub neurons: usize,
    /// Number of memories.
    pub p: usize,
    /// Disorder sample; equal numbers at equal size have the same disorder.
    pub sample: usize,
    /// Whether a replica left the state it started in.
    pub escaped: bool,
    /// Its averages.
    pub observables: Vec<SampleMean>,
    /// Its history, where it was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traces: Vec<Trace>,
}

impl SampleResult {
    /// The time average of an observable.
    pub fn mean(&self, name: &str) -> Option<f64> {
        self.observables.iter().find(|mean| mean.name == name).and_then(|mean| mean.value)
    }
}

/// A point of the record before it is run.
pub(crate) struct Point<'a> {
    pub(crate) control: Control,
    pub(crate) task: Task<'a>,
    /// Memory that a sample takes at least.
    pub(crate) bytes: u128,
}

/// All samples that could be finished, in the order of points and samples.
pub(crate) fn run(
    points: &[Point<'_>],
    samples: usize,
    header: &str,
    session: &Session<'_>,
) -> Result<Vec<SampleResult>, SimError> {
    let threads = rayon::current_num_threads();
    let at_once = match points.iter().max_by_key(|point| point.bytes) {
        Some(Point { task, bytes, .. }) => {
            let Setup { neurons, memories, .. } = task.setup;
            let what = || format!("one sample of {neurons} units with {memories} memories");
            places(what, *bytes, threads, machine())?
        }
        None => threads,
    };
    let (checkpoint, kept) = match session.checkpoint {
        Some(path) => {
            let (checkpoint, kept) = Checkpoint::open(path, header, session.interval)?;
            (Some(checkpoint), kept)
        }
        None => (None, Vec::new()),
    };
    let mut finished: BTreeMap<(usize, usize), SampleResult> =
        kept.into_iter().map(|result| ((result.point, result.sample), result)).collect();
    finished.retain(|(point, sample), _| *point < points.len() && *sample < samples);
    let total = points.len() * samples;
    let missing: Vec<(usize, usize)> = (0..points.len())
        .flat_map(|point| (0..samples).map(move |sample| (point, sample)))
        .filter(|key| !finished.contains_key(key))
        .collect();
    let updates = |key: &(usize, usize)| {
        let done = checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.partials().sweeps(*key));
        points[key.0].task.updates(done)
    };
    let meter = Meter::new(session.progress, (finished.len(), total), missing.iter().map(updates).sum());
    let run_one = |(point, sample): (usize, usize)| -> Result<Option<SampleResult>, SimError> {
        if session.cancel.is_some_and(|flag| flag.load(Ordering::Relaxed)) {
            return Ok(None);
        }
        let Point { control, task, .. } = &points[point];
        let place = checkpoint.as_ref().map(|checkpoint| checkpoint.partials().place((point, sample)));
        let Some(measured) = task.run(sample, session.cancel, &meter, place)? else { return Ok(None) };
        let result = SampleResult {
            point,
            control: *control,
            neurons: task.setup.neurons,
            p: task.setup.memories,
            sample,
            escaped: measured.escaped,
            observables: measured.observables,
            traces: measured.traces,
        };
        if let Some(checkpoint) = &checkpoint {
            checkpoint.append(&result)?;
        }
        meter.finished();
        Ok(Some(result))
    };
    // As many pieces as may run at a time; one for each sample where memory does not count.
    let length = if at_once < threads { missing.len().div_ceil(at_once).max(1) } else { 1 };
    let pieces = missing.into_par_iter().with_min_len(length).with_max_len(length);
    let results: Vec<Result<Option<SampleResult>, SimError>> = pieces.map(run_one).collect();
    if let Some(checkpoint) = &checkpoint {
        checkpoint.finish()?;
    }
    for result in results {
        if let Some(result) = result? {
            finished.insert((result.point, result.sample), result);
        }
    }
    Ok(finished.into_values().collect())
}

/// Joins the samples of each point; a point without any is left out. A sample with an escaped replica is
/// counted and enters no average.
pub(crate) fn join(points: &[Point<'_>], results: &[SampleResult]) -> Vec<MeasuredPoint> {
    let of_point = |index: usize| results.iter().filter(move |result| result.point == index);
    points
        .iter()
        .enumerate()
        .filter(|(index, _)| of_point(*index).next().is_some())
        .map(|(index, Point { control, task, .. })| {
            let run: Vec<&SampleResult> = of_point(index).collect();
            let names: Vec<&str> = run
                .first()
                .into_iter()
                .flat_map(|result| &result.observables)
                .map(|mean| mean.name.as_str())
                .collect();
            let observables = names
                .into_iter()
                .map(|name| {
                    let means: Vec<&SampleMean> = run
                        .iter()
                        .filter(|result| !result.escaped)
                        .filter_map(|result| result.observables.iter().find(|mean| mean.name == name))
                        .collect();
                    combine(name, &means)
                })
                .collect();
            MeasuredPoint {
                alpha: task.alpha(),
                alpha_requested: control.alpha_if_any(),
                temperature: control.temperature,
                update: task.setup.model.update.name().into(),
                neurons: task.setup.neurons,
                p: task.setup.memories,
                samples: run.len(),
                escaped: run.iter().filter(|result| result.escaped).count(),
                observables,
            }
        })
        .collect()
}
