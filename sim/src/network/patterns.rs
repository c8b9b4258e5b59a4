//! Hebb couplings without a matrix: fields from integer overlaps with bit-packed memories.

use std::sync::Arc;

use mattis_model::address::Purpose;
use mattis_model::{SpecError, Unit, Unsupported};
use mattis_simd::Vectors;

use super::tables::OverlapTables;
use super::{Network, Quantised, levels_of};
use crate::SimError;
use crate::error::check_memory;
use crate::kernel::row::Signs;
use crate::kernel::transpose::transpose;
use crate::kernel::{overlap, pack};
use crate::random::Source;

/// ±1 memories, one bit per component; the components of one unit stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memories {
    neurons: usize,
    count: usize,
    words: usize,
    rows: Vec<u64>,
}

impl Memories {
    /// Draws memories: component i of memory μ is bit i mod 64 of word ⌊i/64⌋ of the stream of μ, so more
    /// memories keep the old ones.
    ///
    /// # Errors
    /// If they do not fit in memory.
    pub fn draw(neurons: usize, count: usize, source: Source) -> Result<Self, SimError> {
        let mut out = Self::blank(neurons, count)?;
        let mut streams: Vec<_> =
            (0..count).map(|memory| source.stream(Purpose::Patterns, 0, memory as u64)).collect();
        for block in 0..neurons.div_ceil(64) {
            for (word, streams) in streams.chunks_mut(64).enumerate() {
                let mut bits = [0; 64];
                for (bits, stream) in bits.iter_mut().zip(streams) {
                    *bits = stream.next().unwrap_or(0);
                }
                transpose(&mut bits);
                out.put(block, word, &bits);
            }
        }
        Ok(out)
    }

    /// Memories given as ±1, ξ_i^μ at place i p + μ; what is not negative counts as +1.
    ///
    /// # Errors
    /// If there are not N p of them, or they do not fit in memory.
    pub fn from_signs(neurons: usize, count: usize, signs: &[i8]) -> Result<Self, SimError> {
        if neurons.checked_mul(count) != Some(signs.len()) {
            let expected = format!("{count} for each of {neurons} units");
            return Err(SpecError::out_of_range("number of components", signs.len(), expected).into());
        }
        let mut out = Self::blank(neurons, count)?;
        let vectors = Vectors::best();
        if count > 0 {
            for (row, signs) in out.rows.chunks_exact_mut(out.words).zip(signs.chunks_exact(count)) {
                pack::signs(signs, row, vectors);
            }
        }
        Ok(out)
    }

    /// Memories given by a function (memory, unit) → whether the component is +1.
    ///
    /// # Errors
    /// If they do not fit in memory.
    pub fn given(
        neurons: usize,
        count: usize,
        positive: impl Fn(usize, usize) -> bool,
    ) -> Result<Self, SimError> {
        let mut out = Self::blank(neurons, count)?;
        for site in 0..neurons {
            for memory in 0..count {
                if positive(memory, site) {
                    out.rows[site * out.words + memory / 64] |= 1 << (memory % 64);
                }
            }
        }
        Ok(out)
    }

    fn blank(neurons: usize, count: usize) -> Result<Self, SimError> {
        let words = count.div_ceil(64);
        let bytes = 8 * neurons as u128 * words as u128;
        check_memory(format!("{count} memories of {neurons} units"), bytes)?;
        Ok(Self { neurons, count, words, rows: vec![0; neurons * words] })
    }

    /// Number of units N.
    pub fn neurons(&self) -> usize {
        self.neurons
    }

    /// Number of memories p.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether ξ_i^μ = +1.
    pub fn is_positive(&self, memory: usize, site: usize) -> bool {
        (self.rows[site * self.words + memory / 64] >> (memory % 64)) & 1 == 1
    }

    /// ξ_i^μ.
    pub fn component(&self, memory: usize, site: usize) -> f64 {
        if self.is_positive(memory, site) { 1.0 } else { -1.0 }
    }

    /// Σ_μ ξ_i^μ ξ_j^μ.
    pub fn correlation(&self, i: usize, j: usize) -> i64 {
        self.count as i64 - 2 * self.distance(i, j) as i64
    }

    /// Number of memories in which two units differ.
    pub fn distance(&self, i: usize, j: usize) -> usize {
        self.row(i).iter().zip(self.row(j)).map(|(a, b)| (a ^ b).count_ones() as usize).sum()
    }

    /// The signs of one memory after the other: bit i mod 64 of word ⌊i/64⌋ of a memory is its component i.
    pub(crate) fn columns(&self) -> Vec<u64> {
        let blocks = self.neurons.div_ceil(64);
        let mut out = vec![0; self.count * blocks];
        for block in 0..blocks {
            for word in 0..self.words {
                let mut bits = [0; 64];
                for (bits, site) in bits.iter_mut().zip(64 * block..self.neurons) {
                    *bits = self.rows[site * self.words + word];
                }
                transpose(&mut bits);
                for (bits, memory) in bits.into_iter().zip(64 * word..self.count) {
                    out[memory * blocks + block] = bits;
                }
            }
        }
        out
    }

    /// Puts a word of the rows of 64 units.
    fn put(&mut self, block: usize, word: usize, bits: &[u64; 64]) {
        for (bits, site) in bits.iter().zip(64 * block..self.neurons) {
            self.rows[site * self.words + word] = *bits;
        }
    }

    /// The signs of one unit in all memories, 64 to a word.
    pub(crate) fn row(&self, site: usize) -> &[u64] {
        &self.rows[site * self.words..(site + 1) * self.words]
    }

    /// Words in the row of a unit.
    pub(crate) fn words(&self) -> usize {
        self.words
    }

    /// The rows of all units.
    pub(crate) fn rows(&self) -> &[u64] {
        &self.rows
    }

    /// The signs as the kernel of rows wants them.
    pub(crate) fn signs(&self) -> Signs {
        Signs::new(&self.rows, self.neurons, self.count)
    }

    /// Σ_i ξ_i^μ s_i of ±1 units on these levels, 64 places for each word.
    pub(crate) fn overlaps_with(&self, levels: &[u8], vectors: Vectors) -> Vec<i32> {
        overlap::of_state(&self.rows, self.words, levels, vectors)
    }
}

/// J_ij = (1/N) Σ_μ ξ_i^μ ξ_j^μ in O(p) integer operations per field.
///
/// With s = ε ℓ, ε the quantum of the levels: Σ_{j≠i} J_ij s_j = (ε/N)(Σ_μ ξ_i^μ M_μ − p ℓ_i),
/// M_μ = Σ_i ξ_i^μ ℓ_i.
#[derive(Debug, Clone)]
pub struct PatternNetwork {
    memories: Arc<Memories>,
    levels: Vec<f64>,
    quantised: Quantised,
    scale: f64,
    states: Vec<u8>,
    tables: OverlapTables,
    sums: Vec<i64>,
}

impl PatternNetwork {
    /// A network with every unit on its lowest level.
    ///
    /// # Errors
    /// If the levels of the unit are not multiples of a common quantum, or N is too large for 32-bit
    /// partial sums.
    pub fn new(memories: Arc<Memories>, unit: &Unit) -> Result<Self, SimError> {
        let levels = levels_of(unit)?;
        let refuse = |because: &str, nearest: &str| {
            Unsupported::new(format!("unit `{unit}`"), "the network of patterns", because, nearest)
        };
        let quantised = Quantised::new(&levels).ok_or_else(|| {
            refuse(
                "its levels are not multiples of a common quantum",
                "the dense network, or commensurate levels",
            )
        })?;
        let neurons = memories.neurons();
        if neurons as u128 * u128::from(quantised.largest().unsigned_abs()) > 1 << 24 {
            return Err(refuse("overlaps must fit in 32-bit sums", "at most 2^24 units and levels").into());
        }
        let lowest = quantised.multiples.iter().min().copied().unwrap_or(0);
        let highest = quantised.multiples.iter().max().copied().unwrap_or(0);
        let largest = (highest - lowest).max(quantised.largest());
        let mut tables = OverlapTables::new(memories.count(), largest);
        for site in 0..neurons {
            tables.shift(memories.row(site), quantised.multiples[0]);
        }
        let scale = quantised.quantum / neurons as f64;
        Ok(Self {
            memories,
            levels,
            quantised,
            scale,
            states: vec![0; neurons],
            tables,
            sums: vec![0; neurons],
        })
    }

    /// The field in units of ε/N: Σ_μ ξ_i^μ M_μ − p ℓ_i.
    #[inline]
    pub fn integer_field(&self, site: usize) -> i64 {
        let own = self.quantised.multiples[usize::from(self.states[site])];
        self.tables.project(self.memories.row(site)) - self.tables.count() as i64 * i64::from(own)
    }

    /// M_μ = Σ_i ξ_i^μ ℓ_i.
    pub fn integer_overlap(&self, memory: usize) -> i64 {
        i64::from(self.tables.overlap(memory))
    }

    /// The memories.
    pub fn patterns(&self) -> &Arc<Memories> {
        &self.memories
    }
}

impl Network for PatternNetwork {
    fn levels(&self) -> &[f64] {
        &self.levels
    }

    fn states(&self) -> &[u8] {
        &self.states
    }

    #[inline]
    fn field(&self, site: usize) -> f64 {
        self.integer_field(site) as f64 * self.scale
    }

    fn fields(&mut self, out: &mut [f64]) {
        let mut wide = [0; 8 * 256];
        self.sums.fill(0);
        for word in 0..self.memories.words {
            self.tables.widen(word, &mut wide);
            for (sum, row) in self.sums.iter_mut().zip(self.memories.rows.chunks_exact(self.memories.words)) {
                let mut part = 0;
                for (byte, table) in row[word].to_le_bytes().into_iter().zip(wide.as_chunks::<256>().0) {
                    part += table[usize::from(byte)];
                }
                *sum += i64::from(part);
            }
        }
        let count = self.tables.count() as i64;
        for ((field, sum), state) in out.iter_mut().zip(&self.sums).zip(&self.states) {
            let own = i64::from(self.quantised.multiples[usize::from(*state)]);
            *field = (sum - count * own) as f64 * self.scale;
        }
    }

    #[inline]
    fn set(&mut self, site: usize, level: u8) {
        let multiples = &self.quantised.multiples;
        let change = multiples[usize::from(level)] - multiples[usize::from(self.states[site])];
        self.states[site] = level;
        self.tables.shift(self.memories.row(site), change);
    }

    fn coupling_energy(&self) -> f64 {
        let square = |x: i64| i128::from(x) * i128::from(x);
        let condensed: i128 =
            (0..self.tables.count()).map(|memory| square(self.integer_overlap(memory))).sum();
        let own: i128 = self
            .states
            .iter()
            .map(|state| square(self.quantised.multiples[usize::from(*state)].into()))
            .sum();
        let twice = condensed - self.tables.count() as i128 * own;
        -0.5 * twice as f64 * self.scale * self.quantised.quantum
    }

    fn memories(&self) -> usize {
        self.memories.count()
    }

    fn overlaps(&self, out: &mut [f64]) {
        for (memory, overlap) in out.iter_mut().enumerate() {
            *overlap = f64::from(self.tables.overlap(memory)) * self.scale;
        }
    }
}
