//! Partial sums of integer overlaps, so that a field is a sum of table entries.
//!
//! The memories are cut into groups of four. For each of the 16 sign patterns x of a group there is the
//! entry Σ_k ±M_k with the signs of x; a unit finds its own signs in its packed row, four bits at a time.

/// Entries per 64-bit word of a row: 16 groups of 16 sign patterns.
const WORD: usize = 256;
type Row = [i32; 16];

/// ξ·ξ′ of two sign patterns in the lowest `width` components.
fn products(width: usize) -> [Row; 16] {
    let mut out = [[0; 16]; 16];
    for (a, row) in out.iter_mut().enumerate() {
        for (b, entry) in row.iter_mut().enumerate() {
            let different = ((a ^ b) & ((1 << width) - 1)).count_ones();
            *entry = width as i32 - 2 * different as i32;
        }
    }
    out
}

/// Integer overlaps M_μ = Σ_i ξ_i^μ ℓ_i of `count` memories, held as partial sums.
#[derive(Debug, Clone)]
pub(super) struct OverlapTables {
    count: usize,
    entries: Vec<i32>,
    /// Changes of a group when a unit moves by 1, 2, … quanta.
    steps: Vec<[Row; 16]>,
    /// Signs of the last, incomplete group.
    rest: [Row; 16],
}

impl OverlapTables {
    /// All overlaps 0; `largest` is the largest change of a unit in quanta.
    pub(super) fn new(count: usize, largest: i32) -> Self {
        let full = products(4);
        let steps = (1..=largest).map(|step| full.map(|row| row.map(|entry| step * entry))).collect();
        Self { count, entries: vec![0; count.div_ceil(64) * WORD], steps, rest: products(count % 4) }
    }

    /// Partial sums of given overlaps.
    pub(super) fn of(overlaps: &[i32], largest: i32) -> Self {
        let mut out = Self::new(overlaps.len(), largest);
        let (groups, _) = out.entries.as_chunks_mut::<16>();
        for (group, sums) in groups.iter_mut().zip(overlaps.chunks(4)) {
            for (x, entry) in group.iter_mut().enumerate() {
                let signed = |(k, sum): (usize, &i32)| if x >> k & 1 == 1 { *sum } else { -sum };
                *entry = sums.iter().enumerate().map(signed).sum();
            }
        }
        out
    }

    /// Adds `change` quanta on a unit with this row of signs.
    pub(super) fn shift(&mut self, row: &[u64], change: i32) {
        if change == 0 {
            return;
        }
        // The complement of a sign pattern has the opposite products.
        let flip = if change < 0 { u64::MAX } else { 0 };
        let step = &self.steps[change.unsigned_abs() as usize - 1];
        let (groups, _) = self.entries.as_chunks_mut::<16>();
        let complete = self.count / 4;
        for (block, word) in groups[..complete].chunks_mut(16).zip(row) {
            let mut signs = word ^ flip;
            for group in block {
                let add = &step[(signs & 15) as usize];
                for (entry, change) in group.iter_mut().zip(add) {
                    *entry += change;
                }
                signs >>= 4;
            }
        }
        if !self.count.is_multiple_of(4) {
            let signs = row[complete / 16] >> (4 * (complete % 16));
            let add = &self.rest[(signs & 15) as usize];
            for (entry, product) in groups[complete].iter_mut().zip(add) {
                *entry += change * product;
            }
        }
    }

    /// Σ_μ ξ^μ M_μ for a row of signs.
    #[inline]
    pub(super) fn project(&self, row: &[u64]) -> i64 {
        let (blocks, _) = self.entries.as_chunks::<WORD>();
        row.iter().zip(blocks).map(|(word, block)| i64::from(project_word(*word, block))).sum()
    }

    /// M_μ.
    pub(super) fn overlap(&self, memory: usize) -> i32 {
        let group = &self.entries[memory / 4 * 16..];
        (group[1 << (memory % 4)] - group[0]) / 2
    }

    /// Number of overlaps.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The same partial sums for eight memories at a time, of one word of the rows.
    pub(super) fn widen(&self, word: usize, out: &mut [i32; 8 * 256]) {
        let block = &self.entries[word * WORD..(word + 1) * WORD];
        let (wide, _) = out.as_chunks_mut::<256>();
        for (table, pair) in wide.iter_mut().zip(block.chunks(32)) {
            for (x, entry) in table.iter_mut().enumerate() {
                *entry = pair[x & 15] + pair[16 + (x >> 4)];
            }
        }
    }
}

#[inline]
fn project_word(word: u64, block: &[i32; WORD]) -> i32 {
    let mut sums = [0; 2];
    for (k, byte) in word.to_le_bytes().into_iter().enumerate() {
        sums[0] += block[32 * k + usize::from(byte & 15)];
        sums[1] += block[32 * k + 16 + usize::from(byte >> 4)];
    }
    sums[0] + sums[1]
}
