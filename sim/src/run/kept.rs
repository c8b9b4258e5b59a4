//! A sample in work as a file keeps it: all that its further sweeps and its averages depend on, to the bit.
//!
//! Random numbers have addresses and need not be kept. What networks cache is summed anew at the start of every
//! sweep, or has no rounding; between two sweeps the states are all that there is to know of it.

use serde::{Deserialize, Serialize};

use super::{Replica, Task};
use crate::checkpoint::{Key, Packed};
use crate::observable::Snapshot;
use crate::system::System;

/// A sample between two sweeps.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept<'a> {
    point: usize,
    sample: usize,
    /// Sweeps that are done.
    sweeps: usize,
    replicas: Vec<KeptReplica<'a>>,
    mutual: Packed<'a>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptReplica<'a> {
    states: Packed<'a>,
    /// The bits of what the kernel has learned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    advice: Option<u64>,
    /// States one and two parallel steps ago.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    past: Option<[Packed<'a>; 2]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    frozen: Option<KeptSnapshot<'a>>,
    /// Sums over the last quarter, and how many terms they have.
    late: [(Packed<'a>, usize); 2],
    runaway: bool,
    series: Vec<Packed<'a>>,
}

/// What a frozen replica shows from now on.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptSnapshot<'a> {
    /// The bits of m, the largest other overlap and the energy, where they exist.
    may_miss: [Option<u64>; 3],
    /// Those of activity and mean.
    always: [u64; 2],
    overlaps: Packed<'a>,
}

impl<'a> KeptSnapshot<'a> {
    fn of(snapshot: &Snapshot, overlaps: &'a [f64]) -> Self {
        let Snapshot { m, m_max_other, energy, activity, mean } = *snapshot;
        Self {
            may_miss: [m, m_max_other, energy].map(|value| value.map(f64::to_bits)),
            always: [activity, mean].map(f64::to_bits),
            overlaps: Packed::of(overlaps),
        }
    }

    fn snapshot(&self) -> Snapshot {
        let [m, m_max_other, energy] = self.may_miss.map(|bits| bits.map(f64::from_bits));
        let [activity, mean] = self.always.map(f64::from_bits);
        Snapshot { m, m_max_other, energy, activity, mean }
    }
}

impl<'a> Kept<'a> {
    /// A sample after some sweeps.
    pub(super) fn of<S: System>(
        (point, sample): Key,
        sweeps: usize,
        replicas: &'a [Replica<S>],
        mutual: &'a [f64],
    ) -> Self {
        let replicas = replicas.iter().map(KeptReplica::of).collect();
        Self { point, sample, sweeps, replicas, mutual: Packed::of(mutual) }
    }

    /// Sweeps that are done.
    pub(crate) fn sweeps(&self) -> usize {
        self.sweeps
    }

    /// Whether it is this sample of this point.
    pub(crate) fn is_of(&self, (point, sample): Key) -> bool {
        (self.point, self.sample) == (point, sample)
    }

    /// Puts replicas that have just been started where this one was; the sweeps that are done, or what does not fit.
    pub(super) fn resume<S: System>(
        self,
        task: &Task<'_>,
        replicas: &mut [Replica<S>],
        mutual: &mut Vec<f64>,
    ) -> Result<usize, &'static str> {
        let skipped = if task.trace { 0 } else { task.burn_in };
        let measured = self.sweeps.saturating_sub(skipped);
        if self.sweeps >= task.burn_in + task.sweeps {
            return Err("sweeps");
        }
        *mutual = self.mutual.values().filter(|list| list.len() == measured).ok_or("mutual")?;
        if self.replicas.len() != replicas.len() {
            return Err("replicas");
        }
        for (kept, replica) in self.replicas.into_iter().zip(replicas) {
            let by_parity = task.window(replica.system.is_parallel()).by_parity;
            kept.resume(replica, measured, task.late(self.sweeps, by_parity))?;
        }
        Ok(self.sweeps)
    }
}

impl<'a> KeptReplica<'a> {
    fn of<S: System>(replica: &'a Replica<S>) -> Self {
        Self {
            states: Packed::of(replica.system.states()),
            advice: replica.system.advice().map(f64::to_bits),
            past: replica.past.as_ref().map(|past| past.each_ref().map(|states| Packed::of(states))),
            frozen: replica.frozen.as_ref().map(|snapshot| KeptSnapshot::of(snapshot, &replica.overlaps)),
            late: replica.late.each_ref().map(|late| (Packed::of(&late.sums), late.count)),
            runaway: replica.runaway,
            series: replica.series.lists().into_iter().map(|list| Packed::of(list)).collect(),
        }
    }

    /// `measured`: entries of a series; `terms`: those of the sums over the last quarter.
    fn resume<S: System>(
        self,
        replica: &mut Replica<S>,
        measured: usize,
        terms: [usize; 2],
    ) -> Result<(), &'static str> {
        let states = known(&replica.system, &self.states).ok_or("states")?;
        if !replica.system.resume(&states, self.advice.map(f64::from_bits)) {
            return Err("advice");
        }
        // One measurement has an entry wherever the model shows something. It is replaced by what is kept.
        replica.measure(None);
        let shown: Vec<bool> = replica.series.lists().into_iter().map(|list| !list.is_empty()).collect();
        if self.past.is_some() != replica.past.is_some() {
            return Err("past");
        }
        for (kept, past) in self.past.iter().flatten().zip(replica.past.iter_mut().flatten()) {
            *past = known(&replica.system, kept).ok_or("past")?;
        }
        if let Some(frozen) = &self.frozen {
            replica.frozen = Some(frozen.snapshot());
            fill(&mut replica.overlaps, &frozen.overlaps).ok_or("frozen")?;
        }
        if self.late.each_ref().map(|(_, count)| *count) != terms {
            return Err("late");
        }
        for ((sums, count), late) in self.late.iter().zip(&mut replica.late) {
            fill(&mut late.sums, sums).ok_or("late")?;
            late.count = *count;
        }
        replica.runaway = self.runaway;
        let mut lists = replica.series.lists_mut();
        if self.series.len() != lists.len() {
            return Err("series");
        }
        for ((kept, list), shown) in self.series.iter().zip(&mut lists).zip(shown) {
            let length = if shown { measured } else { 0 };
            **list = kept.values().filter(|values: &Vec<f64>| values.len() == length).ok_or("series")?;
        }
        Ok(())
    }
}

/// States that a system can have.
fn known<S: System>(system: &S, kept: &Packed<'_>) -> Option<Vec<S::Unit>> {
    kept.values().filter(|states: &Vec<S::Unit>| system.knows(states))
}

/// Replaces a list by one of the same length.
fn fill(list: &mut Vec<f64>, kept: &Packed<'_>) -> Option<()> {
    let length = list.len();
    *list = kept.values().filter(|values: &Vec<f64>| values.len() == length)?;
    Some(())
}
