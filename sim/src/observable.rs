//! What is measured: instantaneous values of a network, series, and their averages in one sample.

mod words;

use std::borrow::Cow;

use mattis_model::Model;
use serde::{Deserialize, Serialize};

use crate::dynamics::{Engine, Step};
use crate::network::Network;
use crate::statistics::SampleMean;

/// One replica at one time. Without memories there are no overlaps; without a second memory, no other one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Snapshot {
    /// Mean overlap with the condensed memories, (1/n) Σ_{μ<n} (1/N) Σ_i ξ_i^μ s_i.
    pub m: Option<f64>,
    /// Largest |overlap| with any other memory.
    pub m_max_other: Option<f64>,
    /// Energy per unit: H/N for sequential updates, the two-time energy of the last step for parallel ones;
    /// asymmetric couplings have none.
    pub energy: Option<f64>,
    /// (1/N) Σ s_i².
    pub activity: f64,
    /// (1/N) Σ s_i.
    pub mean: f64,
}

impl Snapshot {
    /// Measures a network; `overlaps` is filled with all overlaps, and has one place per memory.
    pub fn take<N: Network>(
        network: &N,
        engine: &Engine,
        last: Option<&Step>,
        condensed: usize,
        overlaps: &mut [f64],
    ) -> Self {
        let size = network.neurons() as f64;
        let levels = network.levels();
        let mut counts = [0_usize; crate::network::MAX_LEVELS];
        if levels.len() == 2 {
            counts[1] = ones(network.states());
            counts[0] = network.neurons() - counts[1];
        } else {
            for state in network.states() {
                counts[usize::from(*state)] += 1;
            }
        }
        let average = |value: &dyn Fn(usize) -> f64| {
            (0..levels.len()).map(|level| counts[level] as f64 * value(level)).sum::<f64>() / size
        };
        let activity = average(&|level| levels[level] * levels[level]);
        let mean = average(&|level| levels[level]);
        network.overlaps(overlaps);
        let energy = network.is_symmetric().then(|| {
            if let Some(total) = last.and_then(|step| step.two_time_energy) {
                return total / size;
            }
            let site = engine.site();
            let single = average(&|level| site.potential(level as u8) - site.external() * levels[level]);
            (network.coupling_energy() + network.shift_energy()) / size - 0.5 * engine.diagonal() * activity
                + single
        });
        Self::new(overlaps, condensed, energy, (mean, activity))
    }

    /// `moments`: (1/N) Σ s_i and (1/N) Σ s_i².
    pub(crate) fn new(
        overlaps: &[f64],
        condensed: usize,
        energy: Option<f64>,
        (mean, activity): (f64, f64),
    ) -> Self {
        let (nominated, others) = overlaps.split_at(condensed.min(overlaps.len()));
        Self {
            m: (!nominated.is_empty()).then(|| nominated.iter().sum::<f64>() / nominated.len() as f64),
            m_max_other: others.iter().map(|m| m.abs()).reduce(f64::max),
            energy,
            activity,
            mean,
        }
    }

    /// 1/√(Q − x²), the inverse standard deviation of the units; 0 where all are alike.
    pub(crate) fn inverse_spread(&self) -> f64 {
        let variance = self.activity - self.mean * self.mean;
        // What rounding leaves of the variance of equal values is none; an unknown one stays unknown.
        let flat = variance.abs() <= 8.0 * f64::EPSILON * self.activity;
        if flat { 0.0 } else { 1.0 / variance.sqrt() }
    }

    /// m/√(v(Q − x²)) with memories of variance v; 0 where all units are alike.
    fn correlation(&self, variance: f64) -> Option<f64> {
        self.m.map(|m| m * self.inverse_spread() / variance.sqrt())
    }
}

/// Which averages of the units beyond (1/N) Σ s_i² are measured.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Moments {
    /// The mean activity.
    mean: bool,
    /// The correlation with memories of this variance.
    correlation: Option<f64>,
}

impl Moments {
    /// The mean where the memories as drawn have one or the field inhibits it; there the correlation too,
    /// unless stored components have a mean, which makes overlaps more than correlations.
    pub(crate) fn of(model: &Model) -> Self {
        let law = model.patterns.value();
        let mean = model.field.value().inhibition() != 0.0 || model.stores_memories() && law.mean() != 0.0;
        let centred = model.stores_memories() && model.centre() == law.mean();
        Self { mean, correlation: (mean && centred).then(|| model.stored_variance()) }
    }
}

/// (1/N) Σ s_i^a s_i^b.
pub fn replica_overlap<N: Network>(a: &N, b: &N) -> f64 {
    state_overlap(a.levels(), a.states(), b.states())
}

/// How many bytes, each 0 or 1, are 1: as many at a time as a byte can count.
pub(crate) fn ones(bytes: &[u8]) -> usize {
    bytes.chunks(128).map(|part| usize::from(part.iter().sum::<u8>())).sum()
}

/// (1/N) Σ s_i^a s_i^b of two lists of levels.
pub(crate) fn state_overlap(levels: &[f64], a: &[u8], b: &[u8]) -> f64 {
    let pairs = a.iter().zip(b);
    let size = a.len() as f64;
    if let [low, high] = levels {
        // What both have, and what one has: |a ∩ b| = (|a| + |b| − |a △ b|)/2.
        let parts = a.chunks(128).zip(b.chunks(128));
        let different: usize =
            parts.map(|(a, b)| usize::from(a.iter().zip(b).map(|(x, y)| x ^ y).sum::<u8>())).sum();
        let up = (ones(a) + ones(b) - different) / 2;
        let down = a.len() - up - different;
        return (up as f64 * high * high + different as f64 * low * high + down as f64 * low * low) / size;
    }
    let mut counts = vec![0_usize; levels.len() * levels.len()];
    for (x, y) in pairs {
        counts[usize::from(*x) * levels.len() + usize::from(*y)] += 1;
    }
    let product =
        |(k, count): (usize, &usize)| *count as f64 * levels[k / levels.len()] * levels[k % levels.len()];
    counts.iter().enumerate().map(product).sum::<f64>() / size
}

/// Most memories whose overlaps are recorded one by one.
pub(crate) const MOST_OVERLAPS: usize = 16;

/// Everything that one replica showed, sweep by sweep.
#[derive(Debug, Clone, Default)]
pub(crate) struct Series {
    pub(crate) m: Vec<f64>,
    pub(crate) m_max_other: Vec<f64>,
    /// Overlaps with every memory, where their number is finite.
    pub(crate) each: Vec<Vec<f64>>,
    pub(crate) energy: Vec<f64>,
    pub(crate) activity: Vec<f64>,
    pub(crate) mean: Vec<f64>,
    pub(crate) correlation: Vec<f64>,
    /// Overlaps with the state one and two parallel steps before.
    pub(crate) d: Vec<f64>,
    pub(crate) d2: Vec<f64>,
    moments: Moments,
}

impl Series {
    /// Series of a replica whose first `overlaps` overlaps are recorded one by one.
    pub(crate) fn new(overlaps: usize, moments: Moments) -> Self {
        Self { each: vec![Vec::new(); overlaps], moments, ..Self::default() }
    }

    pub(crate) fn push(&mut self, snapshot: &Snapshot, overlaps: &[f64]) {
        self.m.extend(snapshot.m);
        self.m_max_other.extend(snapshot.m_max_other);
        for (series, overlap) in self.each.iter_mut().zip(overlaps) {
            series.push(*overlap);
        }
        self.energy.extend(snapshot.energy);
        self.activity.push(snapshot.activity);
        self.mean.extend(self.moments.mean.then_some(snapshot.mean));
        self.correlation.extend(self.moments.correlation.and_then(|v| snapshot.correlation(v)));
    }

    /// All lists in a fixed order, those without entries too.
    pub(crate) fn lists(&self) -> Vec<&Vec<f64>> {
        let Self { m, m_max_other, each, energy, activity, mean, correlation, d, d2, moments: _ } = self;
        [m, m_max_other, energy, activity, mean, correlation, d, d2].into_iter().chain(each).collect()
    }

    /// The same lists, to be filled.
    pub(crate) fn lists_mut(&mut self) -> Vec<&mut Vec<f64>> {
        let Self { m, m_max_other, each, energy, activity, mean, correlation, d, d2, moments: _ } = self;
        [m, m_max_other, energy, activity, mean, correlation, d, d2].into_iter().chain(each).collect()
    }

    /// The series by the names of records; those that do not exist are left out.
    pub(crate) fn named(&self) -> Vec<(Cow<'static, str>, &[f64])> {
        let each = self.each.iter().enumerate().map(|(k, series)| (format!("m_{}", k + 1).into(), series));
        let mut out = vec![("m".into(), &self.m), ("m_max_other".into(), &self.m_max_other)];
        out.extend(each);
        out.extend([("energy".into(), &self.energy), ("activity".into(), &self.activity)]);
        out.extend([("mean".into(), &self.mean), ("correlation".into(), &self.correlation)]);
        out.extend([("d".into(), &self.d), ("d2".into(), &self.d2)]);
        out.into_iter()
            .filter(|(_, series)| !series.is_empty())
            .map(|(name, series)| (name, &series[..]))
            .collect()
    }
}

/// The part of the series that is averaged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    /// Sweeps since the start; the last entry of a series is the state after them.
    pub(crate) end: usize,
    /// Entries that are averaged.
    pub(crate) sweeps: usize,
    /// Whether to average `m` at even and odd times by themselves, too.
    pub(crate) by_parity: bool,
}

impl Window {
    fn of<'a>(&self, series: &'a [f64]) -> &'a [f64] {
        &series[series.len().saturating_sub(self.sweeps)..]
    }

    /// The average at even or odd times; its autocorrelation time is in sweeps like every other.
    fn at_parity(&self, name: &str, replicas: &[Series; 2], odd: usize) -> SampleMean {
        let every_second = |series: &Series| -> Vec<f64> {
            let part = self.of(&series.m);
            let first = self.end + 1 - part.len();
            part.iter().copied().skip((first + odd) % 2).step_by(2).collect()
        };
        let [a, b] = [every_second(&replicas[0]), every_second(&replicas[1])];
        let mean = SampleMean::from_series(name, &[&a, &b]);
        SampleMean { tau: mean.tau.map(|tau| 2.0 * tau), ..mean }
    }
}

/// The averages over a window of two replicas and of their mutual overlap.
pub(crate) fn averages(replicas: &[Series; 2], mutual: &[f64], window: Window) -> Vec<SampleMean> {
    let mut out: Vec<SampleMean> = replicas[0]
        .named()
        .into_iter()
        .zip(replicas[1].named())
        .map(|((name, a), (_, b))| SampleMean::from_series(&name, &[window.of(a), window.of(b)]))
        .collect();
    let mut between = Vec::new();
    if window.by_parity && !replicas[0].m.is_empty() {
        between.extend([window.at_parity("m_even", replicas, 0), window.at_parity("m_odd", replicas, 1)]);
    }
    between.push(SampleMean::from_series("q", &[window.of(mutual)]));
    let place =
        out.iter().position(|mean| mean.name == "energy" || mean.name == "activity").unwrap_or(out.len());
    out.splice(place..place, between);
    out
}

/// The history of one replica, burn-in included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// Load as simulated, p/C with C = N in a full network; `None` without memories or with a finite number of them.
    pub alpha: Option<f64>,
    /// Temperature.
    pub temperature: f64,
    /// Size N.
    pub neurons: usize,
    /// Disorder sample.
    pub sample: usize,
    /// Replica.
    pub replica: usize,
    /// Sweeps before the first that entered the averages.
    pub burn_in: usize,
    /// One column per observable, one entry per sweep; `q` belongs to both replicas.
    pub columns: Vec<Column>,
}

/// One observable of a trace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its value after each sweep; one beyond all numbers is written as a word.
    #[serde(with = "words")]
    pub values: Vec<f64>,
}
