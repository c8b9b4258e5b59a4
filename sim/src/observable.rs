//! What is measured: instantaneous values of a network, series, and their averages in one sample.

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
    /// Energy per unit: H/N for sequential updates, the two-time energy of the last step for parallel ones.
    pub energy: f64,
    /// (1/N) Σ s_i².
    pub activity: f64,
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
        for state in network.states() {
            counts[usize::from(*state)] += 1;
        }
        let average = |value: &dyn Fn(usize) -> f64| {
            (0..levels.len()).map(|level| counts[level] as f64 * value(level)).sum::<f64>() / size
        };
        let activity = average(&|level| levels[level] * levels[level]);
        network.overlaps(overlaps);
        let (nominated, others) = overlaps.split_at(condensed.min(overlaps.len()));
        let energy = if let Some(total) = last.and_then(|step| step.two_time_energy) {
            total / size
        } else {
            let site = engine.site();
            let single = average(&|level| site.potential(level as u8) - site.external() * levels[level]);
            network.coupling_energy() / size - 0.5 * engine.diagonal() * activity + single
        };
        Self {
            m: (!nominated.is_empty()).then(|| nominated.iter().sum::<f64>() / nominated.len() as f64),
            m_max_other: others.iter().map(|m| m.abs()).reduce(f64::max),
            energy,
            activity,
        }
    }
}

/// (1/N) Σ s_i^a s_i^b.
pub fn replica_overlap<N: Network>(a: &N, b: &N) -> f64 {
    let levels = a.levels();
    let pairs = a.states().iter().zip(b.states());
    let size = a.neurons() as f64;
    if let [low, high] = levels {
        let (mut up, mut different) = (0_usize, 0_usize);
        for (x, y) in pairs {
            up += usize::from(x & y);
            different += usize::from(x ^ y);
        }
        let down = a.neurons() - up - different;
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

/// Everything that one replica showed, sweep by sweep.
#[derive(Debug, Clone, Default)]
pub(crate) struct Series {
    pub(crate) m: Vec<f64>,
    pub(crate) m_max_other: Vec<f64>,
    pub(crate) energy: Vec<f64>,
    pub(crate) activity: Vec<f64>,
}

impl Series {
    pub(crate) fn push(&mut self, snapshot: &Snapshot) {
        self.m.extend(snapshot.m);
        self.m_max_other.extend(snapshot.m_max_other);
        self.energy.push(snapshot.energy);
        self.activity.push(snapshot.activity);
    }

    /// The series by the names of records; those that do not exist are empty.
    pub(crate) fn named(&self) -> [(&'static str, &[f64]); 4] {
        [
            ("m", &self.m),
            ("m_max_other", &self.m_max_other),
            ("energy", &self.energy),
            ("activity", &self.activity),
        ]
    }
}

/// The averages of the last `sweeps` entries of two replicas and of their mutual overlap.
pub(crate) fn averages(replicas: &[Series; 2], mutual: &[f64], sweeps: usize) -> Vec<SampleMean> {
    let tail = |series: &[f64]| series.len().saturating_sub(sweeps);
    let mut out: Vec<SampleMean> = replicas[0]
        .named()
        .into_iter()
        .zip(replicas[1].named())
        .filter(|((_, series), _)| !series.is_empty())
        .map(|((name, a), (_, b))| SampleMean::from_series(name, &[&a[tail(a)..], &b[tail(b)..]]))
        .collect();
    let q = SampleMean::from_series("q", &[&mutual[tail(mutual)..]]);
    let place = out.iter().position(|mean| mean.name == "energy").unwrap_or(out.len());
    out.insert(place, q);
    out
}

/// The history of one replica, burn-in included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// Load as simulated, p/N.
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
    /// Its value after each sweep.
    pub values: Vec<f64>,
}
