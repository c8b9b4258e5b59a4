//! Σ_μ ξ_i^μ M_μ for all units i, with integer M and packed ξ = ±1: one look into a table for several memories.
//!
//! The memories are cut into groups of K. With the subset sums U_g\[x\] = Σ_{k∈x} M_k of a group, x being the
//! set of its memories in which a unit is +1,
//!
//! ```text
//! Σ_μ ξ_i^μ M_μ = 2 Σ_g U_g[x_g(i)] − Σ_μ M_μ.
//! ```
//!
//! A bias makes the entries ≥ 0, and they are written in digits of 5 to 7 bits, so that a table of one digit is
//! one vector register (K = 6 with AVX-512, K = 4 with AVX2) and one instruction looks up 64 or 32 units. Digits
//! of several groups are added as bytes before they are widened. A group with entries of more digits than the
//! others, such as that of a condensed memory, gives its upper digits one by one.
//!
//! All sums are taken modulo 2³², hence exact wherever the result fits 32 bits; [`fits`] is sufficient.

mod below;
mod index;
mod portable;
mod tables;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod below_avx512;

use std::ops::Range;

use mattis_simd::Vectors;

pub use below::{Rows, Step};
pub use tables::Tables;

use crate::SimError;
use crate::error::check_memory;
use crate::network::Memories;

/// Units that are looked up together.
pub const BLOCK: usize = 64;

/// One byte for each unit of a block: position 2j is unit j, position 2j + 1 is unit 32 + j, so that the even
/// and the odd bytes widen into units in order.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Line(pub(crate) [u8; BLOCK]);

/// Whether Σ|M_μ| < 2³¹, so that no projection of these sums leaves 32 bits.
pub fn fits(sums: &[i32]) -> bool {
    let total: u64 = sums.iter().map(|sum| u64::from(sum.unsigned_abs())).sum();
    i32::try_from(total).is_ok()
}

/// The signs of the memories, in the order in which a kernel reads them.
#[derive(Debug, Clone)]
pub struct Projector {
    /// Exists on this machine: checked when the projector is made.
    vectors: Vectors,
    neurons: usize,
    count: usize,
    groups: usize,
    /// Signs of one group of memories, block by block and group by group within a block.
    index: Vec<Line>,
}

impl Projector {
    /// Packs the signs; without these vector instructions on this machine, for plain code.
    ///
    /// # Errors
    /// If they do not fit in memory.
    pub fn new(memories: &Memories, vectors: Vectors) -> Result<Self, SimError> {
        let vectors = if vectors.exists() { vectors } else { Vectors::Portable };
        let (neurons, count) = (memories.neurons(), memories.count());
        let groups = count.div_ceil(width(vectors));
        let bytes = neurons.div_ceil(BLOCK) as u128 * groups as u128 * BLOCK as u128;
        check_memory(format!("the packed signs of {count} memories of {neurons} units"), bytes)?;
        Ok(Self { vectors, neurons, count, groups, index: index::pack(memories, vectors) })
    }

    /// Number of units N.
    pub fn neurons(&self) -> usize {
        self.neurons
    }

    /// Number of memories.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Number of blocks of [`BLOCK`] units; the last may be incomplete.
    pub fn blocks(&self) -> usize {
        self.neurons.div_ceil(BLOCK)
    }

    /// Adds Σ_μ ξ_i^μ M_μ to the entry of every unit; `tables` is scratch that can be used again.
    ///
    /// # Panics
    /// If there is not one sum per memory and one entry per unit.
    pub fn project(&self, sums: &[i32], tables: &mut Tables, out: &mut [i32]) {
        assert_eq!(sums.len(), self.count, "one sum per memory");
        self.prepare(0, sums, tables);
        self.add(tables, 0..self.blocks(), out);
    }

    /// Writes the tables of the sums of memories `first`, `first` + 1, …; all others are left out.
    ///
    /// # Panics
    /// If there are more sums than memories.
    pub fn prepare(&self, first: usize, sums: &[i32], tables: &mut Tables) {
        assert!(first + sums.len() <= self.count, "sums of memories {first} and on");
        tables.fill(self.vectors, first, sums);
    }

    /// Adds Σ_μ ξ_i^μ M_μ for the units of a range of blocks; `tables` were prepared by this projector.
    ///
    /// # Panics
    /// If `out` has not one entry per unit of the blocks.
    pub fn add(&self, tables: &Tables, blocks: Range<usize>, out: &mut [i32]) {
        let units = self.neurons.min(BLOCK * blocks.end).saturating_sub(BLOCK * blocks.start);
        assert_eq!(out.len(), units, "one entry per unit of blocks {blocks:?}");
        assert!(tables.range.end <= self.groups && tables.vectors == self.vectors, "tables of a projector");
        if tables.range.is_empty() {
            return;
        }
        let index = &self.index[self.groups * blocks.start..self.groups * blocks.end];
        match self.vectors {
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx512 => avx512::add(tables, index, self.groups, out),
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx2 => avx2::add(tables, index, self.groups, out),
            _ => portable::add(tables, index, self.groups, out),
        }
    }
}

/// Memories in a byte of the index.
fn width(vectors: Vectors) -> usize {
    if vectors == Vectors::Avx512 { 6 } else { 8 }
}

#[cfg(test)]
mod tests;
