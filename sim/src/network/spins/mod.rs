//! Networks of ±1 units with integer fields in a cache: what the kernels run on.

mod full;
mod hebb;
mod links;
mod sweep;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use mattis_simd::Vectors;

use super::{Memories, Network};
use crate::dynamics::{SpinSweep, Step, integer_sign};
use crate::kernel::Aligned;
use crate::kernel::ars::Block;
use crate::kernel::look::TOGETHER;
use crate::kernel::overlap;
use crate::observable::ones;

pub use full::SignNetwork;
pub use hebb::Hebb;
pub use links::SignLinks;

/// Couplings whose fields are integers in units of a scale.
pub trait Coupled: Clone {
    /// The unit of the integer fields.
    fn scale(&self) -> f64;

    /// The integer fields Σ_{j≠i} J_ij s_j of a state with these levels and overlaps Σ_i ξ_i^μ s_i.
    fn fields(&mut self, levels: &[u8], overlaps: &[i32], out: &mut [i32]);

    /// A unit is now at ±1: adds twice the change to every field.
    fn flip(&mut self, unit: usize, up: bool, doubled: &mut [i32]);

    /// The same after several units have changed; levels are the new ones, `change` is that of the overlaps.
    fn flip_all(&mut self, flips: &[u32], levels: &[u8], _change: &[i32], doubled: &mut [i32]) {
        for unit in flips {
            self.flip(*unit as usize, levels[*unit as usize] == 1, doubled);
        }
    }

    /// Σ_i s_i h_i of integer fields.
    fn aligned(&self, fields: impl Iterator<Item = (i64, i64)>, overlaps: &[i32]) -> i64;

    /// Whether J_ij = J_ji by construction.
    fn is_symmetric(&self) -> bool;
}

/// ±1 units on couplings with integer fields, cached; a flip moves the fields that it changes.
#[derive(Debug, Clone)]
pub struct Spins<C> {
    coupled: C,
    memories: Arc<Memories>,
    states: Vec<u8>,
    /// 2h + 1 of units at +1, 2h of units at −1; filled up to whole groups of 64.
    fields: Aligned<i32>,
    /// Σ_i ξ_i^μ s_i, 64 to a word of memories.
    overlaps: Vec<i32>,
    vectors: Vectors,
    /// The upper bits of the decisions of a sweep.
    coarse: Vec<Block>,
    /// Units that changed in this sweep, one entry for each change.
    flips: Vec<u32>,
}

const LEVELS: [f64; 2] = [-1.0, 1.0];

impl<C: Coupled> Spins<C> {
    /// A network with every unit at −1.
    pub fn new(coupled: C, memories: Arc<Memories>) -> Self {
        Self::with_vectors(coupled, memories, Vectors::best())
    }

    /// The same with these vector instructions.
    pub fn with_vectors(coupled: C, memories: Arc<Memories>, vectors: Vectors) -> Self {
        let neurons = memories.neurons();
        let places = neurons.next_multiple_of(TOGETHER);
        let mut network = Self {
            coupled,
            states: vec![0; neurons],
            fields: Aligned::new(places),
            overlaps: vec![0; memories.words() * 64],
            coarse: vec![[0; 2]; places / 8],
            flips: Vec::new(),
            memories,
            vectors,
        };
        network.load(&vec![0; neurons]);
        network
    }

    /// The field in units of the scale.
    #[inline]
    pub fn integer_field(&self, unit: usize) -> i64 {
        i64::from(self.fields[unit] >> 1)
    }

    /// The couplings.
    pub fn coupled(&self) -> &C {
        &self.coupled
    }

    /// The units that changed in the last sweep, one entry for each change.
    pub fn flips(&self) -> &[u32] {
        &self.flips
    }

    /// Puts a unit on its other level, in the states and fields.
    #[inline]
    fn turn(&mut self, unit: usize) {
        let up = self.states[unit] == 0;
        self.states[unit] ^= 1;
        self.fields[unit] ^= 1;
        self.coupled.flip(unit, up, &mut self.fields);
    }

    /// Overlaps after the flips of a list; of a unit that is listed twice, the last level and the one before.
    fn count_flips(&mut self) {
        // From the last change to the first, each level is the opposite of the one after it.
        for &unit in self.flips.iter().rev() {
            let unit = unit as usize;
            overlap::flip(&mut self.overlaps, self.memories.row(unit), self.states[unit] == 1);
            self.states[unit] ^= 1;
        }
        for &unit in &self.flips {
            self.states[unit as usize] ^= 1;
        }
    }

    /// The fields of the present states and overlaps.
    fn sum_fields(&mut self) {
        let mut fields = vec![0; self.states.len()];
        self.coupled.fields(&self.states, &self.overlaps, &mut fields);
        for ((packed, field), state) in self.fields.iter_mut().zip(fields).zip(&self.states) {
            *packed = 2 * field + i32::from(*state);
        }
    }

    fn aligned(&self) -> i64 {
        let pairs = self.fields.iter().map(|field| (i64::from(field & 1) * 2 - 1, i64::from(field >> 1)));
        self.coupled.aligned(pairs.take(self.states.len()), &self.overlaps)
    }

    /// A field from what gives Σ_μ ξ_i^μ M_μ of a unit's row.
    fn field_by(&self, unit: usize, project: impl Fn(&[u64]) -> i64) -> f64 {
        let own = self.memories.count() as i64 * integer_sign(self.states[unit]);
        (project(self.memories.row(unit)) - own) as f64 * self.coupled.scale()
    }

    /// Σ_μ ξ_i^μ M_μ, one by one.
    fn projected(&self, row: &[u64]) -> i64 {
        let signed = |(memory, sum): (usize, &i32)| {
            let positive = (row[memory / 64] >> (memory % 64)) & 1 == 1;
            i64::from(if positive { *sum } else { -sum })
        };
        self.overlaps[..self.memories.count()].iter().enumerate().map(signed).sum()
    }

    /// Puts a unit on its other level and leaves the fields as they were.
    fn set_without_fields(&mut self, unit: usize) {
        self.states[unit] ^= 1;
        overlap::flip(&mut self.overlaps, self.memories.row(unit), self.states[unit] == 1);
    }

    /// Σ_i s_i.
    fn magnetisation(&self) -> i64 {
        let up = ones(self.states.iter().copied());
        2 * up as i64 - self.states.len() as i64
    }
}

impl<C: Coupled> Network for Spins<C> {
    fn levels(&self) -> &[f64] {
        &LEVELS
    }

    fn states(&self) -> &[u8] {
        &self.states
    }

    #[inline]
    fn field(&self, site: usize) -> f64 {
        self.integer_field(site) as f64 * self.coupled.scale()
    }

    fn fields(&mut self, out: &mut [f64]) {
        let scale = self.coupled.scale();
        for (out, field) in out.iter_mut().zip(&*self.fields) {
            *out = f64::from(field >> 1) * scale;
        }
    }

    fn set(&mut self, site: usize, level: u8) {
        if self.states[site] != level {
            self.turn(site);
            overlap::flip(&mut self.overlaps, self.memories.row(site), level == 1);
        }
    }

    fn load(&mut self, levels: &[u8]) {
        self.states[..levels.len()].copy_from_slice(levels);
        self.overlaps = self.memories.overlaps_with(&self.states, self.vectors);
        self.sum_fields();
    }

    fn coupling_energy(&self) -> f64 {
        -0.5 * self.aligned() as f64 * self.coupled.scale()
    }

    fn is_symmetric(&self) -> bool {
        self.coupled.is_symmetric()
    }

    fn memories(&self) -> usize {
        self.memories.count()
    }

    fn overlaps(&self, out: &mut [f64]) {
        let size = 1.0 / self.states.len() as f64;
        for (overlap, sum) in out.iter_mut().zip(&self.overlaps) {
            *overlap = f64::from(*sum) * size;
        }
    }

    fn own_sweep(&mut self, sweep: SpinSweep<'_>) -> Option<Step> {
        Some(self.kernel_sweep(sweep))
    }
}
