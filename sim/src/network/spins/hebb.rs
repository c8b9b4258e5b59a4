//! Hebb couplings: rows of the coupling matrix are formed when a unit first flips, and kept.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use mattis_simd::Vectors;

use super::store::Store;
use super::{Cache, Coupled};
use crate::SimError;
use crate::error::check_memory;
use crate::kernel::overlap::Flip;
use crate::kernel::projection::{Projector, Tables};
use crate::kernel::row::{self, MOST_MEMORIES, Signs};
use crate::network::Memories;

/// Bytes of rows that a network keeps.
const KEPT: usize = 48 << 20;
/// No row is kept of this unit.
const NONE: u32 = u32::MAX;

/// Rows that are kept: of 8 bits as long as every one fits.
#[derive(Debug, Clone)]
enum Rows {
    Narrow(Store<i8>),
    Wide(Store<i16>),
}

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
    vectors: Vectors,
    scale: f64,
    /// Where the row of each unit is.
    places: Vec<u32>,
    owners: Vec<u32>,
    rows: Rows,
    /// The largest magnitude in any row of 8 bits.
    largest: i16,
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
        Self::check(neurons, count)?;
        let projector = Arc::new(Projector::new(&memories, vectors)?);
        let stride = row::stride(neurons);
        let room = (KEPT / stride).max(1);
        Ok(Self {
            scale: 1.0 / neurons as f64,
            places: vec![NONE; neurons],
            owners: Vec::new(),
            largest: 0,
            rows: Rows::Narrow(Store::new(stride)),
            oldest: 0,
            room,
            formed: 0,
            memories,
            signs: Arc::new(OnceLock::new()),
            stride,
            projector,
            tables: Tables::new(),
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

    /// The numbers of groups of 64 units by the tables made last; levels and numbers of these units.
    pub(super) fn project(&self, groups: Range<usize>, levels: &[u8], out: &mut [i32]) {
        let (count, rest) = (self.memories.count() as i32, self.rest());
        for (number, level) in out.iter_mut().zip(levels) {
            *number = if *level == 1 { -count - rest } else { count - rest };
        }
        self.projector.add(&self.tables, groups, out);
        for number in out {
            *number /= 2;
        }
    }

    /// The largest number of rows that are kept.
    pub(super) fn room(&self) -> usize {
        self.room
    }

    /// The bytes that two replicas take beside their memories, at most.
    ///
    /// # Errors
    /// If one table would not fit in memory.
    pub fn check(neurons: usize, memories: usize) -> Result<u128, SimError> {
        let signs = Signs::bytes(neurons, memories);
        check_memory(format!("signs of {memories} memories of {neurons} units"), signs)?;
        let rows = (row::stride(neurons) as u128 * neurons as u128).min(KEPT as u128);
        // With the index of the projection, six memories to a byte, and levels, fields, words, flips of each replica.
        Ok(signs + neurons as u128 * memories.div_ceil(6) as u128 + 2 * (rows + 32 * neurons as u128))
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
            self.owners.len() - 1
        } else {
            let place = self.oldest;
            self.oldest = (place + 1) % self.room;
            let before = std::mem::replace(&mut self.owners[place], unit as u32);
            self.places[before as usize] = NONE;
            place
        };
        self.formed += 1;
        let signs = self.signs.get_or_init(|| self.memories.signs());
        match &mut self.rows {
            Rows::Narrow(rows) => {
                let largest = signs.row(unit, rows.row_mut(place), self.vectors);
                if largest > i16::from(i8::MAX) {
                    self.widen();
                    return self.place(unit);
                }
                self.largest = self.largest.max(largest);
            }
            Rows::Wide(rows) => _ = signs.row(unit, rows.row_mut(place), self.vectors),
        }
        self.places[unit] = place as u32;
        place
    }

    /// Rows of 16 bits from now on; those of 8 bits are forgotten.
    fn widen(&mut self) {
        self.rows = Rows::Wide(Store::new(self.stride));
        self.owners.clear();
        self.places.fill(NONE);
        self.oldest = 0;
        self.room = (self.room / 2).max(1);
    }
}

impl Coupled for Hebb {
    fn scale(&self) -> f64 {
        self.scale
    }

    /// Σ_j ξ_i·ξ_j s_j over p (N − 1) terms ±1.
    fn step(&self) -> i32 {
        2
    }

    fn rest(&self) -> i32 {
        (self.memories.count() * (self.memories.neurons() - 1) % 2) as i32
    }

    fn fill(&mut self, levels: &[u8], overlaps: &[i32], cache: &mut Cache) {
        self.prepare(overlaps);
        self.project(0..self.projector.blocks(), levels, &mut cache.wide()[..levels.len()]);
        if matches!(self.rows, Rows::Narrow(_)) {
            cache.try_narrow(levels.len());
        }
    }

    #[inline]
    fn flip(&mut self, unit: usize, up: bool, cache: &mut Cache) {
        let place = self.place(unit);
        if let Rows::Narrow(rows) = &self.rows {
            if let Some(numbers) = cache.narrow(self.memories.neurons(), self.largest) {
                return row::add(numbers, rows.row(place), up, self.vectors);
            }
            self.widen();
        }
        let place = self.place(unit);
        if let Rows::Wide(rows) = &self.rows {
            row::add(cache.wide(), rows.row(place), up, self.vectors);
        }
    }

    /// All at once, by the change of the overlaps.
    fn flip_all(&mut self, flips: &[Flip], change: &[i32], cache: &mut Cache) {
        // Every entry of the change is even.
        let halves: Vec<i32> = change[..self.memories.count()].iter().map(|sum| sum / 2).collect();
        let neurons = self.memories.neurons();
        let numbers = &mut cache.wide()[..neurons];
        self.projector.project(&halves, &mut self.tables, numbers);
        let own = self.memories.count() as i32;
        for Flip { unit, up } in flips {
            numbers[*unit as usize] -= if *up { own } else { -own };
        }
    }

    /// Σ_μ M_μ² − pN.
    fn aligned(&self, products: impl Iterator<Item = i64>, overlaps: &[i32]) -> i64 {
        drop(products);
        let count = self.memories.count();
        let squares: i64 = overlaps[..count].iter().map(|m| i64::from(*m) * i64::from(*m)).sum();
        squares - count as i64 * self.memories.neurons() as i64
    }

    fn is_symmetric(&self) -> bool {
        true
    }
}
