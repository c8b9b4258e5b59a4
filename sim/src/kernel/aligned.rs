//! Vectors that begin with a cache line, so that no load or store of a kernel touches two of them.

use std::ops::{Deref, DerefMut};

/// Bytes of a cache line.
const LINE: usize = 64;

/// A fixed number of values that begin with a cache line.
#[derive(Debug)]
pub struct Aligned<T> {
    values: Vec<T>,
    first: usize,
    length: usize,
}

impl<T: Copy + Default> Aligned<T> {
    /// So many values of the type's default.
    pub fn new(length: usize) -> Self {
        let values = vec![T::default(); length + LINE / size_of::<T>().max(1)];
        // Where nothing can be said about addresses, any place serves.
        let first = values.as_ptr().align_offset(LINE).min(values.len() - length);
        Self { values, first, length }
    }
}

impl<T> Deref for Aligned<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        &self.values[self.first..self.first + self.length]
    }
}

impl<T> DerefMut for Aligned<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.values[self.first..self.first + self.length]
    }
}

impl<T: Copy + Default> Clone for Aligned<T> {
    fn clone(&self) -> Self {
        let mut out = Self::new(self.length);
        out.copy_from_slice(self);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_begin_with_a_line_too() {
        for length in [0, 1, 100, 4097] {
            let mut values = Aligned::<i16>::new(length);
            values.fill(3);
            let copy = values.clone();
            assert_eq!((copy.len(), values[..] == copy[..]), (length, true));
            assert_eq!((values.as_ptr().align_offset(LINE), copy.as_ptr().align_offset(LINE)), (0, 0));
        }
    }
}
