//! Rows of couplings as they are kept: some tens to a piece of memory, so that a place is found without a table
//! of all rows.

use crate::kernel::Aligned;

/// Bytes of a piece, about.
const PIECE: usize = 1 << 16;

/// Rows of equal length.
#[derive(Debug, Clone)]
pub(super) struct Store<E: Copy + Default> {
    length: usize,
    /// Rows of a piece are 2 to this.
    shift: u32,
    pieces: Vec<Aligned<E>>,
}

impl<E: Copy + Default> Store<E> {
    /// No rows yet.
    pub(super) fn new(length: usize) -> Self {
        let together = PIECE / (length * size_of::<E>()).max(1);
        Self { length, shift: together.max(1).ilog2(), pieces: Vec::new() }
    }

    /// The piece of row k, and where the row begins in it.
    #[inline]
    fn place(&self, k: usize) -> (usize, usize) {
        (k >> self.shift, (k & ((1 << self.shift) - 1)) * self.length)
    }

    /// Row k; it has been written.
    #[inline]
    pub(super) fn row(&self, k: usize) -> &[E] {
        let (piece, first) = self.place(k);
        &self.pieces[piece][first..first + self.length]
    }

    /// Room for row k.
    pub(super) fn row_mut(&mut self, k: usize) -> &mut [E] {
        let (piece, first) = self.place(k);
        while self.pieces.len() <= piece {
            self.pieces.push(Aligned::new(self.length << self.shift));
        }
        &mut self.pieces[piece][first..first + self.length]
    }
}
