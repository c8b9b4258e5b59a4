//! How many stored memories, and how many of their bits, one parallel update at T = 0 changes.
//!
//! For Hebb couplings without self-couplings,
//!
//! ```text
//! N ξ_i^ν h_i = N − p + ξ_i^ν Σ_{μ≠ν} ξ_i^μ G_μν,      G_μν = Σ_j ξ_j^μ ξ_j^ν
//! ```
//!
//! so a scan needs the overlaps of the memories, which are integers, and no couplings. Sets of memories are nested:
//! the first p of one set for every p, so that a larger p adds the new memories to the sums that there are.

use std::sync::atomic::{AtomicUsize, Ordering};

use mattis_model::SpecError;
use mattis_model::Unsupported;
use mattis_model::record::{CapacityMethod, StabilityPoint};
use mattis_simd::Vectors;
use rayon::prelude::*;

use crate::error::check_memory;
use crate::kernel::distance::distances;
use crate::kernel::projection::{BLOCK, Projector, Rows, Step, fits};
use crate::network::Memories;
use crate::random::{Source, disorder};
use crate::statistics::{known, mean, variance};
use crate::{Progress, Session, SimError};

/// A scan over numbers of memories at one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StabilityScan {
    /// Number of units N.
    pub neurons: usize,
    /// Numbers of memories, in any order.
    pub counts: Vec<usize>,
    /// Independent sets of memories; more of them keep the old ones.
    pub samples: usize,
    /// Master seed.
    pub seed: u64,
}

/// What one set of memories gave for one p.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unstable {
    /// Memories that are no fixed points.
    pub patterns: usize,
    /// Bits that change, of all stored memories.
    pub bits: usize,
}

/// Largest N: a sum over all units is a 32-bit integer.
const LARGEST: usize = 1 << 30;

impl StabilityScan {
    /// The averages, one for each number of memories in increasing order, without theory. `None` if it was stopped
    /// before every sample was finished.
    ///
    /// # Errors
    /// If a number is out of range, or memories or their overlaps do not fit in memory.
    pub fn run(&self, session: &Session<'_>) -> Result<Option<Vec<StabilityPoint>>, SimError> {
        let counts = self.validate()?;
        let done = AtomicUsize::new(0);
        let report = |done| {
            if let Some(progress) = session.progress {
                // One update of every unit of every memory that is tested.
                let each = counts.iter().map(|count| (count * self.neurons) as u64).sum::<u64>();
                progress(Progress {
                    done,
                    total: self.samples,
                    updates: done as u64 * each,
                    all_updates: self.samples as u64 * each,
                });
            }
        };
        report(0);
        let sample = |sample: usize| -> Result<Option<Vec<Unstable>>, SimError> {
            let source = Source { seed: self.seed, sample: disorder(self.neurons, sample) };
            let memories = Memories::draw(self.neurons, counts.last().copied().unwrap_or(0), source)?;
            let stopped = || session.cancel.is_some_and(|flag| flag.load(Ordering::Relaxed));
            let found = unstable(&memories, &counts, Vectors::best(), stopped)?;
            if found.is_some() {
                report(done.fetch_add(1, Ordering::Relaxed) + 1);
            }
            Ok(found)
        };
        let found: Vec<Option<Vec<Unstable>>> =
            (0..self.samples).into_par_iter().with_max_len(1).map(sample).collect::<Result<_, _>>()?;
        let Some(found) = found.into_iter().collect::<Option<Vec<_>>>() else { return Ok(None) };
        let point = |(k, p): (usize, &usize)| {
            let share = |part: fn(&Unstable) -> usize, all: usize| {
                let shares: Vec<f64> =
                    found.iter().map(|sample| part(&sample[k]) as f64 / all as f64).collect();
                let error = variance(&shares).and_then(|v| known((v / shares.len() as f64).sqrt()));
                (mean(&shares).unwrap_or(0.0), error)
            };
            let (patterns, patterns_error) = share(|found| found.patterns, *p);
            let (bits, bits_error) = share(|found| found.bits, p * self.neurons);
            StabilityPoint {
                method: CapacityMethod::Stability,
                neurons: self.neurons,
                p: *p,
                alpha: *p as f64 / self.neurons as f64,
                samples: self.samples,
                unstable_sets: found.iter().filter(|sample| sample[k].patterns > 0).count(),
                unstable_patterns: patterns,
                unstable_patterns_error: patterns_error,
                unstable_bits: bits,
                unstable_bits_error: bits_error,
                theory_bits: None,
                theory_bits_limit: None,
                theory_patterns: None,
            }
        };
        Ok(Some(counts.iter().enumerate().map(point).collect()))
    }

    /// The numbers of memories in order, if everything is in range and fits in memory.
    fn validate(&self) -> Result<Vec<usize>, SimError> {
        let mut counts = self.counts.clone();
        counts.sort_unstable();
        counts.dedup();
        let (Some(&first), Some(&last)) = (counts.first(), counts.last()) else {
            return Err(SpecError::out_of_range("numbers of memories", "none", "at least one").into());
        };
        if first == 0 {
            return Err(SpecError::out_of_range("number of memories p", 0, "a whole number ≥ 1").into());
        }
        if !(2..=LARGEST).contains(&self.neurons) {
            let range = format!("a whole number from 2 to {LARGEST}");
            return Err(SpecError::out_of_range("neurons N", self.neurons, range).into());
        }
        if self.samples == 0 {
            return Err(SpecError::out_of_range("samples", 0, "a whole number ≥ 1").into());
        }
        let (n, p) = (self.neurons as u128, last as u128);
        // Memories by unit, by memory and in the order of the kernel, and their overlaps.
        let bytes = n * p / 8 * 2 + n * p.div_ceil(6) + 4 * p * p;
        let together = self.samples.min(rayon::current_num_threads());
        check_memory(
            format!("the stability of {last} memories of {} units, {together} sets at a time", self.neurons),
            bytes * together as u128,
        )?;
        Ok(counts)
    }
}

/// Unstable memories and bits among the first p of a set, for increasing p; `None` if it was stopped.
///
/// # Errors
/// If the work does not fit in memory, or the overlaps of a memory with all others add up to more than 2³¹.
pub fn unstable(
    memories: &Memories,
    counts: &[usize],
    vectors: Vectors,
    stopped: impl Fn() -> bool,
) -> Result<Option<Vec<Unstable>>, SimError> {
    let neurons = memories.neurons();
    let total = counts.last().copied().unwrap_or(0).min(memories.count());
    let projector = Projector::new(memories, vectors)?;
    let signs = memories.columns();
    let words = neurons.div_ceil(BLOCK);
    let overlaps = overlaps(&signs, neurons, memories.count(), vectors);
    let steps: Vec<Step> =
        counts.iter().map(|&p| Step { end: p, bound: p as i32 - neurons as i32 }).collect();
    let mut found = vec![Unstable::default(); counts.len()];
    let mut changed = vec![0; counts.len()];
    let mut rows = Rows::default();
    for memory in 0..total {
        if stopped() {
            return Ok(None);
        }
        let first = counts.partition_point(|p| *p <= memory);
        let row = &overlaps[memory * memories.count()..(memory + 1) * memories.count()];
        if !fits(row) {
            return Err(Unsupported::new(
                format!("memory {memory}"),
                "the stability scan",
                "its overlaps with all others add up to more than 32 bits hold",
                "fewer memories",
            )
            .into());
        }
        let signs = &signs[memory * words..(memory + 1) * words];
        let changed = &mut changed[first..];
        projector.below(row, signs, &steps[first..], &mut rows, changed);
        for (found, bits) in found[first..].iter_mut().zip(changed) {
            found.bits += *bits;
            found.patterns += usize::from(*bits > 0);
        }
    }
    Ok(Some(found))
}

/// G_μν with zeros on the diagonal.
fn overlaps(signs: &[u64], neurons: usize, count: usize, vectors: Vectors) -> Vec<i32> {
    /// Rows of a tile: a line of the cache of mirrored entries.
    const TILE: usize = 16;
    let words = neurons.div_ceil(BLOCK);
    let mut out = vec![0; count * count];
    let mut found = [0; TILE];
    for start in (0..count).step_by(TILE) {
        let end = count.min(start + TILE);
        let rows = &signs[start * words..end * words];
        let found = &mut found[..end - start];
        for other in 0..end {
            distances(&signs[other * words..(other + 1) * words], rows, found, vectors);
            for (memory, distance) in (start..end).zip(found.iter()) {
                let overlap = neurons as i32 - 2 * *distance as i32;
                let value = if memory == other { 0 } else { overlap };
                out[memory * count + other] = value;
                out[other * count + memory] = value;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests;
