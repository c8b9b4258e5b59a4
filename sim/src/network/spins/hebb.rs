//! Hebb couplings: rows of the coupling matrix are formed when a unit first flips, and kept.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use mattis_simd::Vectors;

use super::Coupled;
use crate::SimError;
use crate::error::check_memory;
use crate::kernel::Aligned;
use crate::kernel::projection::{Projector, Tables};
use crate::kernel::row::{self, MOST_MEMORIES, Signs};
use crate::network::Memories;

/// Bytes of rows that a network keeps.
const KEPT: usize = 48 << 20;
/// Flips of a parallel step that are rather done one by one.
const FEW: usize = 4;
/// No row is kept of this unit.
const NONE: u32 = u32::MAX;

/// N J_ij = Σ_μ ξ_i^μ ξ_j^μ with rows on demand. At most 48 MiB of them are kept; the row that was formed
/// first goes first.
#[derive(Debug, Clone)]
pub struct Hebb {
    memories: Arc<Memories>,
    /// Made for the first row.
    signs: Arc<OnceLock<Signs>>,
    /// Length of a row.
    stride: usize,
    projector: Arc<Projector>,
    tables: Tables,
    /// What a parallel step changes, unit by unit.
    changes: Vec<i32>,
    vectors: Vectors,
    scale: f64,
    /// Where the row of each unit is.
    places: Vec<u32>,
    owners: Vec<u32>,
    rows: Vec<Aligned<i16>>,
    /// The next place to be used again.
    oldest: usize,
    room: usize,
    formed: usize,
}

impl Hebb {
    /// The couplings of these memories.
    ///
    /// # Errors
    /// If they do not fit in memory.
    pub fn new(memories: Arc<Memories>, vectors: Vectors) -> Result<Self, SimError> {
        let (neurons, count) = (memories.neurons(), memories.count());
        check_memory(format!("signs of {count} memories of {neurons} units"), Signs::bytes(neurons, count))?;
        let projector = Arc::new(Projector::new(&memories, vectors)?);
        let stride = row::stride(neurons);
        let room = (KEPT / (2 * stride)).max(1);
        Ok(Self {
            scale: 1.0 / neurons as f64,
            places: vec![NONE; neurons],
            owners: Vec::new(),
            rows: Vec::new(),
            oldest: 0,
            room,
            formed: 0,
            memories,
            signs: Arc::new(OnceLock::new()),
            stride,
            projector,
            tables: Tables::new(),
            changes: vec![0; neurons],
            vectors,
        })
    }

    /// Memories p.
    pub(super) fn count(&self) -> usize {
        self.memories.count()
    }

    /// Makes the tables of overlaps, for [`Hebb::project`].
    pub(super) fn prepare(&mut self, overlaps: &[i32]) {
        self.projector.prepare(0, &overlaps[..self.memories.count()], &mut self.tables);
    }

    /// The integer fields of blocks of 64 units by the tables made last; levels and fields of these units.
    pub(super) fn project(&self, blocks: Range<usize>, levels: &[u8], out: &mut [i32]) {
        let count = self.memories.count() as i32;
        for (field, level) in out.iter_mut().zip(levels) {
            *field = if *level == 1 { -count } else { count };
        }
        self.projector.add(&self.tables, blocks, out);
    }

    /// The largest number of rows that are kept.
    pub(super) fn room(&self) -> usize {
        self.room
    }

    /// Whether integer fields of this many memories and units fit the cache.
    pub fn carries(neurons: usize, memories: usize) -> bool {
        memories <= MOST_MEMORIES && neurons as u128 * memories as u128 <= 1 << 29
    }

    /// Rows that were formed so far.
    pub fn formed(&self) -> usize {
        self.formed
    }

    /// The same couplings with room for few rows.
    #[cfg(test)]
    pub(super) fn with_room(self, room: usize) -> Self {
        Self { room, ..self }
    }

    /// The place of a row, formed now if it is not kept.
    fn place(&mut self, unit: usize) -> usize {
        if self.places[unit] != NONE {
            return self.places[unit] as usize;
        }
        let place = if self.owners.len() < self.room {
            self.owners.push(unit as u32);
            self.rows.push(Aligned::new(self.stride));
            self.owners.len() - 1
        } else {
            let place = self.oldest;
            self.oldest = (place + 1) % self.room;
            let before = std::mem::replace(&mut self.owners[place], unit as u32);
            self.places[before as usize] = NONE;
            place
        };
        self.places[unit] = place as u32;
        let signs = self.signs.get_or_init(|| self.memories.signs());
        signs.row(unit, &mut self.rows[place], self.vectors);
        self.formed += 1;
        place
    }
}

impl Coupled for Hebb {
    fn scale(&self) -> f64 {
        self.scale
    }

    fn fields(&mut self, levels: &[u8], overlaps: &[i32], out: &mut [i32]) {
        let count = self.memories.count();
        self.projector.prepare(0, &overlaps[..count], &mut self.tables);
        self.project(0..self.projector.blocks(), levels, out);
    }

    #[inline]
    fn flip(&mut self, unit: usize, up: bool, doubled: &mut [i32]) {
        let place = self.place(unit);
        row::add(doubled, &self.rows[place], up, self.vectors);
    }

    /// Few flips one by one, many by the change of the overlaps.
    fn flip_all(&mut self, flips: &[u32], levels: &[u8], change: &[i32], doubled: &mut [i32]) {
        if flips.len() < FEW {
            for unit in flips {
                self.flip(*unit as usize, levels[*unit as usize] == 1, doubled);
            }
            return;
        }
        // Every entry of the change is twice an integer; smaller tables are faster.
        let halves: Vec<i32> = change[..self.memories.count()].iter().map(|sum| sum / 2).collect();
        self.changes.fill(0);
        self.projector.project(&halves, &mut self.tables, &mut self.changes);
        for (field, change) in doubled.iter_mut().zip(&self.changes) {
            *field += 4 * change;
        }
        let own = 4 * self.memories.count() as i32;
        for &unit in flips {
            let unit = unit as usize;
            doubled[unit] -= if levels[unit] == 1 { own } else { -own };
        }
    }

    /// Σ_μ M_μ² − pN.
    fn aligned(&self, fields: impl Iterator<Item = (i64, i64)>, overlaps: &[i32]) -> i64 {
        drop(fields);
        let count = self.memories.count();
        let squares: i64 = overlaps[..count].iter().map(|m| i64::from(*m) * i64::from(*m)).sum();
        squares - count as i64 * self.memories.neurons() as i64
    }

    fn is_symmetric(&self) -> bool {
        true
    }
}
