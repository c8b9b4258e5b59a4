//! Networks of ±1 units with integer fields in a cache: what the kernels run on.

mod cache;
mod full;
mod hebb;
mod links;
mod store;
mod sweep;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use mattis_simd::Vectors;

use super::{Memories, Network};
use crate::dynamics::{SpinSweep, Step, integer_sign};
use crate::kernel::BLOCK;
use crate::kernel::ars::Block;
use crate::kernel::overlap::{self, Flip};
use crate::observable::ones;

pub use cache::Cache;
pub use full::SignNetwork;
pub use hebb::Hebb;
pub use links::SignLinks;

/// Couplings whose fields are integers in units of a scale: h = step · k + rest with cached numbers k.
pub trait Coupled: Clone {
    /// The unit of the integer fields.
    fn scale(&self) -> f64;

    /// How far apart the values of a field are.
    fn step(&self) -> i32 {
        1
    }

    /// What fields are when divided by the step.
    fn rest(&self) -> i32 {
        0
    }

    /// Caches the fields Σ_{j≠i} J_ij s_j of a state with these levels and overlaps Σ_i ξ_i^μ s_i.
    fn fill(&mut self, levels: &[u8], overlaps: &[i32], cache: &mut Cache);

    /// A unit is now at ±1: every number changes by (2/step) J_ij s_j.
    fn flip(&mut self, unit: usize, up: bool, cache: &mut Cache);

    /// Several units have changed; `change` is that of the overlaps.
    fn flip_all(&mut self, flips: &[Flip], _change: &[i32], cache: &mut Cache) {
        for Flip { unit, up } in flips {
            self.flip(*unit as usize, *up, cache);
        }
    }

    /// Σ_i s_i h_i of integer fields.
    fn aligned(&self, products: impl Iterator<Item = i64>, overlaps: &[i32]) -> i64;

    /// Whether J_ij = J_ji by construction.
    fn is_symmetric(&self) -> bool;
}

/// ±1 units on couplings with integer fields, cached; a flip moves the fields that it changes.
#[derive(Debug, Clone)]
pub struct Spins<C> {
    coupled: C,
    memories: Arc<Memories>,
    neurons: usize,
    /// 0 or 1 for −1 or +1; filled up to whole blocks.
    levels: Vec<u8>,
    cache: Cache,
    /// Σ_i ξ_i^μ s_i, 64 to a word of memories.
    overlaps: Vec<i32>,
    vectors: Vectors,
    /// The upper bits of the decisions of a sweep.
    coarse: Vec<Block>,
    /// What changed in this sweep.
    flips: Vec<Flip>,
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
        let places = neurons.next_multiple_of(BLOCK);
        let mut network = Self {
            coupled,
            neurons,
            levels: vec![0; places],
            cache: Cache::new(neurons),
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
        let (step, rest) = (self.coupled.step(), self.coupled.rest());
        i64::from(step) * i64::from(self.cache.number(unit)) + i64::from(rest)
    }

    /// The couplings.
    pub fn coupled(&self) -> &C {
        &self.coupled
    }

    /// Puts a unit on its other level, in states and list.
    #[inline]
    fn turn(&mut self, unit: usize) -> Flip {
        self.levels[unit] ^= 1;
        let flip = Flip { unit: unit as u32, up: self.levels[unit] == 1 };
        self.flips.push(flip);
        flip
    }

    /// Overlaps after the flips of the list.
    fn count_flips(&mut self) {
        overlap::flip_all(&mut self.overlaps, self.memories.rows(), &self.flips, self.vectors);
    }

    /// The fields of the present states and overlaps.
    fn sum_fields(&mut self) {
        self.coupled.fill(&self.levels[..self.neurons], &self.overlaps, &mut self.cache);
    }

    fn aligned(&self) -> i64 {
        let product = |unit: usize| integer_sign(self.levels[unit]) * self.integer_field(unit);
        self.coupled.aligned((0..self.neurons).map(product), &self.overlaps)
    }

    /// A field from what gives Σ_μ ξ_i^μ M_μ of a unit's row.
    fn field_by(&self, unit: usize, project: impl Fn(&[u64]) -> i64) -> f64 {
        let own = self.memories.count() as i64 * integer_sign(self.levels[unit]);
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
        self.levels[unit] ^= 1;
        overlap::flip(&mut self.overlaps, self.memories.row(unit), self.levels[unit] == 1, self.vectors);
    }

    /// Σ_i s_i.
    fn magnetisation(&self) -> i64 {
        let up = ones(self.states());
        2 * up as i64 - self.neurons as i64
    }
}

impl<C: Coupled> Network for Spins<C> {
    fn levels(&self) -> &[f64] {
        &LEVELS
    }

    fn states(&self) -> &[u8] {
        &self.levels[..self.neurons]
    }

    #[inline]
    fn field(&self, site: usize) -> f64 {
        self.integer_field(site) as f64 * self.coupled.scale()
    }

    fn fields(&mut self, out: &mut [f64]) {
        for (unit, out) in out.iter_mut().enumerate() {
            *out = self.field(unit);
        }
    }

    fn set(&mut self, site: usize, level: u8) {
        if self.levels[site] != level {
            self.levels[site] = level;
            self.coupled.flip(site, level == 1, &mut self.cache);
            overlap::flip(&mut self.overlaps, self.memories.row(site), level == 1, self.vectors);
        }
    }

    fn load(&mut self, levels: &[u8]) {
        self.levels[..levels.len()].copy_from_slice(levels);
        self.overlaps = self.memories.overlaps_with(self.states(), self.vectors);
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
        let size = 1.0 / self.neurons as f64;
        for (overlap, sum) in out.iter_mut().zip(&self.overlaps) {
            *overlap = f64::from(*sum) * size;
        }
    }

    fn own_sweep(&mut self, sweep: SpinSweep<'_>) -> Option<Step> {
        Some(self.kernel_sweep(sweep))
    }
}
